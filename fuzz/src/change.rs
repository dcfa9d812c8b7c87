//! Arrow arrays of which some bytes change the values, the lengths of lists and the nulls.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float32Type, Float64Type, Int8Type, Int32Type, Int64Type};
use arrow_array::{
    Array, ArrayRef, ArrowPrimitiveType, BooleanArray, Int32Array, ListArray, MapArray, PrimitiveArray,
    StringArray, StructArray, UInt32Array, new_null_array,
};
use arrow_buffer::OffsetBuffer;
use arrow_schema::{DataType, Field, FieldRef};

/// Bytes that say what to do; where they end, nothing more is changed.
pub struct Script<'a>(&'a [u8]);

impl<'a> Script<'a> {
    /// What these bytes say.
    pub fn new(bytes: &'a [u8]) -> Script<'a> {
        Script(bytes)
    }

    /// The next byte; 0 at the end.
    pub fn byte(&mut self) -> u8 {
        let Some((&first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        first
    }

    /// A number below `count`.
    pub fn below(&mut self, count: usize) -> usize {
        usize::from(self.byte()) % count.max(1)
    }

    /// A small number, or one of those at which things end.
    pub fn int(&mut self) -> i32 {
        match self.byte() {
            byte @ 0..=99 => i32::from(byte),
            byte @ 100..=199 => 99 - i32::from(byte),
            200..=209 => i32::MAX,
            210..=219 => i32::MIN,
            220..=229 => 1 << 20,
            _ => i32::from_le_bytes([self.byte(), self.byte(), self.byte(), self.byte()]),
        }
    }

    /// A small number, or one that is not finite or near the end.
    pub fn double(&mut self) -> f64 {
        match self.byte() {
            byte @ 0..=199 => (f64::from(byte) - 100.0) / 8.0,
            200..=209 => f64::NAN,
            210..=219 => f64::INFINITY,
            220..=229 => f64::NEG_INFINITY,
            230..=239 => f64::MAX,
            240..=249 => f64::MIN_POSITIVE,
            _ => f64::from(self.int()),
        }
    }

    /// A few letters.
    pub fn text(&mut self) -> String {
        let count = self.below(12).min(self.0.len());
        let (taken, rest) = self.0.split_at(count);
        self.0 = rest;
        String::from_utf8_lossy(taken).into_owned()
    }

    /// The rows to take of so many, if they are not to stay as they are.
    pub fn places(&mut self, rows: usize) -> Option<UInt32Array> {
        if self.byte() < 200 || rows == 0 {
            return None;
        }
        Some((0..self.below(20)).map(|_| self.below(rows) as u32).collect::<Vec<_>>().into())
    }

    /// Whether there is anything left to do.
    fn is_over(&self) -> bool {
        self.0.is_empty()
    }
}

/// The array as the script changes it.
pub fn changed(array: &ArrayRef, script: &mut Script<'_>) -> ArrayRef {
    match script.byte() {
        0..=127 => Arc::clone(array),
        255 if !script.is_over() => new_null_array(array.data_type(), array.len()),
        _ => inside(array, script),
    }
}

fn inside(array: &ArrayRef, script: &mut Script<'_>) -> ArrayRef {
    match array.data_type() {
        DataType::Boolean => {
            let bits = array
                .as_boolean()
                .iter()
                .map(|bit| if script.byte() < 128 { bit } else { bit.map(|bit| !bit) });
            Arc::new(bits.collect::<BooleanArray>())
        }
        DataType::Int8 => numbers::<Int8Type>(array, script, |script| script.int() as i8),
        DataType::Int32 => numbers::<Int32Type>(array, script, |script| script.int()),
        DataType::Int64 => numbers::<Int64Type>(array, script, |script| i64::from(script.int())),
        DataType::Float32 => numbers::<Float32Type>(array, script, |script| script.double() as f32),
        DataType::Float64 => numbers::<Float64Type>(array, script, |script| script.double()),
        DataType::Utf8 => {
            let own = array.as_string::<i32>().iter();
            let texts = own.map(|text| match script.byte() {
                0..=127 => text.map(str::to_owned),
                _ => Some(script.text()),
            });
            Arc::new(texts.collect::<StringArray>())
        }
        DataType::Struct(_) => structs(array.as_struct(), script),
        DataType::List(field) => lists(field, array.as_list(), script),
        DataType::Map(field, _) => maps(field, array.as_map(), script),
        _ => Arc::clone(array),
    }
}

fn numbers<T: ArrowPrimitiveType>(
    array: &ArrayRef,
    script: &mut Script<'_>,
    number: impl Fn(&mut Script<'_>) -> T::Native,
) -> ArrayRef {
    let own = array.as_primitive::<T>().iter();
    let values = own.map(|value| match script.byte() {
        0..=127 => value,
        _ => Some(number(script)),
    });
    Arc::new(values.collect::<PrimitiveArray<T>>())
}

fn nullable(field: &FieldRef, array: &ArrayRef) -> FieldRef {
    Arc::new(Field::new(field.name(), array.data_type().clone(), true))
}

fn structs(rows: &StructArray, script: &mut Script<'_>) -> ArrayRef {
    let parts = rows.fields().iter().zip(rows.columns()).map(|(field, column)| {
        let column = changed(column, script);
        (nullable(field, &column), column)
    });
    let (fields, columns): (Vec<FieldRef>, Vec<ArrayRef>) = parts.unzip();
    Arc::new(StructArray::new(fields.into(), columns, rows.nulls().cloned()))
}

/// Lists of other items, or of other lengths, their items taken from those there are.
fn lists(field: &FieldRef, lists: &ListArray, script: &mut Script<'_>) -> ArrayRef {
    let items = changed(lists.values(), script);
    if script.byte() < 128 || items.is_empty() {
        let (_, offsets, _, nulls) = lists.clone().into_parts();
        return Arc::new(ListArray::new(nullable(field, &items), offsets, items, nulls));
    }
    let lengths: Vec<usize> = (0..lists.len()).map(|_| script.below(20)).collect();
    let places: Vec<i32> = (0..lengths.iter().sum()).map(|at: usize| (at % items.len()) as i32).collect();
    let taken = arrow_select::take::take(&items, &Int32Array::from(places), None);
    let items = taken.unwrap_or_else(|_| Arc::clone(&items));
    let lists = ListArray::try_new(nullable(field, &items), OffsetBuffer::from_lengths(lengths), items, None);
    lists.map_or_else(|_| new_null_array(&DataType::Int32, 0), |lists| Arc::new(lists))
}

fn maps(field: &FieldRef, maps: &MapArray, script: &mut Script<'_>) -> ArrayRef {
    let DataType::Struct(parts) = field.data_type() else { return Arc::new(maps.clone()) };
    let (keys, values) = (inside(maps.keys(), script), changed(maps.values(), script));
    let fields = vec![(Arc::clone(&parts[0]), keys), (nullable(&parts[1], &values), values)];
    let entries = StructArray::from(fields);
    let field = Arc::new(Field::new(field.name(), entries.data_type().clone(), false));
    Arc::new(MapArray::new(field, maps.offsets().clone(), entries, None, false))
}
