//! The parts of dates and of times of day.

use crate::calendar::{Civil, DAY};

/// A part of a date or time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DatePart {
    /// The year.
    Year,
    /// The quarter of the year.
    Quarter,
    /// The month.
    Month,
    /// The day of the month.
    Day,
    /// The day of the year.
    DayOfYear,
    /// The day of the week: Sunday is 1.
    DayOfWeek,
    /// The day of the week: Monday is 0.
    Weekday,
    /// The week of the year by ISO 8601.
    Week,
    /// The year that this week belongs to.
    YearOfWeek,
    /// The hour.
    Hour,
    /// The minute.
    Minute,
    /// The whole second.
    Second,
}

pub(super) fn of_date(days: i32, part: DatePart) -> i32 {
    let civil = Civil::of(days);
    let weekday = (i64::from(days) + 3).rem_euclid(7) as i32;
    let first = Civil { month: 1, day: 1, ..civil }.days().unwrap_or(days);
    match part {
        DatePart::Year => civil.year as i32,
        DatePart::Quarter => (civil.month as i32 + 2) / 3,
        DatePart::Month => civil.month as i32,
        DatePart::Day => civil.day as i32,
        DatePart::DayOfYear => days.wrapping_sub(first) + 1,
        DatePart::DayOfWeek => (weekday + 1) % 7 + 1,
        DatePart::Weekday => weekday,
        // The week belongs to the year of its Thursday.
        DatePart::Week => (of_date(days.wrapping_add(3 - weekday), DatePart::DayOfYear) - 1) / 7 + 1,
        DatePart::YearOfWeek => of_date(days.wrapping_add(3 - weekday), DatePart::Year),
        DatePart::Hour | DatePart::Minute | DatePart::Second => 0,
    }
}

pub(super) fn of_time(micros: i64, part: DatePart) -> i32 {
    let seconds = (micros.rem_euclid(DAY) / 1_000_000) as i32;
    match part {
        DatePart::Hour => seconds / 3600,
        DatePart::Minute => seconds / 60 % 60,
        DatePart::Second => seconds % 60,
        part => of_date(micros.div_euclid(DAY) as i32, part),
    }
}
