//! Linear scores of columns of numbers: what the passes make of [`Assemble`], [`Scale`] and the linear scores behind them.
//!
//! No vector is built. A block of rows is taken column by column, and each product is added to the partial sum that the
//! dense vector would have it added to ([`crate::dot`]), in the same order, so that the sums keep their bits. Few rows are
//! taken one by one, and so are rows whose vectors Spark would store as sparse, whose products are added in another order.

use std::fmt;
use std::sync::Arc;

use arrow_array::{Array, Float64Array};
use smallvec::SmallVec;

use super::assemble::NotDense;
use super::numbers_row::numbers_row;
use super::{Assemble, HandleInvalid, Linear, Mismatch, Operation, Outputs, Scale, doubles};
use crate::column::{Column, ColumnType, VectorRef};
use crate::error::OpError;
use crate::row::{MadeStep, RowType};
use crate::subplan::Subplan;

/// The partial sums of a dot product.
const LANES: usize = 4;

/// The most rows that are taken at a time.
const MOST_ROWS: usize = 256;

/// Fewer rows than these are taken one by one: a column would have nearly as much ado as a row.
const FEWEST_ROWS: usize = 8;

/// The sums of a block at most: rows times scores.
const MOST_SUMS: usize = 2048;

/// The most scores of a row.
const MOST_SCORES: usize = 128;

/// Linear scores of columns of numbers, scaled on the way; each of the models makes one column.
#[derive(Clone, Debug)]
pub struct LinearOfNumbers {
    assemble: Assemble,
    scales: Vec<Scale>,
    models: Vec<Linear>,
    /// The weights of each column, one for each score of all models.
    weights: Arc<[f64]>,
    scores: usize,
    /// The operations as they were, for a batch with a null or a value that may be refused.
    as_built: Subplan,
}

impl LinearOfNumbers {
    /// `models` over what `scales` make of what `assemble` makes of `width` numbers; `None` where the sums would not
    /// keep their bits.
    pub(crate) fn new(
        width: usize,
        assemble: Assemble,
        scales: Vec<Scale>,
        models: Vec<Linear>,
        as_built: Subplan,
    ) -> Option<LinearOfNumbers> {
        let weights = models.iter().map(|model| model.dense_weights(width)).collect::<Option<Vec<_>>>()?;
        let scores = models.iter().map(Linear::scores).sum();
        let fits = scales.iter().all(|scale| scale.size().is_none_or(|size| size == width));
        if !fits || width == 0 || scores > MOST_SCORES || assemble.handle_invalid == HandleInvalid::Skip {
            return None;
        }
        let rows = || weights.iter().flat_map(|weights| weights.chunks_exact(width));
        let weights = (0..width).flat_map(|slot| rows().map(move |row| row[slot])).collect();
        Some(LinearOfNumbers { assemble, scales, models, weights, scores, as_built })
    }

    /// Whether every row's vector ends as a dense one, however it was assembled.
    fn is_dense(&self) -> bool {
        self.scales.iter().any(|scale| scale.shift.is_some())
    }

    /// Scales the values of a slot of dense vectors.
    fn scale(&self, slot: usize, column: &[f64], values: &mut [f64]) {
        // Adding zero turns the negative zero, which Spark drops as a zero, into a positive one.
        values.iter_mut().zip(column).for_each(|(value, x)| *value = x + 0.0);
        self.scales.iter().for_each(|scale| scale.apply_to_slot(slot, values));
    }

    /// Takes a row of numbers; `None` where a value may be refused.
    fn read_row(&self, numbers: impl ExactSizeIterator<Item = f64>, row: &mut Row) -> Option<()> {
        row.values.resize(numbers.len(), 0.0);
        row.is_sparse = match self.assemble.dense_row(numbers, &mut row.values) {
            Err(NotDense::Nan) => return None,
            Err(NotDense::Sparse) => !self.is_dense(),
            Ok(()) => false,
        };
        row.indices.clear();
        if row.is_sparse {
            let stored = row.values.iter().enumerate().filter(|&(_, &value)| value != 0.0);
            row.indices.extend(stored.map(|(place, _)| place as u32));
        }
        self.scales.iter().for_each(|scale| scale.apply(&mut row.values));
        row.stored.clear();
        row.stored.extend(row.indices.iter().map(|&place| row.values[place as usize]));
        Some(())
    }

    /// Adds what a block of rows scores to each model's scores; `None` where a value may be refused.
    fn block(&self, columns: &[&[f64]], room: &mut Room, out: &mut [Vec<f64>]) -> Option<()> {
        let rows = columns.first()?.len();
        let fours = columns.len() - columns.len() % LANES;
        room.start(rows, self.scores);
        for (slot, (column, weights)) in
            columns.iter().zip(self.weights.chunks_exact(self.scores.max(1))).enumerate()
        {
            // What stands behind the last four is added to the whole sum, which the first lane then holds.
            if slot == fours {
                room.join_lanes();
            }
            if !self.is_dense() {
                room.count_active(column);
            }
            self.scale(slot, column, &mut room.values);
            room.add(if slot < fours { slot % LANES } else { 0 }, weights);
        }
        if fours == columns.len() {
            room.join_lanes();
        }
        // A NaN among the values, which may be refused, is one among their sums; and which NaN a sum is, the order of
        // its operands decides.
        if room.sums().flatten().any(|sum| sum.is_nan()) {
            return None;
        }
        let mut sums = room.sums();
        for (model, out) in self.models.iter().zip(&mut *out) {
            let sums: SmallVec<[&[f64]; 8]> = sums.by_ref().take(model.scores()).collect();
            for row in 0..rows {
                out.extend(
                    sums.iter().zip(model.intercepts()).map(|(sums, intercept)| sums[row] + intercept),
                );
            }
        }
        if self.is_dense() { Some(()) } else { self.sparse_rows(columns, &room.active, out) }
    }

    /// Scores those rows of a block again that are stored as sparse: `active` says how many of their values are not zero.
    fn sparse_rows(&self, columns: &[&[f64]], active: &[f64], out: &mut [Vec<f64>]) -> Option<()> {
        let is_sparse = |active: f64| self.assemble.rule.is_sparse(columns.len(), active as usize);
        let mut row = Row::default();
        let mut scores = Vec::new();
        for (at, _) in active.iter().enumerate().filter(|&(_, &active)| is_sparse(active)) {
            self.read_row(columns.iter().map(|column| column[at]), &mut row)?;
            for (model, out) in self.models.iter().zip(&mut *out) {
                let start = out.len() - (active.len() - at) * model.scores();
                scores.clear();
                model.push(row.vector(), &mut scores);
                out[start..start + scores.len()].copy_from_slice(&scores);
            }
        }
        Some(())
    }

    /// Adds what each of a few rows scores to each model's scores; `None` where a value may be refused.
    fn few(&self, rows: usize, columns: &[&Float64Array], out: &mut [Vec<f64>]) -> Option<()> {
        let mut row = Row::default();
        for at in 0..rows {
            self.read_row(columns.iter().map(|column| column.value(at)), &mut row)?;
            self.models.iter().zip(&mut *out).for_each(|(model, out)| model.push(row.vector(), out));
        }
        Some(())
    }

    /// The models' columns; `None` where they are left to the operations as they were.
    fn columns(&self, rows: usize, columns: &[&Float64Array]) -> Option<SmallVec<[Column; 1]>> {
        let mut scores: SmallVec<[Vec<f64>; 1]> =
            self.models.iter().map(|model| Vec::with_capacity(rows * model.scores())).collect();
        if rows < FEWEST_ROWS {
            self.few(rows, columns, &mut scores)?;
        } else {
            self.blocks(rows, columns, &mut scores)?;
        }
        Some(self.models.iter().zip(scores).map(|(model, scores)| model.column(rows, scores)).collect())
    }

    /// Adds what rows score, block by block, as [`block`](Self::block) does.
    fn blocks(&self, rows: usize, columns: &[&Float64Array], scores: &mut [Vec<f64>]) -> Option<()> {
        let size = (MOST_SUMS / self.scores.max(1)).clamp(1, MOST_ROWS);
        let mut room = Room::default();
        for start in (0..rows).step_by(size) {
            let end = rows.min(start + size);
            let part = columns.iter().map(|column| column.values().get(start..end));
            let part = part.collect::<Option<SmallVec<[&[f64]; 32]>>>()?;
            self.block(&part, &mut room, scores)?;
        }
        Some(())
    }
}

/// A row in the form that Spark would store it in, scaled.
#[derive(Default)]
struct Row {
    values: SmallVec<[f64; 32]>,
    is_sparse: bool,
    /// Where a sparse row has values, and which.
    indices: SmallVec<[u32; 32]>,
    stored: SmallVec<[f64; 32]>,
}

impl Row {
    fn vector(&self) -> VectorRef<'_> {
        match self.is_sparse {
            true => {
                VectorRef::Sparse { size: self.values.len(), indices: &self.indices, values: &self.stored }
            }
            false => VectorRef::Dense(&self.values),
        }
    }
}

/// The sums of a block of rows while its columns are added.
#[derive(Default)]
struct Room {
    /// The column at hand, scaled.
    values: Vec<f64>,
    /// How many values of each row are not zero.
    active: Vec<f64>,
    /// For each score the partial sums of all rows, lane after lane.
    lanes: Vec<f64>,
}

impl Room {
    fn start(&mut self, rows: usize, scores: usize) {
        for (values, length) in
            [(&mut self.values, rows), (&mut self.active, rows), (&mut self.lanes, rows * LANES * scores)]
        {
            values.clear();
            values.resize(length, 0.0);
        }
    }

    fn count_active(&mut self, column: &[f64]) {
        let active = self.active.iter_mut().zip(column);
        active.for_each(|(active, &x)| *active += if x != 0.0 { 1.0 } else { 0.0 });
    }

    /// Adds the products of the column at hand to a lane of each score.
    fn add(&mut self, lane: usize, weights: &[f64]) {
        let rows = self.values.len();
        for (lanes, weight) in self.lanes.chunks_exact_mut(LANES * rows).zip(weights) {
            let sums = lanes[lane * rows..][..rows].iter_mut();
            sums.zip(&self.values).for_each(|(sum, value)| *sum += value * weight);
        }
    }

    /// Adds the lanes into the first.
    fn join_lanes(&mut self) {
        let rows = self.values.len();
        for lanes in self.lanes.chunks_exact_mut(LANES * rows) {
            let (first, others) = lanes.split_at_mut(rows);
            for other in others.chunks_exact(rows) {
                first.iter_mut().zip(other).for_each(|(sum, other)| *sum += other);
            }
        }
    }

    /// For each score the sums of the rows.
    fn sums(&self) -> impl Iterator<Item = &[f64]> {
        let rows = self.values.len();
        self.lanes.chunks_exact(LANES * rows.max(1)).map(move |lanes| &lanes[..rows])
    }
}

impl Operation for LinearOfNumbers {
    fn output_types(&self, inputs: &[&ColumnType]) -> Result<Vec<ColumnType>, Mismatch> {
        Linear::types_over_doubles(&self.models, inputs)
    }

    fn run(&self, rows: usize, inputs: &[&Column]) -> Result<Outputs, OpError> {
        let columns = inputs.iter().map(|input| doubles(input));
        let columns = columns.collect::<Result<SmallVec<[&Float64Array; 32]>, _>>()?;
        let whole = columns.iter().all(|column| column.null_count() == 0);
        match whole.then(|| self.columns(rows, &columns)).flatten() {
            Some(columns) => Ok(Outputs { columns, keep: None }),
            None => self.as_built.run(rows, inputs),
        }
    }

    fn row_step(&self, inputs: &[RowType]) -> Option<MadeStep> {
        let [model] = &self.models[..] else { return None };
        numbers_row(inputs, &self.assemble, &self.scales, model)
    }

    fn width(&self, _inputs: usize) -> usize {
        self.scores
    }

    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "linear of numbers [{:?}", self.assemble.handle_invalid)?;
        for scale in &self.scales {
            f.write_str(", ")?;
            scale.describe(f)?;
        }
        for model in &self.models {
            f.write_str(", ")?;
            model.describe(f)?;
        }
        f.write_str("]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ops::{Shape, SparseRule, Weights};

    const WIDTH: usize = 6;

    #[test]
    fn no_row_is_left_to_the_operations_as_they_were_for_its_zeros() {
        let assemble = Assemble {
            handle_invalid: HandleInvalid::Error,
            sizes: vec![Some(1); WIDTH],
            rule: SparseRule::Ratio,
        };
        let scale = Scale { shift: None, factor: Some((0..WIDTH).map(|slot| 0.3 + slot as f64).collect()) };
        let weights = (0..2 * WIDTH).map(|at| 0.1 * at as f64 - 0.45).collect();
        let weights = Weights::dense(2, WIDTH, weights).unwrap();
        let model = Linear::new(weights, vec![0.7, -1e-3], Shape::Vector).unwrap();
        let columns: Vec<Column> = (0..WIDTH)
            .map(|slot| {
                // In every third row but two of the values are zeros.
                let value =
                    |row: usize| if row.is_multiple_of(3) && slot > 1 { 0.0 } else { 0.1 * row as f64 + 0.7 };
                Column::from_doubles((0..300).map(value).collect())
            })
            .collect();
        // What has no operations answers no columns.
        let nothing = Subplan::new(Vec::new(), &[], &[]);
        let op =
            LinearOfNumbers::new(WIDTH, assemble.clone(), vec![scale.clone()], vec![model.clone()], nothing);
        let op = op.unwrap();
        for rows in [1, 3, 4, 7, 8, 9, 300] {
            let columns: Vec<Column> = columns.iter().map(|column| column.slice(0, rows)).collect();
            let inputs: Vec<&Column> = columns.iter().collect();
            let mut expected = assemble.run(rows, &inputs).ok().unwrap().columns[0].clone();
            let sparse = |row: &VectorRef<'_>| matches!(row, VectorRef::Sparse { .. });
            assert!(expected.as_vectors().unwrap().iter().flatten().any(|row| sparse(&row)));
            for step in [&scale as &dyn Operation, &model] {
                expected = step.run(rows, &[&expected]).ok().unwrap().columns[0].clone();
            }
            let found = op.run(rows, &inputs).ok().unwrap();
            let bits = |column: &Column| -> Vec<u64> {
                let rows = column.as_vectors().unwrap().iter().flatten();
                rows.flat_map(|row| row.values().iter().map(|x| x.to_bits()).collect::<Vec<_>>()).collect()
            };
            assert_eq!(bits(&found.columns[0]), bits(&expected), "{rows} rows");
        }
    }
}
