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

    fn renamed(&self, attribute: &Attribute) -> Attribute {
        let Some(name) = attribute.name() else { return attribute.clone() };
        let rename = |name: String, (from, to): &(String, String)| name.replace(from.as_str(), to);
        attribute.with_name(self.prefixes.iter().fold(name.to_string(), rename))
    }
}

impl Stage for VectorAttributeRewriter {
    fn lower(&self, builder: &mut Builder) -> Result<(), BuildError> {
        let column = builder.vectors(&self.column)?;
        let attributes = match column.attributes() {
            Attributes::Vector(VectorAttributes { size, slots: Some(slots) }) => {
                let slots: Arc<[Attribute]> = slots.iter().map(|slot| self.renamed(slot)).collect();
                Attributes::Vector(VectorAttributes { size: *size, slots: Some(slots) })
            }
            other => other.clone(),
        };
        builder.replace(&self.column, column.with_attributes(attributes))
    }
}
