//! Archives for the tests, good and hostile ones.

use std::io::{Cursor, Write};

use flate2::Compression;
use flate2::write::GzEncoder;
use tar::{EntryType, Header};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::{Bundle, BundleError, Limits};

/// A small model: two stages, a marker and a hidden file.
pub(crate) const MODEL: &[(&str, &[u8])] = &[
    ("metadata/_SUCCESS", b""),
    ("metadata/.part-00000.crc", b"crc"),
    ("metadata/part-00000", b"{\"class\":\"org.example.Model\"}"),
    ("stages/0_a/metadata/part-00000", b"{}"),
];

/// Limits that a test reaches quickly.
pub(crate) const SMALL: Limits = Limits {
    max_files: 20,
    max_depth: 5,
    max_file_bytes: 10_000,
    max_total_bytes: 20_000,
    max_expansion: 100,
};

pub(crate) fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    zip_with(|zip, options| {
        for (name, bytes) in files {
            zip.start_file(*name, options).unwrap();
            zip.write_all(bytes).unwrap();
        }
    })
}

pub(crate) fn zip_with(fill: impl FnOnce(&mut ZipWriter<Cursor<Vec<u8>>>, SimpleFileOptions)) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    fill(&mut zip, SimpleFileOptions::default());
    zip.finish().unwrap().into_inner()
}

/// One tar entry; the name goes into the header as it is.
pub(crate) fn tar_entry(name: &[u8], kind: EntryType, content: &[u8]) -> Vec<u8> {
    let mut header = Header::new_gnu();
    header.as_old_mut().name[..name.len()].copy_from_slice(name);
    header.set_entry_type(kind);
    header.set_size(content.len() as u64);
    header.set_mode(0o644);
    header.set_cksum();
    let mut bytes = [header.as_bytes(), content].concat();
    bytes.resize(bytes.len().next_multiple_of(512), 0);
    bytes
}

pub(crate) fn tar(files: &[(&str, &[u8])]) -> Vec<u8> {
    let entries = files.iter().map(|(name, bytes)| tar_entry(name.as_bytes(), EntryType::Regular, bytes));
    tar_end(&entries.collect::<Vec<_>>().concat())
}

/// The entries with the two empty blocks that end an archive.
pub(crate) fn tar_end(entries: &[u8]) -> Vec<u8> {
    [entries, &[0; 1024]].concat()
}

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    gzip.write_all(bytes).unwrap();
    gzip.finish().unwrap()
}

/// Every occurrence of `from` replaced by `to` of the same length.
pub(crate) fn swap(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let mut bytes = bytes.to_vec();
    let mut found = 0;
    for at in 0..=bytes.len() - from.len() {
        if bytes[at..].starts_with(from) {
            bytes[at..at + to.len()].copy_from_slice(to);
            found += 1;
        }
    }
    assert!(found > 0, "nothing to swap");
    bytes
}

pub(crate) fn open(bytes: &[u8]) -> Result<Bundle, BundleError> {
    Bundle::from_archive("m", bytes, &SMALL)
}

/// The message of the error that opening `bytes` ends in.
pub(crate) fn refusal(bytes: &[u8]) -> String {
    open(bytes).unwrap_err().to_string()
}

/// Fails unless `message` holds every part.
#[track_caller]
pub(crate) fn assert_says(message: &str, parts: &[&str]) {
    for part in parts {
        assert!(message.contains(part), "{message:?} does not say {part:?}");
    }
}

/// Paths and contents of everything in the bundle.
pub(crate) fn contents(bundle: &Bundle) -> Vec<(String, Vec<u8>)> {
    bundle.files().into_iter().map(|path| (path.clone(), bundle.read(&path).unwrap().to_vec())).collect()
}

/// What [`contents`] should give for `files`.
pub(crate) fn expected(files: &[(&str, &[u8])]) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<_> = files.iter().map(|(path, bytes)| ((*path).to_owned(), bytes.to_vec())).collect();
    files.sort();
    files
}
