//! The body of the Open Inference Protocol over REST: its first two bytes say how much of it is JSON, if any does.
#![no_main]

use firesteel_fuzz::BODIES;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|body: &[u8]| {
    let Some((length, body)) = body.split_first_chunk::<2>() else { return };
    let length =
        Some(usize::from(u16::from_le_bytes(*length))).filter(|&length| length != usize::from(u16::MAX));
    let _ = BODIES.infer(body.to_vec().into(), length);
});
