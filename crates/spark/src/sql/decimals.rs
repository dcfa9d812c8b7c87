//! Decimals: the types that Spark gives to what is computed with them (`DecimalPrecision.scala`, `arithmetic.scala`).

use firesteel_plan::ColumnType;
use firesteel_plan::decimal::{DecimalType, MAX_DIGITS, Nearest, to_double};
use firesteel_plan::ops::{
    Arithmetic, Comparison, DecimalArithmetic, DecimalRounding, EvalMode, Expr, Literal,
};

use super::coercion::is_whole;
use super::scope::Dialect;
use super::value::{Kind, Value};

/// How many digits behind the point a type keeps where not all digits fit.
const LEAST_SCALE: i32 = 6;

/// The type with at most all the digits that there are.
fn bounded(precision: i32, scale: i32) -> DecimalType {
    let most = i32::from(MAX_DIGITS);
    DecimalType { precision: precision.clamp(1, most) as u8, scale: scale.clamp(0, most) as u8 }
}

/// The type of a result: where not all digits fit, those behind the point go first, down to six.
fn adjusted(precision: i32, scale: i32) -> DecimalType {
    let most = i32::from(MAX_DIGITS);
    if precision <= most {
        return bounded(precision, scale);
    }
    let before = precision - scale;
    bounded(most, (most - before).max(scale.min(LEAST_SCALE)))
}

/// The decimal that holds all numbers of a type of whole numbers, or the decimal itself.
pub(super) fn holding(found: &ColumnType) -> Option<DecimalType> {
    let precision = match found {
        ColumnType::Decimal(of) => return Some(*of),
        ColumnType::Byte => 3,
        ColumnType::Short => 5,
        ColumnType::Int => 10,
        ColumnType::Long => 20,
        _ => return None,
    };
    Some(DecimalType { precision, scale: 0 })
}

/// The type that two decimals are compared in or chosen from.
pub(super) fn wider(one: DecimalType, other: DecimalType, dialect: Dialect) -> DecimalType {
    let scale = one.scale.max(other.scale);
    let before = (one.precision - one.scale).max(other.precision - other.scale);
    let (precision, scale) = (i32::from(before) + i32::from(scale), i32::from(scale));
    let over = (precision - i32::from(MAX_DIGITS)).max(0);
    // Since Spark 4 the digits before the point are kept.
    if dialect.ansi { bounded(precision, scale - over) } else { bounded(precision, scale) }
}

pub(super) fn is_decimal(value: &Value) -> bool {
    matches!(value.kind, Kind::Of(ColumnType::Decimal(_)))
}

/// How many digits a whole number has.
fn digits(value: i128) -> u8 {
    value.unsigned_abs().to_string().len() as u8
}

/// A value as a decimal beside another: whole numbers that stand in the statement have the digits that they need.
fn operand(value: Value, dialect: Dialect) -> Option<(Value, DecimalType)> {
    let literal = match &value.expr {
        Expr::Literal(Literal::Byte(value)) => Some(i128::from(*value)),
        Expr::Literal(Literal::Short(value)) => Some(i128::from(*value)),
        Expr::Literal(Literal::Int(value)) => Some(i128::from(*value)),
        Expr::Literal(Literal::Long(value)) => Some(i128::from(*value)),
        _ => None,
    };
    match (&value.kind, literal) {
        (Kind::Of(found), Some(literal)) if is_whole(found) => {
            let of = DecimalType { precision: digits(literal), scale: 0 };
            Some((Value::literal(Literal::Decimal(literal, of), ColumnType::Decimal(of)), of))
        }
        (Kind::Of(found), _) => {
            let of = holding(found)?;
            Some((cast(value, of, dialect), of))
        }
        _ => None,
    }
}

/// The two sides of an operator as decimals, where one is a decimal and the other a decimal, a whole number or null.
fn operands(left: Value, right: Value, dialect: Dialect) -> Option<[(Value, DecimalType); 2]> {
    let null = |value: Value, of: DecimalType| Some((value.widened(&ColumnType::Decimal(of))?, of));
    let (nothing, other) = (left.kind == Kind::Null, right.kind == Kind::Null);
    match (operand(left.clone(), dialect), operand(right.clone(), dialect)) {
        (Some(left), Some(right)) => Some([left, right]),
        (Some(left), None) if other => Some([left.clone(), null(right, left.1)?]),
        (None, Some(right)) if nothing => Some([null(left, right.1)?, right]),
        _ => None,
    }
}

/// Whether an operator between the two is one of decimals.
pub(super) fn computes(left: &Value, right: &Value) -> bool {
    let other = |value: &Value| match &value.kind {
        Kind::Null => true,
        Kind::Of(found) => holding(found).is_some(),
        Kind::Binary | Kind::Interval(_) => false,
    };
    is_decimal(left) && other(right) || is_decimal(right) && other(left)
}

/// An operator between two values of which one is a decimal.
pub(super) fn arithmetic(
    operator: Arithmetic,
    whole: bool,
    left: Value,
    right: Value,
    dialect: Dialect,
) -> Result<Value, String> {
    let shown = format!("{} and {}", left.shown(), right.shown());
    if !dialect.since_3 {
        return Err(format!("an operator of {shown} in a save of Spark 2; CAST them to double"));
    }
    let [(left, one), (right, other)] = operands(left, right, dialect).ok_or(shown)?;
    let to = result(operator, whole, one, other);
    let arithmetic = DecimalArithmetic { operator, whole, to, checked: dialect.ansi };
    let expr = Expr::Decimals { arithmetic, left: Box::new(left.expr), right: Box::new(right.expr) };
    Ok(Value::of(expr, ColumnType::Decimal(to)))
}

fn result(operator: Arithmetic, whole: bool, one: DecimalType, other: DecimalType) -> DecimalType {
    let [p1, s1, p2, s2] = [one.precision, one.scale, other.precision, other.scale].map(i32::from);
    match operator {
        Arithmetic::Add | Arithmetic::Subtract => {
            adjusted((p1 - s1).max(p2 - s2) + s1.max(s2) + 1, s1.max(s2))
        }
        Arithmetic::Multiply => adjusted(p1 + p2 + 1, s1 + s2),
        Arithmetic::Divide if whole => bounded((p1 - s1 + s2).max(1), 0),
        Arithmetic::Divide => {
            let scale = LEAST_SCALE.max(s1 + p2 + 1);
            adjusted(p1 - s1 + s2 + scale, scale)
        }
        Arithmetic::Remainder | Arithmetic::Modulus => {
            adjusted((p1 - s1).min(p2 - s2) + s1.max(s2), s1.max(s2))
        }
    }
}

/// Two values as the decimals in which Spark compares them.
pub(super) fn compared(left: Value, right: Value, dialect: Dialect) -> Option<[Value; 2]> {
    let [(left, one), (right, other)] = operands(left, right, dialect)?;
    let to = wider(one, other, dialect);
    Some([cast(left, to, dialect), cast(right, to, dialect)])
}

/// What a comparison of a whole number with a decimal beyond 64 bits comes to, whatever the number is: Spark does not
/// look at it, so that it is true or false for a null too.
pub(super) fn beyond(comparison: Comparison, left: &Value, right: &Value) -> Option<bool> {
    let less = match comparison {
        Comparison::Less | Comparison::LessOrEqual => true,
        Comparison::Greater | Comparison::GreaterOrEqual => false,
        Comparison::Equal | Comparison::NullSafeEqual => return None,
    };
    let whole = |value: &Value| matches!(&value.kind, Kind::Of(found) if is_whole(found));
    let (literal, less) = match (&left.expr, &right.expr) {
        (_, Expr::Literal(Literal::Decimal(value, of))) if whole(left) => ((*value, of), less),
        (Expr::Literal(Literal::Decimal(value, of)), _) if whole(right) => ((*value, of), !less),
        _ => return None,
    };
    let (value, unit) = (literal.0, 10_i128.checked_pow(u32::from(literal.1.scale))?);
    let end = |bound: i64| i128::from(bound).checked_mul(unit);
    if end(i64::MAX).is_some_and(|most| value > most) {
        Some(less)
    } else if end(i64::MIN).is_some_and(|least| value < least) {
        Some(!less)
    } else {
        None
    }
}

/// A value as a decimal; what stands in the statement is it there already, where it fits.
pub(super) fn cast(value: Value, to: DecimalType, dialect: Dialect) -> Value {
    let found = ColumnType::Decimal(to);
    if value.kind == Kind::Of(found.clone()) {
        return value;
    }
    let expr = Expr::Cast { value: Box::new(value.expr), to: found.clone(), mode: dialect.mode() };
    Value::of(expr, found)
}

/// A decimal as a double; one that stands in the statement is it there already.
pub(super) fn double(expr: Expr) -> Expr {
    match expr {
        Expr::Literal(Literal::Decimal(value, of)) => {
            Expr::Literal(Literal::Double(to_double(value, of.scale)))
        }
        expr => Expr::Cast { value: Box::new(expr), to: ColumnType::Double, mode: EvalMode::Legacy },
    }
}

/// A decimal rounded to digits behind the point.
pub(super) fn round(value: Value, of: DecimalType, digits: i32, nearest: Nearest, dialect: Dialect) -> Value {
    let [precision, scale] = [of.precision, of.scale].map(i32::from);
    let before = precision - scale + 1;
    let to = if digits < 0 {
        bounded(before.max(1 - digits), 0)
    } else {
        bounded(before + scale.min(digits), scale.min(digits))
    };
    // Where digits before the point go, only more than 38 of them do not fit, which no mode has a null for.
    let checked = dialect.ansi || digits < 0;
    rounded(value, DecimalRounding { digits: digits.min(scale), nearest, to, checked })
}

/// The whole number below or above.
pub(super) fn whole(value: Value, of: DecimalType, floor: bool, dialect: Dialect) -> Value {
    let [precision, scale] = [of.precision, of.scale].map(i32::from);
    let to = if scale == 0 { of } else { bounded(precision - scale + 1, 0) };
    let nearest = if floor { Nearest::Floor } else { Nearest::Ceiling };
    rounded(value, DecimalRounding { digits: 0, nearest, to, checked: dialect.ansi })
}

/// The decimal that Spark makes of a value by itself for a function of decimals of any size.
pub(super) fn of_any(value: &Value) -> Option<DecimalType> {
    let (precision, scale) = match &value.kind {
        Kind::Of(ColumnType::Float) => (14, 7),
        Kind::Of(ColumnType::Double) => (30, 15),
        Kind::Of(ColumnType::String) => (38, 18),
        Kind::Of(found) => return holding(found),
        Kind::Null | Kind::Binary | Kind::Interval(_) => return None,
    };
    Some(DecimalType { precision, scale })
}

fn rounded(value: Value, rounding: DecimalRounding) -> Value {
    let expr = Expr::RoundDecimal { value: Box::new(value.expr), rounding };
    Value::of(expr, ColumnType::Decimal(rounding.to))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_keep_six_digits_behind_the_point() {
        let of = |precision, scale| DecimalType { precision, scale };
        let shown = |operator, one, other| result(operator, false, one, other).to_string();
        let int = of(10, 0);
        assert_eq!(shown(Arithmetic::Multiply, int, of(2, 1)), "decimal(13,1)");
        assert_eq!(shown(Arithmetic::Add, int, of(2, 1)), "decimal(12,1)");
        assert_eq!(shown(Arithmetic::Divide, int, of(2, 1)), "decimal(17,6)");
        assert_eq!(shown(Arithmetic::Remainder, int, of(2, 1)), "decimal(2,1)");
        assert_eq!(shown(Arithmetic::Multiply, of(38, 18), of(38, 18)), "decimal(38,6)");
        assert_eq!(shown(Arithmetic::Multiply, of(38, 2), of(38, 2)), "decimal(38,4)");
        assert_eq!(result(Arithmetic::Divide, true, int, of(2, 1)).to_string(), "decimal(11,0)");
    }
}
