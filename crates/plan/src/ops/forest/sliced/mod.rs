//! Many rows at once, a bit a row.
//!
//! Each test of a forest over bins, however often it stands in the trees, is made once for a block of rows and gives
//! a plane: a bit for each row. A tree is then a straight list of selections between planes, the same for every row,
//! with no branch, no node to look up and nothing that depends on where a row goes. The planes that are left are the
//! bits of each row's leaf ([`codes`]). The work grows with the splits of a tree, not with its depth. Where the rows of
//! a block differ little, the selections below nodes that none of them comes to are left out ([`reach`]): what stands
//! in their planes is then chosen for no row.
//!
//! Deep trees end in many leaves of few values, most of them pure. What is summed does not tell leaves of one value apart
//! ([`Worth`]), so that a few bits do for them.

mod codes;
mod program;
mod reach;
mod worth;

use std::ops::Range;

use super::binned::Binned;
use super::halves::halves;
use super::kernel::{Table, Tables};
use super::pages::PageNode;
use super::trees::{Nodes, Trees};
use codes::Codes;
use program::{FIRST_TEST, Selections, Writer};
pub(super) use program::{Form, ONE, PlaneRef, Run, ZERO};
pub(super) use reach::{Cells, KEYS, Keys, LANES, Reach, Reaches};
use worth::alone;
pub(super) use worth::{Bits, Worth, bits};

/// A node of a tree, each after the nodes below it, the left ones first.
#[derive(Clone, Copy, Debug)]
enum Step {
    Leaf,
    Fork { test: PlaneRef, depth: u32, reach: Reach },
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
    /// The planes in use at most.
    pub(super) planes: usize,
    pub(super) keys: Keys,
    /// The planes that selections name, bundle after bundle.
    places: Vec<PlaneRef>,
    runs: Vec<Run>,
    /// The rows that they are for, those of each bundle from new lanes on.
    reaches: Vec<Reaches>,
    bundles: Vec<Ends>,
    /// For each tree the planes of its bits, the lowest first.
    roots: Vec<PlaneRef>,
    /// Where those of each tree end.
    root_ends: Vec<u32>,
    /// For each tree and each code the number of the leaf, or of one that is worth the same; or a place of values.
    leaf_of: Tables,
    /// Whether codes lead to places, which count over the forest.
    placed: bool,
}

/// Where a bundle ends.
#[derive(Clone, Copy, Debug, Default)]
struct Ends {
    tree: u32,
    place: u32,
    run: u32,
    reach: u32,
}

/// Some trees whose selections are made together.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bundle<'a> {
    /// The planes that the selections of the forest name and make.
    pub(super) planes: usize,
    /// The plane that the first selection makes; each makes the next.
    pub(super) first: usize,
    /// The selections, neighbours of one form together.
    pub(super) runs: &'a [Run],
    /// The planes that they name.
    pub(super) places: &'a [PlaneRef],
    /// The rows that each of them is for.
    pub(super) reaches: &'a [Reaches],
}

impl Bundle<'_> {
    /// The number of selections, in one or more.
    pub(super) fn selections(&self) -> usize {
        self.runs.iter().map(|run| run.count as usize).sum()
    }
}

impl Sliced {
    /// The selections of all trees; `None` where one of them is too large or too deep. Where leaves are `worth` the same
    /// they need not be told apart.
    pub(super) fn of(trees: &Trees, worth: Option<Worth<'_>>) -> Option<Sliced> {
        let Nodes::Binned(nodes) = &trees.nodes else { return None };
        let tests = nodes.tests();
        if trees.is_empty() {
            return None;
        }
        let made = |range: Range<usize>| Sliced::of_some(trees, nodes, &tests, range, worth);
        let (first, second) = halves(trees.len(), nodes.nodes(), made);
        let made = match second {
            Some(second) => first?.followed_by(&second?)?,
            None => first?,
        };
        Some(made.counted())
    }

    /// With what the keys have counted added up.
    fn counted(mut self) -> Sliced {
        self.keys = self.keys.added_up();
        self
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
        let mut keys = Keys::new(nodes.most_tested(), |slot| nodes.thresholds(usize::from(slot)).len());
        let (mut roots, mut leaf_of, mut root_ends) = (Vec::new(), Tables::default(), Vec::new());
        let (mut bundles, mut bundled, mut bits) = (Vec::new(), Selections::default(), 0);
        let (first, end) = (range.start, range.end);
        for tree in range {
            let steps = steps(nodes, trees, tree, tests, &keys)?;
            count_parted(&steps, tests, &mut keys);
            let leaves = steps.len() / 2 + 1;
            let kinds =
                worth.map_or_else(|| alone(leaves), |worth| worth.kinds(trees.first_leaf(tree), leaves));
            let (codes, selections) = cheapest(&steps, &kinds)?;
            bundled.extend(selections);
            bits += codes.bits as usize;
            leaf_of.push(&spread(&codes, &kinds)?)?;
            root_ends.push(u32::try_from(bits).ok()?);
            let begun = bundles.last().map_or(0, |ends: &Ends| ends.tree as usize);
            let trees = tree + 1 - first;
            if bundled.len() >= BUNDLED || trees - begun == BUNDLE || tree + 1 == end {
                roots.extend(writer.bundle(&std::mem::take(&mut bundled), &keys)?);
                bundles.push(Ends {
                    tree: u32::try_from(trees).ok()?,
                    place: u32::try_from(writer.places.len()).ok()?,
                    run: u32::try_from(writer.runs.len()).ok()?,
                    reach: u32::try_from(writer.reaches.len()).ok()?,
                });
            }
        }
        let Writer { mut places, mut runs, mut reaches, planes, .. } = writer;
        if places.iter().any(|&place| usize::from(place) >= planes) {
            return None;
        }
        places.shrink_to_fit();
        runs.shrink_to_fit();
        reaches.shrink_to_fit();
        leaf_of.shrink_to_fit();
        let (tests, placed) = (tests.to_vec(), false);
        Some(Sliced {
            tests,
            planes,
            keys,
            places,
            runs,
            reaches,
            bundles,
            roots,
            root_ends,
            leaf_of,
            placed,
        })
    }

    /// These trees and then those of `other`, which are over the same tests; `None` where they are too many.
    fn followed_by(mut self, other: &Sliced) -> Option<Sliced> {
        let moved = |end: u32, by: usize| u32::try_from(end as usize + by).ok();
        let (trees, places, runs) = (self.root_ends.len(), self.places.len(), self.runs.len());
        let (reaches, roots) = (self.reaches.len(), self.roots.len());
        for ends in &other.bundles {
            self.bundles.push(Ends {
                tree: moved(ends.tree, trees)?,
                place: moved(ends.place, places)?,
                run: moved(ends.run, runs)?,
                reach: moved(ends.reach, reaches)?,
            });
        }
        for &end in &other.root_ends {
            self.root_ends.push(moved(end, roots)?);
        }
        for table in other.leaf_of.iter() {
            self.leaf_of.push(table.numbers())?;
        }
        self.places.extend_from_slice(&other.places);
        self.runs.extend_from_slice(&other.runs);
        self.reaches.extend_from_slice(&other.reaches);
        self.roots.extend_from_slice(&other.roots);
        self.planes = self.planes.max(other.planes);
        self.keys.count_all(&other.keys);
        Some(self)
    }

    /// These selections, with what `place` answers for a leaf of a tree in its place.
    pub(super) fn with_places(mut self, place: impl Fn(usize, usize) -> u16) -> Option<Sliced> {
        let mut places = Tables::default();
        for (tree, table) in self.leaf_of.iter().enumerate() {
            let numbers = table.numbers().iter();
            places.push(&numbers.map(|&leaf| place(tree, usize::from(leaf))).collect::<Vec<_>>())?;
        }
        places.shrink_to_fit();
        (self.leaf_of, self.placed) = (places, true);
        Some(self)
    }

    /// What is added to what codes lead to in a tree.
    pub(super) fn base(&self, trees: &Trees, tree: usize) -> usize {
        if self.placed { 0 } else { trees.first_leaf(tree) }
    }

    /// Every bundle in order, and its trees.
    pub(super) fn bundles(&self) -> impl Iterator<Item = (Bundle<'_>, Range<usize>)> {
        let mut start = Ends::default();
        self.bundles.iter().map(move |end| {
            let bundle = Bundle {
                planes: self.planes,
                first: Sliced::plane_of(self.tests.len()),
                runs: &self.runs[start.run as usize..end.run as usize],
                places: &self.places[start.place as usize..end.place as usize],
                reaches: &self.reaches[start.reach as usize..end.reach as usize],
            };
            let trees = start.tree as usize..end.tree as usize;
            start = *end;
            (bundle, trees)
        })
    }

    /// The planes of a tree's bits, the lowest first.
    pub(super) fn roots(&self, tree: usize) -> &[PlaneRef] {
        let start = tree.checked_sub(1).map_or(0, |before| self.root_ends[before]);
        &self.roots[start as usize..self.root_ends[tree] as usize]
    }

    /// What the codes of a tree lead to.
    pub(super) fn table(&self, tree: usize) -> Table<'_> {
        self.leaf_of.of(tree)
    }

    /// The most reaches of a bundle.
    pub(super) fn most_reaches(&self) -> usize {
        self.bundles().map(|(bundle, _)| bundle.reaches.len()).max().unwrap_or(0)
    }

    /// The number of selections, in one or more.
    #[cfg(test)]
    pub(super) fn selections(&self) -> usize {
        self.bundles().map(|(bundle, _)| bundle.selections()).sum()
    }

    /// The plane of a test.
    pub(super) fn plane_of(test: usize) -> usize {
        usize::from(FIRST_TEST) + test
    }
}

/// The bits that codes may take beyond those that number the leaves.
const SPARE_BITS: u32 = 1;

/// The trees of a bundle at most.
pub(super) const BUNDLE: usize = 8;

/// From so many selections on a bundle is full.
const BUNDLED: usize = 700;

/// The deepest tree that is made into selections.
const MAX_DEPTH: u32 = 64;

/// The most leaves of such a tree.
const MAX_LEAVES: usize = 1 << codes::MAX_BITS;

fn steps(nodes: &Binned, trees: &Trees, tree: usize, tests: &[BinTest], keys: &Keys) -> Option<Vec<Step>> {
    if trees.trees[tree].depth > MAX_DEPTH {
        return None;
    }
    let pages = &nodes.pages;
    let mut steps = Vec::new();
    let mut stack = vec![(pages.root(tree), 0, Reach::ALL)];
    // Forks before what is below them and right before left, then turned round.
    while let Some((at, depth, reach)) = stack.pop() {
        match pages.node(at) {
            PageNode::Leaf => steps.push(Step::Leaf),
            PageNode::Fork { test, passes, fails } => {
                let plane = Sliced::plane_of(tests.binary_search(&test).ok()?);
                steps.push(Step::Fork { test: PlaneRef::try_from(plane).ok()?, depth, reach });
                let [passing, failing] = match keys.key(test.slot) {
                    Some(key) => [reach.at_most(key, test.bin), reach.beyond(key, test.bin)],
                    None => [reach; 2],
                };
                stack.extend([(passes, depth + 1, passing), (fails, depth + 1, failing)]);
            }
        }
        if steps.len() > 2 * MAX_LEAVES {
            return None;
        }
    }
    steps.reverse();
    Some(steps)
}

/// Counts the nodes below each test of a tree.
fn count_parted(steps: &[Step], tests: &[BinTest], keys: &mut Keys) {
    let mut sizes: Vec<u32> = Vec::new();
    for step in steps {
        let size = match step {
            Step::Leaf => 0,
            Step::Fork { test, .. } => {
                let below = sizes.pop().unwrap_or(0) + sizes.pop().unwrap_or(0);
                keys.count(tests[usize::from(test - FIRST_TEST)], below);
                below + 1
            }
        };
        sizes.push(size);
    }
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

/// For each code the number of the leaf that answers to it, or of one that is worth the same; `None` if two others do.
fn spread(codes: &Codes, kinds: &[u16]) -> Option<Vec<u16>> {
    let all = 1_usize << codes.bits;
    let mut table = vec![u16::MAX; all];
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
    Some(table)
}
