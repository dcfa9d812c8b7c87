//! Strings in Parquet's `DELTA_BYTE_ARRAY` and `DELTA_LENGTH_BYTE_ARRAY`, which only its second version writes.
//!
//! The bytes say themselves how many strings there are, whatever the page's header says, and a string may share all of
//! the one before it. So the lengths are read here before memory is taken for the strings. The layout is that of
//! <https://parquet.apache.org/docs/file-format/data-pages/encodings/>.

use super::thrift::Thrift;

/// Whether there are at most `most` lengths, and how many bytes all the strings have together. `prefixed` tells the
/// two encodings apart.
pub(super) fn size(bytes: &[u8], most: u64, prefixed: bool) -> Option<u64> {
    let (shared, rest) = if prefixed { lengths(bytes, most)? } else { (0, bytes) };
    let (own, _) = lengths(rest, most)?;
    shared.checked_add(own)
}

/// The sum of lengths in `DELTA_BINARY_PACKED`, and the bytes behind them.
fn lengths(bytes: &[u8], most: u64) -> Option<(u64, &[u8])> {
    let mut thrift = Thrift::new(bytes);
    let (block, parts, count) = (thrift.varint()?, thrift.varint()?, thrift.varint()?);
    let part = block.checked_div(parts)?;
    if count > most || block % parts != 0 || part == 0 || part % 32 != 0 {
        return None;
    }
    let (part, parts) = (usize::try_from(part).ok()?, usize::try_from(parts).ok()?);
    let mut length = i32::try_from(thrift.int()?).ok()?;
    let mut left = count.saturating_sub(1);
    let mut sum = if count == 0 { 0 } else { u64::try_from(length).ok()? };
    while left > 0 {
        let least = thrift.int()? as i32;
        for &width in thrift.take(parts)? {
            if left == 0 {
                break;
            }
            let packed = thrift.take(part.checked_mul(usize::from(width))? / 8)?;
            let here = left.min(part as u64);
            for place in 0..here as usize {
                let step = bits(packed, place, usize::from(width))?;
                length = length.wrapping_add(least).wrapping_add(step as i32);
                sum = sum.checked_add(u64::try_from(length).ok()?)?;
            }
            left -= here;
        }
    }
    Some((sum, thrift.rest()))
}

/// The number of `width` bits at `place`, the lowest bit first.
fn bits(packed: &[u8], place: usize, width: usize) -> Option<u32> {
    if width > 32 {
        return None;
    }
    let (from, to) = (place * width, (place + 1) * width);
    let bytes = packed.get(from / 8..to.div_ceil(8))?;
    let whole = bytes.iter().rev().fold(0_u64, |whole, &byte| whole << 8 | u64::from(byte));
    u32::try_from((whole >> (from % 8)) & ((1 << width) - 1)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 1, 2, 4, 7: steps of 1, 2, 3 above the least step of 1, in 2 bits; a block is 128 in 4 parts.
    const LENGTHS: &[u8] = &[0x80, 1, 4, 4, 2, 2, 2, 0, 0, 0, 0b10_01_00, 0, 0, 0, 0, 0, 0, 0];

    #[test]
    fn lengths_are_added() {
        assert_eq!(lengths(LENGTHS, 4), Some((14, &[][..])));
        assert_eq!(size(&[LENGTHS, b"abcdefghijklmn"].concat(), 4, false), Some(14));
        assert_eq!(size(&[LENGTHS, LENGTHS].concat(), 4, true), Some(28));
        assert_eq!(lengths(&[0x80, 1, 4, 0, 0], 0), Some((0, &[][..])));
    }

    #[test]
    fn strings_that_share_everything_are_counted_in_full() {
        // One string of 1000 bytes, and 999 more that are the same: no step takes a bit.
        let mut bytes = vec![0x80, 1, 4, 0xe8, 7, 0xd0, 15];
        (0..8).for_each(|_| bytes.extend([0, 0, 0, 0, 0]));
        assert_eq!(lengths(&bytes, 1000), Some((1_000_000, &[][..])));
    }

    #[test]
    fn hostile_lengths_are_refused() {
        assert_eq!(lengths(LENGTHS, 3), None);
        assert_eq!(size(LENGTHS, 4, true), None);
        for end in 0..LENGTHS.len() {
            assert_eq!(lengths(&LENGTHS[..end], 4), None, "cut at {end}");
        }
        let negative = [0x80, 1, 4, 1, 1];
        let no_parts = [0x80, 1, 0, 1, 2];
        let odd_parts = [0x80, 1, 3, 1, 2];
        let wide = [0x80, 1, 4, 2, 2, 2, 33, 0, 0, 0];
        for bytes in [&negative[..], &no_parts, &odd_parts, &wide] {
            assert_eq!(lengths(bytes, 4), None, "{bytes:?}");
        }
    }
}
