//! The tree of an expression.

use arrow_array::ArrayRef;

use super::arithmetic::{Arithmetic, absolute, negate};
use super::bits::BitFunction;
use super::bytes::ByteFunction;
use super::cast::cast;
use super::compare::Comparison;
use super::counts::CountFunction;
use super::date::DateFunction;
use super::decimals::{DecimalArithmetic, DecimalRounding};
use super::formats::Format;
use super::hashes::RowHash;
use super::interval::IntervalFunction;
use super::like::Like;
use super::lists::{self, ListFunction};
use super::literal::Literal;
use super::logic::{case, coalesce, combine, extreme, is_null, not, raise};
use super::matching::Matching;
use super::math::{MathFunction, is_nan};
use super::mode::EvalMode;
use super::round::Rounding;
use super::rows::{Rows, promised};
use super::text::TextFunction;
use crate::column::ColumnType;
use crate::error::OpError;

/// What is computed for a row. `checked` makes an error of what else wraps around, is null or is cut.
#[derive(Clone, Debug)]
pub enum Expr {
    /// The input column at this place.
    Input(usize),
    /// A value.
    Literal(Literal),
    /// A value as another type.
    Cast {
        /// The value.
        value: Box<Expr>,
        /// The type.
        to: ColumnType,
        /// What becomes of a value that does not fit.
        mode: EvalMode,
    },
    /// A number with the other sign.
    Negate {
        /// The number.
        value: Box<Expr>,
        /// Whether a number that does not fit is an error.
        checked: bool,
    },
    /// A number without its sign.
    Absolute {
        /// The number.
        value: Box<Expr>,
        /// Whether a number that does not fit is an error.
        checked: bool,
    },
    /// Two numbers of one type.
    Arithmetic {
        /// The operator.
        operator: Arithmetic,
        /// The number before it.
        left: Box<Expr>,
        /// The number behind it.
        right: Box<Expr>,
        /// What becomes of a result that does not fit; a division by zero is null, or an error with ANSI on.
        mode: EvalMode,
    },
    /// An error of each row that needs it, and a null of the others.
    Raise {
        /// What is said of the row.
        message: Box<Expr>,
        /// The type of the null.
        to: ColumnType,
    },
    /// Two decimals.
    Decimals {
        /// The operator, and the type of its result.
        arithmetic: DecimalArithmetic,
        /// The number before it.
        left: Box<Expr>,
        /// The number behind it.
        right: Box<Expr>,
    },
    /// Two values of one type.
    Compare {
        /// The comparison.
        comparison: Comparison,
        /// The value before it.
        left: Box<Expr>,
        /// The value behind it.
        right: Box<Expr>,
    },
    /// Whether every condition holds.
    All(Vec<Expr>),
    /// Whether some condition holds.
    Any(Vec<Expr>),
    /// The opposite.
    Not(Box<Expr>),
    /// Whether a value is null.
    IsNull(Box<Expr>),
    /// Whether a number is NaN; a null is not.
    IsNan(Box<Expr>),
    /// The value behind the first condition that holds.
    Case {
        /// Conditions and values.
        branches: Vec<(Expr, Expr)>,
        /// The value if none holds.
        otherwise: Box<Expr>,
    },
    /// The first value that is not null.
    Coalesce(Vec<Expr>),
    /// The largest or smallest of some values, nulls left out.
    Extreme {
        /// The values, all of one type.
        values: Vec<Expr>,
        /// Whether it is the largest.
        greatest: bool,
    },
    /// A function of doubles.
    Math {
        /// The function.
        function: MathFunction,
        /// What it is given.
        arguments: Vec<Expr>,
    },
    /// A function of texts.
    Text {
        /// The function.
        function: TextFunction,
        /// What it is given.
        arguments: Vec<Expr>,
    },
    /// A function of lists of texts.
    List {
        /// The function.
        function: ListFunction,
        /// What it is given.
        arguments: Vec<Expr>,
    },
    /// What is done by a format.
    Format {
        /// The format.
        format: Format,
        /// What it is given.
        arguments: Vec<Expr>,
    },
    /// Whether a text is like a pattern.
    Like {
        /// The text.
        value: Box<Expr>,
        /// The pattern.
        pattern: Like,
    },
    /// A number rounded to decimal digits.
    Round {
        /// The number.
        value: Box<Expr>,
        /// How it is rounded.
        rounding: Rounding,
    },
    /// A decimal rounded to digits behind the point.
    RoundDecimal {
        /// The decimal.
        value: Box<Expr>,
        /// How it is rounded.
        rounding: DecimalRounding,
    },
    /// An operator on the bits of whole numbers.
    Bits {
        /// The operator.
        function: BitFunction,
        /// What it is given.
        arguments: Vec<Expr>,
    },
    /// A function of bytes.
    Bytes {
        /// The function.
        function: ByteFunction,
        /// What it is given.
        arguments: Vec<Expr>,
    },
    /// A function that answers a whole number.
    Count {
        /// The function.
        function: CountFunction,
        /// What it is given.
        arguments: Vec<Expr>,
    },
    /// A hash of values of any types.
    Hash {
        /// The hash.
        hash: RowHash,
        /// Which of the texts that it is given are bytes.
        bytes: Vec<bool>,
        /// What it is given.
        arguments: Vec<Expr>,
    },
    /// A text and a regular expression.
    Match {
        /// The text.
        value: Box<Expr>,
        /// The expression, and what is done with its matches.
        matching: Matching,
    },
    /// A function of dates and timestamps.
    Date {
        /// The function.
        function: DateFunction,
        /// What it is given.
        arguments: Vec<Expr>,
    },
    /// A function of intervals.
    Interval {
        /// The function.
        function: IntervalFunction,
        /// The mode that it is computed in.
        mode: EvalMode,
        /// Whether what fails is null.
        tried: bool,
        /// What it is given.
        arguments: Vec<Expr>,
    },
}

/// The parts of an expression, by reference or to be changed.
macro_rules! parts {
    ($expr:expr, $iter:ident, $whole:ident) => {
        match $expr {
            Expr::Input(_) | Expr::Literal(_) => Vec::new(),
            Expr::Raise { message: value, .. }
            | Expr::Cast { value, .. }
            | Expr::Negate { value, .. }
            | Expr::Absolute { value, .. }
            | Expr::Not(value)
            | Expr::IsNull(value)
            | Expr::IsNan(value)
            | Expr::Round { value, .. }
            | Expr::RoundDecimal { value, .. }
            | Expr::Match { value, .. }
            | Expr::Like { value, .. } => vec![value],
            Expr::Arithmetic { left, right, .. }
            | Expr::Decimals { left, right, .. }
            | Expr::Compare { left, right, .. } => vec![left, right],
            Expr::Case { branches, otherwise } => {
                let branches = branches.$iter().flat_map(|(condition, value)| [condition, value]);
                branches.chain([otherwise.$whole()]).collect()
            }
            Expr::All(parts) | Expr::Any(parts) | Expr::Coalesce(parts) => parts.$iter().collect(),
            Expr::Extreme { values, .. } => values.$iter().collect(),
            Expr::Math { arguments, .. }
            | Expr::Text { arguments, .. }
            | Expr::List { arguments, .. }
            | Expr::Format { arguments, .. }
            | Expr::Bits { arguments, .. }
            | Expr::Bytes { arguments, .. }
            | Expr::Count { arguments, .. }
            | Expr::Hash { arguments, .. }
            | Expr::Interval { arguments, .. }
            | Expr::Date { arguments, .. } => arguments.$iter().collect(),
        }
    };
}

impl Expr {
    /// Computes the expression for `rows`; what the other rows hold does not matter.
    pub(super) fn run(&self, rows: &Rows) -> Result<ArrayRef, OpError> {
        match self {
            Expr::Input(place) => {
                let column = rows.inputs.get(*place).and_then(|column| column.as_array());
                column.map(lists::named_alike).ok_or_else(|| promised("scalars"))
            }
            Expr::Literal(literal) => Ok(literal.repeat(rows.count)),
            Expr::Cast { value, to, mode } => cast(&value.run(rows)?, to, *mode, rows),
            Expr::Negate { value, checked } => negate(&value.run(rows)?, *checked, rows),
            Expr::Absolute { value, checked } => absolute(&value.run(rows)?, *checked, rows),
            Expr::Arithmetic { operator, left, right, mode } => {
                let (left, right) = sides(left, right, *operator, rows)?;
                operator.run(&left, &right, *mode, rows)
            }
            Expr::Raise { message, to } => raise(&message.run(rows)?, to, rows),
            Expr::Decimals { arithmetic, left, right } => {
                let (left, right) = sides(left, right, arithmetic.operator, rows)?;
                arithmetic.run(&left, &right, rows)
            }
            Expr::Compare { comparison: Comparison::NullSafeEqual, left, right } => {
                Comparison::NullSafeEqual.run(&left.run(rows)?, &right.run(rows)?)
            }
            Expr::Compare { comparison, left, right } => {
                let left = left.run(rows)?;
                comparison.run(&left, &right.run(&rows.with(&left))?)
            }
            Expr::All(parts) => combine(parts, true, rows),
            Expr::Any(parts) => combine(parts, false, rows),
            Expr::Not(value) => not(&value.run(rows)?),
            Expr::IsNull(value) => Ok(is_null(&value.run(rows)?)),
            Expr::IsNan(value) => is_nan(&value.run(rows)?),
            Expr::Case { branches, otherwise } => case(branches, otherwise, rows),
            Expr::Coalesce(values) => coalesce(values, rows),
            Expr::Extreme { values, greatest } => extreme(values, *greatest, rows),
            Expr::Math { function, arguments } => function.run(&all(arguments, rows)?, rows),
            Expr::Text { function, arguments } => function.run(&all(arguments, rows)?, rows),
            Expr::List { function, arguments } => function.run(&all(arguments, rows)?, rows),
            Expr::Format { format, arguments } => format.run(&all(arguments, rows)?, rows),
            Expr::Like { value, pattern } => pattern.run(&value.run(rows)?),
            Expr::Round { value, rounding } => rounding.run(&value.run(rows)?, rows),
            Expr::RoundDecimal { value, rounding } => rounding.run(&value.run(rows)?, rows),
            Expr::Bits { function, arguments } => function.run(&all(arguments, rows)?, rows),
            Expr::Bytes { function, arguments } => function.run(&all(arguments, rows)?, rows),
            Expr::Count { function, arguments } => Ok(function.run(&all(arguments, rows)?, rows)),
            Expr::Hash { hash, bytes, arguments } => hash.run(&all(arguments, rows)?, bytes, rows),
            Expr::Match { value, matching } => matching.run(&value.run(rows)?, rows),
            Expr::Date { function, arguments } => function.run(&all(arguments, rows)?, rows),
            Expr::Interval { function, mode, tried, arguments } => {
                function.run(&all(arguments, rows)?, *mode, *tried, rows)
            }
        }
    }

    /// The parts of this expression.
    pub(super) fn parts(&self) -> Vec<&Expr> {
        parts!(self, iter, as_ref)
    }

    /// The parts of this expression, to be changed.
    pub(super) fn parts_mut(&mut self) -> Vec<&mut Expr> {
        parts!(self, iter_mut, as_mut)
    }

    /// How many operations there are in it.
    pub fn size(&self) -> usize {
        1 + self.parts().into_iter().map(Expr::size).sum::<usize>()
    }
}

/// The sides of an operator. Beside a null nothing is asked for, and so cannot fail: of a division the divisor comes
/// first, else the left side.
fn sides(
    left: &Expr,
    right: &Expr,
    operator: Arithmetic,
    rows: &Rows,
) -> Result<(ArrayRef, ArrayRef), OpError> {
    if operator.divides() {
        let right = right.run(rows)?;
        Ok((left.run(&rows.with(&right))?, right))
    } else {
        let left = left.run(rows)?;
        let right = right.run(&rows.with(&left))?;
        Ok((left, right))
    }
}

fn all(arguments: &[Expr], rows: &Rows) -> Result<Vec<ArrayRef>, OpError> {
    arguments.iter().map(|argument| argument.run(rows)).collect()
}
