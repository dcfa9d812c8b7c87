//! Numbers in a format. Reals are rounded half up from the shortest digits that tell them from others, as Java does.

use super::printf_spec::Spec;

/// A whole number of so many bits, for `%d`, `%o` and `%x`.
pub(super) fn whole(value: i64, bits: u32, spec: &Spec) -> String {
    if spec.conversion == 'd' {
        let digits = value.unsigned_abs().to_string();
        return signed(value < 0, spec, |negative| {
            magnitude(&digits, narrowed(spec, negative), spec, negative)
        });
    }
    let mask = if bits >= 64 { u64::MAX } else { (1 << bits) - 1 };
    let value = value as u64 & mask;
    let octal = spec.conversion == 'o';
    let (mark, digits) = if octal { ("0", format!("{value:o}")) } else { ("0x", format!("{value:x}")) };
    let mark = if spec.has('#') { mark } else { "" };
    let zeros = match spec.width {
        Some(width) if spec.has('0') => width.saturating_sub(mark.len() + digits.len()),
        _ => 0,
    };
    let made = format!("{mark}{}{digits}", "0".repeat(zeros));
    if spec.upper { made.to_ascii_uppercase() } else { made }
}

/// A real number, for `%e`, `%f` and `%g`.
pub(super) fn real(value: f64, spec: &Spec) -> String {
    let cased = |text: &str| if spec.upper { text.to_ascii_uppercase() } else { text.to_owned() };
    if value.is_nan() {
        return cased("NaN");
    }
    signed(value.is_sign_negative(), spec, |negative| {
        if value.is_infinite() {
            return cased("Infinity");
        }
        let width = narrowed(spec, negative);
        let mut digits = Digits::of(value.abs());
        let precision = spec.precision.unwrap_or(6);
        let (mantissa, exponent) = match spec.conversion {
            'f' => (digits.fixed(precision), None),
            'e' => (digits.scientific(precision), Some(digits.exponent())),
            _ => digits.general(precision.max(1)),
        };
        let point = if spec.has('#') && precision == 0 { "." } else { "" };
        let mantissa = format!("{mantissa}{point}");
        let Some(exponent) = exponent else { return magnitude(&mantissa, width, spec, negative) };
        let sign = if exponent < 0 { '-' } else { '+' };
        let exponent = cased(&format!("e{sign}{:02}", exponent.unsigned_abs()));
        let width = width.map(|width| width.saturating_sub(exponent.len()));
        magnitude(&mantissa, width, spec, negative) + &exponent
    })
}

/// A number with its sign around it.
fn signed(negative: bool, spec: &Spec, number: impl Fn(bool) -> String) -> String {
    let brackets = negative && spec.has('(');
    let end = if brackets { ")" } else { "" };
    format!("{}{}{end}", sign(negative, spec), number(negative))
}

fn sign(negative: bool, spec: &Spec) -> &'static str {
    match negative {
        true if spec.has('(') => "(",
        true => "-",
        false if spec.has('+') => "+",
        false if spec.has(' ') => " ",
        false => "",
    }
}

/// The width that is left beside a closing bracket.
fn narrowed(spec: &Spec, negative: bool) -> Option<usize> {
    let bracket = usize::from(negative && spec.has('('));
    spec.width.map(|width| width.saturating_sub(bracket))
}

/// Digits with commas between thousands and zeros in front, where the flags say so.
fn magnitude(digits: &str, width: Option<usize>, spec: &Spec, negative: bool) -> String {
    let before = digits.find('.').unwrap_or(digits.len());
    let mut made = String::with_capacity(digits.len());
    for (at, digit) in digits.chars().enumerate() {
        if spec.has(',') && at > 0 && at < before && (before - at).is_multiple_of(3) {
            made.push(',');
        }
        made.push(digit);
    }
    match width {
        Some(width) if spec.has('0') => {
            let zeros = width.saturating_sub(sign(negative, spec).len() + made.len());
            "0".repeat(zeros) + &made
        }
        _ => made,
    }
}

/// A number as 0.d₁d₂… · 10^`point`.
struct Digits {
    digits: Vec<u8>,
    point: i32,
}

impl Digits {
    fn of(value: f64) -> Digits {
        let text = format!("{value:e}");
        let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let digits = mantissa.bytes().filter(u8::is_ascii_digit).collect();
        Digits { digits, point: exponent.parse::<i32>().unwrap_or(0) + 1 }
    }

    fn is_zero(&self) -> bool {
        self.digits.iter().all(|digit| *digit == b'0')
    }

    fn exponent(&self) -> i32 {
        if self.is_zero() { 0 } else { self.point - 1 }
    }

    /// Keeps so many digits.
    fn round(&mut self, keep: i64) {
        let Ok(keep) = usize::try_from(keep) else { return };
        let Some(next) = self.digits.get(keep).copied() else { return };
        self.digits.truncate(keep);
        if next < b'5' {
            if keep == 0 {
                self.digits.push(b'0');
            }
            return;
        }
        while let Some(digit) = self.digits.pop() {
            if digit < b'9' {
                self.digits.push(digit + 1);
                return;
            }
        }
        self.digits.push(b'1');
        self.point += 1;
    }

    fn digit(&self, at: i64) -> char {
        let digit = usize::try_from(at).ok().and_then(|at| self.digits.get(at));
        char::from(digit.copied().unwrap_or(b'0'))
    }

    /// With so many digits behind the point.
    fn fixed(&mut self, precision: usize) -> String {
        self.round(i64::from(self.point) + precision as i64);
        self.shown(precision)
    }

    fn shown(&self, precision: usize) -> String {
        let point = i64::from(self.point);
        let mut made: String =
            if point > 0 { (0..point).map(|at| self.digit(at)).collect() } else { "0".into() };
        if precision > 0 {
            made.push('.');
            // A digit left of the first is a zero.
            made.extend((0..precision as i64).map(|at| self.digit(point + at)));
        }
        made
    }

    /// One digit before the point and so many behind it.
    fn scientific(&mut self, precision: usize) -> String {
        self.round(precision as i64 + 1);
        let mut made = self.digit(0).to_string();
        if precision > 0 {
            made.push('.');
            made.extend((1..=precision as i64).map(|at| self.digit(at)));
        }
        made
    }

    /// With so many digits in all, and an exponent where the number is small or large.
    fn general(&mut self, precision: usize) -> (String, Option<i32>) {
        if self.is_zero() {
            return (self.shown(precision - 1), None);
        }
        self.round(precision as i64);
        let exponent = i64::from(self.point) - 1;
        if exponent < -4 || exponent >= precision as i64 {
            return (self.scientific(precision - 1), Some(self.point - 1));
        }
        let behind = usize::try_from(precision as i64 - i64::from(self.point)).unwrap_or(0);
        (self.shown(behind), None)
    }
}
