//! Texts made and read by a format.

use std::sync::Arc;

use arrow_array::types::{Decimal128Type, Float64Type};
use arrow_array::{Array, ArrayRef, PrimitiveArray, StringArray};
use arrow_schema::DataType;

use super::decimal_pattern::DecimalPattern;
use super::json;
use super::json_path::JsonPath;
use super::number_format::{NumberFormat, ReadNumber};
use super::printf::Printf;
use super::rows::{Cells, Rows, promised};
use super::text::bounded;
use crate::column::ColumnType;
use crate::decimal::DecimalType;
use crate::error::OpError;
use crate::ops::word_lists::{finished, word_lists};

/// What is done by a format.
#[derive(Clone, Debug)]
pub enum Format {
    /// A text with the arguments at its places.
    Printf(Printf),
    /// A decimal of this type as a text.
    ShowNumber(NumberFormat, DecimalType),
    /// A double as a text.
    PatternOfDouble(DecimalPattern),
    /// A whole number or decimal, given as its text, as another text.
    PatternOfDecimal(DecimalPattern),
    /// The part of a JSON text that a path leads to.
    JsonPart(JsonPath),
    /// The names of the members of a JSON object; null for anything else.
    JsonKeys,
    /// A text as a decimal; null, or with `checked` an error, if it is none.
    ReadNumber {
        /// How the text is written.
        format: NumberFormat,
        /// Whether a text that does not fit is an error.
        checked: bool,
        /// Whether a text without a digit is one in any case.
        needs_digits: bool,
    },
}

impl Format {
    /// The types that it takes.
    pub fn types(&self) -> Vec<ColumnType> {
        match self {
            Format::Printf(printf) => printf.types().to_vec(),
            Format::ShowNumber(_, of) => vec![ColumnType::Decimal(*of)],
            Format::PatternOfDouble(_) => vec![ColumnType::Double],
            Format::PatternOfDecimal(_)
            | Format::JsonPart(_)
            | Format::JsonKeys
            | Format::ReadNumber { .. } => {
                vec![ColumnType::String]
            }
        }
    }

    /// The type of what it answers.
    pub fn answers(&self) -> ColumnType {
        match self {
            Format::ReadNumber { format, .. } => ColumnType::Decimal(format.reads()),
            Format::JsonKeys => ColumnType::strings(),
            _ => ColumnType::String,
        }
    }

    pub(super) fn run(&self, arguments: &[ArrayRef], rows: &Rows) -> Result<ArrayRef, OpError> {
        let cells = Cells(arguments);
        match self {
            Format::Printf(printf) => printf.run(arguments, rows),
            Format::ShowNumber(format, _) => {
                let scale = match arguments.first().map(|array| array.data_type()) {
                    Some(DataType::Decimal128(_, scale)) => u8::try_from(*scale).unwrap_or(0),
                    _ => return Err(promised("decimals")),
                };
                let shown = |row| Some(format.write(cells.number::<Decimal128Type>(0, row)?, scale));
                Ok(Arc::new((0..rows.count).map(shown).collect::<StringArray>()))
            }
            Format::PatternOfDouble(pattern) => {
                let shown = |row| Some(pattern.double(cells.number::<Float64Type>(0, row)?));
                Ok(Arc::new((0..rows.count).map(shown).collect::<StringArray>()))
            }
            Format::PatternOfDecimal(pattern) => {
                let shown = |row| Some(pattern.decimal(cells.text(0, row)?));
                Ok(Arc::new((0..rows.count).map(shown).collect::<StringArray>()))
            }
            Format::JsonPart(path) => {
                let mut values = Vec::with_capacity(rows.count);
                for row in 0..rows.count {
                    let value = cells.text(0, row).and_then(|text| path.find(text));
                    bounded(value.as_ref().map_or(0, String::len), row)?;
                    values.push(value);
                }
                Ok(Arc::new(StringArray::from(values)))
            }
            Format::JsonKeys => keys(&cells, rows),
            Format::ReadNumber { format, checked, needs_digits } => {
                let values = (0..rows.count).map(|row| match cells.text(0, row) {
                    Some(text) => number(format, *checked, *needs_digits, text).or_else(|()| {
                        let found = format!("\"{}\"", text.chars().take(120).collect::<String>());
                        match rows.is_active(row) {
                            true => Err(OpError::row(row, 0, found, "a number written as the format says")),
                            false => Ok(None),
                        }
                    }),
                    None => Ok(None),
                });
                let values = values.collect::<Result<Vec<_>, _>>()?;
                let values: PrimitiveArray<Decimal128Type> = values.into_iter().collect();
                Ok(Arc::new(values.with_data_type(self.answers().to_arrow())))
            }
        }
    }
}

fn keys(cells: &Cells, rows: &Rows) -> Result<ArrayRef, OpError> {
    let mut made = word_lists(rows.count);
    for row in 0..rows.count {
        let keys = cells.text(0, row).and_then(json::object_keys);
        keys.iter().flatten().for_each(|key| made.values().append_value(key));
        made.append(keys.is_some());
    }
    finished(made).as_array().cloned().ok_or_else(|| promised("lists"))
}

/// The number that a text says, null, or an error.
fn number(format: &NumberFormat, checked: bool, needs_digits: bool, text: &str) -> Result<Option<i128>, ()> {
    match format.read(text) {
        ReadNumber::Value(value) => Ok(Some(value)),
        ReadNumber::Far => Err(()),
        ReadNumber::Empty if checked || needs_digits => Err(()),
        ReadNumber::Other if checked => Err(()),
        ReadNumber::Empty | ReadNumber::Other => Ok(None),
    }
}
