//! The bodies of `POST /predict` and `POST /predict/batch`: typed records, or every problem told. What is read as a row
//! of numbers is also a record.
#![no_main]

use firesteel_fuzz::{BODIES, NUMBERS};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|body: &[u8]| {
    let _ = BODIES.record(body);
    let _ = BODIES.records(body);
    if let Some(numbers) = NUMBERS.numbers(body) {
        assert_eq!(numbers.len(), 6);
        assert!(numbers.iter().all(|number| number.is_finite()));
    }
});
