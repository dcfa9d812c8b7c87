//! `OneHotEncoderModel`: category indices as sparse vectors with a single 1.
//!
//! The save holds the number of categories of each column (`categorySizes`). With `dropLast` (the default) the last
//! category is all zeros. `handleInvalid` speaks of indices outside the categories: an error, or with `keep` one
//! more category, which is then the last. A null stays null. The models of Spark 2.3's and 2.4's
//! `OneHotEncoderEstimator` are of this class too; the 2.x transformer `OneHotEncoder` is another.
//! Spark's `ml/feature/OneHotEncoder.scala`.

use std::sync::Arc;

use firesteel_plan::ops::OneHot;
use firesteel_plan::{Attribute, Attributes, BuildError, Builder};

use super::columns::{Pair, numbers, pairs};
use crate::error::LoadError;
use crate::saved::Saved;
use crate::stage::{Stage, StageSpec};

pub(crate) const STAGE: StageSpec = StageSpec {
    class: "org.apache.spark.ml.feature.OneHotEncoderModel",
    since: "2.3.0",
    load: OneHotEncoder::load,
};

/// What Spark calls the category of invalid values.
const INVALID: &str = "invalidValues";

struct OneHotEncoder {
    columns: Vec<(Pair, OneHot)>,
}

impl OneHotEncoder {
    fn load(saved: &Saved) -> Result<Box<dyn Stage>, LoadError> {
        let pairs = pairs(saved)?;
        let data = saved.data("data")?;
        let row = data.only_row()?;
        let sizes = row.ints("categorySizes")?;
        if sizes.len() != pairs.len() {
            return Err(row.error(format!(
                "{} category sizes for {} input columns",
                sizes.len(),
                pairs.len()
            )));
        }
        let drop_last = saved.param_or("dropLast", true)?;
        let keep = saved.one_of("handleInvalid", &["error", "keep"], "error")? == "keep";
        let mut columns = Vec::new();
        for (pair, size) in pairs.into_iter().zip(sizes) {
            let categories = usize::try_from(size).map_err(|_| row.error(format!("{size} categories")))?;
            columns.push((pair, OneHot { categories, drop_last, keep }));
        }
        Ok(Box::new(OneHotEncoder { columns }))
    }
}

/// The names of the slots: the labels of the input column, else the indices.
fn attributes(
    builder: &mut Builder,
    input: &Attributes,
    pair: &Pair,
    encode: &OneHot,
) -> Result<Attributes, BuildError> {
    let labels = match input {
        Attributes::Scalar(Attribute::Nominal { values, num_values, .. }) => {
            let count = values.as_ref().map(|values| values.len()).or(*num_values);
            if let Some(count) = count.filter(|&count| count != encode.categories) {
                return Err(BuildError::Invalid(format!(
                    "column '{}' has {count} categories, but the encoder was fitted on {}; fit the pipeline again",
                    pair.input, encode.categories
                )));
            }
            values.clone()
        }
        Attributes::Scalar(Attribute::Numeric { .. }) => {
            return Err(BuildError::Invalid(format!("column '{}' is not categorical", pair.input)));
        }
        _ => None,
    };
    let name = |slot: usize| -> Arc<str> {
        match labels.as_ref().and_then(|labels| labels.get(slot)) {
            Some(label) => Arc::from(label.as_str()),
            None if slot == encode.categories => Arc::from(INVALID),
            None => Arc::from(slot.to_string()),
        }
    };
    Ok(builder.describe(encode.size(), |slot| Attribute::Binary { name: Some(name(slot)) }))
}

impl Stage for OneHotEncoder {
    fn lower(&self, builder: &mut Builder) -> Result<(), BuildError> {
        for (pair, encode) in &self.columns {
            let input = numbers(builder, &pair.input, true)?;
            let attributes = attributes(builder, input.attributes(), pair, encode)?;
            let encoded = builder.apply(encode.clone().into(), &[&input])?;
            builder.fact("categories", encode.categories);
            builder.bind(&pair.output, encoded.with_attributes(attributes))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{doubles, golden};

    #[test]
    fn every_version_keeps_invalid_indices_when_told() {
        for version in ["2.4.8", "3.0.3", "3.5.9", "4.3.0"] {
            let model = golden("OneHotEncoderModel_multi", version);
            let indices = || doubles(&[Some(0.0), Some(7.0), None]);
            let scored = model.score(vec![("catIdx", indices()), ("catIdx2", indices())]);
            assert_eq!(scored.column("o1").show(0), "(3, [0], [1.0])");
            assert_eq!(scored.column("o1").show(1), "(3, [], [])");
            assert_eq!(scored.column("o2").show(0), "(2, [0], [1.0])");
            assert!(scored.column("o2").is_null(2));
        }
    }
}
