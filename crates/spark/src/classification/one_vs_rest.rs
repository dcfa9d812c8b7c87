//! `OneVsRestModel`: a classifier of two classes for each class, of which the surest decides.
//!
//! The raw prediction holds, for each inner model, its raw prediction of class 1; the class is the largest of them,
//! the first of equals. A NaN is never larger, but stays where it stands first; in 4.0 it is larger than every number;
//! since 4.1 it does not count, and the class is -1 where all are NaN or minus infinity. PySpark 2.x writes the
//! prediction only. The inner models, of any class with raw predictions, read this
//! model's `featuresCol`; their other columns are not written, yet there may be none of the names of their probabilities and
//! leaves already. Labels of the training data come along as the
//! prediction's attribute. The save holds `model_0`, `model_1`, … Parameters that count: the columns.
//! PySpark writes the same layout under a class of its own where the classifier is written in Python. Its own code
//! answers then: the inner models read the features that they were trained with, and in 4.0 a NaN still is as in 3.5.
//! Spark's `ml/classification/OneVsRest.scala`, PySpark's `ml/classification.py`.

use std::sync::Arc;

use firesteel_plan::ops::{Decide, Pack, Slot};
use firesteel_plan::{Attribute, Attributes, BuildError, Builder, Col};
use serde_json::Value;

use crate::error::LoadError;
use crate::saved::Saved;
use crate::stage::{Stage, StageSpec};
use crate::support;
use crate::version::Version;

pub(crate) const STAGE: StageSpec = StageSpec {
    class: "org.apache.spark.ml.classification.OneVsRestModel",
    since: "1.4.0",
    load: |saved| OneVsRest::load(saved, false),
};

pub(crate) const PYTHON_STAGE: StageSpec = StageSpec {
    class: "pyspark.ml.classification.OneVsRestModel",
    since: "3.1.1",
    load: |saved| OneVsRest::load(saved, true),
};

const PACKAGE: &str = "org.apache.spark.ml.classification.";

struct OneVsRest {
    raw_column: String,
    prediction_column: String,
    /// Each inner model, with the name of its raw prediction.
    models: Vec<(Box<dyn Stage>, String)>,
    /// The names of columns that Spark lets the inner models write, and takes away.
    passing: Vec<String>,
    decide: Decide,
    labels: Attributes,
}

impl OneVsRest {
    fn load(saved: &Saved, python: bool) -> Result<Box<dyn Stage>, LoadError> {
        let column = |name: &str, default: &str| saved.param_or(name, default.to_owned());
        let features_column = column("featuresCol", "features")?;
        let raw_column = if saved.version().major < 3 {
            String::new()
        } else {
            column("rawPredictionCol", "rawPrediction")?
        };
        let classes: usize = saved.extra("numClasses")?.unwrap_or(0);
        if classes == 0 {
            return Err(saved.invalid("numClasses", "missing or 0", "a whole number from 1 on"));
        }
        let (mut models, mut passing) = (Vec::new(), Vec::new());
        for class in 0..classes {
            let (model, name, columns) = inner(saved, class, python, (&features_column, &raw_column))?;
            models.push((model, name));
            passing.extend(columns);
        }
        let labels = labels(saved, models.len())?;
        Ok(Box::new(OneVsRest {
            raw_column,
            prediction_column: column("predictionCol", "prediction")?,
            models,
            passing,
            decide: decide(saved.version(), python),
            labels,
        }))
    }

    fn raw(&self, builder: &mut Builder) -> Result<Col, BuildError> {
        let mut scores = Vec::with_capacity(self.models.len());
        for (model, name) in &self.models {
            model.lower(builder)?;
            let raw = builder.known(name, false);
            let raw = raw.ok_or_else(|| BuildError::Invalid(format!("{name} is not written")))?;
            builder.drop_column(name);
            scores.push(builder.apply(Slot { index: 1 }.into(), &[&raw])?);
        }
        builder.apply(Pack.into(), &scores.iter().collect::<Vec<_>>())
    }
}

/// The model of one class, made to write its raw prediction only, under a name of its own; and the names of what else it
/// would write. Spark gives it these features;
/// PySpark leaves it its own, and looks for its raw prediction under this model's name.
fn inner(
    saved: &Saved,
    class: usize,
    python: bool,
    (features, raw): (&str, &str),
) -> Result<(Box<dyn Stage>, String, Vec<String>), LoadError> {
    let folder = format!("model_{class}");
    let place = if saved.place().is_empty() { folder.clone() } else { format!("{}.{folder}", saved.place()) };
    let name = format!("{} {folder} raw prediction", saved.uid());
    let model = saved.inner(saved.bundle().dir(&folder), place)?;
    let mut columns = vec![
        ("rawPredictionCol", name.as_str()),
        ("probabilityCol", ""),
        ("predictionCol", ""),
        ("leafCol", ""),
    ];
    if python {
        let own: String = model.param_or("rawPredictionCol", "rawPrediction".to_owned())?;
        if own != raw {
            return Err(model.invalid(
                "rawPredictionCol",
                own,
                "the `rawPredictionCol` of the `OneVsRestModel`",
            ));
        }
    } else {
        columns.push(("featuresCol", features));
    }
    let found = model.metadata().class();
    let probability = if found.ends_with(".LinearSVCModel") { "" } else { "probability" };
    let mut passing: Vec<String> = vec![
        model.param_or("probabilityCol", probability.to_owned())?,
        model.param_or("leafCol", String::new())?,
    ];
    passing.retain(|name| !name.is_empty());
    let model = model.with_params(&columns);
    let found = model.metadata().class();
    match support::find(found).filter(|_| found.starts_with(PACKAGE) && found != STAGE.class) {
        Some(spec) => Ok(((spec.load)(&model)?, name, passing)),
        None => Err(model.error(support::refuse(found, model.version()))),
    }
}

/// How Spark finds the largest raw prediction: by the order of doubles of Scala or Python, since 4.1 by an expression of
/// its own.
fn decide(version: Version, python: bool) -> Decide {
    match version {
        _ if version.at_least(4, 1) => Decide::LargestOrNone,
        _ if version.at_least(4, 0) && !python => Decide::LargestOrNan,
        _ => Decide::Largest,
    }
}

/// The attribute of the training labels, which the prediction has.
fn labels(saved: &Saved, models: usize) -> Result<Attributes, LoadError> {
    let text: String = saved.extra("labelMetadata")?.unwrap_or_default();
    let metadata: Value = serde_json::from_str(&text).unwrap_or_default();
    let attribute = &metadata["ml_attr"];
    if attribute["type"].as_str() != Some("nominal") {
        return Ok(Attributes::None);
    }
    let words = attribute["vals"].as_array().map(|values| {
        values.iter().map(|value| value.as_str().unwrap_or_default().to_owned()).collect::<Vec<String>>()
    });
    let num_values = attribute["num_vals"].as_u64();
    // There is a model for each class of the labels; columns get a name for each.
    let num_values = match num_values.map(|count| (count, usize::try_from(count))) {
        None => None,
        Some((_, Ok(count))) if count <= models => Some(count),
        Some((count, _)) => {
            let expected = format!("at most {models} classes, as there are models");
            return Err(saved.invalid("labelMetadata", format!("{count} classes"), expected));
        }
    };
    Ok(Attributes::Scalar(Attribute::Nominal {
        name: attribute["name"].as_str().map(Arc::from),
        values: words.map(Arc::from),
        num_values,
    }))
}

impl Stage for OneVsRest {
    fn expect(&self, builder: &mut Builder) {
        self.models.iter().for_each(|(model, _)| model.expect(builder));
    }

    fn lower(&self, builder: &mut Builder) -> Result<(), BuildError> {
        builder.fact("classes", self.models.len());
        self.passing.iter().try_for_each(|name| builder.expect_free(name))?;
        let raw = builder.within(|builder| self.raw(builder))?;
        let prediction = builder.apply(self.decide.clone().into(), &[&raw])?;
        if !self.raw_column.is_empty() {
            builder.bind_raw_prediction(&self.raw_column, raw)?;
        }
        if !self.prediction_column.is_empty() {
            builder.bind(&self.prediction_column, prediction.with_attributes(self.labels.clone()))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{Save, golden, vector};

    const CASE: &str = "OneVsRestModel";

    #[test]
    fn only_its_own_columns_are_written() {
        for (version, expected) in
            [("2.4.8", &["prediction"][..]), ("4.3.0", &["rawPrediction", "prediction"])]
        {
            let model = golden(CASE, version);
            let names: Vec<&str> =
                model.signature().outputs.iter().map(|field| field.name.as_str()).collect();
            assert_eq!(names, expected);
            assert_eq!(model.stages()[0].outputs, expected);
            assert_eq!(model.stages()[0].facts, [("classes".to_owned(), "3".to_owned())]);
            assert_eq!((model.signature().inputs.len(), model.signature().inputs[0].size), (1, Some(4)));
            assert_eq!(model.signature().default_outputs, ["prediction"]);
            let scored = model.score(vec![("features", vector(&[-0.2559, 0.5114, -0.2261, -0.3151]))]);
            assert_eq!(scored.doubles("prediction"), [0.0]);
        }
    }

    #[test]
    fn each_version_has_its_own_largest() {
        let decide = |version: &str| super::decide(version.parse().unwrap(), false);
        assert_eq!(super::decide("4.0.5".parse().unwrap(), true), super::Decide::Largest);
        assert_eq!(decide("3.5.9"), super::Decide::Largest);
        assert_eq!(decide("4.0.1"), super::Decide::LargestOrNan);
        assert_eq!(decide("4.3.0"), super::Decide::LargestOrNone);
    }

    #[test]
    fn a_model_that_is_missing_or_cannot_be_inside_is_refused() {
        let save = Save::golden(CASE, "3.5.9");
        let error = save.clone().without("model_2").open(&[]).unwrap_err().to_string();
        assert!(error.contains("stage model_2"), "{error}");
        let inside = |bytes: &[u8]| {
            let error = save.clone().with("model_1/metadata/part-", bytes).open(&[]).unwrap_err();
            (error.place.clone(), error.to_string())
        };
        let class = |class: &str| {
            format!(
                r#"{{"class":"{class}","uid":"x","sparkVersion":"3.5.9","paramMap":{{}},"numClasses":9}}"#
            )
        };
        for stranger in [
            "org.apache.spark.ml.classification.OneVsRestModel",
            "org.apache.spark.ml.feature.IDFModel",
            "org.apache.spark.ml.classification.Stranger",
        ] {
            let (place, error) = inside(class(stranger).as_bytes());
            assert_eq!(place, "model_1");
            assert!(error.contains("not supported"), "{error}");
        }
        let save = save.edited(r#""numClasses":3"#, r#""numClasses":0"#);
        assert!(save.open(&[]).unwrap_err().to_string().contains("numClasses"));
    }
}
