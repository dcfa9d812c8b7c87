//! Paths into JSON, as `$.a['b'][0]`, and the part of a text that one leads to.

use super::json::{Broken, Reader};

/// A path that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonPath(Vec<Step>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    /// The member of an object, by the UTF-16 of its name.
    Member(Vec<u16>),
    /// The value of an array at a place.
    At(u32),
}

/// The most steps of a path.
const MAX_STEPS: usize = 100;

impl JsonPath {
    /// Reads a path; `None` for one that is not read.
    pub fn new(written: &str) -> Option<JsonPath> {
        let mut steps = Vec::new();
        let mut rest = written.strip_prefix('$')?;
        while !rest.is_empty() {
            let step;
            (step, rest) = step_of(rest)?;
            steps.push(step);
        }
        (steps.len() <= MAX_STEPS).then_some(JsonPath(steps))
    }

    /// The part of a text: a text as it is, anything else as JSON; `None` if there is none, or the text is no JSON.
    pub(super) fn find(&self, text: &str) -> Option<String> {
        let mut out = String::new();
        find(&mut Reader::new(text), &self.0, &mut out).ok()?.then_some(out)
    }
}

fn step_of(rest: &str) -> Option<(Step, &str)> {
    let name = |name: &str| {
        let plain =
            !name.is_empty() && !name.starts_with(char::is_whitespace) && !name.contains(['*', '?', '\'']);
        plain.then(|| Step::Member(name.encode_utf16().collect()))
    };
    if let Some(rest) = rest.strip_prefix("['") {
        let (member, rest) = rest.split_once("']")?;
        return Some((name(member)?, rest));
    }
    if let Some(rest) = rest.strip_prefix('[') {
        let (place, rest) = rest.split_once(']')?;
        let digits = place.bytes().all(|byte| byte.is_ascii_digit());
        return Some((Step::At(place.parse().ok().filter(|_| digits)?), rest));
    }
    let rest = rest.strip_prefix('.')?;
    let (member, rest) = rest.split_at(rest.find(['.', '[']).unwrap_or(rest.len()));
    Some((name(member)?, rest))
}

/// Reads a value to its end and writes what the steps lead to; says whether there was something.
fn find(reader: &mut Reader, steps: &[Step], out: &mut String) -> Result<bool, Broken> {
    let Some((step, steps)) = steps.split_first() else {
        match reader.peek()? {
            b'"' | b'\'' => {
                let text = reader.string()?;
                out.push_str(&String::from_utf16(&text).map_err(|_| Broken)?);
            }
            _ => reader.value(Some(out))?,
        }
        return Ok(true);
    };
    let (start, end) = match step {
        Step::Member(_) => (b'{', b'}'),
        Step::At(_) => (b'[', b']'),
    };
    if !reader.take(start)? {
        return reader.value(None).map(|()| false);
    }
    reader.enter()?;
    let (mut found, mut place) = (false, 0_u32);
    while reader.next(place == 0, end)? {
        let here = match step {
            // A null is no member, so that another of this name may be.
            Step::Member(wanted) => reader.name()? == *wanted && !found && !reader.null_ahead()?,
            Step::At(wanted) => place == *wanted,
        };
        match here {
            true => found = find(reader, steps, out)?,
            false => reader.value(None)?,
        }
        place = place.saturating_add(1);
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_lead_to_parts() {
        let find = |text: &str, path: &str| JsonPath::new(path).unwrap().find(text);
        let cases = [
            ("{\"a\": {\"b\": [1, 2.50]}}", "$.a.b[1]", Some("2.5")),
            ("{\"a\": \"x\\ty\"}", "$['a']", Some("x\ty")),
            ("{\"a\": null, \"a\": 2, \"a\": 3}", "$.a", Some("2")),
            ("{\"a\": [null]}", "$.a[0]", Some("null")),
            ("{\"a\": 1, b}", "$.a", None),
            ("{\"a\": 1} b", "$.a", Some("1")),
            ("{\"a\": [1, 2", "$.a[0]", None),
            ("{\"a\": \"\\ud83d\"}", "$.a", None),
            ("{\"a b\": {}}", "$.a b", Some("{}")),
            ("[1]", "$[1]", None),
            ("", "$", None),
            ("1x", "$", None),
        ];
        for (text, path, expected) in cases {
            assert_eq!(find(text, path).as_deref(), expected, "{text} {path}");
        }
    }

    #[test]
    fn other_paths_are_not_read() {
        for path in [
            "",
            "a",
            "$a",
            "$.",
            "$..a",
            "$.*",
            "$[*]",
            "$['']",
            "$[-1]",
            "$[99999999999]",
            "$. a",
            "$.a[",
            "$['a'",
        ] {
            assert_eq!(JsonPath::new(path), None, "{path}");
        }
    }
}
