//! Functions of bytes; a null among the arguments makes a null.
//!
//! A value of bytes is a text whose letters, U+0000 to U+00FF, are the bytes: so what compares, joins, cuts, fills and
//! counts letters does it to bytes too. No column of a batch is one.

use std::sync::Arc;

use arrow_array::types::Int64Type;
use arrow_array::{ArrayRef, BooleanArray, Int32Array, Int64Array, StringArray};

use super::charsets::{Charset, java_text};
use super::ciphers::{CipherMode, Sealed};
use super::digests::MacDigest;
use super::rows::{Cells, Rows, promised};
use super::text::bounded;
use super::{base32, codes, digests};
use crate::column::ColumnType;
use crate::error::OpError;

/// What becomes of bytes that are no UTF-8, where they should be a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Malformed {
    /// An error.
    Error,
    /// Null.
    Null,
    /// U+FFFD, as often as Java writes it.
    Java,
    /// U+FFFD, as often as Unicode recommends.
    Unicode,
}

/// What becomes of a text that is no writing of bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// An error.
    Error,
    /// Null.
    Null,
}

/// A function of bytes or to bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ByteFunction {
    /// The UTF-8 of a text.
    OfText,
    /// So many of the lowest bytes of a whole number, the highest in front.
    OfNumber(usize),
    /// The text of UTF-8.
    ToText(Malformed),
    /// Whether it is UTF-8.
    IsText,
    /// A text in a character set.
    Encode {
        /// The set.
        charset: Charset,
        /// Whether a letter that it does not have is an error, not a question mark.
        checked: bool,
    },
    /// The text of bytes in a character set.
    Decode {
        /// The set.
        charset: Charset,
        /// Whether bytes that are none of it are an error, not U+FFFD.
        checked: bool,
    },
    /// From base 16.
    Unhex(Unreadable),
    /// From base 64, without what is none of its letters; bytes that are not whole are an error.
    Unbase64,
    /// From base 64, of which only blanks may be left out.
    UnbaseStrictly(Unreadable),
    /// In base 16.
    Hex,
    /// In base 64.
    Base64,
    /// The MD5 digest.
    Md5,
    /// The SHA-1 digest.
    Sha1,
    /// The SHA-2 digest of so many bits; null for a size that there is not.
    Sha2,
    /// The CRC-32 checksum.
    Crc32,
    /// The number of bits.
    BitLength,
    /// How many bits are set.
    BitCount,
    /// In base 32.
    Base32,
    /// From base 32, without what is none of its letters.
    Unbase32,
    /// The code by which the second bytes are told to be those of who has the first as a key.
    Hmac(MacDigest),
    /// Encrypted with AES: a message, a key, the bytes that stand in front, and what is told to be the same too.
    Encrypt(CipherMode),
    /// Decrypted with AES: bytes, a key, and what is told to be the same too.
    Decrypt {
        /// How the blocks follow each other.
        mode: CipherMode,
        /// What becomes of other bytes.
        unreadable: Unreadable,
    },
}

impl ByteFunction {
    /// The types that it takes.
    pub fn types(self) -> Vec<ColumnType> {
        match self {
            ByteFunction::OfNumber(_) => vec![ColumnType::Long],
            ByteFunction::Sha2 => vec![ColumnType::String, ColumnType::Int],
            ByteFunction::Hmac(_) => vec![ColumnType::String; 2],
            ByteFunction::Encrypt(_) => vec![ColumnType::String; 4],
            ByteFunction::Decrypt { .. } => vec![ColumnType::String; 3],
            _ => vec![ColumnType::String],
        }
    }

    /// The type of what it answers.
    pub fn answers(self) -> ColumnType {
        match self {
            ByteFunction::IsText => ColumnType::Boolean,
            ByteFunction::Crc32 | ByteFunction::BitCount => ColumnType::Long,
            ByteFunction::BitLength => ColumnType::Int,
            _ => ColumnType::String,
        }
    }

    pub(super) fn run(self, arguments: &[ArrayRef], rows: &Rows) -> Result<ArrayRef, OpError> {
        let cells = Cells(arguments);
        let bytes = |row: usize| cells.text(0, row).map(bytes_of);
        Ok(match self {
            ByteFunction::IsText => {
                let is_text = |row| Some(str::from_utf8(&bytes(row)?).is_ok());
                Arc::new((0..rows.count).map(is_text).collect::<BooleanArray>())
            }
            ByteFunction::Crc32 => {
                let sum = |row| Some(digests::crc32(&bytes(row)?));
                Arc::new((0..rows.count).map(sum).collect::<Int64Array>())
            }
            ByteFunction::BitCount => {
                let bits = |row| Some(bytes(row)?.iter().map(|byte| i64::from(byte.count_ones())).sum());
                Arc::new((0..rows.count).map(bits).collect::<Int64Array>())
            }
            ByteFunction::BitLength => {
                let bits = |row| Some((bytes(row)?.len() as i32).wrapping_mul(8));
                Arc::new((0..rows.count).map(bits).collect::<Int32Array>())
            }
            _ => {
                let mut values = Vec::with_capacity(rows.count);
                for row in 0..rows.count {
                    let value = self.made(&cells, row, rows.is_active(row))?;
                    bounded(value.as_ref().map_or(0, String::len), row)?;
                    values.push(value);
                }
                Arc::new(StringArray::from(values))
            }
        })
    }

    fn made(self, cells: &Cells, row: usize, active: bool) -> Result<Option<String>, OpError> {
        if let ByteFunction::OfNumber(count) = self {
            let number = cells.number::<Int64Type>(0, row).map(i64::to_be_bytes);
            return Ok(number.and_then(|bytes| Some(code(bytes.get(bytes.len().checked_sub(count)?..)?))));
        }
        let Some(text) = cells.text(0, row) else { return Ok(None) };
        // What is none is an error or a null.
        let or = |made: Option<String>, wrong: bool, expected: &str| match made {
            None if wrong && active => Err(OpError::row(row, 0, self.shown(text), expected)),
            made => Ok(made),
        };
        match self {
            ByteFunction::ToText(malformed) => {
                let bytes = bytes_of(text);
                let made = match malformed {
                    Malformed::Java => Some(java_text(&bytes)),
                    Malformed::Unicode => Some(String::from_utf8_lossy(&bytes).into_owned()),
                    Malformed::Error | Malformed::Null => String::from_utf8(bytes).ok(),
                };
                or(made, malformed == Malformed::Error, "bytes that are UTF-8")
            }
            ByteFunction::Encode { charset, checked } => {
                let made = charset.encode(text, checked).map(|bytes| code(&bytes));
                or(made, checked, &format!("letters of {charset:?}"))
            }
            ByteFunction::Decode { charset, checked } => {
                or(charset.decode(&bytes_of(text), checked), checked, &format!("bytes of {charset:?}"))
            }
            ByteFunction::Unhex(unreadable) => {
                let made = unhex(text).map(|bytes| code(&bytes));
                or(made, unreadable == Unreadable::Error, "digits in base 16")
            }
            ByteFunction::Unbase64 => or(unbase64(text).map(|bytes| code(&bytes)), true, BASE_64),
            ByteFunction::UnbaseStrictly(unreadable) => {
                let made = Some(text).filter(|text| is_base64(text)).and_then(unbase64);
                or(made.map(|bytes| code(&bytes)), unreadable == Unreadable::Error, BASE_64)
            }
            ByteFunction::Sha2 => Ok(cells.int(1, row).and_then(|bits| digests::sha2(&bytes_of(text), bits))),
            ByteFunction::Hmac(digest) => {
                let Some(message) = cells.text(1, row) else { return Ok(None) };
                let key = Some(bytes_of(text)).filter(|key| !key.is_empty());
                or(
                    key.map(|key| code(&digest.hmac(&key, &bytes_of(message)))),
                    true,
                    "a key that is not empty",
                )
            }
            ByteFunction::Encrypt(_) | ByteFunction::Decrypt { .. } => {
                self.ciphered(cells, row, text, active)
            }
            ByteFunction::Base32 => Ok(Some(base32::written(&bytes_of(text)))),
            ByteFunction::Unbase32 => Ok(Some(code(&base32::read(text)))),
            ByteFunction::OfText => Ok(Some(code(text.as_bytes()))),
            ByteFunction::Hex => Ok(Some(hexadecimal(&bytes_of(text)))),
            ByteFunction::Base64 => Ok(Some(codes::base64(&bytes_of(text)))),
            ByteFunction::Md5 => Ok(Some(digests::md5(&bytes_of(text)))),
            _ => Ok(Some(digests::sha1(&bytes_of(text)))),
        }
    }

    /// Bytes encrypted or decrypted. An error does not show them.
    fn ciphered(
        self,
        cells: &Cells,
        row: usize,
        text: &str,
        active: bool,
    ) -> Result<Option<String>, OpError> {
        let rest: Option<Vec<Vec<u8>>> =
            (1..cells.0.len()).map(|at| cells.text(at, row).map(bytes_of)).collect();
        let Some(rest) = rest else { return Ok(None) };
        let bytes = bytes_of(text);
        let (made, is_error) = match (self, rest.as_slice()) {
            (ByteFunction::Encrypt(mode), [key, first, beside]) => {
                (mode.encrypt(&bytes, &Sealed { key, first, beside }), true)
            }
            (ByteFunction::Decrypt { mode, unreadable }, [key, beside]) => {
                let made = mode.decrypt(&bytes, &Sealed { key, first: &[], beside });
                (made, unreadable == Unreadable::Error)
            }
            _ => return Err(promised("bytes, a key and what goes with them")),
        };
        match made {
            Err(expected) if is_error && active => {
                Err(OpError::row(row, 0, format!("{} bytes and a key", bytes.len()), expected))
            }
            made => Ok(made.ok().map(|made| code(&made))),
        }
    }

    /// A text, or bytes in base 16, for an error.
    fn shown(self, text: &str) -> String {
        match self {
            ByteFunction::ToText(_) | ByteFunction::Decode { .. } => {
                let first: String = text.chars().take(60).collect();
                format!("the bytes {}", hexadecimal(&bytes_of(&first)))
            }
            _ => format!("\"{}\"", text.chars().take(120).collect::<String>()),
        }
    }
}

const BASE_64: &str = "a text in base 64";

/// The text whose letters are these bytes.
fn code(bytes: &[u8]) -> String {
    bytes.iter().map(|&byte| char::from(byte)).collect()
}

/// The bytes that are the letters of a text.
pub(super) fn bytes_of(text: &str) -> Vec<u8> {
    text.chars().map(|letter| letter as u8).collect()
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}

/// An odd number of digits begins with one that is a byte alone.
fn unhex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16).map(|digit| digit as u8);
    let (first, rest) = text.as_bytes().split_at(text.len() % 2);
    let first = first.iter().map(|byte| digit(*byte));
    let rest = rest.as_chunks::<2>().0.iter().map(|[high, low]| Some(digit(*high)? << 4 | digit(*low)?));
    first.chain(rest).collect()
}

/// As Java reads base 64 of MIME: other signs are left out, and nothing but them stands behind `=`.
fn unbase64(text: &str) -> Option<Vec<u8>> {
    let mut made = Vec::with_capacity(text.len() / 4 * 3 + 3);
    let (mut word, mut count) = (0_u32, 0);
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        if byte == b'=' {
            if count == 0 || count == 2 && bytes.next() != Some(b'=') {
                return None;
            }
            break;
        }
        let Some(bits) = sextet(byte) else { continue };
        word = word << 6 | bits;
        count += 1;
        if count == 4 {
            made.extend(word.to_be_bytes().get(1..)?);
            (word, count) = (0, 0);
        }
    }
    match count {
        1 => return None,
        2 => made.push((word >> 4) as u8),
        3 => made.extend([(word >> 10) as u8, (word >> 2) as u8]),
        _ => {}
    }
    bytes.all(|byte| sextet(byte).is_none()).then_some(made)
}

fn sextet(byte: u8) -> Option<u32> {
    Some(
        match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        }
        .into(),
    )
}

/// Whether a text is in base 64, with blanks between the letters, and none or all of the `=` at its end.
fn is_base64(text: &str) -> bool {
    let (mut letters, mut fill) = (0_usize, 0_usize);
    for letter in text.chars() {
        match letter {
            '=' => fill += 1,
            _ if fill > 0 => return false,
            _ if is_blank(letter) => {}
            _ if u8::try_from(letter).is_ok_and(|byte| sextet(byte).is_some()) => letters += 1,
            _ => return false,
        }
    }
    match fill {
        0 => letters % 4 != 1,
        1 | 2 => (letters + fill).is_multiple_of(4),
        _ => false,
    }
}

/// Whether Java counts it as white space, which blanks that do not break a line are not.
fn is_blank(letter: char) -> bool {
    match letter {
        '\u{85}' | '\u{a0}' | '\u{2007}' | '\u{202f}' => false,
        '\u{1c}'..='\u{1f}' => true,
        letter => letter.is_whitespace(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bases_are_read() {
        assert_eq!(unhex("123"), Some(vec![1, 0x23]));
        assert_eq!((unhex(""), unhex("zz"), unhex("1é")), (Some(vec![]), None, None));
        let read = |text: &str| unbase64(text).map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        for (text, expected) in [
            ("YWJj", Some("abc")),
            ("YW\r\nJj!", Some("abc")),
            ("YWI=", Some("ab")),
            ("YQ", Some("a")),
            ("YQ=== ", Some("a")),
            ("", Some("")),
            ("YQ=", None),
            ("Y", None),
            ("=", None),
            ("YQ==YQ==", None),
        ] {
            assert_eq!(read(text).as_deref(), expected, "{text}");
        }
        let strict = ["YW Jj", "YQ", "YQ==", ""].map(is_base64);
        assert_eq!(strict, [true; 4]);
        let loose = ["YQ=", "Y", "YQ== ", "YQ===", "YW-_", "=", "===="].map(is_base64);
        assert_eq!(loose, [false; 7]);
    }
}
