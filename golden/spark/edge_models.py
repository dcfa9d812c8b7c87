"""Edge cases of classifiers, regressions and clusters."""

import os
import random

from pyspark.ml import Pipeline
from pyspark.ml.classification import (
    DecisionTreeClassifier,
    GBTClassifier,
    LinearSVC,
    LogisticRegression,
    OneVsRest,
    RandomForestClassifier,
)
from pyspark.ml.clustering import KMeans
from pyspark.ml.feature import VectorIndexer
from pyspark.ml.linalg import Vectors
from pyspark.ml.regression import (
    DecisionTreeRegressor,
    GBTRegressor,
    LinearRegression,
    RandomForestRegressor,
)

from edge_case import INF, NAN, case, dense, sparse
from edge_features import rewrite


def cases(frames):
    """Every case of this file."""
    for part in (logistic, wide, linear, trees, forests, boosted, regression_trees, lone_leaves, one_vs_rest, kmeans, codecs):
        yield from part(frames)


def lone_leaves(f):
    """Trees without a split never look at a row, be it null."""
    frame = training(f, 78)
    rows = f.make("features vector", [(dense(1, 2, 3, 4, 5),), (None,), (sparse(5, {}),)])
    note = "trees that are leaves, asked for a null"
    for name, estimator in (
        ("DecisionTreeClassificationModel", DecisionTreeClassifier(maxDepth=0, leafCol="leaf")),
        ("RandomForestClassificationModel", RandomForestClassifier(maxDepth=0, numTrees=3, seed=1, leafCol="leaf")),
        ("GBTClassificationModel", GBTClassifier(maxDepth=0, maxIter=2)),
        ("DecisionTreeRegressionModel", DecisionTreeRegressor(labelCol="y", maxDepth=0, varianceCol="variance")),
        ("RandomForestRegressionModel", RandomForestRegressor(labelCol="y", maxDepth=0, numTrees=3, seed=1)),
        ("GBTRegressionModel", GBTRegressor(labelCol="y", maxDepth=0, maxIter=2)),
    ):
        yield case(name + "_leaf_of_null", note, estimator.fit(frame), rows)


def one_vs_rest(f):
    """The columns that the models inside would write may not be there already, though they are taken away again."""
    frame = training(f, 79)
    for name, inner in (("taken", DecisionTreeClassifier(maxDepth=2)), ("free", LinearSVC(maxIter=2))):
        rest = OneVsRest(classifier=inner, predictionCol="p2", rawPredictionCol="r2")
        pipeline = Pipeline(stages=[LogisticRegression(maxIter=2, predictionCol="p1", rawPredictionCol="r1"), rest])
        note = "a column named probability, which the models inside %s" % ("would write" if name == "taken" else "do not write")
        yield case("PipelineModel_one_vs_rest_" + name, note, pipeline.fit(frame), frame)


def training(f, seed, rows=120, size=5, classes=2):
    """Rows of noise with a rule in them: columns label, y, features (dense and sparse)."""
    rnd = random.Random(seed)
    made = []
    for i in range(rows):
        x = [round(rnd.gauss(0, 1), 3) if rnd.random() > 0.3 else 0.0 for _ in range(size)]
        score = x[0] - 0.8 * x[1] + 0.5 * x[2] * x[3 % size] + rnd.gauss(0, 0.2)
        label = float(min(classes - 1, max(0, int(score + classes / 2))))
        made.append((label, score, mixed(i, x)))
    return f.make("label double, y double, features vector", made)


def mixed(i, x):
    """Every other row sparse."""
    return Vectors.dense(x) if i % 2 else sparse(len(x), {k: v for k, v in enumerate(x) if v})


def dirty(f, seed, size=5, rows=24):
    """Rows to score: dense, sparse, with explicit zeros, NaN, infinities, far values."""
    rnd = random.Random(seed)
    made = [mixed(i, [round(rnd.gauss(0, 1.5), 3) if rnd.random() > 0.3 else 0.0 for _ in range(size)]) for i in range(rows)]
    made += [
        sparse(size, {}),
        dense(*[0.0] * size),
        sparse(size, {0: 0.0, size - 1: -1.25}),
        dense(*([NAN] + [0.5] * (size - 1))),
        sparse(size, {1: NAN}),
        dense(*([1e6] + [-1e6] * (size - 1))),
        dense(*([1e-300] * size)),
        dense(*([-0.0] * size)),
    ]
    return f.one("features", "vector", made)


def infinite(f, size=5):
    """Rows with infinities."""
    return f.one("features", "vector", [dense(*([INF] + [1.0] * (size - 1))), dense(*([-INF] * size)), dense(*([INF, INF] + [0.0] * (size - 2)))])


def logistic(f):
    """Thresholds of each kind, empty output names, both families, sparse coefficients."""
    two, three, rows = training(f, 1), training(f, 2, classes=3), dirty(f, 3)
    model = LogisticRegression(maxIter=10, regParam=0.01).fit(two)
    name = "LogisticRegressionModel_"
    yield case(name + "plain", "dense, sparse, NaN and far rows", model, rows)
    yield case(name + "infinite", "infinite features", model, infinite(f))
    for value in (0.0, 0.3, 0.9, 1.0):
        yield case("%sthreshold_%g" % (name, value), "threshold %g" % value, model.copy({model.threshold: value}), rows)
    for values in ([0.2, 0.8], [0.0, 1.0], [1.0, 0.0]):
        set_two = LogisticRegression(maxIter=10, thresholds=values).fit(two)
        yield case("%sthresholds_%g_%g" % (name, values[0], values[1]), "binomial with thresholds", set_two, rows)
    for label, columns in empty_names():
        yield case(name + "only_" + label, "some output names are empty", renamed(model, columns), rows)
    yield case(name + "null", "one null vector", model, f.one("features", "vector", [dense(1, 2, 3, 4, 5), None]))
    yield case(name + "wrong_size", "a vector of 4 where 5 are asked", model, f.one("features", "vector", [dense(1, 2, 3, 4)]))
    multi = LogisticRegression(maxIter=10, regParam=0.01).fit(three)
    yield case(name + "multi", "three classes", multi, rows)
    yield case(name + "multi_infinite", "three classes, infinite features", multi, infinite(f))
    for values in ([0.1, 0.3, 0.6], [0.0, 0.5, 0.5]):
        yield case("%smulti_thresholds_%g" % (name, values[0]), "three classes with thresholds", multi.copy({multi.thresholds: values}), rows)
    for label, columns in empty_names():
        yield case(name + "multi_only_" + label, "three classes, some output names are empty", renamed(multi, columns), rows)
    softmax = LogisticRegression(maxIter=10, family="multinomial").fit(two)
    yield case(name + "two_as_multi", "two classes by family multinomial", softmax, rows)
    bare = LogisticRegression(maxIter=10, fitIntercept=False, featuresCol="features", predictionCol="p", probabilityCol="q").fit(two)
    yield case(name + "no_intercept", "without intercept, other names", bare, rows)
    lasso = LogisticRegression(maxIter=10, regParam=0.1, elasticNetParam=1.0).fit(three)
    yield case(name + "multi_lasso", "three classes, mostly zero coefficients", lasso, rows)


def empty_names():
    """Which output columns are left: name → the params to set."""
    return (
        ("prediction", {"rawPredictionCol": "", "probabilityCol": ""}),
        ("probability", {"rawPredictionCol": "", "predictionCol": ""}),
        ("both", {"rawPredictionCol": ""}),
        ("raw", {"probabilityCol": "", "predictionCol": ""}),
    )


def renamed(model, columns):
    """A copy of the model with these params."""
    return model.copy({model.getParam(name): value for name, value in columns.items()})


def wide(f):
    """200 and 300 features: the order of the additions shows in the last bits."""
    for size in (8, 33, 200, 300):
        two, rows = training(f, 10 + size, rows=150, size=size), dirty(f, 11 + size, size=size, rows=12)
        yield case("LinearRegressionModel_wide_%d" % size, "%d features" % size, LinearRegression(labelCol="y", maxIter=5, solver="l-bfgs").fit(two), rows)
        yield case("LogisticRegressionModel_wide_%d" % size, "%d features" % size, LogisticRegression(maxIter=5).fit(two), rows)
        if size in (33, 200):
            three = training(f, 12 + size, rows=150, size=size, classes=3)
            yield case("LogisticRegressionModel_wide_multi_%d" % size, "%d features, three classes" % size, LogisticRegression(maxIter=5).fit(three), rows)
    two = training(f, 77, rows=150, size=200)
    lasso = LogisticRegression(maxIter=10, regParam=0.02, elasticNetParam=1.0).fit(two)
    yield case("LogisticRegressionModel_wide_lasso", "200 features, mostly zero coefficients", lasso, dirty(f, 78, size=200, rows=12))


def linear(f):
    """Rows of each kind; sparse coefficients; no intercept; huber."""
    seen, rows = training(f, 4), dirty(f, 5)
    name = "LinearRegressionModel_"
    yield case(name + "rows", "dense, sparse, NaN and far rows", LinearRegression(labelCol="y").fit(seen), rows)
    yield case(name + "infinite", "infinite features", LinearRegression(labelCol="y").fit(seen), infinite(f))
    lasso = LinearRegression(labelCol="y", regParam=0.4, elasticNetParam=1.0).fit(seen)
    yield case(name + "lasso", "mostly zero coefficients", lasso, rows)
    huber = LinearRegression(labelCol="y", loss="huber", fitIntercept=False, maxIter=5, predictionCol="p q").fit(seen)
    yield case(name + "huber_bare", "huber without intercept; a prediction column with a space in its name", huber, rows)
    yield case(name + "null", "one null vector", lasso, f.one("features", "vector", [None, dense(1, 2, 3, 4, 5)]))


def categorical(f, seed, classes=2, rows=200):
    """Vectors whose first two features are categories (3 and 8 of them), as VectorIndexer numbers and marks them."""
    rnd = random.Random(seed)
    made = []
    for i in range(rows):
        a, b = rnd.randrange(3), rnd.randrange(8)
        x = [float(a), float(b)] + [round(rnd.gauss(0, 1), 2) for _ in range(3)]
        score = (1.0 if a == 1 else -0.5) + (1.5 if b in (0, 3, 4, 6, 7) else -1.0) + x[2] + rnd.gauss(0, 0.2)
        made.append((float(min(classes - 1, max(0, int(score + classes / 2)))), score, Vectors.dense(x)))
    plain = f.make("label double, y double, raw vector", made)
    return VectorIndexer(inputCol="raw", outputCol="features", maxCategories=8).fit(plain).transform(plain)


def odd_categories(f):
    """Categories that are known, unknown, broken or NaN; sparse rows too."""
    rnd = random.Random(6)
    made = [dense(a, b, round(rnd.gauss(0, 1), 2), round(rnd.gauss(0, 1), 2), 0.0) for a in (0, 1, 2) for b in range(8)]
    made += [dense(a, b, 0.1, NAN, 0) for a, b in ((3, 0), (0, 9), (NAN, 1), (1, NAN), (0.5, 2), (2, 3.5), (-1, -1), (1e9, 0), (INF, -INF))]
    made += [sparse(5, {}), sparse(5, {1: 4}), sparse(5, {0: 2, 2: -0.7}), sparse(5, {0: NAN}), dense(NAN, NAN, NAN, NAN, NAN)]
    return f.one("features", "vector", made)


def trees(f):
    """Categorical splits, NaN, leaf indices, thresholds, empty names, a single leaf."""
    two, three, rows = categorical(f, 20), categorical(f, 21, classes=3), odd_categories(f)
    name = "DecisionTreeClassificationModel_"
    deep = DecisionTreeClassifier(maxDepth=6, leafCol="leaf").fit(three)
    yield case(name + "categories", "categorical splits, leafCol, NaN and unknown categories", deep, rows)
    yield case(name + "thresholds", "thresholds, one of them 0", deep.copy({deep.thresholds: [0.0, 0.6, 0.4]}), rows)
    for label, columns in empty_names():
        yield case(name + "only_" + label, "some output names are empty", renamed(deep, columns), rows)
    yield case(name + "entropy", "entropy", DecisionTreeClassifier(maxDepth=4, impurity="entropy").fit(two), rows)
    yield case(name + "one_leaf", "depth 0", DecisionTreeClassifier(maxDepth=0, leafCol="leaf").fit(two), rows)
    yield case(name + "sparse", "continuous splits over dense, sparse and NaN rows", DecisionTreeClassifier(maxDepth=8).fit(training(f, 22)), dirty(f, 23))
    yield case(name + "null", "one null vector", deep, f.one("features", "vector", [None]))
    yield case(name + "wrong_size", "a vector of 4 where 5 are asked", deep, f.one("features", "vector", [dense(1, 2, 3, 4)]))


def forests(f):
    """The same for forests; leafCol is a vector here."""
    two, three, rows = categorical(f, 24), categorical(f, 25, classes=3), odd_categories(f)
    name = "RandomForestClassificationModel_"
    wood = RandomForestClassifier(numTrees=12, maxDepth=5, seed=3, leafCol="leaf").fit(three)
    yield case(name + "categories", "categorical splits, leafCol, NaN and unknown categories", wood, rows)
    yield case(name + "thresholds", "thresholds", wood.copy({wood.thresholds: [0.5, 0.1, 0.4]}), rows)
    for label, columns in empty_names():
        yield case(name + "only_" + label, "some output names are empty", renamed(wood, columns), rows)
    yield case(name + "two", "two classes, 20 trees", RandomForestClassifier(maxDepth=6, seed=4).fit(two), rows)
    yield case(name + "sparse", "continuous splits over dense, sparse and NaN rows", RandomForestClassifier(numTrees=30, maxDepth=8, seed=5).fit(training(f, 26, classes=4)), dirty(f, 27))
    weighted = RandomForestClassifier(numTrees=5, seed=6, weightCol="w").fit(two.selectExpr("*", "label * 0.7 + 0.15 AS w"))
    yield case(name + "weighted", "weights in training: class counts are fractions", weighted, rows)


def boosted(f):
    """Boosted classifiers and regressions."""
    two, rows = categorical(f, 28), odd_categories(f)
    name = "GBTClassificationModel_"
    model = GBTClassifier(maxIter=8, maxDepth=4, seed=7, leafCol="leaf").fit(two)
    yield case(name + "categories", "categorical splits, leafCol, NaN and unknown categories", model, rows)
    yield case(name + "thresholds", "thresholds", model.copy({model.thresholds: [0.8, 0.2]}), rows)
    for label, columns in empty_names():
        yield case(name + "only_" + label, "some output names are empty", renamed(model, columns), rows)
    many = GBTClassifier(maxIter=40, maxDepth=3, seed=8, stepSize=0.3).fit(training(f, 29))
    yield case(name + "many", "40 trees over dense, sparse and NaN rows", many, dirty(f, 30))
    name = "GBTRegressionModel_"
    model = GBTRegressor(labelCol="y", maxIter=8, maxDepth=4, seed=7, leafCol="leaf").fit(two)
    yield case(name + "categories", "categorical splits, leafCol, NaN and unknown categories", model, rows)
    many = GBTRegressor(labelCol="y", maxIter=40, maxDepth=3, seed=8, lossType="absolute").fit(training(f, 31))
    yield case(name + "many", "40 trees, absolute loss, over dense, sparse and NaN rows", many, dirty(f, 32))


def regression_trees(f):
    """Variance, leaves and categories."""
    seen, rows = categorical(f, 33), odd_categories(f)
    tree = DecisionTreeRegressor(labelCol="y", maxDepth=6, varianceCol="variance", leafCol="leaf").fit(seen)
    yield case("DecisionTreeRegressionModel_categories", "varianceCol, leafCol, NaN and unknown categories", tree, rows)
    yield case("DecisionTreeRegressionModel_only_variance", "an empty prediction name", renamed(tree, {"predictionCol": ""}), rows)
    tree = DecisionTreeRegressor(labelCol="y", maxDepth=8, varianceCol="variance").fit(training(f, 34))
    yield case("DecisionTreeRegressionModel_sparse", "continuous splits over dense, sparse and NaN rows", tree, dirty(f, 35))
    wood = RandomForestRegressor(labelCol="y", numTrees=7, maxDepth=5, seed=9, leafCol="leaf").fit(seen)
    yield case("RandomForestRegressionModel_categories", "leafCol, NaN and unknown categories", wood, rows)
    wood = RandomForestRegressor(labelCol="y", numTrees=33, maxDepth=7, seed=9).fit(training(f, 36))
    yield case("RandomForestRegressionModel_sparse", "33 trees over dense, sparse and NaN rows", wood, dirty(f, 37))


def kmeans(f):
    """Many centres, ties, sparse rows; what NaN does."""
    seen = training(f, 40, rows=300)
    clean = f.one("features", "vector", [r.features for r in dirty(f, 41, rows=60).collect() if not any(v != v for v in r.features.toArray())])
    for k in (2, 20):
        yield case("KMeansModel_k%d" % k, "%d centres; dense, sparse and far rows" % k, KMeans(k=k, seed=1).fit(seen), clean)
    nonzero = f.one("features", "vector", [r.features for r in seen.collect() if r.features.numNonzeros()])
    yield case("KMeansModel_cosine_k5", "cosine: Euclidean after load", KMeans(k=5, seed=2, distanceMeasure="cosine").fit(nonzero), clean)
    corners = f.one("features", "vector", [dense(1, 0), dense(0, 1), dense(-1, 0), dense(0, -1)] * 3)
    ties = f.one("features", "vector", [dense(0, 0), sparse(2, {}), dense(0.5, 0.5), dense(-0.5, 0.5), sparse(2, {0: 0.25}), dense(1e-9, 0), sparse(2, {1: -1e-9}), dense(1e8, 1e8)])
    yield case("KMeansModel_ties", "rows as far from one centre as from another", KMeans(k=4, seed=3).fit(corners), ties)
    wide_rows = training(f, 42, rows=80, size=100)
    yield case("KMeansModel_wide", "100 features", KMeans(k=6, seed=4, predictionCol="cluster").fit(wide_rows), f.one("features", "vector", [r.features for r in wide_rows.limit(30).collect()]))
    plain = KMeans(k=3, seed=5).fit(seen)
    yield case("KMeansModel_nan", "one NaN", plain, f.one("features", "vector", [dense(NAN, 1, 2, 3, 4)]))
    yield case("KMeansModel_null", "one null vector", plain, f.one("features", "vector", [None]))


def codecs(f):
    """The same forest in the other codecs, and spread over several files."""
    seen, rows = categorical(f, 50, classes=3, rows=120), odd_categories(f)
    wood = RandomForestClassifier(numTrees=6, maxDepth=4, seed=11).fit(seen)
    for codec in ("gzip", "zstd", "lz4_raw", "uncompressed"):
        def over(folder, codec=codec):
            rewrite(f.spark, os.path.join(folder, "data"), codec, 1)

        yield case("RandomForestClassificationModel_" + codec, "data file by " + codec, wood, rows, over)

    def spread(folder):
        rewrite(f.spark, os.path.join(folder, "data"), "snappy", 3)

    yield case("RandomForestClassificationModel_many_files", "nodes in arbitrary order over several files", wood, rows, spread)
