//! `ColumnPruner`: drops columns (`columnsToPrune`); a private stage of Spark inside `RFormulaModel`.
//!
//! Spark's `ml/feature/RFormula.scala`.

use firesteel_plan::{BuildError, Builder};

use crate::error::LoadError;
use crate::saved::Saved;
use crate::stage::{Stage, StageSpec};

pub(crate) const STAGE: StageSpec =
    StageSpec { class: "org.apache.spark.ml.feature.ColumnPruner", since: "1.5.0", load: ColumnPruner::load };

struct ColumnPruner {
    columns: Vec<String>,
}

impl ColumnPruner {
    fn load(saved: &Saved) -> Result<Box<dyn Stage>, LoadError> {
        Ok(Box::new(ColumnPruner { columns: saved.data("data")?.only_row()?.strings("columnsToPrune")? }))
    }
}

impl Stage for ColumnPruner {
    fn lower(&self, builder: &mut Builder) -> Result<(), BuildError> {
        self.columns.iter().for_each(|column| builder.drop_column(column));
        Ok(())
    }
}
