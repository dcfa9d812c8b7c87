//! Counts terms at the places that their hashes give: Spark's `HashingTF`.
//!
//! The hash is murmur3 of 32 bits with seed 42, in the two forms of Spark's `unsafe/hash/Murmur3_x86_32.java`:
//! models of Spark 2.x keep the older one, which takes each byte of the tail as a signed word of its own. Numbers
//! are hashed by their bits, and a null is the seed.

use std::fmt;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type};
use arrow_array::{Array, ArrayRef};
use arrow_schema::DataType;

use super::place_counts::PlaceCounts;
use super::{Mismatch, Operation, Outputs};
use crate::column::{Column, ColumnType, VectorBuilder};
use crate::error::OpError;

/// How the bytes of a string are hashed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TermHash {
    /// Spark 2.x: `hashUnsafeBytes`.
    Spark2,
    /// From Spark 3.0 on: `hashUnsafeBytes2`, which is standard murmur3.
    Standard,
}

/// Counts the terms of lists.
#[derive(Clone, Debug)]
pub struct HashTerms {
    /// The size of the vectors, above 0.
    pub size: usize,
    /// Whether a term counts once however often it stands there.
    pub binary: bool,
    /// The hash of strings.
    pub hash: TermHash,
}

const SEED: u32 = 42;

impl HashTerms {
    /// Notes a term.
    pub(super) fn note(&self, term: &str, counts: &mut PlaceCounts) {
        counts.add(place(hash_bytes(term.as_bytes(), self.hash, SEED), self.size));
    }

    /// Adds the counts of a row.
    pub(super) fn end_row(&self, counts: &mut PlaceCounts, out: &mut VectorBuilder) {
        counts.end_row(self.size, 1.0, self.binary, out);
    }
}

/// The place of a hash among `size`: the remainder that is not negative.
pub(super) fn place(hash: u32, size: usize) -> u32 {
    i64::from(hash as i32).rem_euclid(size as i64) as u32
}

/// The hash of a text, in the standard form.
pub(super) fn hash_text(text: &str) -> u32 {
    hash_bytes(text.as_bytes(), TermHash::Standard, SEED)
}

/// The hash of each term.
fn hashes(terms: &ArrayRef, hash: TermHash) -> Result<Vec<u32>, OpError> {
    macro_rules! each {
        ($values:expr, $of:expr) => {
            $values.iter().map(|value| value.map_or(SEED, $of)).collect()
        };
    }
    Ok(match terms.data_type() {
        DataType::Utf8 => {
            each!(terms.as_string::<i32>(), |text: &str| hash_bytes(text.as_bytes(), hash, SEED))
        }
        DataType::Boolean => each!(terms.as_boolean(), |value| hash_int(u32::from(value), SEED)),
        DataType::Int8 => each!(terms.as_primitive::<Int8Type>(), |value| hash_int(value as u32, SEED)),
        DataType::Int16 => each!(terms.as_primitive::<Int16Type>(), |value| hash_int(value as u32, SEED)),
        DataType::Int32 => each!(terms.as_primitive::<Int32Type>(), |value| hash_int(value as u32, SEED)),
        DataType::Int64 => each!(terms.as_primitive::<Int64Type>(), |value| hash_long(value as u64, SEED)),
        DataType::Float32 => each!(terms.as_primitive::<Float32Type>(), |value: f32| {
            hash_int(if value.is_nan() { 0x7fc0_0000 } else { value.to_bits() }, SEED)
        }),
        DataType::Float64 => each!(terms.as_primitive::<Float64Type>(), |value: f64| {
            hash_long(if value.is_nan() { 0x7ff8_0000_0000_0000 } else { value.to_bits() }, SEED)
        }),
        other => return Err(OpError::Internal(format!("terms were promised, not {other}"))),
    })
}

pub(super) fn hash_int(value: u32, seed: u32) -> u32 {
    finish(mix(seed, value), 4)
}

pub(super) fn hash_long(value: u64, seed: u32) -> u32 {
    finish(mix(mix(seed, value as u32), (value >> 32) as u32), 8)
}

pub(super) fn hash_bytes(bytes: &[u8], hash: TermHash, seed: u32) -> u32 {
    let (words, tail) = bytes.as_chunks::<4>();
    let mut state = words.iter().fold(seed, |state, word| mix(state, u32::from_le_bytes(*word)));
    match hash {
        TermHash::Spark2 => {
            for &byte in tail {
                state = mix(state, byte as i8 as u32);
            }
        }
        TermHash::Standard => {
            let word = tail.iter().rev().fold(0, |word, &byte| word << 8 | u32::from(byte));
            state ^= scramble(word);
        }
    }
    finish(state, bytes.len() as u32)
}

fn scramble(word: u32) -> u32 {
    word.wrapping_mul(0xcc9e_2d51).rotate_left(15).wrapping_mul(0x1b87_3593)
}

fn mix(state: u32, word: u32) -> u32 {
    (state ^ scramble(word)).rotate_left(13).wrapping_mul(5).wrapping_add(0xe654_6b64)
}

fn finish(mut state: u32, length: u32) -> u32 {
    state ^= length;
    state = (state ^ (state >> 16)).wrapping_mul(0x85eb_ca6b);
    state = (state ^ (state >> 13)).wrapping_mul(0xc2b2_ae35);
    state ^ (state >> 16)
}

impl Operation for HashTerms {
    fn output_types(&self, inputs: &[&ColumnType]) -> Result<Vec<ColumnType>, Mismatch> {
        let hashed = |item: &ColumnType| !matches!(item, ColumnType::Array(_) | ColumnType::Vector);
        match inputs {
            [ColumnType::Array(item)] if hashed(item) => Ok(vec![ColumnType::Vector]),
            _ => Err(Mismatch { input: 0, expected: "lists of strings or numbers".to_owned() }),
        }
    }

    fn run(&self, rows: usize, inputs: &[&Column]) -> Result<Outputs, OpError> {
        let lists =
            inputs[0].as_lists().ok_or_else(|| OpError::Internal("lists were promised".to_owned()))?;
        let mut out = VectorBuilder::with_capacity(rows, 0);
        let mut counts = PlaceCounts::default();
        for row in 0..rows {
            if lists.is_null(row) {
                return Err(OpError::row(row, 0, "null", "a list of terms"));
            }
            let hashes = hashes(&lists.value(row), self.hash)?;
            hashes.into_iter().for_each(|hash| counts.add(place(hash, self.size)));
            self.end_row(&mut counts, &mut out);
        }
        Ok(Column::Vector(out.finish()).into())
    }

    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "hash terms [size {}, {:?}{}]",
            self.size,
            self.hash,
            if self.binary { ", binary" } else { "" }
        )
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::builder::{ListBuilder, StringBuilder};
    use arrow_array::{Float64Array, Int32Array};

    use super::*;
    use crate::column::VectorRef;

    fn op(hash: TermHash, binary: bool) -> HashTerms {
        HashTerms { size: 1 << 18, binary, hash }
    }

    /// From runs of Spark 2.4.8 and 3.5.9 with 2¹⁸ features.
    #[test]
    fn strings_hash_as_spark_hashes() {
        let cases = [
            ("", 249_180, 249_180),
            ("a", 227_410, 107_107),
            ("ab", 202_107, 69_191),
            ("abc", 183_220, 204_392),
            ("abcd", 58_828, 58_828),
            ("abcde", 156_520, 142_320),
            ("é", 196_854, 33_439),
            ("日本", 133_975, 231_525),
            ("spark", 234_657, 173_558),
        ];
        for (text, spark2, standard) in cases {
            let place = |hash| super::place(hash_bytes(text.as_bytes(), hash, SEED), 1 << 18);
            assert_eq!((place(TermHash::Spark2), place(TermHash::Standard)), (spark2, standard), "{text}");
        }
    }

    #[test]
    fn numbers_hash_by_their_bits() {
        let place = |terms: ArrayRef| {
            let hash = hashes(&terms, TermHash::Standard).ok().unwrap()[0];
            super::place(hash, 1 << 18)
        };
        assert_eq!(place(Arc::new(Int32Array::from(vec![1]))), 96_483);
        assert_eq!(place(Arc::new(Float64Array::from(vec![1.5]))), 228_837);
        assert_eq!(place(Arc::new(Int32Array::from(vec![None]))), 42);
    }

    #[test]
    fn terms_are_counted_or_only_noted() {
        let mut lists = ListBuilder::new(StringBuilder::new());
        ["a", "ab", "a"].into_iter().for_each(|term| lists.values().append_value(term));
        lists.append(true);
        lists.append(true);
        let column = Column::Array(Arc::new(lists.finish()));
        let run = |binary| op(TermHash::Standard, binary).run(2, &[&column]).ok().unwrap();
        let row = |values| VectorRef::Sparse { size: 1 << 18, indices: &[69_191, 107_107], values };
        let (counted, noted) = (run(false), run(true));
        assert_eq!(counted.columns[0].as_vectors().unwrap().get(0), Some(row(&[1.0, 2.0])));
        assert_eq!(noted.columns[0].as_vectors().unwrap().get(0), Some(row(&[1.0, 1.0])));
        let empty = VectorRef::Sparse { size: 1 << 18, indices: &[], values: &[] };
        assert_eq!(counted.columns[0].as_vectors().unwrap().get(1), Some(empty));
    }
}
