//! Spark's hashes of rows, `hash` and `xxhash64`: each value is hashed with the hash of those before it as the seed, the
//! first with 42; a null leaves it as it is.

use std::sync::Arc;

use arrow_array::types::{
    ArrowPrimitiveType, Date32Type, Decimal128Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type,
    Int64Type, TimestampMicrosecondType,
};
use arrow_array::{Array, ArrayRef, Int32Array, Int64Array};
use arrow_schema::DataType;

use super::bytes::bytes_of;
use super::rows::{Rows, booleans, numbers, promised, texts};
use crate::column::ColumnType;
use crate::error::OpError;
use crate::ops::hash_terms::{TermHash, hash_bytes, hash_int, hash_long};

/// A hash of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowHash {
    /// Murmur3 of 32 bits.
    Murmur3,
    /// xxHash of 64 bits.
    XxHash64,
}

const SEED: u64 = 42;

/// The digits of the longest decimal that is hashed as a whole number of 64 bits.
const LONG_DIGITS: u8 = 18;

impl RowHash {
    /// The type of what it answers.
    pub fn answers(self) -> ColumnType {
        match self {
            RowHash::Murmur3 => ColumnType::Int,
            RowHash::XxHash64 => ColumnType::Long,
        }
    }

    pub(super) fn run(
        self,
        arguments: &[ArrayRef],
        bytes: &[bool],
        rows: &Rows,
    ) -> Result<ArrayRef, OpError> {
        let mut hashes = vec![SEED; rows.count];
        for (at, array) in arguments.iter().enumerate() {
            if bytes.get(at) == Some(&true) {
                let values = texts(array)?.iter();
                each(&mut hashes, values, |text, seed| self.bytes(&bytes_of(text), seed));
                continue;
            }
            self.add(array, &mut hashes)?;
        }
        Ok(match self {
            RowHash::Murmur3 => {
                Arc::new(hashes.into_iter().map(|hash| Some(hash as i32)).collect::<Int32Array>())
            }
            RowHash::XxHash64 => {
                Arc::new(hashes.into_iter().map(|hash| Some(hash as i64)).collect::<Int64Array>())
            }
        })
    }

    fn add(self, array: &ArrayRef, hashes: &mut [u64]) -> Result<(), OpError> {
        match array.data_type() {
            DataType::Boolean => {
                let values = booleans(array)?.iter();
                each(hashes, values, |value, seed| self.int(u32::from(value), seed));
            }
            DataType::Utf8 => {
                let values = texts(array)?.iter();
                each(hashes, values, |text, seed| self.bytes(text.as_bytes(), seed));
            }
            DataType::Int8 => self.numbers::<Int8Type>(array, hashes, |value| Word::Int(value as u32))?,
            DataType::Int16 => self.numbers::<Int16Type>(array, hashes, |value| Word::Int(value as u32))?,
            DataType::Int32 => self.numbers::<Int32Type>(array, hashes, |value| Word::Int(value as u32))?,
            DataType::Date32 => self.numbers::<Date32Type>(array, hashes, |value| Word::Int(value as u32))?,
            DataType::Int64 => self.numbers::<Int64Type>(array, hashes, |value| Word::Long(value as u64))?,
            DataType::Timestamp(..) => {
                self.numbers::<TimestampMicrosecondType>(array, hashes, |value| Word::Long(value as u64))?;
            }
            DataType::Float32 => self.numbers::<Float32Type>(array, hashes, |value| {
                Word::Int(if value.is_nan() { 0x7fc0_0000 } else { (value + 0.0).to_bits() })
            })?,
            DataType::Float64 => self.numbers::<Float64Type>(array, hashes, |value| {
                Word::Long(if value.is_nan() { 0x7ff8_0000_0000_0000 } else { (value + 0.0).to_bits() })
            })?,
            DataType::Decimal128(precision, _) if *precision <= LONG_DIGITS => {
                self.numbers::<Decimal128Type>(array, hashes, |value| Word::Long(value as u64))?;
            }
            DataType::Decimal128(..) => {
                let values = numbers::<Decimal128Type>(array)?.iter();
                each(hashes, values, |value, seed| self.bytes(shortest(&value.to_be_bytes()), seed));
            }
            _ => return Err(promised("scalars")),
        }
        Ok(())
    }

    fn numbers<T: ArrowPrimitiveType>(
        self,
        array: &ArrayRef,
        hashes: &mut [u64],
        word: impl Fn(T::Native) -> Word,
    ) -> Result<(), OpError> {
        each(hashes, numbers::<T>(array)?.iter(), |value, seed| match word(value) {
            Word::Int(value) => self.int(value, seed),
            Word::Long(value) => self.long(value, seed),
        });
        Ok(())
    }

    fn int(self, value: u32, seed: u64) -> u64 {
        match self {
            RowHash::Murmur3 => hash_int(value, seed as u32).into(),
            RowHash::XxHash64 => xx_hash(&value.to_le_bytes(), seed),
        }
    }

    fn long(self, value: u64, seed: u64) -> u64 {
        match self {
            RowHash::Murmur3 => hash_long(value, seed as u32).into(),
            RowHash::XxHash64 => xx_hash(&value.to_le_bytes(), seed),
        }
    }

    fn bytes(self, bytes: &[u8], seed: u64) -> u64 {
        match self {
            RowHash::Murmur3 => hash_bytes(bytes, TermHash::Spark2, seed as u32).into(),
            RowHash::XxHash64 => xx_hash(bytes, seed),
        }
    }
}

/// The bits of a number.
enum Word {
    Int(u32),
    Long(u64),
}

fn each<V>(hashes: &mut [u64], values: impl Iterator<Item = Option<V>>, hash: impl Fn(V, u64) -> u64) {
    for (seed, value) in hashes.iter_mut().zip(values) {
        if let Some(value) = value {
            *seed = hash(value, *seed);
        }
    }
}

/// A number without the bytes in front that only repeat its sign.
fn shortest(bytes: &[u8]) -> &[u8] {
    let mut bytes = bytes;
    while let [first, rest @ ..] = bytes
        && let Some(next) = rest.first()
        && (*first == 0 && *next < 0x80 || *first == 0xff && *next >= 0x80)
    {
        bytes = rest;
    }
    bytes
}

const PRIMES: [u64; 5] = [
    0x9e37_79b1_85eb_ca87,
    0xc2b2_ae3d_27d4_eb4f,
    0x1656_67b1_9e37_79f9,
    0x85eb_ca77_c2b2_ae63,
    0x27d4_eb2f_1656_67c5,
];

/// The hash of xxHash's specification, for 64 bits.
fn xx_hash(bytes: &[u8], seed: u64) -> u64 {
    let [p1, p2, p3, p4, p5] = PRIMES;
    let round =
        |state: u64, word: u64| state.wrapping_add(word.wrapping_mul(p2)).rotate_left(31).wrapping_mul(p1);
    let (stripes, rest) = bytes.as_chunks::<32>();
    let mut hash = if stripes.is_empty() {
        seed.wrapping_add(p5)
    } else {
        let start = seed.wrapping_add(p1).wrapping_add(p2);
        let mut lanes = [start, seed.wrapping_add(p2), seed, seed.wrapping_sub(p1)];
        for stripe in stripes {
            for (lane, word) in lanes.iter_mut().zip(stripe.as_chunks::<8>().0) {
                *lane = round(*lane, u64::from_le_bytes(*word));
            }
        }
        let turned = lanes.iter().zip([1, 7, 12, 18]).map(|(lane, by)| lane.rotate_left(by));
        let merged = turned.fold(0_u64, u64::wrapping_add);
        lanes.iter().fold(merged, |hash, lane| (hash ^ round(0, *lane)).wrapping_mul(p1).wrapping_add(p4))
    };
    hash = hash.wrapping_add(bytes.len() as u64);
    let (words, rest) = rest.as_chunks::<8>();
    for word in words {
        hash ^= round(0, u64::from_le_bytes(*word));
        hash = hash.rotate_left(27).wrapping_mul(p1).wrapping_add(p4);
    }
    let (words, rest) = rest.as_chunks::<4>();
    for word in words {
        hash ^= u64::from(u32::from_le_bytes(*word)).wrapping_mul(p1);
        hash = hash.rotate_left(23).wrapping_mul(p2).wrapping_add(p3);
    }
    for byte in rest {
        hash ^= u64::from(*byte).wrapping_mul(p5);
        hash = hash.rotate_left(11).wrapping_mul(p1);
    }
    hash = (hash ^ (hash >> 33)).wrapping_mul(p2);
    hash = (hash ^ (hash >> 29)).wrapping_mul(p3);
    hash ^ (hash >> 32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_those_of_their_specifications() {
        assert_eq!(xx_hash(b"", 0), 0xef46_db37_51d8_e999);
        assert_eq!(xx_hash(b"abc", 0), 0x44bc_2cf5_ad77_0999);
        assert_eq!(
            (shortest(&[0, 0, 0x80]), shortest(&[0xff, 0xff]), shortest(&[0, 0])),
            (&[0, 0x80][..], &[0xff][..], &[0][..])
        );
    }
}
