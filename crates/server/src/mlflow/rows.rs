//! Rows and columns of JSON in the forms of MLflow's scoring protocol and KServe's first one, read into a table.
//!
//! A row is an object with a field for each input, or a list of values: in the order of the columns that the request
//! names, else in the order of the model's signature. The row of a model of one input may be that value alone.

use std::borrow::Cow;
use std::fmt;

use firesteel_deploy::Scorer;
use firesteel_plan::{ColumnType, Field};
use serde::Deserialize;
use serde::de::value::SeqAccessDeserializer;
use serde::de::{
    DeserializeSeed, Deserializer, Error, IgnoredAny, IntoDeserializer, MapAccess, SeqAccess, Visitor,
};

use super::value::Value;
use crate::json::Table;

/// The most unknown names that are kept to tell of likely typos.
const MAX_UNKNOWN: usize = 20;

/// Which input each value of a list is.
#[derive(Debug)]
pub(crate) struct Layout {
    /// For each value its input's place, if the plan reads it.
    places: Vec<Option<usize>>,
    /// The names that the model does not have.
    unknown: Vec<String>,
    /// Whether a list is the value of the only input, not a list of values.
    list_is_value: bool,
}

impl Layout {
    /// The layout of columns of these names.
    pub(crate) fn named<S: AsRef<str>>(names: &[S], scorer: &Scorer) -> Layout {
        let places: Vec<Option<usize>> = names.iter().map(|name| scorer.input_place(name.as_ref())).collect();
        let unknown = names.iter().zip(&places).filter(|(_, place)| place.is_none()).take(MAX_UNKNOWN);
        let unknown = unknown.map(|(name, _)| name.as_ref().to_owned()).collect();
        Layout { places, unknown, list_is_value: false }
    }

    /// The layout of lists in the order of the model's inputs.
    pub(crate) fn signature(model: &[Field], scorer: &Scorer) -> Layout {
        let places = model.iter().map(|field| scorer.input_place(&field.name)).collect();
        let list_is_value = matches!(model, [field] if matches!(field.column_type, ColumnType::Vector | ColumnType::Array(_)));
        Layout { places, unknown: Vec::new(), list_is_value }
    }

    /// For each value its input's place, if the plan reads it.
    pub(crate) fn places(&self) -> &[Option<usize>] {
        &self.places
    }

    /// The names that the model does not have.
    pub(crate) fn unknown(&self) -> impl Iterator<Item = &str> + Clone {
        self.unknown.iter().map(String::as_str)
    }
}

/// Reads a list of rows.
pub(crate) struct Rows<'t, 's> {
    pub(crate) table: &'t mut Table<'s>,
    pub(crate) layout: &'t Layout,
}

impl<'de> DeserializeSeed<'de> for Rows<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Rows<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of rows")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut rows: A) -> Result<(), A::Error> {
        loop {
            if self.table.is_full() {
                while rows.next_element::<IgnoredAny>()?.is_some() {
                    self.table.overflow();
                }
                return Ok(());
            }
            if rows.next_element_seed(Row { table: self.table, layout: self.layout })?.is_none() {
                return Ok(());
            }
        }
    }
}

/// Reads one row.
struct Row<'t, 's> {
    table: &'t mut Table<'s>,
    layout: &'t Layout,
}

impl Row<'_, '_> {
    /// Reads a row that is the value of the only input.
    fn only<'de, D: Deserializer<'de>>(self, value: D) -> Result<(), D::Error> {
        match self.layout.places.as_slice() {
            [Some(place)] => Value { table: self.table, place: *place }.deserialize(value)?,
            [None] => {
                IgnoredAny::deserialize(value)?;
            }
            places => {
                self.table.problem(
                    "",
                    format!("found one value, expected an object or a list of {}", places.len()),
                );
                IgnoredAny::deserialize(value)?;
            }
        }
        self.table.end_row(std::iter::empty());
        Ok(())
    }

    fn values<'de, A: SeqAccess<'de>>(self, mut values: A) -> Result<(), A::Error> {
        let Row { table, layout } = self;
        let mut count = 0;
        loop {
            let value = match layout.places.get(count) {
                Some(Some(place)) => values.next_element_seed(Value { table: &mut *table, place: *place })?,
                _ => values.next_element::<IgnoredAny>()?.map(|_| ()),
            };
            if value.is_none() {
                break;
            }
            count += 1;
        }
        if count > layout.places.len() {
            table.problem("", format!("found {count} values, expected {}", layout.places.len()));
        }
        table.end_row(layout.unknown());
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for Row<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Row<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a row: an object with a field for each input of the model, or a list of values")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        let table = self.table;
        let mut unknown = Vec::new();
        while let Some(name) = entries.next_key::<Cow<'de, str>>()? {
            match table.scorer().input_place(&name) {
                Some(place) => entries.next_value_seed(Value { table: &mut *table, place })?,
                None => {
                    entries.next_value::<IgnoredAny>()?;
                    if unknown.len() < MAX_UNKNOWN {
                        unknown.push(name);
                    }
                }
            }
        }
        table.end_row(unknown.iter().map(AsRef::as_ref));
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, values: A) -> Result<(), A::Error> {
        if self.layout.list_is_value {
            return self.only(SeqAccessDeserializer::new(values));
        }
        self.values(values)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<(), E> {
        self.only(value.into_deserializer())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<(), E> {
        self.only(value.into_deserializer())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<(), E> {
        self.only(value.into_deserializer())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<(), E> {
        self.only(value.into_deserializer())
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<(), E> {
        self.only(value.into_deserializer())
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.only(().into_deserializer())
    }
}
