//! Heads of requests that are plain: one record for one model, with nothing in it that changes how it is read or
//! answered.

use std::mem::MaybeUninit;

use httparse::{Request, Status};

use super::scratch::LONGEST;
use crate::door::MAX_ID;
use crate::settings::Limits;

/// The most headers of a plain head.
const HEADERS: usize = 32;

/// What a plain head says.
#[derive(Debug, PartialEq)]
pub(super) struct Head<'b> {
    /// The model that the path names.
    pub(super) model: Option<&'b str>,
    /// The request's own id, if it has one that can go back.
    pub(super) id: Option<&'b [u8]>,
    /// The bytes of the head.
    head: usize,
    /// The bytes of the body.
    body: usize,
}

impl Head<'_> {
    /// The bytes of the whole request.
    pub(super) fn length(&self) -> usize {
        self.head + self.body
    }

    /// The body of the request that `bytes` begin with.
    pub(super) fn body<'b>(&self, bytes: &'b [u8]) -> &'b [u8] {
        bytes.get(self.head..self.length()).unwrap_or_default()
    }
}

/// The whole head that `bytes` begin with, if it is plain. What is not is for hyper, be it wrong or only unusual.
pub(super) fn plain<'b>(bytes: &'b [u8], limits: &Limits) -> Option<Head<'b>> {
    if !bytes.starts_with(b"POST /") {
        return None;
    }
    let mut headers = [const { MaybeUninit::uninit() }; HEADERS];
    let mut request = Request::new(&mut []);
    let Ok(Status::Complete(head)) = request.parse_with_uninit_headers(bytes, &mut headers) else {
        return None;
    };
    let model = model(request.path?)?;
    if request.version != Some(1)
        || head > limits.max_header_bytes
        || request.headers.len() > limits.max_headers
    {
        return None;
    }
    let (mut hosts, mut length, mut id) = (0, None, None);
    for header in &*request.headers {
        match Known::of(header.name) {
            Known::Host => hosts += 1,
            Known::Length if length.is_none() => length = Some(number(header.value)?),
            Known::Id if id.is_none() => id = Some(header.value),
            Known::Connection if header.value.eq_ignore_ascii_case(b"keep-alive") => {}
            Known::Other => {}
            _ => return None,
        }
    }
    let body = length.filter(|&body| hosts == 1 && body <= limits.max_body_bytes)?;
    let id = id.filter(|id| !id.is_empty() && id.len() <= MAX_ID && id.iter().all(|byte| is_plain(*byte)));
    let head = Head { model, id, head, body };
    (head.length() <= LONGEST).then_some(head)
}

/// The model that a path of a single prediction names, if it names one; `None` for other paths.
fn model(path: &str) -> Option<Option<&str>> {
    if path == "/predict" {
        return Some(None);
    }
    let name = path.strip_prefix("/models/")?.strip_suffix("/predict")?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    (!name.is_empty() && name.bytes().all(plain)).then_some(Some(name))
}

/// The length of a body; `None` for what is no plain number.
fn number(digits: &[u8]) -> Option<usize> {
    if digits.is_empty() || digits.len() > 9 {
        return None;
    }
    digits
        .iter()
        .try_fold(0, |number, digit| digit.is_ascii_digit().then(|| number * 10 + usize::from(digit - b'0')))
}

/// Whether a byte of a header's value is text, as `HeaderValue::to_str` has it.
fn is_plain(byte: u8) -> bool {
    byte == b'\t' || (b' '..0x7f).contains(&byte)
}

/// The headers that matter here.
enum Known {
    Host,
    Length,
    Id,
    Connection,
    /// One that changes how the request is read or answered.
    Special,
    Other,
}

impl Known {
    fn of(name: &str) -> Known {
        let is = |known: &str| name.eq_ignore_ascii_case(known);
        match name.len() {
            4 if is("host") => Known::Host,
            10 if is("connection") => Known::Connection,
            12 if is("x-request-id") => Known::Id,
            14 if is("content-length") => Known::Length,
            _ if ["te", "expect", "trailer", "upgrade", "keep-alive"].into_iter().any(is) => Known::Special,
            _ if ["transfer-encoding", "content-encoding", "proxy-connection", "http2-settings"]
                .into_iter()
                .any(is) =>
            {
                Known::Special
            }
            _ => Known::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Parts of heads, whole lines and pieces of them.
    const PARTS: [&[u8]; 18] = [
        b"POST /predict HTTP/1.1\r\n",
        b"POST /models/a/predict HTTP/1.1\r\n",
        b"GET / HTTP/1.1\r\n",
        b"Host: a\r\n",
        b"HOST:\r\n",
        b"Content-Length: 2\r\n",
        b"content-length: 7\r\n",
        b"Content-Length: 2, 2\r\n",
        b"Transfer-Encoding: chunked\r\n",
        b"Connection: keep-alive\r\n",
        b"Connection: close\r\n",
        b"x-request-id: 1\r\n",
        b"a: b\r\n",
        b" folded\r\n",
        b"\r\n",
        b"\n",
        b"\0",
        b": ",
    ];

    proptest! {
        #[test]
        fn only_one_reading_of_a_head_is_taken(
            parts in prop::collection::vec(0..PARTS.len(), 0..9), more in prop::collection::vec(any::<u8>(), 0..9),
        ) {
            let mut bytes = b"POST /predict HTTP/1.1\r\nHost: a\r\n".to_vec();
            bytes.truncate(if parts.len() % 3 == 0 { 0 } else { bytes.len() });
            parts.iter().for_each(|&part| bytes.extend(PARTS[part]));
            bytes.extend(&more);
            if let Some(head) = plain(&bytes, &Limits::default()) {
                let text = String::from_utf8_lossy(&bytes[..head.head]).to_lowercase();
                prop_assert!(text.ends_with("\r\n\r\n") || text.ends_with("\n\n") || text.ends_with("\n\r\n"), "{text}");
                let count = |name: &str| text.lines().filter(|line| line.starts_with(name)).count();
                prop_assert_eq!((count("host:"), count("content-length:")), (1, 1), "{}", text);
                prop_assert!(!text.contains("chunked") && !text.contains("close"), "{}", text);
                let length = format!("content-length: {}", head.body);
                prop_assert!(text.lines().any(|line| line == length), "{}", text);
                prop_assert_eq!(head.body(&bytes).len(), if head.length() <= bytes.len() { head.body } else { 0 });
            }
        }
    }

    fn read(head: &str) -> Option<String> {
        let limits =
            Limits { max_body_bytes: 1000, max_headers: 5, max_header_bytes: 300, ..Limits::default() };
        let text = format!("{head}\r\n{{}}");
        let head = plain(text.as_bytes(), &limits)?;
        let id = String::from_utf8_lossy(head.id.unwrap_or_default()).into_owned();
        let body = String::from_utf8_lossy(head.body(text.as_bytes())).into_owned();
        Some(format!("{:?} {id} {body}", head.model))
    }

    #[test]
    fn a_plain_head_is_taken() {
        let post = |path: &str, more: &str| {
            read(&format!("POST {path} HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n{more}"))
        };
        assert_eq!(post("/predict", "").unwrap(), "None  {}");
        assert_eq!(
            post("/models/a-b/predict", "X-REQUEST-ID: 7 \r\nConnection: Keep-Alive\r\n").unwrap(),
            "Some(\"a-b\") 7 {}"
        );
        assert_eq!(post("/predict", &format!("x-request-id: {}\r\n", "y".repeat(129))).unwrap(), "None  {}");
        for path in ["/predict?outputs=a", "/predict/batch", "/models//predict", "/models/a%20b/predict", "/"]
        {
            assert_eq!(post(path, ""), None, "{path}");
        }
        for more in [
            "Host: b\r\n",
            "Content-Length: 2\r\n",
            "Transfer-Encoding: chunked\r\n",
            "Connection: close\r\n",
            "Connection: keep-alive, upgrade\r\n",
            "expect: 100-continue\r\n",
            "Content-Encoding: gzip\r\n",
            "Upgrade: h2c\r\n",
            "x-request-id: 1\r\nx-request-id: 2\r\n",
            "a: 1\r\nb: 2\r\nc: 3\r\nd: 4\r\n",
            "bad header: 1\r\n",
        ] {
            assert_eq!(post("/predict", more), None, "{more}");
        }
        assert_eq!(post("/predict", &format!("a: {}\r\n", "1".repeat(300))), None);
    }

    #[test]
    fn what_is_not_plain_is_left() {
        for head in [
            "",
            "POST /predict HTTP/1.1\r\nHost: a\r\n",
            "POST /predict HTTP/1.1\r\nContent-Length: 2\r\n",
            "POST /predict HTTP/1.0\r\nHost: a\r\nContent-Length: 2\r\n",
            "PUT /predict HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n",
            "POST /predict HTTP/1.1\r\nHost: a\r\nContent-Length: +2\r\n",
            "POST /predict HTTP/1.1\r\nHost: a\r\nContent-Length: \r\n",
            "POST /predict HTTP/1.1\r\nHost: a\r\nContent-Length: 1001\r\n",
            "POST /predict HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n",
        ] {
            assert_eq!(read(head), None, "{head}");
        }
        let half = b"POST /predict HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n";
        assert_eq!(plain(half, &Limits::default()), None);
    }
}
