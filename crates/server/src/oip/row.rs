//! One row of numbers as a plan's row scorer takes it, from the elements of tensors.
//!
//! An element becomes the number that its column would hold ([`inputs`](super::inputs)), or none where a column refuses
//! it or holds what no double is; then the columns are asked, which have the words for it.

use firesteel_deploy::{Loaded, Scorer};
use firesteel_plan::{ColumnType, Field};
use half::f16;

use super::datatype::Datatype;
use super::tensor::{Data, Tensor};

/// The largest integer below which all are doubles.
const ALL_DOUBLES: u64 = 1 << 53;

/// An element in the widest type of its kind.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Element {
    Int(i64),
    Uint(u64),
    Float(f64),
}

impl Element {
    /// Reads the only element in `bytes`.
    pub(crate) fn read(datatype: Datatype, bytes: &[u8]) -> Option<Element> {
        Some(match datatype {
            Datatype::Fp64 => Element::Float(f64::from_le_bytes(bytes.try_into().ok()?)),
            Datatype::Fp32 => Element::Float(f32::from_le_bytes(bytes.try_into().ok()?).into()),
            Datatype::Fp16 => Element::Float(f16::from_le_bytes(bytes.try_into().ok()?).into()),
            Datatype::Int64 => Element::Int(i64::from_le_bytes(bytes.try_into().ok()?)),
            Datatype::Int32 => Element::Int(i32::from_le_bytes(bytes.try_into().ok()?).into()),
            Datatype::Int16 => Element::Int(i16::from_le_bytes(bytes.try_into().ok()?).into()),
            Datatype::Int8 => Element::Int(i8::from_le_bytes(bytes.try_into().ok()?).into()),
            Datatype::Uint64 => Element::Uint(u64::from_le_bytes(bytes.try_into().ok()?)),
            Datatype::Uint32 => Element::Uint(u32::from_le_bytes(bytes.try_into().ok()?).into()),
            Datatype::Uint16 => Element::Uint(u16::from_le_bytes(bytes.try_into().ok()?).into()),
            Datatype::Uint8 => Element::Uint(u8::from_le_bytes(bytes.try_into().ok()?).into()),
            Datatype::Bool | Datatype::Bytes => return None,
        })
    }

    /// The only element of a tensor of one row.
    fn only(tensor: &Tensor) -> Option<Element> {
        if tensor.rows() != 1 || !tensor.nulls.is_empty() {
            return None;
        }
        match &tensor.data {
            Data::Packed(values) => Element::read(tensor.datatype, values.only()?),
            Data::Int(values) => <[i64; 1]>::try_from(&values[..]).ok().map(|[value]| Element::Int(value)),
            Data::Uint(values) => <[u64; 1]>::try_from(&values[..]).ok().map(|[value]| Element::Uint(value)),
            Data::Float(values) => {
                <[f64; 1]>::try_from(&values[..]).ok().map(|[value]| Element::Float(value))
            }
            Data::Bool(_) | Data::Bytes(_) => None,
        }
    }

    /// The number that a column of this field holds of it; `datatype` is the tensor's.
    pub(crate) fn number(self, datatype: Datatype, field: &Field) -> Option<f64> {
        match (&field.column_type, self) {
            (ColumnType::Double, Element::Float(value)) => Some(value),
            (ColumnType::Double, Element::Int(value)) => Some(value as f64),
            (ColumnType::Double, Element::Uint(value)) => Some(value as f64),
            (ColumnType::Float, Element::Float(value)) => (datatype != Datatype::Fp64).then_some(value),
            (ColumnType::Float, Element::Int(value)) => Some((value as f32).into()),
            (ColumnType::Float, Element::Uint(value)) => Some((value as f32).into()),
            // The scorer knows the range of each.
            (
                ColumnType::Long | ColumnType::Int | ColumnType::Short | ColumnType::Byte,
                Element::Int(value),
            ) => (value.unsigned_abs() <= ALL_DOUBLES).then_some(value as f64),
            (
                ColumnType::Long | ColumnType::Int | ColumnType::Short | ColumnType::Byte,
                Element::Uint(value),
            ) => (value <= ALL_DOUBLES).then_some(value as f64),
            _ => None,
        }
    }
}

/// The numbers of tensors of one row, one for each column or one for the whole row.
pub(crate) fn numbers(tensors: &[Tensor], loaded: &Loaded, scorer: &Scorer) -> Option<Vec<f64>> {
    if let [tensor] = tensors
        && let [1, width] = tensor.shape[..]
        && width > 1
    {
        let Data::Packed(values) = &tensor.data else { return None };
        return whole_row(&tensor.name, tensor.datatype, width, values.bytes(), loaded, scorer);
    }
    let columns =
        tensors.iter().map(|tensor| Some((tensor.name.as_str(), tensor.datatype, Element::only(tensor)?)));
    let columns = columns.collect::<Option<Vec<_>>>()?;
    in_order(columns.into_iter(), scorer.inputs(), |name| scorer.input_place(name))
}

/// The numbers of a tensor that stands for a whole row, as [`inputs`](super::inputs) has it.
pub(crate) fn whole_row(
    name: &str,
    datatype: Datatype,
    width: usize,
    elements: &[u8],
    loaded: &Loaded,
    scorer: &Scorer,
) -> Option<Vec<f64>> {
    let (model, fields) = (&loaded.model().signature().inputs, scorer.inputs());
    let is_known = model.iter().any(|field| field.name == name);
    // A plan that needs only some of the columns is left to them.
    let same = |(one, other): (&Field, &Field)| one.name == other.name;
    if is_known || width != fields.len() || model.len() != width || !model.iter().zip(fields).all(same) {
        return None;
    }
    let each = elements.chunks_exact(datatype.width()?).zip(fields);
    each.map(|(bytes, field)| Element::read(datatype, bytes)?.number(datatype, field)).collect()
}

/// Puts the numbers of one tensor a column into the order of `fields`; `place` finds a field by its name.
pub(crate) fn in_order<'t>(
    columns: impl ExactSizeIterator<Item = (&'t str, Datatype, Element)>,
    fields: &[Field],
    place: impl Fn(&str) -> Option<usize>,
) -> Option<Vec<f64>> {
    if columns.len() != fields.len() {
        return None;
    }
    let mut numbers: Vec<Option<f64>> = vec![None; fields.len()];
    for (at, (name, datatype, element)) in columns.enumerate() {
        // Clients nearly always send the columns in the order of the signature.
        let at = if fields[at].name == name { at } else { place(name)? };
        let number = numbers.get_mut(at).filter(|number| number.is_none())?;
        *number = Some(element.number(datatype, &fields[at])?);
    }
    numbers.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(name: &str, column_type: ColumnType) -> Field {
        Field { name: name.to_owned(), column_type, size: None, nullable: false, stage: String::new() }
    }

    #[test]
    fn numbers_are_those_that_columns_hold() {
        let number =
            |column_type, datatype, element: Element| element.number(datatype, &field("x", column_type));
        use {ColumnType as C, Datatype as D, Element as E};
        assert_eq!(number(C::Double, D::Int64, E::Int(i64::MAX)), Some(i64::MAX as f64));
        assert_eq!(number(C::Long, D::Int64, E::Int((1 << 53) + 1)), None);
        assert_eq!(number(C::Long, D::Uint64, E::Uint(1 << 53)), Some(2_f64.powi(53)));
        assert_eq!(number(C::Int, D::Fp64, E::Float(1.0)), None);
        assert_eq!(number(C::Float, D::Fp64, E::Float(1.0)), None);
        assert_eq!(number(C::Float, D::Int32, E::Int(16_777_217)), Some(16_777_216.0));
        assert_eq!(number(C::String, D::Int32, E::Int(1)), None);
        assert_eq!(Element::read(D::Int8, &[255]), Some(E::Int(-1)));
        assert_eq!(Element::read(D::Int16, &[255]), None);
        assert_eq!(Element::read(D::Bool, &[1]), None);
    }

    #[test]
    fn columns_come_in_any_order_and_each_once() {
        let fields = [field("a", ColumnType::Double), field("b", ColumnType::Double)];
        let ordered = |names: &[&'static str]| {
            let columns =
                names.iter().zip(1..).map(|(&name, value)| (name, Datatype::Int8, Element::Int(value)));
            let columns: Vec<_> = columns.collect();
            in_order(columns.into_iter(), &fields, |name| fields.iter().position(|field| field.name == name))
        };
        assert_eq!(ordered(&["a", "b"]), Some(vec![1.0, 2.0]));
        assert_eq!(ordered(&["b", "a"]), Some(vec![2.0, 1.0]));
        assert_eq!((ordered(&["a", "a"]), ordered(&["a", "c"]), ordered(&["a"])), (None, None, None));
    }
}
