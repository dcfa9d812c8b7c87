"""Edge cases of SQLTransformer: lists of texts, formats of texts and numbers, parts of URLs, and what only tries."""

import datetime
import random
import re

from edge_sql import DOUBLES, FLAGS, FLOATS, INTS, LONGS, TEXTS, keep_dates, select
from spark_tools import VERSION

# How many random rows there are.
ROWS = 150
SMALL = [1, -1, 0, 2, 3, None, 7, 15, -7, 25, 20, 21, 65, -2]
WORDS = [
    ["a", "b", "c"], [], None, ["b"], ["a", None, "a"], [""], ["x", "y", "x", "z"], ["é", "日本", "😀", "\uff5e"], [None], [None, "b"],
    ["b", "a", None, "c", "a"], ["a,b", "c"], ["1", "10", "9"], ["c", "b", "a", "B"],
]
OTHERS = [
    ["c", "d"], ["a"], ["a"], None, ["a"], ["", ""], ["q", None], ["😀"], ["a"], [None], [None, "a", "z", "z"], [], ["10"], ["B", "b", "B"],
]
DATES = ["2020-02-29", "1970-01-01", "1969-12-31", None, "1600-01-01", "9999-12-31", "1582-10-15", "2024-03-31", "2000-01-01", "1999-12-31",
         "2021-06-15", "2020-12-31", "2021-01-01", "1900-03-01"]
TIMES = ["2020-02-29 12:34:56.789", "1970-01-01 00:00:00", "1969-12-31 23:59:59.999999", None, "1582-10-15 00:00:00", "9999-12-31 23:59:59.5",
         "2021-01-01 00:00:00.1", "2024-03-31 02:30:00", "2000-01-01 13:00:00", "1999-12-31 12:00:00", "2021-06-15 01:02:03", "2020-12-31 10:00:00",
         "2021-01-01 20:00:00", "1900-03-01 00:00:01"]

# Each is one case: what is selected beside all columns. None of them fails with ANSI on.
PARTS = {
    "list_parts": "split(s, 'b')[0] AS o1, element_at(split(s, 'b'), 1) AS o2, element_at(split(s, 'b'), -1) AS o3, size(split(s, '')) AS o4, "
    "cardinality(split(s, ',')) AS o5, array_contains(split(s, ','), 'x') AS o6, array_join(split(s, ''), '-') AS o7, get(split(s, ''), 1) AS o8, "
    "array_position(split(s, ''), 'b') AS o9, get(w, 0) AS o10, get(w, -1) AS o11, get(w, 9) AS o12, get(w, NULL) AS o13, get(w, k) AS o14, "
    "size(w) AS o15, cardinality(w) AS o16, array_size(w) AS o17, array_contains(w, 'a') AS o18, array_contains(w, t) AS o19, "
    "array_position(w, 'a') AS o20, array_position(w, t) AS o21, array_join(w, '-') AS o22, array_join(w, '-', '?') AS o23, array_join(w, t) AS o24, "
    "array_join(w, '-', t) AS o25, try_element_at(w, 1) AS o26, try_element_at(w, -2) AS o27, try_element_at(w, 9) AS o28, try_element_at(w, -9) AS o29, "
    "size(split(s, ',')) > 1 AS o30, upper(split(s, ',')[0]) AS o31, concat_ws('-', w) AS o32, concat_ws('-', s, w, t, v) AS o33, concat_ws(t, w) AS o34, "
    "CASE WHEN k > 0 THEN w ELSE split(s, ',') END AS o35, w IS NULL AS o36, typeof(w) AS o37, if(k > 1, w, v) AS o38, "
    "split(s, ',')[0] || '!' AS o39, reverse(w) AS o40, size(reverse(split(s, ''))) AS o41, isnotnull(w) AS o42, "
    "CASE WHEN k > 0 THEN w END AS o43, coalesce(w, v) AS o44, nvl(w, split(s, ',')) AS o45, ifnull(NULL, w) AS o46",
    "list_makers": "array_distinct(w) AS o1, array_remove(w, 'a') AS o2, array_remove(w, t) AS o3, array_max(w) AS o4, array_min(w) AS o5, slice(w, 1, 2) AS o6, "
    "slice(w, -2, 1) AS o7, slice(w, 2, k * k) AS o8, slice(w, 9, 1) AS o9, slice(w, -9, 3) AS o10, array(s, t) AS o11, array('a') AS o12, array(s, NULL, 'x') AS o13, "
    "sort_array(w) AS o14, sort_array(w, false) AS o15, sort_array(w, true) AS o16, array_sort(w) AS o17, array_compact(w) AS o18, array_append(w, 'z') AS o19, "
    "array_append(w, t) AS o20, array_prepend(w, 'z') AS o21, array_repeat(s, 2) AS o22, array_repeat(s, k) AS o23, array_repeat('x', NULL) AS o24, "
    "arrays_overlap(w, v) AS o25, array_union(w, v) AS o26, array_intersect(w, v) AS o27, array_except(w, v) AS o28, concat(w, v) AS o29, concat(w, v, w) AS o30, "
    "array_contains(array('a', 'b'), s) AS o31, array_distinct(split(s, '')) AS o32, size(array(s, t, s)) AS o33, array_join(sort_array(split(s, '')), '') AS o34, "
    "concat(w) AS o35, arrays_overlap(w, array('a')) AS o36, array_remove(w, NULL || s) AS o37",
    "extract_all": "regexp_extract_all(s, '([a-c])', 1) AS o1, regexp_extract_all(s, '([a-c])') AS o2, regexp_extract_all(s, '[a-z]', 0) AS o3, "
    "regexp_extract_all(s, '(x)?(b)', 1) AS o4, regexp_extract_all(s, '([a-z])([a-z])', 2) AS o5, regexp_extract_all(replace(s, '😀', ''), 'b*', 0) AS o6, "
    "size(regexp_extract_all(s, '.', 0)) AS o7, regexp_extract_all(replace(s, '😀', ''), '', 0) AS o8, regexp_extract_all(s, '(\\\\d+)', 1) AS o9, regexp_extract_all(s, '日(本)', 1) AS o10",
    "luhn": "luhn_check(s) AS o1, luhn_check('79927398713') AS o2, luhn_check('79927398714') AS o3, luhn_check('') AS o4, luhn_check(NULL) AS o5, "
    "luhn_check(' 0') AS o6, luhn_check('0') AS o7, luhn_check('４１１１１１１１１１１１１１１１') AS o8, luhn_check('٤١١١١١١١١١١١١١١١') AS o9, "
    "luhn_check('𝟎') AS o10, luhn_check(concat('799273987', k)) AS o11, luhn_check(i) AS o12, luhn_check('४१११११११११११११११') AS o13, luhn_check('-18') AS o14, "
    "luhn_check('Ⅷ') AS o15, luhn_check('²') AS o16",
    "printf_texts": "format_string('%s|%10s|%-10s|%.2s|%10.1s|%S', s, s, s, s, s, s) AS o1, format_string('%2$s %1$s %s %<s', s, t) AS o2, "
    "format_string('%%|%n|') AS o3, printf('%s', s) AS o4, format_string('%b %B %5b %-6b| %.1b', b, b, s, i, d) AS o5, "
    "format_string('%c%C%5c|%-3c|', CAST(65 AS int), 98, k * k, CAST(k * k AS smallint)) AS o6, format_string('%h %H %9h', s, i, l) AS o7, "
    "format_string('%h %h %h', b, d, f) AS o8, format_string('%s %s %s %s', d, f, i, b) AS o9, format_string('%s %s', i * 1.5, l * 0.0000001) AS o10, "
    "format_string('%s %s %d', DATE '2020-01-02', TIMESTAMP '2020-01-02 03:04:05.678', DATE '2020-01-02') AS o11, format_string('plain', s) AS o12, "
    "format_string('%c%c', 55357, 56832) AS o13, format_string('%c%s', 55357, s) AS o14, format_string('%s%n%s', s, t) AS o15, format_string('', s) AS o16, "
    "format_string('%.3s|', '日本😀😀') AS o17, format_string('%6s|%-6S|', '😀', 'straße') AS o18, format_string('%d', NULL) AS o19, "
    "format_string('%s %x %e %c %b %h', NULL, NULL, NULL, NULL, NULL, NULL) AS o20, format_string('%8d|%-8x|%08d', k, k, k) AS o21, "
    "format_string('%s %s', CAST(k AS tinyint), l) AS o22, format_string('%.0s|%3.0s|', s, s) AS o23, format_string('%-5%|%5%|') AS o24",
    "printf_whole": "format_string('%d %5d %-5d| %05d %+d', i, i, i, i, i) AS o1, format_string('% d %(d %,d %,15d %(,15d', i, i, l, l, l) AS o2, "
    "format_string('%x %X %o %#x %#o %08x %#010x', i, i, i, i, i, i, i) AS o3, format_string('%x %o %X', l, l, l) AS o4, "
    "format_string('%x %o %d', CAST(k AS tinyint), CAST(k AS tinyint), CAST(k AS tinyint)) AS o5, format_string('%x %o %d', CAST(k AS smallint), CAST(k AS smallint), CAST(k AS smallint)) AS o6, "
    "format_string('%+,d|%0,15d|%(08d|%-(8d|', l, l, i, i) AS o7, format_string('%-+8d|% 08d|%+08d', i, i, i) AS o8, format_string('%(+d %+(d', i, i) AS o9, "
    "format_string('%-#8x|%#8o|%#-8X|', i, i, i) AS o10, format_string('%0,(20d', l) AS o11",
    "printf_reals": "format_string('%f %.0f %.1f %.2f %.10f', d, d, d, d, d) AS o1, format_string('%e %.0e %.3e %E', d, d, d, d) AS o2, "
    "format_string('%g %.0g %.3g %G %.10g', d, d, d, d, d) AS o3, format_string('%f %e %g', f, f, f) AS o4, format_string('%15.2f|%-15.2f|%015.2f|%+.2f|% .2f', d, d, d, d, d) AS o5, "
    "format_string('%,.2f|%(.2f|%(,15.1f|%0(15.1f', d, d, d, d) AS o6, format_string('%#.0f %#.0e', d, d) AS o7, format_string('%15e|%-15e|%015e|%(e|%+e', d, d, d, d, d) AS o8, "
    "format_string('%15g|%-15g|%015g|%(g|%,g', d, d, d, d, d) AS o9, format_string('%.1f %.1f %.1f %.2f %.0f %.0f', 0.15D, 0.25D, 0.35D, 1.005D, 0.5D, 1.5D) AS o10, "
    "format_string('%.1e %.1e %.2g %.2g', 1.25D, 9.96D, 1.25D, 0.000099996D) AS o11, format_string('%g %g %g %g', 0.0001D, 0.00001D, 999999.5D, 123456.5D) AS o12, "
    "format_string('%f', 1e20D) AS o13, format_string('%.25f', 0.1D) AS o14, format_string('%.3f %.3f', 1e22D, 9.9995D) AS o15, format_string('%,f', 123456789.125D) AS o16, "
    "format_string('%.2f', k / 3D) AS o17, format_string('%.0f %.0f', 0.4D, 0D) AS o18, format_string('%g %.0g %e', 0D, 0D, -0.0D) AS o19",
    "to_numbers": "try_to_number(s, '999') AS o1, try_to_number(s, '999.99') AS o2, try_to_number(s, 'S999.9') AS o3, try_to_number(s, '9,999') AS o4, "
    "try_to_number(s, '$99') AS o5, try_to_number(s, '99PR') AS o6, try_to_number(s, '999MI') AS o7, try_to_number(s, '000') AS o8, try_to_number(s, '0999.00') AS o9, "
    "try_to_number(s, '99,999.9s') AS o10, try_to_number(s, 'mi$9,999d99') AS o11, try_to_number(if(s LIKE '%.%', s, NULL), '.99') AS o12, try_to_number(s, '9G999G999') AS o13, "
    "try_to_number(s, '99999999999999999999.99') AS o14, try_to_number(s, '$999.99PR') AS o15, try_to_number(s, '0,000') AS o16, try_to_number(s, '9.') AS o17, "
    "try_to_number(s, '90,09.90') AS o18, try_to_number(s, '99S') AS o19, to_number('12,454.8-', '99,999.9S') AS o20, to_number('454', '999') AS o21, "
    "to_number('$78.12', '$99.99') AS o22, try_to_number(NULL, '9') AS o23, to_number('<7>', '9PR') + 1 AS o24, to_number(' 7', '99') AS o25",
    "to_chars": "to_char(i, '999') AS o1, to_char(CAST(n AS decimal(12, 5)), '999.99') AS o2, to_char(CAST(n AS decimal(12, 5)), 'S9,999.99') AS o3, to_char(CAST(n AS decimal(12, 5)), '$000.0') AS o4, to_char(CAST(n AS decimal(12, 5)), '9,999.999MI') AS o5, "
    "to_char(CAST(n AS decimal(12, 5)), '00000.000PR') AS o6, to_char(CAST(n AS decimal(12, 5)), '.999') AS o7, to_char(l, '9,999,999,999,999,999,999S') AS o8, to_char(CAST(n AS decimal(12, 5)), 'MI$999') AS o9, to_varchar(CAST(n AS decimal(12, 5)), '99.') AS o10, "
    "to_char(k, 'S00') AS o11, to_char(k, '99PR') AS o12, to_char(CAST(n AS decimal(12, 5)), '9S') AS o13, to_char(CAST(n AS decimal(12, 5)), '0D0s') AS o14, to_char(0, '999') AS o15, to_char(CAST(n AS decimal(12, 5)), '9G999D99') AS o16, to_char(CAST(n AS decimal(12, 5)), '$999,999.9999PR') AS o17, to_char(b1, '999.9') AS o18, "
    "to_char(d1, '99999.999') AS o19, to_char(f1, '999.99') AS o20, to_char('12.5', '99.9') AS o21, to_char(CAST(n AS decimal(12, 5)), '00,000') AS o22, to_char(CAST(n AS decimal(12, 5)), 'S$99.9') AS o23, "
    "to_char(CAST(n AS decimal(12, 5)), '999,999') AS o24, to_char(CAST(n AS decimal(12, 5)), '9,9,9.9mi') AS o25, to_char(CAST(n AS decimal(12, 5)), 'mi999') AS o26",
    "to_char_dates": "to_char(a, 'yyyy-MM-dd') AS o1, to_char(p, 'yyyyMMdd HH:mm:ss') AS o2, to_varchar(a, 'dd/MM/yy') AS o3, to_varchar(p, 'h a') AS o4, to_char(p, \"yyyy'x'\") AS o5",
    "url_parts": "parse_url(s, 'HOST') AS o1, parse_url(s, 'PATH') AS o2, parse_url(s, 'QUERY') AS o3, parse_url(s, 'REF') AS o4, parse_url(s, 'PROTOCOL') AS o5, "
    "parse_url(s, 'FILE') AS o6, parse_url(s, 'AUTHORITY') AS o7, parse_url(s, 'USERINFO') AS o8, parse_url(s, 'QUERY', 'k') AS o9, parse_url(s, 'QUERY', 'query') AS o10, "
    "parse_url(s, 'HOST', 'k') AS o11, parse_url(s, 'host') AS o12, parse_url(s, 'X') AS o13, parse_url(s, t) AS o14, parse_url(NULL, 'HOST') AS o15, "
    "parse_url(s, 'QUERY', '') AS o16, parse_url(s, NULL) AS o17, parse_url(s, t, 'k') AS o18",
    "urls_tried": "try_parse_url(s, 'HOST') AS o1, try_parse_url(s, 'QUERY', 'k') AS o2, try_parse_url(s, 'PATH') AS o3, try_parse_url(s, 'AUTHORITY') AS o4",
    "urls_decoded": "try_url_decode(s) AS o1, try_url_decode('%C3%A9+a') AS o2",
    "tried_times": "try_to_timestamp(s) AS o1, try_to_timestamp(p) AS o2, try_to_timestamp(a) AS o3, to_timestamp_ltz(p) AS o4, "
    "make_timestamp_ltz(2020, 2, 29, 1, 2, 3.5) AS o5, to_timestamp_ltz(a) AS o6, try_to_timestamp(NULL) AS o7",
    "tried_format": "try_to_timestamp(if(length(w) = 10, w, NULL), 'yyyy/MM/dd') AS o1, try_to_timestamp(a, 'yyyy') AS o2, "
    "to_timestamp_ltz('2020/01/02', 'yyyy/MM/dd') AS o4",
    "tried_dates": "try_to_date(s) AS o1, try_to_date(w, 'yyyy/MM/dd') AS o2, try_to_date(a) AS o3, try_to_date(p) AS o4, try_to_date(s, 'yyyy-MM-dd') AS o5, "
    "try_make_timestamp(2020, k, 3, 4, 5, 6.7) AS o6, try_make_timestamp_ltz(2020, 2, k, 4, 5, 6.7) AS o7, try_to_timestamp(s, 'yyyy-MM-dd HH:mm:ss') AS o8",
    "units_added": "dateadd(year, k, p) AS o0, timestampadd(QUARTER, k, p) AS o1, date_add(month, k, p) AS o2, dateadd(WEEK, k, p) AS o3, timestampadd(day, k, p) AS o4, date_add(DAYOFYEAR, k, p) AS o5, dateadd(hour, k, p) AS o6, timestampadd(MINUTE, k, p) AS o7, date_add(second, k, p) AS o8, dateadd(MILLISECOND, k, p) AS o9, timestampadd(microsecond, k, p) AS o10, dateadd(MONTH, k, a) AS x1, dateadd(DAY, -1, '2020-03-01') AS x2, dateadd(HOUR, NULL, p) AS x3, timestampadd(YEAR, k, DATE '2020-02-29') AS x4, dateadd(MONTH, 1, DATE '2020-01-31') AS x5, dateadd(MONTH, CAST(k AS smallint), p) AS x6",
    "units_between": "datediff(YEAR, p, TIMESTAMP '2020-02-29 12:34:56.789') AS d0, timestampdiff(QUARTER, p, TIMESTAMP '2020-02-29 12:34:56.789') AS d1, date_diff(MONTH, p, TIMESTAMP '2020-02-29 12:34:56.789') AS d2, datediff(WEEK, p, TIMESTAMP '2020-02-29 12:34:56.789') AS d3, timestampdiff(DAY, p, TIMESTAMP '2020-02-29 12:34:56.789') AS d4, datediff(HOUR, p, TIMESTAMP '2020-02-29 12:34:56.789') AS d6, timestampdiff(MINUTE, p, TIMESTAMP '2020-02-29 12:34:56.789') AS d7, date_diff(SECOND, p, TIMESTAMP '2020-02-29 12:34:56.789') AS d8, datediff(MILLISECOND, p, TIMESTAMP '2020-02-29 12:34:56.789') AS d9, timestampdiff(MICROSECOND, p, TIMESTAMP '2020-02-29 12:34:56.789') AS d10, timestampdiff(MONTH, p, a) AS x1, timestampdiff(MONTH, a, p) AS x2, datediff(YEAR, a, DATE '2000-02-29') AS x3, datediff(HOUR, '2020-01-01', p) AS x4, timestampdiff(DAY, NULL, p) AS x5, timestampdiff(QUARTER, add_months(a, k), p) AS x6",
    "fine_seconds": "extract(SECOND FROM p) AS o1, date_part('SECONDS', p) AS o2, date_part('secs', a) AS o3, date_part('s', '2020-01-01 00:00:07.5') AS o4, extract(second FROM p) + 1 AS o5",
    "floors": "floor(k / 7D, 2) AS o1, ceil(k / 7D, 2) AS o2, ceil(i * 1.555, 1) AS o3, floor(i, 0) AS o4, ceiling(CAST(k / 7D AS float), 1) AS o5, floor(l, 2) AS o6, floor(i * 1.555, 5) AS o7, ceil('1.25', 1) AS o8, "
    "floor(CAST(k AS tinyint) / 7, 3) AS o9, ceil(k / 3.0, 2) AS o10",
    "near_texts": "levenshtein(s, t, 2) AS o1, levenshtein(s, t, k) AS o2, levenshtein(s, 'abc', 0) AS o3, levenshtein(s, t, NULL) AS o4, levenshtein(s, s, -1) AS o5, levenshtein('kitten', 'sitting', 3) AS o6",
    "bitmaps": "bitmap_bit_position(l) AS o1, bitmap_bucket_number(l) AS o2, bitmap_bit_position(i) AS o3, bitmap_bucket_number(i) AS o4, bitmap_bucket_number(k) AS o5",
    "quoted": "quote(s) AS o1, quote('it\\'s') AS o2, quote('a\\\\b') AS o3, quote(i) AS o4, quote(NULL) AS o5, quote(s || '\'\'') AS o6",
}

# What may fail with ANSI on, or fails in every version.
UNSAFE = {
    "shifts": "i << 3 AS o1, l >> k AS o2, i >>> 2 AS o3, 1 + k << 2 AS o4, i << 2 & 255 AS o5, k << 1 << 2 AS o6, CAST(k AS tinyint) << 4 AS o7, l >>> 60 | 1 AS o8, "
    "i >> 1 > 3 AS o9, -k >> 1 AS o10, i << 33 AS o11, bigint(k) << 3S % 2 AS o12, k * 2 >> 1 + 1 AS o13, ~k << 1 AS o14, k << 1 = 2 AND true AS o15",
    "units_between_day_of_year": "timestampdiff(DAYOFYEAR, p, a) AS o1",
    "units_far": "dateadd(YEAR, 300000, p) AS o1",
    "units_days_far": "timestampadd(DAY, CAST(3000000000 AS bigint), p) AS o1",
    "floor_far": "floor(CAST(d AS float), 2) AS o1, ceil(d, 14) AS o2",
    "list_far": "w[0] AS o1, w[k] AS o2, element_at(w, 2) AS o3, element_at(w, -3) AS o4, w[CAST(k AS bigint)] AS o5, w[NULL] AS o6",
    "list_first": "w[0] AS o1",
    "list_below": "split(s, ',')[-1] AS o1",
    "list_second": "element_at(split(s, 'b'), 2) AS o1",
    "list_zero": "element_at(w, k) AS o1",
    "list_try_zero": "try_element_at(w, 0) AS o1",
    "slice_zero": "slice(w, 0, 1) AS o1",
    "slice_length": "slice(w, 1, -1) AS o1",
    "extract_all_group": "regexp_extract_all(s, '(b)', 2) AS o1",
    "extract_all_no_group": "regexp_extract_all(s, 'b') AS o1",
    "to_number_bad": "to_number(s, '999') AS o1",
    "to_number_empty": "try_to_number(s, '999') AS o1",
    "to_number_far": "try_to_number(s, '.99') AS o1",
    "to_number_format": "try_to_number(s, '9,,9') AS o1",
    "to_char_double": "to_char(d, '999.99') AS o1",
    "to_char_text": "to_char(s, '999.99') AS o1",
    "to_char_real": "to_char(f, '999.99') AS o1",
    "printf_code_point": "format_string('%c', l) AS o1",
    "printf_far_code": "format_string('%c', i) AS o1",
    "printf_decimal": "format_string('%.2f', 1.5) AS o1",
    "printf_text_as_number": "format_string('%d', s) AS o1",
    "printf_missing": "format_string('%s %s', s) AS o1",
    "printf_zero_index": "format_string('%0$s', s) AS o1",
    "tried_patiently": "try_to_timestamp(w, 'yyyy/MM/dd') AS o1",
    "bitmap_long": "bitmap_bit_position(d) AS o1",
    "url_bad_parts": "parse_url(s || ' ', 'HOST') AS o1",
    "try_decode_bad": "try_url_decode('%zz') AS o1, try_url_decode(s || '%') AS o2",
}

PIECES = ["http", "://", "//", "/", "?", "#", ":", "@", "[", "]", "a", "b.c", "1", "256", "255", ".", "-", "%41", "%", "%zz", "é", " ", "&", "k=", "=", "::", "ffff:",
          "1.2.3.4", "\u00a0", "^", "host", ":8080", "~", "_", ";", "+", "$", ",", "x1", "1x", "..", "(", "|", "😀", "\x7f", "\x80", "\\", "1:", "12345", "fe80::1", "%eth0"]
FORMATS = ["S", "MI", "$", "PR", "9", "0", "99", "00", "90", "9,999", "0,000", "9G9", ".", "D", ".9", ".00", "D90", "9.9", "0.0", "999,999.99"]
URLS = [
    "http://spark.apache.org/path?query=1", "https://user:pw@host.com:8080/a/b;c?k=v&query=x%20y#ref", "ftp://[::1]:21/x", None, "", "mailto:a@b.c",
    "http://host?k=1&k=2&kk=3", "http://ho_st/p?x", "//h/p", "/only/path?k=", "http://a.b./?k=%C3%A9#", "http://1.2.3.4/é日?k=é", "HTTP://UPPER.Com/A",
    "http://h:/p", "http://h:99999999999/p", "http://@h/", "http://u@/p", "http://:80/", "file:///etc/passwd", "http://h/?query=a=b&k=", "a:b?c#d", "?q=1&k=2", "#f",
    "http://-h/", "http://h-/", "http://h.9/", "http://1.2.3/", "http://1.2.3.256/", "http://a..b/", "http://h;x/", "http://u:p@h:1/p", "http://a%20b/",
    "http://[fe80::1%25eth0]/", "http://[::ffff:1.2.3.4]/p", "p+q-r.s:x", "http://h/p?k=1#a?b", "http:///p", "http://h?#",
    "urn:isbn:1?k=2", "http://h,h/", "http://$h/", "http://h/%41%zz".replace("%zz", "%4a"), "1a", "a/b:c", "./b:c", "jdbc:mysql://h:3306/db?user=u",
    "http://01.02.03.04/", "http://h.com:80:90/", "http://x.1a/", "http://a.b-c.d/", "http://é.com/p", "http://h/p?k=1&amp;query=2",
]
URLS_BAD = [
    "http://[1::2::3]/", "http://h/a\u00a0b", "http://h/\u3000",    "x:", "http://h/a b", "http://h/%zz", "http://h/%4", ":x", "1a:b", "http://[::1", "http://h/^", "http://h/{a}", "http://h/a|b", "http://h/\\x", "http://h/<x>", "http://h/\"",
    "http://h/#a#b", "x:#", "http:", "http://", "http://?q", "//", "é:x", "http://[zz]/", "a b", " http://h/", "http://h/\n", "http://h/`", "http://[::1]x/", "http://h/\u2028",
    "http://h/\x7f", "http://h/\x80", "-a:b", "a_b:c", "%41:b", "?^", "#^", "x:y^", "http://u^@h/", "http://[1:2:3:4:5:6:7]/", "http://[1:2:3:4:5:6:7:8]/", "http://[::1.2.3]/",
    "http://[12345::]/", "http://[::1%]/", "http://[::1%e-th]/", "http://[v1.a]/", "http://h[1]/", "http://h]/", "?[a]", "#[a]", "/[a]", "x:[a]",
]
NUMERALS = [
    "1", "12", "123", "1234", "-12", "+12", "12-", "12+", "$12", "-$12", "$-12", "<12>", "<12", "12>", "1,234", "12,34", "1,234,567", "12.5", "12.", ".5", ".55", ".555",
    "", " ", " 12", "1 2", "12 ", "0012", "012.34", "1,2345", ",123", "123,", "12..5", "a", "1a", None, "99999999999999999999.99", "-1,234.5", "12,345.6-", "-.5", "٣",
    "<$12.50>", "$1,234.50", "-$1,234.50", "1234567", "0,001", "90,09.5", "\t7", "--1", "1-2", "5", "500", "٣٤٥", "$", "-", ",", ".", "$.5", "1.5 ", "\u00a07", "\u20037",
]
SLASHED = ["2020/02/29", "2021/02/29", None, "", "2020/1/2", "2020/02/29 12:34", "1582/10/15", "a", "9999/12/31 23:59", " 2020/01/01", "2020/13/01", "2020/02/29 24:00",
           "2020/02/30 10:00", "99999/01/01"]
STAMPS = ["2020-02-29", "2020-02-29 12:34:56", "2020-02-30", "x", None, "", "2020", "2020-1-2T3:4:5", "1969-12-31 23:59:59.999", "1582-10-15 00:00:00", " 2021-03-04 ",
          "2021-02-29", "2020-02-29 25:00:00", "1e3"]
NUMBERS = ["0", "1", "-1", "12.34", "-12.34", "123.456", "-0.5", "0.05", "999.99", "1000", "-1234.5", None, "12345.678", "0.001"]


def drawn(rnd, pieces, most):
    """A text of a few pieces."""
    return "".join(rnd.choice(pieces) for _ in range(rnd.randint(1, most)))


def random_url(rnd):
    """Often one with a host."""
    start = rnd.choice(["", "", "http://", "http://", "//", "http://h", "http://[", "a:"])
    return start + drawn(rnd, PIECES, 6)


def random_place(rnd, conversions):
    """One place of a format, with flags, width and precision; it may be one that Java refuses."""
    flags = "".join(rnd.sample("-+ 0,(#", rnd.choice([0, 0, 1, 1, 2])))
    width = rnd.choice(["", "5", "12", "20"])
    letter = rnd.choice(conversions)
    precision = rnd.choice(["", ".0", ".1", ".3", ".12"]) if letter in "eEfgGs" else ""
    return "%" + flags + width + precision + letter


def fits(place):
    """Whether Java takes the place of a format."""
    flags, width, letter = re.match(r"%([-+ 0,(#]*)([1-9]?\d*)(?:\.\d+)?(.)", place).groups()
    refused = {"d": "#", "o": ",(+ ", "x": ",(+ ", "X": ",(+ ", "e": ",", "E": ",", "g": "#", "G": "#"}.get(letter, "")
    pairs = "-" in flags and "0" in flags or "+" in flags and " " in flags
    return not (pairs or any(flag in refused for flag in flags) or not width and ("-" in flags or "0" in flags))


def right(text):
    """Whether Spark takes a format of numbers, and reads every text by it."""
    whole = r"[09]+(?:[,G][09]+)*"
    return re.fullmatch(r"(MI|S)?\$?" + whole + r"(?:[.D][09]*)?(MI|S|PR)?", text) and sum(letter in "09" for letter in text) <= 38


def cases(frames):
    """Every case of this file."""
    keep_dates(frames)
    date = lambda text: text and datetime.date.fromisoformat(text)
    time = lambda text: text and datetime.datetime.fromisoformat(text.ljust(26, "0") if "." in text else text)
    plain = frames.make(
        "d double, i int, l bigint, f float, s string, t string, b boolean, k int",
        list(zip(DOUBLES, INTS, LONGS, FLOATS, TEXTS, TEXTS[1:] + TEXTS[:1], FLAGS, SMALL)),
    )
    lists = frames.make(
        "w array<string>, v array<string>, s string, t string, k int",
        list(zip(WORDS, OTHERS, TEXTS, ["a", "b", "x", "y", "a", "", None, "😀", "b", "b", "a", "c", "9", "B"], SMALL)),
    )
    times = frames.make(
        "a date, p timestamp, s string, w string, k int", [(date(a), time(p), s, w, k) for a, p, s, w, k in zip(DATES, TIMES, STAMPS, SLASHED, SMALL)]
    )
    parts = ["HOST", "QUERY", "PATH", "ref", None, "FILE", "QUERY", "", "AUTHORITY", "QUERY", "REF"]
    urls = frames.make("s string, t string", [(url, parts[at % len(parts)]) for at, url in enumerate(URLS)])
    bad = frames.make("s string, t string", [(url, "PATH") for url in URLS_BAD])
    digits = lambda text: text is None or any(letter.isdigit() for letter in text)
    numerals = frames.one("s", "string", [text for text in NUMERALS if digits(text)])
    empty = frames.one("s", "string", [text for text in NUMERALS if not digits(text)])
    reals = [0.0, -0.0, 1.5, -12.345, 0.0005, None, 99.9995, 1e4, -1e-9, 7.0, 3.0, 0.1, 2.5, -1.0]
    numbers = frames.make(
        "n string, i int, l bigint, k int, b1 tinyint, d1 double, f1 float", list(zip(NUMBERS, INTS, LONGS, SMALL, SMALL, reals, reals[5:] + reals[:5]))
    )
    frame_of = {
        "list": lists, "slice": lists, "to_number_empty": empty, "to_number": numerals, "to_chars": numbers, "to_char_dates": times, "url_parts": urls, "urls_tried": bad, "urls_decoded": urls,
        "tried": times, "units": times, "fine": times, "url_bad": bad, "to_char_": plain, "try_decode": urls,
    }
    for name, selected in list(PARTS.items()) + list(UNSAFE.items()):
        frame = next((frame for start, frame in frame_of.items() if name.startswith(start)), plain)
        yield select(name, selected, frame)
    # All letters with a capital, as Python knows them, but those that Java 17 does not know; words begin with them.
    small = [chr(code) for code in range(0x20000) if chr(code).title() != chr(code) or chr(code).upper() != chr(code)]
    small = [letter for letter in small if letter not in "\u2c5f\ua7c1\ua7d1\ua7d7\ua7d9" and not "\U00010597" <= letter <= "\U000105bc"]
    words = frames.one("s", "string", ["".join(" " + letter + "a" for letter in small[at : at + 60]) for at in range(0, len(small), 60)])
    yield select("capitals", "initcap(s) AS o1", words)
    rnd = random.Random(11)
    some = frames.make("s string, t string", [(random_url(rnd), rnd.choice(parts)) for _ in range(ROWS)])
    names = ["HOST", "PATH", "QUERY", "REF", "PROTOCOL", "FILE", "AUTHORITY", "USERINFO"]
    selected = ", ".join("try_parse_url(s, '{}') AS o{}".format(name, at) for at, name in enumerate(names))
    yield select("random_urls", selected if VERSION >= "4" else selected.replace("try_", ""), some)
    reals = [rnd.choice([-1, 1]) * rnd.random() * 10.0 ** rnd.randint(-8, 12) for _ in range(ROWS)]
    wholes = [rnd.choice([-1, 1]) * int(10 ** rnd.uniform(0, 18)) for _ in range(ROWS)]
    numbers = frames.make("d double, l bigint, i int", [(x, y, y % 2**31) for x, y in zip(reals, wholes)])
    places = []
    while len(places) < 60:
        column = rnd.choice("dli")
        place = random_place(rnd, "eEfgG" if column == "d" else "doxX")
        if fits(place):
            places.append("format_string('{}', {})".format(place, column))
    yield select("random_printf", ", ".join("{} AS o{}".format(place, at) for at, place in enumerate(places)), numbers)
    texts = [drawn(rnd, list("0123456789") * 2 + [",", ".", "-", "+", "$", "<", ">", " ", "1,234", "12"], 7) for _ in range(ROWS)]
    texts = [text for text in texts if any(letter.isdigit() for letter in text)]
    formats = [drawn(rnd, FORMATS, 4) for _ in range(3000)]
    formats = sorted({text for text in formats if right(text)})[:60]
    both = frames.make("s string, d double", [(text, rnd.choice([0.0, 0.5, -0.05, 1.0, -12.0, 123.45, 1234.5, -99999.0, 1e6, 12.345])) for text in texts])
    yield select("random_to_number", ", ".join("try_to_number(s, '{}') AS o{}".format(text, at) for at, text in enumerate(formats)), both)
    yield select("random_to_char", ", ".join("to_char(d, '{}') AS o{}".format(text, at) for at, text in enumerate(formats)), both)
