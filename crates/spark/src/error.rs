//! Why a save cannot be opened: the stage, its place in the pipeline, what was found and what was expected.

use firesteel_bundle::BundleError;
use firesteel_plan::BuildError;
use thiserror::Error;

/// A save that cannot be opened.
#[derive(Debug, Error)]
#[error("{}", plain(&format!("{}{problem}", prefix(.place, .class, .uid, .origin)), MAX_MESSAGE))]
pub struct LoadError {
    /// The stage's place in the pipeline, such as `1` or `1.0`; empty for the outermost stage of a pipeline.
    pub place: String,
    /// The stage's class without its package; empty if its metadata could not be read.
    pub class: String,
    /// The name that the save gives the stage; empty if its metadata could not be read.
    pub uid: String,
    /// The stage's folder.
    pub origin: String,
    /// What is wrong.
    pub problem: Box<Problem>,
}

/// What is wrong with a stage.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum Problem {
    /// A file cannot be read.
    #[error(transparent)]
    Bundle(#[from] BundleError),
    /// The metadata are missing or not what Spark writes.
    #[error("the metadata cannot be read: {0}")]
    Metadata(String),
    /// The save is of a version that is not read.
    #[error("saved by Spark {found}{}, which is not read; {hint}", if *.future { ", a future version" } else { "" })]
    Version {
        /// The version found.
        found: String,
        /// Whether it is newer than what is read.
        future: bool,
        /// What to do.
        hint: &'static str,
    },
    /// The class has no reader here.
    #[error("class '{class}' is not supported{}; supported are {supported}", nearest_hint(.nearest))]
    Unsupported {
        /// The class with its package.
        class: String,
        /// The supported class that looks most like it; empty when none does.
        nearest: String,
        /// The supported classes.
        supported: String,
    },
    /// An estimator or unfitted pipeline was saved in place of what `fit` returned.
    #[error(
        "'{class}' is not fitted, so it cannot score: save the PipelineModel or {model} that its fit returns, \
         as in pipeline.fit(data).write().save(path)"
    )]
    Unfitted {
        /// The class with its package.
        class: String,
        /// What its `fit` returns.
        model: String,
    },
    /// Pipelines lie too deep in each other, or are too many.
    #[error("{0}")]
    Nesting(String),
    /// A parameter has a value that Spark would not have written.
    #[error("parameter '{name}' is {found}, expected {expected}")]
    Param {
        /// The parameter.
        name: String,
        /// Its value as JSON, or `missing`.
        found: String,
        /// What was expected.
        expected: String,
    },
    /// The model's data are not what Spark writes.
    #[error("the model data in '{folder}' cannot be read: {reason}; save the model again")]
    Data {
        /// The folder of the data inside the stage's.
        folder: String,
        /// What is wrong.
        reason: String,
    },
    /// The stage does not fit the columns it is given.
    #[error(transparent)]
    Build(#[from] BuildError),
}

fn prefix(place: &str, class: &str, uid: &str, origin: &str) -> String {
    let stage = match (place, class) {
        ("", "") => String::new(),
        ("", class) => format!(" {class} {uid}"),
        (place, "") => format!(" stage {place}"),
        (place, class) => format!(" stage {place} {class} {uid}"),
    };
    format!("{origin}:{stage}{} ", if stage.is_empty() { "" } else { ":" }).replace(":  ", ": ")
}

/// The most letters of a message, and of a value in one.
const MAX_MESSAGE: usize = 3_000;
pub(crate) const MAX_VALUE: usize = 300;

/// A text from a stranger as one line of at most `most` letters: it can neither spoil a log or a terminal nor fill it.
pub(crate) fn plain(text: &str, most: usize) -> String {
    let mut line = String::new();
    for (count, letter) in text.chars().enumerate() {
        match letter {
            _ if count == most => {
                line.push('…');
                break;
            }
            '\n' => line.push(' '),
            letter if letter.is_control() => line.extend(letter.escape_default()),
            letter => line.push(letter),
        }
    }
    line
}

fn nearest_hint(nearest: &str) -> String {
    if nearest.is_empty() { String::new() } else { format!(" (did you mean {nearest}?)") }
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn a_strangers_text_is_one_short_line() {
        assert_eq!(plain("a\nb\u{1b}[31mß", 100), "a b\\u{1b}[31mß");
        assert_eq!(plain("abc", 3), "abc");
        assert_eq!(plain("abcd", 3), "abc…");
    }
}
