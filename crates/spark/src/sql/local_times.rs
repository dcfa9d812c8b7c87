//! Timestamps without a zone: what a calendar and a clock show. Beside a timestamp they are taken as times of the
//! session's zone, which is UTC, so that both are the same microseconds.

use firesteel_plan::ColumnType;
use firesteel_plan::calendar::read_time;
use firesteel_plan::ops::{DateFunction, EvalMode, Expr, Literal, TimeUnit};
use sqlparser::ast;

use super::coercion::{argument, exactly};
use super::scope::Scope;
use super::value::{Kind, Value};
use super::{dates, functions};

/// Why there are no times of day.
pub(super) const NO_TIMES: &str =
    "of the type time, which Spark has switched off by default (spark.sql.timeType.enabled)";

/// The functions here, or `None` for another name.
pub(super) fn function(
    scope: &mut Scope,
    name: &str,
    arguments: &[&ast::Expr],
) -> Option<Result<Value, String>> {
    Some(match (name, arguments) {
        ("to_timestamp_ntz", [value]) => read(scope, name, value),
        ("to_timestamp_ntz", [value, pattern]) => dates::read(scope, name, value, pattern).map(shown),
        (
            "make_timestamp" | "make_timestamp_ltz" | "try_make_timestamp" | "try_make_timestamp_ltz",
            [date, time],
        ) => at(scope, name, date, time, ColumnType::Timestamp),
        ("make_timestamp_ntz" | "try_make_timestamp_ntz", [date, time]) => {
            at(scope, name, date, time, ColumnType::TimestampNtz)
        }
        ("make_timestamp_ntz" | "try_make_timestamp_ntz", [.., seconds]) if arguments.len() == 6 => {
            dates::make_time(scope, name, arguments, seconds).map(shown)
        }
        ("convert_timezone", [target, time]) => {
            let session = Value::literal(Literal::String("UTC".into()), ColumnType::String);
            convert(scope, name, session, target, time)
        }
        ("convert_timezone", [source, target, time]) => {
            scope.value(source).and_then(|source| convert(scope, name, source, target, time))
        }
        _ => return None,
    })
}

/// The timestamp without a zone that shows what a timestamp does in UTC.
pub(super) fn shown(time: Value) -> Value {
    let to = ColumnType::TimestampNtz;
    let expr = Expr::Cast { value: Box::new(time.expr), to: to.clone(), mode: EvalMode::Legacy };
    Value::of(expr, to)
}

/// A date at a time of day, which stands as a literal.
fn at(
    scope: &mut Scope,
    name: &str,
    date: &ast::Expr,
    time: &ast::Expr,
    to: ColumnType,
) -> Result<Value, String> {
    functions::since(scope.dialect, "a time of day")?;
    let date = exactly(scope.value(date)?, &ColumnType::Date, name)?;
    let micros = match time {
        ast::Expr::TypedString(typed) => time_of(typed)?,
        ast::Expr::Value(value) if value.value == ast::Value::Null => Literal::Null(ColumnType::Long),
        _ => {
            return Err(format!("{name} of a date and '{time}'; it takes a literal such as TIME '12:00:00'"));
        }
    };
    let midnight = scope.cast_value(date, ColumnType::Timestamp)?;
    let micros = Value::literal(micros, ColumnType::Long);
    let time = dates::of(scope, DateFunction::AddUnits(TimeUnit::Micros(1)), name, vec![midnight, micros])?;
    Ok(if to == ColumnType::TimestampNtz { shown(time) } else { time })
}

fn time_of(typed: &ast::TypedString) -> Result<Literal, String> {
    let text = match (&typed.data_type, &typed.value.value) {
        (
            ast::DataType::Time(None, ast::TimezoneInfo::None),
            ast::Value::SingleQuotedString(text) | ast::Value::DoubleQuotedString(text),
        ) => text,
        _ => return Err(format!("{typed} in place of a time of day")),
    };
    let micros = read_time(text);
    micros.map(Literal::Long).ok_or_else(|| format!("{typed}, which is no time as '12:34:56.789'"))
}

/// What is no date or timestamp is read by its text.
fn read(scope: &mut Scope, name: &str, value: &ast::Expr) -> Result<Value, String> {
    let value = scope.value(value)?;
    let value = if dates::is_date(&value) || value.kind == Kind::Null {
        value
    } else {
        argument(value, &ColumnType::String, scope.dialect, name)?
    };
    scope.cast_value(value, ColumnType::TimestampNtz)
}

fn convert(
    scope: &mut Scope,
    name: &str,
    source: Value,
    target: &ast::Expr,
    time: &ast::Expr,
) -> Result<Value, String> {
    let target = scope.value(target)?;
    let time = scope.value(time)?;
    let taken = dates::is_date(&time) || matches!(time.kind, Kind::Of(ColumnType::String) | Kind::Null);
    if !taken {
        return Err(format!("{name} of {}; it takes timestamp_ntz, so CAST it", time.shown()));
    }
    let time = scope.cast_value(time, ColumnType::TimestampNtz)?;
    dates::of(scope, DateFunction::BetweenZones, name, vec![time, source, target]).map(shown)
}
