//! Eight rows side by side, slot by slot, so that the processor takes a slot of several rows at once. A row's own sums are
//! added in their own order, and keep their bits.

use super::Scale;

/// The rows of a tile.
pub(super) const LANES: usize = 8;

/// A number for each row of a tile.
pub(super) type Lanes = [f64; LANES];

/// Eight dense rows; those that are not filled hold any numbers.
#[derive(Debug, Default)]
pub(super) struct Tile {
    slots: Vec<Lanes>,
}

impl Tile {
    /// A tile of rows of `size` values.
    pub(super) fn new(size: usize) -> Tile {
        Tile { slots: vec![[0.0; LANES]; size] }
    }

    /// The values of each slot.
    pub(super) fn slots(&self) -> &[Lanes] {
        &self.slots
    }

    /// Takes up to eight rows that lie one after another.
    pub(super) fn read_rows(&mut self, rows: &[f64]) {
        for (lane, row) in rows.chunks_exact(self.slots.len().max(1)).take(LANES).enumerate() {
            self.slots.iter_mut().zip(row).for_each(|(slot, value)| slot[lane] = *value);
        }
    }

    /// Takes up to eight rows of columns from `start` on, as they are assembled and scaled where they are dense.
    pub(super) fn read_columns(&mut self, columns: &[&[f64]], start: usize, scales: &[Scale]) {
        for (at, (slot, column)) in self.slots.iter_mut().zip(columns).enumerate() {
            let rest = &column[start..];
            match rest.first_chunk::<LANES>() {
                Some(values) => *slot = *values,
                None => slot.iter_mut().zip(rest).for_each(|(lane, value)| *lane = *value),
            }
            // Adding zero turns the negative zero, which Spark drops as a zero, into a positive one.
            slot.iter_mut().for_each(|value| *value += 0.0);
            scales.iter().for_each(|scale| scale.apply_to_slot(at, slot));
        }
    }
}

/// `start` plus the products of `weights` and the slots, one after another, for each row.
#[inline(always)]
pub(super) fn sum(start: f64, weights: &[f64], slots: &[Lanes]) -> Lanes {
    let mut sum = [start; LANES];
    for (weight, slot) in weights.iter().zip(slots) {
        add(&mut sum, *weight, slot);
    }
    sum
}

/// Two of [`sum`] at once.
#[inline(always)]
pub(super) fn two_sums(starts: [f64; 2], weights: [&[f64]; 2], slots: &[Lanes]) -> [Lanes; 2] {
    let mut sums = starts.map(|start| [start; LANES]);
    for ((one, other), slot) in weights[0].iter().zip(weights[1]).zip(slots) {
        add(&mut sums[0], *one, slot);
        add(&mut sums[1], *other, slot);
    }
    sums
}

#[inline(always)]
fn add(sum: &mut Lanes, weight: f64, slot: &Lanes) {
    for (sum, value) in sum.iter_mut().zip(slot) {
        *sum += weight * value;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_go_in_and_come_out() {
        let rows: Vec<f64> = (0..24).map(f64::from).collect();
        let columns: Vec<Vec<f64>> =
            (0..3).map(|slot| rows.iter().skip(slot).step_by(3).copied().collect()).collect();
        let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
        let (mut by_rows, mut by_columns) = (Tile::new(3), Tile::new(3));
        let row = |tile: &Tile, lane: usize| tile.slots.iter().map(|slot| slot[lane]).collect::<Vec<_>>();
        by_rows.read_rows(&rows);
        by_columns.read_columns(&columns, 0, &[]);
        assert_eq!(by_rows.slots(), by_columns.slots());
        assert_eq!(row(&by_rows, 5), [15.0, 16.0, 17.0]);
        by_columns.read_columns(&columns, 6, &[Scale { shift: None, factor: Some([2.0; 3].into()) }]);
        assert_eq!(row(&by_columns, 1), [42.0, 44.0, 46.0]);
    }

    #[test]
    fn sums_are_those_of_each_row() {
        let mut tile = Tile::new(2);
        tile.read_rows(&[1.0, 2.0, 3.0, 4.0]);
        let [one, other] = two_sums([0.5, 0.0], [&[1.0, 10.0], &[-1.0, 0.0]], tile.slots());
        assert_eq!((one[..2].to_vec(), other[..2].to_vec()), (vec![21.5, 43.5], vec![-1.0, -3.0]));
        assert_eq!(sum(0.5, &[1.0, 10.0], tile.slots()), one);
    }
}
