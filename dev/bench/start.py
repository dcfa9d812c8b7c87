"""From exec to ready, and the memory that models take: `firesteel serve` beside an echo server and Spark."""

import subprocess
import time
from contextlib import contextmanager

from batch import spark
from harness import OURS, Benchmark, NotMeasured, main
from models import Model, exists

MODELS = ["churn", "forest_500x10x30", "forest_1000x15x200", "boosted_100x5x30", "linear_100", "text"]
NO_MODEL = "no model"
ANY_PORT = ["--listen", "127.0.0.1:0", "--grpc-listen", "127.0.0.1:0", "--log-level", "error"]


@contextmanager
def running(benchmark, *arguments):
    """A server's process and the address that it prints when it listens."""
    words = [benchmark.options.binary, *map(str, arguments)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            line = next((line for line in process.stdout if "http://" in line), None)
            if line is None:
                raise NotMeasured(f"`firesteel {arguments[0]}` ended before it listened")
            yield process, line.split("http://")[1].strip()
        finally:
            process.kill()


def started(benchmark, *arguments):
    """Milliseconds until a server prints its address, and its resident MiB then."""
    start = time.perf_counter()
    with running(benchmark, *arguments) as (process, _):
        return (time.perf_counter() - start) * 1e3, resident(process.pid)


def resident(process):
    with open(f"/proc/{process}/status") as status:
        kib = next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))
    return kib / 1024


def run():
    benchmark = Benchmark("ms")
    options = benchmark.options
    memory = {}
    models = [name for name in MODELS[: 2 if options.quick else None] if exists(name)]
    servers = {name: ["serve", *ANY_PORT, Model(name).path] for name in models}
    counts = [1, 10] if options.quick else [1, 10, 100]
    churn = Model("churn").path
    many = {f"{count} × churn": ["serve", *ANY_PORT, *(f"m{at}={churn}" for at in range(count))] for count in counts[1:]}
    for at in range(options.runs):
        benchmark.say(f"run {at + 1} of {options.runs}")
        for name, words in {NO_MODEL: ["bench-echo"], **servers, **many}.items():
            passed, held = started(benchmark, *words)
            benchmark.add(name, "start to ready", "echo server" if name == NO_MODEL else OURS, passed)
            memory.setdefault(name, []).append(held)
    for name, held in memory.items():
        size = {"Parquet MiB": round(Model(name).mebibytes(), 1)} if name in servers else {}
        benchmark.fact(name, **size, **{"resident MiB when ready": round(sorted(held)[len(held) // 2], 1)})
    try:
        benchmark.say("Spark")
        for _ in range(min(options.runs, 3)):
            lines = spark(benchmark, "measure", churn, "/nowhere", 0)
            benchmark.add("churn", "start to ready", "Spark, session and load", sum(line["seconds"] for line in lines) * 1e3)
    except NotMeasured as reason:
        benchmark.missing("churn", "Spark, session and load", reason)
    benchmark.found["commands"].append("firesteel serve --listen 127.0.0.1:0 --grpc-listen 127.0.0.1:0 MODEL")
    benchmark.note("Files were in the page cache. Resident memory is that of the whole process.")
    benchmark.write()


if __name__ == "__main__":
    main(run)
