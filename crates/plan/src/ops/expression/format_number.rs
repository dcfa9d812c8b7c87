//! Numbers with commas between thousands and a fixed number of digits behind the point, as Java's `DecimalFormat`
//! writes them: halves go to the even digit.

/// A double. Digits beyond those that tell it from other doubles are zeros.
pub(super) fn format_double(value: f64, digits: usize) -> String {
    if value.is_nan() {
        return "NaN".to_owned();
    }
    let sign = if value.is_sign_negative() { "-" } else { "" };
    if value.is_infinite() {
        return format!("{sign}∞");
    }
    let shortest = value.abs().to_string();
    let behind = shortest.split_once('.').map_or(0, |(_, behind)| behind.len());
    let text = if behind <= digits { shortest } else { format!("{:.digits$}", value.abs()) };
    written(sign, &text, digits)
}

/// A whole number or decimal, of at most 38 digits.
pub(super) fn format_decimal(text: &str, digits: usize) -> Option<String> {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let sign = if unsigned.len() < text.len() { "-" } else { "" };
    let (before, behind) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    if behind.len() <= digits {
        return Some(written(sign, unsigned, digits));
    }
    let value: u128 = format!("{before}{behind}").parse().ok()?;
    let unit = 10_u128.checked_pow(u32::try_from(behind.len() - digits).ok()?)?;
    let (kept, rest) = (value / unit, value % unit);
    let half = unit / 2;
    let kept = kept + u128::from(rest > half || rest == half && kept % 2 == 1);
    let all = format!("{kept:0>width$}", width = digits + 1);
    let (before, behind) = all.split_at(all.len() - digits);
    Some(written(sign, &format!("{before}.{behind}"), digits))
}

fn written(sign: &str, text: &str, digits: usize) -> String {
    let (before, behind) = text.split_once('.').unwrap_or((text, ""));
    let mut made = sign.to_owned();
    for (at, digit) in before.chars().enumerate() {
        if at > 0 && (before.len() - at) % 3 == 0 {
            made.push(',');
        }
        made.push(digit);
    }
    if digits > 0 {
        made.push_str(&format!(".{behind:0<digits$}"));
    }
    made
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_go_to_the_even_digit() {
        let doubles = [(2.5, 0), (3.5, 0), (0.125, 2), (1.005, 2), (-0.4, 0), (1234567.0, 1), (999.999, 2)];
        let texts = doubles.map(|(value, digits)| format_double(value, digits));
        assert_eq!(texts, ["2", "4", "0.12", "1.00", "-0", "1,234,567.0", "1,000.00"]);
        let decimals = [("2.5", 0), ("-0.4", 0), ("1.555", 2), ("0.05", 1), ("-1234", 2), ("999.96", 1)];
        let texts = decimals.map(|(text, digits)| format_decimal(text, digits).unwrap());
        assert_eq!(texts, ["2", "-0", "1.56", "0.0", "-1,234.00", "1,000.0"]);
    }
}
