//! Text ends in a newline and has no trailing blanks; large files lie where data lies.

use super::tree::{LARGE_BYTES, Tree};

pub(super) fn check(tree: &Tree) -> Vec<String> {
    let mut broken = Vec::new();
    for file in &tree.files {
        let path = &file.path;
        if file.bytes > LARGE_BYTES && !file.is_data() {
            let mib = file.bytes / (1024 * 1024);
            broken.push(format!("{path} has {mib} MiB; make it smaller, or make it in a script instead"));
        }
        let Some(text) = &file.text else { continue };
        if !text.is_empty() && !text.ends_with('\n') {
            broken.push(format!("{path} does not end in a newline; add one"));
        }
        if text.ends_with("\n\n") {
            broken.push(format!("{path} ends in empty lines; remove them"));
        }
        let blank = text.split('\n').position(|line| line.ends_with([' ', '\t', '\r']));
        broken.extend(blank.map(|place| format!("{path}:{} ends in a blank; remove it", place + 1)));
    }
    broken
}

#[cfg(test)]
mod tests {
    use super::super::tree::File;
    use super::*;

    #[test]
    fn untidy_ends_are_named() {
        let tree = Tree::of(&[
            ("good.md", "one\ntwo\n"),
            ("blank.md", "one\ntwo \n"),
            ("windows.md", "one\r\n"),
            ("open.md", "one"),
            ("long.md", "one\n\n"),
            ("empty.md", ""),
        ]);
        let broken = check(&tree);
        assert_eq!(
            broken,
            [
                "blank.md:2 ends in a blank; remove it",
                "windows.md:1 ends in a blank; remove it",
                "open.md does not end in a newline; add one",
                "long.md ends in empty lines; remove them",
            ]
        );
    }

    #[test]
    fn large_files_belong_to_data() {
        let file = |path: &str| File { path: path.into(), bytes: LARGE_BYTES + 1, text: None };
        let tree = Tree { files: vec![file("docs/film.mp4"), file("golden/a.parquet")], packages: vec![] };
        assert_eq!(
            check(&tree),
            ["docs/film.mp4 has 2 MiB; make it smaller, or make it in a script instead"]
        );
    }
}
