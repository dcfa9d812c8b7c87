//! A bundle's fingerprint: equal as long as nothing has changed.

use std::fs::Metadata;
use std::hash::{DefaultHasher, Hasher};
use std::path::Path;
use std::time::SystemTime;

use crate::{Bundle, BundleError, Limits, folder};

/// What a folder's files, an archive file, or files in memory looked like when the bundle was opened.
///
/// For a folder it holds each file's path, length, time of change and inode; for an archive those of the archive;
/// for files in memory a hash of their content. To watch a path, compare [`Fingerprint::of`] with the one in use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fingerprint(pub(crate) Vec<(String, Stamp)>);

impl Fingerprint {
    /// The fingerprint that a bundle opened at `path` now would have. No file's content is read.
    pub fn of(path: &Path, limits: &Limits) -> Result<Fingerprint, BundleError> {
        let origin = path.display().to_string();
        let meta = folder::stat(path, &origin)?;
        if meta.is_dir() {
            return Ok(Bundle::open_with(path, limits)?.fingerprint());
        }
        Ok(Fingerprint(vec![(String::new(), Stamp::of(&meta))]))
    }
}

/// What is compared of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Stamp {
    /// A file on disk.
    Disk { len: u64, modified: Option<SystemTime>, inode: u64 },
    /// Bytes in memory.
    Memory { len: usize, hash: u64 },
}

impl Stamp {
    pub(crate) fn of(meta: &Metadata) -> Stamp {
        Stamp::Disk { len: meta.len(), modified: meta.modified().ok(), inode: inode(meta) }
    }

    pub(crate) fn of_bytes(bytes: &[u8]) -> Stamp {
        let mut hasher = DefaultHasher::new();
        hasher.write(bytes);
        Stamp::Memory { len: bytes.len(), hash: hasher.finish() }
    }
}

#[cfg(unix)]
fn inode(meta: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(meta)
}

#[cfg(not(unix))]
fn inode(_: &Metadata) -> u64 {
    0
}
