"""Draw a run as bars: one panel for each thing that was measured, best first.

An SVG of our own making, since that is a few rectangles and texts: it follows the
reader's choice of light or dark, and its figures can be read without the bars.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from bench.contestants import YARDSTICK
from bench.ours import Hubbub

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bench.record import Row, Run

# All in SVG units. A panel is a heading, and a line for each contestant: its title at
# the left, then the bar, then the figure.
WIDTH, MARGIN, GAP = 880, 24, 36
PANEL_WIDTH = (WIDTH - 2 * MARGIN - GAP) / 2
LABEL_WIDTH, VALUE_WIDTH = 136, 58
BAR_WIDTH = PANEL_WIDTH - LABEL_WIDTH - VALUE_WIDTH
HEADING_HEIGHT, LINE_HEIGHT, BAR_HEIGHT, PANEL_GAP = 44, 19, 12, 22
LEGEND_HEIGHT = 44
# A bar that stands for something has to be seen.
LEAST_BAR = 1.5
DURABLE = "◆"

STYLE = """\
text { font: 12px system-ui, -apple-system, "Segoe UI", sans-serif; fill: #1f2328 }
.page { fill: #ffffff; stroke: #d1d9e0 }
.heading { font-size: 14px; font-weight: 600 }
.soft { fill: #59636e }
.ours { fill: #0b7f88 }
.peer { fill: #afb8c1 }
.ceiling { fill: none; stroke: #8c959f; stroke-dasharray: 3 2 }
text.ours { font-weight: 600 }
.value { font-variant-numeric: tabular-nums }
@media (prefers-color-scheme: dark) {
text { fill: #d7dae0 }
.page { fill: #16181d; stroke: #343941 }
.soft { fill: #9aa0ab }
.ours { fill: #58cfd6 }
.peer { fill: #565d69 }
.ceiling { stroke: #7f8694 }
}
"""


@dataclass(frozen=True)
class Panel:
    """What one panel shows.

    Attributes:
        load: Whose figures.
        heading: What was done.
        unit: What was measured.
        figure: Its name.
        more: Whether more is better.
    """

    load: str
    heading: str
    unit: str
    figure: str
    more: bool = False


PANELS = (
    Panel("room", "One room", "deliveries a second", "deliveries_per_s", more=True),
    Panel("pairs", "In pairs", "private messages a second", "deliveries_per_s", True),
    Panel("single", "One talker to 200", "CPU µs per delivery", "cpu_us_per_delivery"),
    Panel("paced", "At 200,000 deliveries a second", "99th percentile, ms", "p99_ms"),
    Panel("idle-10000", "10,000 connections", "memory, MiB", "rss_mib"),
    Panel("idle-10000", "10,000 join at once", "seconds until all are in", "join_s"),
)


def draw(run: Run) -> str:
    """Draw what the run has of the panels, two in a row."""
    rows_of = {table.load: table.rows for table in run.tables}
    panels = [panel for panel in PANELS if panel.load in rows_of]
    durable = {who.key for who in run.contestants if who.synced}
    parts = list[str]()
    top = float(MARGIN)
    for first in range(0, len(panels), 2):
        pair = panels[first : first + 2]
        for place, panel in enumerate(pair):
            left = MARGIN + place * (PANEL_WIDTH + GAP)
            parts += _panel(panel, rows_of[panel.load], durable, left, top)
        most = max(len(rows_of[panel.load]) for panel in pair)
        top += HEADING_HEIGHT + most * LINE_HEIGHT + PANEL_GAP
    parts += _legend(run, top)
    height = top + LEGEND_HEIGHT
    page = _rect("page", 0.5, 0.5, WIDTH - 1, height - 1, round_by=8)
    return "\n".join(
        [
            '<svg xmlns="http://www.w3.org/2000/svg" role="img"',
            f' viewBox="0 0 {WIDTH} {height:g}" width="{WIDTH}" height="{height:g}">',
            "<title>Hubbub beside other servers, under the same loads</title>",
            f"<style>\n{STYLE}</style>",
            *(page, *parts),
            "</svg>\n",
        ]
    )


def _panel(
    panel: Panel, rows: Sequence[Row], durable: set[str], left: float, top: float
) -> list[str]:
    better = "more is better" if panel.more else "less is better"
    parts = [
        _text("heading", left, top + 14, panel.heading),
        _text("soft", left, top + 31, f"{panel.unit} ({better})"),
    ]
    measured = [row for row in rows if panel.figure in row.median]
    measured.sort(key=lambda row: row.median[panel.figure], reverse=panel.more)
    most = max((row.median[panel.figure] for row in measured), default=0) or 1
    baseline = top + HEADING_HEIGHT + BAR_HEIGHT - 1.5
    for row in measured:
        value = row.median[panel.figure]
        length = max(LEAST_BAR, value / most * BAR_WIDTH)
        bar = _rect(
            kind(row.key),
            left + LABEL_WIDTH,
            baseline - BAR_HEIGHT + 1.5,
            length,
            BAR_HEIGHT,
            round_by=1.5,
        )
        at = left + LABEL_WIDTH + length + 6
        parts += [
            _title(row, durable, left, baseline),
            bar,
            _text("value", at, baseline, amount(value)),
        ]
        baseline += LINE_HEIGHT
    for row in rows:
        if row not in measured:
            parts += [
                _title(row, durable, left, baseline),
                _text("soft", left + LABEL_WIDTH, baseline, "not measured"),
            ]
            baseline += LINE_HEIGHT
    return parts


def _title(row: Row, durable: set[str], left: float, baseline: float) -> str:
    mark = f"{DURABLE} " if row.key in durable else ""
    name = "ours" if kind(row.key) == "ours" else "name"
    return _text(name, left + LABEL_WIDTH - 8, baseline, mark + row.title, "end")


def _legend(run: Run, top: float) -> list[str]:
    machine = run.machine
    told = [
        f"{machine.get('cpu')}, {machine.get('cores')} cores",
        f"Linux {machine.get('kernel')}",
        f"Python {machine.get('python')}",
        f"median of {run.rounds} rounds of {run.seconds:g} s",
        str(machine.get("date"))[:10],
    ]
    durable = f"{DURABLE} synced to disk before anyone is shown it"
    return [
        _text("name", MARGIN, top + 4, durable),
        _rect("ceiling", 330, top - 6, 20, BAR_HEIGHT, round_by=1.5),
        _text("name", 356, top + 4, "ceiling: only copies bytes, no chat at all"),
        _text("soft", MARGIN, top + 24, " · ".join(told)),
    ]


def kind(key: str) -> str:
    """The class of a contestant's bar: ``ours``, ``peer`` or ``ceiling``."""
    if key == YARDSTICK:
        return "ceiling"
    return "ours" if key in Hubbub.ENGINES else "peer"


def amount(value: float) -> str:
    """A figure in few digits, such as ``1.52 M``, ``34.3 k``, ``1,330`` or ``0.47``."""
    if value >= 999_500:
        return f"{_digits(value / 1e6)} M"
    return f"{_digits(value / 1e3)} k" if value >= 9_999.5 else _digits(value)


def _digits(value: float) -> str:
    if value >= 99.95:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 9.995 else f"{value:.2f}"


def _text(name: str, x: float, y: float, text: str, anchor: str = "start") -> str:
    anchored = "" if anchor == "start" else f' text-anchor="{anchor}"'
    return f'<text class="{name}" x="{x:g}" y="{y:g}"{anchored}>{escape(text)}</text>'


def _rect(
    name: str, x: float, y: float, width: float, height: float, *, round_by: float
) -> str:
    return (
        f'<rect class="{name}" x="{x:g}" y="{y:g}" width="{width:.1f}" '
        f'height="{height:g}" rx="{round_by:g}"/>'
    )
