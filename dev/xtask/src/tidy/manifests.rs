//! Members inherit: versions, lints and profiles are written once, in the root `Cargo.toml`.

use super::tree::Tree;

/// What `[package]` takes from the workspace.
const INHERITED: [&str; 6] = ["version", "edition", "rust-version", "license", "repository", "publish"];

pub(super) fn check(tree: &Tree) -> Vec<String> {
    let mut broken = Vec::new();
    for package in &tree.packages {
        let path = format!("{}/Cargo.toml", package.folder);
        match tree.text(&path) {
            None => broken.push(format!("{path} is not in the tree; add it to git")),
            Some(text) => {
                broken.extend(
                    manifest(text).into_iter().map(|(line, advice)| format!("{path}:{line}: {advice}")),
                );
            }
        }
    }
    broken
}

/// Places in a manifest that do not inherit, by line. Reads as much of TOML as our manifests use.
fn manifest(text: &str) -> Vec<(usize, String)> {
    let mut broken = Vec::new();
    let mut section = "";
    let mut depth = 0;
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.split(" #").next().unwrap_or_default().trim();
        let inside_a_list = depth > 0;
        depth += line.matches(['[', '{']).count();
        depth -= line.matches([']', '}']).count().min(depth);
        if inside_a_list || line.is_empty() || line.starts_with('#') {
            continue;
        }
        if line.starts_with('[') {
            section = line.trim_matches(['[', ']']);
            broken.extend(unwanted_section(section).map(|advice| (number, advice)));
        } else if is_dependencies(section) && !line.replace(' ', "").contains("workspace=true") {
            let name = line.split(['=', '.']).next().unwrap_or_default().trim();
            broken.push((
                number,
                format!("write `{name}.workspace = true` and its version in the root Cargo.toml"),
            ));
        }
    }
    for key in INHERITED {
        if !text.contains(&format!("\n{key}.workspace = true\n")) {
            broken.push((1, format!("add `{key}.workspace = true` under [package]")));
        }
    }
    if !text.contains("\n[lints]\nworkspace = true\n") {
        broken.push((1, "add `[lints]` with `workspace = true`".into()));
    }
    broken
}

fn is_dependencies(section: &str) -> bool {
    section.ends_with("dependencies")
}

fn unwanted_section(section: &str) -> Option<String> {
    if section.starts_with("profile") || section.starts_with("lints.") {
        return Some(format!("move [{section}] to the root Cargo.toml; members only inherit"));
    }
    let (table, name) = section.rsplit_once('.')?;
    is_dependencies(table).then(|| format!("write `{name}` as one line under [{table}]"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "[package]\nname = \"firesteel-x\"\nversion.workspace = true\nedition.workspace = true\n\
        rust-version.workspace = true\nlicense.workspace = true\nrepository.workspace = true\n\
        publish.workspace = true\n\n[lints]\nworkspace = true\n\n[dependencies]\nserde.workspace = true\n\
        tokio = { workspace = true, features = [\n  \"fs\",\n] }\n\n[[bin]]\nname = \"x\"\n";

    fn advice(text: &str) -> String {
        manifest(text)
            .into_iter()
            .map(|(line, advice)| format!("{line}: {advice}"))
            .collect::<Vec<_>>()
            .join("\n")
    }

    #[test]
    fn a_manifest_that_inherits_is_fine() {
        assert_eq!(advice(GOOD), "");
    }

    #[test]
    fn a_version_of_its_own_is_refused() {
        let text = GOOD.replace("serde.workspace = true", "serde = \"1\"");
        assert_eq!(
            advice(&text),
            "14: write `serde.workspace = true` and its version in the root Cargo.toml"
        );
    }

    #[test]
    fn missing_lints_and_edition_are_refused() {
        let text = GOOD.replace("[lints]\nworkspace = true\n", "").replace("edition.workspace", "# edition");
        let advice = advice(&text);
        assert!(
            advice.contains("add `edition.workspace = true`") && advice.contains("add `[lints]`"),
            "{advice}"
        );
    }

    #[test]
    fn tables_and_profiles_of_their_own_are_refused() {
        let advice =
            advice(&format!("{GOOD}[profile.dev]\ndebug = 1\n[dev-dependencies.serde]\nversion = \"1\"\n"));
        assert!(advice.contains("move [profile.dev] to the root"), "{advice}");
        assert!(advice.contains("write `serde` as one line under [dev-dependencies]"), "{advice}");
    }

    #[test]
    fn a_manifest_that_is_not_there_is_said_so() {
        let tree = Tree::default().with_package("firesteel-x", "crates/x", &[]);
        assert_eq!(check(&tree), ["crates/x/Cargo.toml is not in the tree; add it to git"]);
    }
}
