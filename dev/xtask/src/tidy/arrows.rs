//! Which crate may stand on which. An arrow may skip layers downward, never go sideways or up.

use super::tree::Tree;

/// A crate's short name and what it may depend on. Rows without a crate yet are for crates to come.
const ARROWS: &[(&str, &[&str])] = &[
    ("plan", &[]),
    ("bundle", &[]),
    ("stats", &[]),
    ("registry", &[]),
    ("tables", &["plan"]),
    ("spark", &["plan", "bundle"]),
    ("pyfunc", &["plan", "bundle"]),
    ("formats", &["spark", "pyfunc", "bundle", "plan"]),
    ("deploy", &["registry", "stats", "formats", "bundle", "plan"]),
    ("batch", &["formats", "tables", "bundle", "plan"]),
    ("export", &["formats", "bundle", "plan"]),
    ("python", &["formats", "tables", "bundle", "plan"]),
    ("stream", &["deploy", "formats", "tables", "plan"]),
    ("server", &["deploy", "registry", "formats", "tables", "plan"]),
    (
        "cli",
        &[
            "server", "stream", "batch", "export", "deploy", "registry", "stats", "formats", "pyfunc",
            "spark", "tables", "bundle", "plan",
        ],
    ),
    (
        "testkit",
        &[
            "server", "stream", "batch", "export", "deploy", "registry", "stats", "formats", "pyfunc",
            "spark", "tables", "bundle", "plan",
        ],
    ),
    ("xtask", &[]),
];

const PREFIX: &str = "firesteel-";

pub(super) fn check(tree: &Tree) -> Vec<String> {
    let mut broken = Vec::new();
    for package in &tree.packages {
        let name = package.name.strip_prefix(PREFIX).unwrap_or(&package.name);
        if package.folder.rsplit('/').next() != Some(name) {
            broken.push(format!(
                "package `{}` lies in `{}`; name the folder `{name}`",
                package.name, package.folder
            ));
        }
        let Some((_, allowed)) = ARROWS.iter().find(|(crate_name, _)| *crate_name == name) else {
            broken.push(format!(
                "crate `{name}` has no row in ARROWS; decide what it may stand on and add one"
            ));
            continue;
        };
        let ours = package.dependencies.iter().filter(|it| !it.dev);
        for to in ours.filter_map(|it| it.name.strip_prefix(PREFIX)).filter(|to| !allowed.contains(to)) {
            let may = if allowed.is_empty() { "no crate of ours".into() } else { allowed.join(", ") };
            broken.push(format!(
                "`{name}` must not depend on `{to}`: it may stand on {may}; move the code down, or pass a value in"
            ));
        }
    }
    broken
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arrow_upward_is_refused() {
        let tree = Tree::default().with_package("firesteel-plan", "crates/plan", &["firesteel-spark"]);
        let broken = check(&tree);
        assert_eq!(broken.len(), 1);
        assert!(
            broken[0].starts_with("`plan` must not depend on `spark`: it may stand on no crate"),
            "{broken:?}"
        );
    }

    #[test]
    fn tests_may_use_any_crate() {
        let tree =
            Tree::default().with_package("firesteel-plan", "crates/plan", &["firesteel-testkit?", "serde"]);
        assert_eq!(check(&tree), Vec::<String>::new());
    }

    #[test]
    fn a_crate_without_a_row_is_refused() {
        let tree = Tree::default().with_package("firesteel-core", "crates/kernel", &[]);
        let broken = check(&tree);
        assert!(broken[0].contains("name the folder `core`"), "{broken:?}");
        assert!(broken[1].contains("`core` has no row in ARROWS"), "{broken:?}");
    }

    #[test]
    fn rows_only_point_at_rows_above_them() {
        for (place, (name, allowed)) in ARROWS.iter().enumerate() {
            let above = &ARROWS[..place];
            assert!(allowed.iter().all(|to| above.iter().any(|(row, _)| row == to)), "{name}");
        }
    }
}
