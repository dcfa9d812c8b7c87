//! Reads a record that is all numbers, straight to what a row is scored from.

use std::fmt;

use firesteel_deploy::Scorer;
use firesteel_plan::ColumnType;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, Visitor};

use super::record::{CarriedField, Key, Named};

/// The most fields beside the inputs.
const MOST_OTHERS: usize = 16;

/// The inputs of a record in their order, and its other fields, if each input stands in it once, as a number that its
/// column takes. `None` for any other body, be it wrong or only unusual: a [`Table`](super::Table) tells which.
pub(crate) fn numbers<'de>(scorer: &Scorer, body: &'de [u8]) -> Option<(Vec<f64>, Vec<CarriedField<'de>>)> {
    let mut deserializer = serde_json::Deserializer::from_slice(body);
    let read = deserializer.deserialize_map(Record { scorer }).ok()?;
    deserializer.end().ok()?;
    Some(read)
}

struct Record<'s> {
    scorer: &'s Scorer,
}

impl<'de> Visitor<'de> for Record<'_> {
    type Value = (Vec<f64>, Vec<CarriedField<'de>>);

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a record of numbers")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Self::Value, A::Error> {
        let Record { scorer } = self;
        let mut carried = Vec::new();
        // No number of JSON is NaN, which stands for those that are missing yet.
        let mut numbers = vec![f64::NAN; scorer.inputs().len()];
        let mut next = 0;
        while let Some(key) = entries.next_key_seed(Key { scorer, next })? {
            match key {
                Named::Input(place) => {
                    next = place + 1;
                    let number = entries.next_value_seed(Number(&scorer.inputs()[place].column_type))?;
                    if !numbers[place].is_nan() {
                        return Err(A::Error::custom("a field is given twice"));
                    }
                    numbers[place] = number;
                }
                // A table looks for names that are given twice in a set.
                Named::Other(_) if carried.len() == MOST_OTHERS => {
                    return Err(A::Error::custom("many other fields"));
                }
                Named::Other(name) if carried.iter().any(|(other, _)| *other == name) => {
                    return Err(A::Error::custom("a field is given twice"));
                }
                Named::Other(name) => carried.push((name, entries.next_value()?)),
            }
        }
        match numbers.iter().any(|number| number.is_nan()) {
            true => Err(A::Error::custom("a field is missing")),
            false => Ok((numbers, carried)),
        }
    }
}

/// Reads a number as a column of this type holds it.
struct Number<'t>(&'t ColumnType);

impl<'de> DeserializeSeed<'de> for Number<'_> {
    type Value = f64;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<f64, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl Visitor<'_> for Number<'_> {
    type Value = f64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a number for a column of {}", self.0)
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<f64, E> {
        match self.0 {
            ColumnType::Long | ColumnType::Int | ColumnType::Short | ColumnType::Byte => Ok(value as f64),
            _ => self.visit_f64(value as f64),
        }
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<f64, E> {
        match self.0 {
            ColumnType::Long | ColumnType::Int | ColumnType::Short | ColumnType::Byte => Ok(value as f64),
            _ => self.visit_f64(value as f64),
        }
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<f64, E> {
        match self.0 {
            ColumnType::Double => Ok(value),
            ColumnType::Float if (value as f32).is_finite() => Ok((value as f32).into()),
            _ => Err(E::custom("no number that the column takes")),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;
    use std::time::{Duration, Instant};

    use firesteel_deploy::{Fleet, Loader, Settings};
    use firesteel_plan::ops::{Assemble, HandleInvalid, SparseRule};
    use firesteel_plan::{Asked, Builder, Model, ModelInfo, StageInfo};
    use proptest::prelude::*;

    use super::*;
    use crate::api::predict::read_one;
    use crate::json::Carried;

    /// The inputs by name, the first letters of their types.
    const NAMES: [&str; 6] = ["d", "f", "l", "i", "s", "b"];

    /// A model that answers its inputs as one vector.
    fn model() -> Result<Model, firesteel_plan::BuildError> {
        use ColumnType::{Byte, Double, Float, Int, Long, Short};
        let mut builder = Builder::new(std::collections::BTreeMap::new());
        builder.stage(StageInfo::default());
        let columns = NAMES.into_iter().zip([Double, Float, Long, Int, Short, Byte]).map(|(name, found)| {
            let column = builder.column(name, Asked::of(found));
            builder.cast(&column, Double)
        });
        let columns = columns.collect::<Result<Vec<_>, _>>()?;
        let sizes = vec![Some(1); columns.len()];
        let assemble = Assemble { handle_invalid: HandleInvalid::Keep, sizes, rule: SparseRule::Ratio };
        let made = builder.apply(assemble.into(), &columns.iter().collect::<Vec<_>>())?;
        builder.bind("out", made)?;
        builder.finish(ModelInfo::default())
    }

    fn values() -> impl Strategy<Value = String> {
        let special = prop::sample::select(vec![
            "0",
            "-0",
            "-0.0",
            "1.5",
            "3.0",
            "0.1",
            "127",
            "128",
            "-128",
            "-129",
            "32768",
            "2147483647",
            "-2147483649",
            "9007199254740992",
            "9007199254740993",
            "-9223372036854775808",
            "18446744073709551615",
            "1e39",
            "1e400",
            "1e-400",
            "null",
            "true",
            "[]",
            "{}",
            "\"NaN\"",
            "\"1\"",
        ]);
        prop_oneof![
            20 => (-130..130).prop_map(|value: i32| value.to_string()),
            1 => any::<f64>().prop_map(|value| format!("{value:?}")),
            2 => special.prop_map(str::to_owned),
        ]
    }

    fn bodies() -> impl Strategy<Value = String> {
        let names = Just(["d", "f", "l", "i", "s", "b", "id"]).prop_shuffle();
        (names, prop::collection::vec(values(), 7), 0..30).prop_map(|(names, values, odd)| {
            let member = |(name, value): (&&str, &String)| format!("\"{name}\": {value}");
            let mut members: Vec<_> = names.iter().zip(&values).map(member).collect();
            match odd {
                0 => members.push(members[0].clone()),
                1 => members.truncate(6),
                2 => members.iter_mut().for_each(|member| *member = member.replace("\"d\"", "\"\\u0064\"")),
                _ => {}
            }
            format!("{{{}}}{}", members.join(", "), if odd == 3 { "1" } else { "" })
        })
    }

    #[test]
    fn a_record_of_many_other_fields_is_left_to_a_table() {
        let fleet = Fleet::new(Loader::new(|_| Ok(model()?)), Settings::default());
        let endpoint = fleet.add("m", PathBuf::new());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(endpoint.load()).unwrap();
        let scorer = endpoint.scorer(&[]).unwrap();
        let read = |others: usize| {
            let others: String = (0..others).map(|at| format!(", \"x{at}\": {at}")).collect();
            let inputs = NAMES.map(|name| format!("\"{name}\": 1")).join(", ");
            numbers(&scorer, format!("{{{inputs}{others}}}").as_bytes()).map(|(_, others)| others.len())
        };
        assert_eq!((read(MOST_OTHERS), read(MOST_OTHERS + 1)), (Some(MOST_OTHERS), None));
    }

    #[test]
    fn what_is_read_is_what_columns_hold() {
        let fleet = Fleet::new(Loader::new(|_| Ok(model()?)), Settings::default());
        let endpoint = fleet.add("m", PathBuf::new());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(endpoint.load()).unwrap();
        let scorer = endpoint.scorer(&[]).unwrap();
        assert!(scorer.takes_rows());
        let (taken, far) = (std::cell::Cell::new(0), Instant::now() + Duration::from_secs(600));
        let config = ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() };
        let mut runner = proptest::test_runner::TestRunner::new(config);
        let done = runner.run(&bodies(), |body| {
            let Some((row, fields)) = numbers(&scorer, body.as_bytes()) else { return Ok(()) };
            let bits = |values: &[f64]| values.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
            let found = scorer.score_row(&row, far, |scores, _| bits(scores.output(0).unwrap_or_default()));
            let Some(found) = found else { return Ok(()) };
            taken.set(taken.get() + 1);
            let mut carried = Carried::default();
            let batch = read_one(&scorer, false, body.as_bytes(), &mut carried);
            let batch = batch.map_err(|fault| TestCaseError::fail(fault.to_string()))?;
            let answer = runtime.block_on(scorer.score(batch, None)).unwrap();
            let vectors = answer.scored.columns[0].as_vectors().unwrap();
            prop_assert_eq!(found, bits(vectors.get(0).unwrap().values()));
            let names = |fields: &[CarriedField<'_>]| {
                fields.iter().map(|(name, value)| format!("{name}{}", value.get())).collect::<Vec<_>>()
            };
            prop_assert_eq!(names(&fields), names(carried.row(0)));
            Ok(())
        });
        done.unwrap();
        assert!(taken.get() > 100, "{} bodies were taken", taken.get());
    }
}
