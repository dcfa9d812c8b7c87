//! `StringIndexerModel`: the index of a string among the labels of training.
//!
//! Numbers are made strings first, as Spark SQL casts them. `handleInvalid` speaks of nulls and of strings that are
//! no label: an error, no row (`skip`), or the index after the last label (`keep`). The save holds `labelsArray`, a
//! list of labels for each column, and up to Spark 2.4 `labels` for the one column. An input column that is known not
//! to be there (as the label's when a file is scored) is passed over, as by Spark. Spark's `ml/feature/StringIndexer.scala`.

use std::sync::Arc;

use firesteel_plan::ops::{HandleInvalid, StringIndex};
use firesteel_plan::{Asked, Attribute, Attributes, BuildError, Builder, ColumnType};

use super::columns::{Pair, handle_invalid, pairs};
use crate::error::LoadError;
use crate::saved::Saved;
use crate::stage::{Stage, StageSpec};

pub(crate) const STAGE: StageSpec = StageSpec {
    class: "org.apache.spark.ml.feature.StringIndexerModel",
    since: "1.4.0",
    load: StringIndexer::load,
};

/// What Spark calls the index after the last label.
const UNKNOWN: &str = "__unknown";

struct StringIndexer {
    columns: Vec<(Pair, Vec<String>)>,
    handle_invalid: HandleInvalid,
}

impl StringIndexer {
    fn load(saved: &Saved) -> Result<Box<dyn Stage>, LoadError> {
        let pairs = pairs(saved)?;
        let data = saved.data("data")?;
        let row = data.only_row()?;
        let labels: Vec<Vec<String>> = if row.has("labelsArray") {
            let lists = data.column("labelsArray")?.flattened()?.string_lists()?;
            lists.iter().map(<[String]>::to_vec).collect()
        } else {
            vec![row.strings("labels")?]
        };
        if labels.len() != pairs.len() {
            return Err(row.error(format!(
                "{} lists of labels for {} input columns",
                labels.len(),
                pairs.len()
            )));
        }
        let columns = pairs.into_iter().zip(labels).collect();
        let handle_invalid = handle_invalid(saved, &["error", "skip", "keep"])?;
        Ok(Box::new(StringIndexer { columns, handle_invalid }))
    }

    fn lower_column(&self, builder: &mut Builder, pair: &Pair, labels: &[String]) -> Result<(), BuildError> {
        let nullable = self.handle_invalid != HandleInvalid::Error;
        let input = builder.column(&pair.input, Asked { column_type: ColumnType::String, nullable });
        let mut index = StringIndex::new(labels, self.handle_invalid);
        match input.column_type() {
            ColumnType::String => {}
            // Spark's `na.drop` takes a NaN for missing before any label is looked up.
            ColumnType::Float | ColumnType::Double if self.handle_invalid == HandleInvalid::Skip => {
                index = index.forgetting("NaN");
            }
            other if other.is_numeric() => {}
            other => {
                return Err(BuildError::ColumnType {
                    column: pair.input.clone(),
                    found: other.to_string(),
                    expected: "strings or numbers".to_owned(),
                });
            }
        }
        let text = builder.cast(&input, ColumnType::String)?;
        let unknown = (self.handle_invalid == HandleInvalid::Keep).then(|| UNKNOWN.to_owned());
        let attribute = Attribute::Nominal {
            name: Some(Arc::from(pair.output.as_str())),
            values: Some(labels.iter().cloned().chain(unknown).collect()),
            num_values: None,
        };
        builder.fact("labels", labels.len());
        let found = builder.apply(index.into(), &[&text])?;
        builder.bind(&pair.output, found.with_attributes(Attributes::Scalar(attribute)))
    }
}

impl Stage for StringIndexer {
    fn lower(&self, builder: &mut Builder) -> Result<(), BuildError> {
        for (pair, labels) in &self.columns {
            // Spark passes over a column that is not there, except where it filters rows by it.
            if self.handle_invalid == HandleInvalid::Skip || !builder.is_absent(&pair.input) {
                self.lower_column(builder, pair, labels)?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use firesteel_plan::ColumnType;

    use crate::testing::{doubles, golden, golden_with, strings};

    #[test]
    fn every_version_keeps_strangers_after_its_labels() {
        for version in ["2.4.8", "3.0.3", "3.5.9", "4.3.0"] {
            let model = golden("StringIndexerModel", version);
            let scored =
                model.score(vec![("cat", strings(&[Some("a"), Some("b"), Some("c"), Some("z"), None]))]);
            let mut found = scored.doubles("ci");
            assert_eq!(found.split_off(3), [3.0, 3.0]);
            found.sort_by(f64::total_cmp);
            assert_eq!(found, [0.0, 1.0, 2.0]);
        }
    }

    #[test]
    fn numbers_are_made_strings() {
        let model = golden_with("StringIndexerModel", "3.5.9", &[("cat", ColumnType::Double)]);
        assert_eq!(model.score(vec![("cat", doubles(&[Some(1.0)]))]).doubles("ci"), [3.0]);
    }

    #[test]
    fn several_columns_have_labels_of_their_own() {
        let model = golden("StringIndexerModel_multi", "4.3.0");
        let scored = model.score(vec![("cat", strings(&[Some("b")])), ("cat2", strings(&[Some("v")]))]);
        assert_eq!((scored.doubles("c1"), scored.doubles("c2")), (vec![1.0], vec![1.0]));
    }
}
