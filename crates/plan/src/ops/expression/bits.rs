//! Operators on the bits of whole numbers.

use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use arrow_array::{Array, ArrayRef, ArrowPrimitiveType, Int64Array};
use arrow_schema::DataType;

use super::rows::{Rows, promised};
use crate::column::ColumnType;
use crate::error::OpError;

/// An operator on bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BitFunction {
    /// The bits that both have.
    And,
    /// The bits that one has.
    Or,
    /// The bits that only one has.
    Xor,
    /// The other bits.
    Not,
    /// Moved to higher places.
    ShiftLeft,
    /// Moved to lower places; the sign fills up.
    ShiftRight,
    /// Moved to lower places; zeros fill up.
    ShiftRightUnsigned,
    /// The number of bits that are 1, of 64.
    Count,
    /// The bit at a place.
    Get,
}

impl BitFunction {
    /// The number of arguments: whole numbers, the second of them 32 bits wide where it is a number of places.
    pub fn arguments(self) -> usize {
        if matches!(self, BitFunction::Not | BitFunction::Count) { 1 } else { 2 }
    }

    /// The type of what it answers for a first argument of type `of`.
    pub fn answers(self, of: &ColumnType) -> ColumnType {
        match self {
            BitFunction::Count => ColumnType::Int,
            BitFunction::Get => ColumnType::Byte,
            _ => of.clone(),
        }
    }

    pub(super) fn run(self, arguments: &[ArrayRef], rows: &Rows) -> Result<ArrayRef, OpError> {
        let first = arguments.first().ok_or_else(|| promised("arguments"))?;
        let width = match first.data_type() {
            DataType::Int8 => 8,
            DataType::Int16 => 16,
            DataType::Int32 => 32,
            DataType::Int64 => 64,
            _ => return Err(promised("whole numbers")),
        };
        let left = longs(first)?;
        let right = arguments.get(1).map(longs).transpose()?;
        let mut values = Vec::with_capacity(rows.count);
        for row in 0..rows.count {
            let other = match &right {
                None => Some(0),
                Some(right) => right.is_valid(row).then(|| right.value(row)),
            };
            let value = left.is_valid(row).then(|| left.value(row));
            values.push(match (value, other) {
                (Some(_), Some(place))
                    if self == BitFunction::Get && rows.is_active(row) && !(0..width).contains(&place) =>
                {
                    let expected = format!("the place of a bit, from 0 to {}", width - 1);
                    return Err(OpError::row(row, 0, place.to_string(), expected));
                }
                (Some(value), Some(other)) => Some(self.of(value, other, width)),
                _ => None,
            });
        }
        let values = Int64Array::from(values);
        let to = match self {
            BitFunction::Count => DataType::Int32,
            BitFunction::Get => DataType::Int8,
            _ => first.data_type().clone(),
        };
        Ok(arrow_cast::cast(&values, &to)?)
    }

    /// Narrow numbers stand as long ones with the same sign.
    fn of(self, value: i64, other: i64, width: i64) -> i64 {
        let places = other as u32;
        let narrow = width == 32;
        match self {
            BitFunction::And => value & other,
            BitFunction::Or => value | other,
            BitFunction::Xor => value ^ other,
            BitFunction::Not => !value,
            BitFunction::ShiftLeft if narrow => (value as i32).wrapping_shl(places).into(),
            BitFunction::ShiftLeft => value.wrapping_shl(places),
            BitFunction::ShiftRight if narrow => (value as i32).wrapping_shr(places).into(),
            BitFunction::ShiftRight => value.wrapping_shr(places),
            BitFunction::ShiftRightUnsigned if narrow => ((value as u32).wrapping_shr(places) as i32).into(),
            BitFunction::ShiftRightUnsigned => (value as u64).wrapping_shr(places) as i64,
            BitFunction::Count => value.count_ones().into(),
            BitFunction::Get => (value >> (places & 63)) & 1,
        }
    }
}

fn longs(array: &ArrayRef) -> Result<Int64Array, OpError> {
    let wide = arrow_cast::cast(array, &Int64Type::DATA_TYPE)?;
    wide.as_primitive_opt().cloned().ok_or_else(|| promised("whole numbers"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shifts_turn_around_at_the_width() {
        assert_eq!(
            (BitFunction::ShiftLeft.of(1, 33, 32), BitFunction::ShiftLeft.of(1, 33, 64)),
            (2, 1 << 33)
        );
        assert_eq!(BitFunction::ShiftRightUnsigned.of(-1, 28, 32), 15);
        assert_eq!(BitFunction::ShiftRight.of(-8, 1, 64), -4);
        assert_eq!((BitFunction::Not.of(5, 0, 8), BitFunction::Count.of(-1, 0, 32)), (-6, 64));
    }
}
