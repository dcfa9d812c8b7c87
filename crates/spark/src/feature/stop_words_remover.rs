//! `StopWordsRemover`: leaves the words of a list (`stopWords`) out of lists of words.
//!
//! Unless `caseSensitive` is set, both are made lower case by the rules of `locale` first. Only `tr`, `az` and `lt`
//! have rules of their own: Spark takes the whole text for the language, so `tr_TR`, as a Turkish JVM sets it by
//! default, is no Turkish. A null word stays, a null list is an error. Spark's `ml/feature/StopWordsRemover.scala`.

use firesteel_plan::ops::{RemoveWords, WordCase};
use firesteel_plan::{Asked, BuildError, Builder, ColumnType};

use super::columns::{Pair, pairs};
use crate::error::LoadError;
use crate::saved::Saved;
use crate::stage::{Stage, StageSpec};

pub(crate) const STAGE: StageSpec = StageSpec {
    class: "org.apache.spark.ml.feature.StopWordsRemover",
    since: "1.5.0",
    load: StopWordsRemover::load,
};

/// Spark's default `stopWords`, for saves of 2.3 and older, which hold no defaults.
const ENGLISH: &str = "i me my myself we our ours ourselves you your yours yourself yourselves he him his himself she her \
    hers herself it its itself they them their theirs themselves what which who whom this that these \
    those am is are was were be been being have has had having do does did doing a an the and but if or \
    because as until while of at by for with about against between into through during before after \
    above below to from up down in out on off over under again further then once here there when where \
    why how all any both each few more most other some such no nor not only own same so than too very s \
    t can will just don should now i'll you'll he'll she'll we'll they'll i'd you'd he'd she'd we'd \
    they'd i'm you're he's she's it's we're they're i've we've you've they've isn't aren't wasn't \
    weren't haven't hasn't hadn't don't doesn't didn't won't wouldn't shan't shouldn't mustn't can't \
    couldn't cannot could here's how's let's ought that's there's what's when's where's who's why's \
    would";

struct StopWordsRemover {
    columns: Vec<Pair>,
    remove: RemoveWords,
    words: usize,
}

impl StopWordsRemover {
    fn load(saved: &Saved) -> Result<Box<dyn Stage>, LoadError> {
        let english = || ENGLISH.split(' ').map(str::to_owned).collect();
        let words: Vec<String> = saved.optional("stopWords")?.unwrap_or_else(english);
        let locale: String = saved.param_or("locale", "en".to_owned())?;
        let case = match locale.to_ascii_lowercase().as_str() {
            _ if saved.param_or("caseSensitive", false)? => WordCase::Kept,
            "tr" | "az" => WordCase::LowerTurkish,
            "lt" => WordCase::LowerLithuanian,
            _ => WordCase::Lower,
        };
        let remove = RemoveWords::new(&words, case);
        Ok(Box::new(StopWordsRemover { columns: pairs(saved)?, remove, words: words.len() }))
    }
}

impl Stage for StopWordsRemover {
    fn lower(&self, builder: &mut Builder) -> Result<(), BuildError> {
        builder.fact("words", self.words);
        for pair in &self.columns {
            let input = builder.column(&pair.input, Asked::of(ColumnType::strings()));
            let left = builder.apply(self.remove.clone().into(), &[&input])?;
            builder.bind(&pair.output, left)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{save, string_lists};

    const WORDS: [&str; 5] = ["The", "quick", "I", "ı", "mice"];

    fn left(params: &str) -> String {
        let model = save("StopWordsRemover", "2.3.4", params).open(&[]).unwrap();
        model.score(vec![("w", string_lists(&[&WORDS]))]).column("o").show(0)
    }

    #[test]
    fn english_words_are_left_out_by_default() {
        assert_eq!(left(r#"{"inputCol":"w","outputCol":"o"}"#), "[quick, ı, mice]");
        assert_eq!(
            left(r#"{"inputCol":"w","outputCol":"o","caseSensitive":true}"#),
            "[The, quick, I, ı, mice]"
        );
    }

    #[test]
    fn only_the_bare_language_is_turkish() {
        let with = |locale: &str| {
            left(&format!(
                r#"{{"inputCol":"w","outputCol":"o","stopWords":["I","THE"],"locale":"{locale}"}}"#
            ))
        };
        assert_eq!(with("tr"), "[quick, mice]");
        assert_eq!(with("tr_TR"), "[quick, ı, mice]");
    }

    #[test]
    fn several_columns_are_cleaned() {
        let params = r#"{"inputCols":["a","b"],"outputCols":["x","y"],"stopWords":["the"]}"#;
        let model = save("StopWordsRemover", "3.5.9", params).open(&[]).unwrap();
        let lists = |words| string_lists(&[words]);
        let scored = model.score(vec![("a", lists(&["the", "a"])), ("b", lists(&["THE"]))]);
        assert_eq!((scored.column("x").show(0), scored.column("y").show(0)), ("[a]".into(), "[]".into()));
    }

    #[test]
    fn words_that_are_no_texts_are_refused() {
        let params = r#"{"inputCol":"w","outputCol":"o","stopWords":[1]}"#;
        let error = save("StopWordsRemover", "3.5.9", params).open(&[]).unwrap_err().to_string();
        assert!(error.contains("parameter 'stopWords' is [1], expected a list of texts"), "{error}");
    }
}
