"""Who is measured, and the words each one understands.

A contestant is a command that starts a server, and four short texts: how a client
introduces itself, what shows that it is in, how it posts to the room, how it writes to
one person. How the lines come back needs no telling: each message carries one ``MARK``
byte, which nothing else in the traffic holds, and marks are what is counted.

To add a server, write a subclass and put it into ``CONTESTANTS``.
"""

from __future__ import annotations

import sys
from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
MARK = b"~"

# The crowd comes from one address, and is larger than a hub expects by default.
HUBBUB_CONNECTIONS = 20_000
HUBBUB_CONFIG = f"""\
[limits]
connections_per_address = {HUBBUB_CONNECTIONS}
users = {HUBBUB_CONNECTIONS}
"""


@dataclass(frozen=True)
class Seat:
    """One client of a load.

    Attributes:
        name: Its name, which holds no space and no ``MARK``.
        partner: Whom its private messages go to; None for one that writes none.
    """

    name: str
    partner: str | None = None


class Contestant(ABC):
    """One server, and how to talk with it.

    Attributes:
        key: How the command line names it.
        title: How the table names it.
        welcome: The bytes that show a client that it is in and hears what is said.
        echoes: Whether a talker in the room receives its own messages, too.
    """

    key: str
    title: str
    welcome: bytes
    echoes: bool = False

    @abstractmethod
    def command(self, port: int, folder: Path) -> list[str]:
        """The command that serves on ``HOST`` and ``port`` until SIGTERM.

        Args:
            port: A free port.
            folder: A new empty folder for settings and data, gone after the trial.
        """

    @abstractmethod
    def introduce(self, seat: Seat) -> bytes:
        """What a client writes first, all at once."""

    @abstractmethod
    def post(self, seat: Seat, text: bytes) -> bytes:
        """A message to the room that holds ``text`` once and as it is."""

    @abstractmethod
    def direct(self, seat: Seat, text: bytes) -> bytes:
        """A message to the seat's partner that holds ``text`` once and as it is."""

    def missing(self) -> str | None:
        """Why it cannot be run here, in one clause; None if it can."""
        return None


class Plain(Contestant):
    """What Hubbub's plain dialect and every teaching server have in common."""

    welcome = b"Welcome"

    def introduce(self, seat: Seat) -> bytes:
        """The name, as a line."""
        return seat.name.encode() + b"\n"

    def post(self, seat: Seat, text: bytes) -> bytes:
        """The text, as a line."""
        del seat
        return text + b"\n"

    def direct(self, seat: Seat, text: bytes) -> bytes:
        """``:pm PARTNER TEXT``."""
        return b":pm %b %b\n" % (str(seat.partner).encode(), text)


class Hubbub(Plain):
    """The hub of this repository, with its journal on disk."""

    def __init__(self, engine: str) -> None:
        """Take the engine's name: ``loop`` or ``threads``."""
        self.key = engine
        self.title = f"hubbub {engine}"

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

    def missing(self) -> str | None:
        """Say so in a checkout that has no server yet."""
        return None if (ROOT / "server.py").exists() else "there is no server.py"


class Naive(Plain):
    """The tutorial's server: see ``bench/naive.py``."""

    key = "naive"
    title = "naive"

    def command(self, port: int, folder: Path) -> list[str]:
        """Start it from its file."""
        del folder
        return [sys.executable, str(ROOT / "bench/naive.py"), HOST, str(port)]


class Ceiling(Contestant):
    """The server that only copies: see ``bench/ceiling.py``.

    Its talkers write the whole line that Hubbub would have written, so that the same
    bytes arrive at the same number of receivers.
    """

    key = "ceiling"
    title = "ceiling"
    welcome = b"Welcome"

    def command(self, port: int, folder: Path) -> list[str]:
        """Start it from its file."""
        del folder
        return [sys.executable, str(ROOT / "bench/ceiling.py"), HOST, str(port)]

    def introduce(self, seat: Seat) -> bytes:
        """``NAME`` or ``NAME PARTNER``, as a line."""
        return f"{seat.name} {seat.partner or ''}".strip().encode() + b"\n"

    def post(self, seat: Seat, text: bytes) -> bytes:
        """The finished line of a lobby message."""
        return b"[00:00:00] %b >> %b\n" % (seat.name.encode(), text)

    def direct(self, seat: Seat, text: bytes) -> bytes:
        """The finished line of a private message."""
        return b"[00:00:00] (PM) %b >> %b\n" % (seat.name.encode(), text)


# The first one is what the others are compared with.
CONTESTANTS: tuple[Contestant, ...] = (
    Ceiling(),
    Hubbub("loop"),
    Hubbub("threads"),
    Naive(),
)
YARDSTICK = CONTESTANTS[0].key
