"""Train the churn example with real Spark and write what lies in this folder.

Run it from anywhere, with PySpark 3.5.9 and Java 17 (`cargo xtask test` makes the environment):

    .venv/spark3/bin/python examples/churn/train.py

Writes, beside this file (or to the folder given as the first argument):

    model/            the fitted pipeline, as `PipelineModel.write().save()` wrote it (without `.crc` files)
    rows.parquet      20,000 customers, without answers
    expected.parquet  the same customers in the same order, with every column that Spark's `transform` added

The customers are made up: the seed is fixed, so the data is the same each time.
"""

import glob
import os
import shutil
import sys

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")

from pyspark.ml import Pipeline  # noqa: E402  (the address must be set first)
from pyspark.ml.classification import RandomForestClassifier  # noqa: E402
from pyspark.ml.evaluation import BinaryClassificationEvaluator  # noqa: E402
from pyspark.ml.feature import StandardScaler, VectorAssembler  # noqa: E402
from pyspark.sql import SparkSession  # noqa: E402

TRAIN_ROWS = 200_000
SCORED_ROWS = 20_000
INPUTS = ["age", "income", "tenure_months", "credit_score"]


def make_customers(count: int) -> pa.Table:
    """Customers who leave more often when young in the contract, poor in credit or low in income."""
    rng = np.random.default_rng(7)
    age = rng.integers(18, 80, count)
    income = np.round(rng.lognormal(11, 0.45, count), 2)
    tenure = rng.integers(0, 120, count)
    credit = np.round(rng.beta(6, 2.2, count), 4)
    leaning = (
        -0.6
        + 0.03 * (age - 45)
        - 1.1 * (np.log(income) - 11)
        - 0.015 * (tenure - 40)
        - 2.5 * (credit - 0.7)
        + 0.8 * np.sin(age / 7) * (tenure < 30)
        + rng.normal(0, 0.8, count)
    )
    return pa.table(
        {
            "customer_id": np.arange(1001, 1001 + count, dtype="int64"),
            "age": age.astype("int32"),
            "income": income,
            "tenure_months": tenure.astype("int32"),
            "credit_score": credit,
            "churned": (leaning > 0).astype("int32"),
        }
    )


def write_one_file(frame, path: str) -> None:
    """Writes a Spark frame as one plain parquet file: Spark itself always makes a folder."""
    folder = path + ".parts"
    frame.coalesce(1).write.mode("overwrite").parquet(folder)
    (part,) = glob.glob(os.path.join(folder, "part-*.parquet"))
    os.replace(part, path)
    shutil.rmtree(folder)


def drop_checksums(folder: str) -> None:
    """Hadoop's `.crc` side files are not part of the save; Spark reads it without them."""
    for path in glob.glob(os.path.join(folder, "**", ".*.crc"), recursive=True):
        os.remove(path)


def main() -> None:
    out = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(__file__))
    os.makedirs(out, exist_ok=True)
    spark = (
        SparkSession.builder.master("local[2]")
        .config("spark.driver.memory", "4g")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.ui.enabled", "false")
        .getOrCreate()
    )
    customers = make_customers(TRAIN_ROWS)
    training = os.path.join(out, "training.parquet")
    pq.write_table(customers, training, row_group_size=50_000)
    pq.write_table(customers.drop_columns(["churned"]).slice(0, SCORED_ROWS), os.path.join(out, "rows.parquet"))

    train = spark.read.parquet(training).cache()
    model = Pipeline(
        stages=[
            VectorAssembler(inputCols=INPUTS, outputCol="features_raw"),
            StandardScaler(inputCol="features_raw", outputCol="features"),
            RandomForestClassifier(
                featuresCol="features", labelCol="churned", numTrees=100, maxDepth=10, seed=42
            ),
        ]
    ).fit(train)
    model.write().overwrite().save(os.path.join(out, "model"))
    drop_checksums(os.path.join(out, "model"))

    rows = spark.read.parquet(os.path.join(out, "rows.parquet"))
    write_one_file(model.transform(rows), os.path.join(out, "expected.parquet"))
    area = BinaryClassificationEvaluator(labelCol="churned").evaluate(model.transform(train))
    print(f"Spark {spark.version}: {model.stages[-1].totalNumNodes} nodes, AUC on the training rows {area:.4f}")
    spark.stop()
    os.remove(training)


if __name__ == "__main__":
    main()
