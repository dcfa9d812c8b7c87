//! Patterns of dates and times, as `yyyy-MM-dd HH:mm:ss`: those of Java's `DateTimeFormatter` in English and UTC.
//!
//! Read are the letters `y M d D E a Q H h K k m s S V z O X x Z` in the lengths below, texts between `'`, and signs. Numbers of
//! years are those of the calendar, not of weeks.

use std::fmt;

use super::date_part::{DatePart, of_date};
use crate::calendar::{Civil, DAY};

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const WEEKDAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// A pattern that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatePattern {
    text: String,
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    Field(char, usize),
}

impl fmt::Display for DatePattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl DatePattern {
    /// Reads a pattern, or says which letters of it are not read.
    pub fn new(pattern: &str) -> Result<DatePattern, String> {
        let mut parts = Vec::new();
        let mut letters = pattern.chars().peekable();
        let push = |parts: &mut Vec<Part>, letter: char| match parts.last_mut() {
            Some(Part::Text(text)) => text.push(letter),
            _ => parts.push(Part::Text(letter.into())),
        };
        while let Some(letter) = letters.next() {
            match letter {
                '\'' if letters.next_if_eq(&'\'').is_some() => push(&mut parts, '\''),
                '\'' => loop {
                    match letters.next() {
                        Some('\'') if letters.next_if_eq(&'\'').is_some() => push(&mut parts, '\''),
                        Some('\'') => break,
                        Some(letter) => push(&mut parts, letter),
                        None => return Err("an open quote".to_owned()),
                    }
                },
                letter if letter.is_ascii_alphabetic() => {
                    let mut count = 1;
                    while letters.next_if_eq(&letter).is_some() {
                        count += 1;
                    }
                    if !known(letter, count) {
                        return Err(format!("the letters '{}'", letter.to_string().repeat(count)));
                    }
                    parts.push(Part::Field(letter, count));
                }
                '[' | ']' | '{' | '}' | '#' => return Err(format!("the sign '{letter}'")),
                letter => push(&mut parts, letter),
            }
        }
        Ok(DatePattern { text: pattern.to_owned(), parts })
    }

    /// Whether texts can be read by the pattern: numbers of a year, month, day and time, each once, with a year of four
    /// digits.
    pub fn reads(&self) -> bool {
        let mut seen = String::new();
        let mut number_before = false;
        for part in &self.parts {
            let Part::Field(letter, count) = part else {
                number_before = false;
                continue;
            };
            let fits = match letter {
                'y' => *count == 4,
                'M' | 'd' | 'H' | 'm' | 's' => *count <= 2,
                'S' => *count <= 6,
                _ => false,
            };
            // Numbers of any length end only where something else follows.
            if !fits || seen.contains(*letter) || number_before && *letter != 'S' {
                return false;
            }
            seen.push(*letter);
            number_before = true;
        }
        seen.contains('y')
    }

    pub(super) fn show(&self, micros: i64) -> String {
        let (days, time) = (micros.div_euclid(DAY) as i32, micros.rem_euclid(DAY));
        let civil = Civil::of(days);
        let seconds = time / 1_000_000;
        let hour = seconds / 3600;
        let mut shown = String::new();
        for part in &self.parts {
            let (letter, count) = match part {
                Part::Text(text) => {
                    shown.push_str(text);
                    continue;
                }
                Part::Field(letter, count) => (*letter, *count),
            };
            let number = match letter {
                'y' if count == 2 => civil.year.rem_euclid(100),
                'y' => {
                    shown.push_str(&year(civil.year, count));
                    continue;
                }
                'M' if count < 3 => civil.month.into(),
                'd' => civil.day.into(),
                'D' => of_date(days, DatePart::DayOfYear).into(),
                'Q' => of_date(days, DatePart::Quarter).into(),
                'H' => hour,
                'k' => (hour + 23) % 24 + 1,
                'K' => hour % 12,
                'h' => (hour + 11) % 12 + 1,
                'm' => seconds / 60 % 60,
                's' => seconds % 60,
                'S' => {
                    let digits = format!("{:06}000", time % 1_000_000);
                    shown.push_str(&digits[..count]);
                    continue;
                }
                _ => {
                    shown.push_str(name(letter, count, civil, days, hour));
                    continue;
                }
            };
            shown.push_str(&format!("{number:0count$}"));
        }
        shown
    }

    pub(super) fn read(&self, text: &str) -> Option<i64> {
        let mut fields = Fields::default();
        let mut rest = text;
        for part in &self.parts {
            match part {
                Part::Text(text) => rest = rest.strip_prefix(text.as_str())?,
                Part::Field(letter, count) => {
                    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
                    let taken = match (letter, count) {
                        ('S', count) => *count,
                        (_, 1) => digits.min(19),
                        (_, count) => *count,
                    };
                    if taken == 0 || digits < taken || *letter == 'y' && digits != 4 {
                        return None;
                    }
                    fields.set(*letter, &rest[..taken])?;
                    rest = &rest[taken..];
                }
            }
        }
        if rest.is_empty() { fields.micros() } else { None }
    }

    /// Whether numbers of other lengths, and a rest behind them, would make a text readable.
    pub(super) fn read_patiently(&self, text: &str) -> bool {
        let mut fields = Fields::default();
        let mut rest = text;
        for part in &self.parts {
            match part {
                Part::Text(text) => match rest.strip_prefix(text.as_str()) {
                    Some(more) => rest = more,
                    None => return false,
                },
                Part::Field(letter, _) => {
                    rest = rest.trim_start_matches([' ', '\t']);
                    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
                    let number = if *letter == 'S' { "0" } else { &rest[..digits] };
                    if digits == 0 || fields.set(*letter, number).is_none() {
                        return false;
                    }
                    rest = &rest[digits..];
                }
            }
        }
        fields.micros().is_some()
    }
}

/// The numbers of a text.
struct Fields {
    civil: Civil,
    seconds: i64,
    micros: i64,
}

impl Default for Fields {
    fn default() -> Fields {
        Fields { civil: Civil { year: 1970, month: 1, day: 1 }, seconds: 0, micros: 0 }
    }
}

impl Fields {
    fn set(&mut self, letter: char, digits: &str) -> Option<()> {
        let number: i64 = digits.parse().ok()?;
        let below = |end: i64| Some(number).filter(|&number| number < end);
        match letter {
            'y' => self.civil.year = number,
            'M' => self.civil.month = below(13)? as u32,
            'd' => self.civil.day = below(32)? as u32,
            'H' => self.seconds += below(24)? * 3600,
            'm' => self.seconds += below(60)? * 60,
            's' => self.seconds += below(60)?,
            _ => self.micros = format!("{digits:0<6}").parse().ok()?,
        }
        Some(())
    }

    fn micros(&self) -> Option<i64> {
        Some(i64::from(self.civil.days()?) * DAY + self.seconds * 1_000_000 + self.micros)
    }
}

fn known(letter: char, count: usize) -> bool {
    match letter {
        'y' => count <= 6,
        'M' | 'E' => count <= 4,
        'd' | 'H' | 'h' | 'K' | 'k' | 'm' | 's' => count <= 2,
        'D' => count == 1 || count == 3,
        'Q' => count <= 2,
        'S' => count <= 9,
        'a' => count == 1,
        'V' => count == 2,
        'z' => count <= 4,
        'O' => matches!(count, 1 | 4),
        'X' | 'x' | 'Z' => count <= 5,
        _ => false,
    }
}

fn year(year: i64, count: usize) -> String {
    // Years are those of an era: there is no year 0.
    let year = if year > 0 { year } else { 1 - year };
    let sign = if count >= 4 && year >= 10_i64.pow(count as u32) { "+" } else { "" };
    format!("{sign}{year:0count$}")
}

/// UTC, as zones and distances from it are written.
fn utc(letter: char, count: usize) -> &'static str {
    match (letter, count) {
        ('z', 4) => "Coordinated Universal Time",
        ('V' | 'z', _) => "UTC",
        ('O', _) | ('Z', 4) => "GMT",
        ('X', _) | ('Z', 5) => "Z",
        ('x', 1) => "+00",
        ('x', 3 | 5) => "+00:00",
        _ => "+0000",
    }
}

fn name(letter: char, count: usize, civil: Civil, days: i32, hour: i64) -> &'static str {
    let short = |name: &'static str| if count == 4 { name } else { &name[..3] };
    match letter {
        'M' => short(MONTHS[(civil.month as usize).clamp(1, 12) - 1]),
        'V' | 'z' | 'O' | 'X' | 'x' | 'Z' => utc(letter, count),
        'E' => short(WEEKDAYS[of_date(days, DatePart::Weekday).rem_euclid(7) as usize]),
        _ if hour < 12 => "AM",
        _ => "PM",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(text: &str) -> DatePattern {
        DatePattern::new(text).unwrap()
    }

    #[test]
    fn timestamps_are_written() {
        let micros = (i64::from(Civil { year: 2024, month: 7, day: 5 }.days().unwrap()) * 86_400 + 47_106)
            * 1_000_000
            + 89_000;
        let shown = |text: &str| pattern(text).show(micros);
        assert_eq!(shown("yyyy-MM-dd HH:mm:ss.SSS"), "2024-07-05 13:05:06.089");
        assert_eq!(shown("EEEE, d MMM yy 'at' h a''"), "Friday, 5 Jul 24 at 1 PM'");
        assert_eq!((shown("D"), shown("DDD"), shown("Q")), ("187".into(), "187".into(), "3".into()));
        assert_eq!(
            shown("VV z zzzz O X XXXX x xx xxx Z ZZZZ ZZZZZ"),
            "UTC UTC Coordinated Universal Time GMT Z Z +00 +0000 +00:00 +0000 GMT Z"
        );
        assert!(DatePattern::new("V").is_err() && DatePattern::new("OO").is_err());
        assert!(DatePattern::new("YYYY").unwrap_err().contains("YYYY"));
        assert!(DatePattern::new("'x").is_err() && DatePattern::new("[y]").is_err());
    }

    #[test]
    fn texts_are_read() {
        let read = |text: &str, by: &str| pattern(by).read(text).map(crate::calendar::show_timestamp);
        assert_eq!(read("2020/02/29", "yyyy/MM/dd").as_deref(), Some("2020-02-29 00:00:00"));
        assert_eq!(read("5.1.2020 7:08", "d.M.yyyy H:mm").as_deref(), Some("2020-01-05 07:08:00"));
        assert_eq!((read("2020-2-9", "yyyy-MM-dd"), read("2020-02-30", "yyyy-MM-dd")), (None, None));
        assert!(pattern("yyyy-MM-dd").read_patiently("2020-2-9x"));
        assert!(!pattern("yyyy-MM-dd").read_patiently("2020-2-30"));
        assert!(
            pattern("yyyy-MM-dd").reads() && !pattern("yyyyMMdd").reads() && !pattern("MMM yyyy").reads()
        );
    }
}
