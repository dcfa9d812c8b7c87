//! `CountVectorizerModel`: counts the words of a vocabulary, in sparse vectors of one slot a word.
//!
//! A word that a row has fewer than `minTF` times is left out; below 1, `minTF` is a part of all words of the row,
//! those outside the vocabulary and nulls too. With `binary` what is left counts once. `minDF`, `maxDF` and
//! `vocabSize` counted in training only. Spark's `ml/feature/CountVectorizer.scala`.

use firesteel_plan::ops::CountWords;
use firesteel_plan::{Asked, Attribute, BuildError, Builder, ColumnType};

use crate::error::LoadError;
use crate::saved::Saved;
use crate::stage::{Stage, StageSpec};

pub(crate) const STAGE: StageSpec = StageSpec {
    class: "org.apache.spark.ml.feature.CountVectorizerModel",
    since: "1.5.0",
    load: CountVectorizer::load,
};

struct CountVectorizer {
    input: String,
    output: String,
    count: CountWords,
}

impl CountVectorizer {
    fn load(saved: &Saved) -> Result<Box<dyn Stage>, LoadError> {
        let least: f64 = saved.param_or("minTF", 1.0)?;
        if least < 0.0 || least.is_nan() {
            return Err(saved.invalid("minTF", least, "a number from 0 on"));
        }
        let data = saved.data("data")?;
        let vocabulary = data.only_row()?.strings("vocabulary")?;
        let count = CountWords::new(vocabulary, least, saved.param_or("binary", false)?);
        let count = count.ok_or_else(|| data.error("a word stands twice in the vocabulary"))?;
        Ok(Box::new(CountVectorizer { input: saved.param("inputCol")?, output: saved.output_col()?, count }))
    }
}

impl Stage for CountVectorizer {
    fn lower(&self, builder: &mut Builder) -> Result<(), BuildError> {
        let input = builder.column(&self.input, Asked::of(ColumnType::strings()));
        let counts = builder.apply(self.count.clone().into(), &[&input])?;
        builder.fact("words", self.count.size());
        let attributes = builder.describe(self.count.size(), |_| Attribute::Numeric { name: None });
        builder.bind(&self.output, counts.with_attributes(attributes))
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{Save, golden, string_lists};

    #[test]
    fn every_version_counts() {
        for version in ["2.4.8", "3.0.3", "3.5.9", "4.3.0"] {
            let model = golden("CountVectorizerModel", version);
            let words: &[&str] = &["jumps", "zebra", "jumps"];
            let counts = model.score(vec![("words", string_lists(&[words]))]).vector("cv", 0);
            assert_eq!((counts.len(), counts.iter().sum::<f64>()), (13, 2.0));
        }
    }

    #[test]
    fn a_share_below_none_is_refused() {
        let saved = Save::golden("CountVectorizerModel", "3.5.9");
        let line = r#"{"class":"org.apache.spark.ml.feature.CountVectorizerModel","uid":"c","sparkVersion":"3.5.9",
            "paramMap":{"inputCol":"words","minTF":-1.0}}"#;
        let saved = saved.with("metadata/part-", line.replace('\n', " ").as_bytes());
        let error = saved.open(&[]).unwrap_err().to_string();
        assert!(error.contains("parameter 'minTF' is -1, expected a number from 0 on"), "{error}");
    }

    #[test]
    fn a_vocabulary_is_needed() {
        let error = Save::golden("CountVectorizerModel", "3.5.9").without(".parquet").open(&[]).unwrap_err();
        assert!(error.to_string().contains("no Parquet file"), "{error}");
    }
}
