"""History out of a journal and into an empty one, as JSON lines."""

from __future__ import annotations

from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import BinaryIO

import msgspec

from hubbub.app.compose import StartError, find_journal, open_data
from hubbub.hub import State
from hubbub.journal import JournalError, JournalUnusableError
from hubbub.journal.contract import read_all
from hubbub.journal.sqlite import SqliteJournal
from hubbub.model.access import TokenCreated
from hubbub.model.acts import GroupClosed
from hubbub.model.events import (
    AccountCreated,
    AccountOpened,
    DeviceAdded,
    DeviceRemoved,
    Event,
    OthersLoggedOut,
    PasswordChanged,
    UserJoined,
)
from hubbub.model.invites import InviteCreated

_BATCH = 10_000


class _Snapshot(msgspec.Struct, tag="snapshot", tag_field="kind"):
    """The first line where the oldest events have been removed: what they led to.

    Attributes:
        seq: The event right after which the state was as it is here. It may be later
            than the events that follow.
        state: What `State.dump` wrote.
    """

    seq: int
    state: msgspec.Raw


def export_history(folder: Path, out: BinaryIO, *, with_secrets: bool = False) -> int:
    """Write every event, one JSON object a line; a hub may be running meanwhile.

    Args:
        folder: The data folder.
        out: Where to.
        with_secrets: Whether the hashes of passwords and tokens go along. Without them
            the file can be shown around, and the accounts in it have no password.

    Where events have been removed, a line with a snapshot comes first.

    Returns:
        How many there were.

    Raises:
        StartError: There is no journal, or it can't be read.
    """
    path = find_journal(folder)
    encode = msgspec.json.Encoder().encode
    count = 0
    journal = open_stored(path, read_only=True)
    try:
        with journal.one_moment():
            oldest = journal.read(0, 1)
            snapshot = journal.snapshot()
            if snapshot is not None and (not oldest or oldest[0].seq > 1):
                seq, state = snapshot
                if not with_secrets:
                    state = _state_without_secrets(state)
                out.write(encode(_Snapshot(seq, msgspec.Raw(state))) + b"\n")
            for event in read_all(journal):
                shown = event if with_secrets else without_secrets(event)
                out.write(encode(shown) + b"\n")
                count += 1
    except JournalError as error:
        raise StartError(str(error)) from None
    finally:
        journal.close()
    return count


def import_history(folder: Path, lines: BinaryIO) -> int:
    """Read what `export_history` wrote into an empty journal.

    Returns:
        How many events there were.

    Raises:
        StartError: The journal is not empty, is in use, or a line is wrong.
    """
    with ExitStack() as stack:
        journal = open_stored(open_data(folder, stack))
        stack.callback(journal.close)
        if journal.last_seq:
            raise StartError(
                f"the journal in {folder} holds {journal.last_seq} events already; "
                "import into an empty one, named with --data"
            )
        # All lines are read before the first is written: a bad one changes nothing.
        snapshot, events = _read(lines)
        rest = iter(events)
        try:
            if snapshot is not None:
                journal.begin_after(events[0].seq - 1 if events else snapshot.seq)
            while batch := list(islice(rest, _BATCH)):
                journal.append(batch)
            if snapshot is not None:
                journal.put_snapshot(snapshot.seq, bytes(snapshot.state))
        except JournalError as error:
            raise StartError(str(error)) from None
        return len(events)


def without_secrets(event: Event) -> Event:
    """Leave the hashes out of an event."""
    match event:
        case AccountOpened() | AccountCreated() | PasswordChanged() | GroupClosed():
            return msgspec.structs.replace(event, password_hash="")
        case UserJoined() | DeviceAdded() | DeviceRemoved():
            return msgspec.structs.replace(event, token_hash="")
        case TokenCreated():
            return msgspec.structs.replace(event, token_hash="", last="")
        case InviteCreated():
            return msgspec.structs.replace(event, code_hash="")
        case OthersLoggedOut():
            return msgspec.structs.replace(event, kept="")
        case _:
            return event


def _state_without_secrets(snapshot: bytes) -> bytes:
    try:
        state = State.load(snapshot)
    except ValueError as error:
        raise StartError(f"the journal can't be read: {error}") from None
    state.forget_secrets()
    return state.dump()


def open_stored(path: Path, *, read_only: bool = False) -> SqliteJournal:
    """Open a journal for what is done beside a hub, or without one.

    Raises:
        StartError: It can't be opened.
    """
    try:
        return SqliteJournal(path, read_only=read_only)
    except JournalUnusableError as error:
        raise StartError(str(error)) from None


def _read(lines: BinaryIO) -> tuple[_Snapshot | None, list[Event]]:
    """Read all that was exported, and insist that it fits together."""
    decode = msgspec.json.Decoder(Event | _Snapshot).decode
    snapshot: _Snapshot | None = None
    events: list[Event] = []
    expected: int | None = 1
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            read = decode(line)
            if isinstance(read, _Snapshot) and number == 1:
                snapshot, expected = _check(read), None
                continue
        except ValueError as error:
            raise StartError(f"line {number} is no event: {error}") from None
        if isinstance(read, _Snapshot):
            raise StartError(f"line {number} is a snapshot; only the first can be one")
        if expected is not None and read.seq != expected:
            raise StartError(
                f"line {number} has seq {read.seq} where {expected} should follow"
            )
        expected = read.seq + 1
        events.append(read)
    _check_cover(snapshot, events)
    return snapshot, events


def _check(snapshot: _Snapshot) -> _Snapshot:
    """Insist that a snapshot is one.

    Raises:
        ValueError: It is none.
    """
    state = State.load(bytes(snapshot.state))
    if state.seq != snapshot.seq:
        raise ValueError(f"its state is that of seq {state.seq}")
    return snapshot


def _check_cover(snapshot: _Snapshot | None, events: list[Event]) -> None:
    """Insist that nothing is missing between a snapshot and the events."""
    if snapshot is None or not events:
        return
    first, last = events[0].seq, events[-1].seq
    if not first - 1 <= snapshot.seq <= last:
        raise StartError(
            f"the snapshot of seq {snapshot.seq} does not fit events {first} to {last}"
        )
