//! `MultilayerPerceptronClassificationModel`: a feed-forward network with sigmoid layers.
//!
//! The raw prediction is what leaves the last layer, the probability its softmax, the class the largest, or by
//! `thresholds`. Where neither column is written Spark takes the largest probability. The save holds `weights`,
//! layer after layer; the sizes of the layers are the parameter `layers`, up to 2.4 a column of the data.
//! Parameters that count: the columns, `layers` and `thresholds`. Spark's
//! `ml/classification/MultilayerPerceptronClassifier.scala` and `ml/ann/Layer.scala`.

use firesteel_plan::ops::{Decide, Perceptron, Probability};
use firesteel_plan::{BuildError, Builder};

use super::common::{Classifier, Decision, Rules};
use crate::error::LoadError;
use crate::saved::Saved;
use crate::stage::{Stage, StageSpec};

pub(crate) const STAGE: StageSpec = StageSpec {
    class: "org.apache.spark.ml.classification.MultilayerPerceptronClassificationModel",
    since: "1.5.0",
    load: MultilayerPerceptron::load,
};

struct MultilayerPerceptron {
    classifier: Classifier,
    sizes: Vec<usize>,
}

impl MultilayerPerceptron {
    fn load(saved: &Saved) -> Result<Box<dyn Stage>, LoadError> {
        let data = saved.data("data")?;
        let row = data.only_row()?;
        let layers = if row.has("layers") { row.ints("layers")? } else { saved.param("layers")? };
        let sizes: Option<Vec<usize>> = layers.iter().map(|&size| usize::try_from(size).ok()).collect();
        let sizes = sizes.ok_or_else(|| row.error(format!("layers of the sizes {layers:?}")))?;
        let network = Perceptron::new(sizes.clone(), row.vector("weights")?).map_err(|why| row.error(why))?;
        let classes = network.classes();
        let rules = Rules {
            raw: vec![network.clone().into()],
            probability: Some(Probability::SoftmaxShares),
            decision: Decision::read(saved, classes)?,
            direct: vec![network.into(), Probability::SoftmaxShares.into(), Decide::Largest.into()],
        };
        Ok(Box::new(MultilayerPerceptron { classifier: Classifier::read(saved, classes, rules)?, sizes }))
    }
}

impl Stage for MultilayerPerceptron {
    fn expect(&self, builder: &mut Builder) {
        if let Some(&features) = self.sizes.first() {
            builder.expect_size(&self.classifier.features_column, features);
        }
    }

    fn lower(&self, builder: &mut Builder) -> Result<(), BuildError> {
        let sizes: Vec<String> = self.sizes.iter().map(ToString::to_string).collect();
        builder.fact("layers", sizes.join("-"));
        self.classifier.lower(builder).map(|_| ())
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{Save, golden, vector};

    const CASE: &str = "MultilayerPerceptronClassificationModel";

    #[test]
    fn every_version_has_its_layers() {
        for version in ["2.4.8", "3.0.3", "3.5.9", "4.3.0"] {
            let model = golden(CASE, version);
            assert_eq!(model.stages()[0].facts[0], ("layers".to_owned(), "4-3-3".to_owned()));
            assert_eq!(model.signature().inputs[0].size, Some(4));
            let scored = model.score(vec![("features", vector(&[-0.2559, 0.5114, -0.2261, -0.3151]))]);
            assert_eq!(scored.vector("probability", 0).len(), 3);
        }
    }

    #[test]
    fn layers_that_do_not_fit_the_weights_are_refused() {
        for layers in ["[4,3]", "[4]", "[]", "[4,-3,3]", "[2147483647,2147483647,3]"] {
            let save =
                Save::golden(CASE, "3.5.9").edited(r#""layers":[4,3,3]"#, &format!(r#""layers":{layers}"#));
            let error = save.open(&[]).unwrap_err().to_string();
            assert!(error.contains("layers"), "{error}");
        }
    }
}
