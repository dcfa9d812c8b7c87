//! The outputs of a model while it is built: by name and in order, however many there are.

use std::collections::{BTreeMap, HashMap};

use crate::graph::Slot;
use crate::signature::Field;

/// Outputs in the order in which they were added.
#[derive(Debug, Default)]
pub(crate) struct Outputs {
    in_order: BTreeMap<usize, (Field, Slot)>,
    places: HashMap<String, usize>,
    next: usize,
}

impl Outputs {
    /// Adds an output, which has no namesake among them.
    pub(crate) fn add(&mut self, field: Field, slot: Slot) {
        self.places.insert(field.name.clone(), self.next);
        self.in_order.insert(self.next, (field, slot));
        self.next += 1;
    }

    /// Takes the output of this name away, if there is one.
    pub(crate) fn remove(&mut self, name: &str) {
        if let Some(place) = self.places.remove(name) {
            self.in_order.remove(&place);
        }
    }

    /// Takes all away.
    pub(crate) fn clear(&mut self) {
        *self = Outputs::default();
    }

    /// The output of this name.
    pub(crate) fn get(&self, name: &str) -> Option<&Field> {
        self.in_order.get(self.places.get(name)?).map(|(field, _)| field)
    }

    /// The outputs in order.
    pub(crate) fn fields(&self) -> impl Iterator<Item = &Field> {
        self.in_order.values().map(|(field, _)| field)
    }

    /// The outputs in order, each with its slot.
    pub(crate) fn into_vec(self) -> Vec<(Field, Slot)> {
        self.in_order.into_values().collect()
    }
}
