"""Access tokens in chat, and sessions that come in with one: docs/protocol.md."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from tests.conformance.http_client import ask
from tests.conformance.raw_frames import enter, frame_of, send, settled
from tests.conformance.tokens import Token, make_token, order, revoke

if TYPE_CHECKING:
    from tests.conformance.conftest import Launch
    from tests.conformance.hub_process import HubProcess
    from tests.conformance.scene import Scene
    from tests.conformance.speakers.wire import Wire


@pytest.fixture
def kinds() -> tuple[str, ...]:
    return ("json",)


def come_in(
    hub: HubProcess, token: Token, **fields: object
) -> tuple[Wire, dict[str, Any]]:
    """Come in with a token; give the welcome."""
    wire = hub.connect()
    send(wire, type="hello", token=token.secret, **fields)
    return wire, frame_of(wire, "welcome", "error")


def test_a_program_comes_in_without_a_name(scene: Scene) -> None:
    """It is its account's, and the others see it come; a name has to fit."""
    alice, name = scene.json("alice"), scene.name("bot")
    token = make_token(scene.hub, name, post=("all",), read=("all",))
    wire, welcome = come_in(scene.hub, token)
    assert welcome["name"] == name
    assert alice.name in welcome["users"]
    alice.await_joined(name)
    send(wire, type="send", to=f"@{alice.name}", text="hi", nonce="n1")
    assert frame_of(wire, "message")["nonce"] == "n1"
    alice.await_message(name, f"@{alice.name}", "hi")
    _, refused = come_in(scene.hub, token, name="another")
    assert refused["code"] == "name_invalid"
    _, refused = come_in(scene.hub, token._replace(secret="hub_none"))
    assert refused["code"] == "token_invalid"


def test_nothing_beyond_the_scope_is_heard(scene: Scene) -> None:
    """Live, and in the same way after it has been away; presence is the lobby's."""
    alice, hub, name = scene.json("alice"), scene.hub, scene.name("bot")
    group = scene.group_of(alice)
    token = make_token(hub, name, post=(f"#{group}",), read=(f"#{group}",))
    token.ask(hub, "POST", f"/groups/{group}", "first")
    wire, welcome = come_in(hub, token)
    assert (welcome["users"], welcome["groups"]) == ([], [group])
    alice.say("to all")
    alice.say("to you", f"@{name}")
    alice.say("to the group", f"#{group}")
    alice.settle()
    scene.json("carol")
    assert [one["text"] for one in settled(wire)] == ["to the group"]
    wire.close()
    alice.say("to all again")
    alice.say("to the group again", f"#{group}")
    every = ("message", "joined", "left", "group", "room")
    seen = {"token": welcome["token"], "after": welcome["seq"]}
    wire, again = come_in(hub, token, resume=seen)
    assert again["resumed"] is True
    texts = [frame_of(wire, *every)["text"] for _ in range(2)]
    assert texts == ["to the group", "to the group again"]
    assert settled(wire) == []


def test_what_can_not_be_read_is_acknowledged_all_the_same(scene: Scene) -> None:
    """To who said it, also when they say it again."""
    alice, name = scene.json("alice"), scene.name("bot")
    token = make_token(scene.hub, name, post=("lobby",))
    wire, _ = come_in(scene.hub, token)
    send(wire, type="send", to="lobby", text="done", nonce="n1")
    first = frame_of(wire, "message")
    assert (first["nonce"], first["text"]) == ("n1", "done")
    alice.say("never heard")
    send(wire, type="send", to="lobby", text="done", nonce="n1")
    assert frame_of(wire, "message") == first
    wire.close()
    wire, _ = come_in(scene.hub, token)
    send(wire, type="send", to="lobby", text="done", nonce="n1")
    assert frame_of(wire, "message") == first
    assert settled(wire) == []


def test_a_scope_and_a_token_are_not_got_round(scene: Scene) -> None:
    """No other room, no moderation, no account, no token, whatever one is."""
    alice, hub, name = scene.json("alice"), scene.hub, scene.name("bot")
    token = make_token(hub, name, post=("#x",), read=("#x",))
    order(hub, type="admin", action="create", name=name, role="owner", hash="")
    wire, _ = come_in(hub, token)
    alice.settle()
    for frame in (
        {"type": "send", "to": "lobby", "text": "hi"},
        {"type": "send", "to": f"@{alice.name}", "text": "hi"},
        {"type": "history", "of": "lobby"},
        {"type": "users"},
        {"type": "group", "action": "list"},
        {"type": "group", "action": "create", "name": "mine"},
        {"type": "group", "action": "kick", "name": "x", "user": alice.name},
        {"type": "admin", "action": "list"},
        {"type": "admin", "action": "kick", "name": alice.name},
        {"type": "admin", "action": "announce", "text": "hi"},
        {"type": "admin", "action": "delete", "message": 1},
        {"type": "admin", "action": "audit"},
        {"type": "account", "action": "logout-others"},
        {"type": "account", "action": "passwd", "password": "a" * 9, "new": "b" * 9},
        {"type": "token", "action": "create", "post": ["all"]},
        {"type": "token", "action": "list"},
        {"type": "token", "action": "revoke", "id": token.id},
    ):
        send(wire, **frame)
        error = frame_of(wire, "error")
        assert (error["code"], error["re"]) == ("token_scope", frame["type"]), frame
    alice.expect_nothing()


def test_a_session_ends_with_its_token(scene: Scene) -> None:
    """docs/protocol.md, "Access tokens": within seconds, and with a reason."""
    name = scene.name("bot")
    token = make_token(scene.hub, name, read=("lobby",))
    wire, _ = come_in(scene.hub, token)
    revoke(scene.hub, token)
    assert frame_of(wire, "bye")["code"] == "token_revoked"
    assert wire.receive_line() is None
    short = make_token(scene.hub, name, read=("lobby",), seconds=1)
    wire, _ = come_in(scene.hub, short)
    assert frame_of(wire, "bye")["code"] == "token_expired"
    short.ask(scene.hub, "GET", "/lobby?limit=1").refuses(401, "token_invalid")


def test_a_person_is_not_here_because_a_program_of_theirs_is(launch: Launch) -> None:
    """Nobody is told, and what waits for them goes on waiting."""
    hub = launch()
    bob, ann = enter(hub, "bob"), enter(hub, "ann")
    send(ann, type="account", action="register", password="correct horse")
    frame_of(ann, "done")
    token = make_token(hub, "ann", post=("lobby",), read=("all",))
    send(ann, type="bye")
    frame_of(bob, "left")
    send(bob, type="send", to="@ann", text="for you")
    frame_of(bob, "message")
    wire, welcome = come_in(hub, token)
    assert welcome["users"] == ["bob"]
    send(wire, type="send", to="lobby", text="by a program")
    assert frame_of(bob, "joined", "message")["from"] == "ann"
    send(bob, type="send", to="@ann", text="and this")
    assert frame_of(wire, "message")["text"] == "by a program"
    assert frame_of(wire, "message")["text"] == "and this"
    wire.close()
    ann = hub.connect()
    send(ann, type="hello", name="ann", password="correct horse")
    waiting = frame_of(ann, "waiting")["messages"]
    assert [one["text"] for one in waiting] == ["for you", "and this"]


def test_what_waited_for_a_program_is_shown_within_its_scope(launch: Launch) -> None:
    hub = launch()
    token = make_token(hub, "bot", read=("@ann",))
    for name in ("ann", "bob"):
        wire = enter(hub, name)
        send(wire, type="send", to="@bot", text=f"from {name}")
        frame_of(wire, "message")
    wire, _ = come_in(hub, token)
    waiting = frame_of(wire, "waiting")["messages"]
    assert [one["text"] for one in waiting] == ["from ann"]


def test_a_member_makes_lists_and_revokes_their_own(launch: Launch) -> None:
    """In lines; a guest is told how to have a name of their own."""
    hub = launch()
    ann = hub.connect()
    ann.send(b"ann\n:token new read lobby\n:register correct horse\n")
    ann.send(b":token new post lobby #tea read @Bob for 90d\n:tokens\n")
    said = ""
    while "1 token" not in said:
        said += (ann.receive_line() or b"the end").decode() + "\n"
    assert "error: only whose name is their own may do that" in said
    secret = re.search(r"^  (hub_\w{30})$", said, re.MULTILINE)
    assert secret is not None
    listed = (ann.receive_line() or b"").decode()
    number = re.match(r"  (\d+) of ann to post lobby #tea read @bob, until ", listed)
    assert number is not None
    assert f"ends in {secret[1][-4:]}" in listed
    header = {"Authorization": f"Bearer {secret[1]}"}
    assert ask(hub, "POST", "/lobby", "x", header).json()["from"] == "ann"
    assert b"ann >> x" in (ann.receive_line() or b"")
    ann.send(f":token revoke {number[1]}\n:token revoke 1\n:tokens\n".encode())
    assert b"The token is good no more" in (ann.receive_line() or b"")
    assert b"error: there is no token 1" in (ann.receive_line() or b"")
    assert b"No tokens" in (ann.receive_line() or b"")
    ask(hub, "POST", "/lobby", "x", header).refuses(401, "token_invalid")


@pytest.mark.parametrize(
    "line",
    ["new", "new lobby", "new post", "new post lobby for", "new post lobby for ever",
     "new a b post lobby", "revoke", "revoke x", "make", ""],
)  # fmt: skip
def test_lines_that_make_no_token(scene: Scene, line: str) -> None:
    ann = scene.plain("ann")
    ann.write(f":token {line}".rstrip())
    assert ":token new [post <where>...]" in ann.read()


def test_the_trail_and_the_log_have_no_token(launch: Launch) -> None:
    """docs/security.md: neither the JSON log nor `--trace` shows one."""
    hub = launch("--trace", "--log-format", "json", console=True)
    token = make_token(hub, "bot", post=("lobby",), read=("lobby",))
    token.ask(hub, "POST", "/lobby", "said")
    wire, _ = come_in(hub, token)
    hub.type(":token new other post lobby")
    hub.await_output(re.compile("not logged"))
    send(wire, type="bye")
    frame_of(wire, "bye")
    hub.stop()
    assert token.secret not in hub.output
    assert re.search(r"hub_\w{12}", hub.output) is None


def test_an_owner_sees_the_trail_of_tokens(launch: Launch) -> None:
    hub = launch(console=True)
    token = make_token(hub, "bot", post=("#tea",))
    revoke(hub, token)
    hub.type(":audit")
    hub.await_output(re.compile(r"TOKEN of bot MADE by SERVER: post #tea"))
    hub.await_output(re.compile(r"TOKEN of bot REVOKED by SERVER"))
    assert token.secret not in hub.output
    assert json.dumps(order(hub, type="token", action="list")).find("bot") < 0


@pytest.mark.parametrize("flags", [(), ("--require-tls",)])
def test_the_operator_makes_one_while_the_hub_runs(
    launch: Launch, flags: tuple[str, ...]
) -> None:
    """README, "Bots and scripts": the line that is printed works as it is."""
    hub = launch(*flags)
    made = hubbub(hub, "create", "ci", "--post", "lobby", "--expires", "1h")
    token = made.stdout.removesuffix("\n")
    line = made.stderr.splitlines()[-1].strip()
    ran = subprocess.run(
        ["bash", "-c", f"{line} -s"], capture_output=True, text=True, check=True
    )
    assert json.loads(ran.stdout)["from"] == "ci"
    listed = hubbub(hub, "list").stdout
    assert token[-4:] in listed
    assert token not in listed
    number = re.findall(r"^(\d+) +ci ", listed, re.MULTILINE)
    hubbub(hub, "revoke", *number)
    again = subprocess.run(
        ["bash", "-c", f"{line} -s"], capture_output=True, text=True, check=True
    )
    assert json.loads(again.stdout)["code"] == "token_invalid"


def hubbub(hub: HubProcess, *words: str) -> subprocess.CompletedProcess[str]:
    """Run `hubbub token` beside the hub."""
    command = [
        sys.executable,
        "-m",
        "hubbub.app",
        "token",
        *words,
        "--data",
        str(hub.data),
    ]
    return subprocess.run(command, capture_output=True, text=True, check=True)
