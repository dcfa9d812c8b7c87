//! The digits of a number that is written by a pattern, rounded with halves to the even digit.

/// Digits, of which so many stand before the point: 0.d1d2d3… times a power of ten.
#[derive(Clone, Debug)]
pub(super) struct DigitList {
    digits: Vec<u8>,
    point: i32,
}

impl DigitList {
    /// A number that is written plainly or with an exponent.
    pub(super) fn of_text(text: &str) -> DigitList {
        let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
        let (before, behind) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits: Vec<u8> = before.bytes().chain(behind.bytes()).collect();
        let zeros = digits.iter().take_while(|&&digit| digit == b'0').count();
        let point = before.len() as i32 + exponent.parse().unwrap_or(0) - zeros as i32;
        let mut list = DigitList { digits: digits[zeros..].to_vec(), point };
        list.trim();
        list
    }

    /// A double with at most so many digits behind the point. Its digits are those that tell it from other doubles.
    pub(super) fn fixed(value: f64, digits: usize) -> DigitList {
        let shortest = value.to_string();
        let behind = shortest.split_once('.').map_or(0, |(_, behind)| behind.len());
        DigitList::of_text(&if behind <= digits { shortest } else { format!("{value:.digits$}") })
    }

    /// A double with at most so many digits.
    pub(super) fn significant(value: f64, digits: usize) -> DigitList {
        let shortest = DigitList::of_text(&format!("{value:e}"));
        if shortest.len() <= digits || digits == 0 {
            return shortest;
        }
        DigitList::of_text(&format!("{value:.*e}", digits - 1))
    }

    /// Times a power of ten.
    pub(super) fn shift(&mut self, places: i32) {
        if !self.is_zero() {
            self.point += places;
        }
    }

    /// Keeps at most so many digits behind the point.
    pub(super) fn round_fixed(&mut self, digits: usize) {
        self.round(self.point.saturating_add(i32::try_from(digits).unwrap_or(i32::MAX)));
    }

    /// Keeps at most so many digits.
    pub(super) fn round_significant(&mut self, digits: usize) {
        self.round(i32::try_from(digits).unwrap_or(i32::MAX));
    }

    fn round(&mut self, kept: i32) {
        if kept >= self.digits.len() as i32 {
            return;
        }
        let Ok(kept) = usize::try_from(kept) else {
            self.digits.clear();
            return self.trim();
        };
        let rest = self.digits.split_off(kept);
        let odd = self.digits.last().is_some_and(|digit| digit % 2 == 1);
        let up = match rest.as_slice() {
            [b'5'] => odd,
            [first, ..] => *first >= b'5',
            [] => false,
        };
        if up {
            while self.digits.last() == Some(&b'9') {
                self.digits.pop();
            }
            match self.digits.last_mut() {
                Some(last) => *last += 1,
                None => {
                    self.digits.push(b'1');
                    self.point += 1;
                }
            }
        }
        self.trim();
    }

    fn trim(&mut self) {
        while self.digits.last() == Some(&b'0') {
            self.digits.pop();
        }
        if self.digits.is_empty() {
            self.point = 0;
        }
    }

    pub(super) fn is_zero(&self) -> bool {
        self.digits.is_empty()
    }

    pub(super) fn len(&self) -> usize {
        self.digits.len()
    }

    /// How many digits stand before the point; below 0, so many zeros behind it come first.
    pub(super) fn point(&self) -> i32 {
        self.point
    }

    /// The digit at a place counted from the first, or a zero.
    pub(super) fn at(&self, place: i32) -> char {
        let digit = usize::try_from(place).ok().and_then(|place| self.digits.get(place));
        digit.map_or('0', |&digit| char::from(digit))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_go_to_the_even_digit() {
        let rounded = |text: &str, digits| {
            let mut list = DigitList::of_text(text);
            list.round_fixed(digits);
            ((0..list.len()).map(|place| list.at(place as i32)).collect::<String>(), list.point())
        };
        assert_eq!(rounded("1.25", 1), ("12".into(), 1));
        assert_eq!(rounded("1.35", 1), ("14".into(), 1));
        assert_eq!(rounded("99.96", 1), ("1".into(), 3));
        assert_eq!(rounded("0.05", 1), (String::new(), 0));
        assert_eq!(rounded("0.0051", 2), ("1".into(), -1));
        assert_eq!(rounded("0.0001", 2), (String::new(), 0));
        assert_eq!(rounded("00120", 0), ("12".into(), 3));
    }
}
