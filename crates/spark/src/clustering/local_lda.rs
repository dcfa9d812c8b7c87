//! `LocalLDAModel`: the share of each topic in a document of term counts.
//!
//! Variational inference from a random start, which Spark draws for each document anew from the same seed: that of
//! the class's name, since the parameter `seed` is set too late to count. A document without terms has zeros. The
//! save has one row: `vocabSize`, `topicsMatrix`, `docConcentration` and `gammaShape`. Parameters that count:
//! `featuresCol` and `topicDistributionCol`. Counts whose topics never settle, with which Spark does not end, are an
//! error. Spark's `ml/clustering/LDA.scala` and `mllib/clustering/{LDAModel,LDAOptimizer}.scala`.

use super::lda::Lda;
use crate::error::LoadError;
use crate::saved::Saved;
use crate::stage::{Stage, StageSpec};

pub(crate) const STAGE: StageSpec =
    StageSpec { class: "org.apache.spark.ml.clustering.LocalLDAModel", since: "1.6.0", load };

fn load(saved: &Saved) -> Result<Box<dyn Stage>, LoadError> {
    let data = saved.data("data")?;
    let row = data.only_row()?;
    let matrix = row.dense_matrix("topicsMatrix")?;
    let concentration = row.vector("docConcentration")?;
    let terms = row.int("vocabSize")?;
    if usize::try_from(terms) != Ok(matrix.rows) || concentration.len() != matrix.cols {
        return Err(row.error(format!(
            "topics of {} terms in {} columns, expected {terms} terms and {} columns",
            matrix.rows,
            matrix.cols,
            concentration.len()
        )));
    }
    let lda = Lda::new(saved, &matrix.values, concentration, row.double("gammaShape")?)?;
    Ok(Box::new(lda.map_err(|why| row.error(why))?))
}

#[cfg(test)]
mod tests {
    use crate::testing::{Save, golden, vector};

    const CASE: &str = "LocalLDAModel";

    #[test]
    fn shares_add_up_to_one() {
        for version in ["2.4.8", "3.0.3", "3.5.9", "4.3.0"] {
            let model = golden(CASE, version);
            assert_eq!(model.signature().outputs[0].size, Some(2));
            let scored = model.score(vec![("countf", vector(&[1.0, 0.0, 3.0, 2.0]))]);
            let shares = scored.vector("topicDistribution", 0);
            assert!((shares[0] + shares[1] - 1.0).abs() < 1e-15, "{version}: {shares:?}");
        }
    }

    #[test]
    fn data_of_another_model_are_refused() {
        let other = Save::golden("FMRegressionModel", "3.5.9").bundle();
        let part = other.files().into_iter().find(|name| name.ends_with(".parquet")).unwrap();
        let save = Save::golden(CASE, "3.5.9").with("data/part-", &other.read(&part).unwrap());
        let error = save.open(&[]).unwrap_err().to_string();
        assert!(error.contains(CASE) && error.contains("topicsMatrix"), "{error}");
    }
}
