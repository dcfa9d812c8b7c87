//! `MinHashLSHModel`: for each hash table the smallest hash of the places where a vector is not 0.
//!
//! The answer is a list of vectors of one slot; a vector of zeros has none and is an error. The save holds a factor
//! and a summand for each table (`randCoefficients`, one after another). Up to 2.3 the sum overflowed 32 bits
//! (SPARK-24754), so that hashes could be negative. Spark's `ml/feature/MinHashLSH.scala`.

use firesteel_plan::ops::RowHashes;
use firesteel_plan::{BuildError, Builder};

use crate::error::LoadError;
use crate::saved::Saved;
use crate::stage::{Stage, StageSpec};

pub(crate) const STAGE: StageSpec = StageSpec {
    class: "org.apache.spark.ml.feature.MinHashLSHModel",
    since: "2.1.0",
    load: MinHashLsh::load,
};

struct MinHashLsh {
    input: String,
    output: String,
    hashes: RowHashes,
}

impl MinHashLsh {
    fn load(saved: &Saved) -> Result<Box<dyn Stage>, LoadError> {
        let data = saved.data("data")?;
        let row = data.only_row()?;
        let flat = row.ints("randCoefficients")?;
        let (pairs, rest) = flat.as_chunks::<2>();
        if !rest.is_empty() {
            return Err(row.error(format!("{} coefficients, expected two for each table", flat.len())));
        }
        let coefficients = pairs.iter().map(|&[factor, summand]| (factor, summand)).collect();
        let hashes = RowHashes::Smallest { coefficients, overflows: !saved.version().at_least(2, 4) };
        Ok(Box::new(MinHashLsh { input: saved.param("inputCol")?, output: saved.output_col()?, hashes }))
    }
}

impl Stage for MinHashLsh {
    fn lower(&self, builder: &mut Builder) -> Result<(), BuildError> {
        let input = builder.vectors(&self.input)?;
        let hashes = builder.apply(self.hashes.clone().into(), &[&input])?;
        builder.bind(&self.output, hashes)
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{Save, golden, vector};

    #[test]
    fn three_tables_give_three_hashes_in_every_version() {
        for version in ["2.4.8", "3.0.3", "3.5.9", "4.3.0"] {
            let model = golden("MinHashLSHModel", version);
            let scored = model.score(vec![("binf", vector(&[0.0, 1.0, 0.0, 1.0]))]);
            assert_eq!(scored.column("h").as_lists().unwrap().value(0).len(), 3);
            let error = model.try_score(vec![("binf", vector(&[0.0; 4]))]).unwrap_err().to_string();
            assert!(error.contains("at least one value that is not 0"), "{error}");
        }
    }

    #[test]
    fn hashes_overflowed_before_spark_2_4() {
        let hash = |version: &str| {
            let file = String::from_utf8(Save::golden("MinHashLSHModel", "2.4.8").metadata()).unwrap();
            let file = file.replace("2.4.8", version);
            let save = Save::golden("MinHashLSHModel", "2.4.8").with("metadata/part-00000", file.as_bytes());
            let scored = save.open(&[]).unwrap().score(vec![("binf", vector(&[0.0, 0.0, 0.0, 1.0]))]);
            scored.column("h").show(0)
        };
        assert_ne!(hash("2.3.4"), hash("2.4.0"));
    }

    #[test]
    fn other_data_are_refused() {
        let other = Save::golden("StandardScalerModel", "3.5.9").part();
        let error = Save::golden("MinHashLSHModel", "3.5.9").with_part(&other).open(&[]).unwrap_err();
        assert!(error.to_string().contains("no column 'randCoefficients'"), "{error}");
    }
}
