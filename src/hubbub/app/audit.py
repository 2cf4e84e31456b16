"""The audit trail out of a journal, as JSON lines."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

import msgspec

from hubbub.app.compose import StartError, find_journal
from hubbub.app.history import open_stored
from hubbub.journal import JournalError
from hubbub.model.events import act_of

_PAGE = 1_000


def export_audit(folder: Path, out: BinaryIO) -> int:
    """Write every administrative act, oldest first; a hub may be running meanwhile.

    Each line is an object with the fields of `hubbub.model.acts.Act`; times are Unix
    milliseconds, and fields that say nothing are left out.

    Returns:
        How many there were.

    Raises:
        StartError: There is no journal, or it can't be read.
    """
    path = find_journal(folder)
    encode = msgspec.json.Encoder().encode
    journal = open_stored(path, read_only=True)
    pages: list[list[bytes]] = []
    try:
        with journal.one_moment():
            before: int | None = None
            # From the newest back, as the journal is asked; written the other way.
            while events := journal.acts(before, _PAGE, reports=False):
                acts = (act_of(event) for event in events)
                pages.append([encode(act) for act in acts if act is not None])
                before = events[0].seq
    except JournalError as error:
        raise StartError(f"{error}; start the hub once, then export") from None
    finally:
        journal.close()
    lines = [line for page in reversed(pages) for line in page]
    out.writelines(line + b"\n" for line in lines)
    return len(lines)
