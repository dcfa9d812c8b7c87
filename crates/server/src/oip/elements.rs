//! The `data` of a tensor in JSON: flat or nested, straight into elements of the tensor's datatype.
//!
//! A floating-point number that JSON cannot write is one of the texts `NaN`, `Infinity` and `-Infinity`, as in
//! protobuf's JSON and as NumPy reads them; `null` is a null.

use std::fmt;

use half::f16;
use serde::de::{DeserializeSeed, Deserializer, Error, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::datatype::Datatype;
use super::tensor::{Data, MAX_DIMENSIONS, Tensor, TensorError};

/// Reads the elements of a tensor of this name and shape.
pub(crate) fn read(
    name: &str,
    datatype: Datatype,
    shape: Vec<usize>,
    json: &RawValue,
) -> Result<Tensor, TensorError> {
    let mut reading = Reading::new(datatype);
    let mut deserializer = serde_json::Deserializer::from_str(json.get());
    if let Err(error) = (Nested { reading: &mut reading, depth: 0 }).deserialize(&mut deserializer) {
        let problem = reading.problem.unwrap_or_else(|| error.to_string());
        return Err(TensorError::new(name, problem));
    }
    let tensor = Tensor { name: name.to_owned(), datatype, shape, data: reading.data, nulls: reading.nulls };
    let tensor = tensor.checked()?;
    let shaped =
        |dimensions: &[usize]| dimensions.iter().copied().filter(|&size| size != 1).collect::<Vec<_>>();
    if reading.lengths.len() > 1 && shaped(&reading.lengths) != shaped(&tensor.shape) {
        let problem =
            format!("the data is nested as {:?}, expected {:?} by its shape", reading.lengths, tensor.shape);
        return Err(TensorError::new(name, problem));
    }
    Ok(tensor)
}

/// What has been read so far.
struct Reading {
    datatype: Datatype,
    data: Data,
    nulls: Vec<usize>,
    /// The length of the lists at each depth; all lists of one depth are as long.
    lengths: Vec<usize>,
    /// The depth at which elements stand, once one was seen.
    leaves: Option<usize>,
    problem: Option<String>,
}

impl Reading {
    fn new(datatype: Datatype) -> Reading {
        let data = Data::empty(datatype);
        Reading { datatype, data, nulls: Vec::new(), lengths: Vec::new(), leaves: None, problem: None }
    }

    fn refuse<E: Error>(&mut self, problem: String) -> E {
        self.problem = Some(problem);
        E::custom("refused")
    }

    fn wrong<E: Error>(&mut self, found: impl fmt::Display) -> E {
        let expected = match self.data {
            Data::Bool(_) => "true or false",
            Data::Int(_) | Data::Uint(_) => "an integer within its range",
            Data::Float(_) => "a number within its range",
            Data::Bytes(_) => "a text",
            Data::Packed(_) => "a number",
        };
        self.refuse(format!(
            "found {found} at element {}, expected {expected} of {}",
            self.data.len(),
            self.datatype
        ))
    }

    fn integer<E: Error>(&mut self, value: i128) -> Result<(), E> {
        let fits = self.datatype.holds(value);
        match (&mut self.data, i64::try_from(value), u64::try_from(value)) {
            (Data::Int(values), Ok(value), _) if fits => values.push(value),
            (Data::Uint(values), _, Ok(value)) if fits => values.push(value),
            (Data::Float(_), ..) => return self.float(value as f64),
            _ => return Err(self.wrong(value)),
        }
        Ok(())
    }

    fn float<E: Error>(&mut self, value: f64) -> Result<(), E> {
        let rounded = match self.datatype {
            Datatype::Fp16 => f64::from(f16::from_f64(value)),
            Datatype::Fp32 => f64::from(value as f32),
            _ => value,
        };
        match &mut self.data {
            Data::Float(values) if rounded.is_infinite() == value.is_infinite() => values.push(rounded),
            _ => return Err(self.wrong(value)),
        }
        Ok(())
    }

    /// Notes that an element stands at this depth.
    fn leaf<E: Error>(&mut self, depth: usize) -> Result<(), E> {
        match self.leaves {
            _ if depth == 0 => Err(self.refuse("the data is one value, expected a list".to_owned())),
            None if self.lengths.len() > depth => Err(self.refuse("the data is nested unevenly".to_owned())),
            None => {
                self.leaves = Some(depth);
                Ok(())
            }
            Some(leaves) if leaves == depth => Ok(()),
            Some(_) => Err(self.refuse("the data is nested unevenly".to_owned())),
        }
    }

    /// Notes the length of a list at this depth.
    fn length<E: Error>(&mut self, depth: usize, length: usize) -> Result<(), E> {
        match self.lengths.get(depth) {
            Some(&known) if known == length => Ok(()),
            Some(&known) => Err(self.refuse(format!(
                "the data holds lists of {known} and of {length} values, expected even ones"
            ))),
            None => Err(self.refuse("the data is nested unevenly".to_owned())),
        }
    }
}

/// A value at some depth: a list of values, or an element.
struct Nested<'a> {
    reading: &'a mut Reading,
    depth: usize,
}

impl<'de> DeserializeSeed<'de> for Nested<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Nested<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("numbers, texts or lists of them")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let Nested { reading, depth } = self;
        if depth >= MAX_DIMENSIONS {
            return Err(reading.refuse(format!("the data is nested deeper than {MAX_DIMENSIONS} lists")));
        }
        if reading.leaves.is_some_and(|leaves| leaves <= depth) {
            return Err(reading.refuse("the data is nested unevenly".to_owned()));
        }
        let first = reading.lengths.len() == depth;
        if first {
            reading.lengths.push(0);
        }
        let mut length = 0;
        while list.next_element_seed(Nested { reading: &mut *reading, depth: depth + 1 })?.is_some() {
            length += 1;
        }
        if first {
            reading.lengths[depth] = length;
        }
        reading.length(depth, length)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<(), E> {
        self.reading.leaf(self.depth)?;
        match &mut self.reading.data {
            Data::Bool(values) => values.push(value),
            _ => return Err(self.reading.wrong(value)),
        }
        Ok(())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<(), E> {
        self.reading.leaf(self.depth)?;
        self.reading.integer(i128::from(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<(), E> {
        self.reading.leaf(self.depth)?;
        self.reading.integer(i128::from(value))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<(), E> {
        self.reading.leaf(self.depth)?;
        self.reading.float(value)
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<(), E> {
        self.reading.leaf(self.depth)?;
        match &mut self.reading.data {
            Data::Bytes(values) => values.push(value.to_owned().into()),
            Data::Float(values) => values.push(match value {
                "NaN" | "nan" => f64::NAN,
                "Infinity" | "inf" => f64::INFINITY,
                "-Infinity" | "-inf" => f64::NEG_INFINITY,
                _ => return Err(self.reading.wrong(format_args!("'{}'", shortened(value)))),
            }),
            _ => return Err(self.reading.wrong(format_args!("'{}'", shortened(value)))),
        }
        Ok(())
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.reading.leaf(self.depth)?;
        self.reading.nulls.push(self.reading.data.len());
        self.reading.data.push_filler();
        Ok(())
    }
}

/// The start of a text that a stranger sent, for an error.
pub(crate) fn shortened(text: &str) -> &str {
    text.char_indices().nth(40).map_or(text, |(end, _)| &text[..end])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(datatype: Datatype, shape: &[usize], json: &str) -> Result<Tensor, String> {
        let json = RawValue::from_string(json.to_owned()).unwrap();
        super::read("x", datatype, shape.to_vec(), &json).map_err(|error| error.problem)
    }

    #[test]
    fn flat_and_nested_data_are_the_same() {
        let flat = read(Datatype::Fp64, &[2, 2], "[1, 2.5, -3, 4]").unwrap();
        assert_eq!(flat.data, Data::Float(vec![1.0, 2.5, -3.0, 4.0]));
        assert_eq!(read(Datatype::Fp64, &[2, 2], "[[1, 2.5], [-3, 4]]").unwrap(), flat);
        assert!(read(Datatype::Int32, &[2], "[[1], [2]]").is_ok());
        assert!(read(Datatype::Int32, &[1, 0], "[[]]").is_ok());
        assert!(read(Datatype::Int32, &[0], "[]").is_ok());
    }

    #[test]
    fn data_that_does_not_fit_the_shape_is_refused() {
        let refused = |shape: &[usize], json| read(Datatype::Int32, shape, json).unwrap_err();
        assert_eq!(refused(&[3], "[1, 2]"), "found 2 elements, expected 3 by its shape [3]");
        assert_eq!(
            refused(&[2, 3], "[[1, 2], [3, 4], [5, 6]]"),
            "the data is nested as [3, 2], expected [2, 3] by its shape"
        );
        assert!(refused(&[3], "[[1, 2], [3]]").contains("lists of 2 and of 1 values"));
        assert!(refused(&[2], "[1, [2]]").contains("unevenly"));
        assert!(refused(&[2], "[[1], 2]").contains("unevenly"));
        assert!(refused(&[2], "[[], 2]").contains("unevenly"));
        assert!(refused(&[1], "1").contains("expected a list"));
        assert!(refused(&[1], "[[[[[[[[[1]]]]]]]]]").contains("deeper than 8"));
        assert!(refused(&[1], r#"{"a": 1}"#).contains("numbers, texts or lists"));
    }

    #[test]
    fn elements_are_of_the_datatype() {
        let refused = |datatype, json| read(datatype, &[1], json).unwrap_err();
        assert_eq!(
            refused(Datatype::Int8, "[128]"),
            "found 128 at element 0, expected an integer within its range of INT8"
        );
        assert!(refused(Datatype::Uint8, "[-1]").contains("found -1"));
        assert!(refused(Datatype::Uint8, "[256]").contains("found 256"));
        assert!(refused(Datatype::Int64, "[9223372036854775808]").contains("found 9223372036854775808"));
        assert!(refused(Datatype::Int32, "[1.5]").contains("found 1.5"));
        assert!(refused(Datatype::Int32, "[true]").contains("found true"));
        assert!(refused(Datatype::Fp64, r#"["1"]"#).contains("found '1'"));
        assert!(refused(Datatype::Fp32, "[1e300]").contains("within its range of FP32"));
        assert!(refused(Datatype::Bool, "[1]").contains("expected true or false"));
        assert!(refused(Datatype::Bytes, "[1]").contains("expected a text"));
        assert_eq!(read(Datatype::Int8, &[2], "[-128, 127]").unwrap().data, Data::Int(vec![-128, 127]));
        assert_eq!(
            read(Datatype::Uint64, &[1], "[18446744073709551615]").unwrap().data,
            Data::Uint(vec![u64::MAX])
        );
        assert_eq!(read(Datatype::Fp32, &[1], "[0.1]").unwrap().data, Data::Float(vec![f64::from(0.1_f32)]));
    }

    #[test]
    fn what_json_cannot_write_stands_as_texts_and_nulls() {
        let read = read(Datatype::Fp64, &[4], r#"["NaN", "Infinity", "-Infinity", null]"#).unwrap();
        let Data::Float(values) = read.data else { panic!("not floats") };
        assert!(values[0].is_nan());
        assert_eq!(values[1..3], [f64::INFINITY, f64::NEG_INFINITY]);
        assert_eq!(read.nulls, [3]);
    }

    proptest! {
        #[test]
        fn doubles_keep_every_bit(values in prop::collection::vec(any::<f64>().prop_filter("JSON", |v| v.is_finite()), 0..20)) {
            let json = serde_json::to_string(&values).unwrap();
            let read = read(Datatype::Fp64, &[values.len()], &json).unwrap();
            let Data::Float(read) = read.data else { panic!("not floats") };
            let bits = |values: &[f64]| values.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
            prop_assert_eq!(bits(&read), bits(&values));
        }
    }
}
