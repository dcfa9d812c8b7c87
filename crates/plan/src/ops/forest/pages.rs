//! Trees cut into pages of five levels, for few rows.
//!
//! A page holds the 31 tests of five levels in one cache line: one instruction looks up the bins that they test, one
//! compares them all, and the bits that come out lead to one of 32 places below. The tests of a page lie as in a heap,
//! the root at 1 and those below `at` at `2 * at` (rows that pass) and `2 * at + 1` (rows that fail). Where a tree ends
//! early, tests that every row passes stand in, so that only the first place below the leaf is ever reached.
//!
//! From the places of a page either all ways end in leaves or all go on to pages. A leaf in between gets a page of its
//! own without tests. What a place leads to is counted: leaves are numbered from the left, and the pages below a page
//! follow one another.

use smallvec::SmallVec;

use super::binned::BinNodes;
use super::sliced::BinTest;
use super::trees::Tree;

/// The levels of a page.
pub(super) const LEVELS: u32 = 5;

/// The places below a page.
pub(super) const PLACES: usize = 1 << LEVELS;

/// The most pages on a way: all trees take as many steps as the deepest.
const MAX_ROUNDS: u32 = 64;

/// A bin that no row is beyond.
const ALL_PASS: u8 = u8::MAX;

/// The tests of a page; those at 0 are none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C, align(64))]
pub(super) struct PageTests {
    pub(super) slots: [u8; PLACES],
    pub(super) bins: [u8; PLACES],
}

const NO_TESTS: PageTests = PageTests { slots: [0; PLACES], bins: [ALL_PASS; PLACES] };

/// Where the ways from a page lead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub(super) struct Page {
    /// A bit for each place that rows reach.
    pub(super) places: u32,
    /// What the first of them leads to: a page if [`Page::PAGES`] is set, else a leaf, by its number over the forest.
    pub(super) first: u32,
    /// The place of its tests.
    tests: u32,
}

impl Page {
    /// Tells pages below from leaves.
    pub(super) const PAGES: u32 = 1 << 31;
}

/// The place of a node in pages.
#[derive(Clone, Copy, Debug)]
pub(super) struct PagePlace {
    page: u32,
    /// The place of its test, from [`PLACES`] on a place below the page.
    at: u32,
}

/// A node in pages.
#[derive(Clone, Copy, Debug)]
pub(super) enum PageNode {
    Leaf,
    Fork { test: BinTest, passes: PagePlace, fails: PagePlace },
}

/// The pages of a forest.
#[derive(Clone, Debug)]
pub(super) struct Pages {
    tests: Vec<PageTests>,
    pages: Vec<Page>,
    /// Whether pages without tests share theirs. Otherwise those of each page lie at its own place, and both are fetched
    /// at once.
    shared: bool,
    /// The first page of each tree.
    roots: Vec<u32>,
    /// The pages on the longest way.
    rounds: u32,
}

impl Pages {
    /// The pages of these trees; `None` where there are too many, or a tree is too deep.
    pub(super) fn of(nodes: &BinNodes<'_>, trees: &[Tree]) -> Option<Pages> {
        let roots = Vec::with_capacity(trees.len());
        let mut made = Pages { tests: vec![NO_TESTS], pages: Vec::new(), shared: true, roots, rounds: 1 };
        for tree in trees {
            made.roots.push(u32::try_from(made.pages.len()).ok()?);
            made.add(nodes, tree)?;
        }
        if made.tests.len() >= made.pages.len() / 4 * 3 {
            made.tests = made.pages.iter().map(|page| made.tests[page.tests as usize]).collect();
            made.shared = false;
        }
        made.tests.shrink_to_fit();
        made.pages.shrink_to_fit();
        Some(made)
    }

    /// Adds a tree, level by level.
    fn add(&mut self, nodes: &BinNodes<'_>, tree: &Tree) -> Option<()> {
        let mut level = vec![tree.root];
        let mut rounds = 0;
        while !level.is_empty() {
            rounds += 1;
            (rounds <= MAX_ROUNDS).then_some(())?;
            let mut next = self.pages.len() + level.len();
            let mut below = Vec::new();
            for at in level {
                let (tests, reached) = page(nodes, at);
                let places = reached.iter().fold(0, |places, &(place, _)| places | 1 << place);
                let leaf = |&(_, at): &(u32, u32)| nodes.fork(at).is_none();
                let first = match reached.iter().all(leaf) {
                    true => nodes.leaf(reached.first()?.1),
                    false => {
                        below.extend(reached.iter().map(|&(_, at)| at));
                        next += reached.len();
                        (next - reached.len()) | Page::PAGES as usize
                    }
                };
                let tests = if tests == NO_TESTS {
                    0
                } else {
                    self.tests.push(tests);
                    u32::try_from(self.tests.len() - 1).ok()?
                };
                self.pages.push(Page { places, first: u32::try_from(first).ok()?, tests });
            }
            // Places of pages must leave the highest bit free.
            (next < Page::PAGES as usize).then_some(())?;
            level = below;
        }
        self.rounds = self.rounds.max(rounds);
        Some(())
    }

    /// A page, and its tests.
    #[inline(always)]
    pub(super) fn page(&self, place: u32) -> (&Page, &PageTests) {
        let page = &self.pages[place as usize];
        let tests = if self.shared { page.tests } else { place };
        (page, &self.tests[tests as usize])
    }

    /// The root of a tree.
    pub(super) fn root(&self, tree: usize) -> PagePlace {
        PagePlace { page: self.roots[tree], at: 1 }
    }

    /// The node at a place.
    pub(super) fn node(&self, PagePlace { mut page, mut at }: PagePlace) -> PageNode {
        loop {
            if at < PLACES as u32 {
                let (_, tests) = self.page(page);
                let (slot, bin) = (tests.slots[at as usize], tests.bins[at as usize]);
                if bin != ALL_PASS {
                    let [passes, fails] = [2 * at, 2 * at + 1].map(|at| PagePlace { page, at });
                    return PageNode::Fork { test: BinTest { slot, bin }, passes, fails };
                }
                at *= 2;
            } else {
                let Page { places, first, .. } = self.pages[page as usize];
                if first & Page::PAGES == 0 {
                    return PageNode::Leaf;
                }
                page = (first & !Page::PAGES) + rank(places, at - PLACES as u32);
                at = 1;
            }
        }
    }

    /// The first page of each tree.
    pub(super) fn roots(&self) -> &[u32] {
        &self.roots
    }

    /// The pages on the longest way.
    pub(super) fn rounds(&self) -> u32 {
        self.rounds
    }

    /// The slots that a row of these bins meets on its way down some tree, one after another, until `stop` says so.
    pub(super) fn meets(&self, bins: &[u8], stop: impl Fn(usize) -> bool) -> bool {
        self.roots.iter().any(|&root| {
            let mut page = root;
            loop {
                let (&Page { places, first, .. }, tests) = self.page(page);
                let mut at = 1;
                for _ in 0..LEVELS {
                    let (slot, bin) = (usize::from(tests.slots[at]), tests.bins[at]);
                    if bin != ALL_PASS && stop(slot) {
                        return true;
                    }
                    at = 2 * at + usize::from(bins[slot] > bin);
                }
                if first & Page::PAGES == 0 {
                    return false;
                }
                page = (first & !Page::PAGES) + rank(places, at as u32 - PLACES as u32);
            }
        })
    }
}

/// How many of `places` lie before `place`.
#[inline(always)]
pub(super) fn rank(places: u32, place: u32) -> u32 {
    (places & ((1 << place) - 1)).count_ones()
}

/// Places that rows reach, with the nodes there.
type Reached = SmallVec<[(u32, u32); PLACES]>;

/// The tests of the page whose root is the node `at`, and what lies below it.
fn page(nodes: &BinNodes<'_>, at: u32) -> (PageTests, Reached) {
    let mut tests = NO_TESTS;
    let mut level = Reached::from_slice(&[(1, at)]);
    for _ in 0..LEVELS {
        let mut below = Reached::new();
        for (place, at) in level {
            match nodes.fork(at) {
                None => below.push((2 * place, at)),
                Some((test, fails)) => {
                    let place_of_test = place as usize;
                    (tests.slots[place_of_test], tests.bins[place_of_test]) = (test.slot, test.bin);
                    below.extend([(2 * place, fails + 1), (2 * place + 1, fails)]);
                }
            }
        }
        level = below;
    }
    level.iter_mut().for_each(|(place, _)| *place -= PLACES as u32);
    (tests, level)
}
