//! The planes of a block, and what is made of them.

use super::{BLOCK, Level, STRIPE, portable};
#[cfg(target_arch = "x86_64")]
use super::{avx2, avx512};
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
    /// The rows of the block, of which it has at least one.
    rows: usize,
}

impl Planes {
    /// Room for the planes of a forest, of which there are two at least: zeros and ones.
    pub(in crate::ops::forest) fn of(level: Level, planes: usize) -> Planes {
        let mut planes = vec![Plane([0; WORDS]); planes];
        planes[usize::from(ONE)] = Plane([u64::MAX; WORDS]);
        planes[usize::from(ZERO)] = Plane([0; WORDS]);
        Planes { level, planes, rows: 1 }
    }

    /// Makes the plane of every test; `bins` are those of the block, slot after slot, of which the first `rows` count.
    pub(in crate::ops::forest) fn test(&mut self, tests: &[BinTest], bins: &[[u8; BLOCK]], rows: usize) {
        self.rows = rows.clamp(1, BLOCK);
        match self.level {
            #[cfg(target_arch = "x86_64")]
            // SAFETY: the level was detected.
            Level::Avx512 => unsafe { avx512::test(&mut self.planes, tests, bins, self.rows) },
            #[cfg(target_arch = "x86_64")]
            // SAFETY: the level was detected.
            Level::Avx2 => unsafe { avx2::test(&mut self.planes, tests, bins, self.rows) },
            Level::Portable => portable::test(&mut self.planes, tests, bins, self.rows, portable::at_most),
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
                match self.rows.div_ceil(STRIPE) {
                    ..=1 => avx512::select::<1>(&mut self.planes, tree),
                    _ => avx512::select::<2>(&mut self.planes, tree),
                }
            },
            #[cfg(target_arch = "x86_64")]
            // SAFETY: as above.
            Level::Avx2 => unsafe {
                match self.rows.div_ceil(avx2::PART) {
                    ..=1 => avx2::select::<1>(&mut self.planes, tree),
                    2 => avx2::select::<2>(&mut self.planes, tree),
                    _ => avx2::select::<4>(&mut self.planes, tree),
                }
            },
            Level::Portable => select_all(&mut self.planes, tree),
        }
    }

    /// Writes the number that the bits of these planes make for each row.
    pub(in crate::ops::forest) fn codes(&self, roots: &[u16], out: &mut [u16; BLOCK]) {
        match self.level {
            #[cfg(target_arch = "x86_64")]
            // SAFETY: the level was detected.
            Level::Avx512 => unsafe { avx512::codes(&self.planes, roots, self.rows, out) },
            #[cfg(target_arch = "x86_64")]
            // SAFETY: the level was detected.
            Level::Avx2 => unsafe { avx2::codes(&self.planes, roots, self.rows, out) },
            Level::Portable => portable::codes(&self.planes, roots, out),
        }
    }
}

/// Makes the selections of a tree in plain code.
pub(super) fn select_all(planes: &mut [Plane], tree: &TreeProgram<'_>) {
    const PART: usize = WORDS / PARTS;
    const PARTS: usize = 4;
    let load = |planes: &[Plane], place: PlaneRef, part: usize| -> [u64; PART] {
        planes[usize::from(place)].0.as_chunks().0[part]
    };
    let store = |planes: &mut [Plane], place: PlaneRef, part: usize, words: [u64; PART]| {
        planes[usize::from(place)].0.as_chunks_mut().0[part] = words;
    };
    run::<PARTS, _>(planes, tree, load, portable::select, store);
}

/// Takes a tree's selections from its list, each for all parts of a plane: `load` finds a part of a plane, `select`
/// chooses bit by bit, `store` keeps a part.
#[inline(always)]
pub(super) fn run<const PARTS: usize, T: Copy>(
    planes: &mut [Plane],
    tree: &TreeProgram<'_>,
    load: impl Fn(&[Plane], PlaneRef, usize) -> T,
    select: impl Fn(T, T, T) -> T,
    store: impl Fn(&mut [Plane], PlaneRef, usize, T),
) {
    let mut places = tree.places;
    for run in tree.runs {
        let (of_run, rest) = places.split_at(run.count as usize * run.form.places());
        places = rest;
        let choose = |planes: &[Plane], [test, left, right]: [PlaneRef; 3], part| {
            select(load(planes, test, part), load(planes, left, part), load(planes, right, part))
        };
        match run.form {
            Form::One => of_run.as_chunks().0.iter().for_each(|&[to, test, left, right]| {
                for part in 0..PARTS {
                    let found = choose(planes, [test, left, right], part);
                    store(planes, to, part, found);
                }
            }),
            Form::Left => of_run.as_chunks().0.iter().for_each(|&[to, test, below, left, right, other]| {
                for part in 0..PARTS {
                    let passes = choose(planes, [below, left, right], part);
                    let found = select(load(planes, test, part), passes, load(planes, other, part));
                    store(planes, to, part, found);
                }
            }),
            Form::Right => of_run.as_chunks().0.iter().for_each(|&[to, test, other, below, left, right]| {
                for part in 0..PARTS {
                    let fails = choose(planes, [below, left, right], part);
                    let found = select(load(planes, test, part), load(planes, other, part), fails);
                    store(planes, to, part, found);
                }
            }),
            Form::Both => {
                of_run.as_chunks().0.iter().for_each(|&[to, test, a, left, right, b, third, fourth]| {
                    for part in 0..PARTS {
                        let passes = choose(planes, [a, left, right], part);
                        let fails = choose(planes, [b, third, fourth], part);
                        let found = select(load(planes, test, part), passes, fails);
                        store(planes, to, part, found);
                    }
                })
            }
        }
    }
}
