//! What is on this machine: the checkout, Java, a browser, the Python environments.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Outcome;
use crate::run::{output, succeeds};

/// The Java that both PySpark 3.5 and PySpark 4 run on; the first found of these is taken.
const JAVA_VERSIONS: [u32; 2] = [17, 21];

const BROWSERS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// The checkout and the parts of the environment that commands read.
pub(crate) struct Machine {
    pub(crate) root: PathBuf,
    path: OsString,
    java_home: Option<OsString>,
}

/// A virtual environment and the requirement file it is made from.
pub(crate) struct PythonEnvironment {
    pub(crate) name: String,
    pub(crate) requirements: PathBuf,
    pub(crate) folder: PathBuf,
}

impl Machine {
    pub(crate) fn find() -> Outcome<Self> {
        let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let root = here.canonicalize().map_err(|cause| {
            format!("the checkout this was built from, `{}`, is gone: {cause}", here.display())
        })?;
        Ok(Self {
            root,
            path: std::env::var_os("PATH").unwrap_or_default(),
            java_home: std::env::var_os("JAVA_HOME"),
        })
    }

    /// `cargo` in the checkout.
    pub(crate) fn cargo(&self) -> Command {
        self.command("cargo")
    }

    /// Any program, run in the checkout.
    pub(crate) fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.root);
        command
    }

    /// Where a program lies, when it is installed.
    pub(crate) fn which(&self, program: &str) -> Option<PathBuf> {
        std::env::split_paths(&self.path).map(|folder| folder.join(program)).find(|file| file.is_file())
    }

    pub(crate) fn browser(&self) -> Option<PathBuf> {
        BROWSERS.iter().find_map(|name| self.which(name))
    }

    /// The home of a Java that PySpark can run on.
    pub(crate) fn java(&self) -> Option<PathBuf> {
        let mut homes: Vec<PathBuf> = self.java_home.iter().map(PathBuf::from).collect();
        if let Some(java) = self.which("java").and_then(|java| java.canonicalize().ok()) {
            homes.extend(java.ancestors().nth(2).map(Path::to_path_buf));
        }
        if let Ok(installed) = std::fs::read_dir("/usr/lib/jvm") {
            homes.extend(installed.flatten().map(|entry| entry.path()));
        }
        let versions: Vec<(PathBuf, u32)> =
            homes.into_iter().filter_map(|home| java_version(&home).map(|version| (home, version))).collect();
        let with = |wanted: &u32| versions.iter().find(|(_, version)| version == wanted);
        JAVA_VERSIONS.iter().find_map(with).map(|(home, _)| home.clone())
    }

    /// One environment for each `dev/python/requirements-NAME.txt`.
    pub(crate) fn python_environments(&self) -> Outcome<Vec<PythonEnvironment>> {
        let folder = self.root.join("dev/python");
        let files = std::fs::read_dir(&folder)
            .map_err(|cause| format!("`{}` cannot be read: {cause}", folder.display()))?;
        let mut found: Vec<PythonEnvironment> = files
            .flatten()
            .filter_map(|entry| {
                let file = entry.file_name().into_string().ok()?;
                let name = file.strip_prefix("requirements-")?.strip_suffix(".txt")?.to_string();
                let folder = self.root.join(".venv").join(&name);
                Some(PythonEnvironment { name, requirements: entry.path(), folder })
            })
            .collect();
        found.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(found)
    }

    /// The variables by which tests find what was set up; what is not there is left out.
    pub(crate) fn test_variables(&self) -> Vec<(String, PathBuf)> {
        let mut variables = Vec::new();
        for environment in self.python_environments().unwrap_or_default() {
            variables.push((environment.variable(), environment.python()));
        }
        variables.extend(self.browser().map(|file| ("FIRESTEEL_CHROMIUM".to_string(), file)));
        variables.extend(self.java().map(|home| ("JAVA_HOME".to_string(), home)));
        variables.push(("FIRESTEEL_BINARY".to_string(), self.root.join("target/debug/firesteel")));
        variables.retain(|(_, path)| path.exists());
        variables
    }
}

impl PythonEnvironment {
    pub(crate) fn python(&self) -> PathBuf {
        self.folder.join("bin/python")
    }

    /// `FIRESTEEL_PYTHON_SPARK3` for `requirements-spark3.txt`.
    pub(crate) fn variable(&self) -> String {
        format!("FIRESTEEL_PYTHON_{}", self.name.to_uppercase().replace('-', "_"))
    }

    pub(crate) fn works(&self) -> bool {
        succeeds(Command::new(self.python()).args(["-m", "pip", "--version"]))
    }
}

fn java_version(home: &Path) -> Option<u32> {
    let release = std::fs::read_to_string(home.join("release")).ok();
    match release {
        Some(text) => parse_java_release(&text),
        None => output(Command::new(home.join("bin/java")).arg("--version"))
            .ok()
            .and_then(|text| leading_number(text.split_whitespace().nth(1)?)),
    }
}

/// Reads the `JAVA_VERSION` line of a Java home's `release` file.
fn parse_java_release(text: &str) -> Option<u32> {
    let line = text.lines().find_map(|line| line.strip_prefix("JAVA_VERSION="))?;
    leading_number(line.trim_matches('"'))
}

fn leading_number(text: &str) -> Option<u32> {
    text.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_java_version_is_the_first_number() {
        let release = "IMPLEMENTOR=\"Debian\"\nJAVA_VERSION=\"17.0.12\"\n";
        assert_eq!(parse_java_release(release), Some(17));
        assert_eq!(parse_java_release("JAVA_VERSION=\"1.8.0_402\"\n"), Some(1));
        assert_eq!(parse_java_release("IMPLEMENTOR=\"Debian\"\n"), None);
    }

    #[test]
    fn an_environment_is_found_through_its_variable() {
        let environment = PythonEnvironment {
            name: "spark3".into(),
            requirements: PathBuf::new(),
            folder: PathBuf::from("/v"),
        };
        assert_eq!(environment.variable(), "FIRESTEEL_PYTHON_SPARK3");
        assert_eq!(environment.python(), Path::new("/v/bin/python"));
    }

    #[test]
    fn programs_are_found_on_the_path() {
        let machine = Machine::find().unwrap();
        assert!(machine.which("cargo").is_some());
        assert_eq!(machine.which("no-such-program-here"), None);
    }
}
