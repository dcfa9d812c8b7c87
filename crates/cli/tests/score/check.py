"""Checks, in real Spark, what `firesteel score` reads and writes.

Arguments: the firesteel command, the churn model, its rows, Spark's answers, an empty folder.
"""

import os
import subprocess
import sys

from pyspark.ml.functions import array_to_vector
from pyspark.ml.linalg import DenseVector, VectorUDT
from pyspark.sql import SparkSession
from pyspark.sql.functions import array, col

firesteel, model, rows, expected, folder = sys.argv[1:]
spark = (
    SparkSession.builder.master("local[1]")
    .config("spark.ui.enabled", "false")
    .config("spark.driver.host", "127.0.0.1")
    .config("spark.driver.bindAddress", "127.0.0.1")
    .config("spark.sql.shuffle.partitions", "1")
    .config("spark.sql.session.timeZone", "America/New_York")
    .config("spark.sql.parquet.datetimeRebaseModeInWrite", "CORRECTED")
    .config("spark.sql.parquet.datetimeRebaseModeInRead", "CORRECTED")
    .config("spark.sql.parquet.int96RebaseModeInWrite", "CORRECTED")
    .config("spark.sql.parquet.int96RebaseModeInRead", "CORRECTED")
    .getOrCreate()
)


def place(name):
    return os.path.join(folder, name)


def score(source, target, *more):
    subprocess.run([firesteel, "score", model, source, "-o", target, *more], check=True)
    return target


def same(found, wanted):
    """Whether two frames have the same columns, types and rows; rows are told by customer_id."""
    assert found.columns == wanted.columns, (found.columns, wanted.columns)
    for one, other in zip(found.schema.fields, wanted.schema.fields):
        assert one.dataType == other.dataType, (one, other)
    mine, theirs = found.orderBy("customer_id").collect(), wanted.orderBy("customer_id").collect()
    assert len(mine) == len(theirs), (len(mine), len(theirs))
    for one, other in zip(mine, theirs):
        assert one == other, (one, other)
    return len(mine)


# Vectors are vectors again, and every answer is Spark's.
theirs = spark.read.parquet(expected)
ours = spark.read.parquet(score(rows, place("scored.parquet")))
assert isinstance(ours.schema["probability"].dataType, VectorUDT)
assert ours.schema["probability"].metadata == {"ml_attr": {"num_attrs": 2}}, ours.schema["probability"].metadata
assert isinstance(ours.first()["probability"], DenseVector)
print("same", same(ours, theirs))

# Columns that the model does not read pass through, whatever their type, from Spark and back to Spark.
odd = spark.read.parquet(rows).limit(300).selectExpr(
    "*",
    "if(age < 30, null, concat('é', age)) as text",
    "date_add(date'0900-01-31', age * 10000) as day",
    "timestamp_seconds(customer_id * 1000003) as moment",
    "cast(income as decimal(20, 4)) as price",
    "array(age, null) as list",
    "map('k', age, 'n', null) as pairs",
    "named_struct('x', income, 'y', array(named_struct('at', timestamp_seconds(age)))) as nested",
    "cast(null as int) as nothing",
    "cast('ab' as binary) as bytes",
    "cast(age as byte) as small",
)
odd = odd.withColumn("vector", array_to_vector(array(col("income"), col("age").cast("double"))))
odd.repartition(3).write.parquet(place("odd"))
again = spark.read.parquet(score(place("odd"), place("odd.parquet"), "--columns", "prediction"))
print("same", same(again.drop("prediction"), spark.read.parquet(place("odd"))))

# Spark's own CSV and JSON lines, packed or not, give the same answers.
wanted = theirs.select("customer_id", "prediction").where("customer_id <= 2000")
plain = spark.read.parquet(rows).where("customer_id <= 2000")
plain.repartition(2).write.csv(place("csv"), header=True, compression="gzip")
plain.repartition(2).write.json(place("json"))
for source in ["csv", "json"]:
    target = score(place(source), place(source + ".parquet"), "--input-type", "customer_id:long")
    print("same", same(spark.read.parquet(target).select("customer_id", "prediction"), wanted))

# Spark reads the text that we write: the CSV that came as Parquet, and JSON lines.
from_csv = spark.read.option("header", True).option("inferSchema", True).csv
for target, reader in [("back.csv", from_csv), ("back.json", spark.read.json)]:
    score(rows, place(target), "--columns", "prediction")
    back = reader(place(target)).select(col("customer_id").cast("long"), "prediction").where("customer_id <= 2000")
    print("same", same(back, wanted))
spark.stop()
