//! A CSV body as `pandas.read_csv` reads it: a header, then rows; the texts that pandas takes for a missing value are
//! null, in a column of floating-point numbers NaN where they say so.

use csv::{ReaderBuilder, StringRecord, Trim};
use firesteel_plan::ColumnType;
use serde::de::{DeserializeSeed, IntoDeserializer, value};

use super::rows::Layout;
use super::value::Value;
use crate::error::{Fault, Kind};
use crate::json::Table;

/// What `pandas.read_csv` takes for a missing value.
const MISSING: [&str; 19] = [
    "", "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN", "<NA>", "N/A",
    "NA", "NULL", "NaN", "None", "n/a", "nan", "null",
];

/// Reads all rows of `body`.
pub(crate) fn read(body: &[u8], table: &mut Table<'_>) -> Result<(), Fault> {
    let mut reader = ReaderBuilder::new().flexible(true).trim(Trim::None).from_reader(body);
    let header = reader.headers().map_err(|error| refuse(&error))?.clone();
    let names: Vec<&str> = header.iter().collect();
    let layout = Layout::named(&names, table.scorer());
    let mut record = StringRecord::new();
    while reader.read_record(&mut record).map_err(|error| refuse(&error))? {
        if table.is_full() {
            table.overflow();
            return Ok(());
        }
        if record.len() > names.len() {
            table.problem("", format!("found {} values, expected {}", record.len(), names.len()));
        }
        for (place, text) in layout.places().iter().zip(&record) {
            if let Some(place) = *place {
                cell(text, table, place);
            }
        }
        table.end_row(layout.unknown());
    }
    Ok(())
}

fn refuse(error: &csv::Error) -> Fault {
    Fault::new(Kind::Malformed, format!("the body is not CSV with a header of names: {error}"))
}

/// Reads one value by the type of its column. What is no such value is handed on as a text, which is then refused.
fn cell(text: &str, table: &mut Table<'_>, place: usize) {
    let column_type = table.scorer().inputs()[place].column_type.clone();
    let value = Value { table, place };
    let read: Result<(), value::Error> = match &column_type {
        ColumnType::Float | ColumnType::Double if matches!(text, "NaN" | "nan" | "-NaN" | "-nan") => {
            value.deserialize(f64::NAN.into_deserializer())
        }
        _ if MISSING.contains(&text) => value.deserialize(().into_deserializer()),
        ColumnType::Boolean => match text {
            "True" | "TRUE" | "true" => value.deserialize(true.into_deserializer()),
            "False" | "FALSE" | "false" => value.deserialize(false.into_deserializer()),
            _ => value.deserialize(text.into_deserializer()),
        },
        ColumnType::Float | ColumnType::Double | ColumnType::Decimal(_) => match text.trim().parse::<f64>() {
            Ok(number) => value.deserialize(number.into_deserializer()),
            Err(_) => value.deserialize(text.into_deserializer()),
        },
        ColumnType::Byte | ColumnType::Short | ColumnType::Int | ColumnType::Long => {
            match text.trim().parse::<i64>() {
                Ok(number) => value.deserialize(number.into_deserializer()),
                Err(_) => value.deserialize(text.into_deserializer()),
            }
        }
        ColumnType::String | ColumnType::Date | ColumnType::Timestamp | ColumnType::TimestampNtz => {
            value.deserialize(text.into_deserializer())
        }
        ColumnType::Array(_) | ColumnType::Vector => json(text, value),
    };
    // The deserializers of plain values have no error of their own.
    debug_assert!(read.is_ok());
}

/// A list or vector stands in its cell as JSON.
fn json(text: &str, value: Value<'_, '_>) -> Result<(), value::Error> {
    let Value { table, place } = value;
    let mut deserializer = serde_json::Deserializer::from_str(text);
    if (Value { table: &mut *table, place }).deserialize(&mut deserializer).is_err() {
        let name = table.scorer().inputs()[place].name.clone();
        table.problem(&name, "found no JSON, expected a list or a vector as JSON");
    }
    Ok(())
}
