"""Time as a parameter: a reading of both clocks, and what a calendar makes of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec

# What a calendar with years of four digits holds, less a day at each end, so that a
# moment can be shown in any zone.
EARLIEST = datetime.min.replace(tzinfo=UTC) + timedelta(days=1)
LATEST = datetime.max.replace(microsecond=0, tzinfo=UTC) - timedelta(days=1)

_EARLIEST = int(EARLIEST.timestamp())
_LATEST = int(LATEST.timestamp())


class Now(msgspec.Struct, frozen=True, gc=False):
    """One reading of the clocks, taken by an engine and handed down.

    Attributes:
        wall: Milliseconds since the Unix epoch, UTC. Shown to people, stored with
            events, never compared: wall clocks jump.
        monotonic: Seconds on a clock that never jumps. Every deadline runs on it.
    """

    wall: int
    monotonic: float


def moment(time: int) -> datetime:
    """Give the moment of a wall clock, to the second and in UTC.

    Args:
        time: Unix milliseconds, as wrong as a clock can be: what no calendar holds
            becomes the first or the last moment that one does.
    """
    second = min(max(time // 1000, _EARLIEST), _LATEST)
    return datetime.fromtimestamp(second, UTC)
