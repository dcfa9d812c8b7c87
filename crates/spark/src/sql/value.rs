//! Expressions with what Spark knows of their types.

use firesteel_plan::ColumnType;
use firesteel_plan::ops::{EvalMode, Expr, IntervalType, Literal};

use super::decimals;

/// An expression and its type.
#[derive(Clone, Debug)]
pub(super) struct Value {
    pub(super) expr: Expr,
    pub(super) kind: Kind,
}

/// The type of an expression.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    /// The null that stands as `NULL`, or what raises an error, which take any type.
    Null,
    /// A type of columns.
    Of(ColumnType),
    /// Bytes, which no column has; the expression is one of texts whose letters are the bytes.
    Binary,
    /// An interval, which no column has; the expression is one of the type that holds it.
    Interval(IntervalType),
}

/// An expression that is never anything but null, as one of another type.
fn null(expr: Expr, to: &ColumnType) -> Expr {
    match expr {
        Expr::Raise { message, .. } => Expr::Raise { message, to: to.clone() },
        Expr::Case { branches, otherwise } => {
            let branches =
                branches.into_iter().map(|(condition, value)| (condition, null(value, to))).collect();
            Expr::Case { branches, otherwise: Box::new(null(*otherwise, to)) }
        }
        Expr::Coalesce(values) => Expr::Coalesce(values.into_iter().map(|value| null(value, to)).collect()),
        Expr::Extreme { values, greatest } => {
            Expr::Extreme { values: values.into_iter().map(|value| null(value, to)).collect(), greatest }
        }
        _ => Expr::Literal(Literal::Null(to.clone())),
    }
}

impl Value {
    pub(super) fn of(expr: Expr, column_type: ColumnType) -> Value {
        Value { expr, kind: Kind::Of(column_type) }
    }

    pub(super) fn literal(literal: Literal, column_type: ColumnType) -> Value {
        Value::of(Expr::Literal(literal), column_type)
    }

    pub(super) fn boolean(expr: Expr) -> Value {
        Value::of(expr, ColumnType::Boolean)
    }

    /// Whether it stands as `NULL`.
    pub(super) fn is_null(&self) -> bool {
        self.kind == Kind::Null && matches!(self.expr, Expr::Literal(_))
    }

    /// The type's name in SQL.
    pub(super) fn shown(&self) -> String {
        match &self.kind {
            Kind::Null => "NULL".to_owned(),
            Kind::Of(column_type) => column_type.to_string(),
            Kind::Binary => "binary".to_owned(),
            Kind::Interval(of) => of.to_string(),
        }
    }

    /// The value as `to`, where Spark converts it by itself and nothing is lost: the same type, a null, a number as a
    /// wider one, a date as a timestamp, with or without a zone, the latter as the former, a decimal as a double.
    pub(super) fn widened(self, to: &ColumnType) -> Option<Value> {
        let expr = match &self.kind {
            Kind::Null => null(self.expr, to),
            Kind::Of(from) if from == to => self.expr,
            Kind::Of(ColumnType::Decimal(_)) if *to == ColumnType::Double => decimals::double(self.expr),
            Kind::Of(from)
                if from.is_numeric() && to.is_numeric() && !matches!(from, ColumnType::Decimal(_))
                    || is_later(from, to) =>
            {
                Expr::Cast { value: Box::new(self.expr), to: to.clone(), mode: EvalMode::Legacy }
            }
            _ => return None,
        };
        Some(Value::of(expr, to.clone()))
    }
}

/// Whether a moment becomes one of another type by itself.
fn is_later(from: &ColumnType, to: &ColumnType) -> bool {
    use ColumnType::{Date, Timestamp, TimestampNtz};
    matches!((from, to), (Date | TimestampNtz, Timestamp) | (Date, TimestampNtz))
}
