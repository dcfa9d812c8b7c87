//! `HashingTF`: counts terms at the places that their hashes give, in sparse vectors of `numFeatures` slots.
//!
//! Terms are strings or numbers. Spark 3.0 corrected the hash of strings; a stage that a 2.x saved keeps the older
//! one, also in newer Sparks. With `binary` a term counts once. Spark's `ml/feature/HashingTF.scala`.

use firesteel_plan::ops::{HashTerms, TermHash};
use firesteel_plan::{Asked, Attributes, BuildError, Builder, ColumnType};

use crate::error::LoadError;
use crate::saved::Saved;
use crate::stage::{Stage, StageSpec};

pub(crate) const STAGE: StageSpec =
    StageSpec { class: "org.apache.spark.ml.feature.HashingTF", since: "1.2.0", load: HashingTf::load };

struct HashingTf {
    input: String,
    output: String,
    terms: HashTerms,
}

impl HashingTf {
    fn load(saved: &Saved) -> Result<Box<dyn Stage>, LoadError> {
        let size: usize = saved.param_or("numFeatures", 1 << 18)?;
        if size == 0 {
            return Err(saved.invalid("numFeatures", size, "a number above 0"));
        }
        let hash = if saved.version().at_least(3, 0) { TermHash::Standard } else { TermHash::Spark2 };
        let terms = HashTerms { size, binary: saved.param_or("binary", false)?, hash };
        Ok(Box::new(HashingTf { input: saved.param("inputCol")?, output: saved.output_col()?, terms }))
    }
}

impl Stage for HashingTf {
    fn lower(&self, builder: &mut Builder) -> Result<(), BuildError> {
        let input = builder.column(&self.input, Asked::of(ColumnType::strings()));
        let counts = builder.apply(self.terms.clone().into(), &[&input])?;
        builder.fact("size", self.terms.size);
        builder.bind(&self.output, counts.with_attributes(Attributes::sized(self.terms.size)))
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{save, string_lists};

    #[test]
    fn the_hash_goes_by_the_version_that_saved() {
        for (version, place) in [("2.4.8", 227_410), ("3.0.3", 107_107), ("4.3.0", 107_107)] {
            let model =
                save("HashingTF", version, r#"{"inputCol":"words","outputCol":"tf"}"#).open(&[]).unwrap();
            let scored = model.score(vec![("words", string_lists(&[&["a"]]))]);
            assert_eq!(scored.column("tf").show(0), format!("(262144, [{place}], [1.0])"));
        }
    }

    #[test]
    fn no_features_are_refused() {
        let error = save("HashingTF", "3.5.9", r#"{"inputCol":"w","numFeatures":0}"#).open(&[]).unwrap_err();
        assert!(
            error.to_string().contains("parameter 'numFeatures' is 0, expected a number above 0"),
            "{error}"
        );
    }
}
