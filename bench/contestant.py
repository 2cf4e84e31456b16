"""What a contestant is: a server, and the few words that it takes to talk with it.

A contestant is a command that starts a server, and short texts: how a client comes in,
how it posts to the room, how it writes to one person. How the messages come back needs
no telling: each carries one ``MARK`` byte, which nothing else in the traffic holds, and
marks are what is counted.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
# Not "~", with which IRC servers begin the name of a user whom they could not identify.
MARK = b"^"
# The crowd comes from one address, and is larger than a server expects by default.
MOST_CONNECTIONS = 20_000
# Connections that wait to be accepted, where it can be set: what Linux allows.
BACKLOG = 4096
VERSION_SECONDS = 10.0


class TrialError(Exception):
    """A contestant could not be measured; the text says why, in one sentence."""


@dataclass(frozen=True)
class Seat:
    """One client of a load.

    Attributes:
        name: Its name, which holds no space and no ``MARK``.
        partner: Whom its private messages go to; None for one that writes none.
    """

    name: str
    partner: str | None = None


@dataclass(frozen=True)
class Step:
    """One step of coming in.

    Attributes:
        say: What the client writes.
        until: Bytes of the answer which show that the step is done; those of the last
            step show that the client is in, and hears what is said.
    """

    say: bytes
    until: bytes


class Contestant(ABC):
    """One server, and how to talk with it.

    Attributes:
        key: How the command line names it.
        title: How the table names it.
        stores: What it has written before anyone is shown a message, in a few words.
        synced: Whether that has reached the disk by then, and not only the kernel.
        echoes: Whether a talker in the room receives its own messages, too.
        arriving: How many clients may be on their way in at once: no more than wait in
            its queue of connections, or the kernel would make them try again a second
            later.
        most: How many connections it is tried with.
    """

    key: str
    title: str
    stores: str = "nothing"
    synced: bool = False
    echoes: bool = False
    arriving: int = BACKLOG
    most: int = MOST_CONNECTIONS

    @abstractmethod
    def command(self, port: int, folder: Path) -> list[str]:
        """The command that serves on ``HOST`` and ``port`` until SIGTERM.

        Args:
            port: A free port.
            folder: A new empty folder for settings and data, gone after the trial.
        """

    def prepare(self, port: int) -> None:  # noqa: B027 (most need nothing)
        """Set up what the loads need in the server that has just started.

        Raises:
            OSError: It cannot be talked to.
            TrialError: It refused.
        """

    @abstractmethod
    def introduce(self, seat: Seat) -> tuple[Step, ...]:
        """How a client comes in: into the room, and reachable by its name."""

    @abstractmethod
    def post(self, seat: Seat, text: bytes) -> bytes:
        """A message to the room that holds ``text`` once and as it is."""

    @abstractmethod
    def direct(self, seat: Seat, text: bytes) -> bytes:
        """A message to the seat's partner that holds ``text`` once and as it is."""

    @abstractmethod
    def missing(self) -> str | None:
        """Why it cannot be run here, in one clause; None if it can."""

    @abstractmethod
    def version(self) -> str:
        """Which one is measured."""


class Installed(Contestant):
    """A server that is somebody else's, and has to be installed.

    Attributes:
        program: The name of its command.
        tells_version: The option with which it tells its version.
        debian: The package of Debian that holds it; None if another does.
        pypi: The package of PyPI that holds it; None if another does.
    """

    program: str
    tells_version: str = "--version"
    debian: str | None = None
    pypi: str | None = None

    def found(self) -> str | None:
        """Where its program is; None if it is not installed."""
        # Debian's servers are where the PATH of users does not look.
        places = [str(ROOT / ".venv/bin"), "/usr/sbin", "/usr/local/sbin"]
        return shutil.which(self.program) or shutil.which(
            self.program, path=":".join(places)
        )

    def missing(self) -> str | None:
        """Say what to install."""
        if self.found():
            return None
        source = f"Debian's {self.debian}" if self.debian else f"PyPI's {self.pypi}"
        return f"{source} is not installed; make bench-peers installs it"

    def version(self) -> str:
        """The first number with dots that its program tells of itself."""
        answer = subprocess.run(
            [self.found() or self.program, self.tells_version],
            capture_output=True,
            text=True,
            timeout=VERSION_SECONDS,
            check=False,
        )
        number = re.search(r"\d+(\.\d+)+", answer.stdout + answer.stderr)
        return number[0] if number else "unknown"
