//! Which model each endpoint has, read from the fleet when metrics are asked for.

use std::fmt;

use firesteel_deploy::Fleet;
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::gauge::ConstGauge;

#[derive(Debug)]
pub(crate) struct Models(pub(crate) Fleet);

impl Collector for Models {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), fmt::Error> {
        let endpoints = self.0.endpoints();
        let mut info = encoder.encode_descriptor(
            "model",
            "The model in use by each endpoint",
            None,
            MetricType::Info,
        )?;
        for endpoint in &endpoints {
            let Ok(loaded) = endpoint.loaded() else { continue };
            let origin = loaded.model().info();
            let labels = [
                ("model", endpoint.name().to_owned()),
                ("generation", loaded.version().number.to_string()),
                ("uid", origin.uid.clone()),
                ("format", origin.format.clone()),
                ("version", origin.version.clone()),
                ("class", origin.class.clone()),
            ];
            info.encode_info(&labels)?;
        }
        let mut loaded = encoder.encode_descriptor(
            "model_loaded",
            "Whether the endpoint answers",
            None,
            MetricType::Gauge,
        )?;
        for endpoint in &endpoints {
            let labels = [("model", endpoint.name())];
            let gauge = ConstGauge::new(i64::from(endpoint.loaded().is_ok()));
            gauge.encode(loaded.encode_family(&labels)?)?;
        }
        Ok(())
    }
}
