//! `VarianceThresholdSelectorModel`: the vector of the slots that varied enough in training.
//!
//! The save holds the chosen slots (`selectedFeatures`); `varianceThreshold` counted in training only. A sparse row
//! stays sparse, explicit zeros included. Spark's `ml/feature/VarianceThresholdSelector.scala`, since 3.1.

use firesteel_plan::Attribute;

use super::selector::Selector;
use crate::error::LoadError;
use crate::saved::Saved;
use crate::stage::{Stage, StageSpec};

pub(crate) const STAGE: StageSpec =
    StageSpec { class: "org.apache.spark.ml.feature.VarianceThresholdSelectorModel", since: "3.1.0", load };

fn load(saved: &Saved) -> Result<Box<dyn Stage>, LoadError> {
    Ok(Box::new(Selector::load(saved, Attribute::Numeric { name: None })?))
}

#[cfg(test)]
mod tests {
    use crate::testing::{golden, vector};

    #[test]
    fn all_four_slots_vary_in_every_version() {
        for version in ["3.5.9", "4.3.0"] {
            let model = golden("VarianceThresholdSelectorModel", version);
            let row = model.score(vec![("features", vector(&[1.0, 2.0, 3.0, 4.0]))]).vector("sel", 0);
            assert_eq!(row, [1.0, 2.0, 3.0, 4.0]);
        }
    }
}
