//! The graph of operations between named inputs and outputs.

use std::fmt;
use std::sync::Arc;

use crate::column::ColumnType;
use crate::ops::Op;
use crate::signature::Field;

/// The place of a column while a plan runs.
pub(crate) type Slot = usize;

/// One operation, with the slots that it reads and writes.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) op: Arc<Op>,
    pub(crate) inputs: Vec<Slot>,
    pub(crate) outputs: Vec<Slot>,
    /// The names of the columns read, for errors.
    pub(crate) names: Vec<Arc<str>>,
    /// The stage's class and uid, for errors.
    pub(crate) stage: Arc<str>,
}

/// Operations in the order in which they run. Inputs own the first slots, in their order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Graph {
    pub(crate) inputs: Vec<Field>,
    pub(crate) nodes: Vec<Node>,
    pub(crate) outputs: Vec<(Field, Slot)>,
    pub(crate) slots: usize,
}

impl Graph {
    /// The nodes that read the column in `slot`, with their places.
    pub(crate) fn readers(&self, slot: Slot) -> impl Iterator<Item = (usize, &Node)> {
        self.nodes.iter().enumerate().filter(move |(_, node)| node.inputs.contains(&slot))
    }

    /// Whether the column in `slot` is asked for.
    pub(crate) fn is_output(&self, slot: Slot) -> bool {
        self.outputs.iter().any(|&(_, output)| output == slot)
    }

    /// The type of each slot; `None` if the operations do not fit together, which the builder rules out.
    pub(crate) fn slot_types(&self) -> Option<Vec<ColumnType>> {
        let mut types: Vec<Option<ColumnType>> = vec![None; self.slots];
        for (slot, field) in self.inputs.iter().enumerate() {
            types[slot] = Some(field.column_type.clone());
        }
        for node in &self.nodes {
            let inputs: Vec<&ColumnType> =
                node.inputs.iter().map(|&slot| types[slot].as_ref()).collect::<Option<_>>()?;
            let outputs = node.op.output_types(&inputs).ok()?;
            node.outputs.iter().zip(outputs).for_each(|(&slot, output)| types[slot] = Some(output));
        }
        types.into_iter().collect()
    }
}

impl fmt::Display for Graph {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (slot, field) in self.inputs.iter().enumerate() {
            writeln!(f, "%{slot} = input {field}")?;
        }
        for node in &self.nodes {
            let list =
                |slots: &[Slot]| slots.iter().map(|slot| format!("%{slot}")).collect::<Vec<_>>().join(", ");
            writeln!(f, "{} = {}({})", list(&node.outputs), node.op, list(&node.inputs))?;
        }
        for (field, slot) in &self.outputs {
            writeln!(f, "output {field} = %{slot}")?;
        }
        Ok(())
    }
}
