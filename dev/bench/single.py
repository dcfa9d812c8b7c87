"""The churn pipeline one row a call, in process: Firesteel beside MLeap on the JVM, LightGBM and ONNX Runtime.

Firesteel and MLeap start from the four columns; LightGBM and ONNX Runtime are given the scaled vector.
"""

import os
import shutil
import subprocess
from pathlib import Path

import numpy as np

from engines import LightGbm, OnnxRuntime, Source, answers, made, prepared
from harness import CACHE, OURS, Benchmark, NotMeasured, difference, main, ours_answers, ours_in_process, slices, timed
from models import Model
from spark_save import data, stage

HERE = Path(__file__).resolve().parent / "mleap"
WORK = CACHE / "mleap"
CASES = {"row": "MLeap, row transformer", "frame": "MLeap, frame of one row"}


def write_inputs(model):
    """The forest, the scaler and the rows with Spark's answers as the text that Bench.scala reads."""
    trees = model.trees()
    (scaler,) = data(stage(model.path, 1)).to_pylist()
    nodes = data(stage(model.path, 2)).to_pylist()
    nodes.sort(key=lambda one: (one["treeID"], one["nodeData"]["id"]))
    with (WORK / "model.txt").open("w") as file:
        print(*scaler["std"]["values"], file=file)
        for at, one in enumerate(nodes):
            node = one["nodeData"]
            split = (node["split"]["featureIndex"], repr(float(trees.threshold[at])))
            print(one["treeID"], node["id"], node["leftChild"], node["rightChild"], *split, *node["impurityStats"], file=file)
    rows = model.rows.to_pandas()[["age", "income", "tenure_months", "credit_score"]].to_numpy(dtype=np.float64)
    with (WORK / "rows.txt").open("w") as file:
        for row, answer in zip(rows.tolist(), model.probability().tolist(), strict=True):
            print(*map(repr, row), repr(answer), file=file)


def compiled(java):
    """Fetches MLeap by Maven and compiles the bench, once."""
    if shutil.which("mvn") is None:
        raise NotMeasured("Maven is not installed; `apt-get install maven` gives it")
    WORK.mkdir(parents=True, exist_ok=True)
    stamp = WORK / "Bench.scala"
    if stamp.exists() and stamp.read_text() == (HERE / "Bench.scala").read_text():
        return
    shutil.copy(HERE / "pom.xml", WORK)
    environment = {**os.environ, "JAVA_HOME": str(Path(java).parents[1])}
    steps = [
        ["mvn", "-q", "-B", "dependency:copy-dependencies", "-DoutputDirectory=libs"],
        [java, "-cp", "libs/*", "scala.tools.nsc.Main", "-usejavacp", "-d", ".", str(HERE / "Bench.scala")],
    ]
    for step in steps:
        done = subprocess.run(step, cwd=WORK, env=environment, capture_output=True, text=True, timeout=600, check=False)
        if done.returncode != 0:
            raise NotMeasured(f"`{' '.join(step)}` failed: {(done.stderr or done.stdout).strip()[-200:]}")
    shutil.copy(HERE / "Bench.scala", stamp)


def mleap(benchmark, model):
    """Every run of MLeap's cases, and its difference from Spark."""
    java = str(Path(benchmark.options.java, "bin/java")) if benchmark.options.java else shutil.which("java")
    if java is None:
        raise NotMeasured("Java is not installed")
    compiled(java)
    write_inputs(model)
    options = benchmark.options
    words = [java, "-Xmx2g", "-cp", ".:libs/*", "Bench", "model.txt", "rows.txt", options.runs, options.seconds]
    done = subprocess.run([str(word) for word in words], cwd=WORK, capture_output=True, text=True, timeout=300, check=False)
    if done.returncode != 0:
        raise NotMeasured(f"it failed: {done.stderr.strip()[-200:]}")
    lines = [line.split() for line in done.stdout.splitlines()]
    apart = next(float(value) for name, value in lines if name == "difference")
    for name, value in lines:
        if name in CASES:
            benchmark.add("churn", "1 row", CASES[name], float(value), 1, apart if name == "row" else None)


def run():
    benchmark = Benchmark("ns a row")
    benchmark.found["versions"] = {"MLeap": "0.20.0"}
    model = Model("churn")
    matrix, spark = model.matrix(), model.probability()
    ours = difference(ours_answers(benchmark, model.path, model.rows_file)["probability"][:, 1], spark)
    engines = made(benchmark, "churn", Source(model.trees(), 4, model.made), [LightGbm, OnnxRuntime])
    parts = slices(matrix, 1)
    apart = {engine.name: difference(answers(engine, matrix) / model.trees().count, spark) for engine in engines}
    for at in range(benchmark.options.runs):
        benchmark.say(f"churn: run {at + 1} of {benchmark.options.runs}")
        nanos = ours_in_process(benchmark, model.path, model.rows_file, [1])
        benchmark.add("churn", "1 row", OURS, nanos[1, 1], 1, ours)
        for engine in engines:
            if hasattr(engine, "single"):
                seconds = timed(engine.single, [engine.pointer(part) for part in parts], benchmark.options.seconds)
            else:
                seconds = timed(engine.call, prepared(engine, parts), benchmark.options.seconds)
            benchmark.add("churn", "1 row", engine.name, seconds * 1e9, 1, apart[engine.name])
    try:
        mleap(benchmark, model)
    except (NotMeasured, subprocess.TimeoutExpired) as reason:
        benchmark.missing("churn", "MLeap", reason)
    benchmark.note("Firesteel and MLeap score the whole pipeline from its columns; the engines the trees alone.")
    benchmark.note("Engines are called from Python, which adds about a microsecond a call.")
    benchmark.write()


if __name__ == "__main__":
    main(run)
