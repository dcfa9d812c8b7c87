//! Texts as the bytes of a character set and back, as Java does it.

/// A character set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Charset {
    /// 7 bits a letter.
    Ascii,
    /// The first 256 letters of Unicode.
    Latin1,
    /// UTF-8.
    Utf8,
    /// UTF-16 that says its order of bytes in front; without it the higher byte is first.
    Utf16,
    /// UTF-16 with the higher byte first.
    Utf16Be,
    /// UTF-16 with the lower byte first.
    Utf16Le,
    /// UTF-32 that may say its order of bytes in front; without it the highest byte is first.
    Utf32,
    /// UTF-32 with the highest byte first, which it may say in front.
    Utf32Be,
    /// UTF-32 with the lowest byte first, which it may say in front.
    Utf32Le,
}

const EXCHANGE: u16 = 0xfffd;
const MARK: u32 = 0xfeff;

impl Charset {
    /// The bytes of a text. A letter that the set does not have is a question mark, or none if it is `checked`.
    pub(super) fn encode(self, text: &str, checked: bool) -> Option<Vec<u8>> {
        let below = |end: u32| -> Option<Vec<u8>> {
            let byte = |letter: char| match u8::try_from(letter) {
                Ok(byte) if u32::from(byte) < end => Some(byte),
                _ if checked => None,
                _ => Some(b'?'),
            };
            text.chars().map(byte).collect()
        };
        let units = || text.encode_utf16();
        Some(match self {
            Charset::Ascii => below(0x80)?,
            Charset::Latin1 => below(0x100)?,
            Charset::Utf8 => text.as_bytes().to_vec(),
            Charset::Utf16 if text.is_empty() => Vec::new(),
            Charset::Utf16 => [MARK as u16].into_iter().chain(units()).flat_map(u16::to_be_bytes).collect(),
            Charset::Utf16Be => units().flat_map(u16::to_be_bytes).collect(),
            Charset::Utf16Le => units().flat_map(u16::to_le_bytes).collect(),
            Charset::Utf32 | Charset::Utf32Be => {
                text.chars().flat_map(|letter| u32::from(letter).to_be_bytes()).collect()
            }
            Charset::Utf32Le => text.chars().flat_map(|letter| u32::from(letter).to_le_bytes()).collect(),
        })
    }

    /// The text of bytes. What is none is U+FFFD, or makes no text at all if it is `checked`.
    pub(super) fn decode(self, bytes: &[u8], checked: bool) -> Option<String> {
        match self {
            Charset::Ascii if bytes.is_ascii() || !checked => Some(
                bytes.iter().map(|&byte| if byte < 0x80 { char::from(byte) } else { '\u{fffd}' }).collect(),
            ),
            Charset::Ascii => None,
            Charset::Latin1 => Some(bytes.iter().map(|&byte| char::from(byte)).collect()),
            Charset::Utf8 if checked => str::from_utf8(bytes).ok().map(str::to_owned),
            Charset::Utf8 => Some(java_text(bytes)),
            Charset::Utf16 | Charset::Utf16Be | Charset::Utf16Le => {
                let (little, bytes) = match (self, bytes) {
                    (Charset::Utf16, [0xfe, 0xff, rest @ ..]) => (false, rest),
                    (Charset::Utf16, [0xff, 0xfe, rest @ ..]) => (true, rest),
                    _ => (self == Charset::Utf16Le, bytes),
                };
                of_pairs(bytes, little, checked)
            }
            Charset::Utf32 | Charset::Utf32Be | Charset::Utf32Le => {
                let (little, bytes) = match (self, bytes) {
                    (Charset::Utf32 | Charset::Utf32Be, [0, 0, 0xfe, 0xff, rest @ ..]) => (false, rest),
                    (Charset::Utf32 | Charset::Utf32Le, [0xff, 0xfe, 0, 0, rest @ ..]) => (true, rest),
                    _ => (self == Charset::Utf32Le, bytes),
                };
                of_fours(bytes, little, checked)
            }
        }
    }
}

fn of_pairs(bytes: &[u8], little: bool, checked: bool) -> Option<String> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let unit = |pair: &[u8; 2]| if little { u16::from_le_bytes(*pair) } else { u16::from_be_bytes(*pair) };
    let mut made: Vec<u16> = Vec::with_capacity(pairs.len() + 1);
    let mut units = pairs.iter().map(unit);
    let mut wrong = false;
    let mut cut = !rest.is_empty();
    while let Some(one) = units.next() {
        match one {
            0xd800..=0xdbff => match units.next() {
                Some(other @ 0xdc00..=0xdfff) => made.extend([one, other]),
                // What follows is taken with it.
                Some(_) => {
                    wrong = true;
                    made.push(EXCHANGE);
                }
                None => cut = true,
            },
            0xdc00..=0xdfff => {
                wrong = true;
                made.push(EXCHANGE);
            }
            one => made.push(one),
        }
    }
    if cut {
        made.push(EXCHANGE);
    }
    if checked && (wrong || cut) { None } else { Some(of_units(&made)) }
}

/// Halves of letters are taken as they come.
fn of_fours(bytes: &[u8], little: bool, checked: bool) -> Option<String> {
    let (fours, rest) = bytes.as_chunks::<4>();
    let mut made: Vec<u16> = Vec::with_capacity(fours.len() + 1);
    let mut wrong = !rest.is_empty();
    for four in fours {
        let code = if little { u32::from_le_bytes(*four) } else { u32::from_be_bytes(*four) };
        match (u16::try_from(code), char::from_u32(code)) {
            (Ok(unit), _) => made.push(unit),
            (_, Some(letter)) => made.extend_from_slice(letter.encode_utf16(&mut [0; 2])),
            _ => {
                wrong = true;
                made.push(EXCHANGE);
            }
        }
    }
    if !rest.is_empty() {
        made.push(EXCHANGE);
    }
    if checked && wrong { None } else { Some(of_units(&made)) }
}

/// A half of a letter that stands alone is a question mark.
fn of_units(units: &[u16]) -> String {
    char::decode_utf16(units.iter().copied()).map(|letter| letter.unwrap_or('?')).collect()
}

/// The text of UTF-8 as Java reads it: what is none is U+FFFD, once for the half of a letter above U+FFFF.
pub(super) fn java_text(bytes: &[u8]) -> String {
    let mut made = String::with_capacity(bytes.len());
    let mut rest = bytes;
    loop {
        let (good, bad) = match str::from_utf8(rest) {
            Ok(text) => (text, &[][..]),
            Err(error) => {
                let (good, bad) = rest.split_at(error.valid_up_to());
                (str::from_utf8(good).unwrap_or_default(), bad)
            }
        };
        made.push_str(good);
        if bad.is_empty() {
            return made;
        }
        let skipped = match bad {
            [0xed, 0xa0..=0xbf, 0x80..=0xbf, ..] => 3,
            [0xed, 0xa0..=0xbf, ..] => 2,
            _ => str::from_utf8(bad).err().and_then(|error| error.error_len()).unwrap_or(bad.len()),
        };
        made.push('\u{fffd}');
        rest = bad.get(skipped..).unwrap_or_default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_have_the_bytes_of_their_set() {
        let encode = |charset: Charset, checked| charset.encode("é😀", checked);
        assert_eq!(encode(Charset::Latin1, false).as_deref(), Some(&[0xe9, b'?'][..]));
        assert_eq!((encode(Charset::Latin1, true), encode(Charset::Ascii, true)), (None, None));
        assert_eq!(Charset::Utf16.encode("A", true).as_deref(), Some(&[0xfe, 0xff, 0, 0x41][..]));
        assert_eq!(encode(Charset::Utf16Le, true).as_deref(), Some(&[0xe9, 0, 0x3d, 0xd8, 0, 0xde][..]));
        for charset in [Charset::Utf8, Charset::Utf16, Charset::Utf16Be, Charset::Utf32, Charset::Utf32Le] {
            let bytes = encode(charset, true).unwrap();
            assert_eq!(charset.decode(&bytes, true).as_deref(), Some("é😀"), "{charset:?}");
        }
    }

    #[test]
    fn what_is_no_text_is_exchanged() {
        let decode = |charset: Charset, bytes: &[u8]| charset.decode(bytes, false).unwrap();
        assert_eq!(decode(Charset::Utf16Be, &[0xd8, 0x3d, 0, 0x41]), "\u{fffd}");
        assert_eq!(decode(Charset::Utf16Be, &[0xd8, 0x3d, 0xde]), "\u{fffd}");
        assert_eq!(decode(Charset::Utf16, &[0xff, 0xfe, 0x41, 0]), "A");
        assert_eq!(decode(Charset::Utf32, &[0, 0x11, 0, 0, 0, 0, 0xd8, 0x3d, 0, 0]), "\u{fffd}?\u{fffd}");
        assert_eq!(decode(Charset::Ascii, &[0x41, 0xff]), "A\u{fffd}");
        assert_eq!(Charset::Utf16Le.decode(&[0x3d, 0xd8], true), None);
        assert_eq!(
            java_text(&[0xed, 0xa0, 0x80, 0x42, 0xe2, 0x82, 0x28, 0xed, 0xa0]),
            "\u{fffd}B\u{fffd}(\u{fffd}"
        );
        assert_eq!(java_text(&[0xf4, 0x90, 0x80, 0xf0, 0x9f, 0x98]), "\u{fffd}\u{fffd}\u{fffd}\u{fffd}");
    }
}
