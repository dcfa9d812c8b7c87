//! What is computed with the numbers of intervals.

use super::interval_type::{CalendarInterval, IntervalType};
use crate::calendar::{Civil, DAY, month_days};
use crate::decimal::{Nearest, Wide};

/// A number that an interval is multiplied with or divided by.
#[derive(Clone, Copy, Debug)]
pub(super) enum Factor {
    /// A whole number.
    Whole(i64),
    /// A decimal: its digits, and how many of them stand behind the point.
    Decimal(i128, u8),
    /// A floating-point number.
    Real(f64),
}

/// The nearest whole product, a half away from zero.
pub(super) fn multiply(value: i128, by: Factor) -> Option<i128> {
    match by {
        Factor::Whole(by) => value.checked_mul(by.into()),
        Factor::Decimal(by, scale) => {
            let product = Wide::new(value, 0).multiply(Wide::new(by, scale))?;
            product.at(0, Nearest::HalfUp)?.to_i128()
        }
        Factor::Real(by) => rounded(value as f64 * by),
    }
}

/// The nearest whole quotient, a half away from zero; nothing for a divisor of zero.
pub(super) fn divide(value: i128, by: Factor) -> Option<i128> {
    match by {
        Factor::Whole(by) => {
            let by = i128::from(by);
            let (whole, rest) = (value.checked_div(by)?, value.checked_rem(by)?);
            let away = rest.unsigned_abs() * 2 >= by.unsigned_abs();
            let step = if (value < 0) == (by < 0) { 1 } else { -1 };
            Some(if away { whole + step } else { whole })
        }
        Factor::Decimal(by, scale) => {
            let quotient = Wide::new(value, 0).divide(Wide::new(by, scale))?;
            quotient.at(0, Nearest::HalfUp)?.to_i128()
        }
        Factor::Real(0.0) => None,
        Factor::Real(by) => rounded(value as f64 / by),
    }
}

/// A number rounded, a half away from zero; nothing if it is not finite.
fn rounded(value: f64) -> Option<i128> {
    value.is_finite().then(|| value.round() as i128)
}

/// Each number times a factor.
pub(super) fn scale_parts(value: CalendarInterval, by: f64, checked: bool) -> Option<CalendarInterval> {
    let CalendarInterval { months, days, micros } = value;
    of_parts(by * f64::from(months), by * f64::from(days), by * micros as f64, checked)
}

/// Each number divided; nothing for a divisor of zero.
pub(super) fn divide_parts(value: CalendarInterval, by: f64, checked: bool) -> Option<CalendarInterval> {
    let CalendarInterval { months, days, micros } = value;
    if by == 0.0 {
        return None;
    }
    of_parts(f64::from(months) / by, f64::from(days) / by, micros as f64 / by, checked)
}

/// A part of a day goes to the microseconds, a part of a month is lost.
fn of_parts(months: f64, days: f64, micros: f64, checked: bool) -> Option<CalendarInterval> {
    let whole = |value: f64| match i32::try_from(value as i64) {
        Err(_) if checked => None,
        _ => Some(value as i32),
    };
    let (months, whole_days) = (whole(months)?, whole(days)?);
    let micros = micros + DAY as f64 * (days - f64::from(whole_days));
    // Java rounds a half up.
    let below = micros.floor();
    let micros = if micros - below >= 0.5 { below + 1.0 } else { below };
    Some(CalendarInterval { months, days: whole_days, micros: micros as i64 })
}

/// A time moved by months, then days, then microseconds.
pub(super) fn later(micros: i128, by: CalendarInterval) -> Option<i128> {
    let day = i128::from(DAY);
    let (days, time) = (micros.div_euclid(day), micros.rem_euclid(day));
    let mut days = i64::try_from(days).ok()?;
    if by.months != 0 {
        let civil = Civil::of(i32::try_from(days).ok()?);
        let month = civil.year * 12 + i64::from(civil.month) - 1 + i64::from(by.months);
        let (year, month) = (month.div_euclid(12), month.rem_euclid(12) as u32 + 1);
        days = Civil { year, month, day: civil.day.min(month_days(year, month)) }.count();
    }
    Some((i128::from(days) + i128::from(by.days)) * day + time + i128::from(by.micros))
}

/// The start of the span that a time lies in, of spans of a length, one of which starts at `origin`.
pub(super) fn buckets(length: i128, of: IntervalType, time: i128, origin: i128) -> Option<i128> {
    if length <= 0 {
        return None;
    }
    let IntervalType::YearMonth(_) = of else {
        return Some(origin + (time - origin).div_euclid(length) * length);
    };
    let month = |micros: i128| {
        let civil = Civil::of(i32::try_from(micros.div_euclid(DAY.into())).ok()?);
        Some(i128::from(civil.year * 12 + i64::from(civil.month)))
    };
    let start = |spans: i128| {
        let months = i32::try_from(spans * length).ok()?;
        later(origin, CalendarInterval { months, ..Default::default() })
    };
    let spans = (month(time)? - month(origin)?).div_euclid(length);
    match start(spans)? {
        // The first month of the span has begun, but not its day.
        found if found > time => start(spans - 1),
        found => Some(found),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_go_away_from_zero() {
        for (value, by, expected) in [(1, 2, 1), (-1, 2, -1), (12, 5, 2), (12, 8, 2), (1, -2, -1), (1, 3, 0)]
        {
            assert_eq!(divide(value, Factor::Whole(by)), Some(expected), "{value} / {by}");
            assert_eq!(divide(value, Factor::Decimal(i128::from(by) * 10, 1)), Some(expected));
            assert_eq!(divide(value, Factor::Real(by as f64)), Some(expected));
        }
        assert_eq!(multiply(-1, Factor::Decimal(15, 1)), Some(-2));
        assert_eq!(multiply(1, Factor::Real(f64::NAN)), None);
        assert_eq!(divide(1, Factor::Whole(0)).or(divide(1, Factor::Decimal(0, 1))), None);
    }

    #[test]
    fn months_end_where_they_end() {
        let at = |year, month, day| i128::from(Civil { year, month, day }.count()) * i128::from(DAY) + 7;
        let by = |months, days| CalendarInterval { months, days, micros: 0 };
        assert_eq!(later(at(2020, 1, 31), by(1, 1)), Some(at(2020, 3, 1)));
        assert_eq!(later(at(2020, 2, 29), by(-12, 0)), Some(at(2019, 2, 28)));
        assert_eq!(later(at(1, 1, 1), by(0, -1)), Some(at(0, 12, 31)));
    }

    #[test]
    fn spans_of_months_start_on_the_day_of_the_first() {
        let at = |year, month, day| i128::from(Civil { year, month, day }.count()) * i128::from(DAY);
        let start = |time| buckets(1, IntervalType::MONTHS, time, at(2018, 8, 31));
        assert_eq!(start(at(2019, 2, 28)), Some(at(2019, 2, 28)));
        assert_eq!(start(at(2019, 2, 27)), Some(at(2019, 1, 31)));
        assert_eq!(start(at(2018, 2, 27)), Some(at(2018, 1, 31)));
        assert_eq!(buckets(0, IntervalType::MONTHS, 0, 0), None);
    }
}
