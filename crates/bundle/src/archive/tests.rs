//! Telling archives apart, the wrapper folder, and archives that were mutated at random.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

use crate::testing::{MODEL, SMALL, assert_says, contents, expected, gzip, open, refusal, tar, zip};
use crate::{Bundle, BundleError};

fn inside<'a>(top: &str, files: &[(&str, &'a [u8])]) -> Vec<(String, &'a [u8])> {
    files.iter().map(|(path, bytes)| (format!("{top}{path}"), *bytes)).collect()
}

fn borrowed<'a>(files: &'a [(String, &'a [u8])]) -> Vec<(&'a str, &'a [u8])> {
    files.iter().map(|(path, bytes)| (path.as_str(), *bytes)).collect()
}

#[test]
fn opens_every_kind_by_its_content() {
    for bytes in [zip(MODEL), tar(MODEL), gzip(&tar(MODEL))] {
        assert_eq!(contents(&open(&bytes).unwrap()), expected(MODEL));
    }
}

#[test]
fn joins_gzip_members() {
    let bytes = tar(MODEL);
    let (one, other) = bytes.split_at(700);
    assert_eq!(contents(&open(&[gzip(one), gzip(other)].concat()).unwrap()), expected(MODEL));
}

#[test]
fn takes_off_one_wrapping_folder() {
    for top in ["model/", "./model/", "my model.v2/"] {
        let files = inside(top, MODEL);
        for bytes in [zip(&borrowed(&files)), gzip(&tar(&borrowed(&files)))] {
            assert_eq!(contents(&open(&bytes).unwrap()), expected(MODEL), "{top}");
        }
    }
    let twice = inside("a/b/", MODEL);
    assert_eq!(open(&zip(&borrowed(&twice))).unwrap().dirs(), ["b"]);
}

#[test]
fn keeps_what_is_no_wrapper() {
    let two: &[(&str, &[u8])] = &[("a/f", b"1"), ("b/f", b"2")];
    assert_eq!(contents(&open(&zip(two)).unwrap()), expected(two));
    let beside: &[(&str, &[u8])] = &[("a/f", b"1"), ("README", b"2")];
    assert_eq!(contents(&open(&zip(beside)).unwrap()), expected(beside));
    let stage: &[(&str, &[u8])] = &[("metadata/_SUCCESS", b""), ("metadata/part-00000", b"{}")];
    assert_eq!(contents(&open(&zip(stage)).unwrap()), expected(stage));
    let wrapped = inside("metadata2/", stage);
    assert_eq!(contents(&open(&zip(&borrowed(&wrapped))).unwrap()), expected(stage));
}

#[test]
fn overlooks_what_a_mac_adds() {
    let mut files = inside("model/", MODEL);
    files.push(("__MACOSX/model/._metadata".into(), b"x"));
    files.push(("._model".into(), b"x"));
    files.push((".DS_Store".into(), b"x"));
    assert_eq!(contents(&open(&zip(&borrowed(&files))).unwrap()), expected(MODEL));
}

#[test]
fn says_what_a_file_is_instead() {
    for (bytes, found, hint) in [
        (&b""[..], "an empty file", "copy it again"),
        (b"BZh91AY", "a bzip2 file", ".tar.gz"),
        (b"\xfd7zXZ\0", "an xz file", ".tar.gz"),
        (b"\x28\xb5\x2f\xfd", "a zstd file", ".tar.gz"),
        (b"7z\xbc\xaf\x27\x1c", "a 7z archive", ".zip"),
        (b"Rar!\x1a", "a RAR archive", ".zip"),
        (b"PAR1\x15", "a Parquet file", "whole folder"),
        (b"{\"class\"", "a JSON file", "whole folder"),
        (b"hello", "an unknown kind of file", "whole folder"),
    ] {
        assert_says(&refusal(bytes), &["m: expected a model folder", found, hint]);
    }
    assert_says(&refusal(&gzip(b"{}")), &["a gzip file that holds no tar", "tar czf"]);
    assert_says(&refusal(b"\x1f\x8b\x08garbage"), &["damaged"]);
}

#[test]
fn nested_archives_stay_closed() {
    let inner = zip(MODEL);
    let bundle = open(&zip(&[("inner.zip", &inner)])).unwrap();
    assert_eq!(bundle.files(), ["inner.zip"]);
    assert_eq!(bundle.read("inner.zip").unwrap(), inner);
}

/// Whatever was opened keeps to the limits and has only clean names.
fn check(result: Result<Bundle, BundleError>) {
    let Ok(bundle) = result else { return };
    let files = contents(&bundle);
    assert!(!files.is_empty() && files.len() <= SMALL.max_files);
    assert!(files.iter().all(|(_, bytes)| bytes.len() as u64 <= SMALL.max_file_bytes));
    assert!(bundle.size() <= SMALL.max_total_bytes);
    for (path, _) in &files {
        assert!(path.split('/').all(|part| !matches!(part, "" | "." | "..")), "{path:?}");
        assert!(path.split('/').count() <= SMALL.max_depth + 1, "{path:?}");
        assert!(!path.contains(['\\', '\0', '\n']), "{path:?}");
    }
}

/// One change to an archive.
#[derive(Debug, Clone)]
enum Change {
    Set(Index, u8),
    Cut(Index),
    Drop(Index, usize),
    Insert(Index, Vec<u8>),
    /// Copies a piece elsewhere, which makes headers and names collide.
    Copy(Index, Index, usize),
}

impl Change {
    fn apply(&self, bytes: &mut Vec<u8>) {
        if bytes.is_empty() {
            return;
        }
        match self {
            Change::Set(at, value) => {
                let at = at.index(bytes.len());
                bytes[at] = *value;
            }
            Change::Cut(at) => bytes.truncate(at.index(bytes.len())),
            Change::Drop(at, len) => {
                let from = at.index(bytes.len());
                let to = (from + len).min(bytes.len());
                bytes.drain(from..to);
            }
            Change::Insert(at, piece) => {
                let at = at.index(bytes.len());
                bytes.splice(at..at, piece.iter().copied());
            }
            Change::Copy(from, to, len) => {
                let (from, to) = (from.index(bytes.len()), to.index(bytes.len()));
                let piece = bytes[from..(from + len).min(bytes.len())].to_vec();
                let end = (to + piece.len()).min(bytes.len());
                bytes.splice(to..end, piece);
            }
        }
    }
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        6 => (any::<Index>(), any::<u8>()).prop_map(|(at, value)| Change::Set(at, value)),
        1 => any::<Index>().prop_map(Change::Cut),
        1 => (any::<Index>(), 1usize..600).prop_map(|(at, len)| Change::Drop(at, len)),
        1 => (any::<Index>(), vec(any::<u8>(), 1..40)).prop_map(|(at, piece)| Change::Insert(at, piece)),
        2 => (any::<Index>(), any::<Index>(), 1usize..600).prop_map(|(from, to, len)| Change::Copy(from, to, len)),
    ]
}

/// Tar headers carry a checksum; without repairing it most mutations would stop there.
fn repair(bytes: &mut [u8]) {
    for block in bytes.chunks_exact_mut(512) {
        if &block[257..262] == b"ustar" {
            block[148..156].fill(b' ');
            let sum: u32 = block.iter().map(|&byte| u32::from(byte)).sum();
            block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        }
    }
}

fn mutate(mut bytes: Vec<u8>, changes: &[Change]) -> Vec<u8> {
    changes.iter().for_each(|change| change.apply(&mut bytes));
    bytes
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    #[test]
    fn mutated_zips_keep_to_the_limits(changes in vec(change(), 1..6)) {
        check(open(&mutate(zip(MODEL), &changes)));
    }

    #[test]
    fn mutated_tars_keep_to_the_limits(changes in vec(change(), 1..6), repaired: bool) {
        let mut bytes = mutate(tar(MODEL), &changes);
        if repaired {
            repair(&mut bytes);
        }
        check(open(&gzip(&bytes)));
        check(open(&bytes));
    }

    #[test]
    fn mutated_gzips_keep_to_the_limits(changes in vec(change(), 1..4)) {
        check(open(&mutate(gzip(&tar(MODEL)), &changes)));
    }

    #[test]
    fn arbitrary_bytes_never_panic(kind in 0usize..4, tail in vec(any::<u8>(), 0..600)) {
        let magic: [&[u8]; 4] = [b"PK\x03\x04", b"\x1f\x8b\x08\0", b"", b"PK\x05\x06"];
        check(open(&[magic[kind], &tail].concat()));
    }
}
