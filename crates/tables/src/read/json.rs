//! Reads JSON lines: one object a line. Values stay the JSON text that they came as.
//!
//! Columns are the keys in the order of their first appearance; a row without a key has no value there. Bare
//! `NaN`, `Infinity` and `-Infinity`, which Python writes, are read as the strings that Spark writes for them.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;
use std::io::{BufRead, Read};
use std::sync::Arc;

use arrow_array::builder::{ArrayBuilder, StringBuilder};
use arrow_array::{ArrayRef, RecordBatch, RecordBatchOptions};
use arrow_schema::Schema;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::error::TableError;
use crate::read::{BATCH_BYTES, BATCH_CELLS, BATCH_ROWS, COLUMNS, Input, RECORD_BYTES};
use crate::rows::Text;

#[derive(Debug)]
pub(crate) struct JsonRows {
    input: Input,
    names: Names,
    /// The number of lines read, less blank ones.
    row: u64,
    at_start: bool,
    line: Vec<u8>,
}

impl JsonRows {
    pub(crate) fn new(input: Input) -> JsonRows {
        JsonRows { input, names: Names::default(), row: 0, at_start: true, line: Vec::new() }
    }

    pub(crate) fn follow(&mut self, input: Input) {
        self.input = input;
        self.row = 0;
        self.at_start = true;
    }

    pub(crate) fn next(&mut self) -> Result<Option<RecordBatch>, TableError> {
        let mut columns = Columns { names: std::mem::take(&mut self.names), ..Columns::default() };
        columns.names.list.iter().for_each(|_| columns.builders.push(StringBuilder::new()));
        let mut bytes = 0;
        while columns.rows < BATCH_ROWS
            && bytes < BATCH_BYTES
            && columns.rows * columns.builders.len() < BATCH_CELLS
            && self.read_line()?
        {
            bytes += self.line.len();
            let Some(text) = trimmed(&self.line, std::mem::take(&mut self.at_start)) else { continue };
            self.row += 1;
            columns.add(text).map_err(|problem| self.record_error(text, problem))?;
        }
        let batch = if columns.rows == 0 { None } else { Some(columns.finish()) };
        self.names = columns.names;
        batch.transpose().map_err(|error| TableError::unfit(&self.input.name, error.to_string(), ""))
    }

    /// Reads the next line; `false` at the end of the file.
    fn read_line(&mut self) -> Result<bool, TableError> {
        self.line.clear();
        let mut limited = (&mut self.input.bytes).take(RECORD_BYTES as u64 + 1);
        let read = limited.read_until(b'\n', &mut self.line).map_err(|error| self.input.failed(error))?;
        if self.line.len() > RECORD_BYTES {
            self.row += 1;
            let problem = format!("is longer than {} MiB", RECORD_BYTES >> 20);
            return Err(self.error(problem, "JSON lines have one object a line; is this one large object?"));
        }
        Ok(read > 0)
    }

    fn record_error(&self, text: &[u8], problem: String) -> TableError {
        let hint = match text.first() {
            Some(b'[') => "a JSON array is not JSON lines: `jq -c '.[]'` makes one object a line",
            Some(b'{') if text.len() == 1 => "one object over several lines: `jq -c .` makes it one line",
            _ => "each line is one whole JSON object",
        };
        self.error(problem, hint)
    }

    fn error(&self, problem: String, hint: &'static str) -> TableError {
        TableError::Record { file: self.input.name.to_string(), row: self.row, problem, hint }
    }
}

/// The line without white space around it; `None` when nothing is left.
fn trimmed(line: &[u8], first: bool) -> Option<&[u8]> {
    let line = if first { line.strip_prefix("\u{feff}".as_bytes()).unwrap_or(line) } else { line };
    let line = line.trim_ascii();
    (!line.is_empty()).then_some(line)
}

/// The columns seen so far.
#[derive(Debug, Default)]
struct Names {
    list: Vec<Arc<str>>,
    places: HashMap<Arc<str>, usize>,
}

impl Names {
    /// The place of `name`, looked for at `guess` first; `None` when it is new.
    fn place(&self, name: &str, guess: usize) -> Option<usize> {
        match self.list.get(guess) {
            Some(expected) if expected.as_ref() == name => Some(guess),
            _ => self.places.get(name).copied(),
        }
    }

    fn add(&mut self, name: &str) -> usize {
        let name: Arc<str> = Arc::from(name);
        self.list.push(Arc::clone(&name));
        self.places.insert(name, self.list.len() - 1);
        self.list.len() - 1
    }
}

/// A batch being made.
#[derive(Default)]
struct Columns {
    names: Names,
    builders: Vec<StringBuilder>,
    rows: usize,
}

impl Columns {
    /// Adds one line's object, or says what is wrong with it.
    fn add(&mut self, text: &[u8]) -> Result<(), String> {
        match serde_json::from_slice::<Object<'_>>(text) {
            Ok(object) => self.push(object),
            Err(error) => {
                let quoted = quote_bare_numbers(text).ok_or_else(|| shown(&error))?;
                let object = serde_json::from_slice::<Object<'_>>(&quoted).map_err(|_| shown(&error))?;
                self.push(object)
            }
        }
    }

    fn push(&mut self, object: Object<'_>) -> Result<(), String> {
        for (at, (name, value)) in object.0.iter().enumerate() {
            let place = match self.names.place(name, at) {
                Some(place) => place,
                None => self.add_column(name)?,
            };
            if self.builders[place].len() > self.rows {
                return Err(format!("has the key '{name}' twice"));
            }
            self.builders[place].append_value(value.get());
        }
        self.rows += 1;
        for column in &mut self.builders {
            if column.len() < self.rows {
                column.append_null();
            }
        }
        Ok(())
    }

    fn add_column(&mut self, name: &str) -> Result<usize, String> {
        if self.builders.len() == COLUMNS {
            return Err(format!("has the new key '{name}' after {COLUMNS} others"));
        }
        let mut column = StringBuilder::new();
        column.append_nulls(self.rows);
        self.builders.push(column);
        Ok(self.names.add(name))
    }

    fn finish(&mut self) -> Result<RecordBatch, arrow_schema::ArrowError> {
        let fields: Vec<_> = self.names.list.iter().map(|name| Text::Json.field(name)).collect();
        let columns: Vec<ArrayRef> =
            self.builders.iter_mut().map(|column| Arc::new(column.finish()) as ArrayRef).collect();
        let options = RecordBatchOptions::new().with_row_count(Some(self.rows));
        RecordBatch::try_new_with_options(Arc::new(Schema::new(fields)), columns, &options)
    }
}

/// The keys and values of an object, as they were written.
struct Object<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

/// A key, borrowed where it has no escapes.
#[derive(serde::Deserialize)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

impl<'de> serde::Deserialize<'de> for Object<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Object<'de>, D::Error> {
        struct Entries;
        impl<'de> Visitor<'de> for Entries {
            type Value = Object<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSON object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object<'de>, A::Error> {
                let mut entries = Vec::new();
                while let Some((Key(name), value)) = map.next_entry::<Key<'de>, &'de RawValue>()? {
                    entries.push((name, value));
                }
                Ok(Object(entries))
            }
        }
        deserializer.deserialize_map(Entries)
    }
}

fn shown(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let text = text.split(" at line ").next().unwrap_or_default();
    format!("found {text} at character {}, expected a JSON object", error.column())
}

/// The text with quotes around bare `NaN`, `Infinity` and `-Infinity`; `None` when there are none.
fn quote_bare_numbers(text: &[u8]) -> Option<Vec<u8>> {
    let (mut out, mut at, mut in_string, mut changed) =
        (Vec::with_capacity(text.len() + 16), 0, false, false);
    while at < text.len() {
        let bare = [b"NaN".as_slice(), b"Infinity", b"-Infinity"]
            .into_iter()
            .find(|number| !in_string && text[at..].starts_with(number));
        if let Some(number) = bare {
            out.extend([b"\"", number, b"\""].concat());
            at += number.len();
            changed = true;
            continue;
        }
        match text[at] {
            b'"' => in_string = !in_string,
            b'\\' if in_string => {
                out.push(b'\\');
                at += 1;
            }
            _ => {}
        }
        out.extend(text.get(at));
        at += 1;
    }
    changed.then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow_array::cast::AsArray;

    fn read(text: &str) -> Result<Vec<RecordBatch>, TableError> {
        let bytes = Box::new(std::io::Cursor::new(text.as_bytes().to_vec()));
        let mut rows = JsonRows::new(Input { name: "t.json".into(), bytes });
        std::iter::from_fn(|| rows.next().transpose()).collect()
    }

    fn column(batch: &RecordBatch, name: &str) -> Vec<Option<String>> {
        let column = batch.column_by_name(name).unwrap().as_string::<i32>();
        column.iter().map(|value| value.map(str::to_owned)).collect()
    }

    #[test]
    fn values_stay_as_they_were_written() {
        let text =
            "\u{feff}{\"id\": 12345678901234567890123, \"a\": [1, {\"b\":2 }]}\r\n\n{\"n\":null,\"id\":1.50}";
        let batch = &read(text).unwrap()[0];
        assert_eq!(column(batch, "id"), [Some("12345678901234567890123".into()), Some("1.50".into())]);
        assert_eq!(column(batch, "a"), [Some("[1, {\"b\":2 }]".into()), None]);
        assert_eq!(column(batch, "n"), [None, Some("null".into())]);
    }

    #[test]
    fn a_key_once_seen_stays_a_column() {
        let mut text = "{\"a\":1,\"b\":2}\n".to_owned();
        text.push_str(&"{\"a\":1}\n".repeat(BATCH_ROWS));
        let batches = read(&text).unwrap();
        assert_eq!(batches.len(), 2);
        assert_eq!(column(&batches[1], "b"), [None]);
    }

    #[test]
    fn bare_numbers_of_python_are_read() {
        let batch = &read(r#"{"a": NaN, "b": [-Infinity, Infinity], "c": "NaN \" NaN"}"#).unwrap()[0];
        assert_eq!(column(batch, "a"), [Some("\"NaN\"".into())]);
        assert_eq!(column(batch, "b"), [Some("[\"-Infinity\", \"Infinity\"]".into())]);
        assert_eq!(column(batch, "c"), [Some(r#""NaN \" NaN""#.into())]);
    }

    #[test]
    fn broken_lines_are_named() {
        let error = |text: &str| {
            let error = read(text).unwrap_err();
            (error.to_string(), error.hint().unwrap_or_default())
        };
        let (text, _) = error("{\"a\":1}\n\n{\"a\":}\n");
        assert!(text.starts_with("t.json, row 2: found expected value"), "{text}");
        assert!(error("[{\"a\":1}]").1.contains("array"));
        assert!(error("{\n\"a\":1}").1.contains("several lines"));
        assert!(error("{\"a\":1,\"a\":2}").0.contains("'a' twice"));
        assert!(error("{\"a\":\"\\xff\"}").0.contains("row 1"));
    }
}
