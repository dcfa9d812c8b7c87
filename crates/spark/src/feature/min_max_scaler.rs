//! `MinMaxScalerModel`: brings each slot from the range seen in training to `min`…`max` (default 0…1).
//!
//! A NaN stays, and a slot that was constant becomes the middle. Up to 2.4 Spark divided first and answered dense
//! rows; from 3.0 on it multiplies by one factor, which may differ in the last bit, and stores each row dense or
//! sparse. Spark's `ml/feature/MinMaxScaler.scala`.

use firesteel_plan::ops::{MinMax, MinMaxForm};
use firesteel_plan::{Attributes, BuildError, Builder};

use super::vector_assembler::sparse_rule;
use crate::error::LoadError;
use crate::saved::Saved;
use crate::stage::{Stage, StageSpec};

pub(crate) const STAGE: StageSpec = StageSpec {
    class: "org.apache.spark.ml.feature.MinMaxScalerModel",
    since: "1.5.0",
    load: MinMaxScaler::load,
};

struct MinMaxScaler {
    input: String,
    output: String,
    size: usize,
    scale: MinMax,
}

impl MinMaxScaler {
    fn load(saved: &Saved) -> Result<Box<dyn Stage>, LoadError> {
        let data = saved.data("data")?;
        let row = data.only_row()?;
        let (low, high) = (row.vector("originalMin")?, row.vector("originalMax")?);
        if low.len() != high.len() {
            let (low, high) = (low.len(), high.len());
            return Err(row.error(format!("'originalMin' has size {low}, but 'originalMax' has {high}")));
        }
        let form = if saved.version().at_least(3, 0) {
            MinMaxForm::FactorFirst(sparse_rule(saved.version()))
        } else {
            MinMaxForm::DivideFirst
        };
        let (min, max) = (saved.param_or("min", 0.0)?, saved.param_or("max", 1.0)?);
        let scale = MinMax::new(&low, &high, min, max, form);
        let (input, output) = (saved.param("inputCol")?, saved.output_col()?);
        Ok(Box::new(MinMaxScaler { input, output, size: low.len(), scale }))
    }
}

impl Stage for MinMaxScaler {
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
    fn the_lowest_seen_is_zero_or_below_in_every_version() {
        for version in ["2.4.8", "3.0.3", "3.5.9", "4.3.0"] {
            let model = golden("MinMaxScalerModel", version);
            let scored = model.score(vec![("features", vector(&[-100.0, 100.0, f64::NAN, 0.0]))]);
            let row = scored.vector("o", 0);
            assert!(
                row[0] < 0.0 && row[1] > 1.0 && row[2].is_nan() && (0.0..1.0).contains(&row[3]),
                "{row:?}"
            );
        }
    }
}
