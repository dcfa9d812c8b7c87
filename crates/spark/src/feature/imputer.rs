//! `ImputerModel`: puts the mean, median or mode of training in place of what is missing.
//!
//! Missing is a null and what equals `missingValue` (default NaN). The column keeps its type: a surrogate of 1.667
//! is 1 among integers. It is the one stage that may write over its own input. The save holds one row with a column for each input column, named as it is.
//! Spark's `ml/feature/Imputer.scala`.

use firesteel_plan::ops::Impute;
use firesteel_plan::{Asked, BuildError, Builder, ColumnType};

use super::columns::{Pair, pairs};
use crate::error::LoadError;
use crate::saved::Saved;
use crate::stage::{Stage, StageSpec};

pub(crate) const STAGE: StageSpec =
    StageSpec { class: "org.apache.spark.ml.feature.ImputerModel", since: "2.2.0", load: Imputer::load };

struct Imputer {
    columns: Vec<(Pair, Impute)>,
}

impl Imputer {
    fn load(saved: &Saved) -> Result<Box<dyn Stage>, LoadError> {
        let missing = saved.param_or("missingValue", f64::NAN)?;
        let data = saved.data("data")?;
        let row = data.only_row()?;
        let mut columns = Vec::new();
        for pair in pairs(saved)? {
            let surrogate = row.double(&pair.input)?;
            columns.push((pair, Impute { missing, surrogate }));
        }
        Ok(Box::new(Imputer { columns }))
    }
}

impl Stage for Imputer {
    fn lower(&self, builder: &mut Builder) -> Result<(), BuildError> {
        for (pair, impute) in &self.columns {
            let input = builder.column(&pair.input, Asked::nullable(ColumnType::Double));
            let whole = builder.apply(impute.clone().into(), &[&input])?;
            builder.replace(&pair.output, whole)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::Int32Array;
    use firesteel_plan::{Column, ColumnType};

    use crate::testing::{doubles, golden, golden_with};

    #[test]
    fn nulls_and_nans_are_replaced_in_every_version() {
        for version in ["2.4.8", "3.0.3", "3.5.9", "4.3.0"] {
            let model = golden("ImputerModel_multi", version);
            let missing = doubles(&[None, Some(f64::NAN), Some(2.0)]);
            let values = model.score(vec![("xn", missing.clone()), ("x0", missing)]).doubles("o1");
            assert!(values[0] == values[1] && values[0].is_finite() && values[2] == 2.0, "{values:?}");
        }
    }

    #[test]
    fn it_may_write_over_its_input() {
        let model = golden("PipelineModel_in_place", "3.5.9");
        let missing = doubles(&[None, Some(3.0)]);
        let scored = model.score(vec![("x", missing.clone()), ("y", missing)]);
        assert_eq!((scored.doubles("x"), scored.doubles("y")), (vec![2.0, 3.0], vec![2.0, 3.0]));
        assert_eq!(scored.vector("v", 0), [2.0, 2.0, 2.0]);
    }

    #[test]
    fn integers_stay_integers() {
        let declared = [("xn", ColumnType::Int), ("x0", ColumnType::Int)];
        let model = golden_with("ImputerModel_multi", "3.5.9", &declared);
        let column = || Column::Array(Arc::new(Int32Array::from(vec![None, Some(5)])));
        let scored = model.score(vec![("xn", column()), ("x0", column())]);
        assert_eq!(scored.column("o1").column_type(), Some(ColumnType::Int));
        assert_eq!(scored.column("o1").show(1), "5");
    }
}
