//! The datatypes of the Open Inference Protocol, and which of them a column of a model is.
//!
//! `specification/protocol/inference_rest.md`, "Tensor Data Types". BF16, which Triton adds, is not taken.

use std::fmt;

use firesteel_plan::{ColumnType, Field};

/// The datatype of a tensor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Datatype {
    /// True or false; one byte.
    Bool,
    /// An integer of 8 bits without a sign.
    Uint8,
    /// An integer of 16 bits without a sign.
    Uint16,
    /// An integer of 32 bits without a sign.
    Uint32,
    /// An integer of 64 bits without a sign.
    Uint64,
    /// An integer of 8 bits.
    Int8,
    /// An integer of 16 bits.
    Int16,
    /// An integer of 32 bits.
    Int32,
    /// An integer of 64 bits.
    Int64,
    /// A floating-point number of 16 bits.
    Fp16,
    /// A floating-point number of 32 bits.
    Fp32,
    /// A floating-point number of 64 bits.
    Fp64,
    /// Bytes of any length; a text is UTF-8.
    Bytes,
}

/// Every datatype with its name, in the order of the specification.
const NAMES: [(Datatype, &str); 13] = [
    (Datatype::Bool, "BOOL"),
    (Datatype::Uint8, "UINT8"),
    (Datatype::Uint16, "UINT16"),
    (Datatype::Uint32, "UINT32"),
    (Datatype::Uint64, "UINT64"),
    (Datatype::Int8, "INT8"),
    (Datatype::Int16, "INT16"),
    (Datatype::Int32, "INT32"),
    (Datatype::Int64, "INT64"),
    (Datatype::Fp16, "FP16"),
    (Datatype::Fp32, "FP32"),
    (Datatype::Fp64, "FP64"),
    (Datatype::Bytes, "BYTES"),
];

impl Datatype {
    /// The datatype of this name.
    pub(crate) fn parse(name: &str) -> Option<Datatype> {
        NAMES.iter().find(|(_, known)| *known == name).map(|&(datatype, _)| datatype)
    }

    /// The datatype's name.
    pub(crate) fn name(self) -> &'static str {
        NAMES.iter().find(|(known, _)| *known == self).map_or("", |&(_, name)| name)
    }

    /// The bytes of one element; `None` for [`Datatype::Bytes`].
    pub(crate) fn width(self) -> Option<usize> {
        match self {
            Datatype::Bool | Datatype::Uint8 | Datatype::Int8 => Some(1),
            Datatype::Uint16 | Datatype::Int16 | Datatype::Fp16 => Some(2),
            Datatype::Uint32 | Datatype::Int32 | Datatype::Fp32 => Some(4),
            Datatype::Uint64 | Datatype::Int64 | Datatype::Fp64 => Some(8),
            Datatype::Bytes => None,
        }
    }

    /// Whether its elements are floating-point numbers.
    pub(crate) fn is_float(self) -> bool {
        matches!(self, Datatype::Fp16 | Datatype::Fp32 | Datatype::Fp64)
    }

    /// Whether this integer datatype has the value; of others, always.
    pub(crate) fn holds(self, value: i128) -> bool {
        let bits = self.width().map_or(64, |width| width * 8);
        match self {
            Datatype::Uint8 | Datatype::Uint16 | Datatype::Uint32 | Datatype::Uint64 => {
                (0..1 << bits).contains(&value)
            }
            Datatype::Int8 | Datatype::Int16 | Datatype::Int32 | Datatype::Int64 => {
                (-(1 << (bits - 1))..1 << (bits - 1)).contains(&value)
            }
            _ => true,
        }
    }

    /// The datatype of a column's elements.
    pub(crate) fn of(column_type: &ColumnType) -> Datatype {
        match column_type {
            ColumnType::Boolean => Datatype::Bool,
            ColumnType::Byte => Datatype::Int8,
            ColumnType::Short => Datatype::Int16,
            ColumnType::Int => Datatype::Int32,
            ColumnType::Long => Datatype::Int64,
            ColumnType::Float => Datatype::Fp32,
            ColumnType::Double | ColumnType::Vector => Datatype::Fp64,
            // A double would lose digits.
            ColumnType::Decimal(_) => Datatype::Bytes,
            ColumnType::String | ColumnType::Date => Datatype::Bytes,
            ColumnType::Timestamp | ColumnType::TimestampNtz => Datatype::Bytes,
            ColumnType::Array(item) => Datatype::of(item),
        }
    }
}

impl fmt::Display for Datatype {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The shape of one row of a column: nothing for a scalar, -1 for a length that varies.
pub(crate) fn row_shape(field: &Field) -> Vec<i64> {
    match &field.column_type {
        ColumnType::Vector => vec![field.size.and_then(|size| i64::try_from(size).ok()).unwrap_or(-1)],
        ColumnType::Array(_) => vec![-1],
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_back() {
        for (datatype, name) in NAMES {
            assert_eq!(Datatype::parse(name), Some(datatype));
            assert_eq!(datatype.to_string(), name);
        }
        assert_eq!(Datatype::parse("BF16"), None);
        assert_eq!(Datatype::parse("fp32"), None);
    }

    #[test]
    fn integers_have_a_range() {
        assert!(Datatype::Int8.holds(-128) && !Datatype::Int8.holds(128) && !Datatype::Int8.holds(-129));
        assert!(
            Datatype::Uint16.holds(65_535) && !Datatype::Uint16.holds(65_536) && !Datatype::Uint16.holds(-1)
        );
        assert!(Datatype::Uint64.holds(u64::MAX.into()) && !Datatype::Int64.holds(u64::MAX.into()));
    }

    #[test]
    fn columns_have_the_datatype_of_their_elements() {
        assert_eq!(Datatype::of(&ColumnType::Long), Datatype::Int64);
        assert_eq!(Datatype::of(&ColumnType::Vector), Datatype::Fp64);
        assert_eq!(Datatype::of(&ColumnType::strings()), Datatype::Bytes);
    }
}
