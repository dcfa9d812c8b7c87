//! Base 32 with the letters of RFC 4648, as Apache's `commons-codec` has it.

const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// The bytes as letters, filled with `=` to a multiple of eight.
pub(super) fn written(bytes: &[u8]) -> String {
    let mut made = String::with_capacity(bytes.len().div_ceil(5) * 8);
    for chunk in bytes.chunks(5) {
        let mut all = [0; 8];
        all.iter_mut().skip(3).zip(chunk).for_each(|(to, byte)| *to = *byte);
        let word = u64::from_be_bytes(all);
        let letters = (chunk.len() * 8).div_ceil(5);
        let letter = |place: usize| LETTERS[(word >> (35 - 5 * place)) as usize & 31];
        made.extend((0..8).map(|place| if place < letters { char::from(letter(place)) } else { '=' }));
    }
    made
}

/// The bytes of letters, large or small. Other signs are left out, and what stands behind `=`; what is left of a byte at
/// the end is dropped, but a letter that stands alone is a byte with the letter before it.
pub(super) fn read(text: &str) -> Vec<u8> {
    let values = text.bytes().take_while(|&byte| byte != b'=').filter_map(|byte| {
        let large = byte.to_ascii_uppercase();
        LETTERS.iter().position(|&letter| letter == large)
    });
    let values: Vec<u64> = values.map(|value| value as u64).collect();
    let mut made = Vec::with_capacity(values.len() * 5 / 8 + 1);
    let mut word = 0_u64;
    for chunk in values.chunks(8) {
        word = chunk.iter().fold(word, |word, value| word << 5 | value);
        let bits = chunk.len() * 5;
        match chunk.len() {
            1 => made.push((word >> 2) as u8),
            _ => made.extend((1..=bits / 8).map(|count| (word >> (bits - 8 * count)) as u8)),
        }
    }
    made
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_written_and_read() {
        for (bytes, letters) in
            [("", ""), ("f", "MY======"), ("foob", "MZXW6YQ="), ("foobar", "MZXW6YTBOI======")]
        {
            assert_eq!(written(bytes.as_bytes()), letters);
            assert_eq!(read(letters), bytes.as_bytes());
        }
        assert_eq!(read("AAAAAAAYC"), [0, 0, 0, 0, 24, 0xc0]);
        assert_eq!(
            (read("mz xw6!"), read("1"), read("A"), read("MY=Z")),
            (b"foo".to_vec(), vec![], vec![0], b"f".to_vec())
        );
    }
}
