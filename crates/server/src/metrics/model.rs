//! The metrics of one model. Their series are looked up once a model, not once a request.

use std::sync::OnceLock;

use arc_swap::ArcSwap;
use firesteel_deploy::Outcome;
use firesteel_plan::{Column, ColumnType, Field, RowScores, Scored};
use prometheus_client::metrics::family::{Family, MetricConstructor};
use prometheus_client::registry::Registry;

use super::counter::Counter;
use super::histogram::Histogram;
use crate::call::Face;
use crate::error::Kind;

type Labels = Vec<(&'static str, String)>;

/// Makes histograms with these bounds.
#[derive(Clone, Debug)]
struct Bounds(&'static [f64]);

impl MetricConstructor<Histogram> for Bounds {
    fn new_metric(&self) -> Histogram {
        Histogram::new(self.0)
    }
}

type Histograms = Family<Labels, Histogram, Bounds>;

/// From 1 µs to 10 s.
const SECONDS: Bounds = Bounds(&[
    1e-6, 2.5e-6, 5e-6, 1e-5, 2.5e-5, 5e-5, 1e-4, 2.5e-4, 5e-4, 1e-3, 2.5e-3, 5e-3, 1e-2, 2.5e-2, 5e-2, 0.1,
    0.25, 0.5, 1.0, 2.5, 10.0,
]);

const ROWS: Bounds =
    Bounds(&[1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 1024.0, 4096.0, 16_384.0, 65_536.0]);

/// Small whole numbers stand apart, since they are classes; larger numbers go by powers of ten.
const VALUES: Bounds = Bounds(&[
    -1e6, -1e5, -1e4, -1e3, -100.0, -10.0, -1.0, -1e-9, 0.0, 0.25, 0.5, 0.75, 0.999_999, 1.0, 2.0, 3.0, 4.0,
    5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 100.0, 1e3, 1e4, 1e5, 1e6,
]);

const CONFIDENCE: Bounds = Bounds(&[0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1.0]);

/// The metrics that have a series for each model.
#[derive(Debug)]
pub(crate) struct Families {
    requests: Family<Labels, Counter>,
    parts: Histograms,
    batches: Histograms,
    predictions: Histograms,
    confidences: Histograms,
}

impl Families {
    pub(crate) fn register(registry: &mut Registry) -> Families {
        let histograms = |bounds: Bounds| Histograms::new_with_constructor(bounds);
        let families = Families {
            requests: Family::default(),
            parts: histograms(SECONDS),
            batches: histograms(ROWS),
            predictions: histograms(VALUES),
            confidences: histograms(CONFIDENCE),
        };
        registry.register("requests", "Requests by model, face and HTTP status", families.requests.clone());
        let help = "Time of answered requests by part: parse, queue, score, write, total";
        registry.register("request_duration_seconds", help, families.parts.clone());
        registry.register(
            "batch_rows",
            "Rows of the runs that requests were part of",
            families.batches.clone(),
        );
        registry.register("prediction", "Predicted numbers by output", families.predictions.clone());
        let help = "The largest probability of each predicted row by output";
        registry.register("confidence", help, families.confidences.clone());
        families
    }

    /// The series of one model.
    pub(crate) fn model(&self, name: &str) -> ModelMetrics {
        let model = || ("model", name.to_owned());
        let part = |part: &str| self.parts.get_or_create_owned(&vec![model(), ("part", part.to_owned())]);
        ModelMetrics {
            name: name.to_owned(),
            requests: self.requests.clone(),
            counters: Default::default(),
            parse: part("parse"),
            queue: part("queue"),
            score: part("score"),
            write: part("write"),
            total: part("total"),
            batches: self.batches.get_or_create_owned(&vec![model()]),
            predictions: Outputs::new(self.predictions.clone()),
            confidences: Outputs::new(self.confidences.clone()),
        }
    }
}

/// Histograms by output, found by a short search.
#[derive(Debug)]
struct Outputs {
    family: Histograms,
    known: ArcSwap<Vec<(String, Histogram)>>,
}

impl Outputs {
    fn new(family: Histograms) -> Outputs {
        Outputs { family, known: ArcSwap::default() }
    }

    /// Counts these values of an output.
    fn observe(&self, model: &str, output: &str, values: impl Iterator<Item = f64>) {
        let known = self.known.load();
        let histogram = match known.iter().find(|(name, _)| name == output) {
            Some((_, histogram)) => histogram,
            None => &self.add(model, output),
        };
        values.for_each(|value| histogram.observe(value));
    }

    fn add(&self, model: &str, output: &str) -> Histogram {
        let labels = vec![("model", model.to_owned()), ("output", output.to_owned())];
        let histogram = self.family.get_or_create_owned(&labels);
        self.known.rcu(|known| {
            let mut known = Vec::clone(known);
            if !known.iter().any(|(name, _)| name == output) {
                known.push((output.to_owned(), histogram.clone()));
            }
            known
        });
        histogram
    }
}

/// The metrics of one model.
#[derive(Debug)]
pub(crate) struct ModelMetrics {
    name: String,
    requests: Family<Labels, Counter>,
    /// By face, then by kind of error; the last is for answered requests.
    counters: [[OnceLock<Counter>; Kind::ALL.len() + 1]; Face::ALL.len()],
    parse: Histogram,
    queue: Histogram,
    score: Histogram,
    write: Histogram,
    total: Histogram,
    batches: Histogram,
    predictions: Outputs,
    confidences: Outputs,
}

impl ModelMetrics {
    /// Counts a request that ended like this.
    pub(crate) fn count(&self, face: Face, failed: Option<Kind>) {
        let counter = &self.counters[face as usize][failed.map_or(Kind::ALL.len(), |kind| kind as usize)];
        let make = || {
            let status = failed.map_or("200".to_owned(), |kind| kind.status().as_u16().to_string());
            let labels =
                vec![("model", self.name.clone()), ("face", face.name().to_owned()), ("status", status)];
            self.requests.get_or_create_owned(&labels)
        };
        counter.get_or_init(make).inc();
    }

    pub(crate) fn observe_parts(&self, outcome: &Outcome) {
        self.parse.observe(outcome.input.as_secs_f64());
        self.queue.observe(outcome.queue.as_secs_f64());
        self.score.observe(outcome.infer.as_secs_f64());
        self.write.observe(outcome.output.as_secs_f64());
        self.total.observe(outcome.total.as_secs_f64());
    }

    /// Counts what was predicted for a row that was scored by itself, as [`observe_scored`](Self::observe_scored) does.
    pub(crate) fn observe_row(&self, fields: &[Field], scores: RowScores<'_>) {
        self.batches.observe(1.0);
        for (place, field) in fields.iter().enumerate() {
            let values = scores.output(place).unwrap_or_default();
            match field.column_type {
                ColumnType::Double => {
                    self.predictions.observe(&self.name, &field.name, values.iter().copied());
                }
                ColumnType::Vector => {
                    if let Some(confidence) = confidence(values) {
                        self.confidences.observe(&self.name, &field.name, [confidence].into_iter());
                    }
                }
                _ => {}
            }
        }
    }

    /// Counts what was predicted: each double, and the largest value of each vector of probabilities.
    pub(crate) fn observe_scored(&self, fields: &[Field], scored: &Scored, batch_rows: usize) {
        self.batches.observe(batch_rows as f64);
        for (field, column) in fields.iter().zip(&scored.columns) {
            match column {
                Column::Array(_) => {
                    let Some(values) = column.as_doubles() else { continue };
                    self.predictions.observe(&self.name, &field.name, values.iter().flatten());
                }
                Column::Vector(vectors) => {
                    let mut confidences =
                        vectors.iter().flatten().filter_map(|row| confidence(row.values())).peekable();
                    if confidences.peek().is_some() {
                        self.confidences.observe(&self.name, &field.name, confidences);
                    }
                }
            }
        }
    }
}

/// The largest of some probabilities; `None` when they are none, since they do not sum to 1.
fn confidence(values: &[f64]) -> Option<f64> {
    let within = values.iter().all(|value| (0.0..=1.0).contains(value));
    let sums = (values.iter().sum::<f64>() - 1.0).abs() < 1e-6;
    (within && sums).then(|| values.iter().copied().fold(0.0, f64::max))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_probabilities_have_a_confidence() {
        assert_eq!(confidence(&[0.25, 0.75]), Some(0.75));
        assert_eq!(confidence(&[2.0, -1.0]), None);
        assert_eq!(confidence(&[0.5, 0.6]), None);
        assert_eq!(confidence(&[]), None);
    }

    #[test]
    fn kinds_and_faces_index_their_lists() {
        for (at, kind) in Kind::ALL.into_iter().enumerate() {
            assert_eq!(kind as usize, at);
        }
        for (at, face) in Face::ALL.into_iter().enumerate() {
            assert_eq!(face as usize, at);
        }
    }
}
