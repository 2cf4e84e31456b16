"""What keeping order leaves behind: docs/protocol.md, "Keeping order"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.conformance.raw_frames import enter, frame_of, send
from tests.conformance.test_tls import proxied

if TYPE_CHECKING:
    from tests.conformance.conftest import Launch
    from tests.conformance.hub_process import HubProcess
    from tests.conformance.speakers.wire import Wire


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


def let_in(hub: HubProcess, source: str, **hello: str) -> str:
    """Say `hello` from an address; give "" if one is let in, or why not."""
    wire = hub.connect()
    wire.send(proxied(source, 4321))
    send(wire, type="hello", **hello)
    return str(frame_of(wire, "welcome", "error").get("code", ""))


def asked(hub: HubProcess, source: str, request: str, body: str = "") -> bytes:
    """Ask over HTTP from an address; give the line of the status."""
    wire = hub.connect()
    length = f"Content-Length: {len(body)}\r\n" if body else ""
    head = f"{request} HTTP/1.1\r\nHost: x\r\n{length}\r\n{body}"
    wire.send(proxied(source, 4321) + head.encode())
    return wire.receive_line() or b""


def test_whom_a_ban_reaches(launch: Launch) -> None:
    """docs/security.md, "What keeping order covers"."""
    flags = ("--proxy", "127.0.0.1", "--allow-plaintext-passwords")
    hub = launch(*flags, console=True)

    def type_and_see(line: str, seen: str) -> None:
        hub.type(line)
        hub.await_output(re.compile(seen))

    for name in ("member", "keeper"):
        wire = hub.connect()
        wire.send(proxied("198.51.100.7", 4321))
        send(wire, type="hello", name=name)
        send(wire, type="account", action="register", password="correct-horse")
        frame_of(wire, "done")
        send(wire, type="bye")
        frame_of(wire, "bye")
    type_and_see(":role keeper moderator", "keeper IS now moderator")
    # An account: it alone, and from everywhere.
    type_and_see(":ban member", "member BANNED by")
    for source in ("198.51.100.7", "198.51.100.8"):
        sign_in = {"name": "member", "password": "correct-horse"}
        assert let_in(hub, source, **sign_in) == "banned"
    assert let_in(hub, "198.51.100.7", name="other") == ""
    # A guest: the name, what looks like it, and the address.
    assert first_line(hub, "198.51.100.20", "Bill")[1].startswith(b"[")
    type_and_see(":ban Bill", "Bill BANNED by")
    assert let_in(hub, "198.51.100.21", name="bill") == "banned"
    assert let_in(hub, "198.51.100.21", name="BiIl") == "banned"
    assert let_in(hub, "198.51.100.20", name="william") == "banned"
    assert let_in(hub, "198.51.100.21", name="william") == ""
    # A network: over HTTP too, and whoever follows hears no more.
    follower = hub.connect()
    follower.send(
        proxied("203.0.113.5", 4321) + b"GET /lobby HTTP/1.1\r\nHost: x\r\n\r\n"
    )
    assert b" 200 " in (follower.receive_line() or b"")
    type_and_see(":ban 203.0.113.0/24", r"203\.0\.113\.0/24 BANNED by")
    hub.type("nobody there is to hear this")
    assert b"to hear this" not in follower.receive_all()
    for request, body in (
        ("GET /lobby?limit=1", ""),
        ("GET /lobby", ""),
        ("POST /lobby", "hi"),
    ):
        assert b" 403 " in asked(hub, "203.0.113.9", request, body)
        assert b" 20" in asked(hub, "203.0.114.9", request, body)
    # Those who keep order are not kept out by their address.
    keeper = {"name": "keeper", "password": "correct-horse"}
    assert let_in(hub, "203.0.113.6", name="stranger") == "banned"
    assert let_in(hub, "203.0.113.6", **keeper) == ""
    # The hub's own machine never is.
    for address in ("127.0.0.1", "127.9.0.0/16", "::1"):
        known = len(hub.output)
        hub.type(f":ban {address}")
        hub.type(f":zzz{known}")
        hub.await_output(re.compile(f"no command :zzz{known}"))
        assert "the hub's own machine, which is never banned" in hub.output[known:]
