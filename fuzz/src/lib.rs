//! What several targets need: a model of every input type, and what reads bodies for it.

pub mod change;
pub mod stages;

use std::path::PathBuf;
use std::sync::LazyLock;

use firesteel_deploy::{Fleet, Loader, Settings};
use firesteel_plan::{Asked, Builder, ColumnType, Declared, Model, ModelInfo};
use firesteel_server::Bodies;

/// Bodies for a model whose inputs are numbers.
pub static NUMBERS: LazyLock<Bodies> = LazyLock::new(|| {
    use ColumnType::{Byte, Double, Float, Int, Long, Short};
    bodies(&[("a", Double), ("b", Float), ("c", Long), ("d", Int), ("e", Short), ("f", Byte)])
});

/// Bodies for a model whose inputs are of every type; the names are short, so that the fuzzer finds them.
pub static BODIES: LazyLock<Bodies> = LazyLock::new(|| {
    bodies(&[
        ("a", ColumnType::Double),
        ("b", ColumnType::Boolean),
        ("c", ColumnType::String),
        ("d", ColumnType::Byte),
        ("e", ColumnType::Long),
        ("f", ColumnType::Float),
        ("v", ColumnType::Vector),
        ("w", ColumnType::strings()),
    ])
});

fn bodies(inputs: &[(&'static str, ColumnType)]) -> Bodies {
    let inputs = inputs.to_vec();
    let fleet = Fleet::new(Loader::new(move |_| Ok(model(&inputs)?)), Settings::default());
    let endpoint = fleet.add("m", PathBuf::new());
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(endpoint.load()).expect("the model loads");
    Bodies::new(&endpoint, 1000).expect("the model is loaded")
}

fn model(inputs: &[(&'static str, ColumnType)]) -> Result<Model, firesteel_plan::BuildError> {
    let mut builder = Builder::new(Declared::default());
    builder.stage(firesteel_plan::StageInfo { class: "Inputs".to_owned(), ..Default::default() });
    for (name, column_type) in inputs {
        let column = builder.column(name, Asked::nullable(column_type.clone()));
        builder.bind(&format!("{name}_out"), column)?;
    }
    builder.finish(ModelInfo::default())
}
