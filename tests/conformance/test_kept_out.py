"""What keeping order leaves behind: docs/protocol.md, "Keeping order"."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.conformance.test_tls import proxied

if TYPE_CHECKING:
    from tests.conformance.conftest import Launch
    from tests.conformance.hub_process import HubProcess
    from tests.conformance.speakers.wire import Wire


def send(wire: Wire, **frame: object) -> None:
    wire.send(json.dumps(frame).encode() + b"\n")


def frame_of(wire: Wire, *kinds: str) -> dict[str, Any]:
    """Pass over frames up to one of these types."""
    while True:
        line = wire.receive_line()
        assert line is not None, f"the end before {kinds}"
        frame: dict[str, Any] = json.loads(line)
        if frame["type"] in kinds:
            return frame


def enter(hub: HubProcess, name: str) -> Wire:
    wire = hub.connect()
    send(wire, type="hello", name=name)
    frame_of(wire, "welcome")
    return wire


def first_line(hub: HubProcess, source: str, name: str) -> tuple[Wire, bytes]:
    """Come in from an address; give what is answered."""
    wire = hub.connect()
    wire.send(proxied(source, 4321) + name.encode() + b"\n")
    return wire, wire.receive_line() or b""


def test_a_kicked_guest_can_not_come_straight_back(launch: Launch) -> None:
    """By no name from the same place; from another place they can."""
    hub = launch("--proxy", "127.0.0.1", console=True)
    rude, welcome = first_line(hub, "198.51.100.7", "rude")
    assert b"Welcome" in welcome
    hub.type(":kick rude manners")
    assert b"manners" in rude.receive_all()
    for name in ("rude", "polite"):
        assert (
            b"was kicked from your address" in first_line(hub, "198.51.100.7", name)[1]
        )
    assert b"Welcome" in first_line(hub, "198.51.100.8", "polite")[1]


def test_a_deleted_message_leaves_its_mark_alone(launch: Launch) -> None:
    """In history, in plain and in JSON: by whom, and no text."""
    hub = launch(console=True)
    ann = enter(hub, "ann")
    send(ann, type="send", to="lobby", text="a secret")
    seq = frame_of(ann, "message")["seq"]
    hub.type(f":delete {seq} private")
    act = frame_of(ann, "act")
    assert (act["action"], act["message"]) == ("deleted", seq)
    send(ann, type="history", of="lobby")
    (message,) = frame_of(ann, "history")["messages"]
    assert (message["text"], message["deleted"]) == ("", "SERVER")
    bob = hub.connect()
    bob.send(b"bob\n:history lobby\n:quit\n")
    seen = bob.receive_all()
    assert b"(deleted by SERVER)" in seen
    assert b"a secret" not in seen


def test_a_password_lets_into_a_group_and_keeps_out(launch: Launch) -> None:
    hub = launch()
    ann, bob = enter(hub, "ann"), enter(hub, "bob")
    send(ann, type="group", action="create", name="tea")
    send(ann, type="group", action="private", name="tea", password="earl grey tea")
    frame_of(ann, "done")
    for fields, code in (
        ({"password": "green tea leaves"}, "password_wrong"),
        ({}, "not_invited"),
    ):
        send(bob, type="group", action="join", name="tea", **fields)
        assert frame_of(bob, "error")["code"] == code
    send(bob, type="group", action="join", name="tea", password="earl grey tea")
    send(bob, type="group", action="members", name="tea")
    assert frame_of(bob, "members", "error").get("members") == ["ann", "bob"]
