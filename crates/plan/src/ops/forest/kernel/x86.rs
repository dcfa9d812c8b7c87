//! The loops by the vector instructions of x86-64.

use std::arch::x86_64::*;

use super::planes::{self, Plane};
use super::{BLOCK, STRIPE, portable};
use crate::ops::forest::sliced::{BinTest, PlaneRef, TreeProgram};
use crate::ops::forest::tops::{GROUP, LEVELS, TESTS, TopTests};

/// Up to so many thresholds are searched in vectors.
const SEARCHED: usize = 31;

/// What a value is compared with at the five levels of a search among [`SEARCHED`] thresholds.
struct Search([[f64; 16]; 5]);

impl Search {
    fn of(thresholds: &[f64]) -> Search {
        let mut levels = [[f64::INFINITY; 16]; 5];
        for (level, entries) in levels.iter_mut().enumerate() {
            let half = 16 >> level;
            for (at, entry) in entries.iter_mut().take(1 << level).enumerate() {
                if let Some(&threshold) = thresholds.get((2 * at + 1) * half - 1) {
                    *entry = threshold;
                }
            }
        }
        Search(levels)
    }
}

#[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
pub(super) fn count_beyond_avx512(values: &[f64; STRIPE], thresholds: &[f64], out: &mut [u8; STRIPE]) {
    if thresholds.len() > SEARCHED {
        return portable::beyond(values, thresholds, out);
    }
    let search = Search::of(thresholds);
    // SAFETY: 128 bytes are loaded of 128.
    let levels = search
        .0
        .each_ref()
        .map(|level| unsafe { (_mm512_loadu_pd(level.as_ptr()), _mm512_loadu_pd(level.as_ptr().add(8))) });
    let all = _mm512_set1_epi64(thresholds.len() as i64);
    let one = _mm512_set1_epi64(1);
    let ((values, _), (out, _)) = (values.as_chunks::<8>(), out.as_chunks_mut::<8>());
    for (values, out) in values.iter().zip(out) {
        // SAFETY: 64 bytes are loaded of 64.
        let x = unsafe { _mm512_loadu_pd(values.as_ptr()) };
        let mut at = _mm512_setzero_si512();
        for &(low, high) in &levels {
            let threshold = _mm512_permutex2var_pd(low, at, high);
            let beyond = _mm512_cmp_pd_mask::<_CMP_NLE_UQ>(x, threshold);
            at = _mm512_add_epi64(at, at);
            at = _mm512_mask_add_epi64(at, beyond, at, one);
        }
        // A NaN is also beyond thresholds that there are not.
        let count = _mm512_add_epi64(_mm512_min_epu64(at, all), one);
        *out = _mm_cvtsi128_si64(_mm512_cvtepi64_epi8(count)).to_le_bytes();
    }
}

#[target_feature(enable = "avx2")]
pub(super) fn count_beyond_avx2(values: &[f64; STRIPE], thresholds: &[f64], out: &mut [u8; STRIPE]) {
    portable::beyond(values, thresholds, out);
}

#[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
pub(super) fn count_row_avx512(row: &[f64], thresholds: &[Vec<f64>], out: &mut [u8]) {
    portable::beyond_row(row, thresholds, out);
}

#[target_feature(enable = "avx2")]
pub(super) fn count_row_avx2(row: &[f64], thresholds: &[Vec<f64>], out: &mut [u8]) {
    portable::beyond_row(row, thresholds, out);
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
pub(super) fn test_avx512(planes: &mut [Plane], tests: &[BinTest], bins: &[[u8; BLOCK]], stripes: usize) {
    portable::test(planes, tests, bins, stripes, |bytes, bin| {
        // SAFETY: 64 bytes are loaded of 64; the instructions are those of the function around.
        unsafe {
            let bytes = _mm512_loadu_si512(bytes.as_ptr().cast());
            _mm512_cmple_epu8_mask(bytes, _mm512_set1_epi8(bin as i8))
        }
    });
}

#[target_feature(enable = "avx2")]
pub(super) fn test_avx2(planes: &mut [Plane], tests: &[BinTest], bins: &[[u8; BLOCK]], stripes: usize) {
    portable::test(planes, tests, bins, stripes, |bytes, bin| {
        let (halves, _) = bytes.as_chunks::<32>();
        let mut word = 0;
        for (half, bytes) in halves.iter().enumerate() {
            // SAFETY: 32 bytes are loaded of 32; the instructions are those of the function around.
            let mask = unsafe {
                let bytes = _mm256_loadu_si256(bytes.as_ptr().cast());
                let at_most = _mm256_cmpeq_epi8(_mm256_min_epu8(bytes, _mm256_set1_epi8(bin as i8)), bytes);
                _mm256_movemask_epi8(at_most)
            };
            word |= u64::from(mask as u32) << (32 * half);
        }
        word
    });
}

/// Makes the selections of a tree for `STRIPES` stripes.
///
/// # Safety
///
/// The tree names planes that there are, and a plane has that many stripes.
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
pub(super) unsafe fn select_avx512<const STRIPES: usize>(all: &mut [Plane], tree: &TreeProgram<'_>) {
    let all = all.as_mut_ptr();
    let at = |place: PlaneRef| {
        // SAFETY: the caller says that there is such a plane.
        unsafe { all.add(usize::from(place)).cast::<__m512i>() }
    };
    let load = |place| {
        let from = at(place);
        // SAFETY: the caller says that a plane has as many stripes, of 64 bytes each.
        std::array::from_fn(|stripe| unsafe { from.add(stripe).read() })
    };
    let select = |test: [__m512i; STRIPES], left: [__m512i; STRIPES], right: [__m512i; STRIPES]| {
        std::array::from_fn(|at| _mm512_ternarylogic_epi64::<0xca>(test[at], left[at], right[at]))
    };
    let store = |place, stripes: [__m512i; STRIPES]| {
        let to = at(place);
        // SAFETY: as for `load`.
        stripes.into_iter().enumerate().for_each(|(stripe, bits)| unsafe { to.add(stripe).write(bits) });
    };
    planes::run(tree, load, select, store);
}

#[target_feature(enable = "avx2")]
pub(super) fn select_avx2(all: &mut [Plane], tree: &TreeProgram<'_>) {
    planes::select_all(all, tree);
}

#[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
pub(super) fn codes_avx512(planes: &[Plane], roots: &[u16], stripes: usize, out: &mut [u16; BLOCK]) {
    let (out, _) = out.as_chunks_mut::<STRIPE>();
    for (stripe, out) in out.iter_mut().enumerate().take(stripes) {
        let mut sums = [_mm512_setzero_si512(); STRIPE / 32];
        for (bit, &root) in roots.iter().enumerate() {
            let add = _mm512_set1_epi16(1 << bit);
            let (words, _) = planes[usize::from(root)].0.as_chunks::<{ STRIPE / 64 }>();
            for (at, sum) in sums.iter_mut().enumerate() {
                let rows = (words[stripe][at / 2] >> (32 * (at % 2))) as u32;
                *sum = _mm512_mask_add_epi16(*sum, rows, *sum, add);
            }
        }
        let (out, _) = out.as_chunks_mut::<32>();
        for (out, sum) in out.iter_mut().zip(sums) {
            // SAFETY: 64 bytes are stored into 32 numbers of two.
            unsafe { _mm512_storeu_si512(out.as_mut_ptr().cast(), sum) }
        }
    }
}

#[target_feature(enable = "avx2")]
pub(super) fn codes_avx2(planes: &[Plane], roots: &[u16], out: &mut [u16; BLOCK]) {
    portable::codes(planes, roots, out);
}
