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
use super::kernel::{LANES, Lanes};
use super::sliced::BinTest;
use super::trees::Tree;

/// The levels of a page.
pub(super) const LEVELS: u32 = 5;

/// The places below a page.
pub(super) const PLACES: usize = 1 << LEVELS;

/// The most pages on a way: all trees take as many steps as the deepest.
const MAX_ROUNDS: u32 = 64;

/// A bin that no row is beyond.
const ALL_PASS: i8 = i8::MAX;

/// The tests of a page; those at 0 are none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C, align(64))]
pub(super) struct PageTests {
    pub(super) slots: [u8; PLACES],
    /// Less 128.
    pub(super) bins: [i8; PLACES],
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

/// The pages of a forest: the first of each tree before all others, and behind the last of these some that lead to leaves,
/// to whole [`Lanes`].
#[derive(Clone, Debug)]
pub(super) struct Pages {
    /// First those of the first pages, in their order.
    tests: Vec<PageTests>,
    pages: Vec<Page>,
    /// The place of the tests of each page, where pages without tests share theirs. Otherwise they lie at the place of the
    /// page, and both are fetched at once.
    places_of_tests: Option<Vec<u32>>,
    trees: usize,
    /// The trees at their first pages.
    roots: Vec<Lanes>,
    /// The pages on the longest way.
    rounds: u32,
}

impl Pages {
    /// The pages of these trees; `None` where there are too many, or a tree is too deep.
    pub(super) fn of(nodes: &BinNodes<'_>, trees: &[Tree]) -> Option<Pages> {
        let firsts = trees.len().next_multiple_of(LANES);
        let leaf = Page { places: 1, first: 0 };
        let mut made = Pages {
            tests: vec![NO_TESTS; firsts + 1],
            pages: vec![leaf; firsts],
            places_of_tests: None,
            trees: trees.len(),
            roots: Vec::new(),
            rounds: 1,
        };
        let mut places_of_tests = (0..u32::try_from(firsts).ok()?).collect();
        for (number, tree) in trees.iter().enumerate() {
            made.add(nodes, (number, tree), &mut places_of_tests)?;
        }
        if made.tests.len() >= made.pages.len() / 4 * 3 {
            made.tests = places_of_tests.iter().map(|&place| made.tests[place as usize]).collect();
        } else {
            places_of_tests.shrink_to_fit();
            made.places_of_tests = Some(places_of_tests);
        }
        made.tests.shrink_to_fit();
        made.pages.shrink_to_fit();
        let roots = made.pages[..firsts].chunks(LANES).zip((0..).step_by(LANES));
        made.roots = roots.map(|(pages, first)| Lanes::of(pages, first)).collect();
        Some(made)
    }

    /// Adds a tree by its number, level by level, and the places of its pages' tests to those of all.
    fn add(
        &mut self,
        nodes: &BinNodes<'_>,
        (number, tree): (usize, &Tree),
        places_of_tests: &mut Vec<u32>,
    ) -> Option<()> {
        let mut level = vec![tree.root];
        let mut rounds = 0;
        while !level.is_empty() {
            rounds += 1;
            (rounds <= MAX_ROUNDS).then_some(())?;
            let is_first = rounds == 1;
            // The first page has its place already.
            let mut next = self.pages.len() + if is_first { 0 } else { level.len() };
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
                let first = u32::try_from(first).ok()?;
                if is_first {
                    self.tests[number] = tests;
                    self.pages[number] = Page { places, first };
                    continue;
                }
                let place = if tests == NO_TESTS {
                    // Behind those of the first pages.
                    self.trees.next_multiple_of(LANES)
                } else {
                    self.tests.push(tests);
                    self.tests.len() - 1
                };
                places_of_tests.push(u32::try_from(place).ok()?);
                self.pages.push(Page { places, first });
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
        let tests = self.places_of_tests.as_ref().map_or(place, |places| places[place as usize]);
        (&self.pages[place as usize], &self.tests[tests as usize])
    }

    /// The root of a tree.
    pub(super) fn root(&self, tree: usize) -> PagePlace {
        PagePlace { page: tree as u32, at: 1 }
    }

    /// The node at a place.
    pub(super) fn node(&self, PagePlace { mut page, mut at }: PagePlace) -> PageNode {
        loop {
            if at < PLACES as u32 {
                let (_, tests) = self.page(page);
                let (slot, bin) = (tests.slots[at as usize], tests.bins[at as usize]);
                if bin != ALL_PASS {
                    let [passes, fails] = [2 * at, 2 * at + 1].map(|at| PagePlace { page, at });
                    return PageNode::Fork { test: BinTest { slot, bin: unsigned(bin) }, passes, fails };
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

    /// The number of trees.
    pub(super) fn trees(&self) -> usize {
        self.trees
    }

    /// The trees at their first pages.
    pub(super) fn roots(&self) -> &[Lanes] {
        &self.roots
    }

    /// The tests of the trees' first pages.
    pub(super) fn tests_of_roots(&self) -> &[[PageTests; LANES]] {
        self.tests.as_chunks().0
    }

    /// The pages, at the places that lead to them.
    pub(super) fn pages(&self) -> &[Page] {
        &self.pages
    }

    /// The tests of each page, or those at [`places_of_tests`](Self::places_of_tests).
    pub(super) fn tests(&self) -> &[PageTests] {
        &self.tests
    }

    /// The place of the tests of each page, where pages without tests share theirs.
    pub(super) fn places_of_tests(&self) -> Option<&[u32]> {
        self.places_of_tests.as_deref()
    }

    /// The pages on the longest way.
    pub(super) fn rounds(&self) -> u32 {
        self.rounds
    }

    /// The slots that a row of these bins meets on its way down some tree, one after another, until `stop` says so.
    pub(super) fn meets(&self, bins: &[u8], stop: impl Fn(usize) -> bool) -> bool {
        (0..self.trees as u32).any(|root| {
            let mut page = root;
            loop {
                let (&Page { places, first, .. }, tests) = self.page(page);
                let mut at = 1;
                for _ in 0..LEVELS {
                    let (slot, bin) = (usize::from(tests.slots[at]), tests.bins[at]);
                    if bin != ALL_PASS && stop(slot) {
                        return true;
                    }
                    at = 2 * at + usize::from(signed(bins[slot]) > bin);
                }
                if first & Page::PAGES == 0 {
                    return false;
                }
                page = (first & !Page::PAGES) + rank(places, at as u32 - PLACES as u32);
            }
        })
    }
}

/// A bin less 128.
#[inline(always)]
pub(super) fn signed(bin: u8) -> i8 {
    (bin ^ 1 << 7) as i8
}

fn unsigned(bin: i8) -> u8 {
    bin as u8 ^ 1 << 7
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
                    (tests.slots[place_of_test], tests.bins[place_of_test]) = (test.slot, signed(test.bin));
                    below.extend([(2 * place, fails + 1), (2 * place + 1, fails)]);
                }
            }
        }
        level = below;
    }
    level.iter_mut().for_each(|(place, _)| *place -= PLACES as u32);
    (tests, level)
}
