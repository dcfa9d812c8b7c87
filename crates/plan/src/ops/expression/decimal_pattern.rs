//! Patterns of numbers, as `#,##0.00`: those of Java's `DecimalFormat` with the signs of the United States.

use super::digit_list::DigitList;

/// A pattern that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecimalPattern {
    /// What stands around a number that is not negative.
    positive: [String; 2],
    /// What stands around a negative one.
    negative: [String; 2],
    /// By which power of ten a number is multiplied first.
    shift: u32,
    whole: Range,
    fraction: Range,
    /// How many digits stand between commas; none for 0.
    group: usize,
    /// Whether the point stands though nothing is behind it.
    point: bool,
    /// The least digits of the exponent, where there is one.
    exponent: Option<usize>,
}

/// The fewest and the most digits on one side of the point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Range {
    least: usize,
    most: usize,
}

/// The longest pattern that is read, in letters; Java counts digits between commas in 8 bits.
const MAX_LETTERS: usize = 100;

/// The digits of a pattern, as they were counted.
#[derive(Default)]
struct Counts {
    left: usize,
    zeros: usize,
    right: usize,
    point: Option<usize>,
    group: Option<usize>,
    exponent: Option<usize>,
}

impl Counts {
    /// Takes one sign of the digits, or says that it is none.
    fn take(&mut self, letter: char) -> Result<bool, String> {
        match letter {
            '#' if self.zeros > 0 => self.right += 1,
            '#' => self.left += 1,
            '0' if self.right > 0 => return Err("a 0 behind a #".to_owned()),
            '0' => self.zeros += 1,
            ',' => {
                self.group = Some(0);
                return Ok(true);
            }
            '.' if self.point.is_some() => return Err("two points".to_owned()),
            '.' => {
                self.point = Some(self.left + self.zeros + self.right);
                return Ok(true);
            }
            _ => return Ok(false),
        }
        if self.point.is_none() {
            self.group = self.group.map(|count| count + 1);
        }
        Ok(true)
    }

    /// Settles where the digits that always stand begin and end.
    fn settle(&mut self) -> Result<(), String> {
        if let (0, Some(point)) = (self.zeros, self.point)
            && self.left > 0
        {
            let before = point.max(1);
            self.right = self.left - before.min(self.left);
            self.left = before - 1;
            self.zeros = 1;
        }
        let outside = |point: usize| point < self.left || point > self.left + self.zeros;
        let wrong = self.point.map_or(self.right > 0, outside);
        if wrong || self.group == Some(0) {
            return Err("its #, 0, commas and point stand in another order".to_owned());
        }
        Ok(())
    }
}

/// What stands before or behind the digits: signs with a meaning keep a quote in front of them.
#[derive(Clone, Default, PartialEq, Eq)]
struct Affix(String);

impl Affix {
    /// As it is written: each quote was set in front of what stands for itself.
    fn written(&self) -> String {
        let mut letters = self.0.chars();
        let mut written = String::new();
        while let Some(letter) = letters.next() {
            written.extend(if letter == '\'' { letters.next() } else { Some(letter) });
        }
        written
    }
}

/// One of the two parts of a pattern.
#[derive(Default)]
struct Part {
    before: Affix,
    behind: Affix,
    counts: Counts,
    shift: u32,
    /// Where the other part begins.
    next: Option<usize>,
}

impl Part {
    fn read(letters: &[char], from: usize, first: bool) -> Result<Part, String> {
        let mut part = Part::default();
        let (mut at, mut quoted, mut passed) = (from, false, false);
        while let Some(&letter) = letters.get(at) {
            if !quoted && !passed && matches!(letter, '#' | '0' | ',' | '.') {
                at = part.digits(letters, at, first)?;
                passed = true;
                continue;
            }
            at += 1;
            let affix = if passed { &mut part.behind } else { &mut part.before };
            match letter {
                '\'' if letters.get(at) == Some(&'\'') => {
                    affix.0.push_str("''");
                    at += 1;
                }
                '\'' => quoted = !quoted,
                _ if quoted => affix.0.push(letter),
                '¤' => return Err("the currency sign ¤".to_owned()),
                '#' | '0' | ',' | '.' => return Err(format!("'{letter}' behind its digits")),
                ';' if passed && first => {
                    part.next = Some(at);
                    break;
                }
                ';' => return Err("';' without digits before it, or twice".to_owned()),
                '%' | '‰' if part.shift > 0 => return Err("% or ‰ twice".to_owned()),
                '%' | '‰' | '-' => {
                    part.shift += match letter {
                        '%' => 2,
                        '‰' => 3,
                        _ => 0,
                    };
                    affix.0.extend(['\'', letter]);
                }
                _ => affix.0.push(letter),
            }
        }
        if quoted {
            return Err("a quote that does not end".to_owned());
        }
        Ok(part)
    }

    /// Reads the digits and says where they end; those of a second part do not count.
    fn digits(&mut self, letters: &[char], from: usize, first: bool) -> Result<usize, String> {
        let mut at = from;
        while let Some(&letter) = letters.get(at) {
            if !first && matches!(letter, '#' | '0' | ',' | '.' | 'E') {
                at += 1;
                continue;
            }
            if first && self.counts.take(letter)? {
                at += 1;
                continue;
            }
            if first && letter == 'E' {
                let zeros = letters[at + 1..].iter().take_while(|&&letter| letter == '0').count();
                if self.counts.left + self.counts.zeros < 1 || zeros < 1 {
                    return Err("E without digits before it and a 0 behind it".to_owned());
                }
                self.counts.exponent = Some(zeros);
                at += 1 + zeros;
            }
            break;
        }
        Ok(at)
    }
}

impl DecimalPattern {
    /// Reads a pattern, or says what of it is not read.
    pub fn new(written: &str) -> Result<DecimalPattern, String> {
        // Spark has a pattern of its own where there is none.
        let written = if written.is_empty() { "#,##0" } else { written };
        let letters: Vec<char> = written.chars().collect();
        if letters.len() > MAX_LETTERS {
            return Err(format!("more than {MAX_LETTERS} letters"));
        }
        let mut part = Part::read(&letters, 0, true)?;
        part.counts.settle()?;
        let other = part.next.filter(|&next| next < letters.len());
        let other = other.map(|next| Part::read(&letters, next, false)).transpose()?;
        let minus = Affix(format!("'-{}", part.before.0));
        let other = other.filter(|other| other.before != part.before || other.behind != part.behind);
        let [before, behind] = match &other {
            Some(other) => [&other.before, &other.behind],
            None => [&minus, &part.behind],
        };
        let counts = &part.counts;
        let all = counts.left + counts.zeros + counts.right;
        let point = counts.point.unwrap_or(all);
        let least = point - counts.left;
        let most = if counts.exponent.is_some() { counts.left + least } else { usize::MAX };
        let fraction = match counts.point {
            Some(point) => Range { least: counts.left + counts.zeros - point, most: all - point },
            None => Range { least: 0, most: 0 },
        };
        Ok(DecimalPattern {
            positive: [part.before.written(), part.behind.written()],
            negative: [before.written(), behind.written()],
            shift: part.shift,
            whole: Range { least, most },
            fraction,
            group: counts.group.unwrap_or(0),
            point: counts.point.is_some_and(|point| point == 0 || point == all),
            exponent: counts.exponent,
        })
    }

    /// A double by the pattern.
    pub(super) fn double(&self, value: f64) -> String {
        let value = if self.shift > 0 { value * 10_f64.powi(self.shift as i32) } else { value };
        if value.is_nan() {
            return "NaN".to_owned();
        }
        let negative = value.is_sign_negative();
        if value.is_infinite() {
            return self.around(negative, "∞");
        }
        let digits = match self.exponent {
            Some(_) => DigitList::significant(value.abs(), self.whole.most + self.fraction.most),
            None => DigitList::fixed(value.abs(), self.fraction.most),
        };
        self.around(negative, &self.written(&digits))
    }

    /// The text of a whole number or decimal by the pattern.
    pub(super) fn decimal(&self, text: &str) -> String {
        let unsigned = text.strip_prefix('-').unwrap_or(text);
        let negative = unsigned.len() < text.len();
        let mut digits = DigitList::of_text(unsigned);
        digits.shift(self.shift as i32);
        match self.exponent {
            Some(_) => digits.round_significant(self.whole.most + self.fraction.most),
            None => digits.round_fixed(self.fraction.most),
        }
        self.around(negative, &self.written(&digits))
    }

    fn around(&self, negative: bool, number: &str) -> String {
        let [before, behind] = if negative { &self.negative } else { &self.positive };
        format!("{before}{number}{behind}")
    }

    fn written(&self, digits: &DigitList) -> String {
        match self.exponent {
            Some(least) => self.scientific(digits, least),
            None => self.plain(digits),
        }
    }

    fn plain(&self, digits: &DigitList) -> String {
        let point = digits.point();
        let count = self.whole.least.max(usize::try_from(point).unwrap_or(0));
        let mut made = String::new();
        for left in (0..count).rev() {
            // The place of the digit, counted from the first that the number has.
            made.push(digits.at(point - 1 - left as i32));
            if left > 0 && self.group > 0 && left % self.group == 0 {
                made.push(',');
            }
        }
        let behind = usize::try_from(digits.len() as i32 - point).unwrap_or(0);
        let behind = behind.clamp(self.fraction.least, self.fraction.most);
        if behind == 0 && made.is_empty() {
            made.push('0');
        }
        if self.point || behind > 0 {
            made.push('.');
        }
        made.extend((0..behind).map(|place| digits.at(point + place as i32)));
        made
    }

    /// With an exponent that is a multiple of the most digits before the point, where they are more than the least.
    fn scientific(&self, digits: &DigitList, least: usize) -> String {
        let (repeat, wanted) = (self.whole.most as i32, self.whole.least as i32);
        let point = digits.point();
        let (exponent, integers) = if repeat > 1 && repeat > wanted {
            let from = if point >= 1 { point - 1 } else { point - repeat };
            (from / repeat * repeat, 1)
        } else {
            (point - wanted, wanted)
        };
        let before = if digits.is_zero() { integers } else { point - exponent };
        let shortest = (self.whole.least + self.fraction.least) as i32;
        let all = shortest.max(before).max(digits.len() as i32);
        let mut made = String::new();
        for place in 0..all {
            if place == before {
                made.push('.');
            }
            made.push(digits.at(place));
        }
        if self.point && all == before {
            made.push('.');
        }
        let exponent = if digits.is_zero() { 0 } else { exponent };
        let sign = if exponent < 0 { "-" } else { "" };
        made.push_str(&format!("E{sign}{:0>least$}", exponent.unsigned_abs()));
        made
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn double(pattern: &str, value: f64) -> String {
        DecimalPattern::new(pattern).unwrap().double(value)
    }

    #[test]
    fn numbers_are_written_by_patterns() {
        let cases = [
            ("#,##0.00", -1234.125, "-1,234.12"),
            ("#,##0.00;(#)", -1234.5, "(1,234.50)"),
            ("$#,##0", 0.5, "$0"),
            ("#.##", 0.25, "0.25"),
            (".##", 0.25, ".25"),
            ("#.", 3.0, "3."),
            ("#", 0.0, "0"),
            ("#%", 0.256, "26%"),
            ("'#'#", 1.0, "#1"),
            ("0.###E0", 12345.0, "1.234E4"),
            ("##0.###E00", 0.012345, "12.345E-03"),
            ("0.0E0", 0.0, "0.0E0"),
            ("a#b", f64::NEG_INFINITY, "-a∞b"),
            ("a#b", f64::NAN, "NaN"),
            ("", 1234.5, "1,234"),
            ("00,00", 12345.0, "1,23,45"),
            ("E0", 12.0, "E12"),
        ];
        for (pattern, value, expected) in cases {
            assert_eq!(double(pattern, value), expected, "{pattern} {value}");
        }
        let decimal = |pattern, text| DecimalPattern::new(pattern).unwrap().decimal(text);
        assert_eq!((decimal("0.00", "-1.005"), decimal("0.0%", "0.12345")), ("-1.00".into(), "12.3%".into()));
        assert_eq!(decimal("0.##E0", "-99999"), "-1E5");
    }

    #[test]
    fn patterns_that_java_refuses_are_refused() {
        for pattern in [
            "#.#.#", "0#0", "#,", "#'", ";#", "#%%", "#;#;#", "#E", "#0#", "¤#", "#.0#0", "0#.0", ",", "#;'",
            "#x#",
        ] {
            assert!(DecimalPattern::new(pattern).is_err(), "{pattern}");
        }
    }
}
