"""What every PySpark script of this project needs: a quiet session, plain saves, Spark's real error texts.

Runs on PySpark 2.4 to 4.x (Python 3.7 and newer).
"""

import datetime
import decimal
import glob
import json
import math
import os
import shutil
import sys

os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
os.environ.setdefault("PYSPARK_PYTHON", sys.executable)

import pyspark  # noqa: E402  (the address must be set first)
from pyspark.ml.linalg import DenseVector, SparseVector  # noqa: E402
from pyspark.sql import SparkSession  # noqa: E402

VERSION = pyspark.__version__


def session(memory="2g", short=False):
    """One local thread, one partition: rows keep their order.

    `short` is for many little jobs: what compiling would win, it would not earn back. Without its native library,
    Hadoop runs `chmod` for every file: half as many without side files of checksums, and started without a helper.
    """
    builder = (
        SparkSession.builder.master("local[1]")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.memory", memory)
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.sql.shuffle.partitions", "1")
        .config("spark.default.parallelism", "1")
        .config("spark.sql.session.timeZone", "UTC")
    )
    if short:
        builder = (
            builder.config("spark.driver.extraJavaOptions", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Djdk.lang.Process.launchMechanism=VFORK")
            .config("spark.sql.codegen.wholeStage", "false")
            .config("spark.sql.codegen.factoryMode", "NO_CODEGEN")
            .config("spark.sql.adaptive.enabled", "false")
        )
    spark = builder.getOrCreate()
    spark.sparkContext.setLogLevel("OFF")
    if short:
        local = spark._jvm.org.apache.hadoop.fs.FileSystem.getLocal(spark.sparkContext._jsc.hadoopConfiguration())
        local.setWriteChecksum(False)
    return spark


def drop_checksums(folder):
    """Hadoop's `.crc` side files are not part of a save; Spark reads it without them."""
    for path in glob.glob(os.path.join(folder, "**", ".*.crc"), recursive=True):
        os.remove(path)


def save_model(model, folder):
    """Saves a fitted model as a user does, over whatever was there."""
    shutil.rmtree(folder, ignore_errors=True)
    model.write().overwrite().save(folder)
    drop_checksums(folder)


def load_model(spark, folder):
    """Loads any saved stage by the class named in its metadata."""
    from pyspark.ml.util import DefaultParamsReader

    context = spark if VERSION >= "4" else spark.sparkContext
    return DefaultParamsReader.loadParamsInstance("file://" + os.path.abspath(folder), context)


class OnJvm:
    """A model that Spark's own code transforms with, where PySpark has Python code of its own."""

    def __init__(self, model):
        self.model = model

    def transform(self, frame):
        """As PySpark's models do."""
        session = getattr(frame, "sparkSession", None) or frame.sql_ctx
        return type(frame)(self.model.transform(frame._jdf), session)


def load_on_jvm(spark, java_class, folder):
    """Loads a save by this Java class, such as `org.apache.spark.ml.PipelineModel`."""
    loader = spark._jvm
    for name in java_class.split("."):
        loader = getattr(loader, name)
    return OnJvm(loader.load("file://" + os.path.abspath(folder)))


def load_pipeline(spark, folder):
    """A saved PipelineModel, run by Spark's own code unless Python wrote it."""
    with open(glob.glob(os.path.join(folder, "metadata", "part-*"))[0], encoding="utf-8") as file:
        name = json.load(file)["class"]
    if name.startswith("org."):
        return load_on_jvm(spark, name, folder)
    return load_model(spark, folder)


def write_one_file(frame, path):
    """Writes a frame as one plain Parquet file: Spark itself always makes a folder."""
    folder = path + ".parts"
    frame.coalesce(1).write.mode("overwrite").parquet(folder)
    (part,) = glob.glob(os.path.join(folder, "part-*.parquet"))
    os.replace(part, path)
    shutil.rmtree(folder)


def root_cause(error):
    """The first line of the innermost Java exception: `java.lang.RuntimeException: why`."""
    java = getattr(error, "java_exception", None) or getattr(error, "_origin", None)
    if java is None:
        lines = str(error).splitlines()
        return (type(error).__name__ + ": " + (lines[0] if lines else ""))[:400]
    while java.getCause() is not None:
        java = java.getCause()
    return java.toString().splitlines()[0][:400]


def encode(value):
    """A value of a row as JSON: vectors as `{"dense": …}` or `{"sparse": [size, indices, values]}`."""
    if isinstance(value, DenseVector):
        return {"dense": [encode(x) for x in value.values.tolist()]}
    if isinstance(value, SparseVector):
        return {"sparse": [int(value.size), value.indices.tolist(), [encode(x) for x in value.values.tolist()]]}
    if isinstance(value, float):
        if math.isnan(value):
            return "NaN"
        if math.isinf(value):
            return "Inf" if value > 0 else "-Inf"
        return value
    if isinstance(value, (list, tuple)):
        return [encode(x) for x in value]
    if isinstance(value, decimal.Decimal):
        return format(value, "f")
    return str(value) if isinstance(value, datetime.date) else value


def changed(frame, scored, rows):
    """The columns of the frame whose values, told by the `id` of the rows, or attributes the model wrote over."""
    if "id" not in frame.columns:
        return []
    before = {row["id"]: row for row in frame.collect()}
    kept = [c for c in frame.columns if c in scored.columns]
    attributes = [c for c in kept if scored.schema[c].metadata != frame.schema[c].metadata]
    values = [c for c in kept if any(repr(row[c]) != repr(before[row["id"]][c]) for row in rows)]
    return attributes + values


def answers(load, frame):
    """What this Spark answers: the columns added or written over for each row that is left, or the error.

    `load` gives the model, so that a failing load is an answer too.
    """
    try:
        model = load()
        scored = model.transform(frame)
        rows = scored.collect()
        overwritten = changed(frame, scored, rows)
        added = [c for c in scored.columns if c not in frame.columns or c in overwritten]
    except Exception as error:  # whatever Spark raises is the answer
        return {"reader": VERSION, "error": root_cause(error)}
    places = [scored.columns.index(c) for c in added]
    result = {"reader": VERSION, "columns": added}
    if "id" in scored.columns:
        result["row_ids"] = [row["id"] for row in rows]
    result["rows"] = [[encode(row[p]) for p in places] for row in rows]
    return result


def write_answers(result, path):
    """One row a line: a changed answer is a changed line."""
    rows = result.pop("rows", None)
    text = json.dumps(result, ensure_ascii=False)
    if rows is not None:
        body = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
        text = text[:-1] + ', "rows": [\n' + body + "\n]}"
    with open(path, "w", encoding="utf-8") as file:
        file.write(text + "\n")
