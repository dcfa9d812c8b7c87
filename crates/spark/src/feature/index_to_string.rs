//! `IndexToString`: the label at an index; the way back from `StringIndexerModel`.
//!
//! Labels are the stage's own (`labels`) or those that the input column carries from the stage that made it. A
//! fraction is cut off, an index without a label is an error. Up to Spark 4.0 a null stays null and a NaN means
//! index 0; from 4.1 on (SPARK-51963) both are errors. Spark's `ml/feature/StringIndexer.scala`.

use std::sync::Arc;

use firesteel_plan::{Attribute, Attributes, BuildError, Builder, Col, ops};

use super::columns::numbers;
use crate::error::LoadError;
use crate::saved::Saved;
use crate::stage::{Stage, StageSpec};

pub(crate) const STAGE: StageSpec = StageSpec {
    class: "org.apache.spark.ml.feature.IndexToString",
    since: "1.5.0",
    load: IndexToString::load,
};

struct IndexToString {
    input: String,
    output: String,
    labels: Arc<[String]>,
    strict: bool,
}

impl IndexToString {
    fn load(saved: &Saved) -> Result<Box<dyn Stage>, LoadError> {
        Ok(Box::new(IndexToString {
            input: saved.param("inputCol")?,
            output: saved.output_col()?,
            labels: saved.param_or("labels", Vec::new())?.into(),
            strict: saved.version().at_least(4, 1),
        }))
    }

    /// The stage's own labels, else those of the input column.
    fn labels(&self, input: &Col) -> Result<Arc<[String]>, BuildError> {
        match input.attributes() {
            _ if !self.labels.is_empty() => Ok(Arc::clone(&self.labels)),
            Attributes::Scalar(Attribute::Nominal { values: Some(labels), .. }) => Ok(Arc::clone(labels)),
            _ => Err(BuildError::Invalid(format!(
                "IndexToString has no 'labels', and no stage before it gives column '{}' any; set its labels, as in \
                 IndexToString(labels=indexerModel.labels), and save again",
                self.input
            ))),
        }
    }
}

impl Stage for IndexToString {
    fn lower(&self, builder: &mut Builder) -> Result<(), BuildError> {
        let input = numbers(builder, &self.input, !self.strict)?;
        let labels = self.labels(&input)?;
        builder.fact("labels", labels.len());
        let found = builder.apply(ops::IndexToString { labels, strict: self.strict }.into(), &[&input])?;
        builder.bind(&self.output, found)
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{doubles, save};

    const LABELS: &str = r#"{"inputCol":"i","outputCol":"s","labels":["a","b"]}"#;

    #[test]
    fn nulls_changed_in_spark_4_1() {
        let model = save("IndexToString", "4.0.5", LABELS).open(&[]).unwrap();
        assert!(model.signature().inputs[0].nullable);
        assert_eq!(model.score(vec![("i", doubles(&[None, Some(1.0)]))]).column("s").show(1), "b");
        let model = save("IndexToString", "4.1.4", LABELS).open(&[]).unwrap();
        assert!(model.try_score(vec![("i", doubles(&[None]))]).is_err());
    }

    #[test]
    fn without_labels_anywhere_it_is_refused() {
        let error =
            save("IndexToString", "3.5.9", r#"{"inputCol":"i","outputCol":"s"}"#).open(&[]).unwrap_err();
        assert!(error.to_string().contains("column 'i'"), "{error}");
    }
}
