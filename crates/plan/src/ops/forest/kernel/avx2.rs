//! The loops by AVX2.

use std::arch::x86_64::*;

use super::live;
use super::page_walk::{self, Lanes};
use super::planes::{self, Stripe};
use super::{Live, STRIPE, portable};
use crate::ops::forest::pages::{LEVELS, PLACES, Page, PageTests, Pages};
use crate::ops::forest::search::Search;
use crate::ops::forest::sliced::{Bundle, Cells, Reaches};

/// The slots that [`leaves`] looks up at most.
pub(super) const MOST_SLOTS: usize = 64;

/// The rows that a vector holds a bit of.
pub(super) const PART: usize = 256;

/// Up to so many thresholds are searched in vectors.
const SEARCHED: usize = 31;

#[target_feature(enable = "avx2")]
pub(super) fn count_beyond(values: &[f64; STRIPE], thresholds: &[f64], out: &mut [u8; STRIPE]) {
    let mut padded = [f64::INFINITY; SEARCHED + 1];
    match padded.get_mut(..thresholds.len()) {
        Some(padded) if thresholds.len() <= SEARCHED => padded.copy_from_slice(thresholds),
        _ => return portable::beyond(values, thresholds, out),
    }
    // Three thresholds tell which eight a value lies among, seven of these how many it is beyond.
    let coarse = [7, 15, 23].map(|at| _mm256_set1_pd(padded[at]));
    let fine: [__m256d; 7] = std::array::from_fn(|at| {
        _mm256_setr_pd(padded[at], padded[8 + at], padded[16 + at], padded[24 + at])
    });
    let beyond = |x, threshold| _mm256_castpd_si256(_mm256_cmp_pd::<_CMP_NLE_UQ>(x, threshold));
    let first_halves = _mm256_setr_epi32(0, 1, 0, 1, 0, 1, 0, 1);
    // A NaN is also beyond thresholds that there are not.
    let most = _mm256_set1_epi64x(thresholds.len() as i64 + 1);
    let count = |x: __m256d| {
        // What is beyond counts as -1, in each half of a number.
        let [a, b, c] = coarse.map(|threshold| beyond(x, threshold));
        let eights = _mm256_add_epi32(_mm256_add_epi32(a, b), c);
        let halves = _mm256_sub_epi32(first_halves, _mm256_add_epi32(eights, eights));
        let ones = fine.iter().fold(_mm256_set1_epi64x(-1), |ones, &fine| {
            let threshold = _mm256_permutevar8x32_ps(_mm256_castpd_ps(fine), halves);
            _mm256_add_epi64(ones, beyond(x, _mm256_castps_pd(threshold)))
        });
        let all = _mm256_add_epi64(_mm256_slli_epi64::<3>(eights), ones);
        _mm256_min_epi32(_mm256_sub_epi64(_mm256_setzero_si256(), all), most)
    };
    let evens_and_odds =
        _mm256_broadcastsi128_si256(_mm_setr_epi8(0, 8, 1, 9, 2, 10, 3, 11, 4, 12, 5, 13, 6, 14, 7, 15));
    for (values, out) in values.as_chunks::<32>().0.iter().zip(out.as_chunks_mut::<32>().0) {
        // Byte `i` of number `j` is the count of value `4 * i + j`.
        let mut counts = _mm256_setzero_si256();
        for four in values.as_chunks::<4>().0.iter().rev() {
            // SAFETY: 32 bytes are loaded of 32.
            let x = unsafe { _mm256_loadu_pd(four.as_ptr()) };
            counts = _mm256_or_si256(_mm256_slli_epi64::<8>(counts), count(x));
        }
        let pairs = _mm256_shuffle_epi8(counts, evens_and_odds);
        let (low, high) = (_mm256_castsi256_si128(pairs), _mm256_extracti128_si256::<1>(pairs));
        let (halves, _) = out.as_chunks_mut::<16>();
        for (half, bytes) in
            halves.iter_mut().zip([_mm_unpacklo_epi16(low, high), _mm_unpackhi_epi16(low, high)])
        {
            // SAFETY: 16 bytes are stored into 16.
            unsafe { _mm_storeu_si128(half.as_mut_ptr().cast(), bytes) }
        }
    }
}

#[target_feature(enable = "avx2,popcnt")]
pub(super) fn count_row(row: &[f64], search: &Search, out: &mut [u8]) {
    search.count(row, out, |x, four| {
        // SAFETY: 32 bytes are loaded of four numbers.
        let four = unsafe { _mm256_loadu_pd(four.as_ptr()) };
        let beyond = _mm256_cmp_pd::<_CMP_NLE_UQ>(_mm256_set1_pd(x), four);
        (_mm256_movemask_pd(beyond) as u32).count_ones()
    });
}

/// The row whose bit stands at each place of a part of a plane, counted from the part's first row.
///
/// [`codes`] turns matrices of eight planes by eight rows, which leaves the rows eight apart in a vector, and joins the
/// halves of codes within 128 bits. With rows in this order its codes come out in theirs.
pub(super) const ROW_AT: [u8; PART] = {
    let mut rows = [0; PART];
    let mut at = 0;
    while at < PART {
        let (vector, byte) = (at % 8, at / 8);
        // Bytes 8 to 15 and 16 to 23 are joined in the other's place.
        let of_vector = match byte / 8 {
            1 => byte + 8,
            2 => byte - 8,
            _ => byte,
        };
        rows[at] = (32 * vector + of_vector) as u8;
        at += 1;
    }
    rows
};

/// Writes whether bins, which are in the order of [`ROW_AT`], are at most `bin`.
#[target_feature(enable = "avx2")]
pub(super) fn at_most(stripe: &mut Stripe, bin: u8, bins: &[u8; STRIPE]) {
    let bin = _mm256_set1_epi8(bin as i8);
    let (vectors, _) = bins.as_chunks::<64>();
    for (word, halves) in stripe.0.iter_mut().zip(vectors) {
        let (halves, _) = halves.as_chunks::<32>();
        let bits = |half: &[u8; 32]| {
            // SAFETY: 32 bytes are loaded of 32.
            let half = unsafe { _mm256_loadu_si256(half.as_ptr().cast()) };
            u64::from(_mm256_movemask_epi8(_mm256_cmpeq_epi8(_mm256_min_epu8(half, bin), half)) as u32)
        };
        *word = bits(&halves[0]) | bits(&halves[1]) << 32;
    }
}

/// A bit for each lane: whether a row of these cells may come to it.
#[inline]
#[target_feature(enable = "avx2")]
pub(super) fn meeting(Reaches(reaches): &Reaches, Cells(cells): &Cells) -> u32 {
    let all = |byte: u8| _mm256_set1_epi8(byte as i8);
    let meets = reaches.iter().zip(cells).fold(all(u8::MAX), |meets, (lanes, rows)| {
        // SAFETY: 32 bytes are loaded of 32.
        let lanes = unsafe { _mm256_loadu_si256(lanes.as_ptr().cast()) };
        let (low, highest_low) = (_mm256_and_si256(lanes, all(15)), all(rows >> 4));
        let below = _mm256_cmpeq_epi8(_mm256_min_epu8(low, highest_low), low);
        // The highest cell stands above the lowest one, which therefore does not count.
        let above = _mm256_cmpeq_epi8(_mm256_max_epu8(lanes, all(rows << 4)), lanes);
        _mm256_and_si256(meets, _mm256_and_si256(above, below))
    });
    _mm256_movemask_epi8(meets) as u32
}

/// Lists the lanes that a row of these cells may come to.
#[target_feature(enable = "avx2,popcnt,bmi1,bmi2")]
pub(super) fn list(live: &mut Live, reaches: &[Reaches], cells: &Cells) {
    live.list(reaches.iter().map(|reaches| meeting(reaches, cells)), |first, bits| {
        // SAFETY: 8 bytes are loaded of 8.
        let bits = unsafe { _mm_loadl_epi64(bits.as_ptr().cast()) };
        let numbers = _mm_add_epi16(_mm_cvtepu8_epi16(bits), _mm_set1_epi16(first as i16));
        let mut out = [0; live::AT_ONCE];
        // SAFETY: 16 bytes are stored into 16.
        unsafe { _mm_storeu_si128(out.as_mut_ptr().cast(), numbers) }
        out
    });
}

/// Makes selections of a bundle for `PARTS` parts of planes of `STRIPES` stripes.
///
/// # Safety
///
/// The bundle names planes that there are, and makes such planes, and a plane has that many parts.
#[target_feature(enable = "avx2,popcnt")]
pub(super) unsafe fn select<const PARTS: usize, const STRIPES: usize>(
    planes: &mut [Stripe],
    bundle: &Bundle<'_>,
    live: Option<&Live>,
) {
    let load = |planes: &[Stripe], plane: usize, part: usize| {
        // SAFETY: the caller says that there is such a plane, and that it has such a part, of 32 bytes.
        unsafe { planes.as_ptr().add(plane * STRIPES).cast::<__m256i>().add(part).read() }
    };
    let store = |planes: &mut [Stripe], plane: usize, part: usize, bits| {
        // SAFETY: as for `load`.
        unsafe { planes.as_mut_ptr().add(plane * STRIPES).cast::<__m256i>().add(part).write(bits) }
    };
    let select =
        |test, left, right| _mm256_xor_si256(right, _mm256_and_si256(test, _mm256_xor_si256(left, right)));
    planes::run::<PARTS, _>(planes, bundle, live, load, select, store);
}

/// Writes the number that the bits of some planes, at most 16, make for each of the first `rows` of a stripe; those of the
/// planes are in the order of [`ROW_AT`].
#[target_feature(enable = "avx2")]
pub(super) fn codes(planes: &[&Stripe], rows: usize, out: &mut [u16; STRIPE]) {
    let (low, high) = planes.split_at(planes.len().min(8));
    let (out, _) = out.as_chunks_mut::<PART>();
    for (part, out) in out.iter_mut().enumerate().take(rows.div_ceil(PART)) {
        let low = bytes_of_bits(low, part);
        let high = if high.is_empty() { [_mm256_setzero_si256(); 8] } else { bytes_of_bits(high, part) };
        let (out, _) = out.as_chunks_mut::<32>();
        for (out, (low, high)) in out.iter_mut().zip(low.into_iter().zip(high)) {
            let (out, _) = out.as_chunks_mut::<16>();
            let joined = [_mm256_unpacklo_epi8(low, high), _mm256_unpackhi_epi8(low, high)];
            for (out, codes) in out.iter_mut().zip(joined) {
                // SAFETY: 32 bytes are stored into 16 numbers of two.
                unsafe { _mm256_storeu_si256(out.as_mut_ptr().cast(), codes) }
            }
        }
    }
}

/// For each row of a part a byte of its bits in at most eight planes: vector `i` has those of the bits `8 * k + i`.
#[target_feature(enable = "avx2")]
fn bytes_of_bits(planes: &[&Stripe], part: usize) -> [__m256i; 8] {
    let mut rows = [_mm256_setzero_si256(); 8];
    for (row, plane) in rows.iter_mut().zip(planes) {
        let words: &[u64; PART / 64] = &plane.0.as_chunks().0[part];
        // SAFETY: 32 bytes are loaded of 32.
        *row = unsafe { _mm256_loadu_si256(words.as_ptr().cast()) };
    }
    // Of each matrix of eight rows and eight columns, quarters of four by four change places, then those of two by two
    // within them, then bits.
    turn::<4>(&mut rows, 0x0f);
    turn::<2>(&mut rows, 0x33);
    turn::<1>(&mut rows, 0x55);
    rows
}

/// Changes the bits of `mask`, moved up by `BY`, for those of `mask` `BY` rows below.
#[inline]
#[target_feature(enable = "avx2")]
fn turn<const BY: i32>(rows: &mut [__m256i; 8], mask: i8) {
    let mask = _mm256_set1_epi8(mask);
    for at in (0..8).filter(|at| at & BY as usize == 0) {
        let (row, below) = (rows[at], rows[at + BY as usize]);
        let other = _mm256_and_si256(_mm256_xor_si256(_mm256_srli_epi16::<BY>(row), below), mask);
        rows[at] = _mm256_xor_si256(row, _mm256_slli_epi16::<BY>(other));
        rows[at + BY as usize] = _mm256_xor_si256(below, other);
    }
}

/// Takes a row of `bins` from the pages of all trees to leaves and adds these; there are at most `16 * TABLES` slots.
#[target_feature(enable = "avx2")]
pub(super) fn leaves<const TABLES: usize, S>(
    lanes: &mut [Lanes],
    pages: &Pages,
    bins: &[u8; 256],
    start: S,
    add: impl Fn(S, usize) -> S,
) -> S {
    let (sixteens, _) = bins.as_chunks::<16>();
    let tables: [__m256i; TABLES] = std::array::from_fn(|at| {
        // SAFETY: 16 bytes are loaded of 16.
        let bins = unsafe { _mm_loadu_si128(sixteens[at].as_ptr().cast()) };
        _mm256_broadcastsi128_si256(_mm_xor_si128(bins, _mm_set1_epi8(i8::MIN)))
    });
    page_walk::fold(
        lanes,
        pages,
        |tests| fails(&tables, tests),
        |lanes, last| descend(lanes, last),
        start,
        add,
    )
}

/// The tests of a page that a row of these bins fails, a bit each.
#[inline]
#[target_feature(enable = "avx2")]
fn fails<const TABLES: usize>(tables: &[__m256i; TABLES], page: &PageTests) -> u32 {
    // SAFETY: 32 bytes are loaded of 32, twice.
    let (slots, bins) = unsafe {
        (_mm256_load_si256(page.slots.as_ptr().cast()), _mm256_load_si256(page.bins.as_ptr().cast()))
    };
    let mut found = _mm256_setzero_si256();
    for (at, &table) in tables.iter().enumerate() {
        // A place with its highest bit set finds zero: such are those of other tables.
        let slots = _mm256_sub_epi8(slots, _mm256_set1_epi8(16 * at as i8));
        let slots = if TABLES == 1 { slots } else { _mm256_adds_epu8(slots, _mm256_set1_epi8(0x70)) };
        found = _mm256_or_si256(found, _mm256_shuffle_epi8(table, slots));
    }
    _mm256_movemask_epi8(_mm256_cmpgt_epi8(found, bins)) as u32
}

/// Takes trees from their pages to what is below them, on the `last` page of the longest way to leaves.
#[inline]
#[target_feature(enable = "avx2")]
fn descend(lanes: &mut Lanes, last: bool) {
    let (one, one_place) = (_mm256_set1_epi32(1), _mm256_set1_epi32(PLACES as i32 - 1));
    let Lanes { at, fails, places, firsts } = lanes;
    let halves = at.as_chunks_mut::<8>().0.iter_mut().zip(fails.as_chunks::<8>().0);
    let halves = halves.zip(places.as_chunks::<8>().0).zip(firsts.as_chunks::<8>().0);
    for (((at, fails), places), firsts) in halves {
        // SAFETY: 32 bytes are loaded of eight numbers of four.
        let load = |lanes: &[u32; 8]| unsafe { _mm256_loadu_si256(lanes.as_ptr().cast()) };
        let (fails, first) = (load(fails), load(firsts));
        let mut place = one;
        for _ in 0..LEVELS {
            let fail = _mm256_and_si256(_mm256_srlv_epi32(fails, place), one);
            place = _mm256_add_epi32(_mm256_add_epi32(place, place), fail);
        }
        let before = _mm256_sllv_epi32(one, _mm256_and_si256(place, one_place));
        let before = _mm256_and_si256(load(places), _mm256_sub_epi32(before, one));
        let found = _mm256_add_epi32(first, count_bits(before));
        let next = if last {
            found
        } else {
            // Those at leaves stay at their pages.
            let below = _mm256_and_si256(found, _mm256_set1_epi32(!Page::PAGES as i32));
            let pages = _mm256_srai_epi32::<31>(first);
            _mm256_blendv_epi8(load(at), below, pages)
        };
        // SAFETY: 32 bytes are stored into eight numbers of four.
        unsafe { _mm256_storeu_si256(at.as_mut_ptr().cast(), next) }
    }
}

/// The set bits of each number of four bytes.
#[inline]
#[target_feature(enable = "avx2")]
fn count_bits(numbers: __m256i) -> __m256i {
    let of_four_bits =
        _mm256_broadcastsi128_si256(_mm_setr_epi8(0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4));
    let low_half = _mm256_set1_epi8(0x0f);
    let low = _mm256_shuffle_epi8(of_four_bits, _mm256_and_si256(numbers, low_half));
    let high = _mm256_and_si256(_mm256_srli_epi16::<4>(numbers), low_half);
    let bytes = _mm256_add_epi8(low, _mm256_shuffle_epi8(of_four_bits, high));
    let pairs = _mm256_maddubs_epi16(bytes, _mm256_set1_epi8(1));
    _mm256_madd_epi16(pairs, _mm256_set1_epi16(1))
}
