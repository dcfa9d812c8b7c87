//! The functions that a statement may call.

use firesteel_plan::ColumnType;
use firesteel_plan::ops::{Comparison, Expr, Literal, TextFunction};
use sqlparser::ast::{self, Function, FunctionArg, FunctionArgExpr, FunctionArguments, TrimWhereField};

use crate::support::nearest;

use super::coercion::{common, compared};
use super::expression::negate;
use super::scope::{Dialect, Scope};
use super::value::{Kind, Value};
use super::{
    binaries, date_units, dates, formats, interval_literals, intervals, lists, numbers, patterns, texts,
    writings,
};

/// The functions that are read.
pub(super) const KNOWN: &str = "abs, acos, acosh, add_months, array, array_append, array_compact, \
                     array_contains, array_distinct, array_except, array_insert, array_intersect, \
                     array_join, array_max, array_min, array_position, array_prepend, array_remove, \
                     array_repeat, array_size, array_sort, array_union, arrays_overlap, ascii, \
                     asin, asinh, atan, atan2, atanh, base64, bigint, bin, binary, bit_count, \
                     bit_get, bit_length, bitmap_bit_position, bitmap_bucket_number, bitmap_count, \
                     boolean, bround, btrim, cardinality, cbrt, ceil, ceiling, char, char_length, \
                     character_length, chr, coalesce, concat, concat_ws, contains, conv, cos, cosh, \
                     cot, crc32, csc, date, date_add, date_diff, date_format, date_from_unix_date, \
                     date_part, date_sub, date_trunc, dateadd, datediff, datepart, day, dayname, \
                     dayofmonth, dayofweek, dayofyear, decimal, decode, degrees, double, e, \
                     element_at, elt, encode, endswith, equal_null, exp, expm1, extract, factorial, \
                     find_in_set, float, floor, format_number, format_string, from_base32, \
                     from_unixtime, from_utc_timestamp, get, get_json_object, getbit, greatest, \
                     hash, hex, hmac, hour, hypot, if, ifnull, ilike, initcap, instr, int, \
                     is_valid_utf8, isnan, isnotnull, isnull, jaro_winkler_similarity, \
                     json_array_length, last_day, lcase, least, left, len, length, levenshtein, \
                     like, ln, locate, log, log10, log1p, log2, lower, lpad, ltrim, luhn_check, \
                     make_date, make_dt_interval, make_interval, make_timestamp, make_timestamp_ltz, \
                     make_valid_utf8, make_ym_interval, mask, md5, \
                     minute, mod, month, monthname, months_between, nanvl, negative, next_day, \
                     nullif, nullifzero, nvl, nvl2, octet_length, overlay, parse_url, pi, pmod, \
                     position, positive, pow, power, printf, quarter, quote, radians, regexp, \
                     regexp_count, regexp_extract, regexp_extract_all, regexp_instr, regexp_like, \
                     regexp_replace, regexp_substr, repeat, replace, reverse, right, rint, rlike, \
                     round, rpad, rtrim, sec, second, sha, sha1, sha2, shiftleft, shiftright, \
                     shiftrightunsigned, sign, signum, sin, sinh, size, slice, smallint, \
                     sort_array, soundex, space, split, split_part, sqrt, startswith, string, \
                     substr, substring, substring_index, tan, tanh, time_bucket, timestamp, timestamp_micros, \
                     timestamp_millis, timestamp_seconds, timestampadd, timestampdiff, tinyint, \
                     to_base32, to_binary, to_char, to_date, to_number, to_timestamp, \
                     to_timestamp_ltz, to_unix_timestamp, to_utc_timestamp, to_varchar, translate, \
                     trim, trunc, try_add, try_divide, try_element_at, try_make_interval, \
                     try_make_timestamp, \
                     try_make_timestamp_ltz, try_mod, try_multiply, try_parse_url, try_subtract, \
                     try_to_binary, try_to_date, try_to_number, try_to_timestamp, try_url_decode, \
                     try_validate_utf8, typeof, ucase, unbase64, unhex, unix_date, unix_micros, \
                     unix_millis, unix_seconds, unix_timestamp, upper, url_decode, url_encode, \
                     validate_utf8, weekday, weekofyear, width_bucket, xxhash64, year, zeroifnull";

/// The versions that first have a function, where they are newer than most.
const SINCE: [(&str, u32, u32); 77] = [
    ("try_add", 3, 2),
    ("try_cast", 3, 2),
    ("try_subtract", 3, 3),
    ("try_multiply", 3, 3),
    ("try_mod", 4, 0),
    ("width_bucket", 3, 1),
    ("nullifzero", 4, 0),
    ("zeroifnull", 4, 0),
    ("dayname", 4, 0),
    ("monthname", 4, 0),
    ("mask", 3, 4),
    ("try_element_at", 3, 3),
    ("array_size", 3, 3),
    ("get", 3, 4),
    ("array_append", 3, 4),
    ("array_compact", 3, 4),
    ("array_prepend", 3, 5),
    ("regexp_extract_all", 3, 1),
    ("floor to digits", 3, 3),
    ("a unit and a timestamp", 3, 3),
    ("timestampadd", 3, 3),
    ("timestampdiff", 3, 3),
    ("<<", 4, 0),
    (">>", 4, 0),
    (">>>", 4, 0),
    ("make_dt_interval", 3, 2),
    ("make_ym_interval", 3, 2),
    ("try_make_interval", 4, 0),
    ("time_bucket", 4, 2),
    ("a number as an interval", 3, 3),
    ("a number of an interval", 3, 3),
    ("luhn_check", 3, 5),
    ("bitmap_bit_position", 3, 5),
    ("bitmap_bucket_number", 3, 5),
    ("try_parse_url", 4, 0),
    ("try_url_decode", 4, 0),
    ("quote", 4, 1),
    ("try_to_timestamp", 3, 5),
    ("to_timestamp_ltz", 3, 4),
    ("make_timestamp_ltz", 3, 4),
    ("try_to_date", 4, 0),
    ("try_make_timestamp", 4, 0),
    ("try_make_timestamp_ltz", 4, 0),
    ("format_string", 3, 0),
    ("printf", 3, 0),
    ("url_encode", 3, 4),
    ("url_decode", 3, 4),
    ("is_valid_utf8", 4, 0),
    ("make_valid_utf8", 4, 0),
    ("validate_utf8", 4, 0),
    ("try_validate_utf8", 4, 0),
    ("a pattern of numbers", 3, 0),
    ("asinh", 3, 0),
    ("acosh", 3, 0),
    ("like", 3, 0),
    ("ilike", 3, 3),
    ("array_insert", 3, 5),
    ("bitmap_count", 3, 5),
    ("hmac", 4, 3),
    ("to_base32", 4, 3),
    ("from_base32", 4, 3),
    ("jaro_winkler_similarity", 4, 3),
    // Before, they may come out otherwise.
    ("a sign of an interval", 3, 5),
    ("div of intervals", 3, 5),
    ("get_json_object", 3, 5),
    ("json_array_length", 3, 5),
    ("to_char", 3, 5),
    ("to_varchar", 3, 5),
    ("to_number", 3, 5),
    ("try_to_number", 3, 5),
    ("base64", 3, 5),
    ("unbase64", 3, 5),
    ("to_binary", 3, 5),
    ("try_to_binary", 3, 5),
    ("conv", 3, 5),
    ("hash", 3, 2),
    ("xxhash64", 3, 2),
];

/// The most names that are shown in place of one, and the most letters of that.
const MEANT: usize = 3;
const MAX_SHOWN: usize = 80;

/// What works on many rows, or is new at each run, and what is asked for in its place.
const ELSEWHERE: [(&str, &[&str], &str); 3] = [
    (
        "an aggregate",
        &[
            "any_value",
            "approx_count_distinct",
            "avg",
            "bool_and",
            "bool_or",
            "collect_list",
            "collect_set",
            "corr",
            "count",
            "count_if",
            "covar_pop",
            "covar_samp",
            "every",
            "first",
            "first_value",
            "grouping",
            "kurtosis",
            "last",
            "last_value",
            "max",
            "max_by",
            "mean",
            "median",
            "min",
            "min_by",
            "mode",
            "percentile",
            "percentile_approx",
            "skewness",
            "some",
            "std",
            "stddev",
            "stddev_pop",
            "stddev_samp",
            "sum",
            "var_pop",
            "var_samp",
            "variance",
        ],
        "rows are scored one by one; compute it before, and give it as a column",
    ),
    (
        "a generator of rows",
        &[
            "explode",
            "explode_outer",
            "inline",
            "inline_outer",
            "json_tuple",
            "posexplode",
            "posexplode_outer",
            "stack",
        ],
        "a row scored is a row answered; make the rows before",
    ),
    (
        "new at each run",
        &[
            "current_catalog",
            "current_database",
            "current_date",
            "current_schema",
            "current_timestamp",
            "current_timezone",
            "current_user",
            "curdate",
            "input_file_name",
            "localtimestamp",
            "monotonically_increasing_id",
            "now",
            "rand",
            "randn",
            "random",
            "shuffle",
            "spark_partition_id",
            "uuid",
        ],
        "a model answers the same each time; give it as a column",
    ),
];

/// Lowers what is called by a name, also where the parser has a form of its own for it.
pub(super) fn call(scope: &mut Scope, expr: &ast::Expr) -> Result<Value, String> {
    match expr {
        ast::Expr::Function(function) => {
            let (name, arguments) = plain(function)?;
            named(scope, &name, &arguments)
        }
        ast::Expr::Substring { expr, substring_from: Some(from), substring_for, .. } => {
            let length = substring_for.as_deref();
            let arguments: Vec<&ast::Expr> =
                [expr.as_ref(), from.as_ref()].into_iter().chain(length).collect();
            named(scope, "substring", &arguments)
        }
        ast::Expr::Trim { trim_where, trim_what, expr, trim_characters: None } => {
            let (name, function) = match trim_where {
                Some(TrimWhereField::Leading) => ("ltrim", TextFunction::TrimLettersStart),
                Some(TrimWhereField::Trailing) => ("rtrim", TextFunction::TrimLettersEnd),
                Some(TrimWhereField::Both) | None => ("trim", TextFunction::TrimLetters),
            };
            match trim_what {
                None => named(scope, name, &[expr]),
                Some(letters) => texts::trim(scope, function, expr, letters),
            }
        }
        ast::Expr::Position { expr, r#in } => named(scope, "position", &[expr, r#in]),
        ast::Expr::Overlay { expr, overlay_what, overlay_from, overlay_for } => {
            let length = overlay_for.as_deref();
            let arguments: Vec<&ast::Expr> =
                [expr.as_ref(), overlay_what, overlay_from].into_iter().chain(length).collect();
            named(scope, "overlay", &arguments)
        }
        ast::Expr::Extract { field, expr, .. } => dates::extract(scope, &field.to_string(), expr),
        ast::Expr::Subquery(_) | ast::Expr::InSubquery { .. } | ast::Expr::Exists { .. } => {
            Err("a sub-query".to_owned())
        }
        ast::Expr::Interval(interval) => interval_literals::lower(scope, interval),
        other => Err(format!("'{other}'")),
    }
}

/// The name in small letters and the arguments of a call that has nothing else.
fn plain(function: &Function) -> Result<(String, Vec<&ast::Expr>), String> {
    let name = function.name.to_string().to_ascii_lowercase();
    if function.over.is_some() {
        return Err(format!("the window of the function {name} (OVER); rows are scored one by one"));
    }
    if let Some((what, _, hint)) = ELSEWHERE.iter().find(|(_, names, _)| names.contains(&name.as_str())) {
        return Err(format!("the function {name}, {what}; {hint}"));
    }
    let other = || format!("the call '{function}'");
    let FunctionArguments::List(list) = &function.args else { return Err(other()) };
    let more = function.filter.is_some()
        || function.null_treatment.is_some()
        || !function.within_group.is_empty()
        || function.uses_odbc_syntax
        || !matches!(function.parameters, FunctionArguments::None)
        || list.duplicate_treatment.is_some()
        || !list.clauses.is_empty();
    if more {
        return Err(other());
    }
    let arguments = list.args.iter().map(|argument| match argument {
        FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => Ok(expr),
        _ => Err(other()),
    });
    Ok((name, arguments.collect::<Result<_, _>>()?))
}

fn named(scope: &mut Scope, name: &str, arguments: &[&ast::Expr]) -> Result<Value, String> {
    match (name, arguments) {
        ("isnull", [value]) => Ok(Value::boolean(Expr::IsNull(Box::new(scope.value(value)?.expr)))),
        ("isnotnull", [value]) => Ok(negate(Expr::IsNull(Box::new(scope.value(value)?.expr)), true)),
        ("equal_null", [left, right]) => {
            Ok(Value::boolean(scope.compare(Comparison::NullSafeEqual, left, right)?))
        }
        ("if", [condition, then, otherwise]) => {
            let condition = scope.condition(condition)?;
            let values = vec![scope.value(then)?, scope.value(otherwise)?];
            scope.choose(vec![condition], values, name)
        }
        ("nvl2", [value, then, otherwise]) => {
            let null = Expr::IsNull(Box::new(scope.value(value)?.expr));
            let values = vec![scope.value(then)?, scope.value(otherwise)?];
            scope.choose(vec![Expr::Not(Box::new(null))], values, name)
        }
        ("nullif", [value, other]) => nullif(scope, value, other),
        ("coalesce", [_, ..]) | ("ifnull" | "nvl", [_, _]) => {
            let (values, kind) = of_one_type(scope, name, arguments)?;
            Ok(Value { expr: Expr::Coalesce(values), kind })
        }
        ("greatest" | "least", [_, _, ..]) => {
            let (values, kind) = of_one_type(scope, name, arguments)?;
            Ok(Value { expr: Expr::Extreme { values, greatest: name == "greatest" }, kind })
        }
        _ => of_kind(scope, name, arguments),
    }
}

/// The functions of numbers, texts and dates.
fn of_kind(scope: &mut Scope, name: &str, arguments: &[&ast::Expr]) -> Result<Value, String> {
    since(scope.dialect, name)?;
    for function in [
        binaries::function,
        date_units::function,
        numbers::function,
        texts::function,
        patterns::function,
        lists::function,
        dates::function,
        formats::function,
        intervals::function,
        writings::function,
    ] {
        if let Some(value) = function(scope, name, arguments) {
            return value;
        }
    }
    if KNOWN.split(", ").any(|known| known == name) {
        return Err(format!("the function {name} with {} arguments", arguments.len()));
    }
    Err(unknown(name))
}

/// What to say of a function that is not read.
fn unknown(name: &str) -> String {
    let near = nearest(name, KNOWN.split(", "), name.chars().count() / 3, MEANT);
    let meant = match near.split_last() {
        None => String::new(),
        Some((last, [])) => format!(" (did you mean {last}?)"),
        Some((last, others)) => format!(" (did you mean {} or {last}?)", others.join(", ")),
    };
    let name: String = name.chars().take(MAX_SHOWN).collect();
    format!(
        "the function {name}, which is not supported{meant}; docs/stages/SQLTransformer.md lists those that are"
    )
}

/// Refuses a function that the saving version does not have, or computes in another way.
pub(super) fn since(dialect: Dialect, name: &str) -> Result<(), String> {
    match SINCE.iter().find(|(known, ..)| *known == name) {
        Some((_, major, minor)) if !dialect.version.at_least(*major, *minor) => Err(format!(
            "the function {name} in a save of Spark {}; it is read in saves of {major}.{minor} and newer",
            dialect.version
        )),
        _ => Ok(()),
    }
}

fn of_one_type(scope: &mut Scope, name: &str, arguments: &[&ast::Expr]) -> Result<(Vec<Expr>, Kind), String> {
    let values = arguments.iter().map(|argument| scope.value(argument)).collect::<Result<Vec<_>, _>>()?;
    let text = |value: &Value| value.kind == Kind::Of(ColumnType::String);
    let mixed =
        values.iter().any(text) && !values.iter().all(|value| text(value) || value.kind == Kind::Null);
    if mixed && !scope.dialect.ansi && matches!(name, "greatest" | "least") {
        return Err(format!("{name} of texts and other values; CAST them to one type"));
    }
    let (values, found) = common(values, scope.dialect, name)?;
    Ok((values.into_iter().map(|value| value.expr).collect(), found))
}

/// One text behind the other: the operator `||`.
pub(super) fn concat(scope: &mut Scope, arguments: &[&ast::Expr]) -> Result<Value, String> {
    texts::call(scope, TextFunction::Concat, "||", arguments)
}

fn nullif(scope: &mut Scope, value: &ast::Expr, other: &ast::Expr) -> Result<Value, String> {
    let kept = scope.value(value)?;
    scope.charge(kept.expr.size())?;
    let other = scope.value(other)?;
    let null = match &kept.kind {
        Kind::Of(found) => Value::literal(Literal::Null(found.clone()), found.clone()),
        Kind::Binary => Value { expr: Expr::Literal(Literal::Null(ColumnType::String)), kind: Kind::Binary },
        Kind::Interval(of) => interval_literals::null(*of),
        Kind::Null => return Err(format!("nullif of {}", kept.shown())),
    };
    let [left, right] = compared(kept.clone(), other, scope.dialect, "nullif")?;
    let equal = Expr::Compare {
        comparison: Comparison::Equal,
        left: Box::new(left.expr),
        right: Box::new(right.expr),
    };
    scope.choose(vec![equal], vec![null, kept], "nullif")
}
