//! File names from strangers: which are safe, and how to show one in a message.

use crate::BundleError;

/// Longest path in bytes; Linux allows no longer one.
const MAX_NAME: usize = 4096;

/// Most characters of a foreign name that a message repeats.
const SHOWN: usize = 120;

/// `name` without `.` and empty parts, or why it is refused. The root folder itself (`./`) becomes "".
pub(crate) fn clean(origin: &str, name: &[u8]) -> Result<String, BundleError> {
    let refuse =
        |problem, hint| BundleError::Name { origin: origin.into(), name: shown(name), problem, hint };
    let inside = "pack the model with plain paths inside its folder";
    let text = std::str::from_utf8(name).map_err(|_| {
        refuse("is not UTF-8", "rename the file, or pack it with a tool that writes UTF-8 names")
    })?;
    if text.len() > MAX_NAME {
        return Err(refuse("is longer than 4096 bytes", "give the files shorter names"));
    }
    if text.chars().any(char::is_control) {
        return Err(refuse("holds a control character", "rename the file"));
    }
    if text.contains('\\') {
        return Err(refuse("holds a backslash", "pack it with a tool that separates folders by '/'"));
    }
    if text.starts_with('/') {
        return Err(refuse("is an absolute path", inside));
    }
    if matches!(text.as_bytes(), [letter, b':', ..] if letter.is_ascii_alphabetic()) {
        return Err(refuse("starts with a Windows drive", inside));
    }
    let parts: Vec<&str> = text.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
    if parts.contains(&"..") {
        return Err(refuse("leads out of the folder by '..'", inside));
    }
    Ok(parts.join("/"))
}

/// A foreign name as a message may repeat it: quoted, escaped and cut.
pub(crate) fn shown(name: &[u8]) -> String {
    let text = String::from_utf8_lossy(name);
    let mut head: String = text.chars().take(SHOWN).collect();
    if head.len() < text.len() {
        head.push('…');
    }
    format!("{head:?}")
}

/// `path` as a caller of [`Bundle`](crate::Bundle) gives it, without `.`, empty parts and outer slashes.
/// A `..` stays and so never matches a file.
pub(crate) fn plain(path: &str) -> String {
    let parts: Vec<&str> = path.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
    parts.join("/")
}
