//! What all stages of a save may ask for together: a few bytes can stand for any number of values.
//!
//! The bounds are far from what Spark writes. Those of data grow with the files that were read, so that the time and
//! the memory that a hostile save takes are those of an honest one of its size.

use std::cell::Cell;

/// The values that data may announce, and so many more for each of their bytes.
const FREE_VALUES: u64 = 1 << 22;
const VALUES_A_BYTE: u64 = 64;
/// The bytes that pages may have unpacked. Deflate packs 1032 to one; Zstandard more, but not for megabytes that a
/// dictionary has not made small before.
const FREE_UNPACKED: u64 = 64 << 20;
const UNPACKED_A_BYTE: u64 = 1100;
/// The bytes that values may take decoded.
const FREE_DECODED: u64 = 256 << 20;
const DECODED_A_BYTE: u64 = 1100;
const MOST_DECODED: u64 = 8 << 30;
/// The zeros that are written out where sparse vectors and matrices become dense.
const ZEROS: u64 = 1 << 24;
/// The bytes that regular expressions may take.
const PATTERNS: u64 = 128 << 20;

/// What is left of what a save may ask for.
#[derive(Debug)]
pub(crate) struct Allowance {
    /// The bytes of data read so far.
    bytes: Cell<u64>,
    values: Cell<u64>,
    unpacked: Cell<u64>,
    decoded: Cell<u64>,
    zeros: Cell<u64>,
    patterns: Cell<u64>,
}

impl Default for Allowance {
    fn default() -> Allowance {
        Allowance {
            bytes: Cell::new(0),
            values: Cell::new(FREE_VALUES),
            unpacked: Cell::new(FREE_UNPACKED),
            decoded: Cell::new(FREE_DECODED),
            zeros: Cell::new(ZEROS),
            patterns: Cell::new(PATTERNS),
        }
    }
}

impl Allowance {
    /// An allowance with this much left.
    #[cfg(test)]
    pub(crate) fn left(values: u64, unpacked: u64, decoded: u64) -> Allowance {
        let [values, unpacked, decoded] = [values, unpacked, decoded].map(Cell::new);
        Allowance { values, unpacked, decoded, ..Allowance::default() }
    }

    /// Grows by what another file of so many bytes warrants.
    pub(crate) fn grow(&self, bytes: usize) {
        let bytes = bytes as u64;
        let add = |to: &Cell<u64>, each: u64| to.set(to.get().saturating_add(each.saturating_mul(bytes)));
        add(&self.bytes, 1);
        add(&self.values, VALUES_A_BYTE);
        add(&self.unpacked, UNPACKED_A_BYTE);
        add(&self.decoded, DECODED_A_BYTE);
    }

    /// Takes this many rows or values.
    pub(crate) fn values(&self, count: u64) -> Result<(), String> {
        take(&self.values, count).ok_or_else(|| self.too_much("announce too many values"))
    }

    /// Takes this many unpacked bytes.
    pub(crate) fn unpacked(&self, count: u64) -> Result<(), String> {
        take(&self.unpacked, count).ok_or_else(|| self.too_much("unpack to too many"))
    }

    /// Takes this many decoded bytes.
    pub(crate) fn decoded(&self, count: u64) -> Result<(), String> {
        self.decoded.set(self.decoded.get().min(MOST_DECODED));
        take(&self.decoded, count).ok_or_else(|| self.too_much("stand for too much text"))
    }

    /// Takes this many zeros that are written out.
    pub(crate) fn zeros(&self, count: usize) -> Result<(), String> {
        take(&self.zeros, count as u64).ok_or_else(|| {
            format!("the sizes in this save are too large: they stand for more than {ZEROS} zeros")
        })
    }

    /// Takes the bytes that a regular expression may take.
    pub(crate) fn pattern(&self, bytes: usize) -> Result<(), String> {
        let taken = take(&self.patterns, bytes as u64);
        taken.ok_or_else(|| format!("regular expressions that take less than {PATTERNS} bytes together"))
    }

    fn too_much(&self, what: &str) -> String {
        format!("the {} bytes of data read so far {what}", self.bytes.get())
    }
}

fn take(left: &Cell<u64>, count: u64) -> Option<()> {
    left.set(left.get().checked_sub(count)?);
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_allowance_grows_with_every_file_and_is_spent() {
        let allowance = Allowance::default();
        allowance.grow(600);
        allowance.grow(400);
        assert_eq!(allowance.values(FREE_VALUES + 64_000), Ok(()));
        assert_eq!(allowance.values(0), Ok(()));
        assert!(allowance.values(1).unwrap_err().contains("the 1000 bytes of data read so far announce"));
        assert!(allowance.unpacked(u64::MAX).unwrap_err().contains("unpack to too many"));
        assert!(allowance.zeros(1 << 24).is_ok() && allowance.zeros(1).is_err());
        assert!(allowance.pattern(1 << 27).is_ok() && allowance.pattern(1).is_err());
    }

    #[test]
    fn no_file_warrants_more_than_the_machine_has() {
        let allowance = Allowance::default();
        allowance.grow(usize::MAX);
        assert!(allowance.decoded(MOST_DECODED).is_ok() && allowance.decoded(1).is_err());
    }
}
