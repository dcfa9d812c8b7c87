//! A stage's model data: the rows of all Parquet part files of a folder, decoded with every check.
//!
//! Spark may split the rows over any number of files, in any order, under any codec's name; columns are found by
//! name or by place. The physical layout of vectors and matrices is that of Spark's `VectorUDT` and `MatrixUDT`.

mod matrix;
mod part;
mod row;
mod values;

use arrow_array::RecordBatch;

use crate::error::LoadError;
use crate::saved::Saved;

pub(crate) use matrix::{Cells, DenseMatrix, Matrix};
pub(crate) use row::Row;
pub(crate) use values::{Lists, Values};

/// The rows of one data folder of a stage.
#[derive(Debug)]
pub(crate) struct ModelData<'a> {
    saved: &'a Saved,
    folder: String,
    batches: Vec<RecordBatch>,
    rows: usize,
}

impl<'a> ModelData<'a> {
    /// Reads all part files of the folder `folder` of a stage: the columns `wanted`, or all of them.
    pub(crate) fn read(
        saved: &'a Saved,
        folder: &str,
        wanted: Option<&[&str]>,
    ) -> Result<ModelData<'a>, LoadError> {
        let files = saved.bundle().dir(folder);
        let hidden = |name: &String| name.starts_with(['_', '.']) || name.contains('/');
        let parts: Vec<String> = files.files().into_iter().filter(|name| !hidden(name)).collect();
        if parts.is_empty() {
            return Err(saved.bad_data(folder, "there is no Parquet file in it"));
        }
        let mut batches = Vec::new();
        for name in &parts {
            let bytes = files.read(name).map_err(|error| saved.error(error.into()))?;
            saved.allowance().grow(bytes.len());
            let read = part::read(saved.allowance(), bytes, wanted);
            let read = read.map_err(|reason| saved.bad_data(folder, format!("{name}: {reason}")))?;
            batches.extend(read);
        }
        let rows = batches.iter().map(RecordBatch::num_rows).sum();
        Ok(ModelData { saved, folder: folder.to_owned(), batches, rows })
    }

    /// Whether there is a column of this name.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.batches.first().is_some_and(|batch| batch.column_by_name(name).is_some())
    }

    /// The column of this name.
    pub(crate) fn column(&self, name: &str) -> Result<Values<'_>, LoadError> {
        let arrays = self.batches.iter().map(|batch| batch.column_by_name(name).cloned());
        let arrays = arrays
            .collect::<Option<Vec<_>>>()
            .ok_or_else(|| self.error(format!("there is no column '{name}'; it has {}", self.names())))?;
        Ok(Values::new(self, name.to_owned(), arrays))
    }

    /// The column at this place, counted from 0, whatever its name.
    pub(crate) fn column_at(&self, place: usize) -> Result<Values<'_>, LoadError> {
        let arrays = self.batches.iter().map(|batch| batch.columns().get(place).cloned());
        let arrays = arrays.collect::<Option<Vec<_>>>().ok_or_else(|| {
            self.error(format!("there is no column at place {place}; it has {}", self.names()))
        })?;
        Ok(Values::new(self, format!("at place {place}"), arrays))
    }

    /// The only row; anything but one row is an error.
    pub(crate) fn only_row(&self) -> Result<Row<'_>, LoadError> {
        match self.rows {
            1 => Ok(Row::new(self)),
            rows => Err(self.error(format!("{rows} rows, expected 1"))),
        }
    }

    /// The error for data that do not do.
    pub(crate) fn error(&self, reason: impl ToString) -> LoadError {
        self.saved.bad_data(&self.folder, reason)
    }

    /// Takes this many zeros of what the save may write out.
    pub(crate) fn zeros(&self, count: usize) -> Result<(), LoadError> {
        self.saved.allowance().zeros(count).map_err(|reason| self.error(reason))
    }

    fn names(&self) -> String {
        let Some(batch) = self.batches.first() else { return "no rows".to_owned() };
        let schema = batch.schema();
        let names: Vec<&str> = schema.fields().iter().take(20).map(|field| field.name().as_str()).collect();
        names.join(", ")
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use crate::saved::Saved;
    use crate::testing::Save;

    /// Nodes of a forest, one file for each tree but for empty ones.
    const FOREST: &str = "RandomForestClassificationModel_many_files";

    fn saved(save: Save) -> Saved {
        Saved::read_at(save.bundle(), "3".to_owned(), Rc::default()).unwrap()
    }

    #[test]
    fn the_rows_of_all_files_are_read() {
        let saved = saved(Save::golden(FOREST, "3.5.9"));
        let parts = saved.bundle().dir("data").files();
        assert!(parts.iter().filter(|name| name.ends_with(".parquet")).count() > 2);
        let data = saved.data("data").unwrap();
        let trees = data.column("treeID").unwrap().ints().unwrap();
        assert_eq!(trees.len(), data.rows);
        assert_eq!(data.column_at(0).unwrap().ints().unwrap(), trees);
        let stats = data.column("nodeData").unwrap().field("impurityStats").unwrap().double_lists().unwrap();
        assert_eq!(stats.len(), trees.len());
        assert!(stats.iter().all(|stats| stats.iter().sum::<f64>() > 0.0));
    }

    #[test]
    fn what_is_not_there_or_of_another_type_is_named() {
        let saved = saved(Save::golden(FOREST, "3.5.9"));
        let data = saved.data("data").unwrap();
        let said = |result: Result<(), crate::LoadError>| result.unwrap_err().to_string();
        let error = said(data.column("nodes").map(drop));
        assert!(error.contains("there is no column 'nodes'; it has treeID, nodeData"), "{error}");
        let error = said(data.column("treeID").and_then(|ids| ids.doubles()).map(drop));
        assert!(error.contains("column 'treeID' is Int32, expected doubles"), "{error}");
        let error = said(data.only_row().map(drop));
        assert!(
            error.contains("stage 3 RandomForestClassificationModel") && error.contains("expected 1"),
            "{error}"
        );
        let error = said(saved.data("dada").map(drop));
        assert!(error.contains("'dada'") && error.contains("no Parquet file"), "{error}");
    }

    #[test]
    fn a_damaged_file_is_named() {
        let saved =
            saved(Save::golden("StandardScalerModel", "3.5.9").with("data/part-", b"PAR1 rubbish PAR1"));
        let error = saved.data("data").unwrap_err().to_string();
        assert!(
            error.contains("'data'") && error.contains("part-") && error.contains("save the model again"),
            "{error}"
        );
    }
}
