"""The results of a run: medians over its rounds, as a table and as JSON."""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bench.contestants import YARDSTICK

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bench.contestants import Contestant
    from bench.loads import Load
    from bench.trial import Outcome

# From this share of a core on, a process counts as saturated.
BUSY = 0.9
# From this share of a core in other hands on, figures are not to be trusted.
DISTURBED = 0.1
RATIO = "_of_ceiling"


@dataclass(frozen=True)
class Column:
    """One column of a table: its heading, the figure's name, how to write it."""

    heading: str
    figure: str
    form: str


UNDER_LOAD = (
    Column("deliveries/s", "deliveries_per_s", "{:,.0f}"),
    Column("/ ceiling", "deliveries_per_s" + RATIO, "{:.2f}"),
    Column("p50 ms", "p50_ms", "{:.2f}"),
    Column("p99 ms", "p99_ms", "{:.2f}"),
    Column("CPU us/delivery", "cpu_us_per_delivery", "{:.3f}"),
    Column("/ ceiling", "cpu_us_per_delivery" + RATIO, "{:.2f}"),
    Column("server core", "server_core", "{:.0%}"),
    Column("generator core", "generator_core", "{:.0%}"),
    Column("RSS MiB", "rss_mib", "{:.1f}"),
)
AT_REST = (
    Column("RSS KiB/connection", "rss_kib_per_connection", "{:.1f}"),
    Column("/ ceiling", "rss_kib_per_connection" + RATIO, "{:.2f}"),
    Column("PSS KiB/connection", "pss_kib_per_connection", "{:.1f}"),
    Column("RSS MiB", "rss_mib", "{:.1f}"),
    Column("all joined after s", "join_s", "{:.2f}"),
)
COMPARED = ("deliveries_per_s", "cpu_us_per_delivery", "rss_kib_per_connection")


@dataclass(frozen=True)
class Result:
    """One contestant under one load, over all rounds.

    Attributes:
        contestant: Who.
        outcomes: One for each round.
        figures: The median of each figure. A name with ``RATIO`` at its end is the
            median of the ratios within each round, which the machine's drift from one
            round to the next does not touch.
    """

    contestant: Contestant
    outcomes: Sequence[Outcome]
    figures: dict[str, float]

    def remarks(self) -> list[str]:
        """What has to be known to read the figures; usually nothing."""
        said = sorted({outcome.problem for outcome in self.outcomes} - {None}, key=str)
        remarks = [str(problem) for problem in said]
        if self.limited_by_generator():
            remarks.append("the generator was the limit")
        shares = [
            (self.figures.get(f"others_on_{core}_core", 0), core)
            for core in ("server", "generator")
        ]
        disturbed = [f"{n:.0%} of the {core}'s" for n, core in shares if n >= DISTURBED]
        if disturbed:
            remarks.append(f"other processes used {' and '.join(disturbed)} core")
        lost = sum(outcome.figures.get("lost", 0) for outcome in self.outcomes)
        if lost:
            remarks.append(f"{lost:,.0f} deliveries missing")
        return remarks

    def limited_by_generator(self) -> bool:
        """Whether the generator was saturated and the server was not."""
        figures = self.figures
        return (
            figures.get("generator_core", 0) >= BUSY
            and figures.get("server_core", 1) < BUSY
        )


def conclude(outcomes: dict[Contestant, list[Outcome]]) -> list[Result]:
    """Take medians and ratios.

    Args:
        outcomes: All contestants under one load, each with its rounds in order.
    """
    yardstick = next(
        (rounds for who, rounds in outcomes.items() if who.key == YARDSTICK), []
    )
    results = []
    for contestant, rounds in outcomes.items():
        values: dict[str, list[float]] = {}
        for number, outcome in enumerate(rounds):
            for name, value in outcome.figures.items():
                values.setdefault(name, []).append(value)
            if number < len(yardstick):
                best = yardstick[number].figures
                for name in COMPARED:
                    if name in outcome.figures and best.get(name, 0) > 0:
                        ratio = outcome.figures[name] / best[name]
                        values.setdefault(name + RATIO, []).append(ratio)
        medians = {name: statistics.median(many) for name, many in values.items()}
        results.append(Result(contestant, rounds, medians))
    return results


def table(load: Load, results: Sequence[Result]) -> str:
    """Write the results of one load as aligned lines."""
    columns = UNDER_LOAD if load.observer_of else AT_REST
    rows = [["", *(column.heading for column in columns)]]
    for result in results:
        row = [result.contestant.title]
        for column in columns:
            value = result.figures.get(column.figure)
            row.append("-" if value is None else column.form.format(value))
        rows.append(row)
    widths = [max(map(len, cells)) for cells in zip(*rows, strict=True)]
    lines = [f"{load.name}: {load.about}"]
    for who, *cells in rows:
        aligned = (
            cell.rjust(width) for cell, width in zip(cells, widths[1:], strict=True)
        )
        lines.append("  " + "  ".join([who.ljust(widths[0]), *aligned]))
    lines += [
        f"  * {result.contestant.title}: {remark}"
        for result in results
        for remark in result.remarks()
    ]
    return "\n".join(lines)


def as_json(load: Load, results: Sequence[Result]) -> dict[str, object]:
    """The results of one load, for a JSON file."""
    return {
        "load": load.name,
        "about": load.about,
        "results": [
            {
                "contestant": result.contestant.key,
                "title": result.contestant.title,
                "median": result.figures,
                "rounds": [outcome.figures for outcome in result.outcomes],
                "limited_by_generator": result.limited_by_generator(),
                "remarks": result.remarks(),
            }
            for result in results
        ],
    }
