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
        OVERHEAD.saturating_mul(limits.max_files as u64).saturating_add(files.most()).saturating_add(1 << 20),
    );
    let (origin, most) = (files.origin(), files.most());
    read_metered(Metered::new(archive, budget.clone()), files).map_err(|error| match budget.overdrawn() {
        true => BundleError::TooLarge {
            origin: origin.into(),
            what: "the archive has more bytes with its headers".into(),
            limit: most,
            name: if most < limits.max_total_bytes { "max_expansion" } else { "max_total_bytes" },
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

#[cfg(test)]
mod tests {
    use tar::EntryType;

    use super::*;
    use crate::testing::{
        SMALL, assert_says, contents, expected, gzip, open, refusal, tar, tar_end, tar_entry,
    };

    fn one(name: &[u8], kind: EntryType, content: &[u8]) -> Vec<u8> {
        tar_end(&tar_entry(name, kind, content))
    }

    fn pax(records: &[(&str, &str)]) -> Vec<u8> {
        let mut text = String::new();
        for (key, value) in records {
            let bare = key.len() + value.len() + 3;
            let digits = (bare + 2).to_string().len();
            text.push_str(&format!("{} {key}={value}\n", bare + digits));
        }
        tar_entry(b"PaxHeader", EntryType::XHeader, text.as_bytes())
    }

    #[test]
    fn reads_files_of_every_header_kind() {
        let long = format!("{}/f", "d".repeat(150));
        let parts = [
            tar_entry(b"old/", EntryType::Regular, b""),
            tar_entry(b"./a", EntryType::Regular, b"A"),
            tar_entry(b"././@LongLink", EntryType::GNULongName, format!("{long}\0").as_bytes()),
            tar_entry(b"cut", EntryType::Regular, b"B"),
            tar_entry(b"pax_global_header", EntryType::XGlobalHeader, b"13 comment=x\n"),
            pax(&[("path", "p/é"), ("size", "1")]),
            tar_entry(b"cut", EntryType::Regular, b"C"),
            tar_entry(b"last", EntryType::Continuous, b"D"),
        ];
        let bundle = open(&tar_end(&parts.concat())).unwrap();
        assert_eq!(contents(&bundle), expected(&[("a", b"A"), (&long, b"B"), ("p/é", b"C"), ("last", b"D")]));
    }

    #[test]
    fn refuses_links_devices_and_unknown_kinds() {
        for (kind, word) in [
            (EntryType::Symlink, "symbolic link"),
            (EntryType::Link, "hard link"),
            (EntryType::Char, "device"),
            (EntryType::Block, "device"),
            (EntryType::Fifo, "pipe"),
            (EntryType::GNUSparse, "sparse"),
            (EntryType::new(b'V'), "unknown kind"),
        ] {
            let message = refusal(&one(b"x", kind, b""));
            assert_says(&message, &["m: entry \"x\" is", word, "refused", "tar czhf"]);
        }
    }

    #[test]
    fn refuses_unsafe_names() {
        for (name, problem) in [
            (&b"../a"[..], "'..'"),
            (b"a/../../b", "'..'"),
            (b"/etc/passwd", "absolute"),
            (b"c:a", "Windows drive"),
            (b"a\\b", "backslash"),
            (b"a\nb", "control character"),
            (b"a\xff", "not UTF-8"),
            (b"./", "is empty"),
        ] {
            assert_says(&refusal(&one(name, EntryType::Continuous, b"1")), &["m: file name", problem]);
        }
        let long = tar_entry(b"L", EntryType::GNULongName, "n".repeat(5_000).as_bytes());
        let bytes = tar_end(&[long, tar_entry(b"cut", EntryType::Regular, b"")].concat());
        assert_says(&refusal(&bytes), &["longer than 4096 bytes", "…"]);
        let hidden = tar_end(&[pax(&[("path", "../a")]), tar_entry(b"a", EntryType::Regular, b"")].concat());
        assert_says(&refusal(&hidden), &["'..'"]);
        assert_says(&refusal(&one(b"../d", EntryType::Directory, b"")), &["'..'"]);
    }

    #[test]
    fn refuses_duplicates_and_files_that_are_folders() {
        assert_says(&refusal(&tar(&[("a", b"1"), ("./a", b"2")])), &["is there twice"]);
        assert_says(&refusal(&tar(&[("a/b", b"1"), ("a", b"2")])), &["\"a\" (as file and folder)"]);
        assert!(open(&tar(&[("a/b", b"1"), ("a-b", b"2")])).is_ok());
    }

    #[test]
    fn refuses_contradicting_and_oversized_headers() {
        let sizes = tar_end(&[pax(&[("size", "3")]), tar_entry(b"a", EntryType::Regular, b"1")].concat());
        assert_says(&refusal(&sizes), &["damaged", "two sizes"]);
        let sparse = [pax(&[("GNU.sparse.major", "1")]), tar_entry(b"a", EntryType::Regular, b"1")].concat();
        assert_says(&refusal(&tar_end(&sparse)), &["sparse"]);
        let big = tar_entry(b"L", EntryType::GNULongName, &vec![b'n'; (MAX_EXTENSION + 1) as usize]);
        assert_says(&refusal(&tar_end(&big)), &["over 1 MiB"]);
    }

    #[test]
    fn refuses_more_than_the_limits() {
        let folders: Vec<u8> =
            (0..21).flat_map(|i| tar_entry(format!("d{i}/").as_bytes(), EntryType::Directory, b"")).collect();
        assert_says(&refusal(&tar_end(&folders)), &["more files and folders", "limit of 20"]);
        assert_says(&refusal(&one(b"1/2/3/4/5/6", EntryType::Directory, b"")), &["max_depth"]);
        assert_says(&refusal(&tar(&[("f", &[0; 10_001])])), &["max_file_bytes"]);
        let third: &[u8] = &[0; 7_000];
        assert_says(&refusal(&tar(&[("a", third), ("b", third), ("c", third)])), &["max_total_bytes"]);
    }

    /// The archive never ends, so the test only ends if reading stops at the limits.
    #[test]
    fn stops_endless_archives() {
        let endless = |head: Vec<u8>| {
            let stream = io::Cursor::new(head).chain(io::repeat(0));
            read(stream, Collector::new("m", &SMALL), &SMALL).map(drop).unwrap_err().to_string()
        };
        assert_says(&endless(tar(&[("a", b"1")])), &["with its headers", "max_total_bytes"]);
        let name = tar_entry(b"g", EntryType::XGlobalHeader, b"");
        assert_says(&endless(resized(name, 8_000_000_000)), &["with its headers"]);
        let file = tar_entry(b"f", EntryType::Regular, b"");
        assert_says(&endless(resized(file, 8_000_000_000)), &["max_file_bytes"]);
    }

    fn resized(entry: Vec<u8>, size: u64) -> Vec<u8> {
        let mut header = Header::from_byte_slice(&entry[..512]).clone();
        header.set_size(size);
        header.set_cksum();
        header.as_bytes().to_vec()
    }

    #[test]
    fn reports_damage() {
        let bytes = tar(&[("a", &[1; 600]), ("b", b"2")]);
        assert_says(&refusal(&bytes[..700]), &["damaged", "\"a\""]);
        assert_says(&refusal(&bytes[..1800]), &["damaged"]);
        let mut header = bytes.clone();
        header[1536] ^= 1;
        assert_says(&refusal(&header), &["damaged", "checksum"]);
        let packed = gzip(&bytes);
        assert_says(&refusal(&packed[..packed.len() - 9]), &["damaged"]);
        let mut checksum = packed.clone();
        let at = packed.len() - 6;
        checksum[at] ^= 1;
        assert_says(&refusal(&checksum), &["damaged"]);
        assert_says(&refusal(&tar(&[])), &["holds no files"]);
        assert!(open(&packed).is_ok());
    }
}
