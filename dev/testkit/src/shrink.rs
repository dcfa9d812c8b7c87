//! Makes a failing pipeline smaller while it still fails.

use std::io::{BufRead, BufReader, Lines, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::Value as Json;

use crate::live::check;

/// A part of a pipeline: some of its stages, by place, and some of the rows that it scores, by id.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// The stages that are kept.
    pub stages: Vec<i64>,
    /// The rows that are kept.
    pub rows: Vec<i64>,
}

/// The smallest part that is found to fail: no stage of it can be left out, and few rows.
///
/// # Errors
/// What `fails` could not tell.
pub fn smallest(whole: Part, mut fails: impl FnMut(&Part) -> Result<bool, String>) -> Result<Part, String> {
    let mut part = whole;
    part.stages = fewer(&part.stages, |stages| fails(&Part { stages: stages.to_vec(), ..part.clone() }))?;
    part.rows = fewer(&part.rows, |rows| fails(&Part { rows: rows.to_vec(), ..part.clone() }))?;
    part.stages = fewer(&part.stages, |stages| fails(&Part { stages: stages.to_vec(), ..part.clone() }))?;
    Ok(part)
}

/// Leaves out ever smaller runs of the items, from the end, while the rest still fails.
fn fewer(items: &[i64], mut fails: impl FnMut(&[i64]) -> Result<bool, String>) -> Result<Vec<i64>, String> {
    let mut kept = items.to_vec();
    let mut run = kept.len().div_ceil(2);
    while run > 0 && kept.len() > 1 {
        let mut end = kept.len();
        while end > 0 && kept.len() > 1 {
            let start = end.saturating_sub(run);
            let rest: Vec<i64> = kept[..start].iter().chain(&kept[end..]).copied().collect();
            if !rest.is_empty() && fails(&rest)? {
                kept = rest;
            }
            end = start;
        }
        run /= 2;
    }
    Ok(kept)
}

/// A Spark that makes and answers parts of one pipeline: `dev/python/live_shrink.py`.
struct Spark {
    process: Child,
    asked: ChildStdin,
    told: Lines<BufReader<ChildStdout>>,
}

impl Spark {
    fn start(python: &Path, script: &Path, folder: &Path, out: &Path) -> Result<Spark, String> {
        let mut process = Command::new(python)
            .args([script, folder, out])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| format!("{}: {error}", python.display()))?;
        let (asked, told) = (process.stdin.take(), process.stdout.take());
        let (Some(asked), Some(told)) = (asked, told) else { return Err("no pipes to Spark".to_owned()) };
        Ok(Spark { process, asked, told: BufReader::new(told).lines() })
    }

    fn line(&mut self) -> Result<String, String> {
        match self.told.next() {
            Some(Ok(line)) => Ok(line),
            Some(Err(error)) => Err(error.to_string()),
            None => Err("Spark stopped while a pipeline was made smaller".to_owned()),
        }
    }

    fn whole(&mut self) -> Result<Part, String> {
        let told = |text: &str| -> Result<Json, String> {
            serde_json::from_str(text).map_err(|error| format!("{text}: {error}"))
        };
        let stages = told(&self.line()?)?.as_i64().unwrap_or_default();
        let rows = told(&self.line()?)?;
        let rows = rows.as_array().into_iter().flatten().filter_map(Json::as_i64).collect();
        Ok(Part { stages: (0..stages).collect(), rows })
    }

    fn answer(&mut self, part: &Part) -> Result<(), String> {
        let asked = serde_json::json!({"stages": part.stages, "rows": part.rows});
        writeln!(self.asked, "{asked}").map_err(|error| error.to_string())?;
        self.line().map(|_| ())
    }
}

impl Drop for Spark {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Makes the failing pipeline in `folder` smaller, with the Spark of `python`, and leaves the smallest one in `out`;
/// tells which part it is, and how it fails.
///
/// # Errors
/// When Spark cannot answer.
pub fn shrink(
    python: &Path,
    script: &Path,
    folder: &Path,
    out: &Path,
) -> Result<(Part, Vec<String>), String> {
    let mut spark = Spark::start(python, script, folder, out)?;
    let whole = spark.whole()?;
    let part = smallest(whole, |part| {
        spark.answer(part)?;
        Ok(!check(out)?.is_empty())
    })?;
    spark.answer(&part)?;
    Ok((part, check(out)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_to_blame_is_left() {
        let whole = Part { stages: (0..20).collect(), rows: (0..40).collect() };
        let to_blame = |part: &Part| {
            Ok([3, 11].iter().all(|stage| part.stages.contains(stage)) && part.rows.contains(&17))
        };
        let part = smallest(whole, to_blame).unwrap();
        assert_eq!(part, Part { stages: vec![3, 11], rows: vec![17] });
    }

    #[test]
    fn what_cannot_be_left_out_stays() {
        let whole = Part { stages: vec![0, 1, 2], rows: vec![5] };
        let all = whole.clone();
        assert_eq!(smallest(whole.clone(), |part| Ok(*part == all)).unwrap(), whole);
    }
}
