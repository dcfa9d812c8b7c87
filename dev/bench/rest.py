"""REST: `firesteel bench` loads `firesteel serve` and an echo server of the same framework in turn."""

import json
import resource

from harness import OURS, Benchmark, main
from models import Model

SUBJECTS = {"REST /predict": OURS, "echo of the same bodies": "echo server", "REST /predict/batch": "Firesteel, 100 rows a request"}


def run():
    benchmark = Benchmark("rows/s", better="higher", x="connections")
    # A thousand connections are as many open files, on either side.
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    options, model = benchmark.options, Model("churn")
    options.seconds = max(1.0, options.seconds)
    connections = "1,64" if options.quick else "1,64,1000"
    told = ["--connections", connections, "--batch", 100, "--seconds", options.seconds, "--runs", options.runs]
    benchmark.say(f"{connections} connections")
    report = json.loads(benchmark.call("bench", model.path, "--rows", model.rows_file, *told, "--json"))
    for line in report["measured"]:
        if line["connections"] == 0:
            continue
        at_once = line["connections"]
        case = "1 connection" if at_once == 1 else f"{at_once:,} connections"
        for value in line["rows_per_second_runs"]:
            benchmark.add("churn", case, SUBJECTS[line["name"]], value, at_once)
        figures = {f"{name} µs": round(line[f"{key}_us"]) for name, key in (("p50", "p50"), ("p99", "p99"), ("p99.9", "p99_9"))}
        benchmark.fact(f"{SUBJECTS[line['name']]}, {case}", **figures)
    benchmark.note("Client and server share the machine's cores; an answer is timed from the request's first byte.")
    benchmark.write()


if __name__ == "__main__":
    main(run)
