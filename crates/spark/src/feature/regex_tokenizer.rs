//! `RegexTokenizer`: text split by a Java regular expression, or the matches of one.
//!
//! `pattern` (default `\s+`) stands between words, or with `gaps` false for them. Words of fewer than
//! `minTokenLength` (default 1) UTF-16 units are left out; with `toLowercase` (the default) the text is made lower
//! case first. A null is an error. The pattern is translated; what cannot be is refused by name, see
//! [`java_regex`](crate::java_regex). Where a pattern may match nothing, Java cuts letters beyond U+FFFF in two,
//! which is an error here. Spark's `ml/feature/Tokenizer.scala`.

use firesteel_plan::ops::{Matches, SplitText};
use firesteel_plan::{Asked, BuildError, Builder, ColumnType};
use serde_json::Value;

use crate::allowance::Allowance;
use crate::error::LoadError;
use crate::java_regex::{Translated, translate};
use crate::param::show;
use crate::saved::Saved;
use crate::stage::{Stage, StageSpec};

pub(crate) const STAGE: StageSpec = StageSpec {
    class: "org.apache.spark.ml.feature.RegexTokenizer",
    since: "1.4.0",
    load: RegexTokenizer::load,
};

struct RegexTokenizer {
    input: String,
    output: String,
    split: SplitText,
}

impl RegexTokenizer {
    fn load(saved: &Saved) -> Result<Box<dyn Stage>, LoadError> {
        let pattern: String = saved.param_or("pattern", r"\s+".to_owned())?;
        let refused = |expected| saved.invalid("pattern", show(&Value::String(pattern.clone())), expected);
        let translated = translate(&pattern).map_err(refused)?;
        let mut split = compiled(saved.allowance(), &translated).map_err(refused)?;
        split.matches = if saved.param_or("gaps", true)? { Matches::Gaps } else { Matches::Words };
        split.min_length = saved.param_or("minTokenLength", 1)?;
        split.lower_case = saved.param_or("toLowercase", true)?;
        Ok(Box::new(RegexTokenizer { input: saved.param("inputCol")?, output: saved.output_col()?, split }))
    }
}

/// The bytes that a pattern may take: most need the first few, and a save of many stages may not take the last for each.
const ROOMS: [usize; 3] = [64 << 10, 1 << 20, 8 << 20];

/// The pattern in the smallest room that holds it.
fn compiled(allowance: &Allowance, translated: &Translated) -> Result<SplitText, String> {
    let mut refused = String::new();
    for room in ROOMS {
        allowance.pattern(room)?;
        match SplitText::within(room, &translated.pattern, translated.refused.as_deref()) {
            Ok(split) => return Ok(split),
            Err(reason) => refused = reason,
        }
    }
    Err(format!("another pattern: {refused}"))
}

impl Stage for RegexTokenizer {
    fn lower(&self, builder: &mut Builder) -> Result<(), BuildError> {
        let input = builder.column(&self.input, Asked::of(ColumnType::String));
        let words = builder.apply(self.split.clone().into(), &[&input])?;
        builder.bind(&self.output, words)
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{save, strings};

    fn words(params: &str, text: &str) -> String {
        let params = format!(r#"{{"inputCol":"t","outputCol":"w"{params}}}"#);
        let model = save("RegexTokenizer", "3.5.9", &params).open(&[]).unwrap();
        model.score(vec![("t", strings(&[Some(text)]))]).column("w").show(0)
    }

    #[test]
    fn white_space_splits_by_default() {
        assert_eq!(words("", " The  quick\tFox "), "[the, quick, fox]");
        assert_eq!(words(r#","minTokenLength":0,"toLowercase":false"#, " The Fox "), "[, The, Fox]");
    }

    #[test]
    fn matches_may_be_the_words() {
        assert_eq!(
            words(r#","gaps":false,"pattern":"[a-z]+","minTokenLength":3"#, "Café d'or, oui"),
            "[caf, oui]"
        );
    }

    #[test]
    fn a_pattern_that_means_something_else_is_refused() {
        let params = r#"{"inputCol":"t","pattern":"a(?=b)"}"#;
        let error = save("RegexTokenizer", "3.5.9", params).open(&[]).unwrap_err().to_string();
        assert!(
            error.contains(r#"parameter 'pattern' is "a(?=b)", expected a pattern without look-around"#),
            "{error}"
        );
        let params = r#"{"inputCol":"t","pattern":"((a{1000}){1000}){1000}"}"#;
        let error = save("RegexTokenizer", "3.5.9", params).open(&[]).unwrap_err().to_string();
        assert!(error.contains("another pattern: "), "{error}");
        let params = r#"{"inputCol":"t","minTokenLength":-1}"#;
        assert!(save("RegexTokenizer", "3.5.9", params).open(&[]).is_err());
    }
}
