//! The JSON of MLflow's `/invocations`, in each of its forms and with bare NaN.
#![no_main]

use firesteel_fuzz::BODIES;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|body: &[u8]| {
    let _ = BODIES.invocation(body);
});
