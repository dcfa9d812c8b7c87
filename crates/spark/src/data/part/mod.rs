//! One Parquet part file, read within bounds.
//!
//! A few bytes of Parquet can stand for any number of values, so what they announce is counted before any are
//! decoded. The `parquet` crate panics on some damaged files: that is an error here.

mod bounds;
mod decode;
mod delta;
mod footer;
mod pages;
mod thrift;

use std::panic::{AssertUnwindSafe, catch_unwind};

use arrow_array::RecordBatch;
use bytes::Bytes;

use crate::allowance::Allowance;

/// The rows of a part file, if the save may ask for that much; an empty batch where there are none. Of the columns
/// those `wanted`, named as [`Saved::columns`](crate::saved::Saved::columns) has them, or all.
pub(super) fn read(
    allowance: &Allowance,
    bytes: Bytes,
    wanted: Option<&[&str]>,
) -> Result<Vec<RecordBatch>, String> {
    let read = catch_unwind(AssertUnwindSafe(|| {
        bounds::check(&bytes, allowance)?;
        decode::decode(bytes, wanted)
    }));
    read.unwrap_or_else(|_| Err(DAMAGED.to_owned()))
}

const DAMAGED: &str = "it is damaged";

#[cfg(test)]
mod tests;
