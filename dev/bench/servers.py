"""What the benchmarks of servers share: `firesteel bench` loads `firesteel serve` and an echo server in turn."""

import json
import resource

from harness import Benchmark
from models import Model

# Rows of a request that asks for several.
BATCH = 100


def run(subjects, *flags):
    """Measures by connections; `subjects` gives each line of the report its subject and, of several rows, its rows."""
    benchmark = Benchmark("rows/s", better="higher", x="connections")
    # A thousand connections are as many open files, on either side.
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    options, model = benchmark.options, Model("churn")
    options.seconds = max(1.0, options.seconds)
    connections = "1,64" if options.quick else "1,64,1000"
    told = ["--connections", connections, "--batch", BATCH, "--seconds", options.seconds, "--runs", options.runs]
    benchmark.say(f"{connections} connections")
    report = json.loads(benchmark.call("bench", model.path, "--rows", model.rows_file, *flags, *told, "--json"))
    for line in report["measured"]:
        at_once = line["connections"]
        if at_once == 0:
            continue
        subject, rows = subjects[line["name"]]
        case = "1 connection" if at_once == 1 else f"{at_once:,} connections"
        case += f", {rows}" if rows else ""
        for value in line["rows_per_second_runs"]:
            benchmark.add("churn", case, subject, value, at_once)
        figures = {f"{name} µs": round(line[f"{key}_us"]) for name, key in (("p50", "p50"), ("p99", "p99"), ("p99.9", "p99_9"))}
        benchmark.fact(f"{subject}, {case}", **figures)
    benchmark.note("Client and server share the machine's cores; an answer is timed from the request's first byte.")
    benchmark.write()
