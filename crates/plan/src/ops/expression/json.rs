//! JSON as Jackson reads and writes it for Spark: single quotes and bare control signs are taken, numbers with a point or an
//! exponent become doubles, and what stands behind the first value is not looked at.

use crate::ops::cast::java_double;

/// How deep values may lie in each other, and how long numbers may be, as Jackson has it.
const MAX_DEPTH: usize = 1000;
const MAX_DIGITS: usize = 1000;

/// The text is no JSON as far as it was read.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Broken;

/// A text that is read from its start.
pub(super) struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
    /// Whether letters above U+FFFF are written as they are, not as their halves.
    pub(super) whole: bool,
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str) -> Reader<'a> {
        Reader { text, at: 0, depth: 0, whole: false }
    }

    /// The next sign that is no blank.
    pub(super) fn peek(&mut self) -> Result<u8, Broken> {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.byte() {
            self.at += 1;
        }
        self.byte().ok_or(Broken)
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Takes the next sign that is no blank, if it is this one.
    pub(super) fn take(&mut self, sign: u8) -> Result<bool, Broken> {
        let found = self.peek()? == sign;
        self.at += usize::from(found);
        Ok(found)
    }

    fn expect(&mut self, sign: u8) -> Result<(), Broken> {
        if self.take(sign)? { Ok(()) } else { Err(Broken) }
    }

    /// Goes into an object or array, of which one sign is read.
    pub(super) fn enter(&mut self) -> Result<(), Broken> {
        self.depth += 1;
        if self.depth > MAX_DEPTH { Err(Broken) } else { Ok(()) }
    }

    /// Goes to the next part of an object or array; says that there is none at its end.
    pub(super) fn next(&mut self, first: bool, end: u8) -> Result<bool, Broken> {
        if !first && self.take(b',')? {
            return Ok(true);
        }
        if self.take(end)? {
            self.depth -= 1;
            return Ok(false);
        }
        if first { Ok(true) } else { Err(Broken) }
    }

    /// The name of a member, up to its colon.
    pub(super) fn name(&mut self) -> Result<Vec<u16>, Broken> {
        let name = self.string()?;
        self.expect(b':')?;
        Ok(name)
    }

    /// Whether the next value is a null, or begins as one.
    pub(super) fn null_ahead(&mut self) -> Result<bool, Broken> {
        Ok(self.peek()? == b'n')
    }

    /// Reads a value, and writes it where one is asked for.
    pub(super) fn value(&mut self, mut out: Option<&mut String>) -> Result<(), Broken> {
        let mut open: Vec<u8> = Vec::new();
        let mut first = true;
        loop {
            if let Some(&end) = open.last() {
                if !self.next(first, end)? {
                    open.pop();
                    write(&mut out, &char::from(end).to_string());
                    if open.is_empty() {
                        return Ok(());
                    }
                    first = false;
                    continue;
                }
                if !first {
                    write(&mut out, ",");
                }
                if end == b'}' {
                    let name = self.name()?;
                    write_string(&mut out, &name, self.whole)?;
                    write(&mut out, ":");
                }
            }
            first = match self.peek()? {
                sign @ (b'{' | b'[') => {
                    self.at += 1;
                    self.enter()?;
                    open.push(if sign == b'{' { b'}' } else { b']' });
                    write(&mut out, &char::from(sign).to_string());
                    true
                }
                _ => {
                    self.scalar(&mut out, open.is_empty() && self.depth == 0)?;
                    if open.is_empty() {
                        return Ok(());
                    }
                    false
                }
            };
        }
    }

    fn scalar(&mut self, out: &mut Option<&mut String>, root: bool) -> Result<(), Broken> {
        let word = match self.peek()? {
            b'"' | b'\'' => {
                let text = self.string()?;
                write_string(out, &text, self.whole)?;
                return Ok(());
            }
            b't' => "true",
            b'f' => "false",
            b'n' => "null",
            _ => return self.number(out, root),
        };
        self.word(word)?;
        write(out, word);
        Ok(())
    }

    fn word(&mut self, word: &str) -> Result<(), Broken> {
        let rest = self.text.get(self.at..).and_then(|rest| rest.strip_prefix(word)).ok_or(Broken)?;
        self.at += word.len();
        let more = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '$');
        if rest.starts_with(more) { Err(Broken) } else { Ok(()) }
    }

    /// So many digits.
    fn digits(&mut self) -> usize {
        let from = self.at;
        while self.byte().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        self.at - from
    }

    fn number(&mut self, out: &mut Option<&mut String>, root: bool) -> Result<(), Broken> {
        let from = self.at;
        self.at += usize::from(self.byte() == Some(b'-'));
        let zero = self.byte() == Some(b'0');
        let mut count = self.digits();
        if count == 0 || zero && count > 1 {
            return Err(Broken);
        }
        let mut real = false;
        if self.byte() == Some(b'.') {
            self.at += 1;
            let behind = self.digits();
            (real, count) = (true, count + behind);
            if behind == 0 {
                return Err(Broken);
            }
        }
        if let Some(b'e' | b'E') = self.byte() {
            self.at += 1;
            self.at += usize::from(matches!(self.byte(), Some(b'+' | b'-')));
            let exponent = self.digits();
            (real, count) = (true, count + exponent);
            if exponent == 0 {
                return Err(Broken);
            }
        }
        let ends = matches!(self.byte(), None | Some(b' ' | b'\t' | b'\n' | b'\r'));
        if count > MAX_DIGITS || root && !ends {
            return Err(Broken);
        }
        let text = self.text.get(from..self.at).ok_or(Broken)?;
        match text {
            "-0" => write(out, "0"),
            text if real => {
                let value: f64 = text.parse().map_err(|_| Broken)?;
                let shown = java_double(value);
                write(out, &if value.is_infinite() { format!("\"{shown}\"") } else { shown });
            }
            text => write(out, text),
        }
        Ok(())
    }

    /// The letters of a text, which may be halves.
    pub(super) fn string(&mut self) -> Result<Vec<u16>, Broken> {
        let quote = match self.peek()? {
            quote @ (b'"' | b'\'') => char::from(quote),
            _ => return Err(Broken),
        };
        self.at += 1;
        let (mut made, mut pair) = (Vec::new(), [0; 2]);
        loop {
            let letter = self.text.get(self.at..).and_then(|rest| rest.chars().next()).ok_or(Broken)?;
            self.at += letter.len_utf8();
            match letter {
                _ if letter == quote => return Ok(made),
                '\\' => made.push(self.escaped()?),
                _ => made.extend_from_slice(letter.encode_utf16(&mut pair)),
            }
        }
    }

    fn escaped(&mut self) -> Result<u16, Broken> {
        let byte = self.byte().ok_or(Broken)?;
        self.at += 1;
        Ok(match byte {
            b'b' => 8,
            b't' => 9,
            b'n' => 10,
            b'f' => 12,
            b'r' => 13,
            b'"' | b'/' | b'\\' | b'\'' => byte.into(),
            b'u' => {
                let digits = self.text.get(self.at..self.at + 4).ok_or(Broken)?;
                self.at += 4;
                if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
                    return Err(Broken);
                }
                u16::from_str_radix(digits, 16).map_err(|_| Broken)?
            }
            _ => return Err(Broken),
        })
    }
}

fn write(out: &mut Option<&mut String>, text: &str) {
    if let Some(out) = out {
        out.push_str(text);
    }
}

/// A text in quotes. Letters above U+FFFF are written as their halves, as Jackson does, or with `whole` as they are,
/// which half a letter is not.
fn write_string(out: &mut Option<&mut String>, letters: &[u16], whole: bool) -> Result<(), Broken> {
    let Some(out) = out else { return Ok(()) };
    out.push('"');
    for letter in char::decode_utf16(letters.iter().copied()) {
        match letter {
            Err(_) if whole => return Err(Broken),
            Err(half) => out.push_str(&format!("\\u{:04X}", half.unpaired_surrogate())),
            Ok(letter) if letter > '\u{ffff}' && !whole => {
                for unit in letter.encode_utf16(&mut [0; 2]) {
                    out.push_str(&format!("\\u{unit:04X}"));
                }
            }
            Ok(letter) => write_letter(out, letter),
        }
    }
    out.push('"');
    Ok(())
}

fn write_letter(out: &mut String, letter: char) {
    match letter {
        '"' => out.push_str("\\\""),
        '\\' => out.push_str("\\\\"),
        '\u{8}' => out.push_str("\\b"),
        '\t' => out.push_str("\\t"),
        '\n' => out.push_str("\\n"),
        '\u{c}' => out.push_str("\\f"),
        '\r' => out.push_str("\\r"),
        ' '.. => out.push(letter),
        _ => out.push_str(&format!("\\u{:04X}", u32::from(letter))),
    }
}

/// How many values an array has; `None` for anything else.
pub(super) fn array_length(text: &str) -> Option<i32> {
    let mut reader = Reader::new(text);
    let mut count = || {
        if !reader.take(b'[')? {
            return Err(Broken);
        }
        reader.enter()?;
        let mut count = 0;
        while reader.next(count == 0, b']')? {
            reader.value(None)?;
            count += 1;
        }
        Ok(count)
    };
    count().ok()
}

/// The names of an object's members, with `?` for what is half a letter; `None` for anything else.
pub(super) fn object_keys(text: &str) -> Option<Vec<String>> {
    let mut reader = Reader::new(text);
    let mut keys = Vec::new();
    let mut read = || {
        if !reader.take(b'{')? {
            return Err(Broken);
        }
        reader.enter()?;
        while reader.next(keys.is_empty(), b'}')? {
            let name = char::decode_utf16(reader.name()?);
            keys.push(name.map(|letter| letter.unwrap_or('?')).collect());
            reader.value(None)?;
        }
        Ok(())
    };
    read().ok().map(|()| keys)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What Spark 3.5.9 and 4.3.0 answer.
    #[test]
    fn arrays_are_counted() {
        let good =
            ["[1, 2]", "[]", " [1,2] x", "['a']", "[{\"a\":[1,2]},\"x,y\"]", "[\"a\n\"]"].map(array_length);
        assert_eq!(good, [2, 0, 2, 1, 2, 1].map(Some));
        let broken = [
            "[1,2",
            "{}",
            "1",
            "",
            "[1,,2]",
            "[01]",
            "[NaN]",
            "[1,2,]",
            "[{a:1}]",
            "[1 2]",
            "[tru]",
            "[+1]",
            "[.5]",
            "[1.]",
            "[\"\\x\"]",
            "[{]",
            "[{\"a\" 1}]",
            "null",
            "[1e]",
            "[truex]",
            "[,]",
            "[\"\\u12\"]",
            "[\"",
        ];
        for text in broken {
            assert_eq!(array_length(text), None, "{text}");
        }
        let deep = |count| array_length(&("[".repeat(count) + &"]".repeat(count)));
        assert_eq!((deep(1000), deep(1001)), (Some(1), None));
    }

    #[test]
    fn names_are_listed() {
        let keys = |text| object_keys(text).map(|keys| keys.join(","));
        assert_eq!(keys("{'a': {'b': 1}, \"\\ud83d\": [], 'a': 2} x").as_deref(), Some("a,?,a"));
        assert_eq!(
            (keys("{}").as_deref(), keys("[]"), keys("{'a'}"), keys("")),
            (Some(""), None, None, None)
        );
    }

    #[test]
    fn values_are_written_as_jackson_does() {
        let written = |text: &str| {
            let mut out = String::new();
            Reader::new(text).value(Some(&mut out)).map(|()| out)
        };
        assert_eq!(
            written("{'a' : [1e2, -0, -0.0, 1.50, {}, [ ]]}").as_deref(),
            Ok("{\"a\":[100.0,0,-0.0,1.5,{},[]]}")
        );
        assert_eq!(
            written("[\"x\\u00e9\\/\n😀\\ud83d\", 1e400]").as_deref(),
            Ok("[\"xé/\\n\\uD83D\\uDE00\\uD83D\",\"Infinity\"]")
        );
        assert_eq!((written("1x"), written("1 x")), (Err(Broken), Ok("1".to_owned())));
    }
}
