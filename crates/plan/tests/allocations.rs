//! Counts what scoring one row allocates.

#[path = "../benches/models/mod.rs"]
mod models;

#[path = "../benches/clusters/mod.rs"]
mod clusters;

use firesteel_plan::{Batch, BuildError, Model};

/// One row of the example's pipeline, once a thread is warm: the list of answered columns, and what the forest takes for
/// the sums that it answers and for the bins of the row. All else lies in columns without memory of their own, in
/// columns that are shared, or in slots that the run before left.
const ONE_ROW: u64 = 3;

#[test]
fn one_row_allocates_little_and_always_the_same() {
    count(&models::forests(100, 1).unwrap(), ONE_ROW).unwrap();
}

/// The list of answered columns, each cast column of doubles with its memory and its owner of that memory, and the score.
const ONE_ROW_OF_CATEGORIES: u64 = 8;

#[test]
fn one_row_of_categories_allocates_little_too() {
    count(&models::categories().unwrap(), ONE_ROW_OF_CATEGORIES).unwrap();
}

fn count(model: &Model, expected: u64) -> Result<(), BuildError> {
    let plan = model.plan_all()?;
    let columns = models::rows();
    for row in 0..100 {
        let one = columns.iter().map(|column| column.slice(row, 1)).collect();
        let batch = Batch::new(1, one);
        let mut scored = false;
        let counted = allocation_counter::measure(|| scored = plan.score(batch).is_ok());
        assert!(scored);
        if row > 0 {
            assert_eq!(counted.count_total, expected, "row {row}: {counted:?}");
        }
    }
    Ok(())
}

#[test]
fn one_row_of_numbers_allocates_nothing() {
    let mixture = clusters::mixture().unwrap();
    for model in
        [models::forests(100, 1).unwrap(), models::numbers().unwrap(), clusters::clusters().unwrap(), mixture]
    {
        count_none(&model).unwrap();
    }
}

fn count_none(model: &Model) -> Result<(), BuildError> {
    let plan = model.plan_all()?;
    let mut scorer = plan.row_scorer().ok_or(BuildError::Invalid("no rows of numbers".to_owned()))?;
    let columns = models::rows();
    let mut numbers = Vec::with_capacity(columns.len());
    for row in 0..100 {
        let mut scored = false;
        let counted = allocation_counter::measure(|| {
            scored = scorer.read(&columns, row, &mut numbers) && scorer.score(&numbers).is_some();
        });
        assert!(scored);
        assert_eq!(counted.count_total, 0, "row {row}: {counted:?}");
    }
    Ok(())
}
