//! `GBTRegressionModel`: the dot product of the trees' predictions and weights.
//!
//! `leafCol` holds the number of the leaf in each tree. Parameters that count: the columns. Spark's
//! `ml/regression/GBTRegressor.scala`.

use firesteel_plan::ops::{Forest, Shape};
use firesteel_plan::{Attributes, BuildError, Builder};

use crate::attributes;
use crate::error::LoadError;
use crate::saved::Saved;
use crate::stage::{Stage, StageSpec};
use crate::tree::SavedTrees;

pub(crate) const STAGE: StageSpec = StageSpec {
    class: "org.apache.spark.ml.regression.GBTRegressionModel",
    since: "1.4.0",
    load: Boosted::load,
};

struct Boosted {
    features_column: String,
    prediction_column: String,
    trees: SavedTrees,
    prediction: Forest,
    attributes: Attributes,
}

impl Boosted {
    fn load(saved: &Saved) -> Result<Box<dyn Stage>, LoadError> {
        let column = |name: &str, default: &str| saved.param_or(name, default.to_owned());
        let trees = SavedTrees::ensemble(saved)?;
        let prediction = trees.weighted(Shape::Scalar);
        Ok(Box::new(Boosted {
            features_column: column("featuresCol", "features")?,
            prediction_column: column("predictionCol", "prediction")?,
            prediction: prediction.map_err(|why| saved.bad_data("data", why))?,
            trees,
            attributes: attributes::number(saved),
        }))
    }
}

impl Stage for Boosted {
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
    fn trees_are_weighted() {
        let scored = golden("GBTRegressionModel", "3.5.9")
            .score(vec![("features", vector(&[-0.2559, 0.5114, -0.2261, -0.3151]))]);
        assert_eq!(scored.doubles("prediction"), [-1.311506112457437]);
    }
}
