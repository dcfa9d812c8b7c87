//! `Binarizer`: 1 for numbers above a threshold, else 0; of one column or several, of doubles or vectors.
//!
//! `threshold` (default 0) is for one column, `thresholds` for several, of which `threshold` counts where those are
//! not set. A NaN is not above it. A null among doubles stays null up to Spark 3 and becomes 0 from 4.0 on. Vectors
//! are stored dense or sparse, whichever is smaller; from 3.0 on (SPARK-29144) the zeros that a sparse vector does
//! not store are above a negative threshold, and so is a NaN. Integers are refused, as Spark refuses them.
//! Spark's `ml/feature/Binarizer.scala`.

use std::sync::Arc;

use firesteel_plan::ops::{Binarize, SparseRule};
use firesteel_plan::{Asked, Attribute, Attributes, BuildError, Builder, ColumnType};

use super::columns::{Pair, expect_same_size, pairs};
use super::vector_assembler::sparse_rule;
use crate::error::LoadError;
use crate::saved::Saved;
use crate::stage::{Stage, StageSpec};

pub(crate) const STAGE: StageSpec =
    StageSpec { class: "org.apache.spark.ml.feature.Binarizer", since: "1.4.0", load: Binarizer::load };

struct Binarizer {
    columns: Vec<(Pair, f64)>,
    keeps_nulls: bool,
    counts_missing: bool,
    rule: SparseRule,
}

impl Binarizer {
    fn load(saved: &Saved) -> Result<Box<dyn Stage>, LoadError> {
        let pairs = pairs(saved)?;
        let several = saved.optional::<Vec<String>>("inputCols")?.is_some();
        let thresholds: Option<Vec<f64>> = saved.optional("thresholds")?.filter(|_| several);
        let thresholds = match thresholds {
            Some(thresholds) => thresholds,
            None => vec![saved.param_or("threshold", 0.0)?; pairs.len()],
        };
        if thresholds.len() != pairs.len() {
            let found = format!("{} numbers", thresholds.len());
            return Err(saved.invalid(
                "thresholds",
                found,
                format!("one for each of {} inputCols", pairs.len()),
            ));
        }
        let version = saved.version();
        Ok(Box::new(Binarizer {
            columns: pairs.into_iter().zip(thresholds).collect(),
            keeps_nulls: !version.at_least(4, 0),
            counts_missing: version.at_least(3, 0),
            rule: sparse_rule(version),
        }))
    }
}

impl Stage for Binarizer {
    fn expect(&self, builder: &mut Builder) {
        self.columns.iter().for_each(|(pair, _)| expect_same_size(builder, &pair.input, &pair.output));
    }

    fn lower(&self, builder: &mut Builder) -> Result<(), BuildError> {
        for (pair, threshold) in &self.columns {
            let is_vector =
                [&pair.input, &pair.output].iter().any(|name| builder.expected_size(name).is_some());
            let column_type = if is_vector { ColumnType::Vector } else { ColumnType::Double };
            let asked = Asked { nullable: column_type == ColumnType::Double, column_type };
            let input = builder.column(&pair.input, asked);
            let binarize = Binarize {
                threshold: *threshold,
                keeps_nulls: self.keeps_nulls && *input.column_type() == ColumnType::Double,
                counts_missing: self.counts_missing,
                rule: self.rule,
            };
            let attributes = match (input.column_type(), input.attributes().size()) {
                (ColumnType::Vector, Some(size)) => Attributes::sized(size),
                (ColumnType::Vector, None) => Attributes::None,
                _ => Attributes::Scalar(Attribute::Binary { name: Some(Arc::from(pair.output.as_str())) }),
            };
            let bits = builder.apply(binarize.into(), &[&input])?;
            builder.fact("threshold", threshold);
            builder.bind(&pair.output, bits.with_attributes(attributes))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use firesteel_plan::ColumnType;

    use crate::testing::{doubles, save, vector};

    const ONE: &str = r#"{"inputCol":"x","outputCol":"o","threshold":0.5}"#;

    #[test]
    fn nulls_changed_in_spark_4() {
        for (version, null) in [("2.4.8", "null"), ("3.5.9", "null"), ("4.0.5", "0.0")] {
            let model = save("Binarizer", version, ONE).open(&[]).unwrap();
            let scored = model.score(vec![("x", doubles(&[None, Some(0.5), Some(0.6)]))]);
            let shown: Vec<String> = (0..3).map(|row| scored.column("o").show(row)).collect();
            assert_eq!(shown, [null, "0.0", "1.0"]);
        }
    }

    #[test]
    fn vectors_are_taken_where_declared() {
        let model = save("Binarizer", "3.5.9", ONE).open(&[("x", ColumnType::Vector)]).unwrap();
        assert_eq!(model.score(vec![("x", vector(&[1.0, 0.5]))]).vector("o", 0), [1.0, 0.0]);
        let error = save("Binarizer", "3.5.9", ONE).open(&[("x", ColumnType::Int)]).unwrap_err().to_string();
        assert!(error.contains("column 'x' is int, expected double or vector"), "{error}");
    }

    #[test]
    fn each_column_has_a_threshold() {
        let params = r#"{"inputCols":["a","b"],"outputCols":["x","y"],"thresholds":[1.0]}"#;
        let error = save("Binarizer", "3.5.9", params).open(&[]).unwrap_err().to_string();
        assert!(error.contains("'thresholds' is 1 numbers, expected one for each of 2"), "{error}");
        let params = r#"{"inputCols":["a","b"],"outputCols":["x","y"],"threshold":1.0}"#;
        let model = save("Binarizer", "3.5.9", params).open(&[]).unwrap();
        let scored = model.score(vec![("a", doubles(&[Some(2.0)])), ("b", doubles(&[Some(1.0)]))]);
        assert_eq!((scored.doubles("x"), scored.doubles("y")), (vec![1.0], vec![0.0]));
    }
}
