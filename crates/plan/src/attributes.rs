//! ML attributes: what Spark knows of a column's values, carried beside the column while a plan is built.
//!
//! They are not part of a save, yet change answers: labels for `IndexToString`, sizes for `VectorAssembler`,
//! names for `VectorSlicer`. See Spark's `org.apache.spark.ml.attribute`.

use std::sync::Arc;

/// What is known of one number: a scalar column, or one slot of a vector column.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Attribute {
    /// Nothing is known.
    #[default]
    Unresolved,
    /// A continuous number.
    Numeric {
        /// The attribute's own name, if it has one.
        name: Option<Arc<str>>,
    },
    /// A category index.
    Nominal {
        /// The attribute's own name, if it has one.
        name: Option<Arc<str>>,
        /// The labels of the categories, by index.
        values: Option<Arc<[String]>>,
        /// The number of categories, where labels are not known.
        num_values: Option<usize>,
    },
    /// 0 or 1.
    Binary {
        /// The attribute's own name, if it has one.
        name: Option<Arc<str>>,
    },
}

impl Attribute {
    /// The attribute's own name, if it has one.
    pub fn name(&self) -> Option<&Arc<str>> {
        match self {
            Attribute::Unresolved => None,
            Attribute::Numeric { name } | Attribute::Nominal { name, .. } | Attribute::Binary { name } => {
                name.as_ref()
            }
        }
    }

    /// This attribute under another name.
    pub fn with_name(&self, new: impl Into<Arc<str>>) -> Attribute {
        let name = Some(new.into());
        match self.clone() {
            Attribute::Unresolved | Attribute::Numeric { .. } => Attribute::Numeric { name },
            Attribute::Nominal { values, num_values, .. } => Attribute::Nominal { name, values, num_values },
            Attribute::Binary { .. } => Attribute::Binary { name },
        }
    }
}

/// What is known of the slots of a vector column.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct VectorAttributes {
    /// The size of every vector, if it is known.
    pub size: Option<usize>,
    /// An attribute for each slot, if they are known; as many as `size`.
    pub slots: Option<Arc<[Attribute]>>,
}

/// What is known of a column.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Attributes {
    /// Nothing.
    #[default]
    None,
    /// Of a scalar column.
    Scalar(Attribute),
    /// Of a vector column.
    Vector(VectorAttributes),
}

impl Attributes {
    /// A vector column of which only the size is known.
    pub fn sized(size: usize) -> Attributes {
        Attributes::Vector(VectorAttributes { size: Some(size), slots: None })
    }

    /// The size of every vector, if this is a vector column of known size.
    pub fn size(&self) -> Option<usize> {
        match self {
            Attributes::Vector(vector) => vector.size,
            _ => None,
        }
    }
}
