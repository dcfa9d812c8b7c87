//! `GeneralizedLinearRegressionModel`: the mean of a distribution by a link from a linear predictor.
//!
//! `η = w · x + b + offset`; the prediction is the inverse link of `η`, kept in the family's range: from 1e-16 to
//! 1 - 1e-16 for `binomial`, from 1e-16 to the largest double for `poisson`, `gamma` and `tweedie`, finite for
//! `gaussian`. The link is `link`, or the family's own where none was set; for `tweedie` it is the power
//! `linkPower`, or 1 - `variancePower`, and variance powers 0, 1 and 2 are the gaussian, poisson and gamma
//! families. `linkPredictionCol` holds `η`, and comes before the prediction since 3.0. A null offset makes both
//! null. Parameters that count: the columns, `family`, `link`, `linkPower`, `variancePower` and `offsetCol`.
//! Spark's `ml/regression/GeneralizedLinearRegression.scala`.

use firesteel_plan::ops::{Add, Linear, Link, Mean, MeanRange, Shape};
use firesteel_plan::{Attributes, BuildError, Builder, Col};

use crate::attributes;
use crate::error::LoadError;
use crate::linear::vector_weights;
use crate::saved::Saved;
use crate::stage::{Stage, StageSpec};

pub(crate) const STAGE: StageSpec = StageSpec {
    class: "org.apache.spark.ml.regression.GeneralizedLinearRegressionModel",
    since: "2.0.0",
    load: GeneralizedLinearRegression::load,
};

struct GeneralizedLinearRegression {
    features_column: String,
    offset_column: String,
    prediction_column: String,
    link_column: String,
    /// Whether `linkPredictionCol` comes first.
    link_first: bool,
    features: usize,
    linear: Linear,
    mean: Mean,
    attributes: Attributes,
}

impl GeneralizedLinearRegression {
    fn load(saved: &Saved) -> Result<Box<dyn Stage>, LoadError> {
        let column = |name: &str, default: &str| saved.param_or(name, default.to_owned());
        let data = saved.data("data")?;
        let row = data.only_row()?;
        let weights = vector_weights(&row, "coefficients")?;
        let features = weights.features();
        let linear = Linear::new(weights, vec![row.double("intercept")?], Shape::Scalar);
        Ok(Box::new(GeneralizedLinearRegression {
            features_column: column("featuresCol", "features")?,
            offset_column: column("offsetCol", "")?,
            prediction_column: column("predictionCol", "prediction")?,
            link_column: column("linkPredictionCol", "")?,
            link_first: saved.version().at_least(3, 0),
            features,
            linear: linear.map_err(|why| row.error(why))?,
            mean: mean(saved)?,
            attributes: attributes::number(saved),
        }))
    }

    fn predictor(&self, builder: &mut Builder) -> Result<Col, BuildError> {
        let features = builder.vectors(&self.features_column)?;
        let linear = builder.apply(self.linear.clone().into(), &[&features])?;
        if self.offset_column.is_empty() {
            return Ok(linear);
        }
        let offset = builder.doubles(&self.offset_column, true)?;
        builder.apply(Add.into(), &[&linear, &offset])
    }
}

/// The link and range that the parameters name; names are read in any case, as Spark does.
fn mean(saved: &Saved) -> Result<Mean, LoadError> {
    let family = saved.param_or("family", "gaussian".to_owned())?.to_lowercase();
    let variance_power = saved.param_or("variancePower", 0.0)?;
    let tweedie = family == "tweedie";
    let (own, range) = match family.as_str() {
        "gaussian" => (Link::Identity, MeanRange::Finite),
        "binomial" => (Link::Logit, MeanRange::Unit),
        "poisson" => (Link::Log, MeanRange::Positive),
        "gamma" => (Link::Inverse, MeanRange::Positive),
        "tweedie" if variance_power == 0.0 => (Link::Identity, MeanRange::Finite),
        "tweedie" if variance_power == 1.0 => (Link::Log, MeanRange::Positive),
        "tweedie" if variance_power == 2.0 => (Link::Inverse, MeanRange::Positive),
        "tweedie" if variance_power > 1.0 => (Link::Power(1.0 - variance_power), MeanRange::Positive),
        "tweedie" => {
            return Err(saved.invalid("variancePower", variance_power, "0 or a number from 1 on"));
        }
        _ => {
            let expected = "one of gaussian, binomial, poisson, gamma, tweedie";
            return Err(saved.invalid("family", format!("\"{family}\""), expected));
        }
    };
    let is_set = |name: &str| saved.metadata().params.contains_key(name);
    let link = if tweedie && is_set("linkPower") {
        power(saved.param("linkPower")?)
    } else if !tweedie && is_set("link") {
        named(saved)?
    } else {
        own
    };
    Ok(Mean { link, range })
}

fn power(power: f64) -> Link {
    match power {
        0.0 => Link::Log,
        1.0 => Link::Identity,
        -1.0 => Link::Inverse,
        0.5 => Link::Sqrt,
        _ => Link::Power(power),
    }
}

fn named(saved: &Saved) -> Result<Link, LoadError> {
    let name: String = saved.param("link")?;
    Ok(match name.to_lowercase().as_str() {
        "identity" => Link::Identity,
        "logit" => Link::Logit,
        "log" => Link::Log,
        "inverse" => Link::Inverse,
        "probit" => Link::Probit,
        "cloglog" => Link::ComplementaryLogLog,
        "sqrt" => Link::Sqrt,
        _ => {
            let expected = "one of identity, log, inverse, logit, probit, cloglog, sqrt";
            return Err(saved.invalid("link", format!("\"{name}\""), expected));
        }
    })
}

impl Stage for GeneralizedLinearRegression {
    fn expect(&self, builder: &mut Builder) {
        builder.expect_size(&self.features_column, self.features);
    }

    fn lower(&self, builder: &mut Builder) -> Result<(), BuildError> {
        builder.fact("features", self.features);
        let predictor = self.predictor(builder)?.with_attributes(self.attributes.clone());
        let prediction = builder.apply(self.mean.into(), &[&predictor])?;
        let prediction = prediction.with_attributes(self.attributes.clone());
        let mut columns = [(&self.link_column, predictor), (&self.prediction_column, prediction)];
        if !self.link_first {
            columns.reverse();
        }
        for (name, column) in columns {
            if !name.is_empty() {
                builder.bind(name, column)?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{Save, doubles, golden, vector};

    const ROW: [f64; 4] = [-0.2559, 0.5114, -0.2261, -0.3151];

    #[test]
    fn the_link_prediction_comes_first_since_3_0() {
        for (version, expected) in [("2.4.8", ["prediction", "lp"]), ("3.0.3", ["lp", "prediction"])] {
            let model = golden("GeneralizedLinearRegressionModel", version);
            let names: Vec<&str> = model.signature().outputs.iter().map(|out| out.name.as_str()).collect();
            assert_eq!(names, expected);
            let scored = model.score(vec![("features", vector(&ROW))]);
            assert!((scored.doubles("prediction")[0] - scored.doubles("lp")[0].exp()).abs() < 1e-14);
        }
    }

    #[test]
    fn a_null_offset_makes_the_prediction_null() {
        let model = golden("GeneralizedLinearRegressionModel_tweedie", "3.5.9");
        let scored = model.score(vec![("features", vector(&ROW)), ("x0", doubles(&[None]))]);
        assert!(scored.column("prediction").is_null(0));
        let scored = model.score(vec![("features", vector(&ROW)), ("x0", doubles(&[Some(-0.2559)]))]);
        assert!((scored.doubles("prediction")[0] - 1.7168622388178858).abs() < 1e-13);
    }

    #[test]
    fn unknown_names_are_refused() {
        let save = Save::golden("GeneralizedLinearRegressionModel", "3.5.9");
        let refused = |from: &str, to: &str| save.clone().edited(from, to).open(&[]).unwrap_err().to_string();
        assert!(refused(r#""link":"log""#, r#""link":"cauchit""#).contains("one of identity, log"));
        let family = r#""family":"gaussian","#;
        assert!(refused(family, r#""family":"normal","#).contains("'family'"));
        let tweedie = refused(family, r#""family":"tweedie","variancePower":0.5,"#);
        assert!(tweedie.contains("0 or a number from 1 on"), "{tweedie}");
    }
}
