"""One graph: its lines, the thresholds of its alarms, and its axes."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator, MultipleLocator
from numpy.typing import NDArray

from benchmarks.dashboard.series import Values
from benchmarks.dashboard.widgets import Shown

INK, PALE, EDGE, RED = "#16191f", "#5f6b7a", "#d5dbe3", "#c9302c"
COLOURS = ("#1f77b4", "#e8710a", "#2ca02c", "#7b52ab", "#8c564b", "#d6519f", "#0a9396", "#b58900")


def graph(axes: Axes, lines: Sequence[Shown], properties: Mapping[str, Any]) -> None:
    """Draw a widget's lines over the hours of the job."""
    hours = [np.arange(len(line.values)) * line.period / 3600 for line in lines]
    if properties.get("stacked"):
        heights = [np.nan_to_num(line.values) for line in lines]
        labels = [line.label for line in lines]
        axes.stackplot(hours[0], *heights, labels=labels, colors=COLOURS[: len(lines)], alpha=0.85)
    else:
        for line, at, colour in zip(lines, hours, COLOURS, strict=False):
            axes.plot(at, line.values, color=colour, linewidth=1.5, label=line.label)
            alone = _alone(line.values)
            axes.plot(at[alone], line.values[alone], ".", color=colour, markersize=4)
    for mark in properties.get("annotations", {}).get("horizontal", ()):
        _threshold(axes, mark)


def _alone(values: Values) -> NDArray[np.bool_]:
    """Return which values have no neighbour that a line could lead to."""
    none = np.concatenate([[True], np.isnan(values), [True]])
    return np.asarray(~none[1:-1] & none[:-2] & none[2:])


def _threshold(axes: Axes, mark: Mapping[str, Any]) -> None:
    axes.axhline(mark["value"], color=RED, linewidth=1.1, linestyle=(0, (4, 3)))
    axes.annotate(
        mark["label"],
        (0, mark["value"]),
        xycoords=axes.get_yaxis_transform(),
        xytext=(3, 2),
        textcoords="offset points",
        color=RED,
        fontsize=8.5,
    )


def dress(axes: Axes, scale: Mapping[str, Any], hours: float, clock: int) -> None:
    """Say what the axes mean: hours of the day from `clock` on, and the widget's own scale."""
    axes.set_xlim(0, hours)
    axes.xaxis.set_major_locator(MultipleLocator(1 if hours > 2 else 0.25))
    axes.xaxis.set_major_formatter(
        FuncFormatter(lambda at, _: f"{int(clock + at) % 24:02}:{round(at % 1 * 60):02}")
    )
    low, high = axes.get_ylim()
    axes.set_ylim(scale.get("min", low), scale.get("max", high + 0.06 * (high - low)))
    axes.yaxis.set_major_locator(MaxNLocator(4))
    axes.yaxis.set_major_formatter(FuncFormatter(_short))
    axes.set_ylabel(scale.get("label", ""), rotation=0, fontsize=9, color=PALE, labelpad=2)
    axes.yaxis.set_label_coords(-0.1, 1.03)
    axes.tick_params(colors=PALE, labelsize=8.5, length=0)
    axes.tick_params(axis="x", pad=6)
    axes.grid(axis="y", color=EDGE, linewidth=0.7)
    axes.set_axisbelow(True)
    axes.spines[["left", "right", "top"]].set_visible(False)
    axes.spines["bottom"].set_color(EDGE)


def _short(value: float, _: object) -> str:
    if abs(value) >= 1e6:
        return f"{value / 1e6:g}M"
    return f"{value / 1e3:g}k" if abs(value) >= 1e4 else f"{value:g}"
