//! Statements that are read, and those that are refused by name.

use firesteel_plan::ColumnType;

use crate::testing::{Opened, Save, doubles, golden_with, save, strings};

const TYPES: [(&str, ColumnType); 4] =
    [("x", ColumnType::Double), ("n", ColumnType::Int), ("s", ColumnType::String), ("v", ColumnType::Vector)];

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
        ("SELECT format_number(x, '¤#') AS a FROM __THIS__", "pattern '¤#', which has the currency sign ¤"),
        ("SELECT format_number(x, s) AS a FROM __THIS__", "a pattern that is not a text as it stands"),
        ("SELECT format_number(x, '#.#.#') AS a FROM __THIS__", "pattern '#.#.#', which has two points"),
        ("SELECT get_json_object(s, '$.a[') AS a FROM __THIS__", "path '$.a['; a path is like $.a"),
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
        ("SELECT current_timestamp AS a FROM __THIS__", "the function current_timestamp, new at each run"),
        ("SELECT current_date() AS a FROM __THIS__", "the function current_date, new at each run"),
        ("SELECT to_date(s) - s AS a FROM __THIS__", "datediff subtracts dates"),
        ("SELECT date_format(s, 'YYYY') AS a FROM __THIS__", "which has the letters 'YYYY'"),
        ("SELECT to_date(s, 'yyyyMMdd') AS a FROM __THIS__", "texts are read by yyyy"),
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
        ("SELECT decode(unhex(s), 'GBK') AS a FROM __THIS__", "the character set 'GBK'; read are US-ASCII"),
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
fn what_works_on_many_rows_is_named() {
    are_named(&[
        ("SELECT sum(x) AS a FROM __THIS__", "the function sum, an aggregate"),
        ("SELECT max(x) FILTER (WHERE n > 1) AS a FROM __THIS__", "the function max, an aggregate"),
        ("SELECT row_number() AS a FROM __THIS__", "the function row_number, one of a window"),
        ("SELECT array_agg(s) AS a FROM __THIS__", "the function array_agg, an aggregate"),
        ("SELECT explode(s) AS a FROM __THIS__", "the function explode, a generator of rows"),
        ("SELECT rand() AS a FROM __THIS__", "the function rand, new at each run"),
        ("SELECT x + uuid() AS a FROM __THIS__", "the function uuid, new at each run"),
    ]);
}

#[test]
fn intervals_that_are_not_read_are_named() {
    are_named(&[
        ("SELECT INTERVAL 1 DAY AS a FROM __THIS__", "the type interval day; CAST it AS STRING"),
        ("SELECT to_date(s) - to_date(s) AS a FROM __THIS__", "the type interval day; CAST it AS STRING"),
        ("SELECT s + INTERVAL n DAYS AS a FROM __THIS__", "of a column it is CAST(… AS INTERVAL DAY)"),
        ("SELECT s + INTERVAL 1 YEAR 2 DAYS AS a FROM __THIS__", "of months and of days"),
        ("SELECT s + INTERVAL '1 fortnight' AS a FROM __THIS__", "which is no interval, or too long"),
        ("SELECT s + INTERVAL '1-12' YEAR TO MONTH AS a FROM __THIS__", "which is no interval year to month"),
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
        ("SELECT EXTRACT(HOUR FROM INTERVAL 1 DAY) AS a FROM __THIS__", "the field HOUR of an interval day"),
        ("SELECT hash(make_interval(n)) AS a FROM __THIS__", "a hash of an interval of the calendar"),
        ("SELECT format_string('%s', INTERVAL 1 DAY) AS a FROM __THIS__", "format_string of interval day"),
        ("SELECT try_make_interval(n) IS NULL AS a FROM __THIS__", "it is read in saves of 4.0 and newer"),
        ("SELECT time_bucket(INTERVAL 1 DAY, s) AS a FROM __THIS__", "it is read in saves of 4.2 and newer"),
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

#[test]
fn times_without_a_date_or_a_zone_are_named() {
    are_named(&[
        ("SELECT CAST(n AS timestamp_ntz) AS a FROM __THIS__", "CAST of int to timestamp_ntz"),
        ("SELECT CAST(TIMESTAMP_NTZ '2020' AS int) AS a FROM __THIS__", "CAST of timestamp_ntz to int"),
        ("SELECT TIMESTAMP_NTZ '12:00' AS a FROM __THIS__", "which is no timestamp with a date"),
        ("SELECT TIMESTAMP_NTZ '2020' + 1 AS a FROM __THIS__", "a date and a number of days are added"),
        ("SELECT CAST(s AS timestamp_ntz(9)) AS a FROM __THIS__", "CAST to TIMESTAMP_NTZ(9); a cast is to"),
        ("SELECT convert_timezone('PST', n) AS a FROM __THIS__", "convert_timezone of int"),
        ("SELECT CAST(s AS time) AS a FROM __THIS__", "switched off by default (spark.sql.timeType.enabled)"),
        ("SELECT TIME '12:00' AS a FROM __THIS__", "switched off by default (spark.sql.timeType.enabled)"),
        (
            "SELECT unix_micros(TIMESTAMP_NTZ '2020') AS a FROM __THIS__",
            "unix_seconds of timestamp_ntz in a save",
        ),
        (
            "SELECT make_timestamp(DATE '2020-01-01', TIME '1:2') AS a FROM __THIS__",
            "a time of day in a save",
        ),
        ("SELECT CAST('now' AS date) AS a FROM __THIS__", "'now' as a date, new at each run"),
        ("SELECT TIMESTAMP 'today' AS a FROM __THIS__", "'today' as a timestamp, new at each run"),
        ("SELECT extract(CENTURY FROM DATE '2020-01-01') AS a FROM __THIS__", "the field CENTURY of a date"),
        ("SELECT make_time(1, 2, 3) AS a FROM __THIS__", "switched off by default"),
        ("SELECT unix_nanos(s) AS a FROM __THIS__", "timestampNanosTypes.enabled); take unix_micros"),
        ("SELECT try_make_timestamp_ntz(n, 1, 1, 1, 1, 1) AS a FROM __THIS__", "in saves of 4.0 and newer"),
    ]);
    let old = |statement| open("3.3.4", statement).unwrap_err();
    let found = old("SELECT CAST(s AS timestamp_ntz) AS a FROM __THIS__");
    assert!(found.contains("timestamp_ntz in a save of Spark 3.3.4; it is read in saves of 3.4"), "{found}");
}

#[test]
fn lists_of_other_values_than_texts_are_named() {
    are_named(&[
        ("SELECT array_repeat(n, 2) AS a FROM __THIS__", "array_repeat of no text"),
        ("SELECT array_append(split(s, ','), n) AS a FROM __THIS__", "array_append of no text"),
        ("SELECT array(s, true) AS a FROM __THIS__", "array of texts and other values"),
    ]);
    assert!(open("3.5.9", "SELECT array(s, n) AS a FROM __THIS__").is_ok());
    let found = open("4.3.0", "SELECT array(s, n) AS a FROM __THIS__").unwrap_err();
    assert!(found.contains("array of texts and other values"), "{found}");
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
        let first = save("SQLTransformer", "3.5.9", r#"{"statement":"SELECT n, x * 2 AS y FROM __THIS__"}"#);
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
