"""Draw how an index grows, of the lines that `benchmarks.scale.grow` wrote.

    python -m benchmarks.scale.plot RESULTS OUT.svg

Needs matplotlib, which nothing else here does: `pip install matplotlib`.
"""

import json
import sys
from pathlib import Path

import matplotlib.pyplot as plt

PANELS = (
    ("milliseconds of processor a search", ("search_cpu_median_ms", "search_cpu_p99_ms")),
    ("milliseconds a search, by the clock", ("search_median_ms", "search_p99_ms")),
    ("megabytes in memory", ("own_mb", "mapped_mb")),
    ("seconds to open", ("open_s",)),
    ("milliseconds until an added article is found", ("add_median_ms",)),
    ("recall@10 of vectors", ("recall_at_10",)),
)


def draw(results: Path, out: Path) -> None:
    """One panel a figure, over the number of passages; recombined ones as empty dots."""
    lines = [json.loads(line) for line in results.read_text("utf-8").splitlines()]
    figure, axes = plt.subplots(2, 3, figsize=(13, 7), constrained_layout=True)
    for axis, (title, names) in zip(axes.flat, PANELS, strict=True):
        for name in names:
            points = [(line["passages"], line[name]) for line in lines if name in line]
            made = [(line["passages"], line[name]) for line in lines if "recombined" in line]
            (drawn,) = axis.plot(*zip(*points, strict=True), marker="o", label=name)
            axis.plot(*zip(*made, strict=True), "o", color="white", mec=drawn.get_color())
        axis.set(xscale="log", title=title, xlabel="passages")
        axis.set_ylim(bottom=0)
        axis.legend()
    figure.savefig(out)


if __name__ == "__main__":
    draw(Path(sys.argv[1]), Path(sys.argv[2]))
