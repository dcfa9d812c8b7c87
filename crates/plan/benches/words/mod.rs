//! A model of texts, and rows for it.

use std::collections::BTreeMap;
use std::error::Error;
use std::sync::Arc;

use arrow_array::StringArray;
use firesteel_plan::ops::*;
use firesteel_plan::*;

use crate::models::{Numbers, ROWS};

/// A column of texts of 5 to 60 words out of 5,000.
pub(crate) fn texts() -> Vec<Column> {
    let mut numbers = Numbers::new(17);
    let text = |_| {
        let words: Vec<String> =
            (0..5 + numbers.below(56)).map(|_| format!("word{}", numbers.below(5_000))).collect();
        Some(words.join(" "))
    };
    vec![Column::Array(Arc::new((0..ROWS).map(text).collect::<StringArray>()))]
}

/// Texts split into words, which are counted at the places of their hashes.
pub(crate) fn words() -> Result<Model, Box<dyn Error>> {
    let mut builder = Builder::new(BTreeMap::new());
    builder.stage(StageInfo::default());
    let text = builder.column("text", Asked::of(ColumnType::String));
    let words = builder.apply(Tokenize.into(), &[&text])?;
    let hash = HashTerms { size: 1 << 18, binary: false, hash: TermHash::Standard };
    let counts = builder.apply(hash.into(), &[&words])?;
    builder.bind("features", counts)?;
    Ok(builder.finish(ModelInfo::default())?)
}
