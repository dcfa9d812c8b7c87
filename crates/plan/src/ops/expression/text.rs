//! Functions of texts. Letters are Unicode code points; a null among the arguments makes a null but where it is said.

use std::sync::Arc;

use arrow_array::types::Int32Type;
use arrow_array::{Array, ArrayRef, Int32Array, StringArray};

use super::codes::{self, Mask};
use super::letters;
use super::rows::{Cells, Rows, numbers, promised, texts};
use crate::column::ColumnType;
use crate::error::OpError;

/// A function of texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextFunction {
    /// In capital letters.
    Upper,
    /// In small letters.
    Lower,
    /// The number of letters.
    Length,
    /// Without spaces around it.
    Trim,
    /// Without spaces in front.
    TrimStart,
    /// Without spaces at the end.
    TrimEnd,
    /// The letters from last to first.
    Reverse,
    /// One behind the other.
    Concat,
    /// With the first text between the others, of which nulls are left out.
    Join,
    /// From a place on, counted from 1 or from the end.
    SubstringFrom,
    /// As many letters as said from a place on.
    Substring,
    /// With the third text wherever the second stood.
    Replace,
    /// The place, counted from 1, of the second text; 0 if it is not in it.
    Find,
    /// Of so many letters: cut, or filled in front with the third text.
    PadStart,
    /// Of so many letters: cut, or filled at the end with the third text.
    PadEnd,
    /// With a capital letter behind each space, and small ones else.
    Capitalize {
        /// Whether a capital may be more than one letter, or lie beyond U+FFFF.
        full: bool,
    },
    /// The place of the first text in the second, from a place on; 0 if it is not in it or no place is given.
    Locate,
    /// With the letters of the second text exchanged for those of the third, or gone where that is shorter.
    Translate,
    /// As often as said.
    Repeat,
    /// Whether it begins with the second text.
    StartsWith,
    /// Whether it ends with the second text.
    EndsWith,
    /// Whether the second text is in it.
    Contains,
    /// The code point of the first letter; 0 if there is none.
    Ascii,
    /// The letter of a code point below 256, of which higher bits are left out; nothing below 0.
    Chr,
    /// The number of bits.
    BitLength,
    /// The number of bytes.
    OctetLength,
    /// What stands before so many of the second text, or behind as many from the end.
    SubstringIndex,
    /// With the second text from a place on in place of so many letters; of as many as it has where that is below 0.
    Overlay,
    /// Without the letters of the second text around it.
    TrimLetters,
    /// Without the letters of the second text in front.
    TrimLettersStart,
    /// Without the letters of the second text at the end.
    TrimLettersEnd,
    /// How many letters must change to get the second text.
    Levenshtein,
    /// The same up to a number; -1 where it is more.
    LevenshteinWithin,
    /// How many values a JSON array has; null for anything else.
    JsonArrayLength,
    /// How much two texts are alike by Jaro and Winkler, from 0 to 1.
    JaroWinkler,
    /// The place of the first text in the second, a list with commas; 0 if it is not in it.
    FindInSet,
    /// The part of this number between the second texts, counted from 1 or from the end; no text where there is none.
    SplitPart,
    /// A whole number in base 2.
    Binary,
    /// A whole number in base 16.
    Hex,
    /// The bytes in base 16.
    HexBytes,
    /// The MD5 digest.
    Md5,
    /// The SHA-1 digest.
    Sha1,
    /// The SHA-2 digest of so many bits; null for a size that there is not.
    Sha2,
    /// The CRC-32 checksum.
    Crc32,
    /// A whole number from one base in another.
    Conv {
        /// Whether a number of more than 64 bits is an error.
        checked: bool,
    },
    /// How a word sounds in English.
    Soundex,
    /// With other letters in place of letters and digits.
    Mask(Mask),
    /// In the writing of URLs.
    UrlEncode,
    /// From the writing of URLs.
    UrlDecode {
        /// Whether a text that is none is an error.
        checked: bool,
    },
    /// The part of a URL that the second text names, and with a third text the value of this key in its query.
    UrlPart {
        /// Whether a text that is no URL is an error.
        checked: bool,
    },
    /// Between single quotes.
    Quote,
    /// Whether the digits are a number with the check digit of Luhn's algorithm.
    Luhn,
    /// The bytes in base 64, in lines of 76 letters.
    Base64,
    /// A double with commas between thousands and so many digits behind the point.
    FormatDouble,
    /// The text of a decimal likewise.
    FormatDecimal,
    /// The text at the place that stands first, counted from 1.
    Choose {
        /// Whether a place that is not there is an error.
        checked: bool,
    },
}

/// The longest text that a function makes.
const MAX_BYTES: usize = 1 << 24;

impl TextFunction {
    /// The types that it takes, of so many arguments where their number is free.
    pub fn types(self, arguments: usize) -> Vec<ColumnType> {
        use ColumnType::{Double, Int, Long, String};
        match self {
            TextFunction::Concat | TextFunction::Join => vec![String; arguments.max(1)],
            TextFunction::UrlPart { .. } => vec![String; arguments.clamp(2, 3)],
            TextFunction::SubstringFrom
            | TextFunction::Repeat
            | TextFunction::Sha2
            | TextFunction::FormatDecimal => vec![String, Int],
            TextFunction::Substring | TextFunction::Conv { .. } => vec![String, Int, Int],
            TextFunction::FormatDouble => vec![Double, Int],
            TextFunction::Choose { .. } => {
                let mut types = vec![String; arguments.max(1)];
                types[0] = Int;
                types
            }
            TextFunction::Replace | TextFunction::Translate => vec![String; 3],
            TextFunction::PadStart | TextFunction::PadEnd => vec![String, Int, String],
            TextFunction::Locate
            | TextFunction::SubstringIndex
            | TextFunction::SplitPart
            | TextFunction::LevenshteinWithin => vec![String, String, Int],
            TextFunction::Overlay => vec![String, String, Int, Int],
            TextFunction::Chr | TextFunction::Binary | TextFunction::Hex => vec![Long],
            TextFunction::Find
            | TextFunction::StartsWith
            | TextFunction::EndsWith
            | TextFunction::Contains
            | TextFunction::TrimLetters
            | TextFunction::TrimLettersStart
            | TextFunction::TrimLettersEnd
            | TextFunction::Levenshtein
            | TextFunction::JaroWinkler
            | TextFunction::FindInSet => vec![String; 2],
            _ => vec![String],
        }
    }

    /// The type of what it answers.
    pub fn answers(self) -> ColumnType {
        match self {
            TextFunction::Length
            | TextFunction::Find
            | TextFunction::Locate
            | TextFunction::Ascii
            | TextFunction::BitLength
            | TextFunction::OctetLength
            | TextFunction::Levenshtein
            | TextFunction::LevenshteinWithin
            | TextFunction::JsonArrayLength
            | TextFunction::FindInSet => ColumnType::Int,
            TextFunction::Crc32 => ColumnType::Long,
            TextFunction::JaroWinkler => ColumnType::Double,
            TextFunction::StartsWith
            | TextFunction::EndsWith
            | TextFunction::Contains
            | TextFunction::Luhn => ColumnType::Boolean,
            _ => ColumnType::String,
        }
    }

    pub(super) fn run(self, arguments: &[ArrayRef], rows: &Rows) -> Result<ArrayRef, OpError> {
        if let Some(answer) = letters::run(self, &Cells(arguments), rows) {
            return answer;
        }
        if let Some(answer) = codes::run(self, &Cells(arguments), rows) {
            return answer;
        }
        let Some(first) = arguments.first() else { return Err(promised("arguments")) };
        let first = texts(first)?;
        let each = |f: &dyn Fn(&str) -> String| -> Result<ArrayRef, OpError> {
            Ok(Arc::new(first.iter().map(|text| text.map(f)).collect::<StringArray>()))
        };
        match self {
            TextFunction::Upper => each(&str::to_uppercase),
            TextFunction::Lower => each(&str::to_lowercase),
            TextFunction::Trim => each(&|text| text.trim_matches(' ').to_owned()),
            TextFunction::TrimStart => each(&|text| text.trim_start_matches(' ').to_owned()),
            TextFunction::TrimEnd => each(&|text| text.trim_end_matches(' ').to_owned()),
            TextFunction::Reverse => each(&|text| text.chars().rev().collect()),
            TextFunction::Length => {
                let length = |text: Option<&str>| text.map(|text| text.chars().count() as i32);
                Ok(Arc::new(first.iter().map(length).collect::<Int32Array>()))
            }
            TextFunction::Find => {
                let pairs = first.iter().zip(texts(&arguments[1])?);
                Ok(Arc::new(pairs.map(|(text, part)| Some(find(text?, part?))).collect::<Int32Array>()))
            }
            TextFunction::SubstringFrom | TextFunction::Substring => cut(first, &arguments[1..]),
            TextFunction::Replace => replace(first, &arguments[1..], rows),
            TextFunction::Concat | TextFunction::Join => join(arguments, self == TextFunction::Join, rows),
            _ => Err(promised("functions of texts")),
        }
    }
}

fn find(text: &str, part: &str) -> i32 {
    text.find(part).map_or(0, |at| text[..at].chars().count() as i32 + 1)
}

fn cut(array: &StringArray, places: &[ArrayRef]) -> Result<ArrayRef, OpError> {
    let from = numbers::<Int32Type>(&places[0])?;
    let length = places.get(1).map(numbers::<Int32Type>).transpose()?;
    let value = |row: usize| {
        let length = match length {
            Some(length) => i64::from(length.is_valid(row).then(|| length.value(row))?),
            None => i64::from(i32::MAX),
        };
        let from = i64::from(from.is_valid(row).then(|| from.value(row))?);
        Some(substring(array.is_valid(row).then(|| array.value(row))?, from, length))
    };
    Ok(Arc::new((0..array.len()).map(value).collect::<StringArray>()))
}

/// Place 0 is the first letter as 1 is; a place before the first letter takes from the length.
pub(super) fn substring(text: &str, from: i64, length: i64) -> String {
    let letters = text.chars().count() as i64;
    let start = match from {
        0 => 0,
        from if from > 0 => from - 1,
        from => letters + from,
    };
    let end = (start + length).min(letters);
    let start = start.max(0);
    text.chars().skip(start as usize).take((end - start).max(0) as usize).collect()
}

fn replace(array: &StringArray, texts_of: &[ArrayRef], rows: &Rows) -> Result<ArrayRef, OpError> {
    let (from, to) = (texts(&texts_of[0])?, texts(&texts_of[1])?);
    let mut values = Vec::with_capacity(rows.count);
    for (row, ((text, from), to)) in array.iter().zip(from).zip(to).enumerate() {
        let (Some(text), Some(from), Some(to)) = (text, from, to) else {
            values.push(None);
            continue;
        };
        if from.is_empty() {
            values.push(Some(text.to_owned()));
            continue;
        }
        bounded(text.len() + text.matches(from).count() * to.len(), row)?;
        values.push(Some(text.replace(from, to)));
    }
    Ok(Arc::new(StringArray::from(values)))
}

fn join(arguments: &[ArrayRef], separated: bool, rows: &Rows) -> Result<ArrayRef, OpError> {
    let columns = arguments.iter().map(texts).collect::<Result<Vec<_>, _>>()?;
    let (separators, columns) = match separated {
        true => (columns.first().copied(), &columns[1..]),
        false => (None, &columns[..]),
    };
    let mut values = Vec::with_capacity(rows.count);
    for row in 0..rows.count {
        let separator = separators.map_or(Some(""), |texts| texts.is_valid(row).then(|| texts.value(row)));
        let parts: Vec<&str> =
            columns.iter().filter(|texts| texts.is_valid(row)).map(|texts| texts.value(row)).collect();
        let Some(separator) = separator.filter(|_| separated || parts.len() == columns.len()) else {
            values.push(None);
            continue;
        };
        bounded(parts.iter().map(|part| part.len() + separator.len()).sum(), row)?;
        values.push(Some(parts.join(separator)));
    }
    Ok(Arc::new(StringArray::from(values)))
}

pub(super) fn bounded(bytes: usize, row: usize) -> Result<(), OpError> {
    if bytes > MAX_BYTES {
        return Err(OpError::row(row, 0, format!("a text of {bytes} bytes"), format!("at most {MAX_BYTES}")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_from_either_end() {
        let cases = [
            (1, 2, "ab"),
            (0, 2, "ab"),
            (2, 9, "bcd"),
            (-2, 9, "cd"),
            (-5, 3, "ab"),
            (-9, 3, ""),
            (9, 1, ""),
            (2, 0, ""),
            (2, -1, ""),
        ];
        for (from, length, expected) in cases {
            assert_eq!(substring("abcd", from, length), expected, "{from} {length}");
        }
        assert_eq!((find("é😀x", "x"), find("abc", "z"), find("abc", "")), (3, 0, 1));
    }
}
