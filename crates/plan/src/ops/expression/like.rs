//! `LIKE`: `%` stands for any letters, `_` for one, and a backslash or another sign takes the meaning off the next of them.

use std::sync::Arc;

use arrow_array::{ArrayRef, BooleanArray};

use super::rows::texts;
use crate::error::OpError;

/// A pattern that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Like {
    parts: Arc<[Part]>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Any,
    One,
    Letter(char),
}

impl Like {
    /// Reads a pattern; `None` if `escape` stands before anything but `%`, `_` and itself.
    pub fn new(pattern: &str, escape: char) -> Option<Like> {
        let mut parts = Vec::new();
        let mut letters = pattern.chars();
        while let Some(letter) = letters.next() {
            parts.push(match letter {
                letter if letter == escape => {
                    let next = letters.next();
                    Part::Letter(next.filter(|&next| matches!(next, '%' | '_') || next == escape)?)
                }
                '%' => Part::Any,
                '_' => Part::One,
                letter => Part::Letter(letter),
            });
        }
        Some(Like { parts: parts.into() })
    }

    pub(super) fn run(&self, array: &ArrayRef) -> Result<ArrayRef, OpError> {
        let values: BooleanArray =
            texts(array)?.iter().map(|text| text.map(|text| self.matches(text))).collect();
        Ok(Arc::new(values))
    }

    /// Goes back to the last `%` only, so that the work is bounded by the product of the lengths.
    fn matches(&self, text: &str) -> bool {
        let letters: Vec<char> = text.chars().collect();
        let (mut letter, mut part) = (0, 0);
        let mut back: Option<(usize, usize)> = None;
        while letter < letters.len() {
            match self.parts.get(part) {
                Some(Part::Any) => {
                    back = Some((letter, part));
                    part += 1;
                }
                Some(Part::One) => (letter, part) = (letter + 1, part + 1),
                Some(Part::Letter(asked)) if *asked == letters[letter] => {
                    (letter, part) = (letter + 1, part + 1);
                }
                _ => {
                    let Some((from, any)) = back else { return false };
                    back = Some((from + 1, any));
                    (letter, part) = (from + 1, any + 1);
                }
            }
        }
        self.parts[part..].iter().all(|rest| *rest == Part::Any)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_stand_for_letters() {
        let like = |text: &str, pattern: &str| Like::new(pattern, '\\').unwrap().matches(text);
        assert!(like("", "") && like("", "%%") && !like("", "_") && !like("a", ""));
        assert!(like("abcabd", "%abd") && like("abc", "a%c%") && !like("abcx", "a%c"));
        assert!(like("😀é", "__") && like("a%b_", "a\\%b\\_") && !like("axb_", "a\\%b\\_"));
        assert_eq!((Like::new("a\\b", '\\'), Like::new("a\\", '\\')), (None, None));
        assert!(Like::new("a|%", '|').unwrap().matches("a%"));
    }
}
