"""The PySpark half of the live test: random pipelines, trained, saved and answered by real Spark.

    PYTHON dev/python/live_pipelines.py --seed 1 --pipelines 20 --out DIR [--only I]

For each pipeline, under DIR/<i>/:

    model/            the save
    input.parquet     the rows to score, with an `id` column
    expected.parquet  what `transform` answered, `id` included, or
    error.txt         the first line of the innermost exception that `transform` raised
    pipeline.json     seed, Spark version, stages and params: enough to make it again (`--only I`)

Train data is clean but for what an Imputer is to fill; score data has nulls, NaN, infinities, unseen labels and odd
sparse rows. A pipeline that may raise (`handleInvalid=error`, a null text) has no stage that drops rows: Spark may drop
a row before or after an earlier stage would have raised on it, as its optimizer likes.

The stages are drawn by area in `live_features.py`, `live_vectors.py`, `live_text.py`, `live_models.py`,
`live_groups.py` and `live_sql.py`; `live_shrink.py` makes a differing pipeline smaller.
"""

import argparse
import json
import os
import random
import shutil
import time

from spark_tools import VERSION, drop_checksums, load_pipeline, root_cause, session, write_one_file

from pyspark.ml import Estimator, Pipeline
from pyspark.ml.feature import VectorAssembler
from pyspark.ml.param import Params

from live_data import KINDS, LABELS, Table, write_rows
from live_features import Features
from live_groups import Groups
from live_sql import Statements
from live_text import Texts
from live_vectors import Reworked

TRAIN_ROWS, SCORE_ROWS = 70, 40
# A null in these raises whatever handleInvalid says.
FATAL = ["t1", "t2", "w1", "g1", "v1", "v2", "v4"]


class Builder(Features, Reworked, Texts, Groups, Statements):
    """Draws the stages of one pipeline, from every area."""

    def draw(self):
        """All the stages."""
        parts = [
            self.formula, self.numbers, self.categories, self.plain, self.reworked, self.reworked, self.text, self.binary,
            self.hashed, self.interaction, self.target, self.grouped, self.rated, self.basket, self.tuned, self.statement,
        ]
        for part in self.some(parts, least=1, most=4):
            part()
        if self.ready:
            self.assemble()
        for _ in range(self.rnd.choice([0, 1, 1, 1, 1, 2])):
            features = self.vector()
            if "assembled" in self.vectors and self.chance(0.7):
                features = "assembled"
            model = self.model(features)
            if model is not None:
                self.add(model)
        if self.chance(0.15) and len(self.stages) > 2:
            cut = self.rnd.randint(1, len(self.stages) - 1)
            return [Pipeline(stages=self.stages[:cut])] + self.stages[cut:]
        return self.stages

    def assemble(self):
        """VectorAssembler over what is ready, and perhaps a scaler behind it."""
        self.rnd.shuffle(self.ready)
        columns = list(dict.fromkeys(self.ready))[:12]
        invalid = self.invalid()
        # A vector of unknown size cannot go into VectorAssembler keep: those go in by skip or error.
        if invalid == "keep" and any(c in self.unsized for c in columns):
            invalid = "error" if self.way == "keep" else self.way
        self.add(VectorAssembler(inputCols=columns, outputCol="assembled", handleInvalid=invalid))
        self.vectors["assembled"] = None
        if self.chance(0.3):
            self.vectors[self.scaled("assembled")] = None


def dirt(rnd, table, builder, rows):
    """Spoils the rows to score; returns what was done."""
    share = rnd.choice([0.0, 0.05, 0.2, 0.4])
    if builder.way == "error" and rnd.random() < 0.6:
        share = 0.0
    columns = [c for c in builder.used if c not in FATAL and c not in builder.pure and rnd.random() < 0.6]
    for row in rows:
        for column in columns:
            if rnd.random() < share:
                table.spoil(row, column)
    done = {"share": share, "columns": columns}
    # What raises whatever handleInvalid says goes only where no row is dropped.
    fatal = [c for c in builder.used if c in FATAL]
    if builder.way != "skip" and fatal and rnd.random() < 0.06:
        done["null"] = rnd.choice(fatal)
        rows[rnd.randrange(len(rows))][done["null"]] = None
    return done


def describe(stage):
    """A stage as its class and the params that were set."""
    if isinstance(stage, Pipeline):
        return {"class": "Pipeline", "stages": [describe(s) for s in stage.getStages()]}
    return {"class": type(stage).__name__, "params": {p.name: plain(v) for p, v in stage._paramMap.items()}}


def plain(value):
    """A param's value as JSON can tell it."""
    if isinstance(value, Params):
        return describe(value) if isinstance(value, Estimator) else type(value).__name__
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return [{p.name: v for p, v in grid.items()} for grid in value]
    return value


def attempt(spark, rnd, folder, told):
    """Draws, trains, saves and scores one pipeline; raises when it cannot be trained."""
    table = Table(rnd)
    builder = Builder(rnd, table)
    stages = builder.draw()
    told.update(handleInvalid=builder.way, stages=[describe(s) for s in stages])
    columns = [c for c in KINDS if c in builder.used or c == "id"]

    train = table.rows(TRAIN_ROWS)
    for row in train:
        for column in builder.filled:
            if rnd.random() < 0.1:
                row[column] = None if KINDS[column] in ("int", "long") else rnd.choice([None, float("nan"), 77.0])
    scored = table.rows(SCORE_ROWS, odd=rnd.random() < 0.7, pure=builder.pure)
    told["dirt"] = dirt(rnd, table, builder, scored)

    training = os.path.join(folder, "training.parquet")
    write_rows(train, columns + LABELS, training)
    model = Pipeline(stages=stages).fit(spark.read.parquet(training))
    save = os.path.join(folder, "model")
    model.write().overwrite().save(save)
    # Not before: FPGrowth reads the rows again when it is saved.
    os.remove(training)
    drop_checksums(save)
    source = os.path.join(folder, "input.parquet")
    write_rows(scored, columns, source)
    try:
        loaded = load_pipeline(spark, save)
        write_one_file(loaded.transform(spark.read.parquet(source)), os.path.join(folder, "expected.parquet"))
    except Exception as error:  # whatever Spark raises is the answer
        shutil.rmtree(os.path.join(folder, "expected.parquet.parts"), ignore_errors=True)
        with open(os.path.join(folder, "error.txt"), "w", encoding="utf-8") as file:
            file.write(root_cause(error) + "\n")
        told["error"] = True


def make(spark, seed, index, out):
    """One pipeline; draws again when Spark cannot train what was drawn."""
    for turn in range(8):
        folder = os.path.join(out, str(index))
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(folder)
        told = {"seed": seed, "index": index, "turn": turn, "spark": VERSION}
        try:
            attempt(spark, random.Random("%d/%d/%d" % (seed, index, turn)), folder, told)
        except Exception as error:  # training failed: say why and draw another
            print("pipeline {} turn {}: not trained: {}".format(index, turn, root_cause(error))[:200], flush=True)
            continue
        with open(os.path.join(folder, "pipeline.json"), "w", encoding="utf-8") as file:
            json.dump(told, file, indent=1, ensure_ascii=False, default=str)
        return told
    raise SystemExit("pipeline {} of seed {} could not be trained in 8 turns".format(index, seed))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=None, help="random when left out; printed")
    parser.add_argument("--pipelines", type=int, default=20)
    parser.add_argument("--out", required=True)
    parser.add_argument("--only", type=int, default=None, help="make just this one")
    args = parser.parse_args()
    seed = args.seed if args.seed is not None else random.SystemRandom().randrange(1 << 31)
    print("live pipelines: Spark {}, seed {}".format(VERSION, seed), flush=True)
    spark = session(short=True)
    started = time.time()
    indexes = range(args.pipelines) if args.only is None else [args.only]
    failed = sum(1 for i in indexes if make(spark, seed, i, os.path.abspath(args.out)).get("error"))
    print("{} pipelines, {} of them raise, {:.1f} s".format(len(indexes), failed, time.time() - started))
    spark.stop()


if __name__ == "__main__":
    main()
