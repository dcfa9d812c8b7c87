//! Tells archives apart by their first bytes and opens them.

use std::collections::BTreeMap;
use std::io::{self, BufReader, Cursor, Read, Seek, SeekFrom};

use bytes::Bytes;
use flate2::read::MultiGzDecoder;

use crate::collect::{Collector, unwrap_top};
use crate::{BundleError, Limits, untar, unzip};

/// A tar archive's unit; the first one is enough to know every kind by.
const BLOCK: u64 = 512;

/// All files in the archive, inflated.
pub(crate) fn open(
    origin: &str,
    mut archive: impl Read + Seek,
    limits: &Limits,
) -> Result<BTreeMap<String, Bytes>, BundleError> {
    let start = head(&mut archive).and_then(|head| {
        let length = archive.seek(SeekFrom::End(0))?;
        archive.rewind().map(|()| (head, length))
    });
    let (head, length) = start.map_err(|source| BundleError::Io { path: origin.into(), source })?;
    let files = Collector::of_archive(origin, limits, length);
    let files = if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        unzip::read(archive, files, limits)?
    } else if head.starts_with(b"\x1f\x8b") {
        open_gzip(archive, files, limits)?
    } else if untar::is_tar(&head) {
        untar::read(archive, files, limits)?
    } else {
        return Err(not_an_archive(origin, &head));
    };
    Ok(unwrap_top(files.finish()?))
}

fn open_gzip<'a>(
    archive: impl Read,
    files: Collector<'a>,
    limits: &Limits,
) -> Result<Collector<'a>, BundleError> {
    let origin = files.origin();
    let mut inflated = MultiGzDecoder::new(BufReader::new(archive));
    let head = head(&mut inflated)
        .map_err(|error| BundleError::Damaged { origin: origin.into(), detail: error.to_string() })?;
    if !untar::is_tar(&head) {
        return Err(BundleError::NotAnArchive {
            origin: origin.into(),
            found: "a gzip file that holds no tar archive".into(),
            hint: "pack the model's folder: tar czf model.tar.gz FOLDER",
        });
    }
    untar::read(Cursor::new(head).chain(inflated), files, limits)
}

fn head(archive: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    archive.take(BLOCK).read_to_end(&mut head)?;
    Ok(head)
}

/// Says what the file seems to be instead.
fn not_an_archive(origin: &str, head: &[u8]) -> BundleError {
    const REPACK: &str = "pack the model's folder again as .zip or .tar.gz";
    const FOLDER: &str = "give the model's whole folder, not one file of it";
    const KNOWN: &[(&[u8], &str, &str)] = &[
        (b"", "an empty file", "copy it again"),
        (b"BZh", "a bzip2 file", REPACK),
        (b"\xfd7zXZ", "an xz file", REPACK),
        (b"\x28\xb5\x2f\xfd", "a zstd file", REPACK),
        (b"7z\xbc\xaf\x27\x1c", "a 7z archive", REPACK),
        (b"Rar!", "a RAR archive", REPACK),
        (b"PAR1", "a Parquet file", FOLDER),
        (b"{", "a JSON file", FOLDER),
    ];
    let known = KNOWN.iter().find(|(magic, ..)| match magic.is_empty() {
        true => head.is_empty(),
        false => head.starts_with(magic),
    });
    let (_, found, hint) = known.unwrap_or(&(b"", "an unknown kind of file", FOLDER));
    BundleError::NotAnArchive { origin: origin.into(), found: (*found).into(), hint }
}

#[cfg(test)]
mod tests;
