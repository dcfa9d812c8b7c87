"""Edge cases of the feature stages: nulls, NaN, unseen labels, values out of range, sparse rows."""

import os

from pyspark.ml.feature import (
    HashingTF,
    IDF,
    Bucketizer,
    Imputer,
    IndexToString,
    MinMaxScaler,
    OneHotEncoder,
    QuantileDiscretizer,
    RobustScaler,
    StandardScaler,
    StringIndexer,
    Tokenizer,
    VectorAssembler,
    VectorSizeHint,
)

from edge_case import INF, NAN, case, dense, sparse
from spark_tools import drop_checksums


def cases(frames):
    """Every case of this file."""
    for part in (string_indexer, index_to_string, one_hot, assembler, bucketizer, imputer, scalers, text):
        yield from part(frames)


def string_indexer(f):
    """Labels from strings and from numbers; unseen labels and nulls each way."""
    words = f.one("x", "string", ["b", "a", "b", "c", "a", "d", "", "é", "b", "ZZ"])
    dirty = f.one("x", "string", [None, "zz", "a", "", "é", "A", "b", "d ", "ZZ", None, "c"])
    for way in ("keep", "skip"):
        model = StringIndexer(inputCol="x", outputCol="o", handleInvalid=way).fit(words)
        yield case("StringIndexerModel_%s_strings" % way, "nulls and unseen labels", model, dirty)
    model = StringIndexer(inputCol="x", outputCol="o").fit(words)
    yield case("StringIndexerModel_error_clean", "nothing wrong", model, f.one("x", "string", ["a", "", "é", "b"]))
    yield case("StringIndexerModel_error_unseen", "one unseen label", model, f.one("x", "string", ["a", "zz"]))
    yield case("StringIndexerModel_error_null", "one null", model, f.one("x", "string", ["a", None]))

    numbers = [1.0, 2.5, 1e10, 1e-5, -0.0, 0.0, INF, NAN, 1e8, 9999999.0, 0.1 + 0.2, 1e7, 0.001, 123456.789, 1e-3 / 7]
    dirty = f.one("x", "double", numbers + [None, -INF, 7.0, 0.3, 1.0, -1e300, 1e22, 4.9e-324])
    for way in ("keep", "skip"):
        model = StringIndexer(inputCol="x", outputCol="o", handleInvalid=way, stringOrderType="alphabetAsc").fit(
            f.one("x", "double", numbers)
        )
        yield case("StringIndexerModel_%s_doubles" % way, "labels are Java's text of the doubles", model, dirty)
    for kind, seen, more in (
        ("int", [3, -1, 3, 0], [None, 7]),
        ("long", [1 << 40, -5, 0], [None, 1]),
        ("float", [0.1, 1e10, 3.0, -0.0], [None, 0.2, NAN]),
    ):
        model = StringIndexer(inputCol="x", outputCol="o", handleInvalid="keep").fit(f.one("x", kind, seen))
        yield case("StringIndexerModel_keep_%ss" % kind, "labels are the text of numbers", model, f.one("x", kind, seen + more))

    two = f.make("a string, b double", [("u", 1.0), ("v", 2.0), ("u", 2.0), ("w", 3.5)])
    dirty = f.make("a string, b double", [("u", 1.0), (None, 2.0), ("zz", 2.0), ("w", None), ("v", 9.0), ("w", 3.5), ("q", NAN)])
    for way in ("keep", "skip"):
        model = StringIndexer(
            inputCols=["a", "b"], outputCols=["ai", "bi"], handleInvalid=way, stringOrderType="frequencyAsc"
        ).fit(two)
        yield case("StringIndexerModel_%s_two" % way, "a string and a double column at once", model, dirty)
    yield case("StringIndexerModel_skip_absent", "skip: a column that is not there is an error", model, f.one("a", "string", ["u", "zz", "w"]))
    kept = model.copy({model.handleInvalid: "keep"})
    yield case("StringIndexerModel_keep_absent", "keep: a column that is not there is passed over in silence", kept, f.one("a", "string", ["u", "zz", "w"]))

    def gzip_legacy(folder):
        spark = f.spark
        spark.conf.set("spark.sql.parquet.writeLegacyFormat", "true")
        rewrite(spark, os.path.join(folder, "data"), "gzip", 1)
        spark.conf.set("spark.sql.parquet.writeLegacyFormat", "false")

    yield case(
        "StringIndexerModel_gzip_legacy",
        "data file with gzip and the old list layout (spark.sql.parquet.writeLegacyFormat)",
        model,
        dirty,
        gzip_legacy,
    )


def rewrite(spark, folder, codec, files):
    """Lets Spark write a data folder of a save again, by another codec or over several files."""
    copy = folder + ".copy"
    spark.read.parquet(folder).repartition(files).write.option("compression", codec).parquet(copy)
    spark.read.parquet(copy).repartition(files).write.mode("overwrite").option("compression", codec).parquet(folder)
    for root, _, names in os.walk(copy, topdown=False):
        for name in names:
            os.remove(os.path.join(root, name))
        os.rmdir(root)
    drop_checksums(folder)


def index_to_string(f):
    """Fractions are cut; NaN and null were answers up to 4.0 and are errors since 4.1."""
    stage = IndexToString(inputCol="x", outputCol="o", labels=["a", "b", "ü"])
    yield case("IndexToString_fractions", "fractions are cut to whole numbers", stage, f.one("x", "double", [0.0, 0.9, 1.99, -0.5, 2.0, -0.0]))
    yield case("IndexToString_ints", "an int column", stage, f.one("x", "int", [2, 0, 1]))
    for name, value in (("nan", NAN), ("null", None), ("range", 3.0), ("negative", -1.0)):
        yield case("IndexToString_%s" % name, "one such value", stage, f.one("x", "double", [0.0, value]))


def one_hot(f):
    """Categories that are kept, dropped, broken or null."""
    seen = f.one("x", "double", [0.0, 1.0, 2.0, 3.0])
    for last in (True, False):
        drop = "dropLast" if last else "all"
        keep = OneHotEncoder(inputCol="x", outputCol="o", handleInvalid="keep", dropLast=last).fit(seen)
        dirty = f.one("x", "double", [0.0, 1.0, 2.0, 3.0, 4.0, -1.0, 1.5, NAN, None, INF, -0.0])
        yield case("OneHotEncoderModel_keep_%s" % drop, "invalid categories and null", keep, dirty)
        error = OneHotEncoder(inputCol="x", outputCol="o", dropLast=last).fit(seen)
        yield case("OneHotEncoderModel_error_%s" % drop, "null and fractions", error, f.one("x", "double", [0.0, 2.9, 3.0, None, 1.0, -0.0]))
    for name, value in (("unseen", 4.0), ("negative", -1.0), ("nan", NAN)):
        yield case("OneHotEncoderModel_error_%s" % name, "one such value", error, f.one("x", "double", [0.0, value]))
    ints = f.make("x int, y long", [(0, 0), (1, 0), (2, 0)])
    pair = OneHotEncoder(inputCols=["x", "y"], outputCols=["ox", "oy"], handleInvalid="keep").fit(ints)
    yield case("OneHotEncoderModel_ints", "whole-number columns, one of them with one category", pair, f.make("x int, y long", [(0, 0), (2, 1), (5, None), (None, 0)]))


MIXED = "i int, l long, s short, b boolean, g float, d double, v vector, w vector"


def mixed_rows(bad):
    """Rows of every kind that VectorAssembler takes; `bad` adds nulls and NaN."""
    rows = [
        (1, 1 << 54, 3, True, 0.1, 0.1, dense(1, 0, 2), sparse(4, {1: 5})),
        (0, 0, 0, False, 0.0, 0.0, dense(0, 0, 0), sparse(4, {})),
        (-7, 5, -2, True, 1e-30, -0.0, sparse(3, {0: 0.0, 2: 4}), dense(0, 0, 0, 1)),
        (0, 0, 0, False, 0.0, 2.5, dense(NAN, INF, 0), sparse(4, {0: -INF})),
        (2, -1, 0, False, 3.5, 0.0, sparse(3, {1: 1}), sparse(4, {3: 2, 0: 1})),
    ]
    if bad:
        rows += [
            (None, 1, 1, True, 1.0, 1.0, dense(1, 2, 3), dense(1, 2, 3, 4)),
            (1, 1, 1, None, 1.0, 1.0, dense(1, 2, 3), dense(1, 2, 3, 4)),
            (1, 1, 1, True, NAN, 1.0, dense(1, 2, 3), dense(1, 2, 3, 4)),
            (1, 1, 1, True, 1.0, NAN, dense(1, 2, 3), sparse(4, {})),
            (1, 1, 1, True, 1.0, None, dense(1, 2, 3), sparse(4, {1: 1})),
            (1, 1, 1, True, 1.0, 1.0, None, dense(1, 2, 3, 4)),
            (0, 0, 0, False, 0.0, 0.0, dense(0, 0, 0), None),
        ]
    return rows


def hinted(frame):
    """The same frame with the sizes of v and w in the columns' metadata."""
    for name, size in (("v", 3), ("w", 4)):
        frame = VectorSizeHint(inputCol=name, size=size, handleInvalid="optimistic").transform(frame)
    return frame


def assembler(f):
    """Scalars of every kind and vectors of both kinds; where a row becomes sparse."""
    names = [c.split()[0] for c in MIXED.split(", ")]

    def stage(way, inputs=None):
        return VectorAssembler(inputCols=inputs or names, outputCol="o", handleInvalid=way)

    yield case("VectorAssembler_mixed", "every input type, both kinds of vectors", stage("error"), f.make(MIXED, mixed_rows(False)))
    for way in ("keep", "skip"):
        frame = hinted(f.make(MIXED, mixed_rows(True)))
        yield case("VectorAssembler_%s_hinted" % way, "nulls and NaN; vector sizes in the metadata of the columns", stage(way), frame)
    yield case("VectorAssembler_skip_unhinted", "nulls and NaN; vector sizes from the first row", stage("skip"), f.make(MIXED, mixed_rows(True)))
    scalars = "x double, y int, z float"
    dirty = [(1.0, 2, 3.0), (NAN, 1, 1.0), (None, 0, 0.0), (0.0, None, NAN), (0.0, 0, 0.0)]
    for way in ("keep", "skip"):
        yield case("VectorAssembler_%s_scalars" % way, "nulls and NaN in scalars", stage(way, ["x", "y", "z"]), f.make(scalars, dirty))
    yield case("VectorAssembler_error_null", "one null", stage("error", ["x", "y"]), f.make(scalars, dirty[::2]))
    yield case("VectorAssembler_error_nan", "one NaN", stage("error", ["x", "y"]), f.make(scalars, dirty[:2]))
    fill = [[1.0] * n + [0.0] * (20 - n) for n in range(21)]
    yield case("VectorAssembler_cutover", "size 20, 0 to 20 non-zeros: sparse up to 12 until 4.0, up to 11 since 4.1", stage("error", ["v"]), f.one("v", "vector", [dense(*row) for row in fill]))
    taken = f.make("x double, o double", [(1.0, 2.0)])
    yield case("VectorAssembler_output_taken", "the output column is there already", stage("error", ["x"]), taken)


def bucketizer(f):
    """The ends, signed zeros, NaN, null and what lies outside."""
    values = [-INF, -1.0, -0.0, 0.0, 0.25, 0.5, 1.0, 5.0, INF]
    splits = [-INF, 0.0, 0.5, 1.0, INF]
    for way in ("error", "keep", "skip"):
        stage = Bucketizer(inputCol="x", outputCol="o", splits=splits, handleInvalid=way)
        dirty = values + ([None] if way == "error" else [None, NAN])
        yield case("Bucketizer_%s_values" % way, "split points, signed zeros, null" + ("" if way == "error" else ", NaN"), stage, f.one("x", "double", dirty))
        closed = Bucketizer(inputCol="x", outputCol="o", splits=[0.0, 1.0, 2.0], handleInvalid=way)
        yield case("Bucketizer_%s_outside" % way, "a value outside the splits: an error, whatever handleInvalid says", closed, f.one("x", "double", [2.0, 1.0, -1.0]))
    yield case("Bucketizer_error_nan", "one NaN", Bucketizer(inputCol="x", outputCol="o", splits=splits), f.one("x", "double", [1.0, NAN]))
    many = Bucketizer(inputCols=["i", "g"], outputCols=["oi", "og"], splitsArray=[[0.0, 2.0, 4.0], [-INF, 0.1, INF]], handleInvalid="keep")
    yield case("Bucketizer_keep_numbers", "int and float columns; 0.1 as float is above 0.1", many, f.make("i int, g float", [(0, 0.1), (4, NAN), (None, 0.0), (2, None)]))
    skip = many.copy({many.handleInvalid: "skip"})
    yield case("Bucketizer_skip_numbers", "rows vanish for either column", skip, f.make("i int, g float", [(0, 0.1), (4, NAN), (None, 0.0), (2, 7.0)]))
    fitted = QuantileDiscretizer(inputCol="x", outputCol="o", numBuckets=3, handleInvalid="keep").fit(f.one("x", "double", [float(i * i) for i in range(20)]))
    yield case("Bucketizer_from_quantiles", "fitted by QuantileDiscretizer", fitted, f.one("x", "double", [-5.0, 0.0, 36.0, 37.0, 1e9, NAN, None]))


def imputer(f):
    """Surrogates go through the type of the column."""
    columns = "i int, l long, g float, d double"
    seen = f.make(columns, [(1, 10, 1.5, 1.0), (2, 20, NAN, NAN), (None, None, None, None), (2, 21, 3.0, 4.1)])
    dirty = f.make(columns, [(None, None, None, None), (5, 6, NAN, NAN), (-1, -1, -1.0, -1.0), (0, 0, -0.0, INF)])
    names, outs = ["i", "l", "g", "d"], ["oi", "ol", "og", "od"]
    for strategy in ("mean", "median", "mode"):
        model = Imputer(inputCols=names, outputCols=outs, strategy=strategy).fit(seen)
        yield case("ImputerModel_%s_numbers" % strategy, "int, long, float and double columns", model, dirty)
    model = Imputer(inputCols=names, outputCols=outs, missingValue=-1.0).fit(f.make(columns, [(1, 2, 0.1, 0.1), (2, 5, 0.2, 0.7), (-1, -1, -1.0, -1.0)]))
    yield case("ImputerModel_missing_value", "missingValue -1: NaN stays, null is replaced", model, dirty)
    spaced = Imputer(inputCols=["credit score", "âge"], outputCols=["credit out", "âge out"]).fit(f.make("credit score double, âge float", [(1.0, 2.0), (NAN, 4.0)]))
    yield case("ImputerModel_odd_names", "column names with a space and an accent", spaced, f.make("credit score double, âge float", [(None, NAN), (7.0, 8.0)]))


def scalers(f):
    """Constant columns, NaN, sparse rows with explicit zeros."""
    seen = f.one("v", "vector", [dense(1, 0, 5, -3), dense(2, 0, 5, 4), dense(4, 0, 5, 0.1), sparse(4, {0: 3, 2: 5})])
    dirty = f.one("v", "vector", [
        dense(NAN, 7, 6, 0), sparse(4, {2: 6}), dense(1, 0, 5, -3), sparse(4, {}), sparse(4, {0: 0.0, 3: 9}),
        dense(0, 0, 0, 0), sparse(4, {1: NAN}), dense(INF, -INF, 1e300, 0.3), sparse(4, {0: 1, 1: 2, 2: 3, 3: 4}),
    ])
    for low, high in ((0.0, 1.0), (-1.0, 2.0), (0.3, 0.7)):
        model = MinMaxScaler(inputCol="v", outputCol="o", min=low, max=high).fit(seen)
        yield case("MinMaxScalerModel_%g_%g" % (low, high), "constant columns, NaN, sparse rows", model, dirty)
    for mean in (False, True):
        for std in (False, True):
            model = StandardScaler(inputCol="v", outputCol="o", withMean=mean, withStd=std).fit(seen)
            name = "StandardScalerModel_%s%s" % ("mean" if mean else "nomean", "_std" if std else "")
            yield case(name, "withMean %s, withStd %s: constant columns, NaN, sparse rows" % (mean, std), model, dirty)
    bad = f.one("v", "vector", [dense(1, 0, 5, -3), None])
    yield case("StandardScalerModel_null", "one null vector", model, bad)
    yield case("MinMaxScalerModel_null", "one null vector", MinMaxScaler(inputCol="v", outputCol="o").fit(seen), bad)


TEXTS = [
    "Hello  World ", " lead", "", " ", "a\tb\nc\x0bd\x0ce\rf", "nbsp\u00a0and\u3000wide", "\u0130X \u03a3\u039f\u03a3 x",
    "STRASSE Straße ẞ", "日本 語", "emoji 😀 X", "Ǆ ǅ", "a\u0301 É", "x" * 70, "one", "The quick brown fox",
    "\x1c sep \x85 nel", "tab\t\tx  ", "ΑΣ. Σ ΑΣΒ Σ'", "K ſ",
]


def text(f):
    """Java's lower case and split, hashes of odd tokens, idf of buckets that few documents have."""
    yield case("Tokenizer_unicode", "Java's toLowerCase and split", Tokenizer(inputCol="x", outputCol="o"), f.one("x", "string", TEXTS))
    yield case("Tokenizer_null", "one null", Tokenizer(inputCol="x", outputCol="o"), f.one("x", "string", ["a", None]))
    tokens = [
        ["", "a", "ab", "abc", "abcd", "abcde", "é", "日本", "😀", "spark"], [], ["a", "a", "b", "a"], ["ß", "\u0130", "é"],
        ["a b", "ab "], [None, "a", None], ["x" * 70], ["\ud7ff", "\ue000", "\U0010ffff"],
    ]
    for size, binary in ((1 << 18, False), (1000, True), (7, False), (1, False)):
        stage = HashingTF(inputCol="x", outputCol="o", numFeatures=size, binary=binary)
        yield case("HashingTF_%d%s" % (size, "_binary" if binary else ""), "odd tokens", stage, f.one("x", "array<string>", tokens))
    for kind, rows in (("int", [[1, 0, -1, None], [2147483647]]), ("long", [[1, 1 << 40, -5]]), ("double", [[1.5, 0.0, -0.0, NAN, 1.0]]), ("boolean", [[True, False, None]])):
        yield case("HashingTF_%ss" % kind, "tokens that are no strings", HashingTF(inputCol="x", outputCol="o", numFeatures=1 << 18), f.one("x", "array<%s>" % kind, rows))
    yield case("HashingTF_null", "a null list", HashingTF(inputCol="x", outputCol="o"), f.one("x", "array<string>", [["a"], None]))
    documents = f.one("v", "vector", [sparse(6, {0: 1, 2: 3}), sparse(6, {0: 2}), dense(1, 0, 0, 4, 0, 0), sparse(6, {5: 1, 0: 1})])
    for least in (0, 2):
        model = IDF(inputCol="v", outputCol="o", minDocFreq=least).fit(documents)
        rows = [sparse(6, {0: 1, 1: 2, 2: 0.0}), dense(1, 2, 3, 4, 5, 6), sparse(6, {}), dense(0, 0, 0, 0, 0, NAN), sparse(6, {4: 7, 5: 0.5}), dense(0, 0, 0, 0, 0, 0)]
        yield case("IDFModel_min%d" % least, "sparse and dense rows, minDocFreq %d" % least, model, f.one("v", "vector", rows))
    empty = f.one("v", "vector", [dense(), sparse(0, {})])
    yield case("IDFModel_empty", "vectors of size 0", IDF(inputCol="v", outputCol="o").fit(empty), empty)
    yield case("RobustScalerModel_empty", "vectors of size 0", RobustScaler(inputCol="v", outputCol="o").fit(empty), empty)
