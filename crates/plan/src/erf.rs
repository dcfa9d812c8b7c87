//! The error function as Spark's libraries compute it: Apache Commons Math's `Erf.erf`, by way of the regularized
//! incomplete gamma function. Its rounding shows in small probabilities, where another formula would differ.

/// `log(Γ(½))`.
const LOG_GAMMA_HALF: f64 = 0.5723649429247001;
const PRECISION: f64 = 1e-15;
const MAX_STEPS: u32 = 10_000;
/// Stands for zero in the continued fraction.
const SMALL: f64 = 1e-50;

/// The error function.
pub(crate) fn erf(x: f64) -> f64 {
    if x.abs() > 40.0 {
        return x.signum();
    }
    let square = x * x;
    let value = if square.is_nan() {
        f64::NAN
    } else if square == 0.0 {
        0.0
    } else if square >= 1.5 {
        1.0 - upper(square)
    } else {
        lower(square)
    };
    if x < 0.0 { -value } else { value }
}

/// `exp(-x) · √x / Γ(½)`.
fn scale(x: f64) -> f64 {
    (-x + 0.5 * x.ln() - LOG_GAMMA_HALF).exp()
}

/// The lower incomplete gamma function of ½, by its series.
fn lower(x: f64) -> f64 {
    let mut term = 1.0 / 0.5;
    let mut sum = term;
    let mut step = 0.0;
    while f64::abs(term / sum) > PRECISION && step < f64::from(MAX_STEPS) {
        step += 1.0;
        term *= x / (0.5 + step);
        sum += term;
    }
    scale(x) * sum
}

/// The upper incomplete gamma function of ½, by its continued fraction (Lentz's method).
fn upper(x: f64) -> f64 {
    let not_zero = |value: f64| if value.abs() <= SMALL { SMALL } else { value };
    let mut value = not_zero(1.0 - 0.5 + x);
    let (mut above, mut below) = (value, 0.0);
    for step in 1..MAX_STEPS {
        let step = f64::from(step);
        let a = 2.0 * step + 1.0 - 0.5 + x;
        let b = step * (0.5 - step);
        below = 1.0 / not_zero(a + b * below);
        above = not_zero(a + b / above);
        let change = above * below;
        value *= change;
        if (change - 1.0).abs() < PRECISION {
            break;
        }
    }
    scale(x) * (1.0 / value)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Answers of Commons Math 3.6.1.
    const KNOWN: [(f64, f64); 11] = [
        (0.1, 0.11246291601828491),
        (0.5, 0.5204998778130466),
        (1.0, 0.8427007929497151),
        (1.3, 0.9340079449406525),
        (2.0, 0.9953222650189527),
        (3.0, 0.9999779095030014),
        (-0.3, -0.32862675945912734),
        (-4.0, -0.9999999845827421),
        (-5.5, -0.9999999999999927),
        (0.0, 0.0),
        (45.0, 1.0),
    ];

    #[test]
    fn equals_commons_math() {
        for (x, expected) in KNOWN {
            assert!((erf(x) - expected).abs() < 3e-16, "{x}: {} and {expected}", erf(x));
        }
        assert!(erf(f64::NAN).is_nan());
        assert_eq!(erf(f64::NEG_INFINITY), -1.0);
    }
}
