//! Bare `NaN` and `Infinity`: not JSON, yet what Python's `json`, `rapidjson` and pandas write.
//!
//! Bodies are read as JSON first; only one that is not JSON is searched for them.

/// The body with every bare `NaN`, `Infinity` and `-Infinity` put in quotes, `NaN` as `nan`; `None` if there is none.
pub(crate) fn quoted(body: &[u8], nan: &str) -> Option<Vec<u8>> {
    const WORDS: [&[u8]; 3] = [b"NaN", b"Infinity", b"-Infinity"];
    let mut out = Vec::new();
    let (mut copied, mut at) = (0, 0);
    let mut in_text = false;
    while at < body.len() {
        match body[at] {
            b'\\' if in_text => at += 2,
            b'"' => {
                in_text = !in_text;
                at += 1;
            }
            _ if in_text => at += 1,
            _ => match WORDS.iter().find(|word| body[at..].starts_with(word)) {
                Some(word) => {
                    out.extend_from_slice(&body[copied..at]);
                    out.push(b'"');
                    out.extend_from_slice(if *word == b"NaN" { nan.as_bytes() } else { word });
                    out.push(b'"');
                    at += word.len();
                    copied = at;
                }
                None => at += 1,
            },
        }
    }
    (copied > 0).then(|| {
        out.extend_from_slice(&body[copied..]);
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bare_words_are_quoted_outside_texts_only() {
        let text = |body: &str| quoted(body.as_bytes(), "NaN").map(|out| String::from_utf8(out).unwrap());
        assert_eq!(text("[NaN, -Infinity,Infinity]").unwrap(), r#"["NaN", "-Infinity","Infinity"]"#);
        assert_eq!(text(r#"["NaN", "a\"NaN"]"#), None);
        assert_eq!(text(r#"["\\", NaN]"#).unwrap(), r#"["\\", "NaN"]"#);
        assert_eq!(text("[1]"), None);
        assert_eq!(text("\"\\"), None);
    }
}
