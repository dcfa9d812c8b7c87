//! What the tests of stages share: saves in memory and from `golden/`, columns, and scored rows by name.

use std::collections::BTreeMap;
use std::ops::Deref;
use std::path::Path;
use std::sync::Arc;

use arrow_array::builder::{ListBuilder, StringBuilder};
use arrow_array::{Float64Array, StringArray};
use firesteel_bundle::Bundle;
use firesteel_plan::{Batch, Column, ColumnType, Model, ScoreError, Scored, VectorColumn};

use crate::LoadError;

/// The files of a save.
#[derive(Clone)]
pub(crate) struct Save {
    uid: String,
    files: Vec<(String, Vec<u8>)>,
}

impl Save {
    /// The golden save of this case and version.
    pub(crate) fn golden(case: &str, version: &str) -> Save {
        let folder =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../../golden/spark").join(case).join(version);
        let bundle = Bundle::open(&folder.join("model")).unwrap();
        let files =
            bundle.files().into_iter().map(|path| (path.clone(), bundle.read(&path).unwrap().to_vec()));
        let uid = crate::metadata::Metadata::read(&bundle).unwrap().uid;
        Save { uid, files: files.collect() }
    }

    /// A pipeline of these stages.
    pub(crate) fn pipeline(version: &str, stages: Vec<Save>) -> Save {
        let uids: Vec<String> = stages.iter().map(|stage| format!("\"{}\"", stage.uid)).collect();
        let params = format!(r#"{{"stageUids":[{}]}}"#, uids.join(","));
        let mut pipeline = of_class("org.apache.spark.ml.PipelineModel", "PipelineModel_1", version, &params);
        let width = stages.len().to_string().len();
        for (index, stage) in stages.into_iter().enumerate() {
            let folder = format!("stages/{index:0width$}_{}", stage.uid);
            pipeline
                .files
                .extend(stage.files.into_iter().map(|(path, bytes)| (format!("{folder}/{path}"), bytes)));
        }
        pipeline
    }

    /// The save under another name.
    pub(crate) fn named(mut self, uid: &str) -> Save {
        let renamed = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap().replace(&self.uid, uid).into_bytes();
        for (path, bytes) in &mut self.files {
            if path.starts_with("metadata/part-") {
                *bytes = renamed(std::mem::take(bytes));
            }
        }
        self.uid = uid.to_owned();
        self
    }

    /// The save with `bytes` in place of the files whose path starts with `path`, or as one more file.
    pub(crate) fn with(mut self, path: &str, bytes: &[u8]) -> Save {
        let mut found = false;
        for (_, content) in self.files.iter_mut().filter(|(name, _)| name.starts_with(path)) {
            *content = bytes.to_vec();
            found = true;
        }
        if !found {
            self.files.push((path.to_owned(), bytes.to_vec()));
        }
        self
    }

    /// The save's metadata file.
    pub(crate) fn metadata(&self) -> Vec<u8> {
        self.files.iter().find(|(name, _)| name.starts_with("metadata/part-")).unwrap().1.clone()
    }

    /// The save's Parquet file of the folder `data`.
    pub(crate) fn part(&self) -> Vec<u8> {
        let is_part = |name: &str| name.starts_with("data/") && name.ends_with(".parquet");
        self.files.iter().find(|(name, _)| is_part(name)).unwrap().1.clone()
    }

    /// The save with this Parquet file in the folder `data`.
    pub(crate) fn with_part(self, bytes: &[u8]) -> Save {
        self.with("data/part-", bytes)
    }

    /// The save without the files whose path contains `path`.
    pub(crate) fn without(mut self, path: &str) -> Save {
        self.files.retain(|(name, _)| !name.contains(path));
        self
    }

    /// The save with other text in its metadata.
    pub(crate) fn edited(mut self, from: &str, to: &str) -> Save {
        let metadata = self.files.iter_mut().find(|(name, _)| name.starts_with("metadata/part-"));
        let (_, bytes) = metadata.unwrap();
        let text = String::from_utf8(std::mem::take(bytes)).unwrap();
        assert!(text.contains(from), "{text}");
        *bytes = text.replace(from, to).into_bytes();
        self
    }

    /// The save as a bundle.
    pub(crate) fn bundle(self) -> Bundle {
        Bundle::from_files("save", self.files).unwrap()
    }

    /// Opens the save.
    pub(crate) fn open(self, declared: &[(&str, ColumnType)]) -> Result<Opened, LoadError> {
        let declared = declared.iter().map(|(name, column_type)| ((*name).to_owned(), column_type.clone()));
        crate::open(&self.bundle(), declared.collect::<BTreeMap<_, _>>()).map(Opened)
    }
}

/// A save of a feature stage that has only metadata, named `<class>_1`.
pub(crate) fn save(class: &str, version: &str, params: &str) -> Save {
    of_class(&format!("org.apache.spark.ml.feature.{class}"), &format!("{class}_1"), version, params)
}

/// A save of any class that has only metadata.
pub(crate) fn of_class(class: &str, uid: &str, version: &str, params: &str) -> Save {
    let params = params.replace('\n', " ");
    let line = format!(
        r#"{{"class":"{class}","timestamp":1,"sparkVersion":"{version}","uid":"{uid}","paramMap":{params}}}"#
    );
    Save { uid: uid.to_owned(), files: vec![("metadata/part-00000".to_owned(), line.into_bytes())] }
}

/// The golden model of this case and version.
pub(crate) fn golden(case: &str, version: &str) -> Opened {
    golden_with(case, version, &[])
}

/// The golden model of this case and version, with these input types.
pub(crate) fn golden_with(case: &str, version: &str, declared: &[(&str, ColumnType)]) -> Opened {
    Save::golden(case, version).open(declared).unwrap()
}

/// A model under test.
#[derive(Debug)]
pub(crate) struct Opened(Model);

impl Deref for Opened {
    type Target = Model;

    fn deref(&self) -> &Model {
        &self.0
    }
}

impl Opened {
    /// Every output for these columns.
    pub(crate) fn score(&self, columns: Vec<(&str, Column)>) -> Answers {
        self.try_score(columns).unwrap()
    }

    /// Every output for these columns, or the row that cannot be scored.
    pub(crate) fn try_score(&self, columns: Vec<(&str, Column)>) -> Result<Answers, ScoreError> {
        let plan = self.plan_all().unwrap();
        let column = |name: &str| columns.iter().find(|(given, _)| *given == name).unwrap().1.clone();
        let inputs: Vec<Column> = plan.inputs().iter().map(|field| column(&field.name)).collect();
        let names = plan.outputs().iter().map(|field| field.name.clone()).collect();
        let scored = plan.score(Batch::new(columns[0].1.len(), inputs))?;
        Ok(Answers { names, scored })
    }
}

/// Scored rows by column name.
#[derive(Debug)]
pub(crate) struct Answers {
    names: Vec<String>,
    scored: Scored,
}

impl Answers {
    /// The column of this name.
    pub(crate) fn column(&self, name: &str) -> &Column {
        &self.scored.columns[self.names.iter().position(|known| known == name).unwrap()]
    }

    /// The column of this name as doubles without nulls.
    pub(crate) fn doubles(&self, name: &str) -> Vec<f64> {
        self.column(name).as_doubles().unwrap().values().to_vec()
    }

    /// The vector of a row, written out in full.
    pub(crate) fn vector(&self, name: &str, row: usize) -> Vec<f64> {
        let mut values = Vec::new();
        self.column(name).as_vectors().unwrap().get(row).unwrap().write_dense(&mut values);
        values
    }

    /// The rows that came out.
    pub(crate) fn survivors(&self) -> Vec<u32> {
        let all = || (0..self.scored.rows_in as u32).collect();
        self.scored.survivors.clone().unwrap_or_else(all)
    }
}

/// A column of one dense vector.
pub(crate) fn vector(values: &[f64]) -> Column {
    Column::Vector(VectorColumn::from_block(1, values.len(), values.to_vec()))
}

/// A column of doubles.
pub(crate) fn doubles(values: &[Option<f64>]) -> Column {
    Column::Array(Arc::new(Float64Array::from(values.to_vec())))
}

/// A column of strings.
pub(crate) fn strings(values: &[Option<&str>]) -> Column {
    Column::Array(Arc::new(StringArray::from(values.to_vec())))
}

/// A column of lists of strings.
pub(crate) fn string_lists(rows: &[&[&str]]) -> Column {
    let field = arrow_schema::Field::new("element", arrow_schema::DataType::Utf8, true);
    let mut lists = ListBuilder::new(StringBuilder::new()).with_field(field);
    for row in rows {
        row.iter().for_each(|text| lists.values().append_value(text));
        lists.append(true);
    }
    Column::Array(Arc::new(lists.finish()))
}
