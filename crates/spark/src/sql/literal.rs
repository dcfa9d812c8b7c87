//! Literals as Spark reads them.
//!
//! `1` is an `int`, or a `bigint` if it must; `1L`, `1S`, `1Y`, `1D` and `1F` say their type; `1.5` is a decimal, and
//! so is `1e3` before Spark 3, a double since.

use firesteel_plan::ColumnType;
use firesteel_plan::ops::{Expr, Literal};

use super::scope::Dialect;
use super::value::{Kind, Value};

/// The most digits of a decimal that a double tells apart from all others of as many digits.
pub(super) const EXACT_DIGITS: usize = 15;

/// The most digits that Spark's decimals have.
const MAX_DIGITS: usize = 38;

/// A number as it stands, with a minus in front where `negative`.
pub(super) fn number(text: &str, long: bool, negative: bool, dialect: Dialect) -> Result<Value, String> {
    let unknown = || format!("the number '{text}'");
    let signed = |digits: &str| format!("{}{digits}", if negative { "-" } else { "" });
    let (digits, suffix) = match text.char_indices().find(|(_, letter)| letter.is_ascii_alphabetic()) {
        Some((at, 'e' | 'E')) => {
            let end = text[at + 1..].find(|letter: char| letter.is_ascii_alphabetic());
            text.split_at(end.map_or(text.len(), |end| at + 1 + end))
        }
        Some((at, _)) => text.split_at(at),
        None => (text, ""),
    };
    let suffix = if long { "L".to_owned() } else { suffix.to_ascii_uppercase() };
    let signed = signed(digits);
    let read = match suffix.as_str() {
        "L" => signed.parse().ok().map(|value| Value::literal(Literal::Long(value), ColumnType::Long)),
        "S" => signed.parse().ok().map(|value| Value::literal(Literal::Short(value), ColumnType::Short)),
        "Y" => signed.parse().ok().map(|value| Value::literal(Literal::Byte(value), ColumnType::Byte)),
        "D" => double(&signed).map(|value| Value::literal(Literal::Double(value), ColumnType::Double)),
        "F" if dialect.since_3 => {
            let value = signed.parse().ok().filter(|value: &f32| value.is_finite());
            value.map(|value| Value::literal(Literal::Float(value), ColumnType::Float))
        }
        "" if digits.contains(['e', 'E']) && dialect.since_3 => {
            double(&signed).map(|value| Value::literal(Literal::Double(value), ColumnType::Double))
        }
        "" if digits.bytes().all(|byte| byte.is_ascii_digit()) => whole(&signed),
        "" => decimal(&signed),
        _ => None,
    };
    read.ok_or_else(unknown)
}

fn whole(text: &str) -> Option<Value> {
    if let Ok(value) = text.parse() {
        return Some(Value::literal(Literal::Int(value), ColumnType::Int));
    }
    text.parse().ok().map(|value| Value::literal(Literal::Long(value), ColumnType::Long))
}

fn double(text: &str) -> Option<f64> {
    text.parse().ok().filter(|value: &f64| value.is_finite())
}

fn decimal(text: &str) -> Option<Value> {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    if digits > MAX_DIGITS || text.contains(['e', 'E']) {
        return None;
    }
    // Decimals know no negative zero.
    let expr = Expr::Literal(Literal::Double(double(text)? + 0.0));
    Some(Value { expr, kind: Kind::Decimal { digits } })
}

/// A text as it stands between its quotes.
pub(super) fn text(raw: &str) -> Result<&str, String> {
    if raw.contains(['\\', '\'', '"']) {
        return Err(format!("the text '{raw}', which holds a quote or a backslash"));
    }
    if raw.contains("__THIS__") {
        return Err("__THIS__ in a text".to_owned());
    }
    Ok(raw)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_sparks_types() {
        let new = Dialect { since_3: true, ansi: false };
        let shown = |text: &str, dialect| {
            number(text, false, true, dialect).map_or_else(|error| error, |value| value.shown())
        };
        let cases = [
            ("1", "int"),
            ("2147483648", "int"),
            ("2147483649", "bigint"),
            ("1L", "bigint"),
            ("1s", "smallint"),
            ("1Y", "tinyint"),
            ("1.5", "a decimal"),
            ("1.5D", "double"),
            ("1e3", "double"),
            ("1e3D", "double"),
            (".5", "a decimal"),
            ("1.5F", "float"),
            ("300Y", "the number '300Y'"),
            ("1.5BD", "the number '1.5BD'"),
            ("9223372036854775809", "the number '9223372036854775809'"),
        ];
        for (text, expected) in cases {
            assert_eq!(shown(text, new), expected, "{text}");
        }
        let old = Dialect { since_3: false, ansi: false };
        assert_eq!(shown("1e3", old), "the number '1e3'");
    }
}
