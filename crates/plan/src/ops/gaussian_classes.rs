//! The log-likelihood of classes whose features are independent and Gaussian: Spark's Gaussian naive Bayes
//! (`ml/classification/NaiveBayes.scala`).

use std::fmt;
use std::sync::Arc;

use super::{Mismatch, Operation, Outputs, expect_types, vectors};
use crate::column::{Column, ColumnType, VectorColumn};
use crate::error::{BuildError, OpError};

/// `prior - (Σ (x - mean)² / variance + Σ log(variance)) / 2` for each class.
#[derive(Clone, Debug)]
pub struct GaussianClasses {
    features: usize,
    priors: Arc<[f64]>,
    /// Class after class.
    means: Arc<[f64]>,
    variances: Arc<[f64]>,
    log_variances: Arc<[f64]>,
}

impl GaussianClasses {
    /// Classes with these logarithms of priors; means and variances by class, then by feature.
    pub fn new(
        priors: Vec<f64>,
        means: Vec<f64>,
        variances: Vec<f64>,
    ) -> Result<GaussianClasses, BuildError> {
        let classes = priors.len();
        if classes == 0 || !means.len().is_multiple_of(classes) || means.len() != variances.len() {
            return Err(BuildError::Invalid(format!(
                "{classes} priors, {} means and {} variances, expected as many of both for each class",
                means.len(),
                variances.len()
            )));
        }
        let features = means.len() / classes;
        let log_sum = |class: usize| {
            let own = &variances[class * features..(class + 1) * features];
            own.iter().fold(0.0, |sum, variance| sum + variance.ln())
        };
        let log_variances = (0..classes).map(log_sum).collect();
        Ok(GaussianClasses {
            features,
            priors: priors.into(),
            means: means.into(),
            log_variances,
            variances: variances.into(),
        })
    }

    fn push(&self, row: &[f64], out: &mut Vec<f64>) {
        for (class, prior) in self.priors.iter().enumerate() {
            let own = class * self.features..(class + 1) * self.features;
            let terms = row.iter().zip(&self.means[own.clone()]).zip(&self.variances[own]);
            let sum = terms.fold(0.0, |sum, ((x, mean), variance)| sum + (x - mean) * (x - mean) / variance);
            out.push(prior - (sum + self.log_variances[class]) / 2.0);
        }
    }
}

impl Operation for GaussianClasses {
    fn output_types(&self, inputs: &[&ColumnType]) -> Result<Vec<ColumnType>, Mismatch> {
        expect_types(inputs, &[ColumnType::Vector])?;
        Ok(vec![ColumnType::Vector])
    }

    fn run(&self, rows: usize, inputs: &[&Column]) -> Result<Outputs, OpError> {
        let mut scores = Vec::with_capacity(rows * self.priors.len());
        let mut dense = Vec::new();
        for (at, row) in vectors(inputs[0])?.iter().enumerate() {
            // Spark reads the features by place: a vector that is too long is none the worse.
            match row.filter(|row| row.size() >= self.features) {
                Some(row) => row.write_dense(&mut dense),
                None => {
                    return Err(OpError::value(
                        inputs[0],
                        at,
                        0,
                        format!("a vector of size {}", self.features),
                    ));
                }
            }
            self.push(&dense, &mut scores);
        }
        Ok(Column::Vector(VectorColumn::from_block(rows, self.priors.len(), scores)).into())
    }

    fn width(&self, _inputs: usize) -> usize {
        self.priors.len()
    }

    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "gaussian classes [{} x {}]", self.priors.len(), self.features)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearer_class_is_likelier() {
        let classes =
            GaussianClasses::new(vec![0.0, -1.0], vec![0.0, 0.0, 1.0, 2.0], vec![1.0, 1.0, 1.0, 4.0])
                .unwrap();
        let column = Column::Vector(VectorColumn::from_block(1, 3, vec![1.0, 2.0, 9.0]));
        let outputs = classes.run(1, &[&column]).ok().unwrap();
        let found = outputs.columns[0].as_vectors().unwrap().get(0).unwrap().values().to_vec();
        assert_eq!(found, [-2.5, -1.0 - 4.0_f64.ln() / 2.0]);
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        assert!(GaussianClasses::new(vec![], vec![], vec![]).is_err());
        assert!(GaussianClasses::new(vec![0.0, 0.0], vec![1.0; 3], vec![1.0; 3]).is_err());
        assert!(GaussianClasses::new(vec![0.0], vec![1.0; 3], vec![1.0; 2]).is_err());
        let classes = GaussianClasses::new(vec![0.0], vec![1.0; 3], vec![1.0; 3]).unwrap();
        let column = Column::Vector(VectorColumn::from_block(1, 2, vec![1.0, 2.0]));
        assert!(matches!(classes.run(1, &[&column]), Err(OpError::Row(_))));
    }
}
