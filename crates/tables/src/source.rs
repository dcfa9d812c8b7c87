//! A source of rows: a file, a folder of part files, or a stream.

use std::collections::{BTreeMap, VecDeque};
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow_schema::SchemaRef;
use firesteel_plan::Declared;

use crate::declared::declared;
use crate::error::TableError;
use crate::files;
use crate::format::Format;
use crate::read::{FileReader, Input};
use crate::rows::Rows;

/// Rows to read, file after file, in order: an iterator of [`Rows`].
///
/// Memory stays bounded: a batch holds at most 8,192 rows and, of wide rows, fewer; a line of text that is
/// longer than 64 MiB is an error. The first error ends it.
#[derive(Debug)]
pub struct Source {
    origin: String,
    format: Format,
    reader: FileReader,
    file: Arc<str>,
    /// The number of the next row in its file.
    next: u64,
    rest: VecDeque<PathBuf>,
    ended: bool,
}

impl Source {
    /// The rows of a file or of a folder's part files; names that begin with `_` or `.` are not read, and text
    /// files may end in `.gz`.
    ///
    /// The format is the one given, else the one that the names tell, else the one that the first bytes tell.
    pub fn open(path: &Path, format: Option<Format>) -> Result<Source, TableError> {
        let (files, format) = files::list(path, format)?;
        let mut rest = VecDeque::from(files);
        let Some(first) = rest.pop_front() else {
            return Err(TableError::unfit(path.display(), "holds no data file", ""));
        };
        let reader = FileReader::open(format, &first)?;
        Ok(Source::new(path.display().to_string(), &first.display().to_string(), format, reader, rest))
    }

    /// The rows of a stream of CSV or JSON lines, such as standard input; `name` is for errors.
    pub fn stream(
        stream: Box<dyn Read + Send>,
        name: &str,
        format: Option<Format>,
    ) -> Result<Source, TableError> {
        let mut stream = BufReader::new(stream);
        let format = match format {
            Some(format) => format,
            None => Format::of_start(stream.fill_buf().map_err(TableError::io("read", Path::new(name)))?),
        };
        let reader = FileReader::stream(format, Input { name: name.into(), bytes: Box::new(stream) })?;
        Ok(Source::new(name.to_owned(), name, format, reader, VecDeque::new()))
    }

    fn new(
        origin: String,
        file: &str,
        format: Format,
        reader: FileReader,
        rest: VecDeque<PathBuf>,
    ) -> Source {
        Source { origin, format, reader, file: Arc::from(file), next: 1, rest, ended: false }
    }

    /// What was opened, as errors name it.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The format of every file.
    pub fn format(&self) -> Format {
        self.format
    }

    /// The columns that are known before a row is read: all of them, except of JSON lines none.
    pub fn schema(&self) -> SchemaRef {
        self.reader.schema()
    }

    /// What is known of the columns before a row is read, for opening a model.
    pub fn declared(&self) -> Declared {
        declared(&self.reader.schema(), &self.spark_metadata())
    }

    /// What Spark wrote beside the rows of a Parquet file, by key.
    pub fn spark_metadata(&self) -> BTreeMap<String, String> {
        self.reader.spark_metadata()
    }

    fn next_rows(&mut self) -> Result<Option<Rows>, TableError> {
        loop {
            if let Some(batch) = self.reader.next()? {
                let rows = Rows { file: Arc::clone(&self.file), first: self.next, batch };
                self.next += rows.batch.num_rows() as u64;
                return Ok(Some(rows));
            }
            let Some(path) = self.rest.pop_front() else { return Ok(None) };
            self.reader.follow(&path)?;
            self.file = Arc::from(path.display().to_string());
            self.next = 1;
        }
    }
}

impl Iterator for Source {
    type Item = Result<Rows, TableError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let rows = self.next_rows().transpose();
        self.ended = !matches!(rows, Some(Ok(_)));
        rows
    }
}
