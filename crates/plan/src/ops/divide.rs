//! Divides the slots of a vector, by one number each or by a norm of the whole vector.
//!
//! Serves `MaxAbsScalerModel` as Spark 2 computes it (Breeze's quotient of a vector and a dense one, which is dense)
//! and `Normalizer` (mllib's `Normalizer.transform` and `Vectors.norm`), where a sparse row stays sparse, explicit
//! zeros included.

use std::fmt;
use std::sync::Arc;

use super::scale::expect_vector;
use super::slotwise::{Slotwise, keeps_order};
use super::{Mismatch, Operation, Outputs, expect_types, vectors};
use crate::column::{Column, ColumnType, VectorBuilder, VectorRef};
use crate::error::OpError;

/// Divides the slots of a vector.
#[derive(Clone, Debug)]
pub enum Divide {
    /// Each slot by a number of its own; the result is dense.
    Slots(Arc<[f64]>),
    /// All slots by the `p`-norm of the vector, unless that is 0; `p` is at least 1.
    Norm(f64),
}

impl Divide {
    fn size(&self) -> Option<usize> {
        match self {
            Divide::Slots(by) => Some(by.len()),
            Divide::Norm(_) => None,
        }
    }

    /// This as an operation that takes each slot by itself, unless the slots' norm counts.
    pub(super) fn slotwise(&self) -> Option<&dyn Slotwise> {
        match self {
            Divide::Slots(_) => Some(self),
            Divide::Norm(_) => None,
        }
    }

    fn push(&self, row: VectorRef<'_>, dense: &mut Vec<f64>, out: &mut VectorBuilder) {
        match self {
            Divide::Slots(by) => {
                row.write_dense(dense);
                let divided = dense.iter().zip(by.iter()).map(|(value, by)| value / by);
                out.push_with(by.len(), |out| out.extend(divided));
            }
            Divide::Norm(p) => match norm(row.values(), *p) {
                0.0 => out.push(row),
                norm => {
                    let values: Vec<f64> = row.values().iter().map(|value| value / norm).collect();
                    match row {
                        VectorRef::Dense(_) => out.push_dense(&values),
                        VectorRef::Sparse { size, indices, .. } => out.push_sparse(size, indices, &values),
                    }
                }
            },
        }
    }
}

/// The `p`-norm, in the order of Spark's `Vectors.norm`; a NaN counts for nothing in the largest magnitude.
fn norm(values: &[f64], p: f64) -> f64 {
    if p == 1.0 {
        values.iter().fold(0.0, |sum, value| sum + value.abs())
    } else if p == 2.0 {
        values.iter().fold(0.0, |sum, value| sum + value * value).sqrt()
    } else if p == f64::INFINITY {
        values.iter().fold(0.0, |largest, value| if value.abs() > largest { value.abs() } else { largest })
    } else {
        values.iter().fold(0.0, |sum, value| sum + value.abs().powf(p)).powf(1.0 / p)
    }
}

impl Slotwise for Divide {
    fn size(&self) -> Option<usize> {
        Divide::size(self)
    }

    fn at(&self, slot: usize, x: f64) -> f64 {
        match self {
            Divide::Slots(by) => x / by[slot],
            Divide::Norm(_) => x,
        }
    }

    fn ascends(&self, slot: usize) -> bool {
        matches!(self, Divide::Slots(by) if keeps_order(by[slot]))
    }
}

impl Operation for Divide {
    fn output_types(&self, inputs: &[&ColumnType]) -> Result<Vec<ColumnType>, Mismatch> {
        expect_types(inputs, &[ColumnType::Vector])?;
        Ok(vec![ColumnType::Vector])
    }

    fn run(&self, rows: usize, inputs: &[&Column]) -> Result<Outputs, OpError> {
        let mut out = VectorBuilder::with_capacity(rows, self.size().unwrap_or(0));
        let mut dense = Vec::new();
        for (at, row) in vectors(inputs[0])?.iter().enumerate() {
            self.push(expect_vector(inputs[0], at, row, self.size())?, &mut dense, &mut out);
        }
        Ok(Column::Vector(out.finish()).into())
    }

    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Divide::Slots(by) => write!(f, "divide [size {}]", by.len()),
            Divide::Norm(p) => write!(f, "divide by norm [p = {p}]"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn norms_are_sparks() {
        let values = [3.0, -4.0, 0.0];
        let norms = [1.0, 2.0, 3.0, f64::INFINITY].map(|p| norm(&values, p));
        assert_eq!((norms[0], norms[1], norms[3]), (7.0, 5.0, 4.0));
        assert!((norms[2] - 91.0_f64.cbrt()).abs() < 1e-14, "{norms:?}");
        assert_eq!(norm(&[f64::NAN, 2.0], f64::INFINITY), 2.0);
    }

    #[test]
    fn rows_keep_their_form() {
        let mut rows = VectorBuilder::default();
        rows.push_sparse(3, &[0, 1], &[0.0, -2.0]);
        rows.push_dense(&[0.0, 0.0, -0.0]);
        let column = Column::Vector(rows.finish());
        let run = |op: Divide| op.run(2, &[&column]).ok().unwrap().columns[0].as_vectors().unwrap().clone();
        let normed = run(Divide::Norm(2.0));
        assert_eq!(
            normed.get(0),
            Some(VectorRef::Sparse { size: 3, indices: &[0, 1], values: &[0.0, -1.0] })
        );
        assert_eq!(normed.get(1), Some(VectorRef::Dense(&[0.0, 0.0, 0.0])));
        let slots = run(Divide::Slots(Arc::from([1.0, 4.0, 2.0])));
        assert_eq!(slots.get(0), Some(VectorRef::Dense(&[0.0, -0.5, 0.0])));
    }
}
