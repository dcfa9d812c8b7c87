//! Runs a plan over a batch.

use std::cell::Cell;
use std::fmt;

use arrow_buffer::BooleanBuffer;
use smallvec::SmallVec;

use crate::batch::{Batch, Scored};
use crate::column::{Column, ColumnType};
use crate::error::{OpError, RowError, ScoreError};
use crate::graph::{Graph, Node};
use crate::ops::{Outputs, room};
use crate::signature::Field;

/// A compiled plan: settled types, only the operations that its outputs need.
#[derive(Debug)]
pub struct Plan {
    graph: Graph,
    outputs: Vec<Field>,
    /// For each node, the slots that no later node and no output reads.
    dead_after: Vec<Vec<usize>>,
}

/// Prints the operations, one a line.
impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.graph.fmt(f)
    }
}

impl Plan {
    pub(crate) fn new(graph: Graph) -> Plan {
        let outputs = graph.outputs.iter().map(|(field, _)| field.clone()).collect();
        let dead_after = dead_slots(&graph);
        Plan { graph, outputs, dead_after }
    }

    pub(crate) fn graph(&self) -> &Graph {
        &self.graph
    }

    /// The columns that the plan reads, in the order of [`Batch::columns`].
    pub fn inputs(&self) -> &[Field] {
        &self.graph.inputs
    }

    /// The columns that the plan writes, in the order of [`Scored::columns`].
    pub fn outputs(&self) -> &[Field] {
        &self.outputs
    }

    /// Whether some operation may drop rows.
    pub fn drops_rows(&self) -> bool {
        self.graph.nodes.iter().any(|node| node.op.drops_rows())
    }

    /// Makes what the first large batch would have to wait for: forests take many rows at once in a form that they do not
    /// need for few, and that takes a good part of the time of a load to make. [`score`](Plan::score) makes it if it is not there.
    pub fn prepare(&self) {
        self.graph.nodes.iter().for_each(|node| node.op.prepare());
    }

    /// Scores every row of `batch`, or says which row cannot be scored and why.
    pub fn score(&self, batch: Batch) -> Result<Scored, ScoreError> {
        self.check(&batch)?;
        let mut slots = ROOM.take();
        slots.extend(batch.columns.into_iter().map(Some));
        slots.resize_with(self.graph.slots, || None);
        let mut run = Run { rows: batch.rows, survivors: None, slots, held: 0 };
        let scored = self.steps(&mut run);
        run.slots.clear();
        ROOM.set(run.slots);
        scored
    }

    fn steps(&self, run: &mut Run) -> Result<Scored, ScoreError> {
        let rows_in = run.rows;
        for (node, dead) in self.graph.nodes.iter().zip(&self.dead_after) {
            run.step(node)?;
            dead.iter().for_each(|&slot| run.forget(slot));
        }
        let mut columns = Vec::with_capacity(self.graph.outputs.len());
        for (_, slot) in &self.graph.outputs {
            columns.push(run.slots[*slot].clone().ok_or_else(|| empty_slot(*slot))?);
        }
        Ok(Scored { rows_in, survivors: run.survivors.take(), columns })
    }

    /// Checks that the batch has the plan's input columns.
    fn check(&self, batch: &Batch) -> Result<(), ScoreError> {
        if batch.columns.len() != self.graph.inputs.len() {
            let (found, expected) = (batch.columns.len(), self.graph.inputs.len());
            return Err(ScoreError::Batch(format!("{found} columns, expected {expected}")));
        }
        for (column, field) in batch.columns.iter().zip(&self.graph.inputs) {
            if column.len() != batch.rows {
                let found = column.len();
                return Err(ScoreError::Batch(format!(
                    "column '{}' has {found} of {} rows",
                    field.name, batch.rows
                )));
            }
            if !fits(column, &field.column_type) {
                let found =
                    column.column_type().map_or_else(|| "another type".to_owned(), |found| found.to_string());
                return Err(ScoreError::Batch(format!(
                    "column '{}' is {found}, expected {}",
                    field.name, field.column_type
                )));
            }
        }
        Ok(())
    }
}

fn fits(column: &Column, column_type: &ColumnType) -> bool {
    column.column_type().is_some_and(|found| found == *column_type)
}

thread_local! {
    /// The slots of the run before on this thread, all empty, so that the next run needs no memory for its own.
    static ROOM: Cell<Vec<Option<Column>>> = const { Cell::new(Vec::new()) };
}

/// The state of one run.
struct Run {
    rows: usize,
    survivors: Option<Vec<u32>>,
    slots: Vec<Option<Column>>,
    /// The bytes of the columns in the slots, about.
    held: usize,
}

impl Run {
    fn step(&mut self, node: &Node) -> Result<(), ScoreError> {
        let mut inputs: SmallVec<[&Column; 16]> = SmallVec::with_capacity(node.inputs.len());
        for &slot in &node.inputs {
            inputs.push(self.slots[slot].as_ref().ok_or_else(|| empty_slot(slot))?);
        }
        room::check_width(self.rows, node.op.width(node.inputs.len()))
            .map_err(|error| self.locate(node, error))?;
        let Outputs { columns, keep } =
            node.op.run(self.rows, &inputs).map_err(|error| self.locate(node, error))?;
        drop(inputs);
        for (&slot, column) in node.outputs.iter().zip(columns) {
            self.held = self.held.saturating_add(column.bytes());
            self.slots[slot] = Some(column);
        }
        room::check_held(self.rows, self.held).map_err(|error| self.locate(node, error))?;
        match keep {
            Some(keep) if keep.count_set_bits() < self.rows => self.drop_rows(&keep),
            _ => Ok(()),
        }
    }

    /// Empties a slot that nothing reads any more.
    fn forget(&mut self, slot: usize) {
        if let Some(column) = self.slots[slot].take() {
            self.held = self.held.saturating_sub(column.bytes());
        }
    }

    /// Keeps only the rows for which `keep` holds, in every live column.
    fn drop_rows(&mut self, keep: &BooleanBuffer) -> Result<(), ScoreError> {
        for column in self.slots.iter_mut().flatten() {
            *column = column.filter(keep).map_err(|error| ScoreError::Batch(error.to_string()))?;
        }
        self.held = self.slots.iter().flatten().map(Column::bytes).sum();
        self.survivors = Some(match &self.survivors {
            None => keep.set_indices().map(|row| row as u32).collect(),
            Some(before) => keep.set_indices().map(|row| before[row]).collect(),
        });
        self.rows = keep.count_set_bits();
        Ok(())
    }

    /// Names the row, column and stage of an operation's error.
    fn locate(&self, node: &Node, error: OpError) -> ScoreError {
        match error {
            OpError::Internal(message) => ScoreError::Batch(format!("{}: {message}", node.stage)),
            OpError::Row(fault) => {
                let (column, stage) = match &fault.origin {
                    Some(origin) => (Some(&origin.column), &origin.stage),
                    None => (node.names.get(fault.input), &node.stage),
                };
                ScoreError::Row(Box::new(RowError {
                    row: self.survivors.as_ref().map_or(fault.row, |rows| rows[fault.row] as usize),
                    column: column.map_or_else(String::new, ToString::to_string),
                    stage: stage.to_string(),
                    found: fault.found,
                    expected: fault.expected,
                    hint: fault.hint.to_owned(),
                }))
            }
        }
    }
}

fn empty_slot(slot: usize) -> ScoreError {
    ScoreError::Batch(format!("the plan reads %{slot} before it is written"))
}

/// For each node, the slots that nothing reads after it.
fn dead_slots(graph: &Graph) -> Vec<Vec<usize>> {
    let mut live = vec![false; graph.slots];
    graph.outputs.iter().for_each(|&(_, slot)| live[slot] = true);
    let mut dead = vec![Vec::new(); graph.nodes.len()];
    for (at, node) in graph.nodes.iter().enumerate().rev() {
        for &slot in node.inputs.iter().chain(&node.outputs) {
            if !live[slot] {
                live[slot] = true;
                dead[at].push(slot);
            }
        }
    }
    dead
}
