//! `IsotonicRegressionModel`: a step-wise linear function of one number.
//!
//! At a known boundary its prediction (between two of them the straight line), outside all the first or last one;
//! NaN is above every boundary, and a null stays null. `featuresCol` holds doubles, or vectors of which the value
//! at `featureIndex` counts. The save holds `boundaries` and `predictions`. Parameters that count: the columns and
//! `featureIndex`. Spark's `ml/regression/IsotonicRegression.scala` and `mllib/regression/IsotonicRegression.scala`.

use firesteel_plan::ops::{Interpolate, Slot};
use firesteel_plan::{Asked, Attributes, BuildError, Builder, ColumnType};

use crate::attributes;
use crate::error::LoadError;
use crate::saved::Saved;
use crate::stage::{Stage, StageSpec};

pub(crate) const STAGE: StageSpec = StageSpec {
    class: "org.apache.spark.ml.regression.IsotonicRegressionModel",
    since: "1.5.0",
    load: Isotonic::load,
};

struct Isotonic {
    features_column: String,
    prediction_column: String,
    index: usize,
    boundaries: usize,
    function: Interpolate,
    attributes: Attributes,
}

impl Isotonic {
    fn load(saved: &Saved) -> Result<Box<dyn Stage>, LoadError> {
        let data = saved.data("data")?;
        let row = data.only_row()?;
        let (boundaries, predictions) = (row.doubles("boundaries")?, row.doubles("predictions")?);
        let rising = row.boolean("isotonic")?;
        let ordered = |pair: &[f64]| if rising { pair[0] <= pair[1] } else { pair[0] >= pair[1] };
        if !predictions.windows(2).all(ordered) {
            let direction = if rising { "rise" } else { "fall" };
            return Err(row.error(format!("the predictions do not {direction}, expected them to")));
        }
        let count = boundaries.len();
        let function = Interpolate::new(boundaries, predictions);
        Ok(Box::new(Isotonic {
            features_column: saved.param_or("featuresCol", "features".to_owned())?,
            prediction_column: saved.param_or("predictionCol", "prediction".to_owned())?,
            index: saved.param_or("featureIndex", 0)?,
            boundaries: count,
            function: function.map_err(|why| row.error(why))?,
            attributes: attributes::number(saved),
        }))
    }
}

impl Stage for Isotonic {
    fn lower(&self, builder: &mut Builder) -> Result<(), BuildError> {
        builder.fact("boundaries", self.boundaries);
        let mut feature = builder.column(&self.features_column, Asked::nullable(ColumnType::Double));
        match feature.column_type() {
            ColumnType::Double => {}
            ColumnType::Vector => feature = builder.apply(Slot { index: self.index }.into(), &[&feature])?,
            found => {
                return Err(BuildError::ColumnType {
                    column: self.features_column.clone(),
                    found: found.to_string(),
                    expected: "double or vector".to_owned(),
                });
            }
        }
        if self.prediction_column.is_empty() {
            return Ok(());
        }
        let prediction = builder.apply(self.function.clone().into(), &[&feature])?;
        builder.bind(&self.prediction_column, prediction.with_attributes(self.attributes.clone()))
    }
}

#[cfg(test)]
mod tests {
    use firesteel_plan::ColumnType;

    use crate::testing::{Save, doubles, golden, golden_with, vector};

    const CASE: &str = "IsotonicRegressionModel";

    #[test]
    fn a_vector_gives_the_value_at_the_index() {
        let plain = golden(CASE, "3.5.9").score(vec![("x0", doubles(&[Some(0.3), None]))]);
        let model = golden_with(CASE, "3.5.9", &[("x0", ColumnType::Vector)]);
        let scored = model.score(vec![("x0", vector(&[0.3, 7.0]))]);
        assert_eq!(scored.doubles("prediction")[0], plain.doubles("prediction")[0]);
        assert!(plain.column("prediction").is_null(1));
        let error = Save::golden(CASE, "3.5.9").open(&[("x0", ColumnType::Int)]).unwrap_err().to_string();
        assert!(error.contains("expected double or vector"), "{error}");
    }

    #[test]
    fn a_negative_index_is_refused() {
        let save = Save::golden(CASE, "3.5.9").edited(r#""featureIndex":0"#, r#""featureIndex":-1"#);
        let error = save.open(&[]).unwrap_err().to_string();
        assert!(error.contains("'featureIndex'"), "{error}");
    }
}
