//! What models that were chosen among several share: they score by the best one, saved in `bestModel`.

use firesteel_plan::{BuildError, Builder};

use crate::error::LoadError;
use crate::param::Param;
use crate::saved::Saved;
use crate::stage::Stage;

/// A model that scores by its best one. What it was chosen from and how counts no more.
struct BestModel {
    metrics: Vec<f64>,
}

/// Reads a model whose metrics stand under `metrics`; they are shown, not used.
pub(super) fn load(saved: &Saved, metrics: &str) -> Result<Box<dyn Stage>, LoadError> {
    let found = saved.metadata().extra.get(metrics).and_then(Vec::<f64>::from_json);
    Ok(Box::new(BestModel { metrics: found.unwrap_or_default() }))
}

impl Stage for BestModel {
    fn inside(&self) -> Option<&'static str> {
        Some("bestModel")
    }

    fn lower(&self, builder: &mut Builder) -> Result<(), BuildError> {
        builder.fact("models compared", self.metrics.len());
        Ok(())
    }
}
