"""Random clusterings, recommendations and tuned models of the live test."""

from pyspark.ml import Pipeline
from pyspark.ml.classification import LogisticRegression
from pyspark.ml.clustering import LDA, BisectingKMeans, GaussianMixture, KMeans
from pyspark.ml.evaluation import MulticlassClassificationEvaluator, RegressionEvaluator
from pyspark.ml.feature import StandardScaler
from pyspark.ml.recommendation import ALS
from pyspark.ml.regression import DecisionTreeRegressor
from pyspark.ml.tuning import CrossValidator, ParamGridBuilder, TrainValidationSplit

from live_models import Models


class Groups(Models):
    """Models without a label, and models that choose among models."""

    def grouped(self):
        """A clustering of a vector column."""
        kind = self.rnd.choice(["means", "means", "halves", "mixture", "topics"])
        if kind == "topics":
            column = self.vector(raw=["v4"])
            # Topics of negative counts or of NaN have no meaning: Spark loops until it gives up.
            self.strict("v4")
            self.pure.add("v4")
            self.add(
                LDA(featuresCol=column, topicDistributionCol=self.name("topics"), k=self.rnd.randint(2, 4), maxIter=2, optimizer="online", seed=self.seed())
            )
            return
        # Lists of doubles are left to the golden data: those that Spark reads from a file may hold nulls, which it refuses.
        column = self.vector(1, 5 if kind == "mixture" else 300)
        self.add(self.clustering(kind, column))

    def clustering(self, kind, column):
        """KMeans, BisectingKMeans or GaussianMixture."""
        name = self.name("cluster")
        if kind == "mixture":
            return GaussianMixture(
                featuresCol=column, predictionCol=name, probabilityCol=self.name("shares"), k=self.rnd.randint(1, 3), maxIter=2, seed=self.seed()
            )
        measure = "euclidean"
        if self.chance(0.3) and column == "v4":
            # The angle of a vector of zeros is not defined: Spark raises.
            measure = "cosine"
            self.strict("v4")
        make = KMeans if kind == "means" else BisectingKMeans
        return make(featuresCol=column, predictionCol=name, k=self.rnd.randint(2, 6), seed=self.seed(), maxIter=2, distanceMeasure=measure)

    def rated(self):
        """ALS; a null or broken id raises."""
        cold = "drop" if self.way == "skip" and self.chance(0.5) else "nan"
        self.strict("u1", "m1")
        self.add(
            ALS(
                userCol="u1", itemCol="m1", ratingCol="above", rank=self.rnd.choice([1, 3, 10]), maxIter=1, numUserBlocks=1, numItemBlocks=1, seed=self.seed(),
                coldStartStrategy=cold, implicitPrefs=self.chance(0.3), nonnegative=self.chance(0.3),
            ).setPredictionCol(self.name("rating"))
        )

    def tuned(self):
        """CrossValidator or TrainValidationSplit over a model or a pipeline."""
        column = self.vector(1, 60, raw=["v1", "v2", "v4"])
        if column is None:
            return
        name = self.name("best")
        if self.chance(0.5):
            model = LogisticRegression(
                featuresCol=column, labelCol="label2", maxIter=2, predictionCol=name, rawPredictionCol="", probabilityCol=self.name("best_odds")
            )
            grid = ParamGridBuilder().addGrid(model.regParam, [0.0, 0.2]).build()
            evaluator = MulticlassClassificationEvaluator(labelCol="label2", predictionCol=name)
            estimator = model
        else:
            scaled = self.name("best_scaled")
            model = DecisionTreeRegressor(featuresCol=scaled, labelCol="y", predictionCol=name)
            grid = ParamGridBuilder().addGrid(model.maxDepth, [1, 3]).build()
            evaluator = RegressionEvaluator(labelCol="y", predictionCol=name)
            estimator = Pipeline(stages=[StandardScaler(inputCol=column, outputCol=scaled), model])
        tuner = {"estimator": estimator, "estimatorParamMaps": grid, "evaluator": evaluator, "seed": self.seed()}
        self.add(CrossValidator(numFolds=2, **tuner) if self.chance(0.4) else TrainValidationSplit(**tuner))
