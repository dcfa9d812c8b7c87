//! Functions of numbers, and the operators on whole ones.

use firesteel_plan::ColumnType;
use firesteel_plan::decimal::{DecimalType, Nearest};
use firesteel_plan::ops::{
    Arithmetic, BitFunction, Comparison, CountFunction, EvalMode, Expr, Literal, MathFunction, Rounding,
};
use sqlparser::ast;

use super::coercion::{argument, common, compared, double, is_whole};
use super::scope::{Dialect, Scope};
use super::value::{Kind, Value};
use super::{decimals, functions, intervals};

/// The functions of numbers, or `None` for another name.
pub(super) fn function(
    scope: &mut Scope,
    name: &str,
    arguments: &[&ast::Expr],
) -> Option<Result<Value, String>> {
    Some(match (name, arguments) {
        ("abs" | "negative", [value]) => sign(scope, name, value),
        ("positive", [value]) => of_text(scope, scope.dialect, value),
        ("try_add", [left, right]) => attempt(scope, Arithmetic::Add, left, right, name),
        ("try_subtract", [left, right]) => attempt(scope, Arithmetic::Subtract, left, right, name),
        ("try_multiply", [left, right]) => attempt(scope, Arithmetic::Multiply, left, right, name),
        ("try_divide", [left, right]) => attempt(scope, Arithmetic::Divide, left, right, name),
        ("try_mod", [left, right]) => attempt(scope, Arithmetic::Remainder, left, right, name),
        ("mod", [left, right]) => rest(scope, Arithmetic::Remainder, left, right, name),
        ("pmod", [left, right]) => rest(scope, Arithmetic::Modulus, left, right, name),
        ("round" | "bround", [value, ..]) if arguments.len() <= 2 => {
            round(scope, name, value, arguments.get(1).copied())
        }
        ("factorial", [_]) => count(scope, CountFunction::Factorial, name, arguments),
        ("bitmap_bit_position", [_]) => count(scope, CountFunction::BitmapPlace, name, arguments),
        ("bitmap_bucket_number", [_]) => count(scope, CountFunction::BitmapNumber, name, arguments),
        ("width_bucket", [_, _, _, _]) => count(scope, CountFunction::WidthBucket, name, arguments),
        ("nullifzero", [value]) => null_if_zero(scope, name, value),
        ("zeroifnull", [value]) => zero_if_null(scope, name, value),
        ("asinh" | "acosh", [value]) => area(scope, name, value),
        ("ceil" | "ceiling" | "floor", [value]) => whole(scope, name, value),
        ("ceil" | "ceiling" | "floor", [value, digits]) => whole_digits(scope, name, value, digits),
        ("isnan", [value]) => {
            scope.value(value).and_then(|value| double(value, scope.dialect, name)).map(is_nan)
        }
        ("nanvl", [value, other]) => nanvl(scope, value, other),
        ("pi", []) => Ok(constant(std::f64::consts::PI)),
        ("e", []) => Ok(constant(std::f64::consts::E)),
        ("shiftleft" | "shiftright" | "shiftrightunsigned" | "bit_get" | "getbit", [_, _])
        | ("bit_count", [_]) => bits(scope, name, arguments),
        _ => math(name, arguments.len()).map(|function| {
            let doubles = arguments.iter().map(|argument| {
                let value = scope.value(argument)?;
                let value = match intervals::interval(&value) {
                    Some(of) if function == MathFunction::Signum => intervals::number(scope, value, of)?,
                    _ => value,
                };
                Ok(double(value, scope.dialect, name)?.expr)
            });
            let arguments = doubles.collect::<Result<Vec<_>, String>>()?;
            Ok(Value::of(Expr::Math { function, arguments }, ColumnType::Double))
        })?,
    })
}

/// The functions of doubles that convert nothing else.
fn math(name: &str, arguments: usize) -> Option<MathFunction> {
    Some(match (name, arguments) {
        ("sqrt", 1) => MathFunction::Sqrt,
        ("cbrt", 1) => MathFunction::Cbrt,
        ("exp", 1) => MathFunction::Exp,
        ("expm1", 1) => MathFunction::Expm1,
        ("ln" | "log", 1) => MathFunction::Ln,
        ("log", 2) => MathFunction::Log,
        ("log1p", 1) => MathFunction::Log1p,
        ("log2", 1) => MathFunction::Log2,
        ("log10", 1) => MathFunction::Log10,
        ("pow" | "power", 2) => MathFunction::Power,
        ("rint", 1) => MathFunction::Rint,
        ("sign" | "signum", 1) => MathFunction::Signum,
        ("sin", 1) => MathFunction::Sin,
        ("cos", 1) => MathFunction::Cos,
        ("tan", 1) => MathFunction::Tan,
        ("cot", 1) => MathFunction::Cot,
        ("sec", 1) => MathFunction::Sec,
        ("csc", 1) => MathFunction::Csc,
        ("asin", 1) => MathFunction::Asin,
        ("acos", 1) => MathFunction::Acos,
        ("atan", 1) => MathFunction::Atan,
        ("atan2", 2) => MathFunction::Atan2,
        ("sinh", 1) => MathFunction::Sinh,
        ("cosh", 1) => MathFunction::Cosh,
        ("tanh", 1) => MathFunction::Tanh,
        ("atanh", 1) => MathFunction::Atanh,
        ("degrees", 1) => MathFunction::Degrees,
        ("radians", 1) => MathFunction::Radians,
        ("hypot", 2) => MathFunction::Hypot,
        _ => return None,
    })
}

fn constant(value: f64) -> Value {
    Value::literal(Literal::Double(value), ColumnType::Double)
}

fn is_nan(value: Value) -> Value {
    Value::boolean(Expr::IsNan(Box::new(value.expr)))
}

/// A number, or the double that a text says.
pub(super) fn of_text(scope: &mut Scope, dialect: Dialect, value: &ast::Expr) -> Result<Value, String> {
    let value = scope.value(value)?;
    match value.kind {
        Kind::Of(ColumnType::String) => double(value, dialect, "a sign"),
        _ => Ok(value),
    }
}

/// What is left of a division.
fn rest(
    scope: &mut Scope,
    operator: Arithmetic,
    left: &ast::Expr,
    right: &ast::Expr,
    name: &str,
) -> Result<Value, String> {
    let (left, right) = (scope.value(left)?, scope.value(right)?);
    scope.arithmetic(operator, left, right, name)
}

/// A result that is null, never an error, where the divisor is zero or it does not fit.
fn attempt(
    scope: &mut Scope,
    operator: Arithmetic,
    left: &ast::Expr,
    right: &ast::Expr,
    name: &str,
) -> Result<Value, String> {
    let sides = [scope.value(left)?, scope.value(right)?];
    if let [left, right] = &sides
        && intervals::computes(scope, operator, left, right)
    {
        return intervals::attempt(scope, operator, sides, name);
    }
    let texts = sides.iter().any(|side| side.kind == Kind::Of(ColumnType::String));
    // Beside a text, Spark makes nulls also of what fails within the two.
    if texts
        && scope.dialect.ansi
        && !sides.iter().all(|side| matches!(side.expr, Expr::Input(_) | Expr::Literal(_)))
    {
        return Err(format!("{name} of a text and what is computed; CAST it to a number"));
    }
    let [left, right] = sides;
    let mut result = scope.arithmetic(operator, left, right, name)?;
    match &mut result.expr {
        Expr::Arithmetic { left, right, mode, .. } => {
            *mode = EvalMode::Try;
            for side in [left, right].into_iter().filter(|_| texts && scope.dialect.ansi) {
                if let Expr::Cast { mode, .. } = side.as_mut() {
                    *mode = EvalMode::Try;
                }
            }
        }
        Expr::Decimals { arithmetic, .. } => arithmetic.checked = false,
        _ => {}
    }
    Ok(result)
}

/// The whole part of a quotient of whole numbers, of 64 bits.
pub(super) fn div(scope: &mut Scope, left: &ast::Expr, right: &ast::Expr) -> Result<Value, String> {
    let (left, right) = (scope.value(left)?, scope.value(right)?);
    if intervals::interval(&left).or(intervals::interval(&right)).is_some() {
        return intervals::div(scope, left, right);
    }
    if decimals::computes(&left, &right) {
        let decimal = decimals::arithmetic(Arithmetic::Divide, true, left, right, scope.dialect)?;
        return scope.cast_value(decimal, ColumnType::Long);
    }
    let mut sides = Vec::with_capacity(2);
    for value in [left, right] {
        let fits = value.kind == Kind::Null || matches!(&value.kind, Kind::Of(found) if is_whole(found));
        let shown = value.shown();
        let wide = if fits { value.widened(&ColumnType::Long) } else { None };
        sides.push(wide.ok_or_else(|| format!("div of {shown}; CAST it to bigint"))?);
    }
    let right = sides.pop().ok_or("div")?;
    let left = sides.pop().ok_or("div")?;
    let (left, right) = (Box::new(left.expr), Box::new(right.expr));
    let mode = scope.dialect.mode();
    let expr = Expr::Arithmetic { operator: Arithmetic::Divide, left, right, mode };
    Ok(Value::of(expr, ColumnType::Long))
}

/// The operators and functions of bits.
pub(super) fn bits(scope: &mut Scope, name: &str, arguments: &[&ast::Expr]) -> Result<Value, String> {
    let function = match name {
        "&" => BitFunction::And,
        "|" => BitFunction::Or,
        "^" => BitFunction::Xor,
        "~" => BitFunction::Not,
        "shiftleft" | "<<" => BitFunction::ShiftLeft,
        "shiftright" | ">>" => BitFunction::ShiftRight,
        "shiftrightunsigned" | ">>>" => BitFunction::ShiftRightUnsigned,
        "bit_count" => BitFunction::Count,
        _ => BitFunction::Get,
    };
    let values = arguments.iter().map(|argument| scope.value(argument)).collect::<Result<Vec<_>, _>>()?;
    let shown = values.iter().map(Value::shown).collect::<Vec<_>>().join(" and ");
    let wrong = || format!("{name} of {shown}; CAST it to a whole number");
    let mut values = match function {
        BitFunction::And | BitFunction::Or | BitFunction::Xor => common(values, scope.dialect, name)?.0,
        _ => values,
    };
    if function == BitFunction::Count
        && let [Value { kind: Kind::Of(ColumnType::Boolean), expr }] = values.as_slice()
    {
        let expr = Expr::Cast { value: Box::new(expr.clone()), to: ColumnType::Int, mode: EvalMode::Legacy };
        return Ok(Value::of(expr, ColumnType::Int));
    }
    let shifts = matches!(
        function,
        BitFunction::ShiftLeft | BitFunction::ShiftRight | BitFunction::ShiftRightUnsigned
    );
    if let Some(first) = values.first_mut() {
        let narrow = matches!(first.kind, Kind::Of(ColumnType::Byte | ColumnType::Short));
        if shifts && narrow {
            *first = argument(first.clone(), &ColumnType::Int, scope.dialect, name)?;
        }
    }
    if shifts || function == BitFunction::Get {
        let places = values.pop().ok_or_else(wrong)?;
        values.push(argument(places, &ColumnType::Int, scope.dialect, name)?);
    }
    let found = match values.first().map(|value| &value.kind) {
        Some(Kind::Of(found)) if is_whole(found) => found.clone(),
        _ => return Err(wrong()),
    };
    let answers = function.answers(&found);
    let arguments = values.into_iter().map(|value| value.expr).collect();
    Ok(Value::of(Expr::Bits { function, arguments }, answers))
}

fn count(
    scope: &mut Scope,
    function: CountFunction,
    name: &str,
    arguments: &[&ast::Expr],
) -> Result<Value, String> {
    let types = function.types();
    let arguments = arguments.iter().zip(&types).map(|(value, asked)| {
        let value = scope.value(value)?;
        Ok(argument(value, asked, scope.dialect, name)?.expr)
    });
    let arguments = arguments.collect::<Result<Vec<_>, String>>()?;
    Ok(Value::of(Expr::Count { function, arguments }, ColumnType::Long))
}

fn zero() -> Value {
    Value::literal(Literal::Int(0), ColumnType::Int)
}

fn null_if_zero(scope: &mut Scope, name: &str, value: &ast::Expr) -> Result<Value, String> {
    let value = scope.value(value)?;
    scope.charge(value.expr.size())?;
    let Kind::Of(found) = value.kind.clone() else { return Err(format!("{name} of {}", value.shown())) };
    let [left, right] = compared(value.clone(), zero(), scope.dialect, name)?;
    let (left, right) = (Box::new(left.expr), Box::new(right.expr));
    let equal = Expr::Compare { comparison: Comparison::Equal, left, right };
    let null = Value::literal(Literal::Null(found.clone()), found);
    scope.choose(vec![equal], vec![null, value], name)
}

fn zero_if_null(scope: &mut Scope, name: &str, value: &ast::Expr) -> Result<Value, String> {
    let (values, kind) = common(vec![scope.value(value)?, zero()], scope.dialect, name)?;
    Ok(Value { expr: Expr::Coalesce(values.into_iter().map(|value| value.expr).collect()), kind })
}

/// The areas of hyperbolic functions, for which versions have three formulas, as the code of their `spark-catalyst` jars
/// has them: `log(x + sqrt(x * x ± 1))`, the same with another way for numbers whose square does not fit, which came in
/// 3.5.9, 4.0.3 and 4.1.2, and since 4.2 that of fdlibm.
fn area(scope: &mut Scope, name: &str, value: &ast::Expr) -> Result<Value, String> {
    let version = scope.dialect.version;
    let guarded = match (version.major, version.minor) {
        (3, 5) => version.patch >= 9,
        (4, 0) => version.patch >= 3,
        (4, 1) => version.patch >= 2,
        _ => false,
    };
    let function = match (name, version.at_least(4, 2), guarded) {
        ("asinh", true, _) => MathFunction::Asinh,
        ("asinh", _, true) => MathFunction::GuardedAsinh,
        ("asinh", ..) => MathFunction::PlainAsinh,
        (_, true, _) => MathFunction::Acosh,
        (_, _, true) => MathFunction::GuardedAcosh,
        _ => MathFunction::PlainAcosh,
    };
    let arguments = vec![double(scope.value(value)?, scope.dialect, name)?.expr];
    Ok(Value::of(Expr::Math { function, arguments }, ColumnType::Double))
}

fn sign(scope: &mut Scope, name: &str, value: &ast::Expr) -> Result<Value, String> {
    let value = of_text(scope, scope.dialect, value)?;
    if let Some(of) = intervals::interval(&value) {
        return intervals::sign(scope, name, value, of);
    }
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
    if matches!(&value.kind, Kind::Of(found) if is_whole(found)) {
        return value.widened(&ColumnType::Long).ok_or_else(|| name.to_owned());
    }
    if let Kind::Of(ColumnType::Decimal(of)) = value.kind {
        return Ok(decimals::whole(value, of, name == "floor", scope.dialect));
    }
    // In 4.3 they came to know the ANSI mode.
    let checked = scope.dialect.version.at_least(4, 3);
    let function = match name {
        "floor" => MathFunction::Floor { checked },
        _ => MathFunction::Ceil { checked },
    };
    let arguments = vec![double(value, scope.dialect, name)?.expr];
    Ok(Value::of(Expr::Math { function, arguments }, ColumnType::Long))
}

fn small(scope: &mut Scope, name: &str, digits: &ast::Expr) -> Result<i32, String> {
    match scope.value(digits)?.expr {
        Expr::Literal(Literal::Int(digits)) if (-400..=400).contains(&digits) => Ok(digits),
        _ => Err(format!("{name} to digits that are not a small number as it stands")),
    }
}

/// The decimal below or above, with so many digits behind the point.
fn whole_digits(
    scope: &mut Scope,
    name: &str,
    value: &ast::Expr,
    digits: &ast::Expr,
) -> Result<Value, String> {
    functions::since(scope.dialect, "floor to digits")?;
    let digits = small(scope, name, digits)?;
    let value = scope.value(value)?;
    // A null is taken for a text.
    let of = match value.kind {
        Kind::Null => Some(DecimalType { precision: 38, scale: 18 }),
        _ => decimals::of_any(&value),
    };
    let of = of.ok_or_else(|| format!("{name} of {}; CAST it to a number", value.shown()))?;
    let value = scope.cast_value(value, ColumnType::Decimal(of))?;
    let nearest = if name == "floor" { Nearest::Floor } else { Nearest::Ceiling };
    Ok(decimals::round(value, of, digits, nearest, scope.dialect))
}

fn round(
    scope: &mut Scope,
    name: &str,
    value: &ast::Expr,
    digits: Option<&ast::Expr>,
) -> Result<Value, String> {
    let digits = digits.map_or(Ok(0), |digits| small(scope, name, digits))?;
    let value = of_text(scope, scope.dialect, value)?;
    match value.kind.clone() {
        Kind::Of(found) if is_whole(&found) && digits >= 0 => Ok(value),
        Kind::Of(ColumnType::Decimal(of)) => {
            let nearest = if name == "bround" { Nearest::HalfEven } else { Nearest::HalfUp };
            Ok(decimals::round(value, of, digits, nearest, scope.dialect))
        }
        Kind::Of(found) if found.is_numeric() => {
            let rounding = Rounding { digits, even: name == "bround", checked: scope.dialect.ansi };
            Ok(Value::of(Expr::Round { value: Box::new(value.expr), rounding }, found))
        }
        _ => Err(format!("{name} of {} to {digits} digits", value.shown())),
    }
}

/// The second value where the first is NaN.
fn nanvl(scope: &mut Scope, value: &ast::Expr, other: &ast::Expr) -> Result<Value, String> {
    let value = scope.value(value)?;
    let other = scope.value(other)?;
    let real = |value: &Value| matches!(&value.kind, Kind::Of(found) if found.is_floating());
    if !real(&value) || !real(&other) && !decimals::is_decimal(&other) {
        return Err(format!("nanvl of {} and {}; CAST both to double", value.shown(), other.shown()));
    }
    scope.charge(value.expr.size())?;
    let nan = is_nan(double(value.clone(), scope.dialect, "nanvl")?);
    scope.choose(vec![nan.expr], vec![other, value], "nanvl")
}
