//! Random statements: each is refused, or answers columns of the types that it promised. None may panic.

use std::sync::Arc;

use arrow_array::builder::{ListBuilder, StringBuilder};
use arrow_array::{
    ArrayRef, BooleanArray, Date32Array, Float32Array, Float64Array, Int32Array, Int64Array, StringArray,
    TimestampMicrosecondArray,
};
use firesteel_plan::{Column, ColumnType, ScoreError};

use super::names::KNOWN;
use crate::testing::save;

const SEED: u64 = 20_240_131;
const STATEMENTS: usize = 1500;
const LEAVES: [&str; 47] = [
    "X'41FF'",
    "'UTF-16'",
    "s",
    "t",
    "b",
    "i",
    "l",
    "f",
    "d",
    "a",
    "p",
    "q",
    "NULL",
    "0",
    "-1",
    "3",
    "1.5",
    "2.5D",
    "''",
    "'a'",
    "'2020-02-29'",
    "'%'",
    "'yyyy-MM-dd'",
    "'month'",
    "true",
    "9223372036854775807",
    "DATE '2020-02-29'",
    "TIMESTAMP '1969-12-31 23:59:59.9'",
    "TIMESTAMP_NTZ '2020-02-29 1:2:3'",
    "'(a)b?$'",
    "w",
    "w",
    "split(s, '')",
    "'%5s|%<,(.1f%d'",
    "'S9,990.99'",
    "'QUERY'",
    "'$.a[0]'",
    "'$[*].a[*]'",
    "'ECB'",
    "raise_error(s)",
    "'#,##0.0#;(0)'",
    "'00.#E0%'",
    "INTERVAL 3 DAYS",
    "INTERVAL '-1-2' YEAR TO MONTH",
    "INTERVAL '106751991 04:00:54.775807' DAY TO SECOND",
    "make_interval(i, 1, i, 1, 1, i, d)",
    "(a - DATE '1970-01-01')",
];
const OPERATORS: [&str; 20] = [
    "+",
    "-",
    "*",
    "/",
    "%",
    "div",
    "=",
    "<=>",
    "<",
    ">=",
    "AND",
    "OR",
    "&",
    "|",
    "^",
    "||",
    "LIKE",
    "RLIKE",
    "ILIKE",
    "IS DISTINCT FROM",
];
const TYPES: [&str; 16] = [
    "binary",
    "boolean",
    "tinyint",
    "int",
    "bigint",
    "float",
    "double",
    "decimal(10, 2)",
    "decimal(38, 18)",
    "string",
    "date",
    "timestamp",
    "timestamp_ntz",
    "interval",
    "interval day to second",
    "interval year",
];

/// Numbers that follow each other the same way each time.
struct Draws(u64);

impl Draws {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end as u64) as usize
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len())]
    }

    fn expr(&mut self, depth: usize) -> String {
        if depth == 0 || self.below(8) == 0 {
            return self.one(&LEAVES).to_owned();
        }
        let parts: Vec<String> = (0..4).map(|_| self.expr(depth - 1)).collect();
        let [one, two, three, _] = parts.as_slice() else { return String::new() };
        match self.below(15) {
            14 => format!("{one}[{two}]"),
            0 | 1 => format!("({one} {} {two})", self.one(&OPERATORS)),
            2 => format!("CAST({one} AS {})", self.one(&TYPES)),
            3 => format!("CASE WHEN {one} THEN {two} ELSE {three} END"),
            4 => format!("({one} IN ({two}, {three}))"),
            5 => format!("({one} BETWEEN {two} AND {three})"),
            6 => format!("(NOT {one} IS NULL)"),
            _ => {
                let name = self.one(&KNOWN.split(", ").collect::<Vec<_>>());
                let count = [0, 1, 1, 1, 2, 2, 2, 3, 3, 4][self.below(10)];
                format!("{name}({})", parts[..count].join(", "))
            }
        }
    }
}

fn columns() -> Vec<(&'static str, Column)> {
    let arrays: Vec<(&str, ArrayRef)> = vec![
        ("s", Arc::new(StringArray::from(vec![Some("abc"), Some(""), None, Some(" 12é😀")]))),
        ("t", Arc::new(StringArray::from(vec![Some("2020-02-29 1:2:3"), Some("b"), Some("-7"), None]))),
        ("b", Arc::new(BooleanArray::from(vec![Some(true), None, Some(false), Some(true)]))),
        ("i", Arc::new(Int32Array::from(vec![Some(3), Some(i32::MIN), None, Some(i32::MAX)]))),
        ("l", Arc::new(Int64Array::from(vec![Some(-9), Some(i64::MIN), Some(i64::MAX), None]))),
        ("f", Arc::new(Float32Array::from(vec![Some(0.5), Some(f32::NAN), Some(-3e38), None]))),
        ("d", Arc::new(Float64Array::from(vec![Some(-2.5), Some(f64::INFINITY), Some(1e-300), None]))),
        ("a", Arc::new(Date32Array::from(vec![Some(18_321), Some(i32::MIN), Some(i32::MAX), None]))),
        (
            "p",
            Arc::new(
                TimestampMicrosecondArray::from(vec![Some(-1), Some(i64::MIN), Some(i64::MAX), None])
                    .with_timezone("UTC"),
            ),
        ),
        (
            "q",
            Arc::new(TimestampMicrosecondArray::from(vec![
                Some(1_580_474_096_789_000),
                Some(i64::MAX),
                None,
                Some(i64::MIN),
            ])),
        ),
    ];
    let mut words = ListBuilder::new(StringBuilder::new());
    for list in [Some(vec![Some("a"), None, Some("3")]), Some(Vec::new()), None, Some(vec![Some("😀")])] {
        words.append_option(list);
    }
    let columns = arrays.into_iter().map(|(name, array)| (name, Column::Array(array)));
    columns.chain([("w", Column::Array(Arc::new(words.finish())))]).collect()
}

#[test]
fn random_statements_are_refused_or_keep_their_types() {
    let columns = columns();
    let types: Vec<(&str, ColumnType)> =
        columns.iter().map(|(name, column)| (*name, column.column_type().unwrap())).collect();
    let mut draws = Draws(SEED);
    let mut answered = 0;
    for at in 0..STATEMENTS {
        let depth = 1 + draws.below(3);
        let expr = draws.expr(depth);
        let version = if at % 2 == 0 { "3.5.9" } else { "4.3.0" };
        let statement = format!("SELECT {expr} AS o, i IS NULL AS r FROM __THIS__")
            .replace('\\', "\\\\")
            .replace('"', "\\\"");
        let params = format!(r#"{{"statement":"{statement}"}}"#);
        let Ok(model) = save("SQLTransformer", version, &params).open(&types) else { continue };
        let promised = model.signature().outputs.iter().find(|field| field.name == "o").unwrap();
        let read = |name: &str| model.signature().inputs.iter().any(|field| field.name == name);
        let given = columns.iter().filter(|(name, _)| read(name)).cloned().collect();
        answered += 1;
        match model.try_score(given) {
            Ok(scored) => {
                let found = scored.column("o").column_type();
                assert_eq!(found.as_ref(), Some(&promised.column_type), "{statement}");
            }
            Err(error) => assert!(matches!(error, ScoreError::Row(_)), "{statement}: {error}"),
        }
    }
    assert!(answered > STATEMENTS / 10, "only {answered} statements were read; seed {SEED}");
}
