//! Patterns in and out; that they match alike is tested against real Spark by the golden cases of `RegexTokenizer`.

use super::{Ends, translate, translate_groups};

fn translated(pattern: &str) -> String {
    translate(pattern).unwrap().pattern
}

#[test]
fn constructs_are_translated() {
    let cases = [
        (r"\s+", r"[\x{20}\t\n\x{b}\x{c}\r]+"),
        (r"\W", "[^a-zA-Z0-9_]"),
        ("a|b*?|", "a|b*?|"),
        ("(?<x>a)(b)(?:c)", "(?:a)(?:b)(?:c)"),
        ("a{2}b{2,}c{2,3}?", "a{2}b{2,}c{2,3}?"),
        ("[a-c_.-]", r"[a-c\x{5f}\x{2e}\x{2d}]"),
        ("[]a]", r"[\x{5d}a]"),
        ("[^]a]", r"[^\x{5d}a]"),
        (r"[\w-.]", r"[[a-zA-Z0-9_]\x{2d}\x{2e}]"),
        ("[--/]", r"[\x{2d}-\x{2f}]"),
        ("[a-z&&[^b]&&[^c]]", "[a-z&&[^b]&&[^c]]"),
        ("[a[bc]]", "[a[bc]]"),
        ("]}&&~", r"\x{5d}\x{7d}\x{26}\x{26}\x{7e}"),
        (r"\Q.a[\E+", r"\x{2e}a\x{5b}+"),
        (r"\x41\x{1F600}\u00e9\uD83D\uDE00\0101\cA\t", r"A\x{1f600}\x{e9}\x{1f600}A\x{1}\x{9}"),
        (r"(?i)aé(?-i)b|c", r"[aA]\x{e9}b|c"),
        ("(?i:[a-c])d[A-]", r"(?:[a-cA-C])d[A\x{2d}]"),
        (r"\p{L}\pN\P{Alpha}\p{IsLatin}", r"[\p{L}][\p{N}][^a-zA-Z][\p{sc=Latin}]"),
        (r"(?s).(?-s).(?d).", r"(?s:.)[^\n\r\x{85}\x{2028}\x{2029}][^\n]"),
        (r"^\A\z", r"\A\A\z"),
    ];
    for (java, expected) in cases {
        assert_eq!(translated(java), expected, "{java}");
    }
}

#[test]
fn what_means_something_else_is_named() {
    let cases = [
        ("(?=a)", "look-around"),
        ("(?<!a)b", "look-around"),
        ("(?>a)", "an atomic group"),
        ("a++", "possessive repetition"),
        ("a{2}+", "possessive repetition"),
        (r"(a)\1", r"the back-reference `\1`"),
        (r"(?<n>a)\k<n>", r"the back-reference `\k`"),
        ("a$", "`$` (the end of a line)"),
        (r"a\Z", r"`\Z`"),
        ("(?m)^a", "`^` with the flag `m`"),
        ("(?iu)a", "the flag `u`"),
        ("(?x) a", "the flag `x`"),
        ("(a*)*", "a repetition of what may match nothing"),
        ("(?i)*", "a repetition of what may match nothing"),
        ("^+", "a repetition of what may match nothing"),
        ("a{2}{3}", "a repetition of a repetition"),
        (r"\p{InGreek}", r"the property `\p{InGreek}`"),
        (r"\p{javaLowerCase}", r"the property `\p{javaLowerCase}`"),
        (r"(?i)\p{Lower}", r"`\p{Lower}` under the flag `i`"),
        (r"(?i)\p{IsUppercase}", "under the flag `i`"),
        ("[^a[b]]", "a class inside a negated one"),
        ("[a-z&&b]", "`&&` before anything but a class"),
        (r"\uD83D", "half of a surrogate pair"),
        (r"\b{g}", r"`\b{g}`"),
        (r"[\v-]", r"`\v-` in a class"),
        (r"\R\X", r"`\X`"),
        (r"(?:a|\R)+", r"a repetition of `\R`"),
    ];
    for (java, expected) in cases {
        let error = translate(java).unwrap_err();
        assert!(error.starts_with("a pattern without ") && error.contains(expected), "{java}: {error}");
    }
}

#[test]
fn what_java_refuses_is_refused() {
    let broken = [
        "(a", "a)", "[a", "*a", "a**", "{", "x{,3}", "a{3,2}", r"\y", r"[a-\d]", "[z-a]", "a\\", r"\x1",
        r"\u12", r"\0", "(?q)", r"\p{", "(?<n", r"\p{Foo}",
    ];
    for java in broken {
        assert!(translate(java).is_err(), "{java}");
    }
    assert!(translate(&"(".repeat(100_000)).unwrap_err().contains("deep"));
    assert!(translate(&"[".repeat(100_000)).unwrap_err().contains("deep"));
}

#[test]
fn boundaries_are_watched() {
    assert_eq!(translate("a").unwrap().refused, None);
    let watched = |pattern: &str| translate(pattern).unwrap().refused.unwrap();
    assert!(watched(r"\ba\b").starts_with(r"[\w--") && !watched(r"\ba").contains("10ffff"));
    assert!(watched(r"\Ba").contains("10ffff"));
}

#[test]
fn groups_are_kept_where_they_count() {
    let pattern = |text: &str| translate_groups(text, Ends::Anywhere).unwrap().pattern;
    assert_eq!(pattern("(a)(?:b)(?<n>c)(?i:d)"), "(a)(?:b)(c)(?:[dD])");
    let end = translate_groups("(a|b$)", Ends::Anywhere).unwrap();
    assert!(end.pattern.ends_with(r"?\z)") && end.before_crlf.unwrap().ends_with(r"(?:\r\n)?\z)"));
    assert!(translate_groups("a$b", Ends::Anywhere).is_err());
    assert!(translate_groups("a$", Ends::Nowhere).is_err());
    assert!(translate_groups("(b$)", Ends::OutsideGroups).is_err());
    assert!(translate_groups("(b)$", Ends::OutsideGroups).is_ok());
}
