"""Edge cases of SQLTransformer: timestamps without a zone, which Spark has since 3.4; the session's zone is UTC."""

import datetime

from pyspark.ml.feature import SQLTransformer

from edge_case import case
from edge_sql import keep_dates, select
from edge_sql_dates import COUNTS, DATES, MORE_TEXTS, STAMPS, TIMES
from edge_sql_zones import NAMES, PLACES
from edge_sql_zones import TIMES as CLOCKS

N = "TIMESTAMP_NTZ '2020-01-31 12:34:56.789'"
TEXTS = MORE_TEXTS + [
    "2020-02-29 12:34:56 Europe/Paris", "2020-02-29 12:34:56 Nowhere", "2020-02-29 12:34:56PST", "12:34:56", "T12:34", "2020-02-29T12:34:56.5Z",
    "294247-01-10 04:00:54.775807", "294247-01-10 04:00:54.775808", "-290308-12-21 19:59:05.224192", "-290308-12-21 19:59:05.224191",
    "0001-01-01", "0000-01-01", "-0001-12-31 23:59:59.999999", "9999-12-31 23:59:59.999999", "999999-01-01", "2020-02-29 12:34:56+19:00", None,
]

# None of them fails with ANSI on. `p` and `q` have no zone, `t` has one.
PARTS = {
    "parts": "year(p) AS o1, quarter(p) AS o2, month(p) AS o3, day(p) AS o4, dayofmonth(p) AS o5, dayofyear(p) AS o6, dayofweek(p) AS o7, weekday(p) AS o8, "
    "weekofyear(p) AS o9, hour(p) AS o10, minute(p) AS o11, second(p) AS o12, EXTRACT(YEAR FROM p) AS o13, EXTRACT(SECOND FROM p) AS o14, EXTRACT(HOUR FROM p) AS o15, "
    "EXTRACT(WEEK FROM p) AS o16, EXTRACT(DOW FROM p) AS o17, date_part('SECONDS', p) AS o18, date_part('yearofweek', p) AS o19, datepart('month', p) AS o20, "
    "date_trunc('HOUR', p) AS o21, typeof(date_trunc('HOUR', p)) AS o22, trunc(p, 'MM') AS o23, date_format(p, 'yyyy-MM-dd HH:mm:ss.SSSSSS E a') AS o24, "
    "date_format(p, 'VV z O X xxx Z') AS o25, unix_timestamp(p) AS o26, to_unix_timestamp(p) AS o27, hash(p) AS o28, xxhash64(p) AS o29, hash(p, t) AS o30, "
    "typeof(p) AS o31, length(p) AS o32, concat(p, 'x') AS o33, p || t AS o34, upper(p) AS o35, substring(p, 1, 7) AS o36, p LIKE '2020%' AS o37, "
    "format_string('%s %d', p, p) AS o38, concat_ws('-', p, 'x') AS o39, date_trunc('nothing', p) AS o40, elt(1, p, 'a') AS o41, isnull(p) AS o42, date_trunc('MONTH', p) AS o43",
    "math": "timestampadd(MONTH, 1, p) AS o1, timestampadd(HOUR, n, p) AS o2, dateadd(DAY, n, p) AS o3, date_add(MICROSECOND, n, p) AS o4, typeof(timestampadd(YEAR, 1, p)) AS o5, "
    "timestampdiff(MONTH, p, q) AS o6, timestampdiff(HOUR, p, t) AS o7, timestampdiff(DAY, a, p) AS o8, datediff(SECOND, p, '2020-01-01') AS o9, date_add(p, 1) AS o10, "
    "date_sub(p, n) AS o11, datediff(p, a) AS o12, add_months(p, n % 5) AS o13, last_day(p) AS o14, next_day(p, 'MO') AS o15, months_between(p, q) AS o16, months_between(p, a) AS o17, "
    "from_utc_timestamp(p, 'PST') AS o18, typeof(from_utc_timestamp(p, 'PST')) AS o19, to_utc_timestamp(p, 'Asia/Tokyo') AS o20, dateadd(QUARTER, -1, p) AS o21, "
    "timestampadd(WEEK, n, p) AS o22, timestampdiff(YEAR, CAST(NULL AS timestamp_ntz), p) AS o23",
    "casts": "CAST(p AS string) AS o1, CAST(p AS date) AS o2, CAST(p AS timestamp) AS o3, CAST(t AS timestamp_ntz) AS o4, CAST(a AS timestamp_ntz) AS o5, CAST(p AS timestamp_ltz) AS o6, "
    "CAST(NULL AS timestamp_ntz) AS o7, date(p) AS o8, timestamp(p) AS o9, string(p) AS o10, to_date(p) AS o11, to_timestamp(p) AS o12, to_timestamp_ltz(p) AS o13, "
    "to_timestamp_ntz(p) AS o14, to_timestamp_ntz(t) AS o15, to_timestamp_ntz(a) AS o16, to_timestamp_ntz(a, 'yyyy') AS o17, to_timestamp_ntz(p, 'yyyy') AS o18, "
    "to_timestamp(p, 'yyyy') AS o19, to_date(p, 'yyyy') AS o20, try_cast(p AS timestamp) AS o21, try_cast(t AS timestamp_ntz) AS o22, try_to_timestamp(p) AS o23, "
    "typeof(CAST(t AS timestamp_ntz)) AS o24, typeof(to_timestamp(p)) AS o25, to_timestamp_ntz(NULL) AS o26, CAST(CAST(p AS string) AS timestamp_ntz) AS o27, typeof(CAST(p AS timestamp_ltz)) AS o28",
    "literals": "TIMESTAMP_NTZ '2020-01-31 12:34:56.7' AS o1, TIMESTAMP_NTZ'2020-01-31T12:34:56.123456789' AS o2, TIMESTAMP_NTZ '2020' AS o3, timestamp_ntz '2020-1' AS o4, "
    "TIMESTAMP_NTZ '2020-01-01 00:00:00 Europe/Paris' AS o5, TIMESTAMP_NTZ '2020-01-01 00:00:00Z' AS o6, string(TIMESTAMP_NTZ '0001-01-01') AS o7, "
    "TIMESTAMP_NTZ '9999-12-31 23:59:59.999999' AS o8, TIMESTAMP_LTZ '2020-01-01 00:00:00+01:00' AS o9, string(TIMESTAMP_NTZ '-0001-01-01') AS o10, "
    "typeof(TIMESTAMP_NTZ '2020') AS o11, typeof(TIMESTAMP_LTZ '2020') AS o12, hash(TIMESTAMP_NTZ '2020') AS o13, TIMESTAMP_NTZ \"2020-01-02\" AS o14",
    "compare": "p = t AS o1, p < t AS o2, p = a AS o3, p > a AS o4, p <=> t AS o5, p <=> NULL AS o6, p = '2020-02-29 12:34:56.789' AS o7, p = '2020-02-29 12:34:56.789 Europe/Paris' AS o8, "
    "'2020' < p AS o9, p BETWEEN a AND t AS o10, p IS DISTINCT FROM q AS o11, equal_null(p, t) AS o12, p IN (q, {n}) AS o13, p IN (t, a) AS o14, p IN (a) AS o15, p IN (q, NULL) AS o16, "
    "p NOT IN (a, {n}) AS o17, p != q AS o18, p >= {n} AS o19, p IS NULL AS o20, CASE p WHEN t THEN 1 WHEN a THEN 2 END AS o21, decode(p, t, 1, 2) AS o22, nullif(p, t) AS o23, "
    "typeof(nullif(p, t)) AS o24, nullif(p, a) AS o25, NOT p = q AS o26".format(n=N),
    "chosen": "coalesce(p, t) AS o1, coalesce(t, p) AS o2, coalesce(p, a) AS o3, coalesce(a, p) AS o4, coalesce(p, NULL, q) AS o5, typeof(coalesce(p, t)) AS o6, typeof(coalesce(a, p)) AS o7, "
    "greatest(p, t) AS o8, greatest(p, a) AS o9, least(p, t, a) AS o10, least(p, q) AS o11, typeof(greatest(p, a)) AS o12, if(n > 0, p, a) AS o13, if(n > 0, t, p) AS o14, "
    "CASE WHEN n > 0 THEN t ELSE p END AS o15, CASE WHEN n > 0 THEN p END AS o16, nvl(p, a) AS o17, nvl2(n, p, t) AS o18, ifnull(p, {n}) AS o19, "
    "coalesce(p, '2020-01-01') AS o20, typeof(coalesce(p, '2020-01-01')) AS o21, if(n > 0, p, '2020-01-01') AS o22, typeof(nvl2(n, p, t)) AS o23".format(n=N),
    "epoch": "CAST('epoch' AS date) AS o1, CAST(' EPOCH ' AS timestamp) AS o2, CAST('epoch' AS timestamp_ntz) AS o3, try_cast('Epoch' AS date) AS o4, year('epoch') AS o5, "
    "'epoch' = a AS o6, t > 'epoch' AS o7, p < 'epoch' AS o8, to_date('epoch') AS o9, to_timestamp('epoch') AS o10, to_timestamp_ntz('epoch') AS o11, datediff('epoch', a) AS o12, "
    "DATE 'epoch' AS o13, TIMESTAMP 'epoch' AS o14, TIMESTAMP_NTZ 'Epoch' AS o15, date('epoch') AS o16, convert_timezone('Asia/Tokyo', 'epoch') AS o17, 'epoch' AS o18, "
    "EXTRACT(YEAROFWEEK FROM p) AS o19, EXTRACT(DAYOFWEEK_ISO FROM a) AS o20, EXTRACT(DOW_ISO FROM t) AS o21, a IN ('2020-02-29') AS o22",
    "made": "make_timestamp_ntz(2014, 12, 28, 6, 30, 45.887) AS o1, make_timestamp_ntz(year(p), month(p), 1, hour(p), n % 5 + 10, 0) AS o2, make_timestamp_ntz(2019, 6, 30, 23, 59, 60) AS o3, "
    "make_timestamp_ntz(NULL, 2, 30, 23, 59, 6) AS o4, string(make_timestamp_ntz(10000, 2, 3, 23, 59, 6)) AS o5, string(make_timestamp_ntz(0, 2, 3, 23, 59, 6)) AS o6, "
    "string(make_timestamp_ntz(-5, 2, 3, 23, 59, 6)) AS o7, make_timestamp_ntz('2019', '2', 3, 23, 59, '6.25') AS o8, typeof(make_timestamp_ntz(1, 1, 1, 1, 1, 1)) AS o9, "
    "make_timestamp_ntz(2020, 3, 29, 2, 30, 0) AS o10",
}

# What may fail with ANSI on, of texts.
UNSAFE = {
    "texts": "string(CAST(s AS timestamp_ntz)) AS o1, string(to_timestamp_ntz(s)) AS o2, {n} = s AS o3, s < {n} AS o4, coalesce(CAST(NULL AS timestamp_ntz), s) AS o5, {n} IN (s) AS o6, "
    "string(convert_timezone('UTC', s)) AS o7, {n} BETWEEN s AND '2021' AS o8".format(n=N),
    "bad_pattern": "to_timestamp_ntz(s, 'yyyy-MM-dd HH:mm:ss') AS o1",
}
# What fails, or does in Spark 3.5.
FAIL = {
    "newer": "unix_seconds({n}) AS o1, unix_millis({n}) AS o2, unix_micros({n}) AS o3, to_char({n}, 'yyyy') AS o4, dayname({n}) AS o5, monthname({n}) AS o6, "
    "'2020'::timestamp_ntz AS o7, typeof('2020'::timestamp_ntz) AS o8, try_make_timestamp_ntz(2019, 13, 30, 23, 59, 6) AS o9, try_make_timestamp_ntz(2019, n, 1, 1, 1, 1) AS o10, "
    "try_to_date({n}, 'yyyy') AS o11, {n}::date AS o12, CAST('2020-01-01 00:00:00+01:00' AS TIMESTAMP WITHOUT TIME ZONE) AS o13".format(n=N),
    "time_of_day": "make_timestamp_ntz(d, TIME '12:34:56.123456') AS o1, make_timestamp(d, TIME '1:2:3') AS o2, make_timestamp_ltz(d, TIME '12:34') AS o3, "
    "try_make_timestamp_ntz(d, TIME '00:00:00.5') AS o4, make_timestamp_ntz(d, NULL) AS o5, make_timestamp_ntz(NULL, TIME '01:02:03') AS o6, "
    "make_timestamp_ntz(DATE '2020-02-29', TIME '12:34:56.123456789') AS o7, typeof(make_timestamp(d, TIME '1:2:3')) AS o8, try_make_timestamp(d, TIME '23:59:59.999999') AS o9, "
    "try_make_timestamp_ltz(d, TIME ' 9:5 ') AS o10, make_timestamp_ntz(d, TIME '12:34:56.') AS o11",
    "made_bad": "make_timestamp_ntz(2019, n, 1, 1, 1, 1) AS o1, make_timestamp_ntz(2019, 2, 30, 23, 59, 6) AS o2, make_timestamp_ntz(2019, 1, 1, 1, 1, 60.5) AS o3",
    "made_far": "make_timestamp_ntz(300000 + n, 1, 1, 1, 1, 1) AS o1",
    "added_far": "timestampadd(YEAR, 300000 + n, {n}) AS o1".format(n=N),
    "date_far": "CAST(date_from_unix_date(2147483647 - abs(n)) AS timestamp_ntz) AS o1",
    "date_far_zoned": "CAST(date_from_unix_date(2147483647 - abs(n)) AS timestamp) AS o1",
    "as_int": "CAST({n} AS int) AS o1".format(n=N),
    "nanos": "unix_nanos({n}) AS o1".format(n=N),
    "time_made": "hour(make_time(1, 2, n)) AS o1",
    "time_cast": "CAST('12:00:00' AS time) IS NULL AS o1",
    "convert_nowhere": "convert_timezone('Nowhere', 'UTC', {n}) AS o1".format(n=N),
    "convert_far": "convert_timezone('UTC', '+18:00', CAST('294247-01-10 04:00:54.775807' AS timestamp_ntz)) AS o1",
}


def cases(frames):
    """Every case of this file."""
    keep_dates(frames)
    date = lambda text: text and datetime.date.fromisoformat(text)
    time = lambda text: text and datetime.datetime.fromisoformat(text.ljust(26, "0") if "." in text else text)
    rows = [(time(p), time(q), time(t), date(a), n) for p, q, t, a, n in zip(TIMES, STAMPS, TIMES[5:] + TIMES[:5], DATES, COUNTS)]
    rows += [(time(p), time(p), time(p), date(p[:10]), 1) for p in ("0010-01-01 00:00:00", "2020-03-29 02:30:00", "2020-10-25 02:30:00.000001")]
    frame = frames.make("p timestamp_ntz, q timestamp_ntz, t timestamp, a date, n int", rows)
    for name, selected in PARTS.items():
        yield select("ntz_" + name, selected, frame)
    yield select("ntz_kept", "p AS x, coalesce(p, q) AS y, q AS q2", frame)
    where = "SELECT id, p, q AS o FROM __THIS__ WHERE p >= TIMESTAMP_NTZ '1970-01-01' AND hour(p) < 13"
    yield case("SQLTransformer_ntz_where", where, SQLTransformer(statement=where), frame)
    texts = frames.one("s", "string", TEXTS)
    tried = "string(try_cast(s AS timestamp_ntz)) AS o1, try_cast(s AS timestamp_ntz) IS NULL AS o2, string(try_cast(try_cast(s AS timestamp_ntz) AS timestamp)) AS o3, " \
        "hash(try_cast(s AS timestamp_ntz)) AS o4, year(try_cast(s AS timestamp_ntz)) AS o5, string(try_cast(s AS timestamp_ntz) = '2020-02-29 12:34:56') AS o6"
    yield select("ntz_tried", tried, texts)
    for name, selected in UNSAFE.items():
        yield select("ntz_" + name, selected, texts)
    written = ["2020-02-29 12:34:56", "1970-01-01 00:00:00", None, "0001-01-01 00:00:00", "9999-12-31 23:59:59"]
    read = "to_timestamp_ntz(s, 'yyyy-MM-dd HH:mm:ss') AS o1, typeof(to_timestamp_ntz(s, 'yyyy-MM-dd HH:mm:ss')) AS o2, to_timestamp_ntz(NULL, 'yyyy') AS o3"
    yield select("ntz_read", read, frames.one("s", "string", written))
    few = frames.make("n int, d date", [(1, date("2020-02-29")), (12, None), (13, date("1969-12-31"))])
    for name, selected in FAIL.items():
        yield select("ntz_" + name, selected, few)
    # Only texts: Python has no years before 1 or behind 9999.
    local = frames.make("s string, z string", [(clock, place) for place in PLACES for clock in CLOCKS])
    between = "string(convert_timezone(z, 'UTC', s)) AS o1, string(convert_timezone(z, s)) AS o2, string(convert_timezone('Europe/Paris', z, s)) AS o3, " \
        "string(convert_timezone(z, 'America/St_Johns', CAST(s AS timestamp_ntz))) AS o4, string(convert_timezone(z, z, CAST(s AS timestamp))) AS o5, " \
        "string(convert_timezone(z, CAST(s AS date))) AS o6, convert_timezone(NULL, s) AS o7, convert_timezone(z, NULL, s) AS o8, convert_timezone(NULL, 'Nowhere', s) AS o9, " \
        "convert_timezone(z, NULL) AS o10, typeof(convert_timezone(z, CAST(s AS timestamp))) AS o11"
    yield select("convert_timezone", between, local)
    named = "convert_timezone(z, TIMESTAMP_NTZ '2020-07-01 12:00:00') AS o1, convert_timezone(z, 'Asia/Tokyo', TIMESTAMP_NTZ '2020-01-01 12:00:00.5') AS o2, " \
        "convert_timezone(z, z, '2020-01-01 12:00:00 Europe/Paris') AS o3, convert_timezone('PST', z, DATE '2020-07-01') AS o4, " \
        "string(convert_timezone('-18:00', '-18:00', CAST('294247-01-10 04:00:54.775807' AS timestamp_ntz))) AS o5"
    yield select("convert_timezone_named", named, frames.one("z", "string", NAMES))
