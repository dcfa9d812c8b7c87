//! Texts made by a format as C's `printf` has it, as Java's `Formatter` reads and fills it (`java/util/Formatter.java`).
//!
//! Lengths are counted in units of UTF-16, and half a letter becomes a question mark, as in Java.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    Date32Type, Decimal128Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type,
    TimestampMicrosecondType,
};
use arrow_array::{Array, ArrayRef, StringArray};
use arrow_schema::DataType;

use super::printf_numbers::{real, whole};
use super::printf_spec::{Piece, Spec, read};
use super::rows::{Cells, Rows, promised};
use super::text::bounded;
use crate::column::ColumnType;
use crate::decimal;
use crate::error::OpError;
use crate::ops::cast::{java_double, java_float};
use crate::ops::hash_terms::{TermHash, hash_bytes};

/// A format, and the types of what it is filled with.
#[derive(Clone, Debug)]
pub struct Printf {
    pieces: Vec<Piece>,
    types: Vec<ColumnType>,
}

/// A value that fills a format.
enum Cell<'a> {
    Null,
    Whole(i64, u32),
    Real(f64),
    Single(f32),
    Boolean(bool),
    Text(&'a str),
    Decimal(i128, u8),
}

impl Printf {
    /// Reads a format for values of these types, of which `None` is a null; those are given as null strings.
    pub fn new(format: &str, types: &[Option<ColumnType>]) -> Result<Printf, String> {
        let pieces = read(format, types)?;
        let types = types.iter().map(|found| found.clone().unwrap_or(ColumnType::String)).collect();
        Ok(Printf { pieces, types })
    }

    /// The types that it takes.
    pub(super) fn types(&self) -> &[ColumnType] {
        &self.types
    }

    pub(super) fn run(&self, arguments: &[ArrayRef], rows: &Rows) -> Result<ArrayRef, OpError> {
        let texts = (0..rows.count).map(|row| self.made(arguments, row, rows.is_active(row)));
        Ok(Arc::new(StringArray::from(texts.collect::<Result<Vec<_>, _>>()?)))
    }

    fn made(&self, arguments: &[ArrayRef], row: usize, active: bool) -> Result<String, OpError> {
        let mut made: Vec<u16> = Vec::new();
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => made.extend(text.encode_utf16()),
                Piece::Value(at, spec) => {
                    let array = arguments.get(*at).ok_or_else(|| promised("arguments"))?;
                    let Some(shown) = shown(&cell(array, row)?, spec) else {
                        if !active {
                            continue;
                        }
                        return Err(OpError::row(row, 0, "a number", "the code point of a letter for %c"));
                    };
                    made.extend(shown);
                }
            }
            bounded(made.len(), row)?;
        }
        let letters = char::decode_utf16(made).map(|letter| letter.unwrap_or('?'));
        let text: String = letters.collect();
        bounded(text.len(), row)?;
        Ok(text)
    }
}

fn cell<'a>(array: &'a ArrayRef, row: usize) -> Result<Cell<'a>, OpError> {
    if array.is_null(row) {
        return Ok(Cell::Null);
    }
    let arrays = std::slice::from_ref(array);
    let cells = Cells(arrays);
    let found = match array.data_type() {
        DataType::Int8 => cells.number::<Int8Type>(0, row).map(|value| Cell::Whole(value.into(), 8)),
        DataType::Int16 => cells.number::<Int16Type>(0, row).map(|value| Cell::Whole(value.into(), 16)),
        DataType::Int32 => cells.number::<Int32Type>(0, row).map(|value| Cell::Whole(value.into(), 32)),
        DataType::Date32 => cells.number::<Date32Type>(0, row).map(|value| Cell::Whole(value.into(), 32)),
        DataType::Int64 => cells.number::<Int64Type>(0, row).map(|value| Cell::Whole(value, 64)),
        DataType::Timestamp(..) => {
            cells.number::<TimestampMicrosecondType>(0, row).map(|value| Cell::Whole(value, 64))
        }
        DataType::Float32 => cells.number::<Float32Type>(0, row).map(Cell::Single),
        DataType::Float64 => cells.number::<Float64Type>(0, row).map(Cell::Real),
        DataType::Decimal128(_, scale) => {
            let scale = u8::try_from(*scale).unwrap_or(0);
            cells.number::<Decimal128Type>(0, row).map(|value| Cell::Decimal(value, scale))
        }
        DataType::Boolean => array.as_boolean_opt().map(|values| Cell::Boolean(values.value(row))),
        DataType::Utf8 => cells.text(0, row).map(Cell::Text),
        _ => None,
    };
    found.ok_or_else(|| promised("scalars"))
}

/// What a value fills its place with; nothing where it is no letter.
fn shown(value: &Cell, spec: &Spec) -> Option<Vec<u16>> {
    let text = match (spec.conversion, value) {
        ('b', Cell::Null) => "false".to_owned(),
        (_, Cell::Null) => "null".to_owned(),
        ('b', Cell::Boolean(value)) => value.to_string(),
        ('b', _) => "true".to_owned(),
        ('c', Cell::Whole(code, _)) => {
            let code = u32::try_from(*code).ok().filter(|code| *code <= char::MAX as u32)?;
            return Some(match char::from_u32(code) {
                Some(letter) => spec.text(letter.encode_utf8(&mut [0; 4])),
                None => spec.justified(vec![code as u16]),
            });
        }
        ('h', value) => format!("{:x}", hash_code(value)),
        ('d' | 'o' | 'x', Cell::Whole(value, bits)) => {
            return Some(spec.justified(whole(*value, *bits, spec).encode_utf16().collect()));
        }
        ('e' | 'f' | 'g', Cell::Real(_) | Cell::Single(_)) => {
            let value = if let Cell::Single(value) = value { f64::from(*value) } else { real_of(value) };
            return Some(spec.justified(real(value, spec).encode_utf16().collect()));
        }
        (_, value) => as_text(value),
    };
    Some(spec.text(&text))
}

fn real_of(value: &Cell) -> f64 {
    if let Cell::Real(value) = value { *value } else { f64::NAN }
}

/// A value as Java's `toString` shows it.
fn as_text(value: &Cell) -> String {
    match value {
        Cell::Null => "null".to_owned(),
        Cell::Whole(value, _) => value.to_string(),
        Cell::Real(value) => java_double(*value),
        Cell::Single(value) => java_float(*value),
        Cell::Boolean(value) => value.to_string(),
        Cell::Text(text) => (*text).to_owned(),
        Cell::Decimal(value, scale) => decimal::java(*value, *scale),
    }
}

/// Java's `hashCode`; that of a text is Spark's.
fn hash_code(value: &Cell) -> u32 {
    let folded = |bits: u64| (bits ^ (bits >> 32)) as u32;
    match value {
        Cell::Null => 0,
        Cell::Whole(value, 64) => folded(*value as u64),
        Cell::Whole(value, _) => *value as u32,
        Cell::Real(value) if value.is_nan() => 0x7ff8_0000,
        Cell::Real(value) => folded(value.to_bits()),
        Cell::Single(value) if value.is_nan() => 0x7fc0_0000,
        Cell::Single(value) => value.to_bits(),
        Cell::Boolean(value) => {
            if *value {
                1231
            } else {
                1237
            }
        }
        Cell::Text(text) => hash_bytes(text.as_bytes(), TermHash::Spark2, 42),
        Cell::Decimal(value, _) => folded(*value as u64),
    }
}

#[cfg(test)]
mod tests {
    use arrow_array::{Float64Array, Int32Array};

    use super::*;

    fn one(format: &str, value: ArrayRef) -> String {
        let found = ColumnType::from_arrow(value.data_type()).unwrap();
        let printf = Printf::new(format, &[Some(found)]).unwrap();
        let made = printf.run(&[value], &Rows::all(1, &[])).map_err(|error| format!("{error:?}"));
        made.map_or_else(|error| error, |made| made.as_string::<i32>().value(0).to_owned())
    }

    fn int(value: i32) -> ArrayRef {
        Arc::new(Int32Array::from(vec![value]))
    }

    #[test]
    fn numbers_fill_their_width() {
        assert_eq!(
            one("%5d|%<-5d|%<05d|%<,d|%<(d|%<+d|%<x", int(-1234)),
            "-1234|-1234|-1234|-1,234|(1234)|-1234|fffffb2e"
        );
        let real = |format: &str, value: f64| one(format, Arc::new(Float64Array::from(vec![value])));
        assert_eq!(real("%.1f|%<.2e|%<g|%<09.3f", 0.15), "0.2|1.50e-01|0.150000|00000.150");
        assert_eq!(real("%08.2f|%<e", f64::NEG_INFINITY), "-Infinity|-Infinity");
        assert_eq!(real("%.0f|%<.3g|%<,.2f", 1_234_567.5), "1234568|1.23e+06|1,234,567.50");
    }

    #[test]
    fn letters_are_halved_as_in_java() {
        let text = |format: &str, text: &str| one(format, Arc::new(StringArray::from(vec![text])));
        assert_eq!(text("%.1s|%<4s|%<S", "😀ß"), "?| 😀ß|😀SS");
        assert_eq!((one("%c", int(0xd800)), one("%C", int(97))), ("?".to_owned(), "A".to_owned()));
        assert!(one("%c", int(-1)).contains("the code point of a letter"));
    }
}
