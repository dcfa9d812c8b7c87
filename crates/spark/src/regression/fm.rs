//! `FMRegressionModel`: a factorization machine.
//!
//! The prediction is a linear one plus, for each factor, half of the square of the sum less the sum of squares.
//! Spark has it since 3.0. Parameters that count: the columns. Spark's `ml/regression/FMRegressor.scala`.

use firesteel_plan::ops::{Factorize, Shape};
use firesteel_plan::{Attributes, BuildError, Builder};

use crate::attributes;
use crate::error::LoadError;
use crate::factorization;
use crate::saved::Saved;
use crate::stage::{Stage, StageSpec};

pub(crate) const STAGE: StageSpec =
    StageSpec { class: "org.apache.spark.ml.regression.FMRegressionModel", since: "3.0.0", load: Fm::load };

struct Fm {
    features_column: String,
    prediction_column: String,
    features: usize,
    machine: Factorize,
    attributes: Attributes,
}

impl Fm {
    fn load(saved: &Saved) -> Result<Box<dyn Stage>, LoadError> {
        let (machine, features) = factorization::read(saved, Shape::Scalar)?;
        Ok(Box::new(Fm {
            features_column: saved.param_or("featuresCol", "features".to_owned())?,
            prediction_column: saved.param_or("predictionCol", "prediction".to_owned())?,
            features,
            machine,
            attributes: attributes::number(saved),
        }))
    }
}

impl Stage for Fm {
    fn expect(&self, builder: &mut Builder) {
        builder.expect_size(&self.features_column, self.features);
    }

    fn lower(&self, builder: &mut Builder) -> Result<(), BuildError> {
        builder.fact("features", self.features);
        let features = builder.vectors(&self.features_column)?;
        if self.prediction_column.is_empty() {
            return Ok(());
        }
        let prediction = builder.apply(self.machine.clone().into(), &[&features])?;
        builder.bind(&self.prediction_column, prediction.with_attributes(self.attributes.clone()))
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{golden, vector};

    #[test]
    fn predicts_as_every_version_did() {
        for version in ["3.0.3", "3.5.9", "4.3.0"] {
            let scored = golden("FMRegressionModel", version)
                .score(vec![("features", vector(&[-0.2559, 0.5114, -0.2261, -0.3151]))]);
            let found = scored.doubles("prediction")[0];
            assert!((found + 3.255789285619233).abs() < 1e-13, "{version}: {found}");
        }
    }
}
