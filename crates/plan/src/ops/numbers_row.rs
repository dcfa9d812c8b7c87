//! One row of numbers that is assembled, scaled and given to a model, without columns: what operations over columns of
//! numbers do to a row alone.

use super::{Assemble, Operation, Scale};
use crate::row::{MadeStep, RowStep, RowType};

/// The steps of a row one after another.
#[derive(Debug)]
struct NumbersRow {
    steps: Vec<Box<dyn RowStep>>,
    /// What a step reads, and what it makes.
    room: [Vec<f64>; 2],
}

/// What does to one row what `model` does behind `scales` and `assemble`; `None` where one of them takes columns.
pub(super) fn numbers_row(
    inputs: &[RowType],
    assemble: &Assemble,
    scales: &[Scale],
    model: &dyn Operation,
) -> Option<MadeStep> {
    let (assemble, vector) = assemble.row_step(inputs)?;
    let mut steps = vec![assemble];
    for scale in scales {
        steps.push(scale.row_step(&[vector])?.0);
    }
    let (model, made) = model.row_step(&[vector])?;
    steps.push(model);
    let room = vec![0.0; vector.width()];
    Some((Box::new(NumbersRow { steps, room: [room.clone(), room] }), made))
}

impl RowStep for NumbersRow {
    fn run(&mut self, inputs: &[f64], out: &mut [f64]) -> bool {
        let [read, made] = &mut self.room;
        let Some((last, steps)) = self.steps.split_last_mut() else { return false };
        read.copy_from_slice(inputs);
        for step in steps {
            if !step.run(read, made) {
                return false;
            }
            std::mem::swap(read, made);
        }
        last.run(read, out)
    }
}
