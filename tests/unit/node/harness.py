"""A node without sockets: bytes in, bytes out, and two clocks moved by hand."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from hubbub.app.compose import dialects
from hubbub.app.settings import Settings
from hubbub.dialects.json_lines import frames
from hubbub.dialects.json_lines.writer import JsonWriter
from hubbub.dialects.plain.console import ConsoleWriter
from hubbub.dialects.plain.reader import ConsoleDialect
from hubbub.hub import Hub
from hubbub.journal import Journal, JournalError
from hubbub.journal.memory import MemoryJournal
from hubbub.model.limits import Limits
from hubbub.model.policy import Policy
from hubbub.model.time import Now
from hubbub.node import Node, Plan, Session
from hubbub.node.storage import SNAPSHOT_EVERY, load_state

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hubbub.model.events import Event
    from hubbub.node.plan import Work

Frame = dict[str, Any]
OPEN = Policy()


class FailingJournal(MemoryJournal):
    """A journal whose disk can be broken and mended."""

    def __init__(self) -> None:
        super().__init__()
        self.writes = True
        self.reads = True

    def append(self, events: Sequence[Event], snapshot: bytes | None = None) -> None:
        """Append, unless the disk is broken."""
        if not self.writes:
            raise JournalError("the disk is full")
        super().append(events, snapshot)

    def read(self, after: int, limit: int) -> list[Event]:
        """Read, unless the disk is broken altogether."""
        if not self.reads:
            raise JournalError("the disk is gone")
        return super().read(after, limit)

    def probe(self) -> None:
        """Succeed as soon as the disk is mended."""
        if not self.writes:
            raise JournalError("the disk is full")


class Client:
    """One connection: what it sends, and what it has got."""

    def __init__(self, world: World, session: Session) -> None:
        self.world = world
        self.session = session
        self.raw = b""
        self.reads = True
        self.token = ""

    def type(self, *lines: str) -> None:
        """Hand lines in without a turn."""
        data = "".join(f"{line}\n" for line in lines).encode()
        self.world.node.receive(self.session, data, self.world.now)

    def put(self, kind: str, **fields: Any) -> None:
        """Hand a frame in without a turn."""
        self.type(json.dumps({"type": kind, **fields}))

    def send(self, kind: str, **fields: Any) -> list[Frame]:
        """Hand a frame in, run the turns that follow, and give what came."""
        self.put(kind, **fields)
        self.world.run()
        return self.take()

    def text(self) -> str:
        """Give what a plain client got since the last time."""
        data, self.raw = self.raw, b""
        return data.decode()

    def lines(self) -> list[str]:
        """Give what a plain client got, without the times."""
        return [line.partition("] ")[2] for line in self.text().splitlines()]

    def take(self) -> list[Frame]:
        """Give the frames that came since the last time."""
        return [json.loads(line) for line in self.text().splitlines()]

    def drain(self, count: int | None = None) -> None:
        """Read from the socket, at most `count` bytes, as the engine would."""
        outbox = self.session.outbox
        data = bytes(outbox.peek())[:count]
        self.raw += data
        outbox.consume(len(data))

    def drop(self) -> None:
        """Lose the connection."""
        self.world.node.closed(self.session)
        self.world.run()


class World:
    """A node, its journal and its connections."""

    def __init__(
        self,
        journal: Journal | None = None,
        *,
        policy: Policy = OPEN,
        keep_seconds: float | None = None,
        snapshot_every: int = SNAPSHOT_EVERY,
        **limits: Any,
    ) -> None:
        self.limits = Limits(**limits)
        # A `FailingJournal`, where the test does not bring one of its own.
        self.journal: Any = FailingJournal() if journal is None else journal
        self.hub = Hub(self.limits, load_state(self.journal, self.limits))
        info = frames.LimitsInfo(1, 1, 1, 1)
        writer = JsonWriter(frames.ServerInfo("hubbub", "0", 1), info)
        settings = Settings(color="never", limits=self.limits)
        self.node = Node(
            self.hub,
            self.journal,
            dialects(settings, writer, "j"),
            policy=policy,
            snapshot_every=snapshot_every,
            keep_seconds=keep_seconds,
        )
        self.now = Now(1_700_000_000_000, 100.0)
        self.clients: list[Client] = []
        self.closed: list[Session] = []
        self.stopped = False
        self.works: list[Work] = []
        self.works_at_once = True
        self.node.start(self.now)

    def connect(self, host: str = "127.0.0.1") -> Client:
        """Open a connection."""
        session = self.node.connect(host, 40_000, None, self.now)
        client = Client(self, session)
        self.clients.append(client)
        return client

    def console(self) -> Client:
        """Open the administrator's console."""
        dialect = ConsoleDialect(ConsoleWriter(color=False), self.limits.line)
        session = self.node.connect_console(dialect, None, self.now)
        self.clients.append(Client(self, session))
        return self.clients[-1]

    def json(self, name: str, **fields: Any) -> Client:
        """Join with the JSON dialect; what the others got of it is thrown away."""
        client = self.connect()
        (welcome,) = client.send("hello", name=name, **fields)
        assert welcome["type"] == "welcome"
        client.token = welcome["token"]
        self.clear()
        return client

    def plain(self, name: str) -> Client:
        """Join with the plain dialect."""
        client = self.connect()
        client.type(name)
        self.run()
        assert client.lines() == [f"Welcome {name}. Type :help for the commands."]
        self.clear()
        return client

    def turn(self) -> Plan:
        """Run one turn and do what an engine would do after it."""
        plan = self.node.turn(self.now)
        self.works += plan.offload
        if self.works_at_once:
            self.work()
        self.stopped = self.stopped or plan.stop
        for client in self.clients:
            if client.reads:
                client.drain()
        for session in plan.close:
            self.closed.append(session)
            self.node.closed(session)
        return plan

    def work(self) -> None:
        """Do what is to be done beside the turns, as an engine's threads would."""
        works, self.works = self.works, []
        for work in works:
            self.node.done(work, work.run())

    def run(self) -> None:
        """Run turns for as long as there is work."""
        for _ in range(500):
            self.turn()
            if not self.node.has_work:
                return
        raise AssertionError("there is work without end")

    def wait(self, seconds: float, wall: int = 0) -> None:
        """Let time pass, with the turns that are due; `wall` (ms) is a jump on top."""
        end = self.now.monotonic + seconds
        self.now = Now(self.now.wall + wall, self.now.monotonic)
        while True:
            due = self.node.next_deadline()
            at = end if due is None or due > end else max(due, self.now.monotonic)
            passed = int((at - self.now.monotonic) * 1000)
            self.now = Now(self.now.wall + passed, at)
            self.run()
            following = self.node.next_deadline()
            if at >= end and (following is None or following > end):
                return

    def clear(self) -> None:
        """Forget what everybody got."""
        for client in self.clients:
            client.raw = b""


def kinds(sent: list[Frame]) -> list[str]:
    """List the types of frames."""
    return [str(frame["type"]) for frame in sent]


def texts(sent: list[Frame]) -> list[str]:
    """List the texts of the messages among frames."""
    return [str(frame["text"]) for frame in sent if frame["type"] == "message"]


def codes(sent: list[Frame]) -> list[tuple[str, str | None]]:
    """List code and `re` of the errors among frames."""
    errors = [frame for frame in sent if frame["type"] == "error"]
    return [(frame["code"], frame.get("re")) for frame in errors]
