"""Edge cases of SQLTransformer: time zones; the session's is UTC.

The zones are ones of which the releases of the table of time zones have said the same for years.
"""

from edge_sql import select

# Gaps and overlaps of several zones, local mean time, and the ends of four-digit years.
TIMES = [
    "2020-03-29 00:59:59", "2020-03-29 01:00:00", "2020-03-29 02:00:00", "2020-03-29 02:30:00.5", "2020-03-29 03:00:00",
    "2020-10-25 00:59:59.999999", "2020-10-25 01:00:00", "2020-10-25 02:00:00", "2020-10-25 02:59:59", "2020-10-25 03:00:00",
    "2020-03-08 02:30:00", "2020-11-01 01:30:00", "2020-04-05 01:45:00", "2020-10-04 02:15:00", "2011-12-30 12:00:00",
    "1890-01-01 00:00:00", "1911-03-10 23:55:00", "1900-01-01 00:00:00", "0001-01-01 00:00:00", "0001-07-01 12:34:56.789",
    "9999-12-31 23:59:59.999999", "9999-07-01 00:00:00", "2500-07-01 12:00:00", "1940-06-14 23:30:00", "1969-12-31 23:59:59.999999", None,
]
PLACES = [
    "Europe/Paris", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kolkata", "America/St_Johns", "Africa/Monrovia",
    "Europe/London", "Asia/Tokyo", "Pacific/Auckland", "America/Argentina/Buenos_Aires", "Africa/Johannesburg",
]
NAMES = PLACES + [
    "UTC", "Z", "GMT", "UT", "UCT", "Zulu", "Etc/GMT+5", "CET", "EET", "EST", "MST", "HST", "PST", "ECT", "IST", "BST", "CST", "JST", "NST", "AST",
    "GMT0", "+1", "+01", "+1:00", "+01:0", "+01:5", "+1:5", "-0130", "+01:30:15", "-013015", "+1:30:15", "-18:00", "+18:00", "UTC+1", "UTC-01:00",
    "UT+05", "GMT-3", "UTC+5:3", "GMT+01:00:00", "+00:00", "-00:00", "UTC+01:0", "US/Eastern", "Asia/Calcutta", "Europe/Kyiv", None,
]
WRONG = [
    "z", "+", "+100", "+19", "+18:01", "+12:60", "+1:3:5", "+1:30:5", "+01:000", "UTC0", "UTC+", "utc", "europe/paris", "ROC", "Factory", "Z+1",
    "GMT0+1", "Nowhere", "UTC+19", "[Europe/Paris]", "UTC x", "+a", "é",
]
PATTERN = "VV|z|zz|zzz|zzzz|O|OOOO|X|XX|XXX|XXXX|XXXXX|x|xx|xxx|xxxx|xxxxx|Z|ZZ|ZZZ|ZZZZ|ZZZZZ"


def cases(frames):
    """Every case of this file."""
    both = "string({0}(CAST(s AS timestamp), z)) AS o1, {0}(s, z) AS o2, string({0}(s, 'Europe/Paris')) AS o3, {0}(s, NULL) AS o4, " \
        "string({0}(DATE '2020-07-01', z)) AS o5, {0}(NULL, 'Nowhere') AS o6, string({0}(TIMESTAMP '2020-07-01 12:00:00+02:00', z)) AS o7"
    local = frames.make("s string, z string", [(time, place) for place in PLACES for time in TIMES if time is None or time[:4] not in ("0001", "9999")])
    for name in ("from_utc_timestamp", "to_utc_timestamp"):
        yield select(name, both.format(name), local)
    # Python has no years before 1 or behind 9999: only texts.
    far = frames.make("s string, z string", [(time, place) for place in PLACES for time in TIMES if time is not None])
    yield select("zones_far", "string(from_utc_timestamp(s, z)) AS o1, string(to_utc_timestamp(s, z)) AS o2, "
              "string(CAST(s || ' ' || z AS timestamp)) AS o3, string(to_utc_timestamp(from_utc_timestamp(s, z), z)) AS o4", far)
    names = frames.one("z", "string", NAMES)
    made = "make_timestamp(2020, 7, 1, 12, 30, 15.5, z) AS o1, make_timestamp(1970, 1, 1, 0, 0, 60, z) AS o2, make_timestamp(2020, 3, 29, 2, 30, 0, 'Europe/Paris') AS o3, " \
        "make_timestamp(2020, 10, 25, 2, 30, 0, 'Europe/Paris') AS o4, make_timestamp(2020, NULL, 25, 2, 30, 0, z) AS o5, make_timestamp(2020, NULL, 25, 2, 30, 0, 'Nowhere') AS o6"
    yield select("zones_named", "from_utc_timestamp('2020-07-01 12:00:00', z) AS o1, to_utc_timestamp('2020-07-01 12:00:00', z) AS o2, "
              "CAST('2020-07-01 12:00:00 ' || z AS timestamp) AS o3, to_timestamp('2020-07-01T12:00:00.25' || z) AS o4, "
              "CAST('2020-07-01 12:00:00  ' || z || ' ' AS timestamp) AS o5, CAST('2020-07-01 12:00:00 ' || z AS date) AS o6", names)
    yield select("zones_made", made, names)
    yield select("zones_literal", "TIMESTAMP '2020-01-01 00:00:00 Europe/Paris' AS o1, TIMESTAMP '2020-07-01T00:00:00PST' AS o2, "
              "TIMESTAMP '2020-03-29 02:30:00.5 Europe/Paris' AS o3, TIMESTAMP '2020-03-29 02:30:00 UTC+1:30' AS o4, z > '' AS o5", names)
    times = frames.one("s", "string", TIMES)
    shown = ", ".join("date_format(CAST(s AS timestamp), '{}') AS o{}".format(letters, at) for at, letters in enumerate(PATTERN.split("|")))
    yield select("zones_shown", shown + ", date_format(DATE '2020-01-02', 'yyyy-MM-dd\\'T\\'HH:mm:ssXXX z') AS p", times)
    # What may fail: the casts with ANSI on, the functions always.
    wrong = frames.one("z", "string", WRONG)
    yield select("zones_wrong_text", "CAST('2020-07-01 12:00:00 ' || z AS timestamp) AS o1, try_cast('2020-07-01 12:00:00' || z AS timestamp) AS o2", wrong)
    yield select("zones_wrong_try", "try_cast('2020-07-01 12:00:00 ' || z AS timestamp) AS o1, try_cast('2020-07-01 12:00 ' || z AS timestamp) AS o2", wrong)
    for at, name in enumerate(("Nowhere", "europe/paris", "+19:00", " UTC", "")):
        one = frames.make("s string, z string", [("2020-07-01 12:00:00", name), (None, "x")])
        yield select("zones_wrong_{}".format(at), "from_utc_timestamp(s, z) AS o1", one)
    one = frames.make("s string, z string, k int", [(None, "x", 1), ("2020-07-01 12:00:00", "x", 0), ("2020-07-01 12:00:00", "Z", 1)])
    yield select("zones_chosen", "if(k > 0, to_utc_timestamp(s, z), NULL) AS o1", one)
    yield select("zones_wrong_made", "make_timestamp(2020, 7, 1, 12, 30, 15.5, z) AS o1", frames.one("z", "string", [None, "Nowhere"]))
