//! Columns of JSON, `{"age": [45, 31], "income": [52000.5, 48000.0]}`, read into a table. A value that is no list
//! stands for one row.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::value::Value;
use crate::error::Fault;
use crate::json::{Table, read};

/// The most unknown names that are kept to tell of likely typos.
const MAX_UNKNOWN: usize = 20;

/// The fields of an object with their JSON.
pub(crate) fn entries(json: &[u8]) -> Result<Named<'_>, Fault> {
    read(json, Entries)
}

/// Reads columns of equal length.
pub(crate) fn read_columns(json: &[u8], table: &mut Table<'_>) -> Result<(), Fault> {
    let columns = entries(json)?;
    let mut unknown = Vec::new();
    let mut rows = 0;
    for (name, json) in columns {
        match table.scorer().input_place(&name) {
            Some(place) => {
                let json = json.get();
                table.at_row(0);
                if json.starts_with('[') {
                    read(json.as_bytes(), Cells { table: &mut *table, place })?;
                } else {
                    read(json.as_bytes(), Value { table: &mut *table, place })?;
                    table.at_row(1);
                }
                rows = rows.max(table.row());
            }
            None if unknown.len() < MAX_UNKNOWN => unknown.push(name),
            None => (),
        }
    }
    // A column that is shorter than the longest has no value in the last row, which ending that row tells.
    let Some(last) = rows.checked_sub(1) else { return Ok(()) };
    table.at_row(last);
    table.end_row(unknown.iter().map(AsRef::as_ref));
    Ok(())
}

/// Reads the fields of an object.
struct Entries;

pub(crate) type Named<'de> = Vec<(Cow<'de, str>, &'de RawValue)>;

impl<'de> DeserializeSeed<'de> for Entries {
    type Value = Named<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Named<'de>, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Entries {
    type Value = Named<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Named<'de>, A::Error> {
        let mut columns = Vec::new();
        while let Some(entry) = entries.next_entry()? {
            columns.push(entry);
        }
        Ok(columns)
    }
}

/// The values of one column.
struct Cells<'t, 's> {
    table: &'t mut Table<'s>,
    place: usize,
}

impl<'de> DeserializeSeed<'de> for Cells<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Cells<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of values")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<(), A::Error> {
        let Cells { table, place } = self;
        loop {
            if table.is_full() {
                while values.next_element::<IgnoredAny>()?.is_some() {
                    table.overflow();
                }
                return Ok(());
            }
            if values.next_element_seed(Value { table: &mut *table, place })?.is_none() {
                return Ok(());
            }
            table.at_row(table.row() + 1);
        }
    }
}
