"""The shared cases of the stages that rework vectors; `make_saves.py` saves them."""

from pyspark.ml import feature
from pyspark.ml.feature import *  # noqa: F401,F403
from pyspark.ml.linalg import Vectors

from spark_tools import VERSION

INF = float("inf")


def cases(df):
    """Name of the case → how to make its model."""
    made = {
        "Binarizer": lambda: Binarizer(inputCol="x0", outputCol="o", threshold=0.5),
        "BucketedRandomProjectionLSHModel": lambda: BucketedRandomProjectionLSH(
            inputCol="features", outputCol="h", bucketLength=2.0, numHashTables=3, seed=1
        ).fit(df),
        "MinHashLSHModel": lambda: MinHashLSH(inputCol="binf", outputCol="h", numHashTables=3, seed=1).fit(df),
        "ChiSqSelectorModel": lambda: ChiSqSelector(
            numTopFeatures=2, featuresCol="countf", labelCol="label", outputCol="sel"
        ).fit(df),
        "DCT": lambda: DCT(inputCol="features", outputCol="dct", inverse=False),
        "ElementwiseProduct": lambda: ElementwiseProduct(
            inputCol="features", outputCol="ep", scalingVec=Vectors.dense([1, 2, 0, -1])
        ),
        "ElementwiseProduct_sparse": lambda: ElementwiseProduct(
            inputCol="features", outputCol="ep", scalingVec=Vectors.sparse(4, [1], [2.0])
        ),
        "FeatureHasher": lambda: FeatureHasher(inputCols=["cat", "x0", "cat2"], outputCol="fh", numFeatures=64),
        "MaxAbsScalerModel": lambda: MaxAbsScaler(inputCol="features", outputCol="o").fit(df),
        "Normalizer": lambda: Normalizer(inputCol="features", outputCol="o", p=INF),
        "PCAModel": lambda: PCA(k=2, inputCol="features", outputCol="pca").fit(df),
        "PolynomialExpansion": lambda: PolynomialExpansion(degree=3, inputCol="features", outputCol="pe"),
        "VectorIndexerModel": lambda: VectorIndexer(
            inputCol="countf", outputCol="vi", maxCategories=5, handleInvalid="keep"
        ).fit(df),
        "VectorSizeHint": lambda: VectorSizeHint(inputCol="features", size=4, handleInvalid="optimistic"),
        "VectorSlicer": lambda: VectorSlicer(inputCol="features", outputCol="vs", indices=[3, 0]),
    }
    if VERSION >= "3":
        made["Binarizer_multi"] = lambda: Binarizer(
            inputCols=["x0", "x1"], outputCols=["o1", "o2"], thresholds=[0.5, 0.0]
        )
        made["Interaction"] = lambda: feature.Interaction(inputCols=["x0", "features"], outputCol="int")
        made["RobustScalerModel"] = lambda: feature.RobustScaler(inputCol="features", outputCol="o").fit(df)
    if VERSION >= "3.1":
        made["UnivariateFeatureSelectorModel"] = lambda: univariate().fit(df)
        made["VarianceThresholdSelectorModel"] = lambda: feature.VarianceThresholdSelector(
            featuresCol="features", outputCol="sel", varianceThreshold=0.5
        ).fit(df)
    if VERSION >= "4":
        made["TargetEncoderModel"] = lambda: feature.TargetEncoder(
            inputCols=["catIdx", "catIdx2"],
            outputCols=["t1", "t2"],
            labelCol="label",
            targetType="binary",
            smoothing=1.0,
            handleInvalid="keep",
        ).fit(df)
        made["TargetEncoderModel_cont"] = lambda: feature.TargetEncoder(
            inputCol="catIdx", outputCol="t1", labelCol="y", targetType="continuous"
        ).fit(df)
    return made


def univariate():
    """Its selection parameters have setters only."""
    selector = feature.UnivariateFeatureSelector(
        featuresCol="features", labelCol="label", outputCol="sel", selectionMode="numTopFeatures"
    )
    return selector.setFeatureType("continuous").setLabelType("categorical").setSelectionThreshold(2)
