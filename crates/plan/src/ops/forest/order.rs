//! Puts rows in an order in which those of a block differ little.
//!
//! Rows are parted by the key that parts the most nodes of the trees, half by half until a block is left, as a k-d
//! tree parts points. Of most trees' nodes a block then reaches few.

use super::kernel::{BLOCK, STRIPE};
use super::sliced::{Cells, KEYS, Keys, Reach};

/// A row in the order: its bins of the keys, the first in the lowest byte, and above them its place.
type Record = u64;

/// From so many rows on it pays to put them in order; measured on 100 trees over 4 features.
const MANY: usize = 5000;

/// The rows that are put in order together, at most.
const ORDERED: usize = 32 * STRIPE;

/// The rows of a block of rows in order: fewer differ less.
const ORDERED_BLOCK: usize = STRIPE;

/// The bins of a byte.
const BINS: usize = 1 << u8::BITS;

/// Where the place of a row begins.
const PLACE: u32 = 32;

/// The order of some rows, and what it is made in.
#[derive(Debug)]
pub(super) struct Order {
    /// Whether rows are many enough for it to pay.
    many: bool,
    records: Vec<Record>,
    scratch: Vec<Record>,
    blocks: Vec<Block>,
    /// What is left to part.
    parts: Vec<Part>,
}

/// Some rows of the order.
#[derive(Clone, Copy, Debug)]
pub(super) struct Block {
    /// The first of them, and how many they are.
    pub(super) start: usize,
    pub(super) rows: usize,
    /// What they reach, where that is known.
    pub(super) cells: Option<Cells>,
}

/// Rows to part.
#[derive(Clone, Copy, Debug)]
struct Part {
    start: usize,
    end: usize,
    reach: Reach,
}

impl Order {
    /// The order of some of `rows` rows at a time.
    pub(super) fn of(keys: &Keys, rows: usize) -> Order {
        let (records, scratch, blocks, parts) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Order { many: rows >= MANY && keys.tell_much(), records, scratch, blocks, parts }
    }

    /// Orders `rows` rows, at most as many as 32 bits count, whose bins of each key are in `keyed`.
    pub(super) fn make<'b>(&mut self, keys: &Keys, rows: usize, keyed: impl Iterator<Item = &'b [u8]>) {
        self.blocks.clear();
        self.records.clear();
        if !self.many {
            let starts = (0..rows).step_by(BLOCK);
            self.blocks.extend(starts.map(|start| Block {
                start,
                rows: BLOCK.min(rows - start),
                cells: None,
            }));
            return;
        }
        let places = (0..rows as u64).map(|row| row << PLACE);
        self.records.extend(places);
        for (key, bins) in keyed.enumerate().take(KEYS) {
            let records = self.records.iter_mut().zip(bins);
            records.for_each(|(record, &bin)| *record |= u64::from(bin) << (8 * key));
        }
        self.scratch.resize(rows, 0);
        self.parts.clear();
        let reach = reach_of(&self.records);
        self.parts.push(Part { start: 0, end: rows, reach });
        while let Some(part) = self.parts.pop() {
            let rows = part.end - part.start;
            if rows <= ORDERED_BLOCK {
                let cells = Some(keys.cells(&reach_of(&self.records[part.start..part.end])));
                self.blocks.push(Block { start: part.start, rows, cells });
                continue;
            }
            let [first, second] = self.halves(keys, part);
            self.parts.extend([second, first]);
        }
    }

    /// The rows that are taken in before their leaves are found, at most.
    pub(super) fn at_once(&self) -> usize {
        if self.many { ORDERED } else { BLOCK }
    }

    /// The rows of a block at most.
    pub(super) fn block_rows(&self) -> usize {
        if self.many { ORDERED_BLOCK } else { BLOCK }
    }

    /// The blocks, in order.
    pub(super) fn blocks(&self) -> &[Block] {
        &self.blocks
    }

    /// The places of all rows, in order; `None` where they stay in theirs.
    pub(super) fn places(&self) -> Option<impl ExactSizeIterator<Item = usize>> {
        let places = self.records.iter().map(|record| (record >> PLACE) as usize);
        Some(places).filter(|places| places.len() > 0)
    }

    /// The place of a row of the order.
    pub(super) fn place(&self, at: usize) -> usize {
        self.records.get(at).map_or(at, |record| (record >> PLACE) as usize)
    }

    /// Parts rows, of which the first half fills blocks.
    fn halves(&mut self, keys: &Keys, Part { start, end, reach }: Part) -> [Part; 2] {
        let half = start + (end - start).div_ceil(ORDERED_BLOCK) / 2 * ORDERED_BLOCK;
        let halves = |first, second| {
            [Part { start, end: half, reach: first }, Part { start: half, end, reach: second }]
        };
        let key = (0..keys.slots().len()).max_by_key(|&key| keys.parted(key, &reach));
        let Some(key) = key.filter(|&key| keys.parted(key, &reach) > 0) else { return halves(reach, reach) };
        let bin_of = |record: Record| (record >> (8 * key)) as u8;
        let records = &mut self.records[start..end];
        let counts = counts(records, bin_of);
        // The bin in which the second half begins, and how many rows of it are in the first.
        let (mut bin, mut of_bin) = (0_usize, half - start);
        while of_bin >= counts[bin] as usize && bin + 1 < counts.len() {
            of_bin -= counts[bin] as usize;
            bin += 1;
        }
        let bin = bin as u8;
        let (mut first, mut second, mut left) = (start, half, of_bin);
        for &record in &*records {
            let equal = usize::from(bin_of(record) == bin && left > 0);
            left -= equal;
            let is_first = usize::from(bin_of(record) < bin) | equal;
            let to = if is_first == 1 { first } else { second };
            self.scratch[to] = record;
            first += is_first;
            second += 1 - is_first;
        }
        records.copy_from_slice(&self.scratch[start..end]);
        let (mut below, mut above) = (reach, reach);
        below.high[key] = if of_bin > 0 { bin } else { bin.saturating_sub(1) };
        above.low[key] = bin;
        halves(below, above)
    }
}

/// How many records are of each bin.
fn counts(records: &[Record], bin_of: impl Fn(Record) -> u8) -> [u32; BINS] {
    // Neighbours are counted apart, since those of one bin would wait for each other.
    const APART: usize = 4;
    let mut counts = [[0_u32; BINS]; APART];
    let (fours, rest) = records.as_chunks::<APART>();
    for four in fours {
        for (counts, &record) in counts.iter_mut().zip(four) {
            counts[usize::from(bin_of(record))] += 1;
        }
    }
    rest.iter().for_each(|&record| counts[0][usize::from(bin_of(record))] += 1);
    std::array::from_fn(|bin| counts.iter().map(|counts| counts[bin]).sum())
}

/// What these rows reach.
fn reach_of(records: &[Record]) -> Reach {
    // Two records at a time, the bytes of both side by side.
    let (mut low, mut high) = ([u8::MAX; 16], [0; 16]);
    let mut with = |bytes: [u8; 16]| {
        for at in 0..16 {
            (low[at], high[at]) = (low[at].min(bytes[at]), high[at].max(bytes[at]));
        }
    };
    let joined = |one: Record, other: Record| (u128::from(one) | u128::from(other) << 64).to_le_bytes();
    let (pairs, rest) = records.as_chunks::<2>();
    pairs.iter().for_each(|&[one, other]| with(joined(one, other)));
    rest.iter().for_each(|&record| with(joined(record, record)));
    Reach {
        low: std::array::from_fn(|key| low[key].min(low[8 + key])),
        high: std::array::from_fn(|key| high[key].max(high[8 + key])),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ops::forest::sliced::BinTest;

    /// Keys of two slots with 31 and 9 thresholds, all tested alike.
    fn keys() -> Keys {
        let mut keys = Keys::new(&[(1, 31), (0, 9)], |slot| if slot == 1 { 31 } else { 9 });
        (1..=31).for_each(|bin| keys.count(BinTest { slot: 1, bin }, 5));
        (1..=9).for_each(|bin| keys.count(BinTest { slot: 0, bin }, 5));
        keys.added_up()
    }

    #[test]
    fn blocks_have_every_row_once_and_rows_that_differ_little() {
        let keys = keys();
        let mixed = |at: usize| at.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40;
        for rows in [MANY, MANY + 1, 10_000] {
            let bins: Vec<Vec<u8>> = [32, 10]
                .iter()
                .map(|&bins| (0..rows).map(|row| (mixed(row * bins) % bins) as u8 + 1).collect())
                .collect();
            let mut order = Order::of(&keys, rows);
            // Twice, since what was there from before must not count.
            for _ in 0..2 {
                order.make(&keys, rows, bins.iter().map(|bins| &bins[..]));
                let mut places: Vec<usize> = order.places().unwrap().collect();
                assert!(places.iter().enumerate().all(|(at, &place)| order.place(at) == place));
                let mut next = 0;
                let mut widths = 0;
                for block in order.blocks() {
                    assert_eq!(block.start, next);
                    assert!((1..=order.block_rows()).contains(&block.rows));
                    next += block.rows;
                    let of_block = &places[block.start..next];
                    let bin = |key: usize, end: fn(u8, u8) -> u8| {
                        of_block.iter().map(|&place| bins[key][place]).reduce(end).unwrap()
                    };
                    let low = std::array::from_fn(|key| if key < 2 { bin(key, u8::min) } else { 0 });
                    let high = std::array::from_fn(|key| if key < 2 { bin(key, u8::max) } else { 0 });
                    widths += usize::from(high[0] - low[0]) + usize::from(high[1] - low[1]);
                    assert_eq!(block.cells, Some(keys.cells(&Reach { low, high })));
                }
                assert_eq!(next, rows);
                // In the order in which they come each would reach all of both.
                assert!(widths < order.blocks().len() * 30, "{widths} in {} blocks", order.blocks().len());
                places.sort_unstable();
                assert!(places.into_iter().eq(0..rows));
            }
        }
    }

    #[test]
    fn few_rows_stay_where_they_are() {
        let mut order = Order::of(&keys(), MANY - 1);
        order.make(&keys(), MANY - 1, [].into_iter());
        assert!(order.places().is_none());
        assert_eq!(order.place(77), 77);
        assert_eq!(order.blocks().iter().map(|block| block.rows).sum::<usize>(), MANY - 1);
        assert!(order.blocks().iter().all(|block| block.cells.is_none()));
    }

    #[test]
    fn rows_stay_where_they_are_if_the_keys_tell_little() {
        let tested: Vec<(u8, u32)> = (0..200).map(|slot| (slot, 10)).collect();
        let keys = Keys::new(&tested, |_| 31).added_up();
        let mut order = Order::of(&keys, 2 * MANY);
        order.make(&keys, 2 * MANY, [].into_iter());
        assert!(order.places().is_none());
    }

    #[test]
    fn rows_that_no_test_parts_make_blocks_all_the_same() {
        let keys = Keys::new(&[], |_| 0).added_up();
        let mut order = Order::of(&keys, MANY);
        order.make(&keys, MANY, [].into_iter());
        assert_eq!(order.blocks().iter().map(|block| block.rows).sum::<usize>(), MANY);
    }
}
