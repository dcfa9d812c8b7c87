//! The bounds that a model's files must keep to.

/// How much a bundle may hold. What is over a limit is refused while it is being read, not after.
///
/// An archive is inflated into memory when it is opened, so `max_total_bytes` and `max_expansion` also bound the memory
/// it takes; a folder is only listed, and each file is read when it is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Most files and folders together.
    pub max_files: usize,
    /// Most folders one inside the other.
    pub max_depth: usize,
    /// Most bytes in one file, uncompressed.
    pub max_file_bytes: u64,
    /// Most bytes in all files together, uncompressed.
    pub max_total_bytes: u64,
    /// Most bytes that an archive's files may have together for each byte of the archive, beyond the first 256 MiB.
    pub max_expansion: u64,
}

/// What any archive may inflate to: a model of nothing but zeros is small when it is packed.
const FREE_EXPANSION: u64 = 256 << 20;

impl Limits {
    /// Most bytes that the files of an archive of so many bytes may have together.
    pub(crate) fn inflated(&self, archive: u64) -> u64 {
        let expanded = archive.saturating_mul(self.max_expansion).saturating_add(FREE_EXPANSION);
        self.max_total_bytes.min(expanded)
    }
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            max_files: 100_000,
            max_depth: 64,
            max_file_bytes: 2 << 30,
            max_total_bytes: 4 << 30,
            max_expansion: 100,
        }
    }
}
