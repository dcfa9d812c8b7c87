//! The discrete cosine transform of a vector, orthonormal: Spark's `DCT`.
//!
//! Forward is DCT-II, its inverse DCT-III. Spark takes the fast transforms of JTransforms; the order of their sums and
//! the bits of their tables are kept here, so that answers are equal to the last bit.

mod angles;
mod backward;
mod chirp;
mod complex;
mod forward;
mod general;
mod mixed_radix;
mod split_radix;
mod transform;

use std::fmt;

use self::transform::Transform;
use super::scale::expect_vector;
use super::{Mismatch, Operation, Outputs, expect_types, vectors};
use crate::column::{Column, ColumnType, VectorBuilder};
use crate::error::OpError;

/// The cosine transform of a vector, or its inverse; the result is dense.
#[derive(Clone, Debug)]
pub struct Cosine {
    /// Whether to transform back.
    pub inverse: bool,
}

/// The largest vector that is transformed.
const MAX_SIZE: usize = 1 << 14;

impl Operation for Cosine {
    fn output_types(&self, inputs: &[&ColumnType]) -> Result<Vec<ColumnType>, Mismatch> {
        expect_types(inputs, &[ColumnType::Vector])?;
        Ok(vec![ColumnType::Vector])
    }

    fn run(&self, rows: usize, inputs: &[&Column]) -> Result<Outputs, OpError> {
        let mut out = VectorBuilder::with_capacity(rows, 0);
        let (mut prepared, mut values) = ((0, Transform::new(0)), Vec::new());
        for (at, row) in vectors(inputs[0])?.iter().enumerate() {
            let row = expect_vector(inputs[0], at, row, None)?;
            let size = row.size();
            if size == 0 || size > MAX_SIZE {
                let found = format!("a vector of size {size}");
                return Err(OpError::row(at, 0, found, format!("a vector of size 1 to {MAX_SIZE}")));
            }
            if prepared.0 != size {
                prepared = (size, Transform::new(size));
            }
            row.write_dense(&mut values);
            match self.inverse {
                false => prepared.1.forward(&mut values),
                true => prepared.1.inverse(&mut values),
            }
            out.push_with(size, |out| out.extend_from_slice(&values));
        }
        Ok(Column::Vector(out.finish()).into())
    }

    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cosine transform{}", if self.inverse { " [inverse]" } else { "" })
    }
}

#[cfg(test)]
mod tests {
    use std::f64::consts::PI;

    use super::*;
    use crate::column::VectorColumn;

    fn run(inverse: bool, values: &[f64]) -> Result<Vec<f64>, OpError> {
        let column = Column::Vector(VectorColumn::from_block(1, values.len(), values.to_vec()));
        let outputs = Cosine { inverse }.run(1, &[&column])?;
        Ok(outputs.columns[0].as_vectors().unwrap().get(0).unwrap().values().to_vec())
    }

    /// The plain sum that a slot of the transform stands for.
    fn plain(values: &[f64], wave: usize) -> f64 {
        let size = values.len() as f64;
        let angle = |place: usize| PI * (place as f64 + 0.5) * wave as f64 / size;
        let sum: f64 = values.iter().enumerate().map(|(place, value)| value * angle(place).cos()).sum();
        sum * (if wave == 0 { 1.0 } else { 2.0 } / size).sqrt()
    }

    #[test]
    fn every_kind_of_size_is_transformed_and_turned_back() {
        let close = |a: f64, b: f64| (a - b).abs() < 1e-11;
        for size in (1..=130).chain([211, 256, 343, 512, 539, 1000, 1024, 2048]) {
            let values: Vec<f64> =
                (0..size).map(|at| ((at * at * 7 + at) % 101) as f64 / 7.0 - 5.0).collect();
            let transformed = run(false, &values).ok().unwrap();
            let waves = transformed.iter().enumerate();
            assert!(waves.clone().all(|(wave, slot)| close(*slot, plain(&values, wave))), "{size} slots");
            let back = run(true, &transformed).ok().unwrap();
            assert!(back.iter().zip(&values).all(|(back, value)| close(*back, *value)), "{size} slots back");
        }
    }

    #[test]
    fn sizes_are_bounded() {
        for size in [0, MAX_SIZE + 1] {
            let Err(OpError::Row(fault)) = run(false, &vec![1.0; size]) else { panic!("a row error") };
            assert_eq!(fault.expected, "a vector of size 1 to 16384");
        }
    }
}
