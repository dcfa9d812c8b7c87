//! The planes of a block, and what is made of them.

use std::cell::Cell;

use super::{BLOCK, Codes, Level, Live, STRIPE, portable};
#[cfg(target_arch = "x86_64")]
use super::{avx2, avx512};
use crate::ops::forest::sliced::{BinTest, Bundle, Form, ONE, PlaneRef, Sliced, ZERO};

pub(super) const WORDS: usize = STRIPE / 64;

/// A bit for each row of a stripe. A plane of a block has one for each stripe, side by side.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(64))]
pub(super) struct Stripe(pub(super) [u64; WORDS]);

/// The planes of a block.
#[derive(Debug)]
pub(in crate::ops::forest) struct Planes {
    level: Level,
    planes: Vec<Stripe>,
    /// The stripes of a block.
    stripes: usize,
    /// The rows of the block, of which it has at least one.
    rows: usize,
}

thread_local! {
    /// The room of the planes before, so that few rows need not wait for it to be made.
    static KEPT: Cell<Vec<Stripe>> = const { Cell::new(Vec::new()) };
}

/// The most planes that a thread keeps.
const MOST_KEPT: usize = 1 << 12;

impl Drop for Planes {
    fn drop(&mut self) {
        if self.planes.len() <= MOST_KEPT {
            // A thread that ends keeps nothing.
            let _ = KEPT.try_with(|kept| kept.set(std::mem::take(&mut self.planes)));
        }
    }
}

impl Planes {
    /// Room for the planes of a forest, of which there are two at least: zeros and ones. Blocks have at most `rows` rows.
    pub(in crate::ops::forest) fn of(level: Level, planes: usize, rows: usize) -> Planes {
        let stripes = rows.div_ceil(STRIPE).clamp(1, BLOCK / STRIPE);
        // What stands in them from before is written over, or chosen by no row.
        let mut room = KEPT.take();
        room.resize(planes.max(2) * stripes, Stripe([0; WORDS]));
        for (plane, words) in [(ZERO, 0), (ONE, u64::MAX)] {
            room[usize::from(plane) * stripes..][..stripes].fill(Stripe([words; WORDS]));
        }
        Planes { level, planes: room, stripes, rows: 1 }
    }

    /// Makes the plane of every test for a block of `rows` rows; `bins` are theirs, slot after slot, each in the order of
    /// [`Level::row_at`].
    pub(in crate::ops::forest) fn test(&mut self, tests: &[BinTest], bins: &[[u8; BLOCK]], rows: usize) {
        self.rows = rows.clamp(1, self.stripes * STRIPE);
        for (test, plane) in
            tests.iter().zip(self.planes.chunks_exact_mut(self.stripes).skip(Sliced::plane_of(0)))
        {
            let (bins, _) = bins[usize::from(test.slot)].as_chunks::<STRIPE>();
            for (stripe, bins) in plane.iter_mut().zip(bins) {
                match self.level {
                    #[cfg(target_arch = "x86_64")]
                    // SAFETY: the level was detected.
                    Level::Avx512 => unsafe { avx512::at_most(stripe, test.bin, bins) },
                    #[cfg(target_arch = "x86_64")]
                    // SAFETY: the level was detected.
                    Level::Avx2 => unsafe { avx2::at_most(stripe, test.bin, bins) },
                    Level::Portable => portable::at_most(stripe, test.bin, bins),
                }
            }
        }
    }

    /// Makes the selections of a bundle of the forest that these planes were made for, or of them those that are `live`.
    pub(in crate::ops::forest) fn select(&mut self, bundle: &Bundle<'_>, live: Option<&Live>) {
        let end = bundle.planes.max(bundle.first + bundle.selections());
        assert!(end * self.stripes <= self.planes.len(), "the planes of another forest");
        let planes = &mut self.planes[..];
        match (self.level, self.stripes) {
            #[cfg(target_arch = "x86_64")]
            // SAFETY: the level was detected; `Sliced::of` has checked that selections name planes below the number
            // of its planes, of which there are as many, and those that they make are.
            (Level::Avx512, 1) => unsafe { avx512::select::<1>(planes, bundle, live) },
            #[cfg(target_arch = "x86_64")]
            // SAFETY: as above.
            (Level::Avx512, _) => unsafe { avx512::select::<2>(planes, bundle, live) },
            #[cfg(target_arch = "x86_64")]
            // SAFETY: as above.
            (Level::Avx2, 1) if self.rows <= avx2::PART => unsafe {
                avx2::select::<1, 1>(planes, bundle, live)
            },
            #[cfg(target_arch = "x86_64")]
            // SAFETY: as above.
            (Level::Avx2, 1) => unsafe { avx2::select::<2, 1>(planes, bundle, live) },
            #[cfg(target_arch = "x86_64")]
            // SAFETY: as above.
            (Level::Avx2, _) => unsafe { avx2::select::<4, 2>(planes, bundle, live) },
            (Level::Portable, 1) => select_all::<2, 1>(planes, bundle, live),
            (Level::Portable, _) => select_all::<4, 2>(planes, bundle, live),
        }
    }

    /// Writes the number that the bits of these planes, at most 16, make for each row.
    pub(in crate::ops::forest) fn codes(&self, roots: &[PlaneRef], codes: &mut Codes) {
        let (stripes, _) = codes.codes.as_chunks_mut::<STRIPE>();
        for (stripe, out) in stripes.iter_mut().enumerate().take(self.rows.div_ceil(STRIPE)) {
            let mut planes = [&Stripe([0; WORDS]); MAX_ROOTS];
            for (plane, &root) in planes.iter_mut().zip(roots) {
                *plane = &self.planes[usize::from(root) * self.stripes + stripe];
            }
            let (planes, rows) = (&planes[..roots.len()], self.rows - stripe * STRIPE);
            match self.level {
                #[cfg(target_arch = "x86_64")]
                // SAFETY: the level was detected.
                Level::Avx512 => unsafe { avx512::codes(planes, out) },
                #[cfg(target_arch = "x86_64")]
                // SAFETY: the level was detected.
                Level::Avx2 => unsafe { avx2::codes(planes, rows, out) },
                Level::Portable => portable::codes(planes, out),
            }
        }
        (codes.rows, codes.limit) = (self.rows, 1 << roots.len());
    }
}

/// The most bits of a code.
const MAX_ROOTS: usize = 16;

/// Makes selections of a bundle in plain code.
fn select_all<const PARTS: usize, const STRIPES: usize>(
    planes: &mut [Stripe],
    bundle: &Bundle<'_>,
    live: Option<&Live>,
) {
    const PART: usize = 4;
    let place = |plane: usize, part: usize| (plane * STRIPES + part * PART / WORDS, part % (WORDS / PART));
    let load = |planes: &[Stripe], plane: usize, part: usize| -> [u64; PART] {
        let (stripe, part) = place(plane, part);
        planes[stripe].0.as_chunks().0[part]
    };
    let store = |planes: &mut [Stripe], plane: usize, part: usize, words: [u64; PART]| {
        let (stripe, part) = place(plane, part);
        planes[stripe].0.as_chunks_mut().0[part] = words;
    };
    run::<PARTS, _>(planes, bundle, live, load, portable::select, store);
}

/// Makes selections of a bundle, each for all parts of a plane: `load` finds a part of a plane, `select` chooses bit by
/// bit, `store` keeps a part.
#[inline(always)]
pub(super) fn run<const PARTS: usize, T: Copy>(
    planes: &mut [Stripe],
    bundle: &Bundle<'_>,
    live: Option<&Live>,
    load: impl Fn(&[Stripe], usize, usize) -> T,
    select: impl Fn(T, T, T) -> T,
    store: impl Fn(&mut [Stripe], usize, usize, T),
) {
    let (mut places, mut start) = (bundle.places, 0);
    for run in bundle.runs {
        let count = run.count as usize;
        let (of_run, rest) = places.split_at(count * run.form.places());
        let first = bundle.first + start;
        let live = live.map(|live| (start, live.between(start, start + count)));
        // A macro, since a closure would not be compiled for the instructions of the function around.
        macro_rules! make {
            (|$at:ident, $names:pat_param| $found:expr) => {{
                let (selections, _) = of_run.as_chunks();
                macro_rules! one {
                    ($number:expr, $places:expr) => {
                        let $names = $places.map(usize::from);
                        for part in 0..PARTS {
                            let $at = |place| load(planes, place, part);
                            store(planes, first + $number, part, $found);
                        }
                    };
                }
                match live {
                    Some((start, numbers)) => {
                        for &number in numbers {
                            let number = usize::from(number) - start;
                            let Some(&places) = selections.get(number) else { break };
                            one!(number, places);
                        }
                    }
                    None => {
                        for (number, &places) in selections.iter().enumerate() {
                            one!(number, places);
                        }
                    }
                }
            }};
        }
        match run.form {
            Form::One => make!(|at, [test, left, right]| select(at(test), at(left), at(right))),
            Form::Left => make!(|at, [test, below, left, right, other]| {
                select(at(test), select(at(below), at(left), at(right)), at(other))
            }),
            Form::Right => make!(|at, [test, other, below, left, right]| {
                select(at(test), at(other), select(at(below), at(left), at(right)))
            }),
            Form::Both => make!(|at, [test, a, left, right, b, third, fourth]| {
                select(at(test), select(at(a), at(left), at(right)), select(at(b), at(third), at(fourth)))
            }),
        }
        places = rest;
        start += count;
    }
}
