//! `TargetEncoderModel`: for each category index the mean of the target that training saw with it.
//!
//! The save holds for each column the categories with their counts and what was seen of the target (`stats`): how
//! often it was 1 (`targetType` `binary`, the default), or its mean (`continuous`). Category 2147483647 is all rows,
//! −1 the nulls. `smoothing` (default 0) blends a category with all rows. `handleInvalid` speaks of categories not
//! seen, and of nulls where training saw none: an error, or with `keep` what stands for all rows.
//! Spark's `ml/feature/TargetEncoder.scala`, since 4.0.

use std::sync::Arc;

use firesteel_plan::ops::Recode;
use firesteel_plan::{Attribute, Attributes, BuildError, Builder};

use super::columns::{Pair, numbers, pairs};
use crate::error::LoadError;
use crate::saved::Saved;
use crate::stage::{Stage, StageSpec};

pub(crate) const STAGE: StageSpec = StageSpec {
    class: "org.apache.spark.ml.feature.TargetEncoderModel",
    since: "4.0.0",
    load: TargetEncoder::load,
};

/// The category of all rows, and that of nulls.
const ALL: f64 = 2_147_483_647.0;
const NULL: f64 = -1.0;

struct TargetEncoder {
    columns: Vec<Column>,
}

struct Column {
    pair: Pair,
    recode: Recode,
    /// How many codes there are.
    codes: usize,
}

/// How a category's code is made.
#[derive(Clone, Copy)]
struct Blend {
    smoothing: f64,
    binary: bool,
    keep: bool,
}

impl Blend {
    /// What stands for a category of `count` rows, where `all` are the count and target of all rows.
    fn code(self, (count, seen): (f64, f64), all: (f64, f64)) -> f64 {
        let weight = count / (count + self.smoothing);
        if self.binary {
            weight * (seen / count) + (1.0 - weight) * (all.1 / all.0)
        } else {
            weight * seen + (1.0 - weight) * all.1
        }
    }

    /// The codes of a column, from its categories with their counts and targets; `None` without one of all rows.
    fn recode(self, stats: &[(f64, (f64, f64))]) -> Option<Recode> {
        let of = |wanted: f64| stats.iter().find(|(category, _)| *category == wanted).map(|(_, stat)| *stat);
        let all = of(ALL)?;
        let unknown = self.keep.then(|| self.code(all, all));
        let categories = stats.iter().filter(|(category, _)| *category != ALL && *category != NULL);
        let mut known: Vec<(f64, f64)> =
            categories.map(|&(category, stat)| (category, self.code(stat, all))).collect();
        known.sort_unstable_by(|one, next| one.0.total_cmp(&next.0));
        let null = of(NULL).map(|stat| self.code(stat, all)).or(unknown);
        Some(Recode { known: known.into(), null, unknown })
    }

    /// How many codes there are; Spark takes them for the categories of the column that it makes.
    fn count(self, stats: &[(f64, (f64, f64))]) -> usize {
        let all = stats.iter().find(|(category, _)| *category == ALL).map_or((0.0, 0.0), |(_, stat)| *stat);
        let mut codes: Vec<f64> = stats.iter().map(|&(_, stat)| self.code(stat, all)).collect();
        codes.sort_unstable_by(f64::total_cmp);
        codes.dedup();
        codes.len()
    }
}

impl TargetEncoder {
    fn load(saved: &Saved) -> Result<Box<dyn Stage>, LoadError> {
        let blend = Blend {
            smoothing: saved.param_or("smoothing", 0.0)?,
            binary: saved.one_of("targetType", &["binary", "continuous"], "binary")? == "binary",
            keep: saved.one_of("handleInvalid", &["error", "keep"], "error")? == "keep",
        };
        let pairs = pairs(saved)?;
        let data = saved.data("data")?;
        let indices = data.column("index")?.ints()?;
        if indices.len() != pairs.len() {
            return Err(data.error(format!("{} rows for {} input columns", indices.len(), pairs.len())));
        }
        let lists = |name: &str| data.column(name)?.double_lists();
        let (categories, counts, stats) = (lists("categories")?, lists("counts")?, lists("stats")?);
        let mut order: Vec<usize> = (0..indices.len()).collect();
        order.sort_by_key(|&row| indices[row]);
        let mut columns = Vec::new();
        for (pair, row) in pairs.into_iter().zip(order) {
            let (categories, counts, stats) = (categories.get(row), counts.get(row), stats.get(row));
            if counts.len() != categories.len() || stats.len() != categories.len() {
                let (categories, counts, stats) = (categories.len(), counts.len(), stats.len());
                return Err(data.error(format!("{categories} categories, {counts} counts and {stats} stats")));
            }
            let stats = counts.iter().copied().zip(stats.iter().copied());
            let stats: Vec<(f64, (f64, f64))> = categories.iter().copied().zip(stats).collect();
            let recode = blend.recode(&stats);
            let recode = recode.ok_or_else(|| data.error(format!("there is no category {ALL}, all rows")))?;
            columns.push(Column { pair, recode, codes: blend.count(&stats) });
        }
        Ok(Box::new(TargetEncoder { columns }))
    }
}

impl Stage for TargetEncoder {
    fn lower(&self, builder: &mut Builder) -> Result<(), BuildError> {
        let mut made = Vec::with_capacity(self.columns.len());
        for Column { pair, recode, codes } in &self.columns {
            let input = numbers(builder, &pair.input, recode.null.is_some())?;
            let coded = builder.apply(recode.clone().into(), &[&input])?;
            builder.fact("categories", recode.known.len());
            let name: Option<Arc<str>> = Some(Arc::from(pair.output.as_str()));
            let attribute = Attribute::Nominal { name, values: None, num_values: Some(*codes) };
            made.push((&pair.output, coded.with_attributes(Attributes::Scalar(attribute))));
        }
        made.into_iter().try_for_each(|(output, codes)| builder.replace(output, codes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Save, doubles, golden};

    #[test]
    fn unseen_categories_are_kept_or_refused() {
        let model = golden("TargetEncoderModel", "4.3.0");
        let column = || doubles(&[Some(7.0), None, Some(-1.0), Some(2_147_483_647.0)]);
        let codes = model.score(vec![("catIdx", column()), ("catIdx2", column())]).doubles("t1");
        assert!(codes.iter().all(|code| *code == codes[0]), "{codes:?}");
        let strict = golden("TargetEncoderModel_cont", "4.3.0");
        for bad in [Some(7.0), None, Some(0.5)] {
            let error = strict.try_score(vec![("catIdx", doubles(&[bad]))]).unwrap_err().to_string();
            assert!(error.contains("a category seen in training"), "{error}");
        }
    }

    #[test]
    fn smoothing_blends_with_all_rows() {
        let blend = Blend { smoothing: 2.0, binary: true, keep: false };
        let stats = [(ALL, (8.0, 2.0)), (1.0, (2.0, 2.0)), (NULL, (2.0, 0.0))];
        let recode = blend.recode(&stats).unwrap();
        assert_eq!(
            (recode.known.as_ref(), recode.null, recode.unknown),
            (&[(1.0, 0.625)][..], Some(0.125), None)
        );
        assert_eq!(blend.count(&stats), 3);
        let mean = Blend { binary: false, ..blend }.recode(&[(ALL, (8.0, 4.0)), (1.0, (2.0, 1.0))]).unwrap();
        assert_eq!((mean.known[0], mean.null), ((1.0, 2.5), None));
        assert!(blend.recode(&stats[1..]).is_none());
    }

    #[test]
    fn other_data_are_refused() {
        let other = Save::golden("StandardScalerModel", "3.5.9").part();
        let error = Save::golden("TargetEncoderModel", "4.3.0").with_part(&other).open(&[]).unwrap_err();
        assert!(error.to_string().contains("no column 'index'"), "{error}");
        let cont = Save::golden("TargetEncoderModel_cont", "4.3.0").part();
        let error = Save::golden("TargetEncoderModel", "4.3.0").with_part(&cont).open(&[]).unwrap_err();
        assert!(error.to_string().contains("1 rows for 2 input columns"), "{error}");
    }
}
