//! `GBTClassificationModel`: boosted regression trees for two classes.
//!
//! The margin `m` is the dot product of the trees' predictions and weights, the raw prediction `[-m, m]`, the
//! probability `p0 = 1 / (1 + exp(2 m))` and `p1 = 1 - p0` (log-loss), the class 1 if `m > 0`, or by
//! `thresholds`. `leafCol` holds the number of the leaf in each tree. Parameters that count: the columns and
//! `thresholds`. Spark's `ml/classification/GBTClassifier.scala` and `mllib/tree/loss/LogLoss.scala`.

use firesteel_plan::ops::{Probability, Shape};
use firesteel_plan::{BuildError, Builder};

use super::common::{Classifier, Decision, Rules};
use crate::error::LoadError;
use crate::saved::Saved;
use crate::stage::{Stage, StageSpec};
use crate::tree::SavedTrees;

pub(crate) const STAGE: StageSpec = StageSpec {
    class: "org.apache.spark.ml.classification.GBTClassificationModel",
    since: "1.6.0",
    load: Boosted::load,
};

const CLASSES: usize = 2;

struct Boosted {
    classifier: Classifier,
    trees: SavedTrees,
}

impl Boosted {
    fn load(saved: &Saved) -> Result<Box<dyn Stage>, LoadError> {
        let trees = SavedTrees::ensemble(saved)?;
        let rules = Rules {
            raw: vec![trees.weighted(Shape::Mirrored).map_err(|why| saved.bad_data("data", why))?.into()],
            probability: Some(Probability::Logistic { factor: 2.0 }),
            decision: Decision::read(saved, CLASSES)?,
            direct: Vec::new(),
        };
        Ok(Box::new(Boosted { classifier: Classifier::read(saved, CLASSES, rules)?, trees }))
    }
}

impl Stage for Boosted {
    fn expect(&self, builder: &mut Builder) {
        builder.expect_size(&self.classifier.features_column, self.trees.features());
    }

    fn lower(&self, builder: &mut Builder) -> Result<(), BuildError> {
        let features = self.classifier.lower(builder)?;
        self.trees.lower(builder, &features)
    }
}
