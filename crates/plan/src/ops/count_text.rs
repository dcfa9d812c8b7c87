//! Counts of the words that texts are split into: what the passes make of [`Tokenize`] or [`SplitText`], [`RemoveWords`]
//! behind it, and [`CountWords`] or [`HashTerms`].
//!
//! No lists are built: a word goes from its text straight to its place. Only what splits can refuse a row, and it is asked
//! as it is.

use std::fmt;

use super::place_counts::PlaceCounts;
use super::word_lists::{Split, WordSink};
use super::{
    CountWords, HashTerms, Mismatch, Op, Operation, Outputs, RemoveWords, SplitText, Tokenize, expect_types,
};
use crate::column::{Column, ColumnType, VectorBuilder};
use crate::error::OpError;

/// Splits text into words.
#[derive(Clone, Debug)]
pub(crate) enum TextSplit {
    Tokenize(Tokenize),
    SplitText(SplitText),
}

impl TextSplit {
    /// The operation as one that splits text, if it is one.
    pub(crate) fn of(op: &Op) -> Option<TextSplit> {
        match op {
            Op::Tokenize(op) => Some(TextSplit::Tokenize(op.clone())),
            Op::SplitText(op) => Some(TextSplit::SplitText(op.clone())),
            _ => None,
        }
    }

    fn operation(&self) -> &dyn Operation {
        match self {
            TextSplit::Tokenize(op) => op,
            TextSplit::SplitText(op) => op,
        }
    }
}

/// Counts words.
#[derive(Clone, Debug)]
pub(crate) enum WordCount {
    Known(CountWords),
    Hashed(HashTerms),
}

impl WordCount {
    /// The operation as one that counts words, if it is one.
    pub(crate) fn of(op: &Op) -> Option<WordCount> {
        match op {
            Op::CountWords(op) => Some(WordCount::Known(op.clone())),
            Op::HashTerms(op) => Some(WordCount::Hashed(op.clone())),
            _ => None,
        }
    }

    fn operation(&self) -> &dyn Operation {
        match self {
            WordCount::Known(op) => op,
            WordCount::Hashed(op) => op,
        }
    }
}

/// Counts the words of texts in sparse vectors.
#[derive(Clone, Debug)]
pub struct CountText {
    split: TextSplit,
    removes: Vec<RemoveWords>,
    count: WordCount,
}

impl CountText {
    pub(crate) fn new(split: TextSplit, removes: Vec<RemoveWords>, count: WordCount) -> CountText {
        CountText { split, removes, count }
    }
}

/// The counts of the rows so far.
struct Counted<'a> {
    op: &'a CountText,
    counts: PlaceCounts,
    /// How many words the row at hand has so far.
    words: usize,
    out: VectorBuilder,
}

impl WordSink for Counted<'_> {
    #[inline]
    fn word(&mut self, word: &str) {
        if self.op.removes.iter().any(|remove| remove.removes(word)) {
            return;
        }
        self.words += 1;
        match &self.op.count {
            WordCount::Known(count) => count.note(word, &mut self.counts),
            WordCount::Hashed(count) => count.note(word, &mut self.counts),
        }
    }

    fn end_row(&mut self) {
        match &self.op.count {
            WordCount::Known(count) => count.end_row(self.words, &mut self.counts, &mut self.out),
            WordCount::Hashed(count) => count.end_row(&mut self.counts, &mut self.out),
        }
        self.words = 0;
    }
}

impl Operation for CountText {
    fn output_types(&self, inputs: &[&ColumnType]) -> Result<Vec<ColumnType>, Mismatch> {
        expect_types(inputs, &[ColumnType::String])?;
        Ok(vec![ColumnType::Vector])
    }

    fn run(&self, rows: usize, inputs: &[&Column]) -> Result<Outputs, OpError> {
        let out = VectorBuilder::with_capacity(rows, 8);
        let mut counted = Counted { op: self, counts: PlaceCounts::default(), words: 0, out };
        match &self.split {
            TextSplit::Tokenize(op) => op.split_column(inputs[0], &mut counted)?,
            TextSplit::SplitText(op) => op.split_column(inputs[0], &mut counted)?,
        }
        Ok(Column::Vector(counted.out.finish()).into())
    }

    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("count text [")?;
        self.split.operation().describe(f)?;
        for remove in &self.removes {
            f.write_str(", ")?;
            remove.describe(f)?;
        }
        f.write_str(", ")?;
        self.count.operation().describe(f)?;
        f.write_str("]")
    }
}
