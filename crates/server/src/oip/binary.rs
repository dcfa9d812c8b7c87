//! Elements as little-endian bytes: the binary tensor extension of REST and the raw contents of gRPC.
//!
//! A BOOL is one byte; a BYTES element is its length in four bytes, then the bytes; numbers stand without
//! padding. See Triton's `docs/protocol/extension_binary_data.md`.

use bytes::{BufMut, Bytes, BytesMut};
use half::f16;

use super::datatype::Datatype;
use super::packed::Packed;
use super::tensor::{Data, Tensor, TensorError, elements};

/// Reads the elements of the tensor of this name and shape from all of `bytes`.
pub(crate) fn read(
    name: &str,
    datatype: Datatype,
    shape: Vec<usize>,
    bytes: &Bytes,
) -> Result<Tensor, TensorError> {
    let fail = |problem: String| TensorError::new(name, problem);
    let data = match datatype.width() {
        None => Data::Bytes(read_strings(bytes).map_err(fail)?),
        Some(width) => {
            let expected = elements(&shape).and_then(|count| count.checked_mul(width));
            if expected != Some(bytes.len()) {
                let expected =
                    expected.map_or_else(|| "more than fit memory".to_owned(), |size| size.to_string());
                let found = bytes.len();
                return Err(fail(format!(
                    "found {found} bytes, expected {expected} by its shape {shape:?} of {datatype}"
                )));
            }
            match Packed::new(datatype, bytes.clone()) {
                Some(packed) => Data::Packed(packed),
                None => read_booleans(bytes).map_err(fail)?,
            }
        }
    };
    Tensor { name: name.to_owned(), datatype, shape, data, nulls: Vec::new() }.checked()
}

fn read_booleans(bytes: &[u8]) -> Result<Data, String> {
    match bytes.iter().position(|&byte| byte > 1) {
        Some(at) => Err(format!("found byte {} at element {at}, expected 0 or 1", bytes[at])),
        None => Ok(Data::Bool(bytes.iter().map(|&byte| byte == 1).collect())),
    }
}

fn read_strings(bytes: &Bytes) -> Result<Vec<Bytes>, String> {
    let mut elements = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let short =
            || format!("element {} is cut short: {} bytes are left", elements.len(), bytes.len() - at);
        let (length, _) = bytes[at..].split_first_chunk::<4>().ok_or_else(short)?;
        let start = at + 4;
        let end = start.checked_add(u32::from_le_bytes(*length) as usize).filter(|&end| end <= bytes.len());
        let end = end.ok_or_else(short)?;
        elements.push(bytes.slice(start..end));
        at = end;
    }
    Ok(elements)
}

/// Refuses a null where only JSON can say it. A floating-point number says it as NaN.
pub(crate) fn check_nulls(tensor: &Tensor) -> Result<(), TensorError> {
    match tensor.nulls.first() {
        Some(null) if !tensor.datatype.is_float() => {
            let problem = format!(
                "element {null} is null, which {} has no bytes for; ask for it as JSON",
                tensor.datatype
            );
            Err(TensorError::new(&tensor.name, problem))
        }
        _ => Ok(()),
    }
}

/// The elements of `tensor` as bytes.
pub(crate) fn write(tensor: &Tensor) -> Result<Bytes, TensorError> {
    check_nulls(tensor)?;
    let mut out = BytesMut::with_capacity(tensor.data.len() * tensor.datatype.width().unwrap_or(16));
    match &tensor.data {
        Data::Bool(values) => values.iter().for_each(|&value| out.put_u8(u8::from(value))),
        Data::Int(values) => {
            values.iter().for_each(|value| put(&mut out, &value.to_le_bytes(), tensor.datatype))
        }
        Data::Uint(values) => {
            values.iter().for_each(|value| put(&mut out, &value.to_le_bytes(), tensor.datatype))
        }
        Data::Float(values) => match tensor.datatype {
            Datatype::Fp16 => {
                values.iter().for_each(|&value| out.put_slice(&f16::from_f64(value).to_le_bytes()))
            }
            Datatype::Fp32 => values.iter().for_each(|&value| out.put_f32_le(value as f32)),
            _ => values.iter().for_each(|&value| out.put_f64_le(value)),
        },
        Data::Bytes(values) => {
            for value in values {
                let length = u32::try_from(value.len());
                out.put_u32_le(
                    length.map_err(|_| TensorError::new(&tensor.name, "an element is longer than 4 GiB"))?,
                );
                out.put_slice(value);
            }
        }
        Data::Packed(packed) => return Ok(packed.bytes().clone()),
    }
    Ok(out.freeze())
}

/// Puts the low bytes of a little-endian integer, as many as the datatype has.
fn put(out: &mut BytesMut, bytes: &[u8; 8], datatype: Datatype) {
    out.put_slice(&bytes[..datatype.width().unwrap_or(8)]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn tensor(datatype: Datatype, data: Data) -> Tensor {
        Tensor { name: "x".to_owned(), datatype, shape: vec![data.len()], data, nulls: Vec::new() }
    }

    fn any_tensor() -> impl Strategy<Value = Tensor> {
        fn many<S: Strategy + 'static>(values: S) -> impl Strategy<Value = Vec<S::Value>> {
            prop::collection::vec(values, 0..20)
        }
        use Datatype as D;
        prop_oneof![
            many(any::<bool>()).prop_map(|v| tensor(D::Bool, Data::Bool(v))),
            many(any::<u8>())
                .prop_map(|v| tensor(D::Uint8, Data::Uint(v.into_iter().map(u64::from).collect()))),
            many(any::<u16>())
                .prop_map(|v| tensor(D::Uint16, Data::Uint(v.into_iter().map(u64::from).collect()))),
            many(any::<u32>())
                .prop_map(|v| tensor(D::Uint32, Data::Uint(v.into_iter().map(u64::from).collect()))),
            many(any::<u64>()).prop_map(|v| tensor(D::Uint64, Data::Uint(v))),
            many(any::<i8>())
                .prop_map(|v| tensor(D::Int8, Data::Int(v.into_iter().map(i64::from).collect()))),
            many(any::<i16>())
                .prop_map(|v| tensor(D::Int16, Data::Int(v.into_iter().map(i64::from).collect()))),
            many(any::<i32>())
                .prop_map(|v| tensor(D::Int32, Data::Int(v.into_iter().map(i64::from).collect()))),
            many(any::<i64>()).prop_map(|v| tensor(D::Int64, Data::Int(v))),
            many(any::<f32>())
                .prop_map(|v| tensor(D::Fp32, Data::Float(v.into_iter().map(f64::from).collect()))),
            many(any::<f64>()).prop_map(|v| tensor(D::Fp64, Data::Float(v))),
            many(any::<String>())
                .prop_map(|v| tensor(D::Bytes, Data::Bytes(v.into_iter().map(Bytes::from).collect()))),
        ]
    }

    proptest! {
        #[test]
        fn every_tensor_reads_back_as_it_was_written(before in any_tensor()) {
            let bytes = write(&before).unwrap();
            let after = read("x", before.datatype, before.shape.clone(), &bytes).unwrap();
            prop_assert_eq!(bytes, write(&after).unwrap());
            let after = Tensor { data: after.data.wide().into_owned(), ..after };
            prop_assert_eq!(format!("{before:?}"), format!("{after:?}"));
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..64), rows in 0_usize..20) {
            for name in ["BOOL", "FP16", "INT32", "FP64", "BYTES"] {
                let datatype = Datatype::parse(name).unwrap();
                let _ = read("x", datatype, vec![rows], &Bytes::from(bytes.clone()));
            }
        }
    }

    #[test]
    fn half_floats_widen_exactly() {
        let read =
            read("x", Datatype::Fp16, vec![2], &Bytes::from_static(&[0x00, 0x3c, 0x01, 0x00])).unwrap();
        assert_eq!(*read.data.wide(), Data::Float(vec![1.0, 2.0_f64.powi(-24)]));
    }

    #[test]
    fn a_wrong_length_names_the_tensor() {
        let error = read("age", Datatype::Int32, vec![2], &Bytes::from_static(&[0; 7])).unwrap_err();
        assert_eq!(error.to_string(), "tensor 'age': found 7 bytes, expected 8 by its shape [2] of INT32");
        let cut = read("s", Datatype::Bytes, vec![1], &Bytes::from_static(&[5, 0, 0, 0, b'a'])).unwrap_err();
        assert!(cut.problem.contains("cut short"), "{cut}");
        let byte = read("b", Datatype::Bool, vec![1], &Bytes::from_static(&[2])).unwrap_err();
        assert!(byte.problem.contains("expected 0 or 1"), "{byte}");
    }

    #[test]
    fn a_null_has_bytes_only_as_nan() {
        let mut number = tensor(Datatype::Fp64, Data::Float(vec![f64::NAN]));
        number.nulls = vec![0];
        assert_eq!(write(&number).unwrap()[..], f64::NAN.to_le_bytes());
        let mut text = tensor(Datatype::Bytes, Data::Bytes(vec![Bytes::new()]));
        text.nulls = vec![0];
        assert!(write(&text).unwrap_err().problem.contains("null"));
    }
}
