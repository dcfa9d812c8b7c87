//! Tensors as requests bring them and answers carry them: a datatype, a shape and the elements row by row.
//!
//! Elements are held as the bytes that they came in, or in the widest type of their kind, which holds every narrower one
//! exactly.

use std::borrow::Cow;

use bytes::Bytes;
use thiserror::Error;

use super::datatype::Datatype;
use super::packed::Packed;

/// The most dimensions of a tensor.
pub(crate) const MAX_DIMENSIONS: usize = 8;

/// A tensor that cannot be read.
#[derive(Clone, Debug, Error, PartialEq)]
#[error("tensor '{tensor}': {problem}")]
pub(crate) struct TensorError {
    /// The tensor's name.
    pub(crate) tensor: String,
    /// What is wrong with it.
    pub(crate) problem: String,
}

impl TensorError {
    pub(crate) fn new(tensor: &str, problem: impl Into<String>) -> TensorError {
        TensorError { tensor: tensor.to_owned(), problem: problem.into() }
    }
}

/// The elements of a tensor.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Data {
    /// Of BOOL.
    Bool(Vec<bool>),
    /// Of INT8, INT16, INT32 and INT64.
    Int(Vec<i64>),
    /// Of UINT8, UINT16, UINT32 and UINT64.
    Uint(Vec<u64>),
    /// Of FP16, FP32 and FP64.
    Float(Vec<f64>),
    /// Of BYTES.
    Bytes(Vec<Bytes>),
    /// Of any datatype that is a number, as bytes.
    Packed(Packed),
}

impl Data {
    /// No elements yet, of this datatype.
    pub(crate) fn empty(datatype: Datatype) -> Data {
        match datatype {
            Datatype::Bool => Data::Bool(Vec::new()),
            Datatype::Uint8 | Datatype::Uint16 | Datatype::Uint32 | Datatype::Uint64 => {
                Data::Uint(Vec::new())
            }
            Datatype::Int8 | Datatype::Int16 | Datatype::Int32 | Datatype::Int64 => Data::Int(Vec::new()),
            Datatype::Fp16 | Datatype::Fp32 | Datatype::Fp64 => Data::Float(Vec::new()),
            Datatype::Bytes => Data::Bytes(Vec::new()),
        }
    }

    /// The number of elements.
    pub(crate) fn len(&self) -> usize {
        match self {
            Data::Bool(values) => values.len(),
            Data::Int(values) => values.len(),
            Data::Uint(values) => values.len(),
            Data::Float(values) => values.len(),
            Data::Bytes(values) => values.len(),
            Data::Packed(values) => values.len(),
        }
    }

    /// Adds the element that stands where there is none: false, 0, NaN or no bytes.
    pub(crate) fn push_filler(&mut self) {
        match self {
            Data::Bool(values) => values.push(false),
            Data::Int(values) => values.push(0),
            Data::Uint(values) => values.push(0),
            Data::Float(values) => values.push(f64::NAN),
            Data::Bytes(values) => values.push(Bytes::new()),
            Data::Packed(values) => {
                *self = values.wide();
                self.push_filler();
            }
        }
    }

    /// The elements in the widest type of their kind.
    pub(crate) fn wide(&self) -> Cow<'_, Data> {
        match self {
            Data::Packed(values) => Cow::Owned(values.wide()),
            other => Cow::Borrowed(other),
        }
    }
}

/// A tensor.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Tensor {
    /// The tensor's name.
    pub(crate) name: String,
    /// The tensor's datatype.
    pub(crate) datatype: Datatype,
    /// The tensor's shape; the first dimension is the rows.
    pub(crate) shape: Vec<usize>,
    /// The elements row by row.
    pub(crate) data: Data,
    /// The places of the elements that are null, ascending.
    pub(crate) nulls: Vec<usize>,
}

impl Tensor {
    /// The number of rows: the first dimension; 1 for a tensor without dimensions.
    pub(crate) fn rows(&self) -> usize {
        self.shape.first().copied().unwrap_or(1)
    }

    /// Checks that there are as many elements as the shape says.
    pub(crate) fn checked(self) -> Result<Tensor, TensorError> {
        let expected = elements(&self.shape);
        let found = self.data.len();
        if expected == Some(found) {
            return Ok(self);
        }
        let expected =
            expected.map_or_else(|| "more elements than fit memory".to_owned(), |count| count.to_string());
        let problem = format!("found {found} elements, expected {expected} by its shape {:?}", self.shape);
        Err(TensorError::new(&self.name, problem))
    }
}

/// The number of elements of this shape; `None` if no machine has room for them.
pub(crate) fn elements(shape: &[usize]) -> Option<usize> {
    shape.iter().try_fold(1_usize, |product, &dimension| product.checked_mul(dimension))
}

/// A shape as it stands in a request, with its dimensions checked.
pub(crate) fn read_shape(tensor: &str, shape: &[i64]) -> Result<Vec<usize>, TensorError> {
    if shape.len() > MAX_DIMENSIONS {
        let problem = format!("a shape of {} dimensions, expected at most {MAX_DIMENSIONS}", shape.len());
        return Err(TensorError::new(tensor, problem));
    }
    let read = |&dimension: &i64| {
        usize::try_from(dimension).map_err(|_| {
            TensorError::new(tensor, format!("found dimension {dimension} in the shape, expected 0 or more"))
        })
    };
    shape.iter().map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_are_checked() {
        assert_eq!(read_shape("x", &[2, 3]).unwrap(), [2, 3]);
        let negative = read_shape("x", &[-1]).unwrap_err().to_string();
        assert_eq!(negative, "tensor 'x': found dimension -1 in the shape, expected 0 or more");
        assert!(read_shape("x", &[1; 9]).unwrap_err().problem.contains("at most 8"));
        assert_eq!(elements(&[usize::MAX, 2]), None);
    }

    #[test]
    fn the_elements_must_fill_the_shape() {
        let tensor = |shape: &[usize]| Tensor {
            name: "age".to_owned(),
            datatype: Datatype::Int32,
            shape: shape.to_vec(),
            data: Data::Int(vec![1, 2]),
            nulls: Vec::new(),
        };
        assert!(tensor(&[2, 1]).checked().is_ok());
        let error = tensor(&[3]).checked().unwrap_err().to_string();
        assert_eq!(error, "tensor 'age': found 2 elements, expected 3 by its shape [3]");
        assert!(tensor(&[usize::MAX, 2]).checked().is_err());
    }
}
