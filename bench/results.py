"""What the rounds of a run come to: medians, ratios, and what to know about them."""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING

from bench.contestants import YARDSTICK
from bench.record import Row

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bench.contestant import Contestant
    from bench.trial import Outcome

# From this share of a core on, a process counts as saturated.
BUSY = 0.9
# From this share of a core in other hands on, figures are not to be trusted.
DISTURBED = 0.1
RATIO = "_of_ceiling"
COMPARED = ("deliveries_per_s", "cpu_us_per_delivery", "rss_kib_per_connection")


def conclude(outcomes: Mapping[Contestant, Sequence[Outcome]]) -> list[Row]:
    """Take medians and ratios.

    A figure with ``RATIO`` at its end is the median of the ratios within each round,
    which the machine's drift from one round to the next does not touch.

    Args:
        outcomes: All contestants under one load, each with its rounds in order.
    """
    yardstick = next(
        (rounds for who, rounds in outcomes.items() if who.key == YARDSTICK), []
    )
    rows = []
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
        median = {name: statistics.median(many) for name, many in values.items()}
        rows.append(
            Row(
                contestant.key,
                contestant.title,
                median,
                [outcome.figures for outcome in rounds],
                _remarks(median, rounds),
            )
        )
    return rows


def _remarks(median: dict[str, float], outcomes: Sequence[Outcome]) -> list[str]:
    said = {outcome.problem or outcome.left_out for outcome in outcomes}
    remarks = sorted(remark for remark in said if remark)
    if median.get("generator_core", 0) >= BUSY > median.get("server_core", 1):
        remarks.append("the generator was the limit")
    if disturbed := disturbances(median):
        remarks.append(f"other processes used {' and '.join(disturbed)} core")
    lost = sum(outcome.figures.get("lost", 0) for outcome in outcomes)
    if lost:
        remarks.append(f"{lost:,.0f} deliveries missing")
    return remarks


def disturbances(median: dict[str, float]) -> list[str]:
    """How much of which core was in other hands, where that was too much."""
    shares = [
        (median.get(f"others_on_{core}_core", 0), core)
        for core in ("server", "generator")
    ]
    return [f"{n:.0%} of the {core}'s" for n, core in shares if n >= DISTURBED]
