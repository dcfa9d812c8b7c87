"""Edge cases of SQLTransformer: intervals, which are no columns, and dates and timestamps moved by them, in the time zone UTC."""

import datetime

from edge_sql import keep_dates, select

DATES = ["2020-02-29", "2020-01-31", "1969-12-31", "0001-01-01", "9999-12-31", None, "2019-03-31", "1900-03-01", "2024-12-31", "1582-10-15"]
OTHERS = ["2019-12-31", "2020-02-29", None, "9999-12-31", "0001-01-01", "2000-01-01", "2019-03-31", "2024-02-29", "1970-01-01", "1970-01-01"]
TIMES = [
    "2020-02-29 12:34:56.789", "2020-01-31 00:00:00", "1969-12-31 23:59:59.999999", "0001-01-03 00:00:00", "9999-12-31 23:59:59.999999", None,
    "2019-03-31 02:30:00", "1900-03-01 01:02:03", "2024-12-31 13:00:00.000001", "1582-10-15 05:06:07",
]
STAMPS = TIMES[4:] + TIMES[:4]
# Small ones, which no interval made of them overflows by.
COUNTS = [0, 1, -1, 13, -25, None, 59, -61, 100, 7]
DOUBLES = [0.5, -0.5, 1.5, 2.0, -3.25, None, 0.1, 1e-9, 1000.0, 1 / 3]
LONGS = [1, -2, 3, 7, -11, 12, None, 100, 365, -1000]

TYPES = [
    "YEAR TO MONTH", "YEAR", "MONTH", "DAY", "DAY TO HOUR", "DAY TO MINUTE", "DAY TO SECOND", "HOUR", "HOUR TO MINUTE", "HOUR TO SECOND", "MINUTE",
    "MINUTE TO SECOND", "SECOND",
]
LITERALS = [
    "3 DAYS", "'3' DAY", "'1-2' YEAR TO MONTH", "'1 02:03:04.5' DAY TO SECOND", "'-1 02:03:04.5' DAY TO SECOND", "-'1 02:03:04.5' DAY TO SECOND",
    "'1 02' DAY TO HOUR", "'1 02:03' DAY TO MINUTE", "'02:03' HOUR TO MINUTE", "'2:3:4' HOUR TO SECOND", "'03:04.1234567' MINUTE TO SECOND",
    "'100:03:04' HOUR TO SECOND", "1 YEAR 2 MONTHS", "'1 year 2 months'", "'1 day 2 hours'", "2 WEEKS", "5 MILLISECONDS", "5 MICROSECONDS", "1.5 SECONDS",
    "'70.5' SECOND", "-3 DAYS", "- 3 DAYS", "+3 DAYS", "-'3' DAYS", "-'-3' DAYS", "'-3' DAYS", "' 3 ' DAYS", "'-1-2' YEAR TO MONTH", "' +1-11 ' YEAR TO MONTH",
    "'13' MONTH", "'25' HOUR", "70 MINUTE", "1 DAY 2 HOURS 3 SECONDS", "2 HOURS 1 DAY", "178956970 YEARS", "106751991 DAYS",
    "'106751991 04:00:54.775807' DAY TO SECOND", "'-106751991 04:00:54.775808' DAY TO SECOND", "'interval 1 day'", "1 DAY -2 HOURS", "'1' YEAR '2' MONTH",
    ".5 SECOND", "'.5' SECOND", "0 DAYS", "-0.5 SECOND", "'-0-1' YEAR TO MONTH", "' 1   YEAR  -1 months'", "'-2147483648' MONTH", "\"3\" DAY", "'1 week -2 days 3.000001 seconds'",
    "- '1 2' DAY TO HOUR", "1 year", "'2:3' hour to minute",
]
TEXTS = {
    "DAY": ["1", " -1 ", "+1", "|1", "106751992", "999999999", "INTERVAL '1' DAY", "interval -'1' day"],
    "HOUR": ["24", "-9999999999", "INTERVAL '-5' HOUR"],
    "SECOND": ["1.5", "-1.5", "-0.5", "0.000001", "1.123456789", "interval  -'-1.5'  second"],
    "DAY TO SECOND": ["1 02:03:04", "-1 2:3:4.5", "INTERVAL '1 02:03:04' DAY TO SECOND", "0 00:00:00.1234567"],
    "DAY TO MINUTE": ["1 1:1", "-106751991 04:00"],
    "DAY TO HOUR": ["1 23", "+0 0"],
    "HOUR TO MINUTE": ["24:00", "-1:59"],
    "HOUR TO SECOND": ["2562047788:00:54", "-0:0:1.000001"],
    "MINUTE TO SECOND": ["61:00", "0:0.5"],
    "YEAR TO MONTH": ["1-2", "-178956970-8", "INTERVAL -'1-2' YEAR TO MONTH"],
    "YEAR": ["1", "-178956970"],
    "MONTH": ["14", "-2147483648", "INTERVAL -'14' MONTH"],
}
WRONG = {
    "DAY": ["1234567890", "1.0", "x", "INTERVAL '1' HOUR", "INTERVAL'1' DAY"], "HOUR": ["INTERVAL '1' DAY"], "SECOND": [".5", "1.1234567890", "9999999999999"],
    "DAY TO SECOND": ["1 02:03", "106751991 04:00:54.775808", "999999999 00:00:00", "1  1:1:1", "1 24:0:0", "1 0:60:0"], "DAY TO HOUR": ["1 24", "1 1:1"],
    "HOUR TO MINUTE": ["2562047789:00", "1:60"], "YEAR TO MONTH": ["1-12", "178956970-8", "10", "178956971-0"], "YEAR": ["200000000"], "MONTH": ["2147483648", "a"],
}
CALENDAR = [
    "1 year 1 day", " 1   YEAR  -1 Days + 2 hours - .5 second ", "1 year1 day", "1.5 days", "1.1234567 seconds", "1.1234567891 seconds", "-. seconds", ". seconds",
    "1. seconds", "interval", "intervalx 1 day", "1", "1 dayss", "2147483648 days", "-2147483648 days", "9223372036854775808 seconds", "200000000 years",
    "1 week 2 milliseconds 3 microseconds", "1 quarter", "interval 1 year interval 2 year", "2 months 14 months", "-106751991 days -4 hours -54.775808 seconds",
    "1 day\t2 hours\n", "", None, "-1 year", "+1 hour -1 minute", "--1 day", "- - 1 day", "1 day 2", "5 seconds 5 seconds", "-1 days 2147483648 days", "1 nanosecond",
    "1 hour 59 minutes 59.999999 seconds", "x", "interval -1 months 1 microsecond",
]


def named(parts, start=1):
    """Each expression with a name."""
    return ", ".join("{} AS o{}".format(part, at) for at, part in enumerate(parts, start))


def shown(parts):
    """Each value as a text: Python has no year 0, and none above 9999."""
    return named(["CAST({} AS string)".format(part) for part in parts])


def texts(parts):
    """Each interval as a text, and its type."""
    return named(["CAST({} AS string)".format(part) for part in parts] + ["typeof({})".format(part) for part in parts])


# None of them fails with ANSI on.
PARTS = {
    "interval_literals": texts(["INTERVAL " + literal for literal in LITERALS]),
    "interval_dates": shown([
        "a + INTERVAL 3 DAYS", "INTERVAL 3 DAYS + a", "a - INTERVAL 3 DAYS", "a + INTERVAL 3 HOURS", "a + INTERVAL '1 02' DAY TO HOUR", "a - INTERVAL '1 02' DAY TO HOUR",
        "a + INTERVAL 1 MONTH", "a - INTERVAL 1 MONTH", "a + INTERVAL '1-2' YEAR TO MONTH", "INTERVAL -1 MONTH + a", "a - INTERVAL 1 YEAR", "a + INTERVAL 1 DAY + INTERVAL 1 MONTH",
        "a + INTERVAL 1 MONTH - INTERVAL 1 MONTH", "a + make_interval(0, 1)", "a - make_interval(1, 1, 1, 1)", "make_interval(0, n, 0, n) + a", "a + make_ym_interval(n, n)",
        "a + CAST(n AS INTERVAL DAY)", "a - CAST(n AS INTERVAL MONTH)", "a + make_dt_interval(n)", "a + CAST(1.7 AS INTERVAL DAY)", "a - CAST(1.7 AS INTERVAL DAY)",
        "a - (a - c)", "CAST(a - c AS string)", "typeof(a - c)", "CAST(a - c AS int)", "EXTRACT(DAYS FROM a - c)", "CAST(a - p AS string)", "CAST(p - a AS string)",
        "CAST('2020-01-01' - a AS string)", "typeof(a + INTERVAL 1 DAY)", "typeof(a + INTERVAL 1 HOUR)", "typeof(a + INTERVAL 1 MONTH)", "typeof(a - p)",
        "CAST((a - c) * 2 AS string)", "CAST((a - c) / 7 AS string)", "a BETWEEN c - INTERVAL 3 MONTHS AND c + INTERVAL 3 MONTHS", "year(a + INTERVAL 1 MONTH)",
        "a - c > INTERVAL 30 DAYS", "a + INTERVAL 1 DAY = c", "CAST(NULL - a AS string)", "typeof(NULL - a)", "a + CAST(NULL AS INTERVAL DAY)", "a - CAST(NULL AS INTERVAL MONTH)",
        "typeof(a + NULL)", "typeof(a - NULL)", "typeof(NULL + a)", "date_add(a, CAST(INTERVAL '3 12' DAY TO HOUR AS int))",
    ]),
    "interval_times": shown([
        "p + INTERVAL 3 DAYS", "p - INTERVAL 3 DAYS", "p + INTERVAL 1 MONTH", "p - INTERVAL 1 MONTH", "INTERVAL 1 MONTH + p", "p + INTERVAL '1.5' SECOND", "p - INTERVAL '2:30' HOUR TO MINUTE",
        "p + make_interval(1, 1, 1, 1, 1, 1, 1.5)", "p - make_interval(1, 1, 1, 1, 1, 1, 1.5)", "make_interval(0, n, 0, n, n, n, d) + p", "p + make_dt_interval(n, n, n, d)",
        "p + CAST(n AS INTERVAL HOUR)", "CAST(p - q AS string)", "typeof(p - q)", "EXTRACT(DAYS FROM p - q)", "EXTRACT(HOUR FROM p - q)", "EXTRACT(MINUTE FROM p - q)",
        "EXTRACT(SECOND FROM p - q)", "date_part('HOURS', p - q)", "CAST(p - q AS bigint)", "CAST((p - q) / 2 AS string)", "CAST((p - q) * 0.5 AS string)", "p - (p - q)", "q + (p - q) = p",
        "p - q < INTERVAL 1 DAY", "greatest(p - q, INTERVAL 1 DAY) = INTERVAL 1 DAY", "CAST(NULL - p AS string)", "CAST(p - NULL AS string)", "typeof(p - NULL)",
        "'2020-01-31' + INTERVAL 1 DAY", "'2020-01-31 01:02:03' - INTERVAL 1 HOUR", "INTERVAL 1 SECOND + '2020-01-31'", "'2020-01-31' + make_interval(0, 1)",
        "typeof('2020-01-31' + INTERVAL 1 DAY)", "date_format(p + INTERVAL 1 HOUR, 'HH')", "CAST(CAST(a AS timestamp) - p AS string)", "timestampadd(HOUR, 1, p)",
        "p BETWEEN q - INTERVAL 1 YEAR AND q", "(p - q) div INTERVAL 1 HOUR", "sign(p - q)", "CAST(abs(p - q) AS string)", "CAST(-(p - q) AS string)",
        "coalesce(p - q, INTERVAL 0 DAYS) = INTERVAL 0 SECONDS", "p - q IS NULL", "CASE WHEN p - q > INTERVAL 0 DAYS THEN p ELSE q END",
    ]),
    "interval_math": texts([
        "INTERVAL 1 DAY + INTERVAL 1 HOUR", "INTERVAL 1 DAY - INTERVAL 1 SECOND", "INTERVAL 1 YEAR + INTERVAL 1 MONTH", "INTERVAL 1 YEAR + INTERVAL 1 YEAR", "INTERVAL 1 DAY * n", "n * INTERVAL 1 DAY",
        "INTERVAL 1 DAY * 1.5", "INTERVAL 1 DAY * d", "INTERVAL 1 DAY * l", "INTERVAL 1 DAY * CAST(d AS float)", "INTERVAL 1 DAY * '2'", "INTERVAL 1 DAY / 7", "INTERVAL 1 DAY / (l + 0.5)",
        "INTERVAL 1 DAY / (d + 10)", "INTERVAL 1 DAY / l", "INTERVAL 1 DAY / '3'", "INTERVAL 1 YEAR * n", "INTERVAL 1 YEAR * d", "INTERVAL 7 MONTHS * CAST(d AS decimal(10, 3))", "INTERVAL 1 MONTH * 0.5",
        "INTERVAL 1 MONTH * -1.5", "INTERVAL 1 MONTH * 1.5D", "INTERVAL -1 MONTH * 2.5D", "INTERVAL 1 YEAR * l", "INTERVAL 1 YEAR / 5", "INTERVAL 1 YEAR / 8", "INTERVAL -1 YEAR / 8", "INTERVAL 1 YEAR / l",
        "INTERVAL 1 YEAR / (d + 20)", "INTERVAL 1 YEAR / 1.6", "INTERVAL '0.000003' SECOND / 2", "INTERVAL '-0.000001' SECOND * 0.5", "INTERVAL '-0.000001' SECOND * 0.5D", "INTERVAL '0.000001' SECOND / 3",
        "-INTERVAL 1 DAY", "+INTERVAL 1 DAY", "-INTERVAL '1-2' YEAR TO MONTH", "abs(INTERVAL '-1-2' YEAR TO MONTH)", "negative(INTERVAL 1 DAY)", "positive(INTERVAL 1 DAY)", "INTERVAL 1 DAY * NULL",
        "NULL * INTERVAL 1 DAY", "INTERVAL 1 YEAR / NULL", "INTERVAL 1 DAY + NULL", "NULL - INTERVAL 1 DAY", "INTERVAL 1 DAY / CAST('Infinity' AS double)", "INTERVAL 1 DAY * 0.00000000001",
        "INTERVAL 1 DAY * 1.123456789012345678901234567890", "INTERVAL 1 DAY - 2 * INTERVAL 1 DAY", "INTERVAL '2:3' HOUR TO MINUTE - INTERVAL 1 MINUTE", "CAST(1.7 AS INTERVAL DAY) + INTERVAL 1 HOUR",
        "INTERVAL 1 DAY / 3.7", "INTERVAL 1 HOUR * CAST(n AS tinyint)", "-CAST(n AS INTERVAL MONTH)", "CAST(n AS INTERVAL YEAR) - CAST(n AS INTERVAL MONTH)",
    ]),
    "interval_choices": named([
        "INTERVAL 1 DAY = INTERVAL 24 HOURS", "INTERVAL 1 YEAR = INTERVAL 12 MONTHS", "INTERVAL 1 DAY < INTERVAL 25 HOURS", "INTERVAL 1 DAY = NULL", "INTERVAL 1 DAY <=> NULL",
        "CAST(n AS INTERVAL DAY) > INTERVAL 1 DAY", "CAST(n AS INTERVAL HOUR) IN (INTERVAL 1 HOUR, INTERVAL 780 MINUTES)", "CAST(n AS INTERVAL MONTH) BETWEEN INTERVAL 0 MONTHS AND INTERVAL 2 YEARS",
        "INTERVAL 1 DAY <> INTERVAL 1 HOUR", "INTERVAL 1 DAY IS DISTINCT FROM INTERVAL 24 HOURS", "equal_null(CAST(n AS INTERVAL DAY), INTERVAL 24 HOUR)", "CASE CAST(n AS INTERVAL DAY) WHEN INTERVAL 24 HOURS THEN 'a' ELSE 'b' END",
        "CAST(n AS INTERVAL DAY) IS NULL", "isnotnull(make_interval(n))", "INTERVAL 1 DAY div INTERVAL 1 HOUR", "INTERVAL 25 HOUR div INTERVAL 1 DAY", "INTERVAL 1 YEAR div INTERVAL -5 MONTH",
        "NULL div INTERVAL 1 DAY", "INTERVAL 1 DAY div NULL", "INTERVAL '-2147483648' MONTH div INTERVAL '-1' MONTH", "INTERVAL '-106751991 04:00:54.775808' DAY TO SECOND div INTERVAL '-0.000001' SECOND",
        "sign(CAST(n AS INTERVAL DAY))", "signum(CAST(n AS INTERVAL MONTH))", "sign(INTERVAL 0 DAYS)", "hash(CAST(n AS INTERVAL DAY), CAST(n AS INTERVAL MONTH))", "xxhash64(INTERVAL 1 YEAR)",
        "upper(INTERVAL 1 DAY)", "concat(CAST(n AS INTERVAL DAY), 'x')", "INTERVAL 1 DAY || 'x'", "concat_ws(',', INTERVAL 1 DAY, 'x')", "length(INTERVAL 1 DAY)", "INTERVAL 1 DAY LIKE 'I%'", "elt(1, INTERVAL 1 DAY, 'x')",
    ]) + ", " + texts([
        "coalesce(CAST(n AS INTERVAL DAY), INTERVAL 1 HOUR)", "coalesce(INTERVAL 1 MONTH, INTERVAL 1 YEAR)", "coalesce(make_interval(n), make_interval(2))", "greatest(INTERVAL 1 DAY, INTERVAL 25 HOURS, NULL)",
        "least(INTERVAL 1 YEAR, CAST(n AS INTERVAL MONTH))", "nullif(CAST(n AS INTERVAL DAY), INTERVAL 24 HOURS)", "if(n > 1, INTERVAL 1 DAY, NULL)", "if(n > 1, INTERVAL 1 DAY, INTERVAL 2 MINUTES)",
        "CASE WHEN n > 1 THEN INTERVAL 1 YEAR ELSE INTERVAL 1 MONTH END", "CASE n WHEN 1 THEN INTERVAL 1 DAY END", "nvl(CAST(n AS INTERVAL DAY), INTERVAL 2 HOURS)", "nvl2(n, INTERVAL 1 DAY, INTERVAL 2 HOURS)",
        "if(n > 1, make_interval(n), NULL)", "ifnull(make_interval(n), make_interval(1))", "decode(n, 1, INTERVAL 1 DAY, INTERVAL 2 HOURS)",
    ]).replace(" AS o", " AS p"),
    "interval_casts": named([
        "CAST(INTERVAL 36 HOURS AS int)", "CAST(INTERVAL '1 12' DAY TO HOUR AS bigint)", "CAST(INTERVAL '-1.5' SECOND AS int)", "CAST(INTERVAL '1.5' SECOND AS decimal(10, 3))", "CAST(INTERVAL '1 12:00:01.5' DAY TO SECOND AS decimal(20, 0))",
        "CAST(INTERVAL 200 DAY AS smallint)", "CAST(INTERVAL 100 DAY AS tinyint)", "CAST(INTERVAL 1 YEAR AS int)", "CAST(INTERVAL 1 YEAR AS decimal(5, 0))", "CAST(INTERVAL '-1-2' YEAR TO MONTH AS int)", "CAST(CAST(n AS INTERVAL DAY) AS bigint)",
        "bigint(INTERVAL 1 DAY)", "int(CAST(n AS INTERVAL MONTH))", "decimal(INTERVAL 1 DAY)", "string(INTERVAL 1 DAY)", "CAST(CAST(1.7 AS INTERVAL DAY) AS int)", "EXTRACT(DAY FROM CAST(1.7 AS INTERVAL DAY))", "CAST(1.7 AS INTERVAL DAY) = INTERVAL 1 DAY",
        "CAST(CAST(d AS decimal(10, 6)) AS INTERVAL SECOND) = INTERVAL '0.5' SECOND", "try_cast(INTERVAL 200 DAY AS tinyint)", "CAST(NULL AS INTERVAL) IS NULL", "CAST(INTERVAL '1.7' SECOND AS decimal(5, 0))",
        "CAST(INTERVAL 200 DAY AS decimal(10, 1))",
    ]) + ", " + texts(
        ["CAST(n AS INTERVAL {})".format(kind) for kind in TYPES] + ["CAST(CAST(d AS decimal(20, 7)) AS INTERVAL {})".format(kind) for kind in TYPES] + [
            "CAST(CAST(n AS tinyint) AS INTERVAL HOUR)", "CAST(l AS INTERVAL SECOND)", "CAST(2.5 AS INTERVAL YEAR)", "CAST(INTERVAL 1 DAY AS INTERVAL HOUR)", "CAST(INTERVAL -25 HOUR AS INTERVAL DAY)",
            "CAST(INTERVAL '1 02:03:04.5' DAY TO SECOND AS INTERVAL DAY TO MINUTE)", "CAST(INTERVAL 14 MONTH AS INTERVAL YEAR)", "CAST(INTERVAL -14 MONTH AS INTERVAL YEAR TO MONTH)", "CAST(NULL AS INTERVAL DAY)",
            "try_cast('x' AS INTERVAL DAY)", "try_cast('1' AS INTERVAL DAY)", "try_cast('x' AS INTERVAL)", "try_cast(200000000000 AS INTERVAL DAY)", "try_cast(make_interval(n) AS string)", "try_cast(200000000 AS INTERVAL YEAR)",
        ]).replace(" AS o", " AS p"),
    "interval_parts": named([
        "EXTRACT({} FROM INTERVAL '-1 02:03:04.5' DAY TO SECOND)".format(field) for field in ("DAY", "HOURS", "mins", "SECOND", "d", "h", "m", "s")] + [
        "EXTRACT({} FROM make_interval(n, n, n, n, n, n, d))".format(field) for field in ("YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND")] + [
        "EXTRACT(HOUR FROM make_interval(1, 2, 3, 4, 50, 6, 7.008009))", "EXTRACT(DAY FROM make_interval(1, 2, 3, 4, 50, 6, 7.008009))", "EXTRACT(HOUR FROM INTERVAL 26 HOUR)", "EXTRACT(MINUTE FROM INTERVAL 80 MINUTE)",
        "EXTRACT(YEAR FROM INTERVAL '-1-2' YEAR TO MONTH)", "EXTRACT(MONTH FROM INTERVAL '-1-2' YEAR TO MONTH)", "date_part('mons', INTERVAL 14 MONTH)", "datepart('secs', INTERVAL '3.000001' SECOND)",
        "date_part('yr', INTERVAL 2 YEARS)", "typeof(EXTRACT(HOUR FROM p - q))", "typeof(EXTRACT(DAY FROM p - q))", "typeof(EXTRACT(SECOND FROM p - q))", "typeof(EXTRACT(MONTH FROM make_interval(n)))",
    ]),
    "interval_made": texts([
        "make_interval()", "make_interval(1)", "make_interval(1, 2, 3, 4, 5, 6, 7.008009)", "make_interval(-1, 2, -3, 4, -5, 6, -7.008009)", "make_interval(0, 0, 0, 0, 0, 0, 100.1)", "make_interval(0, 13)", "make_interval(n)",
        "make_interval('1')", "make_interval(CAST(n AS double) / 2)", "make_interval(l)", "make_interval(NULL)", "make_interval(0, 0, 0, 0, 0, 0, '1.5')", "make_interval(0, 0, 0, 0, 0, 0, d)", "make_interval(0, 0, 0, 0, 0, 0, 1.23456789)",
        "make_interval(0, 0, 0, 0, 0, 0, 1.9999999D)", "make_interval(0, 0, 0, 2147483647, 2147483647, 2147483647, 99999999999.999999)", "make_interval(n, n, n, n, n, n, n)", "make_interval(0, 0, 0, -1, 0, 0, 0.5)",
        "make_interval(0, 0, 0, 0, -1, 0, 0.5)", "make_interval(0, 0, 0, 0, -1, -59, 0)", "make_interval(1) + make_interval(0, n)", "make_interval(1) - make_interval(0, n, 0, n)", "make_interval(1, 1, 1, 1, 1, 1, 1.5) * 2",
        "make_interval(1, 1, 1, 1, 1, 1, 1.5) * 1.5", "make_interval(1, n, 1, n, 1, 1, 1.5) * d", "make_interval(1, 1, 1, 1, 1, 1, 1.5) / 2", "make_interval(n, 1, n, 1, n, 1, 1.5) / (d + 10)", "2 * make_interval(n)",
        "-make_interval(1, 1, 1, 1, 1, 1, 1.5)", "negative(make_interval(n))", "+make_interval(n)", "make_interval(1) * NULL", "make_interval(1) * CAST('NaN' AS double)", "make_interval(1, 0, 0, 1) * l",
        "make_dt_interval()", "make_dt_interval(1)", "make_dt_interval(1, 2, 3, 4.005006)", "make_dt_interval(-1, 25, -61, 100.5)", "make_dt_interval(n, NULL)", "make_dt_interval(106751991, 4, 0, 54.775807)",
        "make_dt_interval('1', '2', '3', '4.5')", "make_dt_interval(1.5, 2.5D, l, 3)", "make_dt_interval(n, n, n, d)", "make_dt_interval(1, 1, 1, 1.9999999)", "make_dt_interval(0, 0, 0, 999999999999.999999)",
        "make_ym_interval()", "make_ym_interval(1)", "make_ym_interval(1, 2)", "make_ym_interval(-1, 14)", "make_ym_interval(178956970, 7)", "make_ym_interval(NULL, 7)", "make_ym_interval('1', '2')", "make_ym_interval(n, n)",
        "make_ym_interval(1.5D, 2.7)",
    ]),
    "interval_tries": texts([
        "try_add(INTERVAL 1 DAY, INTERVAL 1 HOUR)", "try_subtract(INTERVAL 1 DAY, INTERVAL 1 HOUR)", "try_multiply(INTERVAL 1 DAY, n)", "try_multiply(2, INTERVAL 1 DAY)", "try_divide(INTERVAL 1 DAY, n)", "try_divide(INTERVAL 1 YEAR, d - 0.5)",
        "try_add(INTERVAL 106751991 DAYS, INTERVAL 106751991 DAYS)", "try_multiply(INTERVAL 106751991 DAYS, n)", "try_multiply(INTERVAL 1 DAY, 1e30)", "try_add(make_interval(178956970), make_interval(n))", "try_multiply(make_interval(178956970), n)",
        "try_divide(make_interval(1), n)", "try_subtract(make_interval(n), make_interval(2))", "try_subtract(a, c)", "try_subtract(p, q)", "try_add(NULL, INTERVAL 1 DAY)", "try_divide(INTERVAL 1 YEAR, 0)", "try_multiply(INTERVAL 178956970 YEARS, n)",
    ]) + ", " + shown([
        "try_add(a, INTERVAL 1 DAY)", "try_add(a, INTERVAL 1 MONTH)", "try_add(INTERVAL 1 DAY, a)", "try_add(p, INTERVAL 106751991 DAYS)", "try_add(a, INTERVAL 178956970 YEARS)", "try_subtract(a, INTERVAL 1 MONTH)", "try_subtract(p, INTERVAL 1 DAY)",
        "try_add('2020-01-01', INTERVAL 1 DAY)", "try_add(p, make_interval(178956970))", "try_subtract(p, make_interval(0, n, 0, n))", "try_add(a, make_interval(0, n, 0, n))",
    ]).replace(" AS o", " AS p"),
    # Each fails within the function in some row. No part stands twice: Spark computes it before, where nothing is tried.
    "interval_tried_within": shown([
        "try_add(a, make_ym_interval(n, 5) / n)", "try_add(a, INTERVAL 3 DAYS / n)", "try_add(c + INTERVAL 178956970 YEARS, INTERVAL 1 DAY)", "try_subtract(p, CAST(concat(n, 'x') AS INTERVAL DAY))",
        "try_add(a - make_interval(0, 0, 0, 0, n), INTERVAL 1 MONTH)", "try_add(make_interval(0, n) * 1e300D, q)", "try_multiply(abs(INTERVAL 5 DAYS / n), 2)", "try_divide(INTERVAL 7 MONTHS, n)",
    ]),
    "interval_read": texts(["CAST(\"{}\" AS INTERVAL {})".format(text, kind) for kind in TEXTS for text in TEXTS[kind]]),
    "interval_wrong_tried": texts(["try_cast(\"{}\" AS INTERVAL {})".format(text, kind) for kind in WRONG for text in WRONG[kind]]),
}

# What may fail, with ANSI on or in any case.
UNSAFE = {
    "interval_legacy": "CAST(a + make_interval(0, 1, 0, 2, 3) AS string) AS o1, CAST(a - make_interval(1, 1, 1, 1, 1) AS string) AS o2, coalesce(INTERVAL 1 MONTH, 'x') AS o3, coalesce('a', INTERVAL 1 MONTH) AS o4, "
    "decode(n, 1, INTERVAL 1 DAY) AS o5, CASE WHEN n > 1 THEN INTERVAL 1 DAY ELSE 'x' END AS o6",
    "interval_legacy_made": texts([
        "make_interval(178956971)", "make_interval(0, 2147483647, 2147483647)", "make_interval(0, 0, 0, 0, 0, 0, 12345678901234)", "make_interval(178956970, 7) + make_interval(1)", "make_interval(178956970) * 2",
        "-make_interval(0, -2147483648)", "INTERVAL 1 DAY * 'x'", "make_ym_interval(1, 3000000000)", "make_dt_interval(0, 0, 0, 9999999999999.999999)", "make_interval('x')", "make_interval(178956970) * 1e300D", "make_interval(0, 0, 0, 5) * -1e300D",
        "'x' - a", "'2020' - a", "'x' + INTERVAL 1 DAY", "INTERVAL 1 DAY div CAST(n AS INTERVAL DAY)", "INTERVAL 1 YEAR div CAST(n AS INTERVAL MONTH)",
    ]),
    "interval_ansi": texts(["a - '2020-01-01'", "p - '2020-01-01'", "'2020-01-01' - p", "upper(make_interval(n))", "concat(make_interval(n), 'x')", "p + NULL", "NULL + p"]),
    "interval_try_make": texts(["try_make_interval(1, 2, 3, 4, 5, 6, 7.008009)", "try_make_interval(178956971)", "try_make_interval(0, '1')", "try_make_interval(0, NULL)", "try_make_interval(n, n)"]),
    "interval_buckets": shown([
        "time_bucket(INTERVAL 1 HOUR, p)", "time_bucket(INTERVAL 7 DAYS, p)", "time_bucket(INTERVAL '1' MONTH, p)", "time_bucket(INTERVAL '1' YEAR, q)", "time_bucket(INTERVAL '1-2' YEAR TO MONTH, p)", "time_bucket(INTERVAL 1 HOUR, p, TIMESTAMP '2020-01-01 00:30:00')",
        "time_bucket(INTERVAL '5' MONTH, p, TIMESTAMP '2019-08-31 05:00:00')", "time_bucket(INTERVAL '1' MONTH, q, TIMESTAMP '2018-08-31 02:30:00')", "time_bucket(INTERVAL '1' MONTH, p, TIMESTAMP '2020-02-29 12:34:56.789')", "time_bucket(INTERVAL '1.5' SECOND, p)",
        "time_bucket(INTERVAL '1 12' DAY TO HOUR, q, TIMESTAMP '0001-01-01 01:00:00')", "time_bucket(CAST(NULL AS INTERVAL DAY), p)", "time_bucket(INTERVAL 1 DAY, NULL)", "time_bucket(NULL, p)", "time_bucket(INTERVAL 1 DAY, p, NULL)",
        "time_bucket(INTERVAL 106751991 DAYS, p)", "time_bucket(INTERVAL '11' MONTH, q, TIMESTAMP '9999-12-31 00:00:00')",
    ]),
    "interval_wrong_add": "CAST(INTERVAL 106751991 DAYS + CAST(n AS INTERVAL DAY) AS string) AS o1",
    "interval_wrong_months": "CAST(INTERVAL 178956970 YEARS - CAST(-n AS INTERVAL YEAR) AS string) AS o1",
    "interval_wrong_times": "CAST(INTERVAL 106751991 DAYS * n AS string) AS o1",
    "interval_wrong_real": "CAST(INTERVAL 106751991 DAYS * (d + 10) AS string) AS o1",
    "interval_wrong_decimal": "CAST(INTERVAL 106751991 DAYS / 0.1 AS string) AS o1",
    "interval_wrong_nan": "CAST(INTERVAL 1 YEAR * CAST('NaN' AS double) AS string) AS o1",
    "interval_wrong_zero": "CAST(INTERVAL 1 DAY / n AS string) AS o1",
    "interval_wrong_zero_real": "CAST(INTERVAL 1 YEAR / (d - d) AS string) AS o1",
    "interval_wrong_zero_calendar": "CAST(make_interval(1) / n AS string) AS o1",
    "interval_wrong_negative": "CAST(-CAST(CAST(n AS bigint) - 2147483648 AS INTERVAL MONTH) AS string) AS o1",
    "interval_wrong_abs": "CAST(abs(INTERVAL '-106751991 04:00:54.775808' DAY TO SECOND) AS string) AS o1",
    "interval_wrong_least": "CAST(INTERVAL '-2147483648' MONTH / -1 AS string) AS o1",
    "interval_wrong_number": "CAST(INTERVAL 200 DAY AS tinyint) AS o1",
    "interval_wrong_precision": "CAST(INTERVAL '129601.5' SECOND AS decimal(2, 0)) AS o1",
    "interval_wrong_seconds": "CAST(CAST(INTERVAL 12000000 DAY AS INTERVAL SECOND) AS decimal(20, 0)) AS o1",
    "interval_wrong_of_number": "CAST(CAST(200000000 + n AS INTERVAL YEAR) AS string) AS o1",
    "interval_wrong_of_long": "CAST(CAST(200000000000 + l AS INTERVAL DAY) AS string) AS o1",
    "interval_wrong_of_text": "CAST(CAST(concat(n, 'x') AS INTERVAL DAY) AS string) AS o1",
    "interval_wrong_date": "a + INTERVAL 178956970 YEARS AS o1",
    "interval_wrong_time": "p + INTERVAL 106751991 DAYS AS o1",
    "interval_wrong_made": "CAST(make_dt_interval(106751992) AS string) AS o1",
    "interval_wrong_made_months": "CAST(make_ym_interval(178956970, 8) AS string) AS o1",
    "interval_wrong_bucket": "time_bucket(INTERVAL 178956970 YEARS, TIMESTAMP '1969-01-01 00:00:00') AS o1",
}


def cases(frames):
    """Every case of this file."""
    keep_dates(frames)
    date = lambda text: text and datetime.date.fromisoformat(text)
    time = lambda text: text and datetime.datetime.fromisoformat(text.ljust(26, "0") if "." in text else text)
    rows = [
        (date(a), date(c), time(p), time(q), n, d, l)
        for a, c, p, q, n, d, l in zip(DATES, OTHERS, TIMES, STAMPS, COUNTS, DOUBLES, LONGS)
    ]
    frame = frames.make("a date, c date, p timestamp, q timestamp, n int, d double, l bigint", rows)
    for name, selected in list(PARTS.items()) + list(UNSAFE.items()):
        yield select(name, selected, frame)
    selected = "CAST(CAST(s AS INTERVAL) AS string) AS o1, EXTRACT(MONTH FROM CAST(s AS INTERVAL)) AS o2, EXTRACT(SECOND FROM CAST(s AS INTERVAL)) AS o3"
    yield select("interval_calendar", selected, frames.one("s", "string", CALENDAR))
