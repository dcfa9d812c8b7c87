//! `VectorIndexerModel`: category indices in place of the values of the slots that had few of them in training.
//!
//! The save holds the categories of each such slot (`categoryMaps`). `handleInvalid` speaks of values not seen: an
//! error, no row (`skip`), or one more category (`keep`). Rows keep their form, and of a sparse row only what is
//! stored is looked up. Spark's `ml/feature/VectorIndexer.scala`.

use std::collections::BTreeMap;
use std::sync::Arc;

use firesteel_plan::ops::{HandleInvalid, IndexSlots};
use firesteel_plan::{Attribute, Attributes, BuildError, Builder};

use super::columns::handle_invalid;
use crate::data::Row;
use crate::error::LoadError;
use crate::saved::Saved;
use crate::stage::{Stage, StageSpec};

pub(crate) const STAGE: StageSpec = StageSpec {
    class: "org.apache.spark.ml.feature.VectorIndexerModel",
    since: "1.4.0",
    load: VectorIndexer::load,
};

/// What Spark calls the category of values not seen.
const UNKNOWN: &str = "__unknown";

struct VectorIndexer {
    input: String,
    output: String,
    index: IndexSlots,
}

type Categories = Vec<(f64, f64)>;

impl VectorIndexer {
    fn load(saved: &Saved) -> Result<Box<dyn Stage>, LoadError> {
        let handle_invalid = handle_invalid(saved, &["error", "skip", "keep"])?;
        let data = saved.data("data")?;
        let row = data.only_row()?;
        let size = usize::try_from(row.int("numFeatures")?);
        let size = size.map_err(|_| row.error("'numFeatures' is below 0"))?;
        let index = IndexSlots { handle_invalid, size, slots: Arc::new(category_maps(&row, size)?) };
        Ok(Box::new(VectorIndexer { input: saved.param("inputCol")?, output: saved.output_col()?, index }))
    }

    /// The attribute of a slot: its categories' values as Java prints them, under the name that the slot had.
    fn attribute(&self, slot: usize, before: Option<&Attribute>) -> Attribute {
        let name = before.and_then(Attribute::name).cloned();
        let Some(mut labels) = self.index.labels(slot) else {
            return match before {
                None | Some(Attribute::Unresolved) => Attribute::Numeric { name },
                Some(before) => before.clone(),
            };
        };
        let keep = self.index.handle_invalid == HandleInvalid::Keep;
        if labels.len() == 2 && !keep {
            return Attribute::Binary { name };
        }
        labels.extend(keep.then(|| UNKNOWN.to_owned()));
        Attribute::Nominal { name, values: Some(labels.into()), num_values: None }
    }
}

/// The categories of the slots below `size` that have some, by ascending values.
fn category_maps(row: &Row<'_>, size: usize) -> Result<BTreeMap<usize, Categories>, LoadError> {
    let mut maps = BTreeMap::new();
    for (slot, values, indices) in row.number_maps("categoryMaps")? {
        let place = usize::try_from(slot).ok().filter(|&place| place < size);
        let place = place.ok_or_else(|| {
            row.error(format!("'categoryMaps' has slot {slot}, expected slots below {size}"))
        })?;
        let indices = indices.iter().map(|&index| f64::from(index));
        let mut categories: Categories = values.iter().copied().zip(indices).collect();
        // A NaN of either sign goes last: nothing equals it, but it counts as a category.
        categories.sort_unstable_by(|(one, _), (next, _)| {
            one.is_nan().cmp(&next.is_nan()).then(one.total_cmp(next))
        });
        maps.insert(place, categories);
    }
    Ok(maps)
}

impl Stage for VectorIndexer {
    fn expect(&self, builder: &mut Builder) {
        builder.expect_size(&self.input, self.index.size);
    }

    fn lower(&self, builder: &mut Builder) -> Result<(), BuildError> {
        let input = builder.vectors(&self.input)?;
        let size = self.index.size;
        if let Some(other) = input.attributes().size().filter(|&other| other != size) {
            return Err(BuildError::Invalid(format!(
                "VectorIndexerModel was fitted on vectors of size {size}, but those in column '{}' have size {other}",
                self.input
            )));
        }
        let before: Option<Arc<[Attribute]>> = match input.attributes() {
            Attributes::Vector(vector) => vector.slots.clone(),
            _ => None,
        };
        let known = |slot: usize| before.as_ref().and_then(|slots| slots.get(slot));
        let attributes = builder.describe(size, |slot| self.attribute(slot, known(slot)));
        let indexed = builder.apply(self.index.clone().into(), &[&input])?;
        builder.fact("size", size);
        builder.fact("categorical", self.index.slots.len());
        builder.bind(&self.output, indexed.with_attributes(attributes))
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{Save, golden, save, vector};

    #[test]
    fn unseen_values_are_one_more_category_in_every_version() {
        for version in ["2.4.8", "3.0.3", "3.5.9", "4.3.0"] {
            let model = golden("VectorIndexerModel", version);
            let row = |x| model.score(vec![("countf", vector(&[x; 4]))]).vector("vi", 0);
            assert_eq!((row(0.0), row(-0.0)), (vec![0.0; 4], vec![0.0; 4]));
            assert_eq!((row(99.0), row(f64::NAN)), (vec![5.0; 4], vec![5.0; 4]));
        }
    }

    #[test]
    fn vectors_of_another_size_are_refused() {
        let hint = save("VectorSizeHint", "3.5.9", r#"{"inputCol":"countf","size":3}"#);
        let pipeline = Save::pipeline("3.5.9", vec![hint, Save::golden("VectorIndexerModel", "3.5.9")]);
        let error = pipeline.open(&[]).unwrap_err().to_string();
        assert!(error.contains("fitted on vectors of size 4") && error.contains("have size 3"), "{error}");
    }

    #[test]
    fn other_data_are_refused() {
        let other = Save::golden("StandardScalerModel", "3.5.9").part();
        let save = Save::golden("VectorIndexerModel", "3.5.9").with_part(&other);
        let error = save.open(&[]).unwrap_err().to_string();
        assert!(error.contains("no column 'numFeatures'"), "{error}");
    }
}
