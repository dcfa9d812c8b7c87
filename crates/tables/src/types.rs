//! The column types that a table's schema declares, as Spark's own readers would.

use std::collections::BTreeMap;

use arrow_schema::{DataType, Schema};
use firesteel_plan::{ColumnType, VectorColumn};

use crate::rows::Text;

/// The types of the columns that a plan can take in. Structs, maps and the like are left out, and so is text
/// that has no type yet (CSV, JSON lines).
pub fn declared_types(schema: &Schema) -> BTreeMap<String, ColumnType> {
    let typed = schema.fields().iter().filter(|field| Text::of(field).is_none());
    typed.filter_map(|field| Some((field.name().clone(), column_type(field.data_type())?))).collect()
}

/// The type under which a plan takes in this Arrow type.
pub(crate) fn column_type(data_type: &DataType) -> Option<ColumnType> {
    Some(match data_type {
        _ if VectorColumn::is_vector_type(data_type) => ColumnType::Vector,
        DataType::UInt8 => ColumnType::Short,
        DataType::UInt16 => ColumnType::Int,
        DataType::UInt32 => ColumnType::Long,
        // Spark reads these two as decimals, which stages cast to double.
        DataType::UInt64
        | DataType::Decimal32(..)
        | DataType::Decimal64(..)
        | DataType::Decimal128(..)
        | DataType::Decimal256(..) => ColumnType::Double,
        DataType::Float16 => ColumnType::Float,
        DataType::Date64 => ColumnType::Date,
        DataType::Timestamp(_, None) => ColumnType::TimestampNtz,
        DataType::Timestamp(..) => ColumnType::Timestamp,
        DataType::LargeUtf8 | DataType::Utf8View => ColumnType::String,
        DataType::Dictionary(_, value) => column_type(value)?,
        DataType::List(item) | DataType::LargeList(item) | DataType::FixedSizeList(item, _) => {
            ColumnType::Array(Box::new(column_type(item.data_type())?))
        }
        _ => ColumnType::from_arrow(data_type)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow_schema::{Field, TimeUnit};

    #[test]
    fn types_are_sparks() {
        let field = |name: &str, data_type| Field::new(name, data_type, true);
        let key = Box::new(DataType::Int32);
        let schema = Schema::new(vec![
            field("id", DataType::Int64),
            field("price", DataType::Decimal128(10, 2)),
            field("city", DataType::Dictionary(key, Box::new(DataType::Utf8))),
            field("day", DataType::Date32),
            field("seen", DataType::Timestamp(TimeUnit::Nanosecond, None)),
            field("sent", DataType::Timestamp(TimeUnit::Millisecond, Some("+01:00".into()))),
            field("features", ColumnType::Vector.to_arrow()),
            field("words", DataType::new_large_list(DataType::LargeUtf8, true)),
            Text::Csv.field("text"),
        ]);
        let types = declared_types(&schema);
        let shown: Vec<String> = types.iter().map(|(name, found)| format!("{name} {found}")).collect();
        let expected = [
            "city string",
            "day date",
            "features vector",
            "id bigint",
            "price double",
            "seen timestamp_ntz",
            "sent timestamp",
            "words array<string>",
        ];
        assert_eq!(shown, expected);
    }
}
