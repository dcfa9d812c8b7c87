//! `MaxAbsScalerModel`: divides each slot by the largest magnitude seen in training.
//!
//! From 3.0 on Spark multiplies by the reciprocal and rows keep their form; up to 2.4 it divided, by which the last
//! bit may differ, and rows became dense. A slot that was always 0 stays as it is. Spark's `ml/feature/MaxAbsScaler.scala`.

use std::sync::Arc;

use firesteel_plan::ops::{Divide, Op, Scale};
use firesteel_plan::{Attributes, BuildError, Builder};

use crate::error::LoadError;
use crate::saved::Saved;
use crate::stage::{Stage, StageSpec};

pub(crate) const STAGE: StageSpec = StageSpec {
    class: "org.apache.spark.ml.feature.MaxAbsScalerModel",
    since: "2.0.0",
    load: MaxAbsScaler::load,
};

struct MaxAbsScaler {
    input: String,
    output: String,
    size: usize,
    scale: Op,
}

impl MaxAbsScaler {
    fn load(saved: &Saved) -> Result<Box<dyn Stage>, LoadError> {
        let largest = saved.data("data")?.only_row()?.vector("maxAbs")?;
        let size = largest.len();
        let by = largest.into_iter().map(|largest| if largest == 0.0 { 1.0 } else { largest });
        let scale = if saved.version().at_least(3, 0) {
            let factor: Arc<[f64]> = by.map(|by| 1.0 / by).collect();
            Scale { shift: None, factor: Some(factor) }.into()
        } else {
            Divide::Slots(by.collect()).into()
        };
        let (input, output) = (saved.param("inputCol")?, saved.output_col()?);
        Ok(Box::new(MaxAbsScaler { input, output, size, scale }))
    }
}

impl Stage for MaxAbsScaler {
    fn expect(&self, builder: &mut Builder) {
        builder.expect_size(&self.input, self.size);
    }

    fn lower(&self, builder: &mut Builder) -> Result<(), BuildError> {
        let input = builder.vectors(&self.input)?;
        let scaled = builder.apply(self.scale.clone(), &[&input])?;
        builder.fact("size", self.size);
        builder.bind(&self.output, scaled.with_attributes(Attributes::sized(self.size)))
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{Save, golden, vector};

    #[test]
    fn signs_and_zeros_stay_in_every_version() {
        for version in ["2.4.8", "3.0.3", "3.5.9", "4.3.0"] {
            let model = golden("MaxAbsScalerModel", version);
            let row = |x| model.score(vec![("features", vector(&[0.0, x, 0.0, 0.0]))]).vector("o", 0)[1];
            assert!(row(0.0) == 0.0 && row(1.0) > 0.0 && row(-1.0) == -row(1.0) && row(f64::NAN).is_nan());
        }
    }

    #[test]
    fn missing_data_are_refused() {
        let error = Save::golden("MaxAbsScalerModel", "3.5.9").without(".parquet").open(&[]).unwrap_err();
        assert!(error.to_string().contains("no Parquet file"), "{error}");
    }
}
