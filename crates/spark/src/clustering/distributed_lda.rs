//! `DistributedLDAModel`: the share of each topic in a document of term counts.
//!
//! Spark makes a local model of it to score with, whose random start has a new seed each time: its own answers differ
//! from one load to the next by about 1e-5. Here the start is that of a `LocalLDAModel`, so that answers are stable.
//! The save holds the parameters in `oldModel/metadata`, and in `oldModel/data/topicCounts` a row for each document of
//! the training data, which do not count, and for each term, with negative numbers: term `t` is `-(t + 1)`; a term
//! without a row has no counts. Parameters that count: `featuresCol` and `topicDistributionCol`. Spark's
//! `ml/clustering/LDA.scala` and `mllib/clustering/LDAModel.scala`.

use serde_json::{Map, Value};

use super::lda::Lda;
use crate::error::LoadError;
use crate::metadata::read_object;
use crate::param::{Param, show};
use crate::saved::Saved;
use crate::stage::{Stage, StageSpec};

pub(crate) const STAGE: StageSpec =
    StageSpec { class: "org.apache.spark.ml.clustering.DistributedLDAModel", since: "1.6.0", load };

const ABOUT: &str = "oldModel/metadata";
const COUNTS: &str = "oldModel/data/topicCounts";

fn load(saved: &Saved) -> Result<Box<dyn Stage>, LoadError> {
    let about = read_object(saved.bundle(), ABOUT).map_err(|why| saved.error(why))?;
    let terms: usize = key(saved, &about, "vocabSize")?;
    let concentration: Vec<f64> = key(saved, &about, "docConcentration")?;
    let topics = concentration.len();
    if key::<usize>(saved, &about, "k")? != topics {
        return Err(
            saved.bad_data(ABOUT, format!("{topics} values of 'docConcentration', not one for each topic"))
        );
    }
    let data = saved.data(COUNTS)?;
    let weights = data.column("topicWeights")?.bounded_rows()?;
    let size = terms.saturating_mul(topics);
    let known: usize = weights.iter().flatten().map(|weights| weights.values().len()).sum();
    data.zeros(size.saturating_sub(known))?;
    let mut counts = vec![0.0; size];
    for (number, weights) in data.column("id")?.longs()?.into_iter().zip(weights.iter()) {
        let Some(term) = number.checked_neg().and_then(|term| term.checked_sub(1)).filter(|&term| term >= 0)
        else {
            continue;
        };
        let term = usize::try_from(term).ok().filter(|&term| term < terms);
        let term = term.ok_or_else(|| data.error(format!("term {number}, of {terms} terms")))?;
        let weights = weights.filter(|weights| weights.size() == topics);
        let weights =
            weights.ok_or_else(|| data.error(format!("term {number} has no counts for {topics} topics")))?;
        for (topic, weight) in weights.active() {
            counts[term * topics + topic] = weight;
        }
    }
    let lda = Lda::new(saved, &counts, concentration, key(saved, &about, "gammaShape")?)?;
    Ok(Box::new(lda.map_err(|why| data.error(why))?))
}

/// A key of the older metadata.
fn key<T: Param>(saved: &Saved, about: &Map<String, Value>, name: &str) -> Result<T, LoadError> {
    let value = about.get(name).unwrap_or(&Value::Null);
    T::from_json(value).ok_or_else(|| {
        saved.bad_data(ABOUT, format!("'{name}' is {}, expected {}", show(value), T::EXPECTED))
    })
}

#[cfg(test)]
mod tests {
    use crate::testing::{Save, golden, vector};

    const CASE: &str = "DistributedLDAModel";

    #[test]
    fn every_version_has_its_topics() {
        for version in ["2.4.8", "3.0.3", "3.5.9", "4.3.0"] {
            let model = golden(CASE, version);
            assert_eq!(model.stages()[0].facts[1], ("terms".to_owned(), "4".to_owned()));
            let scored = model.score(vec![("countf", vector(&[1.0, 0.0, 3.0, 2.0]))]);
            let shares = scored.vector("topicDistribution", 0);
            assert!((shares[0] + shares[1] - 1.0).abs() < 1e-15, "{version}: {shares:?}");
        }
    }

    #[test]
    fn metadata_that_do_not_fit_are_refused() {
        let refused = |line: &str| {
            let save = Save::golden(CASE, "3.5.9").with("oldModel/metadata/part-", line.as_bytes());
            save.open(&[]).unwrap_err().to_string()
        };
        let about = |k: &str, terms: &str, shape: &str| {
            format!(r#"{{"k":{k},"vocabSize":{terms},"docConcentration":[26.0,26.0],"gammaShape":{shape}}}"#)
        };
        assert!(refused(&about("3", "4", "100.0")).contains("not one for each topic"));
        assert!(refused(&about("2", "3", "100.0")).contains("of 3 terms"));
        assert!(refused(&about("2", "2147483647", "100.0")).contains("too large"));
        assert!(refused(&about("2", "-1", "100.0")).contains("'vocabSize' is -1"));
        assert!(refused(&about("2", "4", "0.5")).contains("random start"));
        assert!(refused("{}").contains("'vocabSize' is null"));
    }
}
