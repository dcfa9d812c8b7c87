//! An MLflow model folder around a sound save: whatever its `MLmodel` file says (up to a zero byte) and its input
//! example holds (after it), opening it ends in a model or an error.
#![no_main]

use firesteel_bundle::Bundle;
use firesteel_formats::{OpenOptions, open_bundle};
use libfuzzer_sys::fuzz_target;

const SAVE: &[u8] = include_bytes!("../../golden/spark/Tokenizer/3.5.9/model/metadata/part-00000");

fuzz_target!(|data: &[u8]| {
    let mut parts = data.splitn(2, |byte| *byte == 0).map(<[u8]>::to_vec);
    let (description, example) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let files = [
        ("MLmodel".to_owned(), description),
        ("input_example.json".to_owned(), example),
        ("sparkml/metadata/part-00000".to_owned(), SAVE.to_vec()),
    ];
    if let Ok(bundle) = Bundle::from_files("fuzz", files) {
        let _ = open_bundle(&bundle, &OpenOptions::default());
    }
});
