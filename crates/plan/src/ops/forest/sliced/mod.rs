//! Many rows at once, a bit a row.
//!
//! Each test of a forest over bins, however often it stands in the trees, is made once for a block of rows and gives
//! a plane: a bit for each row. A tree is then a straight list of selections between planes ([`Select`]), the same
//! for every row, with no branch, no node to look up and nothing that depends on where a row goes. The planes that
//! are left are the bits of each row's leaf ([`codes`]). The work grows with the splits of a tree, not with its depth.
//!
//! Deep trees end in many leaves of few values, most of them pure. What is summed does not tell leaves of one value apart
//! ([`Worth`]), so that a few bits do for them.

mod codes;
mod program;
mod worth;

use std::ops::Range;
use std::panic::resume_unwind;
use std::thread;

use super::binned::Binned;
use super::pages::PageNode;
use super::trees::{Nodes, Trees};
use codes::Codes;
use program::{FIRST_TEST, Selections, Writer};
pub(super) use program::{Form, ONE, PlaneRef, Run, ZERO};
pub(super) use worth::Worth;
use worth::alone;

/// A node of a tree, each after the nodes below it, the left ones first.
#[derive(Clone, Copy, Debug)]
enum Step {
    Leaf,
    Fork { test: PlaneRef, depth: u32 },
}

/// A test of the forest: whether a bin is at most some other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct BinTest {
    pub(super) slot: u8,
    pub(super) bin: u8,
}

/// A forest as selections.
#[derive(Clone, Debug)]
pub(super) struct Sliced {
    pub(super) tests: Vec<BinTest>,
    pub(super) planes: usize,
    /// The planes that selections name, tree after tree.
    places: Vec<PlaneRef>,
    runs: Vec<Run>,
    /// For each tree the planes of its bits, the lowest first.
    roots: Vec<PlaneRef>,
    /// For each tree and each code the number of the leaf, or of one that is worth the same; or a place of values.
    leaf_of: Vec<u16>,
    /// Whether codes lead to places, which count over the forest.
    placed: bool,
    trees: Vec<SlicedTree>,
}

#[derive(Clone, Copy, Debug)]
struct SlicedTree {
    end_place: u32,
    end_run: u32,
    end_root: u32,
    end_leaf: u32,
}

/// A tree of a sliced forest.
#[derive(Clone, Copy, Debug)]
pub(super) struct TreeProgram<'a> {
    /// The number of planes that the selections of the forest name.
    pub(super) planes: usize,
    /// The selections, neighbours of one form together.
    pub(super) runs: &'a [Run],
    /// The planes that they name.
    pub(super) places: &'a [PlaneRef],
    pub(super) roots: &'a [PlaneRef],
    pub(super) leaf_of: &'a [u16],
}

impl Sliced {
    /// The selections of all trees; `None` where one of them is too large or too deep. Where leaves are `worth` the same
    /// they need not be told apart.
    pub(super) fn of(trees: &Trees, worth: Option<Worth<'_>>) -> Option<Sliced> {
        let Nodes::Binned(nodes) = &trees.nodes else { return None };
        let tests = nodes.tests();
        let all = 0..trees.len();
        let made = |range: Range<usize>| Sliced::of_some(trees, nodes, &tests, range, worth);
        if nodes.nodes() < NODES_FOR_TWO {
            return made(all);
        }
        // The trees alone say where they are parted, so that every load makes the same.
        let middle = trees.len() / 2;
        thread::scope(|scope| {
            let other = thread::Builder::new().spawn_scoped(scope, || made(middle..all.end));
            let first = made(0..middle);
            let second = match other {
                Ok(other) => other.join().unwrap_or_else(|fault| resume_unwind(fault)),
                Err(_) => made(middle..all.end),
            };
            first?.followed_by(&second?)
        })
    }

    /// The selections of some trees.
    fn of_some(
        trees: &Trees,
        nodes: &Binned,
        tests: &[BinTest],
        range: Range<usize>,
        worth: Option<Worth<'_>>,
    ) -> Option<Sliced> {
        let mut writer = Writer::new(tests.len())?;
        let (mut roots, mut leaf_of, mut ends) = (Vec::new(), Vec::new(), Vec::with_capacity(range.len()));
        for tree in range {
            let steps = steps(nodes, trees, tree, tests)?;
            let leaves = steps.len() / 2 + 1;
            let kinds =
                worth.map_or_else(|| alone(leaves), |worth| worth.kinds(trees.first_leaf(tree), leaves));
            let (codes, selections) = cheapest(&steps, &kinds)?;
            roots.extend(writer.tree(&selections)?);
            spread(&codes, &kinds, &mut leaf_of)?;
            ends.push(SlicedTree {
                end_place: u32::try_from(writer.places.len()).ok()?,
                end_run: u32::try_from(writer.runs.len()).ok()?,
                end_root: u32::try_from(roots.len()).ok()?,
                end_leaf: u32::try_from(leaf_of.len()).ok()?,
            });
        }
        let Writer { mut places, mut runs, planes, .. } = writer;
        if places.iter().any(|&place| usize::from(place) >= planes) {
            return None;
        }
        places.shrink_to_fit();
        runs.shrink_to_fit();
        leaf_of.shrink_to_fit();
        Some(Sliced {
            tests: tests.to_vec(),
            planes,
            places,
            runs,
            roots,
            leaf_of,
            placed: false,
            trees: ends,
        })
    }

    /// These trees and then those of `other`, which are over the same tests; `None` where they are too many.
    pub(super) fn followed_by(mut self, other: &Sliced) -> Option<Sliced> {
        let moved = |end: u32, by: usize| u32::try_from(end as usize + by).ok();
        let (places, runs) = (self.places.len(), self.runs.len());
        let (roots, leaves) = (self.roots.len(), self.leaf_of.len());
        for tree in &other.trees {
            self.trees.push(SlicedTree {
                end_place: moved(tree.end_place, places)?,
                end_run: moved(tree.end_run, runs)?,
                end_root: moved(tree.end_root, roots)?,
                end_leaf: moved(tree.end_leaf, leaves)?,
            });
        }
        self.places.extend_from_slice(&other.places);
        self.runs.extend_from_slice(&other.runs);
        self.roots.extend_from_slice(&other.roots);
        self.leaf_of.extend_from_slice(&other.leaf_of);
        self.planes = self.planes.max(other.planes);
        Some(self)
    }

    /// These selections, with what `place` answers for a leaf of a tree in its place.
    pub(super) fn with_places(mut self, place: impl Fn(usize, usize) -> u16) -> Sliced {
        let mut start = 0;
        for (tree, &SlicedTree { end_leaf, .. }) in self.trees.iter().enumerate() {
            let end = end_leaf as usize;
            self.leaf_of[start..end].iter_mut().for_each(|leaf| *leaf = place(tree, usize::from(*leaf)));
            start = end;
        }
        self.placed = true;
        self
    }

    /// What is added to what codes lead to in a tree.
    pub(super) fn base(&self, trees: &Trees, tree: usize) -> usize {
        if self.placed { 0 } else { trees.first_leaf(tree) }
    }

    /// Every tree in order.
    pub(super) fn trees(&self) -> impl Iterator<Item = TreeProgram<'_>> {
        let mut start = SlicedTree { end_place: 0, end_run: 0, end_root: 0, end_leaf: 0 };
        self.trees.iter().map(move |end| {
            let program = TreeProgram {
                planes: self.planes,
                runs: &self.runs[start.end_run as usize..end.end_run as usize],
                places: &self.places[start.end_place as usize..end.end_place as usize],
                roots: &self.roots[start.end_root as usize..end.end_root as usize],
                leaf_of: &self.leaf_of[start.end_leaf as usize..end.end_leaf as usize],
            };
            start = *end;
            program
        })
    }

    /// The number of selections in one or more.
    #[cfg(test)]
    pub(super) fn selections(&self) -> usize {
        self.runs.iter().map(|run| run.count as usize).sum()
    }

    /// The plane of a test.
    pub(super) fn plane_of(test: usize) -> usize {
        usize::from(FIRST_TEST) + test
    }
}

/// The bits that codes may take beyond those that number the leaves.
const SPARE_BITS: u32 = 1;

/// From so many nodes on a second thread is worth its start.
const NODES_FOR_TWO: usize = 1 << 14;

/// The deepest tree that is made into selections.
const MAX_DEPTH: u32 = 64;

/// The most leaves of such a tree.
const MAX_LEAVES: usize = 1 << codes::MAX_BITS;

fn steps(nodes: &Binned, trees: &Trees, tree: usize, tests: &[BinTest]) -> Option<Vec<Step>> {
    if trees.trees[tree].depth > MAX_DEPTH {
        return None;
    }
    let pages = &nodes.pages;
    let mut steps = Vec::new();
    let mut stack = vec![(pages.root(tree), 0)];
    // Forks before what is below them and right before left, then turned round.
    while let Some((at, depth)) = stack.pop() {
        match pages.node(at) {
            PageNode::Leaf => steps.push(Step::Leaf),
            PageNode::Fork { test, passes, fails } => {
                let plane = Sliced::plane_of(tests.binary_search(&test).ok()?);
                steps.push(Step::Fork { test: PlaneRef::try_from(plane).ok()?, depth });
                stack.extend([(passes, depth + 1), (fails, depth + 1)]);
            }
        }
        if steps.len() > 2 * MAX_LEAVES {
            return None;
        }
    }
    steps.reverse();
    Some(steps)
}

/// The codes of a tree's leaves that take the fewest selections, and these.
fn cheapest(steps: &[Step], kinds: &[u16]) -> Option<(Codes, Selections)> {
    let enough = usize::BITS - (kinds.len() - 1).leading_zeros();
    let ways = [codes::codes(steps, enough + SPARE_BITS), codes::of_kinds(kinds)];
    let made = ways.into_iter().flatten().filter_map(|codes| {
        let selections = Selections::of(steps, &codes)?;
        Some((codes, selections))
    });
    made.min_by_key(|(_, selections)| selections.len())
}

/// Adds for each code the number of the leaf that answers to it, or of one that is worth the same; `None` if two others
/// do.
fn spread(codes: &Codes, kinds: &[u16], leaf_of: &mut Vec<u16>) -> Option<()> {
    let start = leaf_of.len();
    let all = 1_usize << codes.bits;
    leaf_of.resize(start + all, u16::MAX);
    let table = &mut leaf_of[start..];
    for (&leaf, code) in kinds.iter().zip(&codes.leaves) {
        // Counts through the bits that are not fixed.
        let free = (all - 1) & !usize::from(code.fixed);
        let mut bits = 0;
        loop {
            let place = &mut table[usize::from(code.value) | bits];
            if *place != u16::MAX && *place != leaf {
                return None;
            }
            *place = leaf;
            bits = bits.wrapping_sub(free) & free;
            if bits == 0 {
                break;
            }
        }
    }
    // A code that no leaf has is never found.
    table.iter_mut().filter(|leaf| **leaf == u16::MAX).for_each(|leaf| *leaf = 0);
    Some(())
}
