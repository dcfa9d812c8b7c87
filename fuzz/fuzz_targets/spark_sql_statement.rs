//! A statement of `SQLTransformer` over a few typed rows: whatever it says, it is refused, or it answers columns of the
//! types that it promised.
//!
//! Up to a zero byte the input is the statement; what follows are the version that saved it and the values of the rows.
#![no_main]

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow_array::types::{Date32Type, Float32Type, Float64Type, Int32Type, Int64Type};
use arrow_array::{
    ArrayRef, ArrowPrimitiveType, BooleanArray, PrimitiveArray, StringArray, TimestampMicrosecondArray,
};
use firesteel_bundle::Bundle;
use firesteel_plan::{Batch, Column, ColumnType, Declared};
use libfuzzer_sys::fuzz_target;

const VERSIONS: [&str; 4] = ["3.5.9", "4.3.0", "3.0.3", "2.4.8"];
const ROWS: usize = 4;

fuzz_target!(|input: &[u8]| {
    let mut parts = input.splitn(2, |byte| *byte == 0);
    let (statement, rest) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let Ok(statement) = std::str::from_utf8(statement) else { return };
    let (version, values) = rest.split_first().unwrap_or((&0, &[]));
    let version = VERSIONS[usize::from(*version) % VERSIONS.len()];
    let metadata = format!(
        r#"{{"class":"org.apache.spark.ml.feature.SQLTransformer","timestamp":0,"sparkVersion":"{version}","uid":"sql","paramMap":{{"statement":{}}},"defaultParamMap":{{}}}}"#,
        quoted(statement)
    );
    let files = [("metadata/part-00000".to_owned(), metadata.into_bytes())];
    let Ok(save) = Bundle::from_files("fuzz", files) else { return };
    let columns = columns(values);
    let types = columns.iter().filter_map(|(name, column)| Some((name.clone(), column.column_type()?)));
    let types: BTreeMap<String, ColumnType> = types.collect();
    let Ok(model) = firesteel_spark::open(&save, Declared::from(types)) else { return };
    let Ok(plan) = model.plan_all() else { return };
    let inputs = plan.inputs().iter().filter_map(|field| Some(columns.get(&field.name)?.clone()));
    let inputs: Vec<Column> = inputs.collect();
    if inputs.len() != plan.inputs().len() {
        return;
    }
    if let Ok(scored) = plan.score(Batch::new(ROWS, inputs)) {
        for (field, column) in plan.outputs().iter().zip(&scored.columns) {
            assert_eq!(column.column_type().as_ref(), Some(&field.column_type), "{}", field.name);
            assert_eq!(column.len(), scored.rows());
        }
    }
});

/// A text as JSON.
fn quoted(text: &str) -> String {
    let mut json = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' | '\\' | '\0'..='\u{1f}' => json.push_str(&format!("\\u{:04x}", letter as u32)),
            letter => json.push(letter),
        }
    }
    json + "\""
}

/// Rows of the bytes given; where they end, there are nulls.
fn columns(values: &[u8]) -> BTreeMap<String, Column> {
    let mut cells = values.chunks_exact(9).map(|cell| {
        let bits = u64::from_le_bytes(cell[1..].try_into().expect("nine bytes"));
        (cell[0] % 4 != 0).then_some(bits)
    });
    let mut next = || -> Vec<Option<u64>> { (0..ROWS).map(|_| cells.next().flatten()).collect() };
    fn of<T: ArrowPrimitiveType>(cells: Vec<Option<u64>>, value: impl Fn(u64) -> T::Native) -> ArrayRef {
        Arc::new(PrimitiveArray::<T>::from_iter(cells.into_iter().map(|cell| cell.map(&value))))
    }
    let texts = next().into_iter().map(|cell| {
        cell.map(|bits| String::from_utf8_lossy(&bits.to_le_bytes()).trim_matches('\0').to_owned())
    });
    let texts: StringArray = texts.collect();
    let flags: BooleanArray = next().into_iter().map(|cell| cell.map(|bits| bits % 2 == 1)).collect();
    let times = next().into_iter().map(|cell| cell.map(|bits| bits as i64));
    let times = times.collect::<TimestampMicrosecondArray>().with_timezone("UTC");
    let columns: [(&str, ArrayRef); 8] = [
        ("s", Arc::new(texts)),
        ("b", Arc::new(flags)),
        ("p", Arc::new(times)),
        ("a", of::<Date32Type>(next(), |bits| bits as i32)),
        ("i", of::<Int32Type>(next(), |bits| bits as i32)),
        ("l", of::<Int64Type>(next(), |bits| bits as i64)),
        ("f", of::<Float32Type>(next(), |bits| f32::from_bits(bits as u32))),
        ("d", of::<Float64Type>(next(), f64::from_bits)),
    ];
    columns.into_iter().map(|(name, array)| (name.to_owned(), Column::Array(array))).collect()
}
