"""Writes a page of docs/benchmarks*.md and its charts from the results of `cargo xtask bench`.

usage: python render.py RESULTS DOCS NAME...     the benchmarks in the order of the page
"""

import ast
import json
import re
import sys
from pathlib import Path
from statistics import median

import charts
from harness import OURS

HEAD = """# Benchmarks

<!-- Written by `cargo xtask bench`; change the scripts in dev/bench and run it again. -->

Firesteel beside its peers, measured in the same run on the same rows, and shown where it is slower too. A figure is the
median of several runs, with the least and the most in brackets. *Times as fast* is a peer's cost over Firesteel's: above
1 Firesteel is faster, below 1 the peer. Rows rotate, at least 10,000 that differ, so that no processor learns them by heart.

*Apart* is the largest difference of any probability from Spark's saved answers: 0 means equal to the last bit.

```sh
cargo xtask bench
cargo xtask bench forest rest --runs 9 --seconds 1
cargo xtask bench --quick
cargo xtask bench --render
```

The first measures all and writes this page; with names or `--quick` it only measures, into `target/bench`, and
`--render` writes the page from what lies there; a part that was not measured again on the same machine stays as it is,
with its date. Machines have a page for each width of their vectors: [AVX-512](benchmarks.md), [AVX2](benchmarks-avx2.md).
A model's name says its size: `forest_500x10x30` has 500 trees of depth 10 over 30 features. Real Spark trains them once,
into `.cache/bench` (`dev/bench/train.py`).
"""


MACHINE = "Machine and versions"


def number(value):
    """Three significant digits, with separators."""
    if value == 0:
        return "0"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}" if abs(value) >= 1 else f"{value:.3f}"


def spread(runs):
    if len(runs) == 1:
        return number(runs[0])
    return f"{number(median(runs))} ({number(min(runs))} to {number(max(runs))})"


def table(header, rows):
    lines = ["| " + " | ".join(header) + " |", "|" + "---|" * len(header)]
    return "\n".join(lines + ["| " + " | ".join(map(str, row)) + " |" for row in rows])


def in_order(values):
    return list(dict.fromkeys(values))


def ratio(result, cells, model, case, subject):
    """How many times as fast Firesteel is; empty where there is nothing to compare."""
    ours, theirs = cells.get((model, case, OURS)), cells.get((model, case, subject))
    if subject.startswith(OURS) or not ours or not theirs:
        return ""
    pair = (median(theirs["runs"]), median(ours["runs"]))
    return number(pair[0] / pair[1] if result["better"] == "lower" else pair[1] / pair[0])


def machine_table(result):
    machine = result["machine"]
    return table(["", ""], [(key, value) for key, value in machine.items()])


def facts_table(result):
    if not result["facts"]:
        return ""
    columns = in_order(key for fact in result["facts"] for key in fact if key != "model")
    shown = lambda value: f"{value:,}" if isinstance(value, int) else value
    rows = [[fact["model"], *(shown(fact.get(key, "")) for key in columns)] for fact in result["facts"]]
    return table(["", *columns], rows)


def measures_table(result):
    measured = [cell for cell in result["measured"] if "runs" in cell]
    cells = {(cell["model"], cell["case"], cell["subject"]): cell for cell in measured}
    rows = []
    for model, case in in_order((cell["model"], cell["case"]) for cell in measured):
        for cell in (cell for cell in measured if (cell["model"], cell["case"]) == (model, case)):
            apart = cell.get("difference")
            apart = "" if apart is None else "0" if apart == 0 else f"{apart:.1g}"
            times = ratio(result, cells, model, case, cell["subject"])
            rows.append([model, case, cell["subject"], spread(cell["runs"]), times, apart])
    header = ["model", "case", "", result["unit"], "times as fast", "apart"]
    return table(header, rows) if rows else "Nothing was measured."


def page_of(machine, docs):
    """The page of a machine: those with vectors of one width share it."""
    vectors = machine["widest vectors"]
    return docs / ("benchmarks.md" if vectors == "AVX-512" else f"benchmarks-{vectors.lower()}.md")


def section(name, result, page, told):
    """A benchmark's part of the page; what a script says of itself is told once."""
    script = Path(__file__).parent / result["script"]
    about = [] if script in told else ast.get_docstring(ast.parse(script.read_text())).split("\n\n")
    told.add(script)
    missing = [cell for cell in result["measured"] if "not_measured" in cell]
    parts = [f"## {name}", *about]
    chart = page.with_suffix("") / f"{name}.svg"
    if charts.draw(result, chart):
        parts.append(f"![{name}: {result['unit']}]({page.stem}/{name}.svg)")
    parts += [measures_table(result), facts_table(result)]
    parts.append("\n".join(f"- {sentence}" for sentence in result["notes"]))
    parts.append("\n".join(f"- {one['subject']} on {one['model']}: not measured: {one['not_measured']}" for one in missing))
    options = result["options"]
    ran = f"{options['runs']} runs of {options['seconds']} s{', quick' if options['quick'] else ''}, on {result['date']}"
    ran += f", machine's load before {result['load']}"
    commands = [f"cargo xtask bench {name}", *result["commands"]]
    parts.append(f"Measured by ({ran}):\n\n```sh\n" + "\n".join(commands) + "\n```")
    return "\n\n".join(part for part in parts if part)


def kept(page, machine):
    """The parts of the page as it is, and the versions that it tells, if it tells of the same machine."""
    parts = {part.split("\n", 1)[0]: part.strip() for part in page.split("\n## ")[1:]}
    head = parts.pop(MACHINE, "")
    if machine not in head:
        return {}, {}
    rows = re.findall(r"^\| (.+?) \| (.+?) \|$", head.split("| subject |")[1], re.MULTILINE)
    return {name: f"## {part}" for name, part in parts.items()}, dict(rows)


def main(results, docs, *names):
    found = {name: Path(results, f"{name}.json") for name in names}
    found = {name: json.loads(path.read_text()) for name, path in found.items() if path.exists()}
    if not found:
        sys.exit(f"no results in {results}")
    first = next(iter(found.values()))
    page = page_of(first["machine"], Path(docs))
    page.with_suffix("").mkdir(parents=True, exist_ok=True)
    machine = machine_table(first)
    before, versions = kept(page.read_text() if page.exists() else "", machine)
    for result in found.values():
        versions |= result["versions"] | {"Firesteel": result["version"].removeprefix("firesteel ")}
    parts, told = [HEAD.strip()], set()
    parts += [f"## {MACHINE}", machine, table(["subject", "version"], sorted(versions.items()))]
    for name in names:
        if name in found:
            parts.append(section(name, found[name], page, told))
        elif name in before:
            parts.append(before[name])
    page.write_text("\n\n".join(parts) + "\n")
    print(f"  {len(found)} benchmarks in {page}")


if __name__ == "__main__":
    main(*sys.argv[1:])
