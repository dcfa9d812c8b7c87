//! `VectorAttributeRewriter`: renames the attributes of a vector column's slots (`prefixesToRewrite`), no value; a
//! private stage of Spark inside `RFormulaModel`.
//!
//! Spark's `ml/feature/RFormula.scala`. There too the column moves behind all others.

use std::sync::Arc;

use firesteel_plan::{Attribute, Attributes, BuildError, Builder, VectorAttributes};

use crate::error::LoadError;
use crate::saved::Saved;
use crate::stage::{Stage, StageSpec};

pub(crate) const STAGE: StageSpec = StageSpec {
    class: "org.apache.spark.ml.feature.VectorAttributeRewriter",
    since: "1.6.0",
    load: VectorAttributeRewriter::load,
};

struct VectorAttributeRewriter {
    column: String,
    prefixes: Vec<(String, String)>,
}

impl VectorAttributeRewriter {
    fn load(saved: &Saved) -> Result<Box<dyn Stage>, LoadError> {
        let data = saved.data("data")?;
        let row = data.only_row()?;
        let prefixes = data.column("prefixesToRewrite")?.string_pairs()?;
        Ok(Box::new(VectorAttributeRewriter { column: row.string("vectorCol")?, prefixes }))
    }

    /// The attribute under its new name, whose bytes are taken from `room`.
    fn renamed(&self, attribute: &Attribute, room: &mut usize) -> Result<Attribute, BuildError> {
        let Some(name) = attribute.name() else { return Ok(attribute.clone()) };
        let mut name = name.to_string();
        for (from, to) in &self.prefixes {
            let grown =
                name.matches(from.as_str()).count().saturating_mul(to.len()).saturating_add(name.len());
            if grown > *room {
                let what = "new names of slots, each replacement made after the other";
                return Err(BuildError::Invalid(format!(
                    "{what}: more than {MAX_NAMES} bytes, expected less"
                )));
            }
            name = name.replace(from.as_str(), to);
        }
        *room -= name.len();
        Ok(attribute.with_name(name))
    }
}

/// The most bytes that the new names of all slots may take: replacements can double a name again and again.
const MAX_NAMES: usize = 1 << 26;

impl Stage for VectorAttributeRewriter {
    fn lower(&self, builder: &mut Builder) -> Result<(), BuildError> {
        let column = builder.vectors(&self.column)?;
        let attributes = match column.attributes() {
            Attributes::Vector(VectorAttributes { size, slots: Some(slots) }) => {
                let mut room = MAX_NAMES;
                let slots = slots.iter().map(|slot| self.renamed(slot, &mut room));
                let slots = slots.collect::<Result<Arc<[Attribute]>, BuildError>>()?;
                Attributes::Vector(VectorAttributes { size: *size, slots: Some(slots) })
            }
            other => other.clone(),
        };
        builder.replace(&self.column, column.with_attributes(attributes))
    }
}
