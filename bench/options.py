"""The command line of the benchmark."""

from __future__ import annotations

import argparse
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bench.contestant import MOST_CONNECTIONS
from bench.contestants import CONTESTANTS
from bench.loads import FEWEST_CONNECTIONS, LOADS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

KEYS = [contestant.key for contestant in CONTESTANTS]
# What a change of the code shows in; the rest takes long, or says little of speed.
USUAL = ["room", "pairs", "single", "idle-1000"]


@dataclass(frozen=True)
class Options:
    """What was asked for.

    Attributes:
        only: Names of loads.
        contestants: Keys of contestants.
        seconds: How long to measure each, after the warm-up.
        repeat: How many rounds.
        connections: How many, for the loads with a choice.
        json: Where to write all figures; None for nowhere.
        folder: Where the servers keep their data meanwhile.
    """

    only: list[str]
    contestants: list[str]
    seconds: float
    repeat: int
    connections: int
    json: Path | None
    folder: Path


def parse(argv: Sequence[str] | None) -> Options:
    """Read the command line; ``None`` stands for that of this process.

    Raises:
        SystemExit: It asks for help, or for what cannot be done; the reason is told.
    """
    parser = argparse.ArgumentParser(
        prog="python -m bench",
        description="Measure Hubbub beside a server that only copies and a naive one.",
    )

    def add(
        flag: str, of: Callable[[str], object], default: object, about: str
    ) -> None:
        parser.add_argument(
            f"--{flag}", type=of, default=default, metavar=flag.upper(), help=about
        )

    add("only", _some_of(list(LOADS)), USUAL, f"loads, of {', '.join(LOADS)}; or all")
    add("contestants", _some_of(KEYS), KEYS, f"servers, of {', '.join(KEYS)}")
    add("seconds", _within(0.2, 600), 3.0, "measure each for so long (%(default)s)")
    add("repeat", _whole(1, 100), 3, "rounds, to take the median of (%(default)s)")
    add(
        "connections",
        _whole(FEWEST_CONNECTIONS, MOST_CONNECTIONS),
        1000,
        "for room, pairs and paced (%(default)s)",
    )
    add("json", Path, None, "write all figures to this file")
    add(
        "folder",
        Path,
        Path(tempfile.gettempdir()),
        "the servers' data goes here meanwhile; a disk, not memory (%(default)s)",
    )
    options = Options(**vars(parser.parse_args(argv)))
    # Better now than after minutes of measuring.
    if not options.folder.is_dir():
        parser.error(f"--folder {options.folder} is not a folder")
    if options.json and not options.json.absolute().parent.is_dir():
        parser.error(f"--json {options.json} is in a folder that does not exist")
    return options


def _some_of(known: list[str]) -> Callable[[str], list[str]]:
    """Read names with commas between them, or ``all``, in the order as known."""

    def read(text: str) -> list[str]:
        names = known if text == "all" else text.split(",")
        for name in names:
            if name not in known:
                raise argparse.ArgumentTypeError(
                    f"{name!r} is none of {', '.join(known)}"
                )
        return [name for name in known if name in names]

    return read


def _within(least: float, most: float) -> Callable[[str], float]:
    def read(text: str) -> float:
        try:
            number = float(text)
        except ValueError:
            number = -1.0
        if not least <= number <= most:
            raise argparse.ArgumentTypeError(
                f"{text!r} is no number from {least:g} to {most:g}"
            )
        return number

    return read


def _whole(least: int, most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not text.isdecimal() or not least <= int(text) <= most:
            raise argparse.ArgumentTypeError(
                f"{text!r} is no whole number from {least} to {most}"
            )
        return int(text)

    return read
