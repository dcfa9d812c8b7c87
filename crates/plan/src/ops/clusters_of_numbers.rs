//! Cluster models over columns of numbers: what the passes make of [`Assemble`], [`Scale`] and the [`NearestCenter`]s and
//! [`Mixture`]s behind them.
//!
//! No vector is built: eight rows at a time go from the columns into a tile, and from there through the models. Both
//! answer the same for a dense row and for a sparse one with the same values, but where a row is in doubt, holds a NaN, or
//! may be refused: then the batch is left to the operations as they were.

use std::fmt;
use std::sync::Arc;

use arrow_array::{Array, Float64Array, Int32Array};
use smallvec::SmallVec;

use super::numbers_row::numbers_row;
use super::tile::{LANES, Lanes, Tile};
use super::{
    Assemble, HandleInvalid, Mismatch, Mixture, NearestCenter, Op, Operation, Outputs, Scale, doubles,
};
use crate::column::{Column, ColumnType, VectorColumn, VectorRef};
use crate::error::OpError;
use crate::row::{MadeStep, RowType};
use crate::subplan::Subplan;

/// Fewer rows than these are taken one by one: half a tile takes as long as a whole one.
const FEWEST_ROWS: usize = 3;

/// A model that tells clusters by distances.
#[derive(Clone, Debug)]
pub(crate) enum ClusterModel {
    Nearest(NearestCenter),
    Mixture(Mixture),
}

impl ClusterModel {
    /// The operation as such a model, if it is one.
    pub(crate) fn of(op: &Op) -> Option<ClusterModel> {
        match op {
            Op::NearestCenter(nearest) => Some(ClusterModel::Nearest(nearest.clone())),
            Op::Mixture(mixture) if mixture.takes_tiles() => Some(ClusterModel::Mixture(mixture.clone())),
            _ => None,
        }
    }

    fn operation(&self) -> &dyn Operation {
        match self {
            ClusterModel::Nearest(nearest) => nearest,
            ClusterModel::Mixture(mixture) => mixture,
        }
    }

    fn size(&self) -> usize {
        match self {
            ClusterModel::Nearest(nearest) => nearest.size(),
            ClusterModel::Mixture(mixture) => mixture.size(),
        }
    }

    fn answers(&self, rows: usize) -> Answers {
        match self {
            ClusterModel::Nearest(_) => Answers::Places(Vec::with_capacity(rows)),
            ClusterModel::Mixture(mixture) => {
                Answers::Shares(Vec::with_capacity(rows * mixture.gaussians()), Vec::new())
            }
        }
    }

    /// Adds the answer to a dense row; `false` where it has none.
    fn push_row(&self, row: &[f64], answers: &mut Answers) -> bool {
        let dense = VectorRef::Dense(row);
        match (self, answers) {
            (ClusterModel::Nearest(nearest), Answers::Places(out)) => {
                let found = nearest.nearest(dense);
                out.extend(found.map(|found| found as i32));
                found.is_some()
            }
            (ClusterModel::Mixture(mixture), Answers::Shares(out, _)) => {
                mixture.push(dense, row, &mut Vec::new(), out);
                true
            }
            _ => false,
        }
    }

    /// Adds the answers to the first rows of a tile; `false` where the operation itself must be asked.
    fn push(&self, tile: &Tile, rows: usize, answers: &mut Answers) -> bool {
        match (self, answers) {
            (ClusterModel::Nearest(nearest), Answers::Places(out)) => nearest.push_tile(tile, rows, out),
            (ClusterModel::Mixture(mixture), Answers::Shares(out, room)) => {
                mixture.push_tile(tile, rows, room, out)
            }
            _ => false,
        }
    }
}

/// What a model answers to the rows so far.
enum Answers {
    Places(Vec<i32>),
    /// With room for those of a tile.
    Shares(Vec<f64>, Vec<Lanes>),
}

impl Answers {
    fn column(self, rows: usize) -> Column {
        match self {
            Answers::Places(places) => Column::Array(Arc::new(Int32Array::from(places))),
            Answers::Shares(shares, _) => {
                let count = shares.len() / rows.max(1);
                Column::Vector(VectorColumn::from_block(rows, count, shares))
            }
        }
    }
}

/// Cluster models over columns of numbers, scaled on the way; each of the models makes one column.
#[derive(Clone, Debug)]
pub struct ClustersOfNumbers {
    assemble: Assemble,
    scales: Vec<Scale>,
    models: Vec<ClusterModel>,
    /// The operations as they were, for a batch with a null, or with a row that the models do not take from a tile.
    as_built: Subplan,
}

impl ClustersOfNumbers {
    /// `models` over what `scales` make of what `assemble` makes of `width` numbers; `None` where a vector may be refused
    /// or dropped.
    pub(crate) fn new(
        width: usize,
        assemble: Assemble,
        scales: Vec<Scale>,
        models: Vec<ClusterModel>,
        as_built: Subplan,
    ) -> Option<ClustersOfNumbers> {
        let fits = scales.iter().all(|scale| scale.size().is_none_or(|size| size == width))
            && models.iter().all(|model| model.size() == width);
        let takes = fits && width > 0 && !models.is_empty();
        (takes && assemble.handle_invalid != HandleInvalid::Skip).then_some(ClustersOfNumbers {
            assemble,
            scales,
            models,
            as_built,
        })
    }

    /// The models' columns; `None` where they are left to the operations as they were.
    fn columns(&self, rows: usize, columns: &[&Float64Array]) -> Option<SmallVec<[Column; 1]>> {
        let columns: SmallVec<[&[f64]; 32]> = columns.iter().map(|column| &column.values()[..]).collect();
        let mut answers: SmallVec<[Answers; 1]> =
            self.models.iter().map(|model| model.answers(rows)).collect();
        if rows < FEWEST_ROWS {
            let mut values = vec![0.0; columns.len()];
            for row in 0..rows {
                let numbers = columns.iter().map(|column| column[row]);
                // A row that is stored as sparse may be rounded in another way.
                self.assemble.dense_row(numbers, &mut values).ok()?;
                self.scales.iter().for_each(|scale| scale.apply(&mut values));
                let mut models = self.models.iter().zip(&mut answers);
                models.all(|(model, answers)| model.push_row(&values, answers)).then_some(())?;
            }
            return Some(answers.into_iter().map(|answers| answers.column(rows)).collect());
        }
        let mut tile = Tile::new(columns.len());
        for start in (0..rows).step_by(LANES) {
            tile.read_columns(&columns, start, &self.scales);
            let rows = LANES.min(rows - start);
            if !self.models.iter().zip(&mut answers).all(|(model, answers)| model.push(&tile, rows, answers))
            {
                return None;
            }
        }
        Some(answers.into_iter().map(|answers| answers.column(rows)).collect())
    }
}

impl Operation for ClustersOfNumbers {
    fn output_types(&self, inputs: &[&ColumnType]) -> Result<Vec<ColumnType>, Mismatch> {
        if let Some(input) = inputs.iter().position(|input| **input != ColumnType::Double) {
            return Err(Mismatch { input, expected: ColumnType::Double.to_string() });
        }
        let types = self.models.iter().map(|model| model.operation().output_types(&[&ColumnType::Vector]));
        Ok(types.collect::<Result<Vec<_>, _>>()?.concat())
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
        numbers_row(inputs, &self.assemble, &self.scales, model.operation())
    }

    fn width(&self, _inputs: usize) -> usize {
        self.models.iter().map(|model| model.operation().width(1)).sum()
    }

    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "clusters of numbers [{:?}", self.assemble.handle_invalid)?;
        let scales = self.scales.iter().map(|scale| scale as &dyn Operation);
        for operation in scales.chain(self.models.iter().map(ClusterModel::operation)) {
            f.write_str(", ")?;
            operation.describe(f)?;
        }
        f.write_str("]")
    }
}
