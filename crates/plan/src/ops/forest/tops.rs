//! The upper levels of many trees for one row.
//!
//! The nodes of the first [`LEVELS`] levels lie position by position, 64 trees side by side: one instruction looks up
//! the bins that 64 nodes test, one compares them. All of these tests are made, also those that a row does not meet,
//! and selections between them, as in `sliced` but with a bit for a tree, say in which of 32 places each tree's row is.
//! It goes down from there node by node.

use super::binned::Binned;
use super::trees::Tree;

/// The levels that are taken at once.
pub(super) const LEVELS: u32 = 5;

/// The nodes of these levels.
pub(super) const TESTS: usize = (1 << LEVELS) - 1;

/// The places below them.
const PLACES: usize = 1 << LEVELS;

/// The trees that lie side by side.
pub(super) const GROUP: usize = 64;

/// The upper levels of a forest over bins.
#[derive(Clone, Debug)]
pub(super) struct Tops {
    groups: Vec<TopTests>,
    /// For each tree the node at each place below its upper levels.
    nodes: Vec<[u32; PLACES]>,
}

/// The tests of some trees; a node at `at` has those for rows that fail and pass it at `2 * at + 1` and `2 * at + 2`.
#[derive(Clone, Debug)]
pub(super) struct TopTests {
    pub(super) slots: [[u8; GROUP]; TESTS],
    pub(super) bins: [[u8; GROUP]; TESTS],
}

impl Tops {
    /// The upper levels of these trees; `None` where they would not pay.
    pub(super) fn of(nodes: &Binned, trees: &[Tree]) -> Option<Tops> {
        if trees.len() < GROUP / 4 || trees.iter().all(|tree| tree.depth <= LEVELS) {
            return None;
        }
        let mut tops = Tops { groups: Vec::new(), nodes: Vec::with_capacity(trees.len()) };
        for trees in trees.chunks(GROUP) {
            // The bin of a row is 1 at least: a test for bin 0 always fails.
            let mut tests = TopTests { slots: [[0; GROUP]; TESTS], bins: [[0; GROUP]; TESTS] };
            for (lane, tree) in trees.iter().enumerate() {
                tops.nodes.push(tests.add(lane, nodes, tree.root));
            }
            tops.groups.push(tests);
        }
        Some(tops)
    }

    /// The tests of every 64 trees.
    pub(super) fn groups(&self) -> &[TopTests] {
        &self.groups
    }

    /// The node at a place below the upper levels of a tree.
    #[inline(always)]
    pub(super) fn node(&self, tree: usize, place: u8) -> u32 {
        self.nodes[tree][usize::from(place) % PLACES]
    }
}

impl TopTests {
    /// Adds a tree; answers the nodes at the places below.
    fn add(&mut self, lane: usize, nodes: &Binned, root: u32) -> [u32; PLACES] {
        let mut reached = [root; TESTS + PLACES];
        for at in 0..TESTS {
            let (fails, passes) = match nodes.fork(reached[at]) {
                None => (reached[at], reached[at]),
                Some((test, first)) => {
                    self.slots[at][lane] = test.slot;
                    self.bins[at][lane] = test.bin;
                    (first, first + 1)
                }
            };
            reached[2 * at + 1] = fails;
            reached[2 * at + 2] = passes;
        }
        let mut places = [0; PLACES];
        places.copy_from_slice(&reached[TESTS..]);
        places
    }
}
