//! The files that a path names: itself, or the part files of a folder such as Spark writes.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::error::TableError;
use crate::format::Format;
use crate::near::Missing;

/// The bytes that are looked at to tell a format.
const START: u64 = 4096;

/// The files under `path` in the order of their names, and the format of them all.
pub(crate) fn list(path: &Path, format: Option<Format>) -> Result<(Vec<PathBuf>, Format), TableError> {
    if !path.exists() {
        return Err(not_found(path));
    }
    let files = if path.is_dir() { parts(path)? } else { vec![path.to_owned()] };
    let mut told: Option<(Format, &Path)> = None;
    for file in &files {
        let found = match format.or_else(|| Format::of_name(file)) {
            Some(found) => found,
            None => Format::of_start(&start(file)?),
        };
        match told {
            Some((before, first)) if before != found => {
                let problem = format!("holds {before} ({}) and {found} ({})", name(first), name(file));
                return Err(TableError::unfit(path.display(), problem, "keep one format in a folder"));
            }
            _ => told = Some((found, file)),
        }
    }
    match told {
        Some((format, _)) => Ok((files, format)),
        None => Err(TableError::unfit(
            path.display(),
            "is a folder without data files",
            "names that begin with '_' or '.' are not read; was it written to the end?",
        )),
    }
}

/// The part files of a folder, by name.
fn parts(folder: &Path) -> Result<Vec<PathBuf>, TableError> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(TableError::io("read", folder))? {
        let path = entry.map_err(TableError::io("read", folder))?.path();
        if name(&path).starts_with(['_', '.']) {
            continue;
        }
        if path.is_dir() {
            let problem = format!("holds a folder, {}", name(&path));
            let hint = "partitioned folders are not read as one; give one of the folders within";
            return Err(TableError::unfit(folder.display(), problem, hint));
        }
        files.push(path);
    }
    files.sort_unstable();
    Ok(files)
}

fn name(path: &Path) -> String {
    path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}

fn start(path: &Path) -> Result<Vec<u8>, TableError> {
    let mut start = Vec::new();
    let file = File::open(path).map_err(TableError::io("open", path))?;
    file.take(START).read_to_end(&mut start).map_err(TableError::io("read", path))?;
    Ok(start)
}

fn not_found(path: &Path) -> TableError {
    let text = path.display().to_string();
    let problem = "no such file or folder";
    if let Some((scheme, _)) = text.split_once("://") {
        let hint = format!("{scheme}: is an address; copy the data to this machine first");
        return TableError::unfit(text, problem, hint);
    }
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let names: Vec<String> =
        std::fs::read_dir(parent).into_iter().flatten().flatten().map(|entry| name(&entry.path())).collect();
    let near = Missing::among(&name(path), names.iter().map(String::as_str)).nearest;
    let hint = match near {
        Some(near) => format!("did you mean {}?", path.with_file_name(near).display()),
        None if parent.is_dir() => "check the path".to_owned(),
        None => format!("there is no folder {}", parent.display()),
    };
    TableError::unfit(text, problem, hint)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(names: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        names.iter().for_each(|name| std::fs::write(folder.path().join(name), "a\n1\n").unwrap());
        folder
    }

    #[test]
    fn parts_are_read_by_name_without_marks() {
        let folder = folder(&["part-00001.csv", "_SUCCESS", ".part-00000.csv.crc", "part-00000.csv"]);
        let (files, format) = list(folder.path(), None).unwrap();
        let names: Vec<String> = files.iter().map(|file| name(file)).collect();
        assert_eq!(names, ["part-00000.csv", "part-00001.csv"]);
        assert_eq!(format, Format::Csv);
    }

    #[test]
    fn what_cannot_be_listed_is_explained() {
        let mixed = folder(&["a.csv", "b.json"]);
        let text = list(mixed.path(), None).unwrap_err().to_string();
        assert!(text.contains("holds CSV (a.csv) and JSON lines (b.json)"), "{text}");
        let empty = folder(&["_SUCCESS"]);
        assert!(list(empty.path(), None).unwrap_err().to_string().contains("without data files"));
        let nested = folder(&[]);
        std::fs::create_dir(nested.path().join("country=DE")).unwrap();
        assert!(list(nested.path(), None).unwrap_err().to_string().contains("country=DE"));
        let error = list(&mixed.path().join("aa.csv"), None).unwrap_err();
        assert!(error.hint().unwrap().ends_with("a.csv?"), "{error:?}");
    }
}
