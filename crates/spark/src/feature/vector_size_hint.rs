//! `VectorSizeHint`: says, and checks, the size of the vectors in a column; it writes no column but that one.
//!
//! `handleInvalid` speaks of nulls and of vectors of another size: an error, no row (`skip`), or nothing is looked at
//! (`optimistic`). Spark's `ml/feature/VectorSizeHint.scala`.

use firesteel_plan::ops::CheckSize;
use firesteel_plan::{Asked, Attributes, BuildError, Builder, ColumnType};

use crate::error::LoadError;
use crate::saved::Saved;
use crate::stage::{Stage, StageSpec};

pub(crate) const STAGE: StageSpec = StageSpec {
    class: "org.apache.spark.ml.feature.VectorSizeHint",
    since: "2.3.0",
    load: VectorSizeHint::load,
};

struct VectorSizeHint {
    column: String,
    size: usize,
    /// Whether to look, and if so whether to drop rows.
    skip: Option<bool>,
}

impl VectorSizeHint {
    fn load(saved: &Saved) -> Result<Box<dyn Stage>, LoadError> {
        let skip = match saved.one_of("handleInvalid", &["optimistic", "error", "skip"], "error")? {
            "optimistic" => None,
            word => Some(word == "skip"),
        };
        Ok(Box::new(VectorSizeHint { column: saved.param("inputCol")?, size: saved.param("size")?, skip }))
    }
}

impl Stage for VectorSizeHint {
    fn expect(&self, builder: &mut Builder) {
        builder.expect_size(&self.column, self.size);
    }

    fn lower(&self, builder: &mut Builder) -> Result<(), BuildError> {
        let asked = Asked { column_type: ColumnType::Vector, nullable: self.skip != Some(false) };
        let input = builder.column(&self.column, asked);
        let attributes = match input.attributes().size() {
            Some(size) if size != self.size => {
                return Err(BuildError::Invalid(format!(
                    "VectorSizeHint says that the vectors in column '{}' have size {}, but their size is {size}",
                    self.column, self.size
                )));
            }
            Some(_) => input.attributes().clone(),
            None => Attributes::sized(self.size),
        };
        let checked = match self.skip {
            Some(skip) => builder.apply(CheckSize { size: self.size, skip }.into(), &[&input])?,
            None if *input.column_type() == ColumnType::Vector => input,
            None => builder.vectors(&self.column)?,
        };
        builder.fact("size", self.size);
        builder.replace(&self.column, checked.with_attributes(attributes))
    }
}

#[cfg(test)]
mod tests {
    use firesteel_plan::{Column, ColumnType, VectorBuilder};

    use crate::testing::{Save, save, vector};

    fn hint(way: &str) -> Save {
        let params = format!(r#"{{"inputCol":"v","size":2,"handleInvalid":"{way}"}}"#);
        save("VectorSizeHint", "3.5.9", &params)
    }

    fn column() -> Column {
        let mut rows = VectorBuilder::default();
        rows.push_dense(&[1.0]);
        rows.push_null();
        rows.push_dense(&[1.0, 2.0]);
        Column::Vector(rows.finish())
    }

    #[test]
    fn other_sizes_are_an_error_dropped_or_let_through() {
        let error =
            hint("error").open(&[]).unwrap().try_score(vec![("v", column())]).unwrap_err().to_string();
        assert!(error.contains("found a vector of size 1") && error.contains("'skip'"), "{error}");
        let skipped = hint("skip").open(&[]).unwrap().score(vec![("v", column())]);
        assert_eq!((skipped.survivors(), skipped.vector("v", 0)), (vec![2], vec![1.0, 2.0]));
        let passed = hint("optimistic").open(&[]).unwrap().score(vec![("v", column())]);
        assert!(passed.survivors().len() == 3 && passed.column("v").is_null(1));
    }

    #[test]
    fn the_assembler_learns_the_size() {
        let params = r#"{"inputCols":["v"],"outputCol":"o","handleInvalid":"keep"}"#;
        let keep = save("VectorAssembler", "3.5.9", params);
        let model = Save::pipeline("3.5.9", vec![hint("optimistic"), keep]).open(&[]).unwrap();
        let mut rows = VectorBuilder::default();
        rows.push_null();
        let row = model.score(vec![("v", Column::Vector(rows.finish()))]).vector("o", 0);
        assert!(row.len() == 2 && row.iter().all(|slot| slot.is_nan()), "{row:?}");
    }

    #[test]
    fn what_is_no_vector_of_this_size_is_refused() {
        for way in ["optimistic", "error"] {
            let error = hint(way).open(&[("v", ColumnType::Int)]).unwrap_err().to_string();
            assert!(error.contains("column 'v' is int, expected vector"), "{error}");
        }
        let three = save("VectorSizeHint", "3.5.9", r#"{"inputCol":"v","size":3}"#).named("three");
        let error = Save::pipeline("3.5.9", vec![hint("error"), three]).open(&[]).unwrap_err().to_string();
        assert!(error.contains("have size 3, but their size is 2"), "{error}");
        let error = save("VectorSizeHint", "3.5.9", r#"{"inputCol":"v"}"#).open(&[]).unwrap_err().to_string();
        assert!(error.contains("'size' is missing"), "{error}");
        assert_eq!(hint("error").open(&[]).unwrap().score(vec![("v", vector(&[1.0, 2.0]))]).survivors(), [0]);
    }
}
