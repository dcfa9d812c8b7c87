//! The functions that a statement may call.

use firesteel_plan::ColumnType;
use firesteel_plan::ops::{Comparison, Expr, Literal, TextFunction};
use sqlparser::ast::{self, Function, FunctionArg, FunctionArgExpr, FunctionArguments, TrimWhereField};

use crate::support::nearest;

use super::coercion::{common, compared};
use super::expression::negate;
use super::names::{ELSEWHERE, KNOWN, SINCE};
use super::scope::{Dialect, Scope};
use super::value::{Kind, Value};
use super::{
    binaries, choices, ciphers, date_units, dates, formats, interval_literals, intervals, lists, numbers,
    patterns, texts, writings,
};

/// The most names that are shown in place of one, and the most letters of that.
const MEANT: usize = 3;
const MAX_SHOWN: usize = 80;

/// Lowers what is called by a name, also where the parser has a form of its own for it.
pub(super) fn call(scope: &mut Scope, expr: &ast::Expr) -> Result<Value, String> {
    match expr {
        ast::Expr::Function(function) => {
            let (name, arguments) = plain(function)?;
            named(scope, &name, &arguments)
        }
        ast::Expr::Substring { expr, substring_from: Some(from), substring_for, .. } => {
            let length = substring_for.as_deref();
            let arguments: Vec<&ast::Expr> =
                [expr.as_ref(), from.as_ref()].into_iter().chain(length).collect();
            named(scope, "substring", &arguments)
        }
        ast::Expr::Trim { trim_where, trim_what, expr, trim_characters: None } => {
            let (name, function) = match trim_where {
                Some(TrimWhereField::Leading) => ("ltrim", TextFunction::TrimLettersStart),
                Some(TrimWhereField::Trailing) => ("rtrim", TextFunction::TrimLettersEnd),
                Some(TrimWhereField::Both) | None => ("trim", TextFunction::TrimLetters),
            };
            match trim_what {
                None => named(scope, name, &[expr]),
                Some(letters) => texts::trim(scope, function, expr, letters),
            }
        }
        ast::Expr::Position { expr, r#in } => named(scope, "position", &[expr, r#in]),
        ast::Expr::Overlay { expr, overlay_what, overlay_from, overlay_for } => {
            let length = overlay_for.as_deref();
            let arguments: Vec<&ast::Expr> =
                [expr.as_ref(), overlay_what, overlay_from].into_iter().chain(length).collect();
            named(scope, "overlay", &arguments)
        }
        ast::Expr::Extract { field, expr, .. } => dates::extract(scope, &field.to_string(), expr),
        ast::Expr::Subquery(_) | ast::Expr::InSubquery { .. } | ast::Expr::Exists { .. } => {
            Err("a sub-query".to_owned())
        }
        ast::Expr::Interval(interval) => interval_literals::lower(scope, interval),
        other => Err(format!("'{other}'")),
    }
}

/// The name in small letters and the arguments of a call that has nothing else.
fn plain(function: &Function) -> Result<(String, Vec<&ast::Expr>), String> {
    let name = function.name.to_string().to_ascii_lowercase();
    if function.over.is_some() {
        return Err(format!("the window of the function {name} (OVER); rows are scored one by one"));
    }
    if let Some((what, _, hint)) = ELSEWHERE.iter().find(|(_, names, _)| names.contains(&name.as_str())) {
        return Err(format!("the function {name}, {what}; {hint}"));
    }
    let other = || format!("the call '{function}'");
    let FunctionArguments::List(list) = &function.args else { return Err(other()) };
    let more = function.filter.is_some()
        || function.null_treatment.is_some()
        || !function.within_group.is_empty()
        || function.uses_odbc_syntax
        || !matches!(function.parameters, FunctionArguments::None)
        || list.duplicate_treatment.is_some()
        || !list.clauses.is_empty();
    if more {
        return Err(other());
    }
    let arguments = list.args.iter().map(|argument| match argument {
        FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => Ok(expr),
        _ => Err(other()),
    });
    Ok((name, arguments.collect::<Result<_, _>>()?))
}

fn named(scope: &mut Scope, name: &str, arguments: &[&ast::Expr]) -> Result<Value, String> {
    match (name, arguments) {
        ("isnull", [value]) => Ok(Value::boolean(Expr::IsNull(Box::new(scope.value(value)?.expr)))),
        ("isnotnull", [value]) => Ok(negate(Expr::IsNull(Box::new(scope.value(value)?.expr)), true)),
        ("equal_null", [left, right]) => {
            Ok(Value::boolean(scope.compare(Comparison::NullSafeEqual, left, right)?))
        }
        ("if", [condition, then, otherwise]) => {
            let condition = scope.condition(condition)?;
            let values = vec![scope.value(then)?, scope.value(otherwise)?];
            scope.choose(vec![condition], values, name)
        }
        ("nvl2", [value, then, otherwise]) => {
            let null = Expr::IsNull(Box::new(scope.value(value)?.expr));
            let values = vec![scope.value(then)?, scope.value(otherwise)?];
            scope.choose(vec![Expr::Not(Box::new(null))], values, name)
        }
        ("nullif", [value, other]) => nullif(scope, value, other),
        ("coalesce", [_, ..]) | ("ifnull" | "nvl", [_, _]) => {
            let (values, kind) = of_one_type(scope, name, arguments)?;
            Ok(Value { expr: Expr::Coalesce(values), kind })
        }
        ("greatest" | "least", [_, _, ..]) => {
            let (values, kind) = of_one_type(scope, name, arguments)?;
            Ok(Value { expr: Expr::Extreme { values, greatest: name == "greatest" }, kind })
        }
        _ => of_kind(scope, name, arguments),
    }
}

/// The functions of numbers, texts and dates.
fn of_kind(scope: &mut Scope, name: &str, arguments: &[&ast::Expr]) -> Result<Value, String> {
    since(scope.dialect, name)?;
    for function in [
        binaries::function,
        choices::function,
        ciphers::function,
        date_units::function,
        numbers::function,
        texts::function,
        patterns::function,
        lists::function,
        dates::function,
        formats::function,
        intervals::function,
        writings::function,
    ] {
        if let Some(value) = function(scope, name, arguments) {
            return value;
        }
    }
    if KNOWN.split(", ").any(|known| known == name) {
        return Err(format!("the function {name} with {} arguments", arguments.len()));
    }
    Err(unknown(name))
}

/// What to say of a function that is not read.
fn unknown(name: &str) -> String {
    let near = nearest(name, KNOWN.split(", "), name.chars().count() / 3, MEANT);
    let meant = match near.split_last() {
        None => String::new(),
        Some((last, [])) => format!(" (did you mean {last}?)"),
        Some((last, others)) => format!(" (did you mean {} or {last}?)", others.join(", ")),
    };
    let name: String = name.chars().take(MAX_SHOWN).collect();
    format!(
        "the function {name}, which is not supported{meant}; docs/stages/SQLTransformer.md lists those that are"
    )
}

/// Refuses a function that the saving version does not have, or computes in another way.
pub(super) fn since(dialect: Dialect, name: &str) -> Result<(), String> {
    match SINCE.iter().find(|(known, ..)| *known == name) {
        Some((_, major, minor)) if !dialect.version.at_least(*major, *minor) => Err(format!(
            "the function {name} in a save of Spark {}; it is read in saves of {major}.{minor} and newer",
            dialect.version
        )),
        _ => Ok(()),
    }
}

fn of_one_type(scope: &mut Scope, name: &str, arguments: &[&ast::Expr]) -> Result<(Vec<Expr>, Kind), String> {
    let values = arguments.iter().map(|argument| scope.value(argument)).collect::<Result<Vec<_>, _>>()?;
    let text = |value: &Value| value.kind == Kind::Of(ColumnType::String);
    let mixed =
        values.iter().any(text) && !values.iter().all(|value| text(value) || value.kind == Kind::Null);
    if mixed && !scope.dialect.ansi && matches!(name, "greatest" | "least") {
        return Err(format!("{name} of texts and other values; CAST them to one type"));
    }
    let (values, found) = common(values, scope.dialect, name)?;
    Ok((values.into_iter().map(|value| value.expr).collect(), found))
}

/// One text behind the other: the operator `||`.
pub(super) fn concat(scope: &mut Scope, arguments: &[&ast::Expr]) -> Result<Value, String> {
    texts::call(scope, TextFunction::Concat, "||", arguments)
}

fn nullif(scope: &mut Scope, value: &ast::Expr, other: &ast::Expr) -> Result<Value, String> {
    let kept = scope.value(value)?;
    scope.charge(kept.expr.size())?;
    let other = scope.value(other)?;
    let null = match &kept.kind {
        Kind::Of(found) => Value::literal(Literal::Null(found.clone()), found.clone()),
        Kind::Binary => Value { expr: Expr::Literal(Literal::Null(ColumnType::String)), kind: Kind::Binary },
        Kind::Interval(of) => interval_literals::null(*of),
        Kind::Null => return Err(format!("nullif of {}", kept.shown())),
    };
    let [left, right] = compared(kept.clone(), other, scope.dialect, "nullif")?;
    let equal = Expr::Compare {
        comparison: Comparison::Equal,
        left: Box::new(left.expr),
        right: Box::new(right.expr),
    };
    scope.choose(vec![equal], vec![null, kept], "nullif")
}
