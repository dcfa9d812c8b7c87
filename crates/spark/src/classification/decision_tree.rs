//! `DecisionTreeClassificationModel`: the class counts of the leaf that a row falls into.
//!
//! The raw prediction is the leaf's `impurityStats`, the probability those divided by their sum (a leaf without
//! counts is an error, as in Spark), the class the largest, or by `thresholds`. Where neither column is written
//! Spark takes the class that the leaf itself names. `leafCol` holds the leaf's number from the left. Parameters
//! that count: the columns and `thresholds`. Spark's `ml/classification/DecisionTreeClassifier.scala`.

use firesteel_plan::ops::{Probability, Shape};
use firesteel_plan::{BuildError, Builder};

use super::common::{Classifier, Decision, Rules, num_classes};
use crate::error::LoadError;
use crate::saved::Saved;
use crate::stage::{Stage, StageSpec};
use crate::tree::{FIRST, SavedTrees};

pub(crate) const STAGE: StageSpec = StageSpec {
    class: "org.apache.spark.ml.classification.DecisionTreeClassificationModel",
    since: "1.4.0",
    load: DecisionTree::load,
};

struct DecisionTree {
    classifier: Classifier,
    trees: SavedTrees,
}

impl DecisionTree {
    fn load(saved: &Saved) -> Result<Box<dyn Stage>, LoadError> {
        let trees = SavedTrees::single(saved)?;
        let classes = num_classes(saved)?;
        trees.check_stats(saved, classes)?;
        let failed = |why: BuildError| saved.bad_data("data", why);
        let counts = trees.sum(classes, FIRST, 1.0, Shape::Vector, |leaf, values| values.extend(leaf.stats));
        let rules = Rules {
            raw: vec![counts.map_err(failed)?.into()],
            probability: Some(Probability::Normalize),
            decision: Decision::read(saved, classes)?,
            direct: vec![trees.pick(|leaf| leaf.prediction).map_err(failed)?.into()],
        };
        Ok(Box::new(DecisionTree { classifier: Classifier::read(saved, classes, rules)?, trees }))
    }
}

impl Stage for DecisionTree {
    fn expect(&self, builder: &mut Builder) {
        builder.expect_size(&self.classifier.features_column, self.trees.features());
    }

    fn lower(&self, builder: &mut Builder) -> Result<(), BuildError> {
        let features = self.classifier.lower(builder)?;
        self.trees.lower(builder, &features)
    }
}
