//! The nearest of some centres, by Euclidean distance: Spark's `KMeansModel`.
//!
//! Follows `EuclideanDistanceMeasure.findClosest` (`mllib/clustering/DistanceMeasure.scala`, Spark 3.1 on) and
//! `MLUtils.fastSquaredDistance` step by step: where two centres are nearly as far, their rounding decides, and
//! so do the bounds by which Spark skips centres. Dense rows are held against the centres eight at a time, and by
//! those steps only where the answer is in doubt ([`QuickCenters`]).

use std::fmt;
use std::sync::Arc;

use arrow_array::Int32Array;

use super::center::{Center, norm};
use super::quick_centers::QuickCenters;
use super::scale::expect_vector;
use super::tile::{LANES, Tile};
use super::{Mismatch, Operation, Outputs, expect_types, vectors};
use crate::column::{Column, ColumnType, VectorRef};
use crate::error::{BuildError, OpError};
use crate::row::{MadeStep, RowStep, RowType};

/// Fewer rows are held against the centres one by one.
const FEWEST_ROWS: usize = 3;

/// The number of the nearest centre, an int.
#[derive(Clone, Debug)]
pub struct NearestCenter {
    size: usize,
    centers: Arc<[Center]>,
    quick: Arc<QuickCenters>,
    /// Quarters of the squared distances between centres, where Spark keeps them.
    bounds: Option<Arc<Bounds>>,
}

#[derive(Clone, Debug)]
struct Bounds {
    /// `between[i * k + j]` belongs to centres `i` and `j`.
    between: Vec<f64>,
    /// The smallest of `between` that belongs to each centre.
    nearest: Vec<f64>,
}

impl NearestCenter {
    /// Centres by number, each a vector of one size.
    pub fn new(centers: &[VectorRef<'_>]) -> Result<NearestCenter, BuildError> {
        let Some(size) = centers.first().map(VectorRef::size) else {
            return Err(BuildError::Invalid("no centres, expected one at least".to_owned()));
        };
        if let Some((at, odd)) = centers.iter().enumerate().find(|(_, center)| center.size() != size) {
            let found = odd.size();
            return Err(BuildError::Invalid(format!(
                "centre {at} has size {found}, expected {size} as centre 0 has"
            )));
        }
        let made: Vec<Center> = centers.iter().map(Center::new).collect();
        if let Some(at) = made.iter().position(|center| center.norm.is_nan()) {
            return Err(BuildError::Invalid(format!("centre {at} holds NaN, expected numbers")));
        }
        let k = made.len() as u64;
        let bounded = k < 1000 && (k * k).checked_mul(size as u64).is_some_and(|work| work < 1_000_000);
        let bounds = bounded.then(|| Arc::new(Bounds::new(&made)));
        let quick = Arc::new(QuickCenters::new(&made));
        Ok(NearestCenter { size, centers: made.into(), quick, bounds })
    }

    /// The size of the vectors.
    pub(super) fn size(&self) -> usize {
        self.size
    }

    /// Adds the centre nearest to each of the first rows of a tile; `false` where one of them is in doubt.
    pub(super) fn push_tile(&self, tile: &Tile, rows: usize, nearest: &mut Vec<i32>) -> bool {
        let found = self.quick.nearest(tile.slots());
        nearest.extend(found.iter().take(rows).map_while(|found| *found));
        found.iter().take(rows).all(Option::is_some)
    }

    /// The centres nearest to rows that lie one after another.
    fn nearest_of_block(&self, column: &Column, block: &[f64]) -> Result<Vec<i32>, OpError> {
        let rows = block.len() / self.size;
        let mut nearest = Vec::with_capacity(rows);
        let mut tile = Tile::new(self.size);
        for (at, rows) in block.chunks(LANES * self.size).enumerate() {
            tile.read_rows(rows);
            let found = self.quick.nearest(tile.slots());
            for (lane, (row, found)) in rows.chunks_exact(self.size).zip(found).enumerate() {
                nearest.push(match found {
                    Some(found) => found,
                    None => self.nearest_of(column, at * LANES + lane, VectorRef::Dense(row))?,
                });
            }
        }
        Ok(nearest)
    }

    fn nearest_of(&self, column: &Column, at: usize, row: VectorRef<'_>) -> Result<i32, OpError> {
        let found = self.nearest(row);
        found.map(|found| found as i32).ok_or_else(|| OpError::value(column, at, 0, "a vector without NaN"))
    }

    /// The number of the centre nearest to `point`; `None` where the point's norm is NaN.
    pub(super) fn nearest(&self, point: VectorRef<'_>) -> Option<usize> {
        let norm = norm(point.values());
        match &self.bounds {
            _ if norm.is_nan() => None,
            Some(bounds) => Some(self.scan_bounded(bounds, point, norm)),
            None => Some(self.scan(point, norm)),
        }
    }

    fn scan_bounded(&self, bounds: &Bounds, point: VectorRef<'_>, norm: f64) -> usize {
        let k = self.centers.len();
        let mut best = (0, self.centers[0].squared_distance(point, norm));
        if best.1 < bounds.nearest[0] {
            return 0;
        }
        for (at, center) in self.centers.iter().enumerate().skip(1) {
            let lower = (center.norm - norm) * (center.norm - norm);
            if lower < best.1 && bounds.between[at * k + best.0] < best.1 {
                let distance = center.squared_distance(point, norm);
                if distance < bounds.nearest[at] {
                    return at;
                }
                if distance < best.1 {
                    best = (at, distance);
                }
            }
        }
        best.0
    }

    fn scan(&self, point: VectorRef<'_>, norm: f64) -> usize {
        let mut best = (0, f64::INFINITY);
        for (at, center) in self.centers.iter().enumerate() {
            let lower = (center.norm - norm) * (center.norm - norm);
            if lower < best.1 {
                let distance = center.squared_distance(point, norm);
                if distance < best.1 {
                    best = (at, distance);
                }
            }
        }
        best.0
    }
}

impl Bounds {
    fn new(centers: &[Center]) -> Bounds {
        let k = centers.len();
        // Alone, a centre has no neighbour and no bound: NaN, which nothing is below.
        let alone = if k == 1 { f64::NAN } else { f64::INFINITY };
        let mut bounds = Bounds { between: vec![f64::NAN; k * k], nearest: vec![alone; k] };
        for (i, a) in centers.iter().enumerate() {
            for (j, b) in centers.iter().enumerate().skip(i + 1) {
                let distance = a.distance_to(b);
                let quarter = 0.25 * distance * distance;
                bounds.between[i * k + j] = quarter;
                bounds.between[j * k + i] = quarter;
                for at in [i, j] {
                    if quarter < bounds.nearest[at] {
                        bounds.nearest[at] = quarter;
                    }
                }
            }
        }
        bounds
    }
}

impl Operation for NearestCenter {
    fn output_types(&self, inputs: &[&ColumnType]) -> Result<Vec<ColumnType>, Mismatch> {
        expect_types(inputs, &[ColumnType::Vector])?;
        Ok(vec![ColumnType::Int])
    }

    fn run(&self, rows: usize, inputs: &[&Column]) -> Result<Outputs, OpError> {
        let column = vectors(inputs[0])?;
        if let Some((size, block)) = column.as_block()
            && size == self.size
            && size > 0
            && rows >= FEWEST_ROWS
        {
            let nearest = self.nearest_of_block(inputs[0], block)?;
            return Ok(Column::Array(Arc::new(Int32Array::from(nearest))).into());
        }
        let mut nearest = Vec::with_capacity(rows);
        for (at, row) in column.iter().enumerate() {
            let row = expect_vector(inputs[0], at, row, Some(self.size))?;
            nearest.push(self.nearest_of(inputs[0], at, row)?);
        }
        Ok(Column::Array(Arc::new(Int32Array::from(nearest))).into())
    }

    fn row_step(&self, inputs: &[RowType]) -> Option<MadeStep> {
        (inputs == [RowType::Vector(self.size)])
            .then(|| -> MadeStep { (Box::new(self.clone()), RowType::Number) })
    }

    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "nearest center [{} of size {}]", self.centers.len(), self.size)
    }
}

/// A dense row without NaN.
impl RowStep for NearestCenter {
    fn run(&mut self, inputs: &[f64], out: &mut [f64]) -> bool {
        self.nearest(VectorRef::Dense(inputs)).is_some_and(|found| {
            out.fill(found as f64);
            true
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::column::{VectorBuilder, VectorColumn};

    fn nearest(centers: &[VectorRef<'_>], rows: VectorColumn) -> Vec<i32> {
        let op = NearestCenter::new(centers).unwrap();
        let outputs = op.run(rows.len(), &[&Column::Vector(rows)]).ok().unwrap();
        let array = outputs.columns[0].as_array().unwrap();
        array.as_any().downcast_ref::<Int32Array>().unwrap().values().to_vec()
    }

    const CENTERS: [VectorRef<'static>; 3] =
        [VectorRef::Dense(&[0.0, 0.0]), VectorRef::Dense(&[4.0, 0.0]), VectorRef::Dense(&[0.0, 4.0])];

    #[test]
    fn the_first_of_equals_is_nearest() {
        let rows = VectorColumn::from_block(4, 2, vec![2.0, 2.0, 3.0, 0.0, 0.1, 3.9, 0.5, 0.5]);
        assert_eq!(nearest(&CENTERS, rows), [0, 1, 2, 0]);
    }

    #[test]
    fn sparse_rows_and_centres_find_the_same() {
        let mut rows = VectorBuilder::default();
        rows.push_sparse(2, &[0], &[3.0]);
        rows.push_sparse(2, &[], &[]);
        rows.push_dense(&[0.1, 3.9]);
        let rows = rows.finish();
        let sparse = [
            VectorRef::Sparse { size: 2, indices: &[], values: &[] },
            VectorRef::Sparse { size: 2, indices: &[0], values: &[4.0] },
            VectorRef::Sparse { size: 2, indices: &[1], values: &[4.0] },
        ];
        assert_eq!(nearest(&CENTERS, rows.clone()), [1, 0, 2]);
        assert_eq!(nearest(&sparse, rows), [1, 0, 2]);
    }

    #[test]
    fn many_centres_are_scanned_without_bounds() {
        let values: Vec<[f64; 1]> = (0..1200).map(|at| [f64::from(at)]).collect();
        let centers: Vec<VectorRef<'_>> = values.iter().map(|value| VectorRef::Dense(value)).collect();
        assert!(NearestCenter::new(&centers).unwrap().bounds.is_none());
        assert_eq!(nearest(&centers, VectorColumn::from_block(3, 1, vec![-5.0, 700.4, 1e9])), [0, 700, 1199]);
    }

    #[test]
    fn one_centre_takes_all() {
        assert_eq!(
            nearest(&[VectorRef::Dense(&[1.0])], VectorColumn::from_block(2, 1, vec![9.0, -9.0])),
            [0, 0]
        );
    }

    #[test]
    fn a_nan_is_a_row_error() {
        let op = NearestCenter::new(&CENTERS).unwrap();
        let column = Column::Vector(VectorColumn::from_block(2, 2, vec![0.0, 0.0, f64::NAN, 1.0]));
        let Err(OpError::Row(fault)) = op.run(2, &[&column]) else { panic!("a row error") };
        assert_eq!(fault.row, 1);
    }

    #[test]
    fn centres_that_do_not_fit_are_refused() {
        assert!(NearestCenter::new(&[]).is_err());
        assert!(NearestCenter::new(&[VectorRef::Dense(&[1.0]), VectorRef::Dense(&[1.0, 2.0])]).is_err());
        assert!(NearestCenter::new(&[VectorRef::Dense(&[f64::NAN])]).is_err());
    }
}
