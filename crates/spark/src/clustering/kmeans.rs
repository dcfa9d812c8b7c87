//! `KMeansModel`: the number of the nearest centre, an int.
//!
//! Spark builds a loaded model with Euclidean distances whatever `distanceMeasure` says (`KMeansModelReader`,
//! seen in 2.4 to 4.3), so a saved cosine model scores with Euclidean distances here too. The save has a row for
//! each centre, in any order. Parameters that count: `featuresCol` (default `features`) and `predictionCol`
//! (default `prediction`). Spark's `ml/clustering/KMeans.scala` and `mllib/clustering/KMeansModel.scala`.
//! Arrays in place of vectors, which Spark takes too, are not read.

use firesteel_plan::VectorRef;
use firesteel_plan::ops::NearestCenter;
use firesteel_plan::{Attributes, BuildError, Builder};

use crate::attributes;
use crate::error::LoadError;
use crate::saved::Saved;
use crate::stage::{Stage, StageSpec};

pub(crate) const STAGE: StageSpec =
    StageSpec { class: "org.apache.spark.ml.clustering.KMeansModel", since: "1.5.0", load: KMeans::load };

struct KMeans {
    features_column: String,
    prediction_column: String,
    features: usize,
    clusters: usize,
    nearest: NearestCenter,
    attributes: Attributes,
}

impl KMeans {
    fn load(saved: &Saved) -> Result<Box<dyn Stage>, LoadError> {
        let data = saved.data("data")?;
        let numbers = data.column("clusterIdx")?.ints()?;
        let centers = data.column("clusterCenter")?.bounded_rows()?;
        let mut sorted: Vec<(i32, Option<VectorRef<'_>>)> = numbers.into_iter().zip(centers.iter()).collect();
        sorted.sort_by_key(|&(number, _)| number);
        let odd =
            sorted.iter().enumerate().find(|&(place, &(number, _))| usize::try_from(number) != Ok(place));
        if let Some((place, (number, _))) = odd {
            return Err(data.error(format!("centre {number} where centre {place} is due")));
        }
        let centers: Vec<VectorRef<'_>> = sorted.into_iter().filter_map(|(_, center)| center).collect();
        Ok(Box::new(KMeans {
            features_column: saved.param_or("featuresCol", "features".to_owned())?,
            prediction_column: saved.param_or("predictionCol", "prediction".to_owned())?,
            features: centers.first().map_or(0, VectorRef::size),
            clusters: centers.len(),
            attributes: attributes::category(saved, centers.len()),
            nearest: NearestCenter::new(&centers).map_err(|why| data.error(why))?,
        }))
    }
}

impl Stage for KMeans {
    fn expect(&self, builder: &mut Builder) {
        builder.expect_size(&self.features_column, self.features);
    }

    fn lower(&self, builder: &mut Builder) -> Result<(), BuildError> {
        builder.fact("clusters", self.clusters);
        builder.fact("features", self.features);
        let features = builder.vectors(&self.features_column)?;
        if self.prediction_column.is_empty() {
            return Ok(());
        }
        let nearest = builder.apply(self.nearest.clone().into(), &[&features])?;
        builder.bind(&self.prediction_column, nearest.with_attributes(self.attributes.clone()))
    }
}

#[cfg(test)]
mod tests {
    use arrow_array::cast::AsArray;
    use arrow_array::types::Int32Type;
    use firesteel_plan::ScoreError;

    use crate::testing::{golden, vector};

    #[test]
    fn answers_a_cluster() {
        for version in ["2.4.8", "3.0.3", "3.5.9", "4.3.0"] {
            let model = golden("KMeansModel", version);
            let scored = model.score(vec![("features", vector(&[-0.2559, 0.5114, -0.2261, -0.3151]))]);
            let cluster =
                scored.column("prediction").as_array().unwrap().as_primitive::<Int32Type>().value(0);
            assert!((0..3).contains(&cluster), "{version}: {cluster}");
            assert_eq!(model.stages()[0].facts[0], ("clusters".to_owned(), "3".to_owned()));
        }
    }

    #[test]
    fn a_nan_is_a_row_error() {
        let model = golden("KMeansModel", "3.5.9");
        let failed = model.try_score(vec![("features", vector(&[f64::NAN, 0.0, 0.0, 0.0]))]);
        assert!(matches!(failed, Err(ScoreError::Row(_))), "{failed:?}");
    }
}
