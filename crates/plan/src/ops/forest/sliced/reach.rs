//! Which rows come to a node, as far as a few slots tell.
//!
//! Rows are put in order by these slots, the keys, so that rows which lie together differ little: most nodes of a
//! tree are then reached by none of them, which a few comparisons of bytes find out.

use super::BinTest;

/// The slots that rows are put in order by, at most.
pub(in crate::ops::forest) const KEYS: usize = 4;

/// The selections whose reaches lie together.
pub(in crate::ops::forest) const LANES: usize = 32;

/// Bins from `low` to `high` of each key, ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ops::forest) struct Reach {
    pub(in crate::ops::forest) low: [u8; KEYS],
    pub(in crate::ops::forest) high: [u8; KEYS],
}

impl Reach {
    /// Of all rows; bins begin with 1.
    pub(super) const ALL: Reach = Reach { low: [1; KEYS], high: [u8::MAX; KEYS] };

    /// Those of it that are at most `bin`.
    pub(super) fn at_most(mut self, key: usize, bin: u8) -> Reach {
        self.high[key] = self.high[key].min(bin);
        self
    }

    /// Those of it that are beyond `bin`.
    pub(super) fn beyond(mut self, key: usize, bin: u8) -> Reach {
        self.low[key] = self.low[key].max(bin.saturating_add(1));
        self
    }
}

/// A [`Reach`] in little room: of each key the lowest cell in four bits and above it the highest one, where a cell is
/// some neighbouring bins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ops::forest) struct Cells(pub(in crate::ops::forest) [u8; KEYS]);

/// The most that four bits count to.
const LAST_CELL: u8 = 15;

/// The cells of some selections side by side.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(32))]
pub(in crate::ops::forest) struct Reaches(pub(in crate::ops::forest) [[u8; LANES]; KEYS]);

impl Reaches {
    /// Those of no selection yet.
    pub(super) const NONE: Reaches = Reaches([[LAST_CELL; LANES]; KEYS]);

    pub(super) fn set(&mut self, lane: usize, Cells(cells): Cells) {
        self.0.iter_mut().zip(cells).for_each(|(lanes, cells)| lanes[lane] = cells);
    }
}

/// The keys of a forest.
#[derive(Clone, Debug)]
pub(in crate::ops::forest) struct Keys {
    slots: Vec<u8>,
    /// By how many bits the number of a bin loses to be that of its cell.
    shifts: [u8; KEYS],
    tell_much: bool,
    /// For each key and bin, the nodes below those that test whether a row is at most this bin, or once they are
    /// added up, below those that test a smaller one.
    parted: Box<[[u32; BINS]; KEYS]>,
}

const BINS: usize = 1 << u8::BITS;

/// One node in so many must test a key for rows to be put in order: where all do, forests take a twentieth to a tenth less
/// time so; where one in five does, a tenth to a fifth more.
const SHARE: u64 = 2;

impl Keys {
    /// The first of these slots, each with how many nodes test it, those first that most do; no test is known yet.
    /// `thresholds` says how many a slot has.
    pub(in crate::ops::forest) fn new(most_tested: &[(u8, u32)], thresholds: impl Fn(u8) -> usize) -> Keys {
        let keys = &most_tested[..most_tested.len().min(KEYS)];
        let mut shifts = [0; KEYS];
        for (shift, &(slot, _)) in shifts.iter_mut().zip(keys) {
            // The last bin is beyond all thresholds.
            while thresholds(slot) >> *shift > usize::from(LAST_CELL) {
                *shift += 1;
            }
        }
        let nodes = |slots: &[(u8, u32)]| slots.iter().map(|&(_, nodes)| u64::from(nodes)).sum::<u64>();
        let slots = keys.iter().map(|&(slot, _)| slot).collect();
        let tell_much = nodes(keys) * SHARE >= nodes(most_tested);
        Keys { slots, shifts, tell_much, parted: Box::new([[0; BINS]; KEYS]) }
    }

    /// Whether rows that they put in order come to so few nodes that it pays.
    pub(in crate::ops::forest) fn tell_much(&self) -> bool {
        self.tell_much
    }

    /// The cells of a reach.
    pub(in crate::ops::forest) fn cells(&self, reach: &Reach) -> Cells {
        let cell = |bin: u8, key: usize| (bin.saturating_sub(1) >> self.shifts[key]).min(LAST_CELL);
        Cells(std::array::from_fn(|key| cell(reach.low[key], key) | cell(reach.high[key], key) << 4))
    }

    /// The slot of each key.
    pub(in crate::ops::forest) fn slots(&self) -> &[u8] {
        &self.slots
    }

    /// The key that is this slot.
    pub(super) fn key(&self, slot: u8) -> Option<usize> {
        self.slots.iter().position(|&key| key == slot)
    }

    /// Counts the nodes below one that makes this test.
    pub(in crate::ops::forest) fn count(&mut self, BinTest { slot, bin }: BinTest, nodes: u32) {
        if let Some(key) = self.key(slot) {
            let parted = &mut self.parted[key][usize::from(bin)];
            *parted = parted.saturating_add(nodes);
        }
    }

    /// Counts what `other` has counted, of whose keys these are.
    pub(super) fn count_all(&mut self, other: &Keys) {
        let (parted, other) = (self.parted.as_flattened_mut(), other.parted.as_flattened());
        parted.iter_mut().zip(other).for_each(|(parted, nodes)| *parted = parted.saturating_add(*nodes));
    }

    /// Adds up what was counted.
    pub(in crate::ops::forest) fn added_up(mut self) -> Keys {
        for parted in self.parted.iter_mut() {
            let mut below = 0_u32;
            parted.iter_mut().for_each(|nodes| below = below.saturating_add(std::mem::replace(nodes, below)));
        }
        self
    }

    /// The nodes below those that part the rows of this reach by this key.
    pub(in crate::ops::forest) fn parted(&self, key: usize, reach: &Reach) -> u32 {
        let before = |bin: u8| self.parted[key][usize::from(bin)];
        before(reach.high[key]).saturating_sub(before(reach.low[key]))
    }
}
