//! What feature stages share: input and output columns, `handleInvalid`, and ML attributes of slots.

use firesteel_plan::ops::HandleInvalid;
use firesteel_plan::{Asked, Attributes, BuildError, Builder, Col, ColumnType};

use crate::error::LoadError;
use crate::saved::Saved;

/// An input column and the output column made from it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Pair {
    pub(super) input: String,
    pub(super) output: String,
}

/// The columns of a stage that takes `inputCols` and `outputCols`, or one `inputCol` and `outputCol`.
pub(super) fn pairs(saved: &Saved) -> Result<Vec<Pair>, LoadError> {
    let Some(inputs) = saved.optional::<Vec<String>>("inputCols")? else {
        return Ok(vec![Pair { input: saved.param("inputCol")?, output: saved.output_col()? }]);
    };
    let outputs: Vec<String> = saved.param("outputCols")?;
    if inputs.len() != outputs.len() || inputs.is_empty() {
        let found = format!("{} columns", outputs.len());
        return Err(saved.invalid(
            "outputCols",
            found,
            format!("one for each of {} inputCols", inputs.len()),
        ));
    }
    Ok(inputs.into_iter().zip(outputs).map(|(input, output)| Pair { input, output }).collect())
}

/// `handleInvalid`, one of `words`.
pub(super) fn handle_invalid(saved: &Saved, words: &[&'static str]) -> Result<HandleInvalid, LoadError> {
    Ok(match saved.one_of("handleInvalid", words, "error")? {
        "keep" => HandleInvalid::Keep,
        "skip" => HandleInvalid::Skip,
        _ => HandleInvalid::Error,
    })
}

/// The column of this name, which must hold numbers, as doubles.
pub(super) fn numbers(builder: &mut Builder, name: &str, nullable: bool) -> Result<Col, BuildError> {
    let column = builder.column(name, Asked { column_type: ColumnType::Double, nullable });
    if !column.column_type().is_numeric() {
        return Err(BuildError::ColumnType {
            column: name.to_owned(),
            found: column.column_type().to_string(),
            expected: "numbers".to_owned(),
        });
    }
    builder.cast(&column, ColumnType::Double)
}

/// Expects vectors of the size in `input` that is expected in `output`, for a stage that keeps it.
pub(super) fn expect_same_size(builder: &mut Builder, input: &str, output: &str) {
    if let Some(size) = builder.expected_size(output) {
        builder.expect_size(input, size);
    }
}

/// The attributes of the slots at `places` of a vector column; none where those of the column are not known.
pub(super) fn selected(builder: &mut Builder, input: &Col, places: &[u32]) -> Result<Attributes, BuildError> {
    let Attributes::Vector(vector) = input.attributes() else { return Ok(Attributes::None) };
    let outside = |size: usize| places.iter().find(|&&place| place as usize >= size);
    if let Some((size, place)) = vector.size.and_then(|size| Some((size, outside(size)?))) {
        return Err(BuildError::Invalid(format!(
            "slot {place} of column '{}' is asked for, but its vectors have size {size}",
            input.name()
        )));
    }
    let Some(known) = &vector.slots else { return Ok(Attributes::None) };
    Ok(builder.describe(places.len(), |at| known.get(places[at] as usize).cloned().unwrap_or_default()))
}
