//! Metrics for Prometheus: requests, latency by part, batch sizes, what is predicted, and which model is in use.

mod counter;
mod histogram;
mod info;
mod model;

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, OnceLock};

use arc_swap::ArcSwap;
use firesteel_deploy::Fleet;
use prometheus_client::encoding::text;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

use counter::Counter;
pub(crate) use model::ModelMetrics;

/// Every metric of the server.
#[derive(Debug)]
pub(crate) struct Metrics {
    registry: Registry,
    families: model::Families,
    /// The open connections.
    pub(crate) connections: Gauge,
    responses: Family<Vec<(&'static str, u16)>, Counter>,
    /// The series of `responses`, by status.
    by_status: Vec<OnceLock<Counter>>,
    /// By name; a list that is replaced, since it is read by every request and changed by few.
    models: ArcSwap<HashMap<String, Arc<ModelMetrics>>>,
}

impl Metrics {
    pub(crate) fn new(fleet: Fleet) -> Metrics {
        let mut registry = Registry::with_prefix("firesteel");
        let families = model::Families::register(&mut registry);
        let connections = Gauge::default();
        registry.register("connections", "Open connections", connections.clone());
        let responses = Family::default();
        registry.register("responses", "Answers by HTTP status, of every path", responses.clone());
        let by_status = std::iter::repeat_with(OnceLock::new).take(1000).collect();
        registry.register_collector(Box::new(info::Models(fleet)));
        Metrics { registry, families, connections, responses, by_status, models: ArcSwap::default() }
    }

    /// Counts an answer, whatever was asked.
    pub(crate) fn answered(&self, status: u16) {
        if let Some(counter) = self.by_status.get(usize::from(status)) {
            counter.get_or_init(|| self.responses.get_or_create_owned(&vec![("status", status)])).inc();
        }
    }

    /// The metrics of one model; only of models that exist, so that names from outside make no series.
    pub(crate) fn model(&self, name: &str) -> Arc<ModelMetrics> {
        if let Some(known) = self.models.load().get(name) {
            return Arc::clone(known);
        }
        // The series of one model are the same whoever makes them.
        let made = Arc::new(self.families.model(name));
        self.models.rcu(|models| {
            let mut models = HashMap::clone(models);
            models.entry(name.to_owned()).or_insert_with(|| Arc::clone(&made));
            models
        });
        self.models.load().get(name).map_or(made, Arc::clone)
    }

    /// All metrics in the text format.
    pub(crate) fn text(&self) -> Result<String, fmt::Error> {
        let mut out = String::new();
        text::encode(&mut out, &self.registry)?;
        Ok(out)
    }
}
