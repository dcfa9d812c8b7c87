//! The topics of a document: Spark's `LocalLDAModel`.
//!
//! Online variational inference (`mllib/clustering/LDAOptimizer.scala`, `variationalTopicInference`): from a random
//! start, the same for every document, the weights of the topics are improved until they change by a thousandth.

use std::fmt;
use std::sync::Arc;

use super::{Mismatch, Operation, Outputs, expect_types, vectors};
use crate::column::{Column, ColumnType, VectorColumn, VectorRef};
use crate::error::{BuildError, OpError};
use crate::random::MersenneTwister;

/// The steps after which a document's topics are given up; Spark goes on for ever.
const MAX_STEPS: usize = 10_000;
/// Below this digamma, which steps up by 1, is not computed; Spark's own is lost further below.
const LOWEST: f64 = -1_000.0;
const CHANGE: f64 = 1e-3;
/// Euler's constant.
const GAMMA: f64 = 0.577_215_664_901_532_9;

/// The share of each topic in a document, given by its counts of terms.
#[derive(Clone, Debug)]
pub struct Topics {
    topics: usize,
    /// Term after term, a weight for each topic.
    weights: Arc<[f64]>,
    concentration: Arc<[f64]>,
    start: Arc<[f64]>,
}

impl Topics {
    /// Topics by `counts`, term after term a count for each topic, and the prior `concentration` of each topic;
    /// `shape` and `seed` are those of the random start.
    pub fn new(counts: &[f64], concentration: Vec<f64>, shape: f64, seed: u64) -> Result<Topics, BuildError> {
        let topics = concentration.len();
        let invalid = |reason: String| Err(BuildError::Invalid(reason));
        if topics == 0 || !counts.len().is_multiple_of(topics) {
            return invalid(format!("{} counts for {topics} topics", counts.len()));
        }
        if !(shape > 1.0 && shape.is_finite()) {
            return invalid(format!("the shape of the random start is {shape}, expected a number above 1"));
        }
        if !counts.iter().all(|&count| count >= 0.0 && count.is_finite()) {
            return invalid("a count of terms in topics is negative or not finite".to_owned());
        }
        let mut weights = counts.to_vec();
        for topic in 0..topics {
            let total = counts.iter().skip(topic).step_by(topics).fold(0.0, |sum, count| sum + count);
            let total = digamma(total);
            for weight in weights.iter_mut().skip(topic).step_by(topics) {
                *weight = (digamma(*weight) - total).exp();
            }
        }
        let mut twister = MersenneTwister::new(seed);
        let start = (0..topics).map(|_| twister.gamma(shape, 1.0 / shape)).collect();
        Ok(Topics { topics, weights: weights.into(), concentration: concentration.into(), start })
    }

    fn terms(&self) -> usize {
        self.weights.len() / self.topics
    }

    /// The topics of a document; `None` where they do not settle.
    fn infer(&self, document: VectorRef<'_>) -> Option<Vec<f64>> {
        if document.values().iter().all(|&count| count == 0.0) {
            return Some(vec![0.0; self.topics]);
        }
        let rows: Vec<(&[f64], f64)> = document
            .active()
            .map(|(term, count)| (&self.weights[term * self.topics..(term + 1) * self.topics], count))
            .collect();
        let mut gamma = self.start.to_vec();
        let mut expected = expectation(&gamma)?;
        let mut steps = 0;
        loop {
            let mut sums = vec![0.0; self.topics];
            for (weights, count) in &rows {
                let norm = weights.iter().zip(&expected).fold(0.0, |sum, (w, e)| sum + w * e) + 1e-100;
                let share = count / norm;
                sums.iter_mut().zip(*weights).for_each(|(sum, weight)| *sum += weight * share);
            }
            let mut change = 0.0;
            for (topic, sum) in sums.iter().enumerate() {
                let improved = expected[topic] * sum + self.concentration[topic];
                change += (improved - gamma[topic]).abs();
                gamma[topic] = improved;
            }
            // A change that is not a number ends it too.
            let settled = change / self.topics as f64 <= CHANGE || change.is_nan();
            if settled {
                let total = gamma.iter().fold(0.0, |sum, value| sum + value.abs());
                return Some(gamma.iter().map(|value| value / total).collect());
            }
            expected = expectation(&gamma)?;
            steps += 1;
            if steps == MAX_STEPS {
                return None;
            }
        }
    }
}

/// `exp` of the expected logarithm of each share of a Dirichlet distribution.
fn expectation(gamma: &[f64]) -> Option<Vec<f64>> {
    let total = gamma.iter().fold(0.0, |sum, value| sum + value);
    if gamma.iter().chain([&total]).any(|&value| value < LOWEST) {
        return None;
    }
    let total = digamma(total);
    Some(gamma.iter().map(|&value| (digamma(value) - total).exp()).collect())
}

/// The digamma function as Apache Commons Math computes it, with the sign of its third term, which is not that of
/// the asymptotic series.
fn digamma(x: f64) -> f64 {
    if !x.is_finite() {
        x
    } else if x > 0.0 && x <= 1e-5 {
        -GAMMA - 1.0 / x
    } else if x >= 49.0 {
        let inverse = 1.0 / (x * x);
        x.ln() - 0.5 / x - inverse * (1.0 / 12.0 + inverse * (1.0 / 120.0 - inverse / 252.0))
    } else {
        digamma(x + 1.0) - 1.0 / x
    }
}

impl Operation for Topics {
    fn output_types(&self, inputs: &[&ColumnType]) -> Result<Vec<ColumnType>, Mismatch> {
        expect_types(inputs, &[ColumnType::Vector])?;
        Ok(vec![ColumnType::Vector])
    }

    fn run(&self, rows: usize, inputs: &[&Column]) -> Result<Outputs, OpError> {
        let terms = self.terms();
        // Spark looks terms up by their place: a vector of another size does, if it holds no unknown term.
        let fits = |row: &VectorRef<'_>| match row {
            VectorRef::Dense(values) => values.len() <= terms,
            VectorRef::Sparse { indices, .. } => indices.iter().all(|&index| (index as usize) < terms),
        };
        let mut shares = Vec::with_capacity(rows * self.topics);
        for (at, row) in vectors(inputs[0])?.iter().enumerate() {
            let empty = |row: &VectorRef<'_>| row.values().iter().all(|&count| count == 0.0);
            let row = row.filter(|row| fits(row) || empty(row));
            let row =
                row.ok_or_else(|| OpError::value(inputs[0], at, 0, format!("counts of {terms} terms")))?;
            let found = self.infer(row);
            let found = found.ok_or_else(|| OpError::value(inputs[0], at, 0, "counts whose topics settle"));
            shares.extend(found?);
        }
        Ok(Column::Vector(VectorColumn::from_block(rows, self.topics, shares)).into())
    }

    fn width(&self, _inputs: usize) -> usize {
        self.topics
    }

    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "topics [{} of {} terms]", self.topics, self.terms())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::column::VectorBuilder;

    fn topics() -> Topics {
        Topics::new(&[9.0, 0.5, 8.0, 0.5, 0.5, 9.0, 0.5, 8.0], vec![0.5, 0.5], 100.0, 7).unwrap()
    }

    #[test]
    fn digamma_equals_commons_math() {
        let known = [
            (1e-6, -1000000.5772156649),
            (0.3, -3.502524225020958),
            (1.0, -0.5772156677920679),
            (2.5, 0.7031566378697297),
            (49.0, 3.8815815072720508),
            (-0.5, 0.036489971203063076),
        ];
        for (x, expected) in known {
            assert!(
                (digamma(x) - expected).abs() <= 1e-15 * f64::abs(expected).max(1.0),
                "{x}: {}",
                digamma(x)
            );
        }
        assert_eq!(digamma(0.0), f64::NEG_INFINITY);
    }

    #[test]
    fn a_document_has_the_topics_of_its_terms() {
        let mut rows = VectorBuilder::default();
        rows.push_dense(&[5.0, 5.0, 0.0, 0.0]);
        rows.push_sparse(4, &[2, 3], &[20.0, 20.0]);
        rows.push_sparse(9, &[], &[]);
        let outputs = topics().run(3, &[&Column::Vector(rows.finish())]).ok().unwrap();
        let found = outputs.columns[0].as_vectors().unwrap();
        let shares = |row: usize| found.get(row).unwrap().values().to_vec();
        assert!(shares(0)[0] > 0.9 && shares(1)[1] > 0.9, "{found:?}");
        assert!((shares(1)[0] + shares(1)[1] - 1.0).abs() < 1e-15);
        assert_eq!(shares(2), [0.0, 0.0]);
    }

    #[test]
    fn unknown_terms_and_counts_that_lead_nowhere_are_row_errors() {
        for values in [vec![1.0; 5], vec![-1e6, 0.0, 0.0, 0.0]] {
            let column = Column::Vector(VectorColumn::from_block(1, values.len(), values));
            assert!(matches!(topics().run(1, &[&column]), Err(OpError::Row(_))));
        }
    }

    #[test]
    fn models_that_do_not_fit_are_refused() {
        assert!(Topics::new(&[1.0; 3], vec![0.1; 2], 100.0, 1).is_err());
        assert!(Topics::new(&[], vec![], 100.0, 1).is_err());
        assert!(Topics::new(&[1.0; 2], vec![0.1; 2], 0.5, 1).is_err());
        assert!(Topics::new(&[1.0, f64::NAN], vec![0.1; 2], 100.0, 1).is_err());
        assert!(Topics::new(&[1.0, -1.0], vec![0.1; 2], 100.0, 1).is_err());
    }
}
