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
