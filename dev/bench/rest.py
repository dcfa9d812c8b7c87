"""REST: `wrk` loads `firesteel serve` and an echo server of the same framework in turn, with the same requests.

`firesteel bench` adds requests of 100 rows.
"""

import json
import shutil
import subprocess
from statistics import median

import pyarrow.parquet as pq

from harness import CACHE, OURS, NotMeasured, main
from models import Model
from servers import BATCH, benchmark_of_servers, case, reported
from start import ANY_PORT, running

ECHO = "echo server"
ROWS_EACH = {"REST /predict/batch": (f"{OURS}, {BATCH} rows a request", "")}
ROWS = CACHE / "rest.jsonl"
SCRIPT = "dev/bench/rows.lua"


def run():
    benchmark, connections = benchmark_of_servers(2.0)
    if not shutil.which("wrk"):
        raise NotMeasured("`wrk` is not here; `cargo xtask setup` installs it")
    options, model = benchmark.options, Model("churn")
    write_rows(model)
    found = {}
    with running(benchmark, "serve", *ANY_PORT, model.path) as (_, ours), running(benchmark, "bench-echo") as (_, echo):
        for at in range(options.runs):
            benchmark.say(f"run {at + 1} of {options.runs}")
            for at_once in connections:
                for subject, address in ((OURS, ours), (ECHO, echo)):
                    line = loaded(benchmark, address, at_once)
                    benchmark.add("churn", case(at_once), subject, line["requests"] / line["seconds"], at_once)
                    found.setdefault((at_once, subject), []).append(line)
    for (at_once, subject), lines in found.items():
        figures = {f"{name} µs": round(median(line[name] for line in lines)) for name in ("p50", "p99", "p99.9")}
        benchmark.fact(f"{subject}, {case(at_once)}", **figures)
    reported(benchmark, ROWS_EACH, connections)
    benchmark.note("Client and server share the machine's cores. wrk runs two threads, one for one connection.")
    benchmark.write()


def write_rows(model):
    """The rows as records of JSON, one a line, without what the model does not read."""
    read = ["age", "income", "tenure_months", "credit_score"]
    rows = pq.read_table(model.rows_file, columns=read).to_pylist()
    ROWS.write_text("".join(json.dumps(row, separators=(",", ":")) + "\n" for row in rows))


def loaded(benchmark, address, at_once):
    """One run of wrk, after a moment to warm up."""
    lines = []
    for seconds in (1, round(benchmark.options.seconds)):
        words = ["wrk", "--threads", min(at_once, 2), "--connections", at_once, "--duration", f"{seconds}s"]
        words += ["--script", SCRIPT, f"http://{address}/predict", "--", benchmark.relative(str(ROWS))]
        done = subprocess.run(list(map(str, words)), capture_output=True, text=True, timeout=120, check=False)
        lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
        if not lines or lines[0]["failed"]:
            raise NotMeasured(f"wrk failed: {(done.stderr or done.stdout)[-200:]}")
    shown = " ".join(map(str, words)).replace(address, "ADDRESS")
    if shown not in benchmark.found["commands"]:
        benchmark.found["commands"].append(shown)
    return lines[0]


if __name__ == "__main__":
    main(run)
