//! The formats of data files, known by name or by their first bytes.

use std::fmt;
use std::path::Path;
use std::str::FromStr;

/// How rows are written in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Apache Parquet.
    Parquet,
    /// Comma-separated values as RFC 4180 has them, with a header line.
    Csv,
    /// One JSON object a line.
    JsonLines,
}

impl Format {
    /// The format that a file's name tells; `.gz` may follow.
    pub fn of_name(path: &Path) -> Option<Format> {
        let name = path.file_name()?.to_str()?.to_ascii_lowercase();
        let (_, extension) = name.strip_suffix(".gz").unwrap_or(&name).rsplit_once('.')?;
        Some(match extension {
            "parquet" | "pq" => Format::Parquet,
            "csv" => Format::Csv,
            "json" | "jsonl" | "ndjson" => Format::JsonLines,
            _ => return None,
        })
    }

    /// The format that a file's first bytes tell; CSV where they tell nothing else.
    pub(crate) fn of_start(start: &[u8]) -> Format {
        let text = start.strip_prefix("\u{feff}".as_bytes()).unwrap_or(start);
        match text.iter().find(|byte| !byte.is_ascii_whitespace()) {
            _ if start.starts_with(b"PAR1") => Format::Parquet,
            // A JSON array is no JSON lines, but its reader says so best.
            Some(b'{' | b'[') => Format::JsonLines,
            _ => Format::Csv,
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Format::Parquet => "Parquet",
            Format::Csv => "CSV",
            Format::JsonLines => "JSON lines",
        })
    }
}

impl FromStr for Format {
    type Err = String;

    fn from_str(text: &str) -> Result<Format, String> {
        match text.to_ascii_lowercase().as_str() {
            "parquet" => Ok(Format::Parquet),
            "csv" => Ok(Format::Csv),
            "json" | "jsonl" | "ndjson" => Ok(Format::JsonLines),
            _ => Err(format!("unknown format '{text}': expected parquet, csv or json")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_formats() {
        let of = |name: &str| Format::of_name(Path::new(name));
        assert_eq!(of("part-00000-1-c000.snappy.parquet"), Some(Format::Parquet));
        assert_eq!(of("a/rows.CSV"), Some(Format::Csv));
        assert_eq!(of("rows.jsonl"), Some(Format::JsonLines));
        assert_eq!(of("part-00000.csv.gz"), Some(Format::Csv));
        assert_eq!((of("rows.txt"), of("rows.gz"), of("csv")), (None, None, None));
    }

    #[test]
    fn first_bytes_tell_formats() {
        assert_eq!(Format::of_start(b"PAR1\x15"), Format::Parquet);
        assert_eq!(Format::of_start("\u{feff} \n{\"a\":1}".as_bytes()), Format::JsonLines);
        assert_eq!(Format::of_start(b"a,b\n1,2\n"), Format::Csv);
        assert_eq!(Format::of_start(b""), Format::Csv);
    }
}
