"""Old messages out of a journal, also while a hub is using it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from hubbub.app.compose import StartError, find_journal, open_data
from hubbub.engines.steps import read_clocks
from hubbub.journal import JournalError, JournalUnusableError
from hubbub.journal.sqlite import SqliteJournal
from hubbub.model.limits import Limits
from hubbub.node.storage import load_state

# Events removed in one transaction: beside a hub few, for its turns have to wait.
_STEP_BESIDE_A_HUB = 1_000
_STEP_ALONE = 20_000

# Older than anything: nothing is removed, and only free space is given back.
_KEEP_ALL = -(2**63)


@dataclass(frozen=True)
class Report:
    """What was done.

    Attributes:
        removed: How many events.
        freed: By how many bytes the file has become smaller.
        gives_back: Whether the file can become smaller at all. One that was made by an
            early Hubbub can only once it was compacted without a hub beside.
    """

    removed: int
    freed: int
    gives_back: bool


def compact(
    folder: Path,
    limits: Limits,
    keep_seconds: int | None,
    pause: Callable[[float], None] = time.sleep,
) -> Report:
    """Remove what is older than is to be kept, and give its space back.

    Args:
        folder: The data folder. A hub may be using it; its turns then wait for no more
            than one small step of this at a time.
        limits: Those of the hub.
        keep_seconds: How long events are kept; None removes none.
        pause: Waits for so many seconds.

    Raises:
        StartError: There is no journal, or it can't be read or written.
    """
    path = find_journal(folder)
    before = _KEEP_ALL
    if keep_seconds is not None:
        before = read_clocks().wall - keep_seconds * 1000
    try:
        with _alone(folder) as alone, closing(SqliteJournal(path)) as journal:
            size = journal.size
            if keep_seconds is not None:
                with journal.one_moment():
                    state = load_state(journal, limits)
                journal.put_snapshot(state.seq, state.dump())
            if alone and not journal.gives_back:
                journal.rebuild()
            step = _STEP_ALONE if alone else _STEP_BESIDE_A_HUB
            removed = _remove(journal, before, step, None if alone else pause)
            report = Report(removed, size - journal.size, journal.gives_back)
    except JournalUnusableError as error:
        raise StartError(str(error)) from None
    except JournalError as error:
        raise StartError(f"the journal can't be compacted: {error}") from None
    return report


@contextmanager
def _alone(folder: Path) -> Iterator[bool]:
    """Hold the folder if no hub does; tell whether it is held."""
    with ExitStack() as stack:
        try:
            open_data(folder, stack)
        except StartError:
            yield False
        else:
            yield True


def _remove(
    journal: SqliteJournal,
    before: int,
    step: int,
    pause: Callable[[float], None] | None,
) -> int:
    removed = 0
    while True:
        began = time.monotonic()
        done = journal.compact(before, step)
        removed += done.removed
        if not done.more:
            return removed
        if pause is not None:
            # Twice as long as the step, so that the hub's turns come first.
            pause(2 * (time.monotonic() - began))
