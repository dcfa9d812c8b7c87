//! What follows a backslash, and letters as the `regex` crate takes them.

use super::{Node, ODD_BOUNDARIES, PAIRS, Parser, unreadable, without};

/// Java's `\R`.
pub(super) const LINE_BREAK: &str = r"(?:\r\n|[\n\x{b}\x{c}\r\x{85}\x{2028}\x{2029}])";

/// A letter that stands for itself, in and outside of classes.
pub(super) fn literal(letter: char) -> String {
    match letter.is_ascii_alphanumeric() {
        true => letter.to_string(),
        false => format!(r"\x{{{:x}}}", u32::from(letter)),
    }
}

/// The letters of a pattern; what stands between `\Q` and `\E` is escaped one by one, as Java does before it reads.
pub(super) fn without_quotes(pattern: &str) -> Vec<char> {
    let mut letters = Vec::with_capacity(pattern.len());
    let mut rest = pattern.chars().peekable();
    let mut quoted = false;
    while let Some(letter) = rest.next() {
        match (letter, rest.peek().copied()) {
            ('\\', Some('E')) if quoted => {
                quoted = false;
                rest.next();
            }
            ('\\', Some('Q')) if !quoted => {
                quoted = true;
                rest.next();
            }
            ('\\', Some(escaped)) if !quoted => {
                letters.extend(['\\', escaped]);
                rest.next();
            }
            _ if quoted && !letter.is_ascii_alphanumeric() && letter.is_ascii() => {
                letters.extend(['\\', letter]);
            }
            _ => letters.push(letter),
        }
    }
    letters
}

/// The class of a letter after a backslash, if it has one.
pub(super) fn predefined(letter: char) -> Option<&'static str> {
    Some(match letter {
        'd' => "[0-9]",
        'D' => "[^0-9]",
        'w' => "[a-zA-Z0-9_]",
        'W' => "[^a-zA-Z0-9_]",
        's' => r"[\x{20}\t\n\x{b}\x{c}\r]",
        'S' => r"[^\x{20}\t\n\x{b}\x{c}\r]",
        'h' => r"[\x{20}\t\x{a0}\x{1680}\x{180e}\x{2000}-\x{200a}\x{202f}\x{205f}\x{3000}]",
        'H' => r"[^\x{20}\t\x{a0}\x{1680}\x{180e}\x{2000}-\x{200a}\x{202f}\x{205f}\x{3000}]",
        'v' => r"[\n\x{b}\x{c}\r\x{85}\x{2028}\x{2029}]",
        'V' => r"[^\n\x{b}\x{c}\r\x{85}\x{2028}\x{2029}]",
        _ => return None,
    })
}

impl Parser {
    /// What follows a backslash outside of a class.
    pub(super) fn escape(&mut self) -> Result<Node, String> {
        let letter = self.peek().ok_or_else(|| unreadable("a backslash at its end"))?;
        if let Some(class) = predefined(letter) {
            self.at += 1;
            return Ok(Node::of(class));
        }
        match letter {
            'p' | 'P' => self.property().map(Node::of),
            'R' => {
                self.at += 1;
                Ok(Node::of(LINE_BREAK))
            }
            'b' if self.ahead(1) == Some('{') => Err(without(r"`\b{g}`")),
            'b' | 'B' => {
                self.at += 1;
                self.watch(ODD_BOUNDARIES);
                if letter == 'B' {
                    self.watch(PAIRS);
                }
                Ok(Node::nothing(format!("\\{letter}")))
            }
            'A' | 'z' => {
                self.at += 1;
                Ok(Node::nothing(format!("\\{letter}")))
            }
            'Z' | 'G' | 'X' | 'N' => Err(without(&format!("`\\{letter}`"))),
            'k' | '1'..='9' => Err(without(&format!("the back-reference `\\{letter}`"))),
            _ => self.escaped_letter().map(|letter| Node::of(self.letter(letter))),
        }
    }

    /// A letter that is written with a backslash.
    pub(super) fn escaped_letter(&mut self) -> Result<char, String> {
        let letter = self.next().ok_or_else(|| unreadable("a backslash at its end"))?;
        Ok(match letter {
            't' => '\t',
            'n' => '\n',
            'r' => '\r',
            'f' => '\u{c}',
            'a' => '\u{7}',
            'e' => '\u{1b}',
            '0' => self.octal()?,
            'x' => self.hexadecimal()?,
            'u' => self.unicode()?,
            'c' => {
                let control = self.next().and_then(|letter| char::from_u32(u32::from(letter) ^ 64));
                control.ok_or_else(|| unreadable(r"a `\c` without a letter"))?
            }
            other if other.is_ascii_alphanumeric() => {
                return Err(unreadable(&format!("`\\{other}`, which is no escape")));
            }
            other => other,
        })
    }

    fn octal(&mut self) -> Result<char, String> {
        let mut value = None;
        for place in 0..3 {
            let Some(digit) = self.peek().and_then(|letter| letter.to_digit(8)) else { break };
            let so_far = value.unwrap_or(0);
            if place == 2 && so_far > 0o37 {
                break;
            }
            value = Some(so_far * 8 + digit);
            self.at += 1;
        }
        value.and_then(char::from_u32).ok_or_else(|| unreadable(r"a `\0` without digits"))
    }

    fn hexadecimal(&mut self) -> Result<char, String> {
        let broken = || unreadable(r"a `\x` without digits");
        if !self.eat('{') {
            return self.digits(2).and_then(char::from_u32).ok_or_else(broken);
        }
        let mut digits = String::new();
        loop {
            match self.next() {
                Some('}') => break,
                Some(digit) if digit.is_ascii_hexdigit() && digits.len() < 8 => digits.push(digit),
                _ => return Err(broken()),
            }
        }
        u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32).ok_or_else(broken)
    }

    /// Four digits, or twice four that make a pair of surrogates.
    fn unicode(&mut self) -> Result<char, String> {
        let high = self.digits(4).ok_or_else(|| unreadable(r"a `\u` without four digits"))?;
        if let Some(letter) = char::from_u32(high) {
            return Ok(letter);
        }
        let pair = self.eat('\\') && self.eat('u');
        let low = if pair { self.digits(4) } else { None };
        let units = [Some(high as u16), low.map(|low| low as u16)];
        let mut letters = char::decode_utf16(units.into_iter().flatten());
        match (letters.next(), letters.next()) {
            (Some(Ok(letter)), None) => Ok(letter),
            _ => Err(without("half of a surrogate pair")),
        }
    }

    fn digits(&mut self, count: usize) -> Option<u32> {
        let digits: String = self.letters.get(self.at..self.at + count)?.iter().collect();
        let value = u32::from_str_radix(&digits, 16).ok().filter(|_| !digits.starts_with('+'))?;
        self.at += count;
        Some(value)
    }
}
