//! The places of a format: `%[index$][flags][width][.precision]conversion`.

use crate::column::ColumnType;

/// The largest width and precision.
const MAX_WIDTH: usize = 10_000;

/// A part of a format.
#[derive(Clone, Debug)]
pub(super) enum Piece {
    /// What stands for itself.
    Text(String),
    /// The argument of this number.
    Value(usize, Spec),
}

/// How a value is shown.
#[derive(Clone, Debug, Default)]
pub(super) struct Spec {
    /// The conversion in small letters.
    pub(super) conversion: char,
    /// Whether it is written in capitals.
    pub(super) upper: bool,
    flags: String,
    pub(super) width: Option<usize>,
    pub(super) precision: Option<usize>,
}

impl Spec {
    pub(super) fn has(&self, flag: char) -> bool {
        self.flags.contains(flag)
    }

    /// A text, cut to the precision and filled to the width.
    pub(super) fn text(&self, text: &str) -> Vec<u16> {
        let units = text.encode_utf16();
        let mut units: Vec<u16> = match self.precision {
            Some(most) => units.take(most).collect(),
            None => units.collect(),
        };
        if self.upper {
            units = capitals(&units);
        }
        self.justified(units)
    }

    pub(super) fn justified(&self, mut units: Vec<u16>) -> Vec<u16> {
        let missing = self.width.unwrap_or(0).saturating_sub(units.len());
        let blanks = std::iter::repeat_n(u16::from(b' '), missing);
        if self.has('-') {
            units.extend(blanks);
            return units;
        }
        blanks.chain(units).collect()
    }
}

fn capitals(units: &[u16]) -> Vec<u16> {
    let mut made = Vec::with_capacity(units.len());
    for letter in char::decode_utf16(units.iter().copied()) {
        match letter {
            Ok(letter) => {
                let mut buffer = [0; 2];
                letter
                    .to_uppercase()
                    .for_each(|letter| made.extend_from_slice(letter.encode_utf16(&mut buffer)));
            }
            Err(half) => made.push(half.unpaired_surrogate()),
        }
    }
    made
}

/// Reads a format for values of these types, of which `None` is a null.
pub(super) fn read(format: &str, types: &[Option<ColumnType>]) -> Result<Vec<Piece>, String> {
    let (mut pieces, mut text, mut rest) = (Vec::new(), String::new(), format);
    let (mut ordinary, mut last) = (0, None);
    while let Some(at) = rest.find('%') {
        text.push_str(&rest[..at]);
        let (spec, index, behind) = spec(&rest[at..])?;
        let written = rest.get(at..rest.len() - behind.len()).unwrap_or_default();
        rest = behind;
        match spec.conversion {
            'n' => text.push('\n'),
            '%' => text.push_str(&String::from_utf16_lossy(&spec.text("%"))),
            _ => {
                let at = match index {
                    Index::Next => {
                        ordinary += 1;
                        ordinary - 1
                    }
                    Index::Same => last.ok_or_else(|| format!("{written} without a value before it"))?,
                    Index::Of(at) => at,
                };
                last = Some(at);
                let count = types.len();
                let found =
                    types.get(at).ok_or_else(|| format!("{written} for value {} of {count}", at + 1))?;
                if let Some(found) = found
                    && !takes(spec.conversion, found)
                {
                    return Err(format!("{written} for {found}; {}", expected(spec.conversion)));
                }
                if !text.is_empty() {
                    pieces.push(Piece::Text(std::mem::take(&mut text)));
                }
                pieces.push(Piece::Value(at, spec));
            }
        }
    }
    text.push_str(rest);
    pieces.push(Piece::Text(text));
    Ok(pieces)
}

/// Which value a place shows.
enum Index {
    Next,
    Same,
    Of(usize),
}

/// Reads one place, which begins with a `%`, and gives what follows it.
fn spec(format: &str) -> Result<(Spec, Index, &str), String> {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let shown = || format.chars().take(12).collect::<String>();
    let mut rest = &format[1..];
    let mut index = Index::Next;
    let count = digits(rest);
    if let Some(behind) = rest[count..].strip_prefix('$') {
        let place: usize =
            rest[..count].parse().map_err(|_| format!("'{}', a place without a number", shown()))?;
        index = Index::Of(place.checked_sub(1).ok_or("%0$; values are counted from 1")?);
        rest = behind;
    }
    let mut spec = Spec::default();
    while let Some(flag) = rest.chars().next().filter(|flag| "-#+ 0,(<".contains(*flag)) {
        if spec.has(flag) || flag == '<' && !matches!(index, Index::Next) {
            return Err(format!("'{}' with the flag {flag} twice, or of two places", shown()));
        }
        rest = &rest[1..];
        match flag {
            '<' => index = Index::Same,
            flag => spec.flags.push(flag),
        }
    }
    let number = |text: &str| text.parse().ok().filter(|number| *number <= MAX_WIDTH);
    let wide = || format!("'{}' of a width or precision above {MAX_WIDTH}", shown());
    let count = digits(rest);
    if count > 0 {
        spec.width = Some(number(&rest[..count]).ok_or_else(wide)?);
        rest = &rest[count..];
    }
    if let Some(behind) = rest.strip_prefix('.') {
        let count = digits(behind);
        if count > 0 {
            spec.precision = Some(number(&behind[..count]).ok_or_else(wide)?);
            rest = &behind[count..];
        }
    }
    let letter = rest.chars().next().filter(|letter| "bBhHsScCdoxXeEfgG%n".contains(*letter));
    let letter =
        letter.ok_or_else(|| format!("'{}'; read are %b %h %s %c %d %o %x %e %f %g %n and %%", shown()))?;
    spec.conversion = letter.to_ascii_lowercase();
    spec.upper = letter.is_ascii_uppercase();
    let behind = &rest[1..];
    let written = &format[..format.len() - behind.len()];
    check(&spec, written)?;
    Ok((spec, index, behind))
}

/// Refuses what Java does.
fn check(spec: &Spec, written: &str) -> Result<(), String> {
    let (precise, refused) = match spec.conversion {
        'b' | 'h' | 's' => (true, "#+ 0,("),
        'c' => (false, "#+ 0,("),
        'd' => (false, "#"),
        'o' | 'x' => (false, ",(+ "),
        'e' => (true, ","),
        'f' => (true, ""),
        'g' => (true, "#"),
        '%' => (false, "#+ 0,("),
        _ => (false, "-#+ 0,("),
    };
    let found = |what: &str| Err(format!("{written} with {what}, which Java does not take"));
    if spec.precision.is_some() && !precise {
        return found("a precision");
    }
    if spec.conversion == 'n' && spec.width.is_some() {
        return found("a width");
    }
    if let Some(flag) = refused.chars().find(|flag| spec.has(*flag)) {
        return found(&format!("the flag {flag}"));
    }
    if spec.width.is_none() && (spec.has('-') || spec.has('0')) {
        return found("a flag for a width but none");
    }
    if spec.has('-') && spec.has('0') || spec.has('+') && spec.has(' ') {
        return found("two flags");
    }
    Ok(())
}

fn takes(conversion: char, found: &ColumnType) -> bool {
    use ColumnType::{Byte, Date, Decimal, Double, Float, Int, Long, Short, Timestamp, TimestampNtz};
    match conversion {
        'd' | 'o' | 'x' => matches!(found, Byte | Short | Int | Long | Date | Timestamp | TimestampNtz),
        'c' => matches!(found, Byte | Short | Int | Date),
        'e' | 'f' | 'g' => matches!(found, Float | Double),
        'h' => !matches!(found, Decimal(_)),
        _ => true,
    }
}

fn expected(conversion: char) -> &'static str {
    match conversion {
        'c' => "it takes a code point as an int",
        'e' | 'f' | 'g' => "it takes a double, so CAST it",
        'h' => "it does not take a decimal",
        _ => "it takes a whole number, so CAST it",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_java_refuses_is_refused() {
        let types = [Some(ColumnType::Int), Some(ColumnType::Double), None];
        for format in [
            "%",
            "%a",
            "%t",
            "%0$d",
            "%4$d",
            "%<d",
            "%--5d",
            "%-d",
            "%-05d",
            "%+ d",
            "%.2d",
            "%#d",
            "%,x",
            "%5n",
            "%f",
            "%2$d",
            "%D",
            "%.f",
            "%99999d",
            "%1$<d",
            "%99999999999999999999$d",
            "%d %d",
            "%é",
            "%5",
        ] {
            assert!(read(format, &types).is_err(), "{format}");
        }
        for format in [
            "",
            "100%%",
            "%n",
            "%d %f %s %1$d %<x",
            "%3$f %3$d %3$c",
            "%-5%|",
            "%08.3f".replace("08", "2$08").as_str(),
        ] {
            assert!(read(format, &types).is_ok(), "{format}: {:?}", read(format, &types));
        }
    }
}
