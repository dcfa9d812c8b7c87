//! `FMClassificationModel`: a factorization machine for two classes.
//!
//! The score `r` is a linear one plus, for each factor, half of the square of the sum less the sum of squares; the
//! raw prediction `[-r, r]`, the probability `p1 = 1 / (1 + exp(-r))` and `p0 = 1 - p1`, the class the larger, or
//! by `thresholds`. Spark has it since 3.0. Parameters that count: the columns and `thresholds`. Spark's
//! `ml/classification/FMClassifier.scala` and `ml/regression/FMRegressor.scala`.

use firesteel_plan::ops::{Probability, Shape};
use firesteel_plan::{BuildError, Builder};

use super::common::{Classifier, Decision, Rules};
use crate::error::LoadError;
use crate::factorization;
use crate::saved::Saved;
use crate::stage::{Stage, StageSpec};

pub(crate) const STAGE: StageSpec = StageSpec {
    class: "org.apache.spark.ml.classification.FMClassificationModel",
    since: "3.0.0",
    load: Fm::load,
};

const CLASSES: usize = 2;

struct Fm {
    classifier: Classifier,
    features: usize,
}

impl Fm {
    fn load(saved: &Saved) -> Result<Box<dyn Stage>, LoadError> {
        let (machine, features) = factorization::read(saved, Shape::Mirrored)?;
        let rules = Rules {
            raw: vec![machine.into()],
            probability: Some(Probability::Sigmoid),
            decision: Decision::read(saved, CLASSES)?,
            direct: Vec::new(),
        };
        Ok(Box::new(Fm { classifier: Classifier::read(saved, CLASSES, rules)?, features }))
    }
}

impl Stage for Fm {
    fn expect(&self, builder: &mut Builder) {
        builder.expect_size(&self.classifier.features_column, self.features);
    }

    fn lower(&self, builder: &mut Builder) -> Result<(), BuildError> {
        builder.fact("features", self.features);
        self.classifier.lower(builder).map(|_| ())
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{Save, golden, vector};

    #[test]
    fn the_first_class_is_what_the_second_leaves() {
        let scored = golden("FMClassificationModel", "3.5.9")
            .score(vec![("features", vector(&[-0.2559, 0.5114, -0.2261, -0.3151]))]);
        let (raw, probability) = (scored.vector("rawPrediction", 0), scored.vector("probability", 0));
        assert!((raw[0] - 0.3398343716394694).abs() < 1e-14 && raw[1] == -raw[0], "{raw:?}");
        assert_eq!(probability[0], 1.0 - probability[1]);
        assert_eq!(scored.doubles("prediction"), [0.0]);
    }

    #[test]
    fn lost_factors_are_named() {
        let save = Save::golden("FMClassificationModel", "3.5.9").without(".parquet");
        let error = save.open(&[]).unwrap_err().to_string();
        assert!(error.contains("FMClassificationModel") && error.contains("'data'"), "{error}");
    }
}
