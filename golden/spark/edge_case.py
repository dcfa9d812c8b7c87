"""What an edge case is, and small makers of frames for it."""

from collections import namedtuple

from pyspark.ml.linalg import Vectors, VectorUDT
from pyspark.sql.types import StructField, StructType, _parse_datatype_string

# `model` is a fitted stage, `frame` what it shall score; `prepare(folder)`, if given, rewrites files of the save;
# `jvm` is the Java class that shall load and answer, where PySpark has Python code of its own for it.
Case = namedtuple("Case", "name note model frame prepare jvm")

NAN = float("nan")
INF = float("inf")


def case(name, note, model, frame, prepare=None, jvm=None):
    """A case; its name opens with the class that is saved."""
    return Case(name, note, model, frame, prepare, jvm)


def dense(*values):
    """A dense vector."""
    return Vectors.dense([float(v) for v in values])


def sparse(size, entries):
    """A sparse vector of index → value; zeros stay as they are given."""
    keys = sorted(entries)
    return Vectors.sparse(size, keys, [float(entries[k]) for k in keys])


class Frames:
    """Makes frames with an `id` column in front."""

    def __init__(self, spark):
        self.spark = spark

    def make(self, columns, rows):
        """`columns` is like "x double, v vector, words array<string>"; one tuple a row."""
        fields = [StructField("id", _parse_datatype_string("long"), False)]
        for column in split_columns(columns):
            name, kind = column.rsplit(" ", 1)
            fields.append(StructField(name, VectorUDT() if kind == "vector" else _parse_datatype_string(kind), True))
        numbered = [(i,) + tuple(row) for i, row in enumerate(rows)]
        return self.spark.createDataFrame(numbered, StructType(fields))

    def one(self, name, kind, values):
        """One column."""
        return self.make("{} {}".format(name, kind), [(v,) for v in values])


def split_columns(columns):
    """Splits "a int, b array<string>" at the commas; no type here holds one."""
    return [c.strip() for c in columns.split(",")]
