//! The body of KServe's `:predict`.
#![no_main]

use firesteel_fuzz::BODIES;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|body: &[u8]| {
    let _ = BODIES.instances(body);
});
