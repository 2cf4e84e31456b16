"""Which messages are in which room: an index on disk, and in memory what is newest.

An index by room has a leaf for each room that is busy. Kept with every append, it makes
a turn in which many write to many write as many pages as there are conversations, each
for one entry. So the newest entries wait in memory and go to disk together, sorted, as
in a log-structured merge tree (O'Neil et al., 1996). Nothing can be lost by that: the
entries are in the events themselves, and how far the index goes is stored with it.
"""

from __future__ import annotations

import sqlite3
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

INDEX_EVERY = 8192
"""Messages that wait in memory at the most: some milliseconds to write, or to read
back at a start."""

ROOMS = """
    CREATE TABLE rooms (
        room TEXT,
        seq  INTEGER,  -- of a message; up to the one in `meta`
        PRIMARY KEY (room, seq)
    ) WITHOUT ROWID;
    INSERT INTO rooms SELECT room, seq FROM events WHERE room IS NOT NULL
        ORDER BY room, seq;
    DROP INDEX messages_by_room;
    INSERT INTO meta SELECT 'indexed', ifnull(max(seq), 0) FROM events;
"""

_UNINDEXED = (
    "SELECT seq, room FROM events WHERE room IS NOT NULL "
    "AND seq > (SELECT value FROM meta WHERE key = 'indexed') ORDER BY seq"
)
# Sorted, so that each page is written once: the one sorting there is.
_INDEX = (
    "INSERT INTO rooms SELECT room, seq FROM events WHERE room IS NOT NULL "
    "AND seq > (SELECT value FROM meta WHERE key = 'indexed') ORDER BY room, seq"
)
_INDEXED = "UPDATE meta SET value = ? WHERE key = 'indexed'"
_FORGET = "DELETE FROM rooms WHERE room = ? AND seq = ?"
_BEFORE = "SELECT seq FROM rooms WHERE room = ? AND seq < ? ORDER BY seq DESC LIMIT ?"
_AFTER = "SELECT seq FROM rooms WHERE room = ? AND seq > ? ORDER BY seq LIMIT ?"


class RoomIndex:
    """Finds the messages of a room by their `seq`.

    It may know of messages that have been removed by another process. All errors of
    SQLite pass through; after an append that failed, `forget` has to be called.
    """

    def __init__(self, every: int = INDEX_EVERY) -> None:
        """Know nothing yet; `every` is how many messages wait in memory."""
        self._every = every
        # What the index on disk does not have, by room, ascending; None: not read yet.
        self._recent: dict[str, list[int]] | None = None
        self._count = 0

    def forget(self) -> None:
        """Read again, when next asked, what is stored: an append has failed."""
        self._recent = None

    def load(self, db: sqlite3.Connection) -> dict[str, list[int]]:
        """Give what waits in memory, reading it if need be."""
        recent = self._recent
        if recent is None:
            rows = db.execute(_UNINDEXED).fetchall()
            recent = self._recent = {}
            self._count = 0
            self._add(recent, rows)
        return recent

    def write(self, db: sqlite3.Connection, last_seq: int) -> bool:
        """Write what waits, if it is much, into an open transaction.

        Args:
            db: Where the transaction is open.
            last_seq: That of the newest event stored; none of it may be newer.

        Returns:
            Whether it was; once the transaction stands, `written` has to be called.
        """
        if self._count < self._every:
            return False
        db.execute(_INDEX)
        db.execute(_INDEXED, (last_seq,))
        return True

    def written(self) -> None:
        """Let nothing wait."""
        self._recent = {}
        self._count = 0

    def add(self, messages: Iterable[tuple[int, str]]) -> None:
        """Take in the `seq` and room of messages that have been stored, ascending."""
        if self._recent is not None:
            self._add(self._recent, messages)

    def _add(
        self, recent: dict[str, list[int]], messages: Iterable[tuple[int, str]]
    ) -> None:
        for seq, room in messages:
            seqs = recent.get(room)
            if seqs is None:
                recent[room] = [seq]
            else:
                seqs.append(seq)
            self._count += 1

    def remove(
        self, db: sqlite3.Connection, messages: Sequence[tuple[str, int]]
    ) -> None:
        """Remove the room and `seq` of messages from the index on disk."""
        db.executemany(_FORGET, messages)

    def newest(
        self, db: sqlite3.Connection, room: str, before: int, limit: int
    ) -> list[int]:
        """Find the newest messages of a room with a smaller `seq`, ascending."""
        recent = self.load(db).get(room, [])
        end = bisect_left(recent, before)
        found = recent[max(0, end - limit) : end]
        missing = limit - len(found)
        if missing <= 0:
            return found
        older = db.execute(_BEFORE, (room, before, missing)).fetchall()
        return [row[0] for row in reversed(older)] + found

    def oldest(
        self, db: sqlite3.Connection, room: str, after: int, limit: int
    ) -> list[int]:
        """Find the oldest messages of a room with a greater `seq`, ascending."""
        rows = db.execute(_AFTER, (room, after, limit)).fetchall()
        found = [row[0] for row in rows]
        recent = self.load(db).get(room, [])
        begin = bisect_right(recent, after)
        return found + recent[begin : begin + max(0, limit - len(found))]
