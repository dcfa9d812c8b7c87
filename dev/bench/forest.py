"""Trees in process, one thread: Firesteel beside engines that were given the same trees.

Firesteel starts from the columns of the rows and ends with Spark's probability and prediction; the engines start from
the assembled matrix, scaled already, and end with the sum over the trees.
"""

from engines import ENGINES, LightGbm, OnnxRuntime, Source, answers, made, prepared
from harness import OURS, Benchmark, NotMeasured, difference, main, ours_answers, ours_in_process, slices, timed
from models import Model, exists

# name: (models, sizes of batches, engines), then the same for --quick.
KINDS = {
    "forest": ((["churn"], [1, 10, 100, 1000, 10_000], ENGINES), (["churn"], [1, 100, 10_000], ENGINES)),
    "forests": (
        (["forest_500x10x30", "forest_1000x15x200", "boosted_100x5x30"], [1, 100, 10_000], ENGINES),
        (["forest_500x10x30"], [1, 10_000], [LightGbm, OnnxRuntime]),
    ),
    "growth": (
        (
            [f"forest_{size}" for size in ("10x10x30", "100x10x30", "100x5x30", "100x15x30", "100x10x200")],
            [1, 10_000],
            [LightGbm, OnnxRuntime],
        ),
        (["forest_10x10x30", "forest_100x10x30"], [1, 10_000], [LightGbm]),
    ),
}


def label(rows):
    return "1 row" if rows == 1 else f"{rows:,} rows"


def measure(benchmark, name, batches, engines):
    model = Model(name)
    benchmark.say(f"{name}: reading")
    trees, matrix, spark = model.trees(), model.matrix(), model.probability()
    sizes = trees.sizes(matrix.shape[1])
    benchmark.fact(name, features=matrix.shape[1], **sizes, **{"Parquet MiB": round(model.mebibytes(), 1)})
    ours = ours_answers(benchmark, model.path, model.rows_file)["probability"][:, 1]
    differences = {OURS: difference(ours, spark)}
    found = made(benchmark, name, Source(trees, matrix.shape[1], model.made), engines)
    for engine in list(found):
        try:
            differences[engine.name] = difference(trees.probability(answers(engine, matrix)), spark)
        except Exception as reason:
            benchmark.missing(name, engine.name, reason)
            found.remove(engine)
    if differences[OURS] != 0.0 and not trees.boosted:
        raise NotMeasured(f"{name}: our answers differ from Spark's by {differences[OURS]}")
    parts = {rows: slices(matrix, rows) for rows in batches}
    for run in range(benchmark.options.runs):
        benchmark.say(f"{name}: run {run + 1} of {benchmark.options.runs}")
        nanos = ours_in_process(benchmark, model.path, model.rows_file, batches)
        for rows in batches:
            benchmark.add(name, label(rows), OURS, nanos[rows, 1], rows, differences[OURS])
            for engine in found:
                seconds = time_engine(engine, parts[rows], rows, benchmark.options.seconds)
                benchmark.add(name, label(rows), engine.name, seconds / rows * 1e9, rows, differences[engine.name])


def time_engine(engine, parts, rows, seconds):
    if rows == 1 and hasattr(engine, "single"):
        return timed(engine.single, [engine.pointer(part) for part in parts], seconds)
    return timed(engine.call, prepared(engine, parts), seconds)


def run():
    benchmark = Benchmark("ns a row", x="rows a call")
    if benchmark.name == "growth":
        benchmark.found["chart_x"] = "nodes"
    models, batches, engines = KINDS[benchmark.name][1 if benchmark.options.quick else 0]
    benchmark.note("Engines are called from Python, which adds about a microsecond a call; see rows of 100 and more.")
    benchmark.note("LightGBM's single rows go by its C call for single rows, prepared once.")
    for model in models:
        if exists(model):
            measure(benchmark, model, batches, engines)
        else:
            benchmark.missing(model, OURS, "the model is not trained; run `cargo xtask bench` where PySpark works")
    benchmark.write()


if __name__ == "__main__":
    main(run)
