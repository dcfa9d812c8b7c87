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

/// One to three selections in one: `test ? left : right`, bit by bit, where `left` and `right` are planes or are
/// selections themselves. What stands between them stays in registers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::ops::forest) enum Form {
    /// `to, test, left, right`.
    One,
    /// `to, test, below, left, right, other`: `test ? (below ? left : right) : other`.
    Left,
    /// `to, test, other, below, left, right`: `test ? other : (below ? left : right)`.
    Right,
    /// `to, test, a, left, right, b, third, fourth`: `test ? (a ? left : right) : (b ? third : fourth)`.
    Both,
}

impl Form {
    /// The number of planes that it names.
    pub(in crate::ops::forest) fn places(self) -> usize {
        match self {
            Form::One => 4,
            Form::Left | Form::Right => 6,
            Form::Both => 8,
        }
    }
}

/// Neighbours of one form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ops::forest) struct Run {
    pub(in crate::ops::forest) form: Form,
    pub(in crate::ops::forest) count: u32,
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
/// under way, and does not know which one. So the selections of a tree are made level by level, those of one form side
/// by side, and a plane is written over as late as can be.
#[derive(Debug)]
pub(super) struct Writer {
    /// The planes that the selections name, run after run.
    pub(super) places: Vec<PlaneRef>,
    pub(super) runs: Vec<Run>,
    /// The planes in use at most.
    pub(super) planes: usize,
    first_spare: PlaneRef,
}

impl Writer {
    /// A writer for a forest of this many tests; `None` if there are too many.
    pub(super) fn new(tests: usize) -> Option<Writer> {
        let first_spare = PlaneRef::try_from(tests).ok()?.checked_add(FIRST_TEST)?;
        Some(Writer { places: Vec::new(), runs: Vec::new(), planes: usize::from(first_spare), first_spare })
    }

    /// Adds the selections of a tree; answers the planes of its codes' bits, the lowest first.
    pub(super) fn tree(&mut self, Selections { choices, roots }: &Selections) -> Option<Vec<PlaneRef>> {
        self.schedule(choices, roots)
    }

    /// Gives each group of choices a plane, level by level; answers the planes of `roots`.
    fn schedule(&mut self, choices: &[Choice], roots: &[Bit]) -> Option<Vec<PlaneRef>> {
        let mut planes = vec![ZERO; choices.len()];
        let mut spare: VecDeque<PlaneRef> = (self.first_spare..self.planes as PlaneRef).collect();
        let first_run = self.runs.len();
        for (_, form, at) in groups(choices, roots) {
            let to = match spare.pop_front() {
                Some(plane) => plane,
                None => {
                    self.planes += 1;
                    PlaneRef::try_from(self.planes - 1).ok()?
                }
            };
            planes[at] = to;
            self.places.push(to);
            let mut name = |bit: Bit| match bit {
                Bit::Choice(choice) => {
                    spare.push_back(planes[choice]);
                    self.places.push(planes[choice]);
                }
                Bit::Plane(plane) => self.places.push(plane),
                Bit::Free => self.places.push(ZERO),
            };
            let Choice { test, left, right } = choices[at];
            name(Bit::Plane(test));
            let inner = [
                (left, matches!(form, Form::Left | Form::Both)),
                (right, matches!(form, Form::Right | Form::Both)),
            ];
            for side in inner {
                match side {
                    (Bit::Choice(below), true) => {
                        let Choice { test, left, right } = choices[below];
                        [Bit::Plane(test), left, right].into_iter().for_each(&mut name);
                    }
                    (bit, _) => name(bit),
                }
            }
            match self.runs[first_run..].last_mut() {
                Some(run) if run.form == form => run.count += 1,
                _ => self.runs.push(Run { form, count: 1 }),
            }
        }
        let plane = |bit: &Bit| match *bit {
            Bit::Free => ZERO,
            Bit::Plane(plane) => plane,
            Bit::Choice(choice) => planes[choice],
        };
        Some(roots.iter().map(plane).collect())
    }
}

/// The selections of a tree, before they have planes.
#[derive(Debug)]
pub(super) struct Selections {
    choices: Vec<Choice>,
    /// What the bits of the codes come to, the lowest first.
    roots: Vec<Bit>,
}

impl Selections {
    /// Those that find the codes of a tree's leaves.
    pub(super) fn of(steps: &[Step], codes: &Codes) -> Option<Selections> {
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
        Some(Selections { choices, roots: known })
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.choices.len()
    }
}

/// The choices that are made in one with those right below them, in the order in which they are made: the groups that
/// must come before, one after another, then the form.
fn groups(choices: &[Choice], roots: &[Bit]) -> Vec<(u32, Form, usize)> {
    let choice = |bit: Bit| if let Bit::Choice(choice) = bit { Some(choice) } else { None };
    // No choice is asked for twice, so from the roots down each lies in one group.
    let mut heads: Vec<usize> = roots.iter().filter_map(|&root| choice(root)).collect();
    let mut found = Vec::new();
    while let Some(at) = heads.pop() {
        let below = [choices[at].left, choices[at].right].map(choice);
        let form = match below {
            [None, None] => Form::One,
            [Some(_), None] => Form::Left,
            [None, Some(_)] => Form::Right,
            [Some(_), Some(_)] => Form::Both,
        };
        heads.extend(
            below
                .into_iter()
                .flatten()
                .flat_map(|at| [choices[at].left, choices[at].right])
                .filter_map(choice),
        );
        found.push((form, at));
    }
    // A choice comes after those that it is made of.
    found.sort_unstable_by_key(|&(_, at)| at);
    let mut levels = vec![0; choices.len()];
    let mut groups: Vec<(u32, Form, usize)> = Vec::with_capacity(found.len());
    for (form, at) in found {
        let below = [choices[at].left, choices[at].right].into_iter().filter_map(choice);
        let needed = below.flat_map(|at| [choices[at].left, choices[at].right]).filter_map(choice);
        levels[at] = needed.map(|needed| levels[needed] + 1).max().unwrap_or(0);
        groups.push((levels[at], form, at));
    }
    groups.sort_unstable();
    groups
}

/// A selection whose plane has no place yet.
#[derive(Clone, Copy, Debug)]
struct Choice {
    test: PlaneRef,
    left: Bit,
    right: Bit,
}

/// What is known of a bit where a test sends some rows left and some right.
fn choose(choices: &mut Vec<Choice>, test: PlaneRef, left: Bit, right: Bit) -> Bit {
    match (left, right) {
        (Bit::Free, known) | (known, Bit::Free) => known,
        (Bit::Plane(ONE), Bit::Plane(ZERO)) => Bit::Plane(test),
        (Bit::Plane(left), Bit::Plane(right)) if left == right => Bit::Plane(left),
        _ => {
            choices.push(Choice { test, left, right });
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
