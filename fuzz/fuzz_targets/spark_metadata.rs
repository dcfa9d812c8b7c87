//! The metadata of a save: whatever its JSON says, reading the stage ends in a model or an error.
#![no_main]

use firesteel_bundle::Bundle;
use firesteel_plan::Declared;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|metadata: &[u8]| {
    if let Ok(save) = Bundle::from_files("fuzz", [("metadata/part-00000".to_owned(), metadata.to_vec())]) {
        let _ = firesteel_spark::open(&save, Declared::default());
    }
});
