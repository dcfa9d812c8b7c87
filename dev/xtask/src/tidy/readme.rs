//! What the documents name is there: commands, paths after them, and links between files.

use super::tree::Tree;

/// What comes before the name of one of the binary's commands.
const BINARY: [&str; 3] = ["cargo run --release -- ", "cargo run -- ", "firesteel "];
const XTASK: &str = "cargo xtask ";
const COMMANDS: &str = "crates/cli/src/commands";

pub(super) fn check(tree: &Tree) -> Vec<String> {
    let mut broken = Vec::new();
    let documents = tree.files.iter().filter(|file| file.path.ends_with(".md"));
    for (path, text) in documents.filter_map(|file| Some((file.path.as_str(), file.text.as_deref()?))) {
        for (place, line) in shell_lines(text) {
            broken.extend(shell(tree, line).map(|advice| format!("{path}:{place}: {advice}")));
        }
        for (place, line) in (1..).zip(text.lines()) {
            let dead = links(line).filter(|to| !leads_somewhere(tree, path, to));
            broken
                .extend(dead.map(|to| format!("{path}:{place}: the link to `{to}` leads nowhere; mend it")));
        }
    }
    broken.extend(test_command(tree));
    broken
}

/// The lines of fenced `sh` blocks, with their numbers.
fn shell_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut inside = false;
    (1..).zip(text.lines()).filter(move |(_, line)| match line.trim() {
        "```sh" => {
            inside = true;
            false
        }
        fence if fence.starts_with("```") => {
            inside = false;
            false
        }
        _ => inside,
    })
}

/// What is wrong with one command line of a document.
fn shell(tree: &Tree, line: &str) -> Option<String> {
    let line = line.trim().trim_start_matches("$ ");
    if let Some(rest) = line.strip_prefix(XTASK) {
        let name = rest.split_whitespace().next().unwrap_or_default();
        let known = crate::COMMANDS.iter().any(|command| command.name == name);
        return (!known && name != "help").then(|| format!("there is no `cargo xtask {name}`"));
    }
    let rest = BINARY.iter().find_map(|before| line.strip_prefix(before))?;
    let mut words = rest.split_whitespace();
    let name = words.next().filter(|name| !name.starts_with('-'))?;
    if !tree.has(&format!("{COMMANDS}/{name}.rs")) && !tree.has_folder(&format!("{COMMANDS}/{name}")) {
        return Some(format!("there is no command `{name}` in {COMMANDS}"));
    }
    let missing = words.find(|word| word.starts_with("examples/") && !exists(tree, word))?;
    Some(format!("`{missing}` is not in the tree"))
}

/// The targets of Markdown links to files, without their fragments.
fn links(line: &str) -> impl Iterator<Item = &str> {
    line.split("](").skip(1).filter_map(|rest| {
        let to = rest.split_once(')')?.0.split('#').next()?;
        (!to.is_empty() && !to.contains("://") && !to.starts_with("mailto:")).then_some(to)
    })
}

fn leads_somewhere(tree: &Tree, from: &str, to: &str) -> bool {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in to.trim_end_matches('/').split('/') {
        match part {
            "." => {}
            ".." if parts.pop().is_none() => return false,
            ".." => {}
            name => parts.push(name),
        }
    }
    exists(tree, &parts.join("/"))
}

fn exists(tree: &Tree, path: &str) -> bool {
    let path = path.trim_end_matches('/');
    tree.has(path) || tree.has_folder(path)
}

/// `.ci/run` and the README give the same command for all checks.
fn test_command(tree: &Tree) -> Option<String> {
    let command = "cargo xtask test";
    let says =
        |path: &str| tree.text(path).is_some_and(|text| text.lines().any(|line| line.trim() == command));
    let silent = ["README.md", ".ci/run"].into_iter().find(|path| !says(path))?;
    Some(format!("{silent} must have `{command}` as a line of its own; CI runs what the README says"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn broken(readme: &str) -> String {
        let readme = format!("{readme}\n```sh\ncargo xtask test\n```\n");
        check(&Tree::of(&[
            ("README.md", readme.as_str()),
            (".ci/run", "cargo xtask test\n"),
            ("crates/cli/src/commands/serve.rs", ""),
            ("examples/churn/model/metadata/part-00000", ""),
        ]))
        .join("\n")
    }

    fn sh(line: &str) -> String {
        broken(&format!("```sh\n{line}\n```"))
    }

    #[test]
    fn commands_that_exist_are_fine() {
        assert_eq!(sh("cargo run --release -- serve examples/churn/model"), "");
        assert_eq!(sh("cargo xtask tidy\nfiresteel --version\ncurl localhost"), "");
        assert_eq!(broken("firesteel is what this is"), "");
    }

    #[test]
    fn commands_that_do_not_exist_are_named() {
        assert_eq!(
            sh("firesteel train x"),
            "README.md:2: there is no command `train` in crates/cli/src/commands"
        );
        assert_eq!(sh("cargo xtask ship"), "README.md:2: there is no `cargo xtask ship`");
        assert_eq!(sh("firesteel serve examples/iris"), "README.md:2: `examples/iris` is not in the tree");
    }

    #[test]
    fn links_lead_somewhere() {
        assert_eq!(broken("[a](.ci/run) [b](https://x.y) [c](#top) [d](examples/churn/)"), "");
        assert!(
            broken("[a](docs/gone.md)").contains("README.md:1: the link to `docs/gone.md` leads nowhere")
        );
        assert!(broken("[a](../up.md)").contains("leads nowhere"));
    }

    #[test]
    fn the_test_command_stands_in_both_places() {
        let tree = Tree::of(&[("README.md", "cargo xtask test\n"), (".ci/run", "cargo test\n")]);
        assert!(check(&tree)[0].starts_with(".ci/run must have `cargo xtask test`"));
    }
}
