//! `Interaction`: products of every slot of one column with every slot of the others.
//!
//! Columns are numbers and vectors. By its ML attributes a column, or a slot of a vector, that holds
//! category indices counts as so many slots, of which one is 1; every slot of a vector must have attributes, as the
//! vectors of a `VectorAssembler` do. The result is stored dense or sparse, whichever is smaller.
//! Spark's `ml/feature/Interaction.scala`.

use std::collections::HashSet;
use std::sync::Arc;

use firesteel_plan::ops::{Interact, SparseRule};
use firesteel_plan::{Asked, Attribute, Attributes, BuildError, Builder, Col, ColumnType};

use super::columns::numbers;
use super::vector_assembler::sparse_rule;
use crate::error::LoadError;
use crate::saved::Saved;
use crate::stage::{Stage, StageSpec};

pub(crate) const STAGE: StageSpec =
    StageSpec { class: "org.apache.spark.ml.feature.Interaction", since: "1.6.0", load: Interaction::load };

struct Interaction {
    inputs: Vec<String>,
    output: String,
    rule: SparseRule,
}

impl Interaction {
    fn load(saved: &Saved) -> Result<Box<dyn Stage>, LoadError> {
        let inputs: Vec<String> = saved.param("inputCols")?;
        let differ = inputs.iter().collect::<HashSet<_>>().len() == inputs.len();
        if inputs.is_empty() || !differ {
            return Err(saved.invalid("inputCols", format!("{inputs:?}"), "at least one column, each once"));
        }
        Ok(Box::new(Interaction { inputs, output: saved.output_col()?, rule: sparse_rule(saved.version()) }))
    }
}

/// What is known of the slots of a column; a number has one.
fn known_slots(name: &str, column: &Col) -> Result<Vec<Attribute>, BuildError> {
    match (column.column_type(), column.attributes()) {
        (ColumnType::Vector, Attributes::Vector(vector)) if vector.slots.is_some() => {
            Ok(vector.slots.as_deref().unwrap_or_default().to_vec())
        }
        (ColumnType::Vector, _) => Err(BuildError::Invalid(format!(
            "Interaction needs the attributes of each slot of column '{name}', which no stage before it gives; put a \
             VectorAssembler for it before the Interaction"
        ))),
        (_, Attributes::Scalar(attribute)) if attribute.name().is_some() => Ok(vec![attribute.clone()]),
        (_, Attributes::Scalar(attribute)) => Ok(vec![attribute.with_name(name)]),
        _ => Ok(vec![Attribute::Unresolved.with_name(name)]),
    }
}

/// How many slots a slot becomes.
fn count(name: &str, slot: &Attribute) -> Result<usize, BuildError> {
    let Attribute::Nominal { values, num_values, .. } = slot else { return Ok(1) };
    let count = values.as_ref().map(|values| values.len()).or(*num_values);
    count.filter(|&count| count > 0).ok_or_else(|| {
        BuildError::Invalid(format!("the number of categories in column '{name}' is not known or 0"))
    })
}

/// The most slots of a column that have names: a save says any number of categories in a word.
const MAX_NAMES: usize = 1 << 16;

/// The names of what the slots of a column become; `group` is the name of a vector column.
fn names(group: Option<&str>, slots: &[Attribute], counts: &[usize]) -> Vec<String> {
    let mut names = Vec::new();
    for (at, (slot, &count)) in slots.iter().zip(counts).enumerate() {
        let own = slot.name().map_or_else(|| at.to_string(), |own| own.to_string());
        let own = group.map_or_else(|| own.clone(), |group| format!("{group}_{own}"));
        match slot {
            Attribute::Nominal { values: Some(values), .. } => {
                names.extend(values.iter().map(|value| format!("{own}_{value}")));
            }
            Attribute::Nominal { .. } => names.extend((0..count).map(|category| format!("{own}_{category}"))),
            _ => names.push(own),
        }
    }
    names
}

/// The attributes of the products: each named by its factors.
fn attributes(builder: &mut Builder, size: usize, columns: &[Vec<String>]) -> Attributes {
    builder.describe(size, |slot| {
        let mut stride = size;
        let mut rest = slot;
        let mut factors = Vec::with_capacity(columns.len());
        for names in columns {
            stride /= names.len().max(1);
            factors.push(names.get(rest / stride.max(1)).map_or("", String::as_str));
            rest %= stride.max(1);
        }
        Attribute::Numeric { name: Some(Arc::from(factors.join(":"))) }
    })
}

impl Stage for Interaction {
    fn lower(&self, builder: &mut Builder) -> Result<(), BuildError> {
        let (mut columns, mut counts, mut groups) = (Vec::new(), Vec::new(), Vec::new());
        for name in &self.inputs {
            let input = builder.column(name, Asked::of(ColumnType::Double));
            let slots = known_slots(name, &input)?;
            let is_vector = *input.column_type() == ColumnType::Vector;
            let own: Vec<usize> = slots.iter().map(|slot| count(name, slot)).collect::<Result<_, _>>()?;
            groups.push((is_vector.then_some(name.as_str()), slots));
            counts.push(own);
            columns.push(if is_vector { input } else { numbers(builder, name, false)? });
        }
        let interact = Interact::new(counts.clone(), self.rule)?;
        let size = interact.size();
        let few = counts.iter().all(|counts| counts.iter().sum::<usize>() <= size.min(MAX_NAMES));
        let groups = groups.iter().zip(&counts).filter(|_| few);
        let factors: Vec<Vec<String>> =
            groups.map(|((group, slots), counts)| names(*group, slots, counts)).collect();
        let attributes = if few { attributes(builder, size, &factors) } else { Attributes::sized(size) };
        let products = builder.apply(interact.into(), &columns.iter().collect::<Vec<_>>())?;
        builder.fact("size", size);
        builder.bind(&self.output, products.with_attributes(attributes))
    }
}

#[cfg(test)]
mod tests {
    use firesteel_plan::ColumnType;

    use crate::testing::{Save, doubles, save, strings};

    fn interaction(inputs: &str) -> Save {
        save("Interaction", "3.5.9", &format!(r#"{{"inputCols":[{inputs}],"outputCol":"o"}}"#))
    }

    #[test]
    fn products_are_named_by_their_factors() {
        let indexer = Save::golden("StringIndexerModel", "3.5.9");
        let slicer = save("VectorSlicer", "3.5.9", r#"{"inputCol":"o","outputCol":"s","names":["x:ci_b"]}"#);
        let pipeline = Save::pipeline("3.5.9", vec![indexer, interaction(r#""x","ci""#), slicer]);
        let model = pipeline.open(&[]).unwrap();
        for (cat, expected) in [("a", 0.0), ("b", 3.0), ("c", 0.0)] {
            let columns = vec![("cat", strings(&[Some(cat)])), ("x", doubles(&[Some(3.0)]))];
            assert_eq!(model.score(columns).vector("s", 0), [expected]);
        }
    }

    #[test]
    fn columns_that_cannot_interact_are_refused() {
        let declared = [("v", ColumnType::Vector), ("b", ColumnType::Boolean)];
        let open = |inputs: &str| interaction(inputs).open(&declared);
        for (inputs, expected) in [
            (r#""b""#, "column 'b' is boolean, expected numbers"),
            (r#""v""#, "attributes of each slot of column 'v'"),
            (r#""a","a""#, "each once"),
            ("", "at least one column"),
        ] {
            let error = open(inputs).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
    }
}
