//! One row on its way through the pages of all trees.

use super::{Level, portable};
#[cfg(target_arch = "x86_64")]
use super::{avx2, avx512};
use crate::ops::forest::pages::{Page, PageTests, Pages};

/// The trees whose places are counted together.
pub(in crate::ops::forest) const LANES: usize = 16;

/// What is known of some trees.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(64))]
pub(in crate::ops::forest) struct Lanes {
    /// The page of each tree, at the end its leaf.
    pub(super) at: [u32; LANES],
    /// The tests that fail at each tree's page.
    pub(super) fails: [u32; LANES],
    /// [`Page::places`] of these pages.
    pub(super) places: [u32; LANES],
    /// [`Page::first`] of these pages.
    pub(super) firsts: [u32; LANES],
}

impl Lanes {
    /// Trees at these pages, [`LANES`] at most, of which the first has the place `at`.
    pub(in crate::ops::forest) fn of(pages: &[Page], at: u32) -> Lanes {
        let none = [0; LANES];
        let mut lanes = Lanes { at: none, fails: none, places: none, firsts: none };
        for ((lane, page), at) in pages.iter().enumerate().zip(at..) {
            (lanes.at[lane], lanes.places[lane], lanes.firsts[lane]) = (at, page.places, page.first);
        }
        lanes
    }
}

/// The room for it.
#[derive(Debug)]
pub(in crate::ops::forest) struct PageWalk {
    level: Level,
    lanes: Vec<Lanes>,
}

impl PageWalk {
    /// The room that it takes to go through these pages.
    pub(in crate::ops::forest) fn of(level: Level, pages: &Pages) -> PageWalk {
        PageWalk { level, lanes: pages.roots().to_vec() }
    }

    pub(in crate::ops::forest) fn level(&self) -> Level {
        self.level
    }

    /// Adds the leaf of each tree, tree after tree, for a row of these bins, of which the first `slots` count; `pages` are
    /// those that the room was made for.
    #[inline(always)]
    pub(in crate::ops::forest) fn fold<S>(
        &mut self,
        pages: &Pages,
        (slots, bins): (usize, &[u8; 256]),
        start: S,
        add: impl Fn(S, usize) -> S,
    ) -> S {
        assert!(pages.roots().len() == self.lanes.len(), "the pages of another forest");
        let lanes = &mut self.lanes[..];
        match self.level {
            #[cfg(target_arch = "x86_64")]
            Level::Avx512 => {
                // SAFETY: the level was detected.
                unsafe {
                    match slots {
                        ..=64 => avx512::leaves::<false, S>(lanes, pages, bins, start, add),
                        _ => avx512::leaves::<true, S>(lanes, pages, bins, start, add),
                    }
                }
            }
            #[cfg(target_arch = "x86_64")]
            Level::Avx2 => {
                // SAFETY: the level was detected.
                unsafe {
                    match slots {
                        0..=16 => avx2::leaves::<1, S>(lanes, pages, bins, start, add),
                        17..=32 => avx2::leaves::<2, S>(lanes, pages, bins, start, add),
                        33..=avx2::MOST_SLOTS => avx2::leaves::<4, S>(lanes, pages, bins, start, add),
                        _ => portable::leaves(lanes, pages, bins, start, add),
                    }
                }
            }
            Level::Portable => portable::leaves(lanes, pages, bins, start, add),
        }
    }
}

/// Takes a row through the pages of all trees and adds its leaves: `fails` tells which tests of a page it fails; `descend`
/// takes trees from their pages to what is below these, on the last page of the longest way to leaves.
///
/// Groups of trees are looked at one after another, and each descends when the next was looked at: numbers that are written
/// one by one and read as a vector right away would be waited for. The leaves of the one before it are added in between,
/// since each sum waits for the one before.
#[inline(always)]
pub(super) fn fold<S>(
    groups: &mut [Lanes],
    pages: &Pages,
    fails: impl Fn(&PageTests) -> u32,
    descend: impl Fn(&mut Lanes, bool),
    start: S,
    add: impl Fn(S, usize) -> S,
) -> S {
    groups.copy_from_slice(pages.roots());
    let roots = pages.tests_of_roots();
    let look_at_root =
        |group: usize, lane: usize, lanes: &mut Lanes| lanes.fails[lane] = fails(&roots[group][lane]);
    let look = |_: usize, lane: usize, lanes: &mut Lanes| {
        let at = lanes.at[lane] as usize;
        // SAFETY: a page leads to leaves or to pages of its forest, and `descend` leaves it for pages alone but the last.
        let page = unsafe { pages.pages().get_unchecked(at) };
        let tests = pages.places_of_tests().map_or(at, |places| {
            // SAFETY: there is a place for each page.
            unsafe { *places.get_unchecked(at) as usize }
        });
        // SAFETY: there are tests at each such place, or for each page.
        lanes.fails[lane] = fails(unsafe { pages.tests().get_unchecked(tests) });
        (lanes.places[lane], lanes.firsts[lane]) = (page.places, page.first);
    };
    let (trees, rounds) = (pages.trees(), pages.rounds());
    if rounds == 1 {
        return last(groups, trees, look_at_root, descend, start, add);
    }
    round(groups, look_at_root, &descend);
    (2..rounds).for_each(|_| round(groups, look, &descend));
    last(groups, trees, look, descend, start, add)
}

/// Takes trees from their pages to what is below these.
#[inline(always)]
fn round(groups: &mut [Lanes], look: impl Fn(usize, usize, &mut Lanes), descend: &impl Fn(&mut Lanes, bool)) {
    for group in 0..groups.len() {
        (0..LANES).for_each(|lane| look(group, lane, &mut groups[group]));
        if group > 0 {
            descend(&mut groups[group - 1], false);
        }
    }
    if let Some(group) = groups.last_mut() {
        descend(group, false);
    }
}

/// Takes trees from the last pages to leaves, and adds these.
#[inline(always)]
fn last<S>(
    groups: &mut [Lanes],
    trees: usize,
    look: impl Fn(usize, usize, &mut Lanes),
    descend: impl Fn(&mut Lanes, bool),
    start: S,
    add: impl Fn(S, usize) -> S,
) -> S {
    let mut sum = start;
    for group in 0..groups.len() {
        if let [.., at_leaves, _, lanes] = &mut groups[..=group] {
            for lane in 0..LANES {
                look(group, lane, lanes);
                sum = add(sum, at_leaves.at[lane] as usize);
            }
        } else {
            (0..LANES).for_each(|lane| look(group, lane, &mut groups[group]));
        }
        if group > 0 {
            descend(&mut groups[group - 1], true);
        }
    }
    if let Some(group) = groups.last_mut() {
        descend(group, true);
    }
    let added = groups.len().saturating_sub(2) * LANES;
    for tree in added..trees {
        sum = add(sum, groups[tree / LANES].at[tree % LANES] as usize);
    }
    sum
}
