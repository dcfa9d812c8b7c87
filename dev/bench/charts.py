"""Charts of the results: small SVG files whose lines differ in colour, mark and dash alike.

Colours are those of Okabe and Ito, which people with any colour vision tell apart.
"""

from statistics import median

import matplotlib

matplotlib.use("svg")
import matplotlib.pyplot as plt
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

from harness import OURS

# Colour, mark and dash; Firesteel has the first.
STYLES = [
    ("#000000", "o", "-"),
    ("#0072B2", "s", "--"),
    ("#D55E00", "^", "-."),
    ("#009E73", "D", ":"),
    ("#CC79A7", "v", (0, (5, 1, 1, 1, 1, 1))),
    ("#56B4E9", "X", (0, (1, 1))),
    ("#E69F00", "P", (0, (3, 3))),
]
matplotlib.rcParams |= {
    "svg.hashsalt": "firesteel",
    "svg.fonttype": "none",
    "font.size": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": "#e0e0e0",
    "axes.axisbelow": True,
    "figure.facecolor": "white",
}


def draw(result, path):
    """Draws a result's chart; whether there was anything to draw."""
    cells = [cell for cell in result["measured"] if cell.get("runs")]
    if not cells:
        return False
    if result.get("chart_x"):
        figure = by_fact(result, cells)
    elif result["x"]:
        figure = by_case(result, cells)
    else:
        figure = dots(result, cells)
    figure.savefig(path, format="svg", metadata={"Date": None}, bbox_inches="tight")
    plt.close(figure)
    # Trailing blanks are of no use in a file that people compare.
    path.write_text("\n".join(line.rstrip() for line in path.read_text().splitlines()) + "\n")
    return True


def by_case(result, cells):
    """A panel for each model; a line for each subject, over the cases."""
    models = in_order(cell["model"] for cell in cells)
    panels = [(model, [cell for cell in cells if cell["model"] == model], lambda cell: cell["x"]) for model in models]
    return lines(result, panels, result["x"])


def by_fact(result, cells):
    """A panel for each case; a line for each subject, over a size of the models."""
    name = result["chart_x"]
    sizes = {fact["model"]: fact[name] for fact in result["facts"]}
    cases = in_order(cell["case"] for cell in cells)
    panels = [(case, [cell for cell in cells if cell["case"] == case], lambda cell: sizes[cell["model"]]) for case in cases]
    return lines(result, panels, name)


def lines(result, panels, label):
    styles = styles_of(cell["subject"] for _, cells, _ in panels for cell in cells)
    width = min(3, len(panels))
    height = -(-len(panels) // width)
    size = (max(6.4, 3.6 * width), 3.4 * height + 0.6)
    figure, axes = plt.subplots(height, width, figsize=size, squeeze=False, sharey=True)
    for axis in axes.flat[len(panels) :]:
        axis.set_visible(False)
    for axis, (title, cells, place) in zip(axes.flat, panels, strict=False):
        for subject in in_order(cell["subject"] for cell in cells):
            colour, mark, dash = styles[subject]
            own = sorted((place(cell), cell["runs"]) for cell in cells if cell["subject"] == subject)
            xs, ys = [x for x, _ in own], [median(runs) for _, runs in own]
            spread = [[y - min(runs) for y, (_, runs) in zip(ys, own)], [max(runs) - y for y, (_, runs) in zip(ys, own)]]
            wide = 2.2 if subject == OURS else 1.3
            kept = {"color": colour, "marker": mark, "linestyle": dash, "linewidth": wide, "markersize": 6}
            axis.errorbar(xs, ys, yerr=spread, capsize=2, label=subject, **kept)
        axis.set(xscale="log", yscale="log", title=title, xlabel=label)
        if result.get("chart_x"):
            readable(axis.xaxis)
        else:
            axis.set_xticks(sorted({place(cell) for cell in cells}))
            axis.xaxis.set_major_formatter(FuncFormatter(plain))
            axis.xaxis.minorticks_off()
        readable(axis.yaxis)
    for row in axes:
        row[0].set_ylabel(f"{result['unit']} ({result['better']} is better)")
    labels = {label: handle for axis in axes.flat for handle, label in zip(*axis.get_legend_handles_labels(), strict=True)}
    below = {"loc": "upper center", "bbox_to_anchor": (0.5, 0.0), "frameon": False, "ncols": min(4, len(labels))}
    figure.tight_layout()
    figure.legend(labels.values(), labels.keys(), **below)
    return figure


def dots(result, cells):
    """A dot for each subject and model, with its figure beside it."""
    subjects = in_order(cell["subject"] for cell in cells)
    models = in_order(cell["model"] for cell in cells)
    styles = styles_of(subjects)
    figure, axis = plt.subplots(figsize=(7, 0.36 * len(cells) + 1))
    for at, cell in enumerate(cells):
        value = median(cell["runs"])
        spread = [[value - min(cell["runs"])], [max(cell["runs"]) - value]]
        colour, mark, _ = styles[cell["subject"]]
        axis.errorbar(value, at, xerr=spread, color=colour, marker=mark, markersize=8, capsize=3, linestyle="none")
        beside = {"xytext": (8, 0), "textcoords": "offset points", "va": "center"}
        axis.annotate(plain(value), (max(cell["runs"]), at), **beside)
    names = [cell["subject"] if len(models) == 1 else f"{cell['model']}: {cell['subject']}" for cell in cells]
    axis.set(xscale="log", xlabel=f"{result['unit']} ({result['better']} is better)")
    axis.set_yticks(range(len(cells)), names)
    axis.invert_yaxis()
    readable(axis.xaxis)
    left, right = axis.get_xlim()
    axis.set_xlim(left / 1.3, right * 1.6)
    return figure


def readable(axis):
    """Ticks at 1, 2 and 5 of each power of ten, or at the powers alone where there are many."""
    low, high = axis.get_view_interval()
    steps = (1.0, 2.0, 5.0) if high / max(low, 1e-9) < 2000 else (1.0,)
    axis.set_major_locator(LogLocator(subs=steps))
    axis.set_minor_locator(NullLocator())
    axis.set_major_formatter(FuncFormatter(plain))


def styles_of(subjects):
    """A style for each subject, Firesteel's own first."""
    names = sorted(in_order(subjects), key=lambda subject: subject != OURS)
    return {name: STYLES[at % len(STYLES)] for at, name in enumerate(names)}


def in_order(values):
    return list(dict.fromkeys(values))


def plain(value, _=None):
    """A tick as a person writes it: 20, 1,500, 30k, 2M."""
    if value >= 1e6:
        return f"{value / 1e6:.3g}M"
    if value >= 1e4 or (value >= 1e3 and value % 1e3 == 0):
        return f"{min(value / 1e3, 999):.3g}k"
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
