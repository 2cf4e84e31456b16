"""A hub on a full disk: nothing is lost, and what is not stored is not shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.disk import Disk, LimitedFiles, SmallDisk, small_disk
from tests.e2e.hub import HubProcess, Person

from hubbub.journal import JournalError
from hubbub.journal.sqlite import SqliteJournal
from hubbub.model.events import Event, LobbyPosted

pytestmark = pytest.mark.e2e

StartHub = Callable[..., HubProcess]
Connect = Callable[[HubProcess], Person]


@pytest.fixture(params=["small disk", "limited files"])
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Disk]:
    """A full filesystem, and where none may be mounted, and besides, full files."""
    with small_disk(tmp_path / "small", 4) as small:
        if request.param == "small disk" and small is not None:
            yield small
        else:
            (tmp_path / "limited").mkdir()
            yield LimitedFiles(tmp_path / "limited")


def come_in(person: Person, name: str) -> None:
    """Say hello."""
    person.send(type="hello", name=name)
    person.frames_until(type="welcome")


def ask(person: Person, **frame: Any) -> list[dict[str, Any]]:
    """Send a frame, and give all that has come by the time it was dealt with."""
    person.send(**frame)
    person.send(type="ping", id="done")
    return person.frames_until(type="pong")


def say(person: Person, text: str) -> str | None:
    """Say something; give the code with which it was refused, if it was."""
    frames = ask(person, type="send", to="lobby", text=text, nonce=text[-8:])
    answers = [
        frame.get("code")
        for frame in frames
        if frame["type"] in {"error", "message"}
        and text[-8:] in {frame.get("nonce"), frame.get("re")}
    ]
    (answer,) = answers
    return answer


def say_again(person: Person, text: str) -> None:
    """Say something until it is taken: the hub's pace is that of its rate limit."""
    while say(person, text) is not None:
        pass


def texts(frames: list[dict[str, Any]]) -> list[str]:
    """List the texts of messages."""
    return [frame["text"] for frame in frames if frame["type"] == "message"]


def history(person: Person) -> list[str]:
    """Read the lobby's newest messages."""
    (page,) = [
        frame
        for frame in ask(person, type="history", of="lobby")
        if frame["type"] == "history"
    ]
    return [message["text"] for message in page["messages"]]


def test_a_full_disk_is_survived(
    start_hub: StartHub, connect: Connect, disk: Disk
) -> None:
    """Refused while it is full, read meanwhile, and taken again without a restart."""
    hub = start_hub("--data", str(disk.folder), "--no-console")
    pid = hub.process.pid
    alice, bob = connect(hub), connect(hub)
    come_in(alice, "alice")
    come_in(bob, "bob")
    stored = [f"early {number}" for number in range(5)]
    for text in stored:
        assert say(alice, text) is None
    disk.fill(pid)
    number = 0
    # What is left of the last page of the file may take a message or two.
    while (code := say(alice, f"full {number:03} {'x' * 2000}{number:08}")) is None:
        stored.append(f"full {number:03} {'x' * 2000}{number:08}")
        number += 1
    assert code == "storage_unavailable"
    assert number < 10

    # Nobody was shown it, reading goes on, and nobody gets in halfway.
    assert texts(ask(bob, type="users")) == stored
    assert history(bob) == stored
    carl = connect(hub)
    carl.send(type="hello", name="carl")
    assert carl.frames_until(type="error")[-1]["code"] == "storage_unavailable"
    assert say(bob, "refused too") == "storage_unavailable"

    disk.make_room(pid)
    say_again(alice, "room again")
    stored.append("room again")
    come_in(carl, "carl")
    assert texts(ask(bob, type="users")) == ["room again"]
    hub.kill()

    hub = start_hub("--data", str(disk.folder), "--no-console")
    dora = connect(hub)
    come_in(dora, "dora")
    assert history(dora) == stored


def said(seq: int) -> list[Event]:
    """Make one message."""
    return [LobbyPosted(seq, seq, 1, "ann", f"m{seq}" * 50)]


def append_until_full(journal: SqliteJournal, count: int) -> int:
    """Append one at a time; give how many were taken before one was refused."""
    for taken in range(count):
        try:
            journal.append(said(journal.last_seq + 1))
        except JournalError:
            return taken
    return count


@pytest.mark.parametrize("what", ["checkpoint", "index of the WAL"])
def test_a_disk_that_fills_at_any_page(tmp_path: Path, what: str) -> None:
    """In a checkpoint, or as the index of the WAL grows: what was appended stands."""
    with small_disk(tmp_path / "small", 24) as disk:
        if disk is None:
            pytest.skip("this process may not mount a filesystem")
        for free in (0, 3, 6, 8, 9, 10, 13, 20):
            _fill_at(disk, what, free)


def _fill_at(disk: SmallDisk, what: str, free: int) -> None:
    path = disk.folder / f"{free}.sqlite3"
    journal = SqliteJournal(path)
    if what == "checkpoint":
        journal._db.execute("PRAGMA wal_autocheckpoint = 8")
        append_until_full(journal, 5)
    else:
        # The first piece of the index has room for 4,062 frames.
        journal._db.execute("PRAGMA wal_autocheckpoint = 0")
        wal = path.with_name(path.name + "-wal")
        while wal.stat().st_size < 4_040 * 4_120:
            journal.append(
                [event for n in range(300) for event in said(journal.last_seq + 1 + n)]
            )
    disk.fill(free=free)
    taken = append_until_full(journal, 300)
    assert taken < 300
    last = journal.last_seq
    assert [event.seq for event in journal.read(last - 3, 100)][-1] == last
    disk.make_room()
    journal.probe()
    journal.append(said(last + 1))
    assert [event.seq for event in journal.read(0, 10**6)] == list(range(1, last + 2))
    journal.close()
    for file in disk.folder.glob(path.name + "*"):
        file.unlink()
