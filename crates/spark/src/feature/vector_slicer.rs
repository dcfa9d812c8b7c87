//! `VectorSlicer`: the vector of some slots, by their `indices` and then by their `names`, in the order given.
//!
//! Names are those that the ML attributes of the input column have, as a `VectorAssembler` gives them. A slot may
//! be asked for once only. A sparse row stays sparse; from 3.2 on it loses the zeros that it stores. Spark's `ml/feature/VectorSlicer.scala`.

use std::collections::HashMap;

use firesteel_plan::ops::SelectSlots;
use firesteel_plan::{Attribute, Attributes, BuildError, Builder, Col};

use super::columns::selected;
use crate::error::LoadError;
use crate::saved::Saved;
use crate::stage::{Stage, StageSpec};

pub(crate) const STAGE: StageSpec =
    StageSpec { class: "org.apache.spark.ml.feature.VectorSlicer", since: "1.5.0", load: VectorSlicer::load };

struct VectorSlicer {
    input: String,
    output: String,
    indices: Vec<u32>,
    names: Vec<String>,
    keeps_zeros: bool,
}

impl VectorSlicer {
    fn load(saved: &Saved) -> Result<Box<dyn Stage>, LoadError> {
        let given: Vec<i32> = saved.param_or("indices", Vec::new())?;
        let indices: Option<Vec<u32>> = given.iter().map(|&index| u32::try_from(index).ok()).collect();
        let indices = indices.filter(|indices| all_differ(indices));
        let indices = indices
            .ok_or_else(|| saved.invalid("indices", format!("{given:?}"), "numbers from 0 on, each once"))?;
        let names: Vec<String> = saved.param_or("names", Vec::new())?;
        if !all_differ(&names) || names.iter().any(String::is_empty) {
            return Err(saved.invalid("names", format!("{names:?}"), "names, each once"));
        }
        if indices.is_empty() && names.is_empty() {
            return Err(saved.invalid("indices", "empty", "at least one index, or a name in 'names'"));
        }
        let (input, output) = (saved.param("inputCol")?, saved.output_col()?);
        let keeps_zeros = !saved.version().at_least(3, 2);
        Ok(Box::new(VectorSlicer { input, output, indices, names, keeps_zeros }))
    }

    /// The places of the slots of these names; of several of one name, Spark takes the last.
    fn places(&self, input: &Col) -> Result<Vec<u32>, BuildError> {
        let slots: &[Attribute] = match input.attributes() {
            Attributes::Vector(vector) => vector.slots.as_deref().unwrap_or_default(),
            _ => &[],
        };
        let named = slots.iter().zip(0..).filter_map(|(slot, place)| Some((&**slot.name()?, place)));
        let named: HashMap<&str, u32> = named.collect();
        let place = |name: &String| {
            named.get(name.as_str()).copied().ok_or_else(|| {
                let known: Vec<&str> =
                    slots.iter().filter_map(|slot| slot.name()).take(20).map(|own| &**own).collect();
                let known = if known.is_empty() { "no names of slots".to_owned() } else { known.join(", ") };
                BuildError::Invalid(format!(
                    "column '{}' has no slot named '{name}'; it has {known}",
                    self.input
                ))
            })
        };
        self.names.iter().map(place).collect()
    }
}

fn all_differ<T: Ord + Clone>(values: &[T]) -> bool {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    sorted.is_sorted_by(|one, next| one < next)
}

impl Stage for VectorSlicer {
    fn lower(&self, builder: &mut Builder) -> Result<(), BuildError> {
        let input = builder.vectors(&self.input)?;
        let mut slots = self.indices.clone();
        slots.extend(self.places(&input)?);
        if !all_differ(&slots) {
            return Err(BuildError::Invalid(format!(
                "VectorSlicer asks for a slot of column '{}' by 'indices' {:?} and again by 'names' {:?}",
                self.input, self.indices, self.names
            )));
        }
        let attributes = match selected(builder, &input, &slots)? {
            Attributes::None => Attributes::sized(slots.len()),
            known => known,
        };
        builder.fact("slots", slots.len());
        let sliced = builder
            .apply(SelectSlots { slots: slots.into(), keeps_zeros: self.keeps_zeros }.into(), &[&input])?;
        builder.bind(&self.output, sliced.with_attributes(attributes))
    }
}

#[cfg(test)]
mod tests {
    use crate::LoadError;
    use crate::testing::{Save, doubles, save, vector};

    fn slicer(params: &str) -> Save {
        save("VectorSlicer", "3.5.9", &format!(r#"{{"inputCol":"v","outputCol":"o",{params}}}"#))
    }

    fn after_assembler(params: &str) -> Save {
        let assembler = save("VectorAssembler", "3.5.9", r#"{"inputCols":["a","b","c"],"outputCol":"v"}"#);
        Save::pipeline("3.5.9", vec![assembler, slicer(params)])
    }

    fn refused(save: Save) -> String {
        let declared = ["a", "b", "c"].map(|name| (name, firesteel_plan::ColumnType::Double));
        let error: LoadError = save.open(&declared).unwrap_err();
        error.to_string()
    }

    #[test]
    fn indices_come_first_then_names() {
        let declared = ["a", "b", "c"].map(|name| (name, firesteel_plan::ColumnType::Double));
        let model = after_assembler(r#""indices":[2],"names":["b","a"]"#).open(&declared).unwrap();
        let one = |value| doubles(&[Some(value)]);
        let row = model.score(vec![("a", one(1.0)), ("b", one(2.0)), ("c", one(3.0))]).vector("o", 0);
        assert_eq!(row, [3.0, 2.0, 1.0]);
    }

    #[test]
    fn indices_alone_need_no_attributes() {
        let model = slicer(r#""indices":[1]"#).open(&[]).unwrap();
        assert_eq!(model.score(vec![("v", vector(&[1.0, 2.0]))]).vector("o", 0), [2.0]);
    }

    #[test]
    fn slots_that_are_not_there_or_twice_are_refused() {
        let cases = [
            (slicer(r#""indices":[1,1]"#), "each once"),
            (slicer(r#""indices":[-1]"#), "numbers from 0 on"),
            (slicer(r#""names":["a","a"]"#), "names, each once"),
            (slicer(r#""indices":[]"#), "at least one index"),
            (slicer(r#""names":["a"]"#), "it has no names of slots"),
            (after_assembler(r#""names":["d"]"#), "no slot named 'd'; it has a, b, c"),
            (after_assembler(r#""indices":[1],"names":["b"]"#), "and again by 'names'"),
            (after_assembler(r#""indices":[3]"#), "slot 3"),
        ];
        for (save, expected) in cases {
            let error = refused(save);
            assert!(error.contains(expected), "{error}");
        }
    }
}
