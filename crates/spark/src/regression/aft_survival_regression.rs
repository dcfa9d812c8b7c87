//! `AFTSurvivalRegressionModel`: an accelerated failure time model by the Weibull distribution.
//!
//! The prediction is `exp(w · x + b)`; `quantilesCol`, where it is set, holds the prediction times
//! `exp(log(-log(1 - q)) · scale)` for each of `quantileProbabilities`. The save holds `coefficients`, `intercept`
//! and `scale`. Parameters that count: the columns and `quantileProbabilities`. Spark's
//! `ml/regression/AFTSurvivalRegression.scala`.

use std::sync::Arc;

use firesteel_plan::ops::{Linear, Link, Mean, MeanRange, Multiples, Shape};
use firesteel_plan::{Attributes, BuildError, Builder};

use crate::attributes;
use crate::error::LoadError;
use crate::linear::vector_weights;
use crate::saved::Saved;
use crate::stage::{Stage, StageSpec};

pub(crate) const STAGE: StageSpec = StageSpec {
    class: "org.apache.spark.ml.regression.AFTSurvivalRegressionModel",
    since: "1.6.0",
    load: AftSurvivalRegression::load,
};

const PROBABILITIES: [f64; 9] = [0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99];

struct AftSurvivalRegression {
    features_column: String,
    prediction_column: String,
    quantiles_column: String,
    features: usize,
    linear: Linear,
    /// Each quantile as a multiple of the prediction.
    quantiles: Arc<[f64]>,
    attributes: Attributes,
}

impl AftSurvivalRegression {
    fn load(saved: &Saved) -> Result<Box<dyn Stage>, LoadError> {
        let column = |name: &str, default: &str| saved.param_or(name, default.to_owned());
        let probabilities = saved.param_or("quantileProbabilities", PROBABILITIES.to_vec())?;
        if probabilities.is_empty() || !probabilities.iter().all(|&q| q > 0.0 && q < 1.0) {
            let found = format!("{probabilities:?}");
            return Err(saved.invalid("quantileProbabilities", found, "numbers between 0 and 1"));
        }
        let data = saved.data("data")?;
        let row = data.only_row()?;
        let weights = vector_weights(&row, "coefficients")?;
        let features = weights.features();
        let scale = row.double("scale")?;
        let quantile = |q: f64| ((-(-q).ln_1p()).ln() * scale).exp();
        let linear = Linear::new(weights, vec![row.double("intercept")?], Shape::Scalar);
        Ok(Box::new(AftSurvivalRegression {
            features_column: column("featuresCol", "features")?,
            prediction_column: column("predictionCol", "prediction")?,
            quantiles_column: column("quantilesCol", "")?,
            features,
            linear: linear.map_err(|why| row.error(why))?,
            quantiles: probabilities.into_iter().map(quantile).collect(),
            attributes: attributes::number(saved),
        }))
    }
}

impl Stage for AftSurvivalRegression {
    fn expect(&self, builder: &mut Builder) {
        builder.expect_size(&self.features_column, self.features);
    }

    fn lower(&self, builder: &mut Builder) -> Result<(), BuildError> {
        builder.fact("features", self.features);
        let features = builder.vectors(&self.features_column)?;
        let linear = builder.apply(self.linear.clone().into(), &[&features])?;
        let time = builder.apply(Mean { link: Link::Log, range: MeanRange::Any }.into(), &[&linear])?;
        if !self.prediction_column.is_empty() {
            builder.bind(&self.prediction_column, time.clone().with_attributes(self.attributes.clone()))?;
        }
        if !self.quantiles_column.is_empty() {
            let multiples = Multiples { factors: Arc::clone(&self.quantiles) };
            let quantiles = builder.apply(multiples.into(), &[&time])?;
            let sized = Attributes::sized(self.quantiles.len());
            builder.bind(&self.quantiles_column, quantiles.with_attributes(sized))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{Save, golden, vector};

    const ROW: [f64; 4] = [-0.2559, 0.5114, -0.2261, -0.3151];

    #[test]
    fn quantiles_ascend_and_are_multiples_of_the_prediction() {
        let model = golden("AFTSurvivalRegressionModel", "3.5.9");
        assert_eq!(model.signature().outputs[1].size, Some(9));
        let scored = model.score(vec![("features", vector(&ROW))]);
        assert!((scored.doubles("prediction")[0] - 2.2785204304441304).abs() < 1e-13);
        let quantiles = scored.vector("q", 0);
        assert!(quantiles.is_sorted() && (quantiles[8] - 7.1049108823068465).abs() < 1e-13, "{quantiles:?}");
    }

    #[test]
    fn probabilities_lie_between_0_and_1() {
        let save = Save::golden("AFTSurvivalRegressionModel", "3.5.9");
        for list in ["[]", "[0.0]", "[1.0]", "[\"NaN\"]"] {
            let params = format!(r#""paramMap":{{"quantileProbabilities":{list},"#);
            let error = save.clone().edited(r#""paramMap":{"#, &params).open(&[]).unwrap_err().to_string();
            assert!(error.contains("'quantileProbabilities'"), "{list}: {error}");
        }
    }
}
