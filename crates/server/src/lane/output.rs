//! An answer, written in one piece.

use std::cell::RefCell;
use std::io::Write;
use std::time::SystemTime;

use http::{HeaderName, HeaderValue, StatusCode, header};
use httpdate::HttpDate;

use crate::app::App;
use crate::door;
use crate::error::Fault;

/// The body of an answer, and the whole of it.
#[derive(Debug, Default)]
pub(super) struct Output {
    pub(super) body: Vec<u8>,
    pub(super) answer: Vec<u8>,
}

impl Output {
    pub(super) fn clear(&mut self) {
        self.body.clear();
        self.answer.clear();
    }

    /// The bytes that it holds on to.
    pub(super) fn room(&self) -> usize {
        self.body.capacity() + self.answer.capacity()
    }

    /// Writes the answer: the body as it is, or what went wrong. Answers whether the connection ends with it.
    pub(super) fn finish(&mut self, app: &App, id: Option<&[u8]>, result: Result<(), Fault>) -> bool {
        let Output { body, answer } = self;
        let (status, ends) = match &result {
            Ok(()) => {
                answer.extend_from_slice(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n");
                (StatusCode::OK, app.is_draining())
            }
            Err(fault) => {
                body.clear();
                body.extend_from_slice(&fault.body());
                let status = fault.kind.status();
                let reason = status.canonical_reason().unwrap_or_default();
                put(answer, format_args!("HTTP/1.1 {} {reason}\r\n", status.as_u16()));
                put(answer, format_args!("content-type: application/json\r\n"));
                let mut ends = app.is_draining();
                for (name, value) in fault.headers() {
                    ends |= name == header::CONNECTION;
                    if name != header::CONNECTION {
                        put_header(answer, &name, &value);
                    }
                }
                (status, ends)
            }
        };
        answer.extend_from_slice(b"x-request-id: ");
        let start = answer.len();
        match id {
            Some(id) => answer.extend_from_slice(id),
            None => answer.extend_from_slice(&door::hex(app.next_id())),
        }
        door::note(app, status, answer.get(start..).unwrap_or_default());
        if ends {
            answer.extend_from_slice(b"\r\nconnection: close");
        }
        put(answer, format_args!("\r\ncontent-length: {}\r\ndate: ", body.len()));
        put_date(answer, app.fleet.settings().clock.now());
        answer.extend_from_slice(b"\r\n\r\n");
        answer.extend_from_slice(body);
        ends
    }
}

/// Writes into memory, which cannot fail.
fn put(out: &mut Vec<u8>, text: std::fmt::Arguments<'_>) {
    let _ = out.write_fmt(text);
}

fn put_header(out: &mut Vec<u8>, name: &HeaderName, value: &HeaderValue) {
    out.extend_from_slice(name.as_str().as_bytes());
    out.extend_from_slice(b": ");
    out.extend_from_slice(value.as_bytes());
    out.extend_from_slice(b"\r\n");
}

thread_local! {
    /// A second, counted from 1970, and how a head has it.
    static DATE: RefCell<(u64, Vec<u8>)> = const { RefCell::new((0, Vec::new())) };
}

/// Writes a time as heads have it, which changes once a second.
fn put_date(out: &mut Vec<u8>, now: SystemTime) {
    let second = now.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs();
    DATE.with_borrow_mut(|(written, text)| {
        if *written != second || text.is_empty() {
            *written = second;
            text.clear();
            put(text, format_args!("{}", HttpDate::from(now)));
        }
        out.extend_from_slice(text);
    });
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn the_date_is_that_of_the_second() {
        for (seconds, text) in
            [(784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"), (784_111_778, "Sun, 06 Nov 1994 08:49:38 GMT")]
        {
            for millis in [0, 999] {
                let mut out = Vec::new();
                let now = Duration::from_secs(seconds) + Duration::from_millis(millis);
                put_date(&mut out, SystemTime::UNIX_EPOCH + now);
                assert_eq!(String::from_utf8(out).unwrap(), text);
            }
        }
    }
}
