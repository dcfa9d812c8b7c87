//! The digits of all scripts, as Java's `Character.isDigit` knows them below U+10000.

use std::sync::LazyLock;

use regex::Regex;

static DIGITS: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"^\p{Nd}$").ok());

fn is_digit(letter: char) -> bool {
    let found = DIGITS.as_ref().is_some_and(|digits| digits.is_match(letter.encode_utf8(&mut [0; 4])));
    letter.is_ascii_digit() || letter > '\u{7f}' && letter < '\u{10000}' && found
}

/// The value of a digit. Ten digits follow each other from a code point that ends on 0 or on 6.
pub(crate) fn digit(letter: char) -> Option<u32> {
    if letter.is_ascii_digit() {
        return letter.to_digit(10);
    }
    if !is_digit(letter) {
        return None;
    }
    let (code, last) = (letter as u32, letter as u32 & 15);
    match last {
        0..=5 => Some(last),
        _ if char::from_u32(code - last).is_some_and(is_digit) => Some(last),
        _ => Some(last - 6),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_ten_digits_of_every_script_are_counted() {
        let digits: Vec<u32> = (0_u32..0x1_0000).filter_map(char::from_u32).filter_map(digit).collect();
        assert!(digits.len() > 300, "{}", digits.len());
        for (at, value) in digits.iter().enumerate() {
            assert_eq!(*value, at as u32 % 10, "the digit {at}");
        }
        assert_eq!((digit('a'), digit('²'), digit('\u{1d7ce}')), (None, None, None));
    }
}
