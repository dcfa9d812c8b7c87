//! Saves made to do harm: whatever they say, opening one and scoring by it ends in an answer or an error, soon and in
//! little memory.
//!
//! | file | what it tries |
//! |---|---|
//! | `metadata` | every value in the metadata of every class, changed |
//! | `columns` | every column of the model data of every class, changed |
//! | `damage` | the bytes of the model data of every class, cut and changed |
//! | `trees` | nodes that are no tree, and trees of any depth |
//! | `pipelines` | stages that lead astray, and too many of them |
//! | `sizes` | few bytes that ask for much memory or time |

#![cfg(test)]

mod attempt;
mod columns;
mod damage;
mod golden;
mod made;
mod metadata;
mod pipelines;
mod sizes;
mod trees;

/// Counts the bytes that are allocated.
#[global_allocator]
static HEAP: peak_alloc::PeakAlloc = peak_alloc::PeakAlloc;
