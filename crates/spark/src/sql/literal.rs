//! Literals as Spark reads them.
//!
//! `1` is an `int`, or a `bigint` if it must; `1L`, `1S`, `1Y`, `1D` and `1F` say their type; `1.5` is a decimal, and
//! so is `1e3` before Spark 3, a double since.

use firesteel_plan::ColumnType;
use firesteel_plan::decimal::{DecimalType, MAX_DIGITS};
use firesteel_plan::ops::Literal;

use super::scope::Dialect;
use super::value::Value;

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
        "BD" if dialect.since_3 => decimal(&signed),
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
    let (before, behind) = text.split_once('.').unwrap_or((text, ""));
    let value: i128 = format!("{before}{behind}").parse().ok()?;
    let scale = u8::try_from(behind.len()).ok().filter(|scale| *scale <= MAX_DIGITS)?;
    let digits = u8::try_from(value.unsigned_abs().to_string().len()).ok()?;
    let of = DecimalType { precision: digits.max(scale), scale };
    (digits <= MAX_DIGITS).then(|| Value::literal(Literal::Decimal(value, of), ColumnType::Decimal(of)))
}

/// A text between quotes, with what its backslashes stand for.
pub(super) fn text(raw: &str, quote: char, dialect: Dialect) -> Result<String, String> {
    if raw.contains("__THIS__") {
        return Err("__THIS__ in a text".to_owned());
    }
    let mut read = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(letter) = rest.chars().next() {
        rest = &rest[letter.len_utf8()..];
        match letter {
            '\\' => rest = escape(rest, &mut read),
            // Two quotes were two texts side by side before Spark 4.
            _ if letter == quote => {
                rest = rest.strip_prefix(quote).unwrap_or(rest);
                if dialect.ansi {
                    read.push(quote);
                }
            }
            letter => read.push(letter),
        }
    }
    Ok(read)
}

/// Reads what follows a backslash, and gives what is left.
fn escape<'a>(rest: &'a str, read: &mut String) -> &'a str {
    let code = |from: usize, to: usize, base: u32| {
        let code = rest.get(from..to).and_then(|digits| u32::from_str_radix(digits, base).ok());
        code.and_then(char::from_u32)
    };
    let octal = rest.starts_with(['0', '1']);
    let (letter, taken) = match rest.as_bytes().first() {
        Some(b'u') if code(1, 5, 16).is_some() => (code(1, 5, 16), 5),
        Some(b'U') if code(1, 9, 16).is_some() => (code(1, 9, 16), 9),
        Some(_) if octal && code(0, 3, 8).is_some() => (code(0, 3, 8), 3),
        _ => (None, 0),
    };
    if let Some(letter) = letter {
        read.push(letter);
        return &rest[taken..];
    }
    let Some(letter) = rest.chars().next() else { return rest };
    match letter {
        '0' => read.push('\0'),
        'b' => read.push('\u{8}'),
        'n' => read.push('\n'),
        'r' => read.push('\r'),
        't' => read.push('\t'),
        'Z' => read.push('\u{1a}'),
        // A pattern takes these apart.
        '%' | '_' => read.extend(['\\', letter]),
        letter => read.push(letter),
    }
    &rest[letter.len_utf8()..]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::version::Version;

    fn dialect(major: u32) -> Dialect {
        Dialect::of(Version { major, minor: 0, patch: 0 })
    }

    #[test]
    fn backslashes_stand_for_letters() {
        let old = dialect(3);
        let read = |raw: &str| text(raw, '\'', old).unwrap();
        assert_eq!(read(r"a\'b\\c\n\t\u0041\101\x\%"), "a'b\\c\n\tAAx\\%");
        assert_eq!((read("it''s"), read(r"\u00"), read("\\")), ("its".into(), "u00".into(), String::new()));
        assert_eq!(text("it''s", '\'', dialect(4)).unwrap(), "it's");
        assert!(text("__THIS__", '\'', old).is_err());
    }

    #[test]
    fn numbers_have_sparks_types() {
        let new = dialect(3);
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
            ("1.5", "decimal(2,1)"),
            ("1.5D", "double"),
            ("1e3", "double"),
            ("1e3D", "double"),
            (".5", "decimal(1,1)"),
            ("0.050", "decimal(3,3)"),
            ("7BD", "decimal(1,0)"),
            ("1.5F", "float"),
            ("300Y", "the number '300Y'"),
            ("1.5BD", "decimal(2,1)"),
            ("1e3BD", "the number '1e3BD'"),
            ("9223372036854775809", "the number '9223372036854775809'"),
        ];
        for (text, expected) in cases {
            assert_eq!(shown(text, new), expected, "{text}");
        }
        let old = dialect(2);
        assert_eq!(shown("1e3", old), "the number '1e3'");
    }
}
