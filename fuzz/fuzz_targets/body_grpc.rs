//! The message of gRPC's `ModelInfer`: raw and typed tensors.
#![no_main]

use firesteel_fuzz::BODIES;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|body: &[u8]| {
    let _ = BODIES.message(body.to_vec().into());
});
