"""The SQLite file of a journal: made, checked before it is touched, and opened."""

from __future__ import annotations

import os
import secrets
import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

from hubbub.journal.contract import JournalUnusableError
from hubbub.journal.rooms import ROOMS

# One entry a version: from version n to n + 1. Never edit one that was released.
MIGRATIONS = (
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
    """
    CREATE TABLE acts (
        seq    INTEGER PRIMARY KEY,
        report INTEGER NOT NULL,
        body   TEXT NOT NULL  -- a copy of the event's, which outlives it
    );
    CREATE INDEX reports ON acts (seq) WHERE report;
    INSERT INTO acts SELECT seq, 0, body FROM events WHERE room IS NULL AND (
        body LIKE '{"kind":"kicked",%'
        OR body LIKE '{"kind":"role\\_changed",%' ESCAPE '\'
        OR body LIKE '{"kind":"account\\_created",%' ESCAPE '\'
    );
    """,
    ROOMS,
)

# "Hubb" in ASCII: lets file(1) and a careful person tell whose file this is.
_APPLICATION_ID = 0x48756262

# Pages of WAL before it is folded back: larger than SQLite's 1000, since a busy turn
# writes many pages and a checkpoint costs a second wait for the disk.
_AUTOCHECKPOINT_PAGES = 4000

# How long to wait for `hubbub compact` in another process: its steps take milliseconds.
_BUSY_SECONDS = 5.0

# Up to this size the whole file is looked through at a start, in well under a second.
# A larger one is not, or a start would take as long as the history has grown.
CHECKED_BYTES = 128 << 20

_WHAT_TO_DO = (
    "it was left as it is; put a backup in its place, or move it away to begin anew"
)


def create(path: Path) -> None:
    """Make an empty journal, whole or not at all.

    Raises:
        JournalUnusableError: It can't be made.
    """
    # Under another name until it is whole: a file that is there but empty is then
    # never one of ours that was interrupted, but one that was lost.
    new = path.with_name(path.name + ".new")
    try:
        new.unlink(missing_ok=True)
        with closing(sqlite3.connect(new, isolation_level=None)) as db:
            # Has to be said before the first table is made.
            db.execute("PRAGMA auto_vacuum = INCREMENTAL")
            _migrate(db, 0)
        new.rename(path)
    except (sqlite3.Error, OSError) as error:
        with suppress(OSError):
            new.unlink(missing_ok=True)
        raise JournalUnusableError(
            f"the journal {path} can't be made: {error}; make room or give the right "
            "to write, or choose another folder with --data"
        ) from error


def open_to_read(path: Path) -> sqlite3.Connection:
    """Open a journal that is there so that not a byte of it is changed.

    Raises:
        JournalUnusableError: It is no journal, is damaged, or was made by a newer
            version.
    """
    try:
        has_wal = _check_untouched(path)
        db = sqlite3.connect(
            _read_only(path),
            uri=True,
            isolation_level=None,
            check_same_thread=False,
            timeout=_BUSY_SECONDS,
        )
        try:
            if has_wal:
                _check_version(db, path)
                _check_pages(db, path)
        except BaseException:
            db.close()
            raise
    except (sqlite3.Error, OSError) as error:
        raise JournalUnusableError(
            f"the journal {path} can't be opened: {error}; {_WHAT_TO_DO}"
        ) from error
    return db


def open_to_write(path: Path) -> sqlite3.Connection:
    """Open a journal that is there, and bring its schema up to date.

    Raises:
        JournalUnusableError: It is no journal, or was made by a newer version.
        sqlite3.Error: It can't be opened or written to.
    """
    if not os.access(path, os.W_OK):
        # SQLite would open it all the same, and fail at the first message.
        raise JournalUnusableError(
            f"the journal {path} can't be opened: it may not be written; give the "
            "right to, or choose another folder with --data"
        )
    # The node calls from one thread at a time, though not always the same one.
    db = sqlite3.connect(
        f"file:{quote(str(path))}?mode=rw",
        uri=True,
        isolation_level=None,
        check_same_thread=False,
        timeout=_BUSY_SECONDS,
    )
    try:
        version = _check_version(db, path)
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")
        db.execute(f"PRAGMA wal_autocheckpoint = {_AUTOCHECKPOINT_PAGES}")
        # What is removed is written over: retention that leaves the words in the file
        # would be none.
        db.execute("PRAGMA secure_delete = ON")
        _migrate(db, version)
    except BaseException:
        db.close()
        raise
    return db


def read_one(db: sqlite3.Connection, sql: str) -> Any:
    """Read a single value."""
    return db.execute(sql).fetchone()[0]


def _read_only(path: Path) -> str:
    # Without `readonly_shm` even a reader would write the index of the WAL anew.
    shm = path.with_name(path.name + "-shm").exists()
    return f"file:{quote(str(path))}?mode=ro" + ("&readonly_shm=1" if shm else "")


def _check_untouched(path: Path) -> bool:
    """Look at a file that has no WAL without leaving a trace of having looked.

    Returns:
        Whether it has one, and is to be looked at together with it.
    """
    if not path.stat().st_size:
        raise JournalUnusableError(f"the journal {path} is empty; {_WHAT_TO_DO}")
    if path.with_name(path.name + "-wal").exists():
        return True
    # Otherwise even reading would make an empty WAL and its index beside the file.
    uri = f"file:{quote(str(path))}?immutable=1"
    with closing(sqlite3.connect(uri, uri=True)) as db:
        _check_version(db, path)
        _check_pages(db, path)
    return False


def _check_version(db: sqlite3.Connection, path: Path) -> int:
    """Refuse what is not ours."""
    version: int = read_one(db, "PRAGMA user_version")
    application: int = read_one(db, "PRAGMA application_id")
    if application != _APPLICATION_ID:
        raise JournalUnusableError(
            f"{path} is a database, but no journal; {_WHAT_TO_DO}"
        )
    if version > len(MIGRATIONS):
        raise JournalUnusableError(
            f"the journal {path} was made by a newer Hubbub "
            f"(schema {version}, known here: {len(MIGRATIONS)}); update Hubbub"
        )
    return version


def _check_pages(db: sqlite3.Connection, path: Path) -> None:
    if path.stat().st_size > CHECKED_BYTES:
        return
    found: str = read_one(db, "PRAGMA quick_check(1)")
    if found != "ok":
        raise sqlite3.DatabaseError(" ".join(found.split()))


def _migrate(db: sqlite3.Connection, version: int) -> None:
    for number, script in enumerate(MIGRATIONS[version:], start=version + 1):
        # All parts are constants of this file or made here.
        db.executescript(
            f"BEGIN; {script}; PRAGMA user_version = {number};"  # noqa: S608
            f"PRAGMA application_id = {_APPLICATION_ID};"
            f"INSERT OR IGNORE INTO meta VALUES ('id', '{secrets.token_hex(4)}');"
            "COMMIT;"
        )
