//! Functions of texts. What is no text is cast to one, as Spark does by itself.

use firesteel_plan::ColumnType;
use firesteel_plan::ops::{Comparison, Expr, Literal, TextFunction};
use sqlparser::ast;

use super::binaries;
use super::coercion::argument;
use super::lists;
use super::scope::Scope;
use super::value::{Kind, Value};

/// The functions of texts, or `None` for another name.
pub(super) fn function(
    scope: &mut Scope,
    name: &str,
    arguments: &[&ast::Expr],
) -> Option<Result<Value, String>> {
    let function = match (name, arguments.len()) {
        ("concat", 1..) => TextFunction::Concat,
        ("concat_ws", 2..) => TextFunction::Join,
        ("upper" | "ucase", 1) => TextFunction::Upper,
        ("lower" | "lcase", 1) => TextFunction::Lower,
        ("length" | "len" | "char_length" | "character_length", 1) => TextFunction::Length,
        ("trim" | "btrim", 1) => TextFunction::Trim,
        ("ltrim", 1) => TextFunction::TrimStart,
        ("rtrim", 1) => TextFunction::TrimEnd,
        ("btrim", 2) => TextFunction::TrimLetters,
        ("reverse", 1) => TextFunction::Reverse,
        ("substring" | "substr", 2) => TextFunction::SubstringFrom,
        ("substring" | "substr", 3) => TextFunction::Substring,
        ("replace", 3) => TextFunction::Replace,
        ("instr", 2) => TextFunction::Find,
        ("lpad", 2 | 3) => TextFunction::PadStart,
        ("rpad", 2 | 3) => TextFunction::PadEnd,
        ("initcap", 1) => TextFunction::Capitalize { full: scope.dialect.ansi },
        ("locate" | "position", 2 | 3) => TextFunction::Locate,
        ("translate", 3) => TextFunction::Translate,
        ("repeat", 2) => TextFunction::Repeat,
        ("startswith", 2) => TextFunction::StartsWith,
        ("endswith", 2) => TextFunction::EndsWith,
        ("contains", 2) => TextFunction::Contains,
        ("ascii", 1) => TextFunction::Ascii,
        ("chr" | "char", 1) => TextFunction::Chr,
        ("bit_length", 1) => TextFunction::BitLength,
        ("octet_length", 1) => TextFunction::OctetLength,
        ("substring_index", 3) => TextFunction::SubstringIndex,
        ("overlay", 3 | 4) => TextFunction::Overlay,
        ("levenshtein", 2) => TextFunction::Levenshtein,
        ("levenshtein", 3) => TextFunction::LevenshteinWithin,
        ("jaro_winkler_similarity", 2) => TextFunction::JaroWinkler,
        ("find_in_set", 2) => TextFunction::FindInSet,
        ("split_part", 3) => TextFunction::SplitPart,
        ("bin", 1) => TextFunction::Binary,
        ("hex", 1) => TextFunction::Hex,
        ("md5", 1) => TextFunction::Md5,
        ("sha" | "sha1", 1) => TextFunction::Sha1,
        ("sha2", 2) => TextFunction::Sha2,
        ("crc32", 1) => TextFunction::Crc32,
        ("conv", 3) => TextFunction::Conv { checked: scope.dialect.ansi },
        ("url_encode", 1) => TextFunction::UrlEncode,
        ("url_decode", 1) => TextFunction::UrlDecode { checked: true },
        ("try_url_decode", 1) => TextFunction::UrlDecode { checked: false },
        ("quote", 1) => TextFunction::Quote,
        ("luhn_check", 1) => TextFunction::Luhn,
        // The letters to take off stand first.
        ("ltrim", 2) => return Some(trim(scope, TextFunction::TrimLettersStart, arguments[1], arguments[0])),
        ("rtrim", 2) => return Some(trim(scope, TextFunction::TrimLettersEnd, arguments[1], arguments[0])),
        ("left" | "right", 2) => return Some(side(scope, name, arguments[0], arguments[1])),
        ("space", 1) => {
            let count = scope.value(arguments[0]);
            let blank = literal(" ");
            return Some(count.and_then(|count| of(scope, TextFunction::Repeat, name, vec![blank, count])));
        }
        _ => return None,
    };
    Some(call(scope, function, name, arguments))
}

/// Lowers the arguments of a function, with those that stand for themselves.
pub(super) fn call(
    scope: &mut Scope,
    function: TextFunction,
    name: &str,
    arguments: &[&ast::Expr],
) -> Result<Value, String> {
    let mut values = arguments.iter().map(|argument| scope.value(argument)).collect::<Result<Vec<_>, _>>()?;
    if values.iter().any(lists::is_list) {
        return lists::of_lists(scope, name, values);
    }
    if let Some(made) = binaries::of_bytes(scope, function, name, &values) {
        return made;
    }
    let default = match function {
        TextFunction::PadStart | TextFunction::PadEnd => Some(literal(" ")),
        TextFunction::Locate => Some(int(1)),
        TextFunction::Overlay => Some(int(-1)),
        _ => None,
    };
    if values.len() < function.types(values.len()).len() {
        values.extend(default);
    }
    let text = values.first().is_some_and(|value| value.kind == Kind::Of(ColumnType::String));
    let function = if function == TextFunction::Hex && text { TextFunction::HexBytes } else { function };
    of(scope, function, name, values)
}

/// A function of values.
pub(super) fn of(
    scope: &Scope,
    function: TextFunction,
    name: &str,
    values: Vec<Value>,
) -> Result<Value, String> {
    let types = function.types(values.len());
    let values = values.into_iter().zip(&types);
    let arguments = values.map(|(value, asked)| Ok(argument(value, asked, scope.dialect, name)?.expr));
    let arguments = arguments.collect::<Result<Vec<_>, String>>()?;
    Ok(Value::of(Expr::Text { function, arguments }, function.answers()))
}

/// Without these letters at its ends.
pub(super) fn trim(
    scope: &mut Scope,
    function: TextFunction,
    text: &ast::Expr,
    letters: &ast::Expr,
) -> Result<Value, String> {
    let values = vec![scope.value(text)?, scope.value(letters)?];
    of(scope, function, "trim", values)
}

/// So many letters from the start or the end; nothing for a number below 1.
fn side(scope: &mut Scope, name: &str, text: &ast::Expr, count: &ast::Expr) -> Result<Value, String> {
    let text = scope.value(text)?;
    if name == "left" && text.kind == Kind::Binary {
        let count = scope.value(count)?;
        return binaries::left(scope, name, text, count);
    }
    let text = argument(text, &ColumnType::String, scope.dialect, name)?;
    let count = argument(scope.value(count)?, &ColumnType::Int, scope.dialect, name)?;
    if name == "left" {
        return of(scope, TextFunction::Substring, name, vec![text, int(1), count]);
    }
    scope.charge(text.expr.size() + count.expr.size())?;
    let below = Expr::Compare {
        comparison: Comparison::LessOrEqual,
        left: Box::new(count.expr.clone()),
        right: Box::new(int(0).expr),
    };
    let from = Expr::Negate { value: Box::new(count.expr), checked: false };
    let arguments = vec![text.expr.clone(), from];
    let end = Expr::Text { function: TextFunction::SubstringFrom, arguments };
    let null = Expr::Literal(Literal::Null(ColumnType::String));
    let branches = vec![(Expr::IsNull(Box::new(text.expr)), null), (below, literal("").expr)];
    Ok(Value::of(Expr::Case { branches, otherwise: Box::new(end) }, ColumnType::String))
}

fn literal(text: &str) -> Value {
    Value::literal(Literal::String(text.into()), ColumnType::String)
}

fn int(value: i32) -> Value {
    Value::literal(Literal::Int(value), ColumnType::Int)
}
