"""Linear models and text in process, one thread: Firesteel beside scikit-learn pipelines with the same numbers.

The pipelines are made of Spark's own means, deviations, vocabulary, weights and coefficients; nothing is trained again.
"""

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from harness import OURS, Benchmark, column, difference, main, ours_answers, ours_in_process, slices, timed
from models import Model, exists
from spark_save import data, stage

PEER = "scikit-learn"


def logistic(folder):
    """scikit-learn's logistic regression with the coefficients that Spark saved."""
    (saved,) = data(folder).to_pylist()
    matrix, features = saved["coefficientMatrix"], saved["numFeatures"]
    weights = np.zeros(features)
    if matrix["type"] == 1:
        weights[:] = matrix["values"]
    elif matrix["isTransposed"]:
        weights[matrix["rowIndices"]] = matrix["values"]
    else:
        raise ValueError("the coefficients are a sparse matrix by columns")
    model = LogisticRegression()
    model.coef_, model.intercept_ = weights.reshape(1, -1), np.array(saved["interceptVector"]["values"])
    model.classes_ = np.array([0, 1])
    return model


def linear(model):
    (saved,) = data(stage(model.path, 1)).to_pylist()
    scaler = StandardScaler()
    scaler.mean_, scaler.scale_ = np.array(saved["mean"]["values"]), np.array(saved["std"]["values"])
    scaler.var_, scaler.n_features_in_ = scaler.scale_**2, len(scaler.mean_)
    return make_pipeline(scaler, logistic(stage(model.path, 2))), model.matrix()


def text(model):
    (counts,) = data(stage(model.path, 1)).to_pylist()
    (weights,) = data(stage(model.path, 2)).to_pylist()
    words = CountVectorizer(vocabulary=counts["vocabulary"], token_pattern=r"\S+", dtype=np.float64)
    idf = TfidfTransformer(norm=None)
    idf.idf_ = np.array(weights["idf"]["values"])
    return make_pipeline(words, idf, logistic(stage(model.path, 3))), column(model.rows["text"])


KINDS = {"linear": ("linear_100", linear), "text": ("text", text)}


def parts_of(rows, size):
    """The rows in parts of so many."""
    if isinstance(rows, np.ndarray) and rows.ndim == 2:
        return slices(rows, size)
    return [list(rows[at : at + size]) for at in range(0, len(rows) - size + 1, size)]


def run():
    benchmark = Benchmark("ns a row", x="rows a call")
    model_name, make = KINDS[benchmark.name]
    batches = [1, 100, 10_000] if not benchmark.options.quick else [1, 10_000]
    if not exists(model_name):
        benchmark.missing(model_name, OURS, "the model is not trained; run `cargo xtask bench` where PySpark works")
        return benchmark.write()
    model = Model(model_name)
    peer, rows = make(model)
    spark = model.probability()
    ours = difference(ours_answers(benchmark, model.path, model.rows_file)["probability"][:, 1], spark)
    theirs = difference(peer.predict_proba(rows)[:, 1], spark)
    benchmark.fact(model_name, rows=len(rows), **{"Parquet MiB": round(model.mebibytes(), 2)})
    for at in range(benchmark.options.runs):
        benchmark.say(f"{model_name}: run {at + 1} of {benchmark.options.runs}")
        nanos = ours_in_process(benchmark, model.path, model.rows_file, batches)
        for size in batches:
            case = "1 row" if size == 1 else f"{size:,} rows"
            benchmark.add(model_name, case, OURS, nanos[size, 1], size, ours)
            seconds = timed(peer.predict_proba, parts_of(rows, size), benchmark.options.seconds)
            benchmark.add(model_name, case, PEER, seconds / size * 1e9, size, theirs)
    benchmark.write()


if __name__ == "__main__":
    main(run)
