//! Intervals: of months, of microseconds, or of both and days. They are values of expressions only.
//!
//! Months are held as 32 bits, microseconds as 64, and the three numbers of a [`CalendarInterval`] as the 128 bits of a
//! decimal, which nothing reads as a number.

use std::fmt;

use super::interval_text::{read, read_units};
use crate::calendar::DAY;
use crate::column::ColumnType;
use crate::decimal::DecimalType;

/// How the three numbers of a calendar interval are held.
const PACKED: DecimalType = DecimalType { precision: 38, scale: 0 };

/// A unit that an interval is told in, the largest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum IntervalUnit {
    /// 12 months.
    Year,
    /// A month.
    Month,
    /// 24 hours.
    Day,
    /// 60 minutes.
    Hour,
    /// 60 seconds.
    Minute,
    /// A second, with six digits behind the point.
    Second,
}

impl IntervalUnit {
    /// Its name in small letters.
    pub fn name(self) -> &'static str {
        match self {
            IntervalUnit::Year => "year",
            IntervalUnit::Month => "month",
            IntervalUnit::Day => "day",
            IntervalUnit::Hour => "hour",
            IntervalUnit::Minute => "minute",
            IntervalUnit::Second => "second",
        }
    }

    /// Its months or microseconds.
    pub fn length(self) -> i64 {
        match self {
            IntervalUnit::Year => 12,
            IntervalUnit::Month => 1,
            IntervalUnit::Day => DAY,
            IntervalUnit::Hour => 3_600_000_000,
            IntervalUnit::Minute => 60_000_000,
            IntervalUnit::Second => 1_000_000,
        }
    }
}

/// The units of an interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IntervalUnits {
    /// The largest.
    pub first: IntervalUnit,
    /// The smallest.
    pub last: IntervalUnit,
}

impl IntervalUnits {
    /// Whether a unit is one of them.
    pub fn has(self, unit: IntervalUnit) -> bool {
        (self.first..=self.last).contains(&unit)
    }

    /// All units of both.
    pub fn and(self, other: IntervalUnits) -> IntervalUnits {
        IntervalUnits { first: self.first.min(other.first), last: self.last.max(other.last) }
    }
}

impl fmt::Display for IntervalUnits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.first.name())?;
        if self.first == self.last { Ok(()) } else { write!(f, " to {}", self.last.name()) }
    }
}

/// The type of an interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IntervalType {
    /// Months.
    YearMonth(IntervalUnits),
    /// Microseconds.
    DayTime(IntervalUnits),
    /// Months, days and microseconds.
    Calendar,
}

impl IntervalType {
    /// The interval of years and months.
    pub const MONTHS: IntervalType =
        IntervalType::YearMonth(IntervalUnits { first: IntervalUnit::Year, last: IntervalUnit::Month });
    /// The interval of days to seconds.
    pub const TIME: IntervalType =
        IntervalType::DayTime(IntervalUnits { first: IntervalUnit::Day, last: IntervalUnit::Second });

    /// The type in which its values are held.
    pub fn held(self) -> ColumnType {
        match self {
            IntervalType::YearMonth(_) => ColumnType::Int,
            IntervalType::DayTime(_) => ColumnType::Long,
            IntervalType::Calendar => ColumnType::Decimal(PACKED),
        }
    }

    /// The months or microseconds that a text says, as a cast reads it; `None` if it is none.
    pub fn read(self, text: &str) -> Option<i64> {
        let value = i64::try_from(read(text, self)?).ok()?;
        let months = matches!(self, IntervalType::YearMonth(_));
        (!months || i32::try_from(value).is_ok()).then_some(value)
    }

    /// The months or microseconds of its last unit.
    pub(super) fn step(self) -> i64 {
        match self {
            IntervalType::YearMonth(units) | IntervalType::DayTime(units) => units.last.length(),
            IntervalType::Calendar => 1,
        }
    }
}

impl fmt::Display for IntervalType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            IntervalType::YearMonth(units) | IntervalType::DayTime(units) => write!(f, "interval {units}"),
            IntervalType::Calendar => f.write_str("interval"),
        }
    }
}

/// Months, days and microseconds, each with a sign of its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CalendarInterval {
    /// The months.
    pub months: i32,
    /// The days.
    pub days: i32,
    /// The microseconds.
    pub micros: i64,
}

impl CalendarInterval {
    pub(super) fn packed(self) -> i128 {
        let low = (i128::from(self.days as u32) << 64) | i128::from(self.micros as u64);
        (i128::from(self.months) << 96) | low
    }

    pub(super) fn unpacked(packed: i128) -> CalendarInterval {
        CalendarInterval { months: (packed >> 96) as i32, days: (packed >> 64) as i32, micros: packed as i64 }
    }

    /// A literal's text, as `1 day 2 hours`; `None` if it is none.
    pub fn read(text: &str) -> Option<CalendarInterval> {
        read_units(text)
    }

    /// Each number with its counterpart: those that do not fit wrap around, or are nothing if `checked`.
    pub(super) fn each(
        self,
        other: CalendarInterval,
        checked: bool,
        of: fn(i128, i128) -> i128,
    ) -> Option<CalendarInterval> {
        let months = of(self.months.into(), other.months.into());
        let days = of(self.days.into(), other.days.into());
        let micros = of(self.micros.into(), other.micros.into());
        let whole = CalendarInterval { months: months as i32, days: days as i32, micros: micros as i64 };
        let fits = i128::from(whole.months) == months
            && i128::from(whole.days) == days
            && i128::from(whole.micros) == micros;
        (fits || !checked).then_some(whole)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_of_an_interval_are_kept() {
        for (months, days, micros) in [(1, -2, 3), (-1, 2, -3), (i32::MIN, i32::MAX, i64::MIN), (0, 0, -1)] {
            let interval = CalendarInterval { months, days, micros };
            assert_eq!(CalendarInterval::unpacked(interval.packed()), interval);
        }
    }

    #[test]
    fn sums_wrap_around_or_are_nothing() {
        let most = CalendarInterval { months: i32::MAX, days: 0, micros: 0 };
        let one = CalendarInterval { months: 1, days: 0, micros: 0 };
        assert_eq!(most.each(one, true, |one, other| one + other), None);
        assert_eq!(most.each(one, false, |one, other| one + other).map(|sum| sum.months), Some(i32::MIN));
    }
}
