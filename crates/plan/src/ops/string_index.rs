//! The index of a string among labels: Spark's `StringIndexerModel`, one column.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use arrow_array::builder::Float64Builder;
use smallvec::smallvec;

use super::{HandleInvalid, Mismatch, Operation, Outputs, expect_types};
use crate::column::{Column, ColumnType, mask};
use crate::error::OpError;

/// Finds strings among labels. A null counts as a string that is no label.
#[derive(Clone, Debug)]
pub struct StringIndex {
    places: Arc<HashMap<String, f64>>,
    labels: usize,
    handle_invalid: HandleInvalid,
}

const HINT: &str = "set handleInvalid to 'keep' or 'skip' in the StringIndexer";

impl StringIndex {
    /// The index of each of `labels` is its place. What is no label is an error, drops the row, or gets the index
    /// after the last.
    pub fn new(labels: &[String], handle_invalid: HandleInvalid) -> StringIndex {
        let places = labels.iter().enumerate().map(|(place, label)| (label.clone(), place as f64));
        StringIndex { places: Arc::new(places.collect()), labels: labels.len(), handle_invalid }
    }

    /// The same without `label`: what is equal to it is no label.
    pub fn forgetting(mut self, label: &str) -> StringIndex {
        Arc::make_mut(&mut self.places).remove(label);
        self
    }
}

impl Operation for StringIndex {
    fn output_types(&self, inputs: &[&ColumnType]) -> Result<Vec<ColumnType>, Mismatch> {
        expect_types(inputs, &[ColumnType::String])?;
        Ok(vec![ColumnType::Double])
    }

    fn run(&self, rows: usize, inputs: &[&Column]) -> Result<Outputs, OpError> {
        let strings = super::strings(inputs[0])?;
        if rows == 1
            && let Some(Some(&place)) = strings.iter().next().map(|text| self.places.get(text?))
        {
            return Ok(Column::from_double(place).into());
        }
        let mut out = Float64Builder::with_capacity(rows);
        let mut invalid = Vec::new();
        for (row, text) in strings.iter().enumerate() {
            match (text.and_then(|text| self.places.get(text)), self.handle_invalid) {
                (Some(&place), _) => out.append_value(place),
                (None, HandleInvalid::Keep) => out.append_value(self.labels as f64),
                (None, HandleInvalid::Skip) => {
                    invalid.push(row);
                    out.append_null();
                }
                (None, HandleInvalid::Error) => {
                    return Err(
                        OpError::value(inputs[0], row, 0, "a label that was seen in training").hint(HINT)
                    );
                }
            }
        }
        let keep = (!invalid.is_empty()).then(|| mask(rows, |row| invalid.binary_search(&row).is_err()));
        Ok(Outputs { columns: smallvec![Column::Array(Arc::new(out.finish()))], keep })
    }

    fn drops_rows(&self) -> bool {
        self.handle_invalid == HandleInvalid::Skip
    }

    fn holds_filters(&self) -> bool {
        true
    }

    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "string index [{} labels, {:?}]", self.labels, self.handle_invalid)
    }
}

#[cfg(test)]
mod tests {
    use arrow_array::StringArray;

    use super::*;

    fn run(
        handle_invalid: HandleInvalid,
        texts: Vec<Option<&str>>,
    ) -> Result<(Vec<f64>, Vec<bool>), OpError> {
        let op = StringIndex::new(&["b".to_owned(), "a".to_owned()], handle_invalid);
        let outputs = op.run(texts.len(), &[&Column::Array(Arc::new(StringArray::from(texts)))])?;
        let keep = outputs.keep.map_or_else(Vec::new, |keep| keep.iter().collect());
        Ok((outputs.columns[0].as_doubles().unwrap().values().to_vec(), keep))
    }

    #[test]
    fn labels_become_their_places() {
        assert_eq!(run(HandleInvalid::Error, vec![Some("a"), Some("b")]).ok().unwrap().0, [1.0, 0.0]);
    }

    #[test]
    fn strangers_and_nulls_follow_handle_invalid() {
        let texts = vec![Some("a"), Some("z"), None];
        assert_eq!(run(HandleInvalid::Keep, texts.clone()).ok().unwrap().0, [1.0, 2.0, 2.0]);
        assert_eq!(run(HandleInvalid::Skip, texts.clone()).ok().unwrap().1, [true, false, false]);
        let Err(OpError::Row(fault)) = run(HandleInvalid::Error, texts) else { panic!("a row error") };
        assert_eq!((fault.row, fault.found.as_str()), (1, "z"));
    }
}
