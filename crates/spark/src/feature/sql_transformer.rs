//! `SQLTransformer`: a `SELECT` over the rows, as `SELECT *, a + b AS c FROM __THIS__ WHERE d > 0` (`statement`).
//!
//! Statements that work row by row are read: columns, `*`, expressions with a name, and `WHERE`, which drops rows. A
//! column that is passed on or only renamed may have any type, and keeps its ML attributes.
//!
//! Types are `boolean`, `tinyint`, `smallint`, `int`, `bigint`, `float`, `double`, `decimal`, `string`, `date`, `timestamp`, `timestamp_ntz` and
//! `array<string>`, as `split` makes it and columns may have it. Literals such as `1.5` are decimals: beside a double they are doubles, beside a whole number the result is
//! a decimal with Spark's precision and scale, computed exactly in 128 bits (`spark.sql.decimalOperations.allowPrecisionLoss`
//! on, as Spark has it). Stages that take numbers make doubles of decimals, `StringIndexer` texts; as an answer they keep
//! all their digits. Else `/` is one of doubles, `div` one of whole numbers. NaN equals NaN and is above all numbers. Backslashes in texts, and two quotes side by side, are
//! read as the saving version reads them. What Spark casts by itself between numbers, texts, dates and timestamps is cast.
//!
//! `binary` is a type of values inside expressions: `X'1F'`, `CAST(s AS BINARY)`, and what functions make. It is no type of a
//! column, so what is selected takes `hex`, `base64`, `decode` or `CAST(… AS STRING)` of it. As a column, a text cast from bytes
//! that are no UTF-8 has U+FFFD where Spark's shows it; in a function that needs it as a text it is an error of its row. Character
//! sets are US-ASCII, ISO-8859-1, UTF-8, UTF-16, UTF-16BE, UTF-16LE and UTF-32: before Spark 4, what they cannot hold is
//! exchanged, since then it is an error. Bytes filled by `lpad` or `rpad` to a length below 0 are none, as in Spark 4; Spark 3 fails.
//!
//! Intervals are values inside expressions too, in saves of Spark 3.2 and newer: `INTERVAL 3 DAYS`, `INTERVAL '3' DAY`,
//! `INTERVAL 1 YEAR 2 MONTHS`, `INTERVAL '1-2' YEAR TO MONTH`, `INTERVAL '1 02:03:04.5' DAY TO SECOND` and the ranges between,
//! `INTERVAL '2 days 3 hours'`, what functions make, and the difference of two dates or timestamps. They have Spark's three
//! types: of months, of days to seconds, and of the calendar, which `make_interval` and `CAST(… AS INTERVAL)` make. Months and
//! days do not go together in a literal, as in Spark by default. Dates, timestamps and texts of timestamps `+` and `-` intervals;
//! intervals `+ - div` intervals, `* /` numbers, signs, comparisons, choices, `EXTRACT` of their fields, and casts from and to
//! texts, whole numbers and decimals. What does not fit is an error with ANSI off too, as in Spark, but for intervals of the
//! calendar, which then wrap around or are null. As a column an interval takes `CAST(… AS STRING)`, or a number of it.
//!
//! The ANSI mode follows the saving version: since Spark 4 an overflow, a division by zero and a cast that fails are
//! errors; before, integers wrap and the rest is null. A decimal that does not fit is an error or null likewise. The save does not hold the time zone of the session: it is UTC, and
//! a time without a date is an error of its row. Saves of Spark 2 have another
//! calendar; their dates are only passed on.
//!
//! `timestamp_ntz`, which Spark has since 3.4, has no zone: one in a text does not matter. Beside a `timestamp` it is taken as one in
//! UTC. Parquet files hold it as a timestamp that is not adjusted to UTC; saves before 3.4 read that as `timestamp`. Texts as they
//! stand that are cast to a date or timestamp may be `epoch`; `now`, `today`, `tomorrow` and `yesterday` are refused.
//!
//! Operators: `+ - * / % div`, `= == <> != < <= > >= <=>`, `AND OR NOT !`, `& | ^ ~`, `<< >> >>>`, `||`, `IS [NOT] NULL`, `IS [NOT] TRUE`,
//! `IS [NOT] FALSE`, `IS [NOT] DISTINCT FROM`, `IN`, `BETWEEN`, `LIKE` and `ILIKE` with `ESCAPE`, `ANY` and `ALL`, `RLIKE`, `COLLATE UTF8_BINARY`,
//! `REGEXP`, `CASE`, `CAST`, `TRY_CAST`, `::`, `DATE '…'`, `TIMESTAMP '…'`, `TIMESTAMP_NTZ '…'`, `TIMESTAMP_LTZ '…'`, `X'…'`, `words[0]`, and a date with `+` or `-` a number
//! of days, or an interval.
//!
//! Functions, by what they are of:
//!
//! - choice: `between coalesce elt equal_null greatest if ifnull isnan isnotnull isnull least nanvl nullif nullifzero nvl nvl2 typeof
//!   when zeroifnull`
//! - errors of a row: `assert_true raise_error`, only where the row needs the value
//! - casts by the name of a type: `bigint binary boolean decimal double float int smallint string tinyint`, and `date timestamp`
//! - numbers: `abs acos acosh asin asinh atan atan2 atanh bround cbrt ceil ceiling cos cosh cot csc degrees e exp expm1
//!   bitmap_bit_position bitmap_bucket_number factorial floor hypot ln log log10 log1p log2 mod negative pi pmod positive pow power radians rint round sec sign signum
//!   sin sinh sqrt tan tanh try_add try_divide try_mod try_multiply try_subtract width_bucket`
//! - hashes: `hash xxhash64`
//! - bits: `bit_count bit_get getbit shiftleft shiftright shiftrightunsigned`
//! - texts: `ascii base64 bin bit_length btrim char char_length character_length chr collate collation concat concat_ws contains conv crc32
//!   endswith find_in_set format_number format_string get_json_object hex ilike initcap instr jaro_winkler_similarity json_array_length lcase left len length levenshtein like locate lower lpad ltrim luhn_check mask md5 octet_length overlay parse_url position
//!   printf quote repeat replace reverse right rpad rtrim sha sha1 sha2 soundex space split_part startswith substr substring substring_index to_char to_number to_varchar translate trim
//!   try_parse_url try_to_number try_url_decode ucase upper url_decode url_encode`
//! - lists of texts: `array array_append array_compact array_contains array_distinct array_except array_insert array_intersect array_join array_max
//!   array_min array_position array_prepend array_remove array_repeat array_size array_sort array_union arrays_overlap cardinality
//!   element_at get json_object_keys size slice sort_array try_element_at`, and `concat concat_ws reverse coalesce if` and `CASE` of them
//! - binary values: `aes_decrypt aes_encrypt bitmap_count decode encode from_base32 hmac is_valid_utf8 make_valid_utf8 to_base32 to_binary try_aes_decrypt try_to_binary
//!   try_validate_utf8 unbase64 unhex validate_utf8`; `decode` with results finds one for a value; of bytes too are `base64 bit_length char_length concat contains crc32
//!   endswith hash hex left length lpad md5 octet_length overlay reverse rpad sha sha1 sha2 startswith substring xxhash64`
//! - patterns, Java's, as they stand in the statement: `regexp regexp_count regexp_extract regexp_extract_all regexp_instr regexp_like
//!   regexp_replace regexp_substr rlike split`; what [`java_regex`](crate::java_regex) does not read is refused by name, but a
//!   `$` at the end of a pattern is read where only the match is asked for, or a group of it
//! - dates: `add_months convert_timezone date date_add date_diff date_format date_from_unix_date date_part date_sub date_trunc dateadd datediff
//!   datepart day dayname dayofmonth dayofweek dayofyear extract from_unixtime from_utc_timestamp hour last_day make_date make_timestamp make_timestamp_ltz make_timestamp_ntz minute month monthname months_between
//!   next_day quarter second timestamp timestamp_micros timestamp_millis timestamp_seconds to_date to_timestamp
//!   time_bucket timestampadd timestampdiff to_timestamp_ltz to_timestamp_ntz to_unix_timestamp to_utc_timestamp trunc try_make_timestamp try_make_timestamp_ltz try_make_timestamp_ntz try_to_date try_to_timestamp unix_date unix_micros unix_millis unix_seconds unix_timestamp weekday weekofyear year`
//! - intervals: `make_dt_interval make_interval make_ym_interval try_make_interval`, and `abs extract hash negative positive sign signum try_add try_divide
//!   try_multiply try_subtract typeof xxhash64` of them
//!
//! A function that the saving version does not have is refused by name. `aes_encrypt`, `aes_decrypt`, `array_insert`, `base64`, `unbase64`,
//! `to_binary`, `conv`, `get_json_object`, `json_array_length`, `json_object_keys`, `to_char` and `to_number` are read since 3.5, `hash` and `xxhash64` since 3.2: older versions may
//! compute them in other ways. `asinh`, `acosh`, `mask`, and `floor` and `ceil` of numbers that do not fit come out as the saving
//! version has them.
//!
//! Patterns of dates are written with `y M MMM MMMM d D E EEEE a Q H h K k m s S V z O X x Z`, signs and texts in quotes; texts
//! are read by `yyyy M d H m s S`, each once and with something between them.
//!
//! Other zones than UTC stand in texts and literals behind the seconds (`'2020-01-01 00:00:00 Europe/Paris'`), and in
//! `from_utc_timestamp`, `to_utc_timestamp`, `convert_timezone` and `make_timestamp`. Their names are Java's, with its short ones (`PST`) and distances as `+01:00`
//! or `UTC+1`, but for those of `SystemV`. Before a zone had a law it has the local mean time of its place, as in Java; its last
//! rules hold for all years to come. The table of zones is release 2026f: where a law was changed or history corrected, a
//! JVM with an older release, such as Java 17.0.15 with 2025a, differs.
//!
//! Formats stand in the statement. Those of `format_string` are Java's: `%s %b %h %c %d %o %x %e %f %g %n %%` with flags, a width and a
//! precision of at most 10000, and the number of a value; one that Java would not take is refused at load. The key of `parse_url` has no signs of patterns.
//! Those of `format_number` are a number of digits, or a pattern of Java's `DecimalFormat` with the signs of the United States: `# 0 , . ; % ‰ - E0` and
//! texts in quotes, of at most 100 letters; the currency sign, digits in two places, and what Java would not take are refused
//! at load. `ceil` and `floor` to digits are decimals; below 0 the digits stand before the point, and what then has more than 38 is an
//! error, as for `round`.
//! `dateadd` and `datediff` also take a unit first (`dateadd(MONTH, 1, t)`), as `timestampadd` and `timestampdiff` do.
//! The path of `get_json_object` is of names, places and `[*]` (`$.a['b'][0][*].c`); what it leads to is written as Spark's Jackson does,
//! one value of `[*]` without brackets. `.*` is read and finds nothing, as in Spark.
//! A place outside a list is null, or with ANSI on an error, as is no URL for `parse_url`.
//!
//! What `raise_error` and `assert_true` say is the row's error. Without a text of its own `assert_true` shows its condition as it is
//! written, Spark as it resolved it. As a column they have Spark's type `void`: CAST them.
//! The modes and paddings of `aes_encrypt` stand in the statement. With `CBC` and `GCM` it has an initialization vector, the fifth
//! argument, since Spark draws one at each run where there is none. Collations but `UTF8_BINARY` are refused: they need ICU's tables.
//!
//! `sentences` is refused: Spark splits by the rules of Java's `BreakIterator`, which are not those of Unicode's annex 29. For
//! `stop-word $3.50` Spark 3.5.9 and 4.3.0 answer `[["stop-word"]]`; by Unicode's rules the words are `stop`, `word` and `3.50`.
//!
//! `exp`, `log`, `pow`, the hyperbolic functions and the angles are Java's `StrictMath` step by step; `sin`, `cos` and `tan`,
//! and what is made of them, are the platform's and may differ from Java's in the last bit.
//!
//! Refused at load, by name: aggregates, windows, generators, joins, sub-queries, `GROUP BY`, `ORDER BY`, `LIMIT`, `DISTINCT`,
//! `UNION` and other clauses, functions that are new at each run (`rand`, `uuid`, `current_date` …), user functions, lambdas,
//! intervals in saves before Spark 3.2, decimals and binary values in saves of Spark 2, intervals and binary values as columns, other functions of JSON, XML, CSV, `sentences`,
//! sketches, vectors and variants, arrays of anything but texts, and parts of maps and
//! structs. The error names functions that are called alike.
//!
//! The type `time` and timestamps of nanoseconds are refused too, as Spark 4.1 to 4.3 do while they are not switched on
//! (`spark.sql.timeType.enabled`, `spark.sql.timestampNanosTypes.enabled`; a save does not say it). Only a literal works there, and is
//! read, where it makes a timestamp of a date: `make_timestamp_ntz(day, TIME '12:30:00')`. Spark's `ml/feature/SQLTransformer.scala`.

use std::collections::BTreeSet;

use firesteel_plan::ops::{Evaluate, Expr, Keep};
use firesteel_plan::{BuildError, Builder, Col};
use sqlparser::ast;

use crate::error::LoadError;
use crate::saved::Saved;
use crate::sql::{Dialect, Item, Scope, Statement};
use crate::stage::{Stage, StageSpec};

pub(crate) const STAGE: StageSpec = StageSpec {
    class: "org.apache.spark.ml.feature.SQLTransformer",
    since: "1.6.0",
    load: SqlTransformer::load,
};

/// How many columns a statement may select.
const MAX_COLUMNS: usize = 10_000;

struct SqlTransformer {
    statement: Statement,
    dialect: Dialect,
}

impl SqlTransformer {
    fn load(saved: &Saved) -> Result<Box<dyn Stage>, LoadError> {
        let text: String = saved.param("statement")?;
        let statement = Statement::parse(&text).map_err(|found| {
            saved.invalid("statement", found, "SELECT columns and expressions FROM __THIS__ WHERE condition")
        })?;
        Ok(Box::new(SqlTransformer { statement, dialect: Dialect::of(saved.version()) }))
    }

    /// The columns that one item selects, each with its name.
    fn item(&self, scope: &mut Scope, item: &Item, selected: &mut Selected) -> Result<(), BuildError> {
        let (expr, name) = match item {
            Item::All => {
                selected.open = true;
                for name in scope.builder.output_names() {
                    let column = scope.column(&name)?;
                    selected.columns.push((name, column));
                }
                return Ok(());
            }
            Item::One { expr, name } => (expr, name),
        };
        let column = match expr {
            ast::Expr::Identifier(column) => Some(scope.name(std::slice::from_ref(column)).map_err(refused)?),
            ast::Expr::CompoundIdentifier(parts) => Some(scope.name(parts).map_err(refused)?),
            _ => None,
        };
        if let Some(column) = column {
            let same = name.as_ref().is_none_or(|name| *name == column);
            if same && scope.builder.type_of(&column).is_none() && !scope.builder.is_absent(&column) {
                selected.let_through.insert(column);
                return Ok(());
            }
            let found = scope.column(&column)?;
            selected.columns.push((name.clone().unwrap_or(column), found));
            return Ok(());
        }
        let Some(name) = name else {
            return Err(refused(format!("'{expr}' without a name; give it one with AS")));
        };
        let (expr, _) = scope.output(expr).map_err(refused)?;
        let column = apply(scope, Evaluate { expr })?;
        selected.columns.push((name.clone(), column));
        Ok(())
    }
}

/// What a statement selects.
#[derive(Default)]
struct Selected {
    columns: Vec<(String, Col)>,
    /// Columns of unknown type, which are passed on.
    let_through: BTreeSet<String>,
    /// Whether all columns stay.
    open: bool,
}

impl Selected {
    /// The name of a column that is selected twice.
    fn twice(&self) -> Option<&String> {
        let mut seen = BTreeSet::new();
        self.columns.iter().map(|(name, _)| name).chain(&self.let_through).find(|name| !seen.insert(*name))
    }
}

impl Stage for SqlTransformer {
    fn lower(&self, builder: &mut Builder) -> Result<(), BuildError> {
        let mut scope = Scope::new(builder, self.dialect, &self.statement.table);
        if let Some(filter) = &self.statement.filter {
            let condition = scope.condition(filter).map_err(refused)?;
            let columns = scope.take_columns();
            scope.builder.apply_all(Keep { condition }.into(), &columns.iter().collect::<Vec<_>>())?;
        }
        let mut selected = Selected::default();
        for item in &self.statement.items {
            self.item(&mut scope, item, &mut selected)?;
            if selected.columns.len() > MAX_COLUMNS {
                return Err(refused(format!("more than {MAX_COLUMNS} columns")));
            }
        }
        if let Some(name) = selected.twice() {
            return Err(refused(format!("two columns called '{name}'")));
        }
        let shadowed = |name: &&String| builder.type_of(name).is_some() && !builder.is_output(name);
        let names = selected.columns.iter().map(|(name, _)| name);
        let in_all = names.filter(shadowed).chain(&selected.let_through).next();
        if let Some(name) = in_all.filter(|_| selected.open) {
            return Err(refused(format!("two columns called '{name}', one of them in *")));
        }
        builder.select(selected.columns, selected.open, selected.let_through)
    }
}

fn apply(scope: &mut Scope, evaluate: Evaluate) -> Result<Col, BuildError> {
    let columns = scope.take_columns();
    let never_null = matches!(evaluate.expr, Expr::Literal(_) | Expr::IsNull(_) | Expr::IsNan(_));
    let column = scope.builder.apply(evaluate.into(), &columns.iter().collect::<Vec<_>>())?;
    Ok(column.with_nullable(!never_null))
}

fn refused(found: String) -> BuildError {
    BuildError::Invalid(format!("the statement cannot be read: {found}"))
}

#[cfg(test)]
#[path = "sql_transformer_tests.rs"]
mod tests;
