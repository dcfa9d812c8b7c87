"""Real Spark's part in shrinking a pipeline of the live test: it makes and answers smaller ones, as it is told.

    PYTHON dev/python/live_shrink.py FOLDER OUT

FOLDER is a pipeline that `live_pipelines.py` made. Each line of standard input is `{"stages": [0, 3], "rows": [7]}`:
which of its stages, those of nested pipelines counted one by one, and the `id` of which rows. The smaller pipeline is
written to OUT, laid out as FOLDER is, and a line `done` follows. The first line of output is how many stages there
are, and the second the `id` of every row, as JSON.
"""

import json
import os
import shutil
import sys

from spark_tools import drop_checksums, load_pipeline, root_cause, session, write_one_file

from pyspark.ml import PipelineModel


def flat(stages):
    """The stages, those of nested pipelines in their places."""
    for stage in stages:
        if isinstance(stage, PipelineModel):
            yield from flat(stage.stages)
        else:
            yield stage


def answer(spark, frame, model, out):
    """Saves the model and its rows, and what Spark makes of them."""
    shutil.rmtree(out, ignore_errors=True)
    os.makedirs(out)
    save, source = os.path.join(out, "model"), os.path.join(out, "input.parquet")
    model.write().overwrite().save(save)
    drop_checksums(save)
    write_one_file(frame, source)
    try:
        loaded = load_pipeline(spark, save)
        write_one_file(loaded.transform(spark.read.parquet(source)), os.path.join(out, "expected.parquet"))
    except Exception as error:  # whatever Spark raises is the answer
        shutil.rmtree(os.path.join(out, "expected.parquet.parts"), ignore_errors=True)
        with open(os.path.join(out, "error.txt"), "w", encoding="utf-8") as file:
            file.write(root_cause(error) + "\n")


def main():
    folder, out = map(os.path.abspath, sys.argv[1:])
    spark = session(short=True)
    stages = list(flat(PipelineModel.load(os.path.join(folder, "model")).stages))
    frame = spark.read.parquet(os.path.join(folder, "input.parquet"))
    print(len(stages), flush=True)
    print(json.dumps([row["id"] for row in frame.select("id").collect()]), flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        rows = frame.where(frame["id"].isin(asked["rows"]))
        answer(spark, rows, PipelineModel([stages[place] for place in asked["stages"]]), out)
        print("done", flush=True)
    spark.stop()


if __name__ == "__main__":
    main()
