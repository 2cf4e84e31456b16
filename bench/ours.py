"""The contestants of this repository: Hubbub, and two servers to compare it with."""

from __future__ import annotations

import platform
import re
import sys
from typing import TYPE_CHECKING, ClassVar

from bench.contestant import HOST, MOST_CONNECTIONS, ROOT, Contestant, Step

if TYPE_CHECKING:
    from pathlib import Path

    from bench.contestant import Seat

HUBBUB_CONFIG = f"""\
[limits]
connections_per_address = {MOST_CONNECTIONS}
users = {MOST_CONNECTIONS}
"""
# A thread for each connection is not made for more.
MOST_THREADS = 4000


class Plain(Contestant):
    """What Hubbub's plain dialect and every teaching server have in common."""

    def introduce(self, seat: Seat) -> tuple[Step, ...]:
        """The name, as a line."""
        return (Step(seat.name.encode() + b"\n", b"Welcome"),)

    def post(self, seat: Seat, text: bytes) -> bytes:
        """The text, as a line."""
        del seat
        return text + b"\n"

    def direct(self, seat: Seat, text: bytes) -> bytes:
        """``:pm PARTNER TEXT``."""
        return b":pm %b %b\n" % (str(seat.partner).encode(), text)

    def missing(self) -> str | None:
        """Never."""
        return None

    def version(self) -> str:
        """Python's: these servers have no other."""
        return f"Python {platform.python_version()}"


class Hubbub(Plain):
    """The hub of this repository, with its journal on disk."""

    ENGINES: ClassVar = ("loop", "threads")
    stores = "every message, synced"
    synced = True

    def __init__(self, engine: str) -> None:
        """Take the engine's name: ``loop`` or ``threads``."""
        self.key = engine
        self.title = f"hubbub {engine}"
        if engine == "threads":
            self.most = MOST_THREADS

    def command(self, port: int, folder: Path) -> list[str]:
        """The door at the root of the checkout, with no limit of speed."""
        config = folder / "hubbub.toml"
        config.write_text(HUBBUB_CONFIG, encoding="utf-8")
        return [
            *(sys.executable, str(ROOT / "server.py"), HOST, str(port)),
            *("--engine", self.key, "--no-console", "--rate-limit", "off"),
            *("--color", "never", "--data", str(folder / "data")),
            *("--config", str(config)),
        ]

    def version(self) -> str:
        """The checkout's."""
        source = (ROOT / "pyproject.toml").read_text("utf-8")
        number = re.search(r'^version = "(.+)"$', source, re.MULTILINE)
        return number[1] if number else "unknown"


class Naive(Plain):
    """The tutorial's server: see ``bench/naive.py``."""

    key = "naive"
    title = "naive"
    # Everyone is told of everyone who joins, in one system call each: half a million
    # for this many, and for four times as many sixteen times that.
    most = 1000

    def command(self, port: int, folder: Path) -> list[str]:
        """Start it from its file."""
        del folder
        return [sys.executable, str(ROOT / "bench/naive.py"), HOST, str(port)]


class Ceiling(Plain):
    """The server that only copies: see ``bench/ceiling.py``.

    Its talkers write the whole line that Hubbub would have written, so that the same
    bytes arrive at the same number of receivers.
    """

    key = "ceiling"
    title = "ceiling"

    def command(self, port: int, folder: Path) -> list[str]:
        """Start it from its file."""
        del folder
        return [sys.executable, str(ROOT / "bench/ceiling.py"), HOST, str(port)]

    def introduce(self, seat: Seat) -> tuple[Step, ...]:
        """``NAME`` or ``NAME PARTNER``, as a line."""
        line = f"{seat.name} {seat.partner or ''}".strip()
        return (Step(line.encode() + b"\n", b"Welcome"),)

    def post(self, seat: Seat, text: bytes) -> bytes:
        """The finished line of a lobby message."""
        return b"[00:00:00] %b >> %b\n" % (seat.name.encode(), text)

    def direct(self, seat: Seat, text: bytes) -> bytes:
        """The finished line of a private message."""
        return b"[00:00:00] (PM) %b >> %b\n" % (seat.name.encode(), text)
