"""`kill -9` under load, at moments that are counted; `make chaos` draws them."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest
from chaos import disk
from chaos.cast import Reader, Sender
from chaos.kill import after_acknowledgements, judge, kill_again_and_again

if TYPE_CHECKING:
    from pathlib import Path


def test_what_was_acknowledged_or_shown_stays(engine: str, tmp_path: Path) -> None:
    """docs/promises.md, 1: none missing, none twice, the same seq, the same order."""
    moments = [after_acknowledgements(count) for count in (1, 40, 0, 200)]
    verdict = kill_again_and_again(engine, tmp_path / "hub", moments)
    assert verdict.good, verdict
    assert verdict.acknowledged > 200
    assert verdict.shown > verdict.acknowledged


STORED = [("a", 5), ("b", 7), ("c", 8)]


def sender(**seen: int) -> Sender:
    """Make somebody who was shown messages, and acknowledged them."""
    person = Sender("alice", lambda: None)
    person.seen = list(seen.items())
    person.acknowledged = dict(seen)
    return person


def reader(*texts: str) -> Reader:
    """Make somebody who was shown texts."""
    someone = Reader.__new__(Reader)
    someone.texts = list(texts)
    return someone


def test_the_judge_finds_nothing_where_nothing_is() -> None:
    people, readers = [sender(a=5, b=7, c=8)], [reader("b", "c"), reader()]
    assert judge(STORED, people, readers, 1).good


@pytest.mark.parametrize(
    ("people", "readers", "fault"),
    [
        ([sender(a=5, b=7, c=8, d=9)], [], "missing"),
        ([sender(a=5, b=6, c=8)], [], "moved"),
        ([sender(b=7, a=5, c=8)], [], "disordered"),
        ([sender(a=5, c=8)], [], "disordered"),
        ([], [reader("d")], "missing"),
        ([], [reader("a", "a")], "repeated"),
        ([], [reader("a", "c")], "disordered"),
    ],
)
def test_the_judge_finds_each_fault(
    people: list[Sender], readers: list[Reader], fault: str
) -> None:
    verdict = judge(STORED, people, readers, 1)
    assert getattr(verdict, fault)
    assert not verdict.good


def test_the_judge_finds_what_stands_twice() -> None:
    assert judge([*STORED, ("a", 9)], [], [], 1).repeated == 1


@pytest.mark.skipif(disk.problem() is not None, reason=str(disk.problem()))
def test_what_is_sent_was_synced_and_survives_a_power_cut(
    engine: str, tmp_path: Path
) -> None:
    """docs/promises.md, 1: the kernel's own account of writes, syncs and sends."""
    disk.trace(engine, tmp_path, 30)
    verdict = disk.examine(tmp_path, engine, random.Random(1), 3)
    assert verdict.good, verdict
    assert verdict.messages == 30
    assert verdict.cuts == 3
    assert verdict.lost == 0
