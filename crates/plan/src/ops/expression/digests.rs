//! Digests of bytes, in small hexadecimal digits.

use md5::Md5;
use sha1::Sha1;
use sha2::digest::Digest;
use sha2::{Sha224, Sha256, Sha384, Sha512};

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(super) fn md5(bytes: &[u8]) -> String {
    hexadecimal(&Md5::digest(bytes))
}

pub(super) fn sha1(bytes: &[u8]) -> String {
    hexadecimal(&Sha1::digest(bytes))
}

/// SHA-2 of so many bits, of 256 for 0; `None` for a size that it does not have.
pub(super) fn sha2(bytes: &[u8], bits: i32) -> Option<String> {
    Some(match bits {
        0 | 256 => hexadecimal(&Sha256::digest(bytes)),
        224 => hexadecimal(&Sha224::digest(bytes)),
        384 => hexadecimal(&Sha384::digest(bytes)),
        512 => hexadecimal(&Sha512::digest(bytes)),
        _ => return None,
    })
}

/// The checksum of zip files.
pub(super) fn crc32(bytes: &[u8]) -> i64 {
    i64::from(crc32fast::hash(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digests_are_those_of_their_standards() {
        assert_eq!(md5(b"abc"), "900150983cd24fb0d6963f7d28e17f72");
        assert_eq!(sha1(b"abc"), "a9993e364706816aba3e25717850c26c9cd0d89d");
        assert!(sha2(b"abc", 0).unwrap().starts_with("ba7816bf8f01cfea") && sha2(b"abc", 1).is_none());
        assert_eq!((crc32(b"123456789"), crc32(b"")), (0xcbf4_3926, 0));
    }
}
