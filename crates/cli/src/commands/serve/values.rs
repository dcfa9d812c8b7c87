//! Values of flags: models, times, sizes and log settings.

use std::path::{Path, PathBuf};
use std::time::Duration;

/// The endings of archives, which are no part of a model's name.
const ARCHIVES: &[&str] = &[".zip", ".tar.gz", ".tgz", ".tar"];

/// A model to serve: `NAME=PATH`, or a path that gives it its name.
pub(crate) fn model(text: &str) -> Result<(String, PathBuf), String> {
    match text.split_once('=') {
        Some((name, path)) if !name.is_empty() && !path.is_empty() && !name.contains(['/', '\\']) => {
            Ok((name.to_owned(), PathBuf::from(path)))
        }
        _ => match name_of(Path::new(text)) {
            Some(name) => Ok((name, PathBuf::from(text))),
            None => Err("this path gives no name; write NAME=PATH".to_owned()),
        },
    }
}

/// The last part of a path, less an archive's ending; of `…/churn/model` it is `churn`.
fn name_of(path: &Path) -> Option<String> {
    let last = path.file_name()?.to_str()?;
    let stem = ARCHIVES.iter().find_map(|ending| last.strip_suffix(ending)).unwrap_or(last);
    let parent = || path.parent()?.file_name()?.to_str();
    match stem {
        "" => None,
        "model" => Some(parent().unwrap_or(stem).to_owned()),
        name => Some(name.to_owned()),
    }
}

/// A time such as `250ms`, `30s` or `2m`; a bare number is seconds.
pub(crate) fn time(text: &str) -> Result<Duration, String> {
    let (number, unit) = split(text);
    let seconds = match unit {
        "us" => 1e-6,
        "ms" => 1e-3,
        "" | "s" => 1.0,
        "m" => 60.0,
        _ => return Err(format!("unknown unit '{unit}'; write us, ms, s or m")),
    };
    let number: f64 = number.parse().map_err(|_| "expected a time such as 250ms or 30s".to_owned())?;
    Duration::try_from_secs_f64(number * seconds).map_err(|error| error.to_string())
}

/// A size such as `16MiB` or `500kB`; a bare number is bytes.
pub(crate) fn size(text: &str) -> Result<usize, String> {
    let (number, unit) = split(text);
    let factor: usize = match unit {
        "" | "B" => 1,
        "kB" => 1000,
        "MB" => 1_000_000,
        "GB" => 1_000_000_000,
        "KiB" => 1 << 10,
        "MiB" => 1 << 20,
        "GiB" => 1 << 30,
        _ => return Err(format!("unknown unit '{unit}'; write kB, MB, GB, KiB, MiB or GiB")),
    };
    let number: usize = number.parse().map_err(|_| "expected a size such as 16MiB".to_owned())?;
    number.checked_mul(factor).ok_or_else(|| "the size is too large".to_owned())
}

fn split(text: &str) -> (&str, &str) {
    let digits = text.find(|letter: char| !letter.is_ascii_digit() && letter != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    (number, unit.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn models_have_names() {
        let named = |text: &str| model(text).map(|(name, path)| format!("{name} at {}", path.display()));
        assert_eq!(named("churn=a/b").unwrap(), "churn at a/b");
        assert_eq!(named("examples/churn/model").unwrap(), "churn at examples/churn/model");
        assert_eq!(named("examples/churn/").unwrap(), "churn at examples/churn/");
        assert_eq!(named("fraud.tar.gz").unwrap(), "fraud at fraud.tar.gz");
        assert_eq!(named("./model").unwrap(), "model at ./model");
        assert_eq!(named("a=b/c=d").unwrap(), "a at b/c=d");
        assert_eq!(named("x/a=b").unwrap(), "a=b at x/a=b");
        assert!(named("..").unwrap_err().contains("NAME=PATH"));
    }

    #[test]
    fn times_and_sizes_have_units() {
        assert_eq!(time("250ms"), Ok(Duration::from_millis(250)));
        assert_eq!(time("1.5"), Ok(Duration::from_millis(1500)));
        assert_eq!(time("2m"), Ok(Duration::from_secs(120)));
        assert!(time("2h").is_err() && time("-1s").is_err() && time("s").is_err());
        assert_eq!(size("16MiB"), Ok(16 << 20));
        assert_eq!(size("500 kB"), Ok(500_000));
        assert!(size("1TB").is_err() && size("1.5MB").is_err() && size("99999999999GiB").is_err());
    }
}
