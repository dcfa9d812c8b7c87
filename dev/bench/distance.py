"""k-means and Gaussian mixtures in process, one thread: Firesteel beside scikit-learn, which asks a BLAS.

scikit-learn is given the very centres, weights, means and covariances that Spark saved; nothing is trained again. It
starts from a matrix, Firesteel from columns, which the saved pipeline assembles.
"""

import numpy as np
from sklearn.cluster import KMeans
from sklearn.mixture import GaussianMixture
from sklearn.mixture._gaussian_mixture import _compute_precision_cholesky

from harness import OURS, Benchmark, column, difference, main, ours_answers, ours_in_process, slices, timed
from models import Model, exists
from spark_save import data, stage

PEER = "scikit-learn"


def kmeans(model):
    """scikit-learn's k-means with Spark's centres, and the column that both answer."""
    table = data(stage(model.path, 1)).sort_by("clusterIdx")
    centers = column(table["clusterCenter"])
    peer = KMeans(n_clusters=len(centers))
    peer.cluster_centers_, peer.n_features_in_, peer._n_threads = np.ascontiguousarray(centers), centers.shape[1], 1
    return peer.predict, "prediction"


def mixture(model):
    """scikit-learn's mixture with Spark's Gaussians, and the column that both answer."""
    (saved,) = data(stage(model.path, 1)).to_pylist()
    means = np.array([mean["values"] for mean in saved["mus"]])
    count, features = means.shape
    # Symmetric, so that rows and columns are the same.
    covariances = np.array([sigma["values"] for sigma in saved["sigmas"]]).reshape(count, features, features)
    peer = GaussianMixture(n_components=count)
    peer.weights_, peer.means_, peer.covariances_ = np.array(saved["weights"]), means, covariances
    peer.precisions_cholesky_, peer.n_features_in_ = _compute_precision_cholesky(covariances, "full"), features
    return peer.predict_proba, "probability"


KINDS = {"kmeans_20x20": kmeans, "mixture_5x10": mixture}


def measure(benchmark, name, make):
    model = Model(name)
    call, answer = make(model)
    rows, spark = model.matrix(), model.answers(answer)
    ours = difference(ours_answers(benchmark, model.path, model.rows_file, (answer,))[answer], spark)
    theirs = difference(call(rows), spark)
    benchmark.fact(name, rows=len(rows), **{"Parquet MiB": round(model.mebibytes(), 2)})
    batches = [1, 100, 10_000] if not benchmark.options.quick else [1, 10_000]
    for at in range(benchmark.options.runs):
        benchmark.say(f"{name}: run {at + 1} of {benchmark.options.runs}")
        nanos = ours_in_process(benchmark, model.path, model.rows_file, batches)
        for size in batches:
            case = "1 row" if size == 1 else f"{size:,} rows"
            benchmark.add(name, case, OURS, nanos[size, 1], size, ours)
            seconds = timed(call, slices(rows, size), benchmark.options.seconds)
            benchmark.add(name, case, PEER, seconds / size * 1e9, size, theirs)


def run():
    benchmark = Benchmark("ns a row", x="rows a call")
    for name, make in KINDS.items():
        if exists(name):
            measure(benchmark, name, make)
        else:
            benchmark.missing(name, OURS, "the model is not trained; run `cargo xtask bench` where PySpark works")
    benchmark.note("Spark adds 2.2e-16 to each weighted density, scikit-learn does not: so far are its mixtures apart.")
    benchmark.write()


if __name__ == "__main__":
    main(run)
