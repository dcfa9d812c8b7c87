//! Lowers expressions of SQL, with the conversions that Spark adds by itself.

use firesteel_plan::ColumnType;
use firesteel_plan::decimal::{DecimalType, MAX_DIGITS};
use firesteel_plan::ops::{Arithmetic, Comparison, EvalMode, Expr, Literal};
use sqlparser::ast::{self, BinaryOperator, CaseWhen, CastKind, DataType, UnaryOperator};

use super::coercion::{common, compared, exactly};
use super::grammar::ZONED;
use super::scope::{Dialect, Scope};
use super::special_texts::special;
use super::value::{Kind, Value};
use super::{
    binaries, choices, coercion, dates, decimals, functions, interval_casts, interval_literals, intervals,
    lists, literal, local_times, numbers, patterns,
};

/// How deep expressions may lie in each other; a chain of `AND` or `OR` counts once.
const MAX_DEPTH: usize = 100;

impl Scope<'_> {
    /// Lowers an expression whose value becomes a column.
    pub(crate) fn output(&mut self, expr: &ast::Expr) -> Result<(Expr, ColumnType), String> {
        let value = self.value(expr)?;
        match value.kind {
            Kind::Of(found) => Ok((binaries::shown(value.expr), found)),
            Kind::Binary => Err(format!(
                "'{expr}' as a column, which has the type binary; columns are texts, so take hex(…), base64(…) or CAST(… AS STRING) of it"
            )),
            Kind::Interval(of) => Err(format!(
                "'{expr}' as a column, which has the type {of}; CAST it AS STRING or AS INT, or EXTRACT a field of it"
            )),
            Kind::Null => Err(format!("'{expr}' as a column, which has the type {}; CAST it", value.shown())),
        }
    }

    /// Lowers a condition.
    pub(crate) fn condition(&mut self, expr: &ast::Expr) -> Result<Expr, String> {
        let value = self.value(expr)?;
        Ok(exactly(value, &ColumnType::Boolean, &format!("the condition '{expr}'"))?.expr)
    }

    pub(super) fn value(&mut self, expr: &ast::Expr) -> Result<Value, String> {
        self.charge(1)?;
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(format!("an expression more than {MAX_DEPTH} deep"));
        }
        let value = self.lower(expr);
        self.depth -= 1;
        value
    }

    fn lower(&mut self, expr: &ast::Expr) -> Result<Value, String> {
        match expr {
            ast::Expr::Identifier(name) => {
                let name = self.name(std::slice::from_ref(name))?;
                self.input(&name)
            }
            ast::Expr::CompoundIdentifier(parts) => {
                let name = self.name(parts)?;
                self.input(&name)
            }
            ast::Expr::Nested(inner) => self.value(inner),
            ast::Expr::Value(value) => self.constant(&value.value, false),
            ast::Expr::UnaryOp { op, expr: inner } => self.unary(*op, inner),
            ast::Expr::BinaryOp { left, op, right } => self.binary(expr, left, op, right),
            ast::Expr::IsNull(inner) => Ok(Value::boolean(Expr::IsNull(Box::new(self.nullable(inner)?)))),
            ast::Expr::IsNotNull(inner) => {
                let null = Expr::IsNull(Box::new(self.nullable(inner)?));
                Ok(Value::boolean(Expr::Not(Box::new(null))))
            }
            ast::Expr::IsTrue(inner) => self.is_boolean(inner, true, false),
            ast::Expr::IsFalse(inner) => self.is_boolean(inner, false, false),
            ast::Expr::IsNotTrue(inner) => self.is_boolean(inner, true, true),
            ast::Expr::IsNotFalse(inner) => self.is_boolean(inner, false, true),
            ast::Expr::Between { expr: value, negated, low, high } => {
                let between = choices::between(self, value, low, high)?;
                Ok(negate(between.expr, *negated))
            }
            ast::Expr::InList { expr: value, list, negated } => self.among(value, list, *negated),
            ast::Expr::Like { .. } | ast::Expr::ILike { .. } | ast::Expr::RLike { .. } => {
                patterns::operator(self, expr)
            }
            ast::Expr::IsDistinctFrom(left, right) => {
                Ok(negate(self.compare(Comparison::NullSafeEqual, left, right)?, true))
            }
            ast::Expr::IsNotDistinctFrom(left, right) => {
                Ok(Value::boolean(self.compare(Comparison::NullSafeEqual, left, right)?))
            }
            ast::Expr::TypedString(typed) => dates::typed(self, typed),
            ast::Expr::Case { operand, conditions, else_result, .. } => {
                self.case(operand.as_deref(), conditions, else_result.as_deref())
            }
            ast::Expr::Cast {
                kind: CastKind::Cast | CastKind::DoubleColon,
                expr: value,
                data_type,
                format: None,
            } => self.cast(value, data_type, self.dialect.mode()),
            ast::Expr::Cast { kind: CastKind::TryCast, expr: value, data_type, format: None } => {
                functions::since(self.dialect, "try_cast")?;
                self.cast(value, data_type, EvalMode::Try)
            }
            ast::Expr::Collate { expr, collation } => choices::operator(self, expr, collation),
            ast::Expr::CompoundFieldAccess { root, access_chain } => lists::part(self, root, access_chain),
            other => functions::call(self, other),
        }
    }

    fn constant(&mut self, value: &ast::Value, negative: bool) -> Result<Value, String> {
        match value {
            ast::Value::Number(text, long) => literal::number(text, *long, negative, self.dialect),
            ast::Value::SingleQuotedString(raw) => self.text(raw, '\''),
            ast::Value::DoubleQuotedString(raw) => self.text(raw, '"'),
            ast::Value::HexStringLiteral(digits) => binaries::literal(digits, self.dialect),
            ast::Value::Boolean(value) => Ok(Value::literal(Literal::Boolean(*value), ColumnType::Boolean)),
            ast::Value::Null => {
                Ok(Value { expr: Expr::Literal(Literal::Null(ColumnType::Int)), kind: Kind::Null })
            }
            other => Err(format!("the literal {other}")),
        }
    }

    fn text(&self, raw: &str, quote: char) -> Result<Value, String> {
        let text = Literal::String(literal::text(raw, quote, self.dialect)?.into());
        Ok(Value::literal(text, ColumnType::String))
    }

    /// A value of which only matters whether it is null.
    fn nullable(&mut self, expr: &ast::Expr) -> Result<Expr, String> {
        Ok(self.value(expr)?.expr)
    }

    fn unary(&mut self, op: UnaryOperator, inner: &ast::Expr) -> Result<Value, String> {
        let what = format!("'{op} {inner}'");
        match (op, inner) {
            (UnaryOperator::Minus, ast::Expr::Value(value))
                if matches!(value.value, ast::Value::Number(..)) =>
            {
                self.constant(&value.value, true)
            }
            (UnaryOperator::Minus | UnaryOperator::Plus, _) => {
                let value = numbers::of_text(self, self.dialect, inner)?;
                match value.kind.clone() {
                    Kind::Interval(_) if op == UnaryOperator::Plus => Ok(value),
                    Kind::Interval(of) => Ok(intervals::negated(value, of, self.dialect.mode())),
                    Kind::Of(found) if found.is_numeric() && op == UnaryOperator::Plus => Ok(value),
                    Kind::Of(found) if found.is_numeric() => {
                        let expr = Expr::Negate { value: Box::new(value.expr), checked: self.dialect.ansi };
                        Ok(Value::of(expr, found))
                    }
                    _ => Err(format!("{what} of {}; CAST it to a number", value.shown())),
                }
            }
            (UnaryOperator::Not | UnaryOperator::BangNot, _) => {
                let value = exactly(self.value(inner)?, &ColumnType::Boolean, &what)?;
                Ok(negate(value.expr, true))
            }
            (UnaryOperator::BitwiseNot, _) => numbers::bits(self, "~", &[inner]),
            _ => Err(format!("the operator {op}")),
        }
    }

    fn binary(
        &mut self,
        whole: &ast::Expr,
        left: &ast::Expr,
        op: &BinaryOperator,
        right: &ast::Expr,
    ) -> Result<Value, String> {
        let comparison = |comparison| Some((comparison, false));
        let compared = match op {
            BinaryOperator::Eq => comparison(Comparison::Equal),
            BinaryOperator::NotEq => Some((Comparison::Equal, true)),
            BinaryOperator::Spaceship => comparison(Comparison::NullSafeEqual),
            BinaryOperator::Lt => comparison(Comparison::Less),
            BinaryOperator::LtEq => comparison(Comparison::LessOrEqual),
            BinaryOperator::Gt => comparison(Comparison::Greater),
            BinaryOperator::GtEq => comparison(Comparison::GreaterOrEqual),
            _ => None,
        };
        if let Some((comparison, negated)) = compared {
            return Ok(negate(self.compare(comparison, left, right)?, negated));
        }
        let operator = match op {
            BinaryOperator::And | BinaryOperator::Or => return self.chain(whole, op),
            BinaryOperator::StringConcat => return functions::concat(self, &[left, right]),
            BinaryOperator::BitwiseAnd | BinaryOperator::BitwiseOr | BinaryOperator::BitwiseXor => {
                return numbers::bits(self, &op.to_string(), &[left, right]);
            }
            BinaryOperator::PGBitwiseShiftLeft | BinaryOperator::PGBitwiseShiftRight => {
                functions::since(self.dialect, &op.to_string())?;
                return numbers::bits(self, &op.to_string(), &[left, right]);
            }
            BinaryOperator::Custom(name) if name == ">>>" => {
                functions::since(self.dialect, name)?;
                return numbers::bits(self, name, &[left, right]);
            }
            BinaryOperator::MyIntegerDivide => return numbers::div(self, left, right),
            BinaryOperator::Plus => Arithmetic::Add,
            BinaryOperator::Minus => Arithmetic::Subtract,
            BinaryOperator::Multiply => Arithmetic::Multiply,
            BinaryOperator::Divide => Arithmetic::Divide,
            BinaryOperator::Modulo => Arithmetic::Remainder,
            _ => return Err(format!("the operator {op}")),
        };
        let (left, right) = (self.value(left)?, self.value(right)?);
        if intervals::computes(self, operator, &left, &right) {
            return intervals::operate(self, operator, left, right, self.dialect.mode());
        }
        if dates::is_date(&left) || dates::is_date(&right) {
            return dates::operator(self, op, left, right);
        }
        self.arithmetic(operator, left, right, op.to_string().as_str())
    }

    pub(super) fn arithmetic(
        &mut self,
        operator: Arithmetic,
        left: Value,
        right: Value,
        what: &str,
    ) -> Result<Value, String> {
        if decimals::computes(&left, &right) {
            return decimals::arithmetic(operator, false, left, right, self.dialect);
        }
        let pair = coercion::numbers(left, right, self.dialect, what)?;
        let (values, found) = common(pair.to_vec(), self.dialect, what)?;
        let found = match found {
            Kind::Of(found) if found.is_numeric() => found,
            Kind::Of(found) => return Err(format!("{what} of {found}; CAST it to a number")),
            Kind::Binary | Kind::Interval(_) | Kind::Null => {
                return Err(format!("{what} of anything but numbers"));
            }
        };
        // A division is one of doubles, whatever it is given.
        let to = if operator == Arithmetic::Divide { ColumnType::Double } else { found };
        let values = values.into_iter().filter_map(|value| value.widened(&to)).map(|value| value.expr);
        let [left, right] = <[Expr; 2]>::try_from(values.collect::<Vec<_>>()).map_err(|_| what.to_owned())?;
        let (left, right) = (Box::new(left), Box::new(right));
        Ok(Value::of(Expr::Arithmetic { operator, left, right, mode: self.dialect.mode() }, to))
    }

    pub(super) fn compare(
        &mut self,
        comparison: Comparison,
        left: &ast::Expr,
        right: &ast::Expr,
    ) -> Result<Expr, String> {
        let (left, right) = (self.value(left)?, self.value(right)?);
        if let Some(known) = decimals::beyond(comparison, &left, &right) {
            return Ok(Expr::Literal(Literal::Boolean(known)));
        }
        let [left, right] = compared(left, right, self.dialect, "a comparison")?;
        Ok(Expr::Compare { comparison, left: Box::new(left.expr), right: Box::new(right.expr) })
    }

    /// All operands of a chain of `AND` or `OR`, which the parser nests to the left.
    fn chain(&mut self, whole: &ast::Expr, op: &BinaryOperator) -> Result<Value, String> {
        let mut operands = Vec::new();
        let mut rest = whole;
        while let ast::Expr::BinaryOp { left, op: next, right } = rest
            && next == op
        {
            operands.push(right.as_ref());
            rest = left;
        }
        operands.push(rest);
        let what = format!("the operator {op}");
        let lowered = operands.into_iter().rev().map(|operand| {
            let value = self.value(operand)?;
            Ok(exactly(value, &ColumnType::Boolean, &what)?.expr)
        });
        let lowered = lowered.collect::<Result<Vec<_>, String>>()?;
        let all = *op == BinaryOperator::And;
        Ok(Value::boolean(if all { Expr::All(lowered) } else { Expr::Any(lowered) }))
    }

    fn is_boolean(&mut self, inner: &ast::Expr, asked: bool, negated: bool) -> Result<Value, String> {
        let value = exactly(self.value(inner)?, &ColumnType::Boolean, "IS TRUE and IS FALSE")?;
        let expr = Expr::Compare {
            comparison: Comparison::NullSafeEqual,
            left: Box::new(value.expr),
            right: Box::new(Expr::Literal(Literal::Boolean(asked))),
        };
        Ok(negate(expr, negated))
    }

    /// The value and all items of the list have one type.
    fn among(&mut self, value: &ast::Expr, list: &[ast::Expr], negated: bool) -> Result<Value, String> {
        let mut values = vec![self.value(value)?];
        for item in list {
            values.push(self.value(item)?);
        }
        let (values, _) = common(values, self.dialect, "IN")?;
        self.charge(values.first().map_or(0, |value| value.expr.size()) * list.len())?;
        let mut exprs = values.into_iter().map(|value| value.expr);
        let Some(value) = exprs.next() else { return Err("IN".to_owned()) };
        let equals = exprs.map(|item| Expr::Compare {
            comparison: Comparison::Equal,
            left: Box::new(value.clone()),
            right: Box::new(item),
        });
        Ok(negate(Expr::Any(equals.collect()), negated))
    }

    fn case(
        &mut self,
        operand: Option<&ast::Expr>,
        conditions: &[CaseWhen],
        otherwise: Option<&ast::Expr>,
    ) -> Result<Value, String> {
        let (mut tests, mut values) = (Vec::new(), Vec::new());
        for CaseWhen { condition, result } in conditions {
            tests.push(match operand {
                Some(operand) => self.compare(Comparison::Equal, operand, condition)?,
                None => self.condition(condition)?,
            });
            values.push(self.value(result)?);
        }
        values.push(match otherwise {
            Some(otherwise) => self.value(otherwise)?,
            None => self.constant(&ast::Value::Null, false)?,
        });
        self.choose(tests, values, "CASE")
    }

    /// The value behind the first test that holds, else the last value; all of one type.
    pub(super) fn choose(
        &mut self,
        tests: Vec<Expr>,
        values: Vec<Value>,
        what: &str,
    ) -> Result<Value, String> {
        let (values, kind) = common(values, self.dialect, what)?;
        let mut values: Vec<Expr> = values.into_iter().map(|value| value.expr).collect();
        let otherwise = values.pop().ok_or(what)?;
        let branches = tests.into_iter().zip(values).collect();
        Ok(Value { expr: Expr::Case { branches, otherwise: Box::new(otherwise) }, kind })
    }

    fn cast(&mut self, value: &ast::Expr, data_type: &DataType, mode: EvalMode) -> Result<Value, String> {
        let unknown = || {
            format!(
                "CAST to {data_type}; a cast is to boolean, a number type, decimal, string, binary, date, timestamp, timestamp_ntz or interval"
            )
        };
        let to = match data_type {
            DataType::Boolean | DataType::Bool => ColumnType::Boolean,
            DataType::TinyInt(None) => ColumnType::Byte,
            DataType::SmallInt(None) => ColumnType::Short,
            DataType::Int(None) | DataType::Integer(None) => ColumnType::Int,
            DataType::BigInt(None) => ColumnType::Long,
            DataType::Double(ast::ExactNumberInfo::None) => ColumnType::Double,
            DataType::String(None) => ColumnType::String,
            DataType::Date => ColumnType::Date,
            DataType::Decimal(info) | DataType::Numeric(info) | DataType::Dec(info) => {
                decimal_type(*info).ok_or_else(unknown)?
            }
            DataType::Timestamp(None, ast::TimezoneInfo::None) => ColumnType::Timestamp,
            DataType::TimestampNtz(None) | DataType::Timestamp(None, ast::TimezoneInfo::WithoutTimeZone) => {
                functions::since(self.dialect, "timestamp_ntz")?;
                ColumnType::TimestampNtz
            }
            DataType::Time(..) => return Err(format!("CAST to {data_type}, {}", local_times::NO_TIMES)),
            DataType::Binary(None) => {
                let value = self.value(value)?;
                return binaries::cast(self, value, mode);
            }
            DataType::Interval { fields, precision: None } => {
                let to = interval_literals::named(fields.as_ref()).ok_or_else(unknown)?;
                let value = self.value(value)?;
                return interval_casts::cast(self, value, to, mode);
            }
            other => {
                let name = other.to_string().to_ascii_lowercase();
                match name.as_str() {
                    "float" | "real" => ColumnType::Float,
                    ZONED => {
                        functions::since(self.dialect, ZONED)?;
                        ColumnType::Timestamp
                    }
                    "byte" | "short" | "long" => name.parse().map_err(|_| unknown())?,
                    _ => return Err(unknown()),
                }
            }
        };
        let value = self.value(value)?;
        self.cast_in(value, to, mode)
    }

    /// A value as the type that a cast says.
    pub(super) fn cast_value(&mut self, value: Value, to: ColumnType) -> Result<Value, String> {
        self.cast_in(value, to, self.dialect.mode())
    }

    pub(super) fn cast_in(&mut self, value: Value, to: ColumnType, mode: EvalMode) -> Result<Value, String> {
        // A cast that may fail has the types of ANSI.
        let rules = Dialect { ansi: mode != EvalMode::Legacy, ..self.dialect };
        let unknown = || format!("CAST to {to}");
        let from_text = value.kind == Kind::Of(ColumnType::String) && to != ColumnType::String;
        if let Some(read) = special(&value, &to).filter(|_| self.dialect.since_3) {
            return read;
        }
        match &value.kind {
            Kind::Null => value.widened(&to).ok_or_else(unknown),
            Kind::Interval(_) => interval_casts::cast_from(self, value, to, mode),
            Kind::Binary if to == ColumnType::String => Ok(binaries::text(value)),
            Kind::Binary => Err(format!("CAST of binary to {to}, which Spark does not have")),
            Kind::Of(found) if *found == to => Ok(value),
            Kind::Of(ColumnType::Decimal(_)) if to == ColumnType::Double => {
                value.widened(&to).ok_or_else(unknown)
            }
            Kind::Of(_) if matches!(to, ColumnType::Decimal(_)) && !self.dialect.since_3 => {
                Err("CAST to a decimal in a save of Spark 2".to_owned())
            }
            Kind::Of(_) if from_text && !self.dialect.since_3 => {
                Err("CAST of a string to another type in a save of Spark 2".to_owned())
            }
            Kind::Of(from) if !dates::casts(from, &to, rules) => {
                Err(format!("CAST of {from} to {to}, which Spark does not have or makes null"))
            }
            Kind::Of(_) => {
                Ok(Value::of(Expr::Cast { value: Box::new(value.expr), to: to.clone(), mode }, to))
            }
        }
    }
}

fn decimal_type(info: ast::ExactNumberInfo) -> Option<ColumnType> {
    let (precision, scale) = match info {
        ast::ExactNumberInfo::None => (10, 0),
        ast::ExactNumberInfo::Precision(precision) => (precision, 0),
        ast::ExactNumberInfo::PrecisionAndScale(precision, scale) => (precision, u64::try_from(scale).ok()?),
    };
    let of = DecimalType { precision: u8::try_from(precision).ok()?, scale: u8::try_from(scale).ok()? };
    ((1..=MAX_DIGITS).contains(&of.precision) && of.scale <= of.precision).then_some(ColumnType::Decimal(of))
}

pub(super) fn negate(expr: Expr, negated: bool) -> Value {
    Value::boolean(if negated { Expr::Not(Box::new(expr)) } else { expr })
}
