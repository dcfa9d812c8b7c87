//! `RFormulaModel`: columns put into one vector as an R formula says, by a pipeline of its own.
//!
//! The pipeline in the folder `pipelineModel` does the work: indexers and encoders for texts, `Interaction` for
//! terms such as `a:b`, a `VectorAssembler` for `featuresCol`, and an indexer for a label of texts. A label of numbers
//! or booleans becomes a double under the name `labelCol`, unless a column of that name is there already; without a
//! label column the rows are scored all the same. The model data hold the terms, of which only `label` counts.
//! Spark's `ml/feature/RFormula.scala`.

use firesteel_plan::{BuildError, Builder};

use crate::error::LoadError;
use crate::saved::Saved;
use crate::stage::{Stage, StageSpec};

pub(crate) const STAGE: StageSpec =
    StageSpec { class: "org.apache.spark.ml.feature.RFormulaModel", since: "1.5.0", load: RFormula::load };

struct RFormula {
    label: String,
    features_column: String,
    label_column: String,
}

impl RFormula {
    fn load(saved: &Saved) -> Result<Box<dyn Stage>, LoadError> {
        Ok(Box::new(RFormula {
            label: saved.data("data")?.only_row()?.string("label")?,
            features_column: saved.param_or("featuresCol", "features".to_owned())?,
            label_column: saved.param_or("labelCol", "label".to_owned())?,
        }))
    }

    /// Gives what the stages inside wrote to this stage, which is what answers.
    fn take_over(&self, builder: &mut Builder) -> Result<(), BuildError> {
        let features = builder.vectors(&self.features_column)?;
        builder.replace(&self.features_column, features)?;
        if builder.is_output(&self.label_column)
            && let Some(label) = builder.known(&self.label_column, true)
        {
            builder.replace(&self.label_column, label)?;
        }
        Ok(())
    }
}

impl Stage for RFormula {
    fn inside(&self) -> Option<&'static str> {
        Some("pipelineModel")
    }

    fn lower(&self, builder: &mut Builder) -> Result<(), BuildError> {
        self.take_over(builder)?;
        if let Some(found) = builder.type_of(&self.label_column).filter(|found| !found.is_numeric()) {
            return Err(BuildError::ColumnType {
                column: self.label_column.clone(),
                found: found.to_string(),
                expected: "numbers".to_owned(),
            });
        }
        if self.label.is_empty() || builder.is_present(&self.label_column) || !builder.is_present(&self.label)
        {
            return Ok(());
        }
        let label = builder.doubles(&self.label, true)?;
        builder.bind(&self.label_column, label)
    }
}

#[cfg(test)]
mod tests {
    use firesteel_plan::ColumnType;

    use crate::testing::{Opened, Save, doubles, golden_with, strings};

    const NUMBERS: [&str; 5] = ["catIdx", "catIdx2", "x0", "x1", "cnt"];

    fn model(version: &str, label: Option<ColumnType>) -> Opened {
        let mut declared: Vec<(&str, ColumnType)> =
            NUMBERS.iter().map(|name| (*name, ColumnType::Double)).collect();
        declared.extend(label.map(|label| ("cat2", label)));
        golden_with("RFormulaModel_strlabel", version, &declared)
    }

    #[test]
    fn texts_become_slots_in_every_version() {
        for version in ["2.4.8", "3.0.3", "3.5.9", "4.3.0"] {
            let model = model(version, Some(ColumnType::String));
            let number = || doubles(&[Some(0.5)]);
            let columns = vec![("cat", strings(&[Some("b")])), ("cat2", strings(&[Some("v")]))];
            let numbers = NUMBERS.map(|name| (name, number()));
            let scored = model.score(columns.into_iter().chain(numbers).collect());
            assert_eq!(scored.vector("rf", 0)[..2], [1.0, 0.0]);
            assert_eq!(scored.doubles("rl"), [1.0]);
            assert_eq!(model.signature().default_outputs, ["rl", "rf"]);
        }
    }

    #[test]
    fn the_pipeline_inside_has_the_places_of_a_pipeline() {
        let model = model("3.5.9", None);
        let places: Vec<&str> = model.stages().iter().map(|stage| stage.place.as_str()).collect();
        assert_eq!(places, ["0", "1", "2", "3", "4", "5", "0"]);
    }

    #[test]
    fn without_a_pipeline_it_is_refused() {
        let saved = Save::golden("RFormulaModel_strlabel", "3.5.9").without("pipelineModel/");
        let error = saved.open(&[]).unwrap_err().to_string();
        assert!(error.contains("pipelineModel: the metadata cannot be read"), "{error}");
    }
}
