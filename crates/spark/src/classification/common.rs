//! What the classifiers share: raw predictions, then probabilities, then a prediction.
//!
//! As in Spark's `ProbabilisticClassificationModel.transform`, a column whose name is empty is not written, and
//! the prediction is then taken from what is left: from the raw prediction if that is written, else from the
//! probability, else from the features, which some models do in a way of their own. Defaults: `features`,
//! `rawPrediction`, `probability`, `prediction`. Source: Spark's
//! `ml/classification/{Classifier,ProbabilisticClassifier}.scala`.

use firesteel_plan::ops::{Decide, Op, Probability};
use firesteel_plan::{Attributes, BuildError, Builder, Col};

use crate::attributes;
use crate::error::LoadError;
use crate::saved::Saved;

/// A classifier's columns, and how it comes from one to the next.
#[derive(Debug)]
pub(super) struct Classifier {
    pub(super) features_column: String,
    raw_column: String,
    probability_column: String,
    prediction_column: String,
    classes: usize,
    category: Attributes,
    rules: Rules,
}

/// How a classifier comes from one column to the next.
#[derive(Debug)]
pub(super) struct Rules {
    /// The raw prediction of a row of features, applied in turn.
    pub(super) raw: Vec<Op>,
    /// The probabilities of a raw prediction; `None` where the model knows none.
    pub(super) probability: Option<Probability>,
    /// The class.
    pub(super) decision: Decision,
    /// The class straight from the features, where that is not the raw prediction's; applied in turn.
    pub(super) direct: Vec<Op>,
}

/// How the class is chosen.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Decision {
    /// The largest raw prediction or probability.
    Largest,
    /// The largest probability divided by its threshold.
    Thresholds(Vec<f64>),
    /// Class 1 if its raw prediction or probability is above a threshold.
    Above {
        /// The threshold of the raw prediction.
        raw: f64,
        /// The threshold of the probability.
        probability: f64,
    },
}

impl Decision {
    /// By the parameter `thresholds` where it is set, one for each class.
    pub(super) fn read(saved: &Saved, classes: usize) -> Result<Decision, LoadError> {
        Ok(thresholds(saved, classes)?.map_or(Decision::Largest, Decision::Thresholds))
    }
}

/// The number of classes that a tree model's metadata name.
pub(super) fn num_classes(saved: &Saved) -> Result<usize, LoadError> {
    let classes = saved.extra("numClasses")?.filter(|&classes| classes > 0);
    classes.ok_or_else(|| saved.invalid("numClasses", "missing or 0", "a whole number from 1 on"))
}

/// The parameter `thresholds`: one for each class, none negative and one zero at most.
pub(super) fn thresholds(saved: &Saved, classes: usize) -> Result<Option<Vec<f64>>, LoadError> {
    let Some(thresholds) = saved.optional::<Vec<f64>>("thresholds")? else { return Ok(None) };
    let zeros = thresholds.iter().filter(|&&threshold| threshold == 0.0).count();
    let valid = thresholds.iter().all(|&threshold| threshold >= 0.0) && zeros <= 1;
    if !valid || thresholds.len() != classes {
        let expected = format!("{classes} thresholds, none negative, one zero at most");
        return Err(saved.invalid("thresholds", format!("{thresholds:?}"), expected));
    }
    Ok(Some(thresholds))
}

impl Classifier {
    /// Reads the names of the columns; `rules` say the rest.
    pub(super) fn read(saved: &Saved, classes: usize, rules: Rules) -> Result<Classifier, LoadError> {
        let column = |name: &str, default: &str| saved.param_or(name, default.to_owned());
        let probability_column = match rules.probability {
            Some(_) => column("probabilityCol", "probability")?,
            None => String::new(),
        };
        Ok(Classifier {
            features_column: column("featuresCol", "features")?,
            raw_column: column("rawPredictionCol", "rawPrediction")?,
            probability_column,
            prediction_column: column("predictionCol", "prediction")?,
            classes,
            category: attributes::category(saved, classes),
            rules,
        })
    }

    /// Adds the operations of the columns that are written; answers the features.
    pub(super) fn lower(&self, builder: &mut Builder) -> Result<Col, BuildError> {
        let features = builder.vectors(&self.features_column)?;
        builder.fact("classes", self.classes);
        let vector = || Attributes::sized(self.classes);
        let raw = in_turn(builder, &self.rules.raw, &features)?.with_attributes(vector());
        let probability = match self.rules.probability {
            Some(probability) => builder.apply(probability.into(), &[&raw])?.with_attributes(vector()),
            None => raw.clone(),
        };
        let prediction = self.predict(builder, &features, &raw, &probability)?;
        let prediction = prediction.with_attributes(self.category.clone());
        if !self.raw_column.is_empty() {
            builder.bind_raw_prediction(&self.raw_column, raw)?;
        }
        if !self.probability_column.is_empty() {
            builder.bind(&self.probability_column, probability)?;
        }
        if !self.prediction_column.is_empty() {
            builder.bind(&self.prediction_column, prediction)?;
        }
        Ok(features)
    }

    fn predict(
        &self,
        builder: &mut Builder,
        features: &Col,
        raw: &Col,
        probability: &Col,
    ) -> Result<Col, BuildError> {
        let by_raw = !self.raw_column.is_empty();
        let by_probability = !by_raw && !self.probability_column.is_empty();
        if !by_raw && !by_probability && !self.rules.direct.is_empty() {
            return in_turn(builder, &self.rules.direct, features);
        }
        let (decide, from) = match (&self.rules.decision, by_probability) {
            (Decision::Thresholds(thresholds), _) => {
                (Decide::Scaled(thresholds.as_slice().into()), probability)
            }
            (Decision::Largest, true) => (Decide::Largest, probability),
            (Decision::Largest, false) => (Decide::Largest, raw),
            (Decision::Above { probability: threshold, .. }, true) => {
                (Decide::Above(*threshold), probability)
            }
            (Decision::Above { raw: threshold, .. }, false) => (Decide::Above(*threshold), raw),
        };
        builder.apply(decide.into(), &[from])
    }
}

/// What `ops` make of `column`, one after another.
fn in_turn(builder: &mut Builder, ops: &[Op], column: &Col) -> Result<Col, BuildError> {
    let mut found = column.clone();
    for op in ops {
        found = builder.apply(op.clone(), &[&found])?;
    }
    Ok(found)
}
