"""A journal in one SQLite file.

WAL mode at ``synchronous=FULL``: a transaction that has been committed is on disk and
survives the loss of the process and of power
(https://www.sqlite.org/pragma.html#pragma_synchronous). One `append` is one
transaction, and so one wait for the disk however many events it holds.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import msgspec

from hubbub.journal.contract import (
    Compacted,
    JournalError,
    JournalUnusableError,
    check_order,
    is_act,
    member_of,
    without_text,
)
from hubbub.journal.database import create, open_to_read, open_to_write, read_one
from hubbub.journal.rooms import INDEX_EVERY, RoomIndex
from hubbub.model.acts import MessageDeleted, Reported
from hubbub.model.events import MESSAGES, Event, MessagePosted

# Pages left free in the file, to be filled again: giving each back at once would move
# pages about for nothing where as much is appended as is removed.
_SPARE_PAGES = 256

# Pages given back in one step of `compact`.
_PAGES_A_STEP = 128

_SAID = frozenset(MESSAGES)

_INSERT = "INSERT INTO events VALUES (?, ?, ?, ?)"
_INSERT_ACT = "INSERT INTO acts VALUES (?, ?, ?)"
_REPLACE = "UPDATE events SET body = ? WHERE seq = ?"
_ACTS = "SELECT body FROM acts WHERE seq < ? ORDER BY seq DESC LIMIT ?"
_REPORTS = "SELECT body FROM acts WHERE report AND seq < ? ORDER BY seq DESC LIMIT ?"
_ID = "SELECT value FROM meta WHERE key = 'id'"
_READ = "SELECT body FROM events WHERE seq > ? ORDER BY seq LIMIT ?"
_FIND = "SELECT body FROM events WHERE seq = ?"
_FIND_ALL = (
    "SELECT body FROM events WHERE seq IN (SELECT value FROM json_each(?)) ORDER BY seq"
)
_MEMBERSHIPS = "SELECT body FROM events WHERE member = ? AND seq > ? ORDER BY seq"
_NEWEST_EVENT = "SELECT max(seq) FROM events"
_OLDEST_EVENT = "SELECT min(seq) FROM events"
_OLDEST = "SELECT seq, room, body FROM events WHERE seq <= ? ORDER BY seq LIMIT ?"
_REMOVE = "DELETE FROM events WHERE seq <= ?"
_SNAPSHOT = "SELECT seq, state FROM snapshot WHERE id = 1"
_PUT_SNAPSHOT = (
    "INSERT INTO snapshot VALUES (1, ?, ?) ON CONFLICT (id) DO UPDATE "
    "SET seq = excluded.seq, state = excluded.state WHERE excluded.seq > seq"
)
_PROBE = "INSERT OR REPLACE INTO meta VALUES ('probe', ?)"

_MAX_SEQ = 2**63 - 1


class _Timed(msgspec.Struct):
    time: int


_decode_time = msgspec.json.Decoder(_Timed).decode


class SqliteJournal:
    """Implements `hubbub.journal.Journal` on one database file."""

    def __init__(
        self, path: Path, *, read_only: bool = False, index_every: int = INDEX_EVERY
    ) -> None:
        """Open the file, or make it, and bring its schema up to date.

        Args:
            path: The database file. Two more beside it, ending in `-wal` and `-shm`,
                belong to it while it is open.
            read_only: Whether to leave every byte as it is. The file has to be there.
            index_every: Messages that the index by room may be behind by.

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
        if not read_only and not path.exists():
            create(path)
        db = open_to_read(path)
        try:
            if not read_only:
                # A connection that may not write the WAL's index stands in the way.
                db.close()
                db = open_to_write(path)
            self.id: str = read_one(db, _ID)
            self._db = db
            self._lost = False
            self._rooms = RoomIndex(index_every)
            self.last_seq = self._newest()
        except (sqlite3.Error, JournalError, TypeError) as error:
            db.close()
            if isinstance(error, JournalUnusableError):
                raise
            raise JournalUnusableError(
                f"the journal {path} can't be opened: {error}"
            ) from error
        self._probes = 0

    def _newest(self) -> int:
        # The newest event may have been removed; then a snapshot stands for it.
        snapshot = self.snapshot()
        newest: int = self._rows(_NEWEST_EVENT)[0][0] or 0
        return newest if snapshot is None else max(newest, snapshot[0])

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
        rooms = self._rooms
        try:
            with self._transaction() as db:
                rooms.load(db)
                indexed = rooms.write(db, self.last_seq)
                db.executemany(_INSERT, rows)
                for event in events:
                    if type(event) not in _SAID and is_act(event):
                        self._append_act(db, event)
                if snapshot is not None:
                    db.execute(_PUT_SNAPSHOT, (events[-1].seq, snapshot))
        except JournalError:
            # What failed may have been the word that it had been done.
            rooms.forget()
            with suppress(JournalError):
                self.last_seq = self._newest()
            raise
        self.last_seq = events[-1].seq
        if indexed:
            rooms.written()
        rooms.add((seq, room) for seq, room, _, _ in rows if room)

    def _append_act(self, db: sqlite3.Connection, event: Event) -> None:
        body = self._encode(event).decode()
        db.execute(_INSERT_ACT, (event.seq, isinstance(event, Reported), body))
        if not isinstance(event, MessageDeleted):
            return
        found = db.execute(_FIND, (event.message,)).fetchone()
        message = None if found is None else self._decode(found[0])
        if isinstance(message, MESSAGES):
            body = self._encode(without_text(message, event.by)).decode()
            db.execute(_REPLACE, (body, event.message))

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        # A failure before this one may have left a transaction that could not be ended.
        self._abandon()
        db = self._db
        try:
            db.execute("BEGIN IMMEDIATE")
            yield db
            db.execute("COMMIT")
        except (sqlite3.Error, ValueError) as error:
            self._abandon()
            raise JournalError(f"{self._path}: {error}") from error

    def _abandon(self) -> None:
        # After some errors (disk full, I/O) SQLite has rolled back by itself already.
        try:
            if self._lost or self._db.in_transaction:
                self._db.execute("ROLLBACK")
        except sqlite3.Error:
            self._reopen()

    def _reopen(self) -> None:
        """Leave a connection whose transaction can't be ended, and take a new one.

        The old one is closed whether a new one can be had or not: on it, what was never
        committed could be read. Until there is a new one, all fails that is asked for.
        """
        self._lost = True
        self._db.close()
        with suppress(sqlite3.Error, JournalUnusableError):
            self._db = open_to_write(self._path)
            self._lost = False

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        if self._lost:
            self._reopen()
        try:
            yield self._db
        except sqlite3.Error as error:
            raise JournalError(f"{self._path}: {error}") from error

    def _rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        with self._reading() as db:
            return db.execute(sql, values).fetchall()

    def _bodies(self, sql: str, *values: object) -> list[str]:
        return [row[0] for row in self._rows(sql, *values)]

    def _events(self, sql: str, *values: object) -> list[Event]:
        decode = self._decode
        try:
            return [decode(body) for body in self._bodies(sql, *values)]
        except ValueError as error:
            raise self._no_event(error) from error

    def _no_event(self, error: ValueError) -> JournalError:
        return JournalError(f"{self._path} holds what is no event: {error}")

    def read(self, after: int, limit: int) -> list[Event]:
        """Read on from `after`."""
        return self._events(_READ, after, limit)

    def find(self, seq: int) -> Event | None:
        """Read one event."""
        found = self._events(_FIND, seq)
        return found[0] if found else None

    def messages(
        self, room: str, before: int | None, limit: int
    ) -> list[MessagePosted]:
        """Read the newest messages of a room, oldest first; one look into an index."""
        end = _MAX_SEQ if before is None else min(before, _MAX_SEQ)
        with self._reading() as db:
            seqs = self._rooms.newest(db, room, end, limit)
        return self._said(seqs)

    def messages_after(self, room: str, after: int, limit: int) -> list[MessagePosted]:
        """Read the oldest messages of a room over `after`; one look into an index."""
        # Another process may have removed what the index still has in memory.
        kept: int = self._rows(_OLDEST_EVENT)[0][0] or 0
        after = min(max(after, kept - 1), _MAX_SEQ)
        with self._reading() as db:
            seqs = self._rooms.oldest(db, room, after, limit)
        return self._said(seqs)

    def _said(self, seqs: list[int]) -> list[MessagePosted]:
        bodies = self._bodies(_FIND_ALL, self._encode(seqs).decode())
        try:
            return [self._decode_message(body) for body in bodies]
        except ValueError as error:
            raise self._no_event(error) from error

    def memberships(self, user: int, after: int) -> list[Event]:
        """Read a user's own membership events, in order."""
        return self._events(_MEMBERSHIPS, user, after)

    def acts(self, before: int | None, limit: int, *, reports: bool) -> list[Event]:
        """Read the newest acts, oldest first."""
        end = _MAX_SEQ if before is None else min(before, _MAX_SEQ)
        return self._events(_REPORTS if reports else _ACTS, end, limit)[::-1]

    def snapshot(self) -> tuple[int, bytes] | None:
        """Give the newest snapshot."""
        rows = self._rows(_SNAPSHOT)
        return (rows[0][0], rows[0][1]) if rows else None

    def put_snapshot(self, seq: int, state: bytes) -> None:
        """Keep a state, unless a newer one is kept already."""
        with self._transaction() as db:
            db.execute(_PUT_SNAPSHOT, (seq, state))

    def compact(self, before: int, limit: int) -> Compacted:
        """Remove old events and give free pages back, a bounded number of both."""
        with self._transaction() as db:
            covered = db.execute(_SNAPSHOT).fetchone()
            removed = end = 0
            said: list[tuple[str, int]] = []
            if covered is not None:
                oldest = db.execute(_OLDEST, (covered[0], limit)).fetchall()
                for seq, room, body in oldest:
                    if _decode_time(body).time >= before:
                        break
                    removed, end = removed + 1, seq
                    if room is not None:
                        said.append((room, seq))
            if removed:
                self._rooms.remove(db, said)
                db.execute(_REMOVE, (end,))
        more = self._give_back()
        return Compacted(removed, more=more or removed == limit)

    def _give_back(self) -> bool:
        """Make the file smaller by some of its free pages; tell whether there are more.

        Raises:
            JournalError: It could not be done.
        """
        try:
            pages = read_one(self._db, "PRAGMA freelist_count") - _SPARE_PAGES
            if pages <= 0 or not self.gives_back:
                return False
            # It moves one page a step, and only a script is stepped to its end.
            self._db.executescript(f"PRAGMA incremental_vacuum({_PAGES_A_STEP})")
        except sqlite3.Error as error:
            raise JournalError(f"{self._path}: {error}") from error
        return bool(pages > _PAGES_A_STEP)

    @property
    def gives_back(self) -> bool:
        """Whether `compact` can make the file smaller. Files of old can't be."""
        incremental = 2  # https://www.sqlite.org/pragma.html#pragma_auto_vacuum
        return bool(read_one(self._db, "PRAGMA auto_vacuum") == incremental)

    @property
    def size(self) -> int:
        """The size of the file, in bytes, once the WAL has been folded back."""
        pages: int = read_one(self._db, "PRAGMA page_count")
        bytes_each: int = read_one(self._db, "PRAGMA page_size")
        return pages * bytes_each

    def rebuild(self) -> None:
        """Write the whole file anew so that it gives space back from now on.

        Takes as long as copying the file, needs as much space again, and has nobody
        else write meanwhile.

        Raises:
            JournalError: It could not be done, and is as it was.
        """
        try:
            self._db.execute("PRAGMA auto_vacuum = INCREMENTAL")
            self._db.execute("VACUUM")
        except sqlite3.Error as error:
            raise JournalError(f"{self._path}: {error}") from error

    @contextmanager
    def one_moment(self) -> Iterator[None]:
        """Have all reads within see the journal as it is at the first of them.

        Raises:
            JournalError: The journal can't be read.
        """
        try:
            self._db.execute("BEGIN")
        except sqlite3.Error as error:
            raise JournalError(f"{self._path}: {error}") from error
        try:
            yield
        finally:
            self._abandon()

    def begin_after(self, seq: int) -> None:
        """Have the first event of an empty journal follow `seq`.

        It has to be followed by a snapshot, which says what came before.
        """
        if self.last_seq:
            raise ValueError("the journal has begun already")
        self.last_seq = seq

    def probe(self) -> None:
        """Write a row that means nothing."""
        self._probes += 1
        with self._transaction() as db:
            db.execute(_PROBE, (self._probes,))
            self.last_seq = self._newest()

    def close(self) -> None:
        """Fold the WAL back into the file and close it."""
        self._db.close()
