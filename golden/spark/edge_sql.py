"""Edge cases of SQLTransformer: operators and functions with nulls, NaN, infinities, overflow, signed zeros, empty texts."""

from pyspark.ml.feature import SQLTransformer, StringIndexer, VectorAssembler
from pyspark.ml import Pipeline

from edge_case import INF, NAN, case

DOUBLES = [1.5, -1.5, 0.0, -0.0, 2.5, None, NAN, INF, -INF, 1e300, -0.5, 0.1, 1234.565, 1e-300]
OTHERS = [2.0, -1.5, -0.0, 0.0, None, 1.0, NAN, INF, 3.0, 1e300, 0.3, 0.2, -7.25, -1.0]
INTS = [1, -1, 0, 2147483647, -2147483648, None, 7, 100, -7, 3, 2, 128, 40000, -129]
LONGS = [1, -5, 0, 9223372036854775807, -9223372036854775808, 4294967297, None, 300, 9007199254740993, -3, 2, 5, 8, 16777217]
FLOATS = [1.5, 0.1, -0.0, NAN, INF, -INF, None, 16777216.0, 3.4e38, -2.5, 1e10, 3e9, 0.3, 1e-30]
TEXTS = ["abc", "", " ab ", "Straße", None, "x,y", "AbC", "12", " -3.7 ", "true", "a%b", "日本😀", "NaN", "1e3"]
FLAGS = [True, False, None, True, False, True, False, None, True, True, False, False, None, True]

# Each is one case: what is selected beside all columns. `exp`, `log`, `pow` and `cbrt` are left out: the last bit is the JVM's.
PARTS = {
    "arithmetic": "d + e AS o1, d - e AS o2, d * e AS o3, -d AS o4, f + d AS o5, f * f AS o6, d * 0.1 AS o7, f + 0.1 AS o8, "
    "+d AS o9, i * d AS o10, f + i AS o11, l + f AS o12, d + 1 AS o13, 2 - d AS o14, d * 1e2 AS o15, d + 3L AS o16",
    "compare": "d = e AS o1, d <> e AS o2, d < e AS o3, d <= e AS o4, d > e AS o5, d >= e AS o6, d <=> e AS o7, "
    "s = t AS o8, s < t AS o9, b = (d > 0) AS o10, i > 0.5 AS o11, d = 0 AS o12, d == e AS o13, d != e AS o14, "
    "i = l AS o15, f = d AS o16, d <=> NULL AS o17, f > 0.1 AS o18, b <=> b AS o19, 1.5 < d AS o20, l < d AS o21",
    "logic": "b AND d > 0 AS o1, b OR d > 0 AS o2, NOT b AS o3, b AND NULL AS o4, b OR NULL AS o5, d IS NULL AS o6, "
    "d IS NOT NULL AS o7, isnan(d) AS o8, b IS TRUE AS o9, b IS NOT FALSE AS o10, NOT (b AND d < 1 OR e > 0) AS o11, "
    "isnull(s) AS o12, isnotnull(s) AS o13, !b AS o14, isnan(f) AS o15, NOT b AND b AS o16, NOT d = e AS o17",
    "among": "d IN (1.5, 0.0, -0.5) AS o1, i IN (1, 7, NULL) AS o2, s IN ('abc', '') AS o3, s NOT IN ('abc', t) AS o4, "
    "d BETWEEN -1 AND 2 AS o5, d NOT BETWEEN e AND 2.5 AS o6, i IN (1L, 7L) AS o7, s BETWEEN 'A' AND 'b' AS o8, d IN (e) AS o9",
    "choose": "CASE WHEN d > 0 THEN 'pos' WHEN d < 0 THEN 'neg' ELSE 'zero' END AS o1, CASE WHEN d > 1 THEN 1 END AS o2, "
    "CASE i WHEN 1 THEN 'one' WHEN 7 THEN 'seven' END AS o3, if(b, d, e) AS o4, coalesce(d, e, 0.0) AS o5, nvl(i, 9) AS o6, "
    "ifnull(s, 'none') AS o7, nullif(d, e) AS o8, nvl2(s, 1, 2) AS o9, greatest(d, e) AS o10, least(d, e, 1) AS o11, "
    "greatest(i, 5, NULL) AS o12, CASE WHEN b THEN 1 ELSE d END AS o13, nanvl(d, e) AS o14, if(d > 0, 1.0, d) AS o15, "
    "coalesce(NULL, i, 2L) AS o16, nullif(i, 7) AS o17, least(s, t) AS o18",
    "divide": "CASE WHEN e != 0 THEN d / e END AS o1, CASE WHEN i != 0 THEN 10 / i END AS o2, if(e = 0, 0D, d % e) AS o3, "
    "if(i = 0, NULL, l % i) AS o4, if(e = 0, NULL, mod(d, e)) AS o5, d / 2.0 AS o6, f / 3 AS o7, b AND i <> 0 AND 7 / i > 1 AS o8",
    "math": "abs(d) AS o1, sqrt(d) AS o2, floor(d) AS o3, ceil(d) AS o4, signum(d) AS o5, sign(i) AS o6, rint(d) AS o7, "
    "round(d) AS o8, round(d, 2) AS o9, round(d, -2) AS o10, floor(l) AS o11, abs(f) AS o12, floor(f) AS o13, round(i) AS o14, "
    "round(l, 2) AS o15, negative(d) AS o16, sqrt(i) AS o17, ceiling(e) AS o18",
    "texts": "upper(s) AS o1, lower(s) AS o2, length(s) AS o3, trim(s) AS o4, ltrim(s) AS o5, rtrim(s) AS o6, concat(s, '-', t) AS o7, "
    "concat_ws(',', s, t) AS o8, substring(s, 2, 2) AS o9, substring(s, -2) AS o10, replace(s, 'b', 'xy') AS o11, instr(s, 'b') AS o12, "
    "s || t AS o13, substr(s, 0, 1) AS o14, reverse(s) AS o15, substring(s, i, 2) AS o16, char_length(s) AS o17, concat(s, NULL) AS o18, "
    "instr(s, '') AS o19, replace(s, '', 'x') AS o20, concat_ws(s, t, 'z') AS o21, substring(s, 2, -1) AS o22, concat(s) AS o23",
    "like": "s LIKE 'a%' AS o1, s LIKE '%b%' AS o2, s LIKE '___' AS o3, s NOT LIKE '%' AS o4, s LIKE '' AS o5, s LIKE 'A_C' AS o6, "
    "s LIKE '日本_' AS o7",
    "casts": "CAST(i AS double) AS o1, CAST(i AS string) AS o2, CAST(d AS string) AS o3, CAST(b AS int) AS o4, CAST(d AS boolean) AS o5, "
    "CAST(f AS double) AS o6, CAST(d AS float) AS o7, CAST(l AS float) AS o8, CAST(b AS string) AS o9, CAST(i AS bigint) AS o10, "
    "CAST(NULL AS double) AS o11, CAST(1.5 AS double) AS o12, CAST(l AS double) AS o13, CAST(f AS string) AS o14, CAST(i AS boolean) AS o15, "
    "CAST(b AS double) AS o16, CAST(l AS string) AS o17, CAST(-0.0 AS double) AS o18, -0.0D AS o19",
    "literals": "1 AS o1, 2L AS o2, 3S AS o3, 4Y AS o4, 1.5D AS o5, 'text' AS o6, true AS o7, 2147483648 AS o8, -1 AS o9, "
    "\"double\" AS o10, 1e-3 AS o11, 2.5F AS o12, FALSE AS o13, -2147483648 AS o14",
}

# What fails with ANSI on. Each row by itself is not told: the first error stops Spark.
UNSAFE = {
    "divide_by_zero": "d / e AS o1, d % e AS o2, i / i AS o3, mod(i, 0) AS o4",
    "overflow": "i + i AS o1, i * i AS o2, -i AS o3, abs(i) AS o4, l + l AS o5, l * l AS o6, i - 2 AS o7",
    "add": "i + 1 AS o1",
    "negate": "-i AS o1",
    "absolute": "abs(l) AS o1",
    "narrow": "CAST(i AS tinyint) AS o1, CAST(l AS int) AS o2, CAST(l AS smallint) AS o3",
    "narrow_double": "CAST(d AS int) AS o1, CAST(d AS bigint) AS o2, CAST(d AS tinyint) AS o3, CAST(f AS int) AS o4",
    "narrow_float": "CAST(f AS bigint) AS o1, CAST(f AS smallint) AS o2",
    "text_to_int": "CAST(s AS int) AS o1, CAST(s AS bigint) AS o2, CAST(s AS tinyint) AS o3",
    "text_to_double": "CAST(s AS double) AS o1, CAST(s AS float) AS o2",
    "text_to_boolean": "CAST(s AS boolean) AS o1",
}

NUMERALS = [
    "1", " 2 ", "-3", "+4", "5.", ".5", "1.9", "-0", "2147483648", "1e2", "1E-2", "Infinity", "-inf", "nan", "", " ", "x", "1d", "2F",
    "--1", "+", ".", "9223372036854775807", "128", "\t7\n", "0x10", "1_0", "NaN", "+Infinity", "1.7976931348623159e308", "t", "TRUE", "no",
]


def cases(frames):
    """Every case of this file."""
    columns = "d double, e double, i int, l bigint, f float, s string, t string, b boolean"
    rows = list(zip(DOUBLES, OTHERS, INTS, LONGS, FLOATS, TEXTS, TEXTS[1:] + TEXTS[:1], FLAGS))
    frame = frames.make(columns, rows)
    for name, selected in list(PARTS.items()) + list(UNSAFE.items()):
        yield sql(name, "SELECT *, " + selected + " FROM __THIS__", frame)
    plain = frames.make(columns, [(1.5, 2.0, 7, 5, 0.5, "a", "b", True), (-3.0, 0.5, 100, -7, 2.5, "c", "d", False)])
    safe = ["i + 1 AS o1, i * i AS o2, -i AS o3, abs(i) AS o4, l - i AS o5, d / e AS o6, i % 3 AS o7, i / l AS o8, d % e AS o9",
            "CAST(i AS tinyint) AS p1, CAST(d AS int) AS p2, CAST(f AS bigint) AS p3, CAST(l AS smallint) AS p4"]
    yield sql("safe", "SELECT *, " + ", ".join(safe) + " FROM __THIS__", plain)
    numerals = frames.one("s", "string", NUMERALS)
    for kind in ("int", "double", "boolean", "float", "tinyint"):
        yield sql("numeral_" + kind, "SELECT *, CAST(s AS {}) AS o FROM __THIS__".format(kind), numerals)
    good = frames.make("s string, t string", [("1", "t"), (" 2 ", "FALSE"), ("-3", "y"), ("+4", " no "), (None, None)])
    yield sql("numeral_good", "SELECT *, CAST(s AS int) AS o1, CAST(s AS double) AS o2, CAST(t AS boolean) AS o3 FROM __THIS__", good)
    yield sql("where", "SELECT *, d * 2 AS o FROM __THIS__ WHERE d > 0 AND s IS NOT NULL", frame)
    yield sql("where_null", "SELECT id, s AS o FROM __THIS__ WHERE b", frame)
    yield sql("where_safe", "SELECT id, 10 / i AS o FROM __THIS__ WHERE i <> 0", frame)
    yield sql("where_none", "SELECT *, d AS o FROM __THIS__ WHERE 1 > 2", frame)
    yield sql("order", "SELECT e AS o2, id, d + 1 AS o1, d AS d, t.s FROM __THIS__ t", frame)
    yield sql("replaced", "SELECT id, d * 2 AS d, upper(s) AS s FROM __THIS__", frame)
    yield sql("quoted", "select `id`, __THIS__.`d` as `o 1`, /* note */ -d as O -- end\nfrom __THIS__ where (d = d)", frame)
    yield from pipelines(frames, plain)


def sql(name, statement, frame):
    """One statement."""
    return case("SQLTransformer_" + name, statement, SQLTransformer(statement=statement), frame)


def select(name, selected, frame):
    """A statement that selects all columns and some more."""
    return sql(name, "SELECT *, " + selected + " FROM __THIS__", frame)


def keep_dates(frames):
    """Lets Parquet files hold dates as they are, long ago too."""
    for setting in ("datetimeRebaseModeInWrite", "int96RebaseModeInWrite"):
        frames.spark.conf.set("spark.sql.parquet." + setting, "CORRECTED")
    frames.spark.conf.set("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS")


def pipelines(frames, plain):
    """Statements between other stages: attributes pass, columns are left out, rows go."""
    first = [StringIndexer(inputCol="s", outputCol="k"), VectorAssembler(inputCols=["d", "e"], outputCol="v")]
    middle = SQLTransformer(statement="SELECT id, v, k AS c, d / e AS r FROM __THIS__ WHERE d > 0")
    last = VectorAssembler(inputCols=["v", "c", "r"], outputCol="w")
    model = Pipeline(stages=first + [middle, last]).fit(plain)
    yield case("PipelineModel_sql_between", "rows go, columns are left out, vectors pass", model, plain)
    late = SQLTransformer(statement="SELECT id, k + 1 AS o, k, v FROM __THIS__")
    model = Pipeline(stages=first + [late]).fit(plain)
    yield case("PipelineModel_sql_last", "what is selected last is what comes out", model, plain)
