//! A model of clusters over the rows of the other models.

use std::error::Error;

use firesteel_plan::ops::*;
use firesteel_plan::*;

use crate::models::{COLUMNS, Numbers, scaled};

/// Four columns assembled and scaled, the nearest of 20 centres.
pub(crate) fn clusters() -> Result<Model, Box<dyn Error>> {
    let (mut builder, scaled) = scaled()?;
    let mut numbers = Numbers::new(13);
    let centers: Vec<f64> = (0..20 * COLUMNS.len()).map(|_| numbers.next() * 4.0).collect();
    let centers: Vec<VectorRef<'_>> = centers.chunks_exact(COLUMNS.len()).map(VectorRef::Dense).collect();
    let cluster = builder.apply(NearestCenter::new(&centers)?.into(), &[&scaled])?;
    builder.bind("prediction", cluster)?;
    Ok(builder.finish(ModelInfo::default())?)
}

/// Four columns assembled and scaled, the probability of each of three Gaussians and the likeliest.
pub(crate) fn mixture() -> Result<Model, Box<dyn Error>> {
    let (mut builder, scaled) = scaled()?;
    let mut numbers = Numbers::new(17);
    let size = COLUMNS.len();
    let means: Vec<f64> = (0..3 * size).map(|_| numbers.next() * 4.0).collect();
    let covariance: Vec<f64> =
        (0..size * size).map(|at| if at % (size + 1) == 0 { 2.0 } else { 0.25 }).collect();
    let gaussians: Vec<_> = means.chunks_exact(size).map(|mean| (0.3, mean, &covariance[..])).collect();
    let probability = builder.apply(Mixture::new(&gaussians)?.into(), &[&scaled])?;
    let cluster = builder.apply(LargestPlace.into(), &[&probability])?;
    builder.bind("probability", probability)?;
    builder.bind("prediction", cluster)?;
    Ok(builder.finish(ModelInfo::default())?)
}
