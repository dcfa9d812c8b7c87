//! The flags for OpenTelemetry traces, which are also read from OpenTelemetry's own variables.

use clap::Args;
use firesteel_server::TraceSettings;

/// Where traces go.
#[derive(Debug, Args)]
#[command(next_help_heading = "Traces")]
pub(crate) struct Traces {
    /// Send OpenTelemetry traces to this collector by OTLP over HTTP, such as http://127.0.0.1:4318
    #[arg(long, value_name = "URL", env = "OTEL_EXPORTER_OTLP_ENDPOINT", value_parser = collector)]
    otlp_endpoint: Option<String>,
    /// What the collector calls this service
    #[arg(long, value_name = "NAME", env = "OTEL_SERVICE_NAME", default_value = "firesteel")]
    service_name: String,
    /// The share of requests that are traced, from 0 to 1, where a request does not say it by `traceparent`
    #[arg(long, value_name = "SHARE", env = "OTEL_TRACES_SAMPLER_ARG", default_value = "1", value_parser = share)]
    trace_ratio: f64,
}

impl Traces {
    /// What the server is told; nothing if there is no collector.
    pub(crate) fn settings(&self) -> Option<TraceSettings> {
        let endpoint = self.otlp_endpoint.as_deref().filter(|endpoint| !endpoint.is_empty())?;
        TraceSettings::new(endpoint, &self.service_name, self.trace_ratio).ok()
    }
}

/// An empty variable is as one that is not set.
fn collector(text: &str) -> Result<String, String> {
    match text {
        "" => Ok(String::new()),
        _ => TraceSettings::new(text, "", 1.0).map(|_| text.to_owned()),
    }
}

fn share(text: &str) -> Result<f64, String> {
    let share: f64 = text.parse().map_err(|_| "expected a number such as 0.1".to_owned())?;
    match (0.0..=1.0).contains(&share) {
        true => Ok(share),
        false => Err("expected a number from 0 to 1".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn collectors_are_reached_by_http() {
        assert_eq!(collector("http://otel:4318").unwrap(), "http://otel:4318");
        assert_eq!(collector("").unwrap(), "");
        let error = collector("https://otel").unwrap_err();
        assert!(error.contains("http://") && error.contains("beside"), "{error}");
        assert!(collector("otel:4318").is_err() && collector("http://").is_err());
    }

    #[test]
    fn shares_lie_between_none_and_all() {
        assert_eq!((share("0"), share("0.25"), share("1")), (Ok(0.0), Ok(0.25), Ok(1.0)));
        assert!(
            share("1.1").is_err() && share("-0.1").is_err() && share("NaN").is_err() && share("x").is_err()
        );
    }
}
