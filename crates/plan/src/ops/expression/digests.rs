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

/// A digest that codes of messages are made with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MacDigest {
    /// MD5.
    Md5,
    /// SHA-1.
    Sha1,
    /// SHA-2 of 224 bits.
    Sha224,
    /// SHA-2 of 256 bits.
    Sha256,
    /// SHA-2 of 384 bits.
    Sha384,
    /// SHA-2 of 512 bits.
    Sha512,
}

impl MacDigest {
    /// The code of a message by a key, as RFC 2104 has it.
    pub(super) fn hmac(self, key: &[u8], message: &[u8]) -> Vec<u8> {
        let block = if matches!(self, MacDigest::Sha384 | MacDigest::Sha512) { 128 } else { 64 };
        let mut whole = if key.len() > block { self.of(key) } else { key.to_vec() };
        whole.resize(block, 0);
        let padded = |pad: u8, rest: &[u8]| -> Vec<u8> {
            whole.iter().map(|byte| byte ^ pad).chain(rest.iter().copied()).collect()
        };
        self.of(&padded(0x5c, &self.of(&padded(0x36, message))))
    }

    fn of(self, bytes: &[u8]) -> Vec<u8> {
        match self {
            MacDigest::Md5 => Md5::digest(bytes).to_vec(),
            MacDigest::Sha1 => Sha1::digest(bytes).to_vec(),
            MacDigest::Sha224 => Sha224::digest(bytes).to_vec(),
            MacDigest::Sha256 => Sha256::digest(bytes).to_vec(),
            MacDigest::Sha384 => Sha384::digest(bytes).to_vec(),
            MacDigest::Sha512 => Sha512::digest(bytes).to_vec(),
        }
    }
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
