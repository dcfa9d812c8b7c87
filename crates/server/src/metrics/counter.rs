//! A counter of which each thread has its part.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use firesteel_deploy::PerThread;
use prometheus_client::encoding::{EncodeMetric, MetricEncoder, NoLabelSet};
use prometheus_client::metrics::{MetricType, TypedMetric};

/// Counts up. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub(crate) struct Counter(Arc<PerThread<AtomicU64>>);

impl Counter {
    pub(crate) fn inc(&self) {
        self.0.own().fetch_add(1, Ordering::Relaxed);
    }
}

impl EncodeMetric for Counter {
    fn encode(&self, mut encoder: MetricEncoder<'_>) -> Result<(), fmt::Error> {
        let count: u64 = self.0.all().map(|count| count.load(Ordering::Relaxed)).sum();
        encoder.encode_counter::<NoLabelSet, _, u64>(&count, None)
    }

    fn metric_type(&self) -> MetricType {
        Self::TYPE
    }
}

impl TypedMetric for Counter {
    const TYPE: MetricType = MetricType::Counter;
}
