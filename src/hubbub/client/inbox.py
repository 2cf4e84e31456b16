"""The events a program has not taken yet."""

from __future__ import annotations

from collections import deque

from hubbub.client.events import Event, Missed

# Some megabytes at most. When it is full, the shell stops reading from the socket, and
# the hub keeps the rest in its journal.
CAPACITY = 10_000

# What one read can bring on top: 64 KiB of the shortest events.
SLACK = 1000


class Inbox:
    """A queue of events with a limit.

    What is put over `capacity` and `slack` together drops the oldest. That happens
    when someone waits for an answer while nobody takes events (see
    `Session.wants_read`).
    """

    def __init__(self, capacity: int = CAPACITY, slack: int = SLACK) -> None:
        """Begin empty."""
        self._capacity = capacity
        self._slack = slack
        self._events: deque[Event] = deque()
        self._missed = 0

    def __len__(self) -> int:
        return len(self._events) + bool(self._missed)

    @property
    def full(self) -> bool:
        """Whether nothing more should be read before some are taken."""
        return len(self._events) >= self._capacity

    def put(self, event: Event) -> None:
        """Put an event at the end."""
        self._events.append(event)
        if len(self._events) > self._capacity + self._slack:
            self._events.popleft()
            self._missed += 1

    def take(self) -> Event | None:
        """Take the oldest, or None; what was dropped before it is reported first."""
        if self._missed:
            count, self._missed = self._missed, 0
            return Missed(count)
        return self._events.popleft() if self._events else None
