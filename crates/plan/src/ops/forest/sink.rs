//! What becomes of the leaves that a walk finds.

use super::{Sum, Trees};
use crate::dot::DotOrder;

/// The leaves of neighbouring rows in one tree.
#[derive(Clone, Copy, Debug)]
pub(super) struct Coded<'a> {
    /// What is added to what codes lead to.
    pub(super) base: usize,
    /// For each code what it leads to: a leaf, or a place of values.
    pub(super) leaf_of: &'a [u16],
    /// The code of each row.
    pub(super) codes: &'a [u16],
}

impl Coded<'_> {
    #[inline(always)]
    fn place(&self, row: usize) -> usize {
        self.base + usize::from(self.leaf_of[usize::from(self.codes[row])])
    }
}

/// Takes the leaf of each row in each tree. A row's trees come in order; rows come in any order.
pub(super) trait Sink {
    /// Takes the number of the leaf, counted over the forest.
    fn take(&mut self, row: usize, tree: usize, leaf: usize);

    /// Takes the leaves of a row in some trees, from the tree `first` on.
    fn take_trees(&mut self, row: usize, first: usize, leaves: &[u32]) {
        leaves.iter().enumerate().for_each(|(at, &leaf)| self.take(row, first + at, leaf as usize));
    }

    /// Takes the leaves of neighbouring rows in one tree; `start` is the first row.
    fn take_rows(&mut self, start: usize, tree: usize, leaves: &Coded<'_>) {
        (0..leaves.codes.len()).for_each(|row| self.take(start + row, tree, leaves.place(row)));
    }

    /// As [`Sink::take_rows`], the leaves of two trees, of which `first` is the first.
    fn take_pair(&mut self, start: usize, first: usize, trees: &[Coded<'_>; 2]) {
        self.take_rows(start, first, &trees[0]);
        self.take_rows(start, first + 1, &trees[1]);
    }

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
}

/// Adds the values of some leaves, one after another, to the sums of a row.
pub(super) fn add_leaves(sum: &Sum, leaves: &[u32], out: &mut [f64]) {
    match out {
        // Two classes are what most forests have.
        [first, second] => {
            let (pairs, _) = sum.leaves.values().as_chunks::<2>();
            let add = |sums: [f64; 2], place: usize| [sums[0] + pairs[place][0], sums[1] + pairs[place][1]];
            let (sums, leaves) = ([*first, *second], leaves.iter().map(|&leaf| leaf as usize));
            [*first, *second] = match sum.leaves.places() {
                Some(places) => leaves.fold(sums, |sums, leaf| add(sums, usize::from(places[leaf]))),
                None => leaves.fold(sums, add),
            };
        }
        _ => {
            for &leaf in leaves {
                let values = sum.leaves.of_leaf(leaf as usize);
                out.iter_mut().zip(values).for_each(|(out, value)| *out += value);
            }
        }
    }
}

impl Sink for Sums<'_> {
    #[inline]
    fn take(&mut self, row: usize, _tree: usize, leaf: usize) {
        self.add(row, self.sum.leaves.of_leaf(leaf));
    }

    fn take_trees(&mut self, row: usize, _first: usize, leaves: &[u32]) {
        let width = self.sum.width;
        add_leaves(self.sum, leaves, &mut self.out[row * width..(row + 1) * width]);
    }

    fn take_rows(&mut self, start: usize, _tree: usize, leaves: &Coded<'_>) {
        let rows = leaves.codes.len();
        if self.sum.width == 2 {
            let (out, _) = self.out[start * 2..(start + rows) * 2].as_chunks_mut::<2>();
            let (values, _) = self.sum.leaves.values()[leaves.base * 2..].as_chunks::<2>();
            for (out, &code) in out.iter_mut().zip(leaves.codes) {
                let values = &values[usize::from(leaves.leaf_of[usize::from(code)])];
                *out = [out[0] + values[0], out[1] + values[1]];
            }
        } else {
            (0..rows).for_each(|row| self.add(start + row, self.sum.leaves.of_place(leaves.place(row))));
        }
    }

    fn take_pair(&mut self, start: usize, first: usize, trees: &[Coded<'_>; 2]) {
        let rows = trees[0].codes.len();
        if self.sum.width != 2 {
            trees.iter().enumerate().for_each(|(at, tree)| self.take_rows(start, first + at, tree));
            return;
        }
        let (out, _) = self.out[start * 2..(start + rows) * 2].as_chunks_mut::<2>();
        let (values, _) = self.sum.leaves.values().as_chunks::<2>();
        let [one, other] = trees;
        let (of_one, of_other) = (&values[one.base..], &values[other.base..]);
        for (out, (&code, &other_code)) in out.iter_mut().zip(one.codes.iter().zip(other.codes)) {
            let values = of_one[usize::from(one.leaf_of[usize::from(code)])];
            let sums = [out[0] + values[0], out[1] + values[1]];
            let values = of_other[usize::from(other.leaf_of[usize::from(other_code)])];
            *out = [sums[0] + values[0], sums[1] + values[1]];
        }
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

    /// The answer to one row of these leaves, a leaf for each tree.
    pub(super) fn of_row<'l>(products: &[f64], trees: usize, leaves: impl Iterator<Item = &'l u32>) -> f64 {
        let fours = trees - trees % 4;
        let mut sums = [0.0; 4];
        leaves
            .enumerate()
            .for_each(|(tree, &leaf)| add_product(&mut sums, fours, tree, products[leaf as usize]));
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

    fn finish(self) -> Vec<f64> {
        self.out
    }
}
