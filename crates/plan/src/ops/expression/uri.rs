//! The parts of a URI, as Java's `java.net.URI` finds them: RFC 2396 with RFC 2732, and letters of all scripts.

/// The parts of a URI as they are written.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Uri {
    scheme: Option<String>,
    authority: Option<String>,
    user: Option<String>,
    host: Option<String>,
    path: Option<String>,
    query: Option<String>,
    fragment: Option<String>,
}

const MARKS: &str = "-_.!~*'()";
/// What may stand in a part beside letters, digits, marks and escapes.
const PATH: &str = ":@&=+$,;/";
const ANY: &str = ";/?:@&=+$,[]";
const USER: &str = ";:&=+$,";
const REGISTRY: &str = "$,;:@&=+";
const SERVER: &str = ";:&=+$,.@[]-%";

impl Uri {
    /// Reads a URI; nothing where it is none.
    pub(super) fn read(text: &str) -> Option<Uri> {
        let mut uri = Uri::default();
        let end = text.find([':', '/', '?', '#']);
        let mut rest = text;
        let mut opaque = false;
        if let Some(at) = end.filter(|at| text[*at..].starts_with(':')) {
            let scheme = &text[..at];
            let first = scheme.chars().next()?;
            let letters = |letter: char| letter.is_ascii_alphanumeric() || "+-.".contains(letter);
            if !first.is_ascii_alphabetic() || !scheme.chars().all(letters) {
                return None;
            }
            uri.scheme = Some(scheme.to_owned());
            rest = &text[at + 1..];
            opaque = !rest.starts_with('/');
        }
        let (before, fragment) = match rest.split_once('#') {
            Some((before, fragment)) => (before, Some(fragment)),
            None => (rest, None),
        };
        if opaque {
            if before.is_empty() || !consists(before, ANY)? {
                return None;
            }
        } else {
            uri.hierarchy(before, fragment.is_some())?;
        }
        if let Some(fragment) = fragment {
            uri.fragment = consists(fragment, ANY)?.then(|| fragment.to_owned());
            uri.fragment.as_ref()?;
        }
        Some(uri)
    }

    /// The part of a name that Spark has for it.
    pub(super) fn part(&self, name: &str) -> Option<String> {
        match name {
            "HOST" => self.host.clone(),
            "PATH" => self.path.clone(),
            "QUERY" => self.query.clone(),
            "REF" => self.fragment.clone(),
            "PROTOCOL" => self.scheme.clone(),
            "AUTHORITY" => self.authority.clone(),
            "USERINFO" => self.user.clone(),
            "FILE" => match (&self.path, &self.query) {
                (path, None) => path.clone(),
                (path, Some(query)) => Some(format!("{}?{query}", path.as_deref().unwrap_or_default())),
            },
            _ => None,
        }
    }

    fn hierarchy(&mut self, text: &str, fragment: bool) -> Option<()> {
        let mut rest = text;
        if let Some(behind) = text.strip_prefix("//") {
            let end = behind.find(['/', '?']).unwrap_or(behind.len());
            // It may be missing before something else.
            if end > 0 {
                self.authority(&behind[..end])?;
            } else if behind.is_empty() && !fragment {
                return None;
            }
            rest = &behind[end..];
        }
        let (path, query) = match rest.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (rest, None),
        };
        if !consists(path, PATH)? {
            return None;
        }
        self.path = Some(path.to_owned());
        if let Some(query) = query {
            self.query = consists(query, ANY)?.then(|| query.to_owned());
            self.query.as_ref()?;
        }
        Some(())
    }

    /// A server, or else any name that a registry may have.
    fn authority(&mut self, text: &str) -> Option<()> {
        let is_name = consists(text, REGISTRY)?;
        let is_server = if text.starts_with(']') {
            consists(text, &SERVER[..SERVER.len() - 1])?
        } else {
            consists(text, SERVER)?
        };
        match server(text).filter(|_| is_server) {
            Some((user, host)) => {
                self.user = user;
                self.host = Some(host);
            }
            None if !is_name => return None,
            None => {}
        }
        self.authority = Some(text.to_owned());
        Some(())
    }
}

/// Whether a text is made of letters, digits, marks, escapes and these signs; nothing where an escape is broken.
fn consists(text: &str, signs: &str) -> Option<bool> {
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        let mut taken = letter.len_utf8();
        let fits = letter.is_ascii_alphanumeric() || MARKS.contains(letter) || signs.contains(letter);
        if !fits && letter == '%' {
            let digits = rest.as_bytes().get(1..3)?;
            if !digits.iter().all(u8::is_ascii_hexdigit) {
                return None;
            }
            taken = 3;
        } else if !fits && (letter <= '\u{80}' || letter.is_control() || is_space(letter)) {
            return Some(false);
        }
        rest = &rest[taken..];
    }
    Some(true)
}

/// Java's `Character.isSpaceChar` beyond ASCII.
fn is_space(letter: char) -> bool {
    letter.is_whitespace() && letter != '\u{85}'
}

/// The user and the host of `user@host:port`.
fn server(text: &str) -> Option<(Option<String>, String)> {
    let (user, rest) = match text.split_once('@') {
        Some((user, rest)) => (Some(user), rest),
        None => (None, text),
    };
    if user.is_some_and(|user| consists(user, USER) != Some(true)) {
        return None;
    }
    let host = if let Some(behind) = rest.strip_prefix('[') {
        let end = behind.find(']')?;
        let (address, scope) = match behind[..end].split_once('%') {
            Some((address, scope)) if !address.is_empty() => (address, Some(scope)),
            _ => (&behind[..end], None),
        };
        let letters = |letter: char| letter.is_ascii_alphanumeric() || "_.".contains(letter);
        if scope.is_some_and(|scope| scope.is_empty() || !scope.chars().all(letters)) || !is_ip_6(address) {
            return None;
        }
        &rest[..end + 2]
    } else {
        let host = rest.split(':').next()?;
        if !is_ip_4(host) && !is_host(host) {
            return None;
        }
        host
    };
    let port = rest.get(host.len()..)?;
    let fits = match port.strip_prefix(':') {
        Some("") => true,
        Some(digits) => digits.bytes().all(|byte| byte.is_ascii_digit()) && digits.parse::<i32>().is_ok(),
        None => port.is_empty(),
    };
    fits.then(|| (user.map(str::to_owned), host.to_owned()))
}

fn is_ip_4(text: &str) -> bool {
    let byte = |part: &str| {
        !part.is_empty()
            && part.bytes().all(|byte| byte.is_ascii_digit())
            && part.parse::<i32>().is_ok_and(|byte| byte <= 255)
    };
    text.split('.').count() == 4 && text.split('.').all(byte)
}

/// Labels with points between them, of which the last begins with a letter where there are more.
fn is_host(text: &str) -> bool {
    let labels = text.strip_suffix('.').unwrap_or(text);
    let label = |label: &str| {
        let letters = |letter: char| letter.is_ascii_alphanumeric() || letter == '-';
        !label.is_empty() && label.chars().all(letters) && !label.starts_with('-') && !label.ends_with('-')
    };
    let last = labels.rsplit('.').next().unwrap_or_default();
    labels.split('.').all(label)
        && (last.len() == labels.len() || last.starts_with(|letter: char| letter.is_ascii_alphabetic()))
}

fn is_ip_6(text: &str) -> bool {
    let (before, behind) = match text.split_once("::") {
        Some((before, behind)) => (before, Some(behind)),
        None => (text, None),
    };
    let Some(first) = bytes_of(before, behind.is_none()) else { return false };
    match behind {
        None => first == 16,
        Some(behind) => bytes_of(behind, true).is_some_and(|second| first + second < 16),
    }
}

/// How many bytes groups of hexadecimal digits stand for; the last may be written as an IPv4 address.
fn bytes_of(text: &str, ends: bool) -> Option<usize> {
    if text.is_empty() {
        return Some(0);
    }
    let groups: Vec<&str> = text.split(':').collect();
    let mut bytes = 0;
    for (at, group) in groups.iter().enumerate() {
        let hexadecimal =
            (1..=4).contains(&group.len()) && group.bytes().all(|byte| byte.is_ascii_hexdigit());
        bytes += match hexadecimal {
            true => 2,
            false if ends && at + 1 == groups.len() && is_ip_4(group) => 4,
            false => return None,
        };
    }
    Some(bytes)
}

/// The value of a key in a query.
pub(super) fn value<'a>(query: &'a str, key: &str) -> Option<&'a str> {
    query.split('&').find_map(|pair| pair.strip_prefix(key)?.strip_prefix('='))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(text: &str, name: &str) -> Option<String> {
        Uri::read(text)?.part(name)
    }

    #[test]
    fn parts_are_found_where_they_stand() {
        let text = "https://user:pw@host.com:8080/a/b;c?k=v&query=x%20y#ref";
        let parts = ["PROTOCOL", "USERINFO", "HOST", "AUTHORITY", "PATH", "QUERY", "REF"]
            .map(|name| part(text, name).unwrap());
        assert_eq!(
            parts,
            ["https", "user:pw", "host.com", "user:pw@host.com:8080", "/a/b;c", "k=v&query=x%20y", "ref"]
        );
        assert_eq!(part(text, "FILE").as_deref(), Some("/a/b;c?k=v&query=x%20y"));
        assert_eq!(part("http://ho_st/p", "HOST"), None);
        assert_eq!(part("http://ho_st/p", "AUTHORITY").as_deref(), Some("ho_st"));
        assert_eq!(part("http://[::1]:21/x", "HOST").as_deref(), Some("[::1]"));
        assert_eq!((part("mailto:a@b", "PATH"), part("", "PATH")), (None, Some(String::new())));
    }

    #[test]
    fn what_is_no_uri_is_refused() {
        for text in [
            "a b",
            "http://",
            "x:",
            ":x",
            "1a:b",
            "/%zz",
            "/%4",
            "//",
            "http://[::1",
            "/a|b",
            "#a#b",
            "http://[1::2::3]/",
            "/\u{a0}",
            "/\u{80}",
        ] {
            assert_eq!(Uri::read(text), None, "{text}");
        }
        for text in ["//h?", "http:///p", "?q", "#", "a:b", "/é", "http://h:99999999999/"] {
            assert!(Uri::read(text).is_some(), "{text}");
        }
    }

    #[test]
    fn keys_are_whole() {
        assert_eq!(
            (value("kk=1&k=2&k=3", "k"), value("k", "k"), value("k=", "k")),
            (Some("2"), None, Some(""))
        );
    }
}
