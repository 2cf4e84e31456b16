"""Deadlines: what is to be done when, on the clock that never jumps.

Setting one costs a heap entry and cancelling costs nothing: whoever is called looks
whether the reason still holds, and sets the next one if it does.
"""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop, heappush
from typing import TypeVar

T = TypeVar("T")


class Deadlines:
    """A queue of calls, ordered by time and then by the order they were set in."""

    __slots__ = ("_count", "_heap")

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, Callable[..., None], object]] = []
        self._count = 0

    def at(self, when: float, call: Callable[[T], None], subject: T) -> None:
        """Have `call(subject)` made at `when` (monotonic seconds) or soon after."""
        self._count += 1
        heappush(self._heap, (when, self._count, call, subject))

    def next(self) -> float | None:
        """Give the time of the earliest, or None."""
        return self._heap[0][0] if self._heap else None

    def run(self, now: float) -> None:
        """Make every call that is due. Those set meanwhile wait for the next run."""
        last = self._count
        while self._heap and self._heap[0][0] <= now and self._heap[0][1] <= last:
            _, _, call, subject = heappop(self._heap)
            call(subject)
