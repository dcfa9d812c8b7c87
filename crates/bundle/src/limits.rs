//! The bounds that a model's files must keep to.

/// How much a bundle may hold. What is over a limit is refused while it is being read, not after.
///
/// An archive is inflated into memory when it is opened, so `max_total_bytes` also bounds the memory it takes;
/// a folder is only listed, and each file is read when it is asked for.
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
}

impl Default for Limits {
    fn default() -> Self {
        Limits { max_files: 100_000, max_depth: 64, max_file_bytes: 2 << 30, max_total_bytes: 4 << 30 }
    }
}
