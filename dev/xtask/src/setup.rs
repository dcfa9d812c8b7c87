//! `cargo xtask setup`: installs what the checks need and this machine lacks.
//!
//! System packages come from `apt-get`, Rust components from `rustup`, Python packages from PyPI into `.venv`.
//! A second run finds everything in place and does nothing.

use std::path::Path;
use std::process::Command;

use crate::machine::{Machine, PythonEnvironment};
use crate::run::{output, say, shown, succeeds};
use crate::{Outcome, no_more};

/// The copy of the requirement file that an environment was made from, kept inside it.
const STAMP: &str = "firesteel-requirements.txt";

/// A system package, the reason for it, and how to see that it is not needed.
struct Need {
    reason: &'static str,
    /// Debian packages, any of which will do, best first.
    packages: &'static [&'static str],
    met: fn(&Machine) -> bool,
}

const NEEDS: &[Need] = &[
    Need {
        reason: "virtual environments for Python",
        packages: &["python3-venv"],
        met: |machine| succeeds(machine.command("python3").args(["-c", "import ensurepip, venv"])),
    },
    Need {
        reason: "Java 17 or 21 for PySpark",
        packages: &["openjdk-17-jre-headless", "openjdk-21-jre-headless"],
        met: |machine| machine.java().is_some(),
    },
    Need {
        reason: "a browser for the test of the docs page",
        packages: &["chromium"],
        met: |machine| machine.browser().is_some(),
    },
    Need {
        reason: "a C and C++ compiler for zstd and libFuzzer",
        packages: &["build-essential"],
        met: |machine| machine.which("cc").is_some() && machine.which("c++").is_some(),
    },
    Need {
        reason: "wrk, to load servers in benchmarks",
        packages: &["wrk"],
        met: |machine| machine.which("wrk").is_some(),
    },
    Need {
        reason: "git, to list the files of the tree",
        packages: &["git"],
        met: |machine| machine.which("git").is_some(),
    },
];

pub(crate) fn run(machine: &Machine, arguments: &[String]) -> Outcome {
    no_more(arguments)?;
    system_packages(machine)?;
    rust_components(machine)?;
    for environment in machine.python_environments()? {
        python_environment(machine, &environment)?;
    }
    Ok(())
}

fn system_packages(machine: &Machine) -> Outcome {
    let missing: Vec<&Need> = NEEDS.iter().filter(|need| !(need.met)(machine)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let first: Vec<&str> = missing.iter().filter_map(|need| need.packages.first().copied()).collect();
    let by_hand = format!("install these yourself, then run this again: {}", first.join(" "));
    for need in &missing {
        say(format_args!("missing: {}", need.reason));
    }
    let Some(prefix) = apt_prefix(machine) else {
        return Err(format!("`apt-get` is not here or not permitted; {by_hand}"));
    };
    shown(&mut apt(machine, prefix, &["update", "-qq"])).map_err(|cause| format!("{cause}; {by_hand}"))?;
    let packages: Vec<&str> = missing.iter().map(|need| choose(machine, need.packages)).collect();
    let mut install = apt(machine, prefix, &["install", "-y", "-qq", "--no-install-recommends"]);
    shown(install.args(packages)).map_err(|cause| format!("{cause}; {by_hand}"))?;
    match missing.iter().find(|need| !(need.met)(machine)) {
        None => Ok(()),
        Some(need) => Err(format!("{} is still not found after the installation", need.reason)),
    }
}

/// The words before `apt-get`: none for root, `sudo -n` where that needs no password.
fn apt_prefix(machine: &Machine) -> Option<&'static [&'static str]> {
    machine.which("apt-get")?;
    let root = output(machine.command("id").arg("-u")).is_ok_and(|id| id.trim() == "0");
    if root {
        return Some(&[]);
    }
    let sudo = succeeds(machine.command("sudo").args(["-n", "true"]));
    sudo.then_some(&["sudo", "-n"])
}

fn apt(machine: &Machine, prefix: &[&str], arguments: &[&str]) -> Command {
    let words = [prefix, &["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"], arguments].concat();
    let mut command = machine.command(words[0]);
    command.args(&words[1..]);
    command
}

/// The first package that this release of Debian has; the first of all when none is known.
fn choose(machine: &Machine, packages: &[&'static str]) -> &'static str {
    let known = |name: &&&str| {
        let policy = output(machine.command("apt-cache").args(["policy", name])).unwrap_or_default();
        policy.contains("Candidate:") && !policy.contains("Candidate: (none)")
    };
    packages.iter().find(known).or(packages.first()).copied().unwrap_or_default()
}

fn rust_components(machine: &Machine) -> Outcome {
    let here = |name: &str| succeeds(machine.cargo().args([name, "--version"]));
    if here("fmt") && here("clippy") {
        return Ok(());
    }
    shown(machine.command("rustup").args(["component", "add", "rustfmt", "clippy"]))
        .map_err(|cause| format!("{cause}; install rustfmt and clippy the way this Rust was installed"))
}

/// Makes an environment, or makes it anew where its list has changed.
pub(crate) fn python_environment(machine: &Machine, environment: &PythonEnvironment) -> Outcome {
    let PythonEnvironment { name, requirements, folder } = environment;
    let wanted = std::fs::read_to_string(requirements)
        .map_err(|cause| format!("`{}` cannot be read: {cause}", requirements.display()))?;
    let stamp = folder.join(STAMP);
    let made_from = std::fs::read_to_string(&stamp).ok();
    let works = environment.works();
    if works && made_from.as_deref() == Some(wanted.as_str()) {
        return Ok(());
    }
    say(format_args!("making the Python environment `.venv/{name}` (large downloads)"));
    if !works || made_from.is_some() {
        remove(folder)?;
        shown(machine.command("python3").args(["-m", "venv"]).arg(folder))?;
    }
    let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"];
    shown(machine.command(environment.python()).args(pip).arg(requirements))?;
    std::fs::write(&stamp, wanted)
        .map_err(|cause| format!("`{}` cannot be written: {cause}", stamp.display()))
}

fn remove(folder: &Path) -> Outcome {
    match std::fs::remove_dir_all(folder) {
        Err(cause) if folder.exists() => {
            Err(format!("`{}` cannot be removed: {cause}; remove it by hand", folder.display()))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn apt_runs_through_sudo_only_when_told() {
        let machine = Machine::find().unwrap();
        let direct = apt(&machine, &[], &["update"]);
        assert_eq!(crate::run::line(&direct), "env DEBIAN_FRONTEND=noninteractive apt-get update");
        let asked = apt(&machine, &["sudo", "-n"], &["update"]);
        assert!(crate::run::line(&asked).starts_with("sudo -n env "));
    }

    #[test]
    fn every_need_names_a_package() {
        assert!(NEEDS.iter().all(|need| !need.packages.is_empty() && !need.reason.is_empty()));
    }
}
