//! Every column of the model data of every class, changed.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float32Type, Float64Type, Int8Type, Int32Type, Int64Type};
use arrow_array::{
    Array, ArrayRef, ArrowPrimitiveType, BooleanArray, ListArray, MapArray, PrimitiveArray, RecordBatch,
    StringArray, StructArray, new_null_array,
};
use arrow_schema::{DataType, Field, FieldRef};
use bytes::Bytes;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use crate::attempt::attempt;
use crate::golden::{Save, every_layout};

/// The rows of a Parquet file.
pub(crate) fn read(file: &[u8]) -> Option<RecordBatch> {
    let reader =
        ParquetRecordBatchReaderBuilder::try_new(Bytes::copy_from_slice(file)).unwrap().build().unwrap();
    reader.map(Result::unwrap).next()
}

/// A Parquet file with these columns.
pub(crate) fn written(columns: &[(String, ArrayRef)]) -> Vec<u8> {
    let columns = columns.iter().map(|(name, array)| (name.clone(), Arc::clone(array), true));
    let batch = RecordBatch::try_from_iter_with_nullable(columns).unwrap();
    let mut file = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut file, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    file
}

/// A changed column, and what is said of it.
type Change = (String, ArrayRef);

/// What stands in place of a column: its values changed, the first or all of them, and its lists.
fn changes(array: &ArrayRef) -> Vec<Change> {
    let mut changes = own_changes(array);
    changes.push(("nulls".to_owned(), new_null_array(array.data_type(), array.len())));
    changes
}

fn own_changes(array: &ArrayRef) -> Vec<Change> {
    match array.data_type() {
        DataType::Boolean => {
            let not: BooleanArray =
                array.as_boolean().iter().map(|value| value.map(|value| !value)).collect();
            vec![("the opposite".to_owned(), Arc::new(not))]
        }
        DataType::Int8 => numbers::<Int8Type>(array, &[-1, 0, 1, 2, i8::MAX]),
        DataType::Int32 => numbers::<Int32Type>(array, &[-1, 0, 1, 1 << 20, i32::MAX, i32::MIN]),
        DataType::Int64 => numbers::<Int64Type>(array, &[-1, 0, i64::MAX, i64::MIN]),
        DataType::Float32 => numbers::<Float32Type>(array, &[f32::NAN, f32::INFINITY, -0.0]),
        DataType::Float64 => numbers::<Float64Type>(
            array,
            &[f64::NAN, f64::INFINITY, f64::NEG_INFINITY, f64::MAX, f64::MIN_POSITIVE, 0.0, -1.0],
        ),
        DataType::Utf8 => texts(array),
        DataType::Struct(_) => structs(array.as_struct()),
        DataType::List(field) => lists(field, array.as_list()),
        DataType::Map(field, _) => maps(field, array.as_map()),
        other => panic!("a column of {other}"),
    }
}

fn numbers<T: ArrowPrimitiveType>(array: &ArrayRef, hostile: &[T::Native]) -> Vec<Change> {
    let own: Vec<Option<T::Native>> = array.as_primitive::<T>().iter().collect();
    let mut changes: Vec<Change> = Vec::new();
    for value in hostile {
        let mut first = own.clone();
        first.iter_mut().take(1).for_each(|first| *first = Some(*value));
        changes
            .push((format!("first {value:?}"), Arc::new(first.into_iter().collect::<PrimitiveArray<T>>())));
        let all = vec![Some(*value); own.len()];
        changes.push((format!("all {value:?}"), Arc::new(all.into_iter().collect::<PrimitiveArray<T>>())));
    }
    let turned = own.into_iter().rev();
    changes.push(("in reverse".to_owned(), Arc::new(turned.collect::<PrimitiveArray<T>>())));
    changes
}

fn texts(array: &ArrayRef) -> Vec<Change> {
    let own: Vec<Option<String>> =
        array.as_string::<i32>().iter().map(|text| text.map(str::to_owned)).collect();
    let hostile =
        ["", "\u{7}\n\u{1b}[31m", "ß🦀\u{301}", &"long ".repeat(1 << 20), &"(".repeat(5000), "SELECT *"];
    let mut changes: Vec<Change> = Vec::new();
    for text in hostile {
        let mut first = own.clone();
        first.iter_mut().take(1).for_each(|first| *first = Some(text.to_owned()));
        changes.push((format!("first {text:.10?}"), Arc::new(first.into_iter().collect::<StringArray>())));
    }
    let same = vec![Some("a"); own.len()];
    changes.push(("all the same".to_owned(), Arc::new(same.into_iter().collect::<StringArray>())));
    changes
}

fn nullable(field: &FieldRef, array: &ArrayRef) -> FieldRef {
    Arc::new(Field::new(field.name(), array.data_type().clone(), true))
}

fn structs(rows: &StructArray) -> Vec<Change> {
    let mut changes: Vec<Change> = Vec::new();
    for (at, (field, column)) in rows.fields().iter().zip(rows.columns()).enumerate() {
        for (what, changed) in own_changes(column)
            .into_iter()
            .chain([("nulls".to_owned(), new_null_array(column.data_type(), column.len()))])
        {
            let pairs =
                rows.fields().iter().zip(rows.columns()).enumerate().map(|(place, (field, column))| {
                    let column = if place == at { &changed } else { column };
                    (nullable(field, column), Arc::clone(column))
                });
            changes.push((
                format!("{}: {what}", field.name()),
                Arc::new(StructArray::from(pairs.collect::<Vec<_>>())),
            ));
        }
    }
    changes
}

/// The most items that a list is made to hold.
const MANY: usize = 100_000;

fn lists(field: &FieldRef, lists: &ListArray) -> Vec<Change> {
    let rows = || {
        (0..lists.len()).map(|row| {
            if lists.is_null(row) {
                Vec::new()
            } else {
                (lists.value_offsets()[row]..lists.value_offsets()[row + 1]).collect()
            }
        })
    };
    let taken = |what: &str, rows: Vec<Vec<i32>>| -> Change {
        let places = arrow_array::Int32Array::from(rows.concat());
        let values = arrow_select::take::take(lists.values(), &places, None).unwrap();
        let offsets = arrow_buffer::OffsetBuffer::from_lengths(rows.iter().map(Vec::len));
        (what.to_owned(), Arc::new(ListArray::new(nullable(field, &values), offsets, values, None)))
    };
    let mut changes = vec![
        taken("empty", rows().map(|_| Vec::new()).collect()),
        taken(
            "one shorter",
            rows()
                .map(|mut row| {
                    row.pop();
                    row
                })
                .collect(),
        ),
        taken("twice as long", rows().map(|row| [row.clone(), row].concat()).collect()),
        taken("in reverse", rows().map(|row| row.into_iter().rev().collect()).collect()),
        taken(
            "first many",
            rows()
                .enumerate()
                .map(|(at, row)| match row.first() {
                    Some(&first) if at == 0 => vec![first; MANY],
                    _ => row,
                })
                .collect(),
        ),
    ];
    let whole = lists.nulls().is_none_or(|nulls| nulls.null_count() == 0);
    let offsets = lists.offsets().clone();
    if whole && !lists.values().is_empty() {
        let items = own_changes(lists.values());
        changes.extend(items.into_iter().map(|(what, values)| -> Change {
            (
                format!("[{what}]"),
                Arc::new(ListArray::new(nullable(field, &values), offsets.clone(), values, None)),
            )
        }));
    }
    changes
}

fn maps(field: &FieldRef, maps: &MapArray) -> Vec<Change> {
    let entries = maps.entries();
    let (keys, values) = (entries.column(0), entries.column(1));
    let DataType::Struct(parts) = field.data_type() else { panic!("{field}") };
    let made = |what: String, keys: &ArrayRef, values: &ArrayRef| -> Change {
        let value_field = nullable(&parts[1], values);
        let entries = StructArray::from(vec![
            (Arc::clone(&parts[0]), Arc::clone(keys)),
            (value_field, Arc::clone(values)),
        ]);
        let field = Arc::new(Field::new(field.name(), entries.data_type().clone(), false));
        (what, Arc::new(MapArray::new(field, maps.offsets().clone(), entries, None, false)))
    };
    let mut changes: Vec<Change> = own_changes(keys)
        .into_iter()
        .map(|(what, keys)| made(format!("keys {what}"), &keys, values))
        .collect();
    changes.extend(
        own_changes(values).into_iter().map(|(what, values)| made(format!("values {what}"), keys, &values)),
    );
    changes
}

/// The save with other columns in one of its files.
fn tried(save: &Save, path: &str, what: String, columns: &[(String, ArrayRef)]) {
    let name = format!("{}, {}: {what}", save.name, path.split('/').next().unwrap_or_default());
    let save = Save { name, ..save.clone() };
    attempt(&save.with(path, written(columns)));
}

#[test]
fn any_column_of_the_data_may_be_hostile() {
    for save in every_layout() {
        for path in save.parquet_files() {
            let Some(batch) = read(&save.files[&path]) else { continue };
            let names = batch.schema_ref().fields().iter().map(|field| field.name().clone());
            let columns: Vec<(String, ArrayRef)> = names.zip(batch.columns().iter().cloned()).collect();
            for (at, (name, column)) in columns.iter().enumerate() {
                for (what, changed) in changes(column) {
                    let mut columns = columns.clone();
                    columns[at].1 = changed;
                    tried(&save, &path, format!("{name} {what}"), &columns);
                }
                let mut less = columns.clone();
                less.remove(at);
                if !less.is_empty() {
                    tried(&save, &path, format!("no {name}"), &less);
                }
                for other in [DataType::Utf8, DataType::Int64, DataType::Float64] {
                    let mut columns = columns.clone();
                    columns[at].1 = new_null_array(&other, batch.num_rows());
                    tried(&save, &path, format!("{name} as {other}"), &columns);
                }
            }
            let rows = |places: Vec<u32>| -> Vec<(String, ArrayRef)> {
                let places = arrow_array::UInt32Array::from(places);
                columns
                    .iter()
                    .map(|(name, array)| {
                        (name.clone(), arrow_select::take::take(array, &places, None).unwrap())
                    })
                    .collect()
            };
            let count = batch.num_rows() as u32;
            tried(&save, &path, "no rows".to_owned(), &rows(Vec::new()));
            tried(&save, &path, "rows twice".to_owned(), &rows((0..count).chain(0..count).collect()));
            tried(&save, &path, "one row less".to_owned(), &rows((1..count).collect()));
            tried(&save, &path, "rows in reverse".to_owned(), &rows((0..count).rev().collect()));
            tried(&save, &path, "the first row again".to_owned(), &rows(vec![0; count as usize]));
        }
    }
}
