//! `ModelInfer` for one row of numbers, read where its message lies and answered without messages in between.
//!
//! Only a message that is plain in every respect is read here: raw elements, a tensor of one row for each column or one
//! for the whole row, no parameters. Every other one, and one with a mistake, is left to the messages of the build
//! ([`proto`](super::proto)), which make the same of a plain one.

use firesteel_deploy::{Loaded, Scorer};
use firesteel_plan::{ColumnType, RowScores};

use crate::oip::datatype::Datatype;
use crate::oip::outputs::{DROPPED, MAX_ELEMENTS};
use crate::oip::row::{Element, in_order, whole_row};

/// A plain request.
#[derive(Debug, PartialEq)]
pub(crate) struct Plain<'m> {
    pub(super) model: &'m str,
    pub(super) version: &'m str,
    pub(super) id: &'m str,
    inputs: Vec<Input<'m>>,
    /// The names of the outputs asked for.
    pub(super) outputs: Vec<&'m str>,
}

/// A tensor of one row.
#[derive(Debug, PartialEq)]
struct Input<'m> {
    name: &'m str,
    datatype: Datatype,
    /// The elements of the row, if the tensor has a second dimension.
    width: Option<usize>,
    elements: &'m [u8],
}

/// Reads a message, if it is plain.
pub(crate) fn read(mut message: &[u8]) -> Option<Plain<'_>> {
    let mut plain = Plain { model: "", version: "", id: "", inputs: Vec::new(), outputs: Vec::new() };
    let mut raw = 0;
    while !message.is_empty() {
        let (field, bytes) = field(&mut message)?;
        match field {
            1 => put(&mut plain.model, bytes)?,
            2 => put(&mut plain.version, bytes)?,
            3 => put(&mut plain.id, bytes)?,
            5 if raw == 0 => plain.inputs.push(input(bytes)?),
            6 => plain.outputs.push(output(bytes)?),
            7 => {
                plain.inputs.get_mut(raw)?.elements = bytes;
                raw += 1;
            }
            _ => return None,
        }
    }
    let all_raw = raw > 0 && raw == plain.inputs.len();
    let whole = |input: &Input<'_>| {
        let width = input.datatype.width()?;
        input.width.unwrap_or(1).checked_mul(width).filter(|&size| size == input.elements.len())
    };
    (all_raw && plain.inputs.iter().all(|input| whole(input).is_some())).then_some(plain)
}

fn input(mut message: &[u8]) -> Option<Input<'_>> {
    let (mut name, mut datatype, mut shape) = ("", "", None);
    while !message.is_empty() {
        match field(&mut message)? {
            (1, bytes) => put(&mut name, bytes)?,
            (2, bytes) => put(&mut datatype, bytes)?,
            (3, bytes) if shape.is_none() => shape = Some(bytes),
            _ => return None,
        }
    }
    let mut shape = shape?;
    let rows = varint(&mut shape)?;
    let width = if shape.is_empty() { None } else { Some(usize::try_from(varint(&mut shape)?).ok()?) };
    (rows == 1 && shape.is_empty()).then_some(())?;
    Some(Input { name, datatype: Datatype::parse(datatype)?, width, elements: &[] })
}

fn output(mut message: &[u8]) -> Option<&str> {
    let mut name = "";
    while !message.is_empty() {
        match field(&mut message)? {
            (1, bytes) => put(&mut name, bytes)?,
            _ => return None,
        }
    }
    Some(name)
}

/// Takes a text that is given once.
fn put<'m>(text: &mut &'m str, bytes: &'m [u8]) -> Option<()> {
    text.is_empty().then_some(())?;
    *text = str::from_utf8(bytes).ok()?;
    Some(())
}

/// Takes the next field, its number and its bytes; all fields here have bytes.
fn field<'m>(message: &mut &'m [u8]) -> Option<(u8, &'m [u8])> {
    const BYTES: u8 = 2;
    let (&key, rest) = message.split_first()?;
    *message = rest;
    (key < 0x80 && key & 7 == BYTES).then_some(())?;
    let length = usize::try_from(varint(message)?).ok()?;
    let (bytes, rest) = message.split_at_checked(length)?;
    *message = rest;
    Some((key >> 3, bytes))
}

/// Takes a number in base 128, of up to nine digits.
fn varint(bytes: &mut &[u8]) -> Option<u64> {
    let mut value = 0;
    for digit in 0..9 {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        value |= u64::from(byte & 0x7f) << (7 * digit);
        if byte < 0x80 {
            return Some(value);
        }
    }
    None
}

impl Plain<'_> {
    /// The row as the scorer takes it.
    pub(crate) fn numbers(&self, loaded: &Loaded, scorer: &Scorer) -> Option<Vec<f64>> {
        if let [Input { name, datatype, width: Some(width @ 2..), elements }] = self.inputs[..] {
            return whole_row(name, datatype, width, elements, loaded, scorer);
        }
        let mut columns = Vec::with_capacity(self.inputs.len());
        for input in &self.inputs {
            // The elements of more than one are not read as one.
            columns.push((input.name, input.datatype, Element::read(input.datatype, input.elements)?));
        }
        in_order(columns.into_iter(), scorer.inputs(), |name| scorer.input_place(name))
    }
}

/// What an answer says beside its tensors.
#[derive(Clone, Copy, Debug)]
pub(super) struct About<'a> {
    pub(super) model: &'a str,
    pub(super) version: &'a str,
    pub(super) id: &'a str,
    /// Whether the answer tells that the row was not dropped.
    pub(super) marks: bool,
}

/// Writes the message that answers a row; `false` where a tensor would be larger than one may be.
pub(super) fn write(about: About<'_>, scorer: &Scorer, scores: RowScores<'_>, out: &mut Vec<u8>) -> bool {
    put_bytes(out, 1, about.model.as_bytes());
    put_bytes(out, 2, about.version.as_bytes());
    put_bytes(out, 3, about.id.as_bytes());
    let values = |place| scores.output(place).unwrap_or_default();
    for (place, field) in scorer.outputs().iter().enumerate() {
        let width = (field.column_type == ColumnType::Vector).then(|| values(place).len());
        if width.is_some_and(|width| width > MAX_ELEMENTS) {
            return false;
        }
        put_tensor(out, &field.name, Datatype::of(&field.column_type).name(), width);
    }
    if about.marks {
        put_tensor(out, DROPPED, "BOOL", None);
    }
    for (place, field) in scorer.outputs().iter().enumerate() {
        let values = values(place);
        if field.column_type == ColumnType::Int {
            put_head(out, 6, values.len() * 4);
            values.iter().for_each(|value| out.extend_from_slice(&(*value as i32).to_le_bytes()));
        } else {
            put_head(out, 6, values.len() * 8);
            values.iter().for_each(|value| out.extend_from_slice(&value.to_le_bytes()));
        }
    }
    if about.marks {
        put_head(out, 6, 1);
        out.push(0);
    }
    true
}

/// The head of a tensor of one row, with a second dimension or without.
fn put_tensor(out: &mut Vec<u8>, name: &str, datatype: &str, width: Option<usize>) {
    let name_length = if name.is_empty() { 0 } else { 1 + length_of(name.len()) + name.len() };
    let shape_length = 1 + width.map_or(0, length_of);
    put_head(out, 5, name_length + 2 + datatype.len() + 2 + shape_length);
    put_bytes(out, 1, name.as_bytes());
    put_bytes(out, 2, datatype.as_bytes());
    put_head(out, 3, shape_length);
    out.push(1);
    if let Some(width) = width {
        put_varint(out, width);
    }
}

/// A field, which is left out where it is empty.
fn put_bytes(out: &mut Vec<u8>, field: u8, bytes: &[u8]) {
    if !bytes.is_empty() {
        put_head(out, field, bytes.len());
        out.extend_from_slice(bytes);
    }
}

fn put_head(out: &mut Vec<u8>, field: u8, length: usize) {
    out.push(field << 3 | 2);
    put_varint(out, length);
}

fn put_varint(out: &mut Vec<u8>, mut value: usize) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// The digits of a number in base 128.
fn length_of(value: usize) -> usize {
    (value | 1).ilog2() as usize / 7 + 1
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use prost::Message;

    use super::super::proto::model_infer_request::InferInputTensor;
    use super::super::proto::{InferParameter, ModelInferRequest};
    use super::*;

    fn request() -> ModelInferRequest {
        let input = |name: &str, datatype: &str, shape: &[i64]| InferInputTensor {
            name: name.to_owned(),
            datatype: datatype.to_owned(),
            shape: shape.to_vec(),
            ..InferInputTensor::default()
        };
        ModelInferRequest {
            model_name: "m".to_owned(),
            id: "7".to_owned(),
            inputs: vec![input("a", "FP64", &[1]), input("b", "INT8", &[1, 300])],
            raw_input_contents: vec![1.5_f64.to_le_bytes().to_vec().into(), vec![2; 300].into()],
            ..ModelInferRequest::default()
        }
    }

    fn is_plain(change: impl FnOnce(&mut ModelInferRequest)) -> bool {
        let mut request = request();
        change(&mut request);
        read(&request.encode_to_vec()).is_some()
    }

    #[test]
    fn a_plain_message_is_read_as_it_was_written() {
        let message = request().encode_to_vec();
        let plain = read(&message).unwrap();
        assert_eq!((plain.model, plain.version, plain.id), ("m", "", "7"));
        let [a, b] = &plain.inputs[..] else { panic!("two inputs") };
        assert_eq!((a.name, a.datatype, a.width), ("a", Datatype::Fp64, None));
        assert_eq!((b.name, b.width, b.elements), ("b", Some(300), &[2; 300][..]));
        assert_eq!(Element::read(a.datatype, a.elements), Some(Element::Float(1.5)));
    }

    #[test]
    fn what_is_not_plain_is_left() {
        assert!(is_plain(|_| ()));
        assert!(!is_plain(|request| request.inputs[0].shape = vec![2]));
        assert!(!is_plain(|request| request.inputs[0].shape = vec![]));
        assert!(!is_plain(|request| request.inputs[0].shape = vec![1, 1, 1]));
        assert!(!is_plain(|request| request.inputs[0].shape = vec![1, -1]));
        assert!(!is_plain(|request| request.inputs[0].datatype = "BYTES".to_owned()));
        assert!(!is_plain(|request| request.inputs[0].contents = Some(Default::default())));
        assert!(!is_plain(|request| _ = request.inputs.pop()));
        assert!(!is_plain(|request| _ = request.raw_input_contents.pop()));
        assert!(!is_plain(|request| request.raw_input_contents[0] = vec![0; 7].into()));
        let parameter = || ("timeout".to_owned(), InferParameter::default());
        assert!(!is_plain(|request| request.parameters = [parameter()].into()));
        assert!(!is_plain(|request| request.inputs[0].parameters = [parameter()].into()));
        let output = super::super::proto::model_infer_request::InferRequestedOutputTensor::default;
        assert!(is_plain(|request| request.outputs = vec![output()]));
        assert!(!is_plain(|request| {
            request.outputs = vec![output()];
            request.outputs[0].parameters = [parameter()].into();
        }));
    }

    #[test]
    fn lengths_are_counted_as_they_are_written() {
        for value in [0, 1, 127, 128, 16_383, 16_384, 1 << 40] {
            let mut written = Vec::new();
            put_varint(&mut written, value);
            assert_eq!(written.len(), length_of(value), "{value}");
            assert_eq!(varint(&mut &written[..]), Some(value as u64));
        }
        assert_eq!(varint(&mut &[0xff; 11][..]), None);
        assert_eq!(varint(&mut &[0x80][..]), None);
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..99), at in 0_usize..60) {
            let _ = read(&bytes);
            let mut message = request().encode_to_vec();
            message[at] = bytes.first().copied().unwrap_or(0);
            let _ = read(&message);
        }
    }
}
