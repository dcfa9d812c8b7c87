"""Edge cases of SQLTransformer: patterns of numbers, digits before the point, how much texts are alike, base 32, codes of messages, bitmaps, JSON."""

import random
import re

from edge_case import INF, NAN
from edge_sql import DOUBLES, FLAGS, FLOATS, INTS, LONGS, TEXTS, select
from spark_tools import VERSION

# How many random rows there are.
ROWS = 150
SMALL = [1, -1, 0, 2, 3, None, 7, 15, -7, 25, 20, 21, 65, -2]
WORDS = [
    ["a", "b", "c"], [], None, ["b"], ["a", None, "a"], [""], ["x", "y", "x", "z"], ["é", "日本", "😀", "\uff5e"], [None], [None, "b"],
    ["b", "a", None, "c", "a"], ["a,b", "c"], ["1", "10", "9"], ["c", "b", "a", "B"],
]
PATTERNS = [
    "", "#", "0", "#,##0.00", "#,##0.00;(#,##0.00)", "$#,##0.00", "0.###", "000,000.0", "#.##", ".00", "#.", "0.", "00.00%", "#%", "0.0‰", "0.###E0", "##0.###E0",
    "00.##E00", "##0E0", "#E0", "0.00E000", "'#'0.0", "0.0' o''clock'", "a#b", "-0.0", "#,##0.###;-#", "+0.0;-0.0", "0.0;'neg'0.0", "#,####.0", "#,##,###", "0.0 %;(0.0)",
    "€ 0.00", "0000000000", "#,##0.0000000000", "#;", "0.0##E0;(0.0)", "####", "x", "0.0-", "#,##0 'kg'",
]
PIECES = ["#", "0", ",", ".", "#,##0", "0.0", "%", "‰", "E0", "E00", ";", "-", "'", "''", "'x'", "a", " ", "$", "(", ")", "##", "00", ",000", ".##", "0.00"]

JSONS = [
    '{"a": 1.10, "b": [1, 2, {"c": "x"}]}', '{"a": {"b": [1e2, 1.50, 1E-7, 100000000.0, -0.0, 0.1e1, 12345678901234567890.5, 1e400, -1e400, -0, 12345678901234567890]}}', None, "",
    '{"a": "x\\u00e9y\\/\\n\\"q", "b": ["\\u0001\\u001f\\b\\f\\r\\t\\u007f\\u2028\\ud83d\\ude00", "😀"]}', '{"a": "\\ud83d", "b": ["\\ud83d"]}', '{"a": "\\ud83d\\ude00"}',
    '{"a": null, "a": 2, "a": 3}', "[1, [2, 3], null]", '{"a": 1} x', '{"a": 1, b}', "{'a': {'b': 'it\"s \\\\ \\\''}}", " null ", "1", "1x", "-", '"text"', "{'a b': true, 'é': false, 'a.b': 5, '1': [[]]}",
    '{"a": [1, 2', '{"a": {"a": {"a": [[1], [2, {"a": 7}]]}}}', '{"b": "\\q", "a": 1}', '{"a": "x\ny", "b": ["x\ty"]}', "[" * 1001 + "]" * 1001, "[" * 1000 + "]" * 1000, '{"a":' + "1" * 1001 + "}",
    '{"a":' + "1" * 1000 + "}", '{"b":' + "1" * 1001 + ',"a":1}', "{}", "[]", '{"a":{}}', '{"a":01}', '{"a":1.}', '{"a":truex}', "[1,]", '{"a":1,}', '\ufeff{"a":1}', '{"a"\n:\r1\t}', '{"a":1}{"a":2}',
    '{"a":0.1000000000000000055511151231257827}', '{"a":123456789.123,"b":[3,0.00001,5e-5,1e21]}', '{"":1}', "[{\"a\": [{\"b\": 1}, {\"b\": \"x\"}]}, 2]", "nul", '{"a":nul}', '{"a":-1}', '{"A":1}', "\x0b1", '[1 2]', "['a', \"b\"]", '{"a":1e5}', "1.0", " 1 2",
]
PATHS = ["$", "$.a", "$.b", "$['a']", "$.a.b", "$.a.b[2]", "$[0]", "$[1][0]", "$.b[0]", "$.b[1]", "$.a b", "$['a.b']", "$.é", "$.a.a.a[1][1].a", "$[0].a[1].b", "$.a['b'][0]", "$.1[0]", "$[2]", "$.b[2].c", "$[5]"]

# Each is one case: what is selected beside all columns. None of them fails with ANSI on.
PARTS = {
    "whole_border": "floor(-9223372036854775808D) AS o1, ceil(-9223372036854775808.5D) AS o2, floor(9223372036854774784D) AS o3, floor(if(isnan(d), d, 1D)) AS o4, if(abs(d) < 5, floor(d), ceil(0.5D)) AS o5",
    "number_patterns": ", ".join("format_number(d, '{0}') AS d{1}, format_number(l, '{0}') AS l{1}, format_number(CAST(n AS decimal(12, 5)), '{0}') AS n{1}".format(text.replace("'", "\\'"), at) for at, text in enumerate(PATTERNS)),
    "number_patterns_types": "format_number(f, '0.00#') AS o1, format_number(i, '#,##0') AS o2, format_number(k, '00') AS o3, format_number(CAST(k AS tinyint), '0.0') AS o4, "
    "format_number(CAST(k AS smallint), '0E0') AS o5, format_number(d, NULL) AS o6, format_number(l / 7.0, '0.0000000000') AS o7, format_number(CAST('99999999999999999999999999999999999999' AS decimal(38, 0)), '#,##0%') AS o8, "
    "format_number(l, '0.0%') AS o9, format_number(1.005D, '0.00') AS o10, format_number(0.125D, '0.00') AS o11, format_number(0.375, '0.00') AS o12, format_number(d, '0.################E0') AS o14",
    "digits_before": "ceil(i, -1) AS o1, floor(i, -2) AS o2, ceil(l, -3) AS o3, floor(l, -18) AS o4, ceiling(k, -1) AS o5, floor(k / 7D, -1) AS o6, ceil(i * 1.555, -2) AS o7, floor(CAST(k / 7D AS float), -1) AS o8, "
    "ceil('12345.6', -2) AS o9, floor(CAST(k AS tinyint), -5) AS o10, ceil(CAST(k AS smallint), -1) AS o11, floor(abs(k), -25) AS o12, ceil(i, - 3) AS o13, floor(i, -3) + 1 AS o14, CEIL(k, -2) AS o15, "
    "Floor(CAST(n AS decimal(12, 5)), -1) AS o16, ceil(CAST(n AS decimal(12, 5)), -37) AS o17, floor(i, 2) AS o19, ceil(i) AS o20, FLOOR(CAST(n AS decimal(12, 5)) * 1.5D) AS o21, ceil(CAST(n AS decimal(12, 5))) AS o22, floor(i, 0) AS o23, ceil(k * k, -9) AS o24, ceil(CAST(n AS decimal(12, 5)), 400) AS o25",
    "like_calls": "like(s, 'a%') AS o1, like(s, '_b_') AS o2, ilike(s, 'A%') AS o3, like(i, '1%') AS o4, ilike(s, 'straSSe') AS o5, like(s, 'a\\\\%b') AS o7, NOT like(s, '%b%') AS o8, NOT(ilike(s, '%B%')) AS o9",
    "bitmap_counts": "bitmap_count(X'1010') AS o1, bitmap_count(CAST(s AS binary)) AS o2, bitmap_count(X'') AS o3, bitmap_count(unhex(s)) AS o4, bitmap_count(X'FFFFFFFFFFFFFFFFFF') AS o5",
    "list_inserts": "array_insert(w, 1, 'z') AS o1, array_insert(w, -1, 'z') AS o2, array_insert(w, 3, t) AS o3, array_insert(w, -3, t) AS o4, array_insert(w, 9, 'z') AS o5, array_insert(w, -9, 'z') AS o6, "
    "array_insert(w, if(k = 0, NULL, k), s) AS o7, array_insert(array('a', 'b'), 2, NULL) AS o8, size(array_insert(w, CAST(4 AS tinyint), 'q')) AS o9, array_insert(split(s, ''), -2, '-') AS o10",
}

# What may fail with ANSI on, or fails in every version.
UNSAFE = {
    "whole_far": "floor(d) AS o1, ceil(if(d > 5, 5, d)) AS o2",
    "digits_before_far": "ceil(abs(k), -38) AS o1",
    "digits_before_below": "floor(k, -40) AS o1",
    "digits_before_nan": "floor(d, -1) AS o1",
    "round_before_far": "round(CAST(concat('99999999999999999999999999999999999999', if(k IS NULL, '', '')) AS decimal(38, 0)), -2) AS o1",
    "list_insert_zero": "array_insert(w, 0, 'z') AS o1",
    "list_insert_null": "array_insert(w, k, 'z') AS o1",
    "alike": "jaro_winkler_similarity(s, t) AS o1, jaro_winkler_similarity('MARTHA', 'MARHTA') AS o2, jaro_winkler_similarity(i, l) AS o3, jaro_winkler_similarity(s, NULL) AS o4, "
    "jaro_winkler_similarity('', '') AS o5, jaro_winkler_similarity(repeat(s, 9), repeat(t, 7)) AS o6, jaro_winkler_similarity('😀a', 'a😀') AS o7, jaro_winkler_similarity('😀', '😁') AS o8, jaro_winkler_similarity(s, '') AS o9",
    "base_32": "to_base32(s) AS o1, to_base32(CAST(s AS binary)) AS o2, hex(from_base32(s)) AS o3, hex(from_base32(to_base32(s))) AS o4, to_base32(X'00FF80') AS o5, hex(from_base32(i)) AS o6, "
    "hex(from_base32('mzxw6ytboi======')) AS o7, hex(from_base32('H')) AS o8, hex(from_base32('HQ7')) AS o9, hex(from_base32('HQ7Z2W')) AS o10, hex(from_base32('HQ7Z2')) AS o11, hex(from_base32('HQ7Z2WAB=HQ')) AS o12, "
    "hex(from_base32('H Q\\n7é日Z')) AS o13, to_base32(NULL) AS o14, hex(from_base32(NULL)) AS o15, hex(from_base32('77777777AAAAAAAAA')) AS o16, hex(from_base32('HQ7Z2WA')) AS o17, to_base32(repeat(s, 30)) AS o18",
    "base_32_number": "to_base32(i) AS o1",
    "message_codes": "hex(hmac('key', s)) AS o1, hex(hmac('key', s, 'MD5')) AS o2, hex(hmac('key', s, 'SHA-1')) AS o3, hex(hmac(repeat('k', 65), s, 'sha-224')) AS o4, hex(hmac(repeat('k', 129), s, 'SHA384')) AS o5, "
    "hex(hmac(X'00', s, 'Sha512')) AS o6, base64(hmac('k', CAST(s AS binary))) AS o7, hex(hmac('k', s, NULL)) AS o8, hex(hmac(NULL, s)) AS o9, hex(hmac(repeat('k', 64), X'', 'SHA256')) AS o10",
    "message_code_no_key": "hex(hmac(s, 'x')) AS o1",
}


def value(rnd, depth):
    """A text in JSON, mostly."""
    blank = rnd.choice(["", "", " ", "\n", "\t "])
    quote = rnd.choice(['"', '"', "'"])
    inner = "".join(rnd.choice(["a", "b", "é", "😀", "\\n", "\\u00e9", "\\\\", "\\ud83d\\ude00", " ", "/", "1"]) for _ in range(rnd.randint(0, 5)))
    kind = rnd.choice("ooaasnnlw" if depth < 4 else "snnlw")
    if kind == "o":
        names = [quote + rnd.choice(["a", "b", "a", "c", "\\u0061"]) + quote for _ in range(rnd.randint(0, 4))]
        return blank + "{" + ",".join(name + rnd.choice(["", " "]) + ":" + value(rnd, depth + 1) for name in names) + "}" + blank
    if kind == "a":
        return blank + "[" + ",".join(value(rnd, depth + 1) for _ in range(rnd.randint(0, 4))) + "]"
    if kind == "s":
        return blank + quote + inner + quote + blank
    if kind == "n":
        return blank + rnd.choice([str(rnd.randint(-99, 99)), str(rnd.randint(-10**19, 10**19)), repr(rnd.uniform(-100, 100)), "{:e}".format(rnd.uniform(-1, 1)), "1.50", "0", "-0", "1E+3"])
    return blank + rnd.choice(["true", "false", "null", "null"])


def spoiled(rnd, text):
    """The text, of which some have a sign more, less or exchanged."""
    at = rnd.randint(0, len(text))
    change = rnd.choice(["", "", "", "less", "more", "other"])
    if change == "less":
        return text[:at] + text[at + 1 :]
    sign = rnd.choice(list("{}[],:\"'\\ 10-.eEnt"))
    return {"": text, "more": text[:at] + sign + text[at:], "other": text[:at] + sign + text[at + 1 :]}[change]


def drawn(rnd):
    """A pattern of a few pieces."""
    return "".join(rnd.choice(PIECES) for _ in range(rnd.randint(1, 6)))


def works(spark, text):
    """Whether Java takes a pattern, and the digits of it stand together."""
    symbols = spark._jvm.java.text.DecimalFormatSymbols(spark._jvm.java.util.Locale.US)
    plain, quoted = "", False
    for letter in text.partition(";")[0]:
        quoted = quoted != (letter == "'")
        plain += " " if quoted else letter
    try:
        spark._jvm.java.text.DecimalFormat("0", symbols).applyLocalizedPattern(text)
    except Exception:
        return False
    return ";" not in text and re.fullmatch(r"[^#0,.]*[#0,.]+(E0+)?[^#0,.]*", plain) is not None


def cases(frames):
    """Every case of this file."""
    numbers = ["0", "1", "-1", "12.34", "-12.34", "123.456", "-0.5", "0.05", "999.99", "1000", "-1234.5", None, "12345.678", "0.001"]
    plain = frames.make(
        "d double, i int, l bigint, f float, s string, t string, b boolean, k int, n string",
        list(zip(DOUBLES, INTS, LONGS, FLOATS, TEXTS, TEXTS[1:] + TEXTS[:1], FLAGS, SMALL, numbers)),
    )
    lists = frames.make("w array<string>, s string, t string, k int", list(zip(WORDS, TEXTS, ["a", "b", "x", "y", "a", "", None, "😀", "b", "b", "a", "c", "9", "B"], SMALL)))
    for name, selected in list(PARTS.items()) + list(UNSAFE.items()):
        yield select(name, selected, lists if name.startswith("list") else plain)
    rnd = random.Random(23)
    doubles = [rnd.choice([-1, 1]) * rnd.random() * 10.0 ** rnd.randint(-8, 12) for _ in range(ROWS)] + [0.0, -0.0, NAN, INF, -INF, 0.5, 1.5, 2.5, -0.05, 99.995]
    wholes = [rnd.choice([-1, 1]) * int(10 ** rnd.uniform(0, 18)) for _ in doubles]
    both = frames.make("d double, l bigint", list(zip(doubles, wholes)))
    patterns = sorted({text for text in (drawn(rnd) for _ in range(3000)) if works(frames.spark, text)})
    rnd.shuffle(patterns)
    shown = lambda text: text.replace("'", "\\'")
    selected = ", ".join("format_number(d, '{0}') AS d{1}, format_number(l * 0.001, '{0}') AS l{1}".format(shown(text), at) for at, text in enumerate(patterns[:60]))
    yield select("random_number_patterns", selected, both)
    letters = ["a", "b", "c", "ab", "é", "😀", "日", "B"]
    words = lambda: "".join(rnd.choice(letters) for _ in range(rnd.randint(0, 12)))
    pairs = frames.make("s string, t string", [(words(), words()) for _ in range(ROWS)])
    yield select("random_alike", "jaro_winkler_similarity(s, t) AS o1", pairs)
    codes = ["".join(rnd.choice("ABCXYZabc234567=189 -") for _ in range(rnd.randint(0, 20))) for _ in range(ROWS)]
    yield select("random_base_32", "hex(from_base32(s)) AS o1, to_base32(s) AS o2", frames.one("s", "string", codes))
    parts = ", ".join('get_json_object(s, "{}") AS o{}'.format(path, at) for at, path in enumerate(PATHS))
    yield select("json_parts", parts + ", json_array_length(s) AS n1, json_array_length('[1, 2, 3]') AS n2", frames.one("s", "string", JSONS))
    texts = [spoiled(rnd, value(rnd, 0)) for _ in range(4 * ROWS)]
    paths = ["$", "$.a", "$.b", "$[0]", "$[1]", "$.a.b", "$.a[0]", "$[0][1]", "$[1].a", "$.a.a", "$.b[1].a", "$['c'][2]"]
    parts = ", ".join('get_json_object(s, "{}") AS o{}'.format(path, at) for at, path in enumerate(paths))
    yield select("random_json", parts + ", json_array_length(s) AS n", frames.one("s", "string", texts))
