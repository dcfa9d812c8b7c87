//! Folders made by real MLflow (`golden/mlflow`), and what is wrong with others.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use firesteel_bundle::Bundle;
use firesteel_plan::{ColumnType, Model};

use crate::{OpenError, OpenOptions, open, open_bundle};

fn golden() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../golden/mlflow/signed/model")
}

/// The golden folder, its `MLmodel` file changed.
fn changed(change: impl Fn(String) -> String) -> Result<Model, OpenError> {
    let bundle = Bundle::open(&golden()).unwrap();
    let files = bundle.files().into_iter().map(|path| {
        let bytes = bundle.read(&path).unwrap().to_vec();
        match path.as_str() {
            "MLmodel" => (path, change(String::from_utf8(bytes).unwrap()).into_bytes()),
            _ => (path, bytes),
        }
    });
    open_bundle(&Bundle::from_files("m", files).unwrap(), &OpenOptions::default())
}

fn refused(change: impl Fn(String) -> String) -> String {
    changed(change).unwrap_err().to_string()
}

#[test]
fn the_signature_gives_the_types_and_the_example_is_kept() {
    let model = open(&golden(), &OpenOptions::default()).unwrap();
    let types: BTreeMap<&str, &ColumnType> =
        model.signature().inputs.iter().map(|field| (field.name.as_str(), &field.column_type)).collect();
    let expected = [
        ("area", &ColumnType::Double),
        ("city", &ColumnType::String),
        ("rooms", &ColumnType::Int),
        ("sold", &ColumnType::Boolean),
    ];
    assert_eq!(types, BTreeMap::from(expected));
    let info = model.info();
    assert_eq!((info.format.as_str(), info.packaged_by.as_str()), ("spark", "mlflow 3.17.2"));
    assert_eq!(info.example.as_deref(), Some(r#"{"city":"Oslo","rooms":1,"area":30.5,"sold":true}"#));
}

#[test]
fn what_the_caller_declares_comes_first() {
    let declared = BTreeMap::from([("rooms".to_owned(), ColumnType::Double)]);
    let model = open(&golden(), &OpenOptions { declared: declared.into() }).unwrap();
    let rooms = model.signature().inputs.iter().find(|field| field.name == "rooms").unwrap();
    assert_eq!(rooms.column_type, ColumnType::Double);
}

#[test]
fn versions_that_look_like_numbers_are_texts() {
    let model = changed(|text| text.replace("mlflow_version: 3.17.2", "mlflow_version: 2.22")).unwrap();
    assert_eq!(model.info().packaged_by, "mlflow 2.22");
}

#[test]
fn folders_that_do_not_fit_are_refused() {
    let other = refused(|text| text.replace("  spark:", "  sklearn:"));
    assert!(other.contains("flavors are python_function, sklearn; expected spark"), "{other}");
    let away = refused(|text| text.replace("model_data: sparkml", "model_data: ../sparkml"));
    assert!(away.contains("'../sparkml', which holds no Spark save"), "{away}");
    let lacking = refused(|text| text.replace(r#""name": "area""#, r#""name": "size""#));
    assert!(lacking.contains("no column 'area'") && lacking.contains("sparkml"), "{lacking}");
    let broken = refused(|_| "flavors: [".to_owned());
    assert!(broken.contains("MLmodel file cannot be read"), "{broken}");
    let signature = refused(|text| text.replace("inputs: '[", "inputs: '{"));
    assert!(signature.contains("inputs of its signature"), "{signature}");
}
