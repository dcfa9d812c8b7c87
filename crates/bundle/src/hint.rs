//! Hints for a name that is not there: what is there that looks like it.

use std::path::Path;

use strsim::levenshtein;

/// Most names that are compared or listed for a hint.
const COMPARED: usize = 2_000;
const LISTED: usize = 5;

/// What is near a path on disk where nothing is.
pub(crate) fn near_path(path: &Path) -> String {
    let text = path.to_string_lossy();
    if let Some((scheme, _)) =
        text.split_once(":/").filter(|(scheme, _)| scheme.len() > 1 && !scheme.contains('/'))
    {
        return format!(
            "{scheme}: is an address, not a local path: copy the model to this machine and give its folder"
        );
    }
    let mut missing = path;
    while let Some(parent) = missing.parent() {
        let parent_dir = if parent.as_os_str().is_empty() { Path::new(".") } else { parent };
        if parent_dir.is_file() {
            return format!("{} is a file, not a folder", parent_dir.display());
        }
        if parent_dir.is_dir() {
            return near_sibling(path, missing, parent_dir);
        }
        missing = parent;
    }
    "check the path".into()
}

/// `missing` is the first part of `path` that is not in the folder `parent`.
fn near_sibling(path: &Path, missing: &Path, parent: &Path) -> String {
    let wanted = missing.file_name().unwrap_or_default().to_string_lossy();
    let mut names: Vec<String> = std::fs::read_dir(parent)
        .into_iter()
        .flatten()
        .take(COMPARED)
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .collect();
    names.sort_unstable();
    let Some(name) = nearest(&wanted, names.iter().map(String::as_str)) else {
        return match names.is_empty() {
            true => format!("the folder {} is empty", parent.display()),
            false => format!("the folder {} has {}", parent.display(), listed(&names)),
        };
    };
    let found = missing.with_file_name(name);
    let whole = path.strip_prefix(missing).map(|rest| found.join(rest)).unwrap_or_default();
    let guess = if whole.exists() { whole } else { found };
    // Joining an empty rest leaves a slash at the end.
    format!("did you mean {}?", guess.display().to_string().trim_end_matches('/'))
}

/// What a bundle has in place of the file `path`.
pub(crate) fn near_file(path: &str, files: &[String]) -> String {
    if files.is_empty() {
        return "nothing is in this folder".into();
    }
    if files.iter().any(|file| file.strip_prefix(path).is_some_and(|rest| rest.starts_with('/'))) {
        return "it is a folder".into();
    }
    match nearest(path, files.iter().take(COMPARED).map(String::as_str)) {
        Some(name) => format!("did you mean {name:?}?"),
        None => format!("it has {}", listed(files)),
    }
}

/// The first few names.
fn listed(names: &[String]) -> String {
    let mut text = names
        .iter()
        .take(LISTED)
        .map(|name| crate::names::shown(name.as_bytes()))
        .collect::<Vec<_>>()
        .join(", ");
    if names.len() > LISTED {
        text.push_str(&format!(" and {} more", names.len() - LISTED));
    }
    text
}

/// The name that was most likely meant: `wanted` with another ending, or a few letters off.
fn nearest<'a>(wanted: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = wanted.to_lowercase();
    let stem = |name: &str| name.split('.').next().unwrap_or_default().to_owned();
    names
        .filter_map(|name| {
            let lower = name.to_lowercase();
            let same_stem = !stem(&wanted).is_empty() && stem(&wanted) == stem(&lower);
            let distance = levenshtein(&wanted, &lower);
            let off = if same_stem { 1 } else { distance };
            (off <= 1 + wanted.chars().count() / 5).then_some((off, distance, name))
        })
        .min()
        .map(|(.., name)| name)
}
