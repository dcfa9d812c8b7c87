//! Functions whose arguments are more than texts and numbers: choices by place, masks, formats, hashes, names of types,
//! and casts that are called by the name of a type.

use firesteel_plan::ColumnType;
use firesteel_plan::decimal::DecimalType;
use firesteel_plan::ops::{
    Comparison, DecimalPattern, EvalMode, Expr, Format, IntervalType, JsonPath, Literal, Mask, RowHash,
    TextFunction,
};
use sqlparser::ast;

use super::binaries;
use super::coercion::{argument, is_whole};
use super::decimals::is_decimal;
use super::patterns::literal;
use super::scope::Scope;
use super::value::{Kind, Value};
use super::{formats, functions, texts};

/// The functions here, or `None` for another name.
pub(super) fn function(
    scope: &mut Scope,
    name: &str,
    arguments: &[&ast::Expr],
) -> Option<Result<Value, String>> {
    Some(match (name, arguments) {
        ("elt", [place, texts @ ..]) if !texts.is_empty() => choose(scope, name, place, texts),
        ("parse_url" | "try_parse_url", [_, _] | [_, _, _]) => url_part(scope, name, arguments),
        ("get_json_object", [text, path]) => json_part(scope, name, text, path),
        ("json_array_length", [text]) => of_text(scope, TextFunction::JsonArrayLength, name, text),
        ("json_object_keys", [text]) => only_text(scope, name, text).and_then(|text| {
            let text = argument(text, &ColumnType::String, scope.dialect, name)?;
            Ok(formats::of(Format::JsonKeys, vec![text.expr]))
        }),
        ("soundex", [text]) => of_text(scope, TextFunction::Soundex, name, text),
        ("mask", [text, letters @ ..]) if letters.len() <= 4 => mask(scope, name, text, letters),
        ("format_number", [value, digits]) => format_number(scope, name, value, digits),
        ("hash", [_, ..]) => hash(scope, RowHash::Murmur3, arguments),
        ("xxhash64", [_, ..]) => hash(scope, RowHash::XxHash64, arguments),
        ("typeof", [value]) => type_name(scope, name, value),
        (_, [value]) => return Some(convert(scope, value, named_type(name)?)),
        _ => return None,
    })
}

fn type_name(scope: &mut Scope, name: &str, value: &ast::Expr) -> Result<Value, String> {
    let before = std::mem::replace(&mut scope.collated, false);
    let value = scope.value(value)?;
    if std::mem::replace(&mut scope.collated, before) {
        return Err(format!("{name} of a value with a collation; leave the collation out"));
    }
    let name = if value.kind == Kind::Null { "void".to_owned() } else { value.shown() };
    Ok(Value::literal(Literal::String(name.into()), ColumnType::String))
}

/// The type that a function of its name casts to.
fn named_type(name: &str) -> Option<ColumnType> {
    Some(match name {
        "bigint" => ColumnType::Long,
        "boolean" => ColumnType::Boolean,
        "decimal" => ColumnType::Decimal(DecimalType { precision: 10, scale: 0 }),
        "double" => ColumnType::Double,
        "float" => ColumnType::Float,
        "int" => ColumnType::Int,
        "smallint" => ColumnType::Short,
        "string" => ColumnType::String,
        "tinyint" => ColumnType::Byte,
        _ => return None,
    })
}

fn convert(scope: &mut Scope, value: &ast::Expr, to: ColumnType) -> Result<Value, String> {
    let value = scope.value(value)?;
    scope.cast_value(value, to)
}

/// A text, which is not made of anything else.
fn only_text(scope: &mut Scope, name: &str, text: &ast::Expr) -> Result<Value, String> {
    let value = scope.value(text)?;
    match value.kind {
        Kind::Of(ColumnType::String) | Kind::Null => Ok(value),
        _ => Err(format!("{name} of {}; it takes string, so CAST it", value.shown())),
    }
}

fn of_text(scope: &mut Scope, function: TextFunction, name: &str, text: &ast::Expr) -> Result<Value, String> {
    let value = only_text(scope, name, text)?;
    texts::of(scope, function, name, vec![value])
}

/// A part of a URL. A key is a pattern in Spark, so that it must be one that stands for itself.
fn url_part(scope: &mut Scope, name: &str, arguments: &[&ast::Expr]) -> Result<Value, String> {
    if let Some(key) = arguments.get(2) {
        let key = literal(scope, key, name)?;
        if key.contains(|letter| "\\^$.|?*+()[]{}&=".contains(letter)) {
            return Err(format!("{name} with the key '{key}'; it takes a key without signs of patterns"));
        }
    }
    let values = arguments.iter().map(|text| only_text(scope, name, text)).collect::<Result<_, _>>()?;
    let checked = scope.dialect.ansi && name == "parse_url";
    texts::of(scope, TextFunction::UrlPart { checked }, name, values)
}

/// The part of a JSON text that a path leads to.
fn json_part(scope: &mut Scope, name: &str, text: &ast::Expr, path: &ast::Expr) -> Result<Value, String> {
    let written = literal(scope, path, name)?;
    let path = JsonPath::new(&written).ok_or_else(|| {
        format!("{name} by the path '{written}'; a path is like $.a['b'][0][*], of names, places and [*]")
    })?;
    let value = only_text(scope, name, text)?;
    let text = argument(value, &ColumnType::String, scope.dialect, name)?;
    Ok(formats::of(Format::JsonPart(path), vec![text.expr]))
}

/// The text at a place. Only the rows that take a text can fail at it.
fn choose(scope: &mut Scope, name: &str, place: &ast::Expr, texts: &[&ast::Expr]) -> Result<Value, String> {
    let place = argument(scope.value(place)?, &ColumnType::Int, scope.dialect, name)?;
    let mut values = vec![place.clone()];
    for (at, text) in (1..).zip(texts) {
        scope.charge(place.expr.size())?;
        let text = scope.value(text)?;
        if text.kind == Kind::Binary {
            return Err(format!("{name} of binary; CAST it AS STRING"));
        }
        let text = argument(text, &ColumnType::String, scope.dialect, name)?;
        let here = Expr::Compare {
            comparison: Comparison::Equal,
            left: Box::new(place.expr.clone()),
            right: Box::new(Expr::Literal(Literal::Int(at))),
        };
        let otherwise = Box::new(Expr::Literal(Literal::Null(ColumnType::String)));
        let case = Expr::Case { branches: vec![(here, text.expr)], otherwise };
        values.push(Value::of(case, ColumnType::String));
    }
    texts::of(scope, TextFunction::Choose { checked: scope.dialect.ansi }, name, values)
}

/// A mask. From 3.4 to 4.2 Spark looks at each half of a letter above U+FFFF by itself: the code of `Mask.transformInput`
/// is the same in the `spark-catalyst` jars of 3.4.0, 3.4.4, 3.5.0, 3.5.9, 4.0.0, 4.0.5, 4.1.0, 4.1.4, 4.2.0 and 4.2.1.
fn mask(scope: &mut Scope, name: &str, text: &ast::Expr, letters: &[&ast::Expr]) -> Result<Value, String> {
    let halves = !scope.dialect.version.at_least(4, 3);
    let mut stands = [Some('X'), Some('x'), Some('n'), None];
    for (stands, letter) in stands.iter_mut().zip(letters) {
        let value = scope.value(letter)?;
        let one = match (&value.kind, &value.expr) {
            _ if value.is_null() => Some(None),
            (Kind::Of(_), Expr::Literal(Literal::String(text))) => {
                let mut letters = text.chars().filter(|letter| letter.len_utf16() == 1);
                letters.next().filter(|only| only.len_utf8() == text.len()).map(Some)
            }
            _ => None,
        };
        *stands = one.ok_or_else(|| format!("{name} with '{letter}'; it takes one letter, or NULL"))?;
    }
    let [upper, lower, digit, other] = stands;
    of_text(scope, TextFunction::Mask(Mask { upper, lower, digit, other, halves }), name, text)
}

fn format_number(
    scope: &mut Scope,
    name: &str,
    value: &ast::Expr,
    digits: &ast::Expr,
) -> Result<Value, String> {
    let value = scope.value(value)?;
    let digits = scope.value(digits)?;
    let pattern = match digits.kind {
        Kind::Of(ColumnType::String) => Some(decimal_pattern(scope, name, &digits)?),
        _ => None,
    };
    let shown = value.shown();
    let exact = is_decimal(&value) || matches!(&value.kind, Kind::Of(found) if is_whole(found));
    match value.kind {
        Kind::Of(_) if exact => {
            let (to, mode) = (ColumnType::String, EvalMode::Try);
            let text = Expr::Cast { value: Box::new(value.expr), to: to.clone(), mode };
            match pattern {
                Some(pattern) => Ok(formats::of(Format::PatternOfDecimal(pattern), vec![text])),
                None => {
                    texts::of(scope, TextFunction::FormatDecimal, name, vec![Value::of(text, to), digits])
                }
            }
        }
        Kind::Of(ColumnType::Float | ColumnType::Double) => match pattern {
            Some(pattern) => {
                let value = argument(value, &ColumnType::Double, scope.dialect, name)?;
                Ok(formats::of(Format::PatternOfDouble(pattern), vec![value.expr]))
            }
            None => texts::of(scope, TextFunction::FormatDouble, name, vec![value, digits]),
        },
        _ => Err(format!("{name} of {shown}; CAST it to a number")),
    }
}

fn decimal_pattern(scope: &Scope, name: &str, pattern: &Value) -> Result<DecimalPattern, String> {
    functions::since(scope.dialect, "a pattern of numbers")?;
    let Expr::Literal(Literal::String(written)) = &pattern.expr else {
        return Err(format!("{name} with a pattern that is not a text as it stands"));
    };
    DecimalPattern::new(written).map_err(|found| {
        format!("{name} by the pattern '{written}', which has {found}; a pattern is like '#,##0.00', '0.0%' or '0.##E0'")
    })
}

fn hash(scope: &mut Scope, hash: RowHash, arguments: &[&ast::Expr]) -> Result<Value, String> {
    let values = arguments.iter().map(|argument| scope.value(argument)).collect::<Result<Vec<_>, _>>()?;
    if values.iter().any(|value| value.kind == Kind::Interval(IntervalType::Calendar)) {
        return Err("a hash of an interval of the calendar; CAST it AS STRING".to_owned());
    }
    let (arguments, bytes) = binaries::hashed(values);
    Ok(Value::of(Expr::Hash { hash, bytes, arguments }, hash.answers()))
}
