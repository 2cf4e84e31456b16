"""A journal in SQLite with something in it, and a way to break it."""

from __future__ import annotations

import sqlite3
from typing import Any

from hubbub.journal.sqlite import SqliteJournal
from hubbub.model.events import Event, LobbyPosted


def said(first: int, last: int) -> list[Event]:
    """Make lobby messages with these seqs."""
    return [
        LobbyPosted(seq, seq, 1, "ann", f"m{seq}") for seq in range(first, last + 1)
    ]


def seqs(journal: SqliteJournal) -> list[int]:
    """List what the journal holds."""
    return [event.seq for event in journal.read(0, 1000)]


class Breaking:
    """A connection on which statements that begin with certain words fail."""

    def __init__(self, db: sqlite3.Connection, *words: str) -> None:
        self._db = db
        self._words = words

    def __getattr__(self, name: str) -> Any:
        return getattr(self._db, name)

    def _check(self, sql: str) -> None:
        if sql.startswith(self._words):
            raise sqlite3.OperationalError("disk I/O error")

    def execute(self, sql: str, *values: Any) -> Any:
        """Execute, or fail."""
        self._check(sql)
        return self._db.execute(sql, *values)

    def executemany(self, sql: str, rows: Any) -> Any:
        """Execute, or fail."""
        self._check(sql)
        return self._db.executemany(sql, rows)


def break_at(journal: SqliteJournal, *words: str) -> sqlite3.Connection:
    """Have statements fail from now on; give the sound connection."""
    sound = journal._db
    journal._db = Breaking(sound, *words)  # type: ignore[assignment]
    return sound
