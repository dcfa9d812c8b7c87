//! `Tokenizer`: text in lower case, split at each white space of ASCII.
//!
//! Spark calls Java's `toLowerCase()` and `split("\\s")`; a null is an error, as it is there. Lower case here is
//! that of every locale but the Turkish ones. Spark's `ml/feature/Tokenizer.scala`.

use firesteel_plan::ops::Tokenize;
use firesteel_plan::{Asked, BuildError, Builder, ColumnType};

use crate::error::LoadError;
use crate::saved::Saved;
use crate::stage::{Stage, StageSpec};

pub(crate) const STAGE: StageSpec =
    StageSpec { class: "org.apache.spark.ml.feature.Tokenizer", since: "1.2.0", load: Tokenizer::load };

struct Tokenizer {
    input: String,
    output: String,
}

impl Tokenizer {
    fn load(saved: &Saved) -> Result<Box<dyn Stage>, LoadError> {
        Ok(Box::new(Tokenizer { input: saved.param("inputCol")?, output: saved.output_col()? }))
    }
}

impl Stage for Tokenizer {
    fn lower(&self, builder: &mut Builder) -> Result<(), BuildError> {
        let input = builder.column(&self.input, Asked::of(ColumnType::String));
        let words = builder.apply(Tokenize.into(), &[&input])?;
        builder.bind(&self.output, words)
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{save, strings};

    #[test]
    fn the_output_is_named_after_the_stage_unless_set() {
        let model = save("Tokenizer", "2.3.0", r#"{"inputCol":"text"}"#).open(&[]).unwrap();
        assert_eq!(model.signature().outputs[0].name, "Tokenizer_1__output");
        let scored = model.score(vec![("text", strings(&[Some("A b")]))]);
        assert_eq!(scored.column("Tokenizer_1__output").show(0), "[a, b]");
    }
}
