//! What becomes of the leaves that a walk finds.

use std::ops::Range;

use super::kernel::{Coded, Level, add_pairs};
use super::rows::RowLeaves;
use super::{Sum, Trees};
use crate::dot::DotOrder;

/// Takes the leaf of each row in each tree. A row's trees come in order; rows come in any order.
pub(super) trait Sink {
    /// Takes the number of the leaf, counted over the forest.
    fn take(&mut self, row: usize, tree: usize, leaf: usize);

    /// Takes the leaves of a row.
    fn take_row(&mut self, row: usize, leaves: impl RowLeaves) {
        leaves.fold((0, self), |(tree, sink), leaf| {
            sink.take(row, tree, leaf);
            (tree + 1, sink)
        });
    }

    /// Takes the leaves, or their places, of neighbouring rows in one tree; `start` is the first row.
    fn take_rows(&mut self, start: usize, tree: usize, coded: &Coded<'_>) {
        coded.places().enumerate().for_each(|(row, leaf)| self.take(start + row, tree, leaf));
    }

    /// As [`Sink::take_rows`], those of some trees one after another.
    fn take_bundle<'c>(
        &mut self,
        _level: Level,
        start: usize,
        trees: Range<usize>,
        coded: impl Fn(usize) -> Coded<'c>,
    ) {
        trees.for_each(|tree| self.take_rows(start, tree, &coded(tree)));
    }

    /// Puts rows from `start` on in their places: what was taken as the first is that of the row `start` and the first of
    /// `places`, and so on.
    fn place(&mut self, start: usize, places: impl ExactSizeIterator<Item = usize>);

    /// The answer, row after row.
    fn finish(self) -> Vec<f64>;
}

/// Adds the leaves' values one tree after another.
pub(super) struct Sums<'a> {
    sum: &'a Sum,
    out: Vec<f64>,
}

impl<'a> Sums<'a> {
    pub(super) fn new(sum: &'a Sum, rows: usize) -> Sums<'a> {
        Sums { sum, out: vec![sum.start; rows * sum.width] }
    }

    /// Adds some values to the sums of a row.
    #[inline(always)]
    fn add(&mut self, row: usize, values: &[f64]) {
        let width = self.sum.width;
        self.out[row * width..(row + 1) * width]
            .iter_mut()
            .zip(values)
            .for_each(|(out, value)| *out += value);
    }

    /// Adds two values of each leaf to the sums of neighbouring rows.
    fn add_pairs<const TREES: usize>(&mut self, level: Level, start: usize, trees: &[Coded<'_>; TREES]) {
        let (out, _) = self.out[start * 2..(start + trees[0].rows) * 2].as_chunks_mut::<2>();
        add_pairs(level, out, self.sum.leaves.values().as_chunks::<2>().0, trees);
    }
}

/// Puts rows of `width` values from `start` on in their places, counted from there.
fn put<T: Copy>(values: &mut [T], width: usize, start: usize, places: impl ExactSizeIterator<Item = usize>) {
    let values = &mut values[start * width..(start + places.len()) * width];
    let taken = values.to_vec();
    match width {
        1 => taken.iter().zip(places).for_each(|(value, place)| values[place] = *value),
        2 => {
            let (values, _) = values.as_chunks_mut::<2>();
            let (taken, _) = taken.as_chunks::<2>();
            taken.iter().zip(places).for_each(|(pair, place)| values[place] = *pair);
        }
        _ => {
            for (row, place) in taken.chunks_exact(width.max(1)).zip(places) {
                values[place * width..(place + 1) * width].copy_from_slice(row);
            }
        }
    }
}

/// Adds the values of leaves, one after another, to the sums of a row.
#[inline(always)]
pub(super) fn add_leaves(sum: &Sum, leaves: impl RowLeaves, out: &mut [f64]) {
    // One value is what regressions have, two what most classifications have.
    if let Ok(out) = <&mut [f64; 1]>::try_from(&mut *out) {
        add_few(sum, leaves, out);
    } else if let Ok(out) = <&mut [f64; 2]>::try_from(&mut *out) {
        add_few(sum, leaves, out);
    } else {
        leaves.fold(out, |out, leaf| {
            let values = sum.leaves.of_leaf(leaf);
            out.iter_mut().zip(values).for_each(|(out, value)| *out += value);
            out
        });
    }
}

/// As [`add_leaves`], with sums in registers.
#[inline(always)]
fn add_few<const WIDTH: usize>(sum: &Sum, leaves: impl RowLeaves, out: &mut [f64; WIDTH]) {
    let (values, _) = sum.leaves.values().as_chunks::<WIDTH>();
    let add = |sums: [f64; WIDTH], place: usize| {
        let values = &values[place];
        std::array::from_fn(|at| sums[at] + values[at])
    };
    *out = match sum.leaves.places() {
        Some(places) => leaves.fold(*out, |sums, leaf| add(sums, usize::from(places[leaf]))),
        None => leaves.fold(*out, add),
    };
}

impl Sink for Sums<'_> {
    #[inline]
    fn take(&mut self, row: usize, _tree: usize, leaf: usize) {
        self.add(row, self.sum.leaves.of_leaf(leaf));
    }

    fn take_row(&mut self, row: usize, leaves: impl RowLeaves) {
        let width = self.sum.width;
        add_leaves(self.sum, leaves, &mut self.out[row * width..(row + 1) * width]);
    }

    fn take_rows(&mut self, start: usize, _tree: usize, coded: &Coded<'_>) {
        let sum = self.sum;
        coded.places().enumerate().for_each(|(row, place)| self.add(start + row, sum.leaves.of_place(place)));
    }

    fn take_bundle<'c>(
        &mut self,
        level: Level,
        start: usize,
        trees: Range<usize>,
        coded: impl Fn(usize) -> Coded<'c>,
    ) {
        if self.sum.width != 2 {
            trees.for_each(|tree| self.take_rows(start, tree, &coded(tree)));
            return;
        }
        let Range { start: mut tree, end } = trees;
        while tree + 4 <= end {
            self.add_pairs::<4>(level, start, &std::array::from_fn(|at| coded(tree + at)));
            tree += 4;
        }
        while tree + 2 <= end {
            self.add_pairs::<2>(level, start, &std::array::from_fn(|at| coded(tree + at)));
            tree += 2;
        }
        if tree < end {
            self.add_pairs::<1>(level, start, &[coded(tree)]);
        }
    }

    fn place(&mut self, start: usize, places: impl ExactSizeIterator<Item = usize>) {
        put(&mut self.out, self.sum.width, start, places);
    }

    fn finish(mut self) -> Vec<f64> {
        self.out.iter_mut().for_each(|out| *out /= self.sum.divisor);
        self.out
    }
}

/// Adds weighted leaves as [`crate::dot`] adds products: four sums side by side, then what is left over.
pub(super) struct DotSums<'a> {
    /// Of each leaf, its value times the weight of its tree.
    products: &'a [f64],
    /// The number of trees that go into the four sums.
    fours: usize,
    out: Vec<[f64; 4]>,
}

impl<'a> DotSums<'a> {
    pub(super) fn new(products: &'a [f64], trees: usize, rows: usize) -> DotSums<'a> {
        DotSums { products, fours: trees - trees % 4, out: vec![[0.0; 4]; rows] }
    }

    /// The answer to one row of these leaves.
    pub(super) fn of_row(products: &[f64], trees: usize, leaves: impl RowLeaves) -> f64 {
        let fours = trees - trees % 4;
        // The four sums change places, since one that is found by its number would have to lie in memory.
        let (sums, _) = leaves.fold(([0.0; 4], 0), |(sums, tree), leaf| {
            let ([first, second, third, fourth], product) = (sums, products[leaf]);
            let sums = match tree < fours {
                true => [second, third, fourth, first + product],
                false => [fold(sums) + product, 0.0, 0.0, 0.0],
            };
            (sums, tree + 1)
        });
        fold(sums)
    }
}

fn fold(sums: [f64; 4]) -> f64 {
    sums[0] + sums[1] + sums[2] + sums[3]
}

/// Adds a product to the sums of a row, of which `fours` trees go into four.
#[inline]
fn add_product(sums: &mut [f64; 4], fours: usize, tree: usize, value: f64) {
    if tree < fours {
        sums[tree % 4] += value;
    } else {
        // Once folded, the other three are zero and stay so.
        *sums = [fold(*sums) + value, 0.0, 0.0, 0.0];
    }
}

impl Sink for DotSums<'_> {
    #[inline]
    fn take(&mut self, row: usize, tree: usize, leaf: usize) {
        add_product(&mut self.out[row], self.fours, tree, self.products[leaf]);
    }

    fn place(&mut self, start: usize, places: impl ExactSizeIterator<Item = usize>) {
        put(&mut self.out, 1, start, places);
    }

    fn finish(self) -> Vec<f64> {
        self.out.into_iter().map(fold).collect()
    }
}

/// Keeps the leaves' values, then takes their dot product with the weights in the order of a Spark.
pub(super) struct ExactDots<'a> {
    values: &'a [f64],
    weights: &'a [f64],
    order: DotOrder,
    found: Vec<f64>,
}

impl<'a> ExactDots<'a> {
    pub(super) fn new(values: &'a [f64], weights: &'a [f64], order: DotOrder, rows: usize) -> ExactDots<'a> {
        ExactDots { values, weights, order, found: vec![0.0; rows * weights.len()] }
    }
}

impl Sink for ExactDots<'_> {
    fn take(&mut self, row: usize, tree: usize, leaf: usize) {
        self.found[row * self.weights.len() + tree] = self.values[leaf];
    }

    fn place(&mut self, start: usize, places: impl ExactSizeIterator<Item = usize>) {
        put(&mut self.found, self.weights.len(), start, places);
    }

    fn finish(self) -> Vec<f64> {
        let rows = self.found.chunks_exact(self.weights.len().max(1));
        rows.map(|row| self.order.dense(row, self.weights)).collect()
    }
}

/// Writes the number of the leaf in its tree.
pub(super) struct LeafNumbers<'a> {
    trees: &'a Trees,
    out: Vec<f64>,
}

impl<'a> LeafNumbers<'a> {
    pub(super) fn new(trees: &'a Trees, rows: usize) -> LeafNumbers<'a> {
        LeafNumbers { trees, out: vec![0.0; rows * trees.len()] }
    }

    /// The number of a leaf of the forest in its tree.
    pub(super) fn number(trees: &Trees, tree: usize, leaf: usize) -> f64 {
        (leaf - trees.first_leaf(tree)) as f64
    }
}

impl Sink for LeafNumbers<'_> {
    #[inline]
    fn take(&mut self, row: usize, tree: usize, leaf: usize) {
        self.out[row * self.trees.len() + tree] = LeafNumbers::number(self.trees, tree, leaf);
    }

    fn place(&mut self, start: usize, places: impl ExactSizeIterator<Item = usize>) {
        put(&mut self.out, self.trees.len(), start, places);
    }

    fn finish(self) -> Vec<f64> {
        self.out
    }
}
