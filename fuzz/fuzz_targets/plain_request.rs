//! The bytes of a connection, as the short way of `POST /predict` reads them: what it takes has the same length and body
//! whatever follows.
#![no_main]

use firesteel_fuzz::BODIES;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Some((length, body)) = BODIES.request(bytes) else { return };
    let again = BODIES.request(&[bytes, b"POST / HTTP/1.1\r\n\r\n"].concat());
    let (length_again, body_again) = again.expect("a head that was plain stays plain");
    assert_eq!(length, length_again);
    if length <= bytes.len() {
        assert_eq!(body.is_ok(), body_again.is_ok());
    }
});
