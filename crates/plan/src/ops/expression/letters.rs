//! More functions of texts: padding, exchanging, searching and counting letters.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use arrow_array::types::Int64Type;
use arrow_array::{ArrayRef, BooleanArray, Int32Array, Int64Array, StringArray};

use super::rows::{Cells, Rows};
use super::text::{TextFunction, bounded, substring};
use super::{digests, json, likeness};
use crate::digits::digit;
use crate::error::OpError;

/// The most steps that a distance of texts may take.
pub(super) const MAX_STEPS: usize = 1 << 28;

/// The answer of a function, if it is one of those here.
pub(super) fn run(function: TextFunction, cells: &Cells, rows: &Rows) -> Option<Result<ArrayRef, OpError>> {
    let ints = |of: &dyn Fn(usize) -> Option<i32>| -> Option<Result<ArrayRef, OpError>> {
        Some(Ok(Arc::new((0..rows.count).map(of).collect::<Int32Array>())))
    };
    let tests = |of: &dyn Fn(&str, &str) -> bool| -> Option<Result<ArrayRef, OpError>> {
        let test = |row| Some(of(cells.text(0, row)?, cells.text(1, row)?));
        Some(Ok(Arc::new((0..rows.count).map(test).collect::<BooleanArray>())))
    };
    match function {
        TextFunction::StartsWith => tests(&|text, part| text.starts_with(part)),
        TextFunction::EndsWith => tests(&|text, part| text.ends_with(part)),
        TextFunction::Contains => tests(&|text, part| text.contains(part)),
        TextFunction::Luhn => {
            let valid = (0..rows.count).map(|row| Some(luhn(cells.text(0, row)?)));
            Some(Ok(Arc::new(valid.collect::<BooleanArray>())))
        }
        TextFunction::Locate => ints(&|row| locate(cells, row)),
        TextFunction::Ascii => ints(&|row| Some(cells.text(0, row)?.chars().next().map_or(0, |c| c as i32))),
        TextFunction::BitLength => ints(&|row| Some((cells.text(0, row)?.len() as i32).wrapping_mul(8))),
        TextFunction::OctetLength => ints(&|row| Some(cells.text(0, row)?.len() as i32)),
        TextFunction::JsonArrayLength => ints(&|row| json::array_length(cells.text(0, row)?)),
        TextFunction::FindInSet => ints(&|row| Some(find_in_set(cells.text(0, row)?, cells.text(1, row)?))),
        TextFunction::Crc32 => {
            let sums = (0..rows.count).map(|row| Some(digests::crc32(cells.text(0, row)?.as_bytes())));
            Some(Ok(Arc::new(sums.collect::<Int64Array>())))
        }
        TextFunction::Levenshtein | TextFunction::LevenshteinWithin => {
            Some(distances(function == TextFunction::LevenshteinWithin, cells, rows))
        }
        TextFunction::JaroWinkler => Some(likeness::run(cells, rows)),
        TextFunction::PadStart
        | TextFunction::PadEnd
        | TextFunction::Capitalize { .. }
        | TextFunction::Translate
        | TextFunction::Repeat
        | TextFunction::Chr
        | TextFunction::SubstringIndex
        | TextFunction::Overlay
        | TextFunction::TrimLetters
        | TextFunction::TrimLettersStart
        | TextFunction::TrimLettersEnd
        | TextFunction::SplitPart
        | TextFunction::Binary
        | TextFunction::Hex
        | TextFunction::HexBytes
        | TextFunction::Md5
        | TextFunction::Sha1
        | TextFunction::Sha2 => {
            let values = (0..rows.count).map(|row| made(function, cells, row, rows));
            let values = values.collect::<Result<Vec<_>, _>>();
            Some(values.map(|values| Arc::new(StringArray::from(values)) as ArrayRef))
        }
        _ => None,
    }
}

/// The text that a function makes of a row.
fn made(function: TextFunction, cells: &Cells, row: usize, rows: &Rows) -> Result<Option<String>, OpError> {
    let value = match function {
        TextFunction::PadStart | TextFunction::PadEnd | TextFunction::Repeat => {
            return filled(function, cells, row);
        }
        TextFunction::SplitPart if cells.int(2, row) == Some(0) && rows.is_active(row) => {
            return Err(OpError::row(row, 0, "part 0", "the number of a part, counted from 1 or -1"));
        }
        _ => whole(function, cells, row),
    };
    bounded(value.as_ref().map_or(0, String::len), row)?;
    Ok(value)
}

fn whole(function: TextFunction, cells: &Cells, row: usize) -> Option<String> {
    let long = || cells.number::<Int64Type>(0, row);
    Some(match function {
        TextFunction::Capitalize { full } => capitalized(cells.text(0, row)?, full),
        TextFunction::Translate => translated(cells.text(0, row)?, cells.text(1, row)?, cells.text(2, row)?),
        TextFunction::Chr => match long()? {
            below if below < 0 => String::new(),
            code => char::from(code as u8).to_string(),
        },
        TextFunction::SubstringIndex => {
            substring_index(cells.text(0, row)?, cells.text(1, row)?, cells.int(2, row)?).to_owned()
        }
        TextFunction::Overlay => {
            let (text, new) = (cells.text(0, row)?, cells.text(1, row)?);
            let (place, length) = (i64::from(cells.int(2, row)?), i64::from(cells.int(3, row)?));
            let length = if length >= 0 { length } else { new.chars().count() as i64 };
            let rest = substring(text, place + length, i64::from(i32::MAX));
            substring(text, 1, place - 1) + new + &rest
        }
        TextFunction::TrimLetters | TextFunction::TrimLettersStart | TextFunction::TrimLettersEnd => {
            let mut text = cells.text(0, row)?;
            let letters: HashSet<char> = cells.text(1, row)?.chars().collect();
            if function != TextFunction::TrimLettersEnd {
                text = text.trim_start_matches(|letter: char| letters.contains(&letter));
            }
            if function != TextFunction::TrimLettersStart {
                text = text.trim_end_matches(|letter: char| letters.contains(&letter));
            }
            text.to_owned()
        }
        TextFunction::SplitPart => {
            split_part(cells.text(0, row)?, cells.text(1, row)?, cells.int(2, row)?).to_owned()
        }
        TextFunction::Binary => format!("{:b}", long()?),
        TextFunction::Hex => format!("{:X}", long()?),
        TextFunction::Md5 => digests::md5(cells.text(0, row)?.as_bytes()),
        TextFunction::Sha1 => digests::sha1(cells.text(0, row)?.as_bytes()),
        TextFunction::Sha2 => digests::sha2(cells.text(0, row)?.as_bytes(), cells.int(1, row)?)?,
        TextFunction::HexBytes => cells.text(0, row)?.bytes().map(|byte| format!("{byte:02X}")).collect(),
        _ => return None,
    })
}

/// What is bounded before it is made.
fn filled(function: TextFunction, cells: &Cells, row: usize) -> Result<Option<String>, OpError> {
    let (Some(text), Some(count)) = (cells.text(0, row), cells.int(1, row)) else { return Ok(None) };
    let count = usize::try_from(count).unwrap_or(0);
    if function == TextFunction::Repeat {
        bounded(text.len().saturating_mul(count), row)?;
        return Ok(Some(text.repeat(count)));
    }
    let Some(pad) = cells.text(2, row) else { return Ok(None) };
    let letters = text.chars().count();
    if letters >= count || pad.is_empty() {
        return Ok(Some(text.chars().take(count).collect()));
    }
    bounded(text.len().saturating_add((count - letters).saturating_mul(4)), row)?;
    let fill: String = pad.chars().cycle().take(count - letters).collect();
    Ok(Some(if function == TextFunction::PadStart { fill + text } else { text.to_owned() + &fill }))
}

/// Every second digit from the end counts twice, as the sum of its digits; all in all a multiple of ten.
fn luhn(text: &str) -> bool {
    let mut sum = 0_u64;
    for (at, letter) in text.chars().rev().enumerate() {
        let Some(digit) = digit(letter) else { return false };
        let counted = if at % 2 == 1 { 2 * digit } else { digit };
        sum += u64::from(counted / 10 + counted % 10);
    }
    !text.is_empty() && sum.is_multiple_of(10)
}

fn locate(cells: &Cells, row: usize) -> Option<i32> {
    let Some(from) = cells.int(2, row) else { return Some(0) };
    let (part, text) = (cells.text(0, row)?, cells.text(1, row)?);
    let Some(skipped) = usize::try_from(from).ok().and_then(|from| from.checked_sub(1)) else {
        return Some(0);
    };
    if part.is_empty() {
        return Some(1);
    }
    let start = text.char_indices().nth(skipped).map_or(text.len(), |(at, _)| at);
    let found = text[start..].find(part).map(|at| text[..start + at].chars().count() as i32 + 1);
    Some(found.unwrap_or(0))
}

/// Words stand between spaces; other letters than the first are small.
fn capitalized(text: &str, full: bool) -> String {
    let mut first = true;
    let lower = crate::lower::lower_case(text);
    let mut made = String::with_capacity(text.len());
    for letter in lower.chars() {
        match title(letter).filter(|_| first && (full || letter < '\u{10000}')) {
            Some(title) => made.push(title),
            None if first && full => made.push_str(&titles(letter)),
            None => made.push(letter),
        }
        first = letter == ' ';
    }
    made
}

/// The capital of a letter where it is more than one: the first is large.
fn titles(letter: char) -> String {
    let mut upper = letter.to_uppercase();
    let mut made: String = upper.next().into_iter().collect();
    for rest in upper {
        match (letter, rest) {
            ('ŉ', _) => made.push(rest),
            (_, '\u{399}') => made.push('\u{345}'),
            _ => made.extend(rest.to_lowercase()),
        }
    }
    match letter {
        '\u{10d0}'..='\u{10ff}' => letter.to_string(),
        _ => made,
    }
}

/// The capital of a letter for the start of a word, where it is one letter.
fn title(letter: char) -> Option<char> {
    let mut upper = letter.to_uppercase();
    match (letter, upper.next(), upper.next()) {
        ('\u{1c4}'..='\u{1c6}', ..) => Some('\u{1c5}'),
        ('\u{1c7}'..='\u{1c9}', ..) => Some('\u{1c8}'),
        ('\u{1ca}'..='\u{1cc}', ..) => Some('\u{1cb}'),
        ('\u{1f1}'..='\u{1f3}', ..) => Some('\u{1f2}'),
        // Georgian has capitals for whole texts only.
        ('\u{10d0}'..='\u{10ff}', ..) => None,
        // An iota below a letter stays there.
        ('\u{1f80}'..='\u{1faf}', ..) => char::from_u32(letter as u32 | 8),
        ('\u{1fb3}' | '\u{1fc3}' | '\u{1ff3}', ..) => char::from_u32(letter as u32 + 9),
        (_, Some(one), None) => Some(one),
        _ => None,
    }
}

fn translated(text: &str, from: &str, to: &str) -> String {
    let mut places = to.chars();
    let mut exchanged: HashMap<char, Option<char>> = HashMap::new();
    for letter in from.chars() {
        let place = places.next();
        exchanged.entry(letter).or_insert(place);
    }
    text.chars().filter_map(|letter| exchanged.get(&letter).copied().unwrap_or(Some(letter))).collect()
}

/// Separators may overlap.
fn substring_index<'a>(text: &'a str, separator: &str, count: i32) -> &'a str {
    if separator.is_empty() || count == 0 {
        return "";
    }
    let found: Vec<usize> =
        (0..text.len()).filter(|&at| text.as_bytes()[at..].starts_with(separator.as_bytes())).collect();
    let wanted = count.unsigned_abs() as usize;
    match count > 0 {
        true => found.get(wanted - 1).map_or(text, |&end| &text[..end]),
        false => {
            let at = found.len().checked_sub(wanted).map(|place| found[place] + separator.len());
            at.map_or(text, |start| &text[start..])
        }
    }
}

fn find_in_set(word: &str, set: &str) -> i32 {
    if word.contains(',') {
        return 0;
    }
    set.split(',').position(|part| part == word).map_or(0, |place| place as i32 + 1)
}

fn split_part<'a>(text: &'a str, separator: &str, part: i32) -> &'a str {
    let parts: Vec<&str> = if separator.is_empty() { vec![text] } else { text.split(separator).collect() };
    let place = match part > 0 {
        true => Some(part as usize - 1),
        false => parts.len().checked_sub(part.unsigned_abs() as usize),
    };
    place.and_then(|place| parts.get(place)).copied().unwrap_or("")
}

fn distances(bounded: bool, cells: &Cells, rows: &Rows) -> Result<ArrayRef, OpError> {
    let mut values = Vec::with_capacity(rows.count);
    for row in 0..rows.count {
        let most = if bounded { cells.int(2, row) } else { Some(i32::MAX) };
        let (Some(one), Some(other), Some(most)) = (cells.text(0, row), cells.text(1, row), most) else {
            values.push(None);
            continue;
        };
        let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
        if one.len().saturating_mul(other.len()) > MAX_STEPS {
            return Err(OpError::row(row, 0, "long texts", "texts that are compared in 2^28 steps"));
        }
        let distance = distance(&one, &other);
        values.push(Some(if distance > most { -1 } else { distance }));
    }
    Ok(Arc::new(Int32Array::from(values)))
}

fn distance(one: &[char], other: &[char]) -> i32 {
    let mut costs: Vec<i32> = (0..=other.len() as i32).collect();
    for (row, letter) in one.iter().enumerate() {
        let mut corner = row as i32;
        let mut left = corner + 1;
        for (cost, next) in costs.iter_mut().skip(1).zip(other) {
            let changed = corner + i32::from(letter != next);
            corner = *cost;
            left = changed.min(corner + 1).min(left + 1);
            *cost = left;
        }
        if let Some(first) = costs.first_mut() {
            *first = row as i32 + 1;
        }
    }
    costs.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_counted_from_either_end() {
        assert_eq!((substring_index("a.b.c", ".", 2), substring_index("a.b.c", ".", -1)), ("a.b", "c"));
        assert_eq!((substring_index("aaa", "aa", 2), substring_index("a", ".", 9)), ("a", "a"));
        assert_eq!(
            (split_part("a,b", ",", -2), split_part("a,b", ",", 3), split_part("", ",", 1)),
            ("a", "", "")
        );
        assert_eq!((find_in_set("b", "a,b"), find_in_set("", "a,,b"), find_in_set("a,b", "a,b")), (2, 2, 0));
    }

    #[test]
    fn letters_are_exchanged_and_counted() {
        assert_eq!(translated("abcab", "ab", "x"), "xcx");
        assert_eq!(capitalized("hello wORLD-x ǆ ß 𐐨", false), "Hello World-x ǅ ß 𐐨");
        let chars = |text: &str| text.chars().collect::<Vec<_>>();
        assert_eq!(distance(&chars("kitten"), &chars("sitting")), 3);
        assert_eq!((distance(&chars(""), &chars("ab")), distance(&chars("ab"), &[])), (2, 2));
    }
}
