"""Random tables for the live test: one to train on, and a dirtier one to score.

Columns: `id`; numbers `d1 d2 f1 i1 l1`; a flag `b1`; categories `s1 s2` (strings), `c1` (double), `c2` (int); texts
`t1 t2`; lists `w1` (words) and `g1` (different goods); vectors `v1 v2` (dense and sparse rows mixed) and
`v4` (counts); ids `u1 m1`; and, to train on, `label2 label3 y above censor`.
"""

import pyarrow as pa
import pyarrow.parquet as pq
from pyspark.ml.linalg import DenseVector, Vectors, VectorUDT
from pyspark.sql.types import StructField, StructType, _parse_datatype_string

from live_words import LETTERS, SPACES, STRAY, WORDS

NAN = float("nan")
INF = float("inf")

KINDS = {
    "id": "long", "d1": "double", "d2": "double", "f1": "float", "i1": "int", "l1": "long", "b1": "boolean",
    "s1": "string", "s2": "string", "c1": "double", "c2": "int", "t1": "string", "t2": "string",
    "w1": "array<string>", "g1": "array<string>", "v1": "vector", "v2": "vector",
    "v4": "vector", "u1": "int", "m1": "int",
    "label2": "double", "label3": "double", "y": "double", "above": "double", "censor": "double",
}
LABELS = ["label2", "label3", "y", "above", "censor"]
SIZES = [1, 2, 3, 5, 7, 8, 9, 16, 17, 33, 40, 120]


def schema(columns):
    """The Spark schema of these columns."""
    return StructType([
        StructField(c, VectorUDT() if KINDS[c] == "vector" else _parse_datatype_string(KINDS[c]), c != "id")
        for c in columns
    ])


class Table:
    """The shape of one pipeline's data: how many categories, how wide the vectors."""

    def __init__(self, rnd):
        self.rnd = rnd
        self.letters = rnd.sample(LETTERS, rnd.randint(2, 6))
        self.values = rnd.sample([0.0, 1.0, 2.0, 2.5, -1.0, 1e7, 1e-5, 100.0], rnd.randint(2, 4))
        wide = rnd.choice([rnd.randint(200, 999), 1000]) if rnd.random() < 0.08 else rnd.choice(SIZES)
        self.sizes = {"v1": wide, "v2": rnd.randint(1, 4), "v4": rnd.randint(2, 12)}

    def vector(self, size, odd=False):
        """A dense or sparse vector; an odd one may hold NaN, infinities and explicit zeros."""
        rnd = self.rnd
        full = rnd.choice([0.1, 0.4, 0.7, 1.0])
        values = [round(rnd.gauss(0, 2), 3) if rnd.random() < full else 0.0 for _ in range(size)]
        if odd and rnd.random() < 0.3:
            values[rnd.randrange(size)] = rnd.choice([NAN, INF, -INF, -0.0, 1e8, -1e8, 1e-12])
        return self.shaped(values, odd)

    def counts(self, size, odd=False):
        """Small whole numbers, at least one of them not zero; an odd row may hold anything, or nothing but zeros."""
        rnd = self.rnd
        values = [float(rnd.choice([0, 0, 0, 1, 1, 2, 3])) for _ in range(size)]
        values[rnd.randrange(size)] = 1.0
        if odd and rnd.random() < 0.15:
            values[rnd.randrange(size)] = rnd.choice([NAN, INF, -0.0, 1.5, 7.0, -1.0])
        if odd and rnd.random() < 0.05:
            values = [0.0] * size
        return self.shaped(values, odd)

    def shaped(self, values, odd):
        """The values as a dense or a sparse vector."""
        if self.rnd.random() < 0.5:
            return Vectors.dense(values)
        kept = {i: v for i, v in enumerate(values) if v != 0.0 or (odd and self.rnd.random() < 0.1)}
        return Vectors.sparse(len(values), sorted(kept), [kept[i] for i in sorted(kept)])

    def text(self):
        """Words of many scripts with all kinds of space between them."""
        rnd = self.rnd
        text = "".join(rnd.choice(WORDS) + rnd.choice(SPACES) for _ in range(rnd.randint(0, 7)))
        return text + "".join(rnd.sample(STRAY, 2)) if rnd.random() < 0.2 else text

    def row(self, number, odd=False, pure=()):
        """A clean row (apart from what an odd vector may hold in columns that need not be `pure`)."""
        rnd = self.rnd
        goods = ["milk", "bread", "tea", "茶", "ß"]
        row = {
            "id": number,
            "d1": rnd.gauss(0, 3) if rnd.random() < 0.8 else float(rnd.randint(-3, 3)),
            "d2": 0.0 if rnd.random() < 0.7 else round(rnd.expovariate(0.1), 2),
            "f1": rnd.uniform(-1, 1),
            "i1": rnd.randint(-5, 90),
            "l1": rnd.randint(0, 1 << rnd.choice([3, 20, 55])),
            "b1": rnd.random() < 0.5,
            "s1": rnd.choice(self.letters),
            "s2": rnd.choice(self.letters[:2]),
            "c1": rnd.choice(self.values),
            "c2": rnd.randint(0, 3),
            "t1": self.text(),
            "t2": self.text(),
            "w1": [rnd.choice(WORDS) for _ in range(rnd.randint(0, 6))],
            "g1": rnd.sample(goods, rnd.randint(0 if odd else 1, 4)),
            "v1": self.vector(self.sizes["v1"], odd and "v1" not in pure),
            "v2": self.vector(self.sizes["v2"], odd and "v2" not in pure),
            "v4": self.counts(self.sizes["v4"], odd and "v4" not in pure),
            "u1": rnd.randint(0, 9 if odd else 7),
            "m1": rnd.randint(0, 9 if odd else 7),
        }
        signal = row["d1"] / 3 + row["f1"] + (0.8 if row["s1"] == self.letters[0] else -0.4) + rnd.gauss(0, 0.5)
        if not odd:
            signal += float(row["v1"][0]) / 2 + float(row["v4"][0]) / 3
        row.update(label2=float(signal > 0), label3=float((signal > -0.5) + (signal > 0.7)), y=signal * 2)
        row.update(above=abs(signal) + 0.1, censor=float(rnd.random() < 0.8))
        return row

    def spoil(self, row, column):
        """Puts something bad into a column; vectors, texts and lists become null elsewhere."""
        rnd = self.rnd
        kind = KINDS[column]
        if kind in ("double", "float"):
            row[column] = rnd.choice([None, NAN, NAN, INF, -INF, -0.0, 77.7])
        elif kind in ("int", "long"):
            row[column] = rnd.choice([None, None, 77, -1])
        elif kind == "boolean":
            row[column] = None
        elif column in ("s1", "s2"):
            row[column] = rnd.choice([None, "unseen", "A ", "ſ"])

    def rows(self, count, odd=False, pure=()):
        """Rows to train on, or odd ones to score."""
        return [self.row(i, odd, pure) for i in range(count)]


VECTOR = pa.struct([
    pa.field("type", pa.int8(), nullable=False),
    pa.field("size", pa.int32()),
    pa.field("indices", pa.list_(pa.field("element", pa.int32(), nullable=False))),
    pa.field("values", pa.list_(pa.field("element", pa.float64(), nullable=False))),
])
ARROW = {
    "long": pa.int64(), "int": pa.int32(), "double": pa.float64(), "float": pa.float32(),
    "boolean": pa.bool_(), "string": pa.string(), "vector": VECTOR,
    "array<string>": pa.list_(pa.field("element", pa.string())),
}


def arrow_value(value):
    """A vector as Spark lays it out in Parquet; any other value as it is."""
    if value is None or not hasattr(value, "toArray"):
        return value
    if isinstance(value, DenseVector):
        return {"type": 1, "size": None, "indices": None, "values": value.values.tolist()}
    return {"type": 0, "size": int(value.size), "indices": value.indices.tolist(), "values": value.values.tolist()}


def write_rows(rows, columns, path):
    """Writes the rows as Spark would, its schema in the file's metadata: no Python worker has to start for it."""
    fields = [pa.field(c, ARROW[KINDS[c]], nullable=c != "id") for c in columns]
    spark_schema = {b"org.apache.spark.sql.parquet.row.metadata": schema(columns).json().encode()}
    values = [pa.array([arrow_value(row[f.name]) for row in rows], f.type) for f in fields]
    pq.write_table(pa.Table.from_arrays(values, schema=pa.schema(fields, metadata=spark_schema)), path)
