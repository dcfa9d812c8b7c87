//! Digests of texts: the bytes of their UTF-8, the answers in small hexadecimal digits.

use md5::Md5;
use sha1::Sha1;
use sha2::digest::Digest;
use sha2::{Sha224, Sha256, Sha384, Sha512};

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(super) fn md5(text: &str) -> String {
    hexadecimal(&Md5::digest(text))
}

pub(super) fn sha1(text: &str) -> String {
    hexadecimal(&Sha1::digest(text))
}

/// SHA-2 of so many bits, of 256 for 0; `None` for a size that it does not have.
pub(super) fn sha2(text: &str, bits: i32) -> Option<String> {
    Some(match bits {
        0 | 256 => hexadecimal(&Sha256::digest(text)),
        224 => hexadecimal(&Sha224::digest(text)),
        384 => hexadecimal(&Sha384::digest(text)),
        512 => hexadecimal(&Sha512::digest(text)),
        _ => return None,
    })
}

/// The checksum of zip files.
pub(super) fn crc32(text: &str) -> i64 {
    i64::from(crc32fast::hash(text.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digests_are_those_of_their_standards() {
        assert_eq!(md5("abc"), "900150983cd24fb0d6963f7d28e17f72");
        assert_eq!(sha1("abc"), "a9993e364706816aba3e25717850c26c9cd0d89d");
        assert!(sha2("abc", 0).unwrap().starts_with("ba7816bf8f01cfea") && sha2("abc", 1).is_none());
        assert_eq!((crc32("123456789"), crc32("")), (0xcbf4_3926, 0));
    }
}
