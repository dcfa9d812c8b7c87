//! `LinearRegressionModel`: `w · x + b`.
//!
//! The save holds `intercept` and `coefficients`, dense or sparse; the Huber loss's `scale` (since 2.3) does not
//! count. Parameters that count: `featuresCol` (default `features`) and `predictionCol` (default `prediction`;
//! nothing is written where it is empty). Spark's `ml/regression/LinearRegression.scala`.

use firesteel_plan::ops::{Linear, Shape};
use firesteel_plan::{Attributes, BuildError, Builder};

use crate::attributes;
use crate::error::LoadError;
use crate::linear::vector_weights;
use crate::saved::Saved;
use crate::stage::{Stage, StageSpec};

pub(crate) const STAGE: StageSpec = StageSpec {
    class: "org.apache.spark.ml.regression.LinearRegressionModel",
    since: "1.3.0",
    load: LinearRegression::load,
};

struct LinearRegression {
    features_column: String,
    prediction_column: String,
    features: usize,
    linear: Linear,
    attributes: Attributes,
}

impl LinearRegression {
    fn load(saved: &Saved) -> Result<Box<dyn Stage>, LoadError> {
        let data = saved.data("data")?;
        let row = data.only_row()?;
        let weights = vector_weights(&row, "coefficients")?;
        let features = weights.features();
        let linear = Linear::new(weights, vec![row.double("intercept")?], Shape::Scalar);
        Ok(Box::new(LinearRegression {
            features_column: saved.param_or("featuresCol", "features".to_owned())?,
            prediction_column: saved.param_or("predictionCol", "prediction".to_owned())?,
            features,
            linear: linear.map_err(|why| row.error(why))?,
            attributes: attributes::number(saved),
        }))
    }
}

impl Stage for LinearRegression {
    fn expect(&self, builder: &mut Builder) {
        builder.expect_size(&self.features_column, self.features);
    }

    fn lower(&self, builder: &mut Builder) -> Result<(), BuildError> {
        builder.fact("features", self.features);
        let features = builder.vectors(&self.features_column)?;
        if self.prediction_column.is_empty() {
            return Ok(());
        }
        let prediction = builder.apply(self.linear.clone().into(), &[&features])?;
        builder.bind(&self.prediction_column, prediction.with_attributes(self.attributes.clone()))
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{golden, vector};

    #[test]
    fn predicts_as_every_version_did() {
        for version in ["2.4.8", "3.0.3", "3.5.9", "4.3.0"] {
            let model = golden("LinearRegressionModel", version);
            assert_eq!(model.signature().inputs[0].size, Some(4));
            let scored = model.score(vec![("features", vector(&[-0.2559, 0.5114, -0.2261, -0.3151]))]);
            let found = scored.doubles("prediction")[0];
            assert!((found + 1.0940633063936722).abs() < 1e-3, "{version}: {found}");
        }
    }
}
