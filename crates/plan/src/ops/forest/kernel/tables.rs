//! From codes to what they lead to, and the sums of that.

use super::{BLOCK, Level};

/// For each tree of a forest and each code a number: of a leaf, or of a place of values.
#[derive(Clone, Debug, Default)]
pub(in crate::ops::forest) struct Tables {
    numbers: Vec<u16>,
    trees: Vec<Tree>,
}

#[derive(Clone, Copy, Debug)]
struct Tree {
    /// Where its numbers end.
    end: u32,
    /// What all of them are below.
    limit: u32,
}

impl Tables {
    /// Adds the next tree's numbers, one for each code; `None` where there are too many.
    pub(in crate::ops::forest) fn push(&mut self, numbers: &[u16]) -> Option<()> {
        self.numbers.extend_from_slice(numbers);
        let end = u32::try_from(self.numbers.len()).ok()?;
        let limit = numbers.iter().max().map_or(0, |&number| u32::from(number) + 1);
        self.trees.push(Tree { end, limit });
        Some(())
    }

    /// The table of a tree.
    pub(in crate::ops::forest) fn of(&self, tree: usize) -> Table<'_> {
        let start = tree.checked_sub(1).map_or(0, |before| self.trees[before].end as usize);
        let Tree { end, limit } = self.trees[tree];
        Table { numbers: &self.numbers[start..end as usize], limit: limit as usize }
    }

    /// The tables of the trees.
    pub(in crate::ops::forest) fn iter(&self) -> impl Iterator<Item = Table<'_>> {
        (0..self.trees.len()).map(|tree| self.of(tree))
    }

    /// Gives back what room is left.
    pub(in crate::ops::forest) fn shrink_to_fit(&mut self) {
        self.numbers.shrink_to_fit();
        self.trees.shrink_to_fit();
    }
}

/// What the codes of a tree lead to.
#[derive(Clone, Copy, Debug)]
pub(in crate::ops::forest) struct Table<'a> {
    numbers: &'a [u16],
    limit: usize,
}

impl<'a> Table<'a> {
    pub(in crate::ops::forest) fn numbers(&self) -> &'a [u16] {
        self.numbers
    }
}

/// The code of each row of a block in a tree.
#[derive(Clone, Debug)]
pub(in crate::ops::forest) struct Codes {
    pub(super) codes: [u16; BLOCK],
    /// How many of them count, and what these are below.
    pub(super) rows: usize,
    pub(super) limit: usize,
}

impl Codes {
    pub(in crate::ops::forest) const NONE: Codes = Codes { codes: [0; BLOCK], rows: BLOCK, limit: 1 };
}

/// The leaves of neighbouring rows in one tree.
#[derive(Clone, Copy, Debug)]
pub(in crate::ops::forest) struct Coded<'a> {
    /// What is added to the numbers of the table.
    pub(in crate::ops::forest) base: usize,
    pub(in crate::ops::forest) table: Table<'a>,
    pub(in crate::ops::forest) codes: &'a Codes,
    /// How many rows there are, at most as many as codes.
    pub(in crate::ops::forest) rows: usize,
}

impl Coded<'_> {
    /// The number for each row.
    #[inline(always)]
    pub(in crate::ops::forest) fn places(&self) -> impl Iterator<Item = usize> {
        let codes = &self.codes.codes[..self.rows];
        codes.iter().map(|&code| self.base + usize::from(self.table.numbers[usize::from(code)]))
    }
}

/// Adds to the sums of neighbouring rows the values of their leaves in some trees, one tree after another.
pub(in crate::ops::forest) fn add_pairs<const TREES: usize>(
    level: Level,
    out: &mut [[f64; 2]],
    values: &[[f64; 2]],
    trees: &[Coded<'_>; TREES],
) {
    for tree in trees {
        let values = values[tree.base..].len();
        let (codes, numbers) = (tree.codes, tree.table.numbers);
        assert!(codes.limit <= numbers.len() && tree.table.limit <= values, "codes of another forest");
        assert!(out.len() <= codes.rows.min(BLOCK), "more rows than codes");
    }
    match level {
        #[cfg(target_arch = "x86_64")]
        // SAFETY: the level was detected, and what has AVX-512 has AVX2; rows, codes and numbers were looked at.
        Level::Avx512 | Level::Avx2 => unsafe { add_by_avx2(out, values, trees) },
        // SAFETY: rows, codes and numbers were looked at.
        Level::Portable => unsafe { add(out, values, trees, 0) },
    }
}

/// The same in plain code.
///
/// # Safety
///
/// There is a code for each row, a number for each code, and values for each number.
unsafe fn add<const TREES: usize>(
    out: &mut [[f64; 2]],
    values: &[[f64; 2]],
    trees: &[Coded<'_>; TREES],
    first: usize,
) {
    for (row, sums) in out.iter_mut().enumerate().skip(first) {
        for tree in trees {
            // SAFETY: the caller says that all are there.
            let pair = unsafe {
                let code = *tree.codes.codes.get_unchecked(row);
                let number = *tree.table.numbers.get_unchecked(usize::from(code));
                values.get_unchecked(tree.base + usize::from(number))
            };
            *sums = [sums[0] + pair[0], sums[1] + pair[1]];
        }
    }
}

/// The same, four rows at a time.
///
/// # Safety
///
/// As for [`add`], and the processor has AVX2.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
unsafe fn add_by_avx2<const TREES: usize>(
    out: &mut [[f64; 2]],
    values: &[[f64; 2]],
    trees: &[Coded<'_>; TREES],
) {
    use std::arch::x86_64::*;

    const ROWS: usize = 4;
    let trees_of = trees
        .each_ref()
        .map(|tree| (tree.codes.codes.as_ptr(), tree.table.numbers.as_ptr(), values[tree.base..].as_ptr()));
    let (fours, _) = out.as_chunks_mut::<ROWS>();
    let whole = fours.len() * ROWS;
    for (at, rows) in fours.iter_mut().enumerate() {
        // SAFETY: 16 bytes are loaded of two numbers of eight, or stored into them, and eight of four codes; the caller
        // says that there are a code for each row, a number for each code, and values for each number.
        unsafe {
            let mut sums = rows.each_ref().map(|row| _mm_loadu_pd(row.as_ptr()));
            for (codes, numbers, values) in &trees_of {
                // The codes of four rows at once, since loads are what this waits for.
                let codes = codes.add(at * ROWS).cast::<u64>().read_unaligned();
                for (row, sums) in sums.iter_mut().enumerate() {
                    let code = (codes >> (16 * row)) as u16;
                    let number = *numbers.add(usize::from(code));
                    *sums = _mm_add_pd(*sums, _mm_loadu_pd(values.add(usize::from(number)).cast()));
                }
            }
            rows.iter_mut().zip(sums).for_each(|(row, sums)| _mm_storeu_pd(row.as_mut_ptr(), sums));
        }
    }
    // SAFETY: as the caller says.
    unsafe { add(out, values, trees, whole) }
}
