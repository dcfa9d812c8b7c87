"""What every client script needs: where the server is, rows of the churn example and Spark's answers to them."""

import os
import sys

import numpy as np
import pyarrow.parquet as pq

REST = os.environ["FIRESTEEL_REST"]
GRPC = os.environ["FIRESTEEL_GRPC"]
EXAMPLE = os.environ["FIRESTEEL_EXAMPLE"]
MODEL = "churn"
ROWS = 400
INPUTS = ["age", "income", "tenure_months", "credit_score"]

_rows = pq.read_table(os.path.join(EXAMPLE, "rows.parquet")).slice(0, ROWS).to_pandas()
_expected = pq.read_table(os.path.join(EXAMPLE, "expected.parquet")).slice(0, ROWS).to_pylist()

FRAME = _rows[INPUTS]
PREDICTION = np.array([row["prediction"] for row in _expected])
PROBABILITY = np.array([row["probability"]["values"] for row in _expected])
RAW_PREDICTION = np.array([row["rawPrediction"]["values"] for row in _expected])

NUMPY_TO_OIP = {"int32": "INT32", "int64": "INT64", "float32": "FP32", "float64": "FP64", "object": "BYTES"}


def columns(rows=ROWS):
    """Each input with its values as Spark had them: integers and doubles."""
    return {name: FRAME[name].to_numpy()[:rows] for name in INPUTS}


def same(found, expected, what):
    """Bit for bit, shape included."""
    assert found is not None, f"{what}: no answer"
    assert found.shape == expected.shape, f"{what}: shape {found.shape}, expected {expected.shape}"
    assert np.array_equal(found, expected), f"{what}: {found[:3]}, expected {expected[:3]}"


def refused(call, *words):
    """The call must fail with an error that has all of these words; the error is returned."""
    try:
        call()
    except Exception as error:  # every client has a class of its own
        text = str(error)
        missing = [word for word in words if word not in text]
        assert not missing, f"{missing} not in {text!r}"
        return error
    raise AssertionError(f"not refused; expected {words}")


def done(name):
    print(f"{name}: ok", file=sys.stderr)
