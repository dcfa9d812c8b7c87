//! ML attributes that models give to what they make: since Spark 3.0, not before.

use firesteel_plan::{Attribute, Attributes, BuildError};

use crate::error::LoadError;
use crate::saved::Saved;

/// Refuses a model whose vectors have no slots, as Spark's `SchemaUtils.updateAttributeGroupSize` does.
pub(crate) fn check_size(saved: &Saved, size: usize) -> Result<(), LoadError> {
    if size > 0 || !saved.version().at_least(3, 0) {
        return Ok(());
    }
    let reason = "the model makes vectors of size 0, which Spark's transform refuses since 3.0";
    Err(saved.error(BuildError::Invalid(reason.to_owned()).into()))
}

/// Of a column with one of `count` classes or clusters in each row.
pub(crate) fn category(saved: &Saved, count: usize) -> Attributes {
    since_3(saved, Attribute::Nominal { name: None, values: None, num_values: Some(count) })
}

/// Of a column of predicted numbers.
pub(crate) fn number(saved: &Saved) -> Attributes {
    since_3(saved, Attribute::Numeric { name: None })
}

fn since_3(saved: &Saved, attribute: Attribute) -> Attributes {
    if saved.version().at_least(3, 0) { Attributes::Scalar(attribute) } else { Attributes::None }
}
