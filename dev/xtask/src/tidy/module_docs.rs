//! Files that a newcomer reads first open with a `//!` doc.

use super::rust_files::is_test_file;
use super::tree::Tree;

/// Folders of which every file opens with a doc, because each file is one thing with a name.
const FOLDERS: [&str; 9] = [
    "crates/spark/src/feature",
    "crates/spark/src/classification",
    "crates/spark/src/regression",
    "crates/spark/src/clustering",
    "crates/formats/src",
    "crates/server/src/api",
    "crates/server/src/grpc",
    "crates/server/src/pages",
    "crates/cli/src/commands",
];

pub(super) fn check(tree: &Tree) -> Vec<String> {
    let roots: Vec<&str> =
        tree.packages.iter().flat_map(|package| &package.roots).map(String::as_str).collect();
    let wants_doc = |path: &str| {
        let in_folder = FOLDERS.iter().any(|folder| path.starts_with(&format!("{folder}/")));
        roots.contains(&path) || (in_folder && !is_test_file(path))
    };
    let undocumented = tree.rust().filter(|(path, text)| wants_doc(path) && !text.starts_with("//! "));
    undocumented.map(|(path, _)| format!("{path} must open with a `//!` doc that says what it is")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roots_and_named_things_open_with_a_doc() {
        let tree = Tree::of(&[
            ("crates/x/src/lib.rs", "mod y;\n"),
            ("crates/x/src/y.rs", "fn y() {}\n"),
            ("crates/spark/src/feature/idf.rs", "use a::b;\n"),
            ("crates/spark/src/feature/idf/tests.rs", "use a::b;\n"),
            ("crates/formats/src/spark.rs", "//! Spark's own format.\n"),
        ])
        .with_package("firesteel-x", "crates/x", &[]);
        let broken = check(&tree);
        assert_eq!(broken.len(), 2, "{broken:?}");
        assert!(broken[0].starts_with("crates/x/src/lib.rs must open"));
        assert!(broken[1].starts_with("crates/spark/src/feature/idf.rs must open"));
    }
}
