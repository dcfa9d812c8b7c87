//! The functions that a statement may call.

use firesteel_plan::ColumnType;
use firesteel_plan::ops::{Arithmetic, Comparison, Expr, Literal, MathFunction, TextFunction};
use sqlparser::ast::{
    self, CeilFloorKind, DateTimeField, Function, FunctionArg, FunctionArgExpr, FunctionArguments,
    TrimWhereField,
};

use super::coercion::{common, compared, double, exactly};
use super::expression::negate;
use super::scope::Scope;
use super::value::{Kind, Value};

/// The functions, as the error for any other lists them.
const KNOWN: &str = "abs, bround, cbrt, ceil, ceiling, char_length, character_length, coalesce, concat, concat_ws, exp, \
                     expm1, floor, greatest, if, ifnull, instr, isnan, isnotnull, isnull, lcase, least, length, ln, log, \
                     log10, log1p, log2, lower, ltrim, mod, nanvl, negative, nullif, nvl, nvl2, pow, power, replace, \
                     reverse, rint, round, rtrim, sign, signum, sqrt, substr, substring, trim, ucase, upper";

/// Lowers what is called by a name, also where the parser has a form of its own for it.
pub(super) fn call(scope: &mut Scope, expr: &ast::Expr) -> Result<Value, String> {
    match expr {
        ast::Expr::Function(function) => {
            let (name, arguments) = plain(function)?;
            named(scope, &name, &arguments)
        }
        ast::Expr::Ceil { expr, field: CeilFloorKind::DateTimeField(DateTimeField::NoDateTime) } => {
            named(scope, "ceil", &[expr])
        }
        ast::Expr::Floor { expr, field: CeilFloorKind::DateTimeField(DateTimeField::NoDateTime) } => {
            named(scope, "floor", &[expr])
        }
        ast::Expr::Substring { expr, substring_from: Some(from), substring_for, .. } => {
            let length = substring_for.as_deref();
            let arguments: Vec<&ast::Expr> =
                [expr.as_ref(), from.as_ref()].into_iter().chain(length).collect();
            named(scope, "substring", &arguments)
        }
        ast::Expr::Trim { trim_where, trim_what: None, expr, trim_characters: None } => {
            let name = match trim_where {
                Some(TrimWhereField::Leading) => "ltrim",
                Some(TrimWhereField::Trailing) => "rtrim",
                Some(TrimWhereField::Both) | None => "trim",
            };
            named(scope, name, &[expr])
        }
        ast::Expr::Subquery(_) | ast::Expr::InSubquery { .. } | ast::Expr::Exists { .. } => {
            Err("a sub-query".to_owned())
        }
        other => Err(format!("'{other}'")),
    }
}

/// The name in small letters and the arguments of a call that has nothing else.
fn plain(function: &Function) -> Result<(String, Vec<&ast::Expr>), String> {
    let name = function.name.to_string().to_ascii_lowercase();
    if function.over.is_some() {
        return Err(format!("the window of the function {name} (OVER)"));
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
        ("abs" | "negative", [value]) => sign(scope, name, value),
        ("mod", [left, right]) => {
            let (left, right) = (scope.value(left)?, scope.value(right)?);
            scope.arithmetic(Arithmetic::Remainder, left, right, name)
        }
        ("round" | "bround", [value, ..]) if arguments.len() <= 2 => {
            round(scope, name, value, arguments.get(1).copied())
        }
        ("ceil" | "ceiling" | "floor", [value]) => whole(scope, name, value),
        ("isnull", [value]) => Ok(Value::boolean(Expr::IsNull(Box::new(scope.value(value)?.expr)))),
        ("isnotnull", [value]) => Ok(negate(Expr::IsNull(Box::new(scope.value(value)?.expr)), true)),
        ("isnan", [value]) => {
            let value = double(scope.value(value)?, name)?;
            Ok(Value::boolean(Expr::IsNan(Box::new(value.expr))))
        }
        ("nanvl", [value, other]) => nanvl(scope, value, other),
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
            let (values, found) = of_one_type(scope, name, arguments)?;
            Ok(Value::of(Expr::Coalesce(values), found))
        }
        ("greatest" | "least", [_, _, ..]) => {
            let (values, found) = of_one_type(scope, name, arguments)?;
            Ok(Value::of(Expr::Extreme { values, greatest: name == "greatest" }, found))
        }
        ("concat", [_, ..]) => concat(scope, arguments),
        ("concat_ws", [_, _, ..]) => text(scope, TextFunction::Join, name, arguments),
        _ => simple(scope, name, arguments),
    }
}

/// The functions of doubles or of texts that convert nothing else.
fn simple(scope: &mut Scope, name: &str, arguments: &[&ast::Expr]) -> Result<Value, String> {
    let function = match (name, arguments.len()) {
        ("sqrt", 1) => Ok(MathFunction::Sqrt),
        ("cbrt", 1) => Ok(MathFunction::Cbrt),
        ("exp", 1) => Ok(MathFunction::Exp),
        ("expm1", 1) => Ok(MathFunction::Expm1),
        ("ln" | "log", 1) => Ok(MathFunction::Ln),
        ("log", 2) => Ok(MathFunction::Log),
        ("log1p", 1) => Ok(MathFunction::Log1p),
        ("log2", 1) => Ok(MathFunction::Log2),
        ("log10", 1) => Ok(MathFunction::Log10),
        ("pow" | "power", 2) => Ok(MathFunction::Power),
        ("rint", 1) => Ok(MathFunction::Rint),
        ("sign" | "signum", 1) => Ok(MathFunction::Signum),
        ("upper" | "ucase", 1) => Err(TextFunction::Upper),
        ("lower" | "lcase", 1) => Err(TextFunction::Lower),
        ("length" | "char_length" | "character_length", 1) => Err(TextFunction::Length),
        ("trim", 1) => Err(TextFunction::Trim),
        ("ltrim", 1) => Err(TextFunction::TrimStart),
        ("rtrim", 1) => Err(TextFunction::TrimEnd),
        ("reverse", 1) => Err(TextFunction::Reverse),
        ("substring" | "substr", 2) => Err(TextFunction::SubstringFrom),
        ("substring" | "substr", 3) => Err(TextFunction::Substring),
        ("replace", 3) => Err(TextFunction::Replace),
        ("instr", 2) => Err(TextFunction::Find),
        _ if KNOWN.split(", ").any(|known| known == name) => {
            return Err(format!("the function {name} with {} arguments", arguments.len()));
        }
        _ => return Err(format!("the function {name}; supported are {KNOWN}")),
    };
    match function {
        Ok(function) => {
            let doubles = arguments.iter().map(|argument| Ok(double(scope.value(argument)?, name)?.expr));
            let arguments = doubles.collect::<Result<Vec<_>, String>>()?;
            Ok(Value::of(Expr::Math { function, arguments }, ColumnType::Double))
        }
        Err(function) => text(scope, function, name, arguments),
    }
}

fn of_one_type(
    scope: &mut Scope,
    name: &str,
    arguments: &[&ast::Expr],
) -> Result<(Vec<Expr>, ColumnType), String> {
    let values = arguments.iter().map(|argument| scope.value(argument)).collect::<Result<Vec<_>, _>>()?;
    let (values, found) = common(values, scope.dialect, name)?;
    Ok((values.into_iter().map(|value| value.expr).collect(), found))
}

/// One text behind the other; also the operator `||`.
pub(super) fn concat(scope: &mut Scope, arguments: &[&ast::Expr]) -> Result<Value, String> {
    text(scope, TextFunction::Concat, "concat", arguments)
}

fn text(
    scope: &mut Scope,
    function: TextFunction,
    name: &str,
    arguments: &[&ast::Expr],
) -> Result<Value, String> {
    let asked = |place: usize| match (function, place) {
        (TextFunction::Substring | TextFunction::SubstringFrom, 1 | 2) => ColumnType::Int,
        _ => ColumnType::String,
    };
    let mut lowered = Vec::with_capacity(arguments.len());
    for (place, argument) in arguments.iter().enumerate() {
        let value = scope.value(argument)?;
        let value = match value.kind {
            Kind::Of(ColumnType::Byte | ColumnType::Short) if asked(place) == ColumnType::Int => {
                value.widened(&ColumnType::Int)
            }
            _ => Some(value),
        };
        let value = value.ok_or_else(|| name.to_owned())?;
        lowered.push(exactly(value, &asked(place), name)?.expr);
    }
    let answers = match function {
        TextFunction::Length | TextFunction::Find => ColumnType::Int,
        _ => ColumnType::String,
    };
    Ok(Value::of(Expr::Text { function, arguments: lowered }, answers))
}

fn sign(scope: &mut Scope, name: &str, value: &ast::Expr) -> Result<Value, String> {
    let value = scope.value(value)?;
    let Kind::Of(found) = value.kind.clone() else {
        return Err(format!("{name} of {}", value.shown()));
    };
    if !found.is_numeric() {
        return Err(format!("{name} of {found}; CAST it to a number"));
    }
    let (checked, value) = (scope.dialect.ansi, Box::new(value.expr));
    let expr =
        if name == "abs" { Expr::Absolute { value, checked } } else { Expr::Negate { value, checked } };
    Ok(Value::of(expr, found))
}

/// Integers stay as they are, as 64 bits.
fn whole(scope: &mut Scope, name: &str, value: &ast::Expr) -> Result<Value, String> {
    let value = scope.value(value)?;
    if matches!(
        value.kind,
        Kind::Of(ColumnType::Byte | ColumnType::Short | ColumnType::Int | ColumnType::Long)
    ) {
        return value.widened(&ColumnType::Long).ok_or_else(|| name.to_owned());
    }
    if matches!(value.kind, Kind::Decimal { .. }) {
        return Err(format!("{name} of a decimal"));
    }
    let function = if name == "floor" { MathFunction::Floor } else { MathFunction::Ceil };
    let arguments = vec![double(value, name)?.expr];
    Ok(Value::of(Expr::Math { function, arguments }, ColumnType::Long))
}

fn round(
    scope: &mut Scope,
    name: &str,
    value: &ast::Expr,
    digits: Option<&ast::Expr>,
) -> Result<Value, String> {
    let digits = match digits {
        None => 0,
        Some(digits) => match scope.value(digits)?.expr {
            Expr::Literal(Literal::Int(digits)) if (-400..=400).contains(&digits) => digits,
            _ => return Err(format!("{name} to digits that are not a small number as it stands")),
        },
    };
    let value = scope.value(value)?;
    match value.kind {
        Kind::Of(ColumnType::Byte | ColumnType::Short | ColumnType::Int | ColumnType::Long)
            if digits >= 0 =>
        {
            Ok(value)
        }
        Kind::Of(ColumnType::Double) if name == "round" => {
            let function = MathFunction::Round(digits);
            Ok(Value::of(Expr::Math { function, arguments: vec![value.expr] }, ColumnType::Double))
        }
        _ => Err(format!("{name} of {} to {digits} digits", value.shown())),
    }
}

/// The second value where the first is NaN.
fn nanvl(scope: &mut Scope, value: &ast::Expr, other: &ast::Expr) -> Result<Value, String> {
    let value = scope.value(value)?;
    let other = scope.value(other)?;
    if value.kind != Kind::Of(ColumnType::Double) || other.kind == Kind::Null {
        return Err(format!("nanvl of {} and {}; CAST both to double", value.shown(), other.shown()));
    }
    let nan = Expr::IsNan(Box::new(value.expr.clone()));
    let other = double(other, "nanvl")?;
    scope.choose(vec![nan], vec![other, value], "nanvl")
}

fn nullif(scope: &mut Scope, value: &ast::Expr, other: &ast::Expr) -> Result<Value, String> {
    let kept = scope.value(value)?;
    let other = scope.value(other)?;
    let Kind::Of(found) = kept.kind.clone() else { return Err(format!("nullif of {}", kept.shown())) };
    let [left, right] = compared(kept.clone(), other, scope.dialect, "nullif")?;
    let equal = Expr::Compare {
        comparison: Comparison::Equal,
        left: Box::new(left.expr),
        right: Box::new(right.expr),
    };
    let null = Value::literal(Literal::Null(found.clone()), found);
    scope.choose(vec![equal], vec![null, kept], "nullif")
}
