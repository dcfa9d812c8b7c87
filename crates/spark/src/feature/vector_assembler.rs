//! `VectorAssembler`: puts numbers, booleans and vectors side by side into one vector.
//!
//! `handleInvalid` speaks of nulls, and of NaN in columns of numbers: an error, no row (`skip`), or NaN in the
//! vector (`keep`), for which the size of a vector column must be known. Zeros are dropped and each row is stored
//! dense or sparse, by a rule that changed in Spark 4.1. Slots are named after the columns, as Spark's ML attributes
//! name them. Spark's `ml/feature/VectorAssembler.scala`.
//!
//! A save does not say whether an input column of the model is a number or a vector. Where the caller declares
//! nothing, the width that a later stage expects tells: numbers if they add up to it, else the one vector that fits.

use std::collections::BTreeSet;

use firesteel_plan::ops::{Assemble, HandleInvalid, SparseRule};
use firesteel_plan::{Asked, Attribute, Attributes, BuildError, Builder, Col, ColumnType};

use super::columns::handle_invalid;
use crate::error::LoadError;
use crate::saved::Saved;
use crate::stage::{Stage, StageSpec};
use crate::version::Version;

pub(crate) const STAGE: StageSpec = StageSpec {
    class: "org.apache.spark.ml.feature.VectorAssembler",
    since: "1.4.0",
    load: VectorAssembler::load,
};

/// When this version stores a row as sparse.
pub(super) fn sparse_rule(version: Version) -> SparseRule {
    if version.at_least(4, 1) { SparseRule::Bytes } else { SparseRule::Ratio }
}

struct VectorAssembler {
    inputs: Vec<String>,
    output: String,
    handle_invalid: HandleInvalid,
    rule: SparseRule,
}

impl VectorAssembler {
    fn load(saved: &Saved) -> Result<Box<dyn Stage>, LoadError> {
        let inputs: Vec<String> = saved.param("inputCols")?;
        if inputs.is_empty() {
            return Err(saved.invalid("inputCols", "empty", "at least one column"));
        }
        Ok(Box::new(VectorAssembler {
            inputs,
            output: saved.output_col()?,
            handle_invalid: handle_invalid(saved, &["error", "skip", "keep"])?,
            rule: sparse_rule(saved.version()),
        }))
    }

    /// The type to ask of the inputs that nothing is known of; vectors are given their size.
    fn settle_unknown(&self, builder: &mut Builder, nullable: bool) -> Result<ColumnType, BuildError> {
        let known: Vec<Option<Col>> = self.inputs.iter().map(|name| builder.known(name, nullable)).collect();
        let unknown: Vec<&String> = self
            .inputs
            .iter()
            .zip(&known)
            .filter(|(_, known)| known.is_none())
            .map(|(name, _)| name)
            .collect();
        let Some(first) = unknown.first() else { return Ok(ColumnType::Double) };
        let ambiguous = |reason: String| BuildError::UnknownType {
            column: (*first).clone(),
            reason,
            example: ColumnType::Vector,
        };
        let total = builder
            .expected_size(&self.output)
            .ok_or_else(|| ambiguous(format!("no later stage says how many slots '{}' has", self.output)))?;
        let others: Option<usize> = known.iter().flatten().map(width).sum();
        let others =
            others.ok_or_else(|| ambiguous("the size of another input is not known either".to_owned()))?;
        let rest = total.saturating_sub(others);
        if rest == unknown.len() {
            return Ok(ColumnType::Double);
        }
        let names: BTreeSet<&String> = unknown.iter().copied().collect();
        if names.len() == 1 && rest > 0 && rest % unknown.len() == 0 {
            builder.expect_size(first, rest / unknown.len());
            return Ok(ColumnType::Vector);
        }
        let columns = names.iter().map(|name| name.as_str()).collect::<Vec<_>>().join(", ");
        Err(ambiguous(format!("{columns} share {rest} of the {total} slots of '{}'", self.output)))
    }

    /// Gives a vector column of unknown size what a later stage leaves for it, if it is the only such one. With
    /// `keep` every size must be known, as Spark has it, so that a null can be filled.
    fn settle_sizes(&self, builder: &Builder, columns: &mut [Col]) -> Result<(), BuildError> {
        let unsized_at: Vec<usize> = (0..columns.len()).filter(|&at| width(&columns[at]).is_none()).collect();
        let Some(&first) = unsized_at.first() else { return Ok(()) };
        let others: usize = columns.iter().filter_map(width).sum();
        let rest = builder.expected_size(&self.output).and_then(|total| total.checked_sub(others));
        match rest {
            Some(rest) if unsized_at.len() == 1 => {
                columns[first] = columns[first].clone().with_attributes(Attributes::sized(rest));
                Ok(())
            }
            _ if self.handle_invalid == HandleInvalid::Keep => Err(BuildError::Invalid(format!(
                "handleInvalid is 'keep', but the size of the vectors in column '{}' is not known; put a \
                 VectorSizeHint for it before the VectorAssembler",
                self.inputs[first]
            ))),
            _ => Ok(()),
        }
    }

    /// The attribute of each slot, if the size of every input is known.
    fn attributes(&self, builder: &mut Builder, columns: &[Col]) -> Result<Attributes, BuildError> {
        let Some(size) = columns.iter().map(width).sum::<Option<usize>>() else {
            return Ok(Attributes::None);
        };
        if i32::try_from(size).is_err() {
            return Err(BuildError::Invalid(format!("column '{}' would have {size} slots", self.output)));
        }
        let mut starts = Vec::with_capacity(columns.len());
        let mut next = 0;
        for column in columns {
            starts.push(next);
            next += width(column).unwrap_or_default();
        }
        Ok(builder.describe(size, |slot| {
            let at = starts.partition_point(|&start| start <= slot).saturating_sub(1);
            slot_attribute(&self.inputs[at], &columns[at], slot - starts[at])
        }))
    }
}

/// The number of slots that a column fills: that of its vectors, if it is known, or 1.
fn width(column: &Col) -> Option<usize> {
    match column.column_type() {
        ColumnType::Vector => column.attributes().size(),
        _ => Some(1),
    }
}

/// The attribute of slot `at` of what the column `name` fills.
fn slot_attribute(name: &str, column: &Col, at: usize) -> Attribute {
    match column.attributes() {
        Attributes::Vector(vector) => {
            let slot = vector.slots.as_ref().and_then(|slots| slots.get(at)).cloned().unwrap_or_default();
            let own = slot.name().map_or_else(|| at.to_string(), |own| own.to_string());
            slot.with_name(format!("{name}_{own}"))
        }
        Attributes::Scalar(attribute) if *column.column_type() == ColumnType::Double => {
            attribute.with_name(name)
        }
        _ => Attribute::Unresolved.with_name(name),
    }
}

impl Stage for VectorAssembler {
    fn lower(&self, builder: &mut Builder) -> Result<(), BuildError> {
        let nullable = self.handle_invalid != HandleInvalid::Error;
        let column_type = self.settle_unknown(builder, nullable)?;
        let asked = Asked { column_type, nullable };
        let mut columns: Vec<Col> =
            self.inputs.iter().map(|name| builder.column(name, asked.clone())).collect();
        self.settle_sizes(builder, &mut columns)?;
        let attributes = self.attributes(builder, &columns)?;
        let mut parts = Vec::with_capacity(columns.len());
        for column in &columns {
            parts.push(match column.column_type() {
                ColumnType::Vector => column.clone(),
                _ => builder.cast(column, ColumnType::Double)?,
            });
        }
        let sizes = columns.iter().map(width).collect();
        let assemble = Assemble { handle_invalid: self.handle_invalid, sizes, rule: self.rule };
        let assembled = builder.apply(assemble.into(), &parts.iter().collect::<Vec<_>>())?;
        if let Some(size) = attributes.size() {
            builder.fact("size", size);
        }
        builder.bind(&self.output, assembled.with_attributes(attributes))
    }
}

#[cfg(test)]
mod tests {
    use firesteel_plan::{Column, ColumnType, VectorBuilder};

    use crate::testing::{Save, doubles, save, vector};

    const TWO: &str = r#"{"inputCols":["x","v"],"outputCol":"f"}"#;

    #[test]
    fn declared_types_are_taken() {
        let declared = [("x", ColumnType::Int), ("v", ColumnType::Vector)];
        let model = save("VectorAssembler", "3.5.9", TWO).open(&declared).unwrap();
        let types: Vec<String> = model.signature().inputs.iter().map(ToString::to_string).collect();
        assert_eq!(types, ["x: int", "v: vector"]);
    }

    #[test]
    fn undeclared_types_are_asked_for_where_nothing_tells_them() {
        let error = save("VectorAssembler", "3.5.9", TWO).open(&[]).unwrap_err().to_string();
        assert!(error.contains("input column 'x' is not known") && error.contains("'x:vector'"), "{error}");
        let model =
            save("VectorAssembler", "3.5.9", TWO).open(&[("x", ColumnType::Double)]).unwrap_err().to_string();
        assert!(model.contains("input column 'v' is not known"), "{model}");
    }

    #[test]
    fn a_later_stage_tells_the_types() {
        // The scaler of the golden save expects four slots.
        let assembled = |columns: &str| {
            let assembler = save(
                "VectorAssembler",
                "3.5.9",
                &format!(r#"{{"inputCols":[{columns}],"outputCol":"features"}}"#),
            );
            Save::pipeline("3.5.9", vec![assembler, Save::golden("StandardScalerModel", "3.5.9")])
        };
        let inputs = |columns: &str, declared: &[(&str, ColumnType)]| {
            let model = assembled(columns).open(declared).unwrap();
            model.signature().inputs.iter().map(|field| field.to_string()).collect::<Vec<_>>()
        };
        let four = inputs(r#""a","b","c","d""#, &[]);
        assert_eq!(four, ["a: double", "b: double", "c: double", "d: double"]);
        assert_eq!(inputs(r#""a""#, &[]), ["a: vector(4)"]);
        assert_eq!(inputs(r#""a","b""#, &[("a", ColumnType::Int)]), ["a: int", "b: vector(3)"]);
        let error = assembled(r#""a","b""#).open(&[]).unwrap_err().to_string();
        assert!(error.contains("a, b share 4 of the 4 slots"), "{error}");
    }

    #[test]
    fn keep_needs_the_size_of_every_vector() {
        let keep = r#"{"inputCols":["x","v"],"outputCol":"features","handleInvalid":"keep"}"#;
        let declared = [("x", ColumnType::Double), ("v", ColumnType::Vector)];
        let assembler = save("VectorAssembler", "3.5.9", keep);
        let error = assembler.clone().open(&declared).unwrap_err().to_string();
        assert!(error.contains("column 'v' is not known; put a VectorSizeHint"), "{error}");
        let scaled = Save::pipeline("3.5.9", vec![assembler, Save::golden("StandardScalerModel", "3.5.9")]);
        let mut null = VectorBuilder::default();
        null.push_null();
        let v = Column::Vector(null.finish());
        let model = scaled.open(&declared).unwrap();
        let row = model.score(vec![("x", doubles(&[Some(1.0)])), ("v", v)]).vector("features", 0);
        assert!(row.len() == 4 && row[0] == 1.0 && row[1..].iter().all(|slot| slot.is_nan()), "{row:?}");
    }

    #[test]
    fn rows_are_assembled() {
        let declared = [("x", ColumnType::Double), ("v", ColumnType::Vector)];
        let model = save("VectorAssembler", "4.3.0", TWO).open(&declared).unwrap();
        let scored = model.score(vec![("x", doubles(&[Some(1.0)])), ("v", vector(&[2.0, 3.0]))]);
        assert_eq!(scored.vector("f", 0), [1.0, 2.0, 3.0]);
    }
}
