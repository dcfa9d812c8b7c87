//! `RandomForestRegressionModel`: the mean of the trees' predictions.
//!
//! Spark adds them tree after tree from 0 on and divides by the number of trees; the trees' weights do not count.
//! `leafCol` holds the number of the leaf in each tree. Parameters that count: the columns. Spark's
//! `ml/regression/RandomForestRegressor.scala`.

use firesteel_plan::ops::Forest;
use firesteel_plan::{Attributes, BuildError, Builder};

use crate::attributes;
use crate::error::LoadError;
use crate::saved::Saved;
use crate::stage::{Stage, StageSpec};
use crate::tree::SavedTrees;

pub(crate) const STAGE: StageSpec = StageSpec {
    class: "org.apache.spark.ml.regression.RandomForestRegressionModel",
    since: "1.4.0",
    load: RandomForest::load,
};

struct RandomForest {
    features_column: String,
    prediction_column: String,
    trees: SavedTrees,
    prediction: Forest,
    attributes: Attributes,
}

impl RandomForest {
    fn load(saved: &Saved) -> Result<Box<dyn Stage>, LoadError> {
        let column = |name: &str, default: &str| saved.param_or(name, default.to_owned());
        let trees = SavedTrees::ensemble(saved)?;
        let prediction = trees.mean();
        Ok(Box::new(RandomForest {
            features_column: column("featuresCol", "features")?,
            prediction_column: column("predictionCol", "prediction")?,
            prediction: prediction.map_err(|why| saved.bad_data("data", why))?,
            trees,
            attributes: attributes::number(saved),
        }))
    }
}

impl Stage for RandomForest {
    fn expect(&self, builder: &mut Builder) {
        builder.expect_size(&self.features_column, self.trees.features());
    }

    fn lower(&self, builder: &mut Builder) -> Result<(), BuildError> {
        let features = builder.vectors(&self.features_column)?;
        if !self.prediction_column.is_empty() {
            let prediction = builder.apply(self.prediction.clone().into(), &[&features])?;
            builder.bind(&self.prediction_column, prediction.with_attributes(self.attributes.clone()))?;
        }
        self.trees.lower(builder, &features)
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{golden, vector};

    #[test]
    fn predicts_the_mean_and_the_leaves() {
        let scored = golden("RandomForestRegressionModel", "3.5.9")
            .score(vec![("features", vector(&[-0.2559, 0.5114, -0.2261, -0.3151]))]);
        assert_eq!(scored.doubles("prediction"), [-0.9616538430821396]);
        assert_eq!(scored.vector("leaf", 0), [1.0, 0.0, 3.0]);
    }
}
