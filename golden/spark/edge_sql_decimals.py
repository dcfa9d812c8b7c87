"""Edge cases of SQLTransformer: decimals, made of literals and casts, and what becomes of them."""

import random

from pyspark.ml import Pipeline
from pyspark.ml.feature import Bucketizer, SQLTransformer, StandardScaler, StringIndexer, VectorAssembler

from edge_case import INF, NAN, case
from edge_sql import FLAGS, TEXTS, select

INTS = [1, -1, 0, 2147483647, -2147483648, None, 7, 100, -7, 3, 2, 128, 40000, -129]
LONGS = [1, -5, 0, 9223372036854775807, -9223372036854775808, 4294967297, None, 300, 9007199254740993, -3, 2, 5, 8, 16777217]
DOUBLES = [1.5, -1.5, 0.0, -0.0, 2.5, None, 123456.789, 99.995, -99.995, 1e-9, -0.5, 0.1, 1234.565, 0.125]
FLOATS = [1.5, 0.1, -0.0, 2.5, -2.5, 1e6, None, 16777216.0, 3.25, -2.5, 1e5, 3e4, 0.3, 1e-3]
SMALL = [1, -1, 0, 2, 3, None, 7, 15, -7, 25, 20, 21, 65, -2]

# Each is one case: what is selected beside all columns. None of them fails with ANSI on.
PARTS = {
    "products": "i * 1.5 AS o1, l + 0.1 AS o2, l * 0.1 AS o3, 1.5 * 2.25 AS o4, 1.5 AS o5, -0.50 AS o6, i * 1.50 * 2 AS o7, i - 0.001 AS o8, "
    "k * 0.05 AS o9, 1.5 + 1 AS o10, 1 - 0.9 AS o11, i * 1.5 + d AS o12, f * 1.5 AS o13, i * 1.5 * f AS o14, b AND i * 1.5 > 2 AS o15, "
    "-(i * 1.5) AS o16, +(i * 0.5) AS o17, abs(i * -1.5) AS o18, negative(l * 0.1) AS o19, 5 * 1.5BD AS o20, NULL * 1.5 AS o21, "
    "i * CAST(NULL AS decimal(5,2)) AS o22, .5 + i AS o23, 100. + i AS o24, 0.00 AS o25, 0.001 AS o26",
    "quotients": "i / 1.5 AS o1, 1.5 / 3 AS o2, l / 0.7 AS o3, 1 / 3.0 AS o4, if(i = 0, NULL, 1.0 / i) AS o5, i % 1.5 AS o6, "
    "l % 0.7 AS o7, pmod(i, 1.5) AS o8, pmod(-7.5, 2) AS o9, mod(i, 2.50) AS o10, i div 1.5 AS o11, l div 2.0 AS o12, "
    "if(k = 0, NULL, 100.00 / k) AS o13, 10.0 / 4 * i AS o14, 2.0 / 3 AS o15, k / 10.0 AS o16, pmod(k, -1.5) AS o17, i * 1.0 / 7 AS o18",
    "choices": "CASE WHEN i > 0 THEN 1.5 ELSE 0 END AS o1, coalesce(i, 0.5) AS o2, coalesce(l, 0.25) AS o3, if(b, 1.5, 2.25) AS o4, "
    "greatest(i, 1.5) AS o5, least(i, 1.5, 2) AS o6, nvl(k, 1.25) AS o7, nullif(i * 1.5, 1.5) AS o8, nvl2(s, 1.5, i) AS o9, "
    "CASE WHEN b THEN 1.5 END AS o10, coalesce(NULL, 1.5) AS o11, CASE WHEN b THEN 1.5 ELSE d END AS o12, if(b, i * 1.5, f) AS o13, "
    "CASE k WHEN 1.0 THEN 'one' WHEN 2.5 THEN 'no' ELSE 'else' END AS o14, ifnull(i * 0.5, 0) AS o15, nanvl(d, 0.5) AS o16, "
    "coalesce(CAST(i AS decimal(20, 4)), 1.25) AS o17, nullif(k, 1.0) AS o18, nullif(0.5, 0.50) AS o19",
    "compare": "i > 1.5 AS o1, i * 1.5 = 1.5 AS o2, l >= 9007199254740993.0 AS o3, i * 1.5 > l AS o4, i * 0.5 < d AS o5, "
    "i IN (1.0, 2.5, 7) AS o6, i * 1.5 BETWEEN 1 AND 10.50 AS o7, 1.5 <=> i * 1.5 AS o8, i * 1.5 IS NULL AS o9, isnan(i * 1.5) AS o10, "
    "i * 1.5 <> f AS o11, l = 0.0 AS o12, equal_null(i * 1.0, i) AS o13, i * 1.0 IS DISTINCT FROM k AS o14, k < -0.5 AS o15, "
    "l > 4294967296.5 AS o16, i * 0.1 = k * 0.10 AS o17, d = 0.1 AS o18, f > 0.1 AS o19, l <= 9223372036854775806.5 AS o20",
    "rounds": "round(i * 1.5, 1) AS o1, round(i * 1.5) AS o2, round(k * 1.25, 1) AS o3, bround(k * 1.25, 1) AS o4, round(k * 1.25, -1) AS o5, "
    "bround(k * 2.5) AS o6, round(1.005, 2) AS o7, ceil(k * 1.5) AS o8, floor(k * 1.5) AS o9, ceiling(-0.5) AS o10, round(i * 1.5, 5) AS o11, "
    "round(l * 0.01, -3) AS o12, floor(i * 0.001) AS o13, round(2.5) AS o14, round(k / 3.0, 2) AS o15, ceil(l * 1.0) AS o16, "
    "round(CAST(d AS decimal(10, 3)), 2) AS o17, bround(CAST(d AS decimal(10, 3)), 2) AS o18",
    "casts": "CAST(i AS decimal(12, 2)) AS o1, CAST(d AS decimal(10, 2)) AS o2, CAST(l AS decimal(38, 10)) AS o3, CAST(f AS decimal(20, 5)) AS o4, "
    "CAST(b AS decimal(5, 2)) AS o5, CAST(k AS decimal) AS o6, CAST(i * 1.5 AS double) AS o7, CAST(i * 1.5 AS bigint) AS o8, "
    "CAST(k * 1.5 AS int) AS o9, CAST(k * 1.5 AS boolean) AS o10, CAST(l * 0.1 AS float) AS o11, CAST(i * 1.5 AS string) AS o12, "
    "CAST(1.005 AS decimal(3, 2)) AS o13, CAST(k * 1.255 AS decimal(10, 1)) AS o14, CAST(d AS numeric(15, 3)) AS o15, CAST(NULL AS decimal(3, 1)) AS o16, "
    "CAST(0.0000001 AS string) AS o17, CAST(i AS decimal(15)) AS o18, CAST(' 12.345 ' AS decimal(5, 2)) AS o19, CAST('1e2' AS decimal(5, 1)) AS o20, "
    "CAST(k * 1.5 AS smallint) AS o21, CAST(l * 0.1 AS double) AS o22, i * 1.5 || 'x' AS o23, CAST(1.5 AS int) AS o24, CAST(d AS decimal(8, 1)) AS o25, "
    "CAST(i AS dec(12, 1)) AS o26, CAST(0.0 AS string) AS o27, CAST(k * 0.0000000 AS string) AS o28",
    "functions": "sqrt(i * i * 1.0) AS o1, pow(k * 1.5, 2) AS o2, exp(k * 0.5) AS o3, sign(i * -1.5) AS o4, signum(-1.5) AS o5, "
    "concat(s, '-', k * 1.5) AS o6, length(k * 1.50) AS o7, concat_ws(',', k * 0.5, 1.25) AS o8, log(1.5) AS o9, degrees(k * 1.5) AS o10, "
    "atan2(k * 1.5, 2.5) AS o11, upper(1.5) AS o12, rint(k * 1.5) AS o13, positive(k * 1.5) AS o14, lpad(k * 1.5, 6, '0') AS o15",
    "wide": "CAST(l AS decimal(38, 0)) * 1.5 AS o1, CAST(l AS decimal(38, 18)) + 0.1 AS o2, CAST(k AS decimal(38, 18)) * CAST(k AS decimal(38, 18)) AS o3, "
    "CAST(k AS decimal(20, 10)) / 3 AS o4, if(k = 0, NULL, 1 / CAST(k AS decimal(38, 20))) AS o5, CAST(k AS decimal(38, 37)) * 0.1 AS o6, "
    "CAST(k AS decimal(30, 15)) * CAST(d AS decimal(30, 15)) AS o7, CAST(k AS decimal(38, 10)) % 0.7 AS o8, "
    "CAST(k AS decimal(38, 30)) + CAST(k AS decimal(38, 5)) AS o9, coalesce(CAST(k AS decimal(38, 30)), CAST(d AS decimal(38, 5))) AS o10, "
    "l * 1.5 * 1.5 * 1.5 * 1.5 AS o11, k / 7.0 / 7.0 / 7.0 AS o12, CAST(k AS decimal(38, 20)) > CAST(k AS decimal(38, 2)) AS o13, "
    "round(CAST(k AS decimal(38, 30)), 2) AS o14, greatest(CAST(k AS decimal(38, 30)), i) AS o15, "
    "12345678901234567890.123456789 * k AS o16, k * 0.12345678901234567890123456789012345678 AS o17",
}

# What may fail with ANSI on.
UNSAFE = {
    "zero": "i / 0.0 AS o1, i % 0.0 AS o2, 1.5 / k AS o3, pmod(i, 0.0) AS o4, i div 0.0 AS o5",
    "narrow": "CAST(i AS decimal(5, 2)) AS o1, CAST(d AS decimal(3, 2)) AS o2, CAST(s AS decimal(5, 2)) AS o3",
    "narrow_int": "CAST(l * 1.5 AS int) AS o1, CAST(l * 1.5 AS bigint) AS o2, CAST(i * 1.5 AS tinyint) AS o3, CAST(i * 1.5 AS smallint) AS o4",
    "text": "s + 1.5 AS o1, s > 1.5 AS o2, 1.5 = s AS o3, coalesce(s, 1.5) AS o4, if(b, 1.5, s) AS o5, s * (i * 0.5) AS o6",
    "overflow": "CAST(l AS decimal(38, 18)) * CAST(l AS decimal(38, 18)) AS o1, CAST(l AS decimal(38, 0)) * l AS o2, "
    "CAST(l AS decimal(38, 0)) * l + 0.5 AS o3, CAST(l AS decimal(38, 0)) * CAST(l AS decimal(38, 0)) * 10.0 AS o4",
    "wider": "coalesce(CAST(l AS decimal(38, 0)), CAST(d AS decimal(38, 30))) AS o1",
    "wider_compare": "CAST(l AS decimal(38, 0)) > CAST(k AS decimal(38, 30)) AS o1",
    "far": "i > 9999999999999999999.5 AS o1, l < -9999999999999999999.5 AS o2, i = 9999999999999999999.5 AS o3, 99999999999999999999.5 >= l AS o4",
}

NUMERALS = ["1", " 2.345 ", "-3.335", "+4", "5.", ".5", "1e2", "1E-2", "Infinity", "nan", "", " ", "x", "1d", "--1", "+", ".", "999.994", "999.995",
            "\t7\n", "0x10", "1_0", "1e400", "1e-400", "0e9999999999", "12345678901234567890123456789012345678901", "1e"]


def cases(frames):
    """Every case of this file."""
    columns = "d double, f float, i int, l bigint, k smallint, s string, b boolean"
    rows = list(zip(DOUBLES, FLOATS, INTS, LONGS, SMALL, TEXTS, FLAGS))
    frame = frames.make(columns, rows)
    for name, selected in list(PARTS.items()) + list(UNSAFE.items()):
        yield select("decimal_" + name, selected, frame)
    yield select("decimal_numerals", "CAST(s AS decimal(5, 2)) AS o", frames.one("s", "string", NUMERALS))
    doubles = [None, NAN, INF, -INF, 1e300, 1e-300, 0.1, 1.005, -2.675, 9.995, 1e15, 123456789.125]
    yield select("decimal_doubles", "CAST(d AS decimal(20, 2)) AS o", frames.one("d", "double", doubles))
    yield select("decimal_floats", "CAST(f AS decimal(20, 9)) AS o", frames.one("f", "float", [None, 0.1, 1.1, -2.675, 1e9, 16777216.0, 1e-8, 0.3]))
    yield select("decimal_random", random_selection(), random_frame(frames))
    yield from pipelines(frames)


def random_frame(frames):
    """Decimals of every size, as texts."""
    rnd = random.Random(11)

    def number(most):
        digits = "".join(rnd.choice("0123456789") for _ in range(rnd.randint(1, most)))
        return rnd.choice(["", "-"]) + digits

    rows = [tuple(number(most) for most in (9, 18, 9, 12)) for _ in range(150)]
    return frames.make("p string, q string, r string, t string", rows)


def random_selection():
    """Every operator on casts of two texts, with many precisions; a divisor of zero is null."""
    rnd = random.Random(12)
    made = []
    sizes = [(10, 0), (20, 0), (19, 4), (12, 2), (30, 12), (38, 18), (38, 6), (25, 5), (38, 2)]
    for at in range(60):
        one, other = rnd.choice(sizes), rnd.choice(sizes)
        sides = []
        for (precision, scale), columns in ((one, "pr"), (other, "rt")):
            text = "concat({}, '.', abs(CAST({} AS bigint)))".format(rnd.choice(columns), rnd.choice("pqrt"))
            sides.append("CAST({} AS decimal({}, {}))".format(text if scale else rnd.choice(columns), precision, scale))
        operator = "+-*/%"[at % 5]
        if operator in "/%":
            sides[1] = "nullif({}, 0)".format(sides[1])
        made.append("CAST({} {} {} AS string) AS o{}".format(sides[0], operator, sides[1], at))
    return ", ".join(made)


def pipelines(frames):
    """Decimals go on into other stages, which make doubles of them."""
    frame = frames.make("age int, income bigint, s string", [(30, 1000, "a"), (41, 2500, "b"), (27, 900, "a"), (65, 12345678901, "c")])
    made = SQLTransformer(statement="SELECT *, age * 1.5 AS a, round(income / 3.0, 2) AS r, CASE WHEN age > 40 THEN 1.5 ELSE 0 END AS c FROM __THIS__")
    assemble = VectorAssembler(inputCols=["a", "r", "c"], outputCol="v")
    scale = StandardScaler(inputCol="v", outputCol="w")
    bucket = Bucketizer(splits=[-INF, 50.0, 70.0, INF], inputCol="a", outputCol="u")
    model = Pipeline(stages=[made, assemble, scale, bucket]).fit(frame)
    yield case("PipelineModel_sql_decimal", "decimals go into an assembler and a bucketizer", model, frame)
    model = Pipeline(stages=[made, StringIndexer(inputCol="c", outputCol="x")]).fit(frame)
    yield case("PipelineModel_sql_decimal_index", "decimals are indexed by their texts", model, frame)
    model = Pipeline(stages=[made, SQLTransformer(statement="SELECT id, age, a * 2 AS o, CAST(a AS double) AS e, a > 50 AS g FROM __THIS__ WHERE c = 1.5")]).fit(frame)
    yield case("PipelineModel_sql_decimal_again", "decimals go into the next statement", model, frame)
