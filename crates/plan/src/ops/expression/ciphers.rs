//! AES as Java's providers have it: ECB and CBC with PKCS#7, and GCM with a code of 128 bits at the end.

use aes::cipher::{Array, BlockCipherDecrypt, BlockCipherEncrypt, BlockSizeUser, KeyInit};
use aes::{Aes128, Aes192, Aes256};
use aes_gcm::AesGcm;
use aes_gcm::aead::consts::U12;
use aes_gcm::aead::{Aead, Payload};

/// How the blocks follow each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CipherMode {
    /// Each by itself.
    Ecb,
    /// Each on top of the one before, the first on bytes that stand in front.
    Cbc,
    /// Numbered, from bytes that stand in front, with a code at the end.
    Gcm,
}

const BLOCK: usize = 16;
const NONCE: usize = 12;

/// What a message is written with.
pub(super) struct Sealed<'a> {
    pub(super) key: &'a [u8],
    /// The bytes that stand in front.
    pub(super) first: &'a [u8],
    /// What the code at the end tells to be the same too.
    pub(super) beside: &'a [u8],
}

/// Runs `$body` with `$Aes` as the cipher for the length of a key.
macro_rules! by_key {
    ($key:expr, $Aes:ident => $body:expr) => {
        match $key.len() {
            16 => {
                type $Aes = Aes128;
                $body
            }
            24 => {
                type $Aes = Aes192;
                $body
            }
            32 => {
                type $Aes = Aes256;
                $body
            }
            _ => Err("a key of 16, 24 or 32 bytes"),
        }
    };
}

impl CipherMode {
    /// The bytes in front and the message, or what was expected of them.
    pub(super) fn encrypt(self, message: &[u8], with: &Sealed) -> Result<Vec<u8>, &'static str> {
        let first = self.first(with)?;
        by_key!(with.key, Aes => {
            let mut made = first.to_vec();
            if self == CipherMode::Gcm {
                let cipher = AesGcm::<Aes, U12>::new_from_slice(with.key).map_err(|_| KEY)?;
                let nonce = Array::try_from(first).map_err(|_| KEY)?;
                let sealed = cipher.encrypt(&nonce, Payload { msg: message, aad: with.beside });
                made.extend(sealed.map_err(|_| "a shorter message")?);
                return Ok(made);
            }
            let cipher = Aes::new_from_slice(with.key).map_err(|_| KEY)?;
            Ok(chained(&cipher, self == CipherMode::Cbc, message, made))
        })
    }

    /// The message, or what was expected of the bytes.
    pub(super) fn decrypt(self, bytes: &[u8], with: &Sealed) -> Result<Vec<u8>, &'static str> {
        let front = match self {
            CipherMode::Ecb => 0,
            CipherMode::Cbc => BLOCK,
            CipherMode::Gcm => NONCE,
        };
        let (first, sealed) = bytes.split_at_checked(front).ok_or("more bytes")?;
        if self == CipherMode::Cbc && !with.beside.is_empty() {
            return Err(NOTHING_BESIDE);
        }
        by_key!(with.key, Aes => {
            if self == CipherMode::Gcm {
                let cipher = AesGcm::<Aes, U12>::new_from_slice(with.key).map_err(|_| KEY)?;
                let nonce = Array::try_from(first).map_err(|_| KEY)?;
                let message = cipher.decrypt(&nonce, Payload { msg: sealed, aad: with.beside });
                return message.map_err(|_| "bytes that were encrypted with this key and mode");
            }
            let cipher = Aes::new_from_slice(with.key).map_err(|_| KEY)?;
            unchained(&cipher, first, sealed).ok_or("bytes that were encrypted with this key and mode")
        })
    }

    /// The bytes that go in front.
    fn first<'a>(self, with: &Sealed<'a>) -> Result<&'a [u8], &'static str> {
        let (length, expected) = match self {
            CipherMode::Ecb => (0, "no bytes in front for ECB"),
            CipherMode::Cbc => (BLOCK, "16 bytes in front for CBC"),
            CipherMode::Gcm => (NONCE, "12 bytes in front for GCM"),
        };
        if with.first.len() != length {
            return Err(expected);
        }
        if self != CipherMode::Gcm && !with.beside.is_empty() {
            return Err(NOTHING_BESIDE);
        }
        Ok(with.first)
    }
}

const KEY: &str = "a key of 16, 24 or 32 bytes";
const NOTHING_BESIDE: &str = "nothing more to authenticate: only GCM does";

/// Writes a message in blocks behind what is made, filled up by bytes that say how many they are.
fn chained<C>(cipher: &C, chain: bool, message: &[u8], mut made: Vec<u8>) -> Vec<u8>
where
    C: BlockCipherEncrypt + BlockSizeUser<BlockSize = aes::cipher::consts::U16>,
{
    let fill = BLOCK - message.len() % BLOCK;
    let filled: Vec<u8> = message.iter().copied().chain(std::iter::repeat_n(fill as u8, fill)).collect();
    let mut before: [u8; BLOCK] = made.first_chunk().copied().unwrap_or_default();
    for block in filled.as_chunks::<BLOCK>().0 {
        let mut block = *block;
        if chain {
            block.iter_mut().zip(before).for_each(|(byte, over)| *byte ^= over);
        }
        let mut block = Array(block);
        cipher.encrypt_block(&mut block);
        before = block.0;
        made.extend(before);
    }
    made
}

/// Reads blocks, without the bytes that fill the last up; `None` if they are not whole, or not filled up so. Without a
/// block there is no message, which is an empty one.
fn unchained<C>(cipher: &C, first: &[u8], sealed: &[u8]) -> Option<Vec<u8>>
where
    C: BlockCipherDecrypt + BlockSizeUser<BlockSize = aes::cipher::consts::U16>,
{
    let (blocks, []) = sealed.as_chunks::<BLOCK>() else { return None };
    let mut before: Option<[u8; BLOCK]> = first.first_chunk().copied();
    let mut made = Vec::with_capacity(sealed.len());
    for sealed in blocks {
        let mut block = Array(*sealed);
        cipher.decrypt_block(&mut block);
        let over = before.unwrap_or_default();
        made.extend(block.0.iter().zip(over).map(|(byte, over)| byte ^ over));
        before = before.map(|_| *sealed);
    }
    let Some(&fill) = made.last() else { return Some(made) };
    let fill = usize::from(fill);
    let from = made.len().checked_sub(fill).filter(|_| (1..=BLOCK).contains(&fill))?;
    let filled = made.get(from..)?.iter().all(|byte| usize::from(*byte) == fill);
    made.truncate(from);
    filled.then_some(made)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY_16: &[u8] = b"0000111122223333";

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02X}")).collect()
    }

    /// What Spark 3.5.9 and 4.3.0 answer.
    #[test]
    fn messages_are_those_of_spark() {
        let sealed = |mode: CipherMode, key, first, beside| {
            mode.encrypt(b"Spark", &Sealed { key, first, beside }).map(|bytes| hex(&bytes)).unwrap()
        };
        assert_eq!(sealed(CipherMode::Ecb, KEY_16, b"", b""), "348FF37EBDE05B7880BA339068FBDA5E");
        let long = sealed(CipherMode::Ecb, b"000011112222333344445555", b"", b"");
        assert_eq!(long, "3FB61524010AF3D0E9C167C5797094F9");
        let cbc = sealed(CipherMode::Cbc, KEY_16, b"0123456789abcdef", b"");
        assert_eq!(cbc, "30313233343536373839616263646566CAEB5131BED35CF54A66A35856D74180");
        let gcm = sealed(CipherMode::Gcm, KEY_16, &[0; 12], b"aad");
        assert_eq!(gcm, "00000000000000000000000046C4EF1C6A58C82E08A2D6B5AA23225CD5DAB67E32");
    }

    #[test]
    fn messages_are_read_back_or_told_to_be_others() {
        for mode in [CipherMode::Ecb, CipherMode::Cbc, CipherMode::Gcm] {
            let first: &[u8] = match mode {
                CipherMode::Ecb => b"",
                CipherMode::Cbc => b"0123456789abcdef",
                CipherMode::Gcm => b"0123456789ab",
            };
            let with = Sealed { key: KEY_16, first, beside: b"" };
            for message in [b"".as_slice(), b"Spark", &[7; 16], &[1; 33]] {
                let mut bytes = mode.encrypt(message, &with).unwrap();
                assert_eq!(mode.decrypt(&bytes, &with).as_deref(), Ok(message), "{mode:?}");
                bytes.pop();
                mode.decrypt(&bytes, &with).unwrap_err();
            }
            mode.encrypt(b"", &Sealed { key: b"0", ..with }).unwrap_err();
            mode.encrypt(b"", &Sealed { first: b"1", ..with }).unwrap_err();
        }
        let with = Sealed { key: KEY_16, first: b"", beside: b"aad" };
        assert_eq!(CipherMode::Ecb.decrypt(b"", &with).as_deref(), Ok(b"".as_slice()));
        assert_eq!(CipherMode::Cbc.decrypt(&[0; 16], &with), Err(NOTHING_BESIDE));
        assert!(CipherMode::Gcm.decrypt(&[0; 12], &with).is_err());
    }
}
