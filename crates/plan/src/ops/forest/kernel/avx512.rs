//! The loops by AVX-512.

use std::arch::x86_64::*;

use super::page_walk::{self, LANES, Lanes};
use super::planes::{self, Stripe};
use super::{Live, STRIPE, portable};
use crate::ops::forest::pages::{LEVELS, PLACES, Page, PageTests, Pages};
use crate::ops::forest::sliced::Bundle;

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

/// The vectors of values that are searched side by side, since each step of one waits for the step before.
const SIDE_BY_SIDE: usize = 4;

#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vbmi")]
pub(super) fn count_beyond(values: &[f64; STRIPE], thresholds: &[f64], out: &mut [u8; STRIPE]) {
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
    let ((values, _), (out, _)) = (values.as_chunks::<SIDE_BY_SIDE>(), out.as_chunks_mut::<SIDE_BY_SIDE>());
    for (values, out) in values.iter().zip(out) {
        // SAFETY: 64 bytes are loaded of 64.
        let values = values.each_ref().map(|values| unsafe { _mm512_loadu_pd(values.as_ptr()) });
        let mut places = [_mm512_setzero_si512(); SIDE_BY_SIDE];
        for &(low, high) in &levels {
            for (at, &x) in places.iter_mut().zip(&values) {
                let threshold = _mm512_permutex2var_pd(low, *at, high);
                let beyond = _mm512_cmp_pd_mask::<_CMP_NLE_UQ>(x, threshold);
                // What is beyond is -1. Added by the mask itself, neighbours would wait for each other's.
                *at = _mm512_sub_epi64(_mm512_add_epi64(*at, *at), _mm512_movm_epi64(beyond));
            }
        }
        for (out, at) in out.iter_mut().zip(places) {
            // A NaN is also beyond thresholds that there are not.
            let count = _mm512_add_epi64(_mm512_min_epu64(at, all), one);
            *out = _mm_cvtsi128_si64(_mm512_cvtepi64_epi8(count)).to_le_bytes();
        }
    }
}

/// Takes a row of `bins` from the pages of all trees to leaves and adds these; `WIDE` where there are more than 64 slots.
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vbmi,avx512vpopcntdq")]
pub(super) fn leaves<const WIDE: bool, S>(
    lanes: &mut [Lanes],
    pages: &Pages,
    bins: &[u8; 256],
    start: S,
    add: impl Fn(S, usize) -> S,
) -> S {
    let (quarters, _) = bins.as_chunks::<64>();
    let [a, b, c, d] = [0, 1, 2, 3].map(|at| {
        // SAFETY: 64 bytes are loaded of 64.
        let bins = unsafe { _mm512_loadu_si512(quarters[at].as_ptr().cast()) };
        _mm512_xor_si512(bins, _mm512_set1_epi8(i8::MIN))
    });
    let fails = |page: &PageTests| {
        // SAFETY: 32 bytes are loaded of 32, twice.
        let (slots, bins) = unsafe {
            (_mm256_load_si256(page.slots.as_ptr().cast()), _mm256_load_si256(page.bins.as_ptr().cast()))
        };
        let wide = _mm512_castsi256_si512(slots);
        let found = if WIDE {
            let low = _mm512_permutex2var_epi8(a, wide, b);
            let high = _mm512_permutex2var_epi8(c, wide, d);
            _mm512_mask_blend_epi8(_mm512_movepi8_mask(wide), low, high)
        } else {
            _mm512_permutexvar_epi8(wide, a)
        };
        _mm256_cmpgt_epi8_mask(_mm512_castsi512_si256(found), bins)
    };
    let load = |lanes: &[u32; LANES]| {
        // SAFETY: 64 bytes are loaded of 16 numbers of four.
        unsafe { _mm512_loadu_si512(lanes.as_ptr().cast()) }
    };
    let (one, one_place) = (_mm512_set1_epi32(1), _mm512_set1_epi32(PLACES as i32 - 1));
    let descend = |lanes: &mut Lanes, last: bool| {
        let Lanes { at, fails, places, firsts } = lanes;
        let (fails, first) = (load(fails), load(firsts));
        let mut place = one;
        for _ in 0..LEVELS {
            let fail = _mm512_and_si512(_mm512_srlv_epi32(fails, place), one);
            place = _mm512_add_epi32(_mm512_add_epi32(place, place), fail);
        }
        let before = _mm512_sllv_epi32(one, _mm512_and_si512(place, one_place));
        let before = _mm512_and_si512(load(places), _mm512_sub_epi32(before, one));
        let found = _mm512_add_epi32(first, _mm512_popcnt_epi32(before));
        let next = if last {
            found
        } else {
            // Those at leaves stay at their pages.
            let found = _mm512_and_si512(found, _mm512_set1_epi32(!Page::PAGES as i32));
            _mm512_mask_mov_epi32(load(at), _mm512_cmplt_epi32_mask(first, _mm512_setzero_si512()), found)
        };
        // SAFETY: 64 bytes are stored into 16 numbers of four.
        unsafe { _mm512_storeu_si512(at.as_mut_ptr().cast(), next) }
    };
    page_walk::fold(lanes, pages, fails, descend, start, add)
}

/// Writes whether bins are at most `bin`.
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
pub(super) fn at_most(stripe: &mut Stripe, bin: u8, bins: &[u8; STRIPE]) {
    for (word, bytes) in stripe.0.iter_mut().zip(bins.as_chunks::<64>().0) {
        // SAFETY: 64 bytes are loaded of 64.
        let bytes = unsafe { _mm512_loadu_si512(bytes.as_ptr().cast()) };
        *word = _mm512_cmple_epu8_mask(bytes, _mm512_set1_epi8(bin as i8));
    }
}

/// Makes selections of a bundle for planes of `STRIPES` stripes.
///
/// # Safety
///
/// The bundle names planes that there are, and makes such planes, and a plane has that many stripes.
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi,popcnt")]
pub(super) unsafe fn select<const STRIPES: usize>(
    planes: &mut [Stripe],
    bundle: &Bundle<'_>,
    live: Option<&Live>,
) {
    let load = |planes: &[Stripe], plane: usize, _: usize| {
        // SAFETY: the caller says that there is such a plane, and that it has as many stripes, of 64 bytes each.
        let from = unsafe { planes.as_ptr().add(plane * STRIPES) }.cast::<__m512i>();
        std::array::from_fn(|stripe| unsafe { from.add(stripe).read() })
    };
    let store = |planes: &mut [Stripe], plane: usize, _: usize, stripes: [__m512i; STRIPES]| {
        // SAFETY: as for `load`.
        let to = unsafe { planes.as_mut_ptr().add(plane * STRIPES) }.cast::<__m512i>();
        stripes.into_iter().enumerate().for_each(|(stripe, bits)| unsafe { to.add(stripe).write(bits) });
    };
    let select = |test: [__m512i; STRIPES], left: [__m512i; STRIPES], right: [__m512i; STRIPES]| {
        std::array::from_fn(|at| _mm512_ternarylogic_epi64::<0xca>(test[at], left[at], right[at]))
    };
    // One part of all stripes, of which the registers have room for enough.
    planes::run::<1, _>(planes, bundle, live, load, select, store);
}

/// Writes the number that the bits of some planes, at most 16, make for each row of a stripe.
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi,gfni")]
pub(super) fn codes(planes: &[&Stripe], out: &mut [u16; STRIPE]) {
    let (low, high) = planes.split_at(planes.len().min(8));
    let low = bytes_of_bits(low);
    let high = if high.is_empty() { [_mm512_setzero_si512(); 8] } else { bytes_of_bits(high) };
    let (out, _) = out.as_chunks_mut::<64>();
    for (out, (low, high)) in out.iter_mut().zip(low.into_iter().zip(high)) {
        let joined = |low: __m256i, high: __m256i| {
            let high = _mm512_slli_epi16::<8>(_mm512_cvtepu8_epi16(high));
            _mm512_or_si512(_mm512_cvtepu8_epi16(low), high)
        };
        let halves = [
            joined(_mm512_castsi512_si256(low), _mm512_castsi512_si256(high)),
            joined(_mm512_extracti64x4_epi64::<1>(low), _mm512_extracti64x4_epi64::<1>(high)),
        ];
        let (out, _) = out.as_chunks_mut::<32>();
        for (out, half) in out.iter_mut().zip(halves) {
            // SAFETY: 64 bytes are stored into 32 numbers of two.
            unsafe { _mm512_storeu_si512(out.as_mut_ptr().cast(), half) }
        }
    }
}

/// For each row of a stripe a byte of its bits in at most eight planes, 64 rows in each vector.
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi,gfni")]
fn bytes_of_bits(planes: &[&Stripe]) -> [__m512i; 8] {
    // Of each 64 rows the words of all planes.
    let mut words = [[0_u64; 8]; 8];
    for (at, plane) in planes.iter().enumerate() {
        for (words, &word) in words.iter_mut().zip(&plane.0) {
            words[at] = word;
        }
    }
    // Of each eight rows the bytes of all planes, the last plane first.
    let mut order = [0_u8; 64];
    for (at, place) in order.iter_mut().enumerate() {
        *place = (8 * (7 - at % 8) + at / 8) as u8;
    }
    // SAFETY: 64 bytes are loaded of 64.
    let order = unsafe { _mm512_loadu_si512(order.as_ptr().cast()) };
    // A matrix of bits times each bit is the matrix with rows and columns changed over.
    let each_bit = _mm512_set1_epi64(i64::from_le_bytes([1, 2, 4, 8, 16, 32, 64, -128_i8 as u8]));
    words.map(|words| {
        // SAFETY: 64 bytes are loaded of 64.
        let words = unsafe { _mm512_loadu_si512(words.as_ptr().cast()) };
        _mm512_gf2p8affine_epi64_epi8::<0>(each_bit, _mm512_permutexvar_epi8(order, words))
    })
}
