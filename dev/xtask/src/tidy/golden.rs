//! Golden folders are complete, and every stage has one: a case without answers would pass by testing nothing.
//!
//! A case's folder opens with the class that it holds. `case.json` says what is scored; each `VERSION/` holds the
//! `model/` that that Spark saved and its `answers.json`. Folders with small names are shared by cases.

use std::collections::BTreeSet;

use super::rust_files::is_test_file;
use super::tree::Tree;

const FOLDER: &str = "golden/spark";

/// Where the stages are, and how a stage names its class.
const STAGES: &str = "crates/spark/src/";
const CLASS: &str = "class: \"org.apache.spark.ml.";

pub(super) fn check(tree: &Tree) -> Vec<String> {
    let mut cases = folders(tree, FOLDER);
    cases.retain(|name| name.starts_with(|first: char| first.is_ascii_uppercase()));
    if cases.is_empty() {
        return vec![format!("{FOLDER} has no case; see golden/README.md for how they are made")];
    }
    let mut broken = stages_without_a_case(tree, &cases);
    for case in cases.iter().map(|case| format!("{FOLDER}/{case}")) {
        if !tree.has(&format!("{case}/case.json")) {
            broken.push(format!("{case} has no case.json; say there what is compared, or remove the folder"));
        }
        let versions = folders(tree, &case);
        if !versions.iter().any(|name| is_version(name)) {
            broken.push(format!("{case} has no folder of a Spark version; save the model with real Spark"));
        }
        for version in versions.iter().filter(|name| is_version(name)).map(|name| format!("{case}/{name}")) {
            if !tree.has_folder(&format!("{version}/model")) {
                broken.push(format!("{version} has no model/; save the model with real Spark"));
            }
            if !tree.has(&format!("{version}/answers.json")) {
                broken.push(format!("{version} has no answers.json; let that Spark transform the input"));
            }
        }
    }
    broken
}

fn stages_without_a_case(tree: &Tree, cases: &BTreeSet<String>) -> Vec<String> {
    let mut broken = Vec::new();
    for (path, text) in tree.rust().filter(|(path, _)| path.starts_with(STAGES) && !is_test_file(path)) {
        let classes = text.split(CLASS).skip(1).filter_map(|rest| rest.split('"').next()?.rsplit('.').next());
        for class in classes {
            let has = |case: &String| case.split('_').next() == Some(class);
            if !cases.iter().any(has) {
                broken.push(format!(
                    "{path} reads `{class}`, but {FOLDER}/{class} is not there; add a golden case"
                ));
            }
        }
    }
    broken
}

/// The names of the folders in a folder.
fn folders(tree: &Tree, folder: &str) -> BTreeSet<String> {
    let rest =
        |path: &str| path.strip_prefix(folder)?.strip_prefix('/')?.split_once('/').map(|it| it.0.to_string());
    tree.files.iter().filter_map(|file| rest(&file.path)).collect()
}

fn is_version(name: &str) -> bool {
    name.split('.').count() == 3 && name.split('.').all(|part| part.parse::<u32>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMPLETE: [(&str, &str); 4] = [
        ("golden/spark/IDFModel/case.json", ""),
        ("golden/spark/IDFModel/input.json", ""),
        ("golden/spark/IDFModel/3.5.9/answers.json", ""),
        ("golden/spark/IDFModel/3.5.9/model/metadata/part-00000", ""),
    ];

    #[test]
    fn a_complete_case_is_fine() {
        assert_eq!(check(&Tree::of(&COMPLETE)), Vec::<String>::new());
    }

    #[test]
    fn each_missing_part_is_named() {
        let without = |place: usize| {
            let files: Vec<_> = (0..4).filter(|it| *it != place).map(|it| COMPLETE[it]).collect();
            check(&Tree::of(&files)).join("\n")
        };
        assert!(without(0).contains("golden/spark/IDFModel has no case.json"));
        assert!(without(2).contains("golden/spark/IDFModel/3.5.9 has no answers.json"));
        assert!(without(3).contains("golden/spark/IDFModel/3.5.9 has no model/"));
        assert!(check(&Tree::of(&COMPLETE[..2])).join("\n").contains("no folder of a Spark version"));
    }

    #[test]
    fn a_stage_needs_a_case() {
        let stage = |class| {
            format!(
                "pub(crate) const STAGE: X = X {{ class: \"org.apache.spark.ml.feature.{class}\", load }};"
            )
        };
        let check = |class| {
            let text = stage(class);
            check(&Tree::of(&[&COMPLETE[..], &[("crates/spark/src/feature/x.rs", text.as_str())]].concat()))
        };
        assert_eq!(check("IDFModel"), Vec::<String>::new());
        assert!(check("PCAModel")[0].contains("reads `PCAModel`, but golden/spark/PCAModel is not there"));
    }

    #[test]
    fn shared_folders_are_no_cases() {
        let tree = Tree::of(&[&COMPLETE[..], &[("golden/spark/inputs/rows.parquet", "")]].concat());
        assert_eq!(check(&tree), Vec::<String>::new());
    }

    #[test]
    fn no_case_at_all_is_refused() {
        assert!(check(&Tree::default())[0].contains("golden/spark has no case"));
    }
}
