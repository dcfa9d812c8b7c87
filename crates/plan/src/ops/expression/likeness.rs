//! How much two texts are alike, by Jaro and Winkler. Letters are units of UTF-16, as in Java.

use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array};

use super::letters::MAX_STEPS;
use super::rows::{Cells, Rows};
use crate::error::OpError;

/// How many letters at the start count again, and how much each does.
const PREFIX: usize = 4;
const WEIGHT: f64 = 0.1;

pub(super) fn run(cells: &Cells, rows: &Rows) -> Result<ArrayRef, OpError> {
    let mut values = Vec::with_capacity(rows.count);
    for row in 0..rows.count {
        let (Some(one), Some(other)) = (cells.text(0, row), cells.text(1, row)) else {
            values.push(None);
            continue;
        };
        let (one, other): (Vec<u16>, Vec<u16>) =
            (one.encode_utf16().collect(), other.encode_utf16().collect());
        if one.len().saturating_mul(other.len()) > MAX_STEPS {
            return Err(OpError::row(row, 0, "long texts", "texts that are compared in 2^28 steps"));
        }
        values.push(Some(likeness(&one, &other)));
    }
    Ok(Arc::new(Float64Array::from(values)))
}

fn likeness(one: &[u16], other: &[u16]) -> f64 {
    if one.is_empty() || other.is_empty() {
        return if one.len() == other.len() { 1.0 } else { 0.0 };
    }
    let (found, theirs) = matches(one, other);
    if found.is_empty() {
        return 0.0;
    }
    // Letters that both have, but in another order.
    let moved = found.iter().zip(&theirs).filter(|(one, other)| one != other).count();
    let count = found.len() as f64;
    let sum = count / one.len() as f64 + count / other.len() as f64 + (count - moved as f64 / 2.0) / count;
    let jaro = sum / 3.0;
    let prefix = one.iter().zip(other).take(PREFIX).take_while(|(one, other)| one == other).count();
    jaro + prefix as f64 * WEIGHT * (1.0 - jaro)
}

/// The letters that each has in common with the other, not far from the same place, in its own order.
fn matches(one: &[u16], other: &[u16]) -> (Vec<u16>, Vec<u16>) {
    let reach = (one.len().max(other.len()) / 2).saturating_sub(1);
    let mut taken = vec![false; other.len()];
    let mut found = Vec::new();
    for (at, letter) in one.iter().enumerate() {
        let from = at.saturating_sub(reach);
        let near = other.iter().zip(&mut taken).skip(from).take((at + reach + 1).saturating_sub(from));
        if let Some((_, taken)) = near.into_iter().find(|(near, taken)| !**taken && *near == letter) {
            *taken = true;
            found.push(*letter);
        }
    }
    let theirs = other.iter().zip(taken).filter(|(_, taken)| *taken).map(|(letter, _)| *letter).collect();
    (found, theirs)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What Spark 4.3.0 answers.
    #[test]
    fn texts_are_alike_as_in_spark() {
        let of = |one: &str, other: &str| {
            let units = |text: &str| text.encode_utf16().collect::<Vec<_>>();
            likeness(&units(one), &units(other))
        };
        assert_eq!(of("MARTHA", "MARHTA"), 0.961_111_111_111_111_1);
        assert_eq!(of("kitten", "sitting"), 0.746_031_746_031_746);
        assert_eq!((of("ABC", "XYZ"), of("", ""), of("a", "")), (0.0, 1.0, 0.0));
    }
}
