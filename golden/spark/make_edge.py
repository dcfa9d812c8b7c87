"""Make the edge cases: models, input frames and answers, with the PySpark that runs this.

    PYTHON golden/spark/make_edge.py [FILE …] [NAME …]

Writes, for each case, <Case>/case.json and <Case>/<version>/{model, input.parquet, answers.json}: with a FILE such as
`edge_columns` only for those of that file, with a NAME only for those whose name opens so. The answers are those of
the model after save and load, on the frame after write and read. Run it with PySpark 3.5.9 and 4.3.0.
"""

import json
import os
import shutil
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "dev", "python"))

import edge_columns  # noqa: E402
import edge_features  # noqa: E402
import edge_models  # noqa: E402
import edge_more_models  # noqa: E402
import edge_pipelines  # noqa: E402
import edge_sql  # noqa: E402
import edge_sql_binary  # noqa: E402
import edge_sql_choices  # noqa: E402
import edge_sql_dates  # noqa: E402
import edge_sql_decimals  # noqa: E402
import edge_sql_formats  # noqa: E402
import edge_sql_functions  # noqa: E402
import edge_sql_intervals  # noqa: E402
import edge_sql_ntz  # noqa: E402
import edge_sql_scalars  # noqa: E402
import edge_sql_zones  # noqa: E402
import edge_text  # noqa: E402
import edge_vectors  # noqa: E402
from edge_case import Frames  # noqa: E402
from spark_tools import VERSION, answers, load_model, load_on_jvm, save_model, session, write_answers, write_one_file  # noqa: E402


MODULES = (
    edge_columns, edge_features, edge_models, edge_more_models, edge_pipelines, edge_sql, edge_sql_binary, edge_sql_choices,
    edge_sql_dates, edge_sql_decimals, edge_sql_formats, edge_sql_functions, edge_sql_intervals, edge_sql_ntz, edge_sql_scalars,
    edge_sql_zones, edge_text, edge_vectors,
)


def make(spark, case):
    """Writes one case and returns what Spark answered."""
    folder = os.path.join(HERE, case.name)
    mine = os.path.join(folder, VERSION)
    shutil.rmtree(mine, ignore_errors=True)
    os.makedirs(mine)
    with open(os.path.join(folder, "case.json"), "w", encoding="utf-8") as file:
        json.dump({"input": "own", "note": case.note}, file, indent=1, ensure_ascii=False)
        file.write("\n")
    model = os.path.join(mine, "model")
    save_model(case.model, model)
    if case.prepare:
        case.prepare(model)
    frame = os.path.join(mine, "input.parquet")
    write_one_file(case.frame, frame)
    load = (lambda: load_on_jvm(spark, case.jvm, model)) if case.jvm else (lambda: load_model(spark, model))
    result = answers(load, spark.read.parquet(frame))
    write_answers(dict(result), os.path.join(mine, "answers.json"))
    return result


def main():
    modules = [module for module in MODULES if module.__name__ in sys.argv[1:]]
    wanted = tuple(argument for argument in sys.argv[1:] if not argument.startswith("edge_"))
    spark = session()
    frames = Frames(spark)
    seen = set()
    for module in modules or MODULES:
        for case in module.cases(frames):
            if wanted and not case.name.startswith(wanted):
                continue
            if case.name in seen:
                sys.exit("two cases are called " + case.name)
            seen.add(case.name)
            result = make(spark, case)
            print(case.name, result.get("error") or "{} rows".format(len(result["rows"])), flush=True)
    spark.stop()


if __name__ == "__main__":
    main()
