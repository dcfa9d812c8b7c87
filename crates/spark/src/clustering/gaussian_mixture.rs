//! `GaussianMixtureModel`: the probability of each Gaussian, and the likeliest as an int.
//!
//! Each weighted density gets 2.2e-16 added and is divided by their sum; the density is by the eigenvalues of the
//! covariance that are not zero. The save has one row: `weights`, `mus` and `sigmas`. The probability comes before
//! the prediction since 3.0. Parameters that count: the columns; one whose name is empty is not written. Spark's
//! `ml/clustering/GaussianMixture.scala` and `ml/stat/distribution/MultivariateGaussian.scala`.

use firesteel_plan::ops::{LargestPlace, Mixture};
use firesteel_plan::{Attributes, BuildError, Builder};

use crate::attributes;
use crate::error::LoadError;
use crate::saved::Saved;
use crate::stage::{Stage, StageSpec};

pub(crate) const STAGE: StageSpec = StageSpec {
    class: "org.apache.spark.ml.clustering.GaussianMixtureModel",
    since: "2.0.0",
    load: GaussianMixture::load,
};

struct GaussianMixture {
    features_column: String,
    probability_column: String,
    prediction_column: String,
    /// Whether the probability comes first.
    probability_first: bool,
    features: usize,
    clusters: usize,
    mixture: Mixture,
    attributes: Attributes,
}

impl GaussianMixture {
    fn load(saved: &Saved) -> Result<Box<dyn Stage>, LoadError> {
        let column = |name: &str, default: &str| saved.param_or(name, default.to_owned());
        let data = saved.data("data")?;
        let row = data.only_row()?;
        let weights = row.doubles("weights")?;
        let means = data.column("mus")?.flattened()?.vectors()?;
        let covariances = data.column("sigmas")?.flattened()?.dense_matrices()?;
        if means.len() != weights.len() || covariances.len() != weights.len() {
            let counts = (weights.len(), means.len(), covariances.len());
            return Err(
                row.error(format!("{} weights, {} means and {} covariances", counts.0, counts.1, counts.2))
            );
        }
        if let Some(odd) = covariances.iter().find(|matrix| matrix.rows != matrix.cols) {
            return Err(row.error(format!("a covariance of {} x {}", odd.rows, odd.cols)));
        }
        let parts = weights.iter().zip(&means).zip(&covariances);
        let parts: Vec<(f64, &[f64], &[f64])> = parts
            .map(|((&weight, mean), matrix)| (weight, mean.as_slice(), matrix.values.as_slice()))
            .collect();
        Ok(Box::new(GaussianMixture {
            features_column: column("featuresCol", "features")?,
            probability_column: column("probabilityCol", "probability")?,
            prediction_column: column("predictionCol", "prediction")?,
            probability_first: saved.version().at_least(3, 0),
            features: means.first().map_or(0, Vec::len),
            clusters: weights.len(),
            mixture: Mixture::new(&parts).map_err(|why| row.error(why))?,
            attributes: attributes::category(saved, weights.len()),
        }))
    }
}

impl Stage for GaussianMixture {
    fn expect(&self, builder: &mut Builder) {
        builder.expect_size(&self.features_column, self.features);
    }

    fn lower(&self, builder: &mut Builder) -> Result<(), BuildError> {
        builder.fact("clusters", self.clusters);
        builder.fact("features", self.features);
        let features = builder.vectors(&self.features_column)?;
        let probability = builder.apply(self.mixture.clone().into(), &[&features])?;
        let prediction = builder.apply(LargestPlace.into(), &[&probability])?;
        let prediction = prediction.with_attributes(self.attributes.clone());
        let probability = probability.with_attributes(Attributes::sized(self.clusters));
        let mut columns = [(&self.probability_column, probability), (&self.prediction_column, prediction)];
        if !self.probability_first {
            columns.reverse();
        }
        for (name, column) in columns {
            if !name.is_empty() {
                builder.bind(name, column)?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use arrow_array::cast::AsArray;
    use arrow_array::types::Int32Type;

    use crate::testing::{Save, golden, vector};

    const CASE: &str = "GaussianMixtureModel";

    #[test]
    fn the_likeliest_is_an_int_and_probabilities_come_first_since_3_0() {
        for (version, expected) in
            [("2.4.8", ["prediction", "probability"]), ("4.3.0", ["probability", "prediction"])]
        {
            let model = golden(CASE, version);
            let names: Vec<&str> = model.signature().outputs.iter().map(|out| out.name.as_str()).collect();
            assert_eq!(names, expected);
            let scored = model.score(vec![("features", vector(&[-0.2559, 0.5114, -0.2261, -0.3151]))]);
            let cluster =
                scored.column("prediction").as_array().unwrap().as_primitive::<Int32Type>().value(0);
            assert_eq!((cluster, scored.vector("probability", 0).len()), (1, 2));
        }
    }

    #[test]
    fn data_of_another_model_are_refused() {
        let other = Save::golden("KMeansModel", "3.5.9").bundle();
        let part = other.files().into_iter().find(|name| name.ends_with(".parquet")).unwrap();
        let save = Save::golden(CASE, "3.5.9").with("data/part-", &other.read(&part).unwrap());
        let error = save.open(&[]).unwrap_err().to_string();
        assert!(error.contains(CASE) && error.contains("'data'"), "{error}");
    }
}
