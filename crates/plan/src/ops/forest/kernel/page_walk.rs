//! One row on its way through the pages of all trees.

use super::{Level, portable};
#[cfg(target_arch = "x86_64")]
use super::{avx2, avx512};
use crate::ops::forest::pages::Pages;

/// The trees whose places are counted together.
pub(super) const LANES: usize = 16;

/// What is known of some trees.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(64))]
pub(super) struct Lanes {
    /// The page of each tree, at the end its leaf.
    pub(super) at: [u32; LANES],
    /// The tests that fail at each tree's page.
    pub(super) fails: [u32; LANES],
    /// [`Page::places`](crate::ops::forest::pages::Page::places) of these pages.
    pub(super) places: [u32; LANES],
    /// [`Page::first`](crate::ops::forest::pages::Page::first) of these pages.
    pub(super) firsts: [u32; LANES],
}

/// The room for it.
#[derive(Debug)]
pub(in crate::ops::forest) struct PageWalk {
    level: Level,
    trees: usize,
    lanes: Vec<Lanes>,
}

impl PageWalk {
    /// The room that it takes to go through these pages.
    pub(in crate::ops::forest) fn of(level: Level, pages: &Pages) -> PageWalk {
        let trees = pages.roots().len();
        let none = [0; LANES];
        let lanes = Lanes { at: none, fails: none, places: none, firsts: none };
        PageWalk { level, trees, lanes: vec![lanes; trees.div_ceil(LANES)] }
    }

    pub(in crate::ops::forest) fn level(&self) -> Level {
        self.level
    }

    /// The leaf of each tree for a row of these bins, of which the first `slots` count; `pages` are those that the room
    /// was made for.
    pub(in crate::ops::forest) fn run(
        &mut self,
        pages: &Pages,
        slots: usize,
        bins: &[u8; 256],
    ) -> impl Iterator<Item = &[u32]> {
        assert!(pages.roots().len() == self.trees, "the pages of another forest");
        for (lanes, roots) in self.lanes.iter_mut().zip(pages.roots().chunks(LANES)) {
            lanes.at[..roots.len()].copy_from_slice(roots);
            // Beyond the trees, the first page again.
            lanes.at[roots.len()..].fill(0);
        }
        match self.level {
            #[cfg(target_arch = "x86_64")]
            Level::Avx512 => {
                // SAFETY: the level was detected.
                unsafe {
                    match slots {
                        ..=64 => avx512::leaves::<false>(&mut self.lanes, pages, bins),
                        _ => avx512::leaves::<true>(&mut self.lanes, pages, bins),
                    }
                }
            }
            #[cfg(target_arch = "x86_64")]
            Level::Avx2 => {
                // SAFETY: the level was detected.
                unsafe {
                    match slots {
                        0..=16 => avx2::leaves::<1>(&mut self.lanes, pages, bins),
                        17..=32 => avx2::leaves::<2>(&mut self.lanes, pages, bins),
                        33..=avx2::MOST_SLOTS => avx2::leaves::<4>(&mut self.lanes, pages, bins),
                        _ => portable::leaves(&mut self.lanes, pages, bins),
                    }
                }
            }
            Level::Portable => portable::leaves(&mut self.lanes, pages, bins),
        }
        let ends = (0..self.trees).step_by(LANES).map(|first| LANES.min(self.trees - first));
        self.lanes.iter().zip(ends).map(|(lanes, trees)| &lanes.at[..trees])
    }
}
