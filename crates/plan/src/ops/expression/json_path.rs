//! Paths into JSON, as `$.a['b'][0][*]`, and the part of a text that one leads to: what Spark's `GetJsonObjectEvaluator`
//! finds, which has the one value that a `*` leads to without brackets around it.

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
    /// All values of an array.
    Each,
    /// All members of an object, which Spark reads and does not find.
    Members,
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
        let mut out = Out::default();
        find(&mut Reader::new(text), &self.0, Style::Raw, &mut out).ok()?.then_some(out.text)
    }
}

fn step_of(rest: &str) -> Option<(Step, &str)> {
    let name = |name: &str| {
        let plain = !name.is_empty() && !name.starts_with(char::is_whitespace) && !name.contains(['?', '\'']);
        plain.then(|| Step::Member(name.encode_utf16().collect()))
    };
    if let Some(rest) = rest.strip_prefix("[*]") {
        return Some((Step::Each, rest));
    }
    if let Some(rest) = rest.strip_prefix(".*").or_else(|| rest.strip_prefix("['*']")) {
        return Some((Step::Members, rest));
    }
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

/// How what is found is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    /// A text as it is.
    Raw,
    /// All as JSON.
    Quoted,
    /// All as JSON, and the values of an array in its place.
    Flat,
}

/// What is written, and for each array that is open in it whether it has a value.
#[derive(Default)]
struct Out {
    text: String,
    open: Vec<bool>,
    /// Whether a value stands outside of all arrays.
    filled: bool,
}

impl Out {
    /// Goes to the place of the next value.
    fn next(&mut self) {
        let (filled, sign) = match self.open.last_mut() {
            Some(filled) => (filled, ','),
            None => (&mut self.filled, ' '),
        };
        if std::mem::replace(filled, true) {
            self.text.push(sign);
        }
    }

    fn start(&mut self) {
        self.next();
        self.text.push('[');
        self.open.push(false);
    }

    fn end(&mut self) {
        self.open.pop();
        self.text.push(']');
    }
}

/// Reads a value to its end and writes what the steps lead to; says whether there was something.
fn find(reader: &mut Reader, steps: &[Step], style: Style, out: &mut Out) -> Result<bool, Broken> {
    let sign = reader.peek()?;
    match (sign, steps) {
        (b'"' | b'\'', []) if style == Style::Raw => {
            let text = reader.string()?;
            out.text.push_str(&String::from_utf16(&text).map_err(|_| Broken)?);
            Ok(true)
        }
        (b'[', []) if style == Style::Flat => each(reader, steps, style, out).map(|found| found > 0),
        (_, []) => {
            out.next();
            reader.value(Some(&mut out.text))?;
            Ok(true)
        }
        (b'{', [Step::Member(name), rest @ ..]) => {
            enter(reader, sign)?;
            let (mut found, mut first) = (false, true);
            while reader.next(first, b'}')? {
                // A null is no member, so that another of this name may be.
                match reader.name()? == *name && !found && !reader.null_ahead()? {
                    true => found = find(reader, rest, style, out)?,
                    false => reader.value(None)?,
                }
                first = false;
            }
            Ok(found)
        }
        (b'[', [Step::Each, Step::Each, rest @ ..]) => listed(reader, rest, Style::Flat, out),
        (b'[', [Step::Each, rest @ ..]) if style == Style::Quoted => listed(reader, rest, style, out),
        (b'[', [Step::Each, rest @ ..]) => {
            let style = if style == Style::Raw { Style::Quoted } else { style };
            let mut buffer = Out::default();
            let before = std::mem::replace(&mut reader.whole, true);
            buffer.start();
            let found = each(reader, rest, style, &mut buffer)?;
            buffer.end();
            reader.whole = before;
            let written = buffer.text.as_str();
            if found > 0 {
                out.next();
                let only = written.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
                out.text.push_str(only.filter(|_| found == 1).unwrap_or(written));
            }
            Ok(found > 0)
        }
        (b'[', [Step::At(place), rest @ ..]) => {
            let style = if rest.first() == Some(&Step::Each) { Style::Quoted } else { style };
            enter(reader, sign)?;
            let (mut found, mut at) = (false, 0_u32);
            while reader.next(at == 0, b']')? {
                match at == *place {
                    true => found = find(reader, rest, style, out)?,
                    false => reader.value(None)?,
                }
                at = at.saturating_add(1);
            }
            Ok(found)
        }
        _ => reader.value(None).map(|()| false),
    }
}

/// Goes into an object or array, past its first sign.
fn enter(reader: &mut Reader, sign: u8) -> Result<(), Broken> {
    reader.take(sign)?;
    reader.enter()
}

/// An array of what is found in the values of one.
fn listed(reader: &mut Reader, steps: &[Step], style: Style, out: &mut Out) -> Result<bool, Broken> {
    out.start();
    let found = each(reader, steps, style, out)?;
    out.end();
    Ok(found > 0)
}

/// In how many values of an array something is found.
fn each(reader: &mut Reader, steps: &[Step], style: Style, out: &mut Out) -> Result<usize, Broken> {
    enter(reader, b'[')?;
    let (mut found, mut first) = (0, true);
    while reader.next(first, b']')? {
        found += usize::from(find(reader, steps, style, out)?);
        first = false;
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
            ("[{\"a\": 1}, {\"a\": \"x\"}, {}, {\"a\": [2]}]", "$[*].a", Some("[1,\"x\",[2]]")),
            ("[[1, 2], [3], [], \"s\", [[\"t\"]]]", "$[*][*]", Some("[1,2,3,\"s\",\"t\"]")),
            ("[[1, 2], [3], [], \"s\", [[\"t\"]]]", "$[*][*][*]", Some("[[1,2],3,\"t\"]")),
            ("[[1, 2], [3], [], \"s\", [[\"t\"]]]", "$[*][0]", Some("[1,3,[\"t\"]]")),
            ("[\"x\"]", "$[*]", Some("\"x\"")),
            ("[[1]]", "$[0][*]", Some("[1]")),
            ("[]", "$[*]", None),
            ("{\"a\": {\"b\": 1}}", "$.a.*", None),
            ("{\"a\": [], \"a\": [7]}", "$.a[*][*]", Some("[] [7]")),
        ];
        for (text, path, expected) in cases {
            assert_eq!(find(text, path).as_deref(), expected, "{text} {path}");
        }
    }

    #[test]
    fn arrays_deep_in_each_other_are_flattened() {
        let deep = |count| {
            let text = "[".repeat(count) + "7, 8" + &"]".repeat(count);
            JsonPath::new("$[*][*]").unwrap().find(&text)
        };
        assert_eq!((deep(1000).as_deref(), deep(1001)), (Some("[7,8]"), None));
    }

    #[test]
    fn other_paths_are_not_read() {
        for path in [
            "",
            "a",
            "$a",
            "$.",
            "$..a",
            "$.**",
            "$[*]a",
            "$[* ]",
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
