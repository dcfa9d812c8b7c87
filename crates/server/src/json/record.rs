//! Reads records, objects with a field for each input, into a table.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;

use firesteel_deploy::Scorer;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::table::Table;

/// A field that the model does not read, as it came: its name and its value's JSON.
pub(crate) type CarriedField<'de> = (Cow<'de, str>, &'de RawValue);

/// The fields that the model does not read, as they came, record by record.
#[derive(Debug, Default)]
pub(crate) struct Carried<'de> {
    fields: Vec<CarriedField<'de>>,
    ends: Vec<usize>,
}

impl<'de> Carried<'de> {
    /// The fields of the record at `row` with their values' JSON.
    pub(crate) fn row(&self, row: usize) -> &[CarriedField<'de>] {
        let start = if row == 0 { 0 } else { self.ends.get(row - 1).copied().unwrap_or_default() };
        let end = self.ends.get(row).copied().unwrap_or(start);
        self.fields.get(start..end).unwrap_or_default()
    }

    fn names(&self) -> impl Iterator<Item = &str> + Clone {
        let start = self.ends.last().copied().unwrap_or_default();
        self.fields[start..].iter().map(|(name, _)| name.as_ref())
    }

    /// A name that the record at hand has twice.
    fn doubled(&self) -> Option<&str> {
        let start = self.ends.last().copied().unwrap_or_default();
        let fields = &self.fields[start..];
        if fields.len() <= 16 {
            let doubled = |at: &usize| fields[..*at].iter().any(|(name, _)| *name == fields[*at].0);
            return (0..fields.len()).find(doubled).map(|at| fields[at].0.as_ref());
        }
        let mut seen = HashSet::with_capacity(fields.len());
        self.names().find(|name| !seen.insert(*name))
    }

    fn end_row(&mut self) {
        self.ends.push(self.fields.len());
    }
}

/// Reads a list of records, or with [`Records::one`] a single one, into `table`.
///
/// The JSON must be read from a slice or a string, since the carried fields point into it.
pub(crate) struct Records<'t, 's, 'de> {
    table: &'t mut Table<'s>,
    carried: &'t mut Carried<'de>,
}

impl<'t, 's, 'de> Records<'t, 's, 'de> {
    pub(crate) fn new(table: &'t mut Table<'s>, carried: &'t mut Carried<'de>) -> Self {
        Records { table, carried }
    }

    /// A reader of a single record.
    pub(crate) fn one(self) -> Record<'t, 's, 'de> {
        Record { table: self.table, carried: self.carried }
    }
}

impl<'de> DeserializeSeed<'de> for Records<'_, '_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Records<'_, '_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of records")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        loop {
            if self.table.is_full() {
                while items.next_element::<IgnoredAny>()?.is_some() {
                    self.table.overflow();
                }
                return Ok(());
            }
            let record = Record { table: self.table, carried: self.carried };
            if items.next_element_seed(record)?.is_none() {
                return Ok(());
            }
        }
    }
}

/// Reads one record.
pub(crate) struct Record<'t, 's, 'de> {
    table: &'t mut Table<'s>,
    carried: &'t mut Carried<'de>,
}

impl<'de> DeserializeSeed<'de> for Record<'_, '_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Record<'_, '_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a record: an object with a field for each input of the model")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        let Record { table, carried } = self;
        let mut next = 0;
        while let Some(key) = entries.next_key_seed(Key { scorer: table.scorer(), next })? {
            match key {
                Named::Input(place) => {
                    next = place + 1;
                    let read = entries.next_value_seed(table.cell(place))?;
                    table.note(place, read);
                }
                Named::Other(name) => carried.fields.push((name, entries.next_value()?)),
            }
        }
        if let Some(name) = carried.doubled() {
            table.problem(name, "the field is given twice");
        }
        table.end_row(carried.names());
        carried.end_row();
        Ok(())
    }
}

/// Reads a field's name.
pub(super) struct Key<'s> {
    pub(super) scorer: &'s Scorer,
    /// The input that comes next if fields stand in the signature's order.
    pub(super) next: usize,
}

pub(super) enum Named<'de> {
    Input(usize),
    Other(Cow<'de, str>),
}

impl Key<'_> {
    fn find<'de>(&self, name: &str, keep: impl FnOnce() -> Cow<'de, str>) -> Named<'de> {
        if self.scorer.inputs().get(self.next).is_some_and(|field| field.name == name) {
            return Named::Input(self.next);
        }
        self.scorer.input_place(name).map_or_else(|| Named::Other(keep()), Named::Input)
    }
}

impl<'de> DeserializeSeed<'de> for Key<'_> {
    type Value = Named<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Named<'de>, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Key<'_> {
    type Value = Named<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a field's name")
    }

    fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Named<'de>, E> {
        Ok(self.find(name, || Cow::Borrowed(name)))
    }

    fn visit_str<E>(self, name: &str) -> Result<Named<'de>, E> {
        Ok(self.find(name, || Cow::Owned(name.to_owned())))
    }
}
