"""tritonclient over HTTP at its defaults and with every option that changes bytes on the wire."""

import numpy as np
import tritonclient.http as http
from common import *

client = http.InferenceServerClient(REST)


def inputs(rows=ROWS, binary=True):
    tensors = []
    for name, values in columns(rows).items():
        tensor = http.InferInput(name, [rows], NUMPY_TO_OIP[str(values.dtype)])
        tensor.set_data_from_numpy(values, binary_data=binary)
        tensors.append(tensor)
    return tensors


# Health and metadata.
assert client.is_server_live() and client.is_server_ready()
assert client.is_model_ready(MODEL) and client.is_model_ready(MODEL, "1")
assert not client.is_model_ready("nothing")
server = client.get_server_metadata()
assert server["name"] == "firesteel" and "binary_tensor_data" in server["extensions"], server
metadata = client.get_model_metadata(MODEL)
assert metadata["name"] == MODEL and metadata["versions"] == ["1"] and metadata["platform"] == "spark-3.5.9", metadata
assert [tensor["name"] for tensor in metadata["inputs"]] == INPUTS, metadata
assert all(tensor["datatype"] == "FP64" and tensor["shape"] == [-1] for tensor in metadata["inputs"]), metadata
outputs = {tensor["name"]: tensor for tensor in metadata["outputs"]}
assert outputs["probability"] == {"name": "probability", "datatype": "FP64", "shape": [-1, 2]}, outputs
config = client.get_model_config(MODEL)
assert config["max_batch_size"] >= ROWS and config["input"][0]["data_type"] == "TYPE_FP64", config
assert config["input"][0]["dims"] == [1] and config["backend"] == "firesteel", config

# The defaults: binary both ways, the model's default outputs.
result = client.infer(MODEL, inputs(), request_id="request-7")
same(result.as_numpy("prediction"), PREDICTION, "default prediction")
same(result.as_numpy("probability"), PROBABILITY, "default probability")
assert result.as_numpy("rawPrediction") is None
assert result.get_response()["id"] == "request-7"
assert result.get_response()["model_version"] == "1"

# JSON both ways, outputs chosen and in order, an output that is not a default one.
wanted = [http.InferRequestedOutput(name, binary_data=False) for name in ("rawPrediction", "prediction")]
result = client.infer(MODEL, inputs(binary=False), outputs=wanted)
assert [output["name"] for output in result.get_response()["outputs"]] == ["rawPrediction", "prediction"]
same(result.as_numpy("rawPrediction"), RAW_PREDICTION, "JSON rawPrediction")
same(result.as_numpy("prediction"), PREDICTION, "JSON prediction")

# Binary in, one output binary and one JSON.
wanted = [http.InferRequestedOutput("probability"), http.InferRequestedOutput("prediction", binary_data=False)]
result = client.infer(MODEL, inputs(), outputs=wanted, model_version="1")
same(result.as_numpy("probability"), PROBABILITY, "mixed probability")
same(result.as_numpy("prediction"), PREDICTION, "mixed prediction")

# Compressed both ways.
for algorithm in ("gzip", "deflate"):
    for binary in (True, False):
        result = client.infer(
            MODEL,
            inputs(binary=binary),
            outputs=[http.InferRequestedOutput("probability", binary_data=binary)],
            request_compression_algorithm=algorithm,
            response_compression_algorithm=algorithm,
        )
        same(result.as_numpy("probability"), PROBABILITY, f"{algorithm} {binary}")

# The classification extension.
result = client.infer(MODEL, inputs(3), outputs=[http.InferRequestedOutput("probability", class_count=1)])
classes = [text.decode() for text in result.as_numpy("probability").flatten()]
assert [int(text.split(":")[1]) for text in classes] == PREDICTION[:3].astype(int).tolist(), classes
assert [float(text.split(":")[0]) for text in classes] == PROBABILITY[:3].max(axis=1).tolist(), classes

# The whole row as one tensor, as clients of scikit-learn servers send it; and column vectors [rows, 1].
matrix = FRAME.to_numpy(dtype=np.float64)
whole = http.InferInput("input-0", list(matrix.shape), "FP64")
whole.set_data_from_numpy(matrix)
same(client.infer(MODEL, [whole]).as_numpy("prediction"), PREDICTION, "whole row")
tall = []
for name, values in columns().items():
    tensor = http.InferInput(name, [ROWS, 1], NUMPY_TO_OIP[str(values.dtype)])
    tensor.set_data_from_numpy(values.reshape(ROWS, 1))
    tall.append(tensor)
same(client.infer(MODEL, tall).as_numpy("prediction"), PREDICTION, "column vectors")

# No rows is an answer of no rows.
result = client.infer(MODEL, inputs(0), outputs=[http.InferRequestedOutput("prediction", binary_data=False)])
assert result.as_numpy("prediction").shape == (0,)

# Many at once.
pending = [client.async_infer(MODEL, inputs(5)) for _ in range(20)]
for request in pending:
    same(request.get_result().as_numpy("prediction"), PREDICTION[:5], "async")

# Errors are readable, and name what is wrong.
refused(lambda: client.infer("nothing", inputs()), "nothing", MODEL)
refused(lambda: client.infer(MODEL, inputs(), model_version="9"), "version '9'")
refused(lambda: client.infer(MODEL, inputs()[:3]), "credit_score", "missing")
refused(lambda: client.infer(MODEL, inputs(), outputs=[http.InferRequestedOutput("nope")]), "nope")
short = inputs(4)
short[1] = inputs(3)[1]
refused(lambda: client.infer(MODEL, short), "income", "3 rows")
text = http.InferInput("age", [1], "BYTES")
text.set_data_from_numpy(np.array(["x"], dtype=np.object_))
refused(lambda: client.infer(MODEL, [text] + inputs(1)[1:]), "age", "BYTES", "FP64")
refused(lambda: client.get_model_metadata("nothing"), "nothing")

# Statistics, the index, unload and load.
before = client.get_inference_statistics(MODEL)["model_stats"][0]
client.infer(MODEL, inputs(7))
after = client.get_inference_statistics(MODEL)["model_stats"][0]
assert after["inference_count"] == before["inference_count"] + 7, (before, after)
assert after["inference_stats"]["success"]["count"] == before["inference_stats"]["success"]["count"] + 1
assert after["inference_stats"]["compute_infer"]["ns"] > 0 and before["inference_stats"]["fail"]["count"] > 0
assert client.get_inference_statistics()["model_stats"][0]["name"] == MODEL
index = client.get_model_repository_index()
assert [(model["name"], model["version"], model["state"]) for model in index] == [(MODEL, "1", "READY")], index
client.unload_model(MODEL)
assert not client.is_model_ready(MODEL) and not client.is_server_ready()
assert client.get_model_repository_index()[0]["state"] == "UNAVAILABLE"
refused(lambda: client.infer(MODEL, inputs()), "not loaded")
client.load_model(MODEL)
assert client.is_model_ready(MODEL) and client.get_model_metadata(MODEL)["versions"] == ["2"]
same(client.infer(MODEL, inputs()).as_numpy("prediction"), PREDICTION, "after load")
refused(lambda: client.load_model("nothing"), "nothing")
refused(lambda: client.load_model(MODEL, config="{}"), "parameters")
done("tritonclient.http")
