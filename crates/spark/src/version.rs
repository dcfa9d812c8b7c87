//! The Spark version that wrote a save: stages branch on it where Spark changed what it does.

use std::fmt;
use std::str::FromStr;

/// A Spark version; vendors' suffixes (`3.5.0-amzn-1`, `4.2.0-SNAPSHOT`) are left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    /// The first number.
    pub major: u32,
    /// The second number.
    pub minor: u32,
    /// The third number; 0 where there is none.
    pub patch: u32,
}

impl Version {
    /// Whether this is `major.minor` or newer.
    pub fn at_least(self, major: u32, minor: u32) -> bool {
        (self.major, self.minor) >= (major, minor)
    }

    /// Whether saves of this version are read: 2.0 to 4.x.
    pub(crate) fn is_read(self) -> bool {
        (2..=4).contains(&self.major)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

impl FromStr for Version {
    type Err = ();

    /// Reads `major.minor`, what follows, if anything, after a point or hyphen.
    fn from_str(text: &str) -> Result<Version, ()> {
        let mut parts = text.splitn(3, '.');
        let major = parts.next().and_then(number).ok_or(())?;
        let minor = parts.next().map(|minor| minor.split('-').next().unwrap_or_default());
        let minor = minor.and_then(number).ok_or(())?;
        let rest = parts.next().unwrap_or_default();
        let patch = rest.split(|letter: char| !letter.is_ascii_digit()).next().and_then(number);
        Ok(Version { major, minor, patch: patch.unwrap_or(0) })
    }
}

fn number(text: &str) -> Option<u32> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if digits { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vendors_suffixes_are_left_out() {
        let cases = [
            ("3.5.9", (3, 5, 9)),
            ("4.2.0-SNAPSHOT", (4, 2, 0)),
            ("3.3.2.3.3.7190.0-91", (3, 3, 2)),
            ("3.5.0-amzn-1", (3, 5, 0)),
            ("2.4", (2, 4, 0)),
            ("4.0-preview1", (4, 0, 0)),
        ];
        for (text, (major, minor, patch)) in cases {
            assert_eq!(text.parse(), Ok(Version { major, minor, patch }), "{text}");
        }
    }

    #[test]
    fn what_is_no_version_is_refused() {
        for text in ["", "3", "x.y", "3.", ".5", "-1.0", "3.x", "99999999999.0", "+3.5"] {
            assert_eq!(text.parse::<Version>(), Err(()), "{text}");
        }
    }

    #[test]
    fn versions_compare() {
        let version: Version = "4.0.5".parse().unwrap();
        assert!(version.at_least(3, 5) && version.at_least(4, 0) && !version.at_least(4, 1));
    }
}
