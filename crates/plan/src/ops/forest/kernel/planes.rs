//! The planes of a block, and what is made of them.

use std::cell::Cell;

#[cfg(target_arch = "x86_64")]
use super::x86;
use super::{BLOCK, Level, STRIPE, portable};
use crate::ops::forest::sliced::{BinTest, Form, ONE, PlaneRef, TreeProgram, ZERO};

pub(super) const WORDS: usize = BLOCK / 64;

/// A bit for each row of a block.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(64))]
pub(super) struct Plane(pub(super) [u64; WORDS]);

/// The planes of a block.
#[derive(Debug)]
pub(in crate::ops::forest) struct Planes {
    level: Level,
    planes: Vec<Plane>,
    /// The stripes of the block that have rows.
    stripes: usize,
}

impl Planes {
    /// Room for the planes of a forest, of which there are two at least: zeros and ones.
    pub(in crate::ops::forest) fn of(level: Level, planes: usize) -> Planes {
        let mut planes = vec![Plane([0; WORDS]); planes];
        planes[usize::from(ONE)] = Plane([u64::MAX; WORDS]);
        planes[usize::from(ZERO)] = Plane([0; WORDS]);
        Planes { level, planes, stripes: 0 }
    }

    /// Makes the plane of every test; `bins` are those of the block, slot after slot, of which the first `rows` count.
    pub(in crate::ops::forest) fn test(&mut self, tests: &[BinTest], bins: &[[u8; BLOCK]], rows: usize) {
        self.stripes = rows.div_ceil(STRIPE);
        match self.level {
            #[cfg(target_arch = "x86_64")]
            // SAFETY: the level was detected.
            Level::Avx512 => unsafe { x86::test_avx512(&mut self.planes, tests, bins, self.stripes) },
            #[cfg(target_arch = "x86_64")]
            // SAFETY: the level was detected.
            Level::Avx2 => unsafe { x86::test_avx2(&mut self.planes, tests, bins, self.stripes) },
            Level::Portable => portable::test(&mut self.planes, tests, bins, self.stripes, portable::at_most),
        }
    }

    /// Makes the selections of a tree of the forest that these planes were made for.
    pub(in crate::ops::forest) fn select(&mut self, tree: &TreeProgram<'_>) {
        assert!(tree.planes <= self.planes.len(), "the planes of another forest");
        match self.level {
            #[cfg(target_arch = "x86_64")]
            // SAFETY: the level was detected; `Sliced::of` has checked that selections name planes below the number
            // of its planes, of which there are as many.
            Level::Avx512 => unsafe {
                match self.stripes {
                    ..=1 => x86::select_avx512::<1>(&mut self.planes, tree),
                    _ => x86::select_avx512::<2>(&mut self.planes, tree),
                }
            },
            #[cfg(target_arch = "x86_64")]
            // SAFETY: the level was detected.
            Level::Avx2 => unsafe { x86::select_avx2(&mut self.planes, tree) },
            Level::Portable => select_all(&mut self.planes, tree),
        }
    }

    /// Writes the number that the bits of these planes make for each row.
    pub(in crate::ops::forest) fn codes(&self, roots: &[u16], out: &mut [u16; BLOCK]) {
        match self.level {
            #[cfg(target_arch = "x86_64")]
            // SAFETY: the level was detected.
            Level::Avx512 => unsafe { x86::codes_avx512(&self.planes, roots, self.stripes, out) },
            #[cfg(target_arch = "x86_64")]
            // SAFETY: the level was detected.
            Level::Avx2 => unsafe { x86::codes_avx2(&self.planes, roots, out) },
            Level::Portable => portable::codes(&self.planes, roots, out),
        }
    }
}

/// Makes the selections of a tree in plain code.
#[inline(always)]
pub(super) fn select_all(planes: &mut [Plane], tree: &TreeProgram<'_>) {
    let planes = Cell::from_mut(planes).as_slice_of_cells();
    let load = |place: PlaneRef| planes[usize::from(place)].get().0;
    let store = |place: PlaneRef, words| planes[usize::from(place)].set(Plane(words));
    run(tree, load, portable::select, store);
}

/// Takes a tree's selections from its list: `load` finds a plane, `select` chooses bit by bit, `store` keeps a plane.
#[inline(always)]
pub(super) fn run<T: Copy>(
    tree: &TreeProgram<'_>,
    load: impl Fn(PlaneRef) -> T,
    select: impl Fn(T, T, T) -> T,
    store: impl Fn(PlaneRef, T),
) {
    let mut places = tree.places;
    for run in tree.runs {
        let (of_run, rest) = places.split_at(run.count as usize * run.form.places());
        places = rest;
        match run.form {
            Form::One => of_run.as_chunks().0.iter().for_each(|&[to, test, left, right]| {
                store(to, select(load(test), load(left), load(right)));
            }),
            Form::Left => of_run.as_chunks().0.iter().for_each(|&[to, test, below, left, right, other]| {
                let passes = select(load(below), load(left), load(right));
                store(to, select(load(test), passes, load(other)));
            }),
            Form::Right => of_run.as_chunks().0.iter().for_each(|&[to, test, other, below, left, right]| {
                let fails = select(load(below), load(left), load(right));
                store(to, select(load(test), load(other), fails));
            }),
            Form::Both => {
                of_run.as_chunks().0.iter().for_each(|&[to, test, a, left, right, b, third, fourth]| {
                    let passes = select(load(a), load(left), load(right));
                    let fails = select(load(b), load(third), load(fourth));
                    store(to, select(load(test), passes, fails));
                })
            }
        }
    }
}
