"""tritonclient over gRPC: raw elements, compression, deadlines, streams, the repository and statistics."""

import queue

import numpy as np
import tritonclient.grpc as grpc
from common import *
from tritonclient.grpc import service_pb2, service_pb2_grpc
from tritonclient.utils import InferenceServerException

client = grpc.InferenceServerClient(GRPC)


def inputs(rows=ROWS):
    tensors = []
    for name, values in columns(rows).items():
        tensor = grpc.InferInput(name, [rows], NUMPY_TO_OIP[str(values.dtype)])
        tensor.set_data_from_numpy(values)
        tensors.append(tensor)
    return tensors


def status_of(error):
    assert isinstance(error, InferenceServerException), error
    return error.status()


# Health and metadata.
assert client.is_server_live() and client.is_server_ready()
assert client.is_model_ready(MODEL) and client.is_model_ready(MODEL, "1")
assert not client.is_model_ready("nothing")
assert client.get_server_metadata().name == "firesteel"
metadata = client.get_model_metadata(MODEL)
assert [tensor.name for tensor in metadata.inputs] == INPUTS and metadata.platform == "spark-3.5.9", metadata
config = client.get_model_config(MODEL).config
assert config.max_batch_size >= ROWS and list(config.input[0].dims) == [1], config
assert config.HasField("dynamic_batching"), config

# The defaults, chosen outputs, compression, a deadline that is kept.
result = client.infer(MODEL, inputs(), request_id="request-7")
same(result.as_numpy("prediction"), PREDICTION, "prediction")
same(result.as_numpy("probability"), PROBABILITY, "probability")
assert result.get_response().id == "request-7" and result.as_numpy("rawPrediction") is None
wanted = [grpc.InferRequestedOutput(name) for name in ("rawPrediction", "prediction")]
result = client.infer(MODEL, inputs(), outputs=wanted, compression_algorithm="gzip", client_timeout=20, timeout=20_000_000)
assert [output.name for output in result.get_response().outputs] == ["rawPrediction", "prediction"]
same(result.as_numpy("rawPrediction"), RAW_PREDICTION, "rawPrediction")
result = client.infer(MODEL, inputs(2), outputs=[grpc.InferRequestedOutput("probability", class_count=1)])
assert [int(text.split(b":")[1]) for text in result.as_numpy("probability").flatten()] == PREDICTION[:2].tolist()
assert status_of(refused(lambda: client.infer(MODEL, inputs(), timeout=1))) == "StatusCode.DEADLINE_EXCEEDED"

# Typed in, typed out.
request = service_pb2.ModelInferRequest(model_name=MODEL)
for name, values in columns(3).items():
    tensor = request.inputs.add(name=name, datatype="FP64", shape=[3])
    tensor.contents.fp64_contents.extend(values.astype(np.float64))
response = client._client_stub.ModelInfer(request)
assert not response.raw_output_contents
assert list(response.outputs[0].contents.fp64_contents) in (PREDICTION[:3].tolist(), PROBABILITY[:3].flatten().tolist())

# A stream: answers in order, an error in between, and the stream goes on.
answers = queue.Queue()
client.start_stream(callback=lambda result, error: answers.put((result, error)))
for rows in (1, 2, 3):
    client.async_stream_infer(MODEL, inputs(rows), request_id=str(rows))
client.async_stream_infer(MODEL, inputs(3)[:1], request_id="bad")
client.async_stream_infer(MODEL, inputs(4), request_id="4")
for rows in (1, 2, 3):
    result, error = answers.get(timeout=20)
    assert error is None and result.get_response().id == str(rows), (error, rows)
    same(result.as_numpy("prediction"), PREDICTION[:rows], "stream")
result, error = answers.get(timeout=20)
assert error is not None and "missing" in str(error), error
result, error = answers.get(timeout=20)
assert error is None and result.get_response().id == "4", error
client.stop_stream()

# Many at once.
for _ in range(20):
    client.async_infer(MODEL, inputs(5), callback=lambda result, error: answers.put((result, error)))
for _ in range(20):
    result, error = answers.get(timeout=20)
    assert error is None, error
    same(result.as_numpy("prediction"), PREDICTION[:5], "async")

# Errors.
assert status_of(refused(lambda: client.infer("nothing", inputs()), "nothing")) == "StatusCode.NOT_FOUND"
assert status_of(refused(lambda: client.infer(MODEL, inputs()[:2]), "missing")) == "StatusCode.INVALID_ARGUMENT"
assert status_of(refused(lambda: client.get_model_metadata(MODEL, "9"), "'9'")) == "StatusCode.NOT_FOUND"
large = grpc.InferInput("age", [5_000_000], "FP64")
large.set_data_from_numpy(np.zeros(5_000_000))
refused(lambda: client.infer(MODEL, [large]), "too large")
assert client.is_server_live()
assert status_of(refused(lambda: client.get_system_shared_memory_status())) == "StatusCode.UNIMPLEMENTED"

# Statistics, the index, unload and load.
statistics = client.get_inference_statistics(MODEL).model_stats[0]
assert statistics.inference_count >= ROWS and statistics.inference_stats.success.count > 0, statistics
assert client.get_inference_statistics().model_stats[0].name == MODEL
assert [(model.name, model.state) for model in client.get_model_repository_index().models] == [(MODEL, "READY")]
client.unload_model(MODEL)
assert not client.is_model_ready(MODEL) and not client.is_server_ready()
assert status_of(refused(lambda: client.infer(MODEL, inputs()), "not loaded")) == "StatusCode.UNAVAILABLE"
client.load_model(MODEL)
same(client.infer(MODEL, inputs()).as_numpy("prediction"), PREDICTION, "after load")
done("tritonclient.grpc")
