//! `LogisticRegressionModel`: linear margins, a sigmoid or softmax, and a threshold or one for each class.
//!
//! Binomial (`isMultinomial` false): `m = w · x + b`, raw prediction `[-m, m]`, `p0 = 1 / (1 + exp(m))`,
//! `p1 = 1 - p0`. The class is 1 if the raw prediction is above `log(t / (1 - t))`, or the probability above `t`;
//! `t` is `threshold` (default 0.5), or `1 / (1 + t0 / t1)` of `thresholds`. Without either column Spark compares
//! `1 / (1 + exp(-m))` itself with `t`. Multinomial: a margin for each class, softmax, largest or `thresholds`.
//!
//! The save holds `interceptVector` and `coefficientMatrix`; in Spark 2.0 `intercept` and `coefficients`.
//! Parameters that count: the columns, `threshold`, `thresholds`. Spark's `ml/classification/LogisticRegression.scala`.

use firesteel_plan::ops::{Decide, Linear, Probability, Shape, Weights};
use firesteel_plan::{BuildError, Builder};

use super::common::{Classifier, Decision, Rules, thresholds};
use crate::data::{Matrix, Row};
use crate::error::LoadError;
use crate::linear::{matrix_weights, vector_weights};
use crate::saved::Saved;
use crate::stage::{Stage, StageSpec};

pub(crate) const STAGE: StageSpec = StageSpec {
    class: "org.apache.spark.ml.classification.LogisticRegressionModel",
    since: "1.4.0",
    load: LogisticRegression::load,
};

struct LogisticRegression {
    classifier: Classifier,
    features: usize,
}

/// The model data.
struct Data {
    classes: usize,
    multinomial: bool,
    weights: Weights,
    intercepts: Vec<f64>,
}

impl LogisticRegression {
    fn load(saved: &Saved) -> Result<Box<dyn Stage>, LoadError> {
        let data = saved.data("data")?;
        let row = data.only_row()?;
        let Data { classes, multinomial, weights, intercepts } = Data::read(&row)?;
        let features = weights.features();
        let linear = |shape| {
            let linear = Linear::new(weights.clone(), intercepts.clone(), shape);
            linear.map_err(|why| row.error(why))
        };
        let rules = if multinomial {
            Rules {
                raw: vec![linear(Shape::Vector)?.into()],
                probability: Some(Probability::Softmax),
                decision: Decision::read(saved, classes)?,
                direct: Vec::new(),
            }
        } else {
            let threshold = threshold(saved, classes)?;
            let logistic = Probability::Logistic { factor: 1.0 };
            Rules {
                raw: vec![linear(Shape::Mirrored)?.into()],
                probability: Some(logistic),
                decision: Decision::Above { raw: raw_threshold(threshold), probability: threshold },
                direct: vec![linear(Shape::Scalar)?.into(), logistic.into(), Decide::Above(threshold).into()],
            }
        };
        // Two columns are written for two classes, even where the training data had but one.
        let classes = if multinomial { classes } else { 2 };
        Ok(Box::new(LogisticRegression { classifier: Classifier::read(saved, classes, rules)?, features }))
    }
}

impl Data {
    fn read(row: &Row<'_>) -> Result<Data, LoadError> {
        let classes = row.int("numClasses")?;
        let classes = usize::try_from(classes).map_err(|_| row.error(format!("numClasses is {classes}")))?;
        if !row.has("coefficientMatrix") {
            let weights = vector_weights(row, "coefficients")?;
            return Ok(Data {
                classes,
                multinomial: false,
                weights,
                intercepts: vec![row.double("intercept")?],
            });
        }
        let multinomial = row.boolean("isMultinomial")?;
        let matrix: Matrix = row.matrix("coefficientMatrix")?;
        let expected = if multinomial { classes } else { 1 };
        if matrix.rows != expected || (!multinomial && classes > 2) {
            let rows = matrix.rows;
            return Err(
                row.error(format!("{rows} rows of coefficients for {classes} classes, expected {expected}"))
            );
        }
        let weights = matrix_weights(row, matrix)?;
        Ok(Data { classes, multinomial, weights, intercepts: row.vector("interceptVector")? })
    }
}

/// Spark's `getThreshold`: `thresholds` where they were set, which must agree with a `threshold` that was set.
fn threshold(saved: &Saved, classes: usize) -> Result<f64, LoadError> {
    let threshold = saved.param_or("threshold", 0.5)?;
    if !(0.0..=1.0).contains(&threshold) {
        return Err(saved.invalid("threshold", threshold, "a number from 0 to 1"));
    }
    match thresholds(saved, classes)?.as_deref() {
        Some(&[t0, t1]) => {
            let both = 1.0 / (1.0 + t0 / t1);
            let agree = !saved.metadata().params.contains_key("threshold") || (threshold - both).abs() < 1e-5;
            if agree {
                Ok(both)
            } else {
                Err(saved.invalid("threshold", threshold, format!("{both} by 'thresholds'")))
            }
        }
        _ => Ok(threshold),
    }
}

/// The threshold of the raw prediction.
fn raw_threshold(threshold: f64) -> f64 {
    if threshold == 0.0 {
        f64::NEG_INFINITY
    } else if threshold == 1.0 {
        f64::INFINITY
    } else {
        (threshold / (1.0 - threshold)).ln()
    }
}

impl Stage for LogisticRegression {
    fn expect(&self, builder: &mut Builder) {
        builder.expect_size(&self.classifier.features_column, self.features);
    }

    fn lower(&self, builder: &mut Builder) -> Result<(), BuildError> {
        builder.fact("features", self.features);
        self.classifier.lower(builder).map(|_| ())
    }
}
