"""Edge cases of the other classifiers, regressions and clusters."""

import random

from pyspark.ml import Pipeline
from pyspark.ml.classification import (
    Classifier,
    DecisionTreeClassifier,
    FMClassifier,
    GBTClassifier,
    LinearSVC,
    LogisticRegression,
    MultilayerPerceptronClassifier,
    NaiveBayes,
    OneVsRest,
    RandomForestClassifier,
)
from pyspark.ml.clustering import LDA, BisectingKMeans, GaussianMixture, KMeans
from pyspark.ml.feature import IndexToString, OneHotEncoder, StringIndexer
from pyspark.ml.regression import AFTSurvivalRegression, FMRegressor, GeneralizedLinearRegression, IsotonicRegression
from pyspark.ml.util import DefaultParamsReadable, DefaultParamsWritable

from edge_case import INF, NAN, case, dense, sparse
from edge_models import dirty, empty_names, infinite, mixed, renamed, training


def cases(frames):
    """Every case of this file."""
    parts = (vector_machine, bayes, bayes_refused, factors, generalized, survival, isotonic, perceptron, bisecting, mixtures, rest_of_python, one_vs_rest, topics, encoded)
    for part in parts:
        yield from part(frames)


def one(f, *vectors):
    """A frame of these vectors."""
    return f.one("features", "vector", list(vectors))


def few(f, seed):
    """Dense and sparse rows to score, with NaN and far values: fewer than `dirty` makes."""
    return dirty(f, seed, rows=6)


def vector_machine(f):
    """The threshold of the margin, empty output names, wide rows."""
    name, seen, rows = "LinearSVCModel_", training(f, 100), few(f, 101)
    model = LinearSVC(maxIter=10, regParam=0.01).fit(seen)
    yield case(name + "rows", "dense, sparse, NaN and far rows", model, rows)
    yield case(name + "infinite", "infinite features", model, infinite(f))
    for value in (-0.5, 0.8):
        yield case("%sthreshold_%g" % (name, value), "threshold %g of the margin" % value, model.copy({model.threshold: value}), rows)
    yield case(name + "only_prediction", "no raw prediction", renamed(model, {"rawPredictionCol": ""}), rows)
    yield case(name + "only_raw", "no prediction", renamed(model, {"predictionCol": ""}), rows)
    yield case(name + "null", "one null vector", model, one(f, None))
    yield case(name + "wrong_size", "a vector of 4 where 5 are asked", model, one(f, dense(1, 2, 3, 4)))
    for size in (33, 200):
        fitted = LinearSVC(maxIter=5, fitIntercept=False).fit(training(f, 102 + size, rows=100, size=size))
        yield case("%swide_%d" % (name, size), "%d features" % size, fitted, dirty(f, 103 + size, size=size, rows=8))


def counted(f, seed, kind, rows=90, size=5, classes=3):
    """Rows for naive Bayes: counts, zeros and ones, or any numbers."""
    rnd = random.Random(seed)
    make = {"counts": lambda: float(rnd.choice((0, 0, 1, 2, 5))), "bits": lambda: float(rnd.random() < 0.4), "any": lambda: round(rnd.gauss(0, 2), 2)}[kind]
    made = [(float(i % classes), mixed(i, [make() + (i % classes if kind == "any" else 0) for _ in range(size)])) for i in range(rows)]
    return f.make("label double, features vector", made)


def bayes(f):
    """Every type; dense and sparse rows; thresholds; no smoothing."""
    name = "NaiveBayesModel_"
    for kind, data in (("multinomial", "counts"), ("complement", "counts"), ("bernoulli", "bits"), ("gaussian", "any")):
        model = NaiveBayes(modelType=kind).fit(counted(f, 110, data))
        rows = counted(f, 111, data, rows=10).select("features").collect() + [(sparse(5, {}),), (dense(0, 0, 0, 0, 0),), (sparse(5, {1: 0.0, 3: 1.0}),), (dense(-0.0, 1, 0, 1, -0.0),)]
        rows = one(f, *[row[0] for row in rows])
        yield case(name + kind + "_rows", "dense and sparse rows", model, rows)
        yield case(name + kind + "_thresholds", "thresholds", model.copy({model.thresholds: [0.2, 0.5, 0.3]}), rows)
    model = NaiveBayes(modelType="gaussian").fit(counted(f, 110, "any"))
    yield case(name + "gaussian_dirty", "NaN and far rows", model, few(f, 112))
    yield case(name + "gaussian_infinite", "infinite features", model, infinite(f))
    yield case(name + "gaussian_long", "a vector of 6 where 5 are asked", model, one(f, dense(1, 2, 3, 4, 5, 6), sparse(7, {6: 1.0})))
    for label, columns in empty_names():
        yield case(name + "only_" + label, "some output names are empty", renamed(model, columns), few(f, 113))
    bare = f.make("label double, features vector", [(0.0, dense(1, 0, 1)), (0.0, dense(1, 1, 0)), (1.0, dense(0, 1, 1)), (1.0, dense(0, 1, 1))])
    rows = one(f, dense(1, 0, 1), sparse(3, {1: 1.0}), dense(0, 1, 0), sparse(3, {}), sparse(3, {0: 1.0, 1: 1.0}))
    for kind in ("multinomial", "bernoulli"):
        yield case(name + kind + "_unsmoothed", "smoothing 0: likelihoods of 0", NaiveBayes(modelType=kind, smoothing=0.0).fit(bare), rows)


def bayes_refused(f):
    """Values that a type cannot take."""
    name = "NaiveBayesModel_"
    for kind, data in (("multinomial", "counts"), ("complement", "counts"), ("bernoulli", "bits")):
        model = NaiveBayes(modelType=kind).fit(counted(f, 110, data))
        yield case(name + kind + "_negative", "a negative value", model, one(f, dense(1, 0, -1, 0, 0)))
        yield case(name + kind + "_nan", "a NaN", model, one(f, sparse(5, {2: NAN})))
    yield case(name + "bernoulli_half", "neither 0 nor 1", model, one(f, dense(1, 0, 0.5, 0, 0)))
    model = NaiveBayes(modelType="gaussian").fit(counted(f, 110, "any"))
    yield case(name + "gaussian_short", "a vector of 4 where 5 are asked", model, one(f, dense(1, 2, 3, 4)))


def factors(f):
    """Factorization machines, with and without their linear part."""
    seen, rows = training(f, 120), few(f, 121)
    settings = {"factorSize": 3, "maxIter": 10, "stepSize": 0.1, "seed": 1}
    name = "FMClassificationModel_"
    model = FMClassifier(**settings).fit(seen)
    yield case(name + "rows", "dense, sparse, NaN and far rows", model, rows)
    yield case(name + "infinite", "infinite features", model, infinite(f))
    yield case(name + "thresholds", "thresholds", model.copy({model.thresholds: [0.7, 0.3]}), rows)
    yield case(name + "bare", "without intercept and linear weights", FMClassifier(fitIntercept=False, fitLinear=False, **settings).fit(seen), rows)
    for label, columns in empty_names():
        yield case(name + "only_" + label, "some output names are empty", renamed(model, columns), rows)
    name = "FMRegressionModel_"
    model = FMRegressor(labelCol="y", **settings).fit(seen)
    yield case(name + "rows", "dense, sparse, NaN and far rows", model, rows)
    yield case(name + "bare", "without intercept and linear weights", FMRegressor(labelCol="y", fitIntercept=False, fitLinear=False, **settings).fit(seen), rows)
    wide = FMRegressor(labelCol="y", **settings).fit(training(f, 122, size=33))
    yield case(name + "wide_33", "33 features", wide, dirty(f, 123, size=33, rows=8))
    yield case(name + "null", "one null vector", model, one(f, None))
    yield case(name + "wrong_size", "a vector of 4 where 5 are asked", model, one(f, dense(1, 2, 3, 4)))


def generalized(f):
    """Every family and link over the same coefficients; offsets."""
    name, seen, rows = "GeneralizedLinearRegressionModel_", training(f, 130), few(f, 131)
    model = GeneralizedLinearRegression(labelCol="y", linkPredictionCol="eta").fit(seen)
    links = {
        "gaussian": ("identity", "log", "inverse"),
        "binomial": ("logit", "probit", "cloglog"),
        "poisson": ("log", "identity", "sqrt"),
        "gamma": ("inverse", "log"),
    }
    for family in sorted(links):
        yield case(name + family, "family %s by its own link" % family, renamed(model, {"family": family}), rows)
        for link in links[family][1:]:
            yield case("%s%s_%s" % (name, family, link), "family %s, link %s" % (family, link), renamed(model, {"family": family, "link": link}), rows)
    for power in (0.0, 1.0, 2.0, 1.5, 3.0):
        yield case("%stweedie_%g" % (name, power), "variance power %g by its own link" % power, renamed(model, {"family": "tweedie", "variancePower": power}), rows)
    for power in (0.0, -1.0, 0.5, 0.3, -2.0):
        params = {"family": "tweedie", "variancePower": 1.6, "linkPower": power}
        yield case("%slink_power_%g" % (name, power), "tweedie, link power %g" % power, renamed(model, params), rows)
    yield case(name + "infinite", "infinite features", renamed(model, {"family": "poisson"}), infinite(f))
    pairs = [(dense(1, 2, 3, 4, 5), 1), (sparse(5, {1: 2.0}), None), (dense(0, 0, 1, 0, 0), -3)]
    shifted = renamed(model, {"family": "poisson", "offsetCol": "o"})
    yield case(name + "offset", "whole numbers and a null as offsets", shifted, f.make("features vector, o int", pairs))
    doubles = [(v, o) for (v, _), o in zip(pairs, (NAN, INF, -0.25))]
    yield case(name + "offset_doubles", "offsets that are not finite", shifted, f.make("features vector, o double", doubles))
    yield case(name + "no_prediction", "an empty prediction name", renamed(model, {"predictionCol": ""}), rows)
    plain = GeneralizedLinearRegression(labelCol="y", fitIntercept=False).fit(training(f, 132, size=33))
    yield case(name + "wide_33", "33 features, no intercept", plain, dirty(f, 133, size=33, rows=8))
    yield case(name + "null", "one null vector", model, one(f, None))


def survival(f):
    """Quantiles of other probabilities; empty names."""
    seen = training(f, 140).selectExpr("features", "exp(y / 3) AS label", "CAST(label AS DOUBLE) AS censor")
    name, rows = "AFTSurvivalRegressionModel_", few(f, 141)
    model = AFTSurvivalRegression(quantilesCol="q", quantileProbabilities=[0.999, 0.5, 1e-9]).fit(seen)
    yield case(name + "rows", "dense, sparse, NaN and far rows; three quantiles", model, rows)
    yield case(name + "infinite", "infinite features", model, infinite(f))
    yield case(name + "only_quantiles", "no prediction", renamed(model, {"predictionCol": ""}), rows)
    yield case(name + "only_prediction", "no quantiles", renamed(model, {"quantilesCol": ""}), rows)
    yield case(name + "null", "one null vector", model, one(f, None))
    yield case(name + "wrong_size", "a vector of 4 where 5 are asked", model, one(f, dense(1, 2, 3, 4)))


def isotonic(f):
    """Doubles and vectors, rising and falling; every odd number."""
    rnd = random.Random(150)
    made = [(round(rnd.gauss(0, 2), 1), round(rnd.gauss(0, 1), 2)) for _ in range(60)]
    made = [(x, x + noise, dense(noise, x, 1)) for x, noise in made] + [(0.0, 0.1, dense(0, 0, 1)), (-0.0, -0.4, dense(0, -0.0, 1))]
    seen = f.make("x double, label double, v vector", made)
    odd = [None, NAN, INF, -INF, 0.0, -0.0, 0.05, 1e300, -1e-300] + [row[0] for row in made[:6]] + [row[0] + 0.03 for row in made[:6]]
    name = "IsotonicRegressionModel_"
    rising = IsotonicRegression(featuresCol="x").fit(seen)
    yield case(name + "doubles", "null, NaN, infinite, between and beyond boundaries", rising, f.one("x", "double", odd))
    falling = IsotonicRegression(featuresCol="x", isotonic=False).fit(seen.selectExpr("x", "-label AS label"))
    yield case(name + "falling", "predictions that fall", falling, f.one("x", "double", odd))
    vectors = IsotonicRegression(featuresCol="v", featureIndex=1).fit(seen)
    rows = [dense(9, x, 9) for x in odd[1:]] + [sparse(3, {}), sparse(3, {0: 5.0}), sparse(3, {1: 1.5})]
    yield case(name + "vectors", "the second value of vectors", vectors, f.one("v", "vector", rows))
    yield case(name + "short", "a vector without a second value", vectors, f.one("v", "vector", [dense(1)]))
    yield case(name + "null_vector", "one null vector", vectors, f.one("v", "vector", [None]))


def perceptron(f):
    """Networks of some depths; every odd row."""
    name, rows = "MultilayerPerceptronClassificationModel_", few(f, 161)
    seen = training(f, 160, classes=3)
    deep = MultilayerPerceptronClassifier(layers=[5, 6, 4, 3], maxIter=15, seed=1).fit(seen)
    yield case(name + "deep", "two hidden layers", deep, rows)
    yield case(name + "infinite", "infinite features", deep, infinite(f))
    yield case(name + "flat", "no hidden layer, two classes", MultilayerPerceptronClassifier(layers=[5, 2], maxIter=10, seed=1).fit(training(f, 162)), rows)
    yield case(name + "flat_infinite", "no hidden layer, infinite features", MultilayerPerceptronClassifier(layers=[5, 2], maxIter=10, seed=1).fit(training(f, 162)), infinite(f))
    wide = MultilayerPerceptronClassifier(layers=[40, 9, 3], maxIter=5, seed=1).fit(training(f, 163, size=40, classes=3))
    yield case(name + "wide_40", "40 features", wide, dirty(f, 164, size=40, rows=8))
    yield case(name + "thresholds", "thresholds", deep.copy({deep.thresholds: [0.3, 0.2, 0.5]}), rows)
    for label, columns in empty_names():
        yield case(name + "only_" + label, "some output names are empty", renamed(deep, columns), rows)
    yield case(name + "null", "one null vector", deep, one(f, None))
    yield case(name + "wrong_size", "a vector of 4 where 5 are asked", deep, one(f, dense(1, 2, 3, 4)))


def clean(f, seed, rows=20):
    """Rows without NaN, dense and sparse."""
    return one(f, *[r.features for r in dirty(f, seed, rows=rows).collect() if not any(v != v for v in r.features.toArray())])


def bisecting(f):
    """Both distances; ties; what NaN and zero vectors do."""
    name, seen, rows = "BisectingKMeansModel_", training(f, 170, rows=150), clean(f, 171)
    for k in (2, 7):
        yield case("%sk%d" % (name, k), "%d clusters" % k, BisectingKMeans(k=k, seed=1).fit(seen), rows)
    nonzero = one(f, *[r.features for r in seen.collect() if r.features.numNonzeros()])
    angles = BisectingKMeans(k=5, seed=2, distanceMeasure="cosine").fit(nonzero)
    yield case(name + "cosine", "cosine distances", angles, one(f, *[r.features for r in rows.collect() if sum(v * v for v in r.features.toArray())]))
    yield case(name + "cosine_zero", "cosine distance of a zero vector", angles, one(f, sparse(5, {})))
    yield case(name + "cosine_nan", "cosine distance of a NaN", angles, one(f, dense(NAN, 1, 2, 3, 4)))
    corners = one(f, *[dense(1, 0), dense(0, 1), dense(-1, 0), dense(0, -1)] * 3)
    ties = one(f, dense(0, 0), sparse(2, {}), dense(0.5, 0.5), dense(-0.5, 0.5), sparse(2, {0: 0.25}), dense(1e-9, 0), dense(1e8, 1e8))
    yield case(name + "ties", "rows as far from one centre as from another", BisectingKMeans(k=4, seed=3, predictionCol="cluster").fit(corners), ties)
    plain = BisectingKMeans(k=4, seed=5).fit(seen)
    yield case(name + "nan", "a NaN in a dense row", plain, one(f, dense(NAN, 1, 2, 3, 4)))
    yield case(name + "nan_sparse", "a NaN in a sparse row", plain, one(f, sparse(5, {1: NAN})))
    yield case(name + "infinite", "infinite features", plain, infinite(f))
    endless = [sparse(5, {at: value, 4: 1.0}) for at in range(4) for value in (INF, -INF)]
    yield case(name + "infinite_sparse", "infinite features in sparse rows: distances that are NaN", BisectingKMeans(k=7, seed=1).fit(seen), one(f, *endless))
    yield case(name + "null", "one null vector", plain, one(f, None))
    yield case(name + "wrong_size", "a vector of 4 where 5 are asked", plain, one(f, dense(1, 2, 3, 4)))


def mixtures(f):
    """Gaussians that lie apart, overlap or are flat; every odd row."""
    rnd = random.Random(180)
    name = "GaussianMixtureModel_"
    blobs = [[rnd.gauss(4 * (i % 3), 1), rnd.gauss(-2 * (i % 3), 0.5 + i % 2), rnd.gauss(0, 1)] for i in range(120)]
    seen = one(f, *[mixed(i, x) for i, x in enumerate(blobs)])
    model = GaussianMixture(k=3, seed=1).fit(seen)
    rows = one(f, *[mixed(i, [round(v, 2) for v in x]) for i, x in enumerate(blobs[:12])], sparse(3, {}), dense(0, 0, 0), dense(1e6, 0, 0), dense(1e-300, 0, 0))
    yield case(name + "rows", "three Gaussians; dense and sparse rows", model, rows)
    yield case(name + "nan", "NaN and infinite values", model, one(f, dense(NAN, 1, 2), dense(INF, 1, 2), dense(INF, -INF, 0), sparse(3, {2: NAN})))
    yield case(name + "only_prediction", "no probability", renamed(model, {"probabilityCol": ""}), rows)
    yield case(name + "only_probability", "no prediction", renamed(model, {"predictionCol": ""}), rows)
    yield case(name + "null", "one null vector", model, one(f, None))
    yield case(name + "wrong_size", "a vector of 2 where 3 are asked", model, one(f, dense(1, 2)))
    flat = GaussianMixture(k=2, seed=1).fit(one(f, *[dense(x[0], 2.0, 2 * x[0], x[1]) for x in blobs]))
    rows = one(f, *[dense(round(x[0], 2), 2.0, round(2 * x[0], 2), round(x[1], 2)) for x in blobs[:8]])
    yield case(name + "flat", "a constant feature and one that depends on another", flat, rows)
    yield case(name + "narrow", "one feature", GaussianMixture(k=2, seed=1).fit(one(f, *[dense(x[0]) for x in blobs])), one(f, dense(1), dense(-3)))


class Plain(Classifier, DefaultParamsReadable, DefaultParamsWritable):
    """A classifier written in Python, so that PySpark's own writer saves what is made of it, and its own code answers."""

    def _fit(self, dataset):
        columns = {"featuresCol": self.getFeaturesCol(), "labelCol": self.getLabelCol(), "predictionCol": self.getPredictionCol()}
        return LogisticRegression(maxIter=4, regParam=0.05, **columns).fit(dataset)


def rest_of_python(f):
    """One-vs-rest as PySpark itself writes it and answers."""
    name, seen = "OneVsRestModel_python", training(f, 195, classes=3)
    model = OneVsRest(classifier=Plain()).fit(seen)
    yield case(name, "a classifier written in Python", model, few(f, 196))
    yield case(name + "_infinite", "raw predictions that are NaN", model, infinite(f))
    renamed = model.copy().setFeaturesCol("v").setPredictionCol("p")
    yield case(name + "_features", "the inner models keep to their own features", renamed, few(f, 197).selectExpr("id", "features"))
    other = model.copy()._set(rawPredictionCol="r")
    yield case(name + "_raw", "the raw predictions of the inner models have another name", other, few(f, 197))
    index = StringIndexer(inputCol="c", outputCol="index", handleInvalid="skip")
    worded = seen.selectExpr("id", "features", "label", "CAST(label AS STRING) AS c")
    whole = Pipeline(stages=[index, OneVsRest(classifier=Plain(), labelCol="index")]).fit(worded)
    yield case("PipelineModel_one_vs_rest_python", "in a pipeline that PySpark's own writer saves", whole, worded.limit(5).select("id", "features", "c"))


ONE_VS_REST = "org.apache.spark.ml.classification.OneVsRestModel"


def one_vs_rest(f):
    """Every kind of classifier inside; empty names; labels that come along. PySpark's own code is passed by."""
    name, seen, rows = "OneVsRestModel_", training(f, 190, classes=3), few(f, 191)
    inner = {
        "logistic": LogisticRegression(maxIter=5, regParam=0.01),
        "svm": LinearSVC(maxIter=5, regParam=0.01),
        "tree": DecisionTreeClassifier(maxDepth=3, leafCol="leaf"),
        "forest": RandomForestClassifier(numTrees=3, maxDepth=3, seed=1),
        "boosted": GBTClassifier(maxIter=2, maxDepth=2, seed=1),
        "bayes": NaiveBayes(modelType="gaussian"),
        "perceptron": MultilayerPerceptronClassifier(layers=[5, 3, 2], maxIter=5, seed=1),
        "factors": FMClassifier(factorSize=2, maxIter=5, stepSize=0.1, seed=1),
    }

    def fit(kind, seen, **names):
        model = OneVsRest(classifier=inner[kind])._to_java().fit(seen._jdf)
        for column, value in names.items():
            getattr(model, "set" + column)(value)
        return model

    for kind in sorted(inner):
        yield case(name + kind, "one %s a class" % type(inner[kind]).__name__, fit(kind, seen), rows, jvm=ONE_VS_REST)
    for kind in ("logistic", "bayes"):
        yield case(name + kind + "_infinite", "infinite features", fit(kind, seen), infinite(f), jvm=ONE_VS_REST)
    yield case(name + "only_prediction", "no raw prediction", fit("logistic", seen, RawPredictionCol=""), rows, jvm=ONE_VS_REST)
    yield case(name + "only_raw", "no prediction", fit("logistic", seen, PredictionCol=""), rows, jvm=ONE_VS_REST)
    named = fit("logistic", seen, FeaturesCol="v", PredictionCol="p", RawPredictionCol="r")
    yield case(name + "other_names", "other column names than those inside", named, rows.withColumnRenamed("features", "v"), jvm=ONE_VS_REST)
    yield case(name + "null", "one null vector", fit("logistic", seen), one(f, None), jvm=ONE_VS_REST)
    texts = seen.selectExpr("id", "features", "concat('class ', CAST(label AS INT)) AS text")
    indexer = StringIndexer(inputCol="text", outputCol="label").fit(texts)
    labelled = fit("svm", indexer.transform(texts))
    yield case(name + "labels", "labels of the training data", labelled, rows, jvm=ONE_VS_REST)
    found = IndexToString(inputCol="prediction", outputCol="found")
    stages = f.spark.sparkContext._gateway.new_array(f.spark._jvm.org.apache.spark.ml.PipelineStage, 2)
    stages[0], stages[1] = labelled, found._to_java()
    pipeline = f.spark._jvm.org.apache.spark.ml.Pipeline()
    fitted = pipeline.setStages(stages).fit(indexer.transform(texts)._jdf)
    note = "the labels come along from one-vs-rest to IndexToString"
    yield case("PipelineModel_one_vs_rest", note, fitted, rows, jvm="org.apache.spark.ml.PipelineModel")


def topics(f):
    """Topics of documents: dense, sparse, empty, fractions."""
    rnd = random.Random(200)
    seen = one(f, *[mixed(i, [float(rnd.choice((0, 0, 1, 3))) + (4.0 if j % 3 == i % 3 else 0.0) for j in range(9)]) for i in range(40)])
    name = "LocalLDAModel_"
    model = LDA(k=3, maxIter=5, seed=1).fit(seen)
    rows = one(f, *[r.features for r in seen.limit(8).collect()], sparse(9, {}), dense(*[0] * 9), sparse(9, {4: 0.0}), sparse(9, {2: 100.0}), dense(*[0.25] * 9), sparse(9, {0: 1e-3, 8: 0.0}))
    yield case(name + "rows", "dense, sparse and empty documents", model, rows)
    yield case(name + "many", "eight topics", LDA(k=8, maxIter=3, seed=2, docConcentration=[0.5], topicConcentration=0.2).fit(seen), rows)
    yield case(name + "one", "one topic by each of three words", LDA(k=2, maxIter=3, seed=2, optimizeDocConcentration=True, topicDistributionCol="t").fit(one(f, dense(1, 0, 2), dense(0, 3, 0))), one(f, dense(1, 1, 1), sparse(3, {1: 2.0})))
    yield case(name + "null", "one null vector", model, one(f, None))
    yield case(name + "wrong_size", "a vector of 10 where 9 are asked", model, one(f, dense(*[1] * 10)))
    yield case(name + "short", "a vector of 8 where 9 are asked", model, one(f, dense(*[1] * 8)))
    counted_topics = LDA(k=3, maxIter=5, seed=1, optimizer="em", topicDistributionCol="t").fit(seen)
    yield case("DistributedLDAModel_rows", "dense, sparse and empty documents", counted_topics, rows)


def encoded(f):
    """Classes and clusters as one-hot vectors: a prediction knows how many there are."""
    seen, rows = training(f, 210, classes=3), few(f, 211)
    for name, model in (("class", NaiveBayes(modelType="gaussian")), ("cluster", KMeans(k=4, seed=1)), ("mixture", GaussianMixture(k=2, seed=1))):
        stages = [model, OneHotEncoder(inputCol="prediction", outputCol="o", dropLast=False)]
        frame = clean(f, 211, 8) if name == "cluster" else rows
        yield case("PipelineModel_encoded_" + name, "a one-hot vector of a predicted " + name, Pipeline(stages=stages).fit(seen), frame)
