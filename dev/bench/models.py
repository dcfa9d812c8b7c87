"""The models that are measured: where they lie, their rows as numbers, and Spark's answers to them."""

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from harness import CACHE, ROOT, column
from spark_save import Trees, data, disk_bytes, stage


class Model:
    """A save of Spark with rows and Spark's answers."""

    def __init__(self, name):
        self.name = name
        if name == "churn":
            folder = ROOT / "examples/churn"
            self.answers_file = folder / "expected.parquet"
        else:
            folder = CACHE / name
            self.answers_file = folder / "answers.parquet"
        self.path, self.rows_file = folder / "model", folder / "rows.parquet"
        self.made = CACHE / "made" / name

    @property
    def rows(self):
        return pq.read_table(self.rows_file)

    def matrix(self):
        """The features of the rows as the last stage gets them."""
        rows = self.rows
        if self.name == "churn":
            names = ["age", "income", "tenure_months", "credit_score"]
            (scaler,) = data(stage(self.path, 1)).to_pylist()
            factors = 1.0 / np.array(scaler["std"]["values"])
        else:
            names = [name for name in rows.column_names if name.startswith("f")]
            factors = 1.0
        values = np.column_stack([rows[name].to_numpy().astype(np.float64) for name in names])
        return np.ascontiguousarray(values * factors)

    def probability(self):
        """Spark's probability of class 1."""
        return self.answers("probability")[:, 1]

    def answers(self, name):
        """What Spark answered in this column."""
        return column(pq.read_table(self.answers_file)[name])

    def trees(self):
        return Trees(self.path)

    def mebibytes(self):
        """The size of the save's Parquet files."""
        return disk_bytes(self.path) / 2**20


def exists(name):
    return Path(Model(name).answers_file).exists()
