//! Comparisons of two values of one type.
//!
//! NaN equals itself and is above every other number; the two zeros are equal. Texts compare by their bytes.

use std::cmp::Ordering;
use std::sync::Arc;

use arrow_array::types::{Date32Type, TimestampMicrosecondType};
use arrow_array::{Array, ArrayRef, ArrowPrimitiveType, BooleanArray, PrimitiveArray};
use arrow_schema::DataType;

use super::rows::{booleans, by_number_type, numbers, texts};
use crate::error::OpError;

/// A comparison of two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// The same.
    Equal,
    /// The same, where nulls are the same as each other and never the answer.
    NullSafeEqual,
    /// Below.
    Less,
    /// Below or the same.
    LessOrEqual,
    /// Above.
    Greater,
    /// Above or the same.
    GreaterOrEqual,
}

impl Comparison {
    fn holds(self, order: Ordering) -> bool {
        match self {
            Comparison::Equal | Comparison::NullSafeEqual => order.is_eq(),
            Comparison::Less => order.is_lt(),
            Comparison::LessOrEqual => order.is_le(),
            Comparison::Greater => order.is_gt(),
            Comparison::GreaterOrEqual => order.is_ge(),
        }
    }

    pub(super) fn run(self, left: &ArrayRef, right: &ArrayRef) -> Result<ArrayRef, OpError> {
        let orders = orders(left, right)?;
        let null_safe =
            |row: usize| self == Comparison::NullSafeEqual && left.is_null(row) == right.is_null(row);
        let value = |(row, order): (usize, &Option<Ordering>)| match order {
            Some(order) => Some(self.holds(*order)),
            None if self == Comparison::NullSafeEqual => Some(null_safe(row)),
            None => None,
        };
        let values: BooleanArray = orders.iter().enumerate().map(value).collect();
        Ok(Arc::new(values))
    }
}

/// How each pair of values compares; `None` where one is null.
pub(super) fn orders(left: &ArrayRef, right: &ArrayRef) -> Result<Vec<Option<Ordering>>, OpError> {
    match left.data_type() {
        DataType::Boolean => {
            let pairs = booleans(left)?.iter().zip(booleans(right)?);
            Ok(pairs.map(|(one, other)| Some(one?.cmp(&other?))).collect())
        }
        DataType::Utf8 => {
            let pairs = texts(left)?.iter().zip(texts(right)?);
            Ok(pairs.map(|(one, other)| Some(one?.cmp(other?))).collect())
        }
        DataType::Date32 => Ok(of_numbers::<Date32Type>(numbers(left)?, numbers(right)?)),
        DataType::Timestamp(..) => {
            Ok(of_numbers::<TimestampMicrosecondType>(numbers(left)?, numbers(right)?))
        }
        _ => by_number_type!(left, T => Ok(of_numbers::<T>(numbers(left)?, numbers(right)?))),
    }
}

fn of_numbers<T: ArrowPrimitiveType>(
    left: &PrimitiveArray<T>,
    right: &PrimitiveArray<T>,
) -> Vec<Option<Ordering>>
where
    T::Native: PartialOrd,
{
    // Only NaN does not equal itself.
    let order = |one: T::Native, other: T::Native| {
        let nan = |value: T::Native| value.partial_cmp(&value).is_none();
        one.partial_cmp(&other).unwrap_or_else(|| nan(one).cmp(&nan(other)))
    };
    left.iter().zip(right).map(|(one, other)| Some(order(one?, other?))).collect()
}
