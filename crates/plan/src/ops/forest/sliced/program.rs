//! The selections that find the codes of a tree's leaves.

use std::collections::VecDeque;

use super::Step;
use super::codes::{Code, Codes};

/// The place of a plane: two constants, a plane for each test of the forest, then planes that are written over.
pub(in crate::ops::forest) type PlaneRef = u16;

/// A plane of zeros.
pub(in crate::ops::forest) const ZERO: PlaneRef = 0;
/// A plane of ones.
pub(in crate::ops::forest) const ONE: PlaneRef = 1;
/// The plane of the first test.
pub(super) const FIRST_TEST: PlaneRef = 2;

/// `to = if test { left } else { right }`, bit by bit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub(in crate::ops::forest) struct Select {
    pub(in crate::ops::forest) test: PlaneRef,
    pub(in crate::ops::forest) left: PlaneRef,
    pub(in crate::ops::forest) right: PlaneRef,
    pub(in crate::ops::forest) to: PlaneRef,
}

/// What is known of one bit of the codes below a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Bit {
    /// No leaf cares.
    Free,
    /// A constant or a test.
    Plane(PlaneRef),
    /// What a choice comes to; no other bit comes to the same.
    Choice(usize),
}

/// Writes the selections of trees, one after another.
///
/// A plane that a selection has just written is slow to read: the processor must hand it on from a store that is still
/// under way, and does not know which one. So the selections of a tree are made level by level, and a plane is
/// written over as late as can be.
#[derive(Debug)]
pub(super) struct Writer {
    pub(super) selects: Vec<Select>,
    /// The planes in use at most.
    pub(super) planes: usize,
    first_spare: PlaneRef,
}

impl Writer {
    /// A writer for a forest of this many tests; `None` if there are too many.
    pub(super) fn new(tests: usize) -> Option<Writer> {
        let first_spare = PlaneRef::try_from(tests).ok()?.checked_add(FIRST_TEST)?;
        Some(Writer { selects: Vec::new(), planes: usize::from(first_spare), first_spare })
    }

    /// Adds the selections of a tree; answers the planes of its codes' bits, the lowest first.
    pub(super) fn tree(&mut self, steps: &[Step], codes: &Codes) -> Option<Vec<PlaneRef>> {
        let bits = codes.bits as usize;
        let mut leaves = codes.leaves.iter();
        let mut known: Vec<Bit> = Vec::new();
        let mut choices = Vec::new();
        for step in steps {
            match *step {
                Step::Leaf => {
                    let code = *leaves.next()?;
                    known.extend((0..codes.bits).map(|bit| fixed(code, bit)));
                }
                Step::Fork { test, .. } => {
                    let right = known.split_off(known.len().checked_sub(bits)?);
                    let at = known.len().checked_sub(bits)?;
                    for (left, right) in known[at..].iter_mut().zip(right) {
                        *left = choose(&mut choices, test, *left, right);
                    }
                }
            }
        }
        self.schedule(&choices, &known)
    }

    /// Gives each choice a plane, level by level; answers the planes of `roots`.
    fn schedule(&mut self, choices: &[Choice], roots: &[Bit]) -> Option<Vec<PlaneRef>> {
        let mut order: Vec<usize> = (0..choices.len()).collect();
        order.sort_by_key(|&choice| choices[choice].level);
        let mut planes = vec![ZERO; choices.len()];
        let mut spare: VecDeque<PlaneRef> = (self.first_spare..self.planes as PlaneRef).collect();
        for choice in order {
            let Choice { test, left, right, .. } = choices[choice];
            let to = match spare.pop_front() {
                Some(plane) => plane,
                None => {
                    self.planes += 1;
                    PlaneRef::try_from(self.planes - 1).ok()?
                }
            };
            planes[choice] = to;
            let [left, right] = [left, right].map(|bit| match bit {
                Bit::Choice(choice) => {
                    spare.push_back(planes[choice]);
                    planes[choice]
                }
                Bit::Plane(plane) => plane,
                Bit::Free => ZERO,
            });
            self.selects.push(Select { test, left, right, to });
        }
        let plane = |bit: &Bit| match *bit {
            Bit::Free => ZERO,
            Bit::Plane(plane) => plane,
            Bit::Choice(choice) => planes[choice],
        };
        Some(roots.iter().map(plane).collect())
    }
}

/// A selection whose plane has no place yet.
#[derive(Clone, Copy, Debug)]
struct Choice {
    test: PlaneRef,
    left: Bit,
    right: Bit,
    /// The choices that must come before it, one after another.
    level: u32,
}

/// What is known of a bit where a test sends some rows left and some right.
fn choose(choices: &mut Vec<Choice>, test: PlaneRef, left: Bit, right: Bit) -> Bit {
    match (left, right) {
        (Bit::Free, known) | (known, Bit::Free) => known,
        (Bit::Plane(ONE), Bit::Plane(ZERO)) => Bit::Plane(test),
        (Bit::Plane(left), Bit::Plane(right)) if left == right => Bit::Plane(left),
        _ => {
            let level = |bit| if let Bit::Choice(choice) = bit { choices[choice].level + 1 } else { 0 };
            let level = level(left).max(level(right));
            choices.push(Choice { test, left, right, level });
            Bit::Choice(choices.len() - 1)
        }
    }
}

fn fixed(code: Code, bit: u32) -> Bit {
    match (code.fixed >> bit & 1, code.value >> bit & 1) {
        (0, _) => Bit::Free,
        (_, 0) => Bit::Plane(ZERO),
        _ => Bit::Plane(ONE),
    }
}
