"""A journal in SQLite that gets smaller, also while another process uses it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from tests.unit.journal.breaking import break_at, said, seqs

from hubbub.journal import JournalError
from hubbub.journal import sqlite as module
from hubbub.journal.sqlite import SqliteJournal
from hubbub.model.events import LobbyPosted

if TYPE_CHECKING:
    from pathlib import Path


def filled(path: Path, count: int) -> SqliteJournal:
    """Make a journal with many events and a snapshot that stands for them."""
    journal = SqliteJournal(path)
    journal.append(said(1, count), b"all")
    return journal


def compact_all(journal: SqliteJournal, limit: int = 500) -> int:
    """Remove all events, a step at a time; tell how many steps it took."""
    steps = 1
    while journal.compact(10**9, limit).more:
        steps += 1
    return steps


def test_seq_goes_on_after_reopening_what_is_empty(path: Path) -> None:
    """The snapshot remembers how far it was."""
    journal = filled(path, 10)
    compact_all(journal)
    journal.close()
    again = SqliteJournal(path)
    assert (again.last_seq, again.read(0, 10)) == (10, [])
    again.append(said(11, 11))
    again.close()


def test_space_is_given_back(path: Path) -> None:
    """The file gets smaller, in steps of bounded size, without VACUUM."""
    journal = filled(path, 20_000)
    before = journal.size
    assert journal.gives_back
    assert compact_all(journal) > 20
    journal.close()
    assert path.stat().st_size < before / 2
    assert path.stat().st_size <= (module._SPARE_PAGES + module._PAGES_A_STEP) * 4096


def test_a_step_writes_a_bounded_number_of_pages(path: Path) -> None:
    """So that a turn which waits for it does not wait long, however large the file."""
    journal = filled(path, 10_000)
    journal._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    journal.compact(10**9, 200)
    (_, pages, _) = journal._db.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
    journal.close()
    assert 0 < pages < 4 * module._PAGES_A_STEP


def test_what_is_removed_is_written_over(path: Path) -> None:
    """The words are not in the file any more."""
    journal = SqliteJournal(path)
    journal.append([LobbyPosted(1, 1, 1, "ann", "a secret of long ago")], b"one")
    compact_all(journal)
    journal.close()
    assert b"a secret of long ago" not in path.read_bytes()


def test_file_of_old_is_rebuilt(path: Path) -> None:
    """A file that can't give space back can after `rebuild`, with all that is in it."""
    filled(path, 2_000).close()
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA auto_vacuum = NONE")
        db.execute("VACUUM")
    journal = SqliteJournal(path)
    assert not journal.gives_back
    journal.compact(10**9, 1_500)
    before = journal.size
    journal.rebuild()
    assert journal.gives_back
    assert journal.size < before
    assert (journal.last_seq, journal.read(0, 10)[0].seq) == (2000, 1501)
    journal.close()


def test_rebuilding_that_fails_says_so(journal: SqliteJournal) -> None:
    """It is a JournalError, and nothing has changed."""
    sound = break_at(journal, "VACUUM")
    with pytest.raises(JournalError):
        journal.rebuild()
    journal._db = sound
    assert seqs(journal) == [1, 2]


def test_another_process_may_compact(path: Path, journal: SqliteJournal) -> None:
    """The owner goes on appending and reading while somebody else removes."""
    other = SqliteJournal(path)
    for first in range(3, 300, 3):
        journal.append(said(first, first + 2))
        other.put_snapshot(first, b"state")
        other.compact(first, 10)
        assert journal.last_seq == first + 2
        assert seqs(journal)[-1] == first + 2
    assert seqs(journal)[0] > 250
    other.close()


def test_one_moment_is_one_moment(path: Path, journal: SqliteJournal) -> None:
    """What is removed or appended meanwhile does not show."""
    other = SqliteJournal(path)
    with other.one_moment():
        assert seqs(other) == [1, 2]
        journal.append(said(3, 3))
        journal.compact(100, 2)
        assert seqs(other) == [1, 2]
    assert seqs(other) == [3]
    other.close()


def test_one_moment_that_can_not_begin_says_so(journal: SqliteJournal) -> None:
    """It is a JournalError."""
    sound = break_at(journal, "BEGIN")
    with pytest.raises(JournalError), journal.one_moment():
        pass
    journal._db = sound


def test_begin_after_is_for_an_empty_journal(
    tmp_path: Path, journal: SqliteJournal
) -> None:
    """What is imported may begin anywhere; what has begun goes on."""
    with pytest.raises(ValueError, match="has begun"):
        journal.begin_after(9)
    fresh = SqliteJournal(tmp_path / "fresh")
    fresh.begin_after(9)
    fresh.append(said(10, 11))
    assert seqs(fresh) == [10, 11]
    fresh.close()
