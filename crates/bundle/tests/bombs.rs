//! Archives made to do harm: each is refused soon and in little memory.

#![cfg(test)]

use std::io::{Cursor, Write};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use firesteel_bundle::{Bundle, Limits};
use flate2::Compression;
use flate2::write::GzEncoder;
use tar::{EntryType, Header};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// Counts the bytes that are allocated.
#[global_allocator]
static HEAP: peak_alloc::PeakAlloc = peak_alloc::PeakAlloc;

/// One attempt at a time: the bytes are those of the whole process.
static ALONE: Mutex<()> = Mutex::new(());

/// The longest that a refusal may take, on a busy machine and without optimization.
const TIME: Duration = Duration::from_secs(20);

/// The message that opening ends in under the default limits, with at most so many MiB held on the way.
#[track_caller]
fn refusal(archive: &[u8], most: usize) -> String {
    let alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let before = HEAP.current_usage();
    HEAP.reset_peak_usage();
    let start = Instant::now();
    let opened = Bundle::from_archive("m", archive, &Limits::default());
    let (took, peak) = (start.elapsed(), HEAP.peak_usage().saturating_sub(before) >> 20);
    drop(alone);
    let message = opened.map(|bundle| bundle.size()).unwrap_err().to_string();
    assert!(took < TIME, "it took {took:?}: {message}");
    assert!(peak < most, "it took {peak} MiB: {message}");
    message
}

#[track_caller]
fn assert_says(message: &str, words: &str) {
    assert!(message.contains(words), "{message:?} does not say {words:?}");
}

fn zip(fill: impl FnOnce(&mut ZipWriter<Cursor<Vec<u8>>>)) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    fill(&mut zip);
    zip.finish().unwrap().into_inner()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    gzip.write_all(bytes).unwrap();
    gzip.finish().unwrap()
}

/// Gzip of `head` and then so many MiB of zeros.
fn gzip_zeros(head: &[u8], megabytes: usize) -> Vec<u8> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    gzip.write_all(head).unwrap();
    let zeros = vec![0; 1 << 20];
    (0..megabytes).for_each(|_| gzip.write_all(&zeros).unwrap());
    gzip.finish().unwrap()
}

/// A tar header that announces `size` bytes.
fn header(name: &str, kind: EntryType, size: u64) -> Vec<u8> {
    let mut header = Header::new_gnu();
    header.set_path(name).unwrap();
    header.set_entry_type(kind);
    header.set_size(size);
    header.set_mode(0o644);
    header.set_cksum();
    header.as_bytes().to_vec()
}

#[test]
fn zeros_without_end_are_refused_before_it_is_unpacked() {
    let zeros = vec![0; 1 << 20];
    let bomb = zip(|zip| {
        zip.start_file("data/part-00000", SimpleFileOptions::default()).unwrap();
        (0..300).for_each(|_| zip.write_all(&zeros).unwrap());
    });
    assert_says(&refusal(&bomb, 8), "bytes inflate to more, as those of a zip bomb do");
    let bomb = gzip_zeros(&header("part-00000", EntryType::Regular, 300 << 20), 300);
    assert_says(&refusal(&bomb, 8), "max_expansion");
}

#[test]
fn many_files_of_zeros_are_refused_together() {
    let zeros = vec![0; 16 << 20];
    let bomb = zip(|zip| {
        for at in 0..20 {
            zip.start_file(format!("part-{at}"), SimpleFileOptions::default()).unwrap();
            zip.write_all(&zeros).unwrap();
        }
    });
    assert_says(&refusal(&bomb, 400), "max_expansion");
}

#[test]
fn a_million_entries_are_refused() {
    let many = |count: usize| {
        zip(|zip| {
            let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
            (0..count).for_each(|at| zip.start_file(format!("{at:x}"), stored).unwrap());
        })
    };
    assert_says(&refusal(&many(1_000_000), 300), "max_files");
    assert_says(&refusal(&many(100_001), 300), "max_files");
    let headers: Vec<u8> =
        (0..100_001).flat_map(|at| header(&format!("{at}/"), EntryType::Directory, 0)).collect();
    assert_says(&refusal(&headers, 4), "max_files");
    assert_says(&refusal(&gzip(&headers), 4), "max_files");
}

#[test]
fn sizes_that_no_disk_has_are_refused() {
    for size in [1 << 40, 1 << 62, 1 << 63, u64::MAX] {
        let bytes = header("f", EntryType::Regular, size);
        for archive in [&bytes, &gzip_zeros(&bytes, 4)] {
            let message = refusal(archive, 4);
            assert!(message.contains("max_file_bytes") || message.contains("size overflow"), "{message}");
        }
        for kind in [EntryType::GNULongName, EntryType::XHeader, EntryType::XGlobalHeader] {
            assert_says(&refusal(&header("f", kind, size), 4), "");
        }
    }
}

#[test]
fn zeros_behind_the_archive_are_not_kept() {
    let mut bytes = header("f", EntryType::Regular, 0);
    bytes.extend([0; 1024]);
    let bomb = gzip_zeros(&bytes, 300);
    let limits = Limits { max_files: 100, ..Limits::default() };
    let message = Bundle::from_archive("m", &bomb, &limits).map(drop).unwrap_err().to_string();
    assert_says(&message, "with its headers");
}

#[test]
fn archives_in_archives_are_files_like_others() {
    let mut bytes = vec![0; 1 << 20];
    for _ in 0..5 {
        bytes = zip(|zip| {
            for at in 0..10 {
                zip.start_file(format!("{at}.zip"), SimpleFileOptions::default()).unwrap();
                zip.write_all(&bytes).unwrap();
            }
        });
    }
    let bundle = Bundle::from_archive("m", &bytes, &Limits::default()).unwrap();
    assert_eq!(bundle.files().len(), 10);
    assert!(bundle.size() < 1 << 20);
}

#[test]
fn zeros_of_a_small_model_are_no_bomb() {
    let zeros = vec![0; 32 << 20];
    let model = zip(|zip| {
        zip.start_file("data/part-00000", SimpleFileOptions::default()).unwrap();
        zip.write_all(&zeros).unwrap();
    });
    assert_eq!(Bundle::from_archive("m", &model, &Limits::default()).unwrap().size(), 32 << 20);
}
