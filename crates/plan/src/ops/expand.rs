//! All products of the slots of a vector up to some degree: Spark's `PolynomialExpansion`.
//!
//! Follows `ml/feature/PolynomialExpansion.scala`: `[a, b]` of degree 2 becomes `[a, a², b, ab, b²]`. A product is
//! multiplied from the last slot down, and left out once it is 0, so that −0 and underflow never come out.

use std::fmt;

use super::scale::expect_vector;
use super::{Mismatch, Operation, Outputs, expect_types, room, vectors};
use crate::column::{Column, ColumnType, VectorBuilder, VectorRef};
use crate::error::OpError;

/// All products of at most `degree` slots, which is at least 1.
#[derive(Clone, Debug)]
pub struct Expand {
    /// How many slots, repeated ones included, a product has at most.
    pub degree: usize,
}

/// The most products that a row may store.
const MAX_PRODUCTS: u64 = 1 << 26;
/// The most slots that a vector may have.
const MAX_SIZE: u64 = i32::MAX as u64;

/// How many products of at most `degree` of `slots` slots there are, the empty one included; `None` where they are
/// more than a vector can have.
fn products(slots: usize, degree: usize) -> Option<u64> {
    let (few, many) = (slots.min(degree) as u64, slots.max(degree) as u64);
    let mut count = 1_u64;
    for step in 1..=few {
        count = count.checked_mul(many.checked_add(step)?)? / step;
        if count > MAX_SIZE + 1 {
            return None;
        }
    }
    Some(count)
}

/// A part of the work: the product so far, to be multiplied with the stored values before `end`, `degree` times at
/// most. Its products stand from `start` on, counted with the empty product.
struct Part {
    end: usize,
    degree: usize,
    product: f64,
    start: u64,
}

impl Expand {
    /// The size of the expansion of a vector of `size` slots.
    pub fn size(&self, size: usize) -> Option<usize> {
        Some(products(size, self.degree)? as usize - 1)
    }

    /// Hands place and value of each product that is not left out to `put`, in ascending order.
    fn each(&self, row: VectorRef<'_>, mut put: impl FnMut(u32, f64)) {
        let stored: Vec<(usize, f64)> = row.active().collect();
        let mut parts = vec![Part { end: stored.len(), degree: self.degree, product: 1.0, start: 0 }];
        while let Some(part) = parts.pop() {
            let Some(&(slot, value)) = part.end.checked_sub(1).and_then(|last| stored.get(last)) else {
                emit(&part, &mut put);
                continue;
            };
            if part.degree == 0 {
                emit(&part, &mut put);
                continue;
            }
            let first = parts.len();
            let (mut product, mut start) = (part.product, part.start);
            for power in 0..=part.degree {
                if product == 0.0 {
                    break;
                }
                let degree = part.degree - power;
                parts.push(Part { end: part.end - 1, degree, product, start });
                start += products(slot, degree).unwrap_or_default();
                product *= value;
            }
            parts[first..].reverse();
        }
    }
}

/// The product of a finished part, unless it is the empty one.
fn emit(part: &Part, put: &mut impl FnMut(u32, f64)) {
    if part.start > 0 {
        put((part.start - 1) as u32, part.product);
    }
}

impl Operation for Expand {
    fn output_types(&self, inputs: &[&ColumnType]) -> Result<Vec<ColumnType>, Mismatch> {
        expect_types(inputs, &[ColumnType::Vector])?;
        Ok(vec![ColumnType::Vector])
    }

    fn run(&self, rows: usize, inputs: &[&Column]) -> Result<Outputs, OpError> {
        let mut out = VectorBuilder::with_capacity(rows, 0);
        for (at, row) in vectors(inputs[0])?.iter().enumerate() {
            let row = expect_vector(inputs[0], at, row, None)?;
            let stored = products(row.values().len(), self.degree).filter(|&stored| stored <= MAX_PRODUCTS);
            let (Some(size), Some(stored)) = (self.size(row.size()), stored) else {
                let expected =
                    format!("a vector with at most {MAX_PRODUCTS} products of degree {}", self.degree);
                return Err(OpError::row(at, 0, format!("a vector of size {}", row.size()), expected));
            };
            room::check_values(at, 0, &out, stored as usize)?;
            if let VectorRef::Sparse { .. } = row {
                let (mut indices, mut values) = (Vec::new(), Vec::with_capacity(stored as usize));
                self.each(row, |index, value| {
                    indices.push(index);
                    values.push(value);
                });
                out.push_sparse(size, &indices, &values);
            } else {
                out.push_with(size, |out| {
                    let start = out.len();
                    out.resize(start + size, 0.0);
                    self.each(row, |index, value| out[start + index as usize] = value);
                });
            }
        }
        Ok(Column::Vector(out.finish()).into())
    }

    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expand [degree {}]", self.degree)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expand(degree: usize, column: VectorBuilder) -> Result<crate::VectorColumn, OpError> {
        let column = column.finish();
        let outputs = Expand { degree }.run(column.len(), &[&Column::Vector(column)])?;
        Ok(outputs.columns[0].as_vectors().unwrap().clone())
    }

    #[test]
    fn products_stand_where_spark_puts_them() {
        let mut rows = VectorBuilder::default();
        rows.push_dense(&[2.0, 3.0]);
        rows.push_dense(&[0.0, 3.0]);
        rows.push_sparse(2, &[1], &[3.0]);
        rows.push_dense(&[]);
        let out = expand(2, rows).ok().unwrap();
        assert_eq!(out.get(0), Some(VectorRef::Dense(&[2.0, 4.0, 3.0, 6.0, 9.0])));
        assert_eq!(out.get(1), Some(VectorRef::Dense(&[0.0, 0.0, 3.0, 0.0, 9.0])));
        assert_eq!(out.get(2), Some(VectorRef::Sparse { size: 5, indices: &[2, 4], values: &[3.0, 9.0] }));
        assert_eq!(out.get(3), Some(VectorRef::Dense(&[])));
    }

    #[test]
    fn counts_are_binomials() {
        assert_eq!((products(4, 3), products(3, 4), products(0, 9)), (Some(35), Some(35), Some(1)));
        assert_eq!((products(1 << 30, 1), products(1 << 16, 2)), (Some((1 << 30) + 1), None));
        assert_eq!(products(1 << 31, 1 << 31), None);
    }

    #[test]
    fn too_many_products_are_a_row_error() {
        let mut rows = VectorBuilder::default();
        rows.push_dense(&vec![1.0; 1000]);
        let Err(OpError::Row(fault)) = expand(5, rows) else { panic!("a row error") };
        assert!(fault.found.contains("size 1000"), "{}", fault.found);
        let mut long = VectorBuilder::default();
        long.push_dense(&vec![1.0; 100_000]);
        assert_eq!(expand(1, long).ok().unwrap().get(0).unwrap().size(), 100_000);
    }
}
