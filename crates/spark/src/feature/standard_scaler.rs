//! `StandardScalerModel`: takes the mean off each slot and divides it by its standard deviation.
//!
//! Spark multiplies by `1 / std`, by 0 where the deviation is 0, so that a constant slot becomes 0. Only with
//! `withMean` does a sparse row become dense. The save holds both `std` and `mean`; `withMean` (default false) and
//! `withStd` (default true) say which count. Spark's `ml/feature/StandardScaler.scala`.

use std::sync::Arc;

use firesteel_plan::ops::Scale;
use firesteel_plan::{Attributes, BuildError, Builder};

use crate::error::LoadError;
use crate::saved::Saved;
use crate::stage::{Stage, StageSpec};

pub(crate) const STAGE: StageSpec = StageSpec {
    class: "org.apache.spark.ml.feature.StandardScalerModel",
    since: "1.2.0",
    load: StandardScaler::load,
};

struct StandardScaler {
    input: String,
    output: String,
    size: usize,
    scale: Scale,
}

impl StandardScaler {
    fn load(saved: &Saved) -> Result<Box<dyn Stage>, LoadError> {
        let data = saved.data("data")?;
        let row = data.only_row()?;
        let (std, mean) = (row.vector("std")?, row.vector("mean")?);
        if std.len() != mean.len() {
            return Err(row.error(format!("'std' has size {}, but 'mean' has {}", std.len(), mean.len())));
        }
        let size = std.len();
        let factor = std.into_iter().map(|std| if std == 0.0 { 0.0 } else { 1.0 / std });
        let scale = Scale {
            shift: saved.param_or("withMean", false)?.then(|| Arc::from(mean)),
            factor: saved.param_or("withStd", true)?.then(|| factor.collect()),
        };
        Ok(Box::new(StandardScaler {
            input: saved.param("inputCol")?,
            output: saved.output_col()?,
            size,
            scale,
        }))
    }
}

impl Stage for StandardScaler {
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
    fn scales_as_every_version_did() {
        for version in ["2.4.8", "3.0.3", "3.5.9", "4.3.0"] {
            let model = golden("StandardScalerModel", version);
            assert_eq!(model.signature().inputs[0].size, Some(4));
            let scored = model.score(vec![("features", vector(&[0.0, 0.0, 0.0, 0.0]))]);
            let shifted = scored.vector("o", 0);
            let scored = model.score(vec![("features", vector(&[1.0, 1.0, 1.0, 1.0]))]);
            let one = scored.vector("o", 0);
            assert!(
                one.iter().zip(&shifted).all(|(one, zero)| (0.5..2.0).contains(&(one - zero))),
                "{one:?}"
            );
        }
    }
}
