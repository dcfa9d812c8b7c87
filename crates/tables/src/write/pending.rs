//! A file that gets its name when it is whole.
//!
//! It is written as `.NAME.tmp-PID` in the target's folder, locked while its writer lives. Leftovers of writers
//! that were killed have no lock; the next run that writes the same target removes them.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::Target;
use crate::error::TableError;

/// Where bytes go.
pub(crate) struct Out {
    name: String,
    kind: Kind,
}

enum Kind {
    Pending(Pending),
    Stream(Box<dyn Write + Send>),
}

impl Out {
    pub(crate) fn open(target: Target) -> Result<Out, TableError> {
        let path = match target {
            Target::Stream { stream, name } => return Ok(Out { name, kind: Kind::Stream(stream) }),
            Target::File(path) => path,
        };
        let name = path.display().to_string();
        let failed = TableError::io("write", &path);
        let kind = match fs::metadata(&path) {
            Ok(found) if found.is_dir() => return Err(failed(io::ErrorKind::IsADirectory.into())),
            Ok(found) if !found.is_file() => {
                Kind::Stream(Box::new(File::options().write(true).open(&path).map_err(failed)?))
            }
            Ok(_) => Kind::Pending(Pending::create(fs::canonicalize(&path).unwrap_or(path)).map_err(failed)?),
            Err(_) => Kind::Pending(Pending::create(path).map_err(failed)?),
        };
        Ok(Out { name, kind })
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Waits until the bytes so far are on the disk, where they go to a file of ours.
    pub(crate) fn sync(&self) -> io::Result<()> {
        match &self.kind {
            Kind::Pending(pending) => pending.file.sync_data(),
            Kind::Stream(_) => Ok(()),
        }
    }

    /// Gives the file its name, once its bytes are on the disk.
    pub(crate) fn commit(self) -> Result<(), TableError> {
        let done = match self.kind {
            Kind::Pending(pending) => pending.commit(),
            Kind::Stream(mut stream) => stream.flush(),
        };
        done.map_err(super::write_failed(&self.name))
    }
}

impl std::fmt::Debug for Out {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Out({})", self.name)
    }
}

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.kind {
            Kind::Pending(pending) => pending.file.write(bytes),
            Kind::Stream(stream) => stream.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.kind {
            Kind::Pending(pending) => pending.file.flush(),
            Kind::Stream(stream) => stream.flush(),
        }
    }
}

/// Removes its file when it is dropped before it is committed.
struct Pending {
    file: File,
    temporary: PathBuf,
    target: PathBuf,
}

impl Pending {
    fn create(target: PathBuf) -> io::Result<Pending> {
        let name = target.file_name().ok_or(io::ErrorKind::InvalidFilename)?;
        let mut prefix = OsString::from(".");
        prefix.push(name);
        prefix.push(".tmp-");
        remove_leftovers(folder(&target), &prefix);
        prefix.push(std::process::id().to_string());
        let temporary = target.with_file_name(prefix);
        let file = File::create(&temporary)?;
        // A file system without locks only means that leftovers stay.
        let _ = file.try_lock();
        Ok(Pending { file, temporary, target })
    }

    fn commit(mut self) -> io::Result<()> {
        self.file.sync_all()?;
        fs::rename(&self.temporary, &self.target)?;
        self.temporary = PathBuf::new();
        // The name itself is on the disk when its folder is.
        File::open(folder(&self.target))?.sync_all()
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        if !self.temporary.as_os_str().is_empty() {
            let _ = fs::remove_file(&self.temporary);
        }
    }
}

fn folder(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Removes the files that begin with `prefix` and that no living writer holds.
fn remove_leftovers(folder: &Path, prefix: &OsStr) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let leftover = entry.file_name().as_encoded_bytes().starts_with(prefix.as_encoded_bytes());
        if leftover
            && let Ok(file) = File::open(entry.path())
            && file.try_lock().is_ok()
        {
            let _ = fs::remove_file(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap().flatten();
        let mut names: Vec<String> = entries.map(|entry| entry.file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn the_name_stands_for_a_whole_file_only() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("out.csv");
        fs::write(&target, "before").unwrap();
        let mut out = Out::open(Target::File(target.clone())).unwrap();
        out.write_all(b"half").unwrap();
        assert_eq!(fs::read(&target).unwrap(), b"before");
        drop(out);
        assert_eq!(names(folder.path()), ["out.csv"]);
        let mut out = Out::open(Target::File(target.clone())).unwrap();
        out.write_all(b"whole").unwrap();
        out.commit().unwrap();
        assert_eq!(fs::read(&target).unwrap(), b"whole");
        assert_eq!(names(folder.path()), ["out.csv"]);
    }

    #[test]
    fn leftovers_go_and_the_living_stay() {
        let folder = tempfile::tempdir().unwrap();
        let place = |name: &str| folder.path().join(name);
        fs::write(place(".out.csv.tmp-999999"), "dead").unwrap();
        fs::write(place(".other.csv.tmp-999999"), "another target's").unwrap();
        let living = File::create(place(".out.csv.tmp-999998")).unwrap();
        living.try_lock().unwrap();
        drop(Out::open(Target::File(place("out.csv"))).unwrap());
        assert_eq!(names(folder.path()), [".other.csv.tmp-999999", ".out.csv.tmp-999998"]);
    }

    #[test]
    fn folders_and_lost_folders_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let error = Out::open(Target::File(folder.path().to_owned())).unwrap_err();
        assert_eq!(error.hint().unwrap(), "give the name of a file");
        let error = Out::open(Target::File(folder.path().join("no/out.csv"))).unwrap_err();
        assert_eq!(error.hint().unwrap(), "the folder must exist already");
    }
}
