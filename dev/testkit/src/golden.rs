//! Runs the golden cases: loads each save, scores its input and compares every column with Spark's answer.
//!
//! The layout is described in `golden/README.md`.

use std::fs;
use std::path::{Path, PathBuf};

use firesteel_plan::Exactness;
use serde_json::Value as Json;

use crate::compare::{Tolerance, difference};
use crate::score::{Answers, score_file};
use crate::value::Value;

/// One save with Spark's answers.
#[derive(Clone, Debug)]
pub struct Case {
    /// The case and the version that saved it, as `StringIndexerModel/3.5.9`.
    pub name: String,
    /// The save.
    pub model: PathBuf,
    /// The rows to score.
    pub input: PathBuf,
    /// What Spark answered.
    pub answers: Json,
}

/// Every case below `golden/spark`, in order of name.
///
/// # Errors
/// When a case is not laid out as `golden/README.md` says.
pub fn cases(root: &Path) -> Result<Vec<Case>, String> {
    let mut found = Vec::new();
    for case in folders(root)? {
        let about = case.join("case.json");
        if !about.exists() {
            continue;
        }
        let about = read_json(&about)?;
        for version in folders(&case)? {
            let (case_name, version_name) = (name(&case), name(&version));
            let frame = about["input_by_version"][&version_name].as_str().or(about["input"].as_str());
            let input = match frame {
                Some("own") => version.join("input.parquet"),
                Some(frame) => root.join("inputs").join(frame).with_extension("parquet"),
                None => return Err(format!("{case_name}/case.json names no input")),
            };
            found.push(Case {
                name: format!("{case_name}/{version_name}"),
                model: version.join("model"),
                input,
                answers: read_json(&version.join("answers.json"))?,
            });
        }
    }
    Ok(found)
}

/// Says how this case differs from Spark; empty when it does not.
pub fn check(case: &Case) -> Vec<String> {
    compare_with(case, Exactness::Fast, |ours, column| ours.tolerance(column, Tolerance::Relative(1e-13)))
}

/// Says how this case differs, to the last bit, from the Spark that answered it, whose order is `exactness`.
pub fn check_exactly(case: &Case, exactness: Exactness) -> Vec<String> {
    // Its scores are made of logarithms when the model is loaded.
    let by_logarithms = case.name.starts_with("NaiveBayesModel_bernoulli");
    compare_with(case, exactness, |ours, column| match column {
        "rawPrediction" if by_logarithms => Tolerance::Relative(1e-13),
        _ => ours.exact_tolerance(column),
    })
}

fn compare_with(
    case: &Case,
    exactness: Exactness,
    tolerance: impl Fn(&Answers, &str) -> Tolerance,
) -> Vec<String> {
    let ours = score_file(&case.model, &case.input, exactness);
    match (ours, case.answers["error"].as_str()) {
        (Ok(ours), None) => compare(case, &ours, tolerance).unwrap_or_else(|problem| vec![problem]),
        (Ok(_), Some(error)) => vec![format!("{}: Spark refused this ({error}), we answered", case.name)],
        (Err(ours), None) => vec![format!("{}: {ours}", case.name)],
        (Err(_), Some(_)) => Vec::new(),
    }
}

fn compare(
    case: &Case,
    ours: &Answers,
    tolerance: impl Fn(&Answers, &str) -> Tolerance,
) -> Result<Vec<String>, String> {
    let array = |key: &str| case.answers[key].as_array().ok_or_else(|| format!("{}: no {key}", case.name));
    let columns: Vec<&str> = array("columns")?.iter().filter_map(Json::as_str).collect();
    let our_columns: Vec<&str> = ours.columns.iter().map(|(name, _)| name.as_str()).collect();
    if our_columns != columns {
        return Ok(vec![format!("{}: our columns {our_columns:?}, Spark's {columns:?}", case.name)]);
    }
    let ids: Vec<i64> = array("row_ids")?.iter().filter_map(Json::as_i64).collect();
    if ours.ids != ids {
        return Ok(vec![format!("{}: our rows {:?}, Spark's {ids:?}", case.name, ours.ids)]);
    }
    let mut problems = Vec::new();
    for (row, (id, answers)) in ids.iter().zip(array("rows")?).enumerate() {
        for (at, (column, values)) in ours.columns.iter().enumerate() {
            let allowed = tolerance(ours, column);
            let settled = |value| ours.settled(column, value);
            let spark = settled(Value::from_json(&answers[at])?);
            let value = settled(Value::from_column(values, row)?);
            if let Some(difference) = difference(&value, &spark, allowed) {
                problems.push(format!("{} row {id} column {column}: {difference}", case.name));
            }
        }
    }
    Ok(problems)
}

fn folders(path: &Path) -> Result<Vec<PathBuf>, String> {
    let entries = fs::read_dir(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let mut folders: Vec<PathBuf> =
        entries.flatten().map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
    folders.sort();
    Ok(folders)
}

fn name(path: &Path) -> String {
    path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}

pub(crate) fn read_json(path: &Path) -> Result<Json, String> {
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    serde_json::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))
}
