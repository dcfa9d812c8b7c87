//! How much a part file may ask for: a few bytes of Parquet can stand for any number of values.
//!
//! The bounds are far from what Spark writes. They grow with the file, so that the time and the memory that a hostile
//! one takes are those of an honest one of its size.

/// The values that a file may announce, and so many more for each of its bytes.
const FREE_VALUES: u64 = 1 << 22;
const VALUES_A_BYTE: u64 = 64;
/// The bytes that its pages may have unpacked. Deflate packs 1032 to one; Zstandard more, but not for megabytes that a
/// dictionary has not made small before.
const FREE_UNPACKED: u64 = 64 << 20;
const UNPACKED_A_BYTE: u64 = 1100;
/// The bytes that its values may take decoded.
const FREE_DECODED: u64 = 256 << 20;
const DECODED_A_BYTE: u64 = 1100;

/// What is left of what a file may ask for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Budget {
    length: u64,
    values: u64,
    unpacked: u64,
    decoded: u64,
}

impl Budget {
    /// The budget of a file of so many bytes.
    pub(super) fn of(length: usize) -> Budget {
        let length = length as u64;
        let grown = |free: u64, each: u64| free.saturating_add(each.saturating_mul(length));
        Budget {
            length,
            values: grown(FREE_VALUES, VALUES_A_BYTE),
            unpacked: grown(FREE_UNPACKED, UNPACKED_A_BYTE),
            decoded: grown(FREE_DECODED, DECODED_A_BYTE),
        }
    }

    /// A budget with this much left.
    #[cfg(test)]
    pub(super) fn left(values: u64, unpacked: u64, decoded: u64) -> Budget {
        Budget { length: 0, values, unpacked, decoded }
    }

    /// Takes this many rows or values.
    pub(super) fn values(&mut self, count: u64) -> Result<(), String> {
        let Budget { length, .. } = self;
        take(&mut self.values, count).ok_or_else(|| format!("its {length} bytes announce too many values"))
    }

    /// Takes this many unpacked bytes.
    pub(super) fn unpacked(&mut self, count: u64) -> Result<(), String> {
        let Budget { length, .. } = self;
        take(&mut self.unpacked, count).ok_or_else(|| format!("its {length} bytes unpack to too many"))
    }

    /// Takes this many decoded bytes.
    pub(super) fn decoded(&mut self, count: u64) -> Result<(), String> {
        let Budget { length, .. } = self;
        take(&mut self.decoded, count).ok_or_else(|| format!("its {length} bytes stand for too much text"))
    }
}

fn take(left: &mut u64, count: u64) -> Option<()> {
    *left = left.checked_sub(count)?;
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_budget_grows_with_the_file_and_is_spent() {
        let mut budget = Budget::of(1000);
        assert_eq!(budget.values(FREE_VALUES + 64_000), Ok(()));
        assert_eq!(budget.values(0), Ok(()));
        assert!(budget.values(1).unwrap_err().contains("its 1000 bytes announce"));
        assert!(budget.unpacked(u64::MAX).unwrap_err().contains("unpack to too many"));
        assert!(Budget::of(usize::MAX).decoded(u64::MAX).is_ok());
    }
}
