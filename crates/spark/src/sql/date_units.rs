//! Timestamps and units of the calendar: `dateadd(MONTH, 1, t)`, `datediff(DAY, t, u)` and their other names.

use firesteel_plan::ColumnType;
use firesteel_plan::ops::{DateFunction, TimeUnit};
use sqlparser::ast;

use super::coercion::argument;
use super::scope::Scope;
use super::value::{Kind, Value};
use super::{dates, functions, local_times};

/// The microseconds of a second.
const SECOND: i64 = 1_000_000;

/// The functions here, or `None` for another name, or for what has no unit.
pub(super) fn function(
    scope: &mut Scope,
    name: &str,
    arguments: &[&ast::Expr],
) -> Option<Result<Value, String>> {
    let adds = match name {
        "timestampadd" | "dateadd" | "date_add" => true,
        "timestampdiff" | "datediff" | "date_diff" => false,
        _ => return None,
    };
    let [unit, first, second] = arguments else { return None };
    Some(match adds {
        true => add(scope, name, unit, first, second),
        false => between(scope, name, unit, first, second),
    })
}

fn unit(scope: &Scope, name: &str, unit: &ast::Expr) -> Result<TimeUnit, String> {
    functions::since(scope.dialect, "a unit and a timestamp")?;
    let day = 86_400 * SECOND;
    let found = match unit.to_string().to_ascii_lowercase().as_str() {
        "year" => TimeUnit::Months(12),
        "quarter" => TimeUnit::Months(3),
        "month" => TimeUnit::Months(1),
        "week" => TimeUnit::Micros(7 * day),
        "day" | "dayofyear" => TimeUnit::Micros(day),
        "hour" => TimeUnit::Micros(3600 * SECOND),
        "minute" => TimeUnit::Micros(60 * SECOND),
        "second" => TimeUnit::Micros(SECOND),
        "millisecond" => TimeUnit::Micros(1000),
        "microsecond" => TimeUnit::Micros(1),
        _ => {
            return Err(format!(
                "{name} with the unit {unit}; it is YEAR, QUARTER, MONTH, WEEK, DAY, DAYOFYEAR, HOUR, MINUTE, SECOND, \
                 MILLISECOND or MICROSECOND"
            ));
        }
    };
    Ok(found)
}

fn add(
    scope: &mut Scope,
    name: &str,
    of: &ast::Expr,
    count: &ast::Expr,
    time: &ast::Expr,
) -> Result<Value, String> {
    let unit = unit(scope, name, of)?;
    // Spark 3 takes 32 bits of a count.
    let taken = if scope.dialect.ansi { ColumnType::Long } else { ColumnType::Int };
    let count = argument(scope.value(count)?, &taken, scope.dialect, name)?;
    let time = scope.value(time)?;
    let zoneless = time.kind == Kind::Of(ColumnType::TimestampNtz);
    let later = dates::of(scope, DateFunction::AddUnits(unit), name, vec![time, count])?;
    Ok(if zoneless { local_times::shown(later) } else { later })
}

fn between(
    scope: &mut Scope,
    name: &str,
    of: &ast::Expr,
    from: &ast::Expr,
    to: &ast::Expr,
) -> Result<Value, String> {
    if of.to_string().eq_ignore_ascii_case("DAYOFYEAR") {
        return Err(format!("{name} with the unit {of}; Spark only adds it"));
    }
    let unit = unit(scope, name, of)?;
    let values = vec![scope.value(from)?, scope.value(to)?];
    dates::of(scope, DateFunction::UnitsBetween(unit), name, values)
}
