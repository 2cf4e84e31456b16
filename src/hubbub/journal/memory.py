"""A journal in memory: the same contract, and gone with the process.

It keeps the newest events up to a bound, so that a hub without a disk does not grow
for ever; what is older can't be read back.
"""

from __future__ import annotations

import secrets
from collections import defaultdict, deque
from collections.abc import Sequence
from itertools import islice

from hubbub.journal.contract import (
    Compacted,
    check_order,
    is_act,
    member_of,
    message_room,
    without_text,
)
from hubbub.model.acts import MessageDeleted, Reported
from hubbub.model.events import MESSAGES, Event, MessagePosted

DEFAULT_KEEP = 200_000


class MemoryJournal:
    """Implements `hubbub.journal.Journal` with a bounded queue."""

    def __init__(self, keep: int = DEFAULT_KEEP) -> None:
        """Keep the newest `keep` events."""
        self.id = secrets.token_hex(4)
        self.last_seq = 0
        self._keep = keep
        self._events: deque[Event] = deque()
        self._rooms: dict[str, deque[int]] = defaultdict(deque)
        self._members: dict[int, deque[int]] = defaultdict(deque)
        self._snapshot: tuple[int, bytes] | None = None
        self._acts: deque[Event] = deque(maxlen=keep)

    def append(self, events: Sequence[Event], snapshot: bytes | None = None) -> None:
        """Put events at the end, and drop the oldest over the bound."""
        check_order(events, self.last_seq)
        for event in events:
            self._events.append(event)
            self.last_seq = event.seq
            if is_act(event):
                self._acts.append(event)
                self._take_text(event)
            room = message_room(event)
            if room is not None:
                self._rooms[room].append(event.seq)
            member = member_of(event)
            if member is not None:
                self._members[member].append(event.seq)
            if len(self._events) > self._keep:
                self._drop_oldest()
        if snapshot is not None:
            self._snapshot = (self.last_seq, snapshot)

    def _take_text(self, event: Event) -> None:
        if isinstance(event, MessageDeleted):
            message = self.find(event.message)
            if isinstance(message, MESSAGES):
                index = event.message - self.last_seq - 1
                self._events[index] = without_text(message, event.by)

    def _drop_oldest(self) -> None:
        event = self._events.popleft()
        room, member = message_room(event), member_of(event)
        if room is not None:
            self._rooms[room].popleft()
            if not self._rooms[room]:
                del self._rooms[room]
        if member is not None:
            self._members[member].popleft()
            if not self._members[member]:
                del self._members[member]

    def _at(self, seq: int) -> Event:
        return self._events[seq - self.last_seq - 1]

    def _first_seq(self) -> int:
        return self.last_seq - len(self._events) + 1

    def read(self, after: int, limit: int) -> list[Event]:
        """Read on from `after`, or from the oldest event that is kept."""
        first = max(after + 1, self._first_seq())
        last = min(first + limit - 1, self.last_seq)
        # An index into a deque costs the distance to its nearer end: a reader who is
        # close behind is cheap, and one who begins at the front is too.
        return [self._at(seq) for seq in range(first, last + 1)]

    def find(self, seq: int) -> Event | None:
        """Read one event, if it is still kept."""
        if self._first_seq() <= seq <= self.last_seq:
            return self._at(seq)
        return None

    def messages(
        self, room: str, before: int | None, limit: int
    ) -> list[MessagePosted]:
        """Read the newest messages of a room, oldest first."""
        newest_first = (
            seq
            for seq in reversed(self._rooms.get(room, ()))
            if before is None or seq < before
        )
        found = [self._at(seq) for seq in islice(newest_first, limit)]
        return [event for event in reversed(found) if isinstance(event, MESSAGES)]

    def messages_after(self, room: str, after: int, limit: int) -> list[MessagePosted]:
        """Read the oldest messages of a room over `after`."""
        later = (seq for seq in self._rooms.get(room, ()) if seq > after)
        found = [self._at(seq) for seq in islice(later, limit)]
        return [event for event in found if isinstance(event, MESSAGES)]

    def memberships(self, user: int, after: int) -> list[Event]:
        """Read a user's own membership events, in order."""
        return [self._at(seq) for seq in self._members.get(user, ()) if seq > after]

    def acts(self, before: int | None, limit: int, *, reports: bool) -> list[Event]:
        """Read the newest acts, oldest first."""
        newest_first = (
            event
            for event in reversed(self._acts)
            if (before is None or event.seq < before)
            and (isinstance(event, Reported) or not reports)
        )
        return list(islice(newest_first, limit))[::-1]

    def snapshot(self) -> tuple[int, bytes] | None:
        """Give the newest snapshot."""
        return self._snapshot

    def put_snapshot(self, seq: int, state: bytes) -> None:
        """Keep a state, unless a newer one is kept already."""
        if self._snapshot is None or self._snapshot[0] < seq:
            self._snapshot = (seq, state)

    def compact(self, before: int, limit: int) -> Compacted:
        """Remove old events that a snapshot stands for."""
        covered = 0 if self._snapshot is None else self._snapshot[0]
        removed = 0
        while removed < limit and self._events:
            oldest = self._events[0]
            if oldest.seq > covered or oldest.time >= before:
                break
            self._drop_oldest()
            removed += 1
        return Compacted(removed, more=removed == limit)

    def probe(self) -> None:
        """Do nothing: memory can always be written."""

    def close(self) -> None:
        """Forget everything."""
        self._events.clear()
        self._rooms.clear()
        self._members.clear()
        self._acts.clear()
