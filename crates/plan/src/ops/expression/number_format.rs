//! Numbers in texts by a format of `0 9 . D , G $ S MI PR`, as Spark's `ToNumberParser.scala` reads and writes them.

use crate::decimal::{DecimalType, MAX_DIGITS, fits, show};
use crate::digits::digit;

/// A format of numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumberFormat {
    tokens: Vec<Token>,
    of: DecimalType,
}

/// What a text says by a format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ReadNumber {
    Value(i128),
    /// It has more digits before the point than there are in the format.
    Far,
    /// It fits, but has no digit.
    Empty,
    /// It does not fit.
    Other,
}

/// A part of a format.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    /// Digits, with commas between their groups.
    Digits(Vec<Group>),
    Point,
    Dollar,
    /// A plus or minus.
    Sign,
    /// A minus or nothing.
    Minus,
    /// The brackets around a number below zero.
    Open,
    Close,
    /// What no format has.
    Other,
}

/// Digits without a comma between them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Group {
    count: usize,
    /// Whether there must be as many.
    exact: bool,
}

impl NumberFormat {
    /// Reads a format; nothing where Spark takes none of it.
    pub fn new(format: &str) -> Option<NumberFormat> {
        let tokens = tokens(&format.to_uppercase())?;
        check(&tokens)?;
        let point = tokens.iter().position(|token| *token == Token::Point).unwrap_or(tokens.len());
        let count = |tokens: &[Token]| tokens.iter().map(Token::digits).fold(0, usize::saturating_add);
        let (before, behind) = (count(&tokens[..point]), count(&tokens[point..]));
        let precision = u8::try_from(before.saturating_add(behind)).ok().filter(|all| *all <= MAX_DIGITS)?;
        Some(NumberFormat { tokens, of: DecimalType { precision, scale: u8::try_from(behind).ok()? } })
    }

    /// The type of the numbers that are read.
    pub fn reads(&self) -> DecimalType {
        self.of
    }

    /// The number that a text says.
    pub(super) fn read(&self, text: &str) -> ReadNumber {
        match self.fit(text) {
            None => ReadNumber::Other,
            Some((digits, _)) if digits.all.is_empty() => ReadNumber::Empty,
            Some((digits, negative)) => {
                let zeros = usize::from(self.of.scale).saturating_sub(digits.behind);
                let all = digits.all + &"0".repeat(zeros);
                match all.parse().ok().filter(|value: &i128| fits(*value, self.of)) {
                    Some(value) => ReadNumber::Value(if negative { -value } else { value }),
                    None => ReadNumber::Far,
                }
            }
        }
    }

    /// The digits of a text that fits the format, and whether the number is below zero.
    fn fit(&self, text: &str) -> Option<(Digits, bool)> {
        let mut reader = Reader { rest: text, digits: Digits { all: String::new(), behind: 0 } };
        let (mut pointed, mut negative, mut opened, mut closed) = (false, false, false, false);
        for token in &self.tokens {
            match token {
                Token::Digits(groups) => reader.groups(groups, pointed)?,
                Token::Point => pointed |= reader.takes('.'),
                // At the end of the text it may be missing.
                Token::Dollar => {
                    if !reader.takes('$') && !reader.rest.is_empty() {
                        return None;
                    }
                }
                Token::Sign => {
                    if !reader.takes('+') {
                        negative ^= reader.takes('-');
                    }
                }
                Token::Minus => negative ^= reader.takes('-'),
                Token::Open => opened = reader.takes('<'),
                Token::Close => {
                    closed = reader.takes('>');
                    if closed && !opened {
                        return None;
                    }
                    negative ^= closed;
                }
                Token::Other => return None,
            }
        }
        (reader.rest.is_empty() && opened == closed).then_some((reader.digits, negative))
    }

    /// A decimal with so many digits behind the point as a text; one that does not fit becomes `#`s.
    pub(super) fn write(&self, value: i128, scale: u8) -> String {
        let text = show(value, scale);
        let unsigned = text.trim_start_matches('-');
        let (before, behind) = unsigned.split_once('.').unwrap_or((unsigned, ""));
        let (before, behind) = (before.trim_start_matches('0'), behind.trim_end_matches('0'));
        let scale = usize::from(self.of.scale);
        let whole = usize::from(self.of.precision) - scale;
        let (before, behind) = if before.len() > whole || behind.len() > scale {
            ("#".repeat(whole), "#".repeat(scale))
        } else {
            (format!("{before:>whole$}"), format!("{behind:0<scale$}"))
        };
        let mut writer = Writer { made: Vec::new(), before: before.chars(), behind: behind.chars() };
        let mut pointed = false;
        for token in &self.tokens {
            match token {
                Token::Digits(groups) => writer.groups(groups, pointed),
                Token::Point => {
                    if let Some(last) = writer.made.last_mut().filter(|last| **last == ' ') {
                        *last = '0';
                    }
                    writer.made.push('.');
                    pointed = true;
                }
                Token::Dollar => writer.made.push('$'),
                Token::Sign => {
                    writer.strip_point();
                    writer.sign(if value < 0 { '-' } else { '+' });
                }
                Token::Minus if value < 0 => {
                    writer.strip_point();
                    writer.sign('-');
                }
                Token::Minus => writer.made.push(' '),
                Token::Open if value < 0 => writer.made.push('<'),
                Token::Open | Token::Other => {}
                Token::Close => {
                    writer.strip_point();
                    if value < 0 {
                        writer.sign('>');
                    } else {
                        writer.made.extend([' ', ' ']);
                    }
                }
            }
        }
        writer.strip_point();
        let made: String = writer.made.into_iter().collect();
        if matches!(made.as_str(), "" | "+" | "-") { "0".to_owned() } else { made }
    }
}

impl Token {
    fn digits(&self) -> usize {
        match self {
            Token::Digits(groups) => groups.iter().map(|group| group.count).fold(0, usize::saturating_add),
            _ => 0,
        }
    }
}

/// The parts of a format; nothing where a comma is not between digits.
fn tokens(format: &str) -> Option<Vec<Token>> {
    let mut tokens = Vec::new();
    let (mut rest, mut pointed) = (format, false);
    while let Some(letter) = rest.chars().next() {
        let mut taken = letter.len_utf8();
        let token = match letter {
            '0' | '9' | ',' | 'G' => {
                taken = rest.find(|letter| !"09,G".contains(letter)).unwrap_or(rest.len());
                Token::Digits(groups(&rest[..taken], pointed)?)
            }
            '.' | 'D' => {
                pointed = true;
                Token::Point
            }
            '$' => Token::Dollar,
            'S' => Token::Sign,
            'M' if rest.starts_with("MI") => {
                taken = 2;
                Token::Minus
            }
            'P' if rest.starts_with("PR") => {
                taken = 2;
                tokens.insert(0, Token::Open);
                Token::Close
            }
            _ => Token::Other,
        };
        tokens.push(token);
        rest = &rest[taken..];
    }
    Some(tokens)
}

fn groups(digits: &str, pointed: bool) -> Option<Vec<Group>> {
    let parts: Vec<&str> = digits.split([',', 'G']).collect();
    if parts.iter().any(|part| part.is_empty()) || pointed && parts.len() > 1 {
        return None;
    }
    let group = |part: &&str| Group { count: part.len(), exact: part.starts_with('0') && !pointed };
    Some(parts.iter().map(group).collect())
}

/// Whether the parts stand in the order that Spark wants, each as often as it may.
fn check(tokens: &[Token]) -> Option<()> {
    let place = |wanted: &dyn Fn(&Token) -> bool| tokens.iter().position(wanted);
    let digits = place(&|token| matches!(token, Token::Digits(_)))?;
    if place(&|token| *token == Token::Dollar).is_some_and(|dollar| {
        dollar > digits || place(&|token| *token == Token::Point).is_some_and(|point| point < dollar)
    }) {
        return None;
    }
    for once in [Token::Point, Token::Sign, Token::Minus, Token::Dollar, Token::Close] {
        if tokens.iter().filter(|token| **token == once).count() > 1 {
            return None;
        }
    }
    let mut rest = tokens;
    let mut take = |wanted: &[Token], digits: bool| {
        if let Some((first, behind)) = rest.split_first()
            && (wanted.contains(first) || digits && matches!(first, Token::Digits(_)))
        {
            rest = behind;
        }
    };
    take(&[Token::Open], false);
    take(&[Token::Minus, Token::Sign], false);
    take(&[Token::Dollar], false);
    take(&[], true);
    take(&[Token::Point], false);
    take(&[], true);
    take(&[Token::Dollar], false);
    take(&[Token::Minus, Token::Sign, Token::Close], false);
    rest.is_empty().then_some(())
}

/// A text that is read from its start.
struct Reader<'a> {
    rest: &'a str,
    digits: Digits,
}

/// The digits of a number, and how many of them stand behind the point.
struct Digits {
    all: String,
    behind: usize,
}

impl Reader<'_> {
    fn takes(&mut self, letter: char) -> bool {
        match self.rest.strip_prefix(letter) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    /// Digits and commas, with blanks anywhere between them. Groups are compared from the last.
    fn groups(&mut self, groups: &[Group], pointed: bool) -> Option<()> {
        let mut sizes = vec![0_usize];
        while let Some(letter) = self.rest.chars().next() {
            if letter == ',' {
                sizes.push(0);
            } else if let Some(value) = digit(letter) {
                if let Some(size) = sizes.last_mut() {
                    *size += 1;
                }
                self.digits.all.push(char::from_digit(value, 10)?);
                self.digits.behind += usize::from(pointed);
            } else if !is_blank(letter) {
                break;
            }
            self.rest = &self.rest[letter.len_utf8()..];
        }
        if sizes.len() > groups.len() {
            return None;
        }
        let mut sizes = sizes.into_iter().rev();
        let fits = groups.iter().rev().all(|group| {
            let size = sizes.next().unwrap_or(0);
            if group.exact { size == group.count } else { size <= group.count }
        });
        fits.then_some(())
    }
}

/// Java's `Character.isWhitespace`.
fn is_blank(letter: char) -> bool {
    matches!(letter, '\u{1c}'..='\u{1f}')
        || letter.is_whitespace() && !matches!(letter, '\u{85}' | '\u{a0}' | '\u{2007}' | '\u{202f}')
}

/// A text in the making, and the digits that are to come.
struct Writer<'a> {
    made: Vec<char>,
    before: std::str::Chars<'a>,
    behind: std::str::Chars<'a>,
}

impl Writer<'_> {
    fn groups(&mut self, groups: &[Group], pointed: bool) {
        for (at, group) in groups.iter().enumerate() {
            if at > 0 {
                match self.made.last() {
                    Some(last) if last.is_ascii_digit() => self.made.push(','),
                    _ => self.blank(),
                }
            }
            for _ in 0..group.count {
                let next = if pointed { self.behind.next() } else { self.before.next() };
                match next.unwrap_or(' ') {
                    ' ' if group.exact => self.made.push('0'),
                    ' ' => self.blank(),
                    digit => self.made.push(digit),
                }
            }
        }
    }

    /// A blank, in front of the signs at the end.
    fn blank(&mut self) {
        let signs = self.made.iter().rev().take_while(|letter| matches!(letter, '+' | '-' | '<')).count();
        self.made.insert(self.made.len() - signs, ' ');
    }

    /// A sign, in front of the blanks at the end.
    fn sign(&mut self, sign: char) {
        let blanks = self.made.iter().rev().take_while(|letter| **letter == ' ').count();
        self.made.insert(self.made.len() - blanks, sign);
    }

    /// A point behind which no digit stands becomes a blank.
    fn strip_point(&mut self) {
        if let Some(at) = self.made.iter().position(|letter| *letter == '.')
            && self.made.get(at + 1).is_none_or(|next| *next == ' ')
            && let Some(point) = self.made.get_mut(at)
        {
            *point = ' ';
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn format(text: &str) -> NumberFormat {
        NumberFormat::new(text).unwrap()
    }

    #[test]
    fn formats_have_an_order() {
        let wrong = [
            "", "S", "9$", "9,,9", ",9", "9,", "9.9,9", "SS9", "9..9", "9x", "PR9", "9PRS", "99PRPR", "9S9",
            ".$9", "9 9",
        ];
        for text in wrong {
            assert_eq!(NumberFormat::new(text), None, "{text}");
        }
        for text in ["9", "s$9,990.00", "mi99d9", "$9g999pr", ".9", "0.", "9.9S"] {
            assert!(NumberFormat::new(text).is_some(), "{text}");
        }
        assert_eq!(NumberFormat::new(&"9".repeat(39)), None);
    }

    #[test]
    fn numbers_are_read_and_written() {
        let read = |text: &str, by: &str| match format(by).read(text) {
            ReadNumber::Value(value) => Some(value),
            _ => None,
        };
        assert_eq!(format(".9").read("7"), ReadNumber::Far);
        assert_eq!(format("9").read(" "), ReadNumber::Empty);
        assert_eq!(read("12,454.8-", "99,999.9S"), Some(-124_548));
        assert_eq!(read("$78.1", "$99.99"), Some(7810));
        assert_eq!((read("<7>", "9PR"), read("7>", "9PR"), read("<7", "9PR")), (Some(-7), None, None));
        assert_eq!(
            (read("12", "000"), read("", "9"), read("1234", "999"), read("1,2", "99")),
            (None, None, None, None)
        );
        let write = |value, scale, by: &str| format(by).write(value, scale);
        assert_eq!(write(-124_548, 1, "99G999D9S"), "12,454.8-");
        assert_eq!(
            (write(5, 0, "S999"), write(-5, 0, "999PR"), write(5, 0, "000")),
            ("  +5".into(), "  <5>".into(), "005".into())
        );
        assert_eq!(
            (write(1234, 0, "99"), write(5, 1, "9.9"), write(0, 0, "9")),
            ("##".into(), "0.5".into(), " ".into())
        );
    }
}
