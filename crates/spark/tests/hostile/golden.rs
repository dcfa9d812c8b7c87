//! Real saves in memory, one for each class and each layout that its data have had.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use firesteel_bundle::Bundle;
use parquet::file::reader::{FileReader, SerializedFileReader};
use serde_json::Value;

/// A save's files by path.
#[derive(Clone)]
pub(crate) struct Save {
    /// What a message calls it: the golden case and the version.
    pub(crate) name: String,
    pub(crate) files: BTreeMap<String, Vec<u8>>,
}

impl Save {
    /// The golden save of this case and version.
    pub(crate) fn golden(case: &str, version: &str) -> Save {
        let folder = root().join(case).join(version).join("model");
        let bundle = Bundle::open(&folder).unwrap();
        let paths = bundle.files().into_iter().filter(|path| !path.ends_with("_SUCCESS"));
        let files = paths.map(|path| (path.clone(), bundle.read(&path).unwrap().to_vec()));
        Save { name: format!("{case} of Spark {version}"), files: files.collect() }
    }

    /// The save of a class that has only metadata.
    pub(crate) fn of(class: &str, params: &str) -> Save {
        let line = format!(
            r#"{{"class":"{class}","timestamp":1,"sparkVersion":"3.5.9","uid":"stage_1","paramMap":{params}}}"#
        );
        let files = [("metadata/part-00000".to_owned(), line.into_bytes())];
        Save { name: class.to_owned(), files: files.into() }
    }

    /// A pipeline of these saves, with the places and names of its stages.
    pub(crate) fn pipeline(stages: impl IntoIterator<Item = Save>) -> Save {
        let mut files = BTreeMap::new();
        let stages: Vec<Save> = stages.into_iter().collect();
        let width = stages.len().to_string().len();
        let mut uids = Vec::new();
        for (place, stage) in stages.iter().enumerate() {
            let uid = format!("s{place}");
            for (path, bytes) in &stage.files {
                files.insert(format!("stages/{place:0width$}_{uid}/{path}"), bytes.clone());
            }
            uids.push(uid);
        }
        let params = format!(r#"{{"stageUids":{}}}"#, Value::from(uids));
        files.extend(Save::of("org.apache.spark.ml.PipelineModel", &params).files);
        Save { name: format!("a pipeline of {} stages", stages.len()), files }
    }

    pub(crate) fn with(mut self, path: &str, bytes: impl Into<Vec<u8>>) -> Save {
        self.files.insert(path.to_owned(), bytes.into());
        self
    }

    fn size(&self) -> usize {
        self.files.values().map(Vec::len).sum()
    }

    /// The paths of the metadata files of all stages; models of classes, which are stages of their own, are left out.
    pub(crate) fn metadata_files(&self) -> Vec<String> {
        let is_metadata = |path: &&String| path.contains("metadata/part-") && !path.ends_with(".parquet");
        self.own_files().filter(is_metadata).cloned().collect()
    }

    /// The paths of the Parquet files; those of models of classes are left out.
    pub(crate) fn parquet_files(&self) -> Vec<String> {
        self.own_files().filter(|path| path.ends_with(".parquet")).cloned().collect()
    }

    fn own_files(&self) -> impl Iterator<Item = &String> {
        self.files.keys().filter(|path| !path.starts_with("model_"))
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../golden/spark")
}

/// The smallest golden save of each class and of each layout that its data have had.
pub(crate) fn every_layout() -> Vec<Save> {
    let mut smallest: BTreeMap<BTreeSet<String>, Save> = BTreeMap::new();
    for case in folders(&root()) {
        for version in folders(&root().join(&case)) {
            if !root().join(&case).join(&version).join("model").is_dir() {
                continue;
            }
            let save = Save::golden(&case, &version);
            let kept = smallest.entry(layout(&save)).or_insert_with(|| save.clone());
            if save.size() < kept.size() {
                *kept = save;
            }
        }
    }
    smallest.into_values().collect()
}

fn folders(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap().flatten().filter(|entry| entry.path().is_dir());
    entries.map(|entry| entry.file_name().into_string().unwrap()).collect()
}

/// The classes of a save's stages, and the columns of its data.
fn layout(save: &Save) -> BTreeSet<String> {
    let mut layout = BTreeSet::new();
    for path in save.metadata_files() {
        let about: Value = serde_json::from_slice(&save.files[&path]).unwrap_or_default();
        layout.insert(about["class"].to_string());
    }
    for path in save.parquet_files() {
        let reader = SerializedFileReader::new(bytes::Bytes::from(save.files[&path].clone())).unwrap();
        let columns = reader.metadata().file_metadata().schema_descr().columns();
        layout.extend(columns.iter().map(|column| format!("{} {}", column.path(), column.physical_type())));
    }
    // Pipelines are as many as their stages' orders; one stands for all.
    if layout.iter().any(|part| part.contains("PipelineModel\"")) {
        layout = ["pipeline".to_owned()].into();
    }
    layout
}
