"""The Spark side of the benchmark of files; `batch.py` starts it in an environment with PySpark.

usage: python spark_batch.py prepare FOLDER COUNT...        customers as FOLDER/customers_COUNT.parquet, FOLDER/empty
       python spark_batch.py measure MODEL OUT RUNS [FILE]  prints a line of JSON for each figure
"""

import json
import os
import shutil
import sys
import time
from pathlib import Path

STARTED = time.perf_counter()
os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")

import pyarrow.parquet as pq  # noqa: E402  (the clock is read before anything is loaded)
from pyspark.ml import Pipeline, PipelineModel  # noqa: E402
from pyspark.sql import SparkSession  # noqa: E402

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "examples/churn"))
from train import make_customers  # noqa: E402


def session():
    spark = (
        SparkSession.builder.master("local[2]")
        .config("spark.driver.memory", "4g")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.ui.enabled", "false")
        .getOrCreate()
    )
    spark.sparkContext.setLogLevel("ERROR")
    return spark


def prepare(folder, *counts):
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for count in counts:
        rows = make_customers(int(count)).drop_columns(["churned"])
        pq.write_table(rows, folder / f"customers_{count}.parquet", row_group_size=131_072)
    spark = session()
    first = spark.read.parquet(str(folder / f"customers_{counts[0]}.parquet"))
    Pipeline(stages=[]).fit(first).write().overwrite().save(str(folder / "empty"))
    spark.stop()


def measure(path, out, runs, file=None):
    spark = session()
    say("session", time.perf_counter() - STARTED)
    start = time.perf_counter()
    model = PipelineModel.load(path)
    say("load", time.perf_counter() - start)
    if file is None:
        spark.stop()
        return
    target = Path(out) / Path(file).stem
    # The first pass warms the JVM up and is told apart.
    for run in range(int(runs) + 1):
        shutil.rmtree(target, ignore_errors=True)
        start = time.perf_counter()
        model.transform(spark.read.parquet(file)).write.parquet(str(target))
        if run == 0:
            say("cold", time.perf_counter() - STARTED, Path(file).stem)
        else:
            say("warm", time.perf_counter() - start, Path(file).stem)
    spark.stop()


def say(name, seconds, file=None):
    print(json.dumps({"name": name, "seconds": seconds, "file": file}), flush=True)


if __name__ == "__main__":
    {"prepare": prepare, "measure": measure}[sys.argv[1]](*sys.argv[2:])
