//! Words that Spark reads as a date or timestamp where they stand as a text in a statement: `CAST('epoch' AS date)`. The
//! texts of a column are not read so.

use firesteel_plan::ColumnType;
use firesteel_plan::ops::{Expr, Literal};

use super::value::{Kind, Value};

/// Words that are another day at each run.
const MOVING: [&str; 4] = ["now", "today", "tomorrow", "yesterday"];

const EPOCH: &str = "epoch";

/// What a text as it stands becomes as a date or timestamp, if it is such a word.
pub(super) fn special(value: &Value, to: &ColumnType) -> Option<Result<Value, String>> {
    match (&value.expr, &value.kind) {
        (Expr::Literal(Literal::String(text)), Kind::Of(ColumnType::String)) => of_text(text, to),
        _ => None,
    }
}

/// What a text as it stands is as a date or timestamp, if it is such a word.
pub(super) fn of_text(text: &str, to: &ColumnType) -> Option<Result<Value, String>> {
    let start = match to {
        ColumnType::Date => Literal::Date(0),
        ColumnType::Timestamp => Literal::Timestamp(0),
        ColumnType::TimestampNtz => Literal::TimestampNtz(0),
        _ => return None,
    };
    let lower = text.trim().to_ascii_lowercase();
    let word = lower.split(|letter: char| !letter.is_ascii_alphabetic()).next()?;
    if word != EPOCH && !MOVING.contains(&word) {
        return None;
    }
    Some(match lower == EPOCH {
        true => Ok(Value::literal(start, to.clone())),
        false if word == EPOCH => Err(format!("'{text}' as a {to}; it is read as 'epoch', without a zone")),
        false => Err(format!(
            "'{text}' as a {to}, new at each run; a model answers the same each time; give it as a column"
        )),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_told_from_texts() {
        let shown =
            |text: &str| of_text(text, &ColumnType::Date).map(|value| value.map(|value| value.shown()));
        assert_eq!(shown(" Epoch "), Some(Ok("date".to_owned())));
        assert!(
            shown("today UTC")
                .is_some_and(|found| found.is_err_and(|error| error.contains("new at each run")))
        );
        assert!(shown("epoch Z").is_some_and(|found| found.is_err()));
        assert!(shown("2020-01-01").is_none() && shown("").is_none() && shown("nowhere").is_none());
        assert!(of_text("now", &ColumnType::Int).is_none());
    }
}
