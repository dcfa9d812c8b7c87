//! Elements that are numbers, as the bytes that they come and leave in: little-endian and of their own width.
//!
//! A column of their very type stands on these bytes where they are, if they lie at a multiple of their width, as a
//! column of an answer gives its own to them. Else they are moved once, or widened for a column of another type.

use arrow_array::ArrowPrimitiveType;
use arrow_buffer::{Buffer, ScalarBuffer};
use bytes::Bytes;
use half::f16;

use super::datatype::Datatype;
use super::tensor::Data;

/// Whether numbers in memory are such bytes.
const IS_LITTLE_ENDIAN: bool = cfg!(target_endian = "little");

/// Elements of a datatype that is a number.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Packed {
    datatype: Datatype,
    width: usize,
    bytes: Bytes,
}

impl Packed {
    /// The elements in `bytes`; `None` for a datatype that is no number.
    pub(crate) fn new(datatype: Datatype, bytes: Bytes) -> Option<Packed> {
        let width = datatype.width().filter(|_| datatype != Datatype::Bool)?;
        Some(Packed { datatype, width, bytes })
    }

    /// Numbers of this datatype as they lie in memory; `None` where memory has them otherwise.
    pub(crate) fn of(datatype: Datatype, values: Buffer) -> Option<Packed> {
        if IS_LITTLE_ENDIAN { Packed::new(datatype, values.into()) } else { None }
    }

    /// The number of elements.
    pub(crate) fn len(&self) -> usize {
        self.bytes.len() / self.width
    }

    /// The elements' bytes.
    pub(crate) fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// The elements of a column of this datatype; `None` where they are of another one.
    pub(crate) fn values<T: ArrowPrimitiveType>(
        &self,
        datatype: Datatype,
    ) -> Option<ScalarBuffer<T::Native>> {
        let is_own = self.datatype == datatype && size_of::<T::Native>() == self.width;
        if !is_own || !IS_LITTLE_ENDIAN {
            return None;
        }
        let whole = self.bytes.slice(..self.len() * self.width);
        let lies_well = whole.as_ptr().cast::<T::Native>().is_aligned();
        let buffer = if lies_well { Buffer::from(whole) } else { Buffer::from(&whole[..]) };
        Some(ScalarBuffer::new(buffer, 0, self.len()))
    }

    /// Every `width`-th element, from the one at `at` on.
    pub(crate) fn column(&self, at: usize, width: usize) -> Packed {
        let rows = self.bytes.chunks_exact((width * self.width).max(1));
        let mut bytes = Vec::with_capacity(self.bytes.len() / width.max(1));
        let own = at * self.width..(at + 1) * self.width;
        rows.filter_map(|row| row.get(own.clone())).for_each(|value| bytes.extend_from_slice(value));
        Packed { bytes: bytes.into(), ..*self }
    }

    /// The only element's bytes.
    pub(crate) fn only(&self) -> Option<&[u8]> {
        (self.len() == 1).then_some(&self.bytes)
    }

    /// The elements in the widest type of their kind.
    pub(crate) fn wide(&self) -> Data {
        fn each<const N: usize, T>(bytes: &[u8], read: impl Fn([u8; N]) -> T) -> Vec<T> {
            let (chunks, _) = bytes.as_chunks::<N>();
            chunks.iter().map(|&chunk| read(chunk)).collect()
        }
        let bytes = &self.bytes;
        match self.datatype {
            Datatype::Uint8 => Data::Uint(each(bytes, |b| u64::from(u8::from_le_bytes(b)))),
            Datatype::Uint16 => Data::Uint(each(bytes, |b| u64::from(u16::from_le_bytes(b)))),
            Datatype::Uint32 => Data::Uint(each(bytes, |b| u64::from(u32::from_le_bytes(b)))),
            Datatype::Uint64 => Data::Uint(each(bytes, u64::from_le_bytes)),
            Datatype::Int8 => Data::Int(each(bytes, |b| i64::from(i8::from_le_bytes(b)))),
            Datatype::Int16 => Data::Int(each(bytes, |b| i64::from(i16::from_le_bytes(b)))),
            Datatype::Int32 => Data::Int(each(bytes, |b| i64::from(i32::from_le_bytes(b)))),
            Datatype::Int64 => Data::Int(each(bytes, i64::from_le_bytes)),
            Datatype::Fp16 => Data::Float(each(bytes, |b| f64::from(f16::from_le_bytes(b)))),
            Datatype::Fp32 => Data::Float(each(bytes, |b| f64::from(f32::from_le_bytes(b)))),
            Datatype::Fp64 => Data::Float(each(bytes, f64::from_le_bytes)),
            Datatype::Bool | Datatype::Bytes => Data::empty(self.datatype),
        }
    }
}

#[cfg(test)]
mod tests {
    use arrow_array::types::{Float64Type, Int32Type, Int64Type};

    use super::*;

    fn doubles(values: &[f64], before: usize) -> Packed {
        let mut bytes = vec![0; before];
        values.iter().for_each(|value| bytes.extend_from_slice(&value.to_le_bytes()));
        Packed::new(Datatype::Fp64, Bytes::from(bytes).slice(before..)).unwrap()
    }

    #[test]
    fn a_column_stands_on_bytes_that_lie_well_and_on_a_copy_of_others() {
        let mut in_place = 0;
        for before in 0..8 {
            let packed = doubles(&[1.5, -2.5], before);
            let values = packed.values::<Float64Type>(Datatype::Fp64).unwrap();
            assert_eq!(values[..], [1.5, -2.5]);
            in_place += usize::from(std::ptr::eq(values.inner().as_ptr(), packed.bytes.as_ptr()));
        }
        assert_eq!(in_place, 1);
    }

    #[test]
    fn only_columns_of_their_own_type_stand_on_them() {
        let packed = doubles(&[1.0], 0);
        assert!(packed.values::<Int64Type>(Datatype::Int64).is_none());
        assert!(packed.values::<Int32Type>(Datatype::Fp64).is_none());
        assert_eq!(packed.wide(), Data::Float(vec![1.0]));
        assert!(Packed::new(Datatype::Bool, Bytes::new()).is_none());
    }

    #[test]
    fn a_column_of_rows_is_taken_out() {
        let packed = doubles(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], 3);
        assert_eq!(packed.column(1, 3).wide(), Data::Float(vec![2.0, 5.0]));
        assert_eq!((packed.only(), packed.column(0, 6).only()), (None, Some(&1_f64.to_le_bytes()[..])));
    }
}
