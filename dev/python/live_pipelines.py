"""The PySpark half of the live test: random pipelines, trained, saved and answered by real Spark.

    PYTHON dev/python/live_pipelines.py --seed 1 --pipelines 20 --out DIR [--only I]

For each pipeline, under DIR/<i>/:

    model/            the save
    input.parquet     the rows to score, with an `id` column
    expected.parquet  what `transform` answered, `id` included, or
    error.txt         the first line of the innermost exception that `transform` raised
    pipeline.json     seed, Spark version, stages and params: enough to make it again (`--only I`)

Train data is clean but for what an Imputer is to fill; score data has nulls, NaN, infinities, unseen labels and odd
sparse rows. A pipeline that may raise (`handleInvalid=error`, a null text) has no stage that drops rows: Spark may drop
a row before or after an earlier stage would have raised on it, as its optimizer likes.
"""

import argparse
import json
import os
import random
import shutil
import time

from spark_tools import VERSION, drop_checksums, root_cause, session, write_one_file

from pyspark.ml import Pipeline, PipelineModel
from pyspark.ml.classification import (
    DecisionTreeClassifier,
    GBTClassifier,
    LogisticRegression,
    RandomForestClassifier,
)
from pyspark.ml.clustering import KMeans
from pyspark.ml.feature import (
    HashingTF,
    IDF,
    Bucketizer,
    Imputer,
    IndexToString,
    MinMaxScaler,
    OneHotEncoder,
    QuantileDiscretizer,
    StandardScaler,
    StringIndexer,
    Tokenizer,
    VectorAssembler,
)
from pyspark.ml.regression import DecisionTreeRegressor, GBTRegressor, LinearRegression, RandomForestRegressor

from live_data import KINDS, LABELS, Table, write_rows

INF = float("inf")
TRAIN_ROWS, SCORE_ROWS = 70, 40


class Builder:
    """Draws the stages of one pipeline; `used` are the raw columns that it reads, `ready` what can be assembled."""

    def __init__(self, rnd):
        self.rnd = rnd
        self.way = rnd.choice(["keep", "keep", "skip", "skip", "error"])
        self.stages, self.used, self.ready, self.filled = [], [], [], []

    def some(self, choices, least=1):
        """A random few of the choices, in random order."""
        return self.rnd.sample(choices, self.rnd.randint(least, len(choices)))

    def chance(self, share):
        """True in this share of the draws."""
        return self.rnd.random() < share

    def invalid(self):
        """This pipeline's way, or the one that harms nobody."""
        return "keep" if self.chance(0.2) else self.way

    def add(self, stage, *used):
        """Adds a stage that reads these raw columns."""
        self.stages.append(stage)
        self.used += [c for c in used if c not in self.used]

    def numbers(self):
        """Imputer, Bucketizer or nothing over number columns."""
        columns = self.some(["d1", "d2", "f1", "i1", "l1"])
        if self.chance(0.5):
            fill = self.some(columns)
            out = [c + "_full" for c in fill]
            extra = {"missingValue": 77.0} if self.chance(0.2) else {}
            strategy = self.rnd.choice(["mean", "median", "mode"])
            self.add(Imputer(inputCols=fill, outputCols=out, strategy=strategy, **extra), *fill)
            self.filled += fill
            columns = [c for c in columns if c not in fill]
            self.ready += out
        if columns and self.chance(0.5):
            cut = columns.pop()
            self.bucket(cut)
            if cut in self.used and self.chance(0.5):
                columns.append(cut)
        self.used += [c for c in columns if c not in self.used]
        self.ready += columns
        if self.chance(0.3):
            self.used.append("b1")
            self.ready.append("b1")

    def bucket(self, column):
        """A Bucketizer over one or two columns, or the one that QuantileDiscretizer fits."""
        inner = sorted(self.rnd.sample([-2.0, -0.5, 0.0, 0.25, 1.0, 30.0, 1000.0], self.rnd.randint(1, 4)))
        ends = [-INF] + inner + [INF]
        if self.chance(0.3) and column != "d2":
            stage = QuantileDiscretizer(inputCol=column, outputCol=column + "_cut", numBuckets=3, handleInvalid=self.invalid())
        elif self.chance(0.4):
            other = "d1" if column != "d1" else "f1"
            stage = Bucketizer(
                inputCols=[column, other],
                outputCols=[column + "_cut", other + "_cut2"],
                splitsArray=[ends, [-INF, 0.0, INF]],
                handleInvalid=self.invalid(),
            )
            self.used += [other] if other not in self.used else []
        else:
            stage = Bucketizer(inputCol=column, outputCol=column + "_cut", splits=ends, handleInvalid=self.invalid())
        self.add(stage, column)
        self.ready.append(column + "_cut")

    def categories(self):
        """StringIndexer, then perhaps OneHotEncoder, and labels back again."""
        columns = self.some(["s1", "s2", "c1", "c2"])
        out = [c + "_index" for c in columns]
        order = self.rnd.choice(["frequencyDesc", "frequencyAsc", "alphabetDesc", "alphabetAsc"])
        if len(columns) == 1 and self.chance(0.7):
            self.add(StringIndexer(inputCol=columns[0], outputCol=out[0], handleInvalid=self.invalid(), stringOrderType=order), *columns)
        else:
            self.add(StringIndexer(inputCols=columns, outputCols=out, handleInvalid=self.invalid(), stringOrderType=order), *columns)
        if self.chance(0.6):
            hot = self.some(out)
            invalid = "keep" if self.way != "error" or self.chance(0.5) else "error"
            self.add(OneHotEncoder(inputCols=hot, outputCols=[c + "_hot" for c in hot], handleInvalid=invalid, dropLast=self.chance(0.5)))
            self.ready += [c + "_hot" for c in hot] + [c for c in out if c not in hot]
        else:
            self.ready += out
        if self.chance(0.3):
            self.add(IndexToString(inputCol=out[0], outputCol=out[0] + "_back"))

    def text(self):
        """Tokenizer, HashingTF and perhaps IDF."""
        size = self.rnd.choice([8, 32, 1000])
        self.add(Tokenizer(inputCol="t1", outputCol="tokens"), "t1")
        self.add(HashingTF(inputCol="tokens", outputCol="tf", numFeatures=size, binary=self.chance(0.3)))
        if self.chance(0.7):
            self.add(IDF(inputCol="tf", outputCol="idf", minDocFreq=self.rnd.randint(0, 3)))
            self.ready.append("idf")
        else:
            self.ready.append("tf")

    def vectors(self):
        """Ready-made vectors, plain or scaled."""
        for column in self.some(["v1", "v2"]):
            self.used.append(column)
            if self.chance(0.4):
                self.ready.append(self.scaled(column))
            else:
                self.ready.append(column)

    def scaled(self, column):
        """A scaler over a vector column; returns its output."""
        out = column + "_scaled"
        if self.chance(0.5):
            self.add(StandardScaler(inputCol=column, outputCol=out, withMean=self.chance(0.5), withStd=self.chance(0.8)))
        else:
            low = self.rnd.choice([0.0, -1.0, 0.25])
            self.add(MinMaxScaler(inputCol=column, outputCol=out, min=low, max=low + self.rnd.choice([1.0, 0.5, 3.0])))
        return out

    def draw(self):
        """All the stages."""
        parts = [self.numbers, self.categories, self.vectors] + ([self.text] if self.chance(0.3) else [])
        for part in self.some(parts):
            part()
        self.rnd.shuffle(self.ready)
        # A vector of unknown size cannot go into VectorAssembler keep: those from outside go in by skip or error.
        raw_vectors = [c for c in self.ready if c in ("v1", "v2")]
        invalid = self.invalid()
        if raw_vectors and invalid == "keep":
            invalid = "error" if self.way == "keep" else self.way
        self.add(VectorAssembler(inputCols=self.ready, outputCol="assembled", handleInvalid=invalid))
        features = self.scaled("assembled") if self.chance(0.4) else "assembled"
        if self.chance(0.9):
            self.add(self.model(features))
        if self.chance(0.15) and len(self.stages) > 2:
            cut = self.rnd.randint(1, len(self.stages) - 1)
            return [Pipeline(stages=self.stages[:cut])] + self.stages[cut:]
        return self.stages

    def names(self, kind):
        """Output names: mostly the usual ones, sometimes empty or other ones."""
        names = {}
        if kind == "class" and self.chance(0.25):
            names["rawPredictionCol"] = ""
        if kind == "class" and self.chance(0.25):
            names["probabilityCol"] = self.rnd.choice(["", "p"])
        if self.chance(0.2):
            names["predictionCol"] = "answer"
        return names

    def leaf(self):
        """Perhaps a leaf column."""
        return {"leafCol": "leaf"} if self.chance(0.3) else {}

    def thresholds(self, classes):
        """Perhaps thresholds, sometimes with a zero among them."""
        if not self.chance(0.35):
            return {}
        values = [round(self.rnd.uniform(0.05, 1), 2) for _ in range(classes)]
        if self.chance(0.2):
            values[self.rnd.randrange(classes)] = 0.0
        return {"thresholds": values}

    def settled(self, model, classes):
        """With thresholds and output names that the constructors of tree models do not take."""
        settings = dict(self.thresholds(classes), **self.names("class"))
        return model.copy({model.getParam(name): value for name, value in settings.items()})

    def model(self, features):
        """A classifier, a regression or a clustering with random params."""
        rnd = self.rnd
        kind = rnd.choice("logistic logistic linear tree forest boosted tree_y forest_y boosted_y kmeans".split())
        classes = rnd.choice([2, 3])
        label = {"labelCol": "label%d" % classes}
        seed, depth = rnd.randint(0, 1 << 30), rnd.randint(0, 6)
        if kind == "logistic":
            extra = self.thresholds(classes)
            if not extra and classes == 2 and self.chance(0.5):
                extra = {"threshold": rnd.choice([0.0, 0.2, 0.7, 1.0])}
            family = "multinomial" if self.chance(0.2) else "auto"
            return LogisticRegression(
                featuresCol=features, maxIter=rnd.randint(1, 8), regParam=rnd.choice([0.0, 0.05, 0.3]),
                elasticNetParam=rnd.choice([0.0, 1.0]), fitIntercept=self.chance(0.8), family=family,
                **extra, **label, **self.names("class")
            )
        if kind == "linear":
            loss = {"loss": "huber"} if self.chance(0.2) else {"elasticNetParam": rnd.choice([0.0, 1.0])}
            return LinearRegression(
                featuresCol=features, labelCol="y", maxIter=rnd.randint(1, 8), regParam=rnd.choice([0.01, 0.3]),
                fitIntercept=self.chance(0.8), solver="l-bfgs", **loss, **self.names("number")
            )
        if kind == "tree":
            tree = DecisionTreeClassifier(featuresCol=features, maxDepth=depth, impurity=rnd.choice(["gini", "entropy"]), **label, **self.leaf())
            return self.settled(tree, classes)
        if kind == "forest":
            forest = RandomForestClassifier(featuresCol=features, maxDepth=depth, numTrees=rnd.randint(1, 12), seed=seed, **label, **self.leaf())
            return self.settled(forest, classes)
        if kind == "boosted":
            boosted = GBTClassifier(featuresCol=features, labelCol="label2", maxDepth=min(depth, 3) or 1, maxIter=rnd.randint(1, 4), seed=seed, **self.leaf())
            return self.settled(boosted, 2)
        if kind == "tree_y":
            extra = {"varianceCol": "variance"} if self.chance(0.5) else {}
            return DecisionTreeRegressor(featuresCol=features, labelCol="y", maxDepth=depth, **extra, **self.leaf(), **self.names("number"))
        if kind == "forest_y":
            return RandomForestRegressor(featuresCol=features, labelCol="y", maxDepth=depth, numTrees=rnd.randint(1, 12), seed=seed, **self.leaf(), **self.names("number"))
        if kind == "boosted_y":
            return GBTRegressor(featuresCol=features, labelCol="y", maxDepth=min(depth, 3) or 1, maxIter=rnd.randint(1, 4), seed=seed, **self.leaf(), **self.names("number"))
        return KMeans(featuresCol=features, k=rnd.randint(2, 12), seed=seed, maxIter=3, **self.names("number"))


def dirt(rnd, table, builder, rows):
    """Spoils the rows to score; returns what was done."""
    share = rnd.choice([0.0, 0.05, 0.2, 0.4])
    if builder.way == "error" and rnd.random() < 0.6:
        share = 0.0
    columns = [c for c in builder.used if c != "t1" and rnd.random() < 0.6]
    for row in rows:
        for column in columns:
            if rnd.random() < share:
                table.spoil(row, column)
    done = {"share": share, "columns": columns}
    # What raises whatever handleInvalid says goes only where no row is dropped.
    fatal = [c for c in builder.used if c in ("t1", "v1", "v2")]
    if builder.way != "skip" and fatal and rnd.random() < 0.06:
        done["null"] = rnd.choice(fatal)
        rows[rnd.randrange(len(rows))][done["null"]] = None
    return done


def describe(stage):
    """A stage as its class and the params that were set."""
    if isinstance(stage, Pipeline):
        return {"class": "Pipeline", "stages": [describe(s) for s in stage.getStages()]}
    return {"class": type(stage).__name__, "params": {p.name: v for p, v in stage._paramMap.items()}}


def attempt(spark, rnd, folder, told):
    """Draws, trains, saves and scores one pipeline; raises when it cannot be trained."""
    table, builder = Table(rnd), Builder(rnd)
    stages = builder.draw()
    told.update(handleInvalid=builder.way, stages=[describe(s) for s in stages])
    columns = [c for c in KINDS if c in builder.used or c == "id"]

    train = table.rows(TRAIN_ROWS)
    for row in train:
        for column in builder.filled:
            if rnd.random() < 0.1:
                row[column] = None if KINDS[column] in ("int", "long") else rnd.choice([None, float("nan"), 77.0])
    scored = table.rows(SCORE_ROWS, odd=rnd.random() < 0.7)
    told["dirt"] = dirt(rnd, table, builder, scored)

    training = os.path.join(folder, "training.parquet")
    write_rows(train, columns + LABELS, training)
    model = Pipeline(stages=stages).fit(spark.read.parquet(training))
    os.remove(training)
    save = os.path.join(folder, "model")
    model.write().overwrite().save(save)
    drop_checksums(save)
    source = os.path.join(folder, "input.parquet")
    write_rows(scored, columns, source)
    try:
        loaded = PipelineModel.load(save)
        write_one_file(loaded.transform(spark.read.parquet(source)), os.path.join(folder, "expected.parquet"))
    except Exception as error:  # whatever Spark raises is the answer
        shutil.rmtree(os.path.join(folder, "expected.parquet.parts"), ignore_errors=True)
        with open(os.path.join(folder, "error.txt"), "w", encoding="utf-8") as file:
            file.write(root_cause(error) + "\n")
        told["error"] = True


def make(spark, seed, index, out):
    """One pipeline; draws again when Spark cannot train what was drawn."""
    for turn in range(8):
        folder = os.path.join(out, str(index))
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(folder)
        told = {"seed": seed, "index": index, "turn": turn, "spark": VERSION}
        try:
            attempt(spark, random.Random("%d/%d/%d" % (seed, index, turn)), folder, told)
        except Exception as error:  # training failed: say why and draw another
            print("pipeline {} turn {}: not trained: {}".format(index, turn, root_cause(error))[:200], flush=True)
            continue
        with open(os.path.join(folder, "pipeline.json"), "w", encoding="utf-8") as file:
            json.dump(told, file, indent=1, ensure_ascii=False, default=str)
        return told
    raise SystemExit("pipeline {} of seed {} could not be trained in 8 turns".format(index, seed))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=None, help="random when left out; printed")
    parser.add_argument("--pipelines", type=int, default=20)
    parser.add_argument("--out", required=True)
    parser.add_argument("--only", type=int, default=None, help="make just this one")
    args = parser.parse_args()
    seed = args.seed if args.seed is not None else random.SystemRandom().randrange(1 << 31)
    print("live pipelines: Spark {}, seed {}".format(VERSION, seed), flush=True)
    spark = session(short=True)
    started = time.time()
    indexes = range(args.pipelines) if args.only is None else [args.only]
    failed = sum(1 for i in indexes if make(spark, seed, i, os.path.abspath(args.out)).get("error"))
    print("{} pipelines, {} of them raise, {:.1f} s".format(len(indexes), failed, time.time() - started))
    spark.stop()


if __name__ == "__main__":
    main()
