"""docs/protocol.schema.json tells the truth about the frames on the wire."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
from tests.conformance.hub_process import ROOT
from tests.conformance.scene import Scene

if TYPE_CHECKING:
    from tests.conformance.conftest import Launch
    from tests.conformance.speakers.json_lines import JsonSpeaker


SCHEMA: dict[str, Any] = json.loads(
    (ROOT / "docs" / "protocol.schema.json").read_text(encoding="utf-8")
)


@pytest.fixture
def kinds() -> tuple[str, ...]:
    return ("json",)


def validator(side: str) -> Any:
    """Give what checks the frames of `ClientFrame` or `ServerFrame`."""
    schema = {"$ref": f"#/$defs/{side}", "$defs": SCHEMA["$defs"]}
    return jsonschema.Draft202012Validator(schema)


def types(side: str) -> set[str]:
    return set(SCHEMA["$defs"][side]["discriminator"]["mapping"])


def wait_for(who: JsonSpeaker, kind: str) -> None:
    """Take what comes until there is a frame of a type."""
    while who.read()["type"] != kind:
        pass


def test_the_schema_is_one() -> None:
    """docs/protocol.md, "The JSON dialect": the schema."""
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_every_frame_is_of_the_schema(launch: Launch) -> None:
    """docs/protocol.schema.json: a conversation with every type of frame there is."""
    hub = launch("--memory", console=True, limits={"idle_seconds": 0.4})
    scene = Scene(hub, ("json",))
    alice, bob, carol = (scene.json_speaker() for _ in range(3))
    for speaker, name in ((alice, "alice"), (bob, "bob"), (carol, "carol")):
        speaker.write({"type": "hello", "name": name, "client": "test/1"})
        wait_for(speaker, "welcome")
        speaker.name = scene.know(name)
    scene.know("tea")
    carol_token = carol.frame["token"]
    alice.write({"type": "group", "action": "create", "name": "tea"})
    bob.write({"type": "group", "action": "join", "name": "tea"})
    alice.write({"type": "send", "to": "#tea", "text": "hello", "nonce": "n1"})
    for frame in (
        {"type": "users"},
        {"type": "group", "action": "list"},
        {"type": "group", "action": "members", "name": "tea"},
        {"type": "history", "of": "#tea", "before": 10_000, "limit": 5},
        {"type": "send", "to": "@nobody", "text": "hello"},
        {"type": "admin", "action": "list"},
        {"type": "ping", "id": "p1"},
    ):
        alice.write(frame)
    wait_for(alice, "pong")
    carol.write({"type": "account", "action": "register", "password": "long enough"})
    wait_for(carol, "done")
    hub.type(":role carol owner")
    wait_for(carol, "role")
    carol.write({"type": "admin", "action": "list"})
    wait_for(carol, "sessions")
    carol.write({"type": "token", "action": "create", "read": ["lobby"], "seconds": 9})
    wait_for(carol, "token")
    carol.write({"type": "token", "action": "list"})
    wait_for(carol, "tokens")
    for action, answer in (
        ("bans", "bans"),
        ("audit", "audit"),
        ("invite", "invite"),
        ("invites", "invites"),
        ("freeze", "act"),
    ):
        carol.write({"type": "admin", "action": action})
        wait_for(carol, answer)
    carol.write({"type": "admin", "action": "unfreeze"})
    wait_for(carol, "act")
    wait_for(alice, "ping")
    alice.write({"type": "pong"})
    hub.type("hello all")
    hub.type(":rename bob robert")
    hub.type(":kick robert be nice")
    wait_for(alice, "kicked")
    wait_for(bob, "bye")
    carol.drop()
    wait_for(alice, "left")
    again = scene.json_speaker()
    again.resume("carol", carol_token, 3)
    wait_for(again, "welcome")
    wait_for(alice, "joined")
    alice.write({"type": "group", "action": "topic", "name": "tea", "text": "Assam"})
    wait_for(alice, "done")
    again.write({"type": "group", "action": "join", "name": "tea"})
    wait_for(again, "room")
    for action in ("leave", "leave"):
        alice.write({"type": "group", "action": action, "name": "tea"})
    alice.write({"type": "bye"})
    wait_for(alice, "bye")
    again.write({"type": "bye"})
    wait_for(again, "bye")
    dora, late = scene.json_speaker(), scene.json_speaker()
    dora.write({"type": "hello", "name": "dora"})
    dora.write({"type": "send", "to": "@carol", "text": "for later"})
    wait_for(dora, "message")
    late.write({"type": "hello", "name": "carol", "password": "long enough"})
    wait_for(late, "waiting")

    people = (alice, bob, carol, again, dora, late)
    received = [frame for person in people for frame in person.received]
    sent: list[Any] = [frame for person in people for frame in person.sent]
    for side, frames in (("ServerFrame", received), ("ClientFrame", sent)):
        check = validator(side)
        for frame in frames:
            check.validate(frame)
        assert {frame["type"] for frame in frames} == types(side)


@pytest.mark.parametrize(
    "frame",
    [
        {"type": "shout"},
        {"type": "send", "to": "lobby"},
        {"type": "send", "to": "lobby", "text": 5},
        {"type": "send", "to": "lobby", "text": "x", "nonce": "x" * 65},
        {"type": "send", "to": "lobby", "text": "x", "nonce": ""},
        {"type": "group", "action": "burn", "name": "tea"},
        {"type": "history", "of": "lobby", "limit": 0},
        {"type": "history", "of": "lobby", "before": -1},
        {"type": "ping", "id": 5},
        {"to": "lobby", "text": "x"},
    ],
    ids=json.dumps,
)
def test_what_the_schema_refuses_the_hub_refuses(
    scene: Scene, frame: dict[str, object]
) -> None:
    """docs/protocol.schema.json: neither is stricter than the other."""
    assert not validator("ClientFrame").is_valid(frame)
    alice = scene.json("alice")
    alice.write(frame)
    assert alice.read()["code"] in {"bad_frame", "type_unknown"}
