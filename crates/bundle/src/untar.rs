//! Tar archives: plain files and folders with ustar, GNU and pax names.
//!
//! The format is POSIX.1-2017 `pax` and the GNU tar manual. Headers that only carry a longer name for the next entry
//! are read here and not by the `tar` crate, which would hold one of any length in memory.

use std::io::{self, Read};

use tar::{Archive, Entry, EntryType, Header, PaxExtensions};

use crate::collect::Collector;
use crate::metered::{Budget, Metered};
use crate::{BundleError, Limits, names};

/// Most bytes of one header that describes the next entry.
const MAX_EXTENSION: u64 = 1 << 20;

/// Bytes that an entry may take beside its content on average: headers and padding.
const OVERHEAD: u64 = 4096;

/// Whether an archive that starts with `head` is a tar: a header whose checksum is right, or an empty archive.
pub(crate) fn is_tar(head: &[u8]) -> bool {
    if head.len() != 512 {
        return false;
    }
    let header = Header::from_byte_slice(head);
    let sum: u32 = head[..148].iter().chain(&head[156..]).map(|&byte| u32::from(byte)).sum();
    head.iter().all(|&byte| byte == 0) || header.cksum().is_ok_and(|found| found == sum + 8 * u32::from(b' '))
}

/// Reads every entry of `archive` into `files`, then the rest of the stream, so that its checksum is verified.
pub(crate) fn read<'a>(
    archive: impl Read,
    files: Collector<'a>,
    limits: &Limits,
) -> Result<Collector<'a>, BundleError> {
    let budget = Budget::new(
        OVERHEAD
            .saturating_mul(limits.max_files as u64)
            .saturating_add(limits.max_total_bytes)
            .saturating_add(1 << 20),
    );
    let origin = files.origin();
    read_metered(Metered::new(archive, budget.clone()), files).map_err(|error| match budget.overdrawn() {
        true => BundleError::TooLarge {
            origin: origin.into(),
            what: "the archive has more bytes with its headers".into(),
            limit: limits.max_total_bytes,
            name: "max_total_bytes",
        },
        false => error,
    })
}

fn read_metered<'a>(archive: impl Read, mut files: Collector<'a>) -> Result<Collector<'a>, BundleError> {
    let origin = files.origin();
    let damaged =
        |error: io::Error| BundleError::Damaged { origin: origin.into(), detail: error.to_string() };
    let mut archive = Archive::new(archive);
    let mut extended = Extended::default();
    for entry in archive.entries().map_err(damaged)?.raw(true) {
        let mut entry = entry.map_err(damaged)?;
        if !extended.take(&mut entry).map_err(damaged)? {
            let Extended { name, size } = std::mem::take(&mut extended);
            let name = name.unwrap_or_else(|| entry.header().path_bytes().into_owned());
            if size.is_some_and(|size| size != entry.size()) {
                return Err(damaged(io::Error::other("two headers give one entry two sizes")));
            }
            add(&mut files, &name, entry)?;
        }
    }
    io::copy(&mut archive.into_inner(), &mut io::sink()).map_err(damaged)?;
    Ok(files)
}

fn add(files: &mut Collector<'_>, name: &[u8], entry: Entry<'_, impl Read>) -> Result<(), BundleError> {
    let kind = match entry.header().entry_type() {
        EntryType::Directory => return files.folder(name),
        // Before POSIX a folder was a file whose name ends in a slash.
        EntryType::Regular if name.ends_with(b"/") => return files.folder(name),
        EntryType::Regular | EntryType::Continuous => return files.file(name, entry.size(), entry),
        EntryType::Symlink => "a symbolic link",
        EntryType::Link => "a hard link",
        EntryType::GNUSparse => "a sparse file",
        EntryType::Char | EntryType::Block | EntryType::Fifo => "a device or a pipe",
        _ => "of an unknown kind",
    };
    Err(BundleError::Refused {
        origin: files.origin().into(),
        name: names::shown(name),
        kind: kind.into(),
        hint: "pack the files themselves: tar czhf model.tar.gz --hard-dereference FOLDER",
    })
}

/// What earlier headers say about the next entry.
#[derive(Default)]
struct Extended {
    name: Option<Vec<u8>>,
    size: Option<u64>,
}

impl Extended {
    /// Reads `entry` if it only describes the next one; returns whether it did.
    fn take(&mut self, entry: &mut Entry<'_, impl Read>) -> io::Result<bool> {
        match entry.header().entry_type() {
            EntryType::GNULongName => {
                let mut name = bounded(entry)?;
                name.truncate(name.iter().position(|&byte| byte == 0).unwrap_or(name.len()));
                self.name = Some(name);
            }
            EntryType::XHeader => self.pax(&bounded(entry)?)?,
            // A long link target belongs to a link, which is refused; a global header holds no names.
            EntryType::GNULongLink | EntryType::XGlobalHeader => {}
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn pax(&mut self, records: &[u8]) -> io::Result<()> {
        for record in PaxExtensions::new(records) {
            let record = record?;
            match record.key_bytes() {
                b"path" => self.name = Some(record.value_bytes().to_vec()),
                b"size" => {
                    self.size =
                        Some(record.value().ok().and_then(|size| size.parse().ok()).unwrap_or(u64::MAX))
                }
                key if key.starts_with(b"GNU.sparse.") => {
                    return Err(io::Error::other("sparse files are not read"));
                }
                _ => {}
            }
        }
        Ok(())
    }
}

/// The content of a header that describes the next entry.
fn bounded(entry: &mut Entry<'_, impl Read>) -> io::Result<Vec<u8>> {
    if entry.size() > MAX_EXTENSION {
        return Err(io::Error::other("a header for the next entry is over 1 MiB"));
    }
    let mut bytes = Vec::new();
    entry.read_to_end(&mut bytes)?;
    match bytes.len() as u64 == entry.size() {
        true => Ok(bytes),
        false => Err(io::ErrorKind::UnexpectedEof.into()),
    }
}
