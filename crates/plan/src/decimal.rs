//! Decimals as Spark has them: 128-bit whole numbers with a scale, computed exactly and rounded once the type is known.
//!
//! A product and a quotient are first rounded to one digit more than a decimal can have, as Spark's `Decimal` does
//! (`sql/types/Decimal.scala`), which shows where more than 38 digits come out.

use std::cmp::Ordering;
use std::fmt;

use arrow_buffer::i256;

/// The most digits that a decimal has.
pub const MAX_DIGITS: u8 = 38;

/// How many digits a decimal has, and how many of them behind the point.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DecimalType {
    /// All digits, at most [`MAX_DIGITS`].
    pub precision: u8,
    /// The digits behind the point, at most `precision`.
    pub scale: u8,
}

impl fmt::Display for DecimalType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "decimal({},{})", self.precision, self.scale)
    }
}

/// Where a number goes that lies between two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nearest {
    /// To the nearest, a half away from zero.
    HalfUp,
    /// To the nearest, a half to the even one.
    HalfEven,
    /// Up.
    Ceiling,
    /// Down.
    Floor,
}

/// A decimal of any size: a whole number and how many of its digits stand behind the point.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wide {
    pub(crate) value: i256,
    pub(crate) scale: i32,
}

/// The most digits that 256 bits hold all of.
const WIDE_DIGITS: u32 = 76;

fn power(digits: u32) -> Option<i256> {
    i256::from_i128(10).checked_pow(digits)
}

/// The quotient of whole numbers; `None` for a divisor of zero.
fn divided(value: i256, by: i256, nearest: Nearest) -> Option<i256> {
    let (whole, rest) = (value.checked_div(by)?, value.checked_rem(by)?);
    if rest == i256::ZERO {
        return Some(whole);
    }
    let negative = rest.is_negative() != by.is_negative();
    let (rest, by) = (rest.wrapping_abs(), by.wrapping_abs());
    let half = rest.cmp(&by.wrapping_sub(rest));
    let even = whole.checked_rem(i256::from_i128(2))? == i256::ZERO;
    let away = match nearest {
        Nearest::HalfUp => half != Ordering::Less,
        Nearest::HalfEven => half == Ordering::Greater || half == Ordering::Equal && !even,
        Nearest::Ceiling => !negative,
        Nearest::Floor => negative,
    };
    let step = i256::from_i128(if negative { -1 } else { 1 });
    if away { whole.checked_add(step) } else { Some(whole) }
}

impl Wide {
    pub(crate) fn new(value: i128, scale: u8) -> Wide {
        Wide { value: i256::from_i128(value), scale: i32::from(scale) }
    }

    /// The whole number at another scale; `None` where it has too many digits.
    pub(crate) fn at(self, scale: i32, nearest: Nearest) -> Option<i256> {
        if self.value == i256::ZERO {
            return Some(self.value);
        }
        let digits = scale.checked_sub(self.scale)?;
        if digits >= 0 {
            return self.value.checked_mul(power(digits.unsigned_abs())?);
        }
        match power(digits.unsigned_abs()) {
            Some(unit) => divided(self.value, unit, nearest),
            // All digits go; less than a half is left.
            None => {
                divided(i256::from_i128(if self.value.is_negative() { -1 } else { 1 }), power(9)?, nearest)
            }
        }
    }

    /// The number as `to`, rounded; `None` where it does not fit.
    pub(crate) fn settle(self, to: DecimalType, nearest: Nearest) -> Option<i128> {
        let value = self.at(i32::from(to.scale), nearest)?.to_i128()?;
        fits(value, to).then_some(value)
    }

    /// Rounded to this many digits in all.
    fn rounded(self, digits: u32) -> Option<Wide> {
        let mut more = 0;
        while more + digits <= WIDE_DIGITS && self.value.wrapping_abs() >= power(digits + more)? {
            more += 1;
        }
        let scale = self.scale - more as i32;
        Some(Wide { value: self.at(scale, Nearest::HalfUp)?, scale })
    }

    fn aligned(self, other: Wide) -> Option<(i256, i256, i32)> {
        let scale = self.scale.max(other.scale);
        Some((self.at(scale, Nearest::HalfUp)?, other.at(scale, Nearest::HalfUp)?, scale))
    }

    pub(crate) fn add(self, other: Wide) -> Option<Wide> {
        let (one, other, scale) = self.aligned(other)?;
        Some(Wide { value: one.checked_add(other)?, scale })
    }

    pub(crate) fn subtract(self, other: Wide) -> Option<Wide> {
        self.add(Wide { value: other.value.checked_neg()?, scale: other.scale })
    }

    pub(crate) fn multiply(self, other: Wide) -> Option<Wide> {
        let value = self.value.checked_mul(other.value)?;
        Wide { value, scale: self.scale + other.scale }.rounded(u32::from(MAX_DIGITS) + 1)
    }

    /// The quotient, rounded to 39 digits behind the point; `None` for a divisor of zero.
    pub(crate) fn divide(self, other: Wide) -> Option<Wide> {
        let scale = i32::from(MAX_DIGITS) + 1;
        // The numbers divide as whole ones; the difference of their scales moves the point.
        let mut left = u32::try_from(scale - self.scale + other.scale).ok()?;
        let (mut whole, mut rest) =
            (self.value.checked_div(other.value)?, self.value.checked_rem(other.value)?);
        while left > 0 {
            let step = left.min(u32::from(MAX_DIGITS) - 1);
            let shifted = rest.checked_mul(power(step)?)?;
            whole = whole.checked_mul(power(step)?)?.checked_add(shifted.checked_div(other.value)?)?;
            rest = shifted.checked_rem(other.value)?;
            left -= step;
        }
        let rest = divided(rest, other.value, Nearest::HalfUp)?;
        Some(Wide { value: whole.checked_add(rest)?, scale })
    }

    /// The whole part of the quotient; `None` for a divisor of zero.
    pub(crate) fn divide_whole(self, other: Wide) -> Option<Wide> {
        let (one, other, _) = self.aligned(other)?;
        Some(Wide { value: one.checked_div(other)?, scale: 0 })
    }

    /// What is left of a division, with the sign of the dividend; `None` for a divisor of zero.
    pub(crate) fn remainder(self, other: Wide) -> Option<Wide> {
        let (one, other, scale) = self.aligned(other)?;
        Some(Wide { value: one.checked_rem(other)?, scale })
    }

    /// What is left of a division, not below zero for a divisor that is not; `None` for a divisor of zero.
    pub(crate) fn modulus(self, other: Wide) -> Option<Wide> {
        let rest = self.remainder(other)?;
        if rest.value.is_negative() { rest.add(other)?.remainder(other) } else { Some(rest) }
    }

    /// A number as Java's `BigDecimal` reads it.
    pub(crate) fn read(text: &str) -> Option<Wide> {
        let (number, exponent) = match text.find(['e', 'E']) {
            Some(at) => (&text[..at], text[at + 1..].parse::<i32>().ok()?),
            None => (text, 0),
        };
        let unsigned = number.strip_prefix(['+', '-']).unwrap_or(number);
        let (before, behind) = unsigned.split_once('.').unwrap_or((unsigned, ""));
        let all_digits = before.bytes().chain(behind.bytes()).all(|byte| byte.is_ascii_digit());
        if !all_digits || before.len() + behind.len() == 0 {
            return None;
        }
        let digits = format!("{before}{behind}");
        // What is beyond 76 digits rounds no decimal of 38 at the place where it ends.
        let digits = digits.trim_start_matches('0');
        let kept = digits.len().min(WIDE_DIGITS as usize);
        let value = match &digits[..kept] {
            "" => i256::ZERO,
            digits => i256::from_string(digits)?,
        };
        let cut = i32::try_from(digits.len() - kept).ok()?;
        let scale = i32::try_from(behind.len()).ok()?.checked_sub(exponent)?.checked_sub(cut)?;
        let value = if number.starts_with('-') { value.checked_neg()? } else { value };
        Some(Wide { value, scale })
    }
}

/// Whether a whole number has no more digits than the type.
pub fn fits(value: i128, to: DecimalType) -> bool {
    10_u128.checked_pow(u32::from(to.precision)).is_some_and(|end| value.unsigned_abs() < end)
}

/// The digits of a decimal, without an exponent: `-0.50`.
pub fn show(value: i128, scale: u8) -> String {
    let scale = usize::from(scale);
    let sign = if value < 0 { "-" } else { "" };
    let digits = format!("{:0>width$}", value.unsigned_abs(), width = scale + 1);
    let (before, behind) = digits.split_at(digits.len() - scale);
    if scale == 0 { format!("{sign}{before}") } else { format!("{sign}{before}.{behind}") }
}

/// A decimal as Java's `BigDecimal.toString` prints it: with an exponent where more than five zeros follow the point.
pub(crate) fn java(value: i128, scale: u8) -> String {
    let digits = value.unsigned_abs().to_string();
    let exponent = digits.len() as i32 - 1 - i32::from(scale);
    if scale == 0 || exponent >= -6 {
        return show(value, scale);
    }
    let sign = if value < 0 { "-" } else { "" };
    let (first, rest) = digits.split_at(1);
    let point = if rest.is_empty() { "" } else { "." };
    format!("{sign}{first}{point}{rest}E{exponent}")
}

/// The nearest double, as Java's `BigDecimal.doubleValue` rounds it.
pub fn to_double(value: i128, scale: u8) -> f64 {
    // Both are whole numbers that a double holds, so that one division rounds once.
    const EXACT: u128 = 1 << 53;
    if scale <= 22 && value.unsigned_abs() <= EXACT {
        return value as f64 / 10_f64.powi(i32::from(scale));
    }
    format!("{value}e-{scale}").parse().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(precision: u8, scale: u8) -> DecimalType {
        DecimalType { precision, scale }
    }

    fn read(text: &str) -> Wide {
        Wide::read(text).unwrap()
    }

    fn settled(value: Option<Wide>, precision: u8, scale: u8) -> Option<String> {
        Some(show(value?.settle(of(precision, scale), Nearest::HalfUp)?, scale))
    }

    #[test]
    fn decimals_are_shown_with_all_their_digits() {
        assert_eq!(
            (show(-50, 2), show(5, 3), show(7, 0), show(0, 1)),
            ("-0.50".into(), "0.005".into(), "7".into(), "0.0".into())
        );
        assert_eq!(
            (java(1, 7), java(-125, 9), java(1, 6), java(0, 7)),
            ("1E-7".into(), "-1.25E-7".into(), "0.000001".into(), "0E-7".into())
        );
        assert_eq!(
            (to_double(15, 1), to_double(-1, 30), to_double(i128::MAX, 0)),
            (1.5, -1e-30, i128::MAX as f64)
        );
    }

    #[test]
    fn numbers_are_computed_exactly_and_rounded_at_the_end() {
        let (one, seven) = (read("1"), read("7.0"));
        assert_eq!(settled(one.divide(seven), 10, 6), Some("0.142857".into()));
        assert_eq!(settled(read("-2").divide(read("3")), 10, 2), Some("-0.67".into()));
        assert_eq!(settled(read("0.1").add(read("-0.25")), 5, 2), Some("-0.15".into()));
        assert_eq!(settled(read("1.25").multiply(read("-1.25")), 5, 3), Some("-1.563".into()));
        assert_eq!(settled(read("-7.5").remainder(read("2")), 5, 1), Some("-1.5".into()));
        assert_eq!(settled(read("-7.5").modulus(read("2")), 5, 1), Some("0.5".into()));
        assert_eq!(settled(read("-7.5").divide_whole(read("2")), 5, 0), Some("-3".into()));
        assert!(one.divide(read("0.0")).is_none() && one.modulus(read("0")).is_none());
        assert_eq!(settled(Some(read("999.995")), 5, 2), None);
        let most = "9".repeat(38);
        assert_eq!(settled(read(&most).multiply(read(&most)), 38, 0), None);
    }

    #[test]
    fn halves_go_where_they_are_sent() {
        let to = |text: &str, nearest| read(text).at(0, nearest).and_then(i256::to_i128);
        let cases = [
            (Nearest::HalfUp, [3, -3, 2, 1]),
            (Nearest::HalfEven, [2, -2, 2, 1]),
            (Nearest::Ceiling, [3, -2, 2, 2]),
            (Nearest::Floor, [2, -3, 1, 1]),
        ];
        for (nearest, expected) in cases {
            let found = ["2.5", "-2.5", "1.5000001", "1.2"].map(|text| to(text, nearest));
            assert_eq!(found, expected.map(Some), "{nearest:?}");
        }
        assert_eq!(to("1e-200", Nearest::HalfUp), Some(0));
    }

    #[test]
    fn texts_are_read_as_java_reads_them() {
        for text in ["", ".", "+", "--1", "1e", "1_0", "0x1", "NaN", "1e9999999999", "1.2.3"] {
            assert!(Wide::read(text).is_none(), "{text}");
        }
        let shown = |text: &str| settled(Some(read(text)), 5, 2);
        assert_eq!(
            (shown("5."), shown(".5"), shown("1e2")),
            (Some("5.00".into()), Some("0.50".into()), Some("100.00".into()))
        );
        assert_eq!(
            (shown("-3.335"), shown("1e400"), shown("1e-400")),
            (Some("-3.34".into()), None, Some("0.00".into()))
        );
    }
}
