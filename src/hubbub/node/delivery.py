"""From a turn's events to each session's bytes, with as little as possible for each.

Every event is rendered once for each kind of dialect. What everyone sees is joined to
one byte string per kind, which all sessions of the kind share; a session that sees
something else as well, or something differently, gets slices of it with its own pieces
between. So the work for one more receiver is a push, however many messages the turn
holds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubbub.hub import EVERYONE, Audience
from hubbub.model.answers import Answer, Bye
from hubbub.model.commands import HubCommand
from hubbub.model.events import (
    Event,
    GroupPosted,
    LobbyPosted,
    UserJoined,
)
from hubbub.node.session import Session

# Looked up for every event: a set of types is faster to ask than `isinstance`. What one
# says in a room is news on one's other devices, as it is for the others; in a private
# talk it has to be told apart from what one was told.
_SAID = frozenset({LobbyPosted, GroupPosted})

if TYPE_CHECKING:
    from hubbub.dialects.contract import Writer


@dataclass(slots=True)
class Entry:
    """How a session came in during a turn.

    Attributes:
        token: What to show to come back, or "".
        after: The `seq` after which it is shown everything.
        behind: Whether something after that has happened already.
        resumed: Whether a kept seat was taken back.
        start: The index, in the batch, of the first event after its own coming.
        waiting: The `seq` of each private message that waited for the user.
    """

    token: str
    after: int
    behind: bool = False
    resumed: bool = False
    start: int = 0
    waiting: tuple[int, ...] = ()


@dataclass(slots=True, frozen=True)
class Exit:
    """Why a session goes.

    Attributes:
        reason: A word for the others, as in `Disconnect`.
        bye: What it is told last, or None when it has hung up.
    """

    reason: str
    bye: Bye | None


@dataclass(slots=True, frozen=True)
class Departure:
    """A connection that is gone, for the hub to be told of.

    Attributes:
        user: Whose it was.
        reason: A word for the others, as in `Disconnect`.
        keep_seat: Whether the user may come back with the token.
        device: The hash of the token; "" when there was none.
        last: Whether it was the user's last connection.
    """

    user: int
    reason: str
    keep_seat: bool
    device: str = ""
    last: bool = True


class Batch:
    """What one turn has decided, in order.

    The first three lists run in parallel.

    Attributes:
        events: In the order of their `seq`.
        audiences: Who may see each.
        origins: The session each came from, or None.
        commands: What was asked and by whom, for refusals if it can't be stored.
        replies: What single sessions are to be told once the events have been.
        done: What single sessions are to be told once the events are on disk.
        departed: Departures that were decided, as in `Sessions.departed`.
        joined: Sessions that got a user in this turn.
        leaving: Sessions that go when they have been told of this turn; their users
            leave with the next.
        stop: Whether the administrator has asked the hub to end.
    """

    __slots__ = (
        "audiences",
        "commands",
        "departed",
        "done",
        "events",
        "joined",
        "leaving",
        "origins",
        "replies",
        "stop",
    )

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.audiences: list[Audience] = []
        self.origins: list[Session | None] = []
        self.commands: list[tuple[Session | None, HubCommand]] = []
        self.replies: list[tuple[Session, bytes]] = []
        self.done: list[tuple[Session, Answer]] = []
        self.departed: list[Departure] = []
        self.joined: dict[Session, Entry] = {}
        self.leaving: dict[Session, Exit] = {}
        self.stop = False

    def add(self, event: Event, audience: Audience, origin: Session | None) -> None:
        """Note one more event."""
        self.events.append(event)
        self.audiences.append(audience)
        self.origins.append(origin)

    def find(self, seq: int) -> Event | None:
        """Give the event with this `seq` if it is of this turn."""
        first = self.events[0].seq if self.events else seq + 1
        return self.events[seq - first] if seq >= first else None

    def forget_events(self) -> None:
        """Let nothing have happened."""
        self.events.clear()
        self.audiences.clear()
        self.origins.clear()
        self.joined.clear()
        self.done.clear()


class Sheet:
    """One kind of dialect's rendering of a batch, made as far as it is asked for."""

    __slots__ = ("_cache", "_events", "_frames", "_offsets", "_writer", "blob")

    def __init__(self, writer: Writer, batch: Batch) -> None:
        """Render what everyone sees."""
        self._writer = writer
        self._events = batch.events
        self._frames: dict[int, bytes] = {}
        self._cache: dict[tuple[int, ...], bytes] = {}
        frames: list[bytes] = []
        offsets = [0]
        end = 0
        for event, audience in zip(batch.events, batch.audiences, strict=True):
            if audience is EVERYONE:
                frame = writer.event(event, own=False)
                frames.append(frame)
                end += len(frame)
            offsets.append(end)
        self.blob = b"".join(frames)
        self._offsets = offsets

    def for_one(self, start: int, marks: Sequence[int]) -> bytes:
        """Put together what one session gets.

        Args:
            start: The index of the first event it is shown.
            marks: Indexes of events it sees beside or instead of what everyone sees,
                ascending; `~index` where it is its own doing.
        """
        if not (self.blob or start):
            # A private message, mostly, and nothing else.
            if len(marks) == 1:
                return self._one(marks[0])
            if len(marks) == 2:
                return self._one(marks[0]) + self._one(marks[1])
        key = (start, *marks)
        pieces = self._cache.get(key)
        if pieces is None:
            pieces = self._cache[key] = self._assemble(start, marks)
        return pieces

    def _assemble(self, start: int, marks: Sequence[int]) -> bytes:
        blob, offsets = self.blob, self._offsets
        pieces: list[bytes] = []
        position = offsets[start]
        for mark in marks:
            index = mark if mark >= 0 else ~mark
            if index < start:
                continue
            if offsets[index] > position:
                pieces.append(blob[position : offsets[index]])
            pieces.append(self._one(mark))
            position = offsets[index + 1]
        if len(blob) > position:
            pieces.append(blob[position:])
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def _one(self, mark: int) -> bytes:
        frame = self._frames.get(mark)
        if frame is None:
            own = mark < 0
            event = self._events[~mark if own else mark]
            frame = self._frames[mark] = self._writer.event(event, own=own)
        return frame


def mark_sessions(
    batch: Batch, sessions: Mapping[int, tuple[Session, ...]]
) -> dict[Session, list[int]]:
    """Find the sessions that do not just see what everyone sees.

    Args:
        batch: The turn's events.
        sessions: Each user's sessions, by user id.

    Returns:
        For each such session its marks, as `Sheet.for_one` takes them.
    """
    marks: dict[Session, list[int]] = {}
    nobody: tuple[Session, ...] = ()
    for index, (event, audience, origin) in enumerate(
        zip(batch.events, batch.audiences, batch.origins, strict=True)
    ):
        said = type(event) in _SAID
        doer: int | None = getattr(event, "user", None)
        if audience is not EVERYONE:
            for user in audience:
                for session in sessions.get(user, nobody):
                    own = session is origin if said else user == doer
                    marks.setdefault(session, []).append(~index if own else index)
        elif said:
            if origin is not None:
                marks.setdefault(origin, []).append(~index)
        elif doer is not None and not isinstance(event, UserJoined):
            for session in sessions.get(doer, nobody):
                marks.setdefault(session, []).append(~index)
    return marks
