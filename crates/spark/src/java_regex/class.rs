//! Classes of letters in brackets, and properties.

use super::escape::{literal, predefined};
use super::{Parser, unreadable, without};

impl Parser {
    /// What follows a `[`, up to its `]`.
    pub(super) fn class(&mut self) -> Result<String, String> {
        let negated = self.eat('^');
        let (mut items, mut both) = (String::new(), String::new());
        let mut nested = false;
        loop {
            match (self.peek(), self.ahead(1)) {
                (None, _) => return Err(unreadable("a `[` without `]`")),
                (Some(']'), _) if !items.is_empty() => break,
                (Some('['), _) => {
                    self.at += 1;
                    items.push_str(&self.deeper(Parser::class)?);
                    nested = true;
                }
                (Some('&'), Some('&')) => {
                    self.at += 2;
                    if items.is_empty() || !self.eat('[') {
                        return Err(without("`&&` before anything but a class in brackets"));
                    }
                    both.push_str("&&");
                    both.push_str(&self.deeper(Parser::class)?);
                    if !matches!(self.peek(), Some(']' | '&')) {
                        return Err(without("anything behind the class that follows `&&`"));
                    }
                    nested = true;
                }
                _ if !both.is_empty() => return Err(without("anything behind the class that follows `&&`")),
                _ => self.range(&mut items)?,
            }
        }
        self.at += 1;
        if negated && nested {
            return Err(without("a class inside a negated one: Java 8 and 9 read it differently"));
        }
        Ok(format!("[{}{items}{both}]", if negated { "^" } else { "" }))
    }

    /// A letter, a range of letters, or a class after a backslash.
    fn range(&mut self, items: &mut String) -> Result<(), String> {
        if self.eat('\\') {
            match self.peek() {
                Some('p' | 'P') => {
                    items.push_str(&self.property()?);
                    return Ok(());
                }
                // Java takes it for a single letter there.
                Some('v') if self.ahead(1) == Some('-') => return Err(without(r"`\v-` in a class")),
                Some(letter) if predefined(letter).is_some() => {
                    self.at += 1;
                    items.push_str(predefined(letter).unwrap_or_default());
                    return Ok(());
                }
                _ => self.at -= 1,
            }
        }
        let first = self.class_letter()?;
        let last = match (self.peek(), self.ahead(1)) {
            (Some('-'), Some(end)) if !matches!(end, '[' | ']') => {
                self.at += 1;
                self.class_letter()?
            }
            _ => first,
        };
        if last < first {
            return Err(unreadable("a range of letters that does not ascend"));
        }
        push_range(items, first, last);
        if self.flags.any_case {
            let overlap = |from: char, to: char| (first.max(from), last.min(to));
            let (from, to) = overlap('a', 'z');
            if from <= to {
                push_range(items, from.to_ascii_uppercase(), to.to_ascii_uppercase());
            }
            let (from, to) = overlap('A', 'Z');
            if from <= to {
                push_range(items, from.to_ascii_lowercase(), to.to_ascii_lowercase());
            }
        }
        Ok(())
    }

    fn class_letter(&mut self) -> Result<char, String> {
        match self.next() {
            Some('\\') => match self.peek() {
                Some(letter @ ('R' | 'X' | 'N' | 'b' | 'B')) => {
                    Err(without(&format!("`\\{letter}` in a class")))
                }
                _ => self.escaped_letter(),
            },
            Some(letter) => Ok(letter),
            None => Err(unreadable("a `[` without `]`")),
        }
    }

    /// What follows the backslash of `\p` or `\P`.
    pub(super) fn property(&mut self) -> Result<String, String> {
        let negated = self.next() == Some('P');
        let mut name = String::new();
        match self.next() {
            Some('{') => loop {
                match self.next() {
                    Some('}') => break,
                    Some(letter) => name.push(letter),
                    None => return Err(unreadable(r"a `\p{` without `}`")),
                }
            },
            Some(letter) => name.push(letter),
            None => return Err(unreadable(r"a `\p` without a name")),
        }
        let items = property(&name).ok_or_else(|| without(&format!(r"the property `\p{{{name}}}`")))?;
        let of_case = ["Lower", "Upper", "Lu", "Ll", "Lt", "LC"];
        let folded = name.trim_start_matches("Is").to_ascii_lowercase();
        let of_case = of_case.contains(&name.rsplit('=').next().unwrap_or_default())
            || of_case.iter().any(|case| case.to_ascii_lowercase() == folded)
            || folded.ends_with("case");
        if self.flags.any_case && of_case {
            return Err(without(&format!(r"`\p{{{name}}}` under the flag `i`")));
        }
        Ok(format!("[{}{items}]", if negated { "^" } else { "" }))
    }
}

fn push_range(items: &mut String, first: char, last: char) {
    items.push_str(&literal(first));
    if last > first {
        items.push('-');
        items.push_str(&literal(last));
    }
}

/// What stands in brackets for a property of Java.
fn property(name: &str) -> Option<String> {
    if let Some((key, value)) = name.split_once('=') {
        return match key.to_ascii_lowercase().as_str() {
            "sc" | "script" => script(value),
            "gc" | "general_category" => category(value),
            _ => None,
        };
    }
    match name.strip_prefix("Is") {
        Some(name) => unicode(name).map(str::to_owned).or_else(|| category(name)).or_else(|| script(name)),
        None if name.starts_with("In") || name.starts_with("java") => None,
        None => posix(name).map(str::to_owned).or_else(|| category(name)),
    }
}

/// The ASCII classes of POSIX.
fn posix(name: &str) -> Option<&'static str> {
    Some(match name {
        "Lower" => "a-z",
        "Upper" => "A-Z",
        "ASCII" => r"\x{0}-\x{7f}",
        "Alpha" => "a-zA-Z",
        "Digit" => "0-9",
        "Alnum" => "a-zA-Z0-9",
        "Punct" => r"\x{21}-\x{2f}\x{3a}-\x{40}\x{5b}-\x{60}\x{7b}-\x{7e}",
        "Graph" => r"\x{21}-\x{7e}",
        "Print" => r"\x{20}-\x{7e}",
        "Blank" => r"\x{20}\t",
        "Cntrl" => r"\x{0}-\x{1f}\x{7f}",
        "XDigit" => "0-9a-fA-F",
        "Space" => r"\x{20}\t\n\x{b}\x{c}\r",
        "L1" => r"\x{0}-\x{ff}",
        "LD" => r"\p{L}\p{Nd}",
        _ => return None,
    })
}

/// The general categories, but for those of code points without a letter.
fn category(name: &str) -> Option<String> {
    let known = [
        "L", "LC", "Lu", "Ll", "Lt", "Lm", "Lo", "M", "Mn", "Mc", "Me", "N", "Nd", "Nl", "No", "P", "Pc",
        "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "S", "Sm", "Sc", "Sk", "So", "Z", "Zs", "Zl", "Zp", "Cc", "Cf",
    ];
    known.contains(&name).then(|| format!(r"\p{{{name}}}"))
}

/// The binary properties of Unicode.
fn unicode(name: &str) -> Option<&'static str> {
    Some(match name.to_ascii_uppercase().as_str() {
        "ALPHABETIC" => r"\p{Alphabetic}",
        "LETTER" => r"\p{L}",
        "IDEOGRAPHIC" => r"\p{Ideographic}",
        "LOWERCASE" => r"\p{Lowercase}",
        "UPPERCASE" => r"\p{Uppercase}",
        "TITLECASE" => r"\p{Lt}",
        "WHITE_SPACE" | "WHITESPACE" => r"\p{White_Space}",
        "CONTROL" => r"\p{Cc}",
        "PUNCTUATION" => r"\p{P}",
        "DIGIT" => r"\p{Nd}",
        "ALNUM" => r"\p{Alphabetic}\p{Nd}",
        _ => return None,
    })
}

/// A script; the `regex` crate says if it knows none of this name.
fn script(name: &str) -> Option<String> {
    let plain = !name.is_empty() && name.chars().all(|letter| letter.is_ascii_alphabetic() || letter == '_');
    plain.then(|| format!(r"\p{{sc={name}}}"))
}
