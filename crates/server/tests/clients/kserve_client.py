"""kserve's REST client (both protocols) and gRPC client."""

import asyncio

import httpx
import numpy as np
from common import *
from kserve import InferenceGRPCClient, InferenceRESTClient, InferInput, InferRequest, RESTConfig
from kserve.protocol.infer_type import RequestedOutput

BASE = f"http://{REST}"


def request(rows=ROWS, binary=True, **options):
    tensors = []
    for name, values in columns(rows).items():
        tensor = InferInput(name, [rows], NUMPY_TO_OIP[str(values.dtype)])
        tensor.set_data_from_numpy(values, binary_data=binary)
        tensors.append(tensor)
    return InferRequest(model_name=MODEL, infer_inputs=tensors, **options)


def output(response, name):
    found = [tensor for tensor in response.outputs if tensor.name == name]
    assert len(found) == 1, [tensor.name for tensor in response.outputs]
    return found[0].as_numpy()


async def version_2():
    client = InferenceRESTClient(RESTConfig(protocol="v2"))
    assert await client.is_server_live(BASE) is True
    assert await client.is_server_ready(BASE) is True
    assert await client.is_model_ready(BASE, MODEL) is True
    assert await client.is_model_ready(BASE, "nothing") is False
    for binary in (True, False):
        response = await client.infer(BASE, request(binary=binary), model_name=MODEL)
        same(output(response, "prediction"), PREDICTION, f"REST {binary}")
        same(output(response, "probability"), PROBABILITY, f"REST {binary}")
        wanted = [RequestedOutput("probability", {"binary_data": binary})]
        response = await client.infer(BASE, request(binary=binary, request_outputs=wanted), model_name=MODEL)
        assert [tensor.name for tensor in response.outputs] == ["probability"]
        same(output(response, "probability"), PROBABILITY, f"REST {binary} chosen")
    response = await client.infer(BASE, request(3, False, request_id="request-7"), model_name=MODEL)
    assert response.id == "request-7"
    try:
        await client.infer(BASE, request(), model_name="nothing")
        raise AssertionError("an unknown model answered")
    except httpx.HTTPStatusError as error:
        assert error.response.status_code == 404 and "nothing" in str(error), error
    await client.close()


async def version_1():
    client = InferenceRESTClient(RESTConfig(protocol="v1"))
    assert await client.is_model_ready(BASE, MODEL) is True
    records = FRAME[:50].to_dict(orient="records")
    answer = await client.infer(BASE, {"instances": records}, model_name=MODEL)
    assert answer == {"predictions": PREDICTION[:50].tolist()}, answer
    rows = FRAME[:50].to_numpy().tolist()
    answer = await client.infer(BASE, {"instances": rows}, model_name=MODEL)
    assert answer == {"predictions": PREDICTION[:50].tolist()}, answer
    answer = await client.infer(
        BASE, {"instances": rows, "parameters": {"outputs": ["probability", "prediction"]}}, model_name=MODEL
    )
    assert [row["probability"] for row in answer["predictions"]] == PROBABILITY[:50].tolist(), answer
    try:
        await client.infer(BASE, {"instances": [{"age": 1}]}, model_name=MODEL)
        raise AssertionError("a short record was answered")
    except httpx.HTTPStatusError as error:
        assert error.response.status_code == 422 and "income" in str(error), error
    models = httpx.get(f"{BASE}/v1/models").json()
    assert models == {"models": [MODEL]}, models
    await client.close()


async def over_grpc():
    client = InferenceGRPCClient(GRPC)
    assert await client.is_server_live() and await client.is_server_ready() and await client.is_model_ready(MODEL)
    for binary in (True, False):
        response = await client.infer(request(binary=binary))
        same(output(response, "prediction"), PREDICTION, f"gRPC {binary}")
        same(output(response, "probability"), PROBABILITY, f"gRPC {binary}")
    await client.close()


async def main():
    await version_2()
    await version_1()
    await over_grpc()


asyncio.run(main())
done("kserve")
