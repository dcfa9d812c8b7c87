//! `Word2VecModel`: the average of the vectors of a text's words.
//!
//! The save has a row for each word, in any order; up to Spark 2.1 it had one row with all, which is not read. Words
//! without a vector count in the average as zeros; without any word at all the vector is sparse. `vectorSize`
//! (default 100) is the size of the vectors; other parameters counted in training only. Spark's
//! `ml/feature/Word2Vec.scala`.

use firesteel_plan::ops::AverageVectors;
use firesteel_plan::{Asked, Attributes, BuildError, Builder, ColumnType};

use crate::error::LoadError;
use crate::saved::Saved;
use crate::stage::{Stage, StageSpec};

pub(crate) const STAGE: StageSpec =
    StageSpec { class: "org.apache.spark.ml.feature.Word2VecModel", since: "1.4.0", load: Word2Vec::load };

struct Word2Vec {
    input: String,
    output: String,
    size: usize,
    words: usize,
    average: AverageVectors,
}

impl Word2Vec {
    fn load(saved: &Saved) -> Result<Box<dyn Stage>, LoadError> {
        let size: usize = saved.param_or("vectorSize", 100)?;
        let data = saved.data("data")?;
        let words = data.column("word")?.strings()?;
        let vectors = data.column("vector")?.float_lists()?;
        if words.is_empty() || size == 0 {
            return Err(data.error(format!("{} words with vectors of size {size}", words.len())));
        }
        if let Some(odd) = vectors.iter().find(|vector| vector.len() != size) {
            return Err(data.error(format!("a vector of size {}, but vectorSize is {size}", odd.len())));
        }
        let count = words.len();
        let average = AverageVectors::new(size, words, vectors.into_values());
        let average = average.ok_or_else(|| data.error(format!("vectors for not all of {count} words")))?;
        let (input, output) = (saved.param("inputCol")?, saved.output_col()?);
        Ok(Box::new(Word2Vec { input, output, size, words: count, average }))
    }
}

impl Stage for Word2Vec {
    fn lower(&self, builder: &mut Builder) -> Result<(), BuildError> {
        let input = builder.column(&self.input, Asked::of(ColumnType::strings()));
        let vectors = builder.apply(self.average.clone().into(), &[&input])?;
        builder.fact("words", self.words);
        builder.fact("size", self.size);
        builder.bind(&self.output, vectors.with_attributes(Attributes::sized(self.size)))
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{Save, golden, string_lists};

    #[test]
    fn no_word_is_no_direction_in_every_version() {
        for version in ["2.4.8", "3.0.3", "3.5.9", "4.3.0"] {
            let model = golden("Word2VecModel", version);
            let scored = model.score(vec![("words", string_lists(&[&[], &["zebra"]]))]);
            assert_eq!(scored.column("w2v").show(0), "(3, [], [])");
            assert_eq!(scored.column("w2v").show(1), "[0.0, 0.0, 0.0]");
        }
    }

    #[test]
    fn vectors_of_another_size_are_refused() {
        let line = r#"{"class":"org.apache.spark.ml.feature.Word2VecModel","uid":"w","sparkVersion":"3.5.9","paramMap":{"inputCol":"words","vectorSize":2000000000}}"#;
        let saved = Save::golden("Word2VecModel", "3.5.9").with("metadata/part-", line.as_bytes());
        let error = saved.open(&[]).unwrap_err().to_string();
        assert!(error.contains("a vector of size 3, but vectorSize is 2000000000"), "{error}");
    }
}
