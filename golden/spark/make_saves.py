"""Fit and save, with the PySpark that runs this, every stage that Firesteel reads.

    PYTHON golden/spark/make_saves.py [OUT]

Writes OUT/<Case>/<version>/model (OUT defaults to this folder). Run it with PySpark 2.4.8 (Python 3.7), 3.0.3
(Python 3.7), 3.5.9 and 4.3.0; then run `make_golden.py` for the answers. Cases that a version's Python cannot say
are reported and left out. 2.4.8 and 3.0.3 need Java 8 or 11: the saves here were made on Java 17 with patched
dependency jars, which the saved files do not show.
"""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "dev", "python"))

from pyspark.ml import Pipeline  # noqa: E402
from pyspark.ml.classification import *  # noqa: E402,F401,F403
from pyspark.ml.clustering import KMeans  # noqa: E402
from pyspark.ml.feature import *  # noqa: E402,F401,F403
from pyspark.ml.regression import *  # noqa: E402,F401,F403

import frames  # noqa: E402
import saves_vectors  # noqa: E402
from spark_tools import VERSION, save_model, session  # noqa: E402

INF = float("inf")


def cases(df, words, tf, indexed):
    """Name of the case → how to make its model. Names open with the class that is saved."""
    text_to_tf = HashingTF(inputCol="words", outputCol="tf", numFeatures=16)
    tabular = Pipeline(
        stages=[
            StringIndexer(inputCol="cat", outputCol="ci"),
            (OneHotEncoderEstimator if VERSION < "3" else OneHotEncoder)(inputCols=["ci"], outputCols=["oh"]),
            VectorAssembler(inputCols=["oh", "x0", "features"], outputCol="fv"),
            StandardScaler(inputCol="fv", outputCol="sv"),
            LogisticRegression(featuresCol="sv", maxIter=5),
        ]
    )
    one_hot = OneHotEncoderEstimator if VERSION < "3" else OneHotEncoder
    two = [[-INF, 0.0, INF], [-INF, -1.0, 1.0, INF]]
    return {
        **saves_vectors.cases(df),
        "Tokenizer": lambda: Tokenizer(inputCol="text", outputCol="words"),
        "Bucketizer": lambda: Bucketizer(
            inputCol="x0", outputCol="o", splits=[-INF, -0.5, 0.0, 0.5, INF], handleInvalid="keep"
        ),
        "Bucketizer_multi": lambda: Bucketizer(
            inputCols=["x0", "xn"], outputCols=["o1", "o2"], splitsArray=two, handleInvalid="skip"
        ),
        "QuantileDiscretizer_fitted": lambda: QuantileDiscretizer(
            inputCol="x0", outputCol="o", numBuckets=4, handleInvalid="keep"
        ).fit(df),
        "HashingTF": lambda: HashingTF(inputCol="words", outputCol="tf", numFeatures=64, binary=True),
        "IDFModel": lambda: IDF(inputCol="tf", outputCol="idf", minDocFreq=1).fit(tf),
        "ImputerModel_multi": lambda: Imputer(
            inputCols=["xn", "x0"], outputCols=["o1", "o2"], strategy="median"
        ).fit(df),
        "ImputerModel_single": lambda: Imputer(inputCol="xn", outputCol="o1").fit(df),
        "StringIndexerModel": lambda: StringIndexer(inputCol="cat", outputCol="ci", handleInvalid="keep").fit(df),
        "StringIndexerModel_multi": lambda: StringIndexer(
            inputCols=["cat", "cat2"], outputCols=["c1", "c2"], stringOrderType="alphabetAsc"
        ).fit(df),
        "IndexToString": lambda: IndexToString(inputCol="catIdx", outputCol="cs", labels=["a", "b", "c"]),
        "IndexToString_meta": lambda: IndexToString(inputCol="catIdx", outputCol="cs"),
        "MinMaxScalerModel": lambda: MinMaxScaler(inputCol="features", outputCol="o").fit(df),
        "StandardScalerModel": lambda: StandardScaler(inputCol="features", outputCol="o", withMean=True).fit(df),
        "OneHotEncoderModel": lambda: OneHotEncoder(inputCol="catIdx", outputCol="o1").fit(df),
        "OneHotEncoderModel_multi": lambda: one_hot(
            inputCols=["catIdx", "catIdx2"], outputCols=["o1", "o2"], handleInvalid="keep"
        ).fit(df),
        "VectorAssembler": lambda: VectorAssembler(
            inputCols=["x0", "features"], outputCol="va", handleInvalid="keep"
        ),
        "LogisticRegressionModel_binomial": lambda: LogisticRegression(maxIter=20, regParam=0.01).fit(df),
        "LogisticRegressionModel_binomial_l1": lambda: LogisticRegression(
            maxIter=20, regParam=0.3, elasticNetParam=1.0, threshold=0.3
        ).fit(df),
        "LogisticRegressionModel_multinomial": lambda: LogisticRegression(
            maxIter=20, labelCol="label3", thresholds=[0.2, 0.3, 0.5]
        ).fit(df),
        "DecisionTreeClassificationModel": lambda: DecisionTreeClassifier(featuresCol="vi", maxDepth=3).fit(indexed),
        "RandomForestClassificationModel": lambda: RandomForestClassifier(
            numTrees=3, maxDepth=3, labelCol="label3", seed=1
        ).fit(df),
        "GBTClassificationModel": lambda: GBTClassifier(maxIter=3, maxDepth=2, seed=1).fit(df),
        "LinearRegressionModel": lambda: LinearRegression(labelCol="y", maxIter=10).fit(df),
        "LinearRegressionModel_huber": lambda: LinearRegression(labelCol="y", loss="huber", maxIter=10).fit(df),
        "DecisionTreeRegressionModel": lambda: DecisionTreeRegressor(labelCol="y", maxDepth=3, varianceCol="var").fit(df),
        "RandomForestRegressionModel": lambda: forest_regressor().fit(df),
        "GBTRegressionModel": lambda: GBTRegressor(labelCol="y", maxIter=3, maxDepth=2, seed=1).fit(df),
        "KMeansModel": lambda: KMeans(k=3, seed=1).fit(df),
        "KMeansModel_cosine": lambda: KMeans(k=3, seed=1, distanceMeasure="cosine").fit(df),
        "PipelineModel": lambda: tabular.fit(df),
        "Pipeline_unfitted": lambda: tabular,
        "PipelineModel_nested": lambda: Pipeline(
            stages=[Pipeline(stages=[Tokenizer(inputCol="text", outputCol="words")]), text_to_tf]
        ).fit(df),
    }


def forest_regressor():
    """`leafCol` came with 3.0."""
    extra = {} if VERSION < "3" else {"leafCol": "leaf"}
    return RandomForestRegressor(labelCol="y", numTrees=3, maxDepth=3, seed=1, **extra)


def main():
    out = os.path.abspath(sys.argv[1]) if len(sys.argv) > 1 else HERE
    spark = session()
    made = frames.make(spark)
    todo = cases(made["rows"], made["words"], made["term_frequencies"], made["indexed"])
    for name, make in todo.items():
        try:
            save_model(make(), os.path.join(out, name, VERSION, "model"))
        except Exception as error:  # say it and go on: old versions lack some
            print("{}: not on {}: {!r}".format(name, VERSION, error)[:300])
    spark.stop()


if __name__ == "__main__":
    main()
