//! `IDFModel`: multiplies term counts by the inverse document frequencies of training.
//!
//! The save holds the factors themselves (`idf`); `minDocFreq` counted in training only. Rows keep their form.
//! Spark's `ml/feature/IDF.scala`.

use std::sync::Arc;

use firesteel_plan::ops::Scale;
use firesteel_plan::{Attributes, BuildError, Builder};

use crate::error::LoadError;
use crate::saved::Saved;
use crate::stage::{Stage, StageSpec};

pub(crate) const STAGE: StageSpec =
    StageSpec { class: "org.apache.spark.ml.feature.IDFModel", since: "1.4.0", load: Idf::load };

struct Idf {
    input: String,
    output: String,
    factors: Arc<[f64]>,
}

impl Idf {
    fn load(saved: &Saved) -> Result<Box<dyn Stage>, LoadError> {
        let factors = saved.data("data")?.only_row()?.vector("idf")?.into();
        Ok(Box::new(Idf { input: saved.param("inputCol")?, output: saved.output_col()?, factors }))
    }
}

impl Stage for Idf {
    fn expect(&self, builder: &mut Builder) {
        builder.expect_size(&self.input, self.factors.len());
    }

    fn lower(&self, builder: &mut Builder) -> Result<(), BuildError> {
        let input = builder.vectors(&self.input)?;
        let scale = Scale { shift: None, factor: Some(Arc::clone(&self.factors)) };
        let scaled = builder.apply(scale.into(), &[&input])?;
        builder.fact("size", self.factors.len());
        builder.bind(&self.output, scaled.with_attributes(Attributes::sized(self.factors.len())))
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{golden, vector};

    #[test]
    fn no_count_stays_no_count_in_every_version() {
        for version in ["2.4.8", "3.0.3", "3.5.9", "4.3.0"] {
            let model = golden("IDFModel", version);
            let size = model.signature().inputs[0].size.unwrap();
            assert_eq!(model.score(vec![("tf", vector(&vec![0.0; size]))]).vector("idf", 0), vec![0.0; size]);
        }
    }
}
