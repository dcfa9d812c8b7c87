"""MLflow's own client of its scoring server, and every body that the protocol has."""

import json
import sys
import types

import numpy as np
import requests
from common import *
from mlflow.pyfunc.scoring_server.client import ScoringServerClient

# The client asks whether SciPy has sparse matrices and trips where there is no SciPy at all.
if "scipy" not in sys.modules:
    sys.modules["scipy"] = types.ModuleType("scipy")
    sys.modules["scipy"].__path__ = []

host, port = REST.split(":")
client = ScoringServerClient(host, int(port))
client.ping()
client.wait_server_ready()
assert client.get_version()

# A data frame, an array, records; and what the client makes of the answer.
answer = client.invoke(FRAME)
assert json.loads(answer.to_json())["predictions"] == PREDICTION.tolist()
same(answer.get_predictions("ndarray"), PREDICTION, "data frame")
assert answer.get_predictions("dataframe")[0].tolist() == PREDICTION.tolist()
same(client.invoke(FRAME.to_numpy()).get_predictions("ndarray"), PREDICTION, "array")
records = FRAME.to_dict(orient="records")
same(client.invoke(records).get_predictions("ndarray"), PREDICTION, "records")
answer = client.invoke(FRAME, params={"outputs": ["prediction", "probability"], "unknown": 1})
frame = answer.get_predictions("dataframe")
assert frame["prediction"].tolist() == PREDICTION.tolist()
assert frame["probability"].tolist() == PROBABILITY.tolist()

URL = f"http://{REST}/invocations"


def post(body, kind="application/json", query=""):
    headers = {"Content-Type": kind} if kind else {}
    return requests.post(URL + query, data=body, headers=headers)


# Every form of input.
for name, data in {
    "dataframe_split": json.loads(FRAME.to_json(orient="split")),
    "dataframe_records": records,
    "instances": records,
    "inputs": {name: values.tolist() for name, values in columns().items()},
}.items():
    answer = post(json.dumps({name: data}), "application/json; charset=utf-8")
    assert answer.status_code == 200 and answer.json() == {"predictions": PREDICTION.tolist()}, (name, answer.text[:200])
shuffled = FRAME[["income", "credit_score", "age", "tenure_months"]].assign(extra="x")
same(client.invoke(shuffled).get_predictions("ndarray"), PREDICTION, "shuffled columns")
answer = post(FRAME.to_csv(index=False), "text/csv")
assert answer.status_code == 200 and answer.json() == {"predictions": PREDICTION.tolist()}, answer.text[:200]
answer = post(json.dumps({"instances": records[:2]}), query="?outputs=probability")
assert answer.json() == {"predictions": [{"probability": row} for row in PROBABILITY[:2].tolist()]}, answer.text

# Errors: MLflow's shape and status, without a stack trace.
def failure(status, code, *words, **request):
    answer = post(**request)
    assert answer.status_code == status, (answer.status_code, answer.text)
    error = answer.json()
    assert error["error_code"] == code and "stack_trace" not in error, error
    assert all(word in error["message"] for word in words), error

failure(400, "BAD_REQUEST", "valid JSON", body="{")
failure(400, "BAD_REQUEST", "exactly one of the input fields", "Received a list", body="[]")
failure(400, "BAD_REQUEST", "exactly one of the input fields", "'data'", body='{"data": []}')
failure(400, "BAD_REQUEST", "exactly one of the input fields", body='{"inputs": [], "instances": []}')
failure(400, "INVALID_PARAMETER_VALUE", "income", "missing", body='{"dataframe_records": [{"age": 1}]}')
failure(400, "INVALID_PARAMETER_VALUE", "age", '"old"', body='{"inputs": {"age": ["old"]}}')
missing = FRAME.astype(float)
missing.loc[3, "income"] = np.nan
refused(lambda: client.invoke(missing), "400", "income")
for kind, words in {
    "text/plain": "only supports the following content types",
    "application/json; charset=latin1": "only supports UTF-8",
    "application/json; profile=x": "Unrecognized content type parameters: profile",
    None: "only supports the following content types",
}.items():
    answer = post("{}", kind)
    assert answer.status_code == 415 and words in answer.text, (kind, answer.status_code, answer.text)
assert requests.get(f"http://{REST}/ping").text == "\n"
assert requests.get(f"http://{REST}/health").status_code == 200
done("mlflow")
