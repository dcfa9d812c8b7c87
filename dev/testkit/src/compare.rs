//! Compares an answer with Spark's.

use crate::value::Value;

/// How far a number may be from Spark's.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Tolerance {
    /// The same bits (any NaN equals any NaN).
    Exact,
    /// At most this far, relative to the largest number of the same value: a vector's near-zero entries are as
    /// exact as its large ones.
    Relative(f64),
    /// At most this far.
    Absolute(f64),
}

/// Says how `ours` differs from `spark`, if it does.
pub fn difference(ours: &Value, spark: &Value, tolerance: Tolerance) -> Option<String> {
    let same = match (ours, spark) {
        (Value::Number(a), Value::Number(b)) => close(*a, *b, 0.0, tolerance),
        // JSON has no way to write these doubles but as strings.
        (Value::Number(a), Value::Text(text)) => special(text).is_some_and(|b| close(*a, b, 0.0, tolerance)),
        (Value::Dense(a), Value::Dense(b)) => all_close(a, b, tolerance),
        (Value::Sparse(size, indices, a), Value::Sparse(spark_size, spark_indices, b)) => {
            size == spark_size && indices == spark_indices && all_close(a, b, tolerance)
        }
        (Value::List(a), Value::List(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| difference(a, b, tolerance).is_none())
        }
        (a, b) => a == b,
    };
    (!same).then(|| format!("ours {ours}, Spark's {spark}"))
}

/// The largest finite number in a value, by magnitude.
pub fn magnitude(value: &Value) -> f64 {
    let numbers: &[f64] = match value {
        Value::Number(number) => std::slice::from_ref(number),
        Value::Dense(values) | Value::Sparse(_, _, values) => values,
        Value::List(items) => return items.iter().map(magnitude).fold(0.0, f64::max),
        Value::Null | Value::Boolean(_) | Value::Text(_) => &[],
    };
    largest(numbers)
}

fn largest(numbers: &[f64]) -> f64 {
    numbers
        .iter()
        .filter(|number| number.is_finite())
        .fold(0.0, |largest: f64, number| largest.max(number.abs()))
}

fn special(text: &str) -> Option<f64> {
    crate::value::number(&serde_json::Value::String(text.to_owned())).ok()
}

fn all_close(a: &[f64], b: &[f64], tolerance: Tolerance) -> bool {
    let scale = largest(b);
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| close(*a, *b, scale, tolerance))
}

fn close(a: f64, b: f64, scale: f64, tolerance: Tolerance) -> bool {
    if a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan()) {
        return true;
    }
    match tolerance {
        Tolerance::Exact => false,
        Tolerance::Absolute(limit) => (a - b).abs() <= limit,
        Tolerance::Relative(limit) => (a - b).abs() <= limit * a.abs().max(b.abs()).max(scale),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_means_bits() {
        let differ = |a, b| difference(&Value::Number(a), &Value::Number(b), Tolerance::Exact).is_some();
        assert!(!differ(0.1, 0.1));
        assert!(differ(0.1 + 0.2, 0.3));
        assert!(differ(0.0, -0.0));
        assert!(!differ(f64::NAN, f64::NAN));
    }

    #[test]
    fn relative_is_bounded() {
        let differ =
            |a, b| difference(&Value::Number(a), &Value::Number(b), Tolerance::Relative(1e-13)).is_some();
        assert!(!differ(0.1 + 0.2, 0.3));
        assert!(differ(1.0, 1.0 + 1e-12));
    }

    #[test]
    fn the_form_of_a_vector_counts() {
        let dense = Value::Dense(vec![0.0, 1.0]);
        let sparse = Value::Sparse(2, vec![1], vec![1.0]);
        assert!(difference(&dense, &sparse, Tolerance::Relative(1.0)).is_some());
    }
}
