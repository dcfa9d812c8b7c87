//! Operations on vectors that take each slot by itself, as passes see them.

use super::Op;

/// An operation that maps each slot of a vector by a function of its own, zeros that a sparse vector does not store
/// included. It refuses nothing but nulls and vectors of another size, and drops no row.
pub(crate) trait Slotwise {
    /// The size of the vectors; `None` if any will do.
    fn size(&self) -> Option<usize>;

    /// What `x` becomes in a slot, in the very arithmetic of the operation.
    fn at(&self, slot: usize, x: f64) -> f64;

    /// Whether the slot's function never descends, and answers NaN for NaN alone.
    fn ascends(&self, slot: usize) -> bool;
}

impl Op {
    /// This operation as one that takes each slot by itself, if it does.
    pub(crate) fn slotwise(&self) -> Option<&dyn Slotwise> {
        match self {
            Op::Scale(op) => Some(op),
            Op::MinMax(op) => Some(op),
            Op::Divide(op) => op.slotwise(),
            Op::CheckSize(op) => (!op.skip).then_some(op),
            _ => None,
        }
    }
}

/// Whether numbers multiplied or divided by `factor` keep their order and none becomes NaN.
pub(super) fn keeps_order(factor: f64) -> bool {
    factor > 0.0 && factor.is_finite()
}
