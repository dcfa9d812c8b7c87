"""Trains the models that `cargo xtask bench` measures, with real Spark on made-up rows from a fixed seed.

usage: python train.py NAME FOLDER     (the Python environment `.venv/spark3`)

Writes FOLDER/model (a PipelineModel), FOLDER/rows.parquet (20,000 rows that training did not see),
FOLDER/answers.parquet (what Spark's `transform` answers to them, by `row`) and FOLDER/about.json.
"""

import json
import shutil
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
from pyspark.ml import Pipeline
from pyspark.ml.classification import GBTClassifier, LogisticRegression, RandomForestClassifier
from pyspark.ml.clustering import GaussianMixture, KMeans
from pyspark.ml.feature import IDF, CountVectorizer, StandardScaler, Tokenizer, VectorAssembler
from pyspark.ml.functions import vector_to_array
from pyspark.sql import SparkSession

ROWS = 20_000
# Rows that a model is trained on; what is not named has the last.
TRAIN_ROWS = {"forest_500x10x30": 50_000, "forest_1000x15x200": 8_000}
OTHER_TRAIN_ROWS = 10_000


def table(features, rows, seed):
    """Rows of `features` doubles: normal, skewed, even and counted ones by turns, and a noisy label of many of them."""
    rng = np.random.default_rng(seed)
    kinds = [
        lambda: rng.normal(0, 1, rows),
        lambda: rng.lognormal(0, 0.7, rows),
        lambda: rng.uniform(-1, 1, rows),
        lambda: rng.poisson(20, rows).astype(np.float64),
    ]
    columns = {f"f{at}": kinds[at % len(kinds)]() for at in range(features)}
    values = np.column_stack(list(columns.values()))
    scaled = (values - values.mean(axis=0)) / values.std(axis=0)
    # The weights are the same for every table, the noise is not.
    weights = np.random.default_rng(1).normal(0, 1, features) / np.sqrt(features)
    pairs = (scaled[:, :-1] * scaled[:, 1:]) @ weights[1:]
    signal = scaled @ weights + 0.8 * pairs + np.sin(2 * scaled[:, 0]) * 0.5
    columns["label"] = (signal + rng.normal(0, 0.5, rows) > 0).astype(np.float64)
    return pd.DataFrame(columns)


def texts(rows, seed):
    """Rows of made-up text, 5 to 60 words from a vocabulary where few words are common, and a label that words decide."""
    rng = np.random.default_rng(seed)
    vocabulary = np.array([f"word{at}" for at in range(20_000)])
    tilt = np.random.default_rng(1).normal(0, 1, len(vocabulary))
    lengths = rng.integers(5, 61, rows)
    picked = np.minimum(rng.zipf(1.3, lengths.sum()) - 1, len(vocabulary) - 1)
    parts = np.split(picked, np.cumsum(lengths)[:-1])
    label = np.array([tilt[part].mean() + rng.normal(0, 0.1) > 0 for part in parts])
    return pd.DataFrame({"text": [" ".join(vocabulary[part]) for part in parts], "label": label.astype(np.float64)})


def clusters(features, rows, seed):
    """Rows of `features` doubles around 12 centres, near enough to each other that many rows lie between two."""
    rng = np.random.default_rng(seed)
    # The centres are the same for every table.
    centers = np.random.default_rng(1).normal(0, 0.4, (12, features))
    values = centers[rng.integers(0, len(centers), rows)] + rng.normal(0, 0.3, (rows, features))
    return pd.DataFrame(values, columns=[f"f{at}" for at in range(features)])


def assembled(features, *stages):
    """The stages behind a VectorAssembler of all features."""
    names = [f"f{at}" for at in range(features)]
    return Pipeline(stages=[VectorAssembler(inputCols=names, outputCol="features"), *stages])


def forest(trees, depth, features):
    return assembled(features, RandomForestClassifier(numTrees=trees, maxDepth=depth, seed=42))


def boosted(trees, depth, features):
    return assembled(features, GBTClassifier(maxIter=trees, maxDepth=depth, seed=42))


def linear(features):
    scaler = StandardScaler(inputCol="features", outputCol="scaled", withMean=True)
    return assembled(features, scaler, LogisticRegression(featuresCol="scaled", regParam=0.01))


def text():
    return Pipeline(
        stages=[
            Tokenizer(inputCol="text", outputCol="words"),
            CountVectorizer(inputCol="words", outputCol="counts", vocabSize=20_000),
            IDF(inputCol="counts", outputCol="weights"),
            LogisticRegression(featuresCol="weights", maxIter=20, regParam=0.01),
        ]
    )


def kmeans(count, features):
    return assembled(features, KMeans(k=count, seed=42))


def mixture(count, features):
    return assembled(features, GaussianMixture(k=count, maxIter=20, seed=42))


# What makes the rows of a kind of model; those that are not named are of a `table`.
ROWS_OF = {"text": lambda _, rows, seed: texts(rows, seed), "kmeans": clusters, "mixture": clusters}


def described(name):
    """The pipeline, its features (none for text) and what makes its rows, of a name such as `forest_500x10x30` (trees, depth,
    features)."""
    kind, _, sizes = name.partition("_")
    sizes = [int(size) for size in sizes.split("x") if size]
    pipelines = [forest, boosted, linear, text, kmeans, mixture]
    pipeline = next(pipeline for pipeline in pipelines if pipeline.__name__ == kind)
    return lambda: pipeline(*sizes), sizes[-1] if sizes else None, ROWS_OF.get(kind, table)


def main(name, folder):
    pipeline, features, made = described(name)
    train_rows = TRAIN_ROWS.get(name, OTHER_TRAIN_ROWS)
    folder = Path(folder).resolve()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    rows = made(features, ROWS, 8)
    rows.insert(0, "row", np.arange(ROWS, dtype=np.int64))
    rows.to_parquet(folder / "rows.parquet", index=False)
    made(features, train_rows, 7).to_parquet(folder / "train.parquet", index=False)
    spark = (
        SparkSession.builder.master("local[2]")
        .config("spark.driver.memory", "5g")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.sql.shuffle.partitions", "2")
        .getOrCreate()
    )
    spark.sparkContext.setLogLevel("ERROR")
    started = time.time()
    model = pipeline().fit(spark.read.parquet(str(folder / "train.parquet")).repartition(2))
    seconds = time.time() - started
    model.write().overwrite().save(str(folder / "model"))
    # A reader rebuilds its own columns, so the answers are asked of the save, not of the model in memory.
    answers = model.transform(spark.read.parquet(str(folder / "rows.parquet")))
    columns = ["row", "prediction"]
    if "probability" in answers.columns:
        columns.append(vector_to_array("probability").alias("probability"))
    answers = answers.select(*columns)
    answers.toPandas().sort_values("row").to_parquet(folder / "answers.parquet", index=False)
    (folder / "train.parquet").unlink()
    about = {
        "name": name,
        "spark": spark.version,
        "features": features,
        "train_rows": train_rows,
        "train_seconds": round(seconds, 1),
    }
    (folder / "about.json").write_text(json.dumps(about) + "\n")
    print(json.dumps(about), flush=True)
    spark.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
