//! What each pass saves: `cargo bench -p firesteel-plan`.
//!
//! Each line is a model on which one pass works, scored as it was built and after the passes: one row a call and in
//! batches of 1,000, rotating 10,000 distinct rows. A figure is the median of all timings of five runs, which alternate.
//! `cargo bench -p firesteel-plan -- "100 trees 1000"` measures the lines that contain these words.

mod clusters;
mod models;
mod words;

use std::error::Error;
use std::hint::black_box;
use std::io::{Write, stdout};
use std::time::Instant;

use firesteel_plan::{Batch, Column, Model, Plan};

const RUNS: usize = 5;

/// The rows that are timed together.
const CALL_ROWS: usize = 100;

fn main() -> Result<(), Box<dyn Error>> {
    let wanted = std::env::args().skip(1).find(|argument| !argument.starts_with('-')).unwrap_or_default();
    let (numbers, texts) = (models::rows(), words::texts());
    let mut out = stdout().lock();
    writeln!(out, "{:44} {:>10} {:>14} {:>14}", "pass, model", "rows", "before", "after")?;
    for (name, model, columns) in [
        ("let forests read columns, 1 tree", models::forests(1, 1)?, &numbers),
        ("let forests read columns, 100 trees", models::forests(100, 1)?, &numbers),
        ("look up the weights of categories", models::categories()?, &numbers),
        ("let linear models read columns", models::numbers()?, &numbers),
        ("let cluster models read columns", clusters::clusters()?, &numbers),
        ("let cluster models read columns, a mixture", clusters::mixture()?, &numbers),
        ("count words where text is split", words::words()?, &texts),
        ("share equal operations, 4 times 1 tree", models::forests(1, 4)?, &numbers),
    ] {
        for rows in [1, 1000].into_iter().filter(|rows| format!("{name} {rows}").contains(&wanted)) {
            let (before, after) = measure(&model, &batches(columns, rows))?;
            writeln!(out, "{name:44} {rows:>10} {before:>8.0} ns/row {after:>8.0} ns/row")?;
        }
    }
    Ok(())
}

fn batches(columns: &[Column], rows: usize) -> Vec<Batch> {
    let starts = (0..models::ROWS / rows).map(|batch| batch * rows);
    let cut = |start| columns.iter().map(|column| column.slice(start, rows)).collect();
    starts.map(|start| Batch::new(rows, cut(start))).collect()
}

/// The nanoseconds for a row, as built and after the passes.
fn measure(model: &Model, batches: &[Batch]) -> Result<(f64, f64), Box<dyn Error>> {
    let names: Vec<&str> = model.signature().outputs.iter().map(|field| field.name.as_str()).collect();
    let plans = [model.plan_as_built(&names)?, model.plan(&names)?];
    let mut nanos = [Vec::new(), Vec::new()];
    for round in 0..=RUNS {
        for (plan, nanos) in plans.iter().zip(&mut nanos) {
            run(plan, batches, nanos)?;
            // The first run warms up.
            if round == 0 {
                nanos.clear();
            }
        }
    }
    let [before, after] = nanos.map(|mut nanos| {
        nanos.sort_by(f64::total_cmp);
        nanos[nanos.len() / 2]
    });
    Ok((before, after))
}

/// Adds the nanoseconds for a row of each few calls, so that what else the machine does falls on few of them.
fn run(plan: &Plan, batches: &[Batch], nanos: &mut Vec<f64>) -> Result<(), Box<dyn Error>> {
    let rows = batches.first().map_or(1, |batch| batch.rows);
    let calls = (CALL_ROWS / rows).max(1);
    for batches in batches.chunks(calls) {
        let copies: Vec<Batch> = batches.to_vec();
        let start = Instant::now();
        for batch in copies {
            black_box(plan.score(black_box(batch))?);
        }
        nanos.push(start.elapsed().as_nanos() as f64 / (rows * batches.len()) as f64);
    }
    Ok(())
}
