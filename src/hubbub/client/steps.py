"""What a session has its shell do, one step after another."""

from __future__ import annotations

import msgspec


class Open(msgspec.Struct, frozen=True):
    """Open a connection; then tell `opened` or `open_failed`. Give up at `until`."""

    until: float


class Exchange(msgspec.Struct, frozen=True):
    """Write what there is to write, and read if `reading`, until something comes up."""

    until: float
    reading: bool


class Pause(msgspec.Struct, frozen=True):
    """There is no connection, and nothing to do until then."""

    until: float


class Finished(msgspec.Struct, frozen=True):
    """Stop."""


Step = Open | Exchange | Pause | Finished
