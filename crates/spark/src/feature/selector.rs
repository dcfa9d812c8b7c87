//! What the models of all feature selectors share: the slots that were chosen. Spark's `ml/feature/Selector.scala`.

use std::sync::Arc;

use firesteel_plan::ops::SelectSlots;
use firesteel_plan::{Attribute, Attributes, BuildError, Builder};

use super::columns::selected;
use crate::error::LoadError;
use crate::saved::Saved;
use crate::stage::Stage;

/// The model of a feature selector.
pub(super) struct Selector {
    input: String,
    output: String,
    chosen: Arc<[u32]>,
    /// What is known of a slot where nothing is known of the input's.
    unnamed: Attribute,
}

impl Selector {
    pub(super) fn load(saved: &Saved, unnamed: Attribute) -> Result<Selector, LoadError> {
        let data = saved.data("data")?;
        let row = data.only_row()?;
        let mut chosen = Vec::new();
        for slot in row.ints("selectedFeatures")? {
            chosen.push(u32::try_from(slot).map_err(|_| row.error(format!("slot {slot} was selected")))?);
        }
        // A UnivariateFeatureSelectorModel saves them by their p-values: every version takes them in order.
        chosen.sort_unstable();
        if !chosen.is_sorted_by(|one, next| one < next) {
            return Err(row.error("'selectedFeatures' hold a slot twice"));
        }
        let input = saved.param_or("featuresCol", "features".to_owned())?;
        Ok(Selector { input, output: saved.output_col()?, chosen: chosen.into(), unnamed })
    }
}

impl Stage for Selector {
    fn lower(&self, builder: &mut Builder) -> Result<(), BuildError> {
        let input = builder.vectors(&self.input)?;
        let attributes = match selected(builder, &input, &self.chosen)? {
            Attributes::None => builder.describe(self.chosen.len(), |_| self.unnamed.clone()),
            known => known,
        };
        let select = SelectSlots { slots: Arc::clone(&self.chosen), keeps_zeros: true };
        let chosen = builder.apply(select.into(), &[&input])?;
        builder.fact("slots", self.chosen.len());
        builder.bind(&self.output, chosen.with_attributes(attributes))
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{Save, save};

    #[test]
    fn missing_and_damaged_data_are_refused() {
        let golden = || Save::golden("ChiSqSelectorModel", "3.5.9");
        let error = golden().without(".parquet").open(&[]).unwrap_err().to_string();
        assert!(error.contains("no Parquet file"), "{error}");
        let error = golden().with("data/part-", b"PAR1").open(&[]).unwrap_err().to_string();
        assert!(error.contains("part-"), "{error}");
    }

    #[test]
    fn a_slot_that_an_earlier_stage_does_not_give_is_refused() {
        let hint = save("VectorSizeHint", "3.5.9", r#"{"inputCol":"countf","size":1}"#);
        let pipeline = Save::pipeline("3.5.9", vec![hint, Save::golden("ChiSqSelectorModel", "3.5.9")]);
        let error = pipeline.open(&[]).unwrap_err().to_string();
        assert!(error.contains("but its vectors have size 1"), "{error}");
    }
}
