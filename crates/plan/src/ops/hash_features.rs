//! Columns added up at the places that hashes of their names give: Spark's `FeatureHasher`.
//!
//! A number stands at the hash of its column's name, a category counts 1 at the hash of `name=value`. Nulls count
//! for nothing. The hash is that of [`super::HashTerms`].

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use super::hash_terms::{hash_text, place};
use super::{Mismatch, Operation, Outputs, doubles, strings};
use crate::column::{Column, ColumnType, VectorBuilder};
use crate::error::OpError;

/// Adds columns of doubles and of strings up in sparse vectors.
#[derive(Clone, Debug)]
pub struct HashFeatures {
    /// The size of the vectors, above 0.
    pub size: usize,
    /// The name of each column.
    pub names: Vec<Arc<str>>,
}

impl HashFeatures {
    /// Place and value of a column's row.
    fn hashed(&self, name: &str, column: &Column, row: usize) -> Result<(u32, f64), OpError> {
        match column.as_strings() {
            Some(_) => {
                let text = format!("{name}={}", strings(column)?.value(row));
                Ok((place(hash_text(&text), self.size), 1.0))
            }
            None => Ok((place(hash_text(name), self.size), doubles(column)?.value(row))),
        }
    }
}

impl Operation for HashFeatures {
    fn output_types(&self, inputs: &[&ColumnType]) -> Result<Vec<ColumnType>, Mismatch> {
        let wrong = inputs.iter().position(|input| !matches!(input, ColumnType::Double | ColumnType::String));
        match wrong {
            None if inputs.len() == self.names.len() => Ok(vec![ColumnType::Vector]),
            wrong => Err(Mismatch {
                input: wrong.unwrap_or(inputs.len()),
                expected: "numbers, booleans or strings".to_owned(),
            }),
        }
    }

    fn run(&self, rows: usize, inputs: &[&Column]) -> Result<Outputs, OpError> {
        let mut out = VectorBuilder::with_capacity(rows, 0);
        let mut sums: BTreeMap<u32, f64> = BTreeMap::new();
        for row in 0..rows {
            sums.clear();
            for (name, column) in self.names.iter().zip(inputs).filter(|(_, column)| !column.is_null(row)) {
                let (place, value) = self.hashed(name, column, row)?;
                sums.entry(place).and_modify(|sum| *sum += value).or_insert(value);
            }
            let (places, values): (Vec<u32>, Vec<f64>) =
                sums.iter().map(|(&place, &sum)| (place, sum)).unzip();
            out.push_sparse(self.size, &places, &values);
        }
        Ok(Column::Vector(out.finish()).into())
    }

    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "hash features [{} columns, size {}]", self.names.len(), self.size)
    }
}

#[cfg(test)]
mod tests {
    use arrow_array::{Float64Array, StringArray};

    use super::*;

    /// From a run of Spark 3.5.9 with 100 features: `d` = 2.5 and `s` = foo.
    #[test]
    fn numbers_and_categories_stand_where_spark_puts_them() {
        let op = HashFeatures { size: 100, names: vec![Arc::from("d"), Arc::from("s")] };
        let numbers = Column::Array(Arc::new(Float64Array::from(vec![Some(2.5), None])));
        let words = Column::Array(Arc::new(StringArray::from(vec![Some("foo"), None])));
        let outputs = op.run(2, &[&numbers, &words]).ok().unwrap();
        let out = outputs.columns[0].as_vectors().unwrap();
        let first: Vec<(usize, f64)> = out.get(0).unwrap().active().collect();
        assert!(first.len() == 2 && first.contains(&(90, 2.5)), "{first:?}");
        assert_eq!(out.get(1).unwrap().values(), []);
    }
}
