//! Casts from and to intervals, and the one type of several.

use firesteel_plan::ColumnType;
use firesteel_plan::ops::{EvalMode, Expr, IntervalFunction, IntervalType, IntervalUnit, Literal};

use super::coercion::is_whole;
use super::functions;
use super::interval_literals::{null, since};
use super::intervals::{call, interval, of_type, strict};
use super::scope::{Dialect, Scope};
use super::value::{Kind, Value};

/// `CAST(value AS INTERVAL …)`.
pub(super) fn cast(scope: &Scope, value: Value, to: IntervalType, mode: EvalMode) -> Result<Value, String> {
    since(scope.dialect)?;
    let unknown = format!("CAST of {} to {to}, which Spark does not have", value.shown());
    let made = |function, expr| Ok(of_type(call(function, mode, vec![expr]), to));
    match value.kind.clone() {
        Kind::Null => Ok(null(to)),
        Kind::Interval(from) if alike(from, to) => Ok(match last(from) > last(to) {
            true => of_type(call(IntervalFunction::Cut(to), mode, vec![value.expr]), to),
            false => of_type(value.expr, to),
        }),
        Kind::Of(ColumnType::String) => {
            // Spark reads a text that stands in the statement before all rows.
            if let Expr::Literal(Literal::String(text)) = &value.expr
                && mode != EvalMode::Try
                && to != IntervalType::Calendar
                && to.read(text).is_none()
            {
                return Err(format!("CAST of '{text}' to {to}, which is none, or too long"));
            }
            made(IntervalFunction::Read(to), value.expr)
        }
        Kind::Of(_) if to == IntervalType::Calendar => Err(unknown),
        Kind::Of(found @ ColumnType::Decimal(_)) => {
            functions::since(scope.dialect, "a number as an interval")?;
            made(IntervalFunction::OfNumber(to, found), value.expr)
        }
        Kind::Of(found) if is_whole(&found) => {
            functions::since(scope.dialect, "a number as an interval")?;
            let long = value.widened(&ColumnType::Long).ok_or(unknown)?;
            made(IntervalFunction::OfNumber(to, ColumnType::Long), long.expr)
        }
        _ => Err(unknown),
    }
}

/// An interval as a value of a column.
pub(super) fn cast_from(
    scope: &Scope,
    value: Value,
    to: ColumnType,
    mode: EvalMode,
) -> Result<Value, String> {
    let unknown = format!("CAST of {} to {to}, which Spark does not have", value.shown());
    let Some(from) = interval(&value) else { return Err(unknown) };
    if to == ColumnType::String {
        return Ok(text(value, from));
    }
    let decimal = matches!(to, ColumnType::Decimal(_));
    if from == IntervalType::Calendar || !(decimal || is_whole(&to)) {
        return Err(unknown);
    }
    functions::since(scope.dialect, "a number of an interval")?;
    let function = match last(from) {
        IntervalUnit::Second if decimal => IntervalFunction::ToSeconds { bounded: !scope.dialect.ansi },
        _ => IntervalFunction::ToNumber(from),
    };
    let found = function.answers();
    let number = call(function, mode, vec![value.expr]);
    if found == to {
        return Ok(Value::of(number, to));
    }
    Ok(Value::of(Expr::Cast { value: Box::new(number), to: to.clone(), mode: strict(mode) }, to))
}

fn last(of: IntervalType) -> IntervalUnit {
    match of {
        IntervalType::YearMonth(units) | IntervalType::DayTime(units) => units.last,
        IntervalType::Calendar => IntervalUnit::Second,
    }
}

/// An interval as a text.
fn text(value: Value, from: IntervalType) -> Value {
    Value::of(call(IntervalFunction::Show(from), EvalMode::Ansi, vec![value.expr]), ColumnType::String)
}

/// An interval as the text that Spark makes of it for a function of texts.
pub(super) fn as_text(value: Value, dialect: Dialect) -> Option<Value> {
    let from = interval(&value).filter(|from| dialect.ansi || *from != IntervalType::Calendar)?;
    Some(text(value, from))
}

/// Whether two types are both of months, both of time or both of the calendar.
pub(super) fn alike(one: IntervalType, other: IntervalType) -> bool {
    std::mem::discriminant(&one) == std::mem::discriminant(&other)
}

/// The type with the units of both.
pub(super) fn merged(one: IntervalType, other: IntervalType) -> Option<IntervalType> {
    match (one, other) {
        (IntervalType::YearMonth(one), IntervalType::YearMonth(other)) => {
            Some(IntervalType::YearMonth(one.and(other)))
        }
        (IntervalType::DayTime(one), IntervalType::DayTime(other)) => {
            Some(IntervalType::DayTime(one.and(other)))
        }
        (IntervalType::Calendar, IntervalType::Calendar) => Some(IntervalType::Calendar),
        _ => None,
    }
}

/// Values of which some are intervals, as one type: without ANSI that of texts, if one is a text.
pub(super) fn common(values: Vec<Value>, dialect: Dialect, what: &str) -> Result<(Vec<Value>, Kind), String> {
    let shown = values.iter().map(Value::shown).collect::<Vec<_>>().join(" and ");
    let mixed = || format!("{what} of {shown}; CAST one to the type of the other");
    let ordered = matches!(what, "greatest" | "least");
    let is_text = |value: &Value| value.kind == Kind::Of(ColumnType::String);
    if values.iter().any(is_text) && !dialect.ansi && !ordered {
        let texts = values.into_iter().map(|value| match &value.kind {
            Kind::Interval(_) => as_text(value, dialect),
            Kind::Null | Kind::Of(ColumnType::String) => value.widened(&ColumnType::String),
            _ => None,
        });
        let texts = texts.collect::<Option<Vec<_>>>().ok_or_else(mixed)?;
        return Ok((texts, Kind::Of(ColumnType::String)));
    }
    let mut found: Option<IntervalType> = None;
    for value in &values {
        let next = match value.kind {
            Kind::Null => continue,
            Kind::Interval(next) => next,
            _ => return Err(mixed()),
        };
        found = Some(match found {
            None => next,
            Some(before) => merged(before, next).ok_or_else(mixed)?,
        });
    }
    let found = found.ok_or_else(mixed)?;
    if ordered && found == IntervalType::Calendar {
        return Err(unordered(what));
    }
    let values = values.into_iter().map(|value| match value.kind {
        Kind::Null => null(found),
        _ => of_type(value.expr, found),
    });
    Ok((values.collect(), Kind::Interval(found)))
}

/// Two values, of which one is an interval, as one type in which they compare.
pub(super) fn compared(left: Value, right: Value, what: &str) -> Result<[Value; 2], String> {
    let mixed =
        format!("{what} of {} and {}; CAST one to the type of the other", left.shown(), right.shown());
    let found = match (interval(&left), interval(&right)) {
        (Some(one), Some(other)) => merged(one, other).ok_or(mixed)?,
        (Some(one), None) if right.kind == Kind::Null => one,
        (None, Some(other)) if left.kind == Kind::Null => other,
        _ => return Err(mixed),
    };
    if found == IntervalType::Calendar {
        return Err(unordered(what));
    }
    Ok([left, right].map(|value| match value.kind {
        Kind::Null => null(found),
        _ => of_type(value.expr, found),
    }))
}

fn unordered(what: &str) -> String {
    format!("{what} of intervals of the calendar, which have no order")
}
