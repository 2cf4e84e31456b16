"""What a run leaves behind: figures with all that they depend on, as a JSON file.

The tables and the plot are made of this and of nothing else, so that they can be made
again, elsewhere and later.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Who:
    """A contestant.

    Attributes:
        key: How the command line names it.
        title: How the table names it.
        version: Which one was measured.
        stores: What it has written before anyone is shown a message.
        synced: Whether that has reached the disk by then.
        echoes: Whether a talker in the room receives its own messages, too.
    """

    key: str
    title: str
    version: str
    stores: str
    synced: bool
    echoes: bool


@dataclass(frozen=True)
class Row:
    """One contestant under one load.

    Attributes:
        key: Whose.
        title: How the table names it.
        median: The median of each figure over the rounds; empty if it was not measured.
        rounds: The figures of each round.
        remarks: What has to be known to read the figures; usually nothing.
    """

    key: str
    title: str
    median: dict[str, float]
    rounds: list[dict[str, float]]
    remarks: list[str]


@dataclass(frozen=True)
class Table:
    """One load.

    Attributes:
        load: Its name.
        about: What it is, in one line.
        at_rest: Whether nobody talks.
        rows: One for each contestant.
    """

    load: str
    about: str
    at_rest: bool
    rows: list[Row]


@dataclass(frozen=True)
class Run:
    """A run of the benchmark.

    Attributes:
        machine: What is known of the machine; see ``bench.machine.facts``.
        command: How it was started.
        seconds: How long each was measured in each round.
        rounds: How many.
        pinned: Whether server and generator had a core of their own each.
        contestants: Who took part.
        left_out: Who could not, and why.
        tables: One for each load.
    """

    machine: dict[str, str | int | float | None]
    command: str
    seconds: float
    rounds: int
    pinned: bool
    contestants: list[Who]
    left_out: list[str]
    tables: list[Table]


def write(run: Run, path: Path) -> None:
    """Write a run to a file.

    Raises:
        OSError: It cannot be written.
    """
    path.write_bytes(msgspec.json.format(msgspec.json.encode(run)) + b"\n")


def read(path: Path) -> Run:
    """Read a run from a file.

    Raises:
        OSError: It cannot be read.
        msgspec.ValidationError: It holds something else.
    """
    return msgspec.json.decode(path.read_bytes(), type=Run)
