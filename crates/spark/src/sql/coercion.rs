//! The types that Spark converts operands to.

use firesteel_plan::ColumnType;

use super::literal::EXACT_DIGITS;
use super::scope::Dialect;
use super::value::{Kind, Value};

/// Values as the one type that Spark finds for them all.
pub(super) fn common(
    values: Vec<Value>,
    dialect: Dialect,
    what: &str,
) -> Result<(Vec<Value>, ColumnType), String> {
    let shown = || values.iter().map(Value::shown).collect::<Vec<_>>().join(" and ");
    let mut found: Option<ColumnType> = None;
    for value in &values {
        let Kind::Of(next) = &value.kind else { continue };
        found = Some(match found {
            None => next.clone(),
            Some(before) => tightest(&before, next, dialect).ok_or_else(|| mixed(what, &shown()))?,
        });
    }
    if values.iter().any(|value| matches!(value.kind, Kind::Decimal { .. })) {
        found = match found {
            Some(ColumnType::Float | ColumnType::Double) => Some(ColumnType::Double),
            _ => return Err(decimal(what)),
        };
    }
    let found = found.ok_or_else(|| format!("{what} of nothing but NULL"))?;
    let shown = shown();
    let values = values.into_iter().map(|value| value.widened(&found)).collect::<Option<Vec<_>>>();
    Ok((values.ok_or_else(|| mixed(what, &shown))?, found))
}

/// Two values as the type in which Spark compares them.
pub(super) fn compared(
    left: Value,
    right: Value,
    dialect: Dialect,
    what: &str,
) -> Result<[Value; 2], String> {
    // An integer of at most 32 bits and a short decimal compare as doubles as they do as decimals.
    let exact = |one: &Value, other: &Value| {
        let small = matches!(&one.kind, Kind::Of(ColumnType::Byte | ColumnType::Short | ColumnType::Int));
        small && matches!(other.kind, Kind::Decimal { digits } if digits <= EXACT_DIGITS)
    };
    let values = vec![left, right];
    let values = match exact(&values[0], &values[1]) || exact(&values[1], &values[0]) {
        true => values.into_iter().filter_map(|value| value.widened(&ColumnType::Double)).collect(),
        false => common(values, dialect, what)?.0,
    };
    <[Value; 2]>::try_from(values).map_err(|_| what.to_owned())
}

/// A value as the double that Spark makes of it for a function of doubles.
pub(super) fn double(value: Value, what: &str) -> Result<Value, String> {
    let shown = value.shown();
    value.widened(&ColumnType::Double).ok_or_else(|| format!("{what} of {shown}; CAST it to a number"))
}

/// A value that must have this type, or be a null.
pub(super) fn exactly(value: Value, asked: &ColumnType, what: &str) -> Result<Value, String> {
    let fits = value.kind == Kind::Null || value.kind == Kind::Of(asked.clone());
    let shown = value.shown();
    let value = if fits { value.widened(asked) } else { None };
    value.ok_or_else(|| format!("{what} of {shown}; it takes {asked}, so CAST it"))
}

fn tightest(one: &ColumnType, other: &ColumnType, dialect: Dialect) -> Option<ColumnType> {
    if one == other {
        return Some(one.clone());
    }
    let wider = if rank(one)? > rank(other)? { one } else { other };
    // With ANSI on, an integer is never rounded to 32 bits.
    Some(if *wider == ColumnType::Float && dialect.ansi && is_whole(one) != is_whole(other) {
        ColumnType::Double
    } else {
        wider.clone()
    })
}

fn is_whole(found: &ColumnType) -> bool {
    matches!(found, ColumnType::Byte | ColumnType::Short | ColumnType::Int | ColumnType::Long)
}

fn rank(found: &ColumnType) -> Option<usize> {
    use ColumnType::{Byte, Double, Float, Int, Long, Short};
    [Byte, Short, Int, Long, Float, Double].iter().position(|known| known == found)
}

fn mixed(what: &str, shown: &str) -> String {
    format!("{what} of {shown}; CAST one to the type of the other")
}

fn decimal(what: &str) -> String {
    format!("{what} of a decimal such as 1.5; write 1.5D or CAST it to double where a double is meant")
}
