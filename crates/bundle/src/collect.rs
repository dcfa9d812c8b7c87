//! Gathers the files of an archive or a list into one tree, holding every limit on the way.

use std::collections::BTreeMap;
use std::io::{self, Read};

use bytes::Bytes;

use crate::{BundleError, Limits, names};

/// How much is reserved at once on the word of an archive's header; the rest grows with what really comes.
const RESERVE: u64 = 1 << 20;

/// A folder of this name is a part of a model, never its wrapper: a saved stage may consist of nothing else.
const NO_WRAPPER: &str = "metadata";

/// Files by path, as far as they have been gathered.
pub(crate) struct Collector<'a> {
    origin: &'a str,
    limits: &'a Limits,
    files: BTreeMap<String, Bytes>,
    entries: usize,
    total: u64,
    /// The bytes of the archive, if the files come from one.
    archive: Option<u64>,
}

impl<'a> Collector<'a> {
    pub(crate) fn new(origin: &'a str, limits: &'a Limits) -> Self {
        Collector { origin, limits, files: BTreeMap::new(), entries: 0, total: 0, archive: None }
    }

    /// Gathers the files of an archive of so many bytes.
    pub(crate) fn of_archive(origin: &'a str, limits: &'a Limits, bytes: u64) -> Self {
        Collector { archive: Some(bytes), ..Collector::new(origin, limits) }
    }

    /// Most bytes that all files may have together.
    pub(crate) fn most(&self) -> u64 {
        self.archive.map_or(self.limits.max_total_bytes, |bytes| self.limits.inflated(bytes))
    }

    pub(crate) fn origin(&self) -> &'a str {
        self.origin
    }

    /// Counts and checks an entry that is a folder.
    pub(crate) fn folder(&mut self, name: &[u8]) -> Result<(), BundleError> {
        self.admit(name, 0).map(drop)
    }

    /// Takes the entry `name` from `content`, which should hold `declared` bytes.
    pub(crate) fn file(&mut self, name: &[u8], declared: u64, content: impl Read) -> Result<(), BundleError> {
        let path = self.admit_file(name)?;
        self.measure(name, declared)?;
        let room = self.limits.max_file_bytes.min(self.most().saturating_sub(self.total));
        let mut bytes = Vec::with_capacity(usize::try_from(declared.min(RESERVE)).unwrap_or_default());
        content
            .take(room.saturating_add(1))
            .read_to_end(&mut bytes)
            .map_err(|error| self.damaged(name, &error))?;
        let found = bytes.len() as u64;
        self.measure(name, found)?;
        if found != declared {
            let error = io::Error::other(format!("{found} bytes where {declared} were announced"));
            return Err(self.damaged(name, &error));
        }
        bytes.shrink_to_fit();
        self.keep(path, bytes.into());
        Ok(())
    }

    /// Takes a file that is in memory already.
    pub(crate) fn bytes(&mut self, name: &str, bytes: Vec<u8>) -> Result<(), BundleError> {
        let path = self.admit_file(name.as_bytes())?;
        self.measure(name.as_bytes(), bytes.len() as u64)?;
        self.keep(path, bytes.into());
        Ok(())
    }

    /// The gathered files, of which there is at least one; no path is a file and a folder at once.
    pub(crate) fn finish(self) -> Result<BTreeMap<String, Bytes>, BundleError> {
        if self.files.is_empty() {
            return Err(BundleError::Empty { origin: self.origin.into() });
        }
        for path in self.files.keys() {
            let clash = path.match_indices('/').find(|(at, _)| self.files.contains_key(&path[..*at]));
            if let Some((at, _)) = clash {
                let name = names::shown(&path.as_bytes()[..at]);
                return Err(BundleError::Duplicate {
                    origin: self.origin.into(),
                    name: format!("{name} (as file and folder)"),
                });
            }
        }
        Ok(self.files)
    }

    /// What reading entry `name` broke on.
    pub(crate) fn damaged(&self, name: &[u8], error: &io::Error) -> BundleError {
        BundleError::Damaged {
            origin: self.origin.into(),
            detail: format!("entry {}: {error}", names::shown(name)),
        }
    }

    fn keep(&mut self, path: String, bytes: Bytes) {
        self.total += bytes.len() as u64;
        self.files.insert(path, bytes);
    }

    fn admit_file(&mut self, name: &[u8]) -> Result<String, BundleError> {
        let path = self.admit(name, 1)?;
        let problem = |problem| BundleError::Name {
            origin: self.origin.into(),
            name: names::shown(name),
            problem,
            hint: "give every file a name",
        };
        if path.is_empty() {
            return Err(problem("is empty"));
        }
        if self.files.contains_key(&path) {
            return Err(BundleError::Duplicate { origin: self.origin.into(), name: names::shown(name) });
        }
        Ok(path)
    }

    /// Counts an entry and cleans its name; `own` is how many of the name's parts are no folder.
    fn admit(&mut self, name: &[u8], own: usize) -> Result<String, BundleError> {
        self.entries += 1;
        if self.entries > self.limits.max_files {
            return Err(too_many(self.origin, self.limits));
        }
        let path = names::clean(self.origin, name)?;
        let parts = path.split('/').filter(|part| !part.is_empty()).count();
        if parts.saturating_sub(own) > self.limits.max_depth {
            return Err(too_deep(self.origin, name, self.limits));
        }
        Ok(path)
    }

    fn measure(&self, name: &[u8], len: u64) -> Result<(), BundleError> {
        check_bytes(self.origin, name, len, self.total, self.limits)?;
        match self.archive {
            Some(archive) if self.total.saturating_add(len) > self.most() => {
                Err(inflates(self.origin, archive, self.limits))
            }
            _ => Ok(()),
        }
    }
}

/// Whether a file of `len` bytes may join `total` bytes of others.
pub(crate) fn check_bytes(
    origin: &str,
    name: &[u8],
    len: u64,
    total: u64,
    limits: &Limits,
) -> Result<(), BundleError> {
    let over = |what, limit, name| Err(BundleError::TooLarge { origin: origin.into(), what, limit, name });
    if len > limits.max_file_bytes {
        let what = format!("file {} has more bytes", names::shown(name));
        return over(what, limits.max_file_bytes, "max_file_bytes");
    }
    if total.saturating_add(len) > limits.max_total_bytes {
        return over("all files together have more bytes".into(), limits.max_total_bytes, "max_total_bytes");
    }
    Ok(())
}

/// An archive of so many bytes inflates to more than allowed.
pub(crate) fn inflates(origin: &str, archive: u64, limits: &Limits) -> BundleError {
    let what = format!("its {archive} bytes inflate to more, as those of a zip bomb do");
    let limit = limits.inflated(archive);
    BundleError::TooLarge { origin: origin.into(), what, limit, name: "max_expansion" }
}

/// There are more files and folders than allowed.
pub(crate) fn too_many(origin: &str, limits: &Limits) -> BundleError {
    let what = "holds more files and folders".into();
    BundleError::TooLarge { origin: origin.into(), what, limit: limits.max_files as u64, name: "max_files" }
}

/// `name` lies in more folders than allowed.
pub(crate) fn too_deep(origin: &str, name: &[u8], limits: &Limits) -> BundleError {
    let what = format!("{} lies in more folders", names::shown(name));
    BundleError::TooLarge { origin: origin.into(), what, limit: limits.max_depth as u64, name: "max_depth" }
}

/// An archive's files without the one top folder that all of them lie in, if there is one.
/// What a Mac adds beside that folder is no reason to keep it.
pub(crate) fn unwrap_top(files: BTreeMap<String, Bytes>) -> BTreeMap<String, Bytes> {
    let files: BTreeMap<_, _> =
        files.into_iter().filter(|(path, _)| !path.starts_with("__MACOSX/")).collect();
    let clutter = |path: &str| !path.contains('/') && (path.starts_with("._") || path == ".DS_Store");
    let mut model = files.keys().filter(|path| !clutter(path));
    let Some(top) = model.next().and_then(|path| path.split_once('/')).map(|(top, _)| format!("{top}/"))
    else {
        return files;
    };
    if top.trim_end_matches('/') == NO_WRAPPER || !model.all(|path| path.starts_with(&top)) {
        return files;
    }
    files.into_iter().filter_map(|(path, bytes)| Some((path.strip_prefix(&top)?.to_owned(), bytes))).collect()
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;
    use crate::testing::{SMALL, assert_says};

    /// The content never ends, so the test only ends if reading stops at the limits.
    #[test]
    fn endless_content_is_stopped_whatever_was_announced() {
        let mut files = Collector::new("m", &SMALL);
        let error = files.file(b"f", 5, io::repeat(0)).unwrap_err();
        assert_says(&error.to_string(), &["file \"f\" has more bytes", "max_file_bytes"]);
        for name in ["a", "b"] {
            files.bytes(name, vec![0; 9_000]).unwrap();
        }
        let error = files.file(b"g", 5, io::repeat(0)).unwrap_err();
        assert_says(&error.to_string(), &["together", "max_total_bytes"]);
    }

    #[test]
    fn content_shorter_than_announced_is_damage() {
        let error = Collector::new("m", &SMALL).file(b"f", 5, &b"1234"[..]).unwrap_err();
        assert_says(&error.to_string(), &["damaged", "4 bytes where 5 were announced"]);
    }
}
