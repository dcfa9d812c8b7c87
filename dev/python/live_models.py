"""Random classifiers and regressions of the live test."""

from pyspark.ml.classification import (
    DecisionTreeClassifier,
    FMClassifier,
    GBTClassifier,
    LinearSVC,
    LogisticRegression,
    MultilayerPerceptronClassifier,
    NaiveBayes,
    OneVsRest,
    RandomForestClassifier,
)
from pyspark.ml.regression import (
    AFTSurvivalRegression,
    DecisionTreeRegressor,
    FMRegressor,
    GBTRegressor,
    GeneralizedLinearRegression,
    IsotonicRegression,
    LinearRegression,
    RandomForestRegressor,
)

from live_draft import Draft

LINKS = {
    "gaussian": ["identity"], "poisson": ["log", "identity", "sqrt"], "gamma": ["inverse", "log"],
    "binomial": ["logit", "probit", "cloglog"],
}


class Models(Draft):
    """One model over a vector column, with random params and output names."""

    def names(self, kind):
        """Output names: mostly the usual ones, sometimes empty or other ones."""
        names = {"predictionCol": self.name("answer" if self.chance(0.2) else "prediction")}
        if kind == "class":
            raw = "" if self.chance(0.25) else self.name("rawPrediction")
            odds = "" if self.chance(0.15) else self.name("p" if self.chance(0.1) else "probability")
            names.update(rawPredictionCol=raw, probabilityCol=odds)
        return names

    def leaf(self):
        """Perhaps a leaf column."""
        return {"leafCol": self.name("leaf")} if self.chance(0.3) else {}

    def thresholds(self, classes):
        """Perhaps thresholds, sometimes with a zero among them."""
        if not self.chance(0.35):
            return {}
        values = [round(self.rnd.uniform(0.05, 1), 2) for _ in range(classes)]
        if self.chance(0.2):
            values[self.rnd.randrange(classes)] = 0.0
        return {"thresholds": values}

    def settled(self, model, classes):
        """With thresholds and output names that the constructors of tree models do not take."""
        settings = dict(self.thresholds(classes), **self.names("class"))
        return model.copy({model.getParam(name): value for name, value in settings.items()})

    def model(self, features):
        """A classifier or a regression with random params; None when the drawn one does not go with the features."""
        kinds = [
            self.logistic, self.logistic, self.linear, self.tree, self.forest, self.boosted, self.tree_y, self.forest_y,
            self.boosted_y, self.margin, self.factors, self.factors_y, self.layers, self.bayes, self.rest, self.survival,
            self.general, self.general, self.steps,
        ]
        return self.rnd.choice(kinds)(features)

    def logistic(self, features):
        classes = self.rnd.choice([2, 3])
        extra = self.thresholds(classes)
        if not extra and classes == 2 and self.chance(0.5):
            extra = {"threshold": self.rnd.choice([0.0, 0.2, 0.7, 1.0])}
        return LogisticRegression(
            featuresCol=features, maxIter=self.rnd.randint(1, 4), regParam=self.rnd.choice([0.0, 0.05, 0.3]), labelCol="label%d" % classes,
            elasticNetParam=self.rnd.choice([0.0, 1.0]), fitIntercept=self.chance(0.8), family="multinomial" if self.chance(0.2) else "auto",
            **extra, **self.names("class")
        )

    def linear(self, features):
        loss = {"loss": "huber"} if self.chance(0.2) else {"elasticNetParam": self.rnd.choice([0.0, 1.0])}
        return LinearRegression(
            featuresCol=features, labelCol="y", maxIter=self.rnd.randint(1, 4), regParam=self.rnd.choice([0.01, 0.3]),
            fitIntercept=self.chance(0.8), solver="l-bfgs", **loss, **self.names("number")
        )

    def tree(self, features):
        classes = self.rnd.choice([2, 3])
        tree = DecisionTreeClassifier(
            featuresCol=features, labelCol="label%d" % classes, maxDepth=self.rnd.randint(0, 5), impurity=self.rnd.choice(["gini", "entropy"]), **self.leaf()
        )
        return self.settled(tree, classes)

    def forest(self, features):
        classes = self.rnd.choice([2, 3])
        forest = RandomForestClassifier(
            featuresCol=features, labelCol="label%d" % classes, maxDepth=self.rnd.randint(0, 5), numTrees=self.rnd.randint(1, 5),
            seed=self.seed(), **self.leaf()
        )
        return self.settled(forest, classes)

    def boosted(self, features):
        boosted = GBTClassifier(featuresCol=features, labelCol="label2", maxDepth=self.rnd.randint(1, 3), maxIter=self.rnd.randint(1, 2), seed=self.seed(), **self.leaf())
        return self.settled(boosted, 2)

    def tree_y(self, features):
        extra = {"varianceCol": self.name("variance")} if self.chance(0.5) else {}
        return DecisionTreeRegressor(featuresCol=features, labelCol="y", maxDepth=self.rnd.randint(0, 5), **extra, **self.leaf(), **self.names("number"))

    def forest_y(self, features):
        return RandomForestRegressor(
            featuresCol=features, labelCol="y", maxDepth=self.rnd.randint(0, 5), numTrees=self.rnd.randint(1, 5), seed=self.seed(),
            **self.leaf(), **self.names("number")
        )

    def boosted_y(self, features):
        return GBTRegressor(
            featuresCol=features, labelCol="y", maxDepth=self.rnd.randint(1, 3), maxIter=self.rnd.randint(1, 2), seed=self.seed(),
            **self.leaf(), **self.names("number")
        )

    def seed(self):
        """A seed for what Spark draws itself."""
        return self.rnd.randint(0, 1 << 30)

    def margin(self, features):
        names = self.names("class")
        names.pop("probabilityCol")
        return LinearSVC(
            featuresCol=features, labelCol="label2", maxIter=self.rnd.randint(1, 3), regParam=self.rnd.choice([0.0, 0.1]),
            threshold=self.rnd.choice([0.0, 0.5, -1.0]), fitIntercept=self.chance(0.8), standardization=self.chance(0.5), **names
        )

    def factors(self, features):
        model = FMClassifier(
            featuresCol=features, labelCol="label2", factorSize=self.rnd.randint(1, 4), maxIter=3, stepSize=0.1, seed=self.seed(),
            fitIntercept=self.chance(0.7), fitLinear=self.chance(0.7),
        )
        return self.settled(model, 2)

    def factors_y(self, features):
        return FMRegressor(
            featuresCol=features, labelCol="y", factorSize=self.rnd.randint(1, 4), maxIter=3, stepSize=0.1, seed=self.seed(),
            fitIntercept=self.chance(0.7), fitLinear=self.chance(0.7), **self.names("number")
        )

    def layers(self, features):
        size, classes = self.vectors.get(features), self.rnd.choice([2, 3])
        if size is None or size > 40:
            return None
        inner = [self.rnd.randint(1, 5) for _ in range(self.rnd.randint(0, 2))]
        model = MultilayerPerceptronClassifier(
            featuresCol=features, labelCol="label%d" % classes, layers=[size] + inner + [classes], maxIter=3, seed=self.seed(),
        )
        return self.settled(model, classes)

    def bayes(self, features):
        kind, classes = self.rnd.choice(["multinomial", "complement", "gaussian", "gaussian"]), self.rnd.choice([2, 3])
        if kind != "gaussian":
            features = self.vector(raw=["v4"])
        model = NaiveBayes(featuresCol=features, labelCol="label%d" % classes, modelType=kind, smoothing=self.rnd.choice([1.0, 0.1]))
        return self.settled(model, classes)

    def rest(self, features):
        # A model that raises a NaN to the top is drawn elsewhere: here the classes are compared.
        inner = self.rnd.choice([
            LogisticRegression(maxIter=1, regParam=0.1), LinearSVC(maxIter=1, regParam=0.1), DecisionTreeClassifier(maxDepth=3),
        ])
        names = self.names("class")
        return OneVsRest(
            classifier=inner, featuresCol=features, labelCol="label3", predictionCol=names["predictionCol"],
            **({"rawPredictionCol": names["rawPredictionCol"]} if names["rawPredictionCol"] else {})
        )

    def survival(self, features):
        extra = {"quantilesCol": self.name("quantiles"), "quantileProbabilities": [0.1, 0.5, 0.95]} if self.chance(0.6) else {}
        return AFTSurvivalRegression(
            featuresCol=features, labelCol="above", censorCol="censor", maxIter=3, fitIntercept=self.chance(0.8), **extra, **self.names("number")
        )

    def general(self, features):
        size = self.vectors.get(features)
        if size is None or size > 30:
            return None
        extra = {"linkPredictionCol": self.name("linked")} if self.chance(0.6) else {}
        if self.chance(0.3):
            extra["offsetCol"] = "f1"
            self.strict("f1")
        if self.chance(0.2):
            extra.update(family="tweedie", variancePower=self.rnd.choice([1.0, 1.5, 2.0]), linkPower=self.rnd.choice([0.0, 1.0, 0.5]))
        else:
            family = self.rnd.choice(sorted(LINKS))
            extra.update(family=family, link=self.rnd.choice(LINKS[family]))
        label = "label2" if extra["family"] == "binomial" else "above"
        return GeneralizedLinearRegression(
            featuresCol=features, labelCol=label, maxIter=3, regParam=0.3, fitIntercept=self.chance(0.8), **extra, **self.names("number")
        )

    def steps(self, features):
        size = self.vectors.get(features)
        if size is None or self.chance(0.3):
            features, size = "d1", 1
            self.strict("d1")
        return IsotonicRegression(
            featuresCol=features, labelCol="y", isotonic=self.chance(0.5), featureIndex=self.rnd.randrange(size), **self.names("number")
        )
