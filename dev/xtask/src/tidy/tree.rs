//! The tree as the rules see it: files that git knows or would add, and the packages of the workspace.

use std::path::Path;

use serde_json::Value;

use crate::Outcome;
use crate::machine::Machine;
use crate::run::output;

/// Files above this size are not read; a rule of its own says where they may be.
pub(crate) const LARGE_BYTES: u64 = 2 * 1024 * 1024;

/// Folders of data, where the rules about text do not hold.
const DATA: [&str; 3] = ["golden/", "examples/", "fuzz/corpus/"];

#[derive(Default)]
pub(crate) struct Tree {
    pub(crate) files: Vec<File>,
    pub(crate) packages: Vec<Package>,
}

/// A file, by its path from the root with `/` between the parts.
#[derive(Default)]
pub(crate) struct File {
    pub(crate) path: String,
    pub(crate) bytes: u64,
    /// The content, unless it is large, is not UTF-8 or lies in a folder of data.
    pub(crate) text: Option<String>,
}

#[derive(Default)]
pub(crate) struct Package {
    pub(crate) name: String,
    /// The folder from the root, such as `crates/plan`.
    pub(crate) folder: String,
    pub(crate) dependencies: Vec<Dependency>,
    /// The files that rustc is started with: the library and the binaries.
    pub(crate) roots: Vec<String>,
}

pub(crate) struct Dependency {
    pub(crate) name: String,
    pub(crate) dev: bool,
}

impl Tree {
    pub(crate) fn read(machine: &Machine) -> Outcome<Self> {
        Ok(Self { files: files(machine)?, packages: packages(machine)? })
    }

    pub(crate) fn has(&self, path: &str) -> bool {
        self.files.iter().any(|file| file.path == path)
    }

    /// The text of a file, when it is there.
    pub(crate) fn text(&self, path: &str) -> Option<&str> {
        self.files.iter().find(|file| file.path == path)?.text.as_deref()
    }

    /// Whether anything lies in a folder.
    pub(crate) fn has_folder(&self, folder: &str) -> bool {
        let inside = |path: &str| path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
        self.files.iter().any(|file| inside(&file.path))
    }

    /// Rust files with their text.
    pub(crate) fn rust(&self) -> impl Iterator<Item = (&str, &str)> {
        let rust = self.files.iter().filter(|file| file.path.ends_with(".rs"));
        rust.filter_map(|file| Some((file.path.as_str(), file.text.as_deref()?)))
    }
}

impl File {
    pub(crate) fn is_data(&self) -> bool {
        DATA.iter().any(|folder| self.path.starts_with(folder))
    }
}

fn files(machine: &Machine) -> Outcome<Vec<File>> {
    // The checkout may belong to another user, as in a container.
    let list = ["-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"];
    let names = output(machine.command("git").args(list))?;
    let mut paths: Vec<&str> = names.split('\0').filter(|path| !path.is_empty()).collect();
    paths.sort_unstable();
    paths.dedup();
    let mut files = Vec::with_capacity(paths.len());
    for path in paths {
        files.extend(file(&machine.root, path)?);
    }
    Ok(files)
}

/// Reads one file; a deleted one that git still lists, or a link to nowhere, is none.
fn file(root: &Path, path: &str) -> Outcome<Option<File>> {
    let full = root.join(path);
    let Ok(about) = std::fs::metadata(&full) else { return Ok(None) };
    let mut file = File { path: path.to_string(), bytes: about.len(), text: None };
    if about.is_file() && about.len() <= LARGE_BYTES && !file.is_data() {
        let bytes = std::fs::read(&full).map_err(|cause| format!("`{path}` cannot be read: {cause}"))?;
        file.text = String::from_utf8(bytes).ok();
    }
    Ok(Some(file))
}

fn packages(machine: &Machine) -> Outcome<Vec<Package>> {
    let text = output(machine.cargo().args(["metadata", "--format-version", "1", "--no-deps"]))?;
    let metadata: Value = serde_json::from_str(&text)
        .map_err(|cause| format!("`cargo metadata` did not answer in JSON: {cause}"))?;
    Ok(array(&metadata, "packages").iter().map(|package| self::package(&machine.root, package)).collect())
}

fn package(root: &Path, package: &Value) -> Package {
    let manifest = relative(root, string(package, "manifest_path"));
    let is_root = |target: &&Value| array(target, "kind").iter().any(|kind| *kind == "lib" || *kind == "bin");
    Package {
        name: string(package, "name").to_string(),
        folder: manifest.trim_end_matches("/Cargo.toml").to_string(),
        dependencies: array(package, "dependencies")
            .iter()
            .map(|it| Dependency { name: string(it, "name").to_string(), dev: string(it, "kind") == "dev" })
            .collect(),
        roots: array(package, "targets")
            .iter()
            .filter(is_root)
            .map(|target| relative(root, string(target, "src_path")))
            .collect(),
    }
}

fn relative(root: &Path, path: &str) -> String {
    let inside = Path::new(path).strip_prefix(root).unwrap_or(Path::new(path));
    inside.to_string_lossy().into_owned()
}

fn string<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}

fn array<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().map(Vec::as_slice).unwrap_or_default()
}

#[cfg(test)]
impl Tree {
    /// A made-up tree of files and their texts.
    pub(crate) fn of(files: &[(&str, &str)]) -> Self {
        let file = |(path, text): &(&str, &str)| File {
            path: (*path).to_string(),
            bytes: text.len() as u64,
            text: Some((*text).to_string()),
        };
        Self { files: files.iter().map(file).collect(), packages: Vec::new() }
    }

    /// A made-up package; a dependency that ends in `?` is one for development.
    pub(crate) fn with_package(mut self, name: &str, folder: &str, dependencies: &[&str]) -> Self {
        let dependency =
            |it: &&str| Dependency { name: it.trim_end_matches('?').to_string(), dev: it.ends_with('?') };
        self.packages.push(Package {
            name: name.to_string(),
            folder: folder.to_string(),
            dependencies: dependencies.iter().map(dependency).collect(),
            roots: vec![format!("{folder}/src/lib.rs")],
        });
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_tree_has_its_own_files_and_packages() {
        let tree = Tree::read(&Machine::find().unwrap()).unwrap();
        assert!(tree.text("dev/xtask/src/tidy/tree.rs").unwrap().contains("this_tree_has_its_own_files"));
        let plan = tree.packages.iter().find(|package| package.name == "firesteel-plan").unwrap();
        assert_eq!(plan.folder, "crates/plan");
        assert_eq!(plan.roots, ["crates/plan/src/lib.rs"]);
        assert!(plan.dependencies.iter().any(|it| it.name == "arrow-array" && !it.dev));
        assert!(!tree.has_folder("target"));
    }

    #[test]
    fn folders_are_whole_names() {
        let tree = Tree::of(&[("golden/spark/A/case.json", "{}")]);
        assert!(tree.has_folder("golden/spark") && !tree.has_folder("golden/sp"));
    }
}
