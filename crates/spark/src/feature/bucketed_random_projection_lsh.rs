//! `BucketedRandomProjectionLSHModel`: for each hash table the bucket that the projection of a vector falls in.
//!
//! The answer is a list of vectors of one slot. The save holds a direction for each table (`randUnitVectors`),
//! `bucketLength` is a parameter. Up to 3.1 Spark divided by it, from 3.2 on it multiplies by the reciprocal. A
//! product at the very border of a bucket may fall beside it, see `docs/exactness.md`.
//! Spark's `ml/feature/BucketedRandomProjectionLSH.scala`.

use firesteel_plan::ops::RowHashes;
use firesteel_plan::{BuildError, Builder};

use crate::error::LoadError;
use crate::linear::matrix_weights;
use crate::saved::Saved;
use crate::stage::{Stage, StageSpec};

pub(crate) const STAGE: StageSpec = StageSpec {
    class: "org.apache.spark.ml.feature.BucketedRandomProjectionLSHModel",
    since: "2.1.0",
    load: BucketedRandomProjectionLsh::load,
};

struct BucketedRandomProjectionLsh {
    input: String,
    output: String,
    size: usize,
    hashes: RowHashes,
}

impl BucketedRandomProjectionLsh {
    fn load(saved: &Saved) -> Result<Box<dyn Stage>, LoadError> {
        let length: f64 = saved.param("bucketLength")?;
        if length.is_nan() || length <= 0.0 {
            return Err(saved.invalid("bucketLength", length, "a number above 0"));
        }
        let data = saved.data("data")?;
        let row = data.only_row()?;
        let directions = matrix_weights(&row, row.matrix("randUnitVectors")?)?;
        let size = directions.features();
        let hashes = RowHashes::Buckets { directions, length, divides: !saved.version().at_least(3, 2) };
        let (input, output) = (saved.param("inputCol")?, saved.output_col()?);
        Ok(Box::new(BucketedRandomProjectionLsh { input, output, size, hashes }))
    }
}

impl Stage for BucketedRandomProjectionLsh {
    fn expect(&self, builder: &mut Builder) {
        builder.expect_size(&self.input, self.size);
    }

    fn lower(&self, builder: &mut Builder) -> Result<(), BuildError> {
        let input = builder.vectors(&self.input)?;
        let hashes = builder.apply(self.hashes.clone().into(), &[&input])?;
        builder.fact("size", self.size);
        builder.bind(&self.output, hashes)
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{Save, golden, vector};

    #[test]
    fn three_tables_give_three_buckets_in_every_version() {
        for version in ["2.4.8", "3.0.3", "3.5.9", "4.3.0"] {
            let model = golden("BucketedRandomProjectionLSHModel", version);
            let scored = model.score(vec![("features", vector(&[0.0; 4]))]);
            assert_eq!(scored.column("h").as_lists().unwrap().value(0).len(), 3);
        }
    }

    #[test]
    fn other_data_are_refused() {
        let other = Save::golden("StandardScalerModel", "3.5.9").part();
        let save = Save::golden("BucketedRandomProjectionLSHModel", "3.5.9").with_part(&other);
        let error = save.open(&[]).unwrap_err().to_string();
        assert!(error.contains("no column 'randUnitVectors'"), "{error}");
    }
}
