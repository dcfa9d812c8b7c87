//! Archives from strangers: whatever the bytes are, reading them ends in a bundle within the limits or an error.
#![no_main]

use firesteel_bundle::{Bundle, Limits};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = Bundle::from_archive("fuzz", bytes, &Limits::default());
});
