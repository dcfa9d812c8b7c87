//! A part of a plan as it was before a pass rewrote it, for the rows that the pass does not take.

use std::sync::Arc;

use crate::column::Column;
use crate::error::{OpError, Origin};
use crate::graph::{Node, Slot};
use crate::ops::Outputs;

/// Some operations of a plan, none of which drops rows.
#[derive(Clone, Debug)]
pub(crate) struct Subplan {
    /// The operations; the columns that they are given own the first slots, in their order.
    nodes: Vec<Node>,
    outputs: Vec<Slot>,
    slots: usize,
}

impl Subplan {
    /// `nodes` of a graph in their order, which make the columns in `outputs` of those in `inputs`.
    pub(crate) fn new(mut nodes: Vec<Node>, inputs: &[Slot], outputs: &[Slot]) -> Subplan {
        let mut places: Vec<Slot> = inputs.to_vec();
        let mut place = |slot: Slot| {
            places.iter().position(|&known| known == slot).unwrap_or_else(|| {
                places.push(slot);
                places.len() - 1
            })
        };
        for slot in nodes.iter_mut().flat_map(|node| node.inputs.iter_mut().chain(&mut node.outputs)) {
            *slot = place(*slot);
        }
        let outputs = outputs.iter().map(|&slot| place(slot)).collect();
        Subplan { nodes, outputs, slots: places.len() }
    }

    /// The columns that the operations make; an error names the operation that met it.
    pub(crate) fn run(&self, rows: usize, inputs: &[&Column]) -> Result<Outputs, OpError> {
        let empty = || OpError::Internal("a column is read before it is written".to_owned());
        let mut slots: Vec<Option<Column>> = inputs.iter().map(|&input| Some(input.clone())).collect();
        slots.resize(self.slots, None);
        for node in &self.nodes {
            let inputs = node.inputs.iter().map(|&slot| slots[slot].as_ref().ok_or_else(empty));
            let inputs = inputs.collect::<Result<Vec<_>, _>>()?;
            let made = node.op.run(rows, &inputs).map_err(|error| locate(node, error))?;
            node.outputs.iter().zip(made.columns).for_each(|(&slot, column)| slots[slot] = Some(column));
        }
        let columns = self.outputs.iter().map(|&slot| slots[slot].clone().ok_or_else(empty));
        Ok(Outputs { columns: columns.collect::<Result<_, _>>()?, keep: None })
    }
}

fn locate(node: &Node, error: OpError) -> OpError {
    match error {
        OpError::Row(mut fault) => {
            let column = node.names.get(fault.input).map_or_else(|| Arc::from(""), Arc::clone);
            fault.origin = Some(Origin { column, stage: Arc::clone(&node.stage) });
            OpError::Row(fault)
        }
        internal => internal,
    }
}
