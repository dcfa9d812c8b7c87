"""Random stages of the live test over vectors."""

from pyspark.ml.feature import (
    DCT,
    PCA,
    Binarizer,
    BucketedRandomProjectionLSH,
    ChiSqSelector,
    ElementwiseProduct,
    MaxAbsScaler,
    MinHashLSH,
    MinMaxScaler,
    Normalizer,
    PolynomialExpansion,
    RobustScaler,
    StandardScaler,
    UnivariateFeatureSelector,
    VarianceThresholdSelector,
    VectorIndexer,
    VectorSizeHint,
    VectorSlicer,
)
from pyspark.ml.linalg import Vectors

from live_draft import Draft


class Reworked(Draft):
    """Vectors made of vectors."""

    def plain(self):
        """Ready-made vectors as they are."""
        for column in self.some(["v1", "v2", "v4"], most=2):
            if self.vector(raw=[column]) and column not in self.ready:
                self.ready.append(column)

    def reworked(self):
        """One to three stages, each over a vector that is there by then."""
        kinds = [
            self.scaled, self.scaled, self.normalized, self.weighted, self.expanded, self.sliced, self.indexed,
            self.hinted, self.chosen, self.chosen, self.varied, self.bits, self.cosines, self.principal, self.near, self.alike,
        ]
        for kind in self.some(kinds, most=3):
            kind()

    def scaled(self, column=None):
        """A scaler over a vector column; returns its output."""
        size = None
        if column is None:
            column = self.vector()
            size = self.vectors[column]
        out = self.name(column + "_scaled")
        kind = self.rnd.randrange(4)
        if kind == 0:
            stage = StandardScaler(inputCol=column, outputCol=out, withMean=self.chance(0.5), withStd=self.chance(0.8))
        elif kind == 1:
            low = self.rnd.choice([0.0, -1.0, 0.25])
            stage = MinMaxScaler(inputCol=column, outputCol=out, min=low, max=low + self.rnd.choice([1.0, 0.5, 3.0]))
        elif kind == 2:
            stage = MaxAbsScaler(inputCol=column, outputCol=out)
        else:
            low, high = self.rnd.choice([(0.25, 0.75), (0.0, 1.0), (0.4, 0.9)])
            stage = RobustScaler(
                inputCol=column, outputCol=out, lower=low, upper=high, withCentering=self.chance(0.5), withScaling=self.chance(0.8)
            )
        self.add(stage)
        if size is not None:
            self.made(out, size, column)
        return out

    def normalized(self):
        """Normalizer."""
        column = self.vector()
        out = self.name(column + "_norm")
        self.add(Normalizer(inputCol=column, outputCol=out, p=self.rnd.choice([1.0, 1.5, 2.0, 3.0, float("inf")])))
        self.made(out, self.vectors[column], column)

    def weighted(self):
        """ElementwiseProduct, with a zero now and then."""
        column = self.vector()
        weights = [self.rnd.choice([0.0, -1.0, self.rnd.gauss(0, 1)]) for _ in range(self.vectors[column])]
        out = self.name(column + "_product")
        self.add(ElementwiseProduct(inputCol=column, outputCol=out, scalingVec=Vectors.dense(weights)))
        self.made(out, self.vectors[column], column)

    def expanded(self):
        """PolynomialExpansion of a short vector."""
        column = self.vector(1, 4)
        if column is None:
            return
        out = self.name(column + "_poly")
        self.add(PolynomialExpansion(inputCol=column, outputCol=out, degree=self.rnd.randint(1, 4)))
        self.vectors[out] = None
        self.ready.append(out)
        self.unsized.add(out)

    def sliced(self):
        """VectorSlicer by index."""
        column = self.vector()
        kept = self.some(list(range(self.vectors[column])), most=20)
        out = self.name(column + "_slice")
        self.add(VectorSlicer(inputCol=column, outputCol=out, indices=kept))
        self.made(out, len(kept), column)

    def indexed(self):
        """VectorIndexer, mostly of counts."""
        column = self.vector(1, 20, raw=["v4"] if self.chance(0.7) else None)
        if column is None:
            return
        out = self.name(column + "_indexed")
        self.add(VectorIndexer(inputCol=column, outputCol=out, maxCategories=self.rnd.choice([2, 3, 5, 20]), handleInvalid=self.invalid()))
        self.made(out, self.vectors[column], column)

    def hinted(self):
        """VectorSizeHint: it adds no column, but tells the size of one."""
        column = self.vector(raw=["v1", "v2", "v4"])
        invalid = self.rnd.choice(["optimistic", self.way if self.way != "keep" else "error"])
        self.add(VectorSizeHint(inputCol=column, size=self.vectors[column], handleInvalid=invalid))
        self.unsized.discard(column)

    def chosen(self):
        """ChiSqSelector or UnivariateFeatureSelector."""
        out = self.name("chosen")
        if self.chance(0.5):
            column = self.vector(raw=["v4"])
            kind = self.rnd.choice(["numTopFeatures", "percentile", "fpr", "fdr", "fwe"])
            stage = ChiSqSelector(
                featuresCol=column, outputCol=out, labelCol=self.rnd.choice(["label2", "label3"]), selectorType=kind,
                numTopFeatures=2, percentile=0.5, fpr=0.3, fdr=0.5, fwe=0.6,
            )
        else:
            column = self.vector(1, 200)
            label, label_type = self.rnd.choice([("label2", "categorical"), ("y", "continuous")])
            mode, threshold = self.rnd.choice([("numTopFeatures", 2), ("percentile", 0.5), ("fpr", 0.3), ("fwe", 0.6)])
            stage = UnivariateFeatureSelector(featuresCol=column, outputCol=out, labelCol=label, selectionMode=mode)
            stage.setFeatureType("continuous").setLabelType(label_type).setSelectionThreshold(threshold)
        self.add(stage)
        # How many are chosen is known when it is trained; none may be.
        self.vectors[out] = None
        self.ready.append(out)
        self.unsized.add(out)

    def varied(self):
        """VarianceThresholdSelector."""
        column = self.vector()
        out = self.name("varied")
        self.add(VarianceThresholdSelector(featuresCol=column, outputCol=out, varianceThreshold=self.rnd.choice([0.0, 0.5, 2.0, 1e6])))
        self.vectors[out] = None
        self.unsized.add(out)

    def bits(self):
        """Binarizer over a vector."""
        column = self.vector()
        out = self.name(column + "_bits")
        self.add(Binarizer(inputCol=column, outputCol=out, threshold=self.rnd.choice([0.0, 0.5, 1.0])))
        self.made(out, self.vectors[column], column)

    def cosines(self):
        """DCT: nothing is made of it."""
        column = self.vector(1, 200, raw=["v1", "v2", "v4"])
        if column is not None:
            # Infinite values are left to the golden cases.
            self.pure.add(column)
            self.add(DCT(inputCol=column, outputCol=self.name("dct"), inverse=self.chance(0.4)))

    def principal(self):
        """PCA: its last bits differ, so that nothing is made of it."""
        column = self.vector(1, 40, raw=["v1", "v2", "v4"])
        if column is not None:
            self.add(PCA(inputCol=column, outputCol=self.name("pca"), k=self.rnd.randint(1, min(5, self.vectors[column]))))

    def near(self):
        """BucketedRandomProjectionLSH."""
        column = self.vector(1, 300, raw=["v1", "v2", "v4"])
        if column is not None:
            self.add(
                BucketedRandomProjectionLSH(
                    inputCol=column, outputCol=self.name("near"), bucketLength=self.rnd.choice([0.5, 2.0, 10.0]),
                    numHashTables=self.rnd.randint(1, 4), seed=self.rnd.randint(0, 1 << 30),
                )
            )

    def alike(self):
        """MinHashLSH, which raises on a vector of nothing but zeros."""
        column = self.vector(raw=["v4"])
        self.strict("v4")
        self.add(MinHashLSH(inputCol=column, outputCol=self.name("alike"), numHashTables=self.rnd.randint(1, 4), seed=self.rnd.randint(0, 1 << 30)))
