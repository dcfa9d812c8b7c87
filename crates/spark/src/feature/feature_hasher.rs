//! `FeatureHasher`: columns of any type added up in sparse vectors, at the places that hashes give.
//!
//! A number stands at the hash of its column's name; text, booleans and the numbers of `categoricalCols` count 1 at
//! the hash of `name=value`, the value as Java prints it. A null counts for nothing. The hash is the standard one in
//! every version. What falls on one place is added up in the order of the columns until Spark 3.0. Since 3.1 numbers
//! come before the categories, in the order of a Scala set of their names; that of Scala 2.12 for all of Spark 3, as
//! PySpark has it. A save does not say which input columns are numbers: where no stage before tells, they must be
//! declared. Spark's `ml/feature/FeatureHasher.scala`.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use firesteel_plan::ops::HashFeatures;
use firesteel_plan::{Attributes, BuildError, Builder, Col, ColumnType};

use crate::error::LoadError;
use crate::saved::Saved;
use crate::scala_set::{Scala, ordered};
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
    /// Whose sets order the numbers; none where they are added up as they stand.
    scala: Option<Scala>,
    /// Whether a category that stands twice among the inputs counts twice, as it does in Spark 4 by oversight.
    twice: bool,
}

/// A column of the hash, and whether it counts as a category.
struct Input {
    name: Arc<str>,
    category: bool,
    column: Col,
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
        let categorical: Option<Vec<String>> = saved.optional("categoricalCols")?;
        let version = saved.version();
        let scala = match version.at_least(4, 0) {
            true => Some(Scala::V2_13),
            false => version.at_least(3, 1).then_some(Scala::V2_12),
        };
        let twice = version.at_least(4, 0) && categorical.is_none();
        let categorical = categorical.unwrap_or_default();
        Ok(Box::new(FeatureHasher { inputs, output: saved.output_col()?, categorical, size, scala, twice }))
    }

    /// The columns in the order in which they are added up.
    fn in_order(&self, columns: Vec<Input>) -> Vec<Input> {
        let Some(scala) = self.scala else { return columns };
        let mut seen = HashSet::new();
        let (categories, mut numbers): (Vec<Input>, Vec<Input>) = columns
            .into_iter()
            .filter(|input| seen.insert(Arc::clone(&input.name)) || (self.twice && input.category))
            .partition(|input| input.category);
        let removed: Vec<&str> = categories.iter().map(|input| &*input.name).collect();
        let names: Vec<&str> = self.inputs.iter().map(String::as_str).collect();
        let places: HashMap<&str, usize> = ordered(scala, &names, &removed).into_iter().zip(0..).collect();
        numbers.sort_by_key(|input| places.get(&*input.name).copied());
        numbers.into_iter().chain(categories).collect()
    }
}

impl Stage for FeatureHasher {
    fn lower(&self, builder: &mut Builder) -> Result<(), BuildError> {
        let categorical: HashSet<&String> = self.categorical.iter().collect();
        let mut columns = Vec::with_capacity(self.inputs.len());
        for name in &self.inputs {
            if builder.known(name, true).is_none() {
                return Err(BuildError::Invalid(format!(
                    "the type of input column '{name}' is not known: a FeatureHasher takes numbers, booleans and text; \
                     declare it, for example '{name}:double' or '{name}:string'"
                )));
            }
            let input = builder.column(name, firesteel_plan::Asked::nullable(ColumnType::String));
            let number = input.column_type().is_numeric() && !categorical.contains(name);
            let column = match input.column_type() {
                ColumnType::String => input,
                _ if number => builder.cast(&input, ColumnType::Double)?,
                _ => builder.cast(&input, ColumnType::String)?,
            };
            columns.push(Input { name: Arc::from(name.as_str()), category: !number, column });
        }
        let columns = self.in_order(columns);
        let names = columns.iter().map(|input| Arc::clone(&input.name)).collect();
        let hash = HashFeatures { size: self.size, names };
        let hashed =
            builder.apply(hash.into(), &columns.iter().map(|input| &input.column).collect::<Vec<_>>())?;
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
