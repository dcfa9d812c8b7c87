//! `RobustScalerModel`: takes the median off each slot and divides it by a range of quantiles.
//!
//! Spark multiplies by `1 / range`, by 0 where the range is 0. Only with `withCentering` does a sparse row become
//! dense. The save holds `range` and `median`; `withCentering` (default false) and `withScaling` (default true) say
//! which count, `lower` and `upper` counted in training only. Spark's `ml/feature/RobustScaler.scala`, since 3.0.

use std::sync::Arc;

use firesteel_plan::ops::Scale;
use firesteel_plan::{Attributes, BuildError, Builder};

use crate::attributes;
use crate::error::LoadError;
use crate::saved::Saved;
use crate::stage::{Stage, StageSpec};

pub(crate) const STAGE: StageSpec = StageSpec {
    class: "org.apache.spark.ml.feature.RobustScalerModel",
    since: "3.0.0",
    load: RobustScaler::load,
};

struct RobustScaler {
    input: String,
    output: String,
    size: usize,
    scale: Scale,
}

impl RobustScaler {
    fn load(saved: &Saved) -> Result<Box<dyn Stage>, LoadError> {
        let data = saved.data("data")?;
        let row = data.only_row()?;
        let (range, median) = (row.vector("range")?, row.vector("median")?);
        if range.len() != median.len() {
            let (range, median) = (range.len(), median.len());
            return Err(row.error(format!("'range' has size {range}, but 'median' has {median}")));
        }
        let size = range.len();
        attributes::check_size(saved, size)?;
        let factor = range.into_iter().map(|range| if range == 0.0 { 0.0 } else { 1.0 / range });
        let scale = Scale {
            shift: saved.param_or("withCentering", false)?.then(|| Arc::from(median)),
            factor: saved.param_or("withScaling", true)?.then(|| factor.collect()),
        };
        let (input, output) = (saved.param("inputCol")?, saved.output_col()?);
        Ok(Box::new(RobustScaler { input, output, size, scale }))
    }
}

impl Stage for RobustScaler {
    fn expect(&self, builder: &mut Builder) {
        builder.expect_size(&self.input, self.size);
    }

    fn lower(&self, builder: &mut Builder) -> Result<(), BuildError> {
        let input = builder.vectors(&self.input)?;
        let scaled = builder.apply(self.scale.clone().into(), &[&input])?;
        builder.fact("size", self.size);
        builder.bind(&self.output, scaled.with_attributes(Attributes::sized(self.size)))
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{golden, vector};

    #[test]
    fn zero_stays_zero_without_centering_in_every_version() {
        for version in ["3.0.3", "3.5.9", "4.3.0"] {
            let model = golden("RobustScalerModel", version);
            assert_eq!(model.signature().inputs[0].size, Some(4));
            assert_eq!(model.score(vec![("features", vector(&[0.0; 4]))]).vector("o", 0), [0.0; 4]);
        }
    }
}
