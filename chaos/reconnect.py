"""Clients of the library behind a bad network: no gap and no repeat.

Two chats, the blocking one and the one for asyncio, talk and listen through a proxy
that cuts, delays, and lets connections overtake each other. Meanwhile a crowd at the
hub speaks, comes and goes, is renamed and kicked, and changes its groups; and the hub
itself is stopped and killed. What happens when, and how each connection fares, follows
from a seed.

At the end each chat's seat is taken over by a connection that asks for all from the
beginning, in one piece. What the hub then sends is what the chat should have shown.
"""

from __future__ import annotations

import contextlib
import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, Any, Self, get_args

from tests.conformance.hub_process import HubProcess
from tests.conformance.speakers.wire import Wire
from tests.unit.client.loopback import Face

from chaos.proxy import Fate, Proxy
from hubbub.client import (
    Acknowledged,
    Connected,
    Ended,
    GroupChanged,
    Joined,
    Kicked,
    Left,
    Message,
    Reconnected,
    Renamed,
    Unconfirmed,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FACES = ("blocking", "aio")
CROWD = 5
LIMITS = {"rate": 0, "drain_seconds": 600}

News = Message | Joined | Left | Renamed | Kicked | GroupChanged

_FRAME_OF: dict[type[News], str] = {
    Message: "message",
    Joined: "joined",
    Left: "left",
    Renamed: "renamed",
    Kicked: "kicked",
    GroupChanged: "group",
}


@dataclass
class Verdict:
    """What came of one schedule.

    Attributes:
        seed: From which all of it follows, but for the machine's own timing.
        connections: How often the two chats connected.
        cuts: How many of these connections were cut at a byte drawn before.
        restarts: How often the hub was stopped or killed.
        events: Events the two chats should have shown.
        sent: Messages the two chats sent.
        missing: Events not shown, and messages that do not stand.
        repeated: Events shown twice, and messages that stand twice.
        disordered: Chats whose events were not in the order of the journal.
        faults: What else should not have been.
    """

    seed: int
    connections: int = 0
    cuts: int = 0
    restarts: int = 0
    events: int = 0
    sent: int = 0
    missing: int = 0
    repeated: int = 0
    disordered: int = 0
    faults: list[str] = field(default_factory=list)

    @property
    def good(self) -> bool:
        """Whether the promise was kept."""
        broken = self.missing + self.repeated + self.disordered
        return not broken and not self.faults


class _Chat:
    """A chat of the library, its events taken all the while."""

    def __init__(self, kind: str, name: str, port: int) -> None:
        self.face = Face(
            kind, "127.0.0.1", port, name=name, reconnect_every=0.01, reconnect_for=60
        )
        self.events: list[Any] = []
        self.sent: list[str] = []
        self._news = threading.Condition()
        self._taker = threading.Thread(target=self._take, daemon=True)
        self._taker.start()

    def send(self, count: int) -> None:
        for _ in range(count):
            text = f"{self.face.kind} {len(self.sent)}"
            self.face.call("send", text)
            self.sent.append(text)

    def wait_for(self, found: Callable[[Any], bool]) -> None:
        """Wait until an event was shown."""
        with self._news:
            done = self._news.wait_for(lambda: any(map(found, self.events)), 60)
        assert done, f"{self.face.kind}: not shown; last: {self.events[-3:]}"

    def close(self) -> None:
        self.face.call("close")
        self._taker.join(10)
        self.face.close()

    def _take(self) -> None:
        while True:
            try:
                event = self.face.call("receive")
            except TimeoutError:
                continue
            with self._news:
                self.events.append(event)
                self._news.notify_all()
            if isinstance(event, Ended):
                return


class _Crowd:
    """People at the hub itself, by the plain dialect; their names change."""

    def __init__(self, hub: HubProcess, dice: Random) -> None:
        self._hub = hub
        self._dice = dice
        self._wires: dict[str, Wire] = {}
        self._drains = ThreadPoolExecutor(64)
        for _ in range(CROWD):
            self._enter()

    def act(self, friend: str) -> None:
        """Have somebody do something."""
        name = self._dice.choice(list(self._wires))
        wire, new = self._wires[name], self._new_name()
        match self._dice.randrange(8):
            case 0 | 1:
                count = self._dice.randrange(1, 200)
                wire.send(b"".join(b"%d\n" % number for number in range(count)))
            case 2:
                wire.send(f":pm {friend} psst\n".encode())
            case 3:
                wire.send(b":group join tea\n:group send tea hot\n")
            case 4:
                wire.send(b":group send tea bye\n:group leave tea\n")
            case 5:
                wire.send(f":group create {new}\n:group leave {new}\n".encode())
            case 6:
                self._hub.type(f":rename {name} {new}")
                self._wires[new] = self._wires.pop(name)
            case _:
                self._hub.type(f":kick {name} enough")
                del self._wires[name]
                self._enter()

    def say(self, text: str) -> None:
        """Have somebody say something to all."""
        wire = next(iter(self._wires.values()))
        wire.send(f"{text}\n".encode())

    def close(self) -> None:
        for wire in self._wires.values():
            with contextlib.suppress(OSError):
                wire.end_sending()
        self._drains.shutdown()

    def _enter(self) -> None:
        name = self._new_name()
        self._wires[name] = wire = self._hub.connect()
        wire.send(f"{name}\n".encode())
        self._drains.submit(_drain, wire)

    def _new_name(self) -> str:
        return f"crowd-{next(self._hub.tags)}"


def _drain(wire: Wire) -> None:
    """Read until the hub ends the connection; nobody here wants to be slow."""
    while wire.receive():
        pass
    wire.close()


def draw_fate(dice: Random) -> Fate:
    """Draw how a connection fares: often badly, sometimes late."""
    return Fate(
        up=dice.choice([None, dice.randrange(2000)]),
        down=dice.choice([None, dice.randrange(200_000), dice.randrange(2000)]),
        up_delay=dice.choice([0.0, 0.0, dice.uniform(0, 0.1)]),
        down_delay=dice.choice([0.0, 0.0, dice.uniform(0, 0.01)]),
        reset=dice.random() < 0.5,
    )


class Schedule:
    """One run of the experiment. Use it in a ``with`` block, which ends all of it."""

    def __init__(self, engine: str, folder: Path, seed: int) -> None:
        """Begin with both chats in, and a group.

        Args:
            engine: `loop` or `threads`.
            folder: A new folder for the journal.
            seed: Of all that is drawn.
        """
        self._engine = engine
        self._folder = folder
        self._dice = Random(seed)
        self._fates = Random(seed)
        self._calm = True
        self._verdict = Verdict(seed)
        self._tags = 0
        self._hub = self._start()
        self._crowd = _Crowd(self._hub, self._dice)
        self._proxy = Proxy(self._hub.port, self._fate)
        self._chats = [_Chat(kind, f"my-{kind}", self._proxy.port) for kind in FACES]
        for chat in self._chats:
            chat.wait_for(lambda event: isinstance(event, Connected))
        self._chats[0].face.call("create_group", "tea")
        self._chats[1].face.call("join_group", "tea")

    def run(self, steps: int, restarts: int) -> Verdict:
        """Have things happen, and then see.

        Args:
            steps: How many.
            restarts: How often the hub is stopped or killed among them.
        """
        self._calm = False
        when = set(self._dice.sample(range(steps), restarts))
        for step in range(steps):
            if step in when:
                self._restart()
            self._step()
        self._calm = True
        self._proxy.cut()
        for chat in self._chats:
            chat.face.call("flush")
        self._crowd.say("that is all")
        for chat in self._chats:
            chat.wait_for(lambda event: getattr(event, "text", "") == "that is all")
        self._verdict.connections = self._proxy.accepted
        self._verdict.cuts = self._proxy.cuts
        self._verdict.restarts = restarts
        for chat in self._chats:
            self._judge(chat)
        return self._verdict

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        for chat in self._chats:
            chat.close()
        self._proxy.__exit__()
        self._hub.__exit__(kind, *rest)
        self._crowd.close()

    def _step(self) -> None:
        chat = self._dice.choice(self._chats)
        match self._dice.randrange(10):
            case 0 | 1:
                self._proxy.cut()
            case 2 | 3:
                chat.send(self._dice.randrange(1, 20))
            case 4:
                # So that some things happen before what was begun is over.
                time.sleep(self._dice.uniform(0, 0.05))
            case _:
                self._crowd.act(chat.face.get("name"))

    def _restart(self) -> None:
        if self._dice.random() < 0.5:
            self._hub.kill()
        else:
            self._hub.stop()
        self._crowd.close()
        self._hub = self._start()
        self._proxy.target = self._hub.port
        self._crowd = _Crowd(self._hub, self._dice)

    def _start(self) -> HubProcess:
        hub = HubProcess(self._engine, self._folder, limits=LIMITS, console=True)
        # Nobody gets a name that somebody had before a restart.
        for _ in range(self._tags):
            next(hub.tags)
        self._tags += 1000
        return hub

    def _fate(self, _: int) -> Fate:
        return Fate() if self._calm else draw_fate(self._fates)

    def _judge(self, chat: _Chat) -> None:
        verdict = self._verdict
        shown = [
            (event.seq, _FRAME_OF[type(event)], getattr(event, "text", None))
            for event in chat.events
            if isinstance(event, get_args(News))
        ]
        frames = self._all_from(chat, shown[0][0] - 1)
        truth = [(one["seq"], one["type"], one.get("text")) for one in frames]
        # What comes after the last thing that was waited for is not held against it.
        truth = [one for one in truth if one[0] <= shown[-1][0]]
        verdict.events += len(truth)
        verdict.missing += len({*truth} - {*shown})
        verdict.repeated += len(shown) - len({*shown})
        verdict.disordered += shown != sorted(shown, key=lambda one: one[0])
        verdict.faults += [f"never was: {one}" for one in {*shown} - {*truth}]

        verdict.sent += len(chat.sent)
        stand = [text for _, _, text in truth if text in {*chat.sent}]
        verdict.missing += len({*chat.sent} - {*stand})
        verdict.repeated += len(stand) - len({*stand})
        verdict.disordered += stand != chat.sent
        acknowledged = [one for one in chat.events if isinstance(one, Acknowledged)]
        if len(acknowledged) != len(chat.sent):
            verdict.faults.append(f"{len(acknowledged)} acknowledgements")
        verdict.faults += [
            str(event)
            for event in chat.events
            if isinstance(event, Unconfirmed)
            or (isinstance(event, Reconnected) and not event.resumed)
        ]

    def _all_from(self, chat: _Chat, after: int) -> list[dict[str, Any]]:
        """Take a chat's seat, and ask for everything from there on, in one piece."""
        token = chat.face.chat._session.protocol.view.token
        resume = {"token": token, "after": after}
        hello = {"type": "hello", "name": "anyone", "resume": resume}
        frames: list[dict[str, Any]] = []
        with Wire(self._hub.host, self._hub.port) as wire:
            wire.send(json.dumps(hello).encode() + b'\n{"type":"users"}\n')
            while True:
                line = wire.receive_line()
                assert line is not None, "the hub ended the connection"
                frame = json.loads(line)
                if frame["type"] == "users":
                    return frames
                if "seq" in frame and frame["type"] != "welcome":
                    frames.append(frame)
