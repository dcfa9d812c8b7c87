//! CSV cells as values, as Spark's CSV reader has them. A cell holds one scalar; an empty one is null.

use std::str::FromStr;
use std::sync::Arc;

use arrow_array::types::{Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type};
use arrow_array::{
    ArrayRef, ArrowPrimitiveType, BooleanArray, Date32Array, PrimitiveArray, StringArray,
    TimestampMicrosecondArray,
};
use firesteel_plan::calendar::{read_date, read_timestamp, read_timestamp_ntz};
use firesteel_plan::{Column, ColumnType};

use super::BadCell;

pub(super) fn column(cells: &StringArray, to: &ColumnType) -> Result<Column, BadCell> {
    let array: ArrayRef = match to {
        ColumnType::String => Arc::new(cells.clone()),
        ColumnType::Boolean => booleans(cells)?,
        ColumnType::Byte => numbers::<Int8Type>(cells, to)?,
        ColumnType::Short => numbers::<Int16Type>(cells, to)?,
        ColumnType::Int => numbers::<Int32Type>(cells, to)?,
        ColumnType::Long => numbers::<Int64Type>(cells, to)?,
        ColumnType::Float => numbers::<Float32Type>(cells, to)?,
        ColumnType::Double => numbers::<Float64Type>(cells, to)?,
        ColumnType::Date => Arc::new(moments(cells, to, read_date)?.into_iter().collect::<Date32Array>()),
        ColumnType::Timestamp => {
            let micros = moments(cells, to, |text| read_timestamp(text).ok())?;
            Arc::new(micros.into_iter().collect::<TimestampMicrosecondArray>().with_timezone("UTC"))
        }
        ColumnType::TimestampNtz => {
            let micros = moments(cells, to, read_timestamp_ntz)?;
            Arc::new(micros.into_iter().collect::<TimestampMicrosecondArray>())
        }
        ColumnType::Array(_) | ColumnType::Decimal(_) | ColumnType::Vector => {
            let Some((row, found)) = cells.iter().enumerate().find_map(|(row, cell)| Some((row, cell?)))
            else {
                return super::json::column(&vec![None; arrow_array::Array::len(cells)], to);
            };
            let hint = match to {
                ColumnType::Decimal(_) => super::NO_DECIMALS,
                _ => "CSV cells hold scalars only; use JSON lines or Parquet",
            };
            return Err(BadCell { hint, ..BadCell::new(row, found, to) });
        }
    };
    Ok(Column::Array(array))
}

fn numbers<T>(cells: &StringArray, to: &ColumnType) -> Result<ArrayRef, BadCell>
where
    T: ArrowPrimitiveType<Native: FromStr>,
{
    let parse = |(row, cell): (usize, Option<&str>)| match cell {
        None => Ok(None),
        // Java, too, allows spaces around a number.
        Some(text) => match text.trim().parse::<T::Native>() {
            Ok(number) => Ok(Some(number)),
            Err(_) => Err(BadCell { hint: hint(text, to), ..BadCell::new(row, &format!("{text:?}"), to) }),
        },
    };
    let array: PrimitiveArray<T> = cells.iter().enumerate().map(parse).collect::<Result<_, _>>()?;
    Ok(Arc::new(array))
}

fn moments<T>(
    cells: &StringArray,
    to: &ColumnType,
    read: impl Fn(&str) -> Option<T>,
) -> Result<Vec<Option<T>>, BadCell> {
    let hint = "dates are written as 2024-01-31, timestamps as 2024-01-31T12:00:00Z";
    let one = |(row, cell): (usize, Option<&str>)| match cell {
        None => Ok(None),
        Some(text) => match read(text) {
            Some(value) => Ok(Some(value)),
            None => Err(BadCell { hint, ..BadCell::new(row, &format!("{text:?}"), to) }),
        },
    };
    cells.iter().enumerate().map(one).collect()
}

fn hint(text: &str, to: &ColumnType) -> &'static str {
    let other = text.trim().replace(',', ".").parse::<f64>().is_ok();
    match to {
        _ if text.trim().is_empty() => "a missing value is an empty cell",
        ColumnType::Float | ColumnType::Double if other => "decimals are written with a point",
        ColumnType::Float | ColumnType::Double => "a missing value is an empty cell",
        _ if other => "declare the column as double, or write whole numbers",
        _ => "a missing value is an empty cell",
    }
}

fn booleans(cells: &StringArray) -> Result<ArrayRef, BadCell> {
    let parse = |(row, cell): (usize, Option<&str>)| match cell.map(|text| text.trim()) {
        None => Ok(None),
        Some(text) if text.eq_ignore_ascii_case("true") => Ok(Some(true)),
        Some(text) if text.eq_ignore_ascii_case("false") => Ok(Some(false)),
        Some(text) => Err(BadCell::new(row, &format!("{text:?}"), &ColumnType::Boolean)),
    };
    let array: BooleanArray = cells.iter().enumerate().map(parse).collect::<Result<_, _>>()?;
    Ok(Arc::new(array))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(cells: &[Option<&str>]) -> StringArray {
        StringArray::from(cells.to_vec())
    }

    #[test]
    fn numbers_read_as_java_reads_them() {
        let array = cells(&[Some("1"), None, Some(" 2.5e3 "), Some("NaN"), Some("-Infinity"), Some("Inf")]);
        let column = column(&array, &ColumnType::Double).unwrap();
        let values: Vec<_> = column.as_doubles().unwrap().iter().collect();
        assert_eq!(values[0], Some(1.0));
        assert_eq!(values[1], None);
        assert_eq!(values[2], Some(2500.0));
        assert!(values[3].unwrap().is_nan());
        assert_eq!(values[4..], [Some(f64::NEG_INFINITY), Some(f64::INFINITY)]);
    }

    #[test]
    fn dates_and_timestamps_are_read() {
        let days = column(&cells(&[Some("2024-01-31"), None]), &ColumnType::Date).unwrap();
        let expected: ArrayRef = Arc::new(Date32Array::from(vec![Some(19_753), None]));
        assert_eq!(days.as_array(), Some(&expected));
        let texts = [Some("2024-01-31T12:00:00.5Z"), Some("2024-01-31 13:00:00.5+01:00"), None];
        let times = column(&cells(&texts), &ColumnType::Timestamp).unwrap();
        let micros = Some(1_706_702_400_500_000);
        let expected = TimestampMicrosecondArray::from(vec![micros, micros, None]).with_timezone("UTC");
        assert_eq!(times.as_array(), Some(&(Arc::new(expected) as ArrayRef)));
        let texts = [Some("2024-01-31T12:00:00.5"), Some("2024-01-31 12:00:00.5+01:00"), None];
        let shown = column(&cells(&texts), &ColumnType::TimestampNtz).unwrap();
        let expected = TimestampMicrosecondArray::from(vec![micros, micros, None]);
        assert_eq!(shown.as_array(), Some(&(Arc::new(expected) as ArrayRef)));
        let bad = column(&cells(&[Some("31.1.2024")]), &ColumnType::Date).unwrap_err();
        assert!(bad.hint.contains("2024-01-31"), "{}", bad.hint);
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let refuse = |text: &str, to: ColumnType| {
            let bad = column(&cells(&[None, Some(text)]), &to).unwrap_err();
            assert_eq!(bad.row, 1);
            (bad.found, bad.hint)
        };
        assert_eq!(
            refuse("3,5", ColumnType::Double),
            ("\"3,5\"".into(), "decimals are written with a point")
        );
        assert!(refuse("1.5", ColumnType::Int).1.contains("double"));
        assert!(refuse("300", ColumnType::Byte).0.contains("300"));
        assert!(refuse("yes", ColumnType::Boolean).0.contains("yes"));
        assert!(refuse("[1,2]", ColumnType::Vector).1.contains("JSON lines"));
    }
}
