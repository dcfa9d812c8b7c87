"""Texts, lists, missing values, NaN and dropped rows: golden saves of Spark served to tritonclient,
and as plain requests to the other protocols.

`labels` answers texts, `skip` drops rows, `nan` answers NaN, `words` reads lists of texts.
"""

import json
import os

import numpy as np
import requests
import tritonclient.grpc as grpc
import tritonclient.http as http
from common import GRPC, REST, done, refused, same

GOLDEN = os.environ["FIRESTEEL_GOLDEN"]
over_http = http.InferenceServerClient(REST)
over_grpc = grpc.InferenceServerClient(GRPC)


def answers(case):
    """Spark's answers, column by column, and the ids of the rows that it did not drop."""
    with open(os.path.join(GOLDEN, case, "3.5.9", "answers.json")) as file:
        answer = json.load(file)
    rows = [dict(zip(answer["columns"], row)) for row in answer["rows"]]
    return {name: [row[name] for row in rows] for name in answer["columns"]}, answer["row_ids"]


def dense(vector):
    if "dense" in vector:
        return [float(value) for value in vector["dense"]]
    size, places, values = vector["sparse"]
    out = [0.0] * size
    for place, value in zip(places, values):
        out[place] = float(value)
    return out


def texts(values):
    return np.array([value.encode() for value in values], dtype=np.object_)


def ask(model, columns, outputs, binary=True):
    """The outputs of a model over HTTP and gRPC, which must agree."""
    inputs = []
    for name, datatype, values in columns:
        tensor = http.InferInput(name, list(values.shape), datatype)
        tensor.set_data_from_numpy(values, binary_data=binary)
        inputs.append(tensor)
    wanted = [http.InferRequestedOutput(name, binary_data=binary) for name in outputs]
    result = over_http.infer(model, inputs, outputs=wanted)
    found = [result.as_numpy(name) for name in outputs]
    inputs = []
    for name, datatype, values in columns:
        tensor = grpc.InferInput(name, list(values.shape), datatype)
        tensor.set_data_from_numpy(values)
        inputs.append(tensor)
    result = over_grpc.infer(model, inputs, outputs=[grpc.InferRequestedOutput(name) for name in outputs])
    for name, values in zip(outputs, found):
        other = result.as_numpy(name)
        if values.dtype == np.float64:
            np.testing.assert_array_equal(values, other)
        else:
            plain = [value if isinstance(value, str) else value.decode() for value in values.flatten()]
            assert plain == [value.decode() for value in other.flatten()], (plain, other)
    return found


def raw(path, body, **options):
    return requests.post(f"http://{REST}{path}", data=body.encode(), **options)


# Texts in and out, binary and JSON.
expected, _ = answers("PipelineModel_answer_labels")
x = texts(["yes", "no", "yes", "no", "maybe"])
v = np.array([1.0, 0.0, 2.0, -1.0, 5.0])
count = len(expected["answer"])
for binary in (True, False):
    label, answer = ask("labels", [("x", "BYTES", x), ("v", "FP64", v)], ["label", "answer"], binary)
    assert label.shape == (5,) and answer.shape == (5,)
    words = [value if isinstance(value, str) else value.decode() for value in answer]
    assert words[:2] == expected["answer"][:2] == ["yes", "no"], words
refused(lambda: ask("labels", [("x", "FP64", v), ("v", "FP64", v)], ["label", "answer"]), "'x'", "BYTES")

# A list of texts is one row of two dimensions; a sparse vector is answered dense.
expected, _ = answers("HashingTF_7")
row = texts(["", "a", "ab", "abc", "abcd", "abcde", "é", "日本", "😀", "spark"]).reshape(1, 10)
(found,) = ask("words", [("x", "BYTES", row)], ["o"])
same(found, np.array([dense(expected["o"][0])]), "words")

# NaN out: numbers for every client, strict JSON where it is JSON. NaN and null in.
expected, _ = answers("VectorAssembler_keep_scalars")
first = np.array([dense(vector) for vector in expected["o"][:2]])
columns = [("x", "FP64", np.array([1.0, np.nan])), ("y", "INT32", np.array([2, 1], np.int32))]
columns.append(("z", "FP32", np.array([3, 1], np.float32)))
for binary in (True, False):
    (found,) = ask("nan", columns, ["o"], binary)
    np.testing.assert_array_equal(found, first)

body = '{"dataframe_split": {"columns": ["x", "y", "z"], "data": [[1.0, 2, 3.0], [NaN, 1, 1.0], [null, 0, 0.0]]}}'
answer = raw("/models/nan/invocations", body, headers={"Content-Type": "application/json"})
assert "NaN" in answer.text and '"NaN"' not in answer.text, answer.text
np.testing.assert_array_equal(np.array(answer.json()["predictions"])[:2], first)
answer = raw("/models/nan/invocations", "x,y,z\n1.0,2,3\nNaN,1,1\n,0,0\n", headers={"Content-Type": "text/csv"})
np.testing.assert_array_equal(np.array(answer.json()["predictions"])[:2], first)

# Dropped rows: marked where the request lets them be, else an error that names them.
expected, kept = answers("PipelineModel_labels_skip")
data = [None, "zz", "a", "d", "b"]
assert kept == [2, 3, 4] and "dropped" in [
    tensor["name"] for tensor in over_http.get_model_metadata("skip")["outputs"]
]
tensors = [{"name": "x", "shape": [5], "datatype": "BYTES", "data": data}]
answer = raw("/v2/models/skip/infer", json.dumps({"inputs": tensors}))
outputs = {tensor["name"]: tensor for tensor in answer.json()["outputs"]}
assert outputs["dropped"]["data"] == [True, True, False, False, False], outputs
assert outputs["back"]["data"] == [None, None] + expected["back"], outputs
wanted = [{"name": "i"}]
answer = raw("/v2/models/skip/infer", json.dumps({"inputs": tensors, "outputs": wanted}))
assert answer.status_code == 422 and "0, 1" in answer.json()["error"], answer.text
answer = raw("/v2/models/skip/infer", json.dumps({"inputs": tensors, "outputs": wanted + [{"name": "dropped"}]}))
assert answer.json()["outputs"][0]["data"] == [None, None] + expected["i"], answer.text
unseen = http.InferInput("x", [3], "BYTES")
unseen.set_data_from_numpy(texts(["zz", "a", "d"]))
wanted = [http.InferRequestedOutput("i"), http.InferRequestedOutput("dropped")]
result = over_http.infer("skip", [unseen], outputs=wanted)
np.testing.assert_array_equal(result.as_numpy("i"), [np.nan, 1.0, 3.0])
assert result.as_numpy("dropped").tolist() == [True, False, False]
refused(lambda: over_http.infer("skip", [unseen]), "null", "BYTES", "JSON")
refused(lambda: over_http.infer("skip", [unseen], outputs=wanted[:1]), "dropped rows", "0")
typed = grpc.InferInput("x", [3], "BYTES")
typed.set_data_from_numpy(texts(["zz", "a", "d"]))
wanted = [grpc.InferRequestedOutput("i"), grpc.InferRequestedOutput("dropped")]
np.testing.assert_array_equal(over_grpc.infer("skip", [typed], outputs=wanted).as_numpy("i"), [np.nan, 1.0, 3.0])
answer = raw(
    "/models/skip/invocations?outputs=i",
    json.dumps({"inputs": {"x": data}}),
    headers={"Content-Type": "application/json"},
)
assert answer.json() == {"predictions": [None, None, {"i": 1.0}, {"i": 3.0}, {"i": 0.0}]}, answer.text
body = '{"dataframe_records": [{"x": "a"}, {"x": NaN}, {"x": "NaN"}]}'
answer = raw("/models/skip/invocations", body, headers={"Content-Type": "application/json"})
assert answer.json() == {"predictions": ["a", None, None]}, answer.text
answer = raw("/v1/models/skip:predict?outputs=back", json.dumps({"instances": ["a", ["d"], {"x": "b"}, None]}))
assert answer.json() == {"predictions": [{"back": "a"}, {"back": "d"}, {"back": "b"}, None]}, answer.text

# A raw binary request: the body is the only input, one text.
answer = raw("/v2/models/skip/infer", "d", headers={"Inference-Header-Content-Length": "0"})
length = int(answer.headers["Inference-Header-Content-Length"])
head = json.loads(answer.content[:length])
assert head["outputs"][0]["shape"] == [1] and answer.content[length:][:5] == b"\x01\x00\x00\x00d", answer.content
done("values")
