//! Dates and timestamps: literals, the operators `+` and `-` with days, and functions. The time zone is UTC.

use firesteel_plan::ColumnType;
use firesteel_plan::calendar::{read_date, read_timestamp, read_timestamp_ntz};
use firesteel_plan::ops::{DateFunction, DatePart, DatePattern, DateUnit, EvalMode, Expr, Literal};
use sqlparser::ast::{self, BinaryOperator, DataType};

use super::coercion::{argument, is_whole};
use super::grammar::ZONED;
use super::intervals;
use super::patterns::literal;
use super::scope::{Dialect, Scope};
use super::special_texts::of_text;
use super::value::{Kind, Value};
use super::{functions, local_times};

/// The microseconds of a second.
const SECOND: i64 = 1_000_000;

/// A literal such as `DATE '2020-01-31'`.
pub(super) fn typed(scope: &mut Scope, typed: &ast::TypedString) -> Result<Value, String> {
    let shown = typed.to_string();
    let (ast::Value::SingleQuotedString(text) | ast::Value::DoubleQuotedString(text)) = &typed.value.value
    else {
        return Err(shown);
    };
    since_3(scope.dialect)?;
    let to = match &typed.data_type {
        DataType::Date => Some(ColumnType::Date),
        DataType::TimestampNtz(None) => {
            functions::since(scope.dialect, "timestamp_ntz")?;
            Some(ColumnType::TimestampNtz)
        }
        DataType::Timestamp(None, ast::TimezoneInfo::None) => Some(ColumnType::Timestamp),
        _ => None,
    };
    if let Some(read) = to.and_then(|to| of_text(text, &to)) {
        return read;
    }
    match &typed.data_type {
        DataType::Date => match read_date(text) {
            Some(days) => Ok(Value::literal(Literal::Date(days), ColumnType::Date)),
            None => Err(format!("{shown}, which is no date")),
        },
        DataType::Timestamp(None, ast::TimezoneInfo::None) => timestamp(text, &shown),
        DataType::Custom(name, _) if name.to_string() == ZONED => {
            functions::since(scope.dialect, ZONED)?;
            timestamp(text, &shown)
        }
        DataType::TimestampNtz(None) => match read_timestamp_ntz(text) {
            Some(micros) => Ok(Value::literal(Literal::TimestampNtz(micros), ColumnType::TimestampNtz)),
            None => Err(format!("{shown}, which is no timestamp with a date")),
        },
        DataType::Time(..) => Err(format!("the literal {shown}, {}", local_times::NO_TIMES)),
        _ => Err(format!("the literal {shown}")),
    }
}

fn timestamp(text: &str, shown: &str) -> Result<Value, String> {
    match read_timestamp(text) {
        Ok(micros) => Ok(Value::literal(Literal::Timestamp(micros), ColumnType::Timestamp)),
        Err(_) => Err(format!("{shown}, which is no timestamp with a date")),
    }
}

fn since_3(dialect: Dialect) -> Result<(), String> {
    if dialect.since_3 {
        return Ok(());
    }
    Err("dates and timestamps in a save of Spark 2, which has another calendar".to_owned())
}

/// Whether Spark casts one type to another, and makes more than nulls of it.
pub(super) fn casts(from: &ColumnType, to: &ColumnType, dialect: Dialect) -> bool {
    use ColumnType::{Boolean, Date, String, Timestamp, TimestampNtz};
    match (from, to) {
        (ColumnType::Array(_) | ColumnType::Vector, _) => false,
        (Date | Timestamp, _) | (_, Date | Timestamp) if !dialect.since_3 => false,
        (TimestampNtz, Date | Timestamp | String) | (Date | Timestamp | String, TimestampNtz) => true,
        (TimestampNtz, _) | (_, TimestampNtz) => false,
        (Date, Date | Timestamp | String) | (String, Date) | (Timestamp, Date) => true,
        (Date, _) | (_, Date) => false,
        (Timestamp, ColumnType::Decimal(_)) | (ColumnType::Decimal(_), Timestamp) => false,
        (Boolean, Timestamp) | (Timestamp, Boolean) => !dialect.ansi,
        _ => true,
    }
}

/// Whether a value is a date or timestamp.
pub(super) fn is_date(value: &Value) -> bool {
    matches!(value.kind, Kind::Of(ColumnType::Date | ColumnType::Timestamp | ColumnType::TimestampNtz))
}

/// A date and a number of days.
pub(super) fn operator(
    scope: &mut Scope,
    op: &BinaryOperator,
    left: Value,
    right: Value,
) -> Result<Value, String> {
    let what = format!("{op} of {} and {}", left.shown(), right.shown());
    let days = |value: &Value| {
        use ColumnType::{Byte, Int, Short};
        matches!(value.kind, Kind::Of(Byte | Short | Int) | Kind::Null)
    };
    let is_date = |value: &Value| value.kind == Kind::Of(ColumnType::Date);
    let plus = *op == BinaryOperator::Plus;
    let (date, days) = match (is_date(&left), is_date(&right)) {
        (true, false) if days(&right) && (plus || *op == BinaryOperator::Minus) => (left, right),
        (false, true) if days(&left) && plus => (right, left),
        _ => return Err(format!("{what}; a date and a number of days are added, datediff subtracts dates")),
    };
    let function = if plus { DateFunction::AddDays } else { DateFunction::SubtractDays };
    of(scope, function, "a date", vec![date, days])
}

/// A function of values.
pub(super) fn of(
    scope: &Scope,
    function: DateFunction,
    name: &str,
    values: Vec<Value>,
) -> Result<Value, String> {
    since_3(scope.dialect)?;
    let types = function.types();
    let arguments = values.into_iter().zip(&types);
    let arguments = arguments.map(|(value, asked)| Ok(argument(value, asked, scope.dialect, name)?.expr));
    let arguments = arguments.collect::<Result<Vec<_>, String>>()?;
    let answers = function.answers();
    Ok(Value::of(Expr::Date { function, arguments }, answers))
}

/// The functions of dates, or `None` for another name.
pub(super) fn function(
    scope: &mut Scope,
    name: &str,
    arguments: &[&ast::Expr],
) -> Option<Result<Value, String>> {
    if let (Some(part), [value]) = (part(name), arguments) {
        return Some(scope.value(value).and_then(|value| of_part(scope, part, name, value)));
    }
    let function = match (name, arguments.len()) {
        ("date_add" | "dateadd", 2) => DateFunction::AddDays,
        ("date_sub", 2) => DateFunction::SubtractDays,
        ("datediff" | "date_diff", 2) => DateFunction::DaysBetween,
        ("add_months", 2) => DateFunction::AddMonths,
        ("from_utc_timestamp", 2) => DateFunction::FromUtc,
        ("to_utc_timestamp", 2) => DateFunction::ToUtc { checked: true },
        ("last_day", 1) => DateFunction::LastDay,
        ("make_date", 3) => DateFunction::Make { checked: scope.dialect.ansi },
        ("unix_date", 1) => DateFunction::ToDays,
        ("date_from_unix_date", 1) => DateFunction::FromDays,
        ("unix_seconds", 1) => DateFunction::ToUnits(SECOND),
        ("unix_millis", 1) => DateFunction::ToUnits(1000),
        ("unix_micros", 1) => DateFunction::ToUnits(1),
        ("timestamp_millis", 1) => DateFunction::FromUnits(1000),
        ("timestamp_micros", 1) => DateFunction::FromUnits(1),
        ("timestamp_seconds", 1) => DateFunction::FromUnits(SECOND),
        _ => return special(scope, name, arguments),
    };
    let values = arguments.iter().map(|argument| scope.value(argument)).collect::<Result<Vec<_>, _>>();
    Some(values.and_then(|values| {
        let whole = |value: &Value| matches!(&value.kind, Kind::Of(found) if is_whole(found));
        if matches!(function, DateFunction::FromUnits(_)) && !values.iter().all(whole) {
            return Err(format!("{name} of anything but a whole number"));
        }
        let zoneless = |value: &Value| value.kind == Kind::Of(ColumnType::TimestampNtz);
        if matches!(function, DateFunction::ToUnits(_)) && values.iter().any(zoneless) {
            functions::since(scope.dialect, "unix_seconds of timestamp_ntz")?;
        }
        of(scope, function, name, values)
    }))
}

/// The functions whose arguments are more than values.
fn special(scope: &mut Scope, name: &str, arguments: &[&ast::Expr]) -> Option<Result<Value, String>> {
    let mode = scope.dialect.mode();
    Some(match (name, arguments) {
        ("date" | "to_date", [value]) => cast(scope, value, ColumnType::Date, mode),
        ("try_to_date", [value]) => cast(scope, value, ColumnType::Date, EvalMode::Try),
        ("timestamp" | "to_timestamp" | "to_timestamp_ltz", [value]) => {
            cast(scope, value, ColumnType::Timestamp, mode)
        }
        ("try_to_timestamp", [value]) => cast(scope, value, ColumnType::Timestamp, EvalMode::Try),
        ("to_date" | "try_to_date", [value, pattern]) => {
            read(scope, name, value, pattern).and_then(|value| scope.cast_value(value, ColumnType::Date))
        }
        ("to_timestamp" | "to_timestamp_ltz" | "try_to_timestamp", [value, pattern]) => {
            read(scope, name, value, pattern)
        }
        ("unix_timestamp" | "to_unix_timestamp", [value]) => seconds(scope, name, value),
        ("unix_timestamp" | "to_unix_timestamp", [value, pattern]) => read(scope, name, value, pattern)
            .and_then(|value| of(scope, DateFunction::ToUnits(SECOND), name, vec![value])),
        ("from_unixtime", [value]) => from_seconds(scope, name, value, "yyyy-MM-dd HH:mm:ss"),
        ("from_unixtime", [value, pattern]) => {
            literal(scope, pattern, name).and_then(|pattern| from_seconds(scope, name, value, &pattern))
        }
        ("date_format", [value, pattern]) => show(scope, name, value, pattern),
        ("trunc", [value, unit]) => cut(scope, name, value, unit),
        ("date_trunc", [unit, value]) => cut(scope, name, value, unit),
        ("date_part" | "datepart", [field, value]) => {
            literal(scope, field, name).and_then(|field| extract(scope, &field, value))
        }
        (
            "make_timestamp" | "make_timestamp_ltz" | "try_make_timestamp" | "try_make_timestamp_ltz",
            [.., seconds],
        ) if arguments.len() == 6 => make_time(scope, name, arguments, seconds),
        ("make_timestamp", [parts @ .., seconds, zone]) if parts.len() == 5 => {
            make_time(scope, name, arguments, seconds).and_then(|time| {
                let zone = scope.value(zone)?;
                let checked = scope.dialect.ansi;
                of(scope, DateFunction::ToUtc { checked }, name, vec![time, zone])
            })
        }
        ("dayname", [value]) => called(scope, name, value, "E"),
        ("monthname", [value]) => called(scope, name, value, "MMM"),
        ("next_day", [value, day]) => next_day(scope, name, value, day),
        ("months_between", [one, other]) => months(scope, name, one, other, true),
        ("months_between", [one, other, rounded]) => match scope.value(rounded) {
            Ok(Value { expr: Expr::Literal(Literal::Boolean(rounded)), .. }) => {
                months(scope, name, one, other, rounded)
            }
            Ok(_) => Err(format!("{name} with anything but true or false")),
            Err(error) => Err(error),
        },
        _ => return local_times::function(scope, name, arguments),
    })
}

fn cast(scope: &mut Scope, value: &ast::Expr, to: ColumnType, mode: EvalMode) -> Result<Value, String> {
    since_3(scope.dialect)?;
    let value = scope.value(value)?;
    if value.kind == Kind::Null {
        return value.widened(&to).ok_or_else(|| to.to_string());
    }
    scope.cast_in(value, to, mode)
}

fn part(name: &str) -> Option<DatePart> {
    Some(match name {
        "year" => DatePart::Year,
        "quarter" => DatePart::Quarter,
        "month" => DatePart::Month,
        "day" | "dayofmonth" => DatePart::Day,
        "dayofyear" => DatePart::DayOfYear,
        "dayofweek" => DatePart::DayOfWeek,
        "weekday" => DatePart::Weekday,
        "weekofyear" => DatePart::Week,
        "hour" => DatePart::Hour,
        "minute" => DatePart::Minute,
        "second" => DatePart::Second,
        _ => return None,
    })
}

fn of_part(scope: &Scope, part: DatePart, name: &str, value: Value) -> Result<Value, String> {
    let time = matches!(part, DatePart::Hour | DatePart::Minute | DatePart::Second);
    let function = if time { DateFunction::OfTime(part) } else { DateFunction::OfDate(part) };
    of(scope, function, name, vec![value])
}

/// `EXTRACT(field FROM value)`.
pub(super) fn extract(scope: &mut Scope, field: &str, value: &ast::Expr) -> Result<Value, String> {
    let value = scope.value(value)?;
    if let Some(of) = intervals::interval(&value) {
        return intervals::part(field, value, of);
    }
    let known = field.to_ascii_lowercase();
    if matches!(known.as_str(), "second" | "s" | "sec" | "seconds" | "secs") {
        return of(scope, DateFunction::FineSecond, "EXTRACT", vec![value]);
    }
    let (part, more) = match known.as_str() {
        "year" | "y" | "years" | "yr" | "yrs" => (DatePart::Year, 0),
        "yearofweek" => (DatePart::YearOfWeek, 0),
        "quarter" | "qtr" => (DatePart::Quarter, 0),
        "month" | "mon" | "mons" | "months" => (DatePart::Month, 0),
        "week" | "w" | "weeks" => (DatePart::Week, 0),
        "day" | "d" | "days" => (DatePart::Day, 0),
        "dayofweek" | "dow" => (DatePart::DayOfWeek, 0),
        "dayofweek_iso" | "dow_iso" => (DatePart::Weekday, 1),
        "doy" => (DatePart::DayOfYear, 0),
        "hour" | "h" | "hours" | "hr" | "hrs" => (DatePart::Hour, 0),
        "minute" | "m" | "min" | "mins" | "minutes" => (DatePart::Minute, 0),
        _ => return Err(format!("the field {field} of a date")),
    };
    let value = of_part(scope, part, "EXTRACT", value)?;
    if more == 0 {
        return Ok(value);
    }
    let one = Value::literal(Literal::Int(more), ColumnType::Int);
    scope.arithmetic(firesteel_plan::ops::Arithmetic::Add, value, one, "EXTRACT")
}

fn pattern(text: &str, name: &str) -> Result<DatePattern, String> {
    DatePattern::new(text).map_err(|found| {
        format!(
            "{name} with the pattern '{text}', which has {found}; read are y M MMM MMMM d D E EEEE a Q H h K k m s S \
             V z O X x Z and texts in quotes"
        )
    })
}

pub(super) fn show(
    scope: &mut Scope,
    name: &str,
    value: &ast::Expr,
    text: &ast::Expr,
) -> Result<Value, String> {
    let pattern = pattern(&literal(scope, text, name)?, name)?;
    let value = scope.value(value)?;
    of(scope, DateFunction::Show(pattern), name, vec![value])
}

/// A text as a timestamp by a pattern; what is a date or timestamp already stays one.
pub(super) fn read(
    scope: &mut Scope,
    name: &str,
    value: &ast::Expr,
    text: &ast::Expr,
) -> Result<Value, String> {
    let written = literal(scope, text, name)?;
    let pattern = pattern(&written, name)?;
    let value = scope.value(value)?;
    if is_date(&value) {
        return argument(value, &ColumnType::Timestamp, scope.dialect, name);
    }
    if !pattern.reads() {
        return Err(format!(
            "{name} with the pattern '{written}'; texts are read by yyyy, M, d, H, m, s and S, each once and with a sign \
             or letter between them"
        ));
    }
    if !matches!(value.kind, Kind::Of(ColumnType::String) | Kind::Null) {
        return Err(format!("{name} of {} with a pattern", value.shown()));
    }
    let ansi = scope.dialect.ansi;
    let checked = ansi && !name.starts_with("try_");
    of(scope, DateFunction::Read { pattern, checked, strict: !ansi }, name, vec![value])
}

fn seconds(scope: &mut Scope, name: &str, value: &ast::Expr) -> Result<Value, String> {
    let value = scope.value(value)?;
    match is_date(&value) {
        // Spark cuts towards zero here, and a text is read by a pattern.
        true => of(scope, DateFunction::ToSeconds, name, vec![value]),
        false => Err(format!("{name} of {} without a pattern", value.shown())),
    }
}

fn from_seconds(scope: &mut Scope, name: &str, value: &ast::Expr, text: &str) -> Result<Value, String> {
    let value = scope.value(value)?;
    if !matches!(&value.kind, Kind::Of(found) if is_whole(found)) {
        return Err(format!("{name} of {}; it takes a whole number", value.shown()));
    }
    let time = of(scope, DateFunction::FromUnits(SECOND), name, vec![value])?;
    of(scope, DateFunction::Show(pattern(text, name)?), name, vec![time])
}

/// A date or timestamp cut to a unit; null for a unit that there is not.
fn cut(scope: &mut Scope, name: &str, value: &ast::Expr, unit: &ast::Expr) -> Result<Value, String> {
    let unit = literal(scope, unit, name)?.to_ascii_lowercase();
    let value = scope.value(value)?;
    let date = name == "trunc";
    let unit = match unit.as_str() {
        "year" | "yyyy" | "yy" => Some(DateUnit::Year),
        "quarter" => Some(DateUnit::Quarter),
        "month" | "mon" | "mm" => Some(DateUnit::Month),
        "week" => Some(DateUnit::Week),
        "day" | "dd" if !date => Some(DateUnit::Micros(86_400 * SECOND)),
        "hour" if !date => Some(DateUnit::Micros(3600 * SECOND)),
        "minute" if !date => Some(DateUnit::Micros(60 * SECOND)),
        "second" if !date => Some(DateUnit::Micros(SECOND)),
        "millisecond" if !date => Some(DateUnit::Micros(1000)),
        "microsecond" if !date => Some(DateUnit::Micros(1)),
        _ => None,
    };
    let answers = if date { ColumnType::Date } else { ColumnType::Timestamp };
    let Some(unit) = unit else {
        return Ok(Value::literal(Literal::Null(answers.clone()), answers));
    };
    let function = if date { DateFunction::CutDate(unit) } else { DateFunction::CutTime(unit) };
    of(scope, function, name, vec![value])
}

pub(super) fn make_time(
    scope: &mut Scope,
    name: &str,
    arguments: &[&ast::Expr],
    seconds: &ast::Expr,
) -> Result<Value, String> {
    let function = DateFunction::MakeTime { checked: scope.dialect.ansi && !name.starts_with("try_") };
    let parts = arguments.iter().take(5).map(|part| scope.value(part));
    let mut values = parts.collect::<Result<Vec<_>, _>>()?;
    let seconds = scope.value(seconds)?;
    values.push(match (&seconds.kind, function.types().pop()) {
        (Kind::Of(ColumnType::Float | ColumnType::Double | ColumnType::String), Some(decimal)) => {
            scope.cast_value(seconds, decimal)?
        }
        _ => seconds,
    });
    of(scope, function, name, values)
}

/// The name of a day or month.
fn called(scope: &mut Scope, name: &str, value: &ast::Expr, text: &str) -> Result<Value, String> {
    let date = argument(scope.value(value)?, &ColumnType::Date, scope.dialect, name)?;
    of(scope, DateFunction::Show(pattern(text, name)?), name, vec![date])
}

fn next_day(scope: &mut Scope, name: &str, value: &ast::Expr, day: &ast::Expr) -> Result<Value, String> {
    let day = literal(scope, day, name)?.trim().to_ascii_lowercase();
    let days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let named = |full: &&str| *full == day || full.get(..3) == Some(&day) || full.get(..2) == Some(&day);
    let value = scope.value(value)?;
    match days.iter().position(named) {
        Some(day) => of(scope, DateFunction::NextDay(day as i32), name, vec![value]),
        None if !scope.dialect.ansi => Ok(Value::literal(Literal::Null(ColumnType::Date), ColumnType::Date)),
        None => Err(format!("{name} of '{day}', which is no day of the week")),
    }
}

fn months(
    scope: &mut Scope,
    name: &str,
    one: &ast::Expr,
    other: &ast::Expr,
    rounded: bool,
) -> Result<Value, String> {
    let values = vec![scope.value(one)?, scope.value(other)?];
    of(scope, DateFunction::MonthsBetween(rounded), name, values)
}
