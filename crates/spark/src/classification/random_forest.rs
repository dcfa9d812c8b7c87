//! `RandomForestClassificationModel`: each tree votes with the shares of the classes in its leaf.
//!
//! The raw prediction is the sum of the shares, tree after tree (a leaf without counts has no vote), the
//! probability those divided by their sum, the class the largest, or by `thresholds`. The trees' weights do not
//! count. `leafCol` holds the number of the leaf in each tree. Parameters that count: the columns and
//! `thresholds`. Spark's `ml/classification/RandomForestClassifier.scala`.

use firesteel_plan::ops::{Probability, Shape};
use firesteel_plan::{BuildError, Builder};

use super::common::{Classifier, Decision, Rules, num_classes};
use crate::error::LoadError;
use crate::saved::Saved;
use crate::stage::{Stage, StageSpec};
use crate::tree::{Leaf, SavedTrees};

pub(crate) const STAGE: StageSpec = StageSpec {
    class: "org.apache.spark.ml.classification.RandomForestClassificationModel",
    since: "1.4.0",
    load: RandomForest::load,
};

struct RandomForest {
    classifier: Classifier,
    trees: SavedTrees,
}

impl RandomForest {
    fn load(saved: &Saved) -> Result<Box<dyn Stage>, LoadError> {
        let trees = SavedTrees::ensemble(saved)?;
        let classes = num_classes(saved)?;
        trees.check_stats(saved, classes)?;
        let votes = trees.sum(classes, 0.0, 1.0, Shape::Vector, push_votes);
        let rules = Rules {
            raw: vec![votes.map_err(|why| saved.bad_data("data", why))?.into()],
            probability: Some(Probability::Normalize),
            decision: Decision::read(saved, classes)?,
            direct: Vec::new(),
        };
        Ok(Box::new(RandomForest { classifier: Classifier::read(saved, classes, rules)?, trees }))
    }
}

/// A leaf's share of each class.
fn push_votes(leaf: Leaf<'_>, votes: &mut Vec<f64>) {
    let total = leaf.stats.iter().fold(0.0, |total, count| total + count);
    votes.extend(leaf.stats.iter().map(|count| if total == 0.0 { 0.0 } else { count / total }));
}

impl Stage for RandomForest {
    fn expect(&self, builder: &mut Builder) {
        builder.expect_size(&self.classifier.features_column, self.trees.features());
    }

    fn lower(&self, builder: &mut Builder) -> Result<(), BuildError> {
        let features = self.classifier.lower(builder)?;
        self.trees.lower(builder, &features)
    }
}
