//! Gives each leaf of a tree a code of a few bits.
//!
//! Bit `i` of a code is found for many rows at once, as a plane of bits. At each node the rows that pass its test take
//! their bits from the left subtree and the others from the right one, a selection for every bit that both sides
//! know. A bit that one side alone knows costs nothing: the other side's leaves answer to either value of it. A bit
//! that is fixed on both sides, but differently, is the test itself.
//!
//! So a tree as high as its codes are long needs as many selections as it has splits, less its height. A tree that is
//! higher than that has long and thin branches: there a subtree moves into codes that its sibling leaves free, as in
//! a buddy allocator, which costs no bit but a selection for each bit of the larger side.
//!
//! Leaves of few kinds share codes, whatever the shape of their tree: of the many splits most lie between leaves of the two
//! kinds that are the most frequent, and take a selection for one bit.

use std::cmp::Reverse;
use std::ops::Range;

use super::Step;

/// The bits that a leaf answers to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Code {
    /// The bits that count.
    pub(super) fixed: u16,
    /// Their values; zero where a bit does not count.
    pub(super) value: u16,
}

impl Code {
    fn fix(&mut self, bit: u32, value: bool) {
        self.fixed |= 1 << bit;
        self.value |= u16::from(value) << bit;
    }

    fn join(&mut self, other: Code) {
        self.fixed |= other.fixed;
        self.value |= other.value;
    }
}

/// The codes of a tree's leaves, from left to right.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Codes {
    pub(super) bits: u32,
    pub(super) leaves: Vec<Code>,
}

/// The longest code.
pub(super) const MAX_BITS: u32 = 14;

/// Codes that leaves of one kind share, where there are few kinds: `kinds` has for each leaf the number of the first of
/// its kind. The two kinds that most leaves are of differ in one bit, and another tells them from the rest.
pub(super) fn of_kinds(kinds: &[u16]) -> Option<Codes> {
    let mut counts: Vec<(usize, usize)> = (0..kinds.len()).map(|kind| (0, kind)).collect();
    kinds.iter().for_each(|&kind| counts[usize::from(kind)].0 += 1);
    counts.retain(|&(count, _)| count > 0);
    if counts.len() > kinds.len() / 2 {
        return None;
    }
    counts.sort_unstable_by_key(|&(count, kind)| (Reverse(count), kind));
    let rare = counts.len().saturating_sub(2);
    // The lowest bit numbers the rare kinds too.
    let numbers = usize::BITS - rare.saturating_sub(1).leading_zeros();
    let bits = if rare > 0 { 2 + numbers.saturating_sub(1) } else { counts.len() as u32 - 1 };
    if bits > MAX_BITS {
        return None;
    }
    let mut codes = vec![Code::default(); kinds.len()];
    for (rank, &(_, kind)) in counts.iter().enumerate() {
        let code = &mut codes[kind];
        match rank.checked_sub(2) {
            None => (0..bits.min(2)).for_each(|bit| code.fix(bit, bit == 0 && rank == 1)),
            Some(number) => {
                code.fix(1, true);
                let place = |bit| if bit == 0 { 0 } else { bit + 1 };
                (0..numbers).for_each(|bit| code.fix(place(bit), number >> bit & 1 == 1));
            }
        }
    }
    Some(Codes { bits, leaves: kinds.iter().map(|&kind| codes[usize::from(kind)]).collect() })
}

/// Codes that no leaf of a subtree has: those with these fixed bits, once the leaves `owner` fix bit `bit` as 0.
#[derive(Clone, Copy, Debug)]
struct Free {
    code: Code,
    /// The bits below this one are free.
    dimension: u32,
    /// The leaves that give the codes up.
    owner: (u32, u32),
}

/// A subtree's leaves so far: a range of all leaves, coded in bits below `bits`.
#[derive(Debug)]
struct Subtree {
    bits: u32,
    leaves: (u32, u32),
    free: Vec<Free>,
}

/// Codes for the leaves of a tree, of about `limit` bits if its shape lets them; `None` where they take too many.
pub(super) fn codes(steps: &[Step], limit: u32) -> Option<Codes> {
    let mut leaves = Vec::with_capacity(steps.len() / 2 + 1);
    let mut done: Vec<Subtree> = Vec::new();
    for step in steps {
        let subtree = match *step {
            Step::Leaf => {
                leaves.push(Code::default());
                let end = leaves.len() as u32;
                Subtree { bits: 0, leaves: (end - 1, end), free: Vec::new() }
            }
            Step::Fork { depth, .. } => {
                let (right, left) = (done.pop()?, done.pop()?);
                merge(&mut leaves, left, right, limit.saturating_sub(depth))?
            }
        };
        done.push(subtree);
    }
    let root = done.pop()?;
    Some(Codes { bits: root.bits, leaves })
}

/// Puts two siblings into one space of codes. What the smaller one left free is given up: its leaves may answer to
/// both values of bits that only the larger one has.
fn merge(leaves: &mut [Code], left: Subtree, right: Subtree, limit: u32) -> Option<Subtree> {
    let left_is_small = left.bits <= right.bits;
    let (small, mut large) = if left_is_small { (left, right) } else { (right, left) };
    let top = large.bits;
    let all = (small.leaves.0.min(large.leaves.0), small.leaves.1.max(large.leaves.1));
    if top >= limit
        && let Some(at) = best_fit(&large.free, small.bits)
    {
        let Free { code, dimension, owner } = large.free.swap_remove(at);
        of(leaves, owner).for_each(|leaf| leaf.fix(dimension, false));
        of(leaves, small.leaves).for_each(|leaf| leaf.join(code));
        large.free.extend(left_over(code, small.bits..dimension, small.leaves));
        return Some(Subtree { bits: top, leaves: all, free: large.free });
    }
    if top >= MAX_BITS {
        return None;
    }
    of(leaves, small.leaves).for_each(|leaf| leaf.fix(top, left_is_small));
    of(leaves, large.leaves).for_each(|leaf| leaf.fix(top, !left_is_small));
    large.free.iter_mut().for_each(|free| free.code.fix(top, !left_is_small));
    let mut code = Code::default();
    code.fix(top, left_is_small);
    large.free.extend(left_over(code, small.bits..top, small.leaves));
    Some(Subtree { bits: top + 1, leaves: all, free: large.free })
}

fn of(leaves: &mut [Code], range: (u32, u32)) -> impl Iterator<Item = &mut Code> {
    leaves[range.0 as usize..range.1 as usize].iter_mut()
}

/// What leaves free that take `code` and know none of `bits`, once they fix them.
fn left_over(code: Code, bits: Range<u32>, owner: (u32, u32)) -> impl Iterator<Item = Free> {
    bits.clone().map(move |dimension| {
        let mut code = code;
        code.fix(dimension, true);
        (dimension + 1..bits.end).for_each(|above| code.fix(above, false));
        Free { code, dimension, owner }
    })
}

/// The smallest free codes with room for `bits` bits.
fn best_fit(free: &[Free], bits: u32) -> Option<usize> {
    let fitting = free.iter().enumerate().filter(|(_, free)| free.dimension >= bits);
    fitting.min_by_key(|(_, free)| free.dimension).map(|(at, _)| at)
}
