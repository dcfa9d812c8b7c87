//! Many rows at once, a bit a row.
//!
//! Each test of a forest over bins, however often it stands in the trees, is made once for a block of rows and gives
//! a plane: a bit for each row. A tree is then a straight list of selections between planes ([`Select`]), the same
//! for every row, with no branch, no node to look up and nothing that depends on where a row goes. The planes that
//! are left are the bits of each row's leaf ([`codes`]). The work grows with the splits of a tree, not with its depth.

mod codes;
mod program;

use super::binned::BinNodes;
use super::trees::Tree;
use codes::Codes;
use program::{FIRST_TEST, Writer};
pub(super) use program::{Form, ONE, PlaneRef, Run, ZERO};

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
    /// For each tree and each code the number of the leaf.
    leaf_of: Vec<u16>,
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
    /// The selections of these trees; `None` where one of them is too large or too deep.
    pub(super) fn of(nodes: &BinNodes<'_>, trees: &[Tree]) -> Option<Sliced> {
        let tests = nodes.tests();
        let mut writer = Writer::new(tests.len())?;
        let (mut roots, mut leaf_of, mut ends) = (Vec::new(), Vec::new(), Vec::with_capacity(trees.len()));
        for tree in trees {
            let steps = steps(nodes, tree, &tests)?;
            let leaves = steps.len() / 2 + 1;
            let enough = usize::BITS - (leaves - 1).leading_zeros();
            let codes = codes::codes(&steps, enough + SPARE_BITS)?;
            roots.extend(writer.tree(&steps, &codes)?);
            spread(&codes, &mut leaf_of)?;
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
        Some(Sliced { tests, planes, places, runs, roots, leaf_of, trees: ends })
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

    /// The plane of a test.
    pub(super) fn plane_of(test: usize) -> usize {
        usize::from(FIRST_TEST) + test
    }
}

/// The bits that codes may take beyond those that number the leaves.
const SPARE_BITS: u32 = 1;

/// The deepest tree that is made into selections.
const MAX_DEPTH: u32 = 64;

/// The most leaves of such a tree.
const MAX_LEAVES: usize = 1 << codes::MAX_BITS;

fn steps(nodes: &BinNodes<'_>, tree: &Tree, tests: &[BinTest]) -> Option<Vec<Step>> {
    if tree.depth > MAX_DEPTH {
        return None;
    }
    let mut steps = Vec::new();
    let mut stack = vec![(tree.root, 0)];
    // Forks before what is below them and right before left, then turned round.
    while let Some((at, depth)) = stack.pop() {
        match nodes.fork(at) {
            None => steps.push(Step::Leaf),
            Some((test, right)) => {
                let plane = Sliced::plane_of(tests.binary_search(&test).ok()?);
                steps.push(Step::Fork { test: PlaneRef::try_from(plane).ok()?, depth });
                stack.extend([(right + 1, depth + 1), (right, depth + 1)]);
            }
        }
        if steps.len() > 2 * MAX_LEAVES {
            return None;
        }
    }
    steps.reverse();
    Some(steps)
}

/// Adds for each code the number of the leaf that answers to it; `None` if two do.
fn spread(codes: &Codes, leaf_of: &mut Vec<u16>) -> Option<()> {
    let start = leaf_of.len();
    let all = 1_usize << codes.bits;
    leaf_of.resize(start + all, u16::MAX);
    let table = &mut leaf_of[start..];
    for (leaf, code) in codes.leaves.iter().enumerate() {
        // Counts through the bits that are not fixed.
        let free = (all - 1) & !usize::from(code.fixed);
        let mut bits = 0;
        loop {
            let place = &mut table[usize::from(code.value) | bits];
            if *place != u16::MAX {
                return None;
            }
            *place = u16::try_from(leaf).ok()?;
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
