//! Compares our answers with those of a real Spark that has just trained and scored random pipelines.
//!
//! The Spark half is `dev/python/live_pipelines.py`, which describes the folder that it writes.

use std::fs;
use std::path::{Path, PathBuf};

use firesteel_plan::Exactness;

use crate::compare::{Tolerance, difference, magnitude};
use crate::score::{Answers, read_answers, score_file};
use crate::value::Value;

/// The pipelines below `out`, in order.
///
/// # Errors
/// When the folder cannot be read.
pub fn pipelines(out: &Path) -> Result<Vec<PathBuf>, String> {
    let entries = fs::read_dir(out).map_err(|error| format!("{}: {error}", out.display()))?;
    let mut folders: Vec<PathBuf> =
        entries.flatten().map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
    folders.sort_by_key(|path| path.file_name().and_then(|name| name.to_str()?.parse::<u32>().ok()));
    Ok(folders)
}

/// What `VectorAssembler` says of a frame without rows, where it looks for sizes in the first one. Here no rows are none;
/// see `docs/exactness.md`.
const NO_FIRST_ROW: &str = "Encountered empty dataframe while inferring lengths from the first row";

/// Says how our answers to the pipeline in `folder` differ from Spark's; empty when they do not.
///
/// Columns in which Spark itself is not stable are compared within 1e-13 of the column's largest number, all
/// others bit for bit.
///
/// # Errors
/// When the folder is not laid out as the script says.
pub fn check(folder: &Path) -> Result<Vec<String>, String> {
    let ours = score_file(&folder.join("model"), &folder.join("input.parquet"), Exactness::Fast);
    let error = folder.join("error.txt");
    if error.exists() {
        let spark = fs::read_to_string(&error).map_err(|error| error.to_string())?;
        return Ok(match ours {
            Err(_) => Vec::new(),
            Ok(answers) if answers.ids.is_empty() && spark.contains(NO_FIRST_ROW) => Vec::new(),
            Ok(_) => vec![format!("Spark refused this, we answered: {}", spark.trim())],
        });
    }
    match ours {
        Err(problem) => Ok(vec![format!("Spark answered, we refused: {problem}")]),
        Ok(ours) => compare(&ours, &read_answers(&folder.join("expected.parquet"))?),
    }
}

/// Scores `input` with `model` and compares every output with the answers in `expected`; tells how many rows were
/// compared, and the differences.
///
/// # Errors
/// When a file cannot be read, or the rows cannot be scored.
pub fn compare_files(model: &Path, input: &Path, expected: &Path) -> Result<(usize, Vec<String>), String> {
    let ours = score_file(model, input, Exactness::Fast)?;
    let problems = compare(&ours, &read_answers(expected)?)?;
    Ok((ours.ids.len(), problems))
}

fn compare(ours: &Answers, spark: &Answers) -> Result<Vec<String>, String> {
    if ours.ids != spark.ids {
        return Ok(vec![format!("our rows {:?}, Spark's {:?}", ours.ids, spark.ids)]);
    }
    // A file without rows tells no columns.
    if ours.ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut problems = Vec::new();
    for (name, column) in &ours.columns {
        let Some((_, expected)) = spark.columns.iter().find(|(spark_name, _)| spark_name == name) else {
            problems.push(format!("column {name} is not in Spark's answer"));
            continue;
        };
        let pairs = (0..ours.ids.len())
            .map(|row| {
                let (mine, spark) = (Value::from_column(column, row)?, Value::from_column(expected, row)?);
                Ok((ours.settled(name, mine), ours.settled(name, spark)))
            })
            .collect::<Result<Vec<_>, String>>()?;
        let largest = pairs.iter().map(|(_, value)| magnitude(value)).fold(0.0, f64::max);
        let tolerance = ours.tolerance(name, Tolerance::Absolute(1e-13 * largest));
        for ((ours, spark), id) in pairs.iter().zip(&spark.ids) {
            problems.extend(
                difference(ours, spark, tolerance).map(|found| format!("row {id} column {name}: {found}")),
            );
        }
    }
    Ok(problems)
}
