"""Edge cases of models whose matrix was stored column after column."""

import random

from pyspark.ml.classification import LogisticRegression, LogisticRegressionModel, NaiveBayesModel
from pyspark.ml.common import _py2java
from pyspark.ml.linalg import DenseMatrix, DenseVector, SparseMatrix, Vectors

from edge_case import case
from edge_models import dirty, infinite, mixed


def cases(frames):
    """Every case of this file."""
    yield from trained(frames)
    yield from made(frames)


def trained(f):
    """More classes than features and mostly zero coefficients: Spark itself stores columns."""
    for classes, size in ((12, 4), (40, 30)):
        model = LogisticRegression(maxIter=30, regParam=0.01, elasticNetParam=1.0).fit(many_classes(f, classes, size))
        matrix = model._java_obj.coefficientMatrix()
        if matrix.isTransposed() or matrix.toString().count("(") < 2:
            raise SystemExit("the coefficients of %d classes are not stored by columns: %s" % (classes, matrix.getClass()))
        name = "LogisticRegressionModel_columns_%d" % classes
        yield case(name, "%d classes of %d features, sparse columns" % (classes, size), model, dirty(f, classes, size=size))
        if classes == 12:
            yield case(name + "_infinite", "sparse columns, infinite features", model, infinite(f, size=size))


def made(f):
    """Matrices that no training stores so; products of more than eight rows and four columns."""
    jvm = f.spark.sparkContext._jvm
    for rows, columns in ((3, 5), (12, 9), (17, 30)):
        rnd = random.Random(rows)
        values = [rnd.gauss(0, 1) for _ in range(rows * columns)]
        intercepts = [rnd.gauss(0, 1) for _ in range(rows)]
        for kind, matrix in (("dense", DenseMatrix(rows, columns, values)), ("sparse", sparse_columns(rows, columns, values))):
            note = "%d classes of %d features, %s columns made by hand" % (rows, columns, kind)
            java = jvm.org.apache.spark.ml.classification.LogisticRegressionModel(
                "columns", to_java(f, matrix), to_java(f, DenseVector(intercepts)), rows, True
            )
            name = "LogisticRegressionModel_made_%s_%d" % (kind, rows)
            yield case(name, note, LogisticRegressionModel(java), dirty(f, rows + columns, size=columns))
            java = jvm.org.apache.spark.ml.classification.NaiveBayesModel(
                "columns", to_java(f, DenseVector(intercepts)), to_java(f, matrix), to_java(f, DenseMatrix(0, 0, []))
            )
            name = "NaiveBayesModel_made_%s_%d" % (kind, rows)
            yield case(name, note, NaiveBayesModel(java), counts(f, rows + columns, columns))


def to_java(f, value):
    """A matrix or vector of Java's."""
    return _py2java(f.spark.sparkContext, value)


def sparse_columns(rows, columns, values):
    """The matrix with only every third value, in compressed columns."""
    pointers, indices, kept = [0], [], []
    for column in range(columns):
        for row in range(rows):
            if (row + 2 * column) % 3 == 0:
                indices.append(row)
                kept.append(values[column * rows + row])
        pointers.append(len(kept))
    return SparseMatrix(rows, columns, pointers, indices, kept)


def many_classes(f, classes, size):
    """Rows of which one feature tells the class."""
    rnd = random.Random(classes)
    made_rows = []
    for i in range(20 * classes):
        label = i % classes
        x = [round(rnd.gauss(0, 1), 3) if rnd.random() > 0.3 else 0.0 for _ in range(size)]
        x[label % size] += 2.0 * (label // size - classes // size / 2)
        made_rows.append((float(label), mixed(i, x)))
    return f.make("label double, features vector", made_rows)


def counts(f, seed, size, rows=24):
    """Rows of counts, dense and sparse."""
    rnd = random.Random(seed)
    values = [mixed(i, [float(rnd.randint(0, 9)) / 4 for _ in range(size)]) for i in range(rows)]
    return f.one("features", "vector", values + [Vectors.sparse(size, [], [])])
