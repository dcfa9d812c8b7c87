//! ML attributes that models give to what they predict: since Spark 3.0, not before.

use firesteel_plan::{Attribute, Attributes};

use crate::saved::Saved;

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
