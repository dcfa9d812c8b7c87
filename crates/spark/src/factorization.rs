//! Factorization machines as both `FMClassificationModel` and `FMRegressionModel` save them: `intercept`, `linear`
//! and `factors`, a matrix with a row for each feature and a column for each factor.

use firesteel_plan::ops::{Factorize, Shape};

use crate::error::LoadError;
use crate::linear::vector_weights;
use crate::saved::Saved;

/// The machine and the number of its features.
pub(crate) fn read(saved: &Saved, shape: Shape) -> Result<(Factorize, usize), LoadError> {
    let data = saved.data("data")?;
    let row = data.only_row()?;
    let linear = vector_weights(&row, "linear")?;
    let features = linear.features();
    let factors = row.dense_matrix("factors")?;
    if factors.rows != features {
        return Err(row.error(format!("{features} linear weights and {} rows of factors", factors.rows)));
    }
    let by_factor =
        (0..factors.cols).flat_map(|factor| (0..features).map(move |at| at * factors.cols + factor));
    let by_factor = by_factor.map(|at| factors.values[at]).collect();
    let machine = Factorize::new(row.double("intercept")?, linear, by_factor, shape);
    Ok((machine.map_err(|why| row.error(why))?, features))
}
