//! Expressions over columns, as SQL has them: arithmetic, comparisons, three-valued logic, casts and functions.
//!
//! An [`Expr`] is a tree whose types are settled: what a language converts by itself stands in it as a cast. It is
//! computed column by column. A part that not every row needs, such as a branch of a `case`, is computed for all
//! rows, but only the rows that need it can fail.

mod arithmetic;
mod base32;
mod bits;
mod bytes;
mod cast;
mod charsets;
mod ciphers;
mod codes;
mod compare;
mod counts;
mod date;
mod date_part;
mod date_pattern;
mod date_units;
mod date_zones;
mod decimal_pattern;
mod decimals;
mod digests;
mod digit_list;
mod fold;
mod format_number;
mod formats;
mod hashes;
mod interval;
mod interval_math;
mod interval_text;
mod interval_type;
mod json;
mod json_path;
mod letters;
mod like;
mod likeness;
mod list_makers;
mod lists;
mod literal;
mod logic;
mod matching;
mod math;
mod mode;
mod moments;
mod number_format;
mod printf;
mod printf_numbers;
mod printf_spec;
mod round;
mod rows;
mod strict_math;
mod text;
mod tree;
mod tries;
mod types;
mod uri;

use std::fmt;

use smallvec::smallvec;

use super::{Mismatch, Operation, Outputs};
use crate::column::{Column, ColumnType, mask};
use crate::error::OpError;
use rows::Rows;

pub(super) use decimals::{doubles as decimals_to_doubles, strings as decimals_to_strings};

pub use arithmetic::Arithmetic;
pub use bits::BitFunction;
pub use bytes::{ByteFunction, Malformed, Unreadable};
pub use charsets::Charset;
pub use ciphers::CipherMode;
pub use codes::Mask;
pub use compare::Comparison;
pub use counts::CountFunction;
pub use date::{DateFunction, DateUnit};
pub use date_part::DatePart;
pub use date_pattern::DatePattern;
pub use date_units::TimeUnit;
pub use decimal_pattern::DecimalPattern;
pub use decimals::{DecimalArithmetic, DecimalRounding};
pub use digests::MacDigest;
pub use formats::Format;
pub use hashes::RowHash;
pub use interval::IntervalFunction;
pub use interval_type::{CalendarInterval, IntervalType, IntervalUnit, IntervalUnits};
pub use json_path::JsonPath;
pub use like::Like;
pub use lists::ListFunction;
pub use literal::Literal;
pub use matching::{Matching, Pattern, Regular};
pub use math::MathFunction;
pub use mode::EvalMode;
pub use number_format::NumberFormat;
pub use printf::Printf;
pub use round::Rounding;
pub use text::TextFunction;
pub use tree::Expr;

/// Computes an expression for every row.
#[derive(Clone, Debug)]
pub struct Evaluate {
    /// What is computed from the inputs.
    pub expr: Expr,
}

impl Operation for Evaluate {
    fn output_types(&self, inputs: &[&ColumnType]) -> Result<Vec<ColumnType>, Mismatch> {
        Ok(vec![self.expr.column_type(inputs)?])
    }

    fn run(&self, rows: usize, inputs: &[&Column]) -> Result<Outputs, OpError> {
        Ok(Column::Array(self.expr.run(&Rows::all(rows, inputs))?).into())
    }

    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "evaluate [{} operations]", self.expr.size())
    }
}

/// Keeps the rows for which a condition is true; it has no columns of its own.
#[derive(Clone, Debug)]
pub struct Keep {
    /// The condition; a row for which it is null goes.
    pub condition: Expr,
}

impl Operation for Keep {
    fn output_types(&self, inputs: &[&ColumnType]) -> Result<Vec<ColumnType>, Mismatch> {
        match self.condition.column_type(inputs)? {
            ColumnType::Boolean => Ok(Vec::new()),
            found => Err(Mismatch { input: 0, expected: format!("a condition, not {found}") }),
        }
    }

    fn run(&self, rows: usize, inputs: &[&Column]) -> Result<Outputs, OpError> {
        let values = self.condition.run(&Rows::all(rows, inputs))?;
        let values = rows::booleans(&values)?;
        let keep = mask(rows, |row| rows::is_true(values, row));
        Ok(Outputs { columns: smallvec![], keep: Some(keep) })
    }

    fn drops_rows(&self) -> bool {
        true
    }

    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "keep [{} operations]", self.condition.size())
    }
}

#[cfg(test)]
mod tests;
