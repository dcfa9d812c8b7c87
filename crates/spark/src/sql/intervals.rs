//! Intervals: the operators `+ - * / div`, signs, parts and functions. They are values of expressions only.

use firesteel_plan::ColumnType;
use firesteel_plan::decimal::DecimalType;
use firesteel_plan::ops::{
    Arithmetic, EvalMode, Expr, IntervalFunction, IntervalType, IntervalUnit, IntervalUnits, Literal,
};
use sqlparser::ast;

use super::coercion::is_whole;
use super::functions;
use super::interval_casts::merged;
use super::interval_literals::{null, null_of, since};
use super::scope::Scope;
use super::value::{Kind, Value};

/// The seconds that an interval is made of.
const SECONDS: DecimalType = DecimalType { precision: 18, scale: 6 };

/// An expression as an interval of a type.
pub(super) fn of_type(expr: Expr, of: IntervalType) -> Value {
    Value { expr, kind: Kind::Interval(of) }
}

/// The type of an interval.
pub(super) fn interval(value: &Value) -> Option<IntervalType> {
    match value.kind {
        Kind::Interval(of) => Some(of),
        _ => None,
    }
}

/// A function; in the mode `Try`, what fails is null.
pub(super) fn call(function: IntervalFunction, mode: EvalMode, arguments: Vec<Expr>) -> Expr {
    Expr::Interval { function, mode, tried: mode == EvalMode::Try, arguments }
}

/// The mode in which what does not fit is an error with ANSI off too.
pub(super) fn strict(mode: EvalMode) -> EvalMode {
    if mode == EvalMode::Legacy { EvalMode::Ansi } else { mode }
}

fn is_date(value: &Value) -> bool {
    value.kind == Kind::Of(ColumnType::Date)
}

fn is_time(value: &Value) -> bool {
    value.kind == Kind::Of(ColumnType::Timestamp)
}

fn is_text(value: &Value) -> bool {
    value.kind == Kind::Of(ColumnType::String)
}

/// Whether an operator is one of intervals: of one, or the difference of times, which is one.
pub(super) fn computes(scope: &Scope, operator: Arithmetic, left: &Value, right: &Value) -> bool {
    let is_when = |value: &Value| is_date(value) || is_time(value);
    let is_null = |value: &Value| value.kind == Kind::Null;
    let (ansi, since_3) = (scope.dialect.ansi, scope.dialect.since_3);
    if interval(left).or(interval(right)).is_some() {
        return true;
    }
    match operator {
        _ if !since_3 => false,
        Arithmetic::Subtract if is_when(left) => {
            is_when(right) || ansi && (is_null(right) || is_text(right)) || is_time(left) && is_null(right)
        }
        Arithmetic::Subtract if is_date(right) => is_null(left) || is_text(left),
        Arithmetic::Subtract if is_time(right) => is_null(left) || ansi && is_text(left),
        // A null is taken for an interval.
        Arithmetic::Add => ansi && (is_when(left) && is_null(right) || is_null(left) && is_when(right)),
        _ => false,
    }
}

/// What an operator of intervals answers.
pub(super) fn operate(
    scope: &mut Scope,
    operator: Arithmetic,
    left: Value,
    right: Value,
    mode: EvalMode,
) -> Result<Value, String> {
    since(scope.dialect)?;
    let sign = match operator {
        Arithmetic::Add => "+",
        Arithmetic::Subtract => "-",
        Arithmetic::Multiply => "*",
        Arithmetic::Divide => "/",
        Arithmetic::Remainder | Arithmetic::Modulus => "%",
    };
    let wrong = format!("{sign} of {} and {}, which Spark does not have", left.shown(), right.shown());
    let adds = operator == Arithmetic::Add;
    let found = match (operator, interval(&left), interval(&right)) {
        (Arithmetic::Multiply, Some(of), None) => scaled(scope, true, left, of, right, mode),
        (Arithmetic::Multiply, None, Some(of)) => scaled(scope, true, right, of, left, mode),
        (Arithmetic::Divide, Some(of), None) => scaled(scope, false, left, of, right, mode),
        (Arithmetic::Add | Arithmetic::Subtract, Some(one), Some(other)) => {
            merged(one, other).map(|of| Ok(sum(operator, left, right, of, mode)))
        }
        (Arithmetic::Add | Arithmetic::Subtract, Some(of), None) if right.kind == Kind::Null => {
            if of == IntervalType::Calendar { None } else { Some(Ok(null(of))) }
        }
        (Arithmetic::Add | Arithmetic::Subtract, None, Some(of)) if left.kind == Kind::Null => {
            if of == IntervalType::Calendar { None } else { Some(Ok(null(of))) }
        }
        (Arithmetic::Add | Arithmetic::Subtract, None, Some(of)) => moved(scope, left, right, of, adds, mode),
        (Arithmetic::Add, Some(of), None) => moved(scope, right, left, of, true, mode),
        (Arithmetic::Subtract, None, None) => Some(between(scope, left, right, mode)),
        (Arithmetic::Add, None, None) => Some(Ok(null_of(ColumnType::Timestamp))),
        _ => None,
    };
    found.unwrap_or(Err(wrong))
}

fn sum(operator: Arithmetic, left: Value, right: Value, of: IntervalType, mode: EvalMode) -> Value {
    let expr = match of {
        IntervalType::Calendar => {
            let function =
                if operator == Arithmetic::Add { IntervalFunction::Add } else { IntervalFunction::Subtract };
            call(function, mode, vec![left.expr, right.expr])
        }
        _ => {
            let (left, right) = (Box::new(left.expr), Box::new(right.expr));
            Expr::Arithmetic { operator, left, right, mode: strict(mode) }
        }
    };
    of_type(expr, of)
}

/// An interval times or divided by a number.
fn scaled(
    scope: &mut Scope,
    times: bool,
    value: Value,
    of: IntervalType,
    by: Value,
    mode: EvalMode,
) -> Option<Result<Value, String>> {
    let calendar = of == IntervalType::Calendar;
    let to = match &by.kind {
        Kind::Of(found) if found.is_numeric() && calendar => ColumnType::Double,
        Kind::Of(ColumnType::String | ColumnType::Float | ColumnType::Double) => ColumnType::Double,
        Kind::Of(found @ ColumnType::Decimal(_)) => found.clone(),
        Kind::Of(found) if is_whole(found) => ColumnType::Long,
        Kind::Null if calendar => ColumnType::Double,
        Kind::Null => ColumnType::Long,
        _ => return None,
    };
    let by = match is_text(&by) {
        true => match scope.cast_in(by, to.clone(), mode) {
            Ok(by) => by,
            Err(error) => return Some(Err(error)),
        },
        false => by.widened(&to)?,
    };
    let function = match times {
        true => IntervalFunction::Multiply(of, to),
        false => IntervalFunction::Divide(of, to),
    };
    let answers = match of {
        IntervalType::YearMonth(_) => IntervalType::MONTHS,
        IntervalType::DayTime(_) => IntervalType::TIME,
        IntervalType::Calendar => of,
    };
    Some(Ok(of_type(call(function, mode, vec![value.expr, by.expr]), answers)))
}

/// A date or timestamp moved by an interval; a text is moved as the timestamp that it says.
fn moved(
    scope: &mut Scope,
    time: Value,
    by: Value,
    of: IntervalType,
    adds: bool,
    mode: EvalMode,
) -> Option<Result<Value, String>> {
    let by = if adds { by } else { negated(by, of, mode) };
    let days = match of {
        IntervalType::DayTime(units) => units.last == IntervalUnit::Day,
        _ => true,
    };
    if is_date(&time) && days {
        let expr = call(IntervalFunction::AddToDate(of), mode, vec![time.expr, by.expr]);
        return Some(Ok(Value::of(expr, ColumnType::Date)));
    }
    let text = is_text(&time);
    let time = match text {
        true if matches!(of, IntervalType::YearMonth(_)) => return None,
        true => match scope.cast_in(time, ColumnType::Timestamp, mode) {
            Ok(time) => time,
            Err(error) => return Some(Err(error)),
        },
        false if is_date(&time) || is_time(&time) => time.widened(&ColumnType::Timestamp)?,
        false => return None,
    };
    let expr = call(IntervalFunction::AddToTime(of), mode, vec![time.expr, by.expr]);
    let later = Value::of(expr, ColumnType::Timestamp);
    Some(if text { scope.cast_in(later, ColumnType::String, mode) } else { Ok(later) })
}

/// From the second time to the first. A text or null is one of the other's type.
fn between(scope: &mut Scope, left: Value, right: Value, mode: EvalMode) -> Result<Value, String> {
    let dates = !is_time(&left) && !is_time(&right);
    let to = if dates { ColumnType::Date } else { ColumnType::Timestamp };
    let mut sides = Vec::with_capacity(2);
    for side in [left, right] {
        let shown = side.shown();
        let side =
            if is_text(&side) { Some(scope.cast_in(side, to.clone(), mode)?) } else { side.widened(&to) };
        sides.push(side.ok_or_else(|| format!("- of {shown}"))?.expr);
    }
    let day = IntervalUnits { first: IntervalUnit::Day, last: IntervalUnit::Day };
    Ok(match dates {
        true => of_type(call(IntervalFunction::BetweenDates, mode, sides), IntervalType::DayTime(day)),
        false => of_type(call(IntervalFunction::BetweenTimes, mode, sides), IntervalType::TIME),
    })
}

/// What a `try_` function of intervals answers: null also for what fails within the two sides.
pub(super) fn attempt(
    scope: &mut Scope,
    operator: Arithmetic,
    sides: [Value; 2],
    name: &str,
) -> Result<Value, String> {
    let [left, right] = sides.map(|side| side.expr.tried().map(|expr| Value { expr, kind: side.kind }));
    let (Some(left), Some(right)) = (left, right) else {
        return Err(format!(
            "{name} of what may itself fail in a choice or function; Spark makes null of that too, so compute it in a column before"
        ));
    };
    operate(scope, operator, left, right, EvalMode::Try)
}

/// The interval of the other sign.
pub(super) fn negated(value: Value, of: IntervalType, mode: EvalMode) -> Value {
    let zero = match of {
        IntervalType::YearMonth(_) => Literal::Int(0),
        IntervalType::DayTime(_) => Literal::Long(0),
        IntervalType::Calendar => return of_type(call(IntervalFunction::Negate, mode, vec![value.expr]), of),
    };
    sum(Arithmetic::Subtract, of_type(Expr::Literal(zero), of), value, of, mode)
}

/// `abs` and `negative` of an interval.
pub(super) fn sign(scope: &Scope, name: &str, value: Value, of: IntervalType) -> Result<Value, String> {
    match (name, of) {
        ("abs", IntervalType::Calendar) => {
            Err(format!("{name} of an interval of the calendar, which has no sign of its own"))
        }
        ("abs", _) => {
            functions::since(scope.dialect, "a sign of an interval")?;
            Ok(of_type(call(IntervalFunction::Absolute(of), scope.dialect.mode(), vec![value.expr]), of))
        }
        _ => Ok(negated(value, of, scope.dialect.mode())),
    }
}

/// The number whose sign `signum` takes.
pub(super) fn number(scope: &Scope, value: Value, of: IntervalType) -> Result<Value, String> {
    functions::since(scope.dialect, "a sign of an interval")?;
    match of {
        IntervalType::Calendar => Err("the sign of an interval of the calendar".to_owned()),
        of => Ok(Value::of(value.expr, of.held())),
    }
}

/// How often one interval goes into another.
pub(super) fn div(scope: &Scope, left: Value, right: Value) -> Result<Value, String> {
    functions::since(scope.dialect, "div of intervals")?;
    let wrong = format!("div of {} and {}; it takes two intervals of one type", left.shown(), right.shown());
    let of = match (interval(&left), interval(&right)) {
        (Some(one), Some(other)) => merged(one, other),
        (Some(one), None) if right.kind == Kind::Null => Some(one),
        (None, Some(other)) if left.kind == Kind::Null => Some(other),
        _ => None,
    };
    let of = of.filter(|of| *of != IntervalType::Calendar).ok_or(wrong)?;
    let sides = [left, right].map(|side| if side.kind == Kind::Null { null(of).expr } else { side.expr });
    let expr = call(IntervalFunction::DivideWhole(of), scope.dialect.mode(), sides.to_vec());
    Ok(Value::of(expr, ColumnType::Long))
}

/// `EXTRACT(field FROM value)` of an interval.
pub(super) fn part(field: &str, value: Value, of: IntervalType) -> Result<Value, String> {
    let unit = match field.to_ascii_lowercase().as_str() {
        "year" | "y" | "years" | "yr" | "yrs" => Some(IntervalUnit::Year),
        "month" | "mon" | "mons" | "months" => Some(IntervalUnit::Month),
        "day" | "d" | "days" => Some(IntervalUnit::Day),
        "hour" | "h" | "hours" | "hr" | "hrs" => Some(IntervalUnit::Hour),
        "minute" | "m" | "min" | "mins" | "minutes" => Some(IntervalUnit::Minute),
        "second" | "s" | "sec" | "seconds" | "secs" => Some(IntervalUnit::Second),
        _ => None,
    };
    let has = |unit: &IntervalUnit| match of {
        IntervalType::YearMonth(units) | IntervalType::DayTime(units) => units.has(*unit),
        IntervalType::Calendar => true,
    };
    let unit = unit.filter(has).ok_or_else(|| format!("the field {field} of an {of}, which has none"))?;
    let function = IntervalFunction::Part(of, unit);
    let answers = function.answers();
    Ok(Value::of(call(function, EvalMode::Ansi, vec![value.expr]), answers))
}

/// The functions that make intervals, or `None` for another name.
pub(super) fn function(
    scope: &mut Scope,
    name: &str,
    arguments: &[&ast::Expr],
) -> Option<Result<Value, String>> {
    let mode = scope.dialect.mode();
    let (of, mode) = match (name, arguments.len()) {
        ("make_interval", 0..=7) => (IntervalType::Calendar, mode),
        ("try_make_interval", 1..=7) => (IntervalType::Calendar, EvalMode::Try),
        ("make_ym_interval", 0..=2) => (IntervalType::MONTHS, EvalMode::Ansi),
        ("make_dt_interval", 0..=4) => (IntervalType::TIME, EvalMode::Ansi),
        ("time_bucket", 2 | 3) => return Some(bucket(scope, name, arguments)),
        _ => return None,
    };
    Some(make(scope, name, arguments, of, mode))
}

fn make(
    scope: &mut Scope,
    name: &str,
    arguments: &[&ast::Expr],
    of: IntervalType,
    mode: EvalMode,
) -> Result<Value, String> {
    since(scope.dialect)?;
    let function = IntervalFunction::Make(of);
    let mut made = Vec::with_capacity(7);
    for (at, to) in function.types().into_iter().enumerate() {
        let Some(argument) = arguments.get(at) else {
            let zero = match to {
                ColumnType::Int => Literal::Int(0),
                _ => Literal::Decimal(0, SECONDS),
            };
            made.push(Expr::Literal(zero));
            continue;
        };
        let value = scope.value(argument)?;
        let fits = match &value.kind {
            Kind::Null => true,
            Kind::Of(found) => found.is_numeric() || *found == ColumnType::String,
            _ => false,
        };
        if !fits {
            return Err(format!("{name} of {}; it takes numbers", value.shown()));
        }
        made.push(scope.cast_value(value, to)?.expr);
    }
    Ok(of_type(call(function, mode, made), of))
}

/// The start of the span that a timestamp lies in.
fn bucket(scope: &mut Scope, name: &str, arguments: &[&ast::Expr]) -> Result<Value, String> {
    let values = arguments.iter().map(|argument| scope.value(argument)).collect::<Result<Vec<_>, _>>()?;
    let shown = values.iter().map(Value::shown).collect::<Vec<_>>().join(", ");
    let wrong = || {
        format!(
            "{name} of {shown}; it takes an interval as it stands and above zero, a timestamp, and a timestamp as it stands"
        )
    };
    let mut values = values.into_iter();
    let (Some(length), Some(time)) = (values.next(), values.next()) else { return Err(wrong()) };
    let origin =
        values.next().unwrap_or_else(|| Value::literal(Literal::Timestamp(0), ColumnType::Timestamp));
    let of = match (&length.kind, &length.expr) {
        (Kind::Null, _) => IntervalType::TIME,
        (Kind::Interval(of), Expr::Literal(Literal::Int(1..) | Literal::Long(1..) | Literal::Null(_)))
            if *of != IntervalType::Calendar =>
        {
            *of
        }
        _ => return Err(wrong()),
    };
    let length = if length.kind == Kind::Null { null(of) } else { length };
    let whens = [&time, &origin].into_iter().all(|value| is_time(value) || value.kind == Kind::Null);
    if !whens || !matches!(origin.expr, Expr::Literal(_)) {
        return Err(wrong());
    }
    let whens = [time, origin].map(|value| value.widened(&ColumnType::Timestamp));
    let [Some(time), Some(origin)] = whens else { return Err(wrong()) };
    let expr =
        call(IntervalFunction::Bucket(of), scope.dialect.mode(), vec![length.expr, time.expr, origin.expr]);
    Ok(Value::of(expr, ColumnType::Timestamp))
}
