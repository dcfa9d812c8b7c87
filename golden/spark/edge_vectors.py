"""Edge cases of the stages that rework vectors: scalers, selectors, expansions, hashes of rows."""

import random

from pyspark.ml import Pipeline
from pyspark.ml.feature import (
    DCT,
    Binarizer,
    BucketedRandomProjectionLSH,
    ChiSqSelector,
    ElementwiseProduct,
    FeatureHasher,
    Interaction,
    MaxAbsScaler,
    MinHashLSH,
    Normalizer,
    OneHotEncoder,
    PCA,
    PolynomialExpansion,
    RobustScaler,
    StringIndexer,
    UnivariateFeatureSelector,
    VarianceThresholdSelector,
    VectorAssembler,
    VectorIndexer,
    VectorSizeHint,
    VectorSlicer,
)
from pyspark.ml.linalg import Vectors

from edge_case import INF, NAN, case, dense, sparse
from spark_tools import VERSION


def cases(frames):
    """Every case of this file."""
    for part in (binarizer, scalers, normalizer, products, size_hint, slicer, selectors, indexer, interaction, expansion, pca, cosine, hasher, targets, hashes):
        yield from part(frames)


def binarizer(f):
    """Doubles, vectors of both kinds, thresholds of either sign."""
    numbers = [None, NAN, -INF, -1.0, -0.0, 0.0, 0.5, 0.6, INF]
    for name, threshold in (("0", 0.0), ("0.5", 0.5), ("-1", -1.0), ("Inf", INF)):
        stage = Binarizer(inputCol="x", outputCol="o", threshold=threshold)
        yield case("Binarizer_numbers_%s" % name, "null, NaN, signed zeros, the threshold itself", stage, f.one("x", "double", numbers))
    rows = [
        dense(NAN, 1, 0, -0.0, 0.5, -0.5, INF, -INF), sparse(8, {1: 3, 2: 0.0, 5: -0.5, 7: NAN}), sparse(8, {}), dense(*[0] * 8),
        dense(*[1] * 8), sparse(8, {i: -2 for i in range(8)}), sparse(3, {1: 1}), dense(), dense(1), dense(0, 0, 0, 0, 1, 1, 1, 1),
    ]
    for name, threshold in (("0", 0.0), ("0.5", 0.5), ("-0.5", -0.5), ("-3", -3.0)):
        stage = Binarizer(inputCol="v", outputCol="o", threshold=threshold)
        yield case("Binarizer_vectors_%s" % name, "dense and sparse, explicit zeros, NaN", stage, f.one("v", "vector", rows))
    yield case("Binarizer_vectors_null", "one null vector", stage, f.one("v", "vector", [dense(1), None]))
    yield case("Binarizer_ints", "a column of ints is an error", Binarizer(inputCol="x", outputCol="o"), f.one("x", "int", [1, 0]))
    both = f.make("x double, v vector", [(0.5, dense(0.5, 2)), (None, sparse(4, {0: 1})), (3.0, dense(-1, 1, 1))])
    stage = Binarizer(inputCols=["x", "v"], outputCols=["ox", "ov"], thresholds=[0.4, -0.5])
    yield case("Binarizer_two", "a column of doubles and one of vectors, each with its threshold", stage, both)
    stage = Binarizer(inputCols=["x", "v"], outputCols=["ox", "ov"], threshold=0.5)
    yield case("Binarizer_two_alike", "two columns with one threshold", stage, both)


ROWS = [
    dense(NAN, 7, 6, 0), sparse(4, {2: 6}), dense(1, 0, 5, -3), sparse(4, {}), sparse(4, {0: 0.0, 3: 9}), dense(0, 0, 0, 0),
    sparse(4, {1: NAN}), dense(INF, -INF, 1e300, 0.3), sparse(4, {0: 1, 1: 2, 2: 3, 3: 4}), dense(-0.0, 0.1, 0.7, 1e-310),
]


def scalers(f):
    """Slots that were 0 or constant in training, NaN, explicit zeros."""
    seen = f.one("v", "vector", [dense(1, 0, 5, -3), dense(2, 0, 5, 4), dense(4, 0, 5, 0.1), sparse(4, {0: 3, 2: 5})])
    dirty = f.one("v", "vector", ROWS)
    largest = MaxAbsScaler(inputCol="v", outputCol="o").fit(seen)
    yield case("MaxAbsScalerModel_values", "a slot of zeros, NaN, sparse rows", largest, dirty)
    robust = None
    for center in (False, True):
        for scale in (False, True):
            robust = RobustScaler(inputCol="v", outputCol="o", withCentering=center, withScaling=scale, lower=0.2, upper=0.9).fit(seen)
            name = "RobustScalerModel_%s%s" % ("center" if center else "stay", "_scale" if scale else "")
            yield case(name, "withCentering %s, withScaling %s: constant slots, NaN, sparse rows" % (center, scale), robust, dirty)
    bad = f.one("v", "vector", [dense(1, 0, 5, -3), None])
    yield case("MaxAbsScalerModel_null", "one null vector", largest, bad)
    yield case("RobustScalerModel_null", "one null vector", robust, bad)


def normalizer(f):
    """Every norm; zeros, NaN, infinite and tiny values."""
    rows = [
        dense(3, -4, 0), sparse(3, {1: -2}), dense(0, 0, 0), sparse(3, {}), sparse(3, {0: 0.0, 2: 5}), dense(NAN, 1, 2), dense(INF, 1, 0),
        dense(1e-200, 2e-200, 0), dense(1e200, -1e200, 3), dense(-0.0, 0.0, 1), dense(), sparse(5, {0: NAN}), dense(0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9),
    ]
    for name, p in (("1", 1.0), ("2", 2.0), ("3", 3.0), ("1.5", 1.5), ("10", 10.0), ("Inf", INF)):
        stage = Normalizer(inputCol="v", outputCol="o", p=p)
        yield case("Normalizer_%s" % name, "norm of 0, NaN, infinite and tiny values", stage, f.one("v", "vector", rows))
    yield case("Normalizer_null", "one null vector", stage, f.one("v", "vector", [dense(1), None]))


def products(f):
    """Scaling vectors of either form; Spark cannot read one that is not finite."""
    for name, vector in (("infinite", dense(1, 2, 3, INF)), ("sparse", Vectors.sparse(4, [1, 3], [3.0, -1e-300])), ("dense", dense(2, 0, -0.5, 1e300))):
        stage = ElementwiseProduct(inputCol="v", outputCol="o", scalingVec=vector)
        yield case("ElementwiseProduct_%s_values" % name, "NaN, infinite values, explicit zeros", stage, f.one("v", "vector", ROWS))
    yield case("ElementwiseProduct_wrong_size", "a vector of another size", stage, f.one("v", "vector", [dense(1, 2, 3, 4), dense(1, 2)]))
    yield case("ElementwiseProduct_null", "one null vector", stage, f.one("v", "vector", [dense(1, 2, 3, 4), None]))


def size_hint(f):
    """Right and wrong sizes each way."""
    rows = [dense(1, 2), sparse(2, {}), dense(1), None, dense(NAN, INF), sparse(3, {0: 1})]
    for way in ("skip", "optimistic"):
        stage = VectorSizeHint(inputCol="v", size=2, handleInvalid=way)
        yield case("VectorSizeHint_%s" % way, "nulls and other sizes", stage, f.one("v", "vector", rows))
    stage = VectorSizeHint(inputCol="v", size=2)
    yield case("VectorSizeHint_error_clean", "nothing wrong", stage, f.one("v", "vector", rows[:2]))
    yield case("VectorSizeHint_error_size", "one of another size", stage, f.one("v", "vector", rows[:3]))
    yield case("VectorSizeHint_error_null", "one null", stage, f.one("v", "vector", [dense(1, 2), None]))
    keep = Pipeline(stages=[
        VectorSizeHint(inputCol="v", size=2, handleInvalid="optimistic"),
        VectorAssembler(inputCols=["x", "v"], outputCol="o", handleInvalid="keep"),
    ])
    frame = f.make("x double, v vector", [(1.0, dense(1, 2)), (None, None), (3.0, sparse(2, {1: 4}))])
    yield case("PipelineModel_sized_keep", "VectorSizeHint tells VectorAssembler the size of a null", keep.fit(frame), frame)


def slicer(f):
    """By indices and names, explicit zeros, slots that are not there."""
    rows = [dense(1, 2, 3, 4), sparse(4, {0: 9, 2: 0.0}), sparse(4, {}), dense(NAN, -0.0, INF, 0), sparse(4, {0: 1, 1: 2, 2: 3, 3: 4})]
    frame = f.one("v", "vector", rows)
    for name, slots in (("order", [2, 0, 3]), ("one", [1]), ("all", [3, 2, 1, 0])):
        yield case("VectorSlicer_%s" % name, "indices in this order", VectorSlicer(inputCol="v", outputCol="o", indices=slots), frame)
    outside = VectorSlicer(inputCol="v", outputCol="o", indices=[0, 5])
    yield case("VectorSlicer_outside_dense", "a slot beyond a dense vector is an error", outside, f.one("v", "vector", [dense(1, 2)]))
    yield case("VectorSlicer_outside_sparse", "a slot beyond a sparse vector is zero", outside, f.one("v", "vector", [sparse(2, {0: 1}), sparse(9, {5: 0.0})]))
    yield case("VectorSlicer_null", "one null vector", outside, f.one("v", "vector", [None]))
    table = f.make("a double, b double, w vector", [(1.0, 2.0, dense(3, 4)), (0.0, 0.0, sparse(2, {1: 5})), (0.0, -1.0, dense(0, 0))])
    assembled = VectorAssembler(inputCols=["a", "w", "b"], outputCol="v")
    hint = VectorSizeHint(inputCol="w", size=2)
    for name, stage in (
        ("names", VectorSlicer(inputCol="v", outputCol="o", names=["b", "w_1"])),
        ("both", VectorSlicer(inputCol="v", outputCol="o", indices=[2, 0], names=["b"])),
    ):
        model = Pipeline(stages=[hint, assembled, stage]).fit(table)
        yield case("PipelineModel_sliced_%s" % name, "VectorSlicer finds the names that VectorAssembler gave", model, table)
    overlap = Pipeline(stages=[hint, assembled, VectorSlicer(inputCol="v", outputCol="o", indices=[3], names=["b"])]).fit(table.select("id", "a", "b", "w"))
    yield case("PipelineModel_sliced_overlap", "one slot by index and by name is an error", overlap, table)


def by_p_values(f):
    """Slots that are saved in the order of their p-values and taken in their own."""
    seen = f.make("label double, v vector", [(float(i), dense(i % 3, i * i, 9 - i, i + (i % 2), i % 5, 3 * i)) for i in range(10)])
    rows = f.one("v", "vector", [dense(1, 2, 3, 4, 5, 6), sparse(6, {1: 7, 5: -1}), sparse(6, {})])
    stage = UnivariateFeatureSelector(featuresCol="v", outputCol="o", labelCol="label", selectionMode="fpr")
    model = stage.setFeatureType("continuous").setLabelType("continuous").setSelectionThreshold(0.3).fit(seen)
    yield case("UnivariateFeatureSelectorModel_unordered", "slots that are saved in the order of their p-values", model, rows)


def selectors(f):
    """Chosen slots of dense and sparse rows; none chosen."""
    seen = f.make("label double, v vector", [(float(i % 2), dense(i % 2, 7, i % 3, i, (i * i) % 5)) for i in range(12)])
    rows = f.one("v", "vector", [
        dense(1, 2, 3, 4, 5), sparse(5, {0: 0.0, 3: 8}), sparse(5, {}), dense(NAN, INF, -0.0, 0, 1), sparse(5, {0: 1, 1: 2, 2: 3, 3: 4, 4: 5}),
    ])
    short = f.one("v", "vector", [dense(1)])
    for name, way, more in (
        ("top", "numTopFeatures", {"numTopFeatures": 3}), ("percentile", "percentile", {"percentile": 0.45}), ("fpr", "fpr", {"fpr": 0.2}), ("none", "fwe", {"fwe": 1e-9}),
    ):
        model = ChiSqSelector(featuresCol="v", outputCol="o", labelCol="label", selectorType=way, **more).fit(seen)
        yield case("ChiSqSelectorModel_%s" % name, "selectorType " + way, model, rows)
        if name == "top":
            yield case("ChiSqSelectorModel_short", "a dense vector without the slots", model, short)
            yield case("ChiSqSelectorModel_null", "one null vector", model, f.one("v", "vector", [None]))
    for kind, label in (("continuous", "continuous"), ("categorical", "categorical"), ("continuous", "categorical")):
        stage = UnivariateFeatureSelector(featuresCol="v", outputCol="o", labelCol="label", selectionMode="numTopFeatures")
        model = stage.setFeatureType(kind).setLabelType(label).setSelectionThreshold(2).fit(seen)
        yield case("UnivariateFeatureSelectorModel_%s_%s" % (kind, label), "features %s, label %s" % (kind, label), model, rows)
    yield from by_p_values(f)
    for name, least in (("1", 1.0), ("none", 1e6), ("0", 0.0)):
        model = VarianceThresholdSelector(featuresCol="v", outputCol="o", varianceThreshold=least).fit(seen)
        yield case("VarianceThresholdSelectorModel_%s" % name, "varianceThreshold %g" % least, model, rows)


def indexer(f):
    """Seen and unseen values, NaN and -0.0 in training, sparse rows."""
    seen = f.one("v", "vector", [dense(-1, 0.5, 0, 3), dense(0, 1.5, 0, 3), dense(5, 2.5, 1, 3), sparse(4, {1: 3.5, 3: 3})])
    rows = [dense(-1, 9, 1, 3), dense(5, NAN, 0, 3), sparse(4, {0: 5, 1: 7, 3: 3}), sparse(4, {}), sparse(4, {0: 0.0, 2: 1}), dense(-0.0, 1, -0.0, 3)]
    bad = [dense(9, 1, 0, 3), dense(NAN, 1, 0, 3), sparse(4, {0: 9, 3: 4}), dense(INF, 0, 7, 0)]
    for way in ("error", "keep", "skip"):
        model = VectorIndexer(inputCol="v", outputCol="o", maxCategories=3, handleInvalid=way).fit(seen)
        yield case("VectorIndexerModel_%s_values" % way, "seen values" + ("" if way == "error" else " and others"), model, f.one("v", "vector", rows if way == "error" else rows + bad))
        yield case("VectorIndexerModel_%s_null" % way, "one null vector: an error, whatever handleInvalid says", model, f.one("v", "vector", [rows[0], None]))
        if way == "error":
            for name, row in zip(("unseen", "nan", "sparse"), bad):
                yield case("VectorIndexerModel_error_%s" % name, "one value not seen", model, f.one("v", "vector", rows[:1] + [row]))
    odd = f.one("v", "vector", [dense(NAN, 1), dense(-0.0, 2), dense(0.0, 1)])
    model = VectorIndexer(inputCol="v", outputCol="o", maxCategories=9, handleInvalid="keep").fit(odd)
    yield case("VectorIndexerModel_odd_training", "NaN and zeros of both signs in training", model, f.one("v", "vector", [dense(NAN, 1), dense(0, 2), dense(-0.0, 3), sparse(2, {0: -0.0}), sparse(2, {0: NAN})]))
    none = VectorIndexer(inputCol="v", outputCol="o", maxCategories=2).fit(f.one("v", "vector", [dense(i, i * i) for i in range(4)]))
    yield case("VectorIndexerModel_none", "no slot is categorical", none, f.one("v", "vector", [dense(9, NAN), sparse(2, {1: 1})]))


def interaction(f):
    """Numbers, categories and vectors with attributes; where a row becomes sparse."""
    columns = "x double, i int, b boolean, g float, s string"
    rows = [(2.5, 3, True, 0.1, "a"), (-0.0, 1, False, 2.0, "b"), (0.0, 0, True, -1.0, "c"), (NAN, 2, True, 1.0, "a"), (INF, 0, True, 0.5, "b"), (1e-200, -4, True, 3.0, "c")]
    table = f.make(columns, rows)
    yield case("Interaction_numbers", "double, int and float", Interaction(inputCols=["x", "i", "g"], outputCol="o"), table)
    yield case("Interaction_boolean", "a boolean column is an error", Interaction(inputCols=["x", "b"], outputCol="o"), table)
    yield case("Interaction_one", "one column alone", Interaction(inputCols=["x"], outputCol="o"), table)
    yield case("Interaction_null", "one null", Interaction(inputCols=["x", "i"], outputCol="o"), f.make("x double, i int", [(1.0, 2), (None, 3)]))
    index = StringIndexer(inputCol="s", outputCol="si")
    both = VectorAssembler(inputCols=["x", "si", "i"], outputCol="v", handleInvalid="keep")
    hot = OneHotEncoder(inputCols=["si"], outputCols=["oh"], dropLast=False)
    for name, columns in (("nominal", ["x", "si"]), ("first", ["si", "g"]), ("vectors", ["v", "g", "v2"]), ("hot", ["oh", "v"]), ("twice", ["si", "v"])):
        second = VectorAssembler(inputCols=["g", "si"], outputCol="v2")
        model = Pipeline(stages=[index, hot, both, second, Interaction(inputCols=columns, outputCol="o")]).fit(table)
        yield case("PipelineModel_interaction_%s" % name, "categories are spread: " + ", ".join(columns), model, table)
    names = VectorSlicer(inputCol="o", outputCol="z", names=["x:si_b", "x:si_a"])
    model = Pipeline(stages=[index, Interaction(inputCols=["x", "si"], outputCol="o"), names]).fit(table)
    yield case("PipelineModel_interaction_names", "the names of the products", model, table)


def expansion(f):
    """Degrees and forms; zeros, NaN, underflow."""
    rows = [
        dense(2, 3), dense(0, 3), sparse(2, {1: 3}), sparse(2, {}), dense(NAN, 2), dense(-0.0, -1), sparse(2, {0: 0.0, 1: 2}), dense(1e-200, 1e-200),
        dense(INF, 0), dense(), dense(0.1, 0.7, -1.3), sparse(5, {1: 0.1, 4: 3.3}), sparse(0, {}), dense(-INF, 5),
    ]
    frame = f.one("v", "vector", rows)
    for degree in (1, 2, 3, 5):
        yield case("PolynomialExpansion_%d" % degree, "degree %d" % degree, PolynomialExpansion(inputCol="v", outputCol="o", degree=degree), frame)
    yield case("PolynomialExpansion_null", "one null vector", PolynomialExpansion(inputCol="v", outputCol="o"), f.one("v", "vector", [dense(1), None]))


def pca(f):
    """Dense and sparse rows, few slots and many."""
    few = [dense(1, 0.5, 0), dense(0.3, -2, 4), sparse(3, {1: 2.5}), dense(-1, 1, 1), sparse(3, {0: 7, 2: 0.0})]
    model = PCA(k=2, inputCol="v", outputCol="o").fit(f.one("v", "vector", few))
    yield case("PCAModel_few", "dense and sparse rows, NaN and infinite values", model, f.one("v", "vector", few + [sparse(3, {}), dense(NAN, 1, 2), dense(INF, 1, 2)]))
    yield case("PCAModel_null", "one null vector", model, f.one("v", "vector", [few[0], None]))
    yield case("PCAModel_wrong_size", "a vector of another size", model, f.one("v", "vector", [few[0], dense(1)]))
    many = [dense(*[((i * 7 + j * 13) % 31) / 7.0 - 2.1 for j in range(20)]) for i in range(30)]
    model = PCA(k=3, inputCol="v", outputCol="o").fit(f.one("v", "vector", many))
    yield case("PCAModel_many", "20 slots", model, f.one("v", "vector", many[:8] + [sparse(20, {3: 1.5, 17: -2, 19: 0.1})]))


def hasher(f):
    """Every type, nulls, categories made of numbers, columns that meet at one place."""
    columns = "d double, s string, b boolean, i int, l long, g float, h short"
    rows = [
        (2.5, "foo", True, 3, 1 << 40, 0.1, 7), (None, None, None, None, None, None, None), (0.0, "", False, -1, 0, -0.0, -7),
        (NAN, "é 日本", None, 0, -5, NAN, 0), (-INF, "a=b", True, 2147483647, 1, 1e10, 1), (1e-5, "😀", False, 10, 2, 1e-3, 2),
    ]
    table = f.make(columns, rows)
    names = [c.split()[0] for c in columns.split(", ")]
    yield case("FeatureHasher_types", "numbers by name, text and booleans by value", FeatureHasher(inputCols=names, outputCol="o"), table)
    stage = FeatureHasher(inputCols=names, outputCol="o", numFeatures=1000, categoricalCols=["d", "i", "l", "g", "b", "h"])
    yield case("FeatureHasher_categories", "numbers that count as categories", stage, table)
    for size in (1, 3):
        yield case("FeatureHasher_%d" % size, "columns that meet at one place add up", FeatureHasher(inputCols=names, outputCol="o", numFeatures=size), table)
    stage = FeatureHasher(inputCols=["d", "s", "i", "s", "d"], outputCol="o", numFeatures=1000)
    yield case("FeatureHasher_twice", "columns that stand twice: numbers count once, categories twice in Spark 4 only", stage, table)
    rnd = random.Random(7)
    for count in (4, 5, 12, 40):
        names = ["x%d" % rnd.randint(0, 999) for _ in range(count - 1)] + ["é😀"]
        rows = [tuple(rnd.gauss(0, 10.0 ** rnd.randint(-4, 4)) for _ in names) for _ in range(6)]
        table = f.make(", ".join(n + " double" for n in names), rows)
        stage = FeatureHasher(inputCols=names, outputCol="o", numFeatures=1, categoricalCols=names[2:count // 3])
        yield case("FeatureHasher_order_%d" % count, "numbers that meet are added up in the order of a Scala set", stage, table)


def targets(f):
    """Seen, unseen and null categories, smoothing, both kinds of targets; since 4.0."""
    if VERSION < "4":
        return
    from pyspark.ml.feature import TargetEncoder

    seen = [(0.0, 1, 1.0, 1.5), (1.0, 2, 0.0, -2.25), (1.0, 1, 1.0, 0.1), (2.0, 2, 0.0, 7.0), (0.0, 3, 0.0, 3.3), (2.0, 3, 1.0, 0.7)]
    columns = "a double, i int, y double, z double"
    full, holes = f.make(columns, seen), f.make(columns, seen + [(None, 1, 1.0, 2.0), (None, 2, 0.0, 2.5)])
    rows = [(0.0, 1), (1.0, 2), (2.0, 3), (-0.0, 1)]
    odd = [(7.0, 9), (None, None), (-1.0, -1), (2147483647.0, 2147483647), (NAN, 0), (0.5, 4), (INF, 1)]
    for kind, label in (("binary", "y"), ("continuous", "z")):
        for name, smoothing in (("0", 0.0), ("0.7", 0.7), ("10", 10.0)):
            for seen_nulls, frame in (("", full), ("_nulls", holes)):
                encoder = TargetEncoder(inputCols=["a", "i"], outputCols=["oa", "oi"], labelCol=label, targetType=kind, smoothing=smoothing, handleInvalid="keep")
                model = encoder.fit(frame)
                yield case("TargetEncoderModel_%s_%s%s" % (kind, name, seen_nulls), "smoothing %g; unseen and null categories" % smoothing, model, f.make("a double, i int", rows + odd))
    strict = TargetEncoder(inputCol="a", outputCol="o", labelCol="y", targetType="binary")
    model = strict.fit(full)
    yield case("TargetEncoderModel_error_clean", "nothing wrong", model, f.one("a", "double", [0.0, 2.0, -0.0]))
    for name, value in (("unseen", 7.0), ("null", None), ("negative", -1.0), ("nan", NAN)):
        yield case("TargetEncoderModel_error_%s" % name, "one such value", model, f.one("a", "double", [0.0, value]))
    yield case("TargetEncoderModel_error_seen_null", "a null that training saw", strict.fit(holes), f.one("a", "double", [0.0, None]))


def cosine(f):
    """Sizes that are powers of two and others, both directions."""
    rows = [dense(1, 2, 3), dense(5), dense(1, 2, 3, 4), sparse(5, {1: 2, 3: -0.5}), dense(*[0.1 * i - 0.3 for i in range(8)]), sparse(4, {}), dense(NAN, 1), dense(1e300, -1e300, 1e290), dense(*[(i * i) % 17 for i in range(33)])]
    for inverse in (False, True):
        name = "DCT_inverse" if inverse else "DCT_forward"
        yield case(name, "sizes 1 to 33, sparse rows", DCT(inputCol="v", outputCol="o", inverse=inverse), f.one("v", "vector", rows))
    sizes = [dense(*[(7 * i * i + 3 * i) % 101 / 7 - 5 for i in range(size)]) for size in (1, 2, 3, 5, 8, 12, 16, 32, 64, 77, 100, 128, 211, 1000)]
    sparse_sizes = [sparse(size, {1: 2.5, size - 2: INF}) for size in (4, 6, 16, 49)]
    for inverse in (False, True):
        name = "DCT_sizes_inverse" if inverse else "DCT_sizes"
        yield case(name, "each kind of fast transform: powers of two, small factors, a chirp; infinite values", DCT(inputCol="v", outputCol="o", inverse=inverse), f.one("v", "vector", sizes + sparse_sizes))
    yield case("DCT_empty", "a vector without slots is an error", DCT(inputCol="v", outputCol="o"), f.one("v", "vector", [dense(1), dense()]))
    yield case("DCT_null", "one null vector", DCT(inputCol="v", outputCol="o"), f.one("v", "vector", [dense(1), None]))


def hashes(f):
    """Hashes of rows, dense and sparse."""
    seen = [dense(1, 0, 5, -3), dense(2, 0, 5, 4), sparse(4, {0: 3, 2: 5})]
    rows = seen + [sparse(4, {}), dense(0, 0, 0, 0), dense(NAN, 1, 1, 1), dense(1e9, 1, 1, 1), sparse(4, {1: -0.25, 3: 0.0}), dense(-0.1, 0.1, -0.1, 0.1)]
    for name, length, tables in (("1", 2.0, 1), ("4", 0.3, 4)):
        model = BucketedRandomProjectionLSH(inputCol="v", outputCol="o", bucketLength=length, numHashTables=tables, seed=5).fit(f.one("v", "vector", seen))
        yield case("BucketedRandomProjectionLSHModel_%s" % name, "buckets of %g, %d tables" % (length, tables), model, f.one("v", "vector", rows))
    yield case("BucketedRandomProjectionLSHModel_null", "one null vector", model, f.one("v", "vector", [rows[0], None]))
    yield case("BucketedRandomProjectionLSHModel_wrong_size", "a vector of another size", model, f.one("v", "vector", [rows[0], dense(1)]))
    seen = f.one("v", "vector", [dense(1, 0, 1), sparse(3, {1: 1})])
    model = MinHashLSH(inputCol="v", outputCol="o", numHashTables=3, seed=7).fit(seen)
    rows = [dense(1, 0, 1), sparse(3, {1: 1}), dense(NAN, -1, 0), sparse(3, {0: 0.0, 2: 5}), sparse(2000000, {1999999: 1}), dense(1, 1, 1, 1, 1)]
    yield case("MinHashLSHModel_rows", "what is not 0 counts, in vectors of any size", model, f.one("v", "vector", rows))
    for name, row in (("zeros", dense(0, 0, 0)), ("stored_zero", sparse(3, {1: 0.0})), ("null", None)):
        yield case("MinHashLSHModel_%s" % name, "a row without anything but 0 is an error", model, f.one("v", "vector", [rows[0], row]))
