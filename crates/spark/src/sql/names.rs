//! The names of Spark's functions: those that are read, since when, and those that are not for a row.

/// The functions that are read.
pub(super) const KNOWN: &str = "abs, acos, acosh, add_months, aes_decrypt, aes_encrypt, array, array_append, \
                     array_compact, array_contains, array_distinct, array_except, array_insert, \
                     array_intersect, array_join, array_max, array_min, array_position, \
                     array_prepend, array_remove, array_repeat, array_size, array_sort, \
                     array_union, arrays_overlap, ascii, asin, asinh, assert_true, atan, atan2, \
                     atanh, base64, between, bigint, bin, binary, bit_count, bit_get, bit_length, \
                     bitmap_bit_position, bitmap_bucket_number, bitmap_count, boolean, bround, \
                     btrim, cardinality, cbrt, ceil, ceiling, char, char_length, character_length, \
                     chr, coalesce, collate, collation, concat, concat_ws, contains, conv, \
                     convert_timezone, cos, cosh, cot, crc32, csc, date, date_add, date_diff, \
                     date_format, date_from_unix_date, date_part, date_sub, date_trunc, dateadd, \
                     datediff, datepart, day, dayname, dayofmonth, dayofweek, dayofyear, decimal, \
                     decode, degrees, double, e, element_at, elt, encode, endswith, equal_null, \
                     exp, expm1, extract, factorial, find_in_set, float, floor, format_number, \
                     format_string, from_base32, from_unixtime, from_utc_timestamp, get, \
                     get_json_object, getbit, greatest, hash, hex, hmac, hour, hypot, if, ifnull, \
                     ilike, initcap, instr, int, is_valid_utf8, isnan, isnotnull, isnull, \
                     jaro_winkler_similarity, json_array_length, json_object_keys, last_day, lcase, \
                     least, left, len, length, levenshtein, like, ln, locate, log, log10, log1p, \
                     log2, lower, lpad, ltrim, luhn_check, make_date, make_dt_interval, \
                     make_interval, make_timestamp, make_timestamp_ltz, make_timestamp_ntz, \
                     make_valid_utf8, make_ym_interval, mask, md5, minute, mod, month, monthname, \
                     months_between, nanvl, negative, next_day, nullif, nullifzero, nvl, nvl2, \
                     octet_length, overlay, parse_url, pi, pmod, position, positive, pow, power, \
                     printf, quarter, quote, radians, raise_error, regexp, regexp_count, \
                     regexp_extract, regexp_extract_all, regexp_instr, regexp_like, regexp_replace, \
                     regexp_substr, repeat, replace, reverse, right, rint, rlike, round, rpad, \
                     rtrim, sec, second, sha, sha1, sha2, shiftleft, shiftright, \
                     shiftrightunsigned, sign, signum, sin, sinh, size, slice, smallint, \
                     sort_array, soundex, space, split, split_part, sqrt, startswith, string, \
                     substr, substring, substring_index, tan, tanh, time_bucket, timestamp, \
                     timestamp_micros, timestamp_millis, timestamp_seconds, timestampadd, \
                     timestampdiff, tinyint, to_base32, to_binary, to_char, to_date, to_number, \
                     to_timestamp, to_timestamp_ltz, to_timestamp_ntz, to_unix_timestamp, \
                     to_utc_timestamp, to_varchar, translate, trim, trunc, try_add, \
                     try_aes_decrypt, try_divide, try_element_at, try_make_interval, \
                     try_make_timestamp, try_make_timestamp_ltz, try_make_timestamp_ntz, try_mod, \
                     try_multiply, try_parse_url, try_subtract, try_to_binary, try_to_date, \
                     try_to_number, try_to_timestamp, try_url_decode, try_validate_utf8, typeof, \
                     ucase, unbase64, unhex, unix_date, unix_micros, unix_millis, unix_seconds, \
                     unix_timestamp, upper, url_decode, url_encode, validate_utf8, weekday, \
                     weekofyear, when, width_bucket, xxhash64, year, zeroifnull";

/// The versions that first have a function, where they are newer than most.
pub(super) const SINCE: &[(&str, u32, u32)] = &[
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
    ("timestamp_ntz", 3, 4),
    ("timestamp_ltz", 3, 4),
    ("to_timestamp_ntz", 3, 4),
    ("make_timestamp_ntz", 3, 4),
    ("convert_timezone", 3, 4),
    ("try_make_timestamp_ntz", 4, 0),
    ("a time of day", 4, 1),
    ("unix_seconds of timestamp_ntz", 4, 3),
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
    ("when", 4, 3),
    ("between", 4, 0),
    ("like with an escape", 4, 0),
    ("collation", 4, 0),
    ("collate", 4, 0),
    ("raise_error", 3, 1),
    ("assert_true with a message", 3, 1),
    // Before, they may come out otherwise.
    ("a sign of an interval", 3, 5),
    ("div of intervals", 3, 5),
    ("aes_encrypt", 3, 5),
    ("aes_decrypt", 3, 5),
    ("try_aes_decrypt", 3, 5),
    ("get_json_object", 3, 5),
    ("json_array_length", 3, 5),
    ("json_object_keys", 3, 5),
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

/// What works on many rows, is new at each run or switched off, and what is said of it.
pub(super) const ELSEWHERE: &[(&str, &[&str], &str)] = &[
    (
        "one of a window",
        &[
            "cume_dist",
            "dense_rank",
            "lag",
            "lead",
            "nth_value",
            "ntile",
            "percent_rank",
            "rank",
            "row_number",
        ],
        "rows are scored one by one; compute it before, and give it as a column",
    ),
    (
        "an aggregate",
        &[
            "any",
            "any_value",
            "approx_count_distinct",
            "approx_percentile",
            "approx_top_k",
            "array_agg",
            "avg",
            "bit_and",
            "bit_or",
            "bit_xor",
            "bitmap_and_agg",
            "bitmap_construct_agg",
            "bitmap_or_agg",
            "bool_and",
            "bool_or",
            "collect_list",
            "collect_set",
            "corr",
            "count",
            "count_if",
            "count_min_sketch",
            "covar_pop",
            "covar_samp",
            "every",
            "first",
            "first_value",
            "grouping",
            "grouping_id",
            "histogram_numeric",
            "hll_sketch_agg",
            "hll_union_agg",
            "kurtosis",
            "last",
            "last_value",
            "listagg",
            "max",
            "max_by",
            "mean",
            "median",
            "min",
            "min_by",
            "mode",
            "percentile",
            "percentile_approx",
            "percentile_cont",
            "percentile_disc",
            "regr_avgx",
            "regr_avgy",
            "regr_count",
            "regr_intercept",
            "regr_r2",
            "regr_slope",
            "regr_sxx",
            "regr_sxy",
            "regr_syy",
            "skewness",
            "some",
            "std",
            "stddev",
            "stddev_pop",
            "stddev_samp",
            "string_agg",
            "sum",
            "try_avg",
            "try_sum",
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
            "range",
            "sql_keywords",
            "stack",
            "variant_explode",
            "variant_explode_outer",
        ],
        "a row scored is a row answered; make the rows before",
    ),
    (
        "new at each run",
        &[
            "curdate",
            "current_catalog",
            "current_database",
            "current_date",
            "current_path",
            "current_schema",
            "current_time",
            "current_timestamp",
            "current_timezone",
            "current_user",
            "input_file_block_length",
            "input_file_block_start",
            "input_file_name",
            "localtime",
            "localtimestamp",
            "monotonically_increasing_id",
            "now",
            "rand",
            "randn",
            "random",
            "randstr",
            "session_user",
            "shuffle",
            "spark_partition_id",
            "uniform",
            "user",
            "uuid",
            "version",
        ],
        "a model answers the same each time; give it as a column",
    ),
    (
        "of the type time",
        &[
            "make_time",
            "time_diff",
            "time_from_micros",
            "time_from_millis",
            "time_from_seconds",
            "time_to_micros",
            "time_to_millis",
            "time_to_seconds",
            "time_trunc",
            "to_time",
            "try_to_time",
        ],
        "Spark has the type switched off by default (spark.sql.timeType.enabled)",
    ),
    (
        "of timestamps with nanoseconds",
        &["timestamp_nanos", "unix_nanos"],
        "Spark has them switched off by default (spark.sql.timestampNanosTypes.enabled); take unix_micros or timestamp_micros",
    ),
];
