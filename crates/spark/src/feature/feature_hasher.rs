//! `FeatureHasher`: columns of any type added up in sparse vectors, at the places that hashes give.
//!
//! A number stands at the hash of its column's name; text, booleans and the numbers of `categoricalCols` count 1 at
//! the hash of `name=value`, the value as Java prints it. A null counts for nothing. The hash is the standard one in
//! every version. What falls on one place is added up in the order of the columns; since Spark 3.1 numbers come before
//! the categories. A save does not say which input columns are numbers: where no stage before tells, they must be
//! declared. Spark's `ml/feature/FeatureHasher.scala`.

use std::sync::Arc;

use firesteel_plan::ops::HashFeatures;
use firesteel_plan::{Attributes, BuildError, Builder, ColumnType};

use crate::error::LoadError;
use crate::saved::Saved;
use crate::stage::{Stage, StageSpec};

pub(crate) const STAGE: StageSpec = StageSpec {
    class: "org.apache.spark.ml.feature.FeatureHasher",
    since: "2.3.0",
    load: FeatureHasher::load,
};

struct FeatureHasher {
    inputs: Vec<String>,
    output: String,
    categorical: Vec<String>,
    size: usize,
    numbers_first: bool,
}

impl FeatureHasher {
    fn load(saved: &Saved) -> Result<Box<dyn Stage>, LoadError> {
        let inputs: Vec<String> = saved.param("inputCols")?;
        if inputs.is_empty() {
            return Err(saved.invalid("inputCols", "empty", "at least one column"));
        }
        let size: usize = saved.param_or("numFeatures", 1 << 18)?;
        if size == 0 {
            return Err(saved.invalid("numFeatures", size, "a number above 0"));
        }
        let categorical = saved.param_or("categoricalCols", Vec::new())?;
        let numbers_first = saved.version().at_least(3, 1);
        Ok(Box::new(FeatureHasher { inputs, output: saved.output_col()?, categorical, size, numbers_first }))
    }
}

impl Stage for FeatureHasher {
    fn lower(&self, builder: &mut Builder) -> Result<(), BuildError> {
        let mut columns = Vec::with_capacity(self.inputs.len());
        for name in &self.inputs {
            if builder.known(name, true).is_none() {
                return Err(BuildError::Invalid(format!(
                    "the type of input column '{name}' is not known: a FeatureHasher takes numbers, booleans and text; \
                     declare it, for example '{name}:double' or '{name}:string'"
                )));
            }
            let input = builder.column(name, firesteel_plan::Asked::nullable(ColumnType::String));
            let number = input.column_type().is_numeric() && !self.categorical.contains(name);
            let column = match input.column_type() {
                ColumnType::String => input,
                _ if number => builder.cast(&input, ColumnType::Double)?,
                _ => builder.cast(&input, ColumnType::String)?,
            };
            columns.push((!number, Arc::from(name.as_str()), column));
        }
        if self.numbers_first {
            columns.sort_by_key(|(category, _, _)| *category);
        }
        let names = columns.iter().map(|(_, name, _)| Arc::clone(name)).collect();
        let hash = HashFeatures { size: self.size, names };
        let hashed =
            builder.apply(hash.into(), &columns.iter().map(|(_, _, column)| column).collect::<Vec<_>>())?;
        builder.fact("size", self.size);
        builder.bind(&self.output, hashed.with_attributes(Attributes::sized(self.size)))
    }
}

#[cfg(test)]
mod tests {
    use firesteel_plan::ColumnType;

    use crate::testing::{doubles, save, strings};

    #[test]
    fn types_must_be_known() {
        let hasher = save("FeatureHasher", "3.5.9", r#"{"inputCols":["s","d"],"outputCol":"o"}"#);
        let error = hasher.clone().open(&[("s", ColumnType::String)]).unwrap_err().to_string();
        assert!(error.contains("'d' is not known") && error.contains("'d:double'"), "{error}");
        let model = hasher.open(&[("s", ColumnType::String), ("d", ColumnType::Double)]).unwrap();
        let scored = model.score(vec![("s", strings(&[None])), ("d", doubles(&[Some(0.0)]))]);
        assert_eq!(scored.column("o").as_vectors().unwrap().get(0).unwrap().values(), [0.0]);
    }

    /// Each 1 alone is lost on so large a number, two of them are not.
    #[test]
    fn numbers_are_added_up_before_categories_since_spark_3_1() {
        let sum = |version| {
            let hasher = save(
                "FeatureHasher",
                version,
                r#"{"inputCols":["s","t","d"],"outputCol":"o","numFeatures":1}"#,
            );
            let text = ("s", ColumnType::String);
            let model = hasher.open(&[text, ("t", ColumnType::String), ("d", ColumnType::Double)]).unwrap();
            let large = doubles(&[Some(9_007_199_254_740_992.0)]);
            let scored =
                model.score(vec![("s", strings(&[Some("a")])), ("t", strings(&[Some("b")])), ("d", large)]);
            scored.column("o").as_vectors().unwrap().get(0).unwrap().values()[0]
        };
        assert_eq!(sum("3.5.9"), 9_007_199_254_740_992.0);
        assert_eq!(sum("3.0.3"), 9_007_199_254_740_994.0);
    }

    #[test]
    fn columns_that_cannot_be_hashed_are_refused() {
        let hasher = save("FeatureHasher", "3.5.9", r#"{"inputCols":["v"]}"#);
        let error = hasher.open(&[("v", ColumnType::Vector)]).unwrap_err().to_string();
        assert!(error.contains("column 'v' is vector"), "{error}");
        for (params, expected) in [
            (r#"{"inputCols":[]}"#, "at least one column"),
            (r#"{"inputCols":["a"],"numFeatures":0}"#, "a number above 0"),
        ] {
            let error = save("FeatureHasher", "3.5.9", params).open(&[]).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
    }
}
