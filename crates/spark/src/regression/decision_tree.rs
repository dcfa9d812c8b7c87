//! `DecisionTreeRegressionModel`: the prediction of the leaf that a row falls into.
//!
//! `varianceCol`, where it is set, holds the variance of the leaf's training rows from its count, sum and sum of
//! squares; `leafCol` its number from the left. Parameters that count: the columns. Spark's
//! `ml/regression/DecisionTreeRegressor.scala` and `mllib/tree/impurity/Variance.scala`.

use firesteel_plan::ops::Forest;
use firesteel_plan::{Attributes, BuildError, Builder};

use crate::attributes;
use crate::error::LoadError;
use crate::saved::Saved;
use crate::stage::{Stage, StageSpec};
use crate::tree::{Leaf, SavedTrees};

pub(crate) const STAGE: StageSpec = StageSpec {
    class: "org.apache.spark.ml.regression.DecisionTreeRegressionModel",
    since: "1.4.0",
    load: DecisionTree::load,
};

struct DecisionTree {
    features_column: String,
    prediction_column: String,
    variance_column: String,
    trees: SavedTrees,
    prediction: Forest,
    variance: Forest,
    attributes: Attributes,
}

impl DecisionTree {
    fn load(saved: &Saved) -> Result<Box<dyn Stage>, LoadError> {
        let column = |name: &str, default: &str| saved.param_or(name, default.to_owned());
        let failed = |why: BuildError| saved.bad_data("data", why);
        let variance_column = column("varianceCol", "")?;
        let trees = SavedTrees::single(saved)?;
        if !variance_column.is_empty() {
            trees.check_stats(saved, 3)?;
        }
        Ok(Box::new(DecisionTree {
            features_column: column("featuresCol", "features")?,
            prediction_column: column("predictionCol", "prediction")?,
            variance_column,
            prediction: trees.pick(|leaf| leaf.prediction).map_err(failed)?,
            variance: trees.pick(variance).map_err(failed)?,
            attributes: attributes::number(saved),
            trees,
        }))
    }
}

/// The variance of a leaf's training rows.
fn variance(leaf: Leaf<'_>) -> f64 {
    match *leaf.stats {
        [count, sum, squares] if count != 0.0 => (squares - (sum * sum) / count) / count,
        _ => 0.0,
    }
}

impl Stage for DecisionTree {
    fn expect(&self, builder: &mut Builder) {
        builder.expect_size(&self.features_column, self.trees.features());
    }

    fn lower(&self, builder: &mut Builder) -> Result<(), BuildError> {
        let features = builder.vectors(&self.features_column)?;
        for (name, forest) in
            [(&self.prediction_column, &self.prediction), (&self.variance_column, &self.variance)]
        {
            if !name.is_empty() {
                let made = builder.apply(forest.clone().into(), &[&features])?;
                builder.bind(name, made.with_attributes(self.attributes.clone()))?;
            }
        }
        self.trees.lower(builder, &features)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{golden, vector};

    #[test]
    fn predicts_and_answers_the_variance() {
        let scored = golden("DecisionTreeRegressionModel", "3.5.9")
            .score(vec![("features", vector(&[-0.2559, 0.5114, -0.2261, -0.3151]))]);
        assert_eq!(scored.doubles("prediction"), [-1.4740061868483547]);
        assert_eq!(scored.doubles("var"), [0.2648309552029877]);
    }

    #[test]
    fn a_leaf_without_rows_has_no_variance() {
        let of = |stats: &[f64]| variance(Leaf { prediction: 0.0, stats });
        assert_eq!(of(&[0.0, 0.0, 0.0]), 0.0);
        assert_eq!(of(&[2.0, 4.0, 10.0]), 1.0);
    }
}
