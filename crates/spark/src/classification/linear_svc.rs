//! `LinearSVCModel`: the margin of a linear support vector machine.
//!
//! `m = w · x + b`, raw prediction `[-m, m]`, class 1 if `m` is above `threshold` (default 0, of the margin, not of
//! a probability: there is none). The save holds `coefficients`, dense or sparse, and `intercept`. Parameters that
//! count: the columns and `threshold`. Spark's `ml/classification/LinearSVC.scala`.

use firesteel_plan::ops::{Linear, Shape};
use firesteel_plan::{BuildError, Builder};

use super::common::{Classifier, Decision, Rules};
use crate::error::LoadError;
use crate::linear::vector_weights;
use crate::saved::Saved;
use crate::stage::{Stage, StageSpec};

pub(crate) const STAGE: StageSpec = StageSpec {
    class: "org.apache.spark.ml.classification.LinearSVCModel",
    since: "2.2.0",
    load: LinearSvc::load,
};

const CLASSES: usize = 2;

struct LinearSvc {
    classifier: Classifier,
    features: usize,
}

impl LinearSvc {
    fn load(saved: &Saved) -> Result<Box<dyn Stage>, LoadError> {
        let data = saved.data("data")?;
        let row = data.only_row()?;
        let weights = vector_weights(&row, "coefficients")?;
        let features = weights.features();
        let linear = Linear::new(weights, vec![row.double("intercept")?], Shape::Mirrored);
        let threshold = saved.param_or("threshold", 0.0)?;
        let rules = Rules {
            raw: vec![linear.map_err(|why| row.error(why))?.into()],
            probability: None,
            decision: Decision::Above { raw: threshold, probability: threshold },
            direct: Vec::new(),
        };
        Ok(Box::new(LinearSvc { classifier: Classifier::read(saved, CLASSES, rules)?, features }))
    }
}

impl Stage for LinearSvc {
    fn expect(&self, builder: &mut Builder) {
        builder.expect_size(&self.classifier.features_column, self.features);
    }

    fn lower(&self, builder: &mut Builder) -> Result<(), BuildError> {
        builder.fact("features", self.features);
        self.classifier.lower(builder).map(|_| ())
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{Save, golden, vector};

    const ROW: [f64; 4] = [-0.2559, 0.5114, -0.2261, -0.3151];

    #[test]
    fn the_margin_is_mirrored_and_there_is_no_probability() {
        let model = golden("LinearSVCModel", "3.5.9");
        let names: Vec<&str> = model.signature().outputs.iter().map(|field| field.name.as_str()).collect();
        assert_eq!(names, ["rawPrediction", "prediction"]);
        let scored = model.score(vec![("features", vector(&ROW))]);
        let raw = scored.vector("rawPrediction", 0);
        assert!((raw[1] - 0.1400774995588031).abs() < 1e-14 && raw[0] == -raw[1], "{raw:?}");
        assert_eq!(scored.doubles("prediction"), [1.0]);
    }

    #[test]
    fn the_threshold_must_be_a_number() {
        let save =
            Save::golden("LinearSVCModel", "3.5.9").edited(r#""threshold":0.0"#, r#""threshold":"high""#);
        let error = save.open(&[]).unwrap_err().to_string();
        assert!(error.contains("'threshold'") && error.contains("a number"), "{error}");
    }
}
