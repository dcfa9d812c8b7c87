//! `ALSModel`: how much a user likes an item, the dot product of their factors as a float.
//!
//! The save has a row for each known user (`userFactors`) and item (`itemFactors`), `rank` floats each. A pair of
//! which one is not known is NaN, or with `coldStartStrategy` `drop` no row. Ids may be numbers of any type, but must
//! be whole numbers of 32 bits and not null. Parameters that count: `userCol`, `itemCol`, `predictionCol` and
//! `coldStartStrategy`. From Spark 4.0 on ids become ints in their own column; here only floats and doubles do, for
//! the others are the same numbers. Recommendations for all users are not scoring. Spark's
//! `ml/recommendation/ALS.scala`.

use std::sync::Arc;

use firesteel_plan::ops::{DotFactors, Factors};
use firesteel_plan::{Asked, BuildError, Builder, Col, ColumnType};

use crate::error::LoadError;
use crate::saved::Saved;
use crate::stage::{Stage, StageSpec};

pub(crate) const STAGE: StageSpec =
    StageSpec { class: "org.apache.spark.ml.recommendation.ALSModel", since: "1.3.0", load: Als::load };

struct Als {
    user_column: String,
    item_column: String,
    prediction_column: String,
    rank: usize,
    dot: DotFactors,
    whole_ids: bool,
}

impl Als {
    fn load(saved: &Saved) -> Result<Box<dyn Stage>, LoadError> {
        let rank = saved.extra("rank")?.ok_or_else(|| saved.invalid("rank", "missing", "a whole number"))?;
        let strategy: String = saved.param_or("coldStartStrategy", "nan".to_owned())?;
        // Spark takes either word in any case.
        let drop_unknown = match strategy.to_lowercase().as_str() {
            "nan" => false,
            "drop" => true,
            _ => return Err(saved.invalid("coldStartStrategy", strategy, "one of nan, drop")),
        };
        let dot = DotFactors {
            users: Arc::new(factors(saved, "userFactors", rank)?),
            items: Arc::new(factors(saved, "itemFactors", rank)?),
            drop_unknown,
        };
        Ok(Box::new(Als {
            user_column: saved.param_or("userCol", "user".to_owned())?,
            item_column: saved.param_or("itemCol", "item".to_owned())?,
            prediction_column: saved.param_or("predictionCol", "prediction".to_owned())?,
            rank,
            dot,
            whole_ids: saved.version().at_least(4, 0),
        }))
    }
}

/// The factors in one folder of the save.
fn factors(saved: &Saved, folder: &str, rank: usize) -> Result<Factors, LoadError> {
    let data = saved.data(folder)?;
    let ids = data.column("id")?.ints()?;
    let lists = data.column("features")?.float_lists()?;
    if let Some(odd) = lists.iter().find(|list| list.len() != rank) {
        return Err(data.error(format!("{} factors in a row, but rank is {rank}", odd.len())));
    }
    let count = ids.len();
    let factors = Factors::new(rank, ids, lists.into_values());
    factors.ok_or_else(|| data.error(format!("factors for not all of {count} ids")))
}

/// Makes the ids of a column ints where they are floats or doubles.
fn write_whole(builder: &mut Builder, name: &str, ids: &Col) -> Result<(), BuildError> {
    if matches!(ids.column_type(), ColumnType::Float | ColumnType::Double) {
        let whole = builder.cast(ids, ColumnType::Int)?;
        builder.replace(name, whole)?;
    }
    Ok(())
}

impl Stage for Als {
    fn lower(&self, builder: &mut Builder) -> Result<(), BuildError> {
        builder.fact("users", self.dot.users.len());
        builder.fact("items", self.dot.items.len());
        builder.fact("rank", self.rank);
        let users = builder.column(&self.user_column, Asked::of(ColumnType::Int));
        let items = builder.column(&self.item_column, Asked::of(ColumnType::Int));
        if self.whole_ids {
            write_whole(builder, &self.user_column, &users)?;
            write_whole(builder, &self.item_column, &items)?;
        }
        let scores = builder.apply(self.dot.clone().into(), &[&users, &items])?;
        builder.bind(&self.prediction_column, scores)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::Int32Array;
    use arrow_array::cast::AsArray;
    use arrow_array::types::Float32Type;
    use firesteel_plan::{Column, ColumnType};

    use crate::testing::{Save, golden};

    fn ints(values: &[i32]) -> Column {
        Column::Array(Arc::new(Int32Array::from(values.to_vec())))
    }

    #[test]
    fn strangers_are_nan_in_every_version() {
        for version in ["2.4.8", "3.0.3", "3.5.9", "4.3.0"] {
            let model = golden("ALSModel", version);
            let scored = model.score(vec![("user", ints(&[1, 99])), ("item", ints(&[1, 1]))]);
            let scores = scored.column("prediction").as_array().unwrap().as_primitive::<Float32Type>();
            assert!(scores.value(0) > 1.0 && scores.value(1).is_nan(), "{version}: {scores:?}");
        }
    }

    fn with(params: &str, rank: &str) -> Save {
        let line = format!(
            r#"{{"class":"org.apache.spark.ml.recommendation.ALSModel","uid":"a","sparkVersion":"3.5.9","paramMap":{params}{rank}}}"#
        );
        Save::golden("ALSModel", "3.5.9").with("metadata/part-", line.as_bytes())
    }

    #[test]
    fn strangers_may_be_dropped() {
        let model = with(r#"{"coldStartStrategy":"drop"}"#, r#","rank":2"#).open(&[]).unwrap();
        let scored = model.score(vec![("user", ints(&[99, 1])), ("item", ints(&[1, 1]))]);
        assert_eq!(scored.survivors(), [1]);
    }

    #[test]
    fn odd_saves_are_refused() {
        let cases = [
            (with("{}", ""), "'rank' is missing"),
            (with("{}", r#","rank":3"#), "2 factors in a row, but rank is 3"),
            (with(r#"{"coldStartStrategy":"guess"}"#, r#","rank":2"#), "expected one of nan, drop"),
            (with("{}", r#","rank":2"#).without("itemFactors"), "'itemFactors'"),
        ];
        for (save, expected) in cases {
            let error = save.open(&[]).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
        let text = [("user", ColumnType::String)];
        let error = with("{}", r#","rank":2"#).open(&text).unwrap_err().to_string();
        assert!(error.contains("column 'user' is string, expected numbers"), "{error}");
    }
}
