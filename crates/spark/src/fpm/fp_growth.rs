//! `FPGrowthModel`: what is likely to join a list of items, by rules learnt from item sets that are frequent.
//!
//! The save has a row for each frequent set and how often it was seen. Each item of a set follows from the others by
//! a rule, if the set was seen at least `minConfidence` times as often as the others; a list that has the others
//! gets the item. A null list counts as an empty one. `minSupport` and `numPartitions` counted in training only.
//! Items are texts or whole numbers. The order of what is added follows the sets as saved: Spark's own order is that
//! of a hash join, which differs with its version and its partitions. Spark's `ml/fpm/FPGrowth.scala` and
//! `mllib/fpm/AssociationRules.scala`.

use std::collections::HashMap;

use firesteel_plan::ops::{ApplyRules, Items, Rule};
use firesteel_plan::{Asked, BuildError, Builder, ColumnType};

use crate::error::LoadError;
use crate::saved::Saved;
use crate::stage::{Stage, StageSpec};

pub(crate) const STAGE: StageSpec =
    StageSpec { class: "org.apache.spark.ml.fpm.FPGrowthModel", since: "2.2.0", load: FpGrowth::load };

/// The most items in a set: all its 2ⁿ subsets are frequent too, and saved.
const MAX_SET: usize = 64;

struct FpGrowth {
    items_column: String,
    prediction_column: String,
    lists: ColumnType,
    rules: usize,
    apply: ApplyRules,
}

impl FpGrowth {
    fn load(saved: &Saved) -> Result<Box<dyn Stage>, LoadError> {
        let confidence: f64 = saved.param_or("minConfidence", 0.8)?;
        let data = saved.data("data")?;
        let seen = data.column("freq")?.longs()?;
        let (ends, items) = data.column("items")?.array_lists()?;
        let (items, codes) = Items::new(&items).map_err(|why| data.error(why))?;
        let lists = items.list_type().ok_or_else(|| data.error("items of a type that is not read"))?;
        let starts = std::iter::once(0).chain(ends.iter().copied());
        let sets: Vec<&[u32]> = starts.zip(&ends).map(|(start, &end)| &codes[start..end]).collect();
        if let Some(long) = sets.iter().find(|set| set.len() > MAX_SET) {
            return Err(data.error(format!("a set of {} items, expected at most {MAX_SET}", long.len())));
        }
        let rules = rules(&sets, &seen, confidence).ok_or_else(|| data.error("a set stands twice"))?;
        Ok(Box::new(FpGrowth {
            items_column: saved.param_or("itemsCol", "items".to_owned())?,
            prediction_column: saved.param_or("predictionCol", "prediction".to_owned())?,
            lists,
            rules: rules.len(),
            apply: ApplyRules::new(items, rules),
        }))
    }
}

/// The rules of at least this confidence: each item of a set from the others, in the order of the sets. `None` where a
/// set stands twice, which would make its rules many.
fn rules(sets: &[&[u32]], seen: &[i64], confidence: f64) -> Option<Vec<Rule>> {
    let times: HashMap<&[u32], i64> = sets.iter().copied().zip(seen.iter().copied()).collect();
    if times.len() != sets.len() {
        return None;
    }
    let mut rules = Vec::new();
    for (set, &together) in sets.iter().zip(seen) {
        for (at, &gives) in set.iter().enumerate() {
            let needs: Vec<u32> = [&set[..at], &set[at + 1..]].concat();
            let before = times.get(needs.as_slice()).filter(|_| !needs.is_empty());
            if before.is_some_and(|&before| together as f64 / before as f64 >= confidence) {
                rules.push(Rule { needs, gives });
            }
        }
    }
    Some(rules)
}

impl Stage for FpGrowth {
    fn lower(&self, builder: &mut Builder) -> Result<(), BuildError> {
        builder.fact("rules", self.rules);
        let items = builder.column(&self.items_column, Asked::nullable(self.lists.clone()));
        let added = builder.apply(self.apply.clone().into(), &[&items])?;
        builder.bind(&self.prediction_column, added)
    }
}

#[cfg(test)]
mod tests {
    use firesteel_plan::ColumnType;

    use super::*;
    use crate::testing::{Save, golden, string_lists};

    #[test]
    fn rules_need_confidence() {
        let sets: [&[u32]; 4] = [&[0], &[1], &[1, 0], &[2, 1]];
        let found = rules(&sets, &[4, 2, 2, 1], 0.6).unwrap();
        // 1 → 0 holds always, 0 → 1 half the time; 2 was not frequent by itself.
        assert_eq!(found, [Rule { needs: vec![1], gives: 0 }]);
        assert!(rules(&[&[0], &[0]], &[1, 1], 0.6).is_none());
    }

    #[test]
    fn lists_get_what_follows_in_every_version() {
        for version in ["2.4.8", "3.0.3", "3.5.9", "4.3.0"] {
            let model = golden("FPGrowthModel", version);
            let scored = model.score(vec![("items", string_lists(&[&["a", "b"], &["a", "b", "c"], &["z"]]))]);
            let shown: Vec<String> = (0..3).map(|row| scored.column("prediction").show(row)).collect();
            assert_eq!(shown, ["[c]", "[]", "[]"]);
        }
    }

    #[test]
    fn lists_of_other_items_are_refused() {
        let declared = [("items", "array<int>".parse::<ColumnType>().unwrap())];
        let error = Save::golden("FPGrowthModel", "3.5.9").open(&declared).unwrap_err().to_string();
        assert!(error.contains("column 'items' is array<int>, expected array<string>"), "{error}");
    }

    #[test]
    fn data_that_are_no_sets_are_refused() {
        let save = Save::golden("FPGrowthModel", "3.5.9").with("data/part-", b"PAR1 rubbish PAR1");
        assert!(save.open(&[]).unwrap_err().to_string().contains("save the model again"));
    }
}
