//! `IDFModel`: multiplies term counts by the inverse document frequencies of training.
//!
//! The save holds the factors themselves (`idf`); `minDocFreq` counted in training only. Rows keep their form. A model
//! over an empty vocabulary fits but since Spark 3.0 does not transform.
//! Spark's `ml/feature/IDF.scala`.

use std::sync::Arc;

use firesteel_plan::ops::Scale;
use firesteel_plan::{Attributes, BuildError, Builder};

use crate::attributes;
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
        let factors: Arc<[f64]> = saved.data("data")?.only_row()?.vector("idf")?.into();
        attributes::check_size(saved, factors.len())?;
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
    use crate::testing::{Save, golden, vector};

    #[test]
    fn no_count_stays_no_count_in_every_version() {
        for version in ["2.4.8", "3.0.3", "3.5.9", "4.3.0"] {
            let model = golden("IDFModel", version);
            let size = model.signature().inputs[0].size.unwrap();
            assert_eq!(model.score(vec![("tf", vector(&vec![0.0; size]))]).vector("idf", 0), vec![0.0; size]);
        }
    }

    #[test]
    fn an_empty_vocabulary_is_refused_since_3_0() {
        let empty = Save::golden("IDFModel_empty", "3.5.9").part();
        for version in ["3.0.3", "3.5.9", "4.3.0"] {
            let error =
                Save::golden("IDFModel", version).with_part(&empty).open(&[]).unwrap_err().to_string();
            assert!(error.contains("IDFModel") && error.contains("vectors of size 0"), "{error}");
        }
        let model = Save::golden("IDFModel", "2.4.8").with_part(&empty).open(&[]).unwrap();
        assert_eq!(model.score(vec![("tf", vector(&[]))]).vector("idf", 0), Vec::<f64>::new());
    }
}
