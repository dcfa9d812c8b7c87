"""tritonclient over HTTP with asyncio, at its defaults, compressed, and many at once."""

import asyncio

import tritonclient.http.aio as http
from common import *


def inputs(rows=ROWS, binary=True):
    tensors = []
    for name, values in columns(rows).items():
        tensor = http.InferInput(name, [rows], NUMPY_TO_OIP[str(values.dtype)])
        tensor.set_data_from_numpy(values, binary_data=binary)
        tensors.append(tensor)
    return tensors


async def main():
    async with http.InferenceServerClient(REST) as client:
        assert await client.is_server_live() and await client.is_server_ready()
        assert await client.is_model_ready(MODEL) and not await client.is_model_ready("nothing")
        assert (await client.get_model_metadata(MODEL))["name"] == MODEL
        assert (await client.get_model_config(MODEL))["backend"] == "firesteel"
        result = await client.infer(MODEL, inputs())
        same(result.as_numpy("prediction"), PREDICTION, "prediction")
        same(result.as_numpy("probability"), PROBABILITY, "probability")
        for algorithm in ("gzip", "deflate"):
            result = await client.infer(
                MODEL,
                inputs(binary=False),
                outputs=[http.InferRequestedOutput("probability", binary_data=False)],
                request_compression_algorithm=algorithm,
                response_compression_algorithm=algorithm,
            )
            same(result.as_numpy("probability"), PROBABILITY, algorithm)
        results = await asyncio.gather(*[client.infer(MODEL, inputs(rows)) for rows in range(1, 40)])
        for rows, result in enumerate(results, 1):
            same(result.as_numpy("prediction"), PREDICTION[:rows], f"{rows} at once")
        try:
            await client.infer("nothing", inputs())
            raise AssertionError("an unknown model answered")
        except http.InferenceServerException as error:
            assert "nothing" in error.message() and error.status() == "404", error
        assert (await client.get_model_repository_index())[0]["name"] == MODEL
        assert (await client.get_inference_statistics(MODEL))["model_stats"][0]["inference_count"] >= ROWS


asyncio.run(main())
done("tritonclient.http.aio")
