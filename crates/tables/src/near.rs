//! The name that was most likely meant.

use strsim::levenshtein;

/// Most names that are compared or shown.
const COMPARED: usize = 2_000;
const SHOWN: usize = 12;

/// A column that is not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// The column.
    pub column: String,
    /// The nearest name that is there.
    pub nearest: Option<String>,
}

impl Missing {
    /// `column` is not among `names`.
    pub(crate) fn among<'a>(column: &str, names: impl Iterator<Item = &'a str>) -> Missing {
        Missing { column: column.to_owned(), nearest: nearest(column, names).map(str::to_owned) }
    }

    pub(crate) fn listed(missing: &[Missing]) -> String {
        let one = |missing: &Missing| match &missing.nearest {
            Some(nearest) => format!("'{}' (did you mean '{nearest}'?)", missing.column),
            None => format!("'{}'", missing.column),
        };
        missing.iter().map(one).collect::<Vec<_>>().join(", ")
    }
}

/// The first few names.
pub(crate) fn listed<'a>(names: impl ExactSizeIterator<Item = &'a str>) -> String {
    let count = names.len();
    let shown: Vec<String> = names.take(SHOWN).map(|name| format!("'{name}'")).collect();
    match count.saturating_sub(SHOWN) {
        _ if count == 0 => "no columns".to_owned(),
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

/// The name a few letters off `wanted`; letter case, `_`, `-` and spaces do not count.
fn nearest<'a>(wanted: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let plain = |name: &str| name.to_lowercase().replace(['_', '-', ' ', '.'], "");
    let wanted = plain(wanted);
    let bound = 1 + wanted.chars().count() / 4;
    names
        .take(COMPARED)
        .map(|name| (levenshtein(&wanted, &plain(name)), name))
        .filter(|&(off, _)| off <= bound)
        .min()
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typo_finds_its_name() {
        let names = ["age", "income", "tenure_months", "credit_score"];
        let near = |wanted| nearest(wanted, names.iter().copied());
        assert_eq!(near("Income"), Some("income"));
        assert_eq!(near("tenureMonths"), Some("tenure_months"));
        assert_eq!(near("credit_scor"), Some("credit_score"));
        assert_eq!(near("country"), None);
    }

    #[test]
    fn long_lists_are_cut() {
        let names: Vec<String> = (0..20).map(|at| format!("c{at}")).collect();
        let text = listed(names.iter().map(String::as_str));
        assert!(text.ends_with("'c11' and 8 more"), "{text}");
        assert_eq!(listed([].iter().copied()), "no columns");
    }
}
