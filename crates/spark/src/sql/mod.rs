//! SQL statements that work row by row, as Spark reads them, lowered to expressions of a plan.

mod binaries;
mod choices;
mod ciphers;
mod coercion;
mod date_units;
mod dates;
mod decimals;
mod expression;
mod formats;
mod functions;
mod grammar;
mod interval_casts;
mod interval_literals;
mod intervals;
mod lists;
mod literal;
mod local_times;
mod names;
mod numbers;
mod patterns;
mod scope;
mod special_texts;
mod statement;
#[cfg(test)]
mod tests;
mod texts;
mod value;
mod writings;

pub(crate) use scope::{Dialect, Scope};
pub(crate) use statement::{Item, Statement};
