//! Functions of dates and timestamps, in UTC; a null among the arguments makes a null.

use std::sync::Arc;

use arrow_array::types::{Date32Type, Decimal128Type, Int32Type, Int64Type, TimestampMicrosecondType};
use arrow_array::{
    ArrayRef, ArrowPrimitiveType, Date32Array, Float64Array, Int32Array, Int64Array, PrimitiveArray,
    StringArray, TimestampMicrosecondArray,
};

use super::date_part::{DatePart, of_date, of_time};
use super::date_pattern::DatePattern;
use super::date_units::TimeUnit;
use super::date_zones::{converted, moved};
use super::rows::{Cells, Rows, texts};
use crate::calendar::{Civil, DAY, month_days};
use crate::column::ColumnType;
use crate::decimal::DecimalType;
use crate::error::OpError;
use crate::zones::Zone;

/// The seconds of a time, as Spark takes them.
const SECONDS: DecimalType = DecimalType { precision: 16, scale: 6 };

/// The second of a minute with its fraction.
const FINE: DecimalType = DecimalType { precision: 8, scale: 6 };

/// What a date or timestamp is cut to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateUnit {
    /// The start of the year.
    Year,
    /// The start of the quarter.
    Quarter,
    /// The start of the month.
    Month,
    /// Monday.
    Week,
    /// A fixed number of microseconds, of a day at most.
    Micros(i64),
}

/// A function of dates and timestamps.
#[derive(Clone, Debug)]
pub enum DateFunction {
    /// A part of a date.
    OfDate(DatePart),
    /// A part of the time of a timestamp.
    OfTime(DatePart),
    /// A date so many days later.
    AddDays,
    /// A date so many days earlier.
    SubtractDays,
    /// The days from the second date to the first.
    DaysBetween,
    /// A date so many months later, at most the last of its month.
    AddMonths,
    /// The last day of the month.
    LastDay,
    /// The next day of this number, with Monday as 0.
    NextDay(i32),
    /// The months from the second timestamp to the first; whether they are rounded to 8 digits.
    MonthsBetween(bool),
    /// A date cut to a unit.
    CutDate(DateUnit),
    /// A timestamp cut to a unit.
    CutTime(DateUnit),
    /// The date of a year, month and day; null, or with `checked` an error, if there is none.
    Make {
        /// Whether a day that is not there is an error.
        checked: bool,
    },
    /// The timestamp of a year, month, day, hour, minute and second; 60 seconds are a minute more.
    MakeTime {
        /// Whether a time that is not there is an error, not null.
        checked: bool,
    },
    /// The time that clocks in a zone show at a time in UTC.
    FromUtc,
    /// The time in UTC at which clocks in a zone show a time.
    ToUtc {
        /// Whether a zone that is not there is an error, not null.
        checked: bool,
    },
    /// What clocks in the second zone show when those in the first show a time.
    BetweenZones,
    /// The days since 1970-01-01.
    ToDays,
    /// The date so many days after 1970-01-01.
    FromDays,
    /// The units of so many microseconds since 1970-01-01 in a timestamp.
    ToUnits(i64),
    /// The seconds since 1970-01-01, cut towards it.
    ToSeconds,
    /// The timestamp so many units after 1970-01-01.
    FromUnits(i64),
    /// The second of the minute with its fraction.
    FineSecond,
    /// A timestamp so many units later.
    AddUnits(TimeUnit),
    /// The whole units from the first timestamp to the second.
    UnitsBetween(TimeUnit),
    /// A timestamp as a text.
    Show(DatePattern),
    /// A text as a timestamp; null, or with `checked` an error, if it is none.
    Read {
        /// How the text is written.
        pattern: DatePattern,
        /// Whether a text that does not fit is an error.
        checked: bool,
        /// Whether a text that only a more patient reader takes is an error.
        strict: bool,
    },
}

impl DateFunction {
    /// The types that it takes.
    pub fn types(&self) -> Vec<ColumnType> {
        use ColumnType::{Date, Int, Long, String, Timestamp};
        match self {
            DateFunction::OfDate(_)
            | DateFunction::LastDay
            | DateFunction::NextDay(_)
            | DateFunction::CutDate(_)
            | DateFunction::ToDays => vec![Date],
            DateFunction::AddDays | DateFunction::SubtractDays | DateFunction::AddMonths => vec![Date, Int],
            DateFunction::DaysBetween => vec![Date, Date],
            DateFunction::MonthsBetween(_) | DateFunction::UnitsBetween(_) => vec![Timestamp, Timestamp],
            DateFunction::OfTime(_)
            | DateFunction::CutTime(_)
            | DateFunction::ToUnits(_)
            | DateFunction::ToSeconds
            | DateFunction::FineSecond
            | DateFunction::Show(_) => vec![Timestamp],
            DateFunction::AddUnits(_) => vec![Timestamp, Long],
            DateFunction::Make { .. } => vec![Int; 3],
            DateFunction::MakeTime { .. } => vec![Int, Int, Int, Int, Int, ColumnType::Decimal(SECONDS)],
            DateFunction::FromUtc | DateFunction::ToUtc { .. } => vec![Timestamp, String],
            DateFunction::BetweenZones => vec![Timestamp, String, String],
            DateFunction::FromDays => vec![Int],
            DateFunction::FromUnits(_) => vec![Long],
            DateFunction::Read { .. } => vec![String],
        }
    }

    /// The type of what it answers.
    pub fn answers(&self) -> ColumnType {
        match self {
            DateFunction::OfDate(_)
            | DateFunction::OfTime(_)
            | DateFunction::DaysBetween
            | DateFunction::ToDays => ColumnType::Int,
            DateFunction::AddDays
            | DateFunction::SubtractDays
            | DateFunction::AddMonths
            | DateFunction::LastDay
            | DateFunction::NextDay(_)
            | DateFunction::CutDate(_)
            | DateFunction::Make { .. }
            | DateFunction::FromDays => ColumnType::Date,
            DateFunction::MonthsBetween(_) => ColumnType::Double,
            DateFunction::ToUnits(_) | DateFunction::ToSeconds | DateFunction::UnitsBetween(_) => {
                ColumnType::Long
            }
            DateFunction::FineSecond => ColumnType::Decimal(FINE),
            DateFunction::CutTime(_)
            | DateFunction::MakeTime { .. }
            | DateFunction::FromUtc
            | DateFunction::ToUtc { .. }
            | DateFunction::BetweenZones
            | DateFunction::FromUnits(_)
            | DateFunction::AddUnits(_)
            | DateFunction::Read { .. } => ColumnType::Timestamp,
            DateFunction::Show(_) => ColumnType::String,
        }
    }

    pub(super) fn run(&self, arguments: &[ArrayRef], rows: &Rows) -> Result<ArrayRef, OpError> {
        let cells = Cells(arguments);
        let day = |at: usize, row: usize| cells.number::<Date32Type>(at, row);
        let time = |row: usize| cells.number::<TimestampMicrosecondType>(0, row);
        let later =
            |row: usize, sign: i32| Some(day(0, row)?.wrapping_add(cells.int(1, row)?.wrapping_mul(sign)));
        match self {
            DateFunction::OfDate(part) => ints(rows, |row| Some(of_date(day(0, row)?, *part))),
            DateFunction::OfTime(part) => ints(rows, |row| Some(of_time(time(row)?, *part))),
            DateFunction::DaysBetween => ints(rows, |row| Some(day(0, row)?.wrapping_sub(day(1, row)?))),
            DateFunction::ToDays => ints(rows, |row| day(0, row)),
            DateFunction::AddDays => dates(rows, |row| later(row, 1)),
            DateFunction::SubtractDays => dates(rows, |row| later(row, -1)),
            DateFunction::AddMonths => {
                let added = |row| Some(add_months(day(0, row)?, cells.int(1, row)?));
                let far = (0..rows.count).find(|&row| rows.is_active(row) && added(row) == Some(None));
                match far {
                    Some(row) => Err(OpError::row(row, 0, "months", "a date that the calendar has")),
                    None => dates(rows, |row| added(row)?),
                }
            }
            DateFunction::LastDay => dates(rows, |row| {
                let civil = Civil::of(day(0, row)?);
                Civil { day: month_days(civil.year, civil.month), ..civil }.days()
            }),
            DateFunction::NextDay(weekday) => dates(rows, |row| {
                let from = day(0, row)?;
                let ahead = (weekday - of_date(from, DatePart::Weekday) - 1).rem_euclid(7) + 1;
                Some(from.wrapping_add(ahead))
            }),
            DateFunction::CutDate(unit) => dates(rows, |row| cut_date(day(0, row)?, *unit)),
            DateFunction::FromDays => dates(rows, |row| cells.int(0, row)),
            DateFunction::Make { checked } => made(&cells, *checked, rows),
            DateFunction::MakeTime { checked } => made_times(&cells, *checked, rows),
            DateFunction::FromUtc => times_of(moved(&cells, true, rows, Zone::local)?),
            DateFunction::ToUtc { checked } => times_of(moved(&cells, *checked, rows, Zone::utc)?),
            DateFunction::BetweenZones => times_of(converted(&cells, rows)?),
            DateFunction::MonthsBetween(rounded) => {
                let months = |row| {
                    let other = cells.number::<TimestampMicrosecondType>(1, row)?;
                    Some(months_between(time(row)?, other, *rounded))
                };
                Ok(Arc::new((0..rows.count).map(months).collect::<Float64Array>()))
            }
            DateFunction::CutTime(unit) => times(rows, |row| cut_time(time(row)?, *unit)),
            DateFunction::ToUnits(unit) => longs(rows, |row| Some(time(row)?.div_euclid(*unit))),
            DateFunction::ToSeconds => longs(rows, |row| Some(time(row)? / 1_000_000)),
            DateFunction::FromUnits(unit) => {
                let units = |row| cells.number::<Int64Type>(0, row);
                let fits = |row: usize| units(row).is_none_or(|value| value.checked_mul(*unit).is_some());
                match (0..rows.count).find(|&row| rows.is_active(row) && !fits(row)) {
                    Some(row) => {
                        let found = units(row).unwrap_or_default().to_string();
                        Err(OpError::row(row, 0, found, "a timestamp of 64 bits"))
                    }
                    None => times(rows, |row| units(row)?.checked_mul(*unit)),
                }
            }
            DateFunction::FineSecond => fine(rows, time),
            DateFunction::AddUnits(unit) => {
                let later = |row| Some(unit.add(time(row)?, cells.number::<Int64Type>(1, row)?));
                there(rows, later)?;
                times(rows, |row| later(row)?)
            }
            DateFunction::UnitsBetween(unit) => {
                let other = |row| cells.number::<TimestampMicrosecondType>(1, row);
                let units = |row| Some(unit.between(time(row)?, other(row)?));
                there(rows, units)?;
                longs(rows, |row| units(row)?)
            }
            DateFunction::Show(pattern) => {
                let shown = |row| Some(pattern.show(time(row)?));
                Ok(Arc::new((0..rows.count).map(shown).collect::<StringArray>()))
            }
            DateFunction::Read { pattern, checked, strict } => read(&cells, pattern, *checked, *strict, rows),
        }
    }
}

/// Refuses what is past the end of 64 bits.
fn there(rows: &Rows, of: impl Fn(usize) -> Option<Option<i64>>) -> Result<(), OpError> {
    match (0..rows.count).find(|row| rows.is_active(*row) && of(*row) == Some(None)) {
        Some(row) => Err(OpError::row(row, 0, "units", "a timestamp or number of 64 bits")),
        None => Ok(()),
    }
}

fn collect<T: ArrowPrimitiveType>(
    rows: &Rows,
    of: impl Fn(usize) -> Option<T::Native>,
) -> Result<PrimitiveArray<T>, OpError> {
    Ok((0..rows.count).map(of).collect())
}

fn ints(rows: &Rows, of: impl Fn(usize) -> Option<i32>) -> Result<ArrayRef, OpError> {
    let values: Int32Array = collect::<Int32Type>(rows, of)?;
    Ok(Arc::new(values))
}

fn longs(rows: &Rows, of: impl Fn(usize) -> Option<i64>) -> Result<ArrayRef, OpError> {
    let values: Int64Array = collect::<Int64Type>(rows, of)?;
    Ok(Arc::new(values))
}

fn dates(rows: &Rows, of: impl Fn(usize) -> Option<i32>) -> Result<ArrayRef, OpError> {
    let values: Date32Array = collect::<Date32Type>(rows, of)?;
    Ok(Arc::new(values))
}

fn times(rows: &Rows, of: impl Fn(usize) -> Option<i64>) -> Result<ArrayRef, OpError> {
    let values: TimestampMicrosecondArray = collect::<TimestampMicrosecondType>(rows, of)?;
    Ok(Arc::new(values.with_timezone("UTC")))
}

fn times_of(values: Vec<Option<i64>>) -> Result<ArrayRef, OpError> {
    Ok(Arc::new(TimestampMicrosecondArray::from(values).with_timezone("UTC")))
}

fn fine(rows: &Rows, time: impl Fn(usize) -> Option<i64>) -> Result<ArrayRef, OpError> {
    let seconds = |row| Some(i128::from(time(row)?.rem_euclid(60_000_000)));
    let seconds = collect::<Decimal128Type>(rows, seconds)?;
    Ok(Arc::new(seconds.with_data_type(ColumnType::Decimal(FINE).to_arrow())))
}

fn add_months(days: i32, months: i32) -> Option<i32> {
    let civil = Civil::of(days);
    let month = civil.year * 12 + i64::from(civil.month) - 1 + i64::from(months);
    let (year, month) = (month.div_euclid(12), month.rem_euclid(12) as u32 + 1);
    Civil { year, month, day: civil.day.min(month_days(year, month)) }.days()
}

fn cut_date(days: i32, unit: DateUnit) -> Option<i32> {
    let civil = Civil::of(days);
    match unit {
        DateUnit::Year => Civil { month: 1, day: 1, ..civil }.days(),
        DateUnit::Quarter => Civil { month: (civil.month - 1) / 3 * 3 + 1, day: 1, ..civil }.days(),
        DateUnit::Month => Civil { day: 1, ..civil }.days(),
        DateUnit::Week => Some(days.wrapping_sub(of_date(days, DatePart::Weekday))),
        DateUnit::Micros(_) => Some(days),
    }
}

fn cut_time(micros: i64, unit: DateUnit) -> Option<i64> {
    match unit {
        DateUnit::Micros(unit) => micros.div_euclid(unit).checked_mul(unit),
        unit => i64::from(cut_date(micros.div_euclid(DAY) as i32, unit)?).checked_mul(DAY),
    }
}

/// Whole months between the same days of months or between last days; else 31 days are a month.
fn months_between(one: i64, other: i64, rounded: bool) -> f64 {
    let civil = |micros: i64| Civil::of(micros.div_euclid(DAY) as i32);
    let (first, second) = (civil(one), civil(other));
    let months = (first.year - second.year) * 12 + i64::from(first.month) - i64::from(second.month);
    let last = |day: Civil| day.day == month_days(day.year, day.month);
    if first.day == second.day || last(first) && last(second) {
        return months as f64;
    }
    let seconds = |micros: i64| micros.rem_euclid(DAY) / 1_000_000;
    let rest = (i64::from(first.day) - i64::from(second.day)) * 86_400 + seconds(one) - seconds(other);
    let difference = months as f64 + rest as f64 / (31.0 * 86_400.0);
    if rounded { (difference * 1e8).round() / 1e8 } else { difference }
}

fn made(cells: &Cells, checked: bool, rows: &Rows) -> Result<ArrayRef, OpError> {
    let civil = |row| {
        let (year, month, day) = (cells.int(0, row)?, cells.int(1, row)?, cells.int(2, row)?);
        let part = |value: i32| u32::try_from(value).unwrap_or(0);
        Some(Civil { year: year.into(), month: part(month), day: part(day) })
    };
    let wrong = |row: &usize| rows.is_active(*row) && civil(*row).is_some_and(|civil| civil.days().is_none());
    match (0..rows.count).find(wrong).filter(|_| checked) {
        Some(row) => Err(OpError::row(row, 0, "no date", "a year, a month and a day that there are")),
        None => dates(rows, |row| civil(row)?.days()),
    }
}

/// A time that is past the end of 64 bits is an error in any case.
fn made_times(cells: &Cells, checked: bool, rows: &Rows) -> Result<ArrayRef, OpError> {
    let time = |row: usize| {
        let int = |at| cells.int(at, row);
        let (year, month, day) = (int(0)?, int(1)?, int(2)?);
        let (hour, minute) = (int(3)?, int(4)?);
        let micros = i64::try_from(cells.number::<Decimal128Type>(5, row)?).ok()?;
        let part = |value: i32| u32::try_from(value).unwrap_or(0);
        let civil = Civil { year: year.into(), month: part(month), day: part(day) };
        let fits = (0..24).contains(&hour) && (0..60).contains(&minute) && (0..=60_000_000).contains(&micros);
        let days = civil.days().filter(|_| fits).map(i64::from);
        Some(days.map(|days| {
            let minutes = i64::from(hour) * 60 + i64::from(minute);
            days.checked_mul(DAY)?.checked_add(minutes * 60_000_000 + micros)
        }))
    };
    let mut values = Vec::with_capacity(rows.count);
    for row in 0..rows.count {
        let value = time(row);
        if rows.is_active(row) && (value == Some(Some(None)) || checked && value == Some(None)) {
            return Err(OpError::row(row, 0, "no time", "parts of a date and a time that there are"));
        }
        values.push(value.flatten().flatten());
    }
    times(rows, |row| values.get(row).copied().flatten())
}

fn read(
    cells: &Cells,
    pattern: &DatePattern,
    checked: bool,
    strict: bool,
    rows: &Rows,
) -> Result<ArrayRef, OpError> {
    let Some(array) = cells.0.first() else { return times(rows, |_| None) };
    let texts = texts(array)?;
    let mut values = Vec::with_capacity(rows.count);
    for (row, text) in texts.iter().enumerate() {
        let value = text.and_then(|text| pattern.read(text));
        if let (Some(text), None) = (text, value)
            && rows.is_active(row)
            && (checked || strict && pattern.read_patiently(text))
        {
            let found = format!("\"{}\"", text.chars().take(120).collect::<String>());
            return Err(OpError::row(row, 0, found, format!("a text written as {pattern}")));
        }
        values.push(value);
    }
    times(rows, |row| values.get(row).copied().flatten())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(year: i64, month: u32, day: u32) -> i32 {
        Civil { year, month, day }.days().unwrap()
    }

    #[test]
    fn weeks_belong_to_the_year_of_their_thursday() {
        let week = |days| (of_date(days, DatePart::YearOfWeek), of_date(days, DatePart::Week));
        assert_eq!(week(days(2021, 1, 3)), (2020, 53));
        assert_eq!(week(days(2019, 12, 30)), (2020, 1));
        assert_eq!(of_date(days(2024, 12, 31), DatePart::DayOfYear), 366);
        assert_eq!(of_date(days(2026, 11, 29), DatePart::DayOfWeek), 1);
    }

    #[test]
    fn months_end_where_they_end() {
        assert_eq!(add_months(days(2020, 1, 31), 1), Some(days(2020, 2, 29)));
        assert_eq!(add_months(days(2020, 3, 31), -13), Some(days(2019, 2, 28)));
        assert_eq!(add_months(0, i32::MAX), None);
        assert_eq!(cut_date(days(2020, 8, 31), DateUnit::Quarter), Some(days(2020, 7, 1)));
        assert_eq!(cut_time(-1, DateUnit::Micros(DAY)), Some(-DAY));
        let day = |days: i32| i64::from(days) * DAY;
        assert_eq!(months_between(day(days(2020, 2, 29)), day(days(2020, 1, 31)), true), 1.0);
    }
}
