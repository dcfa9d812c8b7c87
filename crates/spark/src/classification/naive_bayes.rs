//! `NaiveBayesModel`: the likelihood of each class, as if features were independent.
//!
//! Raw predictions by `modelType`, of log priors `pi` and log conditional probabilities `theta` (means for
//! `gaussian`): `multinomial` `pi + theta · x`; `bernoulli` `pi + Σ log(1 - p) + (theta - log(1 - p)) · x` with
//! `p = exp(theta)`; `complement` `theta · x` less the logarithm of the sum of its exponentials, without priors;
//! `gaussian` by means and the variances `sigma`. Probability: softmax; class: the largest, or by `thresholds`.
//! Values below zero are an error for `multinomial` (since 3.0) and `complement`, values other than 0 and 1 for
//! `bernoulli`. The save has `sigma` since 3.0, empty unless `gaussian`. Parameters that count: the columns,
//! `modelType` and `thresholds`. Spark's `ml/classification/NaiveBayes.scala`.

use firesteel_plan::ops::{GaussianClasses, Linear, LogNormalize, Op, Probability, Require, Shape, Weights};
use firesteel_plan::{BuildError, Builder};

use super::common::{Classifier, Decision, Rules};
use crate::data::Row;
use crate::error::LoadError;
use crate::linear::matrix_weights;
use crate::saved::Saved;
use crate::stage::{Stage, StageSpec};

pub(crate) const STAGE: StageSpec = StageSpec {
    class: "org.apache.spark.ml.classification.NaiveBayesModel",
    since: "1.5.0",
    load: NaiveBayes::load,
};

struct NaiveBayes {
    classifier: Classifier,
    features: usize,
}

impl NaiveBayes {
    fn load(saved: &Saved) -> Result<Box<dyn Stage>, LoadError> {
        let words = ["multinomial", "bernoulli", "complement", "gaussian"];
        let kind = saved.one_of("modelType", &words, "multinomial")?;
        let data = saved.data("data")?;
        let row = data.only_row()?;
        let pi = row.vector("pi")?;
        let classes = pi.len();
        let theta = row.matrix("theta")?;
        if theta.rows != classes {
            return Err(row.error(format!("{classes} priors and {} rows of 'theta'", theta.rows)));
        }
        let features = theta.cols;
        let raw = match kind {
            "gaussian" => vec![gaussian(&row, pi, row.written_out(theta)?.values)?.into()],
            "bernoulli" => bernoulli(&row, pi, classes, features, &row.written_out(theta)?.values)?,
            "complement" => {
                let scores = linear(&row, matrix_weights(&row, theta)?, vec![0.0; classes])?;
                vec![Require::NotNegative.into(), scores, LogNormalize.into()]
            }
            _ => {
                let scores = linear(&row, matrix_weights(&row, theta)?, pi)?;
                let checked = saved.version().at_least(3, 0);
                checked.then(|| Require::NotNegative.into()).into_iter().chain([scores]).collect()
            }
        };
        let rules = Rules {
            raw,
            probability: Some(Probability::Softmax),
            decision: Decision::read(saved, classes)?,
            direct: Vec::new(),
        };
        Ok(Box::new(NaiveBayes { classifier: Classifier::read(saved, classes, rules)?, features }))
    }
}

fn linear(row: &Row<'_>, weights: Weights, intercepts: Vec<f64>) -> Result<Op, LoadError> {
    Ok(Linear::new(weights, intercepts, Shape::Vector).map_err(|why| row.error(why))?.into())
}

fn gaussian(row: &Row<'_>, pi: Vec<f64>, means: Vec<f64>) -> Result<GaussianClasses, LoadError> {
    let variances = row.dense_matrix("sigma")?.values;
    GaussianClasses::new(pi, means, variances).map_err(|why| row.error(why))
}

fn bernoulli(
    row: &Row<'_>,
    mut pi: Vec<f64>,
    classes: usize,
    features: usize,
    theta: &[f64],
) -> Result<Vec<Op>, LoadError> {
    // The logarithm of the probability of 0.
    let absent: Vec<f64> = theta.iter().map(|theta| (-theta.exp()).ln_1p()).collect();
    for (prior, absent) in pi.iter_mut().zip(absent.chunks(features.max(1))) {
        *prior += absent.iter().sum::<f64>();
    }
    let weights = theta.iter().zip(&absent).map(|(theta, absent)| theta - absent).collect();
    let weights = Weights::dense(classes, features, weights).map_err(|why| row.error(why))?;
    Ok(vec![Require::ZeroOrOne.into(), linear(row, weights, pi)?])
}

impl Stage for NaiveBayes {
    fn expect(&self, builder: &mut Builder) {
        builder.expect_size(&self.classifier.features_column, self.features);
    }

    fn lower(&self, builder: &mut Builder) -> Result<(), BuildError> {
        builder.fact("features", self.features);
        self.classifier.lower(builder).map(|_| ())
    }
}

#[cfg(test)]
mod tests {
    use firesteel_plan::ScoreError;

    use crate::testing::{Save, golden, vector};

    #[test]
    fn values_that_a_type_cannot_take_are_row_errors() {
        let refused = |case: &str, version: &str, column: &str, values: &[f64]| {
            let scored = golden(case, version).try_score(vec![(column, vector(values))]);
            matches!(scored, Err(ScoreError::Row(_)))
        };
        let negative = [1.0, -1.0, 0.0, 0.0];
        assert!(refused("NaiveBayesModel_multinomial", "3.5.9", "countf", &negative));
        assert!(!refused("NaiveBayesModel_multinomial", "2.4.8", "countf", &negative));
        assert!(refused("NaiveBayesModel_complement", "4.3.0", "countf", &negative));
        assert!(refused("NaiveBayesModel_bernoulli", "2.4.8", "binf", &[2.0, 0.0, 0.0, 0.0]));
        assert!(!refused("NaiveBayesModel_gaussian", "3.5.9", "features", &negative));
        assert!(refused("NaiveBayesModel_gaussian", "3.5.9", "features", &negative[..3]));
    }

    #[test]
    fn a_type_that_does_not_fit_the_data_is_refused() {
        let save = Save::golden("NaiveBayesModel_multinomial", "3.5.9");
        let open = |to: &str| {
            let save = save.clone().edited(r#""modelType":"multinomial""#, &format!(r#""modelType":"{to}""#));
            save.open(&[]).unwrap_err().to_string()
        };
        assert!(open("gaussian").contains("0 variances"), "{}", open("gaussian"));
        assert!(open("poisson").contains("'modelType'"), "{}", open("poisson"));
    }
}
