"""Whole pipelines: metadata that travels between stages, rows that vanish on the way, nesting, text, tables."""

import random

from pyspark.ml import Pipeline, PipelineModel
from pyspark.ml.classification import DecisionTreeClassifier, GBTClassifier, LogisticRegression, RandomForestClassifier
from pyspark.ml.clustering import KMeans
from pyspark.ml.feature import (
    HashingTF,
    IDF,
    Bucketizer,
    Imputer,
    IndexToString,
    MinMaxScaler,
    OneHotEncoder,
    SQLTransformer,
    StandardScaler,
    StringIndexer,
    Tokenizer,
    VectorAssembler,
    VectorSizeHint,
)
from pyspark.ml.regression import GBTRegressor, LinearRegression

from edge_case import INF, NAN, case, dense
from edge_features import TEXTS


def cases(frames):
    """Every case of this file."""
    for part in (labels_back, assembled_sizes, dropped, tabular, text, nested, odd):
        yield from part(frames)


def labels_back(f):
    """IndexToString finds the labels of a StringIndexerModel before it."""
    seen = f.one("x", "string", ["b", "a", "b", "c", "a", "d", "b"])
    for way, rows in (("keep", [None, "zz", "a", "d", "b"]), ("skip", [None, "zz", "a", "d", "b"]), ("error", ["a", "d"])):
        pipeline = Pipeline(stages=[StringIndexer(inputCol="x", outputCol="i", handleInvalid=way), IndexToString(inputCol="i", outputCol="back")])
        note = "labels by the column's metadata" + ("; the unseen ones come back as __unknown" if way == "keep" else "")
        yield case("PipelineModel_labels_%s" % way, note, pipeline.fit(seen), f.one("x", "string", rows))
    labelled = f.make("x string, v double", [("yes", 1.0), ("no", 0.0), ("yes", 2.0), ("no", -1.0), ("yes", 1.5)])
    indexer = StringIndexer(inputCol="x", outputCol="label", handleInvalid="keep").fit(labelled)
    pipeline = Pipeline(stages=[
        indexer,
        VectorAssembler(inputCols=["v"], outputCol="features"),
        DecisionTreeClassifier(maxDepth=2),
        IndexToString(inputCol="prediction", outputCol="answer", labels=indexer.labels),
    ])
    yield case("PipelineModel_answer_labels", "the classic ending: predictions as labels", pipeline.fit(labelled), labelled)
    unlabelled = f.one("v", "double", [1.0, -1.0])
    yield case("PipelineModel_keep_absent_label", "the label indexer finds no label column and says nothing", pipeline.fit(labelled), unlabelled)


def dropped(f):
    """Rows that a later stage drops and that one before it cannot score: Spark computes a column as late as it can, but for
    those of VectorAssembler, StringIndexerModel and VectorSizeHint."""
    rows = [(dense(1.0), 1.0, "a", 1.0), (dense(NAN), None, "zz", None), (dense(3.0), NAN, "b", 2.0), (dense(NAN), 1.0, "zz", -1.0)]
    frame = f.make("v vector, x double, c string, y double", rows)
    clean = f.make("v vector, x double, c string, y double", [(dense(1.0), 1.0, "a", 1.0), (dense(2.0), 2.0, "b", 0.5), (dense(9.0), 3.0, "b", 3.0)])
    where = SQLTransformer(statement="SELECT *, y + 1 AS z FROM __THIS__ WHERE y > 0")
    indexer = StringIndexer(inputCol="c", outputCol="i")
    means = KMeans(featuresCol="v", predictionCol="cluster", k=2, seed=3)
    skip = VectorAssembler(inputCols=["y"], outputCol="s", handleInvalid="skip")
    for name, stages in (
        ("where", [means, where]),
        ("skip", [means, skip]),
        ("skip_where", [means, skip, means.copy({means.predictionCol: "again"}), where]),
        ("indexed", [indexer, where]),
        ("indexed_later", [means, indexer, where]),
        ("assembled", [VectorAssembler(inputCols=["x"], outputCol="s"), where]),
        ("sized", [VectorSizeHint(inputCol="v", size=2), where]),
        ("index_skipped", [means, StringIndexer(inputCol="c", outputCol="i", handleInvalid="skip")]),
        ("index_skipped_later", [means, indexer.copy({indexer.outputCol: "j"}), StringIndexer(inputCol="c", outputCol="i", handleInvalid="skip")]),
    ):
        yield case("PipelineModel_dropped_%s" % name, "rows dropped that an earlier stage cannot score", Pipeline(stages=stages).fit(clean), frame)


def assembled_sizes(f):
    """Sizes that VectorAssembler keep learns from the stages before it."""
    rows = [(1.0, 2.0, "a"), (None, 2.0, "b"), (NAN, None, None), (0.0, 0.0, "zz"), (3.0, INF, "a")]
    frame = f.make("x double, y double, c string", rows)
    clean = f.make("x double, y double, c string", [(1.0, 2.0, "a"), (2.0, 1.0, "b"), (0.0, 0.0, "c")])
    pipeline = Pipeline(stages=[
        StringIndexer(inputCol="c", outputCol="ci", handleInvalid="keep"),
        OneHotEncoder(inputCols=["ci"], outputCols=["co"], handleInvalid="keep", dropLast=False),
        VectorAssembler(inputCols=["x", "y"], outputCol="first", handleInvalid="keep"),
        VectorAssembler(inputCols=["co", "first", "x"], outputCol="features", handleInvalid="keep"),
        StandardScaler(inputCol="features", outputCol="scaled", withMean=True),
    ])
    yield case("PipelineModel_assembled_keep", "vectors of known sizes into VectorAssembler keep", pipeline.fit(clean), frame)


def people(rnd, clean):
    """A row of a table: with `clean` nothing is missing."""
    bad = 0.0 if clean else 0.12
    age = rnd.randrange(18, 80)
    income = round(rnd.lognormvariate(10, 0.5), 2)
    city = rnd.choice(["Köln", "Berlin", "Ulm"] + ([] if clean else ["Mars"]))
    plan = rnd.choice(["free", "pro"])
    leaves = 1.0 if (age > 45) != (plan == "pro") and rnd.random() < 0.9 else 0.0
    row = [age, income, city, plan, rnd.random() * 10]
    row = [None if rnd.random() < bad else value for value in row]
    if not clean and rnd.random() < bad:
        row[1] = NAN
    return tuple(row) + (leaves,)


def tabular(f):
    """A table with holes through most feature stages, to each kind of model."""
    columns = "age int, income double, city string, plan string, use double, label double"
    rnd = random.Random(60)
    clean = f.make(columns, [people(rnd, True) for _ in range(300)])
    dirty = f.make(columns, [people(rnd, False) for _ in range(60)])
    for way in ("keep", "skip"):
        front = [
            StringIndexer(inputCols=["city", "plan"], outputCols=["city_i", "plan_i"], handleInvalid=way),
            OneHotEncoder(inputCols=["city_i", "plan_i"], outputCols=["city_v", "plan_v"], handleInvalid="keep"),
            Imputer(inputCols=["age", "income"], outputCols=["age_f", "income_f"], strategy="median"),
            Bucketizer(inputCol="use", outputCol="use_b", splits=[0.0, 2.0, 5.0, INF], handleInvalid=way),
            VectorAssembler(inputCols=["age_f", "income_f", "use_b", "city_v", "plan_v"], outputCol="raw", handleInvalid=way),
        ]
        for name, back in (
            ("forest", [StandardScaler(inputCol="raw", outputCol="features"), RandomForestClassifier(numTrees=10, seed=1)]),
            ("logistic", [MinMaxScaler(inputCol="raw", outputCol="features"), LogisticRegression(maxIter=10)]),
            ("boosted", [GBTClassifier(featuresCol="raw", maxIter=5, seed=1)]),
            ("linear", [StandardScaler(inputCol="raw", outputCol="features", withMean=True), LinearRegression(maxIter=10, regParam=0.1)]),
            ("boosted_linear", [GBTRegressor(featuresCol="raw", labelCol="income_f", maxIter=4, seed=1, predictionCol="p1"), LinearRegression(featuresCol="raw", regParam=0.3, predictionCol="p2")]),
        ):
            yield case("PipelineModel_table_%s_%s" % (name, way), "a table with holes, handleInvalid %s throughout" % way, Pipeline(stages=front + back).fit(clean), dirty)


def text(f):
    """Texts to tokens, buckets, weights and a class."""
    rnd = random.Random(61)
    words = "good bad fine awful great poor the a it was very not".split()
    rows = []
    for _ in range(80):
        said = [rnd.choice(words) for _ in range(rnd.randrange(1, 9))]
        mood = sum(w in ("good", "fine", "great") for w in said) - sum(w in ("bad", "awful", "poor") for w in said)
        rows.append((" ".join(said), 1.0 if mood > 0 else 0.0))
    seen = f.make("text string, label double", rows)
    scored = f.one("text", "string", TEXTS + [r[0] for r in rows[:15]] + ["GOOD good  gOOd", "unknown words only"])
    for size in (64, 1 << 18):
        pipeline = Pipeline(stages=[
            Tokenizer(inputCol="text", outputCol="words"),
            HashingTF(inputCol="words", outputCol="tf", numFeatures=size),
            IDF(inputCol="tf", outputCol="features", minDocFreq=2),
            LogisticRegression(maxIter=10, regParam=0.01, elasticNetParam=0.5),
        ])
        yield case("PipelineModel_text_%d" % size, "texts to a class, %d buckets" % size, pipeline.fit(seen), scored)
    pipeline = Pipeline(stages=[Tokenizer(inputCol="text", outputCol="words"), HashingTF(inputCol="words", outputCol="features", numFeatures=32, binary=True), KMeans(k=4, seed=1)])
    yield case("PipelineModel_text_clusters", "texts to clusters", pipeline.fit(seen), scored)


def nested(f):
    """Pipelines in pipelines, three deep; an empty one; more than ten stages."""
    seen = f.make("c string, x double, label double", [("a", 1.0, 0.0), ("b", 2.0, 1.0), ("a", 3.5, 1.0), ("c", 0.5, 0.0), ("b", 1.1, 0.0)])
    scored = f.make("c string, x double, label double", [("a", 1.0, 0.0), ("zz", 2.0, 1.0), (None, 3.5, 1.0), ("c", None, 0.0)])
    inner = Pipeline(stages=[StringIndexer(inputCol="c", outputCol="ci", handleInvalid="keep"), OneHotEncoder(inputCol="ci", outputCol="cv")])
    middle = Pipeline(stages=[inner, Pipeline(stages=[Imputer(inputCol="x", outputCol="xf")])])
    outer = Pipeline(stages=[middle, VectorAssembler(inputCols=["cv", "xf"], outputCol="features"), LogisticRegression(maxIter=5)])
    yield case("PipelineModel_nested_deep", "pipelines three deep; saved by Python's own writer", outer.fit(seen), scored)
    yield case("PipelineModel_empty", "no stage at all", PipelineModel(stages=[]), scored)
    stages = [Bucketizer(inputCol="x", outputCol="b%d" % i, splits=[-INF, i / 4.0, INF], handleInvalid="keep") for i in range(10)]
    many = Pipeline(stages=stages + [VectorAssembler(inputCols=["b%d" % i for i in range(10)], outputCol="v", handleInvalid="skip")])
    yield case("PipelineModel_eleven", "eleven stages: their folders are numbered with two digits", many.fit(seen), scored)


def odd(f):
    """Odd column names; a column that is read twice; a stage that overwrites what another made."""
    seen = f.make("größe double, a·b double, 数 int, label double", [(1.0, 2.0, 3, 0.0), (2.0, 0.5, 1, 1.0), (0.1, 0.2, 9, 0.0), (4.0, 4.0, 4, 1.0)])
    odd_names = Pipeline(stages=[VectorAssembler(inputCols=["größe", "a·b", "数"], outputCol="Merk male"), LogisticRegression(featuresCol="Merk male", maxIter=5, predictionCol="Vorhersage", probabilityCol="p(x)", rawPredictionCol="roh")])
    yield case("PipelineModel_odd_names", "column names beyond ASCII, with spaces and brackets", odd_names.fit(seen), seen)
    frame = f.make("x double, y double", [(1.0, NAN), (NAN, 2.0), (3.0, 4.0), (None, 0.0)])
    twice = Pipeline(stages=[
        Imputer(inputCols=["x", "y"], outputCols=["x", "y"]),
        VectorAssembler(inputCols=["x", "y", "x"], outputCol="v"),
        MinMaxScaler(inputCol="v", outputCol="s", min=-1.0, max=1.0),
    ])
    yield case("PipelineModel_in_place", "Imputer writes over its inputs; a column is assembled twice", twice.fit(frame), frame)
