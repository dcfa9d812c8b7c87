//! The inner loops of the tree engine, compiled for what the processor has.
//!
//! This is the one module of the crate with `unsafe`: calls of functions that are compiled for instructions which
//! [`Level::detect`] has found, loads and stores of whole vectors in arrays of their size, and places that were checked
//! when a forest was built, once instead of at every step.

#![expect(
    unsafe_code,
    reason = "vector instructions, and no check of places that were checked when they were made"
)]

use super::binned::Binned;
use super::sliced::{BinTest, ONE, Select, Sliced, TreeProgram, ZERO};
use super::tops::{GROUP, LEVELS, TESTS, TopTests};

/// The rows of a block.
pub(super) const BLOCK: usize = 512;

const WORDS: usize = BLOCK / 64;

/// What the processor has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Level {
    /// AVX-512 with instructions for bytes, also those that look bytes up.
    #[cfg(target_arch = "x86_64")]
    Avx512,
    /// AVX2.
    #[cfg(target_arch = "x86_64")]
    Avx2,
    /// Whatever the compiler makes of plain code.
    Portable,
}

impl Level {
    /// The best that this processor has.
    pub(super) fn detect() -> Level {
        #[cfg(target_arch = "x86_64")]
        {
            if is_x86_feature_detected!("avx512f")
                && is_x86_feature_detected!("avx512bw")
                && is_x86_feature_detected!("avx512vbmi")
            {
                return Level::Avx512;
            }
            if is_x86_feature_detected!("avx2") {
                return Level::Avx2;
            }
        }
        Level::Portable
    }
}

impl Level {
    /// Whether [`top_places`] can be asked.
    pub(super) fn looks_bytes_up(self) -> bool {
        match self {
            #[cfg(target_arch = "x86_64")]
            Level::Avx512 => true,
            _ => false,
        }
    }
}

/// A bit for each row of a block.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(64))]
struct Plane([u64; WORDS]);

/// The planes of a block.
#[derive(Debug)]
pub(super) struct Planes {
    level: Level,
    planes: Vec<Plane>,
}

impl Planes {
    /// Room for the planes of a forest, of which there are two at least: zeros and ones.
    pub(super) fn of(level: Level, planes: usize) -> Planes {
        let mut planes = vec![Plane([0; WORDS]); planes];
        planes[usize::from(ONE)] = Plane([u64::MAX; WORDS]);
        planes[usize::from(ZERO)] = Plane([0; WORDS]);
        Planes { level, planes }
    }

    /// Makes the plane of every test; `bins` are those of the block, slot after slot.
    pub(super) fn test(&mut self, tests: &[BinTest], bins: &[[u8; BLOCK]]) {
        match self.level {
            #[cfg(target_arch = "x86_64")]
            // SAFETY: the level was detected.
            Level::Avx512 => unsafe { x86::test_avx512(&mut self.planes, tests, bins) },
            #[cfg(target_arch = "x86_64")]
            // SAFETY: the level was detected.
            Level::Avx2 => unsafe { x86::test_avx2(&mut self.planes, tests, bins) },
            Level::Portable => test(&mut self.planes, tests, bins, at_most),
        }
    }

    /// Makes the selections of a tree of the forest that these planes were made for.
    pub(super) fn select(&mut self, tree: &TreeProgram<'_>) {
        assert!(tree.planes <= self.planes.len(), "the planes of another forest");
        let selects = tree.selects;
        match self.level {
            #[cfg(target_arch = "x86_64")]
            // SAFETY: the level was detected.
            Level::Avx512 => unsafe { x86::select_avx512(&mut self.planes, selects) },
            #[cfg(target_arch = "x86_64")]
            // SAFETY: the level was detected.
            Level::Avx2 => unsafe { x86::select_avx2(&mut self.planes, selects) },
            Level::Portable => select(&mut self.planes, selects),
        }
    }

    /// Writes the number that the bits of these planes make for each row.
    pub(super) fn codes(&self, roots: &[u16], out: &mut [u16; BLOCK]) {
        match self.level {
            #[cfg(target_arch = "x86_64")]
            // SAFETY: the level was detected.
            Level::Avx512 => unsafe { x86::codes_avx512(&self.planes, roots, out) },
            #[cfg(target_arch = "x86_64")]
            // SAFETY: the level was detected.
            Level::Avx2 => unsafe { x86::codes_avx2(&self.planes, roots, out) },
            Level::Portable => codes(&self.planes, roots, out),
        }
    }
}

/// Writes for each value the number of `thresholds` that it is beyond, and 1 more; a NaN is beyond all of them.
pub(super) fn count_beyond(level: Level, values: &[f64; BLOCK], thresholds: &[f64], out: &mut [u8; BLOCK]) {
    match level {
        #[cfg(target_arch = "x86_64")]
        // SAFETY: the level was detected.
        Level::Avx512 => unsafe { x86::count_beyond_avx512(values, thresholds, out) },
        #[cfg(target_arch = "x86_64")]
        // SAFETY: the level was detected.
        Level::Avx2 => unsafe { x86::count_beyond_avx2(values, thresholds, out) },
        Level::Portable => beyond(values, thresholds, out),
    }
}

/// Writes for each slot of a row what [`count_beyond`] does.
pub(super) fn count_row(level: Level, row: &[f64], thresholds: &[Vec<f64>], out: &mut [u8]) {
    match level {
        #[cfg(target_arch = "x86_64")]
        // SAFETY: the level was detected.
        Level::Avx512 => unsafe { x86::count_row_avx512(row, thresholds, out) },
        #[cfg(target_arch = "x86_64")]
        // SAFETY: the level was detected.
        Level::Avx2 => unsafe { x86::count_row_avx2(row, thresholds, out) },
        Level::Portable => beyond_row(row, thresholds, out),
    }
}

#[inline(always)]
fn beyond_row(row: &[f64], thresholds: &[Vec<f64>], out: &mut [u8]) {
    for ((x, thresholds), out) in row.iter().zip(thresholds).zip(out) {
        // A NaN is not at most any of them.
        *out = 1 + thresholds.iter().map(|threshold| 1 - u64::from(x <= threshold)).sum::<u64>() as u8;
    }
}

/// Goes down some trees from the nodes `ends`, by so many steps; a leaf stays where it is. The nodes are those of
/// [`Binned::nodes`], and `ends` lie among them.
#[inline(always)]
pub(super) fn descend<const TREES: usize>(
    nodes: &Binned,
    bins: &[u8; 256],
    ends: &mut [u32; TREES],
    steps: u32,
) {
    let nodes = nodes.nodes();
    assert!(ends.iter().all(|&at| (at as usize) < nodes.len()));
    for _ in 0..steps {
        for at in ends.iter_mut() {
            // SAFETY: `Binned::of` has checked that both children of each node lie among the nodes.
            let node = unsafe { *nodes.get_unchecked(*at as usize) };
            *at += (node >> 16) + u32::from(bins[usize::from((node >> 8) as u8)] <= node as u8);
        }
    }
}

/// Writes for each tree of a group the place where a row of these bins leaves the upper levels; `false` where the
/// processor lacks what it takes.
pub(super) fn top_places(
    level: Level,
    tests: &TopTests,
    slots: usize,
    bins: &[u8; 256],
    out: &mut [u8; GROUP],
) -> bool {
    match level {
        #[cfg(target_arch = "x86_64")]
        Level::Avx512 => {
            // SAFETY: the level was detected.
            unsafe { x86::top_places_avx512(tests, slots, bins, out) };
            true
        }
        _ => false,
    }
}

#[inline(always)]
fn beyond(values: &[f64; BLOCK], thresholds: &[f64], out: &mut [u8; BLOCK]) {
    let ((values, _), (out, _)) = (values.as_chunks::<16>(), out.as_chunks_mut::<16>());
    for (values, out) in values.iter().zip(out) {
        let mut counts = [1_u64; 16];
        for threshold in thresholds {
            for (count, x) in counts.iter_mut().zip(values) {
                *count += 1 - u64::from(x <= threshold);
            }
        }
        for (out, count) in out.iter_mut().zip(counts) {
            *out = count as u8;
        }
    }
}

#[inline(always)]
fn test(
    planes: &mut [Plane],
    tests: &[BinTest],
    bins: &[[u8; BLOCK]],
    at_most: impl Fn(&[u8; 64], u8) -> u64,
) {
    let planes = &mut planes[Sliced::plane_of(0)..];
    for (plane, test) in planes.iter_mut().zip(tests) {
        let (rows, _) = bins[usize::from(test.slot)].as_chunks::<64>();
        for (word, rows) in plane.0.iter_mut().zip(rows) {
            *word = at_most(rows, test.bin);
        }
    }
}

/// A bit for each byte: whether it is at most `bin`.
#[inline(always)]
fn at_most(bytes: &[u8; 64], bin: u8) -> u64 {
    bytes.iter().enumerate().fold(0, |word, (at, &byte)| word | u64::from(byte <= bin) << at)
}

#[inline(always)]
fn select(planes: &mut [Plane], selects: &[Select]) {
    for select in selects {
        let (test, left, right) = (
            planes[usize::from(select.test)].0,
            planes[usize::from(select.left)].0,
            planes[usize::from(select.right)].0,
        );
        let to = &mut planes[usize::from(select.to)].0;
        for word in 0..WORDS {
            to[word] = test[word] & left[word] | !test[word] & right[word];
        }
    }
}

#[inline(always)]
fn codes(planes: &[Plane], roots: &[u16], out: &mut [u16; BLOCK]) {
    out.fill(0);
    let (out, _) = out.as_chunks_mut::<64>();
    for (bit, &root) in roots.iter().enumerate() {
        let plane = &planes[usize::from(root)].0;
        for (out, &word) in out.iter_mut().zip(plane) {
            for (row, code) in out.iter_mut().enumerate() {
                *code |= ((word >> row & 1) as u16) << bit;
            }
        }
    }
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use std::arch::x86_64::*;

    use super::{BLOCK, BinTest, GROUP, LEVELS, Plane, Select, TESTS, TopTests};

    #[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
    pub(super) fn count_beyond_avx512(values: &[f64; BLOCK], thresholds: &[f64], out: &mut [u8; BLOCK]) {
        super::beyond(values, thresholds, out);
    }

    #[target_feature(enable = "avx2")]
    pub(super) fn count_beyond_avx2(values: &[f64; BLOCK], thresholds: &[f64], out: &mut [u8; BLOCK]) {
        super::beyond(values, thresholds, out);
    }

    #[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
    pub(super) fn count_row_avx512(row: &[f64], thresholds: &[Vec<f64>], out: &mut [u8]) {
        super::beyond_row(row, thresholds, out);
    }

    #[target_feature(enable = "avx2")]
    pub(super) fn count_row_avx2(row: &[f64], thresholds: &[Vec<f64>], out: &mut [u8]) {
        super::beyond_row(row, thresholds, out);
    }

    #[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
    pub(super) fn top_places_avx512(tests: &TopTests, slots: usize, bins: &[u8; 256], out: &mut [u8; GROUP]) {
        let (quarters, _) = bins.as_chunks::<64>();
        let load = |bytes: &[u8; 64]| {
            // SAFETY: 64 bytes are loaded of 64.
            unsafe { _mm512_loadu_si512(bytes.as_ptr().cast()) }
        };
        let [a, b, c, d] = [0, 1, 2, 3].map(|at| load(&quarters[at]));
        let mut passes = [0_u64; TESTS];
        let tests = passes.iter_mut().zip(tests.slots.iter().zip(&tests.bins));
        if slots <= 64 {
            for (pass, (slots, bins)) in tests {
                *pass = _mm512_cmple_epu8_mask(_mm512_permutexvar_epi8(load(slots), a), load(bins));
            }
        } else {
            for (pass, (slots, bins)) in tests {
                let slots = load(slots);
                let low = _mm512_permutex2var_epi8(a, slots, b);
                let high = _mm512_permutex2var_epi8(c, slots, d);
                let found = _mm512_mask_blend_epi8(_mm512_movepi8_mask(slots), low, high);
                *pass = _mm512_cmple_epu8_mask(found, load(bins));
            }
        }
        let mut places = _mm512_setzero_si512();
        let mut path = [0_u64; LEVELS as usize];
        for level in 0..LEVELS as usize {
            // What the nodes of this level say, halved by each bit of the way, the last one first.
            let mut said = [0_u64; 1 << (LEVELS - 1)];
            let nodes = 1 << level;
            said[..nodes].copy_from_slice(&passes[nodes - 1..2 * nodes - 1]);
            for (bit, above) in path[..level].iter().rev().enumerate() {
                for at in 0..nodes >> (bit + 1) {
                    said[at] = above & said[2 * at + 1] | !above & said[2 * at];
                }
            }
            path[level] = said[0];
            places = _mm512_add_epi8(places, places);
            places = _mm512_mask_add_epi8(places, said[0], places, _mm512_set1_epi8(1));
        }
        // SAFETY: 64 bytes are stored into 64.
        unsafe { _mm512_storeu_si512(out.as_mut_ptr().cast(), places) }
    }

    #[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
    pub(super) fn test_avx512(planes: &mut [Plane], tests: &[BinTest], bins: &[[u8; BLOCK]]) {
        super::test(planes, tests, bins, |bytes, bin| {
            // SAFETY: 64 bytes are loaded of 64; the instructions are those of the function around.
            unsafe {
                let bytes = _mm512_loadu_si512(bytes.as_ptr().cast());
                _mm512_cmple_epu8_mask(bytes, _mm512_set1_epi8(bin as i8))
            }
        });
    }

    #[target_feature(enable = "avx2")]
    pub(super) fn test_avx2(planes: &mut [Plane], tests: &[BinTest], bins: &[[u8; BLOCK]]) {
        super::test(planes, tests, bins, |bytes, bin| {
            let (halves, _) = bytes.as_chunks::<32>();
            let mut word = 0;
            for (half, bytes) in halves.iter().enumerate() {
                // SAFETY: 32 bytes are loaded of 32; the instructions are those of the function around.
                let mask = unsafe {
                    let bytes = _mm256_loadu_si256(bytes.as_ptr().cast());
                    let at_most =
                        _mm256_cmpeq_epi8(_mm256_min_epu8(bytes, _mm256_set1_epi8(bin as i8)), bytes);
                    _mm256_movemask_epi8(at_most)
                };
                word |= u64::from(mask as u32) << (32 * half);
            }
            word
        });
    }

    #[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
    pub(super) fn select_avx512(planes: &mut [Plane], selects: &[Select]) {
        let planes = planes.as_mut_ptr();
        for select in selects {
            // SAFETY: `Sliced::of` has checked that selections name planes below the number of its planes, and
            // `Planes::select` that there are as many.
            unsafe {
                let at = |place: u16| planes.add(usize::from(place)).cast::<__m512i>();
                let (test, left, right) =
                    (at(select.test).read(), at(select.left).read(), at(select.right).read());
                at(select.to).write(_mm512_ternarylogic_epi64::<0xca>(test, left, right));
            }
        }
    }

    #[target_feature(enable = "avx2")]
    pub(super) fn select_avx2(planes: &mut [Plane], selects: &[Select]) {
        super::select(planes, selects);
    }

    #[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
    pub(super) fn codes_avx512(planes: &[Plane], roots: &[u16], out: &mut [u16; BLOCK]) {
        let mut sums = [_mm512_setzero_si512(); BLOCK / 32];
        for (bit, &root) in roots.iter().enumerate() {
            let add = _mm512_set1_epi16(1 << bit);
            let words = &planes[usize::from(root)].0;
            for (at, sum) in sums.iter_mut().enumerate() {
                let rows = (words[at / 2] >> (32 * (at % 2))) as u32;
                *sum = _mm512_mask_add_epi16(*sum, rows, *sum, add);
            }
        }
        let (out, _) = out.as_chunks_mut::<32>();
        for (out, sum) in out.iter_mut().zip(sums) {
            // SAFETY: 64 bytes are stored into 32 numbers of two.
            unsafe { _mm512_storeu_si512(out.as_mut_ptr().cast(), sum) }
        }
    }

    #[target_feature(enable = "avx2")]
    pub(super) fn codes_avx2(planes: &[Plane], roots: &[u16], out: &mut [u16; BLOCK]) {
        super::codes(planes, roots, out);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The levels that this processor has.
    fn levels() -> Vec<Level> {
        let mut levels = vec![Level::Portable];
        #[cfg(target_arch = "x86_64")]
        if is_x86_feature_detected!("avx2") {
            levels.push(Level::Avx2);
        }
        if Level::detect() != Level::Portable {
            levels.push(Level::detect());
        }
        levels
    }

    fn value() -> impl Strategy<Value = f64> {
        prop_oneof![4 => (-4..5).prop_map(f64::from), 1 => Just(f64::NAN), 1 => Just(-0.0), 1 => any::<f64>()]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        #[test]
        fn every_level_counts_what_a_value_is_beyond(
            values in prop::collection::vec(value(), BLOCK),
            thresholds in prop::collection::vec(-4.0..5.0, 0..70),
        ) {
            let values: [f64; BLOCK] = values.try_into().unwrap();
            let at_most = |x: &f64| thresholds.iter().filter(|&threshold| x <= threshold).count();
            let bin = |x: &f64| (1 + thresholds.len() - at_most(x)) as u8;
            let expected: Vec<u8> = values.iter().map(bin).collect();
            for level in levels() {
                let mut found = [0; BLOCK];
                count_beyond(level, &values, &thresholds, &mut found);
                prop_assert_eq!(&found[..], &expected[..], "{:?}", level);
                let mut row = [0; 9];
                count_row(level, &values[..9], &vec![thresholds.clone(); 9], &mut row);
                prop_assert_eq!(&row[..], &expected[..9], "{:?}", level);
            }
        }

        #[test]
        fn every_level_makes_the_same_planes_and_codes(
            bins in prop::collection::vec(prop::collection::vec(0..9_u8, BLOCK), 3),
            places in prop::collection::vec((2..10_u16, 0..16_u16, 0..16_u16, 10..16_u16), 0..40),
        ) {
            let bins: Vec<[u8; BLOCK]> = bins.into_iter().map(|bins| bins.try_into().unwrap()).collect();
            let tests: Vec<BinTest> = (0..8).map(|at| BinTest { slot: at % 3, bin: at }).collect();
            let selects: Vec<Select> =
                places.iter().map(|&(test, left, right, to)| Select { test, left, right, to }).collect();
            let roots = [3, 11, 10, 1, 0, 15];
            let mut expected: [u16; BLOCK] = [0; BLOCK];
            for (row, expected) in expected.iter_mut().enumerate() {
                let mut bits = [false; 16];
                bits[usize::from(ONE)] = true;
                for (at, test) in tests.iter().enumerate() {
                    bits[Sliced::plane_of(at)] = bins[usize::from(test.slot)][row] <= test.bin;
                }
                for &(test, left, right, to) in &places {
                    bits[usize::from(to)] = bits[usize::from(if bits[usize::from(test)] { left } else { right })];
                }
                *expected = roots.iter().enumerate().map(|(bit, &root)| u16::from(bits[root as usize]) << bit).sum();
            }
            for level in levels() {
                let mut planes = Planes::of(level, 16);
                planes.test(&tests, &bins);
                planes.select(&TreeProgram { planes: 16, selects: &selects, roots: &[], leaf_of: &[] });
                let mut found = [0; BLOCK];
                planes.codes(&roots, &mut found);
                prop_assert_eq!(found, expected, "{:?}", level);
            }
        }
    }
}
