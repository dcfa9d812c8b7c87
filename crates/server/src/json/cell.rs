//! Reads one JSON value into a column of a settled type.

use std::fmt;

use firesteel_plan::{ColumnType, Field, VectorBuilder};
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::column::{ColumnBuilder, special};

/// Vectors whose size the model does not tell may be this long, so that a few bytes do not ask for gigabytes.
const MAX_SIZE: usize = 1 << 20;

/// Why a value was not taken: what was found, and what was expected where the column's type does not say it all.
#[derive(Debug, PartialEq)]
pub(crate) struct Wrong {
    found: String,
    expected: Option<String>,
}

impl Wrong {
    fn found(found: impl Into<String>) -> Wrong {
        Wrong { found: found.into(), expected: None }
    }

    fn expected(found: impl Into<String>, expected: impl Into<String>) -> Wrong {
        Wrong { found: found.into(), expected: Some(expected.into()) }
    }

    /// As a sentence about `field`.
    pub(crate) fn tell(&self, field: &Field) -> String {
        let expected = self.expected.clone().unwrap_or_else(|| describe(&field.column_type, field.size));
        let or_null = if field.nullable { " or null" } else { "" };
        format!("found {}, expected {expected}{or_null}", self.found)
    }
}

fn describe(column_type: &ColumnType, size: Option<usize>) -> String {
    match column_type {
        ColumnType::Boolean => "true or false".to_owned(),
        ColumnType::Byte => "an integer from -128 to 127".to_owned(),
        ColumnType::Short => "an integer from -32768 to 32767".to_owned(),
        ColumnType::Int => "an integer of 32 bits".to_owned(),
        ColumnType::Long => "an integer of 64 bits".to_owned(),
        ColumnType::Float | ColumnType::Double | ColumnType::Decimal(_) => "a number".to_owned(),
        ColumnType::String => "a string".to_owned(),
        ColumnType::Date => "a date as \"2024-01-31\"".to_owned(),
        ColumnType::TimestampNtz => "a timestamp without a zone as \"2024-01-31T12:00:00\"".to_owned(),
        ColumnType::Timestamp => "a timestamp as \"2024-01-31T12:00:00Z\"".to_owned(),
        ColumnType::Array(item) => format!("an array, each item {}", describe(item, None)),
        ColumnType::Vector => match size {
            Some(size) => {
                format!("a vector of {size} numbers, as an array or {{\"size\", \"indices\", \"values\"}}")
            }
            None => "a vector, as an array of numbers or {\"size\", \"indices\", \"values\"}".to_owned(),
        },
    }
}

/// Reads a value into `column`. What it reads is `Ok(Err(_))` when the JSON is sound but the value is not taken.
pub(crate) struct Cell<'a> {
    pub(crate) column: &'a mut ColumnBuilder,
    pub(crate) nullable: bool,
    pub(crate) size: Option<usize>,
}

impl<'de> DeserializeSeed<'de> for Cell<'_> {
    type Value = Result<(), Wrong>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

fn taken(taken: bool, found: impl FnOnce() -> String) -> Result<(), Wrong> {
    if taken { Ok(()) } else { Err(Wrong::found(found())) }
}

impl<'de> Visitor<'de> for Cell<'_> {
    type Value = Result<(), Wrong>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Self::Value, E> {
        Ok(taken(self.column.append_boolean(value), || value.to_string()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Self::Value, E> {
        Ok(taken(self.column.append_integer(value.into()), || value.to_string()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Self::Value, E> {
        Ok(taken(self.column.append_integer(value.into()), || value.to_string()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Self::Value, E> {
        Ok(taken(self.column.append_number(value), || format!("{value:?}")))
    }

    fn visit_str<E>(self, value: &str) -> Result<Self::Value, E> {
        Ok(taken(self.column.append_string(value), || shown(value)))
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        if !self.nullable {
            return Ok(Err(Wrong::found("null")));
        }
        self.column.append_null();
        Ok(Ok(()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        match self.column {
            ColumnBuilder::Array(lists) => {
                let mut read = Ok(());
                while let Some(item) =
                    items.next_element_seed(Cell { column: &mut lists.items, nullable: false, size: None })?
                {
                    read = read.and(item);
                }
                lists.end(true);
                Ok(read.map_err(|wrong| Wrong::found(format!("an array with {}", wrong.found))))
            }
            ColumnBuilder::Vector(vectors) => read_dense(vectors, self.size, items),
            _ => {
                while items.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Err(Wrong::found("an array")))
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Self::Value, A::Error> {
        match self.column {
            ColumnBuilder::Vector(vectors) => read_parts(vectors, self.size, entries),
            _ => {
                while entries.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(Err(Wrong::found("an object")))
            }
        }
    }
}

/// A string as it stands in JSON, cut where it is long.
fn shown(text: &str) -> String {
    match text.char_indices().nth(60) {
        Some((end, _)) => format!("{:?}…", &text[..end]),
        None => format!("{text:?}"),
    }
}

/// A number within a vector.
struct Number;

impl<'de> DeserializeSeed<'de> for Number {
    type Value = Result<f64, Wrong>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        let mut column = ColumnBuilder::new(&ColumnType::Double, 1);
        let read = deserializer.deserialize_any(Cell { column: &mut column, nullable: false, size: None })?;
        let value = match &column {
            ColumnBuilder::Double(doubles) => doubles.values.first().copied(),
            _ => None,
        };
        Ok(read.and_then(|()| value.ok_or_else(|| Wrong::found("nothing"))))
    }
}

fn read_dense<'de, A: SeqAccess<'de>>(
    vectors: &mut VectorBuilder,
    size: Option<usize>,
    mut items: A,
) -> Result<Result<(), Wrong>, A::Error> {
    let mut values = Vec::with_capacity(size.unwrap_or(0).min(MAX_SIZE));
    let mut read = Ok(());
    while let Some(item) = items.next_element_seed(Number)? {
        match item {
            Ok(value) => values.push(value),
            Err(wrong) => read = read.and(Err(Wrong::found(format!("an array with {}", wrong.found)))),
        }
    }
    if size.is_some_and(|size| size != values.len()) && read.is_ok() {
        read = Err(Wrong::found(format!("an array of {}", values.len())));
    }
    if read.is_ok() {
        vectors.push_dense(&values);
    }
    Ok(read)
}

/// The parts of a vector written as an object: sparse, or with `values` alone dense, as Spark's own `toJSON` does.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Parts {
    #[serde(default, rename = "type")]
    _kind: IgnoredAny,
    size: Option<u32>,
    indices: Option<Vec<u32>>,
    values: Vec<Special>,
}

/// A double, or one of the words for doubles that JSON has no number for.
#[derive(serde::Deserialize)]
#[serde(untagged)]
enum Special {
    Number(f64),
    Word(String),
}

fn read_parts<'de, A: MapAccess<'de>>(
    vectors: &mut VectorBuilder,
    expected: Option<usize>,
    entries: A,
) -> Result<Result<(), Wrong>, A::Error> {
    let parts: Parts =
        serde::Deserialize::deserialize(serde::de::value::MapAccessDeserializer::new(entries))?;
    Ok(push_parts(vectors, expected, parts))
}

fn push_parts(vectors: &mut VectorBuilder, expected: Option<usize>, parts: Parts) -> Result<(), Wrong> {
    let values = parts.values.into_iter().map(|value| match value {
        Special::Number(value) => Ok(value),
        Special::Word(word) => {
            special(&word).ok_or_else(|| Wrong::found(format!("a vector with {}", shown(&word))))
        }
    });
    let values: Vec<f64> = values.collect::<Result<_, _>>()?;
    let size = parts.size.map_or(values.len(), |size| size as usize);
    if expected.is_some_and(|expected| expected != size) {
        return Err(Wrong::found(format!("a vector of size {size}")));
    }
    if expected.is_none() && size > MAX_SIZE {
        return Err(Wrong::expected(
            format!("a vector of size {size}"),
            format!("a size of at most {MAX_SIZE}"),
        ));
    }
    match (parts.size, parts.indices) {
        (None, None) => vectors.push_dense(&values),
        (Some(_), Some(indices)) => {
            if indices.len() != values.len() {
                let found = format!("{} indices for {} values", indices.len(), values.len());
                return Err(Wrong::expected(found, "as many indices as values"));
            }
            let ascend = indices.windows(2).all(|pair| pair[0] < pair[1]);
            if !ascend || indices.last().is_some_and(|&last| last as usize >= size) {
                return Err(Wrong::expected(
                    "other indices",
                    format!("indices that ascend within 0..{size}"),
                ));
            }
            vectors.push_sparse(size, &indices, &values);
        }
        (Some(_), None) | (None, Some(_)) => return Err(Wrong::found("an object without size and indices")),
    }
    Ok(())
}
