//! Functions of intervals; a null among the arguments makes a null.

use std::sync::Arc;

use arrow_array::types::{
    Date32Type, Decimal128Type, Float64Type, Int8Type, Int32Type, Int64Type, TimestampMicrosecondType,
};
use arrow_array::{ArrayRef, ArrowPrimitiveType, PrimitiveArray, StringArray};

use super::interval_math::{Factor, buckets, divide, divide_parts, later, multiply, scale_parts};
use super::interval_text::{read, show};
use super::interval_type::{CalendarInterval, IntervalType, IntervalUnit};
use super::mode::EvalMode;
use super::rows::{Cells, Rows, promised};
use crate::calendar::DAY;
use crate::column::ColumnType;
use crate::decimal::DecimalType;
use crate::error::OpError;

/// The seconds that an interval is made of.
const SECONDS: DecimalType = DecimalType { precision: 18, scale: 6 };
/// The seconds of an interval as a number.
const ALL_SECONDS: DecimalType = DecimalType { precision: 38, scale: 6 };
/// The second of a minute with its fraction.
const FINE: DecimalType = DecimalType { precision: 8, scale: 6 };

/// A function of intervals. What does not fit is an error, also where ANSI is off, if nothing else is said.
#[derive(Clone, Debug)]
pub enum IntervalFunction {
    /// An interval as a text.
    Show(IntervalType),
    /// A text as an interval; a calendar interval is null where it is none.
    Read(IntervalType),
    /// A number of the last unit as an interval.
    OfNumber(IntervalType, ColumnType),
    /// The whole number of the last unit.
    ToNumber(IntervalType),
    /// The seconds with their fraction.
    ToSeconds {
        /// Whether they have at most 18 digits, as before Spark 4.
        bounded: bool,
    },
    /// An interval cut towards zero to its last unit.
    Cut(IntervalType),
    /// An interval times a number of this type.
    Multiply(IntervalType, ColumnType),
    /// An interval divided by a number of this type.
    Divide(IntervalType, ColumnType),
    /// How often one interval goes into another; a divisor of zero is null if ANSI is off.
    DivideWhole(IntervalType),
    /// A part of an interval.
    Part(IntervalType, IntervalUnit),
    /// The sum of calendar intervals, which wraps around if ANSI is off.
    Add,
    /// The difference of calendar intervals, which wraps around if ANSI is off.
    Subtract,
    /// An interval without its sign.
    Absolute(IntervalType),
    /// The calendar interval of the other sign, which wraps around if ANSI is off.
    Negate,
    /// A date moved by an interval; with ANSI on not by a part of a day.
    AddToDate(IntervalType),
    /// A timestamp moved by an interval.
    AddToTime(IntervalType),
    /// From the second date to the first.
    BetweenDates,
    /// From the second timestamp to the first.
    BetweenTimes,
    /// An interval made of numbers; a calendar interval is null where it does not fit, if ANSI is off.
    Make(IntervalType),
    /// The start of the span of a length that a timestamp lies in, where a span starts at another.
    Bucket(IntervalType),
}

impl IntervalFunction {
    /// The types that it takes.
    pub fn types(&self) -> Vec<ColumnType> {
        use ColumnType::{Date, Int, Long, String, Timestamp};
        use IntervalFunction as Of;
        let calendar = || IntervalType::Calendar.held();
        match self {
            Of::Show(of) | Of::ToNumber(of) | Of::Cut(of) | Of::Part(of, _) | Of::Absolute(of) => {
                vec![of.held()]
            }
            Of::Read(_) => vec![String],
            Of::OfNumber(_, from) => vec![from.clone()],
            Of::ToSeconds { .. } => vec![Long],
            Of::Multiply(of, by) | Of::Divide(of, by) => vec![of.held(), by.clone()],
            Of::DivideWhole(of) => vec![of.held(), of.held()],
            Of::Add | Of::Subtract => vec![calendar(), calendar()],
            Of::Negate => vec![calendar()],
            Of::AddToDate(of) => vec![Date, of.held()],
            Of::AddToTime(of) => vec![Timestamp, of.held()],
            Of::BetweenDates => vec![Date, Date],
            Of::BetweenTimes => vec![Timestamp, Timestamp],
            Of::Make(IntervalType::YearMonth(_)) => vec![Int, Int],
            Of::Make(IntervalType::DayTime(_)) => vec![Int, Int, Int, ColumnType::Decimal(SECONDS)],
            Of::Make(IntervalType::Calendar) => {
                vec![Int, Int, Int, Int, Int, Int, ColumnType::Decimal(SECONDS)]
            }
            Of::Bucket(of) => vec![of.held(), Timestamp, Timestamp],
        }
    }

    /// The type of what it answers.
    pub fn answers(&self) -> ColumnType {
        use IntervalFunction as Of;
        match self {
            Of::Show(_) => ColumnType::String,
            Of::Read(of)
            | Of::OfNumber(of, _)
            | Of::Cut(of)
            | Of::Absolute(of)
            | Of::Multiply(of, _)
            | Of::Divide(of, _)
            | Of::Make(of) => of.held(),
            Of::ToNumber(_) | Of::DivideWhole(_) | Of::BetweenDates | Of::BetweenTimes => ColumnType::Long,
            Of::ToSeconds { .. } => ColumnType::Decimal(ALL_SECONDS),
            Of::Part(_, IntervalUnit::Year | IntervalUnit::Day) => ColumnType::Int,
            Of::Part(_, IntervalUnit::Second) => ColumnType::Decimal(FINE),
            Of::Part(..) => ColumnType::Byte,
            Of::Add | Of::Subtract | Of::Negate => IntervalType::Calendar.held(),
            Of::AddToDate(_) => ColumnType::Date,
            Of::AddToTime(_) | Of::Bucket(_) => ColumnType::Timestamp,
        }
    }

    pub(super) fn run(
        &self,
        arguments: &[ArrayRef],
        mode: EvalMode,
        tried: bool,
        rows: &Rows,
    ) -> Result<ArrayRef, OpError> {
        let cells = Cells(arguments);
        if let IntervalFunction::Show(of) = self {
            let shown = |row| Some(show(held(&cells, 0, row, *of)?, *of));
            return Ok(Arc::new((0..rows.count).map(shown).collect::<StringArray>()));
        }
        let answers = self.answers();
        let mut values = Vec::with_capacity(rows.count);
        for row in 0..rows.count {
            let value =
                self.value(&cells, row, mode).map(|value| value.filter(|value| fits(*value, &answers)));
            if value == Some(None) && rows.is_active(row) && !tried && self.fails(mode) {
                let found = match cells.text(0, row) {
                    Some(text) => format!("\"{}\"", text.chars().take(120).collect::<String>()),
                    None => "numbers beyond it, or a division by zero".to_owned(),
                };
                return Err(OpError::row(row, 0, found, self.expected()));
            }
            values.push(value.flatten());
        }
        built(&values, &answers)
    }

    /// Whether what does not fit is an error.
    fn fails(&self, mode: EvalMode) -> bool {
        use IntervalFunction as Of;
        match self {
            Of::Read(IntervalType::Calendar) => false,
            Of::DivideWhole(_) | Of::Make(IntervalType::Calendar) => mode != EvalMode::Legacy,
            _ => true,
        }
    }

    fn expected(&self) -> String {
        use IntervalFunction as Of;
        match self {
            Of::Read(of) => format!("a text that casts to {of}"),
            Of::AddToDate(IntervalType::Calendar) => {
                "a date that there is, and with ANSI on an interval of whole days".to_owned()
            }
            Of::AddToDate(_) => "a date that there is".to_owned(),
            Of::AddToTime(_) => "a timestamp of 64 bits".to_owned(),
            Of::Bucket(_) => "an interval above zero, and a timestamp of 64 bits".to_owned(),
            Of::OfNumber(of, _) | Of::Multiply(of, _) | Of::Divide(of, _) | Of::Make(of) => of.to_string(),
            _ => "an interval or number that its type can hold".to_owned(),
        }
    }

    /// The value of a row: `None` for a null, `Some(None)` for what does not fit.
    fn value(&self, cells: &Cells, row: usize, mode: EvalMode) -> Option<Option<i128>> {
        use IntervalFunction as Of;
        let of_held = |at: usize, of: IntervalType| held(cells, at, row, of);
        let calendar = |at: usize| of_held(at, IntervalType::Calendar).map(CalendarInterval::unpacked);
        let time = |at: usize| cells.number::<TimestampMicrosecondType>(at, row).map(i128::from);
        let day = |at: usize| cells.number::<Date32Type>(at, row).map(i128::from);
        let checked = mode != EvalMode::Legacy;
        let packed = |value: Option<CalendarInterval>| Some(value.map(CalendarInterval::packed));
        match self {
            Of::Show(_) => None,
            Of::Read(of) => Some(read(cells.text(0, row)?, *of)),
            Of::OfNumber(of, from) => Some(multiply(of.step().into(), factor(cells, 0, row, from)?)),
            Of::ToNumber(of) => Some(Some(of_held(0, *of)? / i128::from(of.step()))),
            Of::ToSeconds { bounded } => {
                let micros = of_held(0, IntervalType::TIME)?;
                Some(Some(micros).filter(|micros| !bounded || micros.abs() < 10_i128.pow(18)))
            }
            Of::Cut(of) => {
                let value = of_held(0, *of)?;
                Some(Some(if of.step() == 1_000_000 { value } else { value - value % i128::from(of.step()) }))
            }
            Of::Multiply(IntervalType::Calendar, _) => {
                let by = cells.number::<Float64Type>(1, row)?;
                packed(scale_parts(calendar(0)?, by, checked))
            }
            Of::Divide(IntervalType::Calendar, _) => {
                let by = cells.number::<Float64Type>(1, row)?;
                packed(divide_parts(calendar(0)?, by, checked))
            }
            Of::Multiply(of, by) => Some(multiply(of_held(0, *of)?, factor(cells, 1, row, by)?)),
            Of::Divide(of, by) => Some(divide(of_held(0, *of)?, factor(cells, 1, row, by)?)),
            Of::DivideWhole(of) => {
                let (one, other) = (of_held(0, *of)?, of_held(1, *of)?);
                let whole = one.checked_div(other);
                // The smallest number stays what it is, divided by -1.
                Some(whole.map(|whole| if fits(whole, &of.held()) { whole } else { -whole }))
            }
            Of::Part(of, unit) => Some(Some(part(of_held(0, *of)?, *of, *unit)?)),
            Of::Add => packed(calendar(0)?.each(calendar(1)?, checked, |one, other| one + other)),
            Of::Subtract => packed(calendar(0)?.each(calendar(1)?, checked, |one, other| one - other)),
            Of::Absolute(of) => Some(Some(of_held(0, *of)?.abs())),
            Of::Negate => {
                packed(CalendarInterval::default().each(calendar(0)?, checked, |one, other| one - other))
            }
            Of::AddToDate(of) => {
                let by = match (of, moved(of_held(1, *of)?, *of)) {
                    (IntervalType::DayTime(_), by) => {
                        CalendarInterval { days: (by.micros / DAY) as i32, ..Default::default() }
                    }
                    (_, by) => by,
                };
                let later = later(day(0)? * i128::from(DAY), by).map(|micros| micros.div_euclid(DAY.into()));
                Some(later.filter(|_| by.micros == 0 || !checked))
            }
            Of::AddToTime(of) => Some(later(time(0)?, moved(of_held(1, *of)?, *of))),
            Of::BetweenDates => Some(
                Some(day(0)? - day(1)?)
                    .filter(|days| fits(*days, &ColumnType::Int))
                    .map(|days| days * i128::from(DAY)),
            ),
            Of::BetweenTimes => Some(Some(time(0)? - time(1)?)),
            Of::Make(of) => made(cells, row, *of),
            Of::Bucket(of) => Some(buckets(of_held(0, *of)?, *of, time(1)?, time(2)?)),
        }
    }
}

/// An interval as the numbers by which it moves a time.
fn moved(value: i128, of: IntervalType) -> CalendarInterval {
    match of {
        IntervalType::YearMonth(_) => CalendarInterval { months: value as i32, ..Default::default() },
        IntervalType::DayTime(_) => CalendarInterval { micros: value as i64, ..Default::default() },
        IntervalType::Calendar => CalendarInterval::unpacked(value),
    }
}

fn held(cells: &Cells, at: usize, row: usize, of: IntervalType) -> Option<i128> {
    match of {
        IntervalType::YearMonth(_) => cells.int(at, row).map(i128::from),
        IntervalType::DayTime(_) => cells.number::<Int64Type>(at, row).map(i128::from),
        IntervalType::Calendar => cells.number::<Decimal128Type>(at, row),
    }
}

fn factor(cells: &Cells, at: usize, row: usize, of: &ColumnType) -> Option<Factor> {
    Some(match of {
        ColumnType::Decimal(of) => Factor::Decimal(cells.number::<Decimal128Type>(at, row)?, of.scale),
        ColumnType::Double => Factor::Real(cells.number::<Float64Type>(at, row)?),
        _ => Factor::Whole(cells.number::<Int64Type>(at, row)?),
    })
}

fn part(value: i128, of: IntervalType, unit: IntervalUnit) -> Option<i128> {
    let parts = moved(value, of);
    let micros = i128::from(parts.micros);
    let of_micros =
        |of: IntervalUnit, unit: IntervalUnit| micros % i128::from(of.length()) / i128::from(unit.length());
    Some(match unit {
        IntervalUnit::Year => i128::from(parts.months / 12),
        IntervalUnit::Month => i128::from(parts.months % 12),
        IntervalUnit::Day => i128::from(parts.days) + micros / i128::from(DAY),
        IntervalUnit::Hour => of_micros(IntervalUnit::Day, unit),
        IntervalUnit::Minute => of_micros(IntervalUnit::Hour, unit),
        IntervalUnit::Second => micros % i128::from(IntervalUnit::Minute.length()),
    })
}

fn made(cells: &Cells, row: usize, of: IntervalType) -> Option<Option<i128>> {
    let int = |at: usize| cells.int(at, row).map(i128::from);
    let seconds = |at: usize| cells.number::<Decimal128Type>(at, row);
    let time = |hours: i128, minutes: i128, micros: i128| (hours * 60 + minutes) * 60_000_000 + micros;
    Some(match of {
        IntervalType::YearMonth(_) => Some(int(0)? * 12 + int(1)?),
        IntervalType::DayTime(_) => Some(time(int(0)? * 24 + int(1)?, int(2)?, seconds(3)?)),
        IntervalType::Calendar => {
            let (months, days) = (int(0)? * 12 + int(1)?, int(2)? * 7 + int(3)?);
            let micros = time(int(4)?, int(5)?, seconds(6)?);
            let parts = (i32::try_from(months), i32::try_from(days), i64::try_from(micros));
            match parts {
                (Ok(months), Ok(days), Ok(micros)) => {
                    Some(CalendarInterval { months, days, micros }.packed())
                }
                _ => None,
            }
        }
    })
}

/// Whether a number is one of a type.
fn fits(value: i128, of: &ColumnType) -> bool {
    match of {
        ColumnType::Byte => i8::try_from(value).is_ok(),
        ColumnType::Int | ColumnType::Date => i32::try_from(value).is_ok(),
        ColumnType::Long | ColumnType::Timestamp => i64::try_from(value).is_ok(),
        _ => true,
    }
}

fn built(values: &[Option<i128>], of: &ColumnType) -> Result<ArrayRef, OpError> {
    fn array<T: ArrowPrimitiveType>(
        values: &[Option<i128>],
        of: &ColumnType,
        make: fn(i128) -> T::Native,
    ) -> ArrayRef {
        let array: PrimitiveArray<T> = values.iter().map(|value| value.map(make)).collect();
        Arc::new(array.with_data_type(of.to_arrow()))
    }
    Ok(match of {
        ColumnType::Byte => array::<Int8Type>(values, of, |value| value as i8),
        ColumnType::Int => array::<Int32Type>(values, of, |value| value as i32),
        ColumnType::Date => array::<Date32Type>(values, of, |value| value as i32),
        ColumnType::Long => array::<Int64Type>(values, of, |value| value as i64),
        ColumnType::Timestamp => array::<TimestampMicrosecondType>(values, of, |value| value as i64),
        ColumnType::Decimal(_) => array::<Decimal128Type>(values, of, |value| value),
        _ => return Err(promised("numbers")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_have_the_sign_of_the_whole() {
        let micros = -(DAY + 2 * 3_600_000_000 + 3 * 60_000_000 + 4_500_000);
        let part = |unit| part(micros.into(), IntervalType::TIME, unit);
        assert_eq!((part(IntervalUnit::Day), part(IntervalUnit::Hour)), (Some(-1), Some(-2)));
        assert_eq!((part(IntervalUnit::Minute), part(IntervalUnit::Second)), (Some(-3), Some(-4_500_000)));
    }
}
