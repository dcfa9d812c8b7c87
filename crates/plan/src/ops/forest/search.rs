//! The thresholds of a forest, laid out so that a row's values are found among them in few steps.
//!
//! Every eighth threshold of a slot tells which eight a value lies among, and these how many it is beyond. Both are filled
//! up with infinity, which no number is beyond.

/// How many numbers are compared at once.
pub(super) const AT_ONCE: usize = 4;

/// The thresholds that lie between those that are looked at first.
const EIGHT: usize = 8;

/// The thresholds of all slots.
#[derive(Clone, Debug, Default)]
pub(super) struct Search {
    /// For each slot every eighth threshold, then all, eight by eight.
    fours: Vec<[f64; AT_ONCE]>,
    slots: Vec<Slot>,
}

#[derive(Clone, Copy, Debug)]
struct Slot {
    /// Where its thresholds begin.
    start: u32,
    /// How many fours hold every eighth.
    firsts: u8,
    thresholds: u8,
}

impl Search {
    /// Lays out thresholds of each slot, ascending, at most 254.
    pub(super) fn of(thresholds: &[Vec<f64>]) -> Search {
        let mut search = Search::default();
        for thresholds in thresholds {
            let start = search.fours.len();
            let every_eighth: Vec<f64> = thresholds.iter().skip(EIGHT - 1).step_by(EIGHT).copied().collect();
            search.push(&every_eighth, every_eighth.len().div_ceil(AT_ONCE));
            let firsts = search.fours.len() - start;
            // A value that is beyond the last eight finds some that it is not beyond.
            search.push(thresholds, (every_eighth.len() + 1) * (EIGHT / AT_ONCE));
            search.slots.push(Slot {
                start: start as u32,
                firsts: firsts as u8,
                thresholds: thresholds.len() as u8,
            });
        }
        search
    }

    fn push(&mut self, numbers: &[f64], fours: usize) {
        let padded = |four: usize, at: usize| numbers.get(four * AT_ONCE + at).copied();
        let four = |four| std::array::from_fn(|at| padded(four, at).unwrap_or(f64::INFINITY));
        self.fours.extend((0..fours).map(four));
    }

    /// Writes for each slot the number of thresholds that its value is beyond, and 1 more; a NaN is beyond all. `beyond`
    /// counts how many of four a value is not at most.
    #[inline(always)]
    pub(super) fn count(&self, row: &[f64], out: &mut [u8], beyond: impl Fn(f64, &[f64; AT_ONCE]) -> u32) {
        for ((&x, slot), out) in row.iter().zip(&self.slots).zip(out) {
            let (firsts, thresholds) = (usize::from(slot.firsts), u32::from(slot.thresholds));
            let (firsts, all) = self.fours[slot.start as usize..].split_at(firsts);
            let eights: u32 = firsts.iter().map(|four| beyond(x, four)).sum();
            // A NaN is also beyond thresholds that there are not.
            let eights = eights.min(thresholds / EIGHT as u32);
            let eight = &all[eights as usize * (EIGHT / AT_ONCE)..][..EIGHT / AT_ONCE];
            let count = eights * EIGHT as u32 + beyond(x, &eight[0]) + beyond(x, &eight[1]);
            *out = 1 + count.min(thresholds) as u8;
        }
    }
}
