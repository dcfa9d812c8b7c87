//! The data of a save: whatever the Parquet file holds, reading the stage ends in a model or an error.
//!
//! The first byte of the input chooses the stage that the rest is the data of.
#![no_main]

use firesteel_bundle::Bundle;
use firesteel_plan::Declared;
use libfuzzer_sys::fuzz_target;

/// The metadata of real saves, one for each shape of data.
const STAGES: &[&[u8]] = &[
    include_bytes!("../../golden/spark/StringIndexerModel/3.5.9/model/metadata/part-00000"),
    include_bytes!("../../golden/spark/IDFModel/3.5.9/model/metadata/part-00000"),
    include_bytes!("../../golden/spark/StandardScalerModel/3.5.9/model/metadata/part-00000"),
    include_bytes!("../../golden/spark/ImputerModel_multi/3.5.9/model/metadata/part-00000"),
    include_bytes!("../../golden/spark/OneHotEncoderModel/3.5.9/model/metadata/part-00000"),
    include_bytes!("../../golden/spark/LogisticRegressionModel_binomial/3.5.9/model/metadata/part-00000"),
    include_bytes!("../../golden/spark/LinearRegressionModel/3.5.9/model/metadata/part-00000"),
    include_bytes!("../../golden/spark/KMeansModel/3.5.9/model/metadata/part-00000"),
    include_bytes!("../../golden/spark/DecisionTreeClassificationModel/3.5.9/model/metadata/part-00000"),
    include_bytes!("../../golden/spark/VectorIndexerModel/3.5.9/model/metadata/part-00000"),
    include_bytes!("../../golden/spark/PCAModel/3.5.9/model/metadata/part-00000"),
    include_bytes!(
        "../../golden/spark/TargetEncoderModel/4.3.0/model/metadata/part-00000-d4ebae90-44ba-4b44-af23-e4fe6b502e2c-c000.txt"
    ),
    include_bytes!("../../golden/spark/MinHashLSHModel/3.5.9/model/metadata/part-00000"),
];

fuzz_target!(init: {
    // The Parquet reader panics on rare files; the crate fences it. What gets past the fence still ends the run.
    std::panic::set_hook(Box::new(|_| {}));
}, |input: &[u8]| {
    let Some((choice, data)) = input.split_first() else { return };
    let metadata = STAGES[usize::from(*choice) % STAGES.len()];
    let files = [("metadata/part-00000", metadata), ("data/part-00000.parquet", data)];
    let files = files.map(|(path, bytes)| (path.to_owned(), bytes.to_vec()));
    if let Ok(save) = Bundle::from_files("fuzz", files) {
        let _ = firesteel_spark::open(&save, Declared::default());
    }
});
