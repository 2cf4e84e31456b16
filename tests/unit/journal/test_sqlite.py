"""What is special about the journal in SQLite: the file, the disk and its failures."""

from __future__ import annotations

import inspect
import os
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
from tests.unit.journal.breaking import break_at, said, seqs

from hubbub.journal import JournalError, JournalUnusableError, rooms
from hubbub.journal import sqlite as module
from hubbub.journal.database import MIGRATIONS
from hubbub.journal.sqlite import SqliteJournal

if TYPE_CHECKING:
    from pathlib import Path


def test_reopening_keeps_all(path: Path) -> None:
    """Events, id, seq and snapshot outlive the process that wrote them."""
    first = SqliteJournal(path)
    first.append(said(1, 3), b"state")
    first.close()
    second = SqliteJournal(path)
    assert (second.id, second.last_seq) == (first.id, 3)
    assert second.read(0, 10) == said(1, 3)
    assert second.snapshot() == (3, b"state")
    second.append(said(4, 4))
    second.close()


def test_waits_for_the_disk(journal: SqliteJournal) -> None:
    """WAL at synchronous=FULL (2): a commit survives the loss of power."""
    assert journal._db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert journal._db.execute("PRAGMA synchronous").fetchone() == (2,)


def test_stands_on_disk_when_append_returns(path: Path, journal: SqliteJournal) -> None:
    """Another connection sees the events as soon as `append` has returned."""
    journal.append(said(3, 5))
    with closing(sqlite3.connect(path)) as other:
        assert other.execute("SELECT count(*) FROM events").fetchone() == (5,)


STATEMENTS = {
    name: sql
    for source in (module, rooms)
    for name, sql in vars(source).items()
    if isinstance(sql, str) and sql.startswith(("SELECT", "DELETE"))
}


@pytest.mark.parametrize("name", STATEMENTS)
def test_no_statement_goes_through_the_whole_journal(
    journal: SqliteJournal, name: str
) -> None:
    """Each is one look into an index or the tree of seqs, with nothing sorted."""
    sql = STATEMENTS[name]
    values = ["[1]", 1, 1][: sql.count("?")]
    plan = journal._db.execute(f"EXPLAIN QUERY PLAN {sql}", values).fetchall()
    # What was given is gone through; it is as long as one page of messages.
    text = " ".join(row[3] for row in plan).replace("SCAN json_each", "")
    assert "SEARCH" in text
    assert "TEMP B-TREE" not in text
    assert "SCAN" not in text


def test_every_reading_statement_was_looked_at() -> None:
    """So that none is written in a place where the test above does not see it."""
    assert set(STATEMENTS) == {
        *("_READ", "_FIND", "_FIND_ALL", "_MEMBERSHIPS", "_NEWEST_EVENT"),
        "_OLDEST_EVENT",
        *("_OLDEST", "_REMOVE", "_SNAPSHOT", "_ID", "_ACTS", "_REPORTS"),
        *("_BEFORE", "_AFTER", "_UNINDEXED", "_FORGET"),
    }
    written = inspect.getsource(module) + inspect.getsource(rooms)
    # Within others: that of what was given, of how far the index goes, and the two
    # that write the index, which are for what has come since it was last written.
    inner = {"(SELECT value": 3, "INTO rooms SELECT": 2, "INTO meta SELECT": 1}
    for words, count in inner.items():
        assert written.count(words) == count
    assert written.count("SELECT") + written.count("DELETE") == len(STATEMENTS) + 6


def test_an_append_that_failed_after_all_was_stored_is_known(
    journal: SqliteJournal,
) -> None:
    """When only the word of success was lost, `last_seq` follows what is on disk."""
    sound = break_at(journal)
    broken = journal._db
    execute = broken.execute

    def fail_after(sql: str, *values: Any) -> Any:
        result = execute(sql, *values)
        if sql == "COMMIT":
            raise sqlite3.OperationalError("disk I/O error")
        return result

    broken.execute = fail_after  # type: ignore[method-assign]
    with pytest.raises(JournalError):
        journal.append(said(3, 4))
    journal._db = sound
    assert (journal.last_seq, seqs(journal)) == (4, [1, 2, 3, 4])
    journal.append(said(5, 5))


def test_newer_schema_is_refused_untouched(path: Path) -> None:
    """A journal of a newer Hubbub is refused, and left byte for byte as it was."""
    SqliteJournal(path).close()
    with closing(sqlite3.connect(path)) as db:
        db.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    before = path.read_bytes()
    with pytest.raises(JournalUnusableError, match="newer Hubbub"):
        SqliteJournal(path)
    assert path.read_bytes() == before


def test_foreign_database_is_refused_untouched(path: Path) -> None:
    """Somebody else's database is refused and left as it was."""
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE recipes (name)")
        db.commit()
    before = path.read_bytes()
    with pytest.raises(JournalUnusableError, match="no journal"):
        SqliteJournal(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("size", [1, 5000])
def test_file_that_is_no_database_is_refused_untouched(path: Path, size: int) -> None:
    """Any other file is refused and left as it was."""
    path.write_bytes(b"dear diary " * size)
    before = path.read_bytes()
    with pytest.raises(JournalUnusableError, match="can't be opened"):
        SqliteJournal(path)
    assert path.read_bytes() == before


def test_file_that_may_not_be_written_is_refused(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At once; SQLite opens it to be read, and fails only when it is to be written."""
    SqliteJournal(path).close()
    path.chmod(0o400)
    if not os.geteuid():
        # To root every file is writable.
        monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(JournalUnusableError, match="may not be written"):
        SqliteJournal(path)


def test_folder_in_its_place_is_refused(tmp_path: Path) -> None:
    """What can't be opened at all is refused with a sentence."""
    with pytest.raises(JournalUnusableError, match="can't be opened"):
        SqliteJournal(tmp_path)


def test_damaged_journal_is_refused_untouched(path: Path) -> None:
    """A journal whose pages are damaged is refused and left as it was."""
    journal = SqliteJournal(path)
    journal.append(said(1, 500))
    journal.close()
    data = bytearray(path.read_bytes())
    data[4096:] = b"\xa5" * (len(data) - 4096)
    path.write_bytes(data)
    with pytest.raises(JournalUnusableError):
        SqliteJournal(path)
    assert path.read_bytes() == data


@pytest.mark.parametrize(
    "words", ["BEGIN", "INSERT INTO events", "INSERT INTO snapshot", "COMMIT"]
)
def test_failed_append_leaves_nothing(journal: SqliteJournal, words: str) -> None:
    """Whichever statement fails, nothing is stored; then it works again."""
    sound = break_at(journal, words)
    with pytest.raises(JournalError):
        journal.append(said(3, 4), b"four")
    assert journal.last_seq == 2
    assert seqs(journal) == [1, 2]
    journal._db = sound
    assert journal.snapshot() == (2, b"two")
    journal.probe()
    journal.append(said(3, 4), b"four")
    assert seqs(journal) == [1, 2, 3, 4]
    assert journal.snapshot() == (4, b"four")


def test_failed_rollback_takes_a_new_connection(journal: SqliteJournal) -> None:
    """When even ROLLBACK fails the connection is given up, and a new one works."""
    broken = break_at(journal, "COMMIT", "ROLLBACK")
    with pytest.raises(JournalError):
        journal.append(said(3, 4))
    assert journal._db is not broken
    assert seqs(journal) == [1, 2]
    journal.append(said(3, 3))
    assert seqs(journal) == [1, 2, 3]


def test_failed_reopening_is_survived(
    journal: SqliteJournal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When no new connection can be had either, a later probe gets one."""

    def refuse(*_: object, **__: object) -> sqlite3.Connection:
        raise sqlite3.OperationalError("unable to open database file")

    break_at(journal, "COMMIT", "ROLLBACK")
    with monkeypatch.context() as patch:
        patch.setattr(sqlite3, "connect", refuse)
        with pytest.raises(JournalError):
            journal.append(said(3, 4))
        with pytest.raises(JournalError):
            journal.probe()
    journal.probe()
    journal.append(said(3, 3))
    assert seqs(journal) == [1, 2, 3]


def test_full_disk(journal: SqliteJournal) -> None:
    """A disk that is full (as SQLite sees it) refuses, loses nothing, and recovers."""
    pages = journal._db.execute("PRAGMA page_count").fetchone()[0]
    journal._db.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(JournalError, match="full"):
        journal.append(said(3, 5000), b"x" * 100_000)
    assert seqs(journal) == [1, 2]
    journal._db.execute("PRAGMA max_page_count = 1000000")
    journal.append(said(3, 5000))
    assert journal.last_seq == 5000


def test_failed_probe_and_reads_say_so(journal: SqliteJournal) -> None:
    """Whatever can't be written or read is a JournalError, and not SQLite's own."""
    sound = break_at(journal, "BEGIN", "SELECT body")
    with pytest.raises(JournalError):
        journal.probe()
    with pytest.raises(JournalError):
        journal.read(0, 1)
    with pytest.raises(JournalError):
        journal.find(1)
    with pytest.raises(JournalError):
        journal.messages("lobby", None, 1)
    with pytest.raises(JournalError):
        journal.memberships(1, 0)
    journal._db = sound
    journal.probe()


def test_failed_snapshot_read_says_so(journal: SqliteJournal) -> None:
    """A snapshot that can't be read is a JournalError like every other read."""
    sound = break_at(journal, "SELECT seq, state")
    try:
        with pytest.raises(JournalError):
            journal.snapshot()
    finally:
        journal._db = sound


def test_damaged_body_is_read_as_an_error(journal: SqliteJournal) -> None:
    """A row is never read as another event than the one that was stored."""
    journal._db.execute("UPDATE events SET body = '{}' WHERE seq = 2")
    with pytest.raises((JournalError, ValueError)):
        journal.read(0, 10)
