//! Which selections of a bundle are made for a block.

#[cfg(target_arch = "x86_64")]
use super::avx2;
use super::{Level, portable};
use crate::ops::forest::sliced::{Cells, LANES, Reaches};

/// The selections of a bundle that some row of a block needs.
#[derive(Debug)]
pub(in crate::ops::forest) struct Live {
    level: Level,
    /// A bit for each lane, and how many are set before.
    words: Vec<(u32, u32)>,
    /// The numbers of those whose bit is set, ascending, and room.
    numbers: Vec<u16>,
    count: usize,
}

/// The numbers that are written at once.
pub(super) const AT_ONCE: usize = 8;

/// For each byte the places of its set bits, the lowest first.
const SET_BITS: [[u8; AT_ONCE]; 256] = {
    let mut table = [[0; AT_ONCE]; 256];
    let mut byte = 0;
    while byte < 256 {
        let (mut bit, mut count) = (0, 0);
        while bit < AT_ONCE {
            if byte >> bit & 1 == 1 {
                table[byte][count] = bit as u8;
                count += 1;
            }
            bit += 1;
        }
        byte += 1;
    }
    table
};

impl Live {
    /// Room for bundles of so many reaches.
    pub(in crate::ops::forest) fn new(level: Level, reaches: usize) -> Live {
        let (words, numbers) = (Vec::with_capacity(reaches), vec![0; reaches * LANES + AT_ONCE]);
        Live { level, words, numbers, count: 0 }
    }

    /// Finds those of `reaches` that rows of these cells may come to.
    pub(in crate::ops::forest) fn find(&mut self, reaches: &[Reaches], cells: &Cells) {
        match self.level {
            #[cfg(target_arch = "x86_64")]
            // SAFETY: the level was detected; what has AVX-512 has AVX2.
            Level::Avx512 | Level::Avx2 => unsafe { avx2::list(self, reaches, cells) },
            Level::Portable => {
                let words = reaches.iter().map(|reaches| portable::meeting(reaches, cells));
                self.list(words, |first, bits| bits.map(|bit| first + u16::from(bit)));
            }
        }
    }

    /// Lists the lanes whose bits are set; `add` adds a number to some.
    #[inline(always)]
    pub(super) fn list(
        &mut self,
        words: impl ExactSizeIterator<Item = u32>,
        add: impl Fn(u16, &[u8; AT_ONCE]) -> [u16; AT_ONCE],
    ) {
        let mut count = 0;
        self.words.resize(words.len(), (0, 0));
        for (at, (word, kept)) in words.zip(&mut self.words).enumerate() {
            *kept = (word, count as u32);
            for byte in 0..LANES / AT_ONCE {
                let of_byte = (word >> (AT_ONCE * byte)) as u8;
                let first = (LANES * at + AT_ONCE * byte) as u16;
                // No branch: what is written beyond the bits of this byte is written over.
                let room = self.numbers.get_mut(count..count + AT_ONCE);
                let Some(room) = room.and_then(|room| room.first_chunk_mut()) else { return };
                *room = add(first, &SET_BITS[usize::from(of_byte)]);
                count += of_byte.count_ones() as usize;
            }
        }
        self.count = count;
    }

    /// The numbers of the live selections from `start` to before `end`, ascending.
    #[inline]
    pub(super) fn between(&self, start: usize, end: usize) -> &[u16] {
        &self.numbers[self.before(start)..self.before(end)]
    }

    /// How many of the numbers are below `end`.
    #[inline]
    fn before(&self, end: usize) -> usize {
        let before = |&(word, before): &(u32, u32)| before + (word & ((1 << (end % LANES)) - 1)).count_ones();
        self.words.get(end / LANES).map_or(self.count, |word| before(word) as usize)
    }
}
