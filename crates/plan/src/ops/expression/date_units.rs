//! Timestamps moved by units of the calendar, and the whole units between two.

use crate::calendar::{Civil, DAY, month_days};

/// A unit of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeUnit {
    /// So many months.
    Months(i64),
    /// So many microseconds.
    Micros(i64),
}

impl TimeUnit {
    /// A timestamp so many units later; nothing where it is past the end of 64 bits.
    pub(super) fn add(self, micros: i64, count: i64) -> Option<i64> {
        match self {
            TimeUnit::Micros(unit) => {
                let later = i128::from(micros) + i128::from(count) * i128::from(unit);
                i64::try_from(later).ok()
            }
            TimeUnit::Months(unit) => {
                let civil = day(micros);
                let month =
                    (civil.year * 12 + i64::from(civil.month) - 1).checked_add(count.checked_mul(unit)?)?;
                let (year, month) = (month.div_euclid(12), month.rem_euclid(12) as u32 + 1);
                let days = Civil { year, month, day: civil.day.min(month_days(year, month)) }.days()?;
                i64::from(days).checked_mul(DAY)?.checked_add(micros.rem_euclid(DAY))
            }
        }
    }

    /// The whole units from one timestamp to another; nothing where they are past the end of 64 bits.
    pub(super) fn between(self, from: i64, to: i64) -> Option<i64> {
        match self {
            TimeUnit::Micros(unit) => {
                i64::try_from((i128::from(to) - i128::from(from)) / i128::from(unit)).ok()
            }
            TimeUnit::Months(unit) => {
                let (first, mut last) = (from.div_euclid(DAY), to.div_euclid(DAY));
                let times = from.rem_euclid(DAY).cmp(&to.rem_euclid(DAY));
                // A day that has not passed does not count.
                if last > first && times.is_gt() {
                    last -= 1;
                } else if last < first && times.is_lt() {
                    last += 1;
                }
                let packed = |day: i64| {
                    let civil = Civil::of(day as i32);
                    (civil.year * 12 + i64::from(civil.month)) * 32 + i64::from(civil.day)
                };
                Some((packed(last) - packed(first)) / 32 / unit)
            }
        }
    }
}

/// The day of a timestamp; those of 64 bits are days of 32.
fn day(micros: i64) -> Civil {
    Civil::of(micros.div_euclid(DAY) as i32)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(year: i64, month: u32, day: u32, hours: i64) -> i64 {
        i64::from(Civil { year, month, day }.days().unwrap()) * DAY + hours * (DAY / 24)
    }

    #[test]
    fn months_end_where_they_end() {
        let month = TimeUnit::Months(1);
        assert_eq!(month.add(time(2020, 1, 31, 5), 1), Some(time(2020, 2, 29, 5)));
        assert_eq!(month.between(time(2020, 1, 31, 0), time(2020, 2, 29, 0)), Some(0));
        assert_eq!(month.between(time(2020, 1, 29, 2), time(2020, 2, 29, 1)), Some(0));
        assert_eq!(TimeUnit::Months(3).between(time(2020, 1, 31, 10), time(2019, 2, 28, 11)), Some(-3));
    }

    #[test]
    fn what_is_past_the_end_is_nothing() {
        assert_eq!(TimeUnit::Micros(DAY).add(0, i64::MAX), None);
        assert_eq!(
            (TimeUnit::Months(12).add(0, 300_000), TimeUnit::Months(12).add(0, i64::MIN)),
            (None, None)
        );
        assert_eq!(TimeUnit::Micros(1).between(i64::MIN, i64::MAX), None);
        assert_eq!(TimeUnit::Micros(DAY).between(0, -DAY * 3 / 2), Some(-1));
    }
}
