//! A histogram that is counted into without a lock; `prometheus-client`'s own takes one for each value.
//!
//! Each thread counts by itself, else a busy server's threads would hand the counts around.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use firesteel_deploy::PerThread;
use prometheus_client::encoding::{EncodeMetric, MetricEncoder, NoLabelSet};
use prometheus_client::metrics::{MetricType, TypedMetric};

/// Counts of values by range. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Histogram(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    /// The ranges' upper bounds, ascending; one more range follows the last.
    bounds: &'static [f64],
    counts: PerThread<Counts>,
}

/// What some threads counted.
#[derive(Debug)]
struct Counts {
    ranges: Box<[AtomicU64]>,
    /// The sum's bits.
    sum: AtomicU64,
}

impl Counts {
    fn new(bounds: &[f64]) -> Counts {
        let ranges = (0..=bounds.len()).map(|_| AtomicU64::new(0)).collect();
        Counts { ranges, sum: AtomicU64::new(0.0_f64.to_bits()) }
    }
}

impl Histogram {
    pub(crate) fn new(bounds: &'static [f64]) -> Histogram {
        Histogram(Arc::new(Inner { bounds, counts: PerThread::new(|| Counts::new(bounds)) }))
    }

    /// Counts `value`; one that is not a number counts above every bound and not in the sum.
    pub(crate) fn observe(&self, value: f64) {
        let range = self.0.bounds.partition_point(|&bound| bound < value);
        let range = if value.is_nan() { self.0.bounds.len() } else { range };
        let counts = self.0.counts.own();
        counts.ranges[range].fetch_add(1, Ordering::Relaxed);
        if value.is_finite() {
            let add = |sum: u64| Some((f64::from_bits(sum) + value).to_bits());
            let _ = counts.sum.fetch_update(Ordering::Relaxed, Ordering::Relaxed, add);
        }
    }

    /// How many values a range has.
    fn count(&self, range: usize) -> u64 {
        self.0.counts.all().map(|counts| counts.ranges[range].load(Ordering::Relaxed)).sum()
    }
}

impl EncodeMetric for Histogram {
    fn encode(&self, mut encoder: MetricEncoder<'_>) -> Result<(), fmt::Error> {
        let bounds = self.0.bounds.iter().copied().chain([f64::INFINITY]);
        let buckets: Vec<(f64, u64)> =
            bounds.enumerate().map(|(range, bound)| (bound, self.count(range))).collect();
        let count = buckets.iter().map(|(_, count)| count).sum();
        let sum = self.0.counts.all().map(|counts| f64::from_bits(counts.sum.load(Ordering::Relaxed))).sum();
        encoder.encode_histogram::<NoLabelSet>(sum, count, &buckets, None)
    }

    fn metric_type(&self) -> MetricType {
        Self::TYPE
    }
}

impl TypedMetric for Histogram {
    const TYPE: MetricType = MetricType::Histogram;
}

#[cfg(test)]
mod tests {
    use prometheus_client::encoding::text;
    use prometheus_client::registry::Registry;

    use super::*;

    #[test]
    fn counts_by_range_and_keeps_the_sum() {
        let histogram = Histogram::new(&[1.0, 2.0]);
        [0.5, 1.0, 1.5, 7.0, f64::NAN].into_iter().for_each(|value| histogram.observe(value));
        let mut registry = Registry::default();
        registry.register("h", "help", histogram);
        let mut out = String::new();
        text::encode(&mut out, &registry).unwrap();
        for line in ["h_sum 10.0", "h_count 5", "le=\"1.0\"} 2", "le=\"2.0\"} 3", "le=\"+Inf\"} 5"] {
            assert!(out.contains(line), "{line} is not in\n{out}");
        }
    }
}
