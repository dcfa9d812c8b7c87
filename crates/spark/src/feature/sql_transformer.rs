//! `SQLTransformer`: a `SELECT` over the rows, as `SELECT *, a + b AS c FROM __THIS__ WHERE d > 0` (`statement`).
//!
//! Statements that work row by row are read: columns, `*`, expressions with a name, and `WHERE`, which drops rows. A
//! column that is passed on or only renamed may have any type, and keeps its ML attributes.
//!
//! Types are `boolean`, `tinyint`, `smallint`, `int`, `bigint`, `float`, `double`, `decimal`, `string`, `date`, `timestamp` and
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
//! Operators: `+ - * / % div`, `= == <> != < <= > >= <=>`, `AND OR NOT !`, `& | ^ ~`, `<< >> >>>`, `||`, `IS [NOT] NULL`, `IS [NOT] TRUE`,
//! `IS [NOT] FALSE`, `IS [NOT] DISTINCT FROM`, `IN`, `BETWEEN`, `LIKE` and `ILIKE` with `ESCAPE`, `ANY` and `ALL`, `RLIKE`,
//! `REGEXP`, `CASE`, `CAST`, `TRY_CAST`, `::`, `DATE '…'`, `TIMESTAMP '…'`, `X'…'`, `words[0]`, and a date with `+` or `-` a number
//! of days, or an interval.
//!
//! Functions, by what they are of:
//!
//! - choice: `coalesce elt equal_null greatest if ifnull isnan isnotnull isnull least nanvl nullif nullifzero nvl nvl2 typeof
//!   zeroifnull`
//! - casts by the name of a type: `bigint binary boolean decimal double float int smallint string tinyint`, and `date timestamp`
//! - numbers: `abs acos acosh asin asinh atan atan2 atanh bround cbrt ceil ceiling cos cosh cot csc degrees e exp expm1
//!   bitmap_bit_position bitmap_bucket_number factorial floor hypot ln log log10 log1p log2 mod negative pi pmod positive pow power radians rint round sec sign signum
//!   sin sinh sqrt tan tanh try_add try_divide try_mod try_multiply try_subtract width_bucket`
//! - hashes: `hash xxhash64`
//! - bits: `bit_count bit_get getbit shiftleft shiftright shiftrightunsigned`
//! - texts: `ascii base64 bin bit_length btrim char char_length character_length chr concat concat_ws contains conv crc32
//!   endswith find_in_set format_number format_string get_json_object hex ilike initcap instr jaro_winkler_similarity json_array_length lcase left len length levenshtein like locate lower lpad ltrim luhn_check mask md5 octet_length overlay parse_url position
//!   printf quote repeat replace reverse right rpad rtrim sha sha1 sha2 soundex space split_part startswith substr substring substring_index to_char to_number to_varchar translate trim
//!   try_parse_url try_to_number try_url_decode ucase upper url_decode url_encode`
//! - lists of texts: `array array_append array_compact array_contains array_distinct array_except array_insert array_intersect array_join array_max
//!   array_min array_position array_prepend array_remove array_repeat array_size array_sort array_union arrays_overlap cardinality
//!   element_at get size slice sort_array try_element_at`, and `concat concat_ws reverse coalesce if` and `CASE` of them
//! - binary values: `bitmap_count decode encode from_base32 hmac is_valid_utf8 make_valid_utf8 to_base32 to_binary try_to_binary
//!   try_validate_utf8 unbase64 unhex validate_utf8`; `decode` with results finds one for a value; of bytes too are `base64 bit_length char_length concat contains crc32
//!   endswith hash hex left length lpad md5 octet_length overlay reverse rpad sha sha1 sha2 startswith substring xxhash64`
//! - patterns, Java's, as they stand in the statement: `regexp regexp_count regexp_extract regexp_extract_all regexp_instr regexp_like
//!   regexp_replace regexp_substr rlike split`; what [`java_regex`](crate::java_regex) does not read is refused by name, but a
//!   `$` at the end of a pattern is read where only the match is asked for, or a group of it
//! - dates: `add_months date date_add date_diff date_format date_from_unix_date date_part date_sub date_trunc dateadd datediff
//!   datepart day dayname dayofmonth dayofweek dayofyear extract from_unixtime from_utc_timestamp hour last_day make_date make_timestamp make_timestamp_ltz minute month monthname months_between
//!   next_day quarter second timestamp timestamp_micros timestamp_millis timestamp_seconds to_date to_timestamp
//!   time_bucket timestampadd timestampdiff to_timestamp_ltz to_unix_timestamp to_utc_timestamp trunc try_make_timestamp try_make_timestamp_ltz try_to_date try_to_timestamp unix_date unix_micros unix_millis unix_seconds unix_timestamp weekday weekofyear year`
//! - intervals: `make_dt_interval make_interval make_ym_interval try_make_interval`, and `abs extract hash negative positive sign signum try_add try_divide
//!   try_multiply try_subtract typeof xxhash64` of them
//!
//! A function that the saving version does not have is refused by name. `array_insert`, `base64`, `unbase64`,
//! `to_binary`, `conv`, `get_json_object`, `json_array_length`, `to_char` and `to_number` are read since 3.5, `hash` and `xxhash64` since 3.2: older versions may
//! compute them in other ways. `asinh`, `acosh`, `mask`, and `floor` and `ceil` of numbers that do not fit come out as the saving
//! version has them.
//!
//! Patterns of dates are written with `y M MMM MMMM d D E EEEE a Q H h K k m s S V z O X x Z`, signs and texts in quotes; texts
//! are read by `yyyy M d H m s S`, each once and with something between them.
//!
//! Other zones than UTC stand in texts and literals behind the seconds (`'2020-01-01 00:00:00 Europe/Paris'`), and in
//! `from_utc_timestamp`, `to_utc_timestamp` and `make_timestamp`. Their names are Java's, with its short ones (`PST`) and distances as `+01:00`
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
//! The path of `get_json_object` is of names and places (`$.a['b'][0]`), without `*`; what it leads to is written as Spark's Jackson does.
//! A place outside a list is null, or with ANSI on an error, as is no URL for `parse_url`.
//!
//! `exp`, `log`, `pow`, the hyperbolic functions and the angles are Java's `StrictMath` step by step; `sin`, `cos` and `tan`,
//! and what is made of them, are the platform's and may differ from Java's in the last bit.
//!
//! Refused at load, by name: aggregates, windows, generators, joins, sub-queries, `GROUP BY`, `ORDER BY`, `LIMIT`, `DISTINCT`,
//! `UNION` and other clauses, functions that are new at each run (`rand`, `uuid`, `current_date` …), user functions, lambdas,
//! intervals in saves before Spark 3.2, decimals and binary values in saves of Spark 2, intervals and binary values as columns, encryption, other functions of JSON, XML, CSV, `sentences`, times of
//! day, timestamps without a zone and of nanoseconds, sketches, vectors and variants, arrays of anything but texts, and parts of maps and
//! structs. The error names functions that are called alike. Spark's `ml/feature/SQLTransformer.scala`.

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
mod tests {
    use firesteel_plan::ColumnType;

    use crate::testing::{Opened, Save, doubles, golden_with, save, strings};

    const TYPES: [(&str, ColumnType); 4] = [
        ("x", ColumnType::Double),
        ("n", ColumnType::Int),
        ("s", ColumnType::String),
        ("v", ColumnType::Vector),
    ];

    fn open(version: &str, statement: &str) -> Result<Opened, String> {
        let params = format!(r#"{{"statement":"{statement}"}}"#);
        save("SQLTransformer", version, &params).open(&TYPES).map_err(|error| error.to_string())
    }

    #[test]
    fn rows_that_do_not_meet_the_condition_go() {
        let model = open("3.5.9", "SELECT x, upper(s) AS t FROM __THIS__ WHERE x > 0.5 OR s = 'b'").unwrap();
        let x = doubles(&[Some(1.0), Some(0.5), None, Some(f64::NAN)]);
        let scored = model.score(vec![("x", x), ("s", strings(&[Some("a"), Some("a"), Some("b"), None]))]);
        assert_eq!(scored.survivors(), [0, 2, 3]);
        assert_eq!(scored.column("t").show(1), "B");
    }

    #[test]
    fn what_is_not_read_is_named() {
        let cases = [
            ("SELECT frob(x) AS a FROM __THIS__", "the function frob, which is not supported; docs/stages"),
            ("SELECT isnul(x) AS a FROM __THIS__", "not supported (did you mean isnull?); docs/stages"),
            ("SELECT uper(s) AS a FROM __THIS__", "not supported (did you mean upper?); docs/stages"),
            ("SELECT date_ad(s) AS a FROM __THIS__", "(did you mean date_add or dateadd?)"),
            ("SELECT try_mod(n, 2) AS a FROM __THIS__", "Spark 3.5.9; it is read in saves of 4.0 and newer"),
            ("SELECT mask(s, s) AS a FROM __THIS__", "mask with 's'; it takes one letter, or NULL"),
            ("SELECT soundex(n) AS a FROM __THIS__", "soundex of int; it takes string"),
            (
                "SELECT format_number(x, '¤#') AS a FROM __THIS__",
                "pattern '¤#', which has the currency sign ¤",
            ),
            ("SELECT format_number(x, s) AS a FROM __THIS__", "a pattern that is not a text as it stands"),
            ("SELECT format_number(x, '#.#.#') AS a FROM __THIS__", "pattern '#.#.#', which has two points"),
            ("SELECT get_json_object(s, '$.a[*]') AS a FROM __THIS__", "path '$.a[*]'; a path is like $.a"),
            ("SELECT ceil(x, n) AS a FROM __THIS__", "ceil to digits that are not a small number"),
            ("SELECT jaro_winkler_similarity(s, s) AS a FROM __THIS__", "saves of 4.3 and newer"),
            ("SELECT array_insert(split(s, ','), 1L, s) AS a FROM __THIS__", "anything but an int; CAST it"),
            ("SELECT sentences(s) AS a FROM __THIS__", "the function sentences, which is not supported"),
            ("SELECT s[0] AS a FROM __THIS__", "a part is read of array<string> by a whole number"),
            ("SELECT split(s, ',')[0][1] AS a FROM __THIS__", "a part of a part"),
            ("SELECT size(s) AS a FROM __THIS__", "size of string; it is read of array<string>"),
            ("SELECT array(n, 1) AS a FROM __THIS__", "lists are read of texts"),
            ("SELECT dateadd(ERA, 1, s) AS a FROM __THIS__", "with the unit ERA; it is YEAR"),
            ("SELECT n << 1 AS a FROM __THIS__", "the function << in a save of Spark 3.5.9"),
            ("SELECT sum(x) AS a FROM __THIS__", "the function sum, an aggregate"),
            ("SELECT max(x) FILTER (WHERE n > 1) AS a FROM __THIS__", "the function max, an aggregate"),
            ("SELECT explode(s) AS a FROM __THIS__", "the function explode, a generator of rows"),
            ("SELECT rand() AS a FROM __THIS__", "the function rand, new at each run"),
            ("SELECT x + uuid() AS a FROM __THIS__", "the function uuid, new at each run"),
            (
                "SELECT current_timestamp AS a FROM __THIS__",
                "the function current_timestamp, new at each run",
            ),
            ("SELECT current_date() AS a FROM __THIS__", "the function current_date, new at each run"),
            ("SELECT to_date(s) - s AS a FROM __THIS__", "datediff subtracts dates"),
            ("SELECT date_format(s, 'YYYY') AS a FROM __THIS__", "which has the letters 'YYYY'"),
            ("SELECT to_date(s, 'yyyyMMdd') AS a FROM __THIS__", "texts are read by yyyy"),
            (
                "SELECT convert_timezone('PST', to_timestamp(s)) AS a FROM __THIS__",
                "it is from_utc_timestamp(to_utc_timestamp(",
            ),
            ("SELECT s RLIKE 'a(?=b)' AS a FROM __THIS__", "expected a pattern without look-around"),
            ("SELECT regexp_extract(s, 'a', 1) AS a FROM __THIS__", "group 1; the pattern 'a' has 0"),
            ("SELECT regexp_replace(s, 'a', '$1') AS a FROM __THIS__", "a group that the pattern"),
            ("SELECT s LIKE s AS a FROM __THIS__", "a pattern that is not a text as it stands"),
            ("SELECT x div 2 AS a FROM __THIS__", "div of double; CAST it to bigint"),
            ("SELECT x & 1 AS a FROM __THIS__", "& of double"),
            ("SELECT CAST(n AS date) AS a FROM __THIS__", "CAST of int to date"),
            ("SELECT CAST(n AS binary) AS a FROM __THIS__", "the type binary; columns are texts"),
            ("SELECT CAST(x AS binary) AS a FROM __THIS__", "CAST of double to binary"),
            ("SELECT CAST(X'41' AS int) AS a FROM __THIS__", "CAST of binary to int"),
            ("SELECT X'41' + 1 AS a FROM __THIS__", "+ of binary and int"),
            ("SELECT coalesce(X'41', s) AS a FROM __THIS__", "coalesce of binary and string"),
            ("SELECT s RLIKE X'41' AS a FROM __THIS__", "a pattern that is not a text as it stands"),
            (
                "SELECT decode(unhex(s), 'GBK') AS a FROM __THIS__",
                "the character set 'GBK'; read are US-ASCII",
            ),
            ("SELECT hex(to_binary(s, 'x')) AS a FROM __THIS__", "it takes 'hex', 'utf-8' or 'base64'"),
            ("SELECT validate_utf8(s) AS a FROM __THIS__", "it is read in saves of 4.0 and newer"),
            ("SELECT X'4g' = s AS a FROM __THIS__", "other signs than digits in base 16"),
            ("SELECT count(*) AS a FROM __THIS__", "the function count, an aggregate"),
            ("SELECT rank() OVER (ORDER BY x) AS a FROM __THIS__", "OVER"),
            ("SELECT x IN (SELECT 1) AS a FROM __THIS__", "a sub-query"),
            ("SELECT x + 1 FROM __THIS__", "without a name"),
            ("SELECT n * 1.5 & 1 AS a FROM __THIS__", "decimal(13,1) and int; CAST it to a whole number"),
            ("SELECT CAST(n AS decimal(39, 0)) AS a FROM __THIS__", "CAST to DECIMAL(39,0)"),
            ("SELECT CAST(n * 1.5 AS timestamp) AS a FROM __THIS__", "CAST of decimal(13,1) to timestamp"),
            ("SELECT s AND true AS a FROM __THIS__", "CAST it"),
            ("SELECT v + 1 AS a FROM __THIS__", "column 'v' of type vector"),
            ("SELECT y + 1 AS a FROM __THIS__", "the type of input column 'y' is not known"),
            ("SELECT *, x AS x FROM __THIS__", "two columns called 'x'"),
            ("SELECT x AS a, n AS a FROM __THIS__", "two columns called 'a'"),
            ("SELECT x AS a FROM __THIS__ WHERE n", "the condition 'n' of int"),
            ("SELECT abs(x, n) AS a FROM __THIS__", "abs with 2 arguments"),
            ("SELECT x AS a FROM __THIS__ LIMIT 1", "'statement' is the clause LIMIT"),
        ];
        are_named(&cases);
    }

    #[test]
    fn intervals_that_are_not_read_are_named() {
        are_named(&[
            ("SELECT INTERVAL 1 DAY AS a FROM __THIS__", "the type interval day; CAST it AS STRING"),
            ("SELECT to_date(s) - to_date(s) AS a FROM __THIS__", "the type interval day; CAST it AS STRING"),
            ("SELECT s + INTERVAL n DAYS AS a FROM __THIS__", "of a column it is CAST(… AS INTERVAL DAY)"),
            ("SELECT s + INTERVAL 1 YEAR 2 DAYS AS a FROM __THIS__", "of months and of days"),
            ("SELECT s + INTERVAL '1 fortnight' AS a FROM __THIS__", "which is no interval, or too long"),
            (
                "SELECT s + INTERVAL '1-12' YEAR TO MONTH AS a FROM __THIS__",
                "which is no interval year to month",
            ),
            ("SELECT s + INTERVAL '1' DAY TO YEAR AS a FROM __THIS__", "the units of an interval are"),
            ("SELECT s + INTERVAL '1 day 2' HOURS AS a FROM __THIS__", "INTERVAL with '1 day 2'"),
            (
                "SELECT INTERVAL 1 DAY + INTERVAL 1 YEAR = NULL AS a FROM __THIS__",
                "+ of interval day and interval year",
            ),
            ("SELECT make_interval(1) = make_interval(n) AS a FROM __THIS__", "which have no order"),
            ("SELECT INTERVAL 1 DAY = '1' AS a FROM __THIS__", "a comparison of interval day and string"),
            ("SELECT CAST(INTERVAL 1 DAY AS double) AS a FROM __THIS__", "CAST of interval day to double"),
            ("SELECT CAST(x AS INTERVAL DAY) IS NULL AS a FROM __THIS__", "CAST of double to interval day"),
            (
                "SELECT EXTRACT(HOUR FROM INTERVAL 1 DAY) AS a FROM __THIS__",
                "the field HOUR of an interval day",
            ),
            ("SELECT hash(make_interval(n)) AS a FROM __THIS__", "a hash of an interval of the calendar"),
            (
                "SELECT format_string('%s', INTERVAL 1 DAY) AS a FROM __THIS__",
                "format_string of interval day",
            ),
            (
                "SELECT try_make_interval(n) IS NULL AS a FROM __THIS__",
                "it is read in saves of 4.0 and newer",
            ),
            (
                "SELECT time_bucket(INTERVAL 1 DAY, s) AS a FROM __THIS__",
                "it is read in saves of 4.2 and newer",
            ),
            ("SELECT array(INTERVAL 1 DAY) AS a FROM __THIS__", "lists are read of texts"),
        ]);
        let old = open("3.1.3", "SELECT to_date(s) + INTERVAL 1 DAY AS a FROM __THIS__").unwrap_err();
        assert!(old.contains("read in saves of 3.2 and newer; add days by date_add"), "{old}");
    }

    #[test]
    fn intervals_that_do_not_fit_are_errors_of_their_row() {
        for version in ["3.5.9", "4.3.0"] {
            for expr in [
                "CAST(INTERVAL 106751991 DAYS + CAST(length(s) AS INTERVAL DAY) AS string)",
                "CAST(INTERVAL 1 DAY / (length(s) - 1) AS string)",
                "CAST(-CAST(-2147483647L - length(s) AS INTERVAL MONTH) AS string)",
                "CAST(CAST(s AS INTERVAL DAY) AS string)",
                "to_timestamp('2020-01-01') + CAST(106751990 + length(s) AS INTERVAL DAY)",
                "CAST(make_interval(length(s)) / 0 AS string)",
                "CAST(CAST(length(s) * 200 AS INTERVAL DAY) AS tinyint)",
            ] {
                let model = open(version, &format!("SELECT {expr} AS a FROM __THIS__")).unwrap();
                let error = model.try_score(vec![("s", strings(&[Some("x")]))]).unwrap_err().to_string();
                assert!(error.contains("row"), "{version} {expr}: {error}");
            }
        }
    }

    #[test]
    fn formats_that_are_not_read_are_named() {
        are_named(&[
            ("SELECT format_string('%d', s) AS a FROM __THIS__", "%d for string; it takes a whole number"),
            ("SELECT format_string('%s %s', s) AS a FROM __THIS__", "%s for value 2 of 1"),
            ("SELECT printf('%a', x) AS a FROM __THIS__", "read are %b %h %s"),
            ("SELECT format_string('%99999s', s) AS a FROM __THIS__", "a width or precision above 10000"),
            ("SELECT format_string(s, s) AS a FROM __THIS__", "not a text as it stands"),
            ("SELECT format_string('%s', X'41') AS a FROM __THIS__", "format_string of binary"),
            ("SELECT to_char(X'41', '99') AS a FROM __THIS__", "to_char of binary"),
            ("SELECT to_char(n, '9x') AS a FROM __THIS__", "to_char by the format '9x'; a format is MI or S"),
            ("SELECT parse_url(s, 'QUERY', 'a.b') AS a FROM __THIS__", "a key without signs of patterns"),
            ("SELECT try_parse_url(s, 'HOST') AS a FROM __THIS__", "Spark 3.5.9; it is read in saves of 4.0"),
        ]);
    }

    fn are_named(cases: &[(&str, &str)]) {
        for (statement, part) in cases {
            let error = open("3.5.9", statement).unwrap_err();
            assert!(error.contains(part), "{statement}: {error}");
        }
    }

    #[test]
    fn every_version_adds_columns_up() {
        for version in ["2.4.8", "3.0.3", "3.5.9", "4.3.0"] {
            let declared = [("x0", ColumnType::Double), ("x1", ColumnType::Double)];
            let model = golden_with("SQLTransformer", version, &declared);
            let column = |value| doubles(&[Some(value), None]);
            let scored = model.score(vec![("x0", column(0.1)), ("x1", column(0.2))]);
            assert_eq!(
                (scored.column("s").show(0).as_str(), scored.column("s").is_null(1)),
                ("0.30000000000000004", true)
            );
            assert_eq!(model.signature().default_outputs, ["s"]);
        }
    }

    #[test]
    fn columns_that_are_not_selected_are_gone() {
        let narrow = |next: &str| {
            let first =
                save("SQLTransformer", "3.5.9", r#"{"statement":"SELECT n, x * 2 AS y FROM __THIS__"}"#);
            let next = save("SQLTransformer", "3.5.9", &format!(r#"{{"statement":"{next}"}}"#)).named("next");
            Save::pipeline("3.5.9", vec![first, next]).open(&TYPES).map_err(|error| error.to_string())
        };
        let model = narrow("SELECT *, y + n AS z FROM __THIS__").unwrap();
        assert_eq!(model.signature().default_outputs, ["y", "z"]);
        let error = narrow("SELECT *, x + 1 AS z FROM __THIS__").unwrap_err();
        assert!(
            error.contains("column 'x' is read by a stage, but an earlier stage selects other columns"),
            "{error}"
        );
    }

    #[test]
    fn bytes_that_are_no_text_are_shown_or_refused() {
        let read = |version, expr: &str| {
            let model = open(version, &format!("SELECT {expr} AS a FROM __THIS__")).unwrap();
            let scored = model.try_score(vec![("s", strings(&[Some("41FF")]))]);
            scored.map(|scored| scored.column("a").show(0)).map_err(|error| error.to_string())
        };
        assert_eq!(read("3.5.9", "CAST(unhex(s) AS string)").as_deref(), Ok("A\u{fffd}"));
        assert_eq!(read("3.5.9", "hex(CAST(unhex(s) AS string))").as_deref(), Ok("41FF"));
        assert!(
            read("3.5.9", "upper(unhex(s))")
                .unwrap_err()
                .contains("the bytes 41FF, expected bytes that are UTF-8")
        );
        assert_eq!(read("3.5.9", "decode(unhex(s), 'UTF-8')").as_deref(), Ok("A\u{fffd}"));
        assert!(read("4.3.0", "decode(unhex(s), 'UTF-8')").is_err());
        assert!(read("4.3.0", "validate_utf8(unhex(s))").is_err());
    }

    #[test]
    fn ansi_follows_the_version() {
        let null = |version| {
            let model = open(version, "SELECT x / 0 AS a FROM __THIS__").unwrap();
            model.try_score(vec![("x", doubles(&[Some(1.0)]))]).map(|scored| scored.column("a").is_null(0))
        };
        assert_eq!(null("3.5.9"), Ok(true));
        assert!(null("4.0.0").unwrap_err().to_string().contains("a divisor other than zero"));
    }
}
