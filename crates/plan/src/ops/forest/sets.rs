//! Sets of categories, as bits.

use crate::error::BuildError;

/// The most memory that all sets of a forest may take, in words of 64 categories: 128 MiB.
const MAX_WORDS: usize = 1 << 24;

/// All sets of a forest, one behind another.
#[derive(Clone, Debug, Default)]
pub(super) struct Sets {
    words: Vec<u64>,
}

/// One set, packed into the eight bytes that a threshold takes: where its words begin, how many there are, and
/// whether values outside of the set pass instead of those inside.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct SetRef(u64);

const INVERTED: u64 = 1 << 63;

impl SetRef {
    pub(super) fn from_threshold(threshold: f64) -> SetRef {
        SetRef(threshold.to_bits())
    }

    pub(super) fn to_threshold(self) -> f64 {
        f64::from_bits(self.0)
    }

    /// The same set where `words` more words lie before its own, as [`Sets::append`] answers.
    pub(super) fn moved(self, words: usize) -> SetRef {
        SetRef(self.0 + words as u64)
    }
}

impl Sets {
    /// Adds a set; with `inverted`, values outside of it pass.
    pub(super) fn add(&mut self, categories: &[u32], inverted: bool) -> Result<SetRef, BuildError> {
        let offset = self.words.len();
        let words = categories.iter().max().map_or(0, |&max| max as usize / 64 + 1);
        check_words(offset + words)?;
        self.words.resize(offset + words, 0);
        for &category in categories {
            self.words[offset + category as usize / 64] |= 1 << (category % 64);
        }
        Ok(SetRef(offset as u64 | (words as u64) << 32 | if inverted { INVERTED } else { 0 }))
    }

    /// Adds all sets of `other`; answers how many words lie before them.
    pub(super) fn append(&mut self, other: &Sets) -> Result<usize, BuildError> {
        let offset = self.words.len();
        check_words(offset + other.words.len())?;
        self.words.extend_from_slice(&other.words);
        Ok(offset)
    }

    /// Whether `x` passes. What is no category (NaN, a fraction, too large or negative) is in no set.
    #[inline]
    pub(super) fn pass(&self, set: SetRef, x: f64) -> bool {
        let words = (set.0 & !INVERTED) >> 32;
        let category = x as u64;
        let inside = category as f64 == x
            && category / 64 < words
            && self.words[(set.0 as u32 as u64 + category / 64) as usize] >> (category % 64) & 1 == 1;
        inside != (set.0 & INVERTED != 0)
    }
}

fn check_words(words: usize) -> Result<(), BuildError> {
    match words <= MAX_WORDS {
        true => Ok(()),
        false => Err(BuildError::Invalid(format!(
            "the sets of categories take more than {} MiB; expected categories counted from 0 without gaps",
            MAX_WORDS * 8 / 1024 / 1024
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_category_is_in_no_set() {
        let mut sets = Sets::default();
        sets.add(&[1], false).unwrap();
        let set = sets.add(&[0, 2, 70], false).unwrap();
        let inverted = sets.add(&[0, 2, 70], true).unwrap();
        for inside in [0.0, -0.0, 2.0, 70.0] {
            assert!(sets.pass(set, inside) && !sets.pass(inverted, inside), "{inside}");
        }
        for outside in [1.0, 0.5, -1.0, 64.0, 127.0, 128.0, 1e300, f64::NAN, f64::INFINITY, -f64::INFINITY] {
            assert!(!sets.pass(set, outside) && sets.pass(inverted, outside), "{outside}");
        }
    }

    #[test]
    fn an_empty_set_holds_nothing() {
        let mut sets = Sets::default();
        let set = sets.add(&[], false).unwrap();
        assert!(!sets.pass(set, 0.0));
        assert_eq!(SetRef::from_threshold(set.to_threshold()), set);
    }

    #[test]
    fn sets_are_bounded() {
        assert!(Sets::default().add(&[u32::MAX], false).is_err());
    }
}
