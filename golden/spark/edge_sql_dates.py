"""Edge cases of SQLTransformer: dates and timestamps, in the time zone UTC."""

import datetime

from pyspark.ml.feature import SQLTransformer

from edge_case import case
from edge_sql import keep_dates, select

DATES = ["2020-02-29", "1970-01-01", "1969-12-31", "2021-01-01", "2016-12-31", None, "0010-01-01", "9990-12-31", "1900-02-28", "2024-07-15"]
OTHERS = ["2020-01-31", "2020-02-29", None, "2019-12-30", "2017-01-01", "2000-01-01", "1582-10-15", "2024-02-29", "1900-03-01", "2024-07-31"]
TIMES = [
    "2020-02-29 12:34:56.789", "1970-01-01 00:00:00", "1969-12-31 23:59:59.999999", "2021-01-01 00:00:00.000001", None,
    "2016-12-31 23:59:59", "1900-01-01 01:02:03", "9990-12-31 23:59:59", "2024-07-15 08:09:10.5", "1970-01-01 13:00:00",
]
STAMPS = TIMES[3:] + TIMES[:3]
TEXTS = [
    "2020-02-29", "2020-2-9", "2020", "2020-02", " 2021-01-01 ", None, "2020-02-30", "2021-03-04 05:06:07", "2021-03-04T05:06:07.25",
    "abc",
]
SLASHED = ["2020/02/29", "2021/01/05", None, "1999/12/31", "2024/07/15", "2000/01/01", "1970/01/01", "2016/06/30", "1900/03/01", "2030/10/11"]
COUNTS = [1, -1, 0, None, 12, 13, -14, 365, 31, -400]
MORE_TEXTS = [
    "2020-02-29 12:34:56", "2020-02-29 1:2:3", "2020-02-29T12:34", "2020-02-29 12", "2020-02-29 12:34:56.123456789", "2020-02-29 24:00:00",
    "2020-02-29 12:34:56Z", "2020-02-29 12:34:56+02:00", "2020-02-29 12:34:56 UTC", "+2020-01-01", "2020-13-01",
    "2020-01-01T", "2020-01-01 x", "2020-1-1T1:1:1.1", "", "  ", "2020-02-29 12:60:00", "20200229", "2020-02-29 12:34:56-0130", "epoch", "today",
    "2020-001-01", "02020-01-01", "2020-01-01-", "2020-02-29 12:34:56 +2", "2020-02-29 12:34:56 GMT+3",
]

# None of them fails with ANSI on.
PARTS = {
    "date_parts": "year(a) AS o1, month(a) AS o2, day(a) AS o3, dayofmonth(a) AS o4, dayofweek(a) AS o5, weekday(a) AS o6, dayofyear(a) AS o7, "
    "quarter(a) AS o8, weekofyear(a) AS o9, year(p) AS o10, hour(p) AS o11, minute(p) AS o12, second(p) AS o13, "
    "EXTRACT(YEAR FROM a) AS o14, EXTRACT(DAY FROM p) AS o15, EXTRACT(HOUR FROM p) AS o16, date_part('month', a) AS o17, "
    "EXTRACT(WEEK FROM a) AS o18, EXTRACT(QUARTER FROM a) AS o19, EXTRACT(DOW FROM a) AS o20, EXTRACT(DOY FROM a) AS o21, "
    "EXTRACT(MINUTE FROM p) AS o22, hour(a) AS o23, dayofweek(p) AS o24, weekofyear(p) AS o25, date_part('yearofweek', a) AS o26, "
    "date_part('DAYOFWEEK_ISO', a) AS o27",
    "date_math": "date_add(c, 3) AS o1, date_sub(c, n) AS o2, c + 1 AS o3, c - n AS o4, datediff(c, a) AS o5, add_months(c, n) AS o6, "
    "last_day(a) AS o7, next_day(c, 'MO') AS o8, next_day(c, 'sunday') AS o9, months_between(a, c) AS o10, months_between(p, q) AS o11, "
    "months_between(p, q, false) AS o12, trunc(a, 'MM') AS o13, trunc(a, 'year') AS o14, trunc(a, 'week') AS o15, trunc(a, 'QUARTER') AS o16, "
    "trunc(a, 'day') AS o17, date_trunc('HOUR', p) AS o18, date_trunc('day', p) AS o19, date_trunc('week', p) AS o20, date_trunc('minute', p) AS o21, "
    "date_trunc('MON', p) AS o22, date_trunc('YEAR', a) AS o23, date_trunc('second', p) AS o24, date_trunc('quarter', p) AS o25, "
    "date_trunc('millisecond', p) AS o26, datediff(p, c) AS o27, add_months(p, 1) AS o28, date_add(p, 1) AS o29, 1 + c AS o30, "
    "date_diff(c, a) AS o31, dateadd(c, 2) AS o32, date_trunc('nothing', p) AS o33, trunc(a, 'x') AS o34, date_trunc('microsecond', p) AS o35",
    "date_casts": "CAST(a AS string) AS o1, CAST(p AS string) AS o2, CAST(p AS date) AS o3, CAST(a AS timestamp) AS o4, CAST(p AS bigint) AS o5, "
    "CAST(p AS double) AS o6, CAST(n AS timestamp) AS o7, CAST(CAST(n AS bigint) AS timestamp) AS o8, unix_timestamp(p) AS o9, unix_date(a) AS o10, "
    "date_from_unix_date(n) AS o11, timestamp_seconds(n) AS o12, timestamp_millis(n) AS o13, timestamp_micros(n) AS o14, unix_seconds(p) AS o15, "
    "unix_millis(p) AS o16, unix_micros(p) AS o17, from_unixtime(n) AS o18, date(p) AS o19, timestamp(a) AS o20, concat(a, ' ', p) AS o21, "
    "to_date(a) AS o22, to_timestamp(p) AS o23, to_unix_timestamp(p) AS o24, CAST(CAST(n AS double) / 7 AS timestamp) AS o25, from_unixtime(n, 'yyyy-MM') AS o26",
    "date_literals": "DATE '2020-01-31' AS o1, TIMESTAMP '2020-01-31 12:34:56.7' AS o2, DATE'2020-1-1' AS o3, TIMESTAMP '2020-02-03' AS o4, "
    "a > DATE '2000-01-01' AS o5, p >= TIMESTAMP '2000-01-01 00:00:00' AS o6, a BETWEEN DATE '1970-01-01' AND c AS o7, a = p AS o8, a < p AS o9, "
    "a IN (DATE '2020-02-29', c) AS o10, coalesce(a, c) AS o11, greatest(a, c) AS o12, least(p, q) AS o13, CASE WHEN n > 0 THEN a ELSE c END AS o14, "
    "if(n > 0, a, p) AS o15, nullif(a, c) AS o16, a IS NULL AS o17, a <=> c AS o18, coalesce(a, p) AS o19, a = '2020-02-29' AS o20, '1970-01-01' < a AS o21, "
    "CAST(NULL AS date) AS o22, a <> c AS o24, p > '2000-01-01' AS o25, p = a AS o26, a > '1970' AS o27, "
    "year('2020-05-06') AS o28, datediff('2020-05-06', a) AS o29, TIMESTAMP '2020-01-01T01:02:03Z' AS o30",
    "date_formats": "date_format(p, 'yyyy-MM-dd') AS o1, date_format(p, 'yyyyMMdd HH:mm:ss') AS o2, date_format(a, 'dd/MM/yyyy') AS o3, date_format(p, 'E') AS o4, "
    "date_format(p, 'EEEE') AS o5, date_format(p, 'MMM d') AS o6, date_format(p, 'MMMM') AS o7, date_format(p, 'yy') AS o8, date_format(p, 'h:mm a') AS o9, "
    "date_format(p, 'D') AS o10, date_format(p, 'H') AS o11, date_format(p, 'SSS') AS o12, date_format(p, \"yyyy 'at' HH\") AS o13, date_format(a, 'M-d') AS o14, "
    "date_format(p, 'DDD') AS o15, date_format(p, 'ss.SSSSSS') AS o16, date_format(p, 'y') AS o17, date_format(p, 'Q') AS o18, date_format(p, 'kk K hh') AS o19, "
    "date_format(p, 'EEE, d MMM yyyy') AS o21, date_format(p, 'yyyy-MM-dd\\'T\\'HH:mm:ss') AS o22",
    "date_texts": "to_date(w, 'yyyy/MM/dd') AS o1, to_timestamp(w, 'yyyy/MM/dd') AS o2, year(to_date(w, 'yyyy/MM/dd')) AS o3, unix_timestamp(w, 'yyyy/MM/dd') AS o4",
}

# What may fail with ANSI on.
UNSAFE = {
    "text_to_date": "CAST(s AS date) AS o1, to_date(s) AS o2, year(s) AS o3, date_add(s, 1) AS o4",
    "text_to_timestamp": "CAST(s AS timestamp) AS o1, to_timestamp(s) AS o2, hour(s) AS o3",
    "to_date_bad": "to_date(s, 'yyyy-MM-dd') AS o1",
    "to_timestamp_bad": "to_timestamp(s, 'yyyy-MM-dd HH:mm:ss') AS o1",
    "make_date": "make_date(2020, n, 1) AS o1",
    "next_day_bad": "next_day(c, 'xx') AS o1",
    "date_compare_text": "a < s AS o1",
}


def cases(frames):
    """Every case of this file."""
    keep_dates(frames)
    date = lambda text: text and datetime.date.fromisoformat(text)
    time = lambda text: text and datetime.datetime.fromisoformat(text.ljust(26, "0") if "." in text else text)
    rows = [
        (date(a), date(c), time(p), time(q), s, w, n)
        for a, c, p, q, s, w, n in zip(DATES, OTHERS, TIMES, STAMPS, TEXTS, SLASHED, COUNTS)
    ]
    frame = frames.make("a date, c date, p timestamp, q timestamp, s string, w string, n int", rows)
    for name, selected in list(PARTS.items()) + list(UNSAFE.items()):
        yield select(name, selected, frame)
    texts = frames.one("s", "string", MORE_TEXTS)
    yield select("date_of_texts", "CAST(s AS date) AS o1", texts)
    yield select("timestamp_of_texts", "CAST(s AS timestamp) AS o1", texts)
    yield select("dates_kept", "a AS x, p AS y", frame)
    where = "SELECT id, a, p AS o FROM __THIS__ WHERE a >= DATE '1970-01-01' AND hour(p) < 12"
    yield case("SQLTransformer_dates_where", where, SQLTransformer(statement=where), frame)
