"""The stages of a hub under load: a real hub, for a moment."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from bench.loads import LOADS
from bench.stages import ROWS, measure, table

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("engine", ["loop", "threads"])
def test_each_stage_of_a_real_hub_has_its_share(engine: str, tmp_path: Path) -> None:
    shown = measure(engine, LOADS["single"](100), 0.3, tmp_path)
    shares = [
        int(share) for share in re.findall(r"\| (-?\d+)% \|$", shown, re.MULTILINE)
    ]
    assert len(shares) == len(ROWS)
    # Nothing is counted twice, and the two that are done for every message are seen.
    assert min(shares) >= 0
    assert 90 <= sum(shares) <= 110
    assert shares[3] > 0
    assert shares[6] > 0


def test_what_is_within_another_stage_is_taken_off() -> None:
    nanoseconds = {
        "receive": 1000,
        "take": 1000,
        "decide": 2000,
        "append": 3000,
        "deliver": 1000,
        "turn": 7000,
        "send": 5000,
        "all": 20000,
    }
    shown = table({"nanoseconds": nanoseconds, "calls": {"turn": 2}}, 10)
    rows = [line.split(" | ")[1:] for line in shown.splitlines()[2:-3]]
    assert rows[5] == ["0.5", "0.1000", "5% |"]
    assert rows[7] == ["3.0", "0.6000", "30% |"]
    assert shown.endswith("2 turns, 5.0 deliveries in each.")
