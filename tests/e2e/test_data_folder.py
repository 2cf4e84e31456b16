"""A data folder that can not be used: a sentence, and nothing in it is touched."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from tests.disk import small_disk
from tests.e2e.hub import LIMIT, ROOT, HubProcess, Person

pytestmark = pytest.mark.e2e

StartHub = Callable[..., HubProcess]
Connect = Callable[[HubProcess], Person]
JOURNAL = "journal.sqlite3"

_CRASH = """
import os, sys
from pathlib import Path
from hubbub.hub import Hub
from hubbub.journal.sqlite import SqliteJournal
from hubbub.model.commands import Join, Post
from hubbub.model.address import LOBBY
from hubbub.model.limits import Limits

hub = Hub(Limits())
journal = SqliteJournal(Path(sys.argv[1]))
for actor, command in [(0, Join("ann")), *[(1, Post(LOBBY, "m" * 99))] * 300]:
    for event, _ in hub.execute(actor, command, 1):
        snapshot = hub.state.dump() if event.seq == 100 else None
        journal.append([event], snapshot)
if sys.argv[2] == "crash":
    os._exit(0)
journal.close()
"""

_CHANGE = """
import os, sqlite3, sys
db = sqlite3.connect(sys.argv[1], isolation_level=None)
db.execute(sys.argv[2])
os._exit(0)
"""

_LEFT = '{"kind":"left","seq":200,"time":1,"user":9,"name":"x","reason":"x"}'


def make_journal(folder: Path, end: str) -> Path:
    """Have a process write a journal and end: in good order, or as in a crash."""
    folder.mkdir(exist_ok=True)
    subprocess.run(
        [sys.executable, "-c", _CRASH, str(folder / JOURNAL), end],
        check=True,
        timeout=LIMIT,
    )
    wal = folder / f"{JOURNAL}-wal"
    assert wal.exists() is (end == "crash")
    return folder / JOURNAL


def contents(folder: Path) -> dict[str, bytes]:
    """Read all that is in a folder but the lock."""
    return {
        file.name: file.read_bytes()
        for file in sorted(folder.iterdir())
        if file.name != "hub.lock"
    }


def refuse(folder: Path, *command: str) -> str:
    """Start a hub there; insist that it refuses in one sentence, and give it."""
    words = command or ("server.py", "127.0.0.1", "0")
    done = subprocess.run(
        [sys.executable, *words, "--data", str(folder)],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=LIMIT,
        check=False,
    )
    assert done.returncode == 1
    assert done.stdout == ""
    (sentence,) = done.stderr.splitlines()
    return sentence


def sql(path: Path, statement: str) -> None:
    """Change a journal behind its back, and fold nothing back into the file."""
    # A process that just ends leaves the WAL as it is.
    subprocess.run(
        [
            sys.executable,
            "-c",
            _CHANGE,
            str(path),
            statement,
        ],
        check=True,
        timeout=LIMIT,
    )


def overwrite(path: Path, start: int, data: bytes) -> None:
    """Write over a part of a file."""
    with path.open("r+b") as file:
        file.seek(start)
        file.write(data)


DAMAGE: dict[str, tuple[Callable[[Path], object], str]] = {
    "the header": (lambda path: overwrite(path, 0, b"\xa5" * 100), "can't be opened"),
    "a page in the middle": (
        lambda path: overwrite(
            path, path.stat().st_size // 8192 * 4096, b"\xa5" * 4096
        ),
        "can't be opened",
    ),
    "the end is missing": (
        lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
        "can't be opened",
    ),
    "no byte is left": (lambda path: path.write_bytes(b""), "is empty"),
    "another file": (lambda path: path.write_bytes(b"dear diary " * 999), "opened"),
}

CHANGES: dict[str, tuple[str, str]] = {
    "a newer version": ("PRAGMA user_version = 99", "newer Hubbub"),
    "another program's": ("PRAGMA application_id = 7", "no journal"),
    "no id": ("DELETE FROM meta", "can't be opened"),
    "a snapshot that is none": ("UPDATE snapshot SET state = '{'", "can't be read"),
    "a newer snapshot": (
        'UPDATE snapshot SET state = \'{"version":99,"seq":1,"users":[],"groups":[]}\'',
        "can't be read",
    ),
    "a body that is no event": (
        "UPDATE events SET body = '{}' WHERE seq = 200",
        "can't be read",
    ),
    "an event of nobody": (
        f"UPDATE events SET body = '{_LEFT}' WHERE seq = 200",
        "can't be read",
    ),
    "events are missing": ("DELETE FROM events WHERE seq = 200", "are missing"),
    "a table is missing": ("DROP TABLE events", "can't be opened"),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_journal_is_refused_untouched(tmp_path: Path, damage: str) -> None:
    """Promise 6: one sentence with what to do, and every byte as it was."""
    path = make_journal(tmp_path, "close")
    harm, words = DAMAGE[damage]
    harm(path)
    before = contents(tmp_path)
    sentence = refuse(tmp_path)
    assert words in sentence
    assert "put a backup in its place, or move it away" in sentence
    assert contents(tmp_path) == before


@pytest.mark.parametrize("change", CHANGES)
def test_a_journal_that_does_not_fit_is_refused_untouched(
    tmp_path: Path, change: str
) -> None:
    """Promise 6: neither the file nor what a crash left in its WAL is touched."""
    path = make_journal(tmp_path, "crash")
    statement, words = CHANGES[change]
    sql(path, statement)
    before = contents(tmp_path)
    assert set(before) == {JOURNAL, f"{JOURNAL}-shm", f"{JOURNAL}-wal"}
    assert words in refuse(tmp_path)
    assert contents(tmp_path) == before


@pytest.mark.parametrize("change", ["a newer version", "another program's"])
def test_a_foreign_file_is_refused_without_a_trace(tmp_path: Path, change: str) -> None:
    """Where there is no WAL, not even an empty one is left behind."""
    path = make_journal(tmp_path, "close")
    with closing(sqlite3.connect(path)) as db:
        db.execute(CHANGES[change][0])
    before = contents(tmp_path)
    assert set(before) == {JOURNAL}
    refuse(tmp_path)
    assert contents(tmp_path) == before


def test_a_lost_file_beside_its_wal_is_refused(tmp_path: Path) -> None:
    """SQLite would throw the WAL away, and all in it that was acknowledged."""
    path = make_journal(tmp_path, "crash")
    path.write_bytes(b"")
    before = contents(tmp_path)
    assert "is empty" in refuse(tmp_path)
    assert contents(tmp_path) == before


def test_a_journal_after_a_crash_is_taken(start_hub: StartHub, tmp_path: Path) -> None:
    """What is refused above is refused for what was changed."""
    make_journal(tmp_path, "crash")
    start_hub("--data", str(tmp_path), "--no-console")


def test_one_of_two_servers_is_refused(
    start_hub: StartHub, connect: Connect, tmp_path: Path
) -> None:
    """Promise 6: the second says so, and the first goes on as if nothing had been."""
    hub = start_hub("--data", str(tmp_path))
    ann = connect(hub)
    ann.send(type="hello", name="ann")
    ann.frames_until(type="welcome")
    for engine in ("loop", "threads"):
        sentence = refuse(tmp_path, "server.py", "127.0.0.1", "0", "--engine", engine)
        assert "another hub is using" in sentence
    ann.send(type="send", to="lobby", text="still here", nonce="1")
    ann.frames_until(type="message", text="still here")


def test_a_folder_that_may_not_be_written_is_refused(tmp_path: Path) -> None:
    """Promise 6: on a filesystem that can only be read, or in place of a file."""
    (tmp_path / "file").write_bytes(b"")
    assert "can't be used" in refuse(tmp_path / "file")
    proc = Path("/proc/self")
    if proc.exists():
        assert "can't be used" in refuse(proc)


def test_a_filesystem_that_can_only_be_read_is_refused(tmp_path: Path) -> None:
    """Promise 6: the folder is there, and so is a sound journal."""
    with small_disk(tmp_path / "small", 4) as disk:
        if disk is None:
            pytest.skip("this process may not mount a filesystem")
        make_journal(disk.folder, "close")
        before = contents(disk.folder)
        disk.forbid_writing()
        assert "can't be used: Read-only file system" in refuse(disk.folder)
        assert contents(disk.folder) == before


def test_a_file_that_may_not_be_written_is_refused(tmp_path: Path) -> None:
    """Promise 6: it is found at the start, and not with the first message."""
    path = make_journal(tmp_path, "close")
    if os.geteuid():
        path.chmod(0o400)
    else:
        # Root may write to everything but what is no file at all.
        path.unlink()
        path.mkdir()
    assert f"the journal {path} can't be opened" in refuse(tmp_path)


def test_compacting_beside_a_hub(
    start_hub: StartHub, connect: Connect, tmp_path: Path
) -> None:
    """`hubbub compact` in one process, people talking in another: nobody notices."""
    hub = start_hub("--data", str(tmp_path), "--no-console", "--rate-limit", "off")
    ann, bob = connect(hub), connect(hub)
    for person, name in ((ann, "ann"), (bob, "bob")):
        person.send(type="hello", name=name)
        person.frames_until(type="welcome")
    for number in range(3000):
        ann.send(type="send", to="lobby", text="x" * 500, nonce=f"old{number}")
    ann.frames_until(nonce="old2999")
    bob.frames_until(type="message", seq=3002)
    sql(tmp_path / JOURNAL, "UPDATE events SET body = json_set(body, '$.time', 1)")
    compacting = subprocess.Popen(
        [
            *(sys.executable, "-m", "hubbub.app", "compact", "--keep", "1d"),
            *("--data", str(tmp_path)),
        ],
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
    )
    number = 0
    while compacting.poll() is None:
        ann.send(type="send", to="lobby", text=f"new{number}", nonce=f"new{number}")
        assert ann.frames_until(nonce=f"new{number}")[-1]["type"] == "message"
        number += 1
    _, said = compacting.communicate(timeout=LIMIT)
    assert compacting.returncode == 0
    assert said.startswith("3002 events removed")
    assert number > 0
    ann.send(type="send", to="lobby", text="the end", nonce="end")
    heard = bob.frames_until(text="the end")
    assert [f["text"] for f in heard] == [f"new{n}" for n in range(number)] + [
        "the end"
    ]
    hub.kill()
    hub = start_hub("--data", str(tmp_path), "--no-console")
    carl = connect(hub)
    carl.send(type="hello", name="carl")
    assert carl.frames_until(type="welcome")[-1]["seq"] > 3002


def test_the_hub_removes_by_itself(
    start_hub: StartHub, connect: Connect, tmp_path: Path
) -> None:
    """`--keep`: a message is there, and after its time it is not."""
    hub = start_hub("--data", str(tmp_path), "--no-console", "--keep", "1s")
    ann = connect(hub)
    ann.send(type="hello", name="ann")
    ann.send(type="send", to="lobby", text="short-lived", nonce="1")
    ann.frames_until(nonce="1")
    while True:
        ann.send(type="history", of="lobby")
        if not ann.frames_until(type="history")[-1]["messages"]:
            break
    ann.send(type="send", to="lobby", text="short-lived", nonce="1")
    assert ann.frames_until(nonce="1")[-1]["seq"] == 2


@pytest.mark.parametrize("umask", ["0000", "0022"])
def test_all_that_a_hub_writes_is_private(
    start_hub: StartHub, connect: Connect, tmp_path: Path, umask: str
) -> None:
    """0700 and 0600, whatever the umask and whatever the folder was before."""
    before = os.umask(int(umask, 8))
    try:
        (tmp_path / "data").mkdir(mode=0o777)
        hub = start_hub("--data", str(tmp_path / "data"), "--tls", "auto")
    finally:
        os.umask(before)
    connect(hub).say("alice", "hello")
    hub.wait_for("hello")
    found = {path.name: path.stat().st_mode & 0o777 for path in hub_files(tmp_path)}
    assert found.pop("data") == 0o700
    assert {JOURNAL, f"{JOURNAL}-wal", "hub.lock"} <= set(found)
    assert set(found.values()) == {0o600}
    assert hub.terminate() == 0


def hub_files(tmp_path: Path) -> list[Path]:
    return [tmp_path / "data", *(tmp_path / "data").rglob("*")]


def test_a_folder_that_is_open_to_others_is_told_of(
    start_hub: StartHub, tmp_path: Path
) -> None:
    """It holds somebody's own things, so it stays as it is."""
    tmp_path.chmod(0o755)
    (tmp_path / "letter").touch()
    hub = start_hub("--data", str(tmp_path))
    hub.wait_for("is open to others on this machine")
    assert tmp_path.stat().st_mode & 0o777 == 0o755
    assert hub.terminate() == 0
