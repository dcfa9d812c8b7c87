"""Random statements for the live test: `SQLTransformer` with nested expressions over the raw columns.

What ANSI mode makes an error of (Spark 4) is drawn only where a pipeline may raise.
"""

from pyspark.ml.feature import SQLTransformer

from spark_tools import VERSION

ANSI = VERSION >= "4"
DOUBLES = ["d1", "d2", "c1", "CAST(f1 AS double)"]
WHOLE = ["i1", "c2", "u1", "m1"]
TEXTS = ["s1", "s2", "t1", "t2"]
PATTERNS = ["'%a%'", "'_'", "'%'", "'t%'", "'%e_'", "'A'"]
REGEXES = ["'[a-e]+'", "'^t'", "'(o|e)x?'", "'[^a-z]'", "'\\\\\\\\s+'", "'\\\\\\\\d'", "'(?i)A'", "'e$'"]
FORMATS = ["yyyy-MM-dd", "dd/MM/yy", "MMM d, yyyy", "EEEE", "HH:mm:ss.SSS", "h a", "D", "Q", "yyyyMMdd"]
NUMBERS = ["#,##0.00", "0.###", "#%", "$#,##0.0;(#)", "0.00E0", "##0.##E0", "000.0"]
KEY = "'0000111122223333'"
UNITS = ["year", "quarter", "month", "week", "day", "hour", "minute"]


class Statements:
    """Draws the stage; the names that it reads are noted as used."""

    def statement(self):
        """One SQLTransformer that adds a few columns, and perhaps drops rows."""
        self.safe = ANSI and (self.way == "skip" or self.chance(0.8))
        columns = []
        for _ in range(self.rnd.randint(1, 5)):
            kind = self.rnd.choice([self.double, self.double, self.whole, self.string, self.string, self.test, self.date, self.moment, self.listed])
            columns.append("{} AS {}".format(kind(self.rnd.randint(1, 4)), self.name("sql")))
        text = "SELECT *, " + ", ".join(columns) + " FROM __THIS__"
        if self.way == "skip" and self.chance(0.5):
            text += " WHERE " + self.test(2)
        self.add(SQLTransformer(statement=text))

    def raw(self, columns):
        """A raw column, noted as used."""
        column = self.rnd.choice(columns)
        self.use(column[5:7] if column.startswith("CAST") else column)
        return column

    def pick(self, *makers):
        """One of a few texts; each is made only when it is drawn."""
        return self.rnd.choice(makers)()

    def double(self, depth):
        """An expression of doubles."""
        if depth <= 0:
            return self.pick(lambda: self.raw(DOUBLES), lambda: self.raw(DOUBLES), lambda: self.rnd.choice(["0D", "1.5D", "-2.25D", "1e3D"]))
        d, w = (lambda: self.double(depth - 1)), (lambda: self.whole(depth - 1))
        divisor = (lambda: "nullif({}, 0D)".format(d())) if self.safe else d
        return self.pick(
            lambda: "({} {} {})".format(d(), self.rnd.choice("+-*"), d()),
            lambda: "({} / {})".format(d(), divisor()),
            lambda: "({} % {})".format(d(), divisor()),
            lambda: "pmod({}, {})".format(d(), divisor()),
            lambda: "{}({})".format(self.rnd.choice(["abs", "-", "sqrt", "rint", "signum", "radians", "degrees", "+"]), d()),
            lambda: "{}({}, {})".format(self.rnd.choice(["round", "bround"]), d(), self.rnd.randint(-2, 4)),
            lambda: "{}({}, {})".format(self.rnd.choice(["coalesce", "nanvl", "greatest", "least", "nullif", "nvl"]), d(), d()),
            lambda: "CASE WHEN {} THEN {} ELSE {} END".format(self.test(depth - 1), d(), d()),
            lambda: "if({}, {}, {})".format(self.test(depth - 1), d(), w()),
            lambda: "CAST({} AS double)".format(w()),
            lambda: "({} + {})".format(d(), w()),
            lambda: "months_between({}, {})".format(self.date(depth - 1), self.date(depth - 1)),
            lambda: "{}({})".format(self.rnd.choice(["asinh", "acosh"]), d()),
            lambda: "CAST({}({}, {}) AS double)".format(self.rnd.choice(["floor", "ceil"]), w(), self.rnd.randint(-4, 2)),
            lambda: "jaro_winkler_similarity({}, {})".format(self.string(depth - 1), self.string(depth - 1)) if VERSION >= "4.3" else d(),
            lambda: "CAST({} AS double)".format(self.string(depth - 1)) if not self.safe else d(),
        )

    def whole(self, depth):
        """An expression of 32-bit integers; those that may overflow are kept small."""
        if depth <= 0:
            return self.pick(lambda: self.raw(WHOLE), lambda: self.raw(WHOLE), lambda: str(self.rnd.randint(-9, 20)))
        w, t = (lambda: self.whole(depth - 1)), (lambda: self.string(depth - 1))
        return self.pick(
            lambda: "(({0}) % 1000 {2} ({1}) % 1000)".format(w(), w(), self.rnd.choice("+-*")),
            lambda: "({} {} {})".format(w(), self.rnd.choice("&|^"), w()),
            lambda: "CAST({} div {} AS int)".format(w(), self.rnd.choice([3, -7, 10])),
            lambda: "pmod({}, {})".format(w(), self.rnd.choice([3, -5])),
            lambda: "~{}".format(w()) if not self.safe else w(),
            lambda: "{}({}, {})".format(self.rnd.choice(["shiftleft", "shiftright", "shiftrightunsigned"]), w(), self.rnd.randint(0, 9)),
            lambda: "{}({})".format(self.rnd.choice(["length", "ascii", "octet_length", "bit_length"]), t()),
            lambda: "{}({}, {})".format(self.rnd.choice(["instr", "locate", "levenshtein", "find_in_set"]), t(), t()),
            lambda: "{}({})".format(self.rnd.choice(["year", "month", "day", "dayofweek", "weekofyear", "dayofyear", "quarter", "weekday"]), self.date(depth - 1)),
            lambda: "{}({})".format(self.rnd.choice(["hour", "minute", "second"]), self.moment(depth - 1)),
            lambda: "datediff({}, {})".format(self.date(depth - 1), self.date(depth - 1)),
            lambda: "coalesce({}, {})".format(w(), w()),
            lambda: "CAST({} AS int)".format(self.test(depth - 1)),
            lambda: "CAST({} AS int)".format(self.double(depth - 1)) if not self.safe else w(),
            lambda: "CAST({} AS int)".format(t()) if not self.safe else w(),
            lambda: "bit_count({})".format(w()),
            lambda: "regexp_count({}, '[a-e]')".format(t()),
            lambda: "CAST(timestampdiff({}, {}, {}) % 1000 AS int)".format(self.rnd.choice(UNITS), self.moment(depth - 1), self.moment(depth - 1)),
            lambda: "levenshtein({}, {}, {})".format(t(), t(), self.rnd.randint(0, 5)),
            lambda: "size({})".format(self.listed(depth - 1)),
            lambda: "CAST(extract(DAY FROM {} - {}) AS int)".format(self.date(depth - 1), self.date(depth - 1)),
            lambda: "CAST(extract(MONTH FROM make_interval(0, {} % 99)) AS int)".format(w()),
            lambda: "CAST(array_position({}, {}) AS int)".format(self.listed(depth - 1), t()),
            lambda: "CAST(try_to_number({}, '{}') AS int)".format(t(), self.rnd.choice(["99", "S9,999.9", "0PR"])) if ANSI else w(),
        )

    def string(self, depth):
        """An expression of texts."""
        if depth <= 0:
            return self.pick(lambda: self.raw(TEXTS), lambda: self.raw(TEXTS), lambda: self.rnd.choice(["'a'", "''", "'x-é'", "' b '", "'12'"]))
        t, w = (lambda: self.string(depth - 1)), (lambda: self.whole(depth - 1))
        small = lambda: "pmod({}, 9) - 3".format(w())
        return self.pick(
            lambda: "{}({})".format(self.rnd.choice(["upper", "lower", "trim", "ltrim", "rtrim", "reverse", "initcap", "btrim"]), t()),
            lambda: "concat({}, {})".format(t(), self.pick(t, w, lambda: self.double(depth - 1), lambda: self.test(depth - 1), lambda: self.date(depth - 1))),
            lambda: "concat_ws('-', {}, {}, {})".format(t(), t(), w()),
            lambda: "substring({}, {}, {})".format(t(), small(), small()),
            lambda: "{}({}, {})".format(self.rnd.choice(["left", "right", "repeat"]), t(), small()),
            lambda: "{}({}, {}, {})".format(self.rnd.choice(["lpad", "rpad"]), t(), small(), t()),
            lambda: "{}({}, {}, {})".format(self.rnd.choice(["replace", "translate"]), t(), t(), t()),
            lambda: "substring_index({}, {}, {})".format(t(), self.rnd.choice(["' '", "'e'"]), small()),
            lambda: "overlay({}, {}, {})".format(t(), t(), small()),
            lambda: "regexp_replace({}, {}, '<$0>')".format(t(), self.rnd.choice(REGEXES[:-1])),
            lambda: "regexp_extract({}, '([a-z]+)([^a-z]*)', {})".format(t(), self.rnd.randint(0, 2)),
            lambda: "split_part({}, ' ', {})".format(t(), self.rnd.choice([1, 2, -1])),
            lambda: "CAST({} AS string)".format(self.pick(w, lambda: self.double(depth - 1), lambda: self.moment(depth - 1))),
            lambda: "CASE {} WHEN 1 THEN {} WHEN 2 THEN {} END".format(w(), t(), t()),
            lambda: "nvl2({}, {}, {})".format(t(), t(), t()),
            lambda: "date_format({}, '{}')".format(self.moment(depth - 1), self.rnd.choice(FORMATS)),
            lambda: "hex({})".format(self.pick(t, w)),
            lambda: "format_string('{}|%s', {}, {})".format(self.rnd.choice(["%5s", "%-8s", "%.2s", "%S", "%h", "%b"]), t(), t()),
            lambda: "format_string('{}|%<x', {})".format(self.rnd.choice(["%d", "%,d", "%06d", "%+d", "%(d", "%-7d"]), w()),
            lambda: "format_string('{}|%<e|%<g', {})".format(self.rnd.choice(["%f", "%.1f", "%,.2f", "%(012.3f", "%+.0f"]), self.double(depth - 1)),
            lambda: "{}({}, {})".format(self.rnd.choice(["get", "try_element_at"]), self.listed(depth - 1), "pmod({}, 3) + 1".format(w())),
            lambda: "split({}, {})[0]".format(t(), self.rnd.choice(["' '", "'e'", "'[a-e]'"])),
            lambda: "array_join({}, {})".format(self.listed(depth - 1), t()),
            lambda: "concat_ws({}, {}, {})".format(t(), self.listed(depth - 1), t()),
            lambda: "array_max({})".format(self.listed(depth - 1)),
            lambda: "format_number({}, '{}')".format(self.pick(w, lambda: self.double(depth - 1)), self.rnd.choice(NUMBERS)),
            lambda: "get_json_object(concat('{{\"a\": [', {}, ', \"', {}, '\"]}}'), '{}')".format(w(), t(), self.rnd.choice(["$.a", "$.a[0]", "$.a[1]", "$.a[*]", "$"])),
            lambda: "CAST({} - {} AS string)".format(self.date(depth - 1), self.date(depth - 1)),
            lambda: "CAST(make_interval(0, {0}, 0, {0}, 1) * 2 AS string)".format("{} % 50".format(w())),
            lambda: "CAST(CAST({} AS timestamp_ntz) AS string)".format(self.moment(depth - 1)),
            lambda: "hex(aes_encrypt({}, {}, 'ECB'))".format(t(), KEY),
            lambda: "CAST(aes_decrypt(aes_encrypt({0}, {1}, 'ECB'), {1}, 'ECB') AS string)".format(t(), KEY),
            lambda: "hex(hmac('key', {}))".format(t()) if VERSION >= "4.3" else t(),
            lambda: "to_base32({})".format(t()) if VERSION >= "4.3" else t(),
            lambda: "to_char({}, '{}')".format(w(), self.rnd.choice(["999", "S9,990", "0000MI", "$99PR", "9.9"])),
        )

    def test(self, depth):
        """An expression of booleans."""
        if depth <= 0:
            return self.pick(lambda: self.raw(["b1"]), lambda: "{} > 0".format(self.raw(WHOLE)), lambda: "{} IS NULL".format(self.raw(DOUBLES)))
        d, t, w = (lambda: self.double(depth - 1)), (lambda: self.string(depth - 1)), (lambda: self.whole(depth - 1))
        return self.pick(
            lambda: "({} {} {})".format(d(), self.rnd.choice(["=", "<", ">=", "<=>", "!="]), d()),
            lambda: "({} {} {})".format(t(), self.rnd.choice(["=", "<", ">=", "<=>", "!="]), t()),
            lambda: "({} {} {})".format(self.test(depth - 1), self.rnd.choice(["AND", "OR"]), self.test(depth - 1)),
            lambda: "(NOT {})".format(self.test(depth - 1)),
            lambda: "({} {}IN (1, 2, {}))".format(w(), self.rnd.choice(["", "NOT "]), w()),
            lambda: "({} BETWEEN {} AND {})".format(d(), d(), d()),
            lambda: "({} IS {}NULL)".format(self.pick(d, t, w), self.rnd.choice(["", "NOT "])),
            lambda: "isnan({})".format(d()),
            lambda: "({} {}LIKE {})".format(t(), self.rnd.choice(["", "NOT ", "I"]).replace("I", " I"), self.rnd.choice(PATTERNS)).replace(" ILIKE", "ILIKE"),
            lambda: "({} RLIKE {})".format(t(), self.rnd.choice(REGEXES)),
            lambda: "{}({}, {})".format(self.rnd.choice(["startswith", "endswith", "contains"]), t(), t()),
            lambda: "({} < {})".format(self.date(depth - 1), self.date(depth - 1)),
            lambda: "array_contains({}, {})".format(self.listed(depth - 1), t()),
            lambda: "arrays_overlap({}, {})".format(self.listed(depth - 1), self.listed(depth - 1)),
            lambda: "luhn_check({})".format(self.pick(t, w)),
            lambda: "between({}, {}, {})".format(d(), d(), d()) if ANSI else "({} - {} > INTERVAL 9 DAYS)".format(self.date(depth - 1), self.date(depth - 1)),
            lambda: "like({}, {}, '!')".format(t(), self.rnd.choice(PATTERNS)) if ANSI else "({} LIKE {} ESCAPE '!')".format(t(), self.rnd.choice(PATTERNS)),
        )

    def listed(self, depth):
        """An expression of lists of texts."""
        t, l = (lambda: self.string(depth - 1)), (lambda: self.listed(depth - 1))
        if depth <= 0:
            return self.pick(lambda: "split({}, ' ')".format(t()), lambda: "array({}, {})".format(t(), t()))
        return self.pick(
            lambda: "split({}, {})".format(t(), self.rnd.choice(["' '", "'e'", "'[a-e]'"])),
            lambda: "regexp_extract_all({}, '([a-z])([^a-z]*)', {})".format(t(), self.rnd.randint(0, 2)),
            lambda: "array({}, {}, {})".format(t(), t(), t()),
            lambda: "{}({})".format(self.rnd.choice(["array_distinct", "sort_array", "array_sort", "array_compact", "reverse"]), l()),
            lambda: "{}({}, {})".format(self.rnd.choice(["array_union", "array_except", "array_intersect", "concat"]), l(), l()),
            lambda: "{}({}, {})".format(self.rnd.choice(["array_remove", "array_append", "array_prepend"]), l(), t()),
            lambda: "slice({}, pmod({}, 3) + 1, 2)".format(l(), self.whole(depth - 1)),
            lambda: "json_object_keys(concat('{{\"', {}, '\": 1, \"b\": 2}}'))".format(t()),
            lambda: "if({}, {}, {})".format(self.test(depth - 1), l(), l()),
        )

    def date(self, depth):
        """An expression of dates."""
        if depth <= 0:
            return "date_add(DATE '2020-02-27', {})".format(self.raw(WHOLE))
        a, small = (lambda: self.date(depth - 1)), (lambda: "({}) % 500".format(self.whole(depth - 1)))
        return self.pick(
            lambda: "{}({}, {})".format(self.rnd.choice(["date_add", "date_sub", "add_months"]), a(), small()),
            lambda: "last_day({})".format(a()),
            lambda: "trunc({}, '{}')".format(a(), self.rnd.choice(UNITS[:4])),
            lambda: "next_day({}, '{}')".format(a(), self.rnd.choice(["Mon", "FR", "sunday"])),
            lambda: "({} + {})".format(a(), small()),
            lambda: "CAST({} {} INTERVAL {} {} AS date)".format(a(), self.rnd.choice("+-"), self.rnd.randint(-40, 40), self.rnd.choice(UNITS)),
            lambda: "CAST({} AS date)".format(self.moment(depth - 1)),
            lambda: "if({}, {}, {})".format(self.test(depth - 1), a(), a()),
            lambda: "to_date(date_format({}, 'yyyy/MM/dd'), 'yyyy/MM/dd')".format(a()),
        )

    def moment(self, depth):
        """An expression of timestamps."""
        seconds = "timestamp_seconds(({}) % 100000 * 8191)".format(self.whole(depth - 1))
        if depth <= 0:
            return seconds
        return self.pick(
            lambda: seconds,
            lambda: "date_trunc('{}', {})".format(self.rnd.choice(UNITS), self.moment(depth - 1)),
            lambda: "CAST({} AS timestamp)".format(self.date(depth - 1)),
            lambda: "coalesce({}, {})".format(self.moment(depth - 1), self.date(depth - 1)),
            lambda: "timestamp_millis({})".format(self.whole(depth - 1)),
            lambda: "({} {} INTERVAL {} {})".format(self.moment(depth - 1), self.rnd.choice("+-"), self.rnd.randint(-40, 40), self.rnd.choice(UNITS)),
            lambda: "({} + make_interval(0, {} % 50, 0, {} % 50))".format(self.moment(depth - 1), self.whole(depth - 1), self.whole(depth - 1)),
            lambda: "CAST(convert_timezone('UTC', 'Europe/Paris', CAST({} AS timestamp_ntz)) AS timestamp)".format(self.moment(depth - 1)),
            lambda: "dateadd({}, ({}) % 500, {})".format(self.rnd.choice(UNITS[2:]), self.whole(depth - 1), self.moment(depth - 1)),
        )
