//! Lists a model's folder on disk. Contents are read later, one file at a time.
//!
//! Symbolic links are followed, because Kubernetes mounts a ConfigMap or Secret as links: `part-00000` leads to
//! `..data/part-00000`, and `..data` to a dated folder that is swapped at once. Top-level names that start with `..`
//! are that mechanism itself and are skipped. See
//! <https://github.com/kubernetes/kubernetes/blob/master/pkg/volume/util/atomic_writer.go>.

use std::collections::BTreeMap;
use std::fs::{self, DirEntry, File, Metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use bytes::Bytes;

use crate::collect::{check_bytes, too_deep, too_many};
use crate::fingerprint::Stamp;
use crate::{BundleError, Limits, hint, names};

/// One file on disk as it was when the folder was listed.
#[derive(Debug)]
pub(crate) struct DiskFile {
    at: PathBuf,
    pub(crate) len: u64,
    pub(crate) stamp: Stamp,
}

impl DiskFile {
    /// The content, if the file is still the one that was listed; otherwise `None`.
    pub(crate) fn read(&self) -> Result<Option<Bytes>, BundleError> {
        match self.read_same() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            other => other.map_err(|source| io_error(&self.at, source)),
        }
    }

    fn read_same(&self) -> io::Result<Option<Bytes>> {
        let file = File::open(&self.at)?;
        if Stamp::of(&file.metadata()?) != self.stamp {
            return Ok(None);
        }
        let mut bytes = Vec::with_capacity(usize::try_from(self.len).unwrap_or_default());
        file.take(self.len.saturating_add(1)).read_to_end(&mut bytes)?;
        Ok((bytes.len() as u64 == self.len).then(|| bytes.into()))
    }
}

/// What is at `path`, links followed; if nothing is, an error that names what is near.
pub(crate) fn stat(path: &Path, origin: &str) -> Result<Metadata, BundleError> {
    fs::metadata(path).map_err(|source| match source.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => {
            BundleError::NotFound { origin: origin.into(), hint: hint::near_path(path) }
        }
        _ => io_error(path, source),
    })
}

/// All files below `root` by path.
pub(crate) fn list(
    root: &Path,
    origin: &str,
    limits: &Limits,
) -> Result<BTreeMap<String, DiskFile>, BundleError> {
    let real = fs::canonicalize(root).map_err(|source| io_error(root, source))?;
    let mut walk = Walk { origin, limits, files: BTreeMap::new(), entries: 0, total: 0, above: vec![real] };
    walk.folder(root, "")?;
    if walk.files.is_empty() {
        return Err(BundleError::Empty { origin: origin.into() });
    }
    Ok(walk.files)
}

struct Walk<'a> {
    origin: &'a str,
    limits: &'a Limits,
    files: BTreeMap<String, DiskFile>,
    entries: usize,
    total: u64,
    /// The real paths of the folders from the root down to the one at hand, by which a loop is seen.
    above: Vec<PathBuf>,
}

impl Walk<'_> {
    fn folder(&mut self, at: &Path, prefix: &str) -> Result<(), BundleError> {
        for entry in fs::read_dir(at).map_err(|source| io_error(at, source))? {
            let entry = entry.map_err(|source| io_error(at, source))?;
            self.entries += 1;
            if self.entries > self.limits.max_files {
                return Err(too_many(self.origin, self.limits));
            }
            let name = entry.file_name();
            let Some(name) = name.to_str() else {
                return Err(self.not_utf8(&name.to_string_lossy()));
            };
            if prefix.is_empty() && name.starts_with("..") {
                continue;
            }
            self.entry(&entry, format!("{prefix}{name}"))?;
        }
        Ok(())
    }

    fn entry(&mut self, entry: &DirEntry, path: String) -> Result<(), BundleError> {
        let at = entry.path();
        let linked = entry.file_type().map_err(|source| io_error(&at, source))?.is_symlink();
        let meta = fs::metadata(&at).map_err(|source| match linked {
            true => self.link(&path, format!("cannot be followed ({source})")),
            false => io_error(&at, source),
        })?;
        if meta.is_dir() {
            return self.subfolder(&at, &path, linked);
        }
        if !meta.is_file() {
            return Err(BundleError::Refused {
                origin: self.origin.into(),
                name: names::shown(path.as_bytes()),
                kind: "a device, a socket or a pipe".into(),
                hint: "keep only files in a model's folder",
            });
        }
        check_bytes(self.origin, path.as_bytes(), meta.len(), self.total, self.limits)?;
        self.total += meta.len();
        self.files.insert(path, DiskFile { at, len: meta.len(), stamp: Stamp::of(&meta) });
        Ok(())
    }

    fn subfolder(&mut self, at: &Path, path: &str, linked: bool) -> Result<(), BundleError> {
        if self.above.len() > self.limits.max_depth {
            return Err(too_deep(self.origin, path.as_bytes(), self.limits));
        }
        let real = match (linked, self.above.last(), at.file_name()) {
            (false, Some(parent), Some(name)) => parent.join(name),
            _ => fs::canonicalize(at).map_err(|source| io_error(at, source))?,
        };
        if self.above.contains(&real) {
            return Err(self.link(path, "leads back to a folder that it lies in".into()));
        }
        self.above.push(real);
        self.folder(at, &format!("{path}/"))?;
        self.above.pop();
        Ok(())
    }

    fn link(&self, path: &str, problem: String) -> BundleError {
        BundleError::Link { origin: self.origin.into(), name: names::shown(path.as_bytes()), problem }
    }

    fn not_utf8(&self, name: &str) -> BundleError {
        BundleError::Name {
            origin: self.origin.into(),
            name: names::shown(name.as_bytes()),
            problem: "is not UTF-8",
            hint: "rename the file",
        }
    }
}

/// The system's refusal with the path it is about.
pub(crate) fn io_error(path: &Path, source: io::Error) -> BundleError {
    BundleError::Io { path: path.display().to_string(), source }
}

#[cfg(test)]
mod tests;
