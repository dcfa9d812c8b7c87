//! Builds a model stage by stage, settling every type.
//!
//! A reader calls [`Builder::stage`] once a stage, asks for the stage's columns by name with
//! [`Builder::column`], applies operations to them, and gives the results names with [`Builder::bind`]. A name
//! that no earlier stage bound is an input of the model: its type is the one declared by the caller, else the
//! one that the first stage asks for.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use crate::attributes::{Attribute, Attributes, VectorAttributes};
use crate::column::ColumnType;
use crate::declared::Declared;
use crate::error::BuildError;
use crate::exactness::Exactness;
use crate::graph::{Graph, Node, Slot};
use crate::model::{Model, ModelInfo, StageInfo};
use crate::ops::{Cast, Op};
use crate::outputs::Outputs;
use crate::signature::{Field, Signature};

/// A column while a model is built.
#[derive(Clone, Debug)]
pub struct Col {
    slot: Slot,
    name: Arc<str>,
    column_type: ColumnType,
    nullable: bool,
    attributes: Attributes,
}

impl Col {
    /// The column's name; of an unnamed result, the name of the column that it was made from.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The column's type.
    pub fn column_type(&self) -> &ColumnType {
        &self.column_type
    }

    /// Whether the column may hold nulls.
    pub fn nullable(&self) -> bool {
        self.nullable
    }

    /// What is known of the column's values.
    pub fn attributes(&self) -> &Attributes {
        &self.attributes
    }

    /// This column with other attributes.
    pub fn with_attributes(mut self, attributes: Attributes) -> Col {
        self.attributes = attributes;
        self
    }

    /// This column as one that may, or may not, hold nulls.
    pub fn with_nullable(mut self, nullable: bool) -> Col {
        self.nullable = nullable;
        self
    }
}

/// What a stage asks of an input of the model, where the caller declared nothing.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The type.
    pub column_type: ColumnType,
    /// Whether the stage takes nulls.
    pub nullable: bool,
}

impl Asked {
    /// A column of this type in which the stage takes no nulls.
    pub fn of(column_type: ColumnType) -> Asked {
        Asked { column_type, nullable: false }
    }

    /// A column of this type in which the stage takes nulls.
    pub fn nullable(column_type: ColumnType) -> Asked {
        Asked { column_type, nullable: true }
    }
}

/// Builds a [`Model`].
#[derive(Debug)]
pub struct Builder {
    declared: BTreeMap<String, ColumnType>,
    columns: Option<BTreeSet<String>>,
    sizes: HashMap<String, usize>,
    exactness: Exactness,
    inputs: Vec<(Field, Slot)>,
    nodes: Vec<Node>,
    bound: HashMap<String, Col>,
    outputs: Outputs,
    raw_predictions: HashSet<String>,
    hidden: HashSet<String>,
    /// Inputs that a stage writes over.
    replaced: HashSet<String>,
    /// What the current stage has asked for.
    asked: HashSet<String>,
    /// Once a stage has left out columns: the inputs not yet asked for that it let through.
    let_through: Option<BTreeSet<String>>,
    /// The first column asked for that a stage left out.
    left_out: Option<String>,
    stages: Vec<StageInfo>,
    slots: usize,
    /// The bytes that the attributes of slots may still take.
    described: usize,
}

/// The most slots of a vector column of which each has attributes, and the bytes that those of all columns may take.
const MAX_SLOTS: usize = 1 << 16;
const MAX_DESCRIBED: usize = 128 << 20;

impl Builder {
    /// A builder for a model that will meet these columns.
    pub fn new(declared: impl Into<Declared>) -> Builder {
        let Declared { types, sizes, columns, exactness } = declared.into();
        Builder {
            declared: types,
            columns,
            sizes: sizes.into_iter().collect(),
            exactness,
            inputs: Vec::new(),
            nodes: Vec::new(),
            bound: HashMap::new(),
            outputs: Outputs::default(),
            raw_predictions: HashSet::new(),
            hidden: HashSet::new(),
            replaced: HashSet::new(),
            asked: HashSet::new(),
            let_through: None,
            left_out: None,
            stages: Vec::new(),
            slots: 0,
            described: MAX_DESCRIBED,
        }
    }

    /// Remembers that some stage expects vectors of this size in this column; the first word counts.
    pub fn expect_size(&mut self, column: &str, size: usize) {
        self.sizes.entry(column.to_owned()).or_insert(size);
    }

    /// The size of the vectors that some stage expects in this column.
    pub fn expected_size(&self, column: &str) -> Option<usize> {
        self.sizes.get(column).copied()
    }

    /// Whether it is known that there is no column of this name: no stage wrote it, and the caller has none.
    pub fn is_absent(&self, name: &str) -> bool {
        !self.bound.contains_key(name) && self.columns.as_ref().is_some_and(|columns| !columns.contains(name))
    }

    /// Whether it is known that there is a column of this name: a stage wrote it, or the caller has it.
    pub fn is_present(&self, name: &str) -> bool {
        let has = |columns: &BTreeSet<String>| columns.contains(name);
        self.type_of(name).is_some() || self.columns.as_ref().is_some_and(has)
    }

    /// The type of the column of this name, if a stage wrote it or the caller declared it.
    pub fn type_of(&self, name: &str) -> Option<&ColumnType> {
        let bound = self.bound.get(name).map(|column| &column.column_type);
        bound.or_else(|| self.declared.get(name))
    }

    /// Whether a stage wrote a column of this name.
    pub fn is_output(&self, name: &str) -> bool {
        self.outputs.get(name).is_some()
    }

    /// A vector column with an attribute for each of its `size` slots, or without where those would take much memory:
    /// a save says any size in a word, and names grow from stage to stage.
    pub fn describe(&mut self, size: usize, mut attribute: impl FnMut(usize) -> Attribute) -> Attributes {
        if size > MAX_SLOTS {
            return Attributes::sized(size);
        }
        let mut slots = Vec::new();
        for slot in 0..size {
            let attribute = attribute(slot);
            let bytes = size_of::<Attribute>() + attribute.name().map_or(0, |name| name.len());
            let Some(left) = self.described.checked_sub(bytes) else { return Attributes::sized(size) };
            self.described = left;
            slots.push(attribute);
        }
        Attributes::Vector(VectorAttributes { size: Some(size), slots: Some(slots.into()) })
    }

    /// Begins a stage; what follows belongs to it.
    pub fn stage(&mut self, stage: StageInfo) {
        self.asked = stage.inputs.iter().cloned().collect();
        self.stages.push(stage);
    }

    /// Adds to what there is to know of the current stage's size.
    pub fn fact(&mut self, name: &str, value: impl ToString) {
        if let Some(stage) = self.stages.last_mut() {
            stage.facts.push((name.to_owned(), value.to_string()));
        }
    }

    /// Builds a part of the current stage of which there is nothing to say: the stage's outputs and facts stay.
    pub fn within<T>(
        &mut self,
        build: impl FnOnce(&mut Builder) -> Result<T, BuildError>,
    ) -> Result<T, BuildError> {
        let known = self.stages.last().map(|stage| (stage.outputs.len(), stage.facts.len()));
        let built = build(self)?;
        if let (Some(stage), Some((outputs, facts))) = (self.stages.last_mut(), known) {
            stage.outputs.truncate(outputs);
            stage.facts.truncate(facts);
        }
        Ok(built)
    }

    /// The column of this name if an earlier stage bound it, or an input of this name exists or was declared;
    /// `nullable` says whether the stage takes nulls in it.
    pub fn known(&mut self, name: &str, nullable: bool) -> Option<Col> {
        if let Some(found) = self.bound.get(name) {
            return Some(found.clone());
        }
        let declared = self.declared.get(name)?.clone();
        Some(self.new_input(name, Asked { column_type: declared, nullable }))
    }

    /// The column of this name; an input of the model if no earlier stage bound it.
    pub fn column(&mut self, name: &str, asked: Asked) -> Col {
        let found = match self.bound.get(name) {
            Some(found) => found.clone(),
            None => {
                let column_type = self.declared.get(name).cloned().unwrap_or(asked.column_type);
                self.new_input(name, Asked { column_type, nullable: asked.nullable })
            }
        };
        if let Some(stage) = self.stages.last_mut()
            && self.asked.insert(name.to_owned())
        {
            stage.inputs.push(name.to_owned());
        }
        found
    }

    /// The column of this name as doubles: numbers and booleans are cast, as Spark casts them.
    pub fn doubles(&mut self, name: &str, nullable: bool) -> Result<Col, BuildError> {
        let found = self.column(name, Asked { column_type: ColumnType::Double, nullable });
        self.cast(&found, ColumnType::Double)
    }

    /// The column of this name, which must hold ML vectors.
    pub fn vectors(&mut self, name: &str) -> Result<Col, BuildError> {
        let found = self.column(name, Asked::of(ColumnType::Vector));
        match found.column_type {
            ColumnType::Vector => Ok(found),
            _ => Err(type_error(&found, "vector")),
        }
    }

    /// `column` cast to `to`; the column itself if it has that type.
    pub fn cast(&mut self, column: &Col, to: ColumnType) -> Result<Col, BuildError> {
        if column.column_type == to {
            return Ok(column.clone());
        }
        let attributes = column.attributes.clone();
        Ok(self.apply(Op::Cast(Cast { to }), &[column])?.with_attributes(attributes))
    }

    /// Applies an operation that makes one column.
    pub fn apply(&mut self, op: Op, inputs: &[&Col]) -> Result<Col, BuildError> {
        let mut outputs = self.apply_all(op, inputs)?;
        match (outputs.pop(), outputs.is_empty()) {
            (Some(only), true) => Ok(only),
            _ => Err(BuildError::Invalid("an operation did not make one column".to_owned())),
        }
    }

    /// Applies an operation that makes any number of columns.
    pub fn apply_all(&mut self, mut op: Op, inputs: &[&Col]) -> Result<Vec<Col>, BuildError> {
        op.set_exactness(self.exactness);
        let types: Vec<&ColumnType> = inputs.iter().map(|col| &col.column_type).collect();
        let outputs = op.output_types(&types).map_err(|mismatch| {
            let column = inputs.get(mismatch.input);
            BuildError::ColumnType {
                column: column.map_or_else(String::new, |col| col.name.to_string()),
                found: column.map_or_else(|| "missing".to_owned(), |col| col.column_type.to_string()),
                expected: mismatch.expected,
            }
        })?;
        let name = inputs.first().map_or_else(|| Arc::from(""), |col| Arc::clone(&col.name));
        let nullable = inputs.iter().any(|col| col.nullable) && op.passes_nulls();
        let outputs: Vec<Col> = outputs
            .into_iter()
            .map(|column_type| Col {
                slot: self.new_slot(),
                name: Arc::clone(&name),
                column_type,
                nullable,
                attributes: Attributes::None,
            })
            .collect();
        self.nodes.push(Node {
            op: Arc::new(op),
            inputs: inputs.iter().map(|col| col.slot).collect(),
            outputs: outputs.iter().map(|col| col.slot).collect(),
            names: inputs.iter().map(|col| Arc::clone(&col.name)).collect(),
            stage: self.stages.last().map_or_else(
                || Arc::from(""),
                |stage| Arc::from(format!("stage {} {} {}", stage.place, stage.class, stage.uid)),
            ),
        });
        Ok(outputs)
    }

    /// Checks that no column has this name yet, as for one that a stage makes for itself alone and takes away again.
    pub fn expect_free(&self, name: &str) -> Result<(), BuildError> {
        match self.bound.contains_key(name) || self.declared.contains_key(name) {
            true => Err(BuildError::ColumnExists(name.to_owned())),
            false => Ok(()),
        }
    }

    /// Gives `column` a name: an output of the model that later stages find.
    pub fn bind(&mut self, name: &str, column: Col) -> Result<(), BuildError> {
        if self.bound.contains_key(name) {
            return Err(BuildError::ColumnExists(name.to_owned()));
        }
        let mut stage = String::new();
        if let Some(current) = self.stages.last_mut() {
            current.outputs.push(name.to_owned());
            stage = format!("{} {}", current.place, current.class);
        }
        let field = Field {
            name: name.to_owned(),
            column_type: column.column_type.clone(),
            size: column.attributes.size(),
            nullable: column.nullable,
            stage,
        };
        self.outputs.add(field, column.slot);
        self.bound.insert(name.to_owned(), Col { name: Arc::from(name), ..column });
        Ok(())
    }

    /// Binds a raw prediction, which faces do not answer unless it is asked for.
    pub fn bind_raw_prediction(&mut self, name: &str, column: Col) -> Result<(), BuildError> {
        self.raw_predictions.insert(name.to_owned());
        self.bind(name, column)
    }

    /// Binds a name that may be bound already: what was there is written over, as Spark's `withColumn` does.
    pub fn replace(&mut self, name: &str, column: Col) -> Result<(), BuildError> {
        if self.bound.remove(name).is_some() {
            self.outputs.remove(name);
            self.replaced.insert(name.to_owned());
        }
        self.bind(name, column)
    }

    /// Takes a bound name away again, so that it is no output and later stages do not find it.
    pub fn drop_column(&mut self, name: &str) {
        self.bound.remove(name);
        self.outputs.remove(name);
        self.hidden.insert(name.to_owned());
    }

    /// The names of the outputs so far, in order.
    pub fn output_names(&self) -> Vec<String> {
        self.outputs.fields().map(|field| field.name.clone()).collect()
    }

    /// Makes these columns, in this order, the only outputs, as a `SELECT` does. Of the inputs, all stay with `open`,
    /// else only those among `columns` and, of those that no stage has asked for yet, those named in `let_through`.
    pub fn select(
        &mut self,
        columns: Vec<(String, Col)>,
        open: bool,
        let_through: BTreeSet<String>,
    ) -> Result<(), BuildError> {
        let inputs = self.inputs.iter().map(|(field, slot)| (field.name.clone(), *slot));
        let inputs: HashMap<String, Slot> = inputs.collect();
        let is_input = |name: &str, column: &Col| inputs.get(name) == Some(&column.slot);
        self.bound.retain(|name, column| open && is_input(name, column));
        self.outputs.clear();
        if !open {
            let before = self.let_through.take();
            let passes = |name: &String| before.as_ref().is_none_or(|before| before.contains(name));
            self.let_through = Some(let_through.into_iter().filter(passes).collect());
        }
        for (name, column) in columns {
            if is_input(&name, &column) {
                self.bound.insert(name, column);
                continue;
            }
            if inputs.contains_key(&name) {
                self.bound.remove(&name);
                self.replaced.insert(name.clone());
            }
            self.bind(&name, column)?;
        }
        Ok(())
    }

    /// The model of all that was built.
    pub fn finish(self, info: ModelInfo) -> Result<Model, BuildError> {
        let hides = |input: &Field| !self.replaced.contains(&input.name) && self.is_output(&input.name);
        if let Some((field, _)) = self.inputs.iter().find(|(field, _)| hides(field)) {
            return Err(BuildError::ColumnExists(field.name.clone()));
        }
        if let Some(name) = &self.left_out {
            return Err(BuildError::Invalid(format!(
                "column '{name}' is read by a stage, but an earlier stage selects other columns only"
            )));
        }
        let last = self.stages.iter().rev().find(|stage| !stage.outputs.is_empty());
        let shown = |name: &&String| {
            !self.raw_predictions.contains(*name) && !self.hidden.contains(*name) && self.is_output(name)
        };
        let mut default_outputs: Vec<String> =
            last.map_or_else(Vec::new, |stage| stage.outputs.iter().filter(shown).cloned().collect());
        let is_vector =
            |name: &String| self.outputs.get(name).is_some_and(|out| out.column_type == ColumnType::Vector);
        default_outputs.sort_by_key(is_vector);
        let signature = Signature {
            inputs: self.inputs.iter().map(|(field, _)| field.clone()).collect(),
            outputs: self.outputs.fields().cloned().collect(),
            default_outputs,
        };
        let graph = inputs_first(self.inputs, self.nodes, self.outputs.into_vec(), self.slots);
        Ok(Model { info, stages: self.stages, signature, graph })
    }

    fn new_slot(&mut self) -> Slot {
        self.slots += 1;
        self.slots - 1
    }

    fn new_input(&mut self, name: &str, asked: Asked) -> Col {
        if self.let_through.as_ref().is_some_and(|let_through| !let_through.contains(name)) {
            self.left_out.get_or_insert_with(|| name.to_owned());
        }
        let slot = self.new_slot();
        let size = if asked.column_type == ColumnType::Vector { self.expected_size(name) } else { None };
        let attributes = size.map_or(Attributes::None, Attributes::sized);
        let stage =
            self.stages.last().map_or_else(String::new, |stage| format!("{} {}", stage.place, stage.class));
        let column =
            Col { slot, name: Arc::from(name), column_type: asked.column_type, nullable: true, attributes };
        let field = Field {
            name: name.to_owned(),
            column_type: column.column_type.clone(),
            size,
            nullable: asked.nullable,
            stage,
        };
        self.inputs.push((field, slot));
        self.bound.insert(name.to_owned(), column.clone());
        column
    }
}

/// Renumbers slots so that the inputs own the first ones.
fn inputs_first(
    inputs: Vec<(Field, Slot)>,
    mut nodes: Vec<Node>,
    mut outputs: Vec<(Field, Slot)>,
    slots: usize,
) -> Graph {
    let mut order: Vec<Slot> = inputs.iter().map(|&(_, slot)| slot).collect();
    let mut is_input = vec![false; slots];
    order.iter().for_each(|&slot| is_input[slot] = true);
    order.extend((0..slots).filter(|&slot| !is_input[slot]));
    let mut places = vec![0; slots];
    order.iter().enumerate().for_each(|(place, &slot)| places[slot] = place);
    for node in &mut nodes {
        node.inputs.iter_mut().chain(&mut node.outputs).for_each(|slot| *slot = places[*slot]);
    }
    outputs.iter_mut().for_each(|(_, slot)| *slot = places[*slot]);
    Graph { inputs: inputs.into_iter().map(|(field, _)| field).collect(), nodes, outputs, slots }
}

/// The error for a column of a type that a stage does not take.
fn type_error(column: &Col, expected: &str) -> BuildError {
    BuildError::ColumnType {
        column: column.name.to_string(),
        found: column.column_type.to_string(),
        expected: expected.to_owned(),
    }
}
