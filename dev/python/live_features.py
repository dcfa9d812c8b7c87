"""Random stages of the live test over numbers, flags and categories."""

from pyspark.ml.feature import (
    Binarizer,
    Bucketizer,
    FeatureHasher,
    Imputer,
    IndexToString,
    Interaction,
    OneHotEncoder,
    QuantileDiscretizer,
    RFormula,
    StringIndexer,
    VectorAssembler,
)

from live_draft import Draft
from spark_tools import VERSION

INF = float("inf")
NUMBERS = ["d1", "d2", "f1", "i1", "l1"]
FORMULAS = [
    "label2 ~ .", "y ~ d1 + s1", "y ~ s1 + d1:s2 - 1", "label3 ~ d1*f1 + c2", "y ~ s1:s2 + i1", "y ~ (d1 + f1 + s1)^2",
    "label2 ~ d1 + v2", "y ~ . - d1 - s1", "y ~ d1:f1 + b1",
]


class Features(Draft):
    """Numbers and categories."""

    def numbers(self):
        """Imputer, Bucketizer or nothing over number columns."""
        columns = self.some(NUMBERS)
        if self.chance(0.5):
            fill = self.some(columns)
            out = [self.name(c + "_full") for c in fill]
            extra = {"missingValue": 77.0} if self.chance(0.2) else {}
            strategy = self.rnd.choice(["mean", "median", "mode"])
            self.add(Imputer(inputCols=fill, outputCols=out, strategy=strategy, **extra), *fill)
            self.filled += fill
            columns = [c for c in columns if c not in fill]
            self.ready += out
        if columns and self.chance(0.5):
            cut = columns.pop()
            self.bucket(cut)
            if self.chance(0.5):
                columns.append(cut)
        self.use(*columns)
        self.ready += [c for c in columns if c not in self.ready]
        if self.chance(0.3):
            self.use("b1")
            self.ready.append("b1")

    def bucket(self, column):
        """A Bucketizer over one or two columns, or the one that QuantileDiscretizer fits."""
        inner = sorted(self.rnd.sample([-2.0, -0.5, 0.0, 0.25, 1.0, 30.0, 1000.0], self.rnd.randint(1, 4)))
        ends = [-INF] + inner + [INF]
        if self.chance(0.2) and len(inner) > 1 and self.way == "error":
            ends = inner + [INF]
        out = self.name(column + "_cut")
        if self.chance(0.3) and column != "d2":
            stage = QuantileDiscretizer(inputCol=column, outputCol=out, numBuckets=3, handleInvalid=self.invalid())
        elif self.chance(0.4):
            other = "d1" if column != "d1" else "f1"
            out2 = self.name(other + "_cut")
            stage = Bucketizer(
                inputCols=[column, other], outputCols=[out, out2], splitsArray=[ends, [-INF, 0.0, INF]], handleInvalid=self.invalid(),
            )
            self.use(other)
        else:
            stage = Bucketizer(inputCol=column, outputCol=out, splits=ends, handleInvalid=self.invalid())
        self.add(stage, column)
        self.ready.append(out)

    def binary(self):
        """Binarizer over one double or several."""
        columns = self.some(["d1", "d2", "c1"])
        outs = [self.name(c + "_bit") for c in columns]
        cuts = [self.rnd.choice([0.0, 0.3, -1.0, 10.0]) for _ in columns]
        if len(columns) == 1 or self.chance(0.3):
            columns, outs = columns[:1], outs[:1]
            self.add(Binarizer(inputCol=columns[0], outputCol=outs[0], threshold=cuts[0]), *columns)
        elif self.chance(0.5):
            self.add(Binarizer(inputCols=columns, outputCols=outs, thresholds=cuts), *columns)
        else:
            self.add(Binarizer(inputCols=columns, outputCols=outs, threshold=cuts[0]), *columns)
        self.ready += outs

    def categories(self):
        """StringIndexer, then perhaps OneHotEncoder, and labels back again."""
        columns = self.some(["s1", "s2", "c1", "c2"])
        out = [self.name(c + "_index") for c in columns]
        order = self.rnd.choice(["frequencyDesc", "frequencyAsc", "alphabetDesc", "alphabetAsc"])
        if len(columns) == 1 and self.chance(0.7):
            self.add(StringIndexer(inputCol=columns[0], outputCol=out[0], handleInvalid=self.invalid(), stringOrderType=order), *columns)
        else:
            self.add(StringIndexer(inputCols=columns, outputCols=out, handleInvalid=self.invalid(), stringOrderType=order), *columns)
        if self.chance(0.6):
            hot = self.some(out)
            invalid = "keep" if self.way != "error" or self.chance(0.5) else "error"
            outs = [self.name(c + "_hot") for c in hot]
            self.add(OneHotEncoder(inputCols=hot, outputCols=outs, handleInvalid=invalid, dropLast=self.chance(0.5)))
            self.ready += outs + [c for c in out if c not in hot]
        else:
            self.ready += out
        if self.chance(0.3):
            self.add(IndexToString(inputCol=out[0], outputCol=self.name(out[0] + "_back")))

    def hashed(self):
        """FeatureHasher over anything."""
        columns = self.some(["d1", "d2", "f1", "i1", "l1", "b1", "s1", "s2", "c1", "c2"], least=2)
        extra = {"categoricalCols": self.some(columns, most=3)} if self.chance(0.4) else {}
        out = self.name("hashed")
        size = self.rnd.choice([1, 1, 7, 32, 1000, 1 << 18])
        self.add(FeatureHasher(inputCols=columns, outputCol=out, numFeatures=size, **extra), *columns)
        if size <= 1000:
            self.made(out, size, None)

    def interaction(self):
        """Interaction of numbers, an index and a vector with attributes; Spark raises on nulls."""
        columns = self.some(["d1", "f1", "i1", "b1"], least=2)
        self.strict(*columns)
        size = 1
        if self.chance(0.5):
            # Only a vector that Spark made knows its attributes.
            inner, size = self.name("pair"), 2
            self.add(VectorAssembler(inputCols=["d1", "l1"], outputCol=inner, handleInvalid=self.invalid()), "d1", "l1")
            columns.append(inner)
        if self.chance(0.4):
            index = self.name("s2_index")
            self.add(StringIndexer(inputCol="s2", outputCol=index, handleInvalid=self.invalid()), "s2")
            columns.append(index)
            size = None
        self.rnd.shuffle(columns)
        out = self.name("crossed")
        self.add(Interaction(inputCols=columns, outputCol=out))
        self.made(out, size, None)

    def target(self):
        """TargetEncoder, which came with Spark 4."""
        if VERSION < "4":
            return
        from pyspark.ml.feature import TargetEncoder

        columns = self.some(["c2", "i1"])
        outs = [self.name(c + "_mean") for c in columns]
        label = self.rnd.choice([{"labelCol": "label2", "targetType": "binary"}, {"labelCol": "y", "targetType": "continuous"}])
        smoothing = self.rnd.choice([0.0, 1.0, 10.5])
        # A category below zero raises whatever handleInvalid says.
        self.strict(*columns)
        if "i1" in columns:
            columns[columns.index("i1")] = "m1"
            self.strict("m1")
        self.add(TargetEncoder(inputCols=columns, outputCols=outs, handleInvalid=self.gentle(), smoothing=smoothing, **label), *columns)
        self.ready += outs

    def formula(self):
        """RFormula, and with it the stages that only it makes."""
        formula = self.rnd.choice(FORMULAS)
        columns = [c for c in ("d1", "f1", "i1", "b1", "s1", "s2", "c2", "v2") if c in formula]
        if "." in formula and not columns:
            columns = ["d1", "s1"]
        # An interaction raises on nulls; a vector without attributes does not go with keep.
        if any(sign in formula for sign in ":*^"):
            self.strict(*columns)
        invalid = self.invalid()
        if invalid == "keep" and ("v2" in columns or "." in formula):
            invalid = "error" if self.way == "keep" else self.way
        if "." in formula:
            # The dot takes every column there is by then: only in front.
            if self.stages:
                return
            invalid = self.way
        extra = {"stringIndexerOrderType": self.rnd.choice(["frequencyDesc", "alphabetAsc"])} if self.chance(0.5) else {}
        out = self.name("formula")
        self.add(RFormula(formula=formula, featuresCol=out, labelCol=self.name("formula_label"), handleInvalid=invalid, **extra), *columns)
        self.vectors[out] = None
        self.ready.append(out)
