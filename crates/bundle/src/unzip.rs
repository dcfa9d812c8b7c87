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

#[cfg(test)]
mod tests {
    use zip::write::SimpleFileOptions;

    use crate::testing::{MODEL, SMALL, assert_says, contents, expected, open, refusal, swap, zip, zip_with};

    /// The central directory's record of an entry starts so; the mode is in its bytes 38 to 42.
    const CENTRAL: &[u8] = b"PK\x01\x02";

    fn set_mode(mut bytes: Vec<u8>, mode: u32) -> Vec<u8> {
        let at = bytes.windows(4).position(|four| four == CENTRAL).unwrap();
        bytes[at + 5] = 3; // made by Unix
        bytes[at + 38..at + 42].copy_from_slice(&(mode << 16).to_le_bytes());
        bytes
    }

    #[test]
    fn reads_deflated_and_stored_entries_and_skips_folders() {
        let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
        let bytes = zip_with(|zip, options| {
            zip.add_directory("data/", options).unwrap();
            zip.start_file("a.json", options).unwrap();
            std::io::Write::write_all(zip, b"{}").unwrap();
            zip.start_file("data/b", stored).unwrap();
            std::io::Write::write_all(zip, &[7; 300]).unwrap();
        });
        let bundle = open(&bytes).unwrap();
        assert_eq!(contents(&bundle), expected(&[("a.json", b"{}"), ("data/b", &[7; 300])]));
    }

    #[test]
    fn refuses_encrypted_entries() {
        let mut bytes = zip(&[("a", b"12")]);
        let central = bytes.windows(4).position(|four| four == CENTRAL).unwrap();
        bytes[6] |= 1;
        bytes[central + 8] |= 1;
        assert_says(&refusal(&bytes), &["m: entry \"a\" is encrypted", "without a password"]);
    }

    #[test]
    fn refuses_links_and_devices() {
        let bytes = zip_with(|zip, options| zip.add_symlink("link", "/etc/passwd", options).unwrap());
        assert_says(&refusal(&bytes), &["\"link\" is a link or a device"]);
        let device = set_mode(zip(&[("tty", b"")]), 0o020_666);
        assert_says(&refusal(&device), &["\"tty\" is a link or a device"]);
        assert!(open(&set_mode(zip(&[("tty", b"")]), 0o100_666)).is_ok());
    }

    #[test]
    fn refuses_other_compressions() {
        let mut bytes = zip(&[("a", b"12")]);
        let central = bytes.windows(4).position(|four| four == CENTRAL).unwrap();
        bytes[8] = 12;
        bytes[central + 10] = 12;
        assert_says(&refusal(&bytes), &["\"a\" is compressed by", "deflate"]);
    }

    #[test]
    fn refuses_unsafe_names() {
        let bytes = zip(&[("abcd/ef", b"12")]);
        for (name, problem) in [
            ("../d/ef", "'..'"),
            ("abc/../", "'..'"),
            ("/bcd/ef", "absolute"),
            ("C:/d/ef", "Windows drive"),
            ("ab\\d/ef", "backslash"),
            ("ab\0d/ef", "control character"),
        ] {
            let message = refusal(&swap(&bytes, b"abcd/ef", name.as_bytes()));
            assert_says(&message, &["m: file name", problem]);
        }
        assert_says(&refusal(&swap(&bytes, b"abcd/ef", b"ab\xffd/ef")), &["not UTF-8"]);
    }

    #[test]
    fn refuses_duplicates_even_when_spelt_differently() {
        let bytes = zip(&[("abcd", b"1"), ("efgh", b"2")]);
        assert_says(&refusal(&swap(&bytes, b"efgh", b"abcd")), &["is there twice"]);
        let bytes = zip(&[("a/b", b"1"), ("a/x/b", b"2")]);
        assert_says(&refusal(&swap(&bytes, b"a/x/b", b"a/./b")), &["\"a/./b\" is there twice"]);
    }

    #[test]
    fn refuses_more_than_the_limits() {
        let many: Vec<String> = (0..21).map(|i| format!("f{i}")).collect();
        let many: Vec<(&str, &[u8])> = many.iter().map(|name| (name.as_str(), &b""[..])).collect();
        assert!(open(&zip(&many[..20])).is_ok());
        assert_says(&refusal(&zip(&many)), &["more files and folders", "limit of 20", "max_files"]);
        assert!(open(&zip(&[("1/2/3/4/5/f", b"")])).is_ok());
        assert_says(&refusal(&zip(&[("f", b""), ("1/2/3/4/5/6/f", b"")])), &["more folders", "max_depth"]);
        assert!(open(&zip(&[("f", &[0; 10_000])])).is_ok());
        assert_says(&refusal(&zip(&[("f", &[0; 10_001])])), &["file \"f\" has more bytes", "max_file_bytes"]);
        let third: (&str, &[u8]) = ("c", &[0; 7_000]);
        assert_says(
            &refusal(&zip(&[("a", third.1), ("b", third.1), third])),
            &["together", "max_total_bytes"],
        );
    }

    #[test]
    fn stops_a_bomb_that_lies_about_its_size() {
        let mut bytes = zip(&[("bomb", &vec![0; 5_000_000])]);
        let central = bytes.windows(4).position(|four| four == CENTRAL).unwrap();
        bytes[22..26].copy_from_slice(&9u32.to_le_bytes());
        bytes[central + 24..central + 28].copy_from_slice(&9u32.to_le_bytes());
        assert_says(&refusal(&bytes), &["damaged", "entry \"bomb\"", "larger than its declared"]);
    }

    #[test]
    fn refuses_a_directory_that_takes_too_much_memory() {
        let names: Vec<String> = (0..40_000).map(|i| format!("{i:060}")).collect();
        let files: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b""[..])).collect();
        let budget = 512 * SMALL.max_files + (1 << 20);
        let bytes = zip(&files);
        assert!(bytes.len() > 2 * budget);
        assert_says(&refusal(&bytes), &["max_files"]);
    }

    #[test]
    fn refuses_overlapping_entries() {
        let mut bytes = zip(&[("a", b"same"), ("b", b"same")]);
        let last = bytes.windows(4).rposition(|four| four == CENTRAL).unwrap();
        bytes[last + 42..last + 46].copy_from_slice(&0u32.to_le_bytes());
        assert_says(&refusal(&bytes), &["overlap"]);
    }

    #[test]
    fn reports_damage() {
        let bytes = zip(&[("a", &[1, 2, 3, 4, 5])]);
        assert_says(&refusal(&bytes[..bytes.len() - 30]), &["damaged"]);
        let stored = zip_with(|zip, options| {
            zip.start_file("a", options.compression_method(zip::CompressionMethod::Stored)).unwrap();
            std::io::Write::write_all(zip, b"content").unwrap();
        });
        assert_says(&refusal(&swap(&stored, b"content", b"CONTENT")), &["damaged", "\"a\""]);
        assert_says(&refusal(&zip(&[])), &["holds no files"]);
        assert!(open(&zip(MODEL)).is_ok());
    }
}
