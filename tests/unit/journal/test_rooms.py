"""The index by room: behind by a few messages, and never wrong."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.journal.breaking import break_at

from hubbub.journal import JournalError
from hubbub.journal.database import MIGRATIONS
from hubbub.journal.memory import MemoryJournal
from hubbub.journal.sqlite import SqliteJournal
from hubbub.model.event import group_room
from hubbub.model.events import Event, GroupPosted

if TYPE_CHECKING:
    from pathlib import Path

ROOMS = [group_room(group) for group in range(3)]


def said(first: int, groups: list[int]) -> list[Event]:
    """Make messages to these groups, one after the other."""
    return [
        GroupPosted(seq, seq, 1, "ann", group, f"g{group}", f"m{seq}")
        for seq, group in enumerate(groups, start=first)
    ]


def seqs(journal: SqliteJournal, room: str) -> list[int]:
    """List the messages of a room."""
    return [message.seq for message in journal.messages(room, None, 1000)]


def indexed(path: Path) -> int:
    """Count what the index on disk has."""
    with closing(sqlite3.connect(path)) as db:
        (count,) = db.execute("SELECT count(*) FROM rooms").fetchone()
    return int(count)


def test_goes_to_disk_when_it_is_much(path: Path) -> None:
    """The first append after so many messages takes all of them along."""
    journal = SqliteJournal(path, index_every=4)
    journal.append(said(1, [0, 1, 0]))
    assert indexed(path) == 0
    journal.append(said(4, [1]))
    assert indexed(path) == 0
    journal.append(said(5, [0]))
    assert indexed(path) == 4
    assert (seqs(journal, ROOMS[0]), seqs(journal, ROOMS[1])) == ([1, 3, 5], [2, 4])
    journal.close()


def test_what_waits_is_found_after_a_restart(path: Path) -> None:
    """It is in the events, and how far the index goes is stored with it."""
    first = SqliteJournal(path, index_every=4)
    for number in range(1, 8):
        first.append(said(number, [number % 2]))
    first._db.close()
    second = SqliteJournal(path, index_every=4)
    assert seqs(second, ROOMS[1]) == [1, 3, 5, 7]
    second.append(said(8, [1]))
    assert seqs(second, ROOMS[1]) == [1, 3, 5, 7, 8]
    second.close()


@pytest.mark.parametrize("words", ["INSERT INTO rooms", "UPDATE meta", "COMMIT"])
def test_a_failure_leaves_it_right(path: Path, words: str) -> None:
    """Whichever statement fails, all is found, and the next append writes it."""
    journal = SqliteJournal(path, index_every=2)
    journal.append(said(1, [0, 1]))
    sound = break_at(journal, words)
    with pytest.raises(JournalError):
        journal.append(said(3, [0]))
    journal._db = sound
    assert (seqs(journal, ROOMS[0]), indexed(path)) == ([1], 0)
    journal.append(said(3, [0]))
    assert (seqs(journal, ROOMS[0]), indexed(path)) == ([1, 3], 2)
    journal.close()


def test_a_read_that_fails_is_none(path: Path) -> None:
    """What waits is found by the next one that works."""
    SqliteJournal(path).close()
    first = SqliteJournal(path)
    first.append(said(1, [0, 1]))
    first.close()
    journal = SqliteJournal(path)
    sound = break_at(journal, "SELECT seq, room")
    with pytest.raises(JournalError):
        journal.messages(ROOMS[0], None, 10)
    journal._db = sound
    assert seqs(journal, ROOMS[0]) == [1]
    journal.close()


def test_file_of_old_is_brought_up_to_date(path: Path) -> None:
    """What was said before there was such an index is in it."""
    with closing(sqlite3.connect(path)) as db:
        for script in MIGRATIONS[:2]:
            db.executescript(script)
        db.execute("INSERT INTO meta VALUES ('id', 'old')")
        db.execute("PRAGMA user_version = 2")
        db.execute("PRAGMA application_id = 1215652450")
        db.executemany(
            "INSERT INTO events VALUES (?, ?, NULL, ?)",
            [
                (event.seq, event.room, msgspec.json.encode(event).decode())
                for event in said(1, [0, 1, 0])
            ],
        )
        db.commit()
    journal = SqliteJournal(path)
    assert (seqs(journal, ROOMS[0]), seqs(journal, ROOMS[1])) == ([1, 3], [2])
    assert indexed(path) == 3
    journal.append(said(4, [0]))
    assert seqs(journal, ROOMS[0]) == [1, 3, 4]
    journal.close()


@given(
    turns=st.lists(
        st.one_of(
            st.lists(st.integers(0, 2), min_size=1, max_size=5),
            st.sampled_from(("reopen", "compact", "compacted by another", "forget")),
        ),
        max_size=25,
    ),
    every=st.integers(1, 6),
    page=st.integers(1, 9),
)
@settings(max_examples=60)
def test_is_what_memory_says(
    tmp_path_factory: pytest.TempPathFactory,
    turns: list[list[int] | str],
    every: int,
    page: int,
) -> None:
    """Whatever is appended, removed and reopened, pages are those of a plain list."""
    path = tmp_path_factory.mktemp("journal") / "journal.sqlite3"
    journal, model = SqliteJournal(path, index_every=every), MemoryJournal()
    other = SqliteJournal(path, index_every=every)
    for turn in turns:
        last = model.last_seq
        if isinstance(turn, list):
            for one in (journal, model):
                one.append(said(last + 1, turn), b"state")
        elif turn == "reopen":
            journal._db.close()
            journal = SqliteJournal(path, index_every=every)
        elif turn == "forget":
            journal._rooms.forget()
        else:
            owner = journal if turn == "compact" else other
            for one in (owner, model):
                one.compact(last, 3)
        for room in ROOMS:
            for seq in (None, 0, last // 2, last + 1):
                mine, theirs = (
                    (one.messages(room, seq, page), one.messages_after(room, 0, page))
                    for one in (journal, model)
                )
                assert mine == theirs
            after = last // 2
            found = journal.messages_after(room, after, page)
            assert found == model.messages_after(room, after, page)
    journal.close()
    other.close()
