"""gRPC: `firesteel bench` loads `firesteel serve` and an echo server of the same framework in turn.

Asked is `ModelInfer` of the Open Inference Protocol, with raw elements: one row a message, then a hundred. The echo
server is bare tonic, which gives the bytes of each message back without reading them; both get the same messages, from
the same client.
"""

from harness import OURS, main
from servers import BATCH, benchmark_of_servers, reported

ROWS = f"{BATCH} rows a request"
SUBJECTS = {
    "gRPC ModelInfer": (OURS, ""),
    "echo of gRPC ModelInfer": ("echo server", ""),
    f"gRPC, {BATCH} rows": (OURS, ROWS),
    f"echo of gRPC, {BATCH} rows": ("echo server", ROWS),
}


def run():
    benchmark, connections = benchmark_of_servers(1.0)
    reported(benchmark, SUBJECTS, connections, "--grpc")
    benchmark.note("Client and server share the machine's cores; an answer is timed from the request's first byte.")
    benchmark.write()


if __name__ == "__main__":
    main(run)
