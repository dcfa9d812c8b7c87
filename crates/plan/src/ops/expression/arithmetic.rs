//! Arithmetic of two numbers of one type: integers of their width, floating-point numbers by IEEE 754.

use std::sync::Arc;

use arrow_array::{Array, ArrayRef, ArrowNativeTypeOp, ArrowPrimitiveType, PrimitiveArray};

use super::mode::EvalMode;
use super::rows::{Rows, by_number_type, numbers};
use crate::error::OpError;

/// An operator between two numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arithmetic {
    /// The sum.
    Add,
    /// The difference.
    Subtract,
    /// The product.
    Multiply,
    /// The quotient; of integers the whole part. Null where the divisor is zero.
    Divide,
    /// What is left of a division, with the sign of the dividend. Null where the divisor is zero.
    Remainder,
    /// What is left of a division, not below zero for a divisor that is not. Null where the divisor is zero.
    Modulus,
}

impl Arithmetic {
    pub(super) fn sign(self) -> char {
        match self {
            Arithmetic::Add => '+',
            Arithmetic::Subtract => '-',
            Arithmetic::Multiply => '*',
            Arithmetic::Divide => '/',
            Arithmetic::Remainder | Arithmetic::Modulus => '%',
        }
    }

    pub(super) fn divides(self) -> bool {
        matches!(self, Arithmetic::Divide | Arithmetic::Remainder | Arithmetic::Modulus)
    }

    /// Integers that do not fit wrap around.
    fn wrapping<N: ArrowNativeTypeOp>(self, left: N, right: N) -> N {
        match self {
            Arithmetic::Add => left.add_wrapping(right),
            Arithmetic::Subtract => left.sub_wrapping(right),
            Arithmetic::Multiply => left.mul_wrapping(right),
            Arithmetic::Divide => left.div_wrapping(right),
            Arithmetic::Remainder => left.mod_wrapping(right),
            Arithmetic::Modulus => {
                let rest = left.mod_wrapping(right);
                // Of a number, so that NaN and the zeros stay what they are.
                if rest < N::ZERO { rest.add_wrapping(right).mod_wrapping(right) } else { rest }
            }
        }
    }

    /// `None` for an integer that does not fit.
    fn fitting<N: ArrowNativeTypeOp>(self, left: N, right: N) -> Option<N> {
        match self {
            Arithmetic::Add => left.add_checked(right).ok(),
            Arithmetic::Subtract => left.sub_checked(right).ok(),
            Arithmetic::Multiply => left.mul_checked(right).ok(),
            Arithmetic::Divide => left.div_checked(right).ok(),
            // The smallest integer modulo -1 is 0, though the division does not fit.
            Arithmetic::Remainder | Arithmetic::Modulus => Some(self.wrapping(left, right)),
        }
    }

    pub(super) fn run(
        self,
        left: &ArrayRef,
        right: &ArrayRef,
        mode: EvalMode,
        rows: &Rows,
    ) -> Result<ArrayRef, OpError> {
        by_number_type!(left, T => self.run_typed::<T>(numbers(left)?, numbers(right)?, mode, rows))
    }

    fn run_typed<T: ArrowPrimitiveType>(
        self,
        left: &PrimitiveArray<T>,
        right: &PrimitiveArray<T>,
        mode: EvalMode,
        rows: &Rows,
    ) -> Result<ArrayRef, OpError> {
        let fault = |row, expected: &str| {
            let found = format!("{:?} {} {:?}", left.value(row), self.sign(), right.value(row));
            Err(OpError::row(row, 0, found, expected))
        };
        let mut values = Vec::with_capacity(rows.count);
        for row in 0..rows.count {
            if left.is_null(row) || right.is_null(row) || !rows.is_active(row) {
                values.push(None);
                continue;
            }
            let (one, other) = (left.value(row), right.value(row));
            values.push(match self.divides() && other.is_zero() {
                true if mode == EvalMode::Ansi => return fault(row, "a divisor other than zero"),
                true => None,
                false if mode == EvalMode::Legacy => Some(self.wrapping(one, other)),
                false => match self.fitting(one, other) {
                    None if mode == EvalMode::Ansi => return fault(row, "a result that its type can hold"),
                    fitting => fitting,
                },
            });
        }
        Ok(Arc::new(PrimitiveArray::<T>::from_iter(values)))
    }
}

/// Numbers with the other sign; with `checked`, the smallest integer is an error.
pub(super) fn negate(array: &ArrayRef, checked: bool, rows: &Rows) -> Result<ArrayRef, OpError> {
    by_number_type!(array, T => each::<T>(array, checked, rows, |_| true))
}

/// Numbers without their sign; with `checked`, the smallest integer is an error.
pub(super) fn absolute(array: &ArrayRef, checked: bool, rows: &Rows) -> Result<ArrayRef, OpError> {
    by_number_type!(array, T => {
        type Number = <T as ArrowPrimitiveType>::Native;
        // `-0.0` is not below zero by value, but its sign goes too.
        each::<T>(array, checked, rows, |value: Number| value.compare(Number::ZERO).is_lt())
    })
}

/// Turns the sign of the values for which `turns`.
fn each<T: ArrowPrimitiveType>(
    array: &ArrayRef,
    checked: bool,
    rows: &Rows,
    turns: impl Fn(T::Native) -> bool,
) -> Result<ArrayRef, OpError> {
    let array = numbers::<T>(array)?;
    let mut values = Vec::with_capacity(rows.count);
    for row in 0..rows.count {
        let value = array.is_valid(row).then(|| array.value(row));
        values.push(match value {
            Some(value) if turns(value) => match value.neg_checked() {
                Err(_) if checked && rows.is_active(row) => {
                    let found = format!("{value:?}");
                    return Err(OpError::row(row, 0, found, "a number whose negative its type can hold"));
                }
                _ => Some(value.neg_wrapping()),
            },
            value => value,
        });
    }
    Ok(Arc::new(PrimitiveArray::<T>::from_iter(values).with_data_type(array.data_type().clone())))
}
