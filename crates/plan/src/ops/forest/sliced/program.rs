//! The selections that find the codes of a tree's leaves.

use super::Step;
use super::codes::{Code, Codes};
use super::reach::{Keys, LANES, Reach, Reaches};

/// The place of a plane: two constants, a plane for each test of the forest, then those that the selections of a bundle
/// make, one after another.
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
    /// `test, left, right`.
    One,
    /// `test, below, left, right, other`: `test ? (below ? left : right) : other`.
    Left,
    /// `test, other, below, left, right`: `test ? other : (below ? left : right)`.
    Right,
    /// `test, a, left, right, b, third, fourth`: `test ? (a ? left : right) : (b ? third : fourth)`.
    Both,
}

impl Form {
    /// The number of planes that it names.
    pub(in crate::ops::forest) fn places(self) -> usize {
        match self {
            Form::One => 3,
            Form::Left | Form::Right => 5,
            Form::Both => 7,
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

/// Writes the selections of trees, some trees in a bundle, one bundle after another.
///
/// A plane that a selection has just written is slow to read: the processor must hand it on from a store that is still
/// under way, and does not know which one. So the selections of a bundle are made level by level, each into a plane of its
/// own.
#[derive(Debug)]
pub(super) struct Writer {
    /// The planes that the selections name, run after run.
    pub(super) places: Vec<PlaneRef>,
    pub(super) runs: Vec<Run>,
    /// What they are for, those of each bundle from new lanes on.
    pub(super) reaches: Vec<Reaches>,
    /// The planes in use at most.
    pub(super) planes: usize,
    /// The plane that the first selection of a bundle makes.
    first: PlaneRef,
}

impl Writer {
    /// A writer for a forest of this many tests; `None` if there are too many.
    pub(super) fn new(tests: usize) -> Option<Writer> {
        let first = PlaneRef::try_from(tests).ok()?.checked_add(FIRST_TEST)?;
        let (places, runs, reaches) = (Vec::new(), Vec::new(), Vec::new());
        Some(Writer { places, runs, reaches, planes: usize::from(first), first })
    }

    /// Adds the selections of some trees; answers the planes of their codes' bits, each tree's lowest first.
    pub(super) fn bundle(
        &mut self,
        Selections { choices, roots }: &Selections,
        keys: &Keys,
    ) -> Option<Vec<PlaneRef>> {
        let mut planes = vec![ZERO; choices.len()];
        let groups = groups(choices, roots);
        self.planes = self.planes.max(usize::from(self.first) + groups.len());
        let runs = groups.chunk_by(|one, other| (one.level > 0, one.form) == (other.level > 0, other.form));
        self.runs.extend(runs.map(|run| Run { form: run[0].form, count: run.len() as u32 }));
        for (number, group) in groups.into_iter().enumerate() {
            let Choice { test, left, right, reach } = choices[group.at];
            let [of_left, of_right] = match group.form {
                Form::One => [false, false],
                Form::Left => [true, false],
                Form::Right => [false, true],
                Form::Both => [true, true],
            };
            self.places.push(test);
            for (side, joined) in [(left, of_left), (right, of_right)] {
                match side {
                    Bit::Choice(below) if joined => {
                        let Choice { test, left, right, .. } = choices[below];
                        self.places.extend([test, plane(left, &planes), plane(right, &planes)]);
                    }
                    // Nothing to choose: no row has a bit in the plane of zeros.
                    side if joined => self.places.extend([ZERO, ZERO, plane(side, &planes)]),
                    side => self.places.push(plane(side, &planes)),
                }
            }
            planes[group.at] = PlaneRef::try_from(usize::from(self.first) + number).ok()?;
            if number % LANES == 0 {
                self.reaches.push(Reaches::NONE);
            }
            if let Some(reaches) = self.reaches.last_mut() {
                reaches.set(number % LANES, keys.cells(&reach));
            }
        }
        Some(roots.iter().map(|&root| plane(root, &planes)).collect())
    }
}

/// The plane of a bit, where `planes` has those of the choices.
fn plane(bit: Bit, planes: &[PlaneRef]) -> PlaneRef {
    match bit {
        Bit::Free => ZERO,
        Bit::Plane(plane) => plane,
        Bit::Choice(choice) => planes[choice],
    }
}

/// The selections of a tree or of several, before they have planes.
#[derive(Debug, Default)]
pub(super) struct Selections {
    choices: Vec<Choice>,
    /// What the bits of the codes come to, the lowest first, tree after tree.
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
                Step::Fork { test, reach, .. } => {
                    let end = known.len().checked_sub(bits)?;
                    let (lefts, rights) = known.split_at_mut(end);
                    let lefts = &mut lefts[end.checked_sub(bits)?..];
                    for (left, &mut right) in lefts.iter_mut().zip(rights) {
                        *left = choose(&mut choices, (test, reach), *left, right);
                    }
                    known.truncate(end);
                }
            }
        }
        Some(Selections { choices, roots: known })
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.choices.len()
    }

    /// Adds those of another tree.
    pub(super) fn extend(&mut self, other: Selections) {
        let before = self.choices.len();
        let moved = |bit: Bit| if let Bit::Choice(at) = bit { Bit::Choice(before + at) } else { bit };
        let choices = other.choices.into_iter();
        self.choices.extend(choices.map(|choice| Choice {
            left: moved(choice.left),
            right: moved(choice.right),
            ..choice
        }));
        self.roots.extend(other.roots.into_iter().map(moved));
    }
}

/// Choices that are made in one.
#[derive(Clone, Copy, Debug)]
struct Group {
    /// The choice that the others are below.
    at: usize,
    form: Form,
    /// How many groups must come before, one after another.
    level: u32,
}

/// The choice that a bit is, if it is one.
fn choice(bit: Bit) -> Option<usize> {
    if let Bit::Choice(choice) = bit { Some(choice) } else { None }
}

/// The choices joined with those right below them, in the order in which they are made.
fn groups(choices: &[Choice], roots: &[Bit]) -> Vec<Group> {
    let below = |at: usize| [choices[at].left, choices[at].right].map(choice);
    // No choice is asked for twice, so from the roots down each lies in one group.
    let mut heads: Vec<usize> = roots.iter().filter_map(|&root| choice(root)).collect();
    let mut groups = Vec::with_capacity(choices.len());
    while let Some(at) = heads.pop() {
        heads.extend(below(at).into_iter().flatten().flat_map(below).flatten());
        let form = match below(at) {
            [None, None] => Form::One,
            [Some(_), None] => Form::Left,
            [None, Some(_)] => Form::Right,
            [Some(_), Some(_)] => Form::Both,
        };
        groups.push(Group { at, form, level: 0 });
    }
    // A choice comes after those that it is made of.
    groups.sort_unstable_by_key(|group| group.at);
    let mut levels = vec![0; choices.len()];
    for group in &mut groups {
        let needed = below(group.at).into_iter().flatten().flat_map(below).flatten();
        group.level = needed.map(|needed| levels[needed] + 1).max().unwrap_or(0);
        levels[group.at] = group.level;
        if group.level > 0 {
            // All of one form, so that those of all levels are one run: each run costs a branch foreseen wrong.
            group.form = Form::Both;
        }
    }
    groups.sort_unstable_by_key(|group| (group.level > 0, group.form, group.level, group.at));
    groups
}

/// A selection whose plane has no place yet.
#[derive(Clone, Copy, Debug)]
struct Choice {
    test: PlaneRef,
    left: Bit,
    right: Bit,
    /// The rows that it is made for.
    reach: Reach,
}

/// What is known of a bit where a test sends some rows of a reach left and some right.
fn choose(choices: &mut Vec<Choice>, (test, reach): (PlaneRef, Reach), left: Bit, right: Bit) -> Bit {
    match (left, right) {
        (Bit::Free, known) | (known, Bit::Free) => known,
        (Bit::Plane(ONE), Bit::Plane(ZERO)) => Bit::Plane(test),
        (Bit::Plane(left), Bit::Plane(right)) if left == right => Bit::Plane(left),
        _ => {
            choices.push(Choice { test, left, right, reach });
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
