//! JSON in and out, straight between bytes and columns: no tree of values is made in between.
//!
//! A request's records are typed against a scorer's inputs by a [`Table`]; every missing, mistyped, doubled and (if
//! that is asked for) unknown field is noted, and all are answered together. Integers go to doubles; nothing else is
//! guessed. `"NaN"`, `"Infinity"` and `"-Infinity"` are how JSON spells those doubles, both ways. Vectors are arrays,
//! or `{"size", "indices", "values"}` where they are sparse, both ways. Other protocols use the same pieces.

mod cell;
mod column;
mod nearest;
mod numbers;
mod record;
mod table;
mod write;

pub(crate) use nearest::nearest;
pub(crate) use numbers::numbers;
pub(crate) use record::{Carried, CarriedField, Records};
pub(crate) use table::Table;
pub(crate) use write::{Cells, write_dense, write_f64, write_str, write_whole};

use serde::de::DeserializeSeed;

use crate::error::Fault;

/// Reads all of `bytes` as one JSON value by `seed`.
pub(crate) fn read<'de, S: DeserializeSeed<'de>>(bytes: &'de [u8], seed: S) -> Result<S::Value, Fault> {
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let value = seed.deserialize(&mut deserializer).map_err(|error| Fault::json(&error))?;
    deserializer.end().map_err(|error| Fault::json(&error))?;
    Ok(value)
}
