//! Which of several names someone most likely meant.

/// The name nearest to `meant`, if any is near: the same but for case, or at most a third of its letters away.
pub(crate) fn nearest<'a>(meant: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    if meant.len() > MAX_LENGTH {
        return None;
    }
    let limit = (meant.chars().count() / 3).max(1);
    names
        .filter(|name| name.len() <= MAX_LENGTH)
        .map(|name| (distance(&fold(meant), &fold(name)), name))
        .filter(|&(distance, _)| distance <= limit)
        .min_by_key(|&(distance, _)| distance)
        .map(|(_, name)| name)
}

/// Longer names are not compared: the time grows with the square.
const MAX_LENGTH: usize = 64;

/// The letters without case and without `_`, `-`, `.` and spaces.
fn fold(name: &str) -> Vec<char> {
    name.chars()
        .filter(|letter| !matches!(letter, '_' | '-' | '.' | ' '))
        .flat_map(char::to_lowercase)
        .collect()
}

/// The least number of letters to insert, delete, replace or swap with their neighbour (optimal string alignment).
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, &x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, &y) in b.iter().enumerate() {
            let mut least = (last[j] + usize::from(x != y)).min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && x == b[j - 1] && a[i - 1] == y {
                least = least.min(before[j - 1] + 1);
            }
            row.push(least);
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
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
        assert_eq!(distance(&['a'], &[]), 1);
    }
}
