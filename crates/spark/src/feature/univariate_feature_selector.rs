//! `UnivariateFeatureSelectorModel`: the vector of the slots that a test against the label chose in training.
//!
//! The save holds the chosen slots (`selectedFeatures`); the parameters counted in training only. A sparse row stays
//! sparse, explicit zeros included. Spark's `ml/feature/UnivariateFeatureSelector.scala`, since 3.1.

use firesteel_plan::Attribute;

use super::selector::Selector;
use crate::error::LoadError;
use crate::saved::Saved;
use crate::stage::{Stage, StageSpec};

pub(crate) const STAGE: StageSpec =
    StageSpec { class: "org.apache.spark.ml.feature.UnivariateFeatureSelectorModel", since: "3.1.0", load };

fn load(saved: &Saved) -> Result<Box<dyn Stage>, LoadError> {
    let unnamed = match saved.optional::<String>("featureType")?.as_deref() {
        Some("categorical") => Attribute::Nominal { name: None, values: None, num_values: None },
        _ => Attribute::Numeric { name: None },
    };
    Ok(Box::new(Selector::load(saved, unnamed)?))
}

#[cfg(test)]
mod tests {
    use crate::testing::{golden, vector};

    #[test]
    fn two_slots_are_chosen_in_every_version() {
        for version in ["3.5.9", "4.3.0"] {
            let model = golden("UnivariateFeatureSelectorModel", version);
            let row = model.score(vec![("features", vector(&[1.0, 2.0, 3.0, 4.0]))]).vector("sel", 0);
            assert_eq!(row, [1.0, 2.0]);
        }
    }
}
