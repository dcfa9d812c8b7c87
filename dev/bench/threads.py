"""Threads that score at once in process, 1,000 rows a call: Firesteel beside LightGBM with as many threads."""

import os

from engines import LightGbm, Source, made
from harness import OURS, Benchmark, main, ours_in_process, slices, timed
from models import Model

ROWS = 1000


def run():
    benchmark = Benchmark("rows/s", better="higher", x="threads")
    cores = len(os.sched_getaffinity(0))
    threads = sorted({1, min(2, cores), cores})
    model = Model("churn")
    found = made(benchmark, "churn", Source(model.trees(), 4, model.made), [LightGbm])
    parts = slices(model.matrix(), ROWS)
    for at in range(benchmark.options.runs):
        benchmark.say(f"churn: run {at + 1} of {benchmark.options.runs}")
        nanos = ours_in_process(benchmark, model.path, model.rows_file, [ROWS], threads)
        for count in threads:
            case = "1 thread" if count == 1 else f"{count} threads"
            benchmark.add("churn", case, OURS, 1e9 / nanos[ROWS, count], count)
            for engine in found:
                call = lambda rows: engine.booster.predict(rows, raw_score=True, num_threads=count)
                benchmark.add("churn", case, engine.name, ROWS / timed(call, parts, benchmark.options.seconds), count)
    benchmark.note("Threads beyond the machine's cores are not measured. LightGBM shares one call among its threads.")
    benchmark.write()


if __name__ == "__main__":
    os.environ["OMP_NUM_THREADS"] = str(len(os.sched_getaffinity(0)))
    main(run)
