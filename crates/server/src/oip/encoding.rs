//! Compressed answers, for clients that ask for them by `Accept-Encoding`.

use std::io::Write;

use bytes::Bytes;
use flate2::Compression;
use flate2::write::{GzEncoder, ZlibEncoder};
use http::{HeaderMap, HeaderValue, header};

/// Shorter bodies are not worth the work.
const MIN_BYTES: usize = 1024;

/// The body compressed as the request's headers ask, with the name of the encoding; as it is if they do not ask.
pub(crate) fn compress(headers: &HeaderMap, body: Bytes) -> (Bytes, Option<HeaderValue>) {
    let accepted =
        headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if body.len() < MIN_BYTES {
        return (body, None);
    }
    let compressed = match accepted.split(',').find_map(encoding) {
        Some("gzip") => write(GzEncoder::new(Vec::new(), Compression::fast()), &body, GzEncoder::finish),
        Some(_) => write(ZlibEncoder::new(Vec::new(), Compression::fast()), &body, ZlibEncoder::finish),
        None => None,
    };
    let name = accepted.split(',').find_map(encoding).map(HeaderValue::from_static);
    match compressed {
        Some(compressed) => (compressed, name),
        None => (body, None),
    }
}

/// The encoding of one entry of `Accept-Encoding`, if it is one of ours and not refused by a weight of 0.
fn encoding(entry: &str) -> Option<&'static str> {
    let (name, parameters) = entry.split_once(';').unwrap_or((entry, ""));
    let refused = parameters.trim().strip_prefix("q=").is_some_and(|weight| weight.parse() == Ok(0.0));
    let known = ["gzip", "deflate"].into_iter().find(|known| name.trim().eq_ignore_ascii_case(known));
    known.filter(|_| !refused)
}

fn write<W: Write>(mut encoder: W, body: &[u8], finish: fn(W) -> std::io::Result<Vec<u8>>) -> Option<Bytes> {
    encoder.write_all(body).ok()?;
    finish(encoder).ok().map(Bytes::from)
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    fn compressed(accepted: &str, length: usize) -> (Bytes, Option<String>) {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_str(accepted).unwrap());
        let (body, name) = compress(&headers, Bytes::from(vec![b'a'; length]));
        (body, name.map(|name| name.to_str().unwrap().to_owned()))
    }

    #[test]
    fn answers_are_compressed_as_asked() {
        let (body, name) = compressed("br, GZIP;q=0.5", 5000);
        assert_eq!(name.as_deref(), Some("gzip"));
        let mut inflated = String::new();
        flate2::read::GzDecoder::new(body.as_ref()).read_to_string(&mut inflated).unwrap();
        assert_eq!(inflated.len(), 5000);
        assert_eq!(compressed("gzip;q=0, deflate", 5000).1.as_deref(), Some("deflate"));
        assert_eq!(compressed("br", 5000).1, None);
        assert_eq!(compressed("gzip", 100).1, None);
    }
}
