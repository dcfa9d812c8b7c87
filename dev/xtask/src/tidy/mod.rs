//! `cargo xtask tidy`: the rules about the tree that no compiler knows. Each rule is a file here.
//!
//! A rule reads the [`Tree`] and answers one sentence for each place that breaks it, saying what to do.
//! Rules never run anything and never look outside the tree, so each is tested on a made-up one.

mod arrows;
mod fuzz_targets;
mod golden;
mod manifests;
mod module_docs;
mod owners;
mod readme;
pub(crate) mod rust_files;
mod text_files;
pub(crate) mod tree;

use crate::machine::Machine;
use crate::run::say;
use crate::{Outcome, no_more, stage_pages};
use tree::Tree;

struct Rule {
    name: &'static str,
    check: fn(&Tree) -> Vec<String>,
}

const RULES: &[Rule] = &[
    Rule { name: "arrows", check: arrows::check },
    Rule { name: "owners", check: owners::check },
    Rule { name: "manifests", check: manifests::check },
    Rule { name: "golden", check: golden::check },
    Rule { name: "module docs", check: module_docs::check },
    Rule { name: "Rust files", check: rust_files::check },
    Rule { name: "text files", check: text_files::check },
    Rule { name: "fuzz targets", check: fuzz_targets::check },
    Rule { name: "readme", check: readme::check },
    Rule { name: "stage pages", check: stage_pages::check },
];

pub(crate) fn run(machine: &Machine, arguments: &[String]) -> Outcome {
    no_more(arguments)?;
    let tree = Tree::read(machine)?;
    let mut broken = 0;
    for rule in RULES {
        for sentence in (rule.check)(&tree) {
            say(format_args!("{}: {sentence}", rule.name));
            broken += 1;
        }
    }
    match broken {
        0 => Ok(()),
        1 => Err("one place is untidy; it is named above".into()),
        n => Err(format!("{n} places are untidy; they are named above")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The rules on the tree as it is, so that `cargo test` alone finds what `cargo xtask tidy` finds.
    #[test]
    fn the_tree_is_tidy() {
        let tree = Tree::read(&Machine::find().unwrap()).unwrap();
        let of = |rule: &Rule| {
            let broken = (rule.check)(&tree);
            broken.into_iter().map(|sentence| format!("{}: {sentence}", rule.name)).collect::<Vec<_>>()
        };
        let broken: Vec<String> = RULES.iter().flat_map(of).collect();
        assert!(broken.is_empty(), "\n{}", broken.join("\n"));
    }
}
