"""Edge cases of SQLTransformer: choices by name, errors that a statement raises, collations, paths with `*`, and AES."""

import random

from edge_sql import DOUBLES, FLAGS, FLOATS, INTS, LONGS, OTHERS, TEXTS, select

SMALL = [1, -1, 0, 2, 3, None, 7, 15, -7, 25, 20, 21, 65, -2]
KEY = "'0000111122223333'"
LONG_KEY = "unhex(sha2(s, 256))"

# Where a `$` matches: at the end, and before a last end of a line, but not within one.
LINE_ENDS = (
    "s RLIKE 'e$' AS o1, s RLIKE '[^a-z]$' AS o2, s RLIKE '\\\\r$' AS o3, s RLIKE '(e|\\\\r)$' AS o4, s RLIKE '\\\\s$' AS o5, s RLIKE '(x|e$)' AS o6, "
    "s RLIKE '^$' AS o7, s RLIKE '^\\\\s*$' AS o8, s RLIKE '\\\\n$' AS o9, s RLIKE 'x|e$' AS o10, "
    "regexp_extract(s, '([a-z]+)$', 1) AS o11, regexp_extract(s, '(\\\\s*)$', 1) AS o12, regexp_extract(s, '(.)\\\\r?$', 1) AS o13"
)
ENDED = ["e\r\n", "e\n", "e\r", "\r\n", "\n", "\r", "", "e", "e\u0085", "e\u2028", "xe\r\n\r\n", "e\n\r", "é\r\n", "e\r\ne", None, "\n\n", "e \r\n", "e\r\r\n"]

# Each is one case: what is selected beside all columns. None of them fails with ANSI on.
PARTS = {
    "raised": "if(k IS NULL OR k < 1000, s, raise_error('k')) AS o1, CASE WHEN k > 1000 THEN raise_error(concat('k is ', k)) WHEN k > 2 THEN 'big' ELSE s END AS o2, "
    "coalesce(i, if(i IS NULL, 0, raise_error('i'))) AS o3, assert_true(true) IS NULL AS o4, coalesce(assert_true(k IS NULL OR k < 1000), s) AS o5, "
    "nvl2(assert_true(isnotnull(id)), 1, 2) AS o6, concat(s, assert_true(1 = 1)) AS o7, typeof(raise_error('x')) AS o8, typeof(assert_true(false)) AS o9, "
    "CAST(assert_true(1 = 1, 'one') AS double) AS o10, k < 1000 OR k IS NULL OR raise_error('no') AS o11, coalesce(CASE WHEN k > 1000 THEN raise_error('x') END, d) AS o12, "
    "if(k > 1000, raise_error(i), DATE '2020-01-01') AS o13, coalesce(k > 1000, false) AND raise_error(d) > 5 AS o14, if(k > 1000, raise_error('w'), split(s, ',')) AS o15, "
    "if(k > 1000, raise_error(NULL), 1.50) AS o16, hex(if(k > 1000, raise_error('h'), X'41')) AS o17, length(coalesce(s, if(k > 1000, raise_error('n'), NULL))) AS o18",
    "rounded_nulls": "ceil(NULL, 1) AS o1, floor(NULL, 3) AS o2, typeof(ceil(NULL, 1)) AS o3, typeof(floor(NULL, 3)) AS o4, typeof(ceil(NULL, 0)) AS o5, typeof(floor(NULL, -1)) AS o6, "
    "typeof(ceiling(NULL, 40)) AS o7, ceil(NULL, -3) AS o8, ceil(NULL) AS o9, ceil('1.55', 1) AS o10",
    "ciphers": "hex(aes_encrypt(s, {0}, 'ECB')) AS o1, hex(aes_encrypt(s, '000011112222333344445555', 'ECB', 'PKCS')) AS o2, hex(aes_encrypt(s, {1}, 'ecb', 'default')) AS o3, "
    "hex(aes_encrypt(s, {0}, 'GCM', 'DEFAULT', '0123456789ab')) AS o4, hex(aes_encrypt(s, {0}, 'GCM', 'NONE', '0123456789ab', t)) AS o5, hex(aes_encrypt(s, {1}, 'CBC', 'DEFAULT', '0123456789abcdef')) AS o6, "
    "hex(aes_encrypt(s, {0}, 'Cbc', 'Pkcs', unhex(md5(t)), '')) AS o7, hex(aes_encrypt(s, {1}, 'GCM', 'DEFAULT', substring(unhex(md5(t)), 3, 12), CAST(s AS binary))) AS o8, "
    "CAST(aes_decrypt(aes_encrypt(s, {0}, 'ECB'), {0}, 'ECB') AS string) AS o9, CAST(aes_decrypt(aes_encrypt(s, {1}, 'CBC', 'PKCS', unhex(md5(s))), {1}, 'CBC', 'PKCS') AS string) AS o10, "
    "CAST(aes_decrypt(aes_encrypt(s, {1}, 'GCM', 'NONE', 'é0123456789'), {1}) AS string) AS o11, CAST(aes_decrypt(aes_encrypt(s, {0}, 'GCM', 'DEFAULT', '0123456789ab', t), {0}, 'GCM', 'DEFAULT', t) AS string) AS o12, "
    "hex(aes_encrypt(s, {0}, NULL)) AS o13, hex(aes_encrypt(s, {0}, 'ECB', NULL)) AS o14, hex(aes_encrypt(s, NULL, 'ECB')) AS o15, hex(aes_encrypt(NULL, {0}, 'ECB')) AS o16, "
    "hex(aes_encrypt(s, {0}, 'GCM', 'DEFAULT', NULL)) AS o17, hex(aes_decrypt(s, {0}, 'ECB', 'DEFAULT', NULL)) AS o18, hex(aes_encrypt(repeat(s, 50), {0}, 'ECB')) AS o19, "
    "hex(aes_encrypt(repeat(s, 50), {1}, 'GCM', 'DEFAULT', '0123456789ab')) AS o20, hex(aes_decrypt(X'', {0}, 'ECB')) AS o21, hex(aes_decrypt(repeat('0', 16), {0}, 'CBC')) AS o22, "
    "hex(aes_encrypt('', {0}, 'ECB', 'DEFAULT', '', '')) AS o23, length(aes_encrypt(CAST(s AS binary), {1}, 'ECB')) AS o24, "
    "hex(aes_decrypt(aes_encrypt(s, {0}, 'ECB'), {0}, 'ECB', 'DEFAULT', 'beside')) AS o25, typeof(aes_encrypt(s, {0}, 'ECB')) AS o26, "
    "hex(aes_encrypt(s, {0}, 'CBC', 'DEFAULT', '0123456789abcdef', NULL)) AS o27",
    "ciphers_tried": "hex(try_aes_decrypt(s, {0}, 'ECB')) AS o1, hex(try_aes_decrypt(CAST(s AS binary), {0}, 'CBC')) AS o2, hex(try_aes_decrypt(s, {0})) AS o3, hex(try_aes_decrypt(s, 'short')) AS o4, "
    "hex(try_aes_decrypt(aes_encrypt(s, {0}, 'ECB'), '0000111122223334', 'ECB')) AS o5, hex(try_aes_decrypt(aes_encrypt(s, {0}, 'GCM', 'DEFAULT', '0123456789ab', 'a'), {0}, 'GCM', 'DEFAULT', 'b')) AS o6, "
    "hex(try_aes_decrypt(aes_encrypt(s, {0}, 'GCM', 'DEFAULT', '0123456789ab', 'a'), {0}, 'GCM', 'DEFAULT', 'a')) AS o7, hex(try_aes_decrypt(aes_encrypt(s, {0}, 'CBC', 'DEFAULT', '0123456789abcdef'), {0}, 'CBC', 'DEFAULT', 'a')) AS o8, "
    "hex(try_aes_decrypt(unhex(md5(s)), {0}, 'ECB')) AS o9, hex(try_aes_decrypt(unhex(sha2(s, 512)), {1}, 'CBC')) AS o10, hex(try_aes_decrypt(NULL, {0})) AS o11, hex(try_aes_decrypt(X'', {0}, 'ECB')) AS o12, "
    "hex(try_aes_decrypt(unhex(concat('30313233343536373839616263646566', 'CAEB5131BED35CF54A66A35856D74180')), {0}, 'CBC')) AS o13, "
    "hex(try_aes_decrypt(unhex('C5F4D1E8'), {0}, 'ECB')) AS o14, hex(try_aes_decrypt(unhex(repeat(md5(s), k)), {0}, 'CBC')) AS o15",
}

# What fails, or what one of the versions does not have.
UNSAFE = {
    "raised_row": "if(k = 7, raise_error(concat('seven ', s)), k) AS o1",
    "raised_before": "coalesce(raise_error(s), s) AS o1",
    "asserted_row": "coalesce(assert_true(k < 65 OR k IS NULL, concat('k ', k)), k) AS o1",
    "asserted_null": "assert_true(k > -100) IS NULL AS o1",
    "when_calls": "when(k > 2, 'big', k > 0, 'small', 'none') AS o1, when(k > 2, d) AS o2, when(b, i, 2.5) AS o3, when(d > 0) AS o4, when(b, NULL, s = t, d, l) AS o5, "
    "when(k > 1000, raise_error('k'), k) AS o6, WHEN(i <> 0, 7 div i) AS o7",
    "between_calls": "between(k, 0, 7) AS o1, between(d, e, 2.5) AS o2, between(s, 'A', t) AS o3, between(k, NULL, 3) AS o4, between(k, 3, NULL) AS o5, between(NULL, 0, 1) AS o6, "
    "NOT between(i, 1, l) AS o7, between(k, '0', 7L) AS o8, between(DATE '2020-01-01', '2019-01-01', '2021-01-01') AS o9, k BETWEEN 0 AND 7 AND between(k, 1, 20) AS o10",
    "like_escapes": "like(s, 'a|%b', '|') AS o1, like(s, '%b%', '/') AS o2, ilike(s, 'A%', '!') AS o3, ilike(s, 'AXXBC', 'x') AS o4, ilike(s, 'Xb%', 'b') AS o5, like(s, 'a%%b', '%') AS o6, "
    "like(s, '__', '_') AS o7, ilike(s, 'ax%b', 'x') AS o8, ilike(s, 'aX%b', 'X') AS o9, like(i, '1%', '日') AS o10, NOT like(s, 'a\\\\%b', '\\\\') AS o11, like(NULL, 'a', '|') AS o12",
    "collations": "collation(s) AS o1, collation(NULL) AS o2, collate(s, 'UTF8_BINARY') AS o3, s COLLATE UTF8_BINARY AS o4, s COLLATE utf8_binary = t AS o5, upper(s COLLATE `UTF8_BINARY`) AS o6, "
    "'x' || s COLLATE UTF8_BINARY AS o7, collation(s COLLATE UTF8_BINARY || t) AS o8, collate(NULL, 'utf8_binary') AS o9, s COLLATE UTF8_BINARY < t AS o10, typeof(collation(s)) AS o11, "
    "NOT s COLLATE UTF8_BINARY LIKE 'a%' AS o12, s COLLATE SYSTEM.BUILTIN.UTF8_BINARY AS o13, s COLLATE UTF8_BINARY IN ('abc', t) AS o14, coalesce(s COLLATE UTF8_BINARY, t) AS o15",
    "cipher_key": "hex(aes_encrypt(s, '00001111222233', 'ECB')) AS o1",
    "cipher_other": "hex(aes_decrypt(s, {0}, 'ECB')) AS o1",
    "cipher_tag": "hex(aes_decrypt(aes_encrypt('a', {0}, 'GCM', 'DEFAULT', '0123456789ab', 'a'), {0}, 'GCM', 'DEFAULT', coalesce(s, ''))) AS o1",
    "cipher_front": "hex(aes_encrypt(s, {0}, 'CBC', 'DEFAULT', concat('0123', coalesce(s, 'x')))) AS o1",
    "cipher_front_ecb": "hex(aes_encrypt(s, {0}, 'ECB', 'DEFAULT', '0123456789abcdef')) AS o1",
    "cipher_beside_cbc": "hex(aes_encrypt(s, {0}, 'CBC', 'DEFAULT', '0123456789abcdef', 'a')) AS o1",
    "cipher_padding": "hex(aes_encrypt(s, {0}, 'ECB', 'NONE')) AS o1",
}

JSONS = [
    '[{"a":1},{"a":"x"},{"b":2},{"a":null},{"a":[1,"y"]}]', '{"a":[1,2,[3,"z"]]}', '{"a":{"b":1,"c":{"b":"q"}}}', "[]", '[[1,2],[3],[],"s",[["t"]]]',
    '{"a":[{"b":[1,2]},{"b":[]},{"b":["x"]}]}', "[1]", '["x"]', "[null]", '{"a":[[{"b":1},{"b":2}],[{"b":3}]]}', "1", '"s"', "{}", '[[[]]]', '[[[1]]]',
    '{"a":[[1]],"a":[[{"b":1}]]}', '{"a":[],"a":[7]}', '["😀","\\u00e9",1e2,{"😀":"\\ud83d\\ude00"}]', '["\\ud83d"]', '[["😀"],[["\\n/"]]]', '{"a":[{"b":"\\ude00"}]}', '[1,2', '[1,2] x',
    '[{"a":[{"b":1},{"b":2}]},{"a":[{"b":3}]}]', '{"a*":5,"*":6,"b":{"*":7}}', "['a','b']", "[[1],[[2,3]],[[[4]]]]", '{"a":"x"}', '[{"a":{}},{"a":[]}]', None, '{"é":1,"b\\u0061":[2]}', '{"a":1,"a":2,"":3}', "{'a':1,b}",
    '{"\\ud83d":1,"\\ude00x":[2],"\\ud83d\\ude00":3}', "[" * 1000 + "7, 8" + "]" * 1000, "[" * 1001 + "7" + "]" * 1001,
]
PATHS = [
    "$[*]", "$[*].a", "$.a[*]", "$[*][*]", "$[*][0]", "$.a[*].b", "$.a[*].b[*]", "$.a[*][*].b", "$.a[*].b[0]", "$[0][*]", "$.a[0][*].b", "$[*][*][*]", "$.a[2][*]", "$.*", "$.a.*", "$['*']", "$[*].*",
    "$.a*", "$['a*']", "$[*].a[*].b", "$[*][1]", "$[1][*]", "$[*].a[0].b", "$[*][*][*][*]", "$[0][*][*]", "$[*][*].a", "$.a[*][*]", "$.*[0]", "$[*]['a'][*]", "$[3]",
]


def value(rnd, depth):
    """A text in JSON, mostly of arrays."""
    kind = rnd.choice("aaaaoosnnl" if depth < 4 else "snnl")
    if kind == "a":
        return "[" + ",".join(value(rnd, depth + 1) for _ in range(rnd.randint(0, 3))) + "]"
    if kind == "o":
        return "{" + ",".join('"' + rnd.choice("aaab") + '":' + value(rnd, depth + 1) for _ in range(rnd.randint(0, 3))) + "}"
    if kind == "s":
        return '"' + "".join(rnd.choice(["a", "é", "😀", "\\n", "\\u00e9", "\\\\", "\\ud83d\\ude00", "/"]) for _ in range(rnd.randint(0, 3))) + '"'
    return rnd.choice(["1", "-2.50", "1e3", "0"]) if kind == "n" else rnd.choice(["true", "null", "null"])


def cases(frames):
    """Every case of this file."""
    columns = "d double, e double, i int, l bigint, f float, s string, t string, b boolean, k int"
    frame = frames.make(columns, list(zip(DOUBLES, OTHERS, INTS, LONGS, FLOATS, TEXTS, TEXTS[1:] + TEXTS[:1], FLAGS, SMALL)))
    for name, selected in list(PARTS.items()) + list(UNSAFE.items()):
        yield select(name, selected.format(KEY, LONG_KEY), frame)
    parts = ", ".join('get_json_object(s, "{}") AS o{}'.format(path, at) for at, path in enumerate(PATHS))
    keys = ", json_object_keys(s) AS k1, size(json_object_keys(s)) AS k2"
    yield select("json_stars", parts + keys, frames.one("s", "string", JSONS))
    yield select("line_ends", LINE_ENDS, frames.one("s", "string", ENDED))
    rnd = random.Random(31)
    yield select("random_json_stars", parts + keys, frames.one("s", "string", [value(rnd, 0) for _ in range(250)]))
