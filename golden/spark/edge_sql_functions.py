"""Edge cases of SQLTransformer: every operator and function that `edge_sql.py` leaves out, but those of dates."""

import random

from edge_case import INF, NAN
from edge_sql import DOUBLES, FLAGS, FLOATS, INTS, LONGS, OTHERS, TEXTS, select

# Each is one case: what is selected beside all columns. None of them fails with ANSI on.
PARTS = {
    "integral": "i div 7 AS o1, l div -3 AS o2, pmod(i, 7) AS o3, pmod(-7, 3) AS o4, pmod(i, -5) AS o5, pmod(d, 2.5D) AS o6, "
    "pmod(l, 10L) AS o7, mod(d, 0.7D) AS o8, d % 2.5D AS o9, mod(i, 4) AS o10, i % 5 AS o11, f % 2 AS o12, pmod(f, 2) AS o13, "
    "i div 2L AS o14, i div NULL AS o15, pmod(d, -3D) AS o16, positive(d) AS o17, positive(i) AS o18",
    "bits": "i & 12 AS o1, i | 5 AS o2, i ^ 3 AS o3, ~i AS o4, l & i AS o5, shiftleft(i, 3) AS o6, shiftright(i, 2) AS o7, "
    "shiftrightunsigned(i, 2) AS o8, shiftleft(l, 40) AS o9, shiftleft(i, 33) AS o10, shiftrightunsigned(l, 3) AS o11, "
    "bit_count(l) AS o12, bit_count(b) AS o13, bit_get(l, 3) AS o14, getbit(i, 0) AS o15, ~l AS o16, i & NULL AS o17, "
    "bit_count(i) AS o18, bin(l) AS o19, bin(i) AS o20, hex(l) AS o21, hex(i) AS o22, hex(s) AS o23, 7 & i | 8 ^ 3 AS o24, "
    "shiftright(l, i) AS o25, 1 + 2 & 3 AS o26",
    "bits_first": "~i % 2 AS o1, ~i div -7 AS o2, ~(i div 3) div -7 AS o3, ~~i % 5 AS o4, ~+i % 3 AS o5, -~CAST(k AS int) + 1 AS o6, ~CAST(k AS int) & 3 * 2 AS o7",
    "rounds": "bround(d) AS o1, bround(d, 2) AS o2, round(f, 1) AS o3, round(f) AS o4, bround(f) AS o5, round(d, 5) AS o6, "
    "bround(d, -2) AS o7, round(CAST(k AS smallint), -1) AS o8, round(k, -2) AS o9, bround(k, -1) AS o10, bround(k) AS o11, "
    "round(CAST(k AS bigint), -3) AS o12, bround(CAST(k AS bigint), -2) AS o13, ceil(k) AS o14, round(k, -400) AS o15",
    "named_casts": "double(i) AS o1, int(b) AS o2, string(d) AS o3, bigint(i) AS o4, float(i) AS o5, boolean(i) AS o6, decimal(i) AS o7, "
    "smallint(b) AS o8, tinyint(b) AS o9, double(NULL) AS o10, string(b) AS o11, double(f) + int(b) AS o12, INT(b) AS o13, decimal(1.5) AS o14",
    "constants": "pi() AS o1, e() AS o2, nanvl(f, 1F) AS o7, degrees(d) AS o9, "
    "radians(d) AS o10, isnan(NULL) AS o11, greatest(f, d) AS o12, least(NULL, i) AS o13",
    "distinct_from": "d IS DISTINCT FROM e AS o1, d IS NOT DISTINCT FROM e AS o2, equal_null(s, t) AS o3, equal_null(d, NULL) AS o4",
    "pieces": "left(s, 2) AS o1, right(s, 2) AS o2, lpad(s, 5, 'xy') AS o3, lpad(s, 5) AS o4, rpad(s, 4, 'ü') AS o5, rpad(s, 0, 'x') AS o6, "
    "initcap(s) AS o7, locate('b', s) AS o8, locate('b', s, 2) AS o9, locate('', s, 2) AS o10, position('b' IN s) AS o11, "
    "position('b', s) AS o12, position('b', s, 0) AS o13, translate(s, 'abc', 'xy') AS o14, repeat(s, 2) AS o15, repeat(s, -1) AS o16, "
    "left(s, 0) AS o17, left(s, -1) AS o18, right(s, -1) AS o19, right(s, 9) AS o20, lpad(s, -1, 'a') AS o21, lpad(s, 6, '') AS o22, "
    "left(s, NULL) AS o23, right(s, NULL) AS o24, translate(s, 'aab', 'xyz') AS o25, translate(s, '日', '月') AS o26, space(k) AS o27, "
    "repeat(s, k) AS o28, lpad(s, k, t) AS o29, rpad(s, k, t) AS o30, left(s, k) AS o31, right(s, k) AS o32, locate(t, s, k) AS o33",
    "tests": "startswith(s, 'a') AS o1, endswith(s, 'c') AS o2, contains(s, 'b') AS o3, startswith(s, NULL) AS o4, startswith(s, '') AS o5, "
    "s ILIKE 'A%' AS o6, s NOT ILIKE '%B%' AS o7, endswith(s, t) AS o8, contains(s, t) AS o9, s LIKE 'a|%b' ESCAPE '|' AS o10, "
    "s LIKE ANY ('a%', '%2') AS o11, s LIKE ALL ('a%', '%c') AS o12, s NOT LIKE ALL ('a%', '%2') AS o13, s NOT LIKE ANY ('a%', '%c') AS o14, "
    "s ILIKE 'STRASSE' AS o15, s ILIKE '___' AS o17",
    "letters": "ascii(s) AS o1, chr(65) AS o2, chr(k) AS o3, char(i) AS o4, bit_length(s) AS o5, octet_length(s) AS o6, "
    "substring_index(s, 'b', 1) AS o7, substring_index(s, ',', -1) AS o8, substring_index('a.b.c.d', '.', k) AS o9, "
    "overlay(s PLACING 'zz' FROM 2 FOR 1) AS o10, overlay(s, 'zz', 2) AS o11, overlay(s, 'zz', 2, 0) AS o12, btrim(s) AS o13, btrim(s, 'ac') AS o14, "
    "trim(BOTH 'a' FROM s) AS o15, trim(LEADING 'a' FROM s) AS o16, trim(TRAILING 'c' FROM s) AS o17, trim('a' FROM s) AS o18, "
    "ltrim('a', s) AS o19, rtrim('cb', s) AS o20, levenshtein(s, t) AS o21, find_in_set(s, 'abc,b,,12') AS o22, "
    "split_part(s, ',', 1) AS o23, split_part('a,b,c', ',', -1) AS o24, "
    "len(s) AS o29, split_part('a.b', '.', 3) AS o30, substr(s FROM 2 FOR 1) AS o31, "
    "substring_index(s, '', 1) AS o32, chr(256 + 97) AS o33, chr(-1) AS o34",
    "implicit_texts": "concat(s, i) AS o1, concat(d, '-', b) AS o2, concat_ws('-', s, i, l) AS o3, length(i) AS o4, upper(b) AS o5, "
    "i || s AS o6, lpad(i, 5, '0') AS o7, substring(l, 1, 3) AS o8, trim(d) AS o9, replace(i, '1', 'x') AS o10, concat(f, '') AS o11, "
    "instr(i, 2) AS o12, i LIKE '1%' AS o13, startswith(i, '1') AS o14, reverse(i) AS o16",
    "regex": "s RLIKE 'a' AS o1, s REGEXP '^a' AS o2, s NOT RLIKE '[bc]+' AS o3, rlike(s, 'b') AS o4, regexp(s, 'b') AS o5, "
    "regexp_like(s, 'B') AS o6, regexp_replace(s, '[a-c]', 'x') AS o7, regexp_replace(s, '(a)(b)', '$2$1') AS o8, "
    "regexp_extract(s, '([a-z]+),([a-z]+)', 2) AS o9, regexp_extract(s, '(b)') AS o10, regexp_extract(s, 'b', 0) AS o11, "
    "regexp_replace(s, ' ', '') AS o12, regexp_extract(s, '(x)?b', 1) AS o13, regexp_count(s, '[a-c]') AS o14, "
    "regexp_substr(s, '[bc]') AS o15, regexp_instr(s, 'b') AS o16, s RLIKE '' AS o18, "
    "regexp_replace(s, 'b', 'y', 3) AS o19, regexp_replace(s, '.', '日') AS o20",
    "regex_empty": "regexp_replace(replace(s, '😀', ''), '', '-') AS o1, regexp_replace(replace(s, '😀', ''), 'b*', '.') AS o2, "
    "regexp_replace(s, '(b)(c)?', '[$2$1]') AS o3, s RLIKE '^a.*c$' AS o4, regexp_extract(s, '([a-c]+)$', 1) AS o5, s RLIKE 'c$|^1' AS o6, "
    "concat(s, '\\n') RLIKE 'c$' AS o7, regexp_replace(s, 'b', '\\\\$x') AS o8, s RLIKE '(?i)ABC' AS o9, regexp_extract(s, '(?<n>b)', 1) AS o10",
    "digests": "md5(s) AS o1, sha1(s) AS o2, sha(s) AS o3, sha2(s, 256) AS o4, sha2(s, 0) AS o5, sha2(s, 224) AS o6, sha2(s, 384) AS o7, "
    "sha2(s, 512) AS o8, sha2(s, 1) AS o9, sha2(s, k) AS o10, crc32(s) AS o11, md5(NULL) AS o12, "
    "crc32('') AS o14, sha2(s, NULL) AS o15",
    "counts": "try_divide(d, e) AS o4, try_divide(i, k) AS o5, try_divide(i, 0) AS o6, "
    "try_divide(i * 1.5, k) AS o7, try_divide(1, 0.0) AS o8",
    "escapes": "'a\\'b' AS o1, 'a\\\\b' AS o2, 'a\\nb' AS o3, '\\u0041' AS o4, '\\101' AS o5, 'a\\%b' AS o6, 'a\"b' AS o7, \"it's\" AS o8, "
    "s LIKE 'a\\%b' AS o9, s RLIKE '\\\\d+' AS o10, regexp_extract(s, '(\\\\d)', 1) AS o11, '\\x' AS o13, s LIKE 'a\\\\%b' AS o14, "
    "regexp_replace(s, '\\\\s', '_') AS o15, 'it''s' AS o16",
    "split": "split(s, ',') AS o1, split(s, '') AS o2, split(s, 'b', 2) AS o3, split(s, 'c') AS o4, split(s, '[, ]') AS o5, split(s, 'b', -1) AS o6, "
    "split(s, 'c', 0) AS o7, split(s, 'a', 1) AS o8",
    "tries": "try_add(i, 1) AS o1, try_add(l, l) AS o2, try_add(i, l) AS o3, try_add(i, 1.5) AS o4, try_add(s, 1) AS o5, try_add(f, i) AS o6, "
    "try_add(CAST(k AS tinyint), 120Y) AS o7, try_add(i, NULL) AS o8, try_subtract(i, 2) AS o9, try_multiply(i, i) AS o10, try_multiply(l, 3) AS o11, "
    "try_multiply(d, e) AS o12, try_add(CAST(l AS decimal(38, 0)) * 10000000000, CAST('9e37' AS decimal(38, 0))) AS o13, try_subtract(i, l) AS o14, "
    "try_multiply(CAST(k AS smallint), 3000S) AS o15",
    "try_casts": "try_cast(s AS int) AS o1, try_cast(s AS double) AS o2, TRY_CAST(s AS boolean) AS o3, try_cast(s AS date) AS o4, "
    "try_cast(s AS timestamp) AS o5, try_cast(s AS decimal(4, 1)) AS o6, try_cast(s AS float) AS o7, try_cast(s AS tinyint) AS o8, "
    "try_cast(d AS int) AS o9, try_cast(d AS bigint) AS o10, try_cast(d AS decimal(5, 2)) AS o11, try_cast(f AS smallint) AS o12, "
    "try_cast(i AS tinyint) AS o13, try_cast(i AS boolean) AS o14, try_cast(b AS int) AS o15, try_cast(d AS string) AS o16, "
    "try_cast(d AS timestamp) AS o17, try_cast(i * 0.0000001 AS string) AS o18, try_cast(i * 1e3 AS tinyint) AS o19, "
    "try_cast(i * 1.5 AS tinyint) AS o20, try_cast('1.9' AS int) AS o21, try_cast(i AS int) AS o22, try_cast(NULL AS int) AS o23, "
    "try_cast(l AS smallint) AS o24, try_cast(timestamp_seconds(CAST(i AS bigint)) AS smallint) AS o25, try_cast(s AS string) AS o26",
    "counted": "factorial(k) AS o1, factorial('5') AS o2, width_bucket(d, 0, 10, 5) AS o3, width_bucket(d, e, 3, 4) AS o4, "
    "width_bucket(d, 10, 0, k) AS o5, width_bucket(d, 0, 0, 5) AS o6, width_bucket(i, 0, 10.5, l) AS o7, width_bucket(d, -1D, 0.3D, 7) AS o8, "
    "width_bucket(f, 1e10D, -3, 9223372036854775806) AS o9, factorial(NULL) AS o10",
    "bases": "conv(s, 10, 16) AS o1, conv('100', 2, 10) AS o2, conv(-10, 16, -10) AS o3, conv(k, 10, 36) AS o4, conv('-ff', 16, 10) AS o5, "
    "conv('-ff', 16, -10) AS o6, conv('zz', 36, 10) AS o7, conv('1z', 10, 2) AS o8, conv('', 10, 2) AS o9, conv(' 12 ', 10, 2) AS o10, "
    "conv('12', 1, 2) AS o11, conv('12', 10, 37) AS o12, conv('12', 10, k) AS o13, conv('18446744073709551615', 10, -10) AS o14, "
    "conv('-9223372036854775809', 10, -10) AS o15, conv('-9223372036854775809', 10, 10) AS o16, conv('-', 10, 10) AS o17, conv('+5', 10, 10) AS o18, "
    "conv('-0', 10, -10) AS o19, conv(d, 10, 10) AS o20, conv(s, 36, 10) AS o21, conv('  ', 10, 2) AS o22, conv('\t7', 10, 2) AS o23, "
    "conv(s, k, 7) AS o24, conv(i, 10, -16) AS o25, conv('9223372036854775808', 10, -36) AS o26",
    "formats": "format_number(d, 2) AS o1, format_number(d, 0) AS o2, format_number(d, -1) AS o3, format_number(f, 3) AS o4, format_number(i, 2) AS o5, "
    "format_number(l, 0) AS o6, format_number(i * 1.5, 0) AS o7, format_number(i * 1.555, 2) AS o8, format_number(d, 20) AS o9, "
    "format_number(d, k) AS o10, format_number(1.005D, 2) AS o11, format_number(-0.4, 0) AS o12, format_number(d * 1e10, 1) AS o13, "
    "format_number(d, NULL) AS o14, format_number(CAST(k AS tinyint), 1) AS o15, format_number(9007199254740993D, 3) AS o16, "
    "format_number(d / 3D, 4) AS o17, format_number(d, 320) AS o18, format_number(e * 0.125D, 2) AS o19, format_number(i * 0.005, 2) AS o20, "
    "format_number(d * 1e-5, 8) AS o21, format_number(999999.995D, 2) AS o22, format_number(CAST(l AS decimal(38, 6)) / 7, 4) AS o23",
    "sounds": "soundex(s) AS o1, soundex('Robert') AS o2, soundex('Ashcraft') AS o3, soundex('Tymczak') AS o4, soundex('pfister') AS o5, "
    "soundex('A1b') AS o6, soundex('1abc') AS o7, soundex('BOWHY b') AS o8, soundex('a-bb') AS o9, soundex(NULL) AS o10, soundex(t || s) AS o11, "
    "soundex('Jäckson') AS o12",
    "masks": "mask(s) AS o1, mask(s, 'Q') AS o2, mask(s, 'Q', 'q', 'd', 'o') AS o3, mask(s, NULL, 'q', NULL, '*') AS o4, "
    "mask(s, NULL, NULL, NULL, NULL) AS o5, mask('AaÄäßǅⅯ１９日😀 -_', 'X', 'x', 'n', 'o') AS o6, mask('AaÄäßǅⅯ１９日😀ªʰ', 'X', 'x', 'n') AS o7, "
    "mask(s, '日', 'x') AS o8, mask('𝐀𝐚𝟎', 'U', 'l', 'd', 'o') AS o9",
    "urls": "url_encode(s) AS o1, url_encode(' a+b&c=~é日😀*-._/') AS o2, url_encode(i) AS o3, url_decode(url_encode(s)) AS o4, "
    "url_decode('a+b%20c%C3%A9%e6%97%a5') AS o5, url_decode('%+a') AS o6, url_decode('%C3x') AS o7, url_decode('é+日') AS o8, "
    "url_decode('%F0%9F%98') AS o9, base64(s) AS o10, base64(repeat(s, 40)) AS o11, base64(repeat('a', 57)) AS o12",
    "chosen": "elt(1, s, t) AS o1, elt(2, s, i) AS o2, elt(NULL, s, t) AS o3, elt(if(b, 1, 2), s, t, d) AS o4, typeof(i) AS o5, typeof(i * 1.5) AS o6, "
    "typeof(NULL) AS o7, typeof(b) AS o8, typeof(DATE '2020-01-01') AS o9, typeof(s) AS o10, typeof(1 div 0) AS o11, typeof(f) AS o12, typeof(d) AS o13, "
    "typeof(CAST(k AS tinyint)) AS o14, typeof(CAST(k AS smallint)) AS o15, typeof(timestamp_seconds(1)) AS o16",
    "hashes": "hash(s) AS o1, hash(i) AS o2, hash(l, s) AS o3, hash(d, f, b) AS o4, hash(CAST(k AS tinyint), CAST(k AS smallint)) AS o5, hash(NULL) AS o6, "
    "hash(s, NULL, i) AS o7, hash(i * 1.5) AS o8, hash(CAST(l AS decimal(38, 2))) AS o9, hash(DATE '2020-01-01') AS o10, "
    "hash(TIMESTAMP '2020-01-01 01:02:03') AS o11, hash(-0.0D, 0.0D) AS o12, xxhash64(s) AS o13, xxhash64(i) AS o14, xxhash64(l, s) AS o15, "
    "xxhash64(d, f, b) AS o16, xxhash64(repeat(s, 20)) AS o17, xxhash64(s, NULL, i) AS o18, xxhash64(repeat('abc', k)) AS o19, "
    "xxhash64(i * 1.5) AS o20, xxhash64(DATE '2020-01-01', TIMESTAMP '2020-01-01 01:02:03') AS o21, xxhash64(CAST(l AS decimal(38, 2))) AS o22",
    "made_times": "make_timestamp(2020, if(k > 0, k, 0) % 12 + 1, 3, 4, 5, 6.7) AS o1, make_timestamp(2020, 2, 3, 4, 5, 60) AS o2, "
    "make_timestamp(2020, 2, 3, 4, 5, 59.9999999) AS o3, make_timestamp(1, 12, 31, 23, 59, 59.123456D) AS o4, "
    "make_timestamp(2020, 2, NULL, 4, 5, 6) AS o5, make_timestamp(1969, 2, 3, 4, '5', '6.5') AS o6, make_timestamp(9999, 12, 31, 23, 59, NULL) AS o7",
    "decimals": "i > 1.5 AS o1, d = 0.1 AS o2, d * 2.5 AS o3, d / 0.3 AS o4, d % 0.7 AS o7, "
    "CAST(2.50 AS double) + d AS o8, greatest(d, 0.5) AS o9, coalesce(d, 1.5) AS o10, pow(d, 2.0) AS o11, d BETWEEN 0.5 AND 2.5 AS o12",
}

# What may fail with ANSI on.
UNSAFE = {
    "since_4": "try_mod(i, k) AS o1, try_mod(d, 0) AS o2, try_mod(d, e) AS o3, try_mod(i * 1.5, k) AS o4, try_mod(s, 2) AS o5, nullifzero(k) AS o6, "
    "nullifzero(d) AS o7, nullifzero(i * 1.5) AS o8, zeroifnull(k) AS o9, zeroifnull(d) AS o10, zeroifnull(l) AS o11, zeroifnull(i * 1.5) AS o12, "
    "zeroifnull(NULL) AS o13, dayname('2024-02-29') AS o14, dayname(TIMESTAMP '2024-03-03 23:00:00') AS o15, "
    "monthname(date_add(DATE '2024-02-29', k * 13)) AS o16, dayname(date_add(DATE '2024-02-29', k)) AS o17",
    "seconds_far": "CAST(CAST(if(d > 1e200D AND d < 1e301D, d, 1.5D) AS timestamp) AS string) AS o1",
    "seconds_near": "CAST(CAST(if(d > 1e301D, 1.5D, 1e12D) AS timestamp) AS string) AS o1",
    "zero_text": "zeroifnull(s) AS o1",
    "try_inner": "try_divide(i + i, 1) AS o1",
    "conv_far": "conv(repeat('9', k + 7), 36, 16) AS o1, conv('-' || repeat('f', 17), 16, -10) AS o2",
    "elt_far": "elt(k, s, t) AS o1, elt(l, s) AS o2, elt(k, i, l, d) AS o3",
    "factorial_wide": "factorial(l) AS o1, factorial(CAST(k AS bigint)) AS o2",
    "url_bad": "url_decode(s) AS o1",
    "made_times_bad": "make_timestamp(2020, k, 3, 4, 5, 6.7) AS o1, make_timestamp(2020, 2, 3, 4, 5, d) AS o2, make_timestamp(2020, 2, 3, 4, 5, 60.5) AS o3, "
    "make_timestamp(2020, 2, 3, 24, 5, 5) AS o4, make_timestamp(2020, 2, 3, 4, 5, -1) AS o5, make_timestamp(2020, 2, 3, 4, 5, s) AS o6, "
    "make_timestamp(2021, 2, 29, 4, 5, 0) AS o7",
    "div_zero": "i div 0 AS o1",
    "pmod_zero": "pmod(i, 0) AS o1, pmod(d, 0D) AS o2",
    "div_least": "l div -1 AS o1",
    "round_int": "round(i, -1) AS o1, bround(i, -1) AS o2",
    "round_long": "round(l, -2) AS o1",
    "text_add": "s + 1 AS o1",
    "text_compare": "s > 5 AS o1, s = 12 AS o2",
    "split_part_zero": "split_part(s, ',', 0) AS o1",
    "regex_group": "regexp_extract(s, '(b)', 2) AS o1",
    "bit_get_far": "bit_get(l, k) AS o1",
    "chained": "CASE WHEN i > 0 THEN 100 div i ELSE i + 1 END AS o1",
}

NUMERALS = "n + 1 AS o1, n * d AS o2, n > 5 AS o3, n = 2 AS o4, sqrt(n) AS o5, abs(n) AS o6, -n AS o7, n IN (1, 2) AS o8, n / 2 AS o9, " \
    "n = 2.5D AS o10, coalesce(n, 'x') AS o11, n || i AS o12, n % 2 AS o13, i + n AS o14, n BETWEEN 1 AND 3 AS o15, round(n) AS o16"

JVM = "sin cos tan cot sec csc asin acos atan sinh cosh tanh atanh degrees radians exp expm1 ln log10 log2 log1p cbrt sqrt rint".split()


def doubles(seed, count):
    """Numbers of every size, with the odd ones in front."""
    rnd = random.Random(seed)
    made = [rnd.choice([-1, 1]) * rnd.random() * 10.0 ** rnd.choice([-8, -3, -1, 0, 0, 0, 1, 2]) for _ in range(count)]
    return [None, NAN, INF, -INF, 0.0, -0.0, 1.0, -1.0, 0.5, 2.0, 10.0, 100.0, 1e-300, 710.0, -746.0, 1e300] + made


def cases(frames):
    """Every case of this file."""
    small = [1, -1, 0, 2, 3, None, 7, 15, -7, 25, 20, 21, 65, -2]
    columns = "d double, e double, i int, l bigint, f float, s string, t string, b boolean, k int"
    rows = list(zip(DOUBLES, OTHERS, INTS, LONGS, FLOATS, TEXTS, TEXTS[1:] + TEXTS[:1], FLAGS, small))
    frame = frames.make(columns, rows)
    for name, selected in list(PARTS.items()) + list(UNSAFE.items()):
        yield select(name, selected, frame)
    numerals = frames.make("n string, d double, i int", [("1", 1.5, 1), ("2", -2.0, 2), (" 3 ", 0.1, None), (None, 1.0, 4), ("10", NAN, 5)])
    yield select("numerals", NUMERALS, numerals)
    x, y = doubles(7, 150), doubles(8, 150)
    random.Random(9).shuffle(y)
    selected = ", ".join("{0}(x) AS {0}".format(name) for name in JVM)
    selected += ", pow(x, y) AS pow, atan2(x, y) AS atan2, hypot(x, y) AS hypot, log(x, y) AS log, pow(abs(x), y) AS pow2"
    yield select("jvm", selected, frames.make("x double, y double", list(zip(x, y))))
    edges = [v * s for v in (2.0 ** 28, 2.0 ** 29, 2.0 ** -28, 1.0000001, 2.0000001, 3.5, 1.3407807929942596e154, 1.3407807929942599e154) for s in (1, -1)]
    sizes = x + edges + [abs(v) * 10 for v in x if v] + [1 + abs(v) for v in y if v]
    yield select("areas", "asinh(x) AS o1, acosh(x) AS o2", frames.one("x", "double", sizes))
