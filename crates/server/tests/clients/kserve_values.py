"""NaN through kserve's clients, whose JSON parser takes strict JSON only."""

import asyncio

import numpy as np
from common import GRPC, REST, done
from kserve import InferenceGRPCClient, InferenceRESTClient, InferInput, InferRequest, RESTConfig

EXPECTED = np.array([[1.0, 2.0, 3.0], [np.nan, 1.0, 1.0]])


def request(binary):
    tensors = []
    for name, datatype, values in (
        ("x", "FP64", np.array([1.0, np.nan])),
        ("y", "INT32", np.array([2, 1], np.int32)),
        ("z", "FP32", np.array([3, 1], np.float32)),
    ):
        tensor = InferInput(name, [2], datatype)
        tensor.set_data_from_numpy(values, binary_data=binary)
        tensors.append(tensor)
    if not binary:
        tensors[0].data = [1.0, "NaN"]
    return InferRequest("nan", tensors)


async def main():
    client = InferenceRESTClient(RESTConfig(protocol="v2"))
    for binary in (True, False):
        response = await client.infer(f"http://{REST}", request(binary), model_name="nan")
        np.testing.assert_array_equal(response.outputs[0].as_numpy(), EXPECTED)
    client = InferenceRESTClient(RESTConfig(protocol="v1"))
    answer = await client.infer(f"http://{REST}", {"instances": [[1.0, 2, 3], ["NaN", 1, 1]]}, model_name="nan")
    assert answer == {"predictions": [[1.0, 2.0, 3.0], ["NaN", 1.0, 1.0]]}, answer
    response = await InferenceGRPCClient(GRPC).infer(request(True))
    np.testing.assert_array_equal(response.outputs[0].as_numpy(), EXPECTED)


asyncio.run(main())
done("kserve values")
