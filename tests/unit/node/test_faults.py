"""Errors at each statement of the journal, with everything that depends on it.

Whatever fails and when: nobody is shown, and nobody has acknowledged, what is not in
the journal afterwards; the state is what the journal leads to; everyone who stayed has
been shown everything once; and all works again.
"""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.node.harness import Client, Frame, World

from hubbub.journal import database, rooms
from hubbub.journal import sqlite as module
from hubbub.journal.contract import read_all
from hubbub.journal.sqlite import SqliteJournal
from hubbub.model.events import MESSAGES, LobbyPosted
from hubbub.node.storage import load_state

When = Literal["before", "after"]

# More than enough for all that any schedule here breaks to be tried again.
TRIES = 40


class Disk:
    """Counts statements, and says which of them fail.

    Attributes:
        plan: The statements that fail, by number, and whether before they are carried
            out or after, as if only the word of it had been lost.
        done: What was to be carried out so far.
    """

    def __init__(self) -> None:
        self.plan: dict[int, When] = {}
        self.done: list[str] = []

    def next(self, sql: str) -> When | None:
        """Give the fate of the next statement."""
        self.done.append(sql)
        return self.plan.get(len(self.done))


class Connection:
    """A connection to a disk that fails as planned."""

    def __init__(self, db: sqlite3.Connection, disk: Disk) -> None:
        self._db = db
        self._disk = disk

    def __getattr__(self, name: str) -> Any:
        if name not in {"execute", "executemany", "executescript"}:
            return getattr(self._db, name)
        call = getattr(self._db, name)

        def run(sql: str, *values: Any) -> Any:
            fate = self._disk.next(sql)
            result = None if fate == "before" else call(sql, *values)
            if fate is not None:
                raise sqlite3.OperationalError("disk I/O error")
            return result

        return run


class Talker:
    """Somebody who says things again until they are taken, and remembers all frames."""

    def __init__(self, world: World, name: str) -> None:
        self.world = world
        self.frames: list[Frame] = []
        self.client: Client = world.connect()
        self.again("hello", name=name)

    def take(self) -> None:
        """Look at what has come."""
        self.frames += self.client.take()

    def again(self, kind: str, **fields: Any) -> None:
        """Ask until it is not refused for the disk's sake."""
        for _ in range(TRIES):
            self.take()
            seen = len(self.frames)
            self.client.put(kind, **fields)
            self.world.run()
            self.take()
            errors = [f for f in self.frames[seen:] if f["type"] == "error"]
            if not errors:
                return
            # A join or a group that was stored though it was refused holds the name.
            codes = {"storage_unavailable", "name_taken", "group_exists"}
            assert {f["code"] for f in errors} <= codes | {"already_member"}, errors
            if {f["code"] for f in errors} & {"group_exists", "already_member"}:
                return
            self.world.wait(0.7)
        raise AssertionError(f"{kind} was never taken: {self.frames[-3:]}")


def scenario(world: World) -> list[Talker]:
    """Have people come, talk, fall behind, ask, leave, and old events go."""
    ann, bob = Talker(world, "ann"), Talker(world, "bob")
    ann.again("group", action="create", name="tea")
    bob.again("group", action="join", name="tea")
    for number in range(2):
        ann.again("send", to="lobby", text=f"a{number}", nonce=f"a{number}")
        bob.again("send", to="#tea", text=f"b{number}", nonce=f"b{number}")
        ann.again("send", to="@bob", text=f"c{number}", nonce=f"c{number}")
    bob.client.reads = False
    for number in range(3):
        ann.again("send", to="lobby", text=f"{number}" * 200, nonce=f"l{number}")
    bob.client.reads = True
    world.run()
    carl = Talker(world, "carl")
    carl.again("history", of="lobby")
    carl.client.drop()
    world.wait(5)
    ann.again("send", to="lobby", text="a0", nonce="a0")
    return [ann, bob]


def check(world: World, talkers: list[Talker], path: Path) -> None:
    """Insist on all that is promised."""
    for talker in talkers:
        talker.again("ping")
        talker.again("send", to="lobby", text="the end", nonce=f"end{id(talker)}")
    world.wait(2)
    with closing(SqliteJournal(path, read_only=True)) as stored:
        events = {event.seq: event for event in read_all(stored)}
        assert load_state(stored, world.limits) == world.hub.state
        said_in: dict[str, list[int]] = {}
        for one in events.values():
            if isinstance(one, MESSAGES):
                said_in.setdefault(one.room, []).append(one.seq)
        for room, seqs in said_in.items():
            for journal in (stored, world.journal):
                assert [m.seq for m in journal.messages(room, None, 999)] == seqs
    oldest = min(events)
    for talker in talkers:
        talker.take()
        said = [f for f in talker.frames if f["type"] == "message"]
        for frame in said:
            event = events.get(frame["seq"])
            assert event is None or isinstance(event, MESSAGES)
            assert event is not None or frame["seq"] < oldest
            assert event is None or event.text == frame["text"]
        # An acknowledgement may come again, since it was asked for again.
        others = [f["seq"] for f in said if "nonce" not in f]
        assert others == sorted(set(others))
        welcome = next(f for f in talker.frames if f["type"] == "welcome")
        lobby = {
            event.seq
            for event in events.values()
            if isinstance(event, LobbyPosted) and event.seq > welcome["seq"]
        }
        assert lobby <= {f["seq"] for f in said}


def run_with(
    plan: dict[int, When], *, keep: float | None = None, checks: bool = True
) -> list[str]:
    """Run the scenario with these faults; give the statements it came to."""
    disk = Disk()
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        path = Path(folder) / "journal.sqlite3"

        def open_faulty(path: Path) -> Any:
            if disk.next("OPEN") is not None:
                raise sqlite3.OperationalError("unable to open database file")
            db = database.open_to_write(path)
            # What is tested is order, and the machine's own disk has no part in it.
            db.execute("PRAGMA synchronous = OFF")
            return Connection(db, disk)

        patch.setattr(module, "open_to_write", open_faulty)
        journal = SqliteJournal(path, index_every=3)
        world = World(
            journal,
            keep_seconds=keep,
            snapshot_every=4,
            seat_seconds=1.0,
            idle_seconds=1e9,
            outbox=700,
            rate=0,
        )
        # One that can't be read at the start is refused; that is tested elsewhere.
        began = len(disk.done)
        disk.plan = {began + number: when for number, when in plan.items()}
        talkers = scenario(world)
        used = disk.done[began:]
        disk.plan = {}
        if checks:
            check(world, talkers, path)
        journal.close()
    return used


@pytest.fixture(scope="module")
def statements() -> list[str]:
    """List what the scenario has the journal do when nothing fails."""
    return run_with({})


def kind(sql: str) -> str:
    """Name a statement."""
    return sql.split("(")[0].split(" VALUES")[0]


def test_the_scenario_comes_to_every_statement(statements: list[str]) -> None:
    """So that none is left out below."""
    removing = run_with({}, keep=3.0)
    for sql in (
        *("BEGIN IMMEDIATE", "COMMIT", module._INSERT, module._PUT_SNAPSHOT),
        *(module._READ, module._FIND_ALL, module._MEMBERSHIPS, module._FIND),
        *(module._SNAPSHOT, module._OLDEST, module._REMOVE),
        *(rooms._BEFORE, rooms._INDEX, rooms._INDEXED, rooms._FORGET),
    ):
        assert sql in removing
    broken = run_with({statements.index("COMMIT") + 1: "before"})
    assert {"ROLLBACK", module._PROBE} <= set(broken)


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("when", ["before", "after"])
def test_each_statement_fails(statements: list[str], when: When, count: int) -> None:
    """The n-th statement fails, and perhaps those right after it, for every n."""
    for number in range(1, len(statements) + 1):
        plan = {number + more: when for more in range(count)}
        try:
            run_with(plan)
        except BaseException as error:
            error.add_note(f"{when} {plan}: {kind(statements[number - 1])}")
            raise


schedules = st.dictionaries(
    st.integers(1, 150), st.sampled_from(("before", "after")), max_size=40
)


@given(schedules)
@settings(max_examples=30, deadline=None)
def test_any_statements_fail(plan: dict[int, When]) -> None:
    """The same, for any schedule."""
    run_with(plan, keep=3.0)
