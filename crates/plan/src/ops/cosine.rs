//! The discrete cosine transform of a vector, orthonormal: Spark's `DCT`.
//!
//! Forward is DCT-II, its inverse DCT-III. Spark uses the fast transforms of JTransforms; here each slot is the sum
//! that it stands for, which may differ in the last bits.

use std::f64::consts::PI;
use std::fmt;

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

/// The largest vector that is transformed: the work is the square of it.
const MAX_SIZE: usize = 1 << 14;

/// What every transform of one size needs.
struct Waves {
    size: usize,
    /// The cosines of the multiples of π / 2n, once around.
    cosines: Vec<f64>,
}

impl Waves {
    fn new(size: usize) -> Waves {
        let cosines = (0..4 * size).map(|step| (PI * step as f64 / (2 * size) as f64).cos()).collect();
        Waves { size, cosines }
    }

    /// The cosine of wave `wave` at `place`.
    fn at(&self, wave: usize, place: usize) -> f64 {
        self.cosines[(2 * place + 1) * wave % (4 * self.size)]
    }

    /// The factor that makes the transform orthonormal.
    fn scale(&self, wave: usize) -> f64 {
        (if wave == 0 { 1.0 } else { 2.0 } / self.size as f64).sqrt()
    }

    fn forward(&self, values: &[f64], wave: usize) -> f64 {
        let sum: f64 = values.iter().enumerate().map(|(place, value)| value * self.at(wave, place)).sum();
        sum * self.scale(wave)
    }

    fn inverse(&self, values: &[f64], place: usize) -> f64 {
        let terms = values.iter().enumerate();
        terms.map(|(wave, value)| value * self.scale(wave) * self.at(wave, place)).sum()
    }
}

impl Operation for Cosine {
    fn output_types(&self, inputs: &[&ColumnType]) -> Result<Vec<ColumnType>, Mismatch> {
        expect_types(inputs, &[ColumnType::Vector])?;
        Ok(vec![ColumnType::Vector])
    }

    fn run(&self, rows: usize, inputs: &[&Column]) -> Result<Outputs, OpError> {
        let mut out = VectorBuilder::with_capacity(rows, 0);
        let (mut waves, mut values) = (Waves::new(0), Vec::new());
        for (at, row) in vectors(inputs[0])?.iter().enumerate() {
            let row = expect_vector(inputs[0], at, row, None)?;
            let size = row.size();
            if size == 0 || size > MAX_SIZE {
                let found = format!("a vector of size {size}");
                return Err(OpError::row(at, 0, found, format!("a vector of size 1 to {MAX_SIZE}")));
            }
            if waves.size != size {
                waves = Waves::new(size);
            }
            row.write_dense(&mut values);
            let slot = |slot| match self.inverse {
                false => waves.forward(&values, slot),
                true => waves.inverse(&values, slot),
            };
            out.push_with(size, |out| out.extend((0..size).map(slot)));
        }
        Ok(Column::Vector(out.finish()).into())
    }

    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cosine transform{}", if self.inverse { " [inverse]" } else { "" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::column::VectorColumn;

    fn run(inverse: bool, values: &[f64]) -> Result<Vec<f64>, OpError> {
        let column = Column::Vector(VectorColumn::from_block(1, values.len(), values.to_vec()));
        let outputs = Cosine { inverse }.run(1, &[&column])?;
        Ok(outputs.columns[0].as_vectors().unwrap().get(0).unwrap().values().to_vec())
    }

    /// From a run of Spark 3.5.9.
    #[test]
    fn it_is_sparks_transform_and_turns_back() {
        let transformed = run(false, &[1.0, 2.0, 3.0]).ok().unwrap();
        let close = |a: &[f64], b: &[f64]| a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-4);
        assert!(close(&transformed, &[3.4641, -2.0_f64.sqrt(), 0.0]), "{transformed:?}");
        let back = run(true, &transformed).ok().unwrap();
        assert!(close(&back, &[1.0, 2.0, 3.0]), "{back:?}");
        assert_eq!(run(false, &[5.0]).ok(), Some(vec![5.0]));
    }

    #[test]
    fn sizes_are_bounded() {
        for size in [0, MAX_SIZE + 1] {
            let Err(OpError::Row(fault)) = run(false, &vec![1.0; size]) else { panic!("a row error") };
            assert_eq!(fault.expected, "a vector of size 1 to 16384");
        }
    }
}
