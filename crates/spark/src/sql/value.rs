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
    /// The null that stands as `NULL`, which takes any type.
    Null,
    /// A type of columns.
    Of(ColumnType),
    /// Bytes, which no column has; the expression is one of texts whose letters are the bytes.
    Binary,
    /// An interval, which no column has; the expression is one of the type that holds it.
    Interval(IntervalType),
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
    /// wider one, a date as a timestamp, a decimal as a double.
    pub(super) fn widened(self, to: &ColumnType) -> Option<Value> {
        let expr = match &self.kind {
            Kind::Null => Expr::Literal(Literal::Null(to.clone())),
            Kind::Of(from) if from == to => self.expr,
            Kind::Of(ColumnType::Decimal(_)) if *to == ColumnType::Double => decimals::double(self.expr),
            Kind::Of(from)
                if from.is_numeric() && to.is_numeric() && !matches!(from, ColumnType::Decimal(_))
                    || (from, to) == (&ColumnType::Date, &ColumnType::Timestamp) =>
            {
                Expr::Cast { value: Box::new(self.expr), to: to.clone(), mode: EvalMode::Legacy }
            }
            _ => return None,
        };
        Some(Value::of(expr, to.clone()))
    }
}
