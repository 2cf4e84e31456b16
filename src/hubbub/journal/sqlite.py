"""A journal in one SQLite file.

WAL mode at ``synchronous=FULL``: a transaction that has been committed is on disk and
survives the loss of the process and of power
(https://www.sqlite.org/pragma.html#pragma_synchronous). One `append` is one
transaction, and so one wait for the disk however many events it holds.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from hubbub.journal.contract import (
    JournalError,
    JournalUnusableError,
    check_order,
    member_of,
)
from hubbub.model.events import MESSAGES, Event, MessagePosted

# One entry a version: from version n to n + 1. Never edit one that was released.
_MIGRATIONS = (
    """
    CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;
    CREATE TABLE events (
        seq    INTEGER PRIMARY KEY,
        room   TEXT,     -- of a message; else NULL
        member INTEGER,  -- the user whose membership changed; else NULL
        body   TEXT NOT NULL
    );
    CREATE INDEX messages_by_room ON events (room, seq) WHERE room IS NOT NULL;
    CREATE INDEX memberships_by_user ON events (member, seq) WHERE member IS NOT NULL;
    CREATE TABLE snapshot (
        id    INTEGER PRIMARY KEY CHECK (id = 1),
        seq   INTEGER NOT NULL,
        state BLOB NOT NULL
    );
    """,
)

# "Hubb" in ASCII: lets file(1) and a careful person tell whose file this is.
_APPLICATION_ID = 0x48756262

# Pages of WAL before it is folded back: larger than SQLite's 1000, since a busy turn
# writes many pages and a checkpoint costs a second wait for the disk.
_AUTOCHECKPOINT_PAGES = 4000

_SAID = frozenset(MESSAGES)

_INSERT = "INSERT INTO events VALUES (?, ?, ?, ?)"
_READ = "SELECT body FROM events WHERE seq > ? ORDER BY seq LIMIT ?"
_FIND = "SELECT body FROM events WHERE seq = ?"
_MESSAGES = (
    "SELECT body FROM events WHERE room = ? AND seq < ? ORDER BY seq DESC LIMIT ?"
)
_MEMBERSHIPS = "SELECT body FROM events WHERE member = ? AND seq > ? ORDER BY seq"
_PUT_SNAPSHOT = "INSERT OR REPLACE INTO snapshot VALUES (1, ?, ?)"
_PROBE = "INSERT OR REPLACE INTO meta VALUES ('probe', ?)"

_MAX_SEQ = 2**63 - 1


class SqliteJournal:
    """Implements `hubbub.journal.Journal` on one database file."""

    def __init__(self, path: Path) -> None:
        """Open the file, or make it, and bring its schema up to date.

        Args:
            path: The database file. Two more beside it, ending in `-wal` and `-shm`,
                belong to it while it is open.

        Raises:
            JournalUnusableError: The file is no journal, is damaged, was made by a
                newer version, or can't be opened. It is left as it was.
        """
        decoder: msgspec.json.Decoder[Event] = msgspec.json.Decoder(Event)
        messages: msgspec.json.Decoder[MessagePosted]
        messages = msgspec.json.Decoder(MessagePosted)
        self._encode = msgspec.json.Encoder().encode
        self._decode = decoder.decode
        self._decode_message = messages.decode
        self._path = path
        db: sqlite3.Connection | None = None
        try:
            db = self._open()
            self.id: str = _one(db, "SELECT value FROM meta WHERE key = 'id'")
            self.last_seq: int = _one(db, "SELECT max(seq) FROM events") or 0
        except (sqlite3.Error, TypeError) as error:
            if db is not None:
                db.close()
            raise JournalUnusableError(
                f"the journal {path} can't be opened: {error}"
            ) from error
        self._db = db
        self._probes = 0

    def _open(self) -> sqlite3.Connection:
        # The node calls from one thread at a time, though not always the same one.
        db = sqlite3.connect(
            self._path, isolation_level=None, check_same_thread=False, timeout=5.0
        )
        try:
            version = self._check(db)
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = FULL")
            db.execute(f"PRAGMA wal_autocheckpoint = {_AUTOCHECKPOINT_PAGES}")
            self._migrate(db, version)
        except BaseException:
            db.close()
            raise
        return db

    def _check(self, db: sqlite3.Connection) -> int:
        """Refuse, before the first write, what is not ours to write to."""
        version: int = db.execute("PRAGMA user_version").fetchone()[0]
        application: int = db.execute("PRAGMA application_id").fetchone()[0]
        tables: int = db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if tables and application != _APPLICATION_ID:
            raise JournalUnusableError(f"{self._path} is a database, but no journal")
        if version > len(_MIGRATIONS):
            raise JournalUnusableError(
                f"the journal {self._path} was made by a newer Hubbub "
                f"(schema {version}, known here: {len(_MIGRATIONS)}); update Hubbub"
            )
        return version

    @staticmethod
    def _migrate(db: sqlite3.Connection, version: int) -> None:
        for number, script in enumerate(_MIGRATIONS[version:], start=version + 1):
            # All parts are constants of this file or made here.
            db.executescript(
                f"BEGIN; {script}; PRAGMA user_version = {number};"  # noqa: S608
                f"PRAGMA application_id = {_APPLICATION_ID};"
                f"INSERT OR IGNORE INTO meta VALUES ('id', '{secrets.token_hex(4)}');"
                "COMMIT;"
            )

    def append(self, events: Sequence[Event], snapshot: bytes | None = None) -> None:
        """Put events on disk in one transaction."""
        check_order(events, self.last_seq)
        encode = self._encode
        # A message changes no membership, and most events are messages.
        rows = [
            (event.seq, event.room, None, encode(event).decode())
            if type(event) in _SAID
            else (event.seq, None, member_of(event), encode(event).decode())
            for event in events
        ]
        with self._transaction() as db:
            db.executemany(_INSERT, rows)
            if snapshot is not None:
                db.execute(_PUT_SNAPSHOT, (events[-1].seq, snapshot))
        self.last_seq = events[-1].seq

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        # A failure before this one may have left a transaction that could not be ended.
        self._abandon()
        db = self._db
        try:
            db.execute("BEGIN IMMEDIATE")
            yield db
            db.execute("COMMIT")
        except sqlite3.Error as error:
            self._abandon()
            raise JournalError(f"{self._path}: {error}") from error

    def _abandon(self) -> None:
        # After some errors (disk full, I/O) SQLite has rolled back by itself already.
        if self._db.in_transaction:
            try:
                self._db.execute("ROLLBACK")
            except sqlite3.Error:
                self._reopen()

    def _reopen(self) -> None:
        """Leave a connection whose transaction can't be ended, and take a new one.

        If none can be had now, the old one fails at what comes next, and the next
        failure comes here again.
        """
        try:
            db = self._open()
        except (sqlite3.Error, JournalUnusableError):
            return
        self._db.close()
        self._db = db

    def _bodies(self, sql: str, *values: object) -> list[str]:
        try:
            return [row[0] for row in self._db.execute(sql, values)]
        except sqlite3.Error as error:
            raise JournalError(f"{self._path}: {error}") from error

    def read(self, after: int, limit: int) -> list[Event]:
        """Read on from `after`."""
        return [self._decode(body) for body in self._bodies(_READ, after, limit)]

    def find(self, seq: int) -> Event | None:
        """Read one event."""
        bodies = self._bodies(_FIND, seq)
        return self._decode(bodies[0]) if bodies else None

    def messages(
        self, room: str, before: int | None, limit: int
    ) -> list[MessagePosted]:
        """Read the newest messages of a room, oldest first; one look into an index."""
        end = _MAX_SEQ if before is None else min(before, _MAX_SEQ)
        bodies = self._bodies(_MESSAGES, room, end, limit)
        return [self._decode_message(body) for body in reversed(bodies)]

    def memberships(self, user: int, after: int) -> list[Event]:
        """Read a user's own membership events, in order."""
        return [self._decode(body) for body in self._bodies(_MEMBERSHIPS, user, after)]

    def snapshot(self) -> tuple[int, bytes] | None:
        """Give the newest snapshot."""
        try:
            row = self._db.execute("SELECT seq, state FROM snapshot").fetchone()
        except sqlite3.Error as error:
            raise JournalError(f"{self._path}: {error}") from error
        return None if row is None else (row[0], row[1])

    def probe(self) -> None:
        """Write a row that means nothing."""
        self._probes += 1
        with self._transaction() as db:
            db.execute(_PROBE, (self._probes,))

    def close(self) -> None:
        """Fold the WAL back into the file and close it."""
        self._db.close()


def _one(db: sqlite3.Connection, sql: str) -> Any:
    """Read a single value."""
    return db.execute(sql).fetchone()[0]
