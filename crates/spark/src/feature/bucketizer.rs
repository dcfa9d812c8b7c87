//! `Bucketizer`: the index of the bucket that a number falls in; also what `QuantileDiscretizer` fits.
//!
//! Buckets lie between `splits`, the upper border belongs to the next bucket but for the last. `handleInvalid`
//! speaks of NaN only: `keep` is one more bucket, `skip` drops rows with a NaN or null. A number outside the splits
//! is always an error, and a null else stays null. Spark's `ml/feature/Bucketizer.scala`.

use std::sync::Arc;

use firesteel_plan::ops::{Bucketize, HandleInvalid};
use firesteel_plan::{Attribute, Attributes, BuildError, Builder};

use super::columns::{Pair, handle_invalid, numbers, pairs};
use crate::error::LoadError;
use crate::saved::Saved;
use crate::stage::{Stage, StageSpec};

pub(crate) const STAGE: StageSpec =
    StageSpec { class: "org.apache.spark.ml.feature.Bucketizer", since: "1.4.0", load: Bucketizer::load };

struct Bucketizer {
    columns: Vec<(Pair, Arc<[f64]>)>,
    handle_invalid: HandleInvalid,
}

impl Bucketizer {
    fn load(saved: &Saved) -> Result<Box<dyn Stage>, LoadError> {
        let pairs = pairs(saved)?;
        let several = saved.optional::<Vec<String>>("inputCols")?.is_some();
        let name = if several { "splitsArray" } else { "splits" };
        let splits: Vec<Vec<f64>> = if several { saved.param(name)? } else { vec![saved.param(name)?] };
        if splits.len() != pairs.len() {
            return Err(saved.invalid(
                name,
                format!("{} lists", splits.len()),
                format!("{} lists", pairs.len()),
            ));
        }
        if !splits.iter().all(|splits| splits.len() > 2 && splits.is_sorted_by(|one, next| one < next)) {
            return Err(saved.invalid(
                name,
                format!("{splits:?}"),
                "at least three splits, each above the last",
            ));
        }
        let columns = pairs.into_iter().zip(splits.into_iter().map(Arc::from)).collect();
        let handle_invalid = handle_invalid(saved, &["error", "skip", "keep"])?;
        Ok(Box::new(Bucketizer { columns, handle_invalid }))
    }
}

impl Stage for Bucketizer {
    fn lower(&self, builder: &mut Builder) -> Result<(), BuildError> {
        for (pair, splits) in &self.columns {
            let input = numbers(builder, &pair.input, true)?;
            let bucketize = Bucketize { splits: Arc::clone(splits), handle_invalid: self.handle_invalid };
            let attribute = Attribute::Nominal {
                name: Some(Arc::from(pair.output.as_str())),
                values: Some(bucketize.labels().into()),
                num_values: None,
            };
            let buckets = builder.apply(bucketize.into(), &[&input])?;
            builder.fact("buckets", splits.len() - 1);
            builder.bind(&pair.output, buckets.with_attributes(Attributes::Scalar(attribute)))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{doubles, save};

    const TWO: &str = r#"{"inputCols":["a","b"],"outputCols":["x","y"],"handleInvalid":"skip",
        "splitsArray":[["-Inf",0.0,"Inf"],["-Inf",-1.0,1.0,"Inf"]]}"#;

    #[test]
    fn each_column_has_its_splits() {
        let model = save("Bucketizer", "3.5.9", TWO).open(&[]).unwrap();
        let a = doubles(&[Some(-3.0), Some(f64::NAN), Some(0.0), Some(7.0)]);
        let b = doubles(&[Some(1.0), Some(0.0), None, Some(-1.5)]);
        let scored = model.score(vec![("a", a), ("b", b)]);
        assert_eq!(scored.survivors(), [0, 3]);
        assert_eq!((scored.doubles("x"), scored.doubles("y")), (vec![0.0, 1.0], vec![2.0, 0.0]));
    }

    #[test]
    fn splits_that_do_not_ascend_are_refused() {
        for splits in ["[0.0,1.0]", "[0.0,0.0,1.0]", "[0.0,\"NaN\",1.0]", "[1.0,0.0,2.0]"] {
            let params = format!(r#"{{"inputCol":"a","outputCol":"b","splits":{splits}}}"#);
            let error = save("Bucketizer", "3.5.9", &params).open(&[]).unwrap_err().to_string();
            assert!(error.contains("'splits'") && error.contains("each above the last"), "{error}");
        }
    }
}
