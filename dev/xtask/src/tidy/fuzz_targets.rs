//! Every fuzz target is built and has seeds.

use super::tree::Tree;

pub(super) fn check(tree: &Tree) -> Vec<String> {
    let manifest = tree.text("fuzz/Cargo.toml").unwrap_or_default();
    let target = |path: &str| Some(path.strip_prefix("fuzz/fuzz_targets/")?.strip_suffix(".rs")?.to_string());
    let mut broken = Vec::new();
    for name in tree.files.iter().filter_map(|file| target(&file.path)) {
        if !manifest.contains(&format!("path = \"fuzz_targets/{name}.rs\"")) {
            broken.push(format!("fuzz/fuzz_targets/{name}.rs has no [[bin]] in fuzz/Cargo.toml; add one"));
        }
        if !tree.has_folder(&format!("fuzz/corpus/{name}")) {
            broken.push(format!("fuzz/corpus/{name} is empty; add a small good input to start from"));
        }
    }
    broken
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_needs_a_binary_and_a_seed() {
        let manifest = "[[bin]]\nname = \"a\"\npath = \"fuzz_targets/a.rs\"\n";
        let tree = Tree::of(&[
            ("fuzz/Cargo.toml", manifest),
            ("fuzz/corpus/a/seed", ""),
            ("fuzz/fuzz_targets/a.rs", ""),
            ("fuzz/fuzz_targets/b.rs", ""),
        ]);
        let broken = check(&tree);
        assert_eq!(broken.len(), 2, "{broken:?}");
        assert!(broken[0].contains("b.rs has no [[bin]]") && broken[1].contains("fuzz/corpus/b is empty"));
    }
}
