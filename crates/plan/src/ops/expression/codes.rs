//! Texts in other writings: numbers to another base, sounds, masks, URLs and base 64.

use std::sync::{Arc, LazyLock};

use arrow_array::{ArrayRef, StringArray};
use regex::Regex;

use super::format_number::{format_decimal, format_double};
use super::rows::{Cells, Rows, promised};
use super::text::{TextFunction, bounded};
use super::uri::{self, Uri};
use crate::error::OpError;

/// What stands in a mask for letters and digits; `None` leaves them as they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mask {
    /// For capital letters.
    pub upper: Option<char>,
    /// For small letters.
    pub lower: Option<char>,
    /// For digits.
    pub digit: Option<char>,
    /// For everything else.
    pub other: Option<char>,
    /// Whether letters above U+FFFF are taken as two that are neither letters nor digits.
    pub halves: bool,
}

/// The answer of a function, if it is one of those here.
pub(super) fn run(function: TextFunction, cells: &Cells, rows: &Rows) -> Option<Result<ArrayRef, OpError>> {
    use TextFunction as Of;
    if !matches!(
        function,
        Of::Conv { .. }
            | Of::Soundex
            | Of::Mask(_)
            | Of::UrlEncode
            | Of::UrlDecode { .. }
            | Of::UrlPart { .. }
            | Of::Quote
            | Of::Base64
            | Of::FormatDouble
            | Of::FormatDecimal
            | Of::Choose { .. }
    ) {
        return None;
    }
    let values = (0..rows.count).map(|row| {
        let value = made(function, cells, row, rows.is_active(row))?;
        bounded(value.as_ref().map_or(0, String::len), row)?;
        Ok(value)
    });
    let values = values.collect::<Result<Vec<_>, _>>();
    Some(values.map(|values| Arc::new(StringArray::from(values)) as ArrayRef))
}

fn made(function: TextFunction, cells: &Cells, row: usize, active: bool) -> Result<Option<String>, OpError> {
    let text = cells.text(0, row);
    match function {
        TextFunction::Conv { checked } => {
            let (Some(text), Some(from), Some(to)) = (text, cells.int(1, row), cells.int(2, row)) else {
                return Ok(None);
            };
            match converted(text, from, to) {
                Some((_, true)) if checked && active => {
                    Err(OpError::row(row, 0, format!("\"{text}\""), "a number that fits in 64 bits"))
                }
                made => Ok(made.map(|(text, _)| text)),
            }
        }
        TextFunction::Choose { checked } => {
            let Some(place) = cells.int(0, row) else { return Ok(None) };
            let most = cells.0.len().saturating_sub(1);
            let at = usize::try_from(place).ok().filter(|at| (1..=most).contains(at));
            match at {
                None if checked && active => {
                    Err(OpError::row(row, 0, place.to_string(), format!("a place from 1 to {most}")))
                }
                None => Ok(None),
                Some(at) => Ok(cells.text(at, row).map(str::to_owned)),
            }
        }
        TextFunction::FormatDouble => {
            let value = cells.number::<arrow_array::types::Float64Type>(0, row);
            let (Some(value), Some(digits)) = (value, cells.int(1, row)) else { return Ok(None) };
            formatted(digits, row, active, |digits| Some(format_double(value, digits)))
        }
        TextFunction::FormatDecimal => {
            let (Some(text), Some(digits)) = (text, cells.int(1, row)) else { return Ok(None) };
            formatted(digits, row, active, |digits| format_decimal(text, digits))
        }
        TextFunction::UrlDecode { checked } => match text.map(|text| (text, url_decoded(text))) {
            Some((text, None)) if checked && active => {
                Err(OpError::row(row, 0, cut(text), "a text in the writing of URLs"))
            }
            decoded => Ok(decoded.and_then(|(_, decoded)| decoded)),
        },
        TextFunction::UrlPart { checked } => url_part(cells, row, checked && active),
        TextFunction::Quote => Ok(text.map(|text| format!("'{}'", text.replace('\'', "\\'")))),
        TextFunction::Mask(mask) => text.map(|text| masked(text, mask)).transpose(),
        TextFunction::Soundex => Ok(text.map(soundex)),
        TextFunction::UrlEncode => Ok(text.map(url_encoded)),
        TextFunction::Base64 => Ok(text.map(|text| base64(text.as_bytes()))),
        _ => Err(promised("functions of texts")),
    }
}

/// The start of a text, for a message.
fn cut(text: &str) -> String {
    format!("\"{}\"", text.chars().take(120).collect::<String>())
}

fn url_part(cells: &Cells, row: usize, checked: bool) -> Result<Option<String>, OpError> {
    let (Some(text), Some(name)) = (cells.text(0, row), cells.text(1, row)) else { return Ok(None) };
    let keyed = cells.0.len() > 2;
    let key = cells.text(2, row);
    if keyed && (key.is_none() || name != "QUERY") {
        return Ok(None);
    }
    let Some(uri) = Uri::read(text) else {
        return match checked {
            true => Err(OpError::row(row, 0, cut(text), "a URL, or try_parse_url, which answers null")),
            false => Ok(None),
        };
    };
    let part = uri.part(name);
    Ok(match key {
        Some(key) => part.and_then(|query| uri::value(&query, key).map(str::to_owned)),
        None => part,
    })
}

/// The most digits behind the point that Java writes of a double.
const MAX_DIGITS: i32 = 340;

fn formatted(
    digits: i32,
    row: usize,
    active: bool,
    of: impl Fn(usize) -> Option<String>,
) -> Result<Option<String>, OpError> {
    match usize::try_from(digits) {
        Ok(_) if digits > MAX_DIGITS && active => {
            Err(OpError::row(row, 0, format!("{digits} digits"), format!("at most {MAX_DIGITS}")))
        }
        Ok(digits) => Ok(of(digits)),
        Err(_) => Ok(None),
    }
}

/// A whole number in another base, and whether it has more than 64 bits; signed if the new base is below 0.
fn converted(text: &str, from: i32, to: i32) -> Option<(String, bool)> {
    let base = |base: u32| (2..=36).contains(&base).then_some(base);
    let (from, to_base) = (base(u32::try_from(from).ok()?)?, base(to.unsigned_abs())?);
    let text = text.trim_matches(' ');
    if text.is_empty() {
        return None;
    }
    let digits = text.strip_prefix('-').unwrap_or(text);
    let mut negative = digits.len() < text.len();
    let (mut value, mut overflows) = (0_u64, false);
    for digit in digits.chars().map_while(|digit| digit.to_digit(from)) {
        match value.checked_mul(from.into()).and_then(|value| value.checked_add(digit.into())) {
            Some(next) => value = next,
            None => {
                (value, overflows) = (u64::MAX, true);
                break;
            }
        }
    }
    let mut signed = value as i64;
    if negative && to > 0 {
        signed = if signed < 0 { -1 } else { -signed };
    }
    if to < 0 && signed < 0 {
        signed = signed.wrapping_neg();
        negative = true;
    }
    let (mut rest, mut made) = (signed as u64, Vec::new());
    loop {
        made.push(char::from_digit((rest % u64::from(to_base)) as u32, to_base)?.to_ascii_uppercase());
        rest /= u64::from(to_base);
        if rest == 0 {
            break;
        }
    }
    if negative && to < 0 {
        made.push('-');
    }
    Some((made.into_iter().rev().collect(), overflows))
}

/// How a word sounds in English; what does not begin with a letter from A to Z stays as it is.
fn soundex(text: &str) -> String {
    const CODES: &[u8; 26] = b"01230127022455012623017202";
    let letter = |byte: u8| byte.is_ascii_alphabetic().then(|| byte.to_ascii_uppercase());
    let code = |letter: u8| CODES.get(usize::from(letter - b'A')).copied().unwrap_or(b'0');
    let mut bytes = text.bytes();
    let Some(first) = bytes.next().and_then(letter) else { return text.to_owned() };
    let mut made = String::from(char::from(first));
    let mut last = code(first);
    for byte in bytes {
        let next = letter(byte).map_or(b'0', code);
        // H and W do not part letters of one sound; all else that has none does.
        if next == b'7' {
            continue;
        }
        if next != b'0' && next != last {
            made.push(char::from(next));
            if made.len() == 4 {
                break;
            }
        }
        last = next;
    }
    format!("{made:0<4}")
}

/// Java's general categories of letters and digits.
static CLASSES: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?<upper>\p{Lu})|(?<lower>\p{Ll})|\p{Nd}").ok());

fn masked(text: &str, mask: Mask) -> Result<String, OpError> {
    let classes = CLASSES.as_ref().ok_or_else(|| promised("classes of letters"))?;
    let mut made = String::with_capacity(text.len());
    let mut buffer = [0; 4];
    for letter in text.chars() {
        let found = classes.captures(letter.encode_utf8(&mut buffer));
        let count = if mask.halves { letter.len_utf16() } else { 1 };
        let stands = match found.filter(|_| count == 1) {
            Some(found) if found.name("upper").is_some() => mask.upper,
            Some(found) if found.name("lower").is_some() => mask.lower,
            Some(_) => mask.digit,
            None => mask.other,
        };
        match stands {
            Some(stands) => made.extend(std::iter::repeat_n(stands, count)),
            None => made.push(letter),
        }
    }
    Ok(made)
}

fn url_encoded(text: &str) -> String {
    let mut made = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b' ' => made.push('+'),
            b'.' | b'-' | b'*' | b'_' => made.push(char::from(byte)),
            _ if byte.is_ascii_alphanumeric() => made.push(char::from(byte)),
            _ => made.push_str(&format!("%{byte:02X}")),
        }
    }
    made
}

/// Bytes that are no UTF-8 become U+FFFD.
fn url_decoded(text: &str) -> Option<String> {
    let mut made = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        if letter == '%' {
            let mut bytes = Vec::new();
            while let Some(behind) = rest.strip_prefix('%') {
                let value = i32::from_str_radix(behind.get(..2)?, 16).ok()?;
                bytes.push(u8::try_from(value).ok()?);
                rest = &behind[2..];
            }
            made.push_str(&String::from_utf8_lossy(&bytes));
            continue;
        }
        made.push(if letter == '+' { ' ' } else { letter });
        rest = &rest[letter.len_utf8()..];
    }
    Some(made)
}

/// Base 64, in lines of 76 letters.
pub(super) fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut made = String::with_capacity(bytes.len() / 3 * 4 + 4);
    for (at, chunk) in bytes.chunks(3).enumerate() {
        if at > 0 && at % 19 == 0 {
            made.push_str("\r\n");
        }
        let word = (0..3).fold(0, |word, at| word << 8 | u32::from(chunk.get(at).copied().unwrap_or(0)));
        for place in 0..4 {
            let letter = LETTERS.get((word >> (18 - 6 * place) & 63) as usize).copied().unwrap_or(b'=');
            made.push(if place > chunk.len() { '=' } else { char::from(letter) });
        }
    }
    made
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_turn_to_other_bases() {
        let convert = |text, from, to| converted(text, from, to).map(|(text, _)| text);
        assert_eq!(convert("100", 2, 10).as_deref(), Some("4"));
        assert_eq!(convert("-10", 16, -10).as_deref(), Some("-16"));
        assert_eq!(convert("-1", 10, 16).as_deref(), Some("FFFFFFFFFFFFFFFF"));
        assert_eq!((convert("", 10, 2), convert("1", 1, 2), convert("1", 10, i32::MIN)), (None, None, None));
        assert!(converted("zzzzzzzzzzzzzz", 36, 10).unwrap().1);
    }

    #[test]
    fn words_that_sound_alike_have_one_code() {
        let codes = ["Robert", "Ashcraft", "Tymczak", "pfister", "1a", "A1b"].map(soundex);
        assert_eq!(codes, ["R163", "A261", "T522", "P236", "1a", "A100"]);
    }

    #[test]
    fn urls_are_written_and_read() {
        assert_eq!(url_encoded(" a+é*"), "+a%2B%C3%A9*");
        assert_eq!(url_decoded("a+b%20c%C3%A9%C3x").as_deref(), Some("a b cé\u{fffd}x"));
        assert_eq!([url_decoded("%zz"), url_decoded("%4"), url_decoded("%-1")], [None, None, None]);
    }

    #[test]
    fn base_64_has_lines() {
        let coded = ["", "a", "ab", "abc"].map(|text| base64(text.as_bytes()));
        assert_eq!(coded, ["", "YQ==", "YWI=", "YWJj"]);
        assert_eq!(base64(&[0; 58]).find("\r\n"), Some(76));
    }

    #[test]
    fn masks_know_letters_and_digits() {
        let mask =
            Mask { upper: Some('X'), lower: Some('x'), digit: Some('n'), other: Some('o'), halves: true };
        assert_eq!(masked("AaÄßǅⅯ١日𝐀 ", mask).ok().unwrap(), "XxXxoonoooo");
        let mask = Mask { halves: false, ..mask };
        assert_eq!(masked("日𝐀 ", mask).ok().unwrap(), "oXo");
    }
}
