//! Lower case as Java's `String.toLowerCase` makes it.
//!
//! Java and Unicode agree but for the capital sigma, which is `ς` at the end of a word and else `σ`: Java asks its
//! word iterator where a word ends, and joins letters over digits, dashes, underscores, quotes and full stops. Asked
//! one by one, that iterator also takes the place behind a letter beyond U+FFFF for an end, but where the text opens
//! with that letter: it then starts between the two halves. See `java.lang.ConditionalSpecialCasing`, the word rules of
//! `sun.text.resources.BreakIteratorRules` and `isBoundary` of `sun.text.RuleBasedBreakIterator`.

use std::sync::LazyLock;

use regex::Regex;

/// A run of letters and digits that Java takes for one word.
static WORD: LazyLock<Option<Regex>> = LazyLock::new(|| {
    // Kanji, Katakana, Hiragana and their marks are letters that form words of their own.
    const OTHER: &str = r"\x{3005}\x{4e00}-\x{9fa5}\x{f900}-\x{fa2d}\x{30a1}-\x{30fa}\x{30fd}\x{30fe}\x{3041}-\x{3094}\x{309d}\x{309e}\x{3099}-\x{309c}\x{30fb}\x{30fc}";
    let format = r"[\p{Cf}--\x{ad}]";
    let marks = format!(r"(?:[\p{{Mn}}\p{{Me}}]|{format})*");
    let letter = format!(r"[[\p{{L}}\p{{Mc}}]--[{OTHER}]]{marks}");
    let digit = format!(r"\p{{N}}{marks}");
    let join = format!(r#"[\p{{Pd}}\p{{Pc}}\x{{ad}}\x{{2027}}"'.]{format}*"#);
    let point = format!(r#"["',.\x{{66b}}]{format}*"#);
    let word = format!(r"(?:{letter})+(?:{join}(?:{letter})+)*");
    let number = format!(r"(?:{digit})+(?:{point}(?:{digit})+)*");
    Regex::new(&format!(r"(?:{word}|{number}{word})(?:{number}{word})*(?:{number})?")).ok()
});

/// A letter with a case, as Java sees it.
static CASED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let class = r"[\p{Lu}\p{Ll}\p{Lt}\x{2b0}-\x{2b8}\x{2c0}\x{2c1}\x{2e0}-\x{2e4}\x{345}\x{37a}\x{1d2c}-\x{1d61}\x{2160}-\x{217f}\x{24b6}-\x{24e9}]";
    Regex::new(class).ok()
});

/// `text` in lower case by the rules of most languages.
pub(crate) fn lower_case(text: &str) -> String {
    match (&*WORD, &*CASED) {
        (Some(word), Some(cased)) if text.contains('Σ') => with_sigmas(text, word, cased),
        _ => text.to_lowercase(),
    }
}

/// [`lower_case`] of `text`, which is itself where it has no capitals, or else lies in `room`.
pub(crate) fn lower_case_in<'t>(text: &'t str, room: &'t mut String) -> &'t str {
    if !text.is_ascii() {
        *room = lower_case(text);
        return room;
    }
    // No early end, so that many bytes are looked at at once.
    if !text.bytes().fold(false, |any, byte| any | byte.is_ascii_uppercase()) {
        return text;
    }
    room.clear();
    room.push_str(text);
    room.make_ascii_lowercase();
    room
}

fn with_sigmas(text: &str, word: &Regex, cased: &Regex) -> String {
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for word in word.find_iter(text) {
        for (at, sigma) in word.as_str().match_indices('Σ') {
            let (before, after) = (&word.as_str()[..at], &word.as_str()[at + sigma.len()..]);
            let last = cased.is_match(since_halves(before, word.start() == 0))
                && !cased.is_match(until_halves(after));
            let place = word.start() + at;
            out.push_str(&text[done..place].to_lowercase());
            out.push(if last { 'ς' } else { 'σ' });
            done = place + sigma.len();
        }
    }
    out.push_str(&text[done..].to_lowercase());
    out
}

/// What stands behind the last letter beyond U+FFFF; one that opens the text does not count.
fn since_halves(before: &str, opens: bool) -> &str {
    let last = before.char_indices().rev().find(|(at, letter)| is_halved(*letter) && !(opens && *at == 0));
    last.map_or(before, |(at, letter)| &before[at + letter.len_utf8()..])
}

/// What stands before the end of the first letter beyond U+FFFF.
fn until_halves(after: &str) -> &str {
    let first = after.char_indices().find(|(_, letter)| is_halved(*letter));
    first.map_or(after, |(at, letter)| &after[..at + letter.len_utf8()])
}

/// Whether Java holds the letter as two halves.
fn is_halved(letter: char) -> bool {
    letter.len_utf16() > 1
}

#[cfg(test)]
mod tests {
    use super::{lower_case, lower_case_in};

    #[test]
    fn sigma_ends_a_word_where_java_says() {
        let cases = [
            ("ΣΟΣ", "σος"),
            ("Σ", "σ"),
            ("ΠΑΡΟΣ-ΑΘΗΝΑ", "παροσ-αθηνα"),
            ("ΑΣ ΒΣ", "ας βς"),
            ("Α1Σ", "α1ς"),
            ("Α:Σ", "α:σ"),
            ("ΑΣ.", "ας."),
            ("ΑΣ.Β", "ασ.β"),
            ("ªΣ", "ªσ"),
            ("日ΣΑΣ日", "日σας日"),
            ("ΑΣⅠ", "ασⅰ"),
            ("Α\u{ad}Σ", "α\u{ad}ς"),
            ("İΣ", "i\u{307}ς"),
            ("I Ä", "i ä"),
            ("AbC [Z]@{", "abc [z]@{"),
            ("none", "none"),
            ("𐐀Σ", "𐐨ς"),
            ("Α𐐀Σ", "α𐐨σ"),
            ("Α𐐀ΑΣ", "α𐐨ας"),
            ("ΑΣ𐐀", "ασ𐐨"),
            ("ΑΣא𐐀", "ασא𐐨"),
            ("ΑΣ𠀀Α", "ας𠀀α"),
        ];
        for (text, expected) in cases {
            assert_eq!(lower_case(text), expected, "{text}");
            assert_eq!(lower_case_in(text, &mut "before".to_owned()), expected, "{text}");
        }
    }
}
