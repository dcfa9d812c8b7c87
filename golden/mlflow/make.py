"""Make the MLflow model folders, with the mlflow and PySpark that run this (written with mlflow-skinny 3.17.2, PySpark 3.5.9).

    PYTHON golden/mlflow/make.py

Writes golden/mlflow/<name>/{model, input.parquet, expected.parquet}; expected is what Spark's transform adds.
"""

import os
import shutil
import sys

import mlflow
from mlflow.models import ModelSignature
from mlflow.types import ColSpec, Schema
from pyspark.ml import Pipeline
from pyspark.ml.feature import OneHotEncoder, StringIndexer, VectorAssembler
from pyspark.ml.classification import LogisticRegression

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "dev", "python"))
from spark_tools import drop_checksums, session, write_one_file  # noqa: E402

spark = session()
COLUMNS = "id long, city string, rooms int, area double, sold boolean"
ROWS = [
    (i, ["Oslo", "Rome", "Lima"][i % 3], 1 + i % 5, 30.5 + 7.25 * ((i * 37) % 11), (i * 7) % 4 == 0) for i in range(40)
]
frame = spark.createDataFrame(ROWS, COLUMNS)
stages = [
    StringIndexer(inputCol="city", outputCol="city_index", handleInvalid="keep"),
    OneHotEncoder(inputCol="city_index", outputCol="city_flags"),
    VectorAssembler(inputCols=["city_flags", "rooms", "area", "sold"], outputCol="features", handleInvalid="keep"),
    LogisticRegression(featuresCol="features", labelCol="sold_number", maxIter=5),
]
training = frame.selectExpr("*", "cast(sold as double) as sold_number")
model = Pipeline(stages=stages).fit(training)
reads = ["city", "rooms", "area", "sold"]
example = frame.select(reads).limit(3).toPandas()
types = {"city": "string", "rooms": "integer", "area": "double", "sold": "boolean"}
signature = ModelSignature(
    inputs=Schema([ColSpec(types[name], name) for name in reads]), outputs=Schema([ColSpec("double", "prediction")])
)

target = os.path.join(HERE, "signed")
shutil.rmtree(target, ignore_errors=True)
os.makedirs(target)
mlflow.set_tracking_uri("file://" + os.path.join(target, "runs"))
mlflow.spark.save_model(
    model,
    os.path.join(target, "model"),
    signature=signature,
    input_example=example,
    pip_requirements=["pyspark==3.5.9"],
)
shutil.rmtree(os.path.join(target, "runs"), ignore_errors=True)
drop_checksums(os.path.join(target, "model"))
write_one_file(frame, os.path.join(target, "input.parquet"))
write_one_file(model.transform(frame), os.path.join(target, "expected.parquet"))
spark.stop()
