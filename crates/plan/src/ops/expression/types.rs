//! The type of an expression, settled while a plan is built.

use super::bits::BitFunction;
use super::literal::Literal;
use super::tree::Expr;
use crate::column::ColumnType;
use crate::ops::Mismatch;

impl Expr {
    /// The type of the values, or what of the expression does not fit the inputs.
    pub(super) fn column_type(&self, inputs: &[&ColumnType]) -> Result<ColumnType, Mismatch> {
        let of = |part: &Expr| part.column_type(inputs);
        let each = |parts: &[Expr]| parts.iter().map(of).collect::<Result<Vec<_>, _>>();
        if let Some((arguments, types, answers)) = self.fixed() {
            return typed(each(arguments)?, &types, answers);
        }
        match self {
            Expr::Input(place) => match inputs.get(*place) {
                Some(found) if is_value(found) => Ok((*found).clone()),
                _ => {
                    let expected = "a number, boolean, string or list of strings".to_owned();
                    Err(Mismatch { input: *place, expected })
                }
            },
            Expr::Literal(Literal::Null(null)) if !is_value(null) => Err(wrong("a null of a scalar type")),
            Expr::Literal(literal) => Ok(literal.column_type()),
            Expr::Cast { value, to, .. } => {
                of(value)?;
                if is_scalar(to) { Ok(to.clone()) } else { Err(wrong("a cast to a scalar type")) }
            }
            Expr::Raise { message, to } => {
                exactly(of(message)?, &ColumnType::String)?;
                if is_value(to) { Ok(to.clone()) } else { Err(wrong("a null of a scalar type")) }
            }
            Expr::Negate { value, .. } | Expr::Absolute { value, .. } => number(of(value)?),
            Expr::Arithmetic { left, right, .. } => no_decimal(number(same([of(left)?, of(right)?])?)?),
            Expr::Decimals { arithmetic, left, right } => {
                decimal(of(left)?)?;
                decimal(of(right)?)?;
                Ok(ColumnType::Decimal(arithmetic.to))
            }
            Expr::Compare { left, right, .. } => {
                if !is_scalar(&same([of(left)?, of(right)?])?) {
                    return Err(wrong("a comparison of scalars"));
                }
                Ok(ColumnType::Boolean)
            }
            Expr::All(parts) | Expr::Any(parts) => {
                parts.iter().try_for_each(|part| exactly(of(part)?, &ColumnType::Boolean))?;
                Ok(ColumnType::Boolean)
            }
            Expr::Not(value) => tested(of(value)?, &ColumnType::Boolean),
            Expr::IsNull(value) => of(value).map(|_| ColumnType::Boolean),
            Expr::IsNan(value) => tested(of(value)?, &ColumnType::Double),
            Expr::Case { branches, otherwise } => case(branches, otherwise, inputs),
            Expr::Coalesce(values) => one(each(values)?, true),
            Expr::Extreme { values, .. } => one(each(values)?, false),
            Expr::Like { value, .. } => tested(of(value)?, &ColumnType::String),
            Expr::Round { value, .. } => no_decimal(number(of(value)?)?),
            Expr::RoundDecimal { value, rounding } => {
                decimal(of(value)?)?;
                Ok(ColumnType::Decimal(rounding.to))
            }
            Expr::Bits { function, arguments } => bits(*function, each(arguments)?),
            Expr::Hash { hash, arguments, .. } => match each(arguments)?.iter().all(is_scalar) {
                true => Ok(hash.answers()),
                false => Err(wrong("a hash of scalars")),
            },
            Expr::Math { .. }
            | Expr::Text { .. }
            | Expr::List { .. }
            | Expr::Format { .. }
            | Expr::Bytes { .. }
            | Expr::Count { .. }
            | Expr::Interval { .. }
            | Expr::Date { .. } => Err(wrong("the types of its arguments")),
            Expr::Match { value, matching } => {
                exactly(of(value)?, &ColumnType::String)?;
                Ok(matching.answers())
            }
        }
    }

    /// The arguments of a function that takes just these types and answers one.
    fn fixed(&self) -> Option<(&[Expr], Vec<ColumnType>, ColumnType)> {
        let (arguments, types, answers) = match self {
            Expr::Math { function, arguments } => (arguments, function.types(), function.answers()),
            Expr::Text { function, arguments } => {
                (arguments, function.types(arguments.len()), function.answers())
            }
            Expr::List { function, arguments } => {
                (arguments, function.types(arguments.len()), function.answers())
            }
            Expr::Format { format, arguments } => (arguments, format.types(), format.answers()),
            Expr::Bytes { function, arguments } => (arguments, function.types(), function.answers()),
            Expr::Count { function, arguments } => (arguments, function.types(), ColumnType::Long),
            Expr::Date { function, arguments } => (arguments, function.types(), function.answers()),
            Expr::Interval { function, arguments, .. } => (arguments, function.types(), function.answers()),
            _ => return None,
        };
        Some((arguments, types, answers))
    }
}

/// The one type of all values.
fn one(types: Vec<ColumnType>, lists: bool) -> Result<ColumnType, Mismatch> {
    let mut types = types.into_iter();
    let first = types.next().ok_or_else(|| wrong("at least one value"))?;
    match is_scalar(&first) || lists && is_value(&first) {
        true => types.try_fold(first, |found, next| same([found, next])),
        false => Err(wrong("scalars")),
    }
}

fn case(branches: &[(Expr, Expr)], otherwise: &Expr, inputs: &[&ColumnType]) -> Result<ColumnType, Mismatch> {
    let mut found = otherwise.column_type(inputs)?;
    for (condition, value) in branches {
        exactly(condition.column_type(inputs)?, &ColumnType::Boolean)?;
        found = same([found, value.column_type(inputs)?])?;
    }
    Ok(found)
}

fn bits(function: BitFunction, types: Vec<ColumnType>) -> Result<ColumnType, Mismatch> {
    let whole = |found: &ColumnType| found.is_numeric() && !found.is_floating() && !is_decimal(found);
    match types.first() {
        Some(first) if types.len() == function.arguments() && types.iter().all(whole) => {
            Ok(function.answers(first))
        }
        _ => Err(wrong("whole numbers for an operator on bits")),
    }
}

/// Whether expressions compute with this type.
fn is_scalar(found: &ColumnType) -> bool {
    use ColumnType::{Boolean, Date, String, Timestamp, TimestampNtz};
    found.is_numeric() || matches!(found, Boolean | String | Date | Timestamp | TimestampNtz)
}

/// Whether an expression may have this type: a scalar, or a list of texts.
fn is_value(found: &ColumnType) -> bool {
    is_scalar(found) || *found == ColumnType::strings()
}

/// What a function answers that is given just the types it takes.
fn typed(given: Vec<ColumnType>, types: &[ColumnType], answers: ColumnType) -> Result<ColumnType, Mismatch> {
    if given.len() != types.len() {
        return Err(wrong("a function with all its arguments"));
    }
    given.into_iter().zip(types).try_for_each(|(found, asked)| exactly(found, asked))?;
    Ok(answers)
}

fn same([one, other]: [ColumnType; 2]) -> Result<ColumnType, Mismatch> {
    exactly(other, &one)?;
    Ok(one)
}

fn exactly(found: ColumnType, asked: &ColumnType) -> Result<(), Mismatch> {
    if found == *asked { Ok(()) } else { Err(wrong(&format!("{asked} in place of {found}"))) }
}

/// The type of a test of values of a type.
fn tested(found: ColumnType, asked: &ColumnType) -> Result<ColumnType, Mismatch> {
    exactly(found, asked)?;
    Ok(ColumnType::Boolean)
}

fn number(found: ColumnType) -> Result<ColumnType, Mismatch> {
    if found.is_numeric() { Ok(found) } else { Err(wrong(&format!("a number in place of {found}"))) }
}

fn is_decimal(found: &ColumnType) -> bool {
    matches!(found, ColumnType::Decimal(_))
}

fn decimal(found: ColumnType) -> Result<(), Mismatch> {
    if is_decimal(&found) { Ok(()) } else { Err(wrong(&format!("a decimal in place of {found}"))) }
}

fn no_decimal(found: ColumnType) -> Result<ColumnType, Mismatch> {
    if is_decimal(&found) { Err(wrong(&format!("a number in place of {found}"))) } else { Ok(found) }
}

fn wrong(expected: &str) -> Mismatch {
    Mismatch { input: 0, expected: format!("an expression with {expected}") }
}
