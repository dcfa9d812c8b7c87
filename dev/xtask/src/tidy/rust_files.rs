//! Rust files stay short and carry no notes to self.

use super::tree::Tree;

const LINES: usize = 500;

/// What no Rust file may hold, tests included. Written in two parts so that this file does not hold it.
const NOWHERE: [(&str, &str); 5] = [
    (concat!("TO", "DO"), "do it now or write an issue"),
    (concat!("FIX", "ME"), "fix it now or write an issue"),
    (concat!("XX", "X"), "do it now or write an issue"),
    (concat!("dbg", "!("), "remove it"),
    (concat!("to", "do!("), "write the code or answer an error"),
];

/// What only tests may hold.
const ONLY_IN_TESTS: [(&str, &str); 2] = [
    (concat!("#[al", "low("), "mend the cause, or use `#[expect(…, reason = \"…\")]` in a test"),
    (concat!("#![al", "low("), "mend the cause, or set the level in the root Cargo.toml"),
];

pub(super) fn check(tree: &Tree) -> Vec<String> {
    let mut broken = Vec::new();
    for (path, text) in tree.rust() {
        let lines = text.lines().count();
        if lines > LINES {
            broken.push(format!("{path} has {lines} lines; split it, {LINES} is the limit"));
        }
        let tests_from = if is_test_file(path) { 0 } else { tests_start(text) };
        for (place, line) in text.lines().enumerate() {
            let outside_tests = if place < tests_from { &ONLY_IN_TESTS[..] } else { &[] };
            let found = NOWHERE.iter().chain(outside_tests).filter(|(word, _)| holds(line, word));
            broken.extend(found.map(|(word, advice)| format!("{path}:{}: `{word}`: {advice}", place + 1)));
        }
    }
    broken
}

pub(crate) fn is_test_file(path: &str) -> bool {
    path.ends_with("/tests.rs")
        || path.ends_with("_tests.rs")
        || path.contains("/tests/")
        || path.contains("/benches/")
}

/// The line at which `#[cfg(test)] mod tests {` begins; by house style nothing but tests follows it.
fn tests_start(text: &str) -> usize {
    let lines: Vec<&str> = text.lines().collect();
    let starts =
        |pair: &[&str]| pair[0] == "#[cfg(test)]" && pair[1].starts_with("mod ") && pair[1].ends_with('{');
    lines.windows(2).position(starts).unwrap_or(lines.len())
}

/// Whether a line holds a word, not merely as a part of a longer one.
fn holds(line: &str, word: &str) -> bool {
    let part_of_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut from = 0;
    while let Some(at) = line[from..].find(word).map(|at| at + from) {
        let end = at + word.len();
        let before = line[..at].chars().next_back().is_some_and(part_of_word);
        let after = line[end..].chars().next().is_some_and(part_of_word);
        if !before && (word.ends_with('(') || !after) {
            return true;
        }
        from = end;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn broken(path: &str, text: &str) -> String {
        check(&Tree::of(&[(path, text)])).join("\n")
    }

    #[test]
    fn long_files_are_refused() {
        let text = "\n".repeat(501);
        assert!(broken("crates/x/src/a.rs", &text).contains("a.rs has 501 lines; split it"));
        assert_eq!(broken("crates/x/src/a.rs", &text[1..]), "");
    }

    #[test]
    fn notes_to_self_are_refused_everywhere() {
        for (word, _) in NOWHERE {
            let text = format!("fn a() {{}}\n#[cfg(test)]\nmod tests {{\n// {word}\n}}\n");
            assert!(broken("crates/x/src/a.rs", &text).starts_with("crates/x/src/a.rs:4: "), "{word}");
        }
    }

    #[test]
    fn lints_are_silenced_only_in_tests() {
        for (word, _) in ONLY_IN_TESTS {
            let outside = format!("{word}x)]\nfn a() {{}}\n");
            assert!(broken("crates/x/src/a.rs", &outside).starts_with("crates/x/src/a.rs:1: "), "{word}");
            assert_eq!(broken("crates/x/src/a/tests.rs", &outside), "");
            let inside = format!("#[cfg(test)]\nmod tests {{\n    {word}x)]\n}}\n");
            assert_eq!(broken("crates/x/src/a.rs", &inside), "");
        }
    }

    #[test]
    fn parts_of_words_are_no_notes() {
        assert!(!holds(concat!("let hex = \"XX", "XX\";"), concat!("XX", "X")));
        assert!(holds(concat!("// XX", "X: why?"), concat!("XX", "X")));
    }
}
