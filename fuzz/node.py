"""The node as a whole: any bytes on several connections, turn after turn."""

from __future__ import annotations

import json
import re
from typing import Any

from tests.unit.node.harness import Client, FailingJournal, World

from fuzz.steps import Script
from hubbub.hub import replay

LIMITS: dict[str, Any] = {
    "text": 40,
    "line": 300,
    "outbox": 4000,
    "users": 4,
    "groups": 3,
    "groups_per_user": 2,
    "members": 3,
    "connections_per_address": 5,
    "history_page": 4,
    "nonces": 3,
    "rate": 20,
    "burst": 5,
}
_CONNECTIONS = 4

# One answer may stand above the limit of an outbox, and the requests of a turn have
# small ones: nobody's outbox grows beyond these together.
_OUTBOX = LIMITS["outbox"] + 256 * 200 + 8000

_UNCLEAN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u206f]")


def node(data: bytes) -> None:
    """Play a script on a few connections, a console among them, and look at the end.

    No exception comes out of the node; the state is what the journal's events make;
    what each connection was sent is in its dialect, and clean.
    """
    script = Script(data)
    world = World(FailingJournal(), **LIMITS)
    links: list[Client | None] = [world.console(), *[None] * _CONNECTIONS]
    heard: list[tuple[Client, bytes]] = []
    while script:
        code = script.number()
        index = code % len(links)
        link = links[index]
        if link is None or link.session not in world.node._sessions.all:
            links[index] = link = world.connect(f"10.0.0.{index % 3}")
        _step(world, link, code // len(links) % 12, script)
        for other in links:
            if other is not None:
                assert other.session.outbox.size <= _OUTBOX
        if world.stopped:
            break
    world.journal.writes = world.journal.reads = True
    for client in world.clients:
        client.reads = True
    if not world.stopped:
        world.wait(1)
        world.wait(1)
    heard = [(client, client.raw) for client in world.clients]
    for client, raw in heard:
        _insist_is_clean(client, raw)
    _insist_state_is_replayed(world)


def _step(world: World, link: Client, code: int, script: Script) -> None:
    match code:
        case 8:
            world.wait(script.number() / 16, (script.number() - 128) * 3_600_000)
            return
        case 9:
            if not link.session.is_console:
                link.drop()
            return
        case 10:
            link.reads = not link.reads
        case 11:
            world.journal.writes = not world.journal.writes
        case _:
            world.node.receive(link.session, script.chunk(), world.now)
            if code == 7:
                world.node.receive(link.session, b"\n", world.now)
            elif code == 6:
                world.node.end_of_input(link.session)
            if code == 5:
                return
    world.turn()


def _insist_is_clean(client: Client, raw: bytes) -> None:
    text = raw.decode()
    if client.session.dialect.name == "json":
        # A reset may cut a line that was half sent.
        for line in text.split("\n")[:-1]:
            assert isinstance(json.loads(line), dict)
    elif client.session.dialect.name in {"plain", "console"}:
        assert not _UNCLEAN.search(text), ascii(text)


def _insist_state_is_replayed(world: World) -> None:
    events = world.journal.read(0, 1_000_000)
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    assert replay(None, events, world.limits) == world.hub.state
