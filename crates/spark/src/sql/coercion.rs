//! The types that Spark converts operands to.

use firesteel_plan::ColumnType;
use firesteel_plan::ops::{EvalMode, Expr};

use super::decimals::{self, holding, wider};
use super::scope::Dialect;
use super::special_texts::special;
use super::value::{Kind, Value};
use super::{binaries, interval_casts};

/// Values as the one type that Spark finds for them all.
pub(super) fn common(values: Vec<Value>, dialect: Dialect, what: &str) -> Result<(Vec<Value>, Kind), String> {
    let shown = || values.iter().map(Value::shown).collect::<Vec<_>>().join(" and ");
    if values.iter().any(|value| value.kind == Kind::Binary) {
        let shown = shown();
        // Only with ANSI on, a text becomes a binary among others.
        let texts = dialect.ansi && !matches!(what, "greatest" | "least");
        let binary = |value: Value| match value.kind {
            Kind::Of(_) if !texts => None,
            _ => binaries::of(value),
        };
        let values = values.into_iter().map(binary).collect::<Option<Vec<_>>>();
        return Ok((values.ok_or_else(|| mixed(what, &shown))?, Kind::Binary));
    }
    if values.iter().any(|value| matches!(value.kind, Kind::Interval(_))) {
        return interval_casts::common(values, dialect, what);
    }
    let mut found: Option<ColumnType> = None;
    for value in &values {
        let Kind::Of(next) = &value.kind else { continue };
        found = Some(match found {
            None => next.clone(),
            Some(before) => tightest(&before, next, dialect).ok_or_else(|| mixed(what, &shown()))?,
        });
    }
    let Some(found) = found else {
        return match values.iter().all(Value::is_null) {
            true => Err(format!("{what} of nothing but NULL")),
            false => Ok((values, Kind::Null)),
        };
    };
    let shown = shown();
    let values =
        values.into_iter().map(|value| converted(value, &found, dialect)).collect::<Option<Vec<_>>>();
    Ok((values.ok_or_else(|| mixed(what, &shown))?, Kind::Of(found)))
}

/// Two values as the type in which Spark compares them.
pub(super) fn compared(
    left: Value,
    right: Value,
    dialect: Dialect,
    what: &str,
) -> Result<[Value; 2], String> {
    // Texts compare by their bytes too.
    if binaries::is_binary(&left) || binaries::is_binary(&right) {
        match (binaries::of(left.clone()), binaries::of(right.clone())) {
            (Some(left), Some(right)) => return Ok([left, right]),
            _ if left.kind == Kind::Binary || right.kind == Kind::Binary => {
                return Err(mixed(what, &format!("{} and {}", left.shown(), right.shown())));
            }
            _ => {}
        }
    }
    if [&left, &right].iter().any(|value| matches!(value.kind, Kind::Interval(_))) {
        return interval_casts::compared(left, right, what);
    }
    if let Some(pair) = with_text(&left, &right, dialect) {
        let to = pair.ok_or_else(|| mixed(what, &format!("{} and {}", left.shown(), right.shown())))?;
        let values = [left, right].map(|value| converted(value, &to, dialect));
        let [Some(left), Some(right)] = values else { return Err(what.to_owned()) };
        return Ok([left, right]);
    }
    if decimals::computes(&left, &right)
        && let Some(pair) = decimals::compared(left.clone(), right.clone(), dialect)
    {
        return Ok(pair);
    }
    let values = common(vec![left, right], dialect, what)?.0;
    <[Value; 2]>::try_from(values).map_err(|_| what.to_owned())
}

/// The type to which a text and another value are compared, where only one is a text.
fn with_text(left: &Value, right: &Value, dialect: Dialect) -> Option<Option<ColumnType>> {
    let other = match (&left.kind, &right.kind) {
        (Kind::Of(ColumnType::String), Kind::Of(ColumnType::String)) => return None,
        (Kind::Of(ColumnType::String), Kind::Of(other)) | (Kind::Of(other), Kind::Of(ColumnType::String)) => {
            other
        }
        _ => return None,
    };
    Some(match other {
        _ if !dialect.since_3 => None,
        other if is_whole(other) && dialect.ansi => Some(ColumnType::Long),
        ColumnType::Float if dialect.ansi => Some(ColumnType::Double),
        ColumnType::Decimal(_) => Some(ColumnType::Double),
        other if is_scalar(other) => Some(other.clone()),
        _ => None,
    })
}

/// The two sides of an operator of numbers, a text as the number that Spark makes of it.
pub(super) fn numbers(left: Value, right: Value, dialect: Dialect, what: &str) -> Result<[Value; 2], String> {
    let is_text = |value: &Value| value.kind == Kind::Of(ColumnType::String);
    let number = |value: Value, other: &Kind| match other {
        Kind::Of(other) if is_whole(other) && dialect.ansi => converted(value, &ColumnType::Long, dialect),
        _ => converted(value, &ColumnType::Double, dialect),
    };
    let shown = format!("{} and {}", left.shown(), right.shown());
    let pair = match (is_text(&left), is_text(&right)) {
        (false, false) => return Ok([left, right]),
        (true, true) if dialect.ansi => None,
        (true, _) => number(left, &right.kind).map(|left| [left, right]),
        (false, true) => number(right, &left.kind).map(|right| [left, right]),
    };
    let [left, right] = pair.ok_or_else(|| mixed(what, &shown))?;
    match is_text(&right) {
        true => number(right, &left.kind).map(|right| [left, right]).ok_or_else(|| mixed(what, &shown)),
        false => Ok([left, right]),
    }
}

/// A value as the double that Spark makes of it for a function of doubles.
pub(super) fn double(value: Value, dialect: Dialect, what: &str) -> Result<Value, String> {
    let shown = value.shown();
    let converted = converted(value, &ColumnType::Double, dialect);
    converted.ok_or_else(|| format!("{what} of {shown}; CAST it to a number"))
}

/// A value as Spark converts it for a function that takes `to`.
pub(super) fn argument(value: Value, to: &ColumnType, dialect: Dialect, what: &str) -> Result<Value, String> {
    let shown = value.shown();
    let narrowed = match &value.kind {
        // With ANSI on, a number is never cut.
        Kind::Of(found) if is_whole(to) && found.is_numeric() && rank(found) > rank(to) && !dialect.ansi => {
            let expr = Expr::Cast { value: Box::new(value.expr), to: to.clone(), mode: EvalMode::Legacy };
            Some(Value::of(expr, to.clone()))
        }
        Kind::Of(found) if is_whole(to) && found.is_numeric() && rank(found) > rank(to) => None,
        Kind::Of(ColumnType::Timestamp | ColumnType::TimestampNtz) if *to == ColumnType::Date => {
            let expr = Expr::Cast { value: Box::new(value.expr), to: to.clone(), mode: EvalMode::Legacy };
            Some(Value::of(expr, to.clone()))
        }
        _ => converted(value, to, dialect),
    };
    narrowed.ok_or_else(|| format!("{what} of {shown}; it takes {to}, so CAST it"))
}

/// A value as another type, where Spark casts it by itself: as it is widened, or from and to a text.
fn converted(value: Value, to: &ColumnType, dialect: Dialect) -> Option<Value> {
    if let ColumnType::Decimal(to) = to {
        return match &value.kind {
            Kind::Null => value.widened(&ColumnType::Decimal(*to)),
            Kind::Of(found) => holding(found).map(|_| decimals::cast(value, *to, dialect)),
            Kind::Binary | Kind::Interval(_) => None,
        };
    }
    if value.kind == Kind::Binary && *to == ColumnType::String {
        return Some(binaries::text(value));
    }
    if matches!(value.kind, Kind::Interval(_)) && *to == ColumnType::String {
        return interval_casts::as_text(value, dialect);
    }
    let from_text = value.kind == Kind::Of(ColumnType::String) && *to != ColumnType::String;
    let to_text = *to == ColumnType::String && matches!(&value.kind, Kind::Of(found) if is_scalar(found));
    if !(from_text && dialect.since_3 && is_scalar(to) || to_text && value.kind != Kind::Of(to.clone())) {
        return value.widened(to);
    }
    if let Some(read) = special(&value, to) {
        return read.ok();
    }
    let expr = Expr::Cast { value: Box::new(value.expr), to: to.clone(), mode: dialect.mode() };
    Some(Value::of(expr, to.clone()))
}

/// A value that must have this type, or be a null.
pub(super) fn exactly(value: Value, asked: &ColumnType, what: &str) -> Result<Value, String> {
    let fits = value.kind == Kind::Null || value.kind == Kind::Of(asked.clone());
    let shown = value.shown();
    let value = if fits { value.widened(asked) } else { None };
    value.ok_or_else(|| format!("{what} of {shown}; it takes {asked}, so CAST it"))
}

fn tightest(one: &ColumnType, other: &ColumnType, dialect: Dialect) -> Option<ColumnType> {
    use ColumnType::{Boolean, Date, Decimal, Double, Float, String, Timestamp, TimestampNtz};
    match (one, other) {
        _ if one == other => return Some(one.clone()),
        (Date | TimestampNtz, Timestamp) | (Timestamp, Date | TimestampNtz) => return Some(Timestamp),
        (Date, TimestampNtz) | (TimestampNtz, Date) => return Some(TimestampNtz),
        (String, _) | (_, String) if !dialect.since_3 => return None,
        (String, other) | (other, String) if dialect.ansi => {
            return match other {
                other if is_whole(other) => Some(ColumnType::Long),
                Float | Double | Decimal(_) => Some(Double),
                Boolean | Date | Timestamp | TimestampNtz => Some(other.clone()),
                _ => None,
            };
        }
        (String, Boolean) | (Boolean, String) => return None,
        (String, other) | (other, String) => return is_scalar(other).then_some(String),
        (Decimal(_), Float | Double) | (Float | Double, Decimal(_)) => return Some(Double),
        (Decimal(_), _) | (_, Decimal(_)) => {
            return Some(Decimal(wider(holding(one)?, holding(other)?, dialect)));
        }
        _ => {}
    }
    let wider = if rank(one)? > rank(other)? { one } else { other };
    // With ANSI on, an integer is never rounded to 32 bits.
    Some(if *wider == Float && dialect.ansi && is_whole(one) != is_whole(other) {
        Double
    } else {
        wider.clone()
    })
}

fn is_scalar(found: &ColumnType) -> bool {
    use ColumnType::{Boolean, Date, String, Timestamp, TimestampNtz};
    found.is_numeric() || matches!(found, Boolean | String | Date | Timestamp | TimestampNtz)
}

pub(super) fn is_whole(found: &ColumnType) -> bool {
    matches!(found, ColumnType::Byte | ColumnType::Short | ColumnType::Int | ColumnType::Long)
}

fn rank(found: &ColumnType) -> Option<usize> {
    use ColumnType::{Byte, Double, Float, Int, Long, Short};
    [Byte, Short, Int, Long, Float, Double].iter().position(|known| known == found)
}

fn mixed(what: &str, shown: &str) -> String {
    format!("{what} of {shown}; CAST one to the type of the other")
}
