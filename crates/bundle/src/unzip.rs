//! Zip archives: stored and deflated entries, read by the central directory.
//!
//! The format is PKWARE's APPNOTE.TXT, <https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT>.

use std::io::{BufReader, Read, Seek};

use zip::result::ZipError;
use zip::{CompressionMethod, ZipArchive};

use crate::collect::{Collector, too_many};
use crate::metered::{Budget, Metered};
use crate::{BundleError, Limits, names};

/// Bytes of directory that an entry may take on average: the record of 46 bytes, its name and its extra fields.
const RECORD: u64 = 512;

/// The file type bits of a Unix mode, and their value for a file and for a folder.
const TYPE_BITS: u32 = 0o170_000;
const TYPE_FILE: u32 = 0o100_000;
const TYPE_FOLDER: u32 = 0o040_000;

/// Reads every entry of `archive` into `files`.
pub(crate) fn read<'a, R: Read + Seek>(
    archive: R,
    mut files: Collector<'a>,
    limits: &Limits,
) -> Result<Collector<'a>, BundleError> {
    let origin = files.origin();
    let damaged = |error: ZipError| BundleError::Damaged { origin: origin.into(), detail: error.to_string() };
    let budget = Budget::new(RECORD.saturating_mul(limits.max_files as u64).saturating_add(1 << 20));
    let opened = ZipArchive::new(BufReader::new(Metered::new(archive, budget.clone())));
    if budget.overdrawn() {
        return Err(too_many(origin, limits));
    }
    let mut archive = opened.map_err(damaged)?;
    budget.reset(u64::MAX);
    if archive.len() > limits.max_files {
        return Err(too_many(origin, limits));
    }
    if archive.has_duplicate_names() {
        return Err(BundleError::Duplicate { origin: origin.into(), name: "an entry".into() });
    }
    if archive.has_overlapping_entries().map_err(damaged)? {
        let detail = "entries overlap, as in a zip bomb".into();
        return Err(BundleError::Damaged { origin: origin.into(), detail });
    }
    for index in 0..archive.len() {
        let entry = archive.by_index_data(index).map_err(damaged)?;
        let (name, declared) = (entry.name_raw().to_vec(), entry.size());
        let special = special(entry.encrypted(), entry.compression(), entry.unix_mode());
        if let Some((kind, hint)) = special {
            let name = names::shown(&name);
            return Err(BundleError::Refused { origin: origin.into(), name, kind, hint });
        }
        if entry.is_dir() {
            files.folder(&name)?;
        } else {
            let content = archive.by_index(index).map_err(damaged)?;
            files.file(&name, declared, content)?;
        }
    }
    Ok(files)
}

/// Why an entry is no plain file or folder, and what to do about it.
fn special(encrypted: bool, method: CompressionMethod, mode: Option<u32>) -> Option<(String, &'static str)> {
    if encrypted {
        return Some(("encrypted".into(), "pack the model without a password"));
    }
    if !matches!(method, CompressionMethod::Stored | CompressionMethod::Deflated) {
        return Some((
            format!("compressed by {method}"),
            "pack the model with the usual deflate compression",
        ));
    }
    match mode.unwrap_or_default() & TYPE_BITS {
        0 | TYPE_FILE | TYPE_FOLDER => None,
        _ => Some(("a link or a device".into(), "pack the files themselves, as zip does without --symlinks")),
    }
}
