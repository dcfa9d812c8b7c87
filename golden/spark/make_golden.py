"""Ask the PySpark that runs this for its answers on the shared golden cases.

    PYTHON golden/spark/make_golden.py SAVED_VERSION [--missing]

Reads <Case>/<SAVED_VERSION>/model and the frame that <Case>/case.json names, and writes
<Case>/<SAVED_VERSION>/answers.json; `reader` in it is the version that answered. With `--missing`, only where there
is no answer yet or it is an error: 2.4.8 and 3.0.3 fail to load a few of their own saves on Java 17, so 3.5.9 answered
for them.
"""

import glob
import json
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "dev", "python"))

from pyspark.ml import PipelineModel  # noqa: E402

from spark_tools import answers, load_model, session, write_answers  # noqa: E402


def answered(path):
    """Whether there is an answer that is not an error."""
    if not os.path.exists(path):
        return False
    with open(path, encoding="utf-8") as file:
        return "error" not in json.load(file)


def main():
    saved = sys.argv[1]
    only_missing = "--missing" in sys.argv
    spark = session()
    for path in sorted(glob.glob(os.path.join(HERE, "*", "case.json"))):
        with open(path, encoding="utf-8") as file:
            case = json.load(file)
        folder = os.path.join(os.path.dirname(path), saved)
        out = os.path.join(folder, "answers.json")
        if case["input"] == "own" or not os.path.isdir(folder) or (only_missing and answered(out)):
            continue
        name = case.get("input_by_version", {}).get(saved, case["input"])
        frame = spark.read.parquet(os.path.join(HERE, "inputs", name + ".parquet"))
        model = os.path.join(folder, "model")
        load = (lambda: PipelineModel.load(model)) if case.get("load_as") == "PipelineModel" else (
            lambda: load_model(spark, model)
        )
        result = answers(load, frame)
        write_answers(result, out)
        print(os.path.basename(os.path.dirname(path)), result.get("error", ""))
    spark.stop()


if __name__ == "__main__":
    main()
