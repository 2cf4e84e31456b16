"""History out of a journal and into an empty one, as JSON lines."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import BinaryIO

import msgspec

from hubbub.app.compose import JOURNAL_NAME, StartError, open_data
from hubbub.journal import JournalError, JournalUnusableError
from hubbub.journal.contract import read_all
from hubbub.journal.sqlite import SqliteJournal
from hubbub.model.events import Event

_BATCH = 10_000


def export_history(folder: Path, out: BinaryIO) -> int:
    """Write every event, one JSON object a line; a hub may be running meanwhile.

    Returns:
        How many there were.

    Raises:
        StartError: There is no journal, or it can't be read.
    """
    path = folder / JOURNAL_NAME
    if not path.exists():
        raise StartError(
            f"there is no journal in {folder}; name its folder with --data"
        )
    encode = msgspec.json.Encoder().encode
    count = 0
    journal = _open(path)
    try:
        for event in read_all(journal):
            out.write(encode(event) + b"\n")
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
        journal = _open(open_data(folder, stack))
        stack.callback(journal.close)
        if journal.last_seq:
            raise StartError(
                f"the journal in {folder} holds {journal.last_seq} events already; "
                "import into an empty one, named with --data"
            )
        # All lines are read before the first is written: a bad one changes nothing.
        events = list(_events(lines))
        rest = iter(events)
        try:
            while batch := list(islice(rest, _BATCH)):
                journal.append(batch)
        except JournalError as error:
            raise StartError(str(error)) from None
        return len(events)


def _open(path: Path) -> SqliteJournal:
    try:
        return SqliteJournal(path)
    except JournalUnusableError as error:
        raise StartError(str(error)) from None


def _events(lines: BinaryIO) -> Iterator[Event]:
    decode = msgspec.json.Decoder(Event).decode
    expected = 1
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            event = decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise StartError(f"line {number} is no event: {error}") from None
        if event.seq != expected:
            raise StartError(
                f"line {number} has seq {event.seq} where {expected} should follow"
            )
        expected += 1
        yield event
