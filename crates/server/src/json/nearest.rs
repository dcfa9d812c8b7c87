//! Which of several names someone most likely meant.

use strsim::osa_distance;

/// The name nearest to `meant`, if any is near: the same but for case, or at most a third of its letters away.
pub(crate) fn nearest<'a>(meant: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    if meant.len() > MAX_LENGTH {
        return None;
    }
    let limit = (meant.chars().count() / 3).max(1);
    names
        .filter(|name| name.len() <= MAX_LENGTH)
        .map(|name| (osa_distance(&fold(meant), &fold(name)), name))
        .filter(|&(distance, _)| distance <= limit)
        .min_by_key(|&(distance, _)| distance)
        .map(|(_, name)| name)
}

/// Longer names are not compared: the time grows with the square.
const MAX_LENGTH: usize = 64;

/// The letters without case and without `_`, `-`, `.` and spaces.
fn fold(name: &str) -> String {
    name.chars()
        .filter(|letter| !matches!(letter, '_' | '-' | '.' | ' '))
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_was_meant() {
        let near =
            |meant: &str| nearest(meant, ["agee", "Tenure-Months", "incmoe", "customer_id"].into_iter());
        assert_eq!(near("age"), Some("agee"));
        assert_eq!(near("tenure_months"), Some("Tenure-Months"));
        assert_eq!(near("income"), Some("incmoe"));
        assert_eq!(near("credit_score"), None);
    }
}
