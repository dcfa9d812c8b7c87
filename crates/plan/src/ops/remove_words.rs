//! Leaves words out of lists: Spark's `StopWordsRemover`, one column.
//!
//! Words are compared as they are, or in lower case by the rules of a language. Java's `toLowerCase` has rules of
//! its own for Turkish, Azeri and Lithuanian; their conditions are looked for right beside the letter.

use std::collections::HashSet;
use std::fmt;
use std::sync::Arc;

use super::word_lists::{WordLists, finished, word_lists};
use super::{Mismatch, Operation, Outputs, expect_types};
use crate::column::{Column, ColumnType};
use crate::error::OpError;
use crate::lower::lower_case;

/// How words are made lower case before they are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WordCase {
    /// Not at all.
    Kept,
    /// By the rules of most languages.
    Lower,
    /// By those of Turkish and Azeri: `I` is `ı`, `İ` is `i`.
    LowerTurkish,
    /// By those of Lithuanian, which keep the dot of `i` and `j` below an accent.
    LowerLithuanian,
}

impl WordCase {
    fn fold(self, word: &str) -> String {
        match self {
            WordCase::Kept => word.to_owned(),
            WordCase::Lower => lower_case(word),
            WordCase::LowerTurkish => {
                lower_case(&word.replace("I\u{307}", "i").replace('İ', "i").replace('I', "ı"))
            }
            WordCase::LowerLithuanian => lower_case(&dotted(word)),
        }
    }
}

/// The word with the dots that Lithuanian keeps, in lower case where it has them.
fn dotted(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    let mut letters = word.chars().peekable();
    while let Some(letter) = letters.next() {
        let above = letters.peek().is_some_and(|mark| matches!(mark, '\u{300}'..='\u{314}'));
        match letter {
            'I' if above => out.push_str("i\u{307}"),
            'J' if above => out.push_str("j\u{307}"),
            'Į' if above => out.push_str("į\u{307}"),
            'Ì' => out.push_str("i\u{307}\u{300}"),
            'Í' => out.push_str("i\u{307}\u{301}"),
            'Ĩ' => out.push_str("i\u{307}\u{303}"),
            other => out.push(other),
        }
    }
    out
}

/// Leaves out the words of a set; a null word stays.
#[derive(Clone, Debug)]
pub struct RemoveWords {
    words: Arc<HashSet<String>>,
    case: WordCase,
}

impl RemoveWords {
    /// Leaves out `words`.
    pub fn new(words: &[String], case: WordCase) -> RemoveWords {
        RemoveWords { words: Arc::new(words.iter().map(|word| case.fold(word)).collect()), case }
    }

    pub(super) fn removes(&self, word: &str) -> bool {
        match self.case {
            WordCase::Kept => self.words.contains(word),
            case => self.words.contains(&case.fold(word)),
        }
    }
}

impl Operation for RemoveWords {
    fn output_types(&self, inputs: &[&ColumnType]) -> Result<Vec<ColumnType>, Mismatch> {
        expect_types(inputs, &[ColumnType::strings()])?;
        Ok(vec![ColumnType::strings()])
    }

    fn run(&self, rows: usize, inputs: &[&Column]) -> Result<Outputs, OpError> {
        let mut out = word_lists(rows);
        for words in WordLists::new(inputs[0])?.rows() {
            for word in words?.iter().filter(|word| !word.is_some_and(|word| self.removes(word))) {
                out.values().append_option(word);
            }
            out.append(true);
        }
        Ok(finished(out).into())
    }

    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "remove words [{}, {:?}]", self.words.len(), self.case)
    }
}

#[cfg(test)]
mod tests {
    use super::super::word_lists::column;
    use super::*;

    fn left(case: WordCase, removed: &str, words: &[Option<&str>]) -> String {
        let op = RemoveWords::new(&[removed.to_owned()], case);
        op.run(1, &[&column(&[Some(words)])]).ok().unwrap().columns[0].show(0)
    }

    #[test]
    fn case_goes_by_the_language() {
        let words = [Some("I"), Some("i"), Some("ı"), Some("İ"), None];
        assert_eq!(left(WordCase::Kept, "i", &words), "[I, ı, İ, ]");
        assert_eq!(left(WordCase::Lower, "I", &words), "[ı, İ, ]");
        assert_eq!(left(WordCase::LowerTurkish, "I", &words), "[i, İ, ]");
        assert_eq!(left(WordCase::LowerTurkish, "i", &words), "[I, ı, ]");
        assert_eq!(left(WordCase::LowerLithuanian, "Ì", &[Some("i\u{307}\u{300}"), Some("ì")]), "[ì]");
    }

    #[test]
    fn a_null_list_is_refused() {
        assert!(RemoveWords::new(&[], WordCase::Kept).run(1, &[&column(&[None])]).is_err());
    }
}
