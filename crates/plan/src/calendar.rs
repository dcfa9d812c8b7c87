//! Dates and times of the Gregorian calendar, which Spark 3 and newer carry on before its start, in UTC.
//!
//! A date is the number of days since 1970-01-01, a timestamp the number of microseconds. Texts are read as Spark casts
//! them.

use crate::zones::Zone;

/// The microseconds of a day.
pub(crate) const DAY: i64 = 86_400_000_000;

/// The dates that Java's calendar reaches in years of six digits.
const MOST_YEAR: i64 = 999_999;

/// A day of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Civil {
    pub(crate) year: i64,
    pub(crate) month: u32,
    pub(crate) day: u32,
}

impl Civil {
    /// The day that is so many days behind 1970-01-01.
    pub(crate) fn of(days: i32) -> Civil {
        let days = i64::from(days) + 719_468;
        let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
        let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year + year / 4 - year / 100);
        // Months are counted from March.
        let shifted = (5 * of_year + 2) / 153;
        let day = (of_year - (153 * shifted + 2) / 5 + 1) as u32;
        let month = if shifted < 10 { shifted + 3 } else { shifted - 9 } as u32;
        Civil { year: year + era * 400 + i64::from(month <= 2), month, day }
    }

    /// The days since 1970-01-01, if there is such a day.
    pub(crate) fn days(self) -> Option<i32> {
        let there =
            (1..=12).contains(&self.month) && (1..=month_days(self.year, self.month)).contains(&self.day);
        if !there || self.year.abs() > 10 * MOST_YEAR {
            return None;
        }
        i32::try_from(self.count()).ok()
    }

    /// The days since 1970-01-01 of a day that there is, also where they are more than 32 bits.
    pub(crate) fn count(self) -> i64 {
        let year = self.year - i64::from(self.month <= 2);
        let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
        let shifted = i64::from((self.month + 9) % 12);
        let of_year = (153 * shifted + 2) / 5 + i64::from(self.day) - 1;
        let of_era = of_era * 365 + of_era / 4 - of_era / 100 + of_year;
        era * 146_097 + of_era - 719_468
    }
}

/// How many days a month has.
pub(crate) fn month_days(year: i64, month: u32) -> u32 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// A date as Spark writes it.
pub fn show_date(days: i32) -> String {
    let Civil { year, month, day } = Civil::of(days);
    let sign = match year {
        10_000.. => "+",
        0.. => "",
        _ => "-",
    };
    format!("{sign}{:04}-{month:02}-{day:02}", year.abs())
}

/// A timestamp as Spark writes it.
pub fn show_timestamp(micros: i64) -> String {
    let (days, time) = (micros.div_euclid(DAY), micros.rem_euclid(DAY));
    let (seconds, rest) = (time / 1_000_000, time % 1_000_000);
    let date = show_date(days as i32);
    let shown = format!("{date} {:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    match rest {
        0 => shown,
        rest => format!("{shown}.{}", format!("{rest:06}").trim_end_matches('0')),
    }
}

/// A timestamp by ISO 8601, as `2024-01-31T12:00:00Z`.
pub fn show_instant(micros: i64) -> String {
    show_local(micros) + "Z"
}

/// A timestamp without a zone by ISO 8601, as `2024-01-31T12:00:00`.
pub fn show_local(micros: i64) -> String {
    show_timestamp(micros).replacen(' ', "T", 1)
}

/// Reads a date: `2020-1-31`, `2020-01` or `2020`, and nothing else but what stands behind a blank or `T`.
pub fn read_date(text: &str) -> Option<i32> {
    let text = trimmed(text);
    let (sign, rest) = signed(text);
    let (date, more) = match rest.find([' ', 'T']) {
        Some(at) => (&rest[..at], true),
        None => (rest, false),
    };
    let parts: Vec<&str> = date.split('-').collect();
    if parts.len() > 3 || more && parts.len() < 3 {
        return None;
    }
    let year = number(parts.first()?, 4, 7)?;
    let part = |at: usize| parts.get(at).map_or(Some(1), |part| number(part, 1, 2));
    Civil { year: sign * year, month: part(1)? as u32, day: part(2)? as u32 }.days()
}

/// A text that is no timestamp, or that is one only where the day is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoTimestamp {
    /// It is none.
    Never,
    /// It has no date.
    Undated,
}

/// Reads a timestamp without a zone: one that stands behind the time does not matter, if there is such a zone.
pub fn read_timestamp_ntz(text: &str) -> Option<i64> {
    let (local, zone) = local_time(text).ok()?;
    (zone.is_empty() || Zone::of(zone).is_some()).then_some(local)
}

/// Reads a timestamp: a date as [`read_date`] does, then perhaps `T` or a blank, a time, and a time zone if it is
/// not in UTC.
pub fn read_timestamp(text: &str) -> Result<i64, NoTimestamp> {
    match local_time(text)? {
        (local, "") => Ok(local),
        (local, zone) => Zone::of(zone).and_then(|zone| zone.utc(local)).ok_or(NoTimestamp::Never),
    }
}

/// What calendar and clock show, and the zone behind it.
fn local_time(text: &str) -> Result<(i64, &str), NoTimestamp> {
    let text = trimmed(text);
    let (sign, rest) = signed(text);
    let (date, time) = match rest.find([' ', 'T']) {
        Some(0) if rest.starts_with('T') && is_time(&rest[1..]) => return Err(NoTimestamp::Undated),
        Some(at) => (&rest[..at], Some(&rest[at + 1..])),
        None if text == rest && is_time(rest) => return Err(NoTimestamp::Undated),
        None => (rest, None),
    };
    let days = date_of(sign, date, time.is_some()).ok_or(NoTimestamp::Never)?;
    // The first day of 64 bits begins before them.
    let at = |micros: i64| i64::try_from(i128::from(days) * i128::from(DAY) + i128::from(micros));
    let Some(time) = time else { return at(0).map(|local| (local, "")).map_err(|_| NoTimestamp::Never) };
    let (micros, zone) = time_of(time).ok_or(NoTimestamp::Never)?;
    at(micros).map(|local| (local, zone.trim())).map_err(|_| NoTimestamp::Never)
}

/// Reads a time of day as `12:34:56.789`: the microseconds since midnight.
pub fn read_time(text: &str) -> Option<i64> {
    let text = trimmed(text);
    let text = text.strip_prefix('T').unwrap_or(text);
    let (micros, rest) = time_of(text)?;
    (text.contains(':') && rest.is_empty()).then_some(micros)
}

fn date_of(sign: i64, date: &str, whole: bool) -> Option<i32> {
    let parts: Vec<&str> = date.split('-').collect();
    if parts.len() > 3 || whole && parts.len() < 3 {
        return None;
    }
    let year = number(parts.first()?, 4, 6)?;
    let part = |at: usize| parts.get(at).map_or(Some(1), |part| number(part, 1, 2));
    Civil { year: sign * year, month: part(1)? as u32, day: part(2)? as u32 }.days()
}

/// The microseconds since midnight, and the zone that follows.
fn time_of(text: &str) -> Option<(i64, &str)> {
    let mut rest = text;
    let mut parts = [0_i64; 3];
    for (at, part) in parts.iter_mut().enumerate() {
        let end = rest.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(rest.len());
        *part = number(&rest[..end], 1, 2)?;
        rest = &rest[end..];
        match rest.strip_prefix(':') {
            Some(more) if at < 2 => rest = more,
            _ if rest.is_empty() => break,
            _ if at == 2 => break,
            _ => return None,
        }
    }
    let mut micros = 0;
    if let Some(more) = rest.strip_prefix('.') {
        let end = more.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(more.len());
        let digits = &more[..end.min(6)];
        micros = format!("{digits:0<6}").parse().ok()?;
        rest = &more[end..];
    }
    let [hours, minutes, seconds] = parts;
    let there = hours < 24 && minutes < 60 && seconds < 60;
    there.then_some(((hours * 3600 + minutes * 60 + seconds) * 1_000_000 + micros, rest))
}

fn is_time(text: &str) -> bool {
    text.contains(':') && time_of(text).is_some()
}

fn trimmed(text: &str) -> &str {
    text.trim_matches(|letter: char| letter <= ' ' || letter == '\x7f')
}

fn signed(text: &str) -> (i64, &str) {
    match text.as_bytes().first() {
        Some(b'-') => (-1, &text[1..]),
        Some(b'+') => (1, &text[1..]),
        _ => (1, text),
    }
}

/// A number of so many digits.
fn number(text: &str, least: usize, most: usize) -> Option<i64> {
    let digits = (least..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    if digits { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_reads_back() {
        for days in (-1_000_000..3_000_000).step_by(97).chain([0, -1, 11_016, i32::MAX / 2]) {
            assert_eq!(Civil::of(days).days(), Some(days));
            if Civil::of(days).year >= 0 {
                assert_eq!(read_date(&show_date(days)), Some(days), "{}", show_date(days));
            }
        }
        assert_eq!((show_date(0), show_date(-719_529)), ("1970-01-01".to_owned(), "-0001-12-31".to_owned()));
        assert_eq!(Civil { year: 2021, month: 2, day: 29 }.days(), None);
    }

    #[test]
    fn texts_are_read_as_spark_casts_them() {
        assert_eq!(
            (read_date(" 1970-1-2 "), read_date("1970-01"), read_date("1970")),
            (Some(1), Some(0), Some(0))
        );
        assert_eq!((read_date("1970-01-02 x"), read_date("1970-01-02Tx")), (Some(1), Some(1)));
        for wrong in ["", "70-01-01", "1970-13-01", "1970-01-01x", "1970-01-01-", "é", "-", "+-1970"] {
            assert!(read_date(wrong).is_none(), "{wrong}");
        }
        let second = 1_000_000;
        assert_eq!(read_timestamp("1970-01-01T00:01"), Ok(60 * second));
        assert_eq!(read_timestamp("1970-01-01 00:00:01.25+01:00"), Ok(-3599 * second + 250_000));
        assert_eq!(read_timestamp("1970-01-01 00:00:01 GMT-1"), Ok(3601 * second));
        assert_eq!(read_timestamp("12:34:56"), Err(NoTimestamp::Undated));
        assert_eq!(read_timestamp("1970-01-01 00:00:00 Europe/Paris"), Ok(-3600 * second));
        assert_eq!(read_timestamp("1970-01-01 00:00:00 Nowhere"), Err(NoTimestamp::Never));
        assert_eq!(read_timestamp_ntz("1970-01-01 00:00:01 Europe/Paris"), Some(second));
        assert_eq!(
            (read_timestamp_ntz("1970-01-01 00:00 Nowhere"), read_timestamp_ntz("12:34:56")),
            (None, None)
        );
        assert_eq!(
            (read_time(" 0:1:2.5 "), read_time("T23:59")),
            (Some(62_500_000), Some(DAY - 60 * second))
        );
        assert!(["12", "24:00", "1:2Z", "1:2:60", ""].iter().all(|text| read_time(text).is_none()));
        assert_eq!(read_timestamp("1970-01-01 24:00:00"), Err(NoTimestamp::Never));
        assert_eq!(read_timestamp("999999-01-01"), Err(NoTimestamp::Never));
        assert_eq!(read_timestamp("-290308-12-21 19:59:05.224192"), Ok(i64::MIN));
        assert_eq!(read_timestamp("-290308-12-21"), Err(NoTimestamp::Never));
        assert_eq!(show_timestamp(-1), "1969-12-31 23:59:59.999999");
    }
}
