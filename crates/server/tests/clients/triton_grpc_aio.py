"""tritonclient over gRPC with asyncio: unary calls, many at once, and a stream."""

import asyncio

import tritonclient.grpc.aio as grpc
from common import *


def inputs(rows=ROWS):
    tensors = []
    for name, values in columns(rows).items():
        tensor = grpc.InferInput(name, [rows], NUMPY_TO_OIP[str(values.dtype)])
        tensor.set_data_from_numpy(values)
        tensors.append(tensor)
    return tensors


async def main():
    async with grpc.InferenceServerClient(GRPC) as client:
        assert await client.is_server_live() and await client.is_model_ready(MODEL)
        result = await client.infer(MODEL, inputs(), compression_algorithm="gzip")
        same(result.as_numpy("probability"), PROBABILITY, "probability")
        results = await asyncio.gather(*[client.infer(MODEL, inputs(rows)) for rows in range(1, 40)])
        for rows, result in enumerate(results, 1):
            same(result.as_numpy("prediction"), PREDICTION[:rows], f"{rows} at once")

        async def requests():
            for rows in (1, 2, 3):
                yield {"model_name": MODEL, "inputs": inputs(rows), "request_id": str(rows)}

        rows = 0
        async for result, error in client.stream_infer(requests()):
            rows += 1
            assert error is None, error
            same(result.as_numpy("prediction"), PREDICTION[:rows], "stream")
        assert rows == 3
        assert (await client.get_model_repository_index()).models[0].name == MODEL
        assert (await client.get_inference_statistics(MODEL)).model_stats[0].inference_count >= ROWS


asyncio.run(main())
done("tritonclient.grpc.aio")
