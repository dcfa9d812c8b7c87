//! The bundle itself: a view of files by path, wherever they lie.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::Cursor;
use std::ops::Bound;
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;

use crate::collect::Collector;
use crate::fingerprint::Stamp;
use crate::folder::{self, DiskFile};
use crate::{BundleError, Fingerprint, Limits, archive, hint, names};

/// A model's files as bytes by path, or the part of them below one folder. Cheap to clone.
///
/// Paths are separated by `/` and relative to this view. The list of files is made when the bundle is opened; the
/// files of a folder are read when they are asked for.
#[derive(Debug, Clone)]
pub struct Bundle {
    files: Arc<Files>,
    origin: Arc<str>,
    /// "" or a path that ends in '/'.
    prefix: Arc<str>,
}

#[derive(Debug)]
struct Files {
    by_path: BTreeMap<String, Entry>,
    /// The stamp of the archive file that the entries come from.
    archive: Option<Stamp>,
}

#[derive(Debug)]
enum Entry {
    Disk(DiskFile),
    Memory(Bytes),
}

impl Entry {
    fn len(&self) -> u64 {
        match self {
            Entry::Disk(file) => file.len,
            Entry::Memory(bytes) => bytes.len() as u64,
        }
    }
}

impl Bundle {
    /// Opens the folder, `.zip`, `.tar.gz` or `.tar` at `path` under the default limits.
    pub fn open(path: &Path) -> Result<Bundle, BundleError> {
        Bundle::open_with(path, &Limits::default())
    }

    /// Opens what is at `path`, told by its content and not its name.
    pub fn open_with(path: &Path, limits: &Limits) -> Result<Bundle, BundleError> {
        let origin = path.display().to_string();
        let meta = folder::stat(path, &origin)?;
        if meta.is_dir() {
            let files = folder::list(path, &origin, limits)?;
            let by_path = files.into_iter().map(|(path, file)| (path, Entry::Disk(file))).collect();
            return Ok(Bundle::root(&origin, by_path, None));
        }
        if !meta.is_file() {
            return Err(BundleError::NotAnArchive {
                origin,
                found: "a device, a socket or a pipe".into(),
                hint: "save the model to a file or folder first",
            });
        }
        let file = File::open(path).map_err(|source| folder::io_error(path, source))?;
        let stamp = Stamp::of(&file.metadata().map_err(|source| folder::io_error(path, source))?);
        Ok(Bundle::root(&origin, in_memory(archive::open(&origin, file, limits)?), Some(stamp)))
    }

    /// A bundle of files in memory. `origin` is what messages call it.
    pub fn from_files(
        origin: &str,
        files: impl IntoIterator<Item = (String, Vec<u8>)>,
    ) -> Result<Bundle, BundleError> {
        let limits = Limits::default();
        let mut collector = Collector::new(origin, &limits);
        for (path, bytes) in files {
            collector.bytes(&path, bytes)?;
        }
        Ok(Bundle::root(origin, in_memory(collector.finish()?), None))
    }

    /// Opens a `.zip`, `.tar.gz` or `.tar` archive in memory. Never panics and keeps to the limits, whatever the bytes.
    pub fn from_archive(origin: &str, bytes: &[u8], limits: &Limits) -> Result<Bundle, BundleError> {
        let files = archive::open(origin, Cursor::new(bytes), limits)?;
        Ok(Bundle::root(origin, in_memory(files), None))
    }

    fn root(origin: &str, by_path: BTreeMap<String, Entry>, archive: Option<Stamp>) -> Bundle {
        Bundle { files: Arc::new(Files { by_path, archive }), origin: origin.into(), prefix: "".into() }
    }

    /// What messages call this bundle: the path as it was given, and `!/inner/dir` for a folder inside.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The files below the folder `path`, which need not exist.
    pub fn dir(&self, path: &str) -> Bundle {
        let path = names::plain(path);
        if path.is_empty() {
            return self.clone();
        }
        let separator = if self.prefix.is_empty() { "!/" } else { "/" };
        Bundle {
            files: Arc::clone(&self.files),
            origin: format!("{}{separator}{path}", self.origin).into(),
            prefix: format!("{}{path}/", self.prefix).into(),
        }
    }

    /// Whether any file is in this view.
    pub fn exists(&self) -> bool {
        self.entries().next().is_some()
    }

    /// Whether the file `path` is there.
    pub fn contains(&self, path: &str) -> bool {
        self.files.by_path.contains_key(&self.full(path))
    }

    /// The paths of all files in this view, sorted.
    pub fn files(&self) -> Vec<String> {
        self.entries().map(|(path, _)| path.to_owned()).collect()
    }

    /// The names of the folders directly in this view, sorted.
    pub fn dirs(&self) -> Vec<String> {
        let names: BTreeSet<&str> =
            self.entries().filter_map(|(path, _)| path.split_once('/')).map(|(name, _)| name).collect();
        names.into_iter().map(str::to_owned).collect()
    }

    /// The content of the file `path`.
    pub fn read(&self, path: &str) -> Result<Bytes, BundleError> {
        match self.files.by_path.get(&self.full(path)) {
            Some(Entry::Memory(bytes)) => Ok(bytes.clone()),
            Some(Entry::Disk(file)) => file
                .read()?
                .ok_or_else(|| BundleError::Changed { origin: self.origin().into(), path: path.into() }),
            None => Err(BundleError::NoFile {
                origin: self.origin().into(),
                path: path.into(),
                hint: hint::near_file(&names::plain(path), &self.files()),
            }),
        }
    }

    /// The bytes of all files in this view together.
    pub fn size(&self) -> u64 {
        self.entries().map(|(_, entry)| entry.len()).sum()
    }

    /// What to compare to notice a change; it describes the files as they were when the bundle was opened.
    pub fn fingerprint(&self) -> Fingerprint {
        if let Some(stamp) = &self.files.archive {
            return Fingerprint(vec![(self.prefix.to_string(), stamp.clone())]);
        }
        let stamps = self.entries().map(|(path, entry)| match entry {
            Entry::Disk(file) => (path.to_owned(), file.stamp.clone()),
            Entry::Memory(bytes) => (path.to_owned(), Stamp::of_bytes(bytes)),
        });
        Fingerprint(stamps.collect())
    }

    /// The files in this view by their paths in it, sorted.
    fn entries(&self) -> impl Iterator<Item = (&str, &Entry)> {
        let from = (Bound::Included(&*self.prefix), Bound::Unbounded);
        self.files
            .by_path
            .range::<str, _>(from)
            .map_while(|(path, entry)| Some((path.strip_prefix(&*self.prefix)?, entry)))
    }

    fn full(&self, path: &str) -> String {
        format!("{}{}", self.prefix, names::plain(path))
    }
}

fn in_memory(files: BTreeMap<String, Bytes>) -> BTreeMap<String, Entry> {
    files.into_iter().map(|(path, bytes)| (path, Entry::Memory(bytes))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{MODEL, assert_says, contents, expected, gzip, tar, zip};

    fn model() -> Bundle {
        Bundle::from_files("m", MODEL.iter().map(|(path, bytes)| ((*path).to_owned(), bytes.to_vec())))
            .unwrap()
    }

    #[test]
    fn a_view_shows_what_is_below_it() {
        let bundle = model();
        assert_eq!(bundle.dirs(), ["metadata", "stages"]);
        assert_eq!(bundle.size(), 34);
        let stage = bundle.dir("stages").dir("/0_a/");
        assert_eq!(stage.origin(), "m!/stages/0_a");
        assert_eq!(stage.files(), ["metadata/part-00000"]);
        assert_eq!(stage.read("metadata/part-00000").unwrap(), "{}");
        assert_eq!((stage.size(), stage.exists()), (2, true));
        assert!(stage.contains("./metadata//part-00000") && !stage.contains("metadata"));
        assert_eq!(bundle.dir("").dir(".").origin(), "m");
    }

    #[test]
    fn a_view_never_shows_a_neighbour() {
        let files = ["a/f", "a-b/f", "ab", "a0/f"].map(|path| (path.to_owned(), vec![1]));
        let bundle = Bundle::from_files("m", files).unwrap();
        assert_eq!(bundle.dir("a").files(), ["f"]);
        assert_eq!(bundle.dirs(), ["a", "a-b", "a0"]);
        let up = bundle.dir("a").dir("..");
        assert!(!up.exists() && up.files().is_empty() && up.dirs().is_empty());
        assert!(!bundle.dir("a").contains("../ab") && bundle.dir("a").read("../ab").is_err());
        assert!(!bundle.dir("none").exists());
    }

    #[test]
    fn a_missing_file_is_answered_with_what_is_there() {
        let say = |bundle: &Bundle, path: &str| bundle.read(path).unwrap_err().to_string();
        let bundle = model();
        assert_says(
            &say(&bundle, "metadata/part-0000"),
            &["m: has no file", "did you mean \"metadata/part-00000\"?"],
        );
        assert_says(&say(&bundle, "stages/0_a"), &["it is a folder"]);
        assert_says(
            &say(&bundle.dir("data"), "x"),
            &["m!/data: has no file \"x\"", "nothing is in this folder"],
        );
        assert_says(&say(&bundle.dir("stages"), "zzzzzz"), &["it has \"0_a/metadata/part-00000\""]);
    }

    #[test]
    fn files_in_memory_are_checked_like_an_archive() {
        let from =
            |names: &[&str]| Bundle::from_files("m", names.iter().map(|name| ((*name).to_owned(), vec![])));
        assert_says(&from(&[]).unwrap_err().to_string(), &["m: holds no files"]);
        assert_says(&from(&["a", "a"]).unwrap_err().to_string(), &["\"a\" is there twice"]);
        assert_says(&from(&["../a"]).unwrap_err().to_string(), &["'..'"]);
        assert_says(&from(&[""]).unwrap_err().to_string(), &["is empty"]);
    }

    #[test]
    fn an_archive_on_disk_is_known_by_its_content() {
        let home = tempfile::tempdir().unwrap();
        for bytes in [zip(MODEL), tar(MODEL), gzip(&tar(MODEL))] {
            let path = home.path().join("model.bin");
            std::fs::write(&path, bytes).unwrap();
            let bundle = Bundle::open(&path).unwrap();
            assert_eq!(contents(&bundle), expected(MODEL));
            assert_eq!(bundle.origin(), path.display().to_string());
        }
    }

    #[test]
    fn a_bundle_is_shared_between_threads() {
        fn assert_shared<T: Clone + Send + Sync>(_: &T) {}
        assert_shared(&model());
    }
}
