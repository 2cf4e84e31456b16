"""What a journal promises."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol

import msgspec

from hubbub.model.events import (
    MESSAGES,
    AccountClosed,
    AccountCreated,
    Event,
    GroupCreated,
    GroupJoined,
    GroupLeft,
    MessagePosted,
    RoleChanged,
    act_of,
)


class JournalError(Exception):
    """An append or a read failed. Nothing of the failed append stands."""


class JournalUnusableError(JournalError):
    """The journal can't be opened. The message is a sentence that says why."""


class Compacted(NamedTuple):
    """What one step of `Journal.compact` did.

    Attributes:
        removed: How many events it removed.
        more: Whether another step would find something to do.
    """

    removed: int
    more: bool


class Journal(Protocol):
    """An append-only sequence of events with two ways to look into it.

    `seq` counts from 1 without a gap, for ever: events are removed only from the
    front, and only where a snapshot stands for them. Used from one thread at a time.

    Attributes:
        id: Made up when the journal is; tells one journal from another.
        last_seq: The `seq` of the newest event there ever was, 0 before the first.
    """

    @property
    def id(self) -> str:
        """Made up when the journal is."""

    @property
    def last_seq(self) -> int:
        """The `seq` of the newest event there ever was, 0 before the first."""

    def append(self, events: Sequence[Event], snapshot: bytes | None = None) -> None:
        """Put events on disk, all or none, and only then return.

        With a `MessageDeleted` the text of its message is taken out, in the same step;
        the message stays, and names who has deleted it. Acts (see `act_of`) are kept
        apart as well, where `compact` does not come.

        Args:
            events: Numbered on from `last_seq` without a gap; not empty.
            snapshot: The state right after the last of them, to begin from next time.

        Raises:
            JournalError: Nothing was appended.
        """

    def read(self, after: int, limit: int) -> list[Event]:
        """Read up to `limit` events with a `seq` over `after`, in order.

        Where events right after `after` have been removed, it begins with the oldest
        that is kept.

        Raises:
            JournalError: The storage could not be read, or holds what is no event; so
                with everything that reads.
        """

    def find(self, seq: int) -> Event | None:
        """Read one event, if it is kept."""

    def messages(
        self, room: str, before: int | None, limit: int
    ) -> list[MessagePosted]:
        """Read the newest `limit` messages of a room, oldest first.

        Args:
            room: A room key, as `Event.room` gives it.
            before: Only messages with a smaller `seq`, or None for all.
            limit: How many at most.
        """

    def messages_after(self, room: str, after: int, limit: int) -> list[MessagePosted]:
        """Read the oldest `limit` messages of a room with a `seq` over `after`."""

    def memberships(self, user: int, after: int) -> list[Event]:
        """Read a user's own changes of standing with a `seq` over `after`, in order.

        Those are the events that `member_of` gives the user for.
        """

    def acts(self, before: int | None, limit: int, *, reports: bool) -> list[Event]:
        """Read the newest `limit` administrative acts, oldest first.

        They are kept for as long as the journal is, whatever else is removed.

        Args:
            before: Only acts with a smaller `seq`, or None for all.
            limit: How many at most.
            reports: Whether to read reports alone.
        """

    def snapshot(self) -> tuple[int, bytes] | None:
        """Give the newest snapshot and the `seq` it was taken at."""

    def put_snapshot(self, seq: int, state: bytes) -> None:
        """Keep the state right after an event, unless a newer one is kept already.

        Args:
            seq: That of an event that is stored.
            state: As it was then.

        Raises:
            JournalError: It could not be stored.
        """

    def compact(self, before: int, limit: int) -> Compacted:
        """Remove old events: one step, that others who write can wait for.

        Goes from the oldest on for as long as events are older than `before` and a
        snapshot stands for them. An event whose time is wrong (clocks jump) keeps what
        is behind it: something may stay longer than asked for, never shorter.

        Args:
            before: Unix milliseconds.
            limit: How many at most.

        Raises:
            JournalError: The step failed. What is kept has no gap all the same.
        """

    def probe(self) -> None:
        """Try to write, without appending.

        Raises:
            JournalError: Writing does not work.
        """

    def close(self) -> None:
        """Give the storage back. Nothing may be called after it."""


def read_all(journal: Journal, after: int = 0, page: int = 2_000) -> Iterator[Event]:
    """Read every event with a `seq` over `after`, a page at a time."""
    while events := journal.read(after, page):
        yield from events
        after = events[-1].seq


def check_order(events: Sequence[Event], last_seq: int) -> None:
    """Insist that events number on from `last_seq` without a gap.

    Raises:
        ValueError: They do not; whoever numbered them is wrong.
    """
    for expected, event in enumerate(events, start=last_seq + 1):
        if event.seq != expected:
            raise ValueError(f"seq {event.seq} does not follow {expected - 1}")


def message_room(event: Event) -> str | None:
    """Give the room a message is read back by; None for what is no message."""
    return event.room if isinstance(event, MESSAGES) else None


_OF_STANDING = (
    GroupCreated,
    GroupJoined,
    GroupLeft,
    RoleChanged,
    AccountClosed,
    AccountCreated,
)


def member_of(event: Event) -> int | None:
    """Give the user whose groups or role the event changes, if it does.

    That is what one may see by: `hubbub.hub.View.at` is given these events.
    """
    return event.user if isinstance(event, _OF_STANDING) else None


def is_act(event: Event) -> bool:
    """Tell whether an event is kept with the acts."""
    return act_of(event) is not None


def without_text(message: MessagePosted, by: str) -> MessagePosted:
    """Take the text out of a message that is deleted; all else stays."""
    return msgspec.structs.replace(message, text="", deleted=by)
