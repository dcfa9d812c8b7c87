"""The input frames that the shared golden cases score: 60 made-up rows, always the same ones.

    PYTHON golden/spark/frames.py

writes them to `inputs/*.parquet` (done with PySpark 3.5.9). The names are those in each `case.json`:

    rows               ids, categories, vectors, numbers (some NaN), text
    words              rows + `words`: the text in lower case, split
    term_frequencies   words + `tf`: HashingTF with 16 buckets, by the hash of Spark 3.0 and newer
    term_frequencies_v1   the same by the hash of Spark 2.x, as the answers of 2.4.8 need it
    indexed            rows + `vi`: VectorIndexer over `countf`
    ratings            48 pairs of `user` and `item`, some of them not known to the model
    itemsets           6 lists of `items`
"""

import os
import random
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "dev", "python"))

from pyspark.ml.feature import HashingTF, Tokenizer, VectorIndexer  # noqa: E402
from pyspark.ml.linalg import Vectors  # noqa: E402

from spark_tools import session, write_one_file  # noqa: E402

COLUMNS = (
    "id cat cat2 catIdx catIdx2 features absf countf binf x0 x1 xn label label3 y ypos censor text cnt".split()
)


def rows():
    """The rows; the order of the random draws is part of the data."""
    rnd = random.Random(7)
    made = []
    for i in range(60):
        x = [round(rnd.gauss(0, 1), 4) for _ in range(4)]
        cat = rnd.choice(["a", "b", "c"])
        cat2 = rnd.choice(["u", "v"])
        label = 1.0 if x[0] + 0.5 * x[1] + (0.7 if cat == "a" else 0) + rnd.gauss(0, 0.3) > 0.2 else 0.0
        y = 2 * x[0] - x[1] + 0.3 * x[2] + rnd.gauss(0, 0.2)
        made.append(
            (
                i,
                cat,
                cat2,
                float("abc".index(cat)),
                float("uv".index(cat2)),
                Vectors.dense(x),
                Vectors.dense([abs(v) for v in x]),
                Vectors.dense([float(rnd.randint(0, 4)) for _ in x]),
                Vectors.dense([float(rnd.randint(0, 1)) for _ in x]),
                x[0],
                x[1],
                float("nan") if i % 10 == 3 else x[2],
                label,
                float(i % 3),
                y,
                abs(y) + 0.1,
                float(i % 4 != 0),
                "The quick Brown fox %s %d, jumps" % (cat, i % 5),
                float(rnd.randint(0, 6)),
            )
        )
    return made


def make(spark):
    """Frame name → frame, on this Spark."""
    df = spark.createDataFrame(rows(), COLUMNS).repartition(1).cache()
    words = Tokenizer(inputCol="text", outputCol="words").transform(df)
    pairs = [(6 * user + item, user, item) for user in range(8) for item in range(6)]
    lists = [(0, ["a", "b"]), (1, ["a", "c"]), (2, ["a", "b", "c"]), (3, ["b"]), (4, ["zz"]), (5, [])]
    return {
        "ratings": spark.createDataFrame(pairs, "id long, user long, item long"),
        "itemsets": spark.createDataFrame(lists, "id long, items array<string>"),
        "rows": df,
        "words": words,
        "term_frequencies": HashingTF(inputCol="words", outputCol="tf", numFeatures=16).transform(words),
        "indexed": VectorIndexer(inputCol="countf", outputCol="vi", maxCategories=5).fit(df).transform(df),
    }


def term_frequencies_v1(spark, words):
    """HashingTF as Spark 2.x hashes: a newer Spark does so for a stage that a 2.x saved."""
    from spark_tools import load_model

    tokens_to_tf = load_model(spark, os.path.join(HERE, "PipelineModel_nested", "2.4.8", "model")).stages[1]
    return tokens_to_tf.transform(words)


def main():
    spark = session()
    made = make(spark)
    made["term_frequencies_v1"] = term_frequencies_v1(spark, made["words"])
    os.makedirs(os.path.join(HERE, "inputs"), exist_ok=True)
    for name, frame in made.items():
        write_one_file(frame, os.path.join(HERE, "inputs", name + ".parquet"))
    spark.stop()


if __name__ == "__main__":
    main()
