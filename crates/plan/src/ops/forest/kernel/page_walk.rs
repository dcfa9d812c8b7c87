//! One row on its way through the pages of all trees.

#[cfg(target_arch = "x86_64")]
use super::x86;
use super::{Level, portable};
use crate::ops::forest::pages::Pages;

/// The trees whose places are counted together.
pub(super) const LANES: usize = 16;

/// The room for it, a place for each tree in full lanes.
#[derive(Debug)]
pub(in crate::ops::forest) struct PageWalk {
    level: Level,
    trees: usize,
    /// The page of each tree, at the end its leaf.
    pub(super) at: Vec<[u32; LANES]>,
    /// The tests that fail at each tree's page.
    pub(super) fails: Vec<[u32; LANES]>,
    /// [`Page::places`](crate::ops::forest::pages::Page::places) of these pages.
    pub(super) places: Vec<[u32; LANES]>,
    /// [`Page::first`](crate::ops::forest::pages::Page::first) of these pages.
    pub(super) firsts: Vec<[u32; LANES]>,
}

impl PageWalk {
    /// The room that it takes to go through these pages.
    pub(in crate::ops::forest) fn of(level: Level, pages: &Pages) -> PageWalk {
        let trees = pages.roots().len();
        let lanes = |of: bool| vec![[0; LANES]; if of { trees.div_ceil(LANES) } else { 0 }];
        let apart = level.tests_pages();
        PageWalk {
            level,
            trees,
            at: lanes(true),
            fails: lanes(apart),
            places: lanes(apart),
            firsts: lanes(apart),
        }
    }

    pub(in crate::ops::forest) fn level(&self) -> Level {
        self.level
    }

    /// The leaf of each tree for a row of these bins, of which the first `slots` count; `pages` are those that the room
    /// was made for.
    pub(in crate::ops::forest) fn run(&mut self, pages: &Pages, slots: usize, bins: &[u8; 256]) -> &[u32] {
        assert!(pages.roots().len() == self.trees, "the pages of another forest");
        let (trees, spare) = self.at.as_flattened_mut().split_at_mut(self.trees);
        trees.copy_from_slice(pages.roots());
        spare.fill(0);
        match self.level {
            #[cfg(target_arch = "x86_64")]
            Level::Avx512 => {
                // SAFETY: the level was detected.
                unsafe {
                    match slots {
                        ..=64 => x86::leaves_avx512::<false>(self, pages, bins),
                        _ => x86::leaves_avx512::<true>(self, pages, bins),
                    }
                }
            }
            #[cfg(target_arch = "x86_64")]
            // SAFETY: the level was detected.
            Level::Avx2 => unsafe { x86::leaves_avx2(pages, bins, &mut self.at) },
            Level::Portable => portable::leaves(pages, bins, &mut self.at),
        }
        &self.at.as_flattened()[..self.trees]
    }
}
