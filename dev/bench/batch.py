"""Files in, files out: `firesteel score` on Parquet beside Spark's `transform` and `write` on the same files.

Two more subjects show what reading and writing alone cost: pyarrow copying the very table that Firesteel wrote, and
Firesteel with a pipeline of no stages. Figures are seconds a file, process start included where it says so.
"""

import json
import os
import shutil
import subprocess
import time
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from harness import CACHE, OURS, Benchmark, NotMeasured, column, difference, main
from models import Model

WORK = CACHE / "batch"
SPARK = Path(__file__).resolve().parent / "spark_batch.py"
COUNTS = [20_000, 200_000, 1_000_000]
EMPTY = "Firesteel without stages"
COPY = "pyarrow, the same table"


def spark(benchmark, *arguments, timeout=600):
    """Runs the Spark side; its lines of JSON."""
    if not benchmark.options.spark:
        raise NotMeasured("PySpark is not installed; `cargo xtask setup` makes its environment")
    environment = dict(os.environ)
    if benchmark.options.java:
        environment["JAVA_HOME"] = benchmark.options.java
    words = [benchmark.options.spark, str(SPARK), *map(str, arguments)]
    try:
        done = subprocess.run(words, capture_output=True, text=True, timeout=timeout, env=environment, check=False)
    except subprocess.TimeoutExpired:
        raise NotMeasured(f"it took over {timeout} s") from None
    if done.returncode != 0:
        raise NotMeasured(f"it failed: {done.stderr.strip()[-200:]}")
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def file_of(count):
    return WORK / f"customers_{count}.parquet"


def score(benchmark, model, count, out):
    """Seconds of one whole `firesteel score`."""
    out.unlink(missing_ok=True)
    start = time.perf_counter()
    benchmark.call("score", model, file_of(count), "-o", out)
    return time.perf_counter() - start


def copied(file, out):
    """Seconds to read and write a table by pyarrow, a process that has started already."""
    out.unlink(missing_ok=True)
    start = time.perf_counter()
    pq.write_table(pq.read_table(file), out)
    return time.perf_counter() - start


def same_as_spark(count):
    """The largest difference of any probability from Spark's, over every row of the file."""
    tables = [pq.read_table(path, columns=["customer_id", "probability"]) for path in (WORK / "ours.parquet", WORK / f"spark/customers_{count}")]
    ids = [table["customer_id"].to_numpy() for table in tables]
    answers = [column(table["probability"])[np.argsort(one)] for table, one in zip(tables, ids, strict=True)]
    return difference(answers[0], answers[1])


def run():
    benchmark = Benchmark("s a file", x="rows")
    runs = benchmark.options.runs
    counts = COUNTS[:2] if benchmark.options.quick else COUNTS
    model = Model("churn")
    if not all(file_of(count).exists() for count in COUNTS):
        benchmark.say("making the files")
        spark(benchmark, "prepare", WORK, *COUNTS)
    lines = []
    try:
        for count in counts:
            benchmark.say(f"{count:,} rows: Spark")
            lines += spark(benchmark, "measure", model.path, WORK / "spark", min(runs, 3), file_of(count))
    except NotMeasured as reason:
        benchmark.missing("churn", "Spark", reason)
    for count in counts:
        measure(benchmark, model, count, lines)
    shutil.rmtree(WORK / "spark", ignore_errors=True)
    benchmark.note("Spark runs on local[2], in a process for each file. 'Warm' leaves out the start of its JVM, the load of the model and a first pass; 'whole process' is all of these, once.")
    benchmark.note("Every run writes a file that is not there yet: to put one in the place of a large one takes time of its own.")
    benchmark.note("Firesteel's figures are whole processes: start, load, score, write.")
    benchmark.write()


def measure(benchmark, model, count, lines):
    case, out = f"{count:,} rows", WORK / "ours.parquet"
    for at in range(benchmark.options.runs):
        benchmark.say(f"{count:,} rows: run {at + 1} of {benchmark.options.runs}")
        benchmark.add("churn", case, OURS, score(benchmark, model.path, count, out), count)
        try:
            benchmark.add("churn", case, EMPTY, score(benchmark, WORK / "empty", count, WORK / "empty.parquet"), count)
        except NotMeasured as reason:
            if at == 0:
                benchmark.missing("churn", EMPTY, reason)
        benchmark.add("churn", case, COPY, copied(out, WORK / "copy.parquet"), count)
    ours = benchmark.cells["churn", case, OURS]
    for line in lines:
        if line["file"] == file_of(count).stem:
            name = "Spark, warm" if line["name"] == "warm" else "Spark, whole process"
            benchmark.add("churn", case, name, line["seconds"], count)
            ours["difference"] = same_as_spark(count) if "difference" not in ours else ours["difference"]


if __name__ == "__main__":
    main(run)
