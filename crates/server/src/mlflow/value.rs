//! Reads one JSON value into an input. A bare `NaN` is a missing value, as pandas writes it: NaN in a column of
//! floating-point numbers, null in any other.

use std::fmt;

use firesteel_plan::ColumnType;
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use crate::json::Table;

/// What a bare `NaN` is put in quotes as, so that no text of a client is taken for it.
pub(crate) const BARE_NAN: &str = "\\u0000NaN";

/// The same once it was read.
const READ_NAN: &str = "\u{0}NaN";

/// Reads the input at `place` of the row at hand.
pub(crate) struct Value<'t, 's> {
    pub(crate) table: &'t mut Table<'s>,
    pub(crate) place: usize,
}

impl<'de> DeserializeSeed<'de> for Value<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        let Value { table, place } = self;
        let column_type = &table.scorer().inputs()[place].column_type;
        let is_float = matches!(column_type, ColumnType::Float | ColumnType::Double);
        let cell = table.cell(place);
        let read = deserializer.deserialize_any(Marked { cell, is_float })?;
        table.note(place, read);
        Ok(())
    }
}

/// Passes on what it is given, but for the mark of a bare `NaN`.
struct Marked<C> {
    cell: C,
    is_float: bool,
}

impl<'de, C: Visitor<'de>> Visitor<'de> for Marked<C> {
    type Value = C::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.cell.expecting(f)
    }

    fn visit_bool<E: serde::de::Error>(self, value: bool) -> Result<C::Value, E> {
        self.cell.visit_bool(value)
    }

    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<C::Value, E> {
        self.cell.visit_i64(value)
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<C::Value, E> {
        self.cell.visit_u64(value)
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<C::Value, E> {
        self.cell.visit_f64(value)
    }

    fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<C::Value, E> {
        match value {
            READ_NAN if self.is_float => self.cell.visit_f64(f64::NAN),
            READ_NAN => self.cell.visit_unit(),
            text => self.cell.visit_str(text),
        }
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<C::Value, E> {
        self.cell.visit_unit()
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<C::Value, A::Error> {
        self.cell.visit_seq(items)
    }

    fn visit_map<A: MapAccess<'de>>(self, entries: A) -> Result<C::Value, A::Error> {
        self.cell.visit_map(entries)
    }
}
