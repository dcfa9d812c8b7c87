"""Edge cases of SQLTransformer: binary values, which are no columns, and what makes texts of them."""

from edge_sql import select

# Bytes in base 16: texts, halves of letters, surrogates, letters too long, marks of the order of bytes.
BYTES = [
    "", "41", "4142434445", "C3A9", "E697A5", "F09F9880", "00", "00FF7F80", "FF", "EDA080", "EDA041", "EDA0", "EDBFBF41", "EDA0BDEDB880", "E28228", "E2", "E282",
    "F09F98", "F09F9841", "F4908080", "C080", "E08080", "E08041", "F0808080", "F0288C28", "F888808080", "E28228F0908080F8", "EFBBBF41", "0041", "FEFF0041",
    "FFFE4100", "004100", "D83DDE00", "D83D", "D83D0041", "DE00", "DE000041", "FEFF", "FFFE", "FEFFFEFF0041", "D83DD83DDE00", "D83D00", "FFFE3DD8", "00000041",
    "0000FEFF00000041", "FFFE000041000000", "0001F600", "00110000", "0000D83D00000041", "0000D83D0000DE00", "000000", "0000004100", "FFFFFFFF", "0000FFFD",
    "00000041FFFE0000", "3DD800DE", "00DE", "3DD84100", None,
]
TEXTS = [
    "", "abc", "é", "日本😀", " a ", "aéÿ", "AB\u0000", "1F", "F", "123", "zz", "1f", "aB0", " 1F", "é1", "1é", "0x1F", "YWJj", "YW Jj", "YWJj\nYWJj", "YWI=", "YWI",
    "YQ", "YQ==", "!!!!", "YW$Jj", "YW-_", "YW+/", "YR==", "YQ== ", " YQ==", "YQ===", "YQ\t==", "   ", "YWJjYQ", "\u00a0YQ==", "Y\u000bQ", "Y\fQ", "Y\u001cQ", "Y\u2003Q", "Y\u0085Q", "Y\u0001Q", "Y\u3000Q", "Y\u2007Q", None,
]
WRONG = ["YQ=", "Y", "=", "====", "YW==Jj", "YQ==YQ==", "YQ==x", "Y Q = =", "YQ= =", "Y=", "Y==", "YWJj=", "YWJj====", "YWJjY", "YWJj=\n", "YQ=\n=", "Y==="]
NAMES = ["US-ASCII", "ISO-8859-1", "UTF-8", "UTF-16", "UTF-16BE", "UTF-16LE", "UTF-32"]
OLD_NAMES = ["utf8", "latin1", "ISO8859-1", "ascii", "ISO646-US", "646", "UTF16", "utf_16", "l1", "UnicodeBig", "Unicode", "ISO_8859-1", "UTF_32", "UTF-32BE", "UTF-32LE"]

# None of them fails with ANSI on. `h` is the bytes in base 16, `s` a text, `k` a small number.
PARTS = {
    "binary_measured": "hex(unhex(h)) AS o1, length(unhex(h)) AS o2, octet_length(unhex(h)) AS o3, bit_length(unhex(h)) AS o4, char_length(unhex(h)) AS o5, "
    "base64(unhex(h)) AS o6, md5(unhex(h)) AS o7, sha(unhex(h)) AS o8, sha1(unhex(h)) AS o9, sha2(unhex(h), 256) AS o10, sha2(unhex(h), k) AS o11, "
    "crc32(unhex(h)) AS o12, hash(unhex(h)) AS o13, xxhash64(unhex(h)) AS o14, hash(k, unhex(h), s) AS o15, xxhash64(unhex(h), s, unhex(s)) AS o16, "
    "len(unhex(h)) AS o17, character_length(CAST(s AS binary)) AS o18, typeof(unhex(h)) AS o19, unhex(h) IS NULL AS o20, hex(unhex(concat('0', h))) AS o21",
    "binary_texts": "CAST(unhex(h) AS string) AS o1, string(unhex(h)) AS o2, hex(CAST(unhex(h) AS string)) AS o3, if(k > 2, CAST(unhex(h) AS string), s) AS o4, "
    "coalesce(CAST(unhex(h) AS string), s) AS o5, md5(CAST(unhex(h) AS string)) AS o6, octet_length(CAST(unhex(h) AS string)) AS o7, try_cast(unhex(h) AS string) AS o8, "
    "hex(CAST(CAST(unhex(h) AS string) AS binary)) AS o9, hash(CAST(unhex(h) AS string)) AS o10, base64(CAST(unhex(h) AS string)) AS o11, "
    "CAST(unhex(h) AS string) = s AS o12, crc32(CAST(unhex(h) AS string)) AS o13, CASE WHEN k > 3 THEN CAST(unhex(h) AS string) END AS o14",
    "binary_cast": "hex(CAST(s AS binary)) AS o1, hex(binary(s)) AS o2, hex(try_cast(s AS binary)) AS o3, CAST(CAST(s AS binary) AS string) AS o4, upper(binary(s)) AS o5, "
    "binary(s) LIKE 'a%' AS o6, trim(binary(s)) AS o7, concat_ws(',', binary(s), s) AS o8, concat(binary(s), s) AS o9, binary(s) || s AS o10, right(binary(s), 2) AS o11, "
    "instr(binary(s), 'b') AS o12, ascii(binary(s)) AS o13, repeat(binary(s), 2) AS o14, replace(binary(s), 'a', 'b') AS o15, "
    "binary(s) RLIKE 'b' AS o16, hex(binary(NULL)) AS o17, concat(binary(s), NULL) AS o18, hex(unhex(binary(s))) AS o19, substring_index(binary(s), 'b', 1) AS o20",
    "binary_cut": "hex(substring(unhex(h), 2, 2)) AS o1, hex(substring(unhex(h), -2)) AS o2, hex(substring(unhex(h), k - 4, 3)) AS o3, hex(substr(unhex(h), 0, 2)) AS o4, "
    "hex(left(unhex(h), 2)) AS o5, hex(left(unhex(h), k - 3)) AS o6, hex(concat(unhex(h), X'00FF')) AS o7, hex(X'80' || unhex(h) || binary(s)) AS o8, "
    "hex(lpad(unhex(h), 4, X'AABB')) AS o9, hex(rpad(unhex(h), 4, X'AABB')) AS o10, hex(lpad(unhex(h), k)) AS o11, hex(rpad(unhex(h), 3)) AS o12, "
    "hex(rpad(unhex(h), 4, X'')) AS o13, hex(overlay(unhex(h) PLACING X'5555' FROM 2)) AS o14, hex(overlay(unhex(h), X'55', 2, 3)) AS o15, "
    "hex(overlay(unhex(h), X'', k, 1)) AS o16, hex(substring(unhex(h), NULL)) AS o17, hex(concat(unhex(h))) AS o18, hex(lpad(unhex(h), 1, X'00')) AS o19, "
    "startswith(unhex(h), X'41') AS o20, endswith(unhex(h), X'41') AS o21, contains(unhex(h), X'00') AS o22, startswith(binary(s), 'a') AS o23, contains(s, X'62') AS o24, "
    "lpad(binary('a'), 3, 'x') AS o25, contains(unhex(h), unhex(s)) AS o26",
    "binary_compared": "unhex(h) = X'41' AS o1, unhex(h) < X'80' AS o2, unhex(h) >= X'FF' AS o3, unhex(h) <=> NULL AS o4, unhex(h) IN (X'41', X'FF', X'') AS o5, "
    "unhex(h) BETWEEN X'41' AND X'E2' AS o6, binary(s) = s AS o7, s < unhex(h) AS o8, hex(coalesce(unhex(h), X'01')) AS o9, hex(if(k > 2, unhex(h), X'02')) AS o10, "
    "hex(CASE WHEN k > 3 THEN unhex(h) WHEN k > 1 THEN binary(s) END) AS o11, hex(greatest(unhex(h), X'80')) AS o12, hex(least(unhex(h), binary(s), NULL)) AS o13, "
    "hex(nullif(unhex(h), X'41')) AS o14, hex(nvl(unhex(h), binary(s))) AS o15, hex(nvl2(s, unhex(h), X'03')) AS o16, equal_null(unhex(h), X'41') AS o17, "
    "unhex(h) IS DISTINCT FROM X'41' AS o18, CASE unhex(h) WHEN X'41' THEN 'a' ELSE 'b' END AS o19, hex(nullif(unhex(h), 'A')) AS o20, "
    "unhex(h) NOT IN (X'41', NULL) AS o21, hex(ifnull(unhex(s), unhex(h))) AS o22, unhex(h) != binary('é') AS o23",
    "binary_literals": "hex(X'1F') AS o1, hex(x'') AS o2, hex(X'1') AS o3, hex(X'1f0') AS o4, length(X'E697A5') AS o5, CAST(X'E697A5' AS string) AS o6, X'41' = 'A' AS o7, "
    "CAST(X'FF41' AS string) AS o8, typeof(X'') AS o9, hex(X'41' || X'') AS o10, X'41' || 'b' AS o11, base64(X'FF0a') AS o12",
    "binary_unhex": "hex(unhex(s)) AS o1, length(unhex(s)) AS o2, hex(try_to_binary(s)) AS o3, hex(try_to_binary(s, 'hex')) AS o4, hex(try_to_binary(s, 'UTF-8')) AS o5, "
    "hex(to_binary(s, 'utf8')) AS o6, hex(try_to_binary(s, 'nope')) AS o7, hex(to_binary(s, NULL)) AS o8, hex(unhex(k)) AS o9, hex(to_binary(h)) AS o10, "
    "hex(to_binary(h, 'HEX')) AS o11, hex(try_to_binary(s, 'Base64')) AS o13, hex(to_binary(unhex(h), 'utf-8')) AS o14, hex(unhex(unhex(h))) AS o17, hex(to_binary(k, 'utf-8')) AS o18, hex(unbase64(base64(unhex(h)))) AS o19, hex(unhex(hex(s))) AS o20",
    "binary_decode": "decode(k, 1, 'a', 2, 'b', 'c') AS o1, decode(k, 3, 'a') AS o2, decode(s, NULL, 'n', 'abc', 'x', s) AS o3, decode(k, 1, k, 2, 7, 9L) AS o4, "
    "decode(k * 1.5, 1.5, 'a', 3, 'b') AS o5, decode(unhex(h), 'A', 'a', X'FF', 'b', 'c') AS o6, decode(s, 'abc', 1, 2.5) AS o7, "
    "hex(decode(k, 1, unhex(h), 2, binary(s), X'')) AS o8, decode(k, 1, 5) AS o13, decode(k, 1, 2.5D, 3, 1) AS o14, decode(k, 1, NULL, 'x') AS o9, decode(s, 'UTF-8') AS o10, decode(NULL, 'UTF-8') AS o11, decode(binary(s), NULL) AS o12",
    "binary_encode": ", ".join("hex(encode(s, '{0}')) AS o{1}, decode(encode(s, '{0}'), '{0}') AS p{1}".format(name, at) for at, name in enumerate(NAMES[2:]))
    + ", hex(encode(s, NULL)) AS q1, hex(encode(k, 'utf-16be')) AS q2, hex(encode(unhex(h), 'UTF-8')) AS q3, hex(encode(unhex(h), 'UTF-16')) AS q4, "
    "decode(unhex(h), 'iso-8859-1') AS q5, decode(s, 'ISO-8859-1') AS q6",
}

# What may fail with ANSI on.
UNSAFE = {
    "binary_decode_all": ", ".join("decode(unhex(h), '{}') AS o{}".format(name, at) for at, name in enumerate(NAMES)),
    "binary_encode_all": ", ".join("hex(encode(s, '{}')) AS o{}".format(name, at) for at, name in enumerate(NAMES[:2])),
    "binary_old_names": ", ".join("hex(encode(s, '{0}')) AS o{1}, decode(unhex(h), '{0}') AS p{1}".format(name, at) for at, name in enumerate(OLD_NAMES)),
    "binary_of_numbers": "hex(CAST(k AS binary)) AS o1, hex(binary(CAST(k AS bigint) - 5000000000)) AS o2, hex(CAST(CAST(k AS smallint) AS binary)) AS o3, "
    "hex(CAST(CAST(-k AS tinyint) AS binary)) AS o4, hash(CAST(k AS binary)) AS o5",
    "binary_mixed": "X'41' IN ('A', binary(s)) AS o1, hex(coalesce(unhex(h), s)) AS o2, hex(if(k > 2, unhex(h), s)) AS o3, hex(CASE WHEN k > 2 THEN s ELSE unhex(h) END) AS o4, "
    "hex(decode(k, 1, 'x', 2, unhex(h))) AS o5",
    "binary_reversed": "reverse(binary('abc')) = 'cba' AS o1, hex(reverse(X'0142')) AS o2",
    "binary_valid": "is_valid_utf8(unhex(h)) AS o1, make_valid_utf8(unhex(h)) AS o2, try_validate_utf8(unhex(h)) AS o3, is_valid_utf8(s) AS o4, make_valid_utf8(s) AS o5, "
    "validate_utf8(s) AS o6, try_validate_utf8(s) AS o7, is_valid_utf8(CAST(unhex(h) AS string)) AS o8, hex(make_valid_utf8(CAST(unhex(h) AS string))) AS o9, "
    "validate_utf8(k) AS o10, validate_utf8(binary(s)) AS o11, is_valid_utf8(NULL) AS o12, make_valid_utf8(k) AS o13",
    "binary_validate": "validate_utf8(unhex(h)) AS o1",
    "binary_to_hex": "hex(to_binary(s)) AS o1",
    "binary_to_base64": "hex(to_binary(s, 'base64')) AS o1",
}


def cases(frames):
    """Every case of this file."""
    long = max(len(BYTES), len(TEXTS))
    rows = [(BYTES[at % len(BYTES)], TEXTS[at % len(TEXTS)], at % 7 + 1) for at in range(long)]
    frame = frames.make("h string, s string, k int", rows)
    for name, selected in list(PARTS.items()) + list(UNSAFE.items()):
        yield select(name, selected, frame)
    good = frames.one("s", "string", [text for text in TEXTS if text not in ("F", "1é", "é1", "aéÿ", "123", "0x1F", "aB0", " a ")] + ["123=", "aB0", "QUI"])
    yield select("binary_unbase64", "hex(unbase64(s)) AS o1, hex(try_to_binary(s, 'base64')) AS o2, hex(unbase64(binary(s))) AS o3, hex(unbase64(1234)) AS o4", good)
    wrong = frames.one("s", "string", WRONG)
    yield select("binary_wrong_base64", "hex(try_to_binary(s, 'base64')) AS o1", wrong)
    for at, text in enumerate(WRONG):
        yield select("binary_unbase64_{}".format(at), "hex(unbase64(s)) AS o1", frames.one("s", "string", [text]))
    yield select("binary_where", "hex(unhex(s)) AS o1 FROM __THIS__ WHERE try_to_binary(s, 'base64') > X'' OR s = 'YQ' --", frames.one("s", "string", TEXTS))
