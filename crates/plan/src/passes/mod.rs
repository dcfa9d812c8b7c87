//! Optimizer passes. A pass never changes an answer: each has a property test against the plan before it.

mod cut;

pub(crate) use cut::cut;
