//! `NGram`: every `n` (default 2) neighbouring words of a list, joined by a space.
//!
//! A list of fewer words gives an empty one. A null word is the word `null`, as in Java; a null list is an error.
//! Spark's `ml/feature/NGram.scala`.

use firesteel_plan::ops::NGrams;
use firesteel_plan::{Asked, BuildError, Builder, ColumnType};

use crate::error::LoadError;
use crate::saved::Saved;
use crate::stage::{Stage, StageSpec};

pub(crate) const STAGE: StageSpec =
    StageSpec { class: "org.apache.spark.ml.feature.NGram", since: "1.5.0", load: NGram::load };

struct NGram {
    input: String,
    output: String,
    n: usize,
}

impl NGram {
    fn load(saved: &Saved) -> Result<Box<dyn Stage>, LoadError> {
        let n = saved.param_or("n", 2)?;
        if n == 0 {
            return Err(saved.invalid("n", n, "a number above 0"));
        }
        Ok(Box::new(NGram { input: saved.param("inputCol")?, output: saved.output_col()?, n }))
    }
}

impl Stage for NGram {
    fn lower(&self, builder: &mut Builder) -> Result<(), BuildError> {
        let input = builder.column(&self.input, Asked::of(ColumnType::strings()));
        let grams = builder.apply(NGrams { n: self.n }.into(), &[&input])?;
        builder.fact("n", self.n);
        builder.bind(&self.output, grams)
    }
}

#[cfg(test)]
mod tests {
    use firesteel_plan::ColumnType;

    use crate::testing::{save, string_lists};

    #[test]
    fn two_words_are_joined_by_default() {
        let model = save("NGram", "3.5.9", r#"{"inputCol":"w","outputCol":"o"}"#).open(&[]).unwrap();
        let scored = model.score(vec![("w", string_lists(&[&["a", "b", "c"]]))]);
        assert_eq!(scored.column("o").show(0), "[a b, b c]");
    }

    #[test]
    fn grams_of_no_words_are_refused() {
        for n in ["0", "-1", "\"2\""] {
            let params = format!(r#"{{"inputCol":"w","outputCol":"o","n":{n}}}"#);
            let error = save("NGram", "3.5.9", &params).open(&[]).unwrap_err().to_string();
            assert!(error.contains("parameter 'n' is "), "{error}");
        }
    }

    #[test]
    fn a_text_is_no_list() {
        let save = save("NGram", "3.5.9", r#"{"inputCol":"w","outputCol":"o"}"#);
        let error = save.open(&[("w", ColumnType::String)]).unwrap_err().to_string();
        assert!(error.contains("column 'w' is string, expected array<string>"), "{error}");
    }
}
