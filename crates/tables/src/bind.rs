//! Binds a source's rows to the inputs of a plan.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Decimal128Type, Float64Type};
use arrow_array::{Array, ArrayRef, Float64Array, StringArray, new_null_array};
use arrow_schema::{ArrowError, DataType};
use firesteel_plan::{Batch, Column, ColumnType, Field, VectorBuilder, VectorColumn};

use crate::error::TableError;
use crate::near::{Missing, listed};
use crate::parse;
use crate::rows::{Rows, Text};

/// The batch of a plan's `inputs`, made of the columns of the same names.
///
/// Text is read as the input's type. Arrow columns pass when they have it, or when Spark's cast to it loses
/// nothing but a decimal's or a long's last digits to a double. All missing columns are named together.
pub fn bind(rows: &Rows, inputs: &[Field]) -> Result<Batch, TableError> {
    let schema = rows.batch.schema_ref();
    let names = || schema.fields().iter().map(|field| field.name().as_str());
    let absent = inputs.iter().filter(|input| schema.column_with_name(&input.name).is_none());
    let columns: Vec<Missing> = absent.map(|input| Missing::among(&input.name, names())).collect();
    if !columns.is_empty() {
        return Err(TableError::Missing { file: rows.file.to_string(), columns, found: listed(names()) });
    }
    let bound = inputs.iter().map(|input| column(rows, &input.name, &input.column_type));
    Ok(Batch::new(rows.batch.num_rows(), bound.collect::<Result<_, _>>()?))
}

/// The column `name` of `rows` as one of type `to`.
pub(crate) fn column(rows: &Rows, name: &str, to: &ColumnType) -> Result<Column, TableError> {
    let mismatch = |found: String| TableError::ColumnType {
        file: rows.file.to_string(),
        column: name.to_owned(),
        found,
        expected: to.to_string(),
    };
    let Some((at, field)) = rows.batch.schema_ref().column_with_name(name) else {
        return Err(mismatch("no such column".to_owned()));
    };
    let array = rows.batch.column(at);
    if let (Some(text), Some(cells)) = (Text::of(field), array.as_any().downcast_ref::<StringArray>()) {
        return parse::column(cells, text, to).map_err(|bad| TableError::Value {
            file: rows.file.to_string(),
            row: rows.number(bad.row),
            column: name.to_owned(),
            found: bad.found,
            expected: bad.expected,
            hint: bad.hint,
        });
    }
    if *to == ColumnType::Vector {
        return vectors(rows, name, array, mismatch);
    }
    match converted(array, to) {
        Some(Ok(array)) => Ok(Column::Array(array)),
        Some(Err(error)) => Err(mismatch(format!("{} ({error})", array.data_type()))),
        None => Err(mismatch(array.data_type().to_string())),
    }
}

/// An Arrow column as vectors: Spark's structs, or lists of doubles.
fn vectors(
    rows: &Rows,
    name: &str,
    array: &ArrayRef,
    mismatch: impl Fn(String) -> TableError,
) -> Result<Column, TableError> {
    if VectorColumn::is_vector_type(array.data_type()) {
        return match VectorColumn::from_arrow(array) {
            Ok(vectors) => Ok(Column::Vector(vectors)),
            Err(error) => Err(bad_vector(rows, name, array, &error)),
        };
    }
    let to = ColumnType::Array(Box::new(ColumnType::Double));
    let lists = match converted(array, &to) {
        Some(Ok(lists)) => lists,
        _ => return Err(mismatch(array.data_type().to_string())),
    };
    let mut builder = VectorBuilder::with_capacity(lists.len(), 0);
    for (row, list) in lists.as_list::<i32>().iter().enumerate() {
        match list {
            None => builder.push_null(),
            Some(list) if list.null_count() > 0 => {
                let found = ArrowError::InvalidArgumentError("a null within a vector".to_owned());
                return Err(bad_vector(rows, name, &lists.slice(row, 1), &found));
            }
            Some(list) => builder.push_dense(list.as_primitive::<Float64Type>().values()),
        }
    }
    Ok(Column::Vector(builder.finish()))
}

/// Names the first row that alone is no vector.
fn bad_vector(rows: &Rows, name: &str, array: &ArrayRef, error: &ArrowError) -> TableError {
    let row = (0..array.len()).find(|&row| VectorColumn::from_arrow(&array.slice(row, 1)).is_err());
    let text = match error {
        ArrowError::InvalidArgumentError(text) => text.clone(),
        other => other.to_string(),
    };
    let text = text
        .strip_prefix("row ")
        .and_then(|rest| rest.split_once(": "))
        .map_or(text.as_str(), |(_, rest)| rest);
    TableError::Value {
        file: rows.file.to_string(),
        row: rows.number(row.unwrap_or(0)),
        column: name.to_owned(),
        found: text.to_owned(),
        expected: "a vector as Spark stores it".to_owned(),
        hint: "write the column again with Spark's VectorUDT",
    }
}

/// `array` as a column of type `to`; `None` where a value could change.
fn converted(array: &ArrayRef, to: &ColumnType) -> Option<Result<ArrayRef, ArrowError>> {
    let from = array.data_type();
    if ColumnType::from_arrow(from).is_some_and(|found| found == *to) {
        return Some(Ok(Arc::clone(array)));
    }
    if *from == DataType::Null {
        return Some(Ok(new_null_array(&to.to_arrow(), array.len())));
    }
    if let (DataType::Decimal128(_, scale), ColumnType::Double) = (from, to) {
        return Some(Ok(decimals(array, *scale)));
    }
    if let DataType::Dictionary(_, value) = from {
        let plain = match arrow_cast::cast(array, value) {
            Ok(plain) => plain,
            Err(error) => return Some(Err(error)),
        };
        return converted(&plain, to);
    }
    widens(from, to).then(|| arrow_cast::cast(array, &to.to_arrow()))
}

/// Whether Spark's cast from `from` keeps every value, or is the one that its ML stages make of numbers.
fn widens(from: &DataType, to: &ColumnType) -> bool {
    use DataType as D;
    match to {
        ColumnType::Double => {
            from.is_integer()
                || matches!(
                    from,
                    D::Float16 | D::Float32 | D::Decimal32(..) | D::Decimal64(..) | D::Decimal256(..)
                )
        }
        ColumnType::Float => matches!(from, D::Float16 | D::Int8 | D::Int16 | D::UInt8 | D::UInt16),
        ColumnType::Long => matches!(from, D::Int8 | D::Int16 | D::Int32 | D::UInt8 | D::UInt16 | D::UInt32),
        ColumnType::Int => matches!(from, D::Int8 | D::Int16 | D::UInt8 | D::UInt16),
        ColumnType::Short => matches!(from, D::Int8 | D::UInt8),
        ColumnType::Date => matches!(from, D::Date64),
        // Without a zone they are those of UTC.
        ColumnType::Timestamp => matches!(from, D::Timestamp(..)),
        ColumnType::TimestampNtz => matches!(from, D::Timestamp(_, None)),
        ColumnType::String => matches!(from, D::LargeUtf8 | D::Utf8View | D::Utf8),
        ColumnType::Array(item) => match from {
            D::List(field) | D::LargeList(field) | D::FixedSizeList(field, _) => {
                let from = field.data_type();
                ColumnType::from_arrow(from).as_ref() == Some(item) || widens(from, item)
            }
            _ => false,
        },
        ColumnType::Boolean | ColumnType::Byte | ColumnType::Decimal(_) | ColumnType::Vector => false,
    }
}

/// Decimals as the nearest doubles, as Java's `BigDecimal.doubleValue` rounds them.
fn decimals(array: &ArrayRef, scale: i8) -> ArrayRef {
    // Both are whole numbers that a double holds, so that one division rounds once.
    const EXACT: u128 = 1 << 53;
    let power = (0..=22).contains(&scale).then(|| (0..scale).fold(1.0, |power, _| power * 10.0));
    let one = |value: i128| match power {
        Some(power) if value.unsigned_abs() <= EXACT => value as f64 / power,
        _ => format!("{value}e{}", -i32::from(scale)).parse().unwrap_or(f64::NAN),
    };
    let doubles: Float64Array = array.as_primitive::<Decimal128Type>().unary(one);
    Arc::new(doubles)
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow_array::types::Int32Type;
    use arrow_array::{Decimal128Array, Int32Array, Int64Array, LargeStringArray, RecordBatch};
    use arrow_array::{DictionaryArray, ListArray};

    fn input(name: &str, column_type: ColumnType) -> Field {
        Field { name: name.into(), column_type, size: None, nullable: true, stage: "0 Test".into() }
    }

    fn rows(columns: Vec<(&str, ArrayRef)>) -> Rows {
        Rows { file: "t.parquet".into(), first: 11, batch: RecordBatch::try_from_iter(columns).unwrap() }
    }

    fn bound(array: ArrayRef, to: &str) -> Result<Column, TableError> {
        let batch = bind(&rows(vec![("a", array)]), &[input("a", to.parse().unwrap())])?;
        Ok(batch.columns.into_iter().next().unwrap())
    }

    #[test]
    fn numbers_widen_and_never_narrow() {
        let ints: ArrayRef = Arc::new(Int32Array::from(vec![Some(1), None]));
        assert_eq!(bound(Arc::clone(&ints), "double").unwrap().show(0), "1.0");
        assert_eq!(bound(Arc::clone(&ints), "bigint").unwrap().show(1), "null");
        let error = bound(ints, "smallint").unwrap_err().to_string();
        assert_eq!(error, "t.parquet, column 'a': found Int32, expected smallint");
        let longs: ArrayRef = Arc::new(Int64Array::from(vec![7]));
        assert!(bound(longs, "float").is_err());
    }

    #[test]
    fn decimals_become_the_nearest_doubles() {
        let array = Decimal128Array::from(vec![12_345, 9_007_199_254_740_993_000_001, -1]);
        let array: ArrayRef = Arc::new(array.with_precision_and_scale(38, 6).unwrap());
        let column = bound(array, "double").unwrap();
        assert_eq!(column.as_doubles().unwrap().values()[..], [0.012345, 9007199254740993.000001, -0.000001]);
    }

    #[test]
    fn strings_come_in_any_layout() {
        let large: ArrayRef = Arc::new(LargeStringArray::from(vec!["x"]));
        assert_eq!(bound(large, "string").unwrap().show(0), "x");
        let dictionary: DictionaryArray<Int32Type> = vec![Some("y"), None].into_iter().collect();
        let column = bound(Arc::new(dictionary), "string").unwrap();
        assert_eq!((column.show(0).as_str(), column.is_null(1)), ("y", true));
    }

    #[test]
    fn lists_become_vectors_where_asked() {
        let lists = |item| {
            let rows = vec![Some(vec![Some(1), item]), None];
            Arc::new(ListArray::from_iter_primitive::<Int32Type, _, _>(rows))
        };
        let column = bound(lists(Some(2)), "vector").unwrap();
        assert_eq!((column.show(0).as_str(), column.is_null(1)), ("[1.0, 2.0]", true));
        let error = bound(lists(None), "vector").unwrap_err().to_string();
        assert!(error.starts_with("t.parquet, row 11, column 'a': found a null within"), "{error}");
    }

    #[test]
    fn missing_columns_are_named_together() {
        let ints: ArrayRef = Arc::new(Int32Array::from(vec![1]));
        let inputs = [input("income", ColumnType::Double), input("Age", ColumnType::Double)];
        let error = bind(&rows(vec![("age", Arc::clone(&ints)), ("id", ints)]), &inputs).unwrap_err();
        let text = error.to_string();
        assert!(text.ends_with("'income', 'Age' (did you mean 'age'?)"), "{text}");
        assert_eq!(error.hint().unwrap(), "it has 'age', 'id'");
    }
}
