//! Real saves of every class, whose parameters and model data some bytes change.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use arrow_array::{ArrayRef, RecordBatch};
use bytes::Bytes;
use firesteel_bundle::Bundle;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use serde_json::Value;

use crate::change::{Script, changed};

/// A save for each class, and more where a class has had several layouts.
const CASES: &[(&str, &str)] = &[
    ("AFTSurvivalRegressionModel", "4.3.0"),
    ("ALSModel", "4.3.0"),
    ("Binarizer_multi", "4.3.0"),
    ("BisectingKMeansModel_ties", "4.3.0"),
    ("BucketedRandomProjectionLSHModel_1", "4.3.0"),
    ("Bucketizer_multi", "4.3.0"),
    ("ChiSqSelectorModel", "4.3.0"),
    ("ColumnPruner", "3.5.9"),
    ("CountVectorizerModel", "4.3.0"),
    ("CrossValidatorModel", "4.3.0"),
    ("DCT", "4.3.0"),
    ("DecisionTreeClassificationModel", "2.4.8"),
    ("DecisionTreeClassificationModel", "4.3.0"),
    ("DecisionTreeRegressionModel", "4.3.0"),
    ("DistributedLDAModel", "4.3.0"),
    ("ElementwiseProduct_sparse", "4.3.0"),
    ("FMClassificationModel", "4.3.0"),
    ("FMRegressionModel", "4.3.0"),
    ("FPGrowthModel", "4.3.0"),
    ("FPGrowthModel_ints", "3.5.9"),
    ("FeatureHasher", "4.3.0"),
    ("GBTClassificationModel", "3.0.3"),
    ("GBTClassificationModel", "4.3.0"),
    ("GBTRegressionModel", "2.4.8"),
    ("GBTRegressionModel", "4.3.0"),
    ("GaussianMixtureModel_narrow", "4.3.0"),
    ("GeneralizedLinearRegressionModel", "4.3.0"),
    ("HashingTF", "4.3.0"),
    ("IDFModel", "2.4.8"),
    ("IDFModel", "4.3.0"),
    ("ImputerModel_multi", "4.3.0"),
    ("IndexToString", "4.3.0"),
    ("Interaction_one", "4.3.0"),
    ("IsotonicRegressionModel", "4.3.0"),
    ("KMeansModel", "4.3.0"),
    ("LinearRegressionModel", "4.3.0"),
    ("LinearSVCModel", "4.3.0"),
    ("LocalLDAModel_one", "4.3.0"),
    ("LogisticRegressionModel_binomial", "4.3.0"),
    ("LogisticRegressionModel_columns_12", "4.3.0"),
    ("LogisticRegressionModel_multi_lasso", "4.3.0"),
    ("MaxAbsScalerModel", "4.3.0"),
    ("MinHashLSHModel", "4.3.0"),
    ("MinMaxScalerModel", "4.3.0"),
    ("MultilayerPerceptronClassificationModel", "2.4.8"),
    ("MultilayerPerceptronClassificationModel", "4.3.0"),
    ("NGram", "4.3.0"),
    ("NaiveBayesModel_bernoulli", "2.4.8"),
    ("NaiveBayesModel_bernoulli", "4.3.0"),
    ("NaiveBayesModel_gaussian", "4.3.0"),
    ("NaiveBayesModel_made_sparse_3", "4.3.0"),
    ("Normalizer", "4.3.0"),
    ("OneHotEncoderModel", "4.3.0"),
    ("OneVsRestModel", "4.3.0"),
    ("PCAModel_few", "4.3.0"),
    ("PipelineModel_labels_keep", "4.3.0"),
    ("PolynomialExpansion", "4.3.0"),
    ("RFormulaModel_forced", "4.3.0"),
    ("RandomForestClassificationModel", "2.4.8"),
    ("RandomForestClassificationModel", "4.3.0"),
    ("RandomForestRegressionModel", "3.5.9"),
    ("RandomForestRegressionModel", "4.3.0"),
    ("RegexTokenizer", "4.3.0"),
    ("RobustScalerModel", "4.3.0"),
    ("SQLTransformer_arithmetic", "3.5.9"),
    ("StandardScalerModel", "4.3.0"),
    ("StopWordsRemover", "4.3.0"),
    ("StringIndexerModel", "2.4.8"),
    ("StringIndexerModel_multi", "4.3.0"),
    ("TargetEncoderModel", "4.3.0"),
    ("Tokenizer", "4.3.0"),
    ("TrainValidationSplitModel", "4.3.0"),
    ("UnivariateFeatureSelectorModel", "4.3.0"),
    ("VarianceThresholdSelectorModel", "4.3.0"),
    ("VectorAssembler", "4.3.0"),
    ("VectorAttributeRewriter", "3.5.9"),
    ("VectorIndexerModel", "4.3.0"),
    ("VectorSizeHint", "4.3.0"),
    ("VectorSlicer", "4.3.0"),
    ("Word2VecModel", "4.3.0"),
];

/// A save, taken apart.
struct Stage {
    files: BTreeMap<String, Vec<u8>>,
    /// The metadata, and the places of the values in them.
    metadata: Vec<(String, Value, Vec<String>)>,
    /// The data of each Parquet file.
    tables: Vec<(String, RecordBatch)>,
}

static STAGES: LazyLock<Vec<Stage>> =
    LazyLock::new(|| CASES.iter().map(|case| Stage::golden(*case)).collect());

impl Stage {
    fn golden((case, version): (&str, &str)) -> Stage {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../golden/spark");
        let folder = root.join(case).join(version).join("model");
        let bundle = Bundle::open(&folder).expect("a golden save");
        let read = |path: &String| bundle.read(path).expect("a golden file").to_vec();
        let paths = bundle.files().into_iter().filter(|path| !path.ends_with("_SUCCESS"));
        let files: BTreeMap<String, Vec<u8>> = paths.map(|path| (path.clone(), read(&path))).collect();
        let (mut metadata, mut tables) = (Vec::new(), Vec::new());
        for (path, bytes) in &files {
            if path.ends_with(".parquet") {
                let reader = ParquetRecordBatchReaderBuilder::try_new(Bytes::from(bytes.clone()));
                let rows = reader.and_then(|reader| reader.build()).expect("golden data").next();
                tables.extend(rows.map(|rows| (path.clone(), rows.expect("golden rows"))));
            } else if let Ok(about) = serde_json::from_slice::<Value>(bytes) {
                let places = places(&about);
                metadata.push((path.clone(), about, places));
            }
        }
        Stage { files, metadata, tables }
    }
}

/// The places of all values below `value`.
fn places(value: &Value) -> Vec<String> {
    let below = |key: String, value: &Value| {
        let own = std::iter::once(String::new()).chain(places(value));
        own.map(|rest| format!("/{key}{rest}")).collect::<Vec<_>>()
    };
    match value {
        Value::Object(map) => map.iter().flat_map(|(key, value)| below(key.clone(), value)).collect(),
        Value::Array(list) => {
            list.iter().take(3).enumerate().flat_map(|(at, value)| below(at.to_string(), value)).collect()
        }
        _ => Vec::new(),
    }
}

/// The save that `input` makes of a golden one: its first byte chooses which, the rest says what is changed.
pub fn made(input: &[u8]) -> Option<Bundle> {
    let mut script = Script::new(input);
    let stage = &STAGES[script.below(STAGES.len())];
    let mut files = stage.files.clone();
    for _ in 0..script.below(4) {
        let (path, about, places) = &stage.metadata[script.below(stage.metadata.len())];
        let mut about = about.clone();
        let place = &places[script.below(places.len())];
        let value = parameter(&mut script);
        *about.pointer_mut(place)? = value;
        files.insert(path.clone(), about.to_string().into_bytes());
    }
    for (path, rows) in &stage.tables {
        let columns: Vec<(String, ArrayRef, bool)> = rows
            .schema_ref()
            .fields()
            .iter()
            .zip(rows.columns())
            .map(|(field, column)| (field.name().clone(), changed(column, &mut script), true))
            .collect();
        let rows = RecordBatch::try_from_iter_with_nullable(columns).ok()?;
        let places: Option<arrow_array::UInt32Array> = script.places(rows.num_rows());
        let rows = match places {
            Some(places) => arrow_select::take::take_record_batch(&rows, &places).ok()?,
            None => rows,
        };
        let mut file = Vec::new();
        let mut writer = ArrowWriter::try_new(&mut file, rows.schema(), None).ok()?;
        writer.write(&rows).ok()?;
        writer.close().ok()?;
        files.insert(path.clone(), file);
    }
    Bundle::from_files("fuzz", files).ok()
}

/// A value in place of a parameter.
fn parameter(script: &mut Script<'_>) -> Value {
    match script.below(10) {
        0 => Value::Null,
        1 => script.int().into(),
        2 => Value::from(i64::from(script.byte())),
        3 => script.double().into(),
        4 => ["NaN", "Inf", "-Inf", "keep", "skip", "error"][script.below(6)].into(),
        5 => script.text().into(),
        6 => Value::Array((0..script.below(5)).map(|_| script.text().into()).collect()),
        7 => Value::Array((0..script.below(5)).map(|_| script.double().into()).collect()),
        8 => Value::Array((0..script.below(5)).map(|_| i64::from(script.byte()).into()).collect()),
        _ => (script.byte() % 2 == 0).into(),
    }
}

/// An input column of equal rows for a plan that a made save became.
pub fn inputs(field: &firesteel_plan::Field, kind: usize) -> firesteel_plan::Column {
    use firesteel_plan::{Column, ColumnType, VectorBuilder};
    const ROWS: usize = 2;
    let number = [1.0, -2.5, f64::NAN][kind];
    match &field.column_type {
        ColumnType::Vector => {
            let size = field.size.unwrap_or(3);
            let mut vectors = VectorBuilder::default();
            for _ in 0..ROWS {
                match kind {
                    0 if size <= 1000 => vectors.push_dense(&vec![number; size]),
                    1 if size > 0 => vectors.push_sparse(size, &[(size - 1) as u32], &[number]),
                    _ => vectors.push_sparse(size, &[], &[]),
                }
            }
            Column::Vector(vectors.finish())
        }
        other => {
            let texts = arrow_array::StringArray::from(vec![["a", "1", ""][kind]; ROWS]);
            let doubles = arrow_array::Float64Array::from(vec![number; ROWS]);
            let null = || arrow_array::new_null_array(&other.to_arrow(), ROWS);
            Column::Array(match other {
                ColumnType::String => Arc::new(texts),
                _ => arrow_cast::cast(&doubles, &other.to_arrow()).unwrap_or_else(|_| null()),
            })
        }
    }
}
