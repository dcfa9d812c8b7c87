"""What the benchmarks of servers share: how many ask at once, and what `firesteel bench` reports."""

import json
import resource

from harness import Benchmark
from models import Model

# Rows of a request that asks for several.
BATCH = 100


def benchmark_of_servers(seconds):
    """A benchmark by connections, of runs of so many seconds at least, and the connections."""
    benchmark = Benchmark("rows/s", better="higher", x="connections")
    # A thousand connections are as many open files, on either side.
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    benchmark.options.seconds = max(seconds, benchmark.options.seconds)
    return benchmark, [1, 64] if benchmark.options.quick else [1, 64, 1000]


def case(at_once):
    """How a case is named."""
    return "1 connection" if at_once == 1 else f"{at_once:,} connections"


def reported(benchmark, subjects, connections, *flags):
    """Adds what `firesteel bench` measures of the churn model; `subjects` gives a line of its report its subject and, of
    several rows, its rows. Other lines are left out."""
    options, model = benchmark.options, Model("churn")
    told = ["--connections", ",".join(map(str, connections)), "--batch", BATCH, "--seconds", options.seconds]
    told += ["--runs", options.runs, "--json"]
    benchmark.say(f"firesteel bench, {told[1]} connections")
    report = json.loads(benchmark.call("bench", model.path, "--rows", model.rows_file, *flags, *told))
    for line in report["measured"]:
        at_once = line["connections"]
        if at_once == 0 or line["name"] not in subjects:
            continue
        subject, rows = subjects[line["name"]]
        for value in line["rows_per_second_runs"]:
            benchmark.add(f"churn, {rows}" if rows else "churn", case(at_once), subject, value, at_once)
        figures = {f"{name} µs": round(line[f"{key}_us"]) for name, key in (("p50", "p50"), ("p99", "p99"), ("p99.9", "p99_9"))}
        benchmark.fact(", ".join(part for part in (subject, rows, case(at_once)) if part), **figures)
