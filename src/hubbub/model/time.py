"""Time as a parameter: the one value that carries a reading of both clocks."""

from __future__ import annotations

import msgspec


class Now(msgspec.Struct, frozen=True, gc=False):
    """One reading of the clocks, taken by an engine and handed down.

    Attributes:
        wall: Milliseconds since the Unix epoch, UTC. Shown to people, stored with
            events, never compared: wall clocks jump.
        monotonic: Seconds on a clock that never jumps. Every deadline runs on it.
    """

    wall: int
    monotonic: float
