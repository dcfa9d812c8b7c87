//! `ChiSqSelectorModel`: the vector of the slots that a chi-squared test chose in training.
//!
//! The save holds the chosen slots (`selectedFeatures`); the parameters counted in training only. A sparse row stays
//! sparse, explicit zeros included. Spark's `ml/feature/ChiSqSelector.scala` and `ml/feature/Selector.scala`.

use firesteel_plan::Attribute;

use super::selector::Selector;
use crate::error::LoadError;
use crate::saved::Saved;
use crate::stage::{Stage, StageSpec};

pub(crate) const STAGE: StageSpec =
    StageSpec { class: "org.apache.spark.ml.feature.ChiSqSelectorModel", since: "1.6.0", load };

fn load(saved: &Saved) -> Result<Box<dyn Stage>, LoadError> {
    let category = Attribute::Nominal { name: None, values: None, num_values: None };
    Ok(Box::new(Selector::load(saved, category)?))
}

#[cfg(test)]
mod tests {
    use crate::testing::{golden, vector};

    #[test]
    fn two_slots_are_chosen_in_every_version() {
        for version in ["2.4.8", "3.0.3", "3.5.9", "4.3.0"] {
            let model = golden("ChiSqSelectorModel", version);
            let row = model.score(vec![("countf", vector(&[1.0, 2.0, 3.0, 4.0]))]).vector("sel", 0);
            assert!(row.len() == 2 && row[0] < row[1], "{row:?}");
        }
    }
}
