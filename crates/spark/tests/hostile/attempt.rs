//! Opens a save and scores by it, under watch.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use arrow_array::new_null_array;
use firesteel_bundle::Bundle;
use firesteel_plan::{Batch, Column, ColumnType, Declared, Field, Model, VectorBuilder};

use crate::HEAP;
use crate::golden::Save;

/// The most bytes that a small save may make the process hold.
const MEMORY: usize = 400 << 20;
/// The longest that it may take, on a busy machine and without optimization.
const TIME: Duration = Duration::from_secs(20);

/// The most bytes that its message may have.
const MESSAGE: usize = 10_000;

/// What became of a save.
#[derive(Debug)]
pub(crate) struct Outcome {
    /// The message of the error, if it was refused.
    pub(crate) refused: Option<String>,
}

impl Outcome {
    /// Fails unless the save was refused with these words.
    #[track_caller]
    pub(crate) fn assert_says(&self, words: &str) {
        let refused = self.refused.as_deref().unwrap_or("it was opened");
        assert!(refused.contains(words), "{refused:?} does not say {words:?}");
    }

    /// Fails if the save was refused.
    #[track_caller]
    pub(crate) fn assert_opens(&self) {
        assert_eq!(self.refused, None);
    }
}

/// One attempt at a time: the bytes are those of the whole process.
static ALONE: Mutex<()> = Mutex::new(());

/// Opens the save and scores a few rows by it; fails on a panic, and on too much memory or time.
#[track_caller]
pub(crate) fn attempt(save: &Save) -> Outcome {
    let alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let files = save.files.iter().map(|(path, bytes)| (path.clone(), bytes.clone()));
    let bundle = Bundle::from_files("save", files);
    let before = HEAP.current_usage();
    HEAP.reset_peak_usage();
    let start = Instant::now();
    let ran = catch_unwind(AssertUnwindSafe(|| open_and_score(bundle)));
    let (took, peak) = (start.elapsed(), HEAP.peak_usage().saturating_sub(before));
    drop(alone);
    let Ok(refused) = ran else { panic!("{}: it panicked", save.name) };
    let message = refused.as_deref().unwrap_or_default();
    assert!(message.len() < MESSAGE, "{}: a message of {} bytes", save.name, message.len());
    assert!(!message.contains(char::is_control), "{}: {message:?}", save.name);
    assert!(took < TIME, "{}: it took {took:?}; {refused:?}", save.name);
    assert!(peak < MEMORY, "{}: it took {} MiB; {refused:?}", save.name, peak >> 20);
    Outcome { refused }
}

fn open_and_score(bundle: Result<Bundle, firesteel_bundle::BundleError>) -> Option<String> {
    let opened = bundle
        .map_err(|error| error.to_string())
        .and_then(|bundle| firesteel_spark::open(&bundle, declared()).map_err(|error| error.to_string()));
    match opened {
        Ok(model) => {
            score(&model);
            None
        }
        Err(message) => Some(message),
    }
}

/// Types of columns that no stage can tell by itself, as the golden frames name them.
fn declared() -> Declared {
    let types = [("real", ColumnType::Double), ("city", ColumnType::String), ("bool", ColumnType::Boolean)];
    let types: BTreeMap<String, ColumnType> =
        types.into_iter().map(|(name, column_type)| (name.to_owned(), column_type)).collect();
    Declared::from(types)
}

/// Scores rows of many kinds by every output; refused rows are fine.
fn score(model: &Model) {
    let Ok(plan) = model.plan_all() else { return };
    for kind in 0..KINDS {
        let columns = plan.inputs().iter().map(|field| column(field, kind)).collect();
        let _ = plan.score(Batch::new(ROWS, columns));
    }
}

const KINDS: usize = 4;
const ROWS: usize = 3;

/// A column of equal rows, of a kind.
fn column(field: &Field, kind: usize) -> Column {
    let number = [1.0, 0.0, -2.5, f64::NAN][kind];
    match &field.column_type {
        ColumnType::Vector => vectors(field.size.unwrap_or(3), kind, number),
        ColumnType::String => {
            let text = ["a", "", "a b c", "1"][kind];
            Column::Array(Arc::new(arrow_array::StringArray::from(vec![text; ROWS])))
        }
        ColumnType::Array(item) if **item == ColumnType::String => {
            let mut lists =
                arrow_array::builder::ListBuilder::new(arrow_array::builder::StringBuilder::new())
                    .with_field(arrow_schema::Field::new("element", arrow_schema::DataType::Utf8, true));
            for _ in 0..ROWS {
                ["a", "b", "a"].iter().take(kind).for_each(|word| lists.values().append_value(word));
                lists.append(true);
            }
            Column::Array(Arc::new(lists.finish()))
        }
        other => {
            let doubles = arrow_array::Float64Array::from(vec![number; ROWS]);
            let cast = arrow_cast::cast(&doubles, &other.to_arrow());
            Column::Array(cast.unwrap_or_else(|_| new_null_array(&other.to_arrow(), ROWS)))
        }
    }
}

/// Vectors of this size: dense ones while they are not long, sparse ones, and nulls.
fn vectors(size: usize, kind: usize, number: f64) -> Column {
    let mut vectors = VectorBuilder::with_capacity(0, 0);
    for _ in 0..ROWS {
        match kind {
            0 | 3 if size <= 10_000 => vectors.push_dense(&vec![number; size]),
            2 if size > 0 => vectors.push_sparse(size, &[(size - 1) as u32], &[number]),
            3 => vectors.push_null(),
            _ => vectors.push_sparse(size, &[], &[]),
        }
    }
    Column::Vector(vectors.finish())
}
