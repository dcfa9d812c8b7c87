//! A model of clusters over the rows of the other models.

use std::collections::BTreeMap;
use std::error::Error;

use firesteel_plan::ops::*;
use firesteel_plan::*;

use crate::models::{COLUMNS, Numbers};

/// Four columns assembled and scaled, the nearest of 20 centres.
pub(crate) fn clusters() -> Result<Model, Box<dyn Error>> {
    let ints = ["age", "tenure"].map(|name| (name.to_owned(), ColumnType::Int));
    let mut builder = Builder::new(BTreeMap::from(ints));
    builder.stage(StageInfo::default());
    let [age, income, tenure, credit] = COLUMNS.map(|name| builder.doubles(name, true));
    let sizes = vec![Some(1); COLUMNS.len()];
    let assemble = Assemble { handle_invalid: HandleInvalid::Error, sizes, rule: SparseRule::Ratio };
    let features = builder.apply(assemble.into(), &[&age?, &income?, &tenure?, &credit?])?;
    let factor = [1.0 / 18.1, 1.0 / 51_234.5, 1.0 / 34.9, 1.0 / 0.29];
    let scaled = builder.apply(Scale { shift: None, factor: Some(factor.into()) }.into(), &[&features])?;
    let mut numbers = Numbers::new(13);
    let centers: Vec<f64> = (0..20 * COLUMNS.len()).map(|_| numbers.next() * 4.0).collect();
    let centers: Vec<VectorRef<'_>> = centers.chunks_exact(COLUMNS.len()).map(VectorRef::Dense).collect();
    let cluster = builder.apply(NearestCenter::new(&centers)?.into(), &[&scaled])?;
    builder.bind("prediction", cluster)?;
    Ok(builder.finish(ModelInfo::default())?)
}
