"""A dashboard's widgets on a grid of 24 columns, each in its place, as CloudWatch lays them out."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from benchmarks.dashboard.alarms import Rang
from benchmarks.dashboard.graph import EDGE, INK, PALE, dress, graph
from benchmarks.dashboard.series import Series
from benchmarks.dashboard.widgets import shown

COLUMNS, COLUMN, ROW = 24, 0.75, 0.52
"""Of the grid, and how wide and high one place of it is, in inches."""
HEAD, FOOT, GAP = 1.0, 0.1, 0.06
BACKGROUND = "#f2f4f7"
ALARMS_A_ROW, NAME, STATE, STRIP = 3, 3.2, 0.68, 0.1
"""Of an alarm's row: inches for its name and its state, and how high the strip between them is."""
LEGEND = 64
"""Letters of a legend that fit side by side."""
COLOURS = {"OK": "#1d8102", "in alarm": "#d13212", "learning": "#8d99a8"}


class Place(NamedTuple):
    """Where something lies, in inches from the lower left."""

    x: float
    y: float
    across: float
    up: float


class Picture:
    """A dashboard with this body over the time of a series."""

    def __init__(self, series: Series, body: Mapping[str, Any], rang: Mapping[str, Rang]) -> None:
        self._series, self._rang = series, rang
        rows = max(widget["y"] + widget["height"] for widget in body["widgets"])
        self._size = COLUMNS * COLUMN, rows * ROW + HEAD + FOOT
        self._figure = Figure(figsize=self._size, dpi=100, facecolor=BACKGROUND)
        draw = {"text": self._text, "metric": self._metric, "alarm": self._alarms}
        for widget in body["widgets"]:
            draw[widget["type"]](widget["properties"], self._place(widget))

    def head(self, title: str, under: str) -> None:
        """Write a title, and what is to be known below it."""
        top = self._size[1]
        self._write(0.12, top - 0.36, title, fontsize=17, weight="bold")
        self._write(0.12, top - 0.87, under, fontsize=10.5, color=PALE, linespacing=1.3)

    def save(self, path: Path) -> None:
        """Write the picture, the same for the same series."""
        FigureCanvasAgg(self._figure)
        self._figure.savefig(path, metadata={"Software": None}, facecolor=BACKGROUND)

    def _place(self, widget: Mapping[str, Any]) -> Place:
        bottom = self._size[1] - HEAD - (widget["y"] + widget["height"]) * ROW
        return Place(widget["x"] * COLUMN, bottom, widget["width"] * COLUMN, widget["height"] * ROW)

    def _share(self, x: float, y: float) -> tuple[float, float]:
        """Return inches as shares of the figure."""
        return x / self._size[0], y / self._size[1]

    def _write(self, x: float, y: float, text: str, **style: Any) -> None:
        self._figure.text(*self._share(x, y), text, **{"color": INK, **style})

    def _box(self, place: Place, face: str, edge: str) -> None:
        corner, size = self._share(*place[:2]), self._share(*place[2:])
        whole = self._figure.transFigure
        self._figure.add_artist(
            Rectangle(corner, *size, facecolor=face, edgecolor=edge, transform=whole, zorder=-1)
        )

    def _card(self, title: str, place: Place) -> None:
        x, y, across, up = place
        self._box(Place(x + GAP, y + GAP, across - 2 * GAP, up - 2 * GAP), "white", EDGE)
        self._write(x + 0.16, y + up - 0.33, title, fontsize=11.5, weight="bold")

    def _text(self, properties: Mapping[str, Any], place: Place) -> None:
        said = properties["markdown"].removeprefix("## ")
        self._write(place.x + 0.12, place.y + 0.14, said, fontsize=14, weight="bold")

    def _metric(self, properties: Mapping[str, Any], place: Place) -> None:
        self._card(properties["title"], place)
        x, y, across, up = place
        corner, size = self._share(x + 0.66, y + 0.93), self._share(across - 0.93, up - 1.5)
        axes = self._figure.add_axes((*corner, *size))
        graph(axes, shown(self._series, properties), properties)
        clock = datetime.fromtimestamp(self._series.start, UTC).hour
        dress(axes, properties.get("yAxis", {}).get("left", {}), self._series.seconds / 3600, clock)
        self._legend(axes, x + 0.16, y + 0.66)

    def _legend(self, axes: Axes, x: float, y: float) -> None:
        handles, labels = axes.get_legend_handles_labels()
        self._figure.legend(
            handles,
            labels,
            loc="upper left",
            bbox_to_anchor=self._share(x, y),
            ncols=_columns(labels),
            borderaxespad=0,
            columnspacing=1.2,
            fontsize=9,
            frameon=False,
            handlelength=1.0,
            handletextpad=0.5,
            labelcolor=INK,
            labelspacing=0.35,
        )

    def _alarms(self, properties: Mapping[str, Any], place: Place) -> None:
        """Draw each alarm's state in the end, and a strip of when it rang."""
        self._card(properties["title"], place)
        names = [arn.rpartition(":")[2] for arn in properties["alarms"]]
        across = (place.across - 0.2) / ALARMS_A_ROW
        up = (place.up - 0.55) / -(-len(names) // ALARMS_A_ROW)
        for number, name in enumerate(names):
            row, column = divmod(number, ALARMS_A_ROW)
            x, y = place.x + 0.16 + column * across, place.y + place.up - 0.45 - (row + 1) * up
            self._alarm(name, Place(x, y, across - 0.25, up - 0.06))

    def _alarm(self, name: str, place: Place) -> None:
        rang, (x, y, across, up) = self._rang[name], place
        colour, line = COLOURS[rang.state], y + (up - STRIP) / 2
        self._box(Place(x, y, 0.07, up), colour, colour)
        self._write(x + 0.16, line, name, fontsize=9.5)
        self._write(x + across, line, rang.state, fontsize=9.5, color=colour, ha="right")
        left, wide = x + NAME, across - NAME - STATE
        self._box(Place(left, line, wide, STRIP), EDGE, EDGE)
        red, hours = COLOURS["in alarm"], self._series.seconds
        for start, end in rang.times:
            begins, lasts = wide * start / hours, wide * (end - start) / hours
            self._box(Place(left + begins, line, lasts, STRIP), red, red)


def _columns(labels: Sequence[str]) -> int:
    """Return how many columns of a legend fit side by side."""
    width = max(map(len, labels)) + 4
    return len(labels) if len(labels) * width < LEGEND else max(1, LEGEND // width)
