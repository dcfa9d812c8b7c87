//! Functions of Java's `StrictMath` to the last bit, where the `libm` crate takes other steps: the algorithms of fdlibm 5.3.

/// The high 32 bits.
fn high(x: f64) -> i32 {
    (x.to_bits() >> 32) as i32
}

fn low(x: f64) -> u32 {
    x.to_bits() as u32
}

fn with_high(x: f64, high: i32) -> f64 {
    f64::from_bits(u64::from(high as u32) << 32 | u64::from(low(x)))
}

/// Only the high 32 bits.
fn only_high(high: i32) -> f64 {
    f64::from_bits(u64::from(high as u32) << 32)
}

const TWO_54: f64 = 18_014_398_509_481_984.0;

/// The natural logarithm.
pub(super) fn log(x: f64) -> f64 {
    const LN2_HIGH: f64 = f64::from_bits(0x3fe6_2e42_fee0_0000);
    const LN2_LOW: f64 = f64::from_bits(0x3dea_39ef_3579_3c76);
    const LG: [f64; 7] = [
        f64::from_bits(0x3fe5_5555_5555_5593),
        f64::from_bits(0x3fd9_9999_9997_fa04),
        f64::from_bits(0x3fd2_4924_9422_9359),
        f64::from_bits(0x3fcc_71c5_1d8e_78af),
        f64::from_bits(0x3fc7_4664_96cb_03de),
        f64::from_bits(0x3fc3_9a09_d078_c69f),
        f64::from_bits(0x3fc2_f112_df3e_5244),
    ];
    if x <= 0.0 || !x.is_finite() {
        return if x == 0.0 { f64::NEG_INFINITY } else { libm::log(x) };
    }
    let (x, scaled) = if high(x) < 0x0010_0000 { (x * TWO_54, -54) } else { (x, 0) };
    let digits = high(x) & 0x000f_ffff;
    // Above the square root of 2 a number is taken as the half of it, and the next power.
    let next = (digits + 0x0009_5f64) & 0x0010_0000;
    let f = with_high(x, digits | (next ^ 0x3ff0_0000)) - 1.0;
    let power = scaled + (high(x) >> 20) - 1023 + (next >> 20);
    let k = f64::from(power);
    if (2 + digits) & 0x000f_ffff < 3 {
        if f == 0.0 {
            return if power == 0 { 0.0 } else { k * LN2_HIGH + k * LN2_LOW };
        }
        let rest = f * f * (0.5 - 0.333_333_333_333_333_3 * f);
        return if power == 0 { f - rest } else { k * LN2_HIGH - ((rest - k * LN2_LOW) - f) };
    }
    let s = f / (2.0 + f);
    let z = s * s;
    let w = z * z;
    let one = w * (LG[1] + w * (LG[3] + w * LG[5]));
    let other = z * (LG[0] + w * (LG[2] + w * (LG[4] + w * LG[6])));
    let rest = other + one;
    if (digits - 0x6147a) | (0x6b851 - digits) > 0 {
        let half = 0.5 * f * f;
        return match power {
            0 => f - (half - s * (half + rest)),
            _ => k * LN2_HIGH - ((half - (s * (half + rest) + k * LN2_LOW)) - f),
        };
    }
    match power {
        0 => f - s * (f - rest),
        _ => k * LN2_HIGH - ((s * (f - rest) - k * LN2_LOW) - f),
    }
}

/// The logarithm to base 10.
pub(super) fn log10(x: f64) -> f64 {
    const INVERSE: f64 = f64::from_bits(0x3fdb_cb7b_1526_e50e);
    const LOG2_HIGH: f64 = f64::from_bits(0x3fd3_4413_509f_6000);
    const LOG2_LOW: f64 = f64::from_bits(0x3d59_fef3_11f1_2b36);
    if x <= 0.0 || !x.is_finite() {
        return log(x);
    }
    let (x, mut power) = if high(x) < 0x0010_0000 { (x * TWO_54, -54) } else { (x, 0) };
    power += (high(x) >> 20) - 1023;
    let below = i32::from(power < 0);
    let y = f64::from(power + below);
    let mantissa = with_high(x, high(x) & 0x000f_ffff | (0x3ff - below) << 20);
    y * LOG2_LOW + INVERSE * log(mantissa) + y * LOG2_HIGH
}

/// The cube root.
pub(super) fn cbrt(x: f64) -> f64 {
    const C: f64 = 0.542_857_142_857_142_8;
    const D: f64 = -0.705_306_122_448_979_6;
    const E: f64 = 1.414_285_714_285_714_4;
    const F: f64 = 1.607_142_857_142_857_2;
    const G: f64 = 0.357_142_857_142_857_15;
    if x == 0.0 || !x.is_finite() {
        return x;
    }
    let size = x.abs();
    let mut t = if high(size) < 0x0010_0000 {
        let scaled = TWO_54 * size;
        with_high(scaled, high(scaled) / 3 + 696_219_795)
    } else {
        only_high(high(size) / 3 + 715_094_163)
    };
    let r = t * t / size;
    let s = C + r * t;
    t *= G + F / (s + E + D / s);
    t = only_high(high(t) + 1);
    let r = size / (t * t);
    let r = (r - t) / (t + t + r);
    (t + t * r).copysign(x)
}

/// Where the half of the exponential still fits though the exponential does not.
const OVERFLOW: f64 = f64::from_bits(0x4086_33ce_8fb9_f87d);

/// The hyperbolic sine.
pub(super) fn sinh(x: f64) -> f64 {
    if !x.is_finite() {
        return x + x;
    }
    let (size, half) = (x.abs(), 0.5_f64.copysign(x));
    if high(size) < 0x4036_0000 {
        if high(size) < 0x3e30_0000 {
            return x;
        }
        let t = libm::expm1(size);
        return match high(size) < 0x3ff0_0000 {
            true => half * (2.0 * t - t * t / (t + 1.0)),
            false => half * (t + t / (t + 1.0)),
        };
    }
    large(size, half)
}

/// The hyperbolic cosine.
pub(super) fn cosh(x: f64) -> f64 {
    if !x.is_finite() {
        return x * x;
    }
    let size = x.abs();
    if high(size) < 0x3fd6_2e43 {
        let t = libm::expm1(size);
        let w = 1.0 + t;
        return if high(size) < 0x3c80_0000 { w } else { 1.0 + t * t / (w + w) };
    }
    if high(size) < 0x4036_0000 {
        let t = libm::exp(size);
        return 0.5 * t + 0.5 / t;
    }
    large(size, 0.5)
}

/// Half the exponential, times a sign.
fn large(size: f64, half: f64) -> f64 {
    if high(size) < 0x4086_2e42 {
        return half * libm::exp(size);
    }
    if size <= OVERFLOW {
        let w = libm::exp(0.5 * size);
        return half * w * w;
    }
    f64::INFINITY.copysign(half)
}

/// The hyperbolic tangent.
pub(super) fn tanh(x: f64) -> f64 {
    if x.is_nan() {
        return x;
    }
    let size = x.abs();
    let value = match high(size) {
        ..0x3c80_0000 => return x * (1.0 + x),
        0x3ff0_0000..0x4036_0000 => 1.0 - 2.0 / (libm::expm1(2.0 * size) + 2.0),
        0x3c80_0000..0x3ff0_0000 => {
            let t = libm::expm1(-2.0 * size);
            -t / (t + 2.0)
        }
        _ => 1.0,
    };
    if x < 0.0 { -value } else { value }
}

/// The angle of the point at `x` and `y`.
pub(super) fn atan2(y: f64, x: f64) -> f64 {
    const PI_LOW: f64 = 1.224_646_799_147_353_2e-16;
    use std::f64::consts::{FRAC_PI_2, PI};
    let far = (high(y.abs()) - high(x.abs())) >> 20 > 60;
    if !far || x >= 0.0 || !x.is_finite() || !y.is_finite() {
        return libm::atan2(y, x);
    }
    let z = FRAC_PI_2 + 0.5 * PI_LOW;
    if y > 0.0 { PI - (z - PI_LOW) } else { (z - PI_LOW) - PI }
}

/// The longest side of a triangle with a right angle.
pub(super) fn hypot(x: f64, y: f64) -> f64 {
    let (mut a, mut b) = (x.abs(), y.abs());
    if a.is_infinite() || b.is_infinite() {
        return f64::INFINITY;
    }
    if a.is_nan() || b.is_nan() {
        return f64::NAN;
    }
    if high(b) > high(a) {
        (a, b) = (b, a);
    }
    if high(a) - high(b) > 0x03c0_0000 {
        return a + b;
    }
    let mut power = 0;
    if high(a) > 0x5f30_0000 {
        (a, b) = (with_high(a, high(a) - 0x2580_0000), with_high(b, high(b) - 0x2580_0000));
        power = 600;
    }
    if high(b) < 0x20b0_0000 {
        if high(b) < 0x0010_0000 {
            if b == 0.0 {
                return a;
            }
            let scale = only_high(0x7fd0_0000);
            (a, b) = (a * scale, b * scale);
            power -= 1022;
        } else {
            (a, b) = (with_high(a, high(a) + 0x2580_0000), with_high(b, high(b) + 0x2580_0000));
            power -= 600;
        }
    }
    let w = a - b;
    let root = if w > b {
        let t1 = only_high(high(a));
        let t2 = a - t1;
        (t1 * t1 - (b * -b - t2 * (a + t1))).sqrt()
    } else {
        let y1 = only_high(high(b));
        let t1 = only_high(high(a) + 0x0010_0000);
        let t2 = a + a - t1;
        (t1 * y1 - (w * -w - (t1 * (b - y1) + t2 * b))).sqrt()
    };
    if power == 0 { root } else { with_high(1.0, 0x3ff0_0000 + (power << 20)) * root }
}

const TWO_28: f64 = 268_435_456.0;

/// The area of a hyperbolic sine.
pub(super) fn asinh(x: f64) -> f64 {
    let size = x.abs();
    let area = if !size.is_finite() || size < 1.0 / TWO_28 {
        size
    } else if size > TWO_28 {
        log(size) + log(2.0)
    } else if size > 2.0 {
        log(2.0 * size + 1.0 / ((x * x + 1.0).sqrt() + size))
    } else {
        let square = x * x;
        libm::log1p(size + square / (1.0 + (1.0 + square).sqrt()))
    };
    area.copysign(x)
}

/// The area of a hyperbolic cosine.
pub(super) fn acosh(x: f64) -> f64 {
    if x < 1.0 {
        f64::NAN
    } else if x >= TWO_28 {
        log(x) + log(2.0)
    } else if x == 1.0 {
        0.0
    } else if x > 2.0 {
        log(2.0 * x - 1.0 / (x + (x * x - 1.0).sqrt()))
    } else {
        let above = x - 1.0;
        libm::log1p(above + (2.0 * above + above * above).sqrt())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What Spark 4.3.0 answered where other libraries answer the number beside it.
    #[test]
    fn the_last_bits_are_javas() {
        assert_eq!(sinh(710.0), 1.116_997_383_080_855_7e308);
        assert_eq!(cosh(-710.0), 1.116_997_383_080_855_7e308);
        assert_eq!(atan2(1e300, -1e-300), 1.570_796_326_794_896_8);
    }

    #[test]
    fn borders_are_kept() {
        assert!(log(0.0) == f64::NEG_INFINITY && log(-1.0).is_nan() && log(f64::INFINITY) == f64::INFINITY);
        assert_eq!((log(1.0), log10(1000.0), log10(1e-5), cbrt(-27.0)), (0.0, 3.0, -5.0, -3.0));
        assert_eq!(
            (hypot(3.0, 4.0), hypot(0.0, 0.0), hypot(1e300, 1e300)),
            (5.0, 0.0, 1.414_213_562_373_095_2e300)
        );
        assert_eq!(hypot(f64::NAN, f64::INFINITY), f64::INFINITY);
        assert_eq!(tanh(-0.0).to_bits(), (-0.0_f64).to_bits());
        assert_eq!((tanh(30.0), sinh(-800.0), cosh(800.0)), (1.0, f64::NEG_INFINITY, f64::INFINITY));
        assert!((log(f64::MIN_POSITIVE / 8.0) + 710.47).abs() < 0.01);
    }
}
