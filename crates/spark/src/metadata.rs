//! A stage's metadata: the line of JSON in `metadata/part-*`.
//!
//! Written by Spark's `ml/util/ReadWrite.scala` (`DefaultParamsWriter`): `class`, `timestamp`, `sparkVersion`,
//! `uid`, `paramMap`, since 2.4 `defaultParamMap`, and keys of the class's own. The part file is named
//! `part-00000` up to Spark 3.5 and `part-00000-….txt` from 4.0 on; empty part files may stand beside it.

use bytes::Bytes;
use firesteel_bundle::Bundle;
use serde_json::{Map, Value};
use thiserror::Error;

use crate::error::Problem;
use crate::version::Version;

/// The most bytes that a stage's metadata may have; label lists and stop words make them long.
const MAX_BYTES: usize = 32 << 20;

/// A stage's metadata.
#[derive(Clone, Debug)]
pub struct Metadata {
    pub(crate) class: String,
    pub(crate) uid: String,
    pub(crate) version_text: String,
    pub(crate) version: Option<Version>,
    /// What was set, what stands by default, and the class's own keys.
    pub(crate) params: Map<String, Value>,
    pub(crate) defaults: Map<String, Value>,
    pub(crate) extra: Map<String, Value>,
}

/// Why metadata cannot be read.
#[derive(Clone, Debug, Error, PartialEq)]
#[error("{0}")]
pub struct MetadataError(String);

impl Metadata {
    /// Reads metadata from the bytes of a part file: its first line that is not blank. Never panics.
    pub fn parse(bytes: &[u8]) -> Result<Metadata, MetadataError> {
        let mut object = parse_object(bytes)?;
        let class = take_string(&mut object, "class")?;
        let uid = take_string(&mut object, "uid")?;
        let version_text = take_string(&mut object, "sparkVersion")?;
        let version = version_text.parse().ok();
        let params = take_object(&mut object, "paramMap")?
            .ok_or_else(|| MetadataError("it has no 'paramMap'".to_owned()))?;
        let defaults = take_object(&mut object, "defaultParamMap")?.unwrap_or_default();
        Ok(Metadata { class, uid, version_text, version, params, defaults, extra: object })
    }

    /// Reads the metadata of the stage in `bundle`.
    pub(crate) fn read(bundle: &Bundle) -> Result<Metadata, Problem> {
        let reason = "there is no file 'metadata/part-*'; is this a folder that Spark ML's save wrote?";
        let (part, bytes) = line_file(bundle, "metadata", reason)?;
        Metadata::parse(&bytes).map_err(|error| Problem::Metadata(format!("metadata/{part}: {error}")))
    }

    /// The class with its package.
    pub fn class(&self) -> &str {
        &self.class
    }

    /// The stage's name.
    pub fn uid(&self) -> &str {
        &self.uid
    }

    /// The Spark version that wrote it, as it stands there.
    pub fn spark_version(&self) -> &str {
        &self.version_text
    }

    /// A parameter: what was set, else the default that was saved with it.
    pub(crate) fn param(&self, name: &str) -> Option<&Value> {
        let set = self.params.get(name).or_else(|| self.defaults.get(name));
        set.filter(|value| !value.is_null())
    }
}

/// The JSON object in the text folder `folder`, as models of Spark's older library have beside their data.
pub(crate) fn read_object(bundle: &Bundle, folder: &str) -> Result<Map<String, Value>, Problem> {
    let (part, bytes) = line_file(bundle, folder, &format!("there is no file '{folder}/part-*'"))?;
    parse_object(&bytes).map_err(|error| Problem::Metadata(format!("{folder}/{part}: {error}")))
}

/// The first part file of a text folder that is not blank, with its name; `missing` says that there is none.
fn line_file(bundle: &Bundle, folder: &str, missing: &str) -> Result<(String, Bytes), Problem> {
    let folder = bundle.dir(folder);
    let parts = part_files(&folder);
    if parts.is_empty() {
        return Err(Problem::Metadata(missing.to_owned()));
    }
    for part in &parts {
        let bytes = folder.read(part)?;
        if first_line(&bytes).is_some() {
            return Ok((part.clone(), bytes));
        }
    }
    Err(Problem::Metadata(format!("{} is empty: did the save finish?", parts.join(", "))))
}

/// The JSON object in the first line that is not blank.
fn parse_object(bytes: &[u8]) -> Result<Map<String, Value>, MetadataError> {
    if bytes.len() > MAX_BYTES {
        return Err(MetadataError(format!("{} bytes, more than {MAX_BYTES}", bytes.len())));
    }
    let line = first_line(bytes).ok_or_else(|| MetadataError("it is empty".to_owned()))?;
    match serde_json::from_slice(line).map_err(|error| MetadataError(format!("not JSON: {error}")))? {
        Value::Object(object) => Ok(object),
        value => Err(MetadataError(format!("{}, expected a JSON object", kind(&value)))),
    }
}

/// The class without its package.
pub(crate) fn short_class(class: &str) -> &str {
    class.rsplit('.').next().unwrap_or(class)
}

/// The part files of a folder that Spark wrote: what starts with `_` or `.` is not one.
pub(crate) fn part_files(folder: &Bundle) -> Vec<String> {
    folder.files().into_iter().filter(|name| name.starts_with("part-") && !name.contains('/')).collect()
}

fn first_line(bytes: &[u8]) -> Option<&[u8]> {
    bytes.split(|&byte| byte == b'\n').map(<[u8]>::trim_ascii).find(|line| !line.is_empty())
}

fn take_string(object: &mut Map<String, Value>, key: &str) -> Result<String, MetadataError> {
    match object.remove(key) {
        Some(Value::String(text)) if !text.is_empty() && text.len() <= MAX_NAME => Ok(text),
        Some(value) => Err(MetadataError(format!("'{key}' is {}, expected a short text", kind(&value)))),
        None => Err(MetadataError(format!("it has no '{key}'"))),
    }
}

/// The longest class, uid or version.
const MAX_NAME: usize = 1_000;

fn take_object(
    object: &mut Map<String, Value>,
    key: &str,
) -> Result<Option<Map<String, Value>>, MetadataError> {
    match object.remove(key) {
        None => Ok(None),
        Some(Value::Object(map)) => Ok(Some(map)),
        Some(value) => Err(MetadataError(format!("'{key}' is {}, expected an object", kind(&value)))),
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str =
        r#"{"class":"a.B","timestamp":1,"sparkVersion":"3.5.9","uid":"B_1","paramMap":{"k":1},"numTrees":3}"#;

    #[test]
    fn the_first_line_that_is_not_blank_counts() {
        let metadata = Metadata::parse(format!("\n  \n{LINE}\nrubbish").as_bytes()).unwrap();
        assert_eq!((metadata.class(), metadata.uid(), metadata.spark_version()), ("a.B", "B_1", "3.5.9"));
        assert_eq!(metadata.param("k"), Some(&Value::from(1)));
        assert_eq!(metadata.extra.get("numTrees"), Some(&Value::from(3)));
        assert!(metadata.defaults.is_empty());
    }

    #[test]
    fn empty_parts_and_hidden_files_are_passed_over() {
        let file = |name: &str, text: &str| (name.to_owned(), text.as_bytes().to_vec());
        let files = [
            file("metadata/_SUCCESS", ""),
            file("metadata/.part-00000.crc", "x"),
            file("metadata/part-00000", "\n"),
            file("metadata/part-00001-c000.txt", LINE),
        ];
        let bundle = Bundle::from_files("test", files).unwrap();
        assert_eq!(Metadata::read(&bundle).unwrap().uid(), "B_1");
    }

    #[test]
    fn what_is_not_metadata_says_why() {
        let deep = format!("{}1{}", "[".repeat(5_000), "]".repeat(5_000));
        let cases = [
            ("", "it is empty"),
            ("[1]", "a list, expected a JSON object"),
            ("{\"class\":", "not JSON"),
            ("{}", "it has no 'class'"),
            (r#"{"class":3}"#, "'class' is a number"),
            (r#"{"class":"a","uid":"u","sparkVersion":"3.5.9"}"#, "it has no 'paramMap'"),
            (r#"{"class":"a","uid":"u","sparkVersion":"3.5.9","paramMap":[]}"#, "'paramMap' is a list"),
            (deep.as_str(), "not JSON: recursion limit"),
        ];
        for (text, expected) in cases {
            let error = Metadata::parse(text.as_bytes()).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
    }
}
