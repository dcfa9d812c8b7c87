"""What the benchmarks share: their arguments, the rounds in which they measure, and the file of their results.

A benchmark is a script that `cargo xtask bench` starts. It measures subjects (Firesteel and its peers) on cases, round by
round, so that a change of the machine's mood meets all of them alike, and writes every run to its file of results.
"""

import argparse
import importlib.metadata
import json
import os
import platform
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / ".cache/bench"
OURS = "Firesteel"
# How busy the machine was before it was measured: figures of a busy one are no figures.
LOAD = os.getloadavg()[0]

# One thread, unless a benchmark says otherwise; read when the libraries are loaded.
for variable in ("OMP_NUM_THREADS", "DAAL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(variable, "1")


class NotMeasured(Exception):
    """Why a peer is not measured; shown beside the figures of the others."""


class Benchmark:
    """One benchmark: what was asked for on the command line, and what was found so far."""

    def __init__(self, unit, better="lower", x=""):
        parser = argparse.ArgumentParser()
        parser.add_argument("name", help="the benchmark")
        parser.add_argument("--binary", required=True, help="the release build of firesteel")
        parser.add_argument("--out", required=True, type=Path, help="the JSON file to write")
        parser.add_argument("--seconds", type=float, default=0.5, help="seconds a run")
        parser.add_argument("--runs", type=int, default=5, help="runs of each case")
        parser.add_argument("--quick", action="store_true", help="fewer models and cases")
        parser.add_argument("--java", default=None, help="the home of a Java 17")
        parser.add_argument("--spark", default=None, help="the Python of an environment with PySpark")
        self.options = parser.parse_args()
        self.name = self.options.name
        self.found = {"benchmark": self.name, "unit": unit, "better": better, "x": x, "facts": [], "notes": []}
        self.found |= {"commands": [], "measured": []}
        self.cells = {}

    def fact(self, model, **values):
        """Something about a model that is not a time."""
        self.found["facts"].append({"model": model, **values})

    def note(self, sentence):
        """A sentence to show below the table."""
        if sentence not in self.found["notes"]:
            self.found["notes"].append(sentence)

    def add(self, model, case, subject, value, x=None, difference=None, unit=None):
        """One run of a subject on a case."""
        key = (model, case, subject)
        if key not in self.cells:
            cell = {"model": model, "case": case, "x": x, "subject": subject, "runs": []}
            if unit:
                cell["unit"] = unit
            self.cells[key] = cell
            self.found["measured"].append(cell)
        self.cells[key]["runs"].append(value)
        if difference is not None:
            self.cells[key]["difference"] = difference

    def missing(self, model, subject, reason):
        """A subject that cannot be measured on a model."""
        reason = " ".join(str(reason).split())[:240]
        self.found["measured"].append({"model": model, "subject": subject, "not_measured": reason})
        self.say(f"{model}: {subject}: not measured: {reason}")

    def say(self, line):
        print(f"  {line}", flush=True)

    def call(self, *arguments, timeout=300):
        """Runs the binary and answers what it wrote to standard output."""
        words = [str(word) for word in (self.options.binary, *arguments)]
        shown = " ".join(["firesteel", *(self.relative(word) for word in words[1:])])
        if shown not in self.found["commands"]:
            self.found["commands"].append(shown)
        try:
            done = subprocess.run(words, capture_output=True, text=True, timeout=timeout, check=False)
        except subprocess.TimeoutExpired:
            raise NotMeasured(f"`{shown}` took over {timeout} s") from None
        if done.returncode != 0:
            raise NotMeasured(f"`{shown}` failed: {done.stderr.strip()}")
        return done.stdout

    def relative(self, word):
        """A path as a person in the checkout would write it."""
        return word.replace(f"{ROOT}/", "")

    def write(self):
        """Writes the results."""
        packages = ("lightgbm", "lleaves", "tl2cgen", "treelite", "onnxruntime", "daal", "scikit-learn", "numpy", "pyarrow")
        versions = {}
        for package in packages:
            try:
                versions[package] = importlib.metadata.version(package)
            except importlib.metadata.PackageNotFoundError:
                pass
        self.found["versions"] = versions | self.found.get("versions", {})
        self.found["script"] = Path(sys.argv[0]).name
        self.found |= {"machine": machine(), "date": time.strftime("%Y-%m-%d"), "load": round(LOAD, 1)}
        self.found["version"] = self.call("--version").strip()
        self.found["commands"] = [line for line in self.found["commands"] if line != "firesteel --version"]
        self.found["options"] = {key: getattr(self.options, key) for key in ("seconds", "runs", "quick")}
        self.show()
        self.options.out.parent.mkdir(parents=True, exist_ok=True)
        self.options.out.write_text(json.dumps(self.found, indent=1) + "\n")


    def show(self):
        """Prints every case: median, least and most."""
        for (model, case, subject), cell in self.cells.items():
            figures = " ".join(f"{value:>14,.2f}" for value in (median(cell["runs"]), min(cell["runs"]), max(cell["runs"])))
            self.say(f"{model:<20} {case:<18} {subject:<28} {figures} {self.found['unit']}")


# What a processor's flags call its vector instructions, the widest first.
VECTORS = {"avx512f": "AVX-512", "avx2": "AVX2", "asimd": "NEON"}


def machine():
    """What was measured on."""
    with open("/proc/cpuinfo") as file:
        told = dict(line.rstrip("\n").split("\t", 1) for line in file if "\t" in line)
    told = {name: value.strip("\t: ") for name, value in told.items()}
    model, flags = told.get("model name", "unknown"), told.get("flags", "").split()
    vectors = [name for flag, name in VECTORS.items() if flag in flags]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "processor": model,
        "widest vectors": vectors[0] if vectors else "other",
        "cores": len(os.sched_getaffinity(0)),
        "memory": f"{memory:.0f} GiB",
        "system": f"{platform.system()} {platform.release()}",
        "Python": platform.python_version(),
    }


def timed(call, parts, seconds):
    """Seconds a call takes, each time with the next of `parts`, measured for at least `seconds`."""
    call(parts[0])
    calls, at = 0, 0
    start = time.perf_counter()
    while True:
        # The clock is asked once for a few calls, so that it costs nothing beside the shortest of them.
        for _ in range(min(len(parts), 64)):
            call(parts[at])
            at = at + 1 if at + 1 < len(parts) else 0
        calls += min(len(parts), 64)
        passed = time.perf_counter() - start
        if passed >= seconds:
            return passed / calls


def slices(matrix, rows):
    """The rows of a matrix in contiguous parts of `rows` rows, each with rows of its own."""
    import numpy as np

    return [np.ascontiguousarray(matrix[at : at + rows]) for at in range(0, len(matrix) - rows + 1, rows)]


def ours_in_process(benchmark, model, rows, batches, threads=(1,)):
    """One run of `firesteel bench` in process: nanoseconds a row by (rows of a batch, threads)."""
    options = benchmark.options
    sizes = ",".join(str(size) for size in batches)
    told = ["--in-process", "--batch", sizes, "--threads", ",".join(map(str, threads))]
    told += ["--seconds", options.seconds, "--runs", 1, "--json"]
    answer = json.loads(benchmark.call("bench", model, "--rows", rows, *told))
    lines = answer["measured"]
    if answer["distinct_rows"] < 10_000:
        raise NotMeasured(f"only {answer['distinct_rows']} rows differ")
    return {(line["rows_per_answer"], line["threads"]): 1e9 / line["rows_per_second"] for line in lines}


def ours_answers(benchmark, model, rows, columns=("probability", "prediction")):
    """Firesteel's answers to the rows, as columns of numpy arrays; vectors become matrices."""
    import pyarrow.parquet as pq

    out = CACHE / "scored.parquet"
    benchmark.call("score", model, rows, "-o", out, "--columns", ",".join(columns))
    table = pq.read_table(out, columns=list(columns))
    out.unlink()
    return {name: column(table[name]) for name in columns}


def column(values):
    """A column of a table as an array; dense vectors and lists of one length become the rows of a matrix."""
    values = values.combine_chunks()
    if values.type.num_fields > 1:
        values = values.field("values")
    if values.type.num_fields == 1:
        return values.flatten().to_numpy(zero_copy_only=False).reshape(len(values), -1)
    return values.to_numpy(zero_copy_only=False)


def difference(found, expected):
    """The largest absolute difference; 0.0 only where every value has the same bits."""
    import numpy as np

    found, expected = np.asarray(found, dtype=np.float64).ravel(), np.asarray(expected, dtype=np.float64).ravel()
    if found.shape != expected.shape:
        raise NotMeasured(f"{found.shape} answers where Spark gave {expected.shape}")
    return float(np.abs(found - expected).max())


def main(run):
    """Runs a benchmark; a fault of it is said in one line."""
    try:
        run()
    except NotMeasured as reason:
        sys.exit(f"error: {reason}")
