//! `cargo xtask docs`: writes `docs/stages/`, a page for each Spark class that is read, from the code and golden data.
//!
//! A page's text is the `//!` doc of the stage's file; its facts come from the `STAGE` const, from the versions that
//! have golden saves, and from the list of what is not equal to the last bit in `docs/exactness.md`. A rule of `tidy`
//! compares the pages with what this would write.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;

use crate::machine::Machine;
use crate::run::say;
use crate::tidy::rust_files::is_test_file;
use crate::tidy::tree::Tree;
use crate::{Outcome, no_more};

/// Where the pages are.
pub(crate) const FOLDER: &str = "docs/stages";

const STAGES: &str = "crates/spark/src/";
const GOLDEN: &str = "golden/spark/";
const EXACTNESS: &str = "docs/exactness.md";

/// How a stage names its class, and the first Spark that had it.
const CLASS: &str = "class: \"";
const SINCE: &str = "since: \"";
const PACKAGE: &str = "org.apache.spark.ml.";

/// A Spark class that is read.
struct Stage<'a> {
    class: &'a str,
    since: &'a str,
    /// The file that reads it.
    path: &'a str,
    /// The file's text.
    text: &'a str,
}

impl Stage<'_> {
    /// The class without its package.
    fn name(&self) -> &str {
        self.class.rsplit('.').next().unwrap_or(self.class)
    }

    /// The package below `org.apache.spark.ml`.
    fn package(&self) -> &str {
        let inner = self.class.strip_prefix(PACKAGE).unwrap_or(self.class);
        inner.rsplit_once('.').map_or("", |(package, _)| package)
    }

    /// The file's `//!` doc as Markdown; links into the code become plain names.
    fn doc(&self) -> String {
        let lines = self.text.lines().map_while(|line| line.strip_prefix("//!"));
        let lines: Vec<&str> = lines.map(|line| line.strip_prefix(' ').unwrap_or(line)).collect();
        lines.join("\n").replace("[`", "`").replace("`]", "`")
    }
}

/// Writes the pages, and removes those of stages that are gone.
pub(crate) fn run(machine: &Machine, arguments: &[String]) -> Outcome {
    no_more(arguments)?;
    let tree = Tree::read(machine)?;
    let pages = pages(&tree);
    let failed = |path: &str, cause: std::io::Error| format!("`{path}` cannot be written: {cause}");
    fs::create_dir_all(machine.root.join(FOLDER)).map_err(|cause| failed(FOLDER, cause))?;
    for (path, text) in &pages {
        fs::write(machine.root.join(path), text).map_err(|cause| failed(path, cause))?;
    }
    for path in stray(&tree, &pages) {
        fs::remove_file(machine.root.join(path)).map_err(|cause| failed(path, cause))?;
    }
    say(format_args!("{} pages in {FOLDER}", pages.len()));
    Ok(())
}

/// The pages that are not as they would be written, each with what to do.
pub(crate) fn check(tree: &Tree) -> Vec<String> {
    let pages = pages(tree);
    let stale = pages.iter().filter(|(path, text)| tree.text(path) != Some(text.as_str()));
    let stray = stray(tree, &pages).into_iter();
    let named = stale.map(|(path, _)| path.as_str()).chain(stray);
    named.map(|path| format!("{path} is not what the code says; run `cargo xtask docs`")).collect()
}

/// Files in the folder that are no pages.
fn stray<'t>(tree: &'t Tree, pages: &BTreeMap<String, String>) -> Vec<&'t str> {
    let inside = |path: &str| path.strip_prefix(FOLDER).is_some_and(|rest| rest.starts_with('/'));
    tree.files
        .iter()
        .map(|file| file.path.as_str())
        .filter(|path| inside(path) && !pages.contains_key(*path))
        .collect()
}

/// Every page by its path.
fn pages(tree: &Tree) -> BTreeMap<String, String> {
    let stages = stages(tree);
    if stages.is_empty() {
        return BTreeMap::new();
    }
    let exactness = Exactness::read(tree.text(EXACTNESS).unwrap_or_default());
    let mut pages = BTreeMap::from([(format!("{FOLDER}/README.md"), table(tree, &stages, &exactness))]);
    // Backwards: where PySpark has a class of the same name, the page is that of Spark's own.
    let backwards = stages.iter().rev();
    pages.extend(
        backwards.map(|stage| (format!("{FOLDER}/{}.md", stage.name()), page(tree, stage, &exactness))),
    );
    pages
}

/// The stages, by package and name.
fn stages(tree: &Tree) -> Vec<Stage<'_>> {
    let mut stages = Vec::new();
    for (path, text) in tree.rust().filter(|(path, _)| path.starts_with(STAGES) && !is_test_file(path)) {
        for chunk in text.split("StageSpec {").skip(1) {
            let chunk = chunk.split_once('}').map_or(chunk, |(inside, _)| inside);
            if let Some(class) = quoted(chunk, CLASS) {
                stages.push(Stage { class, since: quoted(chunk, SINCE).unwrap_or_default(), path, text });
            }
        }
    }
    stages.sort_by(|one, other| one.class.cmp(other.class));
    stages
}

/// The string that follows `opening`.
fn quoted<'a>(text: &'a str, opening: &str) -> Option<&'a str> {
    text.split_once(opening)?.1.split('"').next()
}

/// What the page about exactness says of classes.
struct Exactness<'a> {
    /// Those in the table of what is not equal to the last bit.
    close: BTreeSet<&'a str>,
    /// Those that open an item of what cannot equal Spark.
    unlike: BTreeSet<&'a str>,
}

impl<'a> Exactness<'a> {
    fn read(text: &'a str) -> Exactness<'a> {
        let part = |title: &str| text.split("\n## ").find(|part| part.starts_with(title)).unwrap_or_default();
        let rows = part("Within").lines().filter_map(|line| line.strip_prefix("| ")?.split('|').next());
        let items =
            part("What cannot equal").lines().filter_map(|line| line.strip_prefix("- `")?.split('`').next());
        Exactness {
            close: rows.flat_map(|cell| cell.split('`').skip(1).step_by(2)).collect(),
            unlike: items.collect(),
        }
    }
}

/// The versions of which there are saves of a class.
fn saves(tree: &Tree, name: &str) -> String {
    let mut versions = BTreeSet::new();
    for file in &tree.files {
        let mut parts = file.path.strip_prefix(GOLDEN).unwrap_or_default().split('/');
        if let (Some(case), Some(version), Some("answers.json")) = (parts.next(), parts.next(), parts.next())
            && case.split('_').next() == Some(name)
        {
            versions.insert(version);
        }
    }
    versions.into_iter().collect::<Vec<_>>().join(", ")
}

fn answers(exactness: &Exactness<'_>, name: &str) -> &'static str {
    match name {
        _ if exactness.unlike.contains(name) => "not Spark's own, which differ too",
        _ if exactness.close.contains(name) => "within 1e-13",
        _ => "to the last bit",
    }
}

const GENERATED: &str = "<!-- Written by `cargo xtask docs` from the code; change that and run it again. -->";

fn table(tree: &Tree, stages: &[Stage<'_>], exactness: &Exactness<'_>) -> String {
    let mut text = format!(
        "# Supported stages\n\n{GENERATED}\n\n\
         Each class of Spark ML that is read, alone or anywhere in a `PipelineModel`. *Saves tested* are the versions of Spark\n\
         whose saves and answers are golden data; saves of the versions between them are read alike. How exact the\n\
         answers are and why is told in [exactness.md](../exactness.md).\n\n\
         | stage | package | in Spark since | saves tested | answers |\n|---|---|---|---|---|\n"
    );
    for stage in stages {
        let name = stage.name();
        let _ = writeln!(
            text,
            "| [{name}]({name}.md) | {} | {} | {} | {} |",
            stage.package(),
            stage.since,
            saves(tree, name),
            answers(exactness, name)
        );
    }
    text
}

fn page(tree: &Tree, stage: &Stage<'_>, exactness: &Exactness<'_>) -> String {
    let (name, path) = (stage.name(), stage.path);
    format!(
        "# {name}\n\n{GENERATED}\n\n{}\n\n| | |\n|---|---|\n| class | `{}` |\n| in Spark since | {} |\n\
         | saves tested | {} |\n| answers | {} |\n| read by | [{path}](../../{path}) |\n",
        stage.doc(),
        stage.class,
        stage.since,
        saves(tree, name),
        answers(exactness, name)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const STAGE: &str = "//! `IDFModel`: weighs.\n//!\n//! See [`Saved`].\n\nuse x;\n\npub(crate) const STAGE: StageSpec =\n    \
        StageSpec { class: \"org.apache.spark.ml.feature.IDFModel\", since: \"1.4.0\", load: x };\n";

    fn tree(more: &[(&str, &str)]) -> Tree {
        let files = [
            ("crates/spark/src/feature/idf.rs", STAGE),
            ("golden/spark/IDFModel/3.5.9/answers.json", ""),
            ("golden/spark/IDFModel_min2/4.3.0/answers.json", ""),
            ("golden/spark/IDFModelling/2.4.8/answers.json", ""),
            (
                "docs/exactness.md",
                "# X\n\n## Within 1e-13\n\n| `GBT`, `LDA` | why |\n\n## Else\n\n| `IDFModel` | x |\n",
            ),
        ];
        Tree::of(&[&files[..], more].concat())
    }

    #[test]
    fn a_page_has_the_doc_and_the_facts() {
        let pages = pages(&tree(&[]));
        let page = &pages["docs/stages/IDFModel.md"];
        for part in [
            "# IDFModel\n",
            "`IDFModel`: weighs.\n\nSee `Saved`.",
            "since | 1.4.0",
            "3.5.9, 4.3.0",
            "last bit",
        ] {
            assert!(page.contains(part), "{part} is not in\n{page}");
        }
        assert!(!page.contains("2.4.8") && !page.contains("use x"), "{page}");
        let table = &pages["docs/stages/README.md"];
        assert!(
            table.contains("| [IDFModel](IDFModel.md) | feature | 1.4.0 | 3.5.9, 4.3.0 | to the last bit |"),
            "{table}"
        );
    }

    #[test]
    fn stale_and_stray_pages_are_named() {
        assert_eq!(check(&tree(&[])).len(), 2, "neither page is there");
        let pages = pages(&tree(&[]));
        let written: Vec<(&str, &str)> =
            pages.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
        assert_eq!(check(&tree(&written)), Vec::<String>::new());
        let stray = check(&tree(&[&written[..], &[("docs/stages/PCA.md", "")]].concat()));
        assert!(stray.len() == 1 && stray[0].contains("docs/stages/PCA.md"), "{stray:?}");
    }

    #[test]
    fn exactness_is_read_from_its_own_parts() {
        let text = "# T\n\n## Within 1e-13\n\n| stage | x |\n| `A`, `B` | `c` |\n\n## What cannot equal Spark\n\n\
            - `C` starts from a `seed`.\n\n## Else\n\n| `D` | x |\n- `E`\n";
        let exactness = Exactness::read(text);
        assert_eq!(exactness.close, BTreeSet::from(["A", "B"]));
        assert_eq!(exactness.unlike, BTreeSet::from(["C"]));
    }
}
