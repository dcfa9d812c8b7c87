//! The bodies of `POST /predict` and `POST /predict/batch`: typed records, or every problem told.
#![no_main]

use firesteel_fuzz::BODIES;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|body: &[u8]| {
    let _ = BODIES.record(body);
    let _ = BODIES.records(body);
});
