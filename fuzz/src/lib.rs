//! What several targets need: a model of every input type, and what reads bodies for it.

pub mod change;
pub mod stages;

use std::path::PathBuf;
use std::sync::LazyLock;

use firesteel_deploy::{Fleet, Loader, Settings};
use firesteel_plan::{Asked, Builder, ColumnType, Declared, Model, ModelInfo};
use firesteel_server::Bodies;

/// Bodies for a model whose inputs are of every type; the names are short, so that the fuzzer finds them.
pub static BODIES: LazyLock<Bodies> = LazyLock::new(|| {
    let fleet = Fleet::new(Loader::new(|_| Ok(model()?)), Settings::default());
    let endpoint = fleet.add("m", PathBuf::new());
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(endpoint.load()).expect("the model loads");
    Bodies::new(&endpoint, 1000).expect("the model is loaded")
});

fn model() -> Result<Model, firesteel_plan::BuildError> {
    let mut builder = Builder::new(Declared::default());
    let inputs = [
        ("a", ColumnType::Double),
        ("b", ColumnType::Boolean),
        ("c", ColumnType::String),
        ("d", ColumnType::Byte),
        ("e", ColumnType::Long),
        ("f", ColumnType::Float),
        ("v", ColumnType::Vector),
        ("w", ColumnType::strings()),
    ];
    builder.stage(firesteel_plan::StageInfo { class: "Inputs".to_owned(), ..Default::default() });
    for (name, column_type) in inputs {
        let column = builder.column(name, Asked::nullable(column_type));
        builder.bind(&format!("{name}_out"), column)?;
    }
    builder.finish(ModelInfo::default())
}
