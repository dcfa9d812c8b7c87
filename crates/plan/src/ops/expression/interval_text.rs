//! Intervals as texts: as Spark shows them, and as it reads them.

use super::interval_type::{CalendarInterval, IntervalType, IntervalUnit, IntervalUnits};

/// The microseconds of a second, a minute and an hour.
const SECOND: i128 = 1_000_000;
const MINUTE: i128 = 60 * SECOND;
const HOUR: i128 = 60 * MINUTE;

/// An interval as Spark casts it to a text.
pub(super) fn show(value: i128, of: IntervalType) -> String {
    let (units, text) = match of {
        IntervalType::Calendar => return show_parts(CalendarInterval::unpacked(value)),
        IntervalType::YearMonth(units) => (units, months(value, units)),
        IntervalType::DayTime(units) => (units, time(value.abs(), units)),
    };
    let sign = if value < 0 { "-" } else { "" };
    format!("INTERVAL '{sign}{text}' {}", units.to_string().to_uppercase())
}

fn months(value: i128, units: IntervalUnits) -> String {
    let value = value.abs();
    match (units.first, units.last) {
        (_, IntervalUnit::Year) => (value / 12).to_string(),
        (IntervalUnit::Year, _) => format!("{}-{}", value / 12, value % 12),
        _ => value.to_string(),
    }
}

fn time(mut rest: i128, units: IntervalUnits) -> String {
    let mut text = String::new();
    for unit in [IntervalUnit::Day, IntervalUnit::Hour, IntervalUnit::Minute, IntervalUnit::Second] {
        if !units.has(unit) {
            continue;
        }
        if !text.is_empty() {
            text.push(if unit == IntervalUnit::Hour { ' ' } else { ':' });
        }
        let (count, left) = (rest / i128::from(unit.length()), rest % i128::from(unit.length()));
        rest = left;
        text.push_str(&match unit {
            IntervalUnit::Day => count.to_string(),
            IntervalUnit::Second => format!("{}{}", if count < 10 { "0" } else { "" }, seconds(count, left)),
            _ => format!("{count:02}"),
        });
    }
    text
}

/// Seconds without zeros at the end of their fraction.
fn seconds(whole: i128, micros: i128) -> String {
    let fraction = format!("{:06}", micros.abs());
    let fraction = fraction.trim_end_matches('0');
    if fraction.is_empty() { whole.to_string() } else { format!("{whole}.{fraction}") }
}

fn show_parts(CalendarInterval { months, days, micros }: CalendarInterval) -> String {
    let micros = i128::from(micros);
    let rest = micros % MINUTE;
    let sign = if rest < 0 { "-" } else { "" };
    let whole = [
        (i128::from(months / 12), "years"),
        (i128::from(months % 12), "months"),
        (i128::from(days), "days"),
        (micros / HOUR, "hours"),
        (micros % HOUR / MINUTE, "minutes"),
    ];
    let shown = whole.iter().filter(|(count, _)| *count != 0).map(|(count, unit)| format!("{count} {unit}"));
    let mut shown: Vec<String> = shown.collect();
    if rest != 0 || shown.is_empty() {
        let seconds = seconds(rest.abs() / SECOND, rest.abs() % SECOND);
        shown.push(format!("{sign}{seconds} seconds"));
    }
    shown.join(" ")
}

/// A text as an interval of the type; `None` if it is none.
pub(super) fn read(text: &str, of: IntervalType) -> Option<i128> {
    let trimmed = text.trim_matches(|letter: char| letter <= ' ' || letter == '\x7f');
    match of {
        IntervalType::Calendar => read_units(text).map(CalendarInterval::packed),
        IntervalType::YearMonth(units) | IntervalType::DayTime(units) => {
            let (negative, body) = unwrapped(trimmed, units)?;
            if units.first <= IntervalUnit::Month {
                read_months(body, units, negative)
            } else {
                read_time(body, units, negative)
            }
        }
    }
}

/// What stands in `INTERVAL '…' UNITS` or by itself, and whether it is below zero.
fn unwrapped(text: &str, units: IntervalUnits) -> Option<(bool, &str)> {
    let is_literal = text.get(..8).is_some_and(|word| word.eq_ignore_ascii_case("interval"));
    if !is_literal {
        return Some(signed(text));
    }
    let rest = text.get(8..)?;
    let value = rest.trim_start_matches(white);
    if value.len() == rest.len() {
        return None;
    }
    let (outer, value) = signed(value);
    let (inner, named) = value.strip_prefix('\'')?.split_once('\'')?;
    let words: Vec<&str> = named.split(white).filter(|word| !word.is_empty()).collect();
    let same = named.starts_with(white) && words.join(" ").eq_ignore_ascii_case(&units.to_string());
    let (negative, inner) = signed(inner);
    same.then_some((outer != negative, inner))
}

/// A number without its sign; Spark's pattern also takes a `|`, which is none.
fn signed(text: &str) -> (bool, &str) {
    let unsigned = text.strip_prefix(['+', '-', '|']).unwrap_or(text);
    (text.starts_with('-'), unsigned)
}

fn white(letter: char) -> bool {
    matches!(letter, ' ' | '\t'..='\r' | '\x1c'..='\x1f')
}

/// A number of at most so many digits.
fn digits(text: &str, most: usize) -> Option<i128> {
    let fits = (1..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    if fits { text.parse().ok() } else { None }
}

fn read_months(text: &str, units: IntervalUnits, negative: bool) -> Option<i128> {
    let value = match (units.first, units.last) {
        (IntervalUnit::Year, IntervalUnit::Month) => {
            let (years, months) = text.split_once('-')?;
            let months = digits(months, 18).filter(|months| *months < 12)?;
            digits(years, 18).filter(|years| *years <= i128::from(i32::MAX / 12))? * 12 + months
        }
        (_, IntervalUnit::Year) => {
            let months = digits(text, 18)? * 12;
            // The sign comes behind the check.
            i32::try_from(months).is_ok().then_some(months)?
        }
        _ => digits(text, 18)?,
    };
    Some(if negative { -value } else { value })
}

fn read_time(text: &str, units: IntervalUnits, negative: bool) -> Option<i128> {
    let most = match units.first {
        IntervalUnit::Day => 9,
        IntervalUnit::Hour => 10,
        IntervalUnit::Minute => 12,
        _ => 13,
    };
    let sign = if negative { -1 } else { 1 };
    let (first, rest) = match (units.first == units.last, units.first) {
        (true, IntervalUnit::Second) => return read_seconds(text, negative),
        (true, _) => (text, None),
        (false, IntervalUnit::Day) => text.split_once(' ').map(|(first, rest)| (first, Some(rest)))?,
        (false, _) => text.split_once(':').map(|(first, rest)| (first, Some(rest)))?,
    };
    let length = i128::from(units.first.length());
    let count = digits(first, most)?;
    let Some(rest) = rest else {
        // One unit alone wraps around.
        return Some(i128::from((sign * count * length) as i64));
    };
    if count > i128::from(i64::MAX) / length {
        return None;
    }
    let mut value = count * length;
    let mut parts = rest.split(':');
    for unit in [IntervalUnit::Hour, IntervalUnit::Minute, IntervalUnit::Second] {
        if unit <= units.first || unit > units.last {
            continue;
        }
        let part = parts.next()?;
        let (whole, fraction) = match part.split_once('.') {
            Some((whole, fraction)) if unit == IntervalUnit::Second => (whole, fraction_of(fraction)?),
            Some(_) => return None,
            None => (part, 0),
        };
        let below = if unit == IntervalUnit::Hour { 24 } else { 60 };
        let whole = digits(whole, 2).filter(|whole| *whole < below)?;
        value += whole * i128::from(unit.length()) + fraction;
    }
    parts.next().is_none().then_some(sign * value)
}

/// The microseconds of at most nine digits behind a point.
fn fraction_of(text: &str) -> Option<i128> {
    digits(text, 9)?;
    digits(&format!("{text:0<9}")[..6], 6)
}

fn read_seconds(text: &str, negative: bool) -> Option<i128> {
    let (whole, fraction) = match text.split_once('.') {
        Some((whole, fraction)) => (digits(whole, 13)?, fraction_of(fraction)?),
        None => (digits(text, 13)?, 0),
    };
    let most = i128::from(i64::MAX) / SECOND;
    let whole = if negative { -whole } else { whole };
    // Zero has no sign that its fraction could take.
    (whole.abs() <= most).then_some(whole * SECOND + if whole < 0 { -fraction } else { fraction })
}

/// A text such as `1 year -2 days 3.5 seconds`.
pub(super) fn read_units(text: &str) -> Option<CalendarInterval> {
    let trimmed = text.trim_matches(|letter: char| letter <= ' ' || letter == '\x7f').to_lowercase();
    let mut words = trimmed.split(white).filter(|word| !word.is_empty()).peekable();
    words.next_if_eq(&"interval");
    words.peek()?;
    let (mut months, mut days, mut micros) = (0_i128, 0_i128, 0_i128);
    while let Some(word) = words.next() {
        let (negative, number) = match word {
            "-" | "+" => (word == "-", words.next()?),
            word => (word.starts_with('-'), word.strip_prefix(['-', '+']).unwrap_or(word)),
        };
        let (whole, fraction) =
            number.split_once('.').map_or((number, None), |(whole, part)| (whole, Some(part)));
        let bare = !word.starts_with(['-', '+']) && whole.is_empty();
        if fraction.is_none() && whole.is_empty() || bare && fraction == Some("") {
            return None;
        }
        let count = if whole.is_empty() { 0 } else { digits(whole, 30)? };
        let part = match fraction {
            None | Some("") => 0,
            Some(fraction) => fraction_of(fraction)?,
        };
        let sign = if negative { -1 } else { 1 };
        let unit = words.next()?;
        let unit = unit.strip_suffix('s').unwrap_or(unit);
        let count = sign * i128::from(i64::try_from(count).ok()?);
        let small = |count: i128| i32::try_from(count).ok().map(i128::from);
        let wide = |count: i128| i64::try_from(count).ok().map(i128::from);
        match unit {
            "second" => micros += wide(count * SECOND)? + sign * part,
            _ if fraction.is_some() => return None,
            "year" => months += count * 12,
            "month" => months += small(count)?,
            "week" => days += count * 7,
            "day" => days += small(count)?,
            "hour" => micros += wide(count * HOUR)?,
            "minute" => micros += wide(count * MINUTE)?,
            "millisecond" => micros += wide(count * 1000)?,
            "microsecond" => micros += count,
            _ => return None,
        }
        let fits =
            i32::try_from(months).is_ok() && i32::try_from(days).is_ok() && i64::try_from(micros).is_ok();
        if !fits {
            return None;
        }
    }
    Some(CalendarInterval { months: months as i32, days: days as i32, micros: micros as i64 })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn units(first: IntervalUnit, last: IntervalUnit) -> IntervalType {
        let units = IntervalUnits { first, last };
        if first <= IntervalUnit::Month {
            IntervalType::YearMonth(units)
        } else {
            IntervalType::DayTime(units)
        }
    }

    #[test]
    fn what_is_shown_is_read() {
        use IntervalUnit::{Day, Hour, Minute, Month, Second, Year};
        for (first, last, text) in [
            (Year, Month, "INTERVAL '-1-2' YEAR TO MONTH"),
            (Year, Year, "INTERVAL '3' YEAR"),
            (Month, Month, "INTERVAL '-14' MONTH"),
            (Day, Second, "INTERVAL '-106751991 04:00:54.775808' DAY TO SECOND"),
            (Day, Minute, "INTERVAL '1 02:03' DAY TO MINUTE"),
            (Hour, Minute, "INTERVAL '100:03' HOUR TO MINUTE"),
            (Minute, Second, "INTERVAL '03:04.5' MINUTE TO SECOND"),
            (Second, Second, "INTERVAL '70.000001' SECOND"),
            (Hour, Hour, "INTERVAL '-05' HOUR"),
        ] {
            let of = units(first, last);
            let value = read(text, of).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(show(value, of), text);
        }
    }

    #[test]
    fn units_must_be_those_of_the_type() {
        use IntervalUnit::{Day, Hour, Second};
        assert_eq!(read("INTERVAL '1' DAY", units(Hour, Hour)), None);
        assert_eq!(read("1 02:03", units(Day, Second)), None);
        assert_eq!(read("1 24", units(Day, Hour)), None);
        assert_eq!(read("1.0", units(Day, Day)), None);
        assert_eq!(read(" |1 ", units(Day, Day)), Some(86_400_000_000));
        assert_eq!(read("-0.5", units(Second, Second)), Some(500_000));
    }

    #[test]
    fn numbers_and_units_are_read() {
        let shown = |text: &str| read_units(text).map(show_parts);
        assert_eq!(
            shown(" 1   YEAR  -1 Days + 2 hours - .5 second ").as_deref(),
            Some("1 years -1 days 1 hours 59 minutes 59.5 seconds")
        );
        assert_eq!(shown("interval 2 months 14 months").as_deref(), Some("1 years 4 months"));
        assert_eq!(shown("-. seconds").as_deref(), Some("0 seconds"));
        for text in
            ["", "interval", ". seconds", "1.5 days", "1 dayss", "1 day2 days", "1", "200000000 years"]
        {
            assert_eq!(shown(text), None, "{text}");
        }
    }
}
