//! SQL statements that work row by row, as Spark reads them, lowered to expressions of a plan.

mod coercion;
mod expression;
mod functions;
mod literal;
mod scope;
mod statement;
mod value;

pub(crate) use scope::{Dialect, Scope};
pub(crate) use statement::{Item, Statement};
