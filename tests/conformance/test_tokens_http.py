"""Access tokens over HTTP: docs/http.md, "Programs", and RFC 6750."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from tests.conformance.http_client import ask, follow
from tests.conformance.raw_frames import enter, frame_of, send, settled
from tests.conformance.speakers.words import Left
from tests.conformance.test_tls import proxied
from tests.conformance.tokens import Token, make_token, order, revoke

if TYPE_CHECKING:
    from tests.conformance.conftest import Launch
    from tests.conformance.hub_process import HubProcess
    from tests.conformance.scene import Scene
    from tests.conformance.speakers.wire import Wire

JSON = {"Accept": "application/json"}
SSE = "text/event-stream"


@pytest.fixture
def kinds() -> tuple[str, ...]:
    return ("json",)


def frames_of(body: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in body.splitlines()]


def event_of(wire: Wire) -> tuple[str, dict[str, Any]]:
    """Read one server-sent event: its id, and its frame."""
    ident = ""
    while True:
        line = (wire.receive_line() or b"").decode()
        if line.startswith("id: "):
            ident = line.removeprefix("id: ")
        if line.startswith("data: "):
            return ident, json.loads(line.removeprefix("data: "))


def test_a_program_posts_as_its_account(scene: Scene) -> None:
    """To all, to a person, and to a group, which it joins; a key is one message."""
    alice = scene.json("alice")
    group, name = scene.group_of(alice), scene.name("ci")
    token = make_token(scene.hub, name, post=("all",))
    lobby = token.ask(scene.hub, "POST", "/lobby", "deployed")
    assert lobby.status == 201
    assert (lobby.json()["from"], lobby.json()["to"]) == (name, "lobby")
    alice.await_message(name, "lobby", "deployed")
    direct = token.ask(scene.hub, "POST", f"/users/{alice.name}", "psst")
    assert direct.json()["to"] == f"@{alice.name}"
    alice.await_message(name, f"@{alice.name}", "psst")
    key = {"Idempotency-Key": "k1"}
    first = token.ask(scene.hub, "POST", f"/groups/{group}", "tea is ready", key)
    again = token.ask(scene.hub, "POST", f"/groups/{group}", "tea is ready", key)
    assert (first.status, first.json()) == (201, again.json())
    alice.await_group("joined", group, name)
    alice.await_message(name, f"#{group}", "tea is ready")
    alice.expect_nothing()


def test_history_of_a_group_and_of_a_conversation(scene: Scene) -> None:
    """As text and as JSON, page by page, and the newest with `limit` alone."""
    alice, bob = scene.json("alice"), scene.json("bob")
    group, name = scene.group_of(alice), scene.name("ci")
    token = make_token(scene.hub, name, post=("all",), read=("all",))
    token.ask(scene.hub, "POST", f"/groups/{group}", "zero")
    alice.await_group("joined", group, name)
    for to in (f"#{group}", f"@{name}"):
        for text in ("one", "two"):
            alice.say(text, to)
    bob.say("not for that page", f"@{name}")
    token.ask(scene.hub, "POST", f"/users/{alice.name}", "three")
    for where, texts in (
        (f"/groups/{group}", ["zero", "one", "two"]),
        (f"/users/{alice.name}", ["one", "two", "three"]),
    ):
        page = token.ask(scene.hub, "GET", f"{where}?since=0&limit=2", None, JSON)
        assert [frame["text"] for frame in frames_of(page.body)] == texts[:2]
        target = page.headers["Link"].partition("<")[2].partition(">")[0]
        assert target.startswith(f"{where}?since=")
        assert target.endswith("&limit=2")
        rest = token.ask(scene.hub, "GET", target, None, JSON)
        assert [frame["text"] for frame in frames_of(rest.body)] == texts[2:]
        assert "Link" not in rest.headers
        newest = token.ask(scene.hub, "GET", f"{where}?limit=1").body.decode()
        assert newest.endswith(f">> {texts[2]}\n")
        head = token.ask(scene.hub, "HEAD", where)
        assert (head.status, head.body) == (200, b"")


def test_what_is_said_to_others_is_not_read(scene: Scene) -> None:
    """A private group needs an invitation, and no page has others' words."""
    alice, bob = scene.json("alice"), scene.json("bob")
    hub, name = scene.hub, scene.name("ci")
    token = make_token(hub, name, post=("all",), read=("all",))
    alice.say("a secret", f"@{bob.name}")
    page = token.ask(hub, "GET", f"/users/{alice.name}?limit=9")
    assert (page.status, page.body) == (200, b"")
    private = scene.name("private")
    alice.order_group("create", private, private=True)
    alice.settle()
    for method, target in (("POST", ""), ("GET", "?limit=1"), ("GET", "")):
        body = "hi" if method == "POST" else None
        refused = token.ask(hub, method, f"/groups/{private}{target}", body)
        refused.refuses(403, "not_invited")
    token.ask(hub, "GET", "/users/nobody-there?limit=1").refuses(404, "user_unknown")
    token.ask(hub, "GET", "/groups/nothing?limit=1").refuses(404, "group_unknown")
    alice.expect_nothing()


def test_a_scope_is_looked_at_before_anything_is_sent(scene: Scene) -> None:
    """403 and `insufficient_scope` (RFC 6750, section 3.1), before a stream begins."""
    alice = scene.json("alice")
    group, hub = scene.group_of(alice), scene.hub
    token = make_token(hub, scene.name("ci"), post=("lobby",), read=(f"#{group}",))
    for method, target in (
        ("POST", f"/groups/{group}"),
        ("POST", f"/users/{alice.name}"),
        ("GET", "/lobby"),
        ("HEAD", "/lobby"),
        ("GET", "/lobby?limit=1"),
        ("GET", f"/users/{alice.name}"),
        ("GET", f"/users/{alice.name}?since=0"),
    ):
        refused = token.ask(hub, method, target, "hi" if method == "POST" else None)
        challenge = refused.headers["WWW-Authenticate"]
        assert refused.status == 403, (method, target)
        assert challenge == 'Bearer realm="hubbub", error="insufficient_scope"'
        if method != "HEAD":
            refused.refuses(403, "token_scope")
    alice.expect_nothing()


def test_a_token_that_is_none(launch: Launch) -> None:
    """401 and `invalid_token`; another scheme is somebody else's, and no token."""
    hub = launch()
    token = make_token(hub, "ci", post=("lobby",))
    revoke(hub, token)
    for shown, method, target in (
        ("hub_" + "0" * 30, "POST", "/lobby"),
        ("", "GET", "/lobby?limit=1"),
        ("nonsense", "GET", "/lobby"),
        (token.secret, "HEAD", "/groups/tea"),
    ):
        header = {"Authorization": f"Bearer {shown}"}
        refused = ask(hub, method, target, "x" if method == "POST" else None, header)
        challenge = refused.headers["WWW-Authenticate"]
        assert refused.status == 401
        assert challenge == 'Bearer realm="hubbub", error="invalid_token"'
        if method != "HEAD":
            refused.refuses(401, "token_invalid")
    basic = {"Authorization": "Basic eDp5"}
    said = ask(hub, "POST", "/lobby", "by a proxy's user", basic)
    assert said.json()["from"] == "anonymous"


def test_wrong_ones_are_counted_and_good_ones_go_on(launch: Launch) -> None:
    """docs/limits.md, "What is fixed": five from an address, then a wait: 429."""
    hub = launch()
    token = make_token(hub, "ci", post=("lobby",))
    wrong = {"Authorization": "Bearer hub_wrong"}
    answers = [ask(hub, "POST", "/lobby", "x", wrong) for _ in range(6)]
    assert [one.status for one in answers[:5]] == [401] * 5
    # The wait doubles: however slow a machine is, it comes to wait.
    while answers[-1].status == 401 and len(answers) < 15:
        answers.append(ask(hub, "POST", "/lobby", "x", wrong))
    answers[-1].refuses(429, "too_many_tries")
    assert answers[-1].headers["Retry-After"]
    assert token.ask(hub, "POST", "/lobby", "x").status == 201


def test_a_name_beside_a_token_has_to_fit(scene: Scene) -> None:
    hub, name = scene.hub, scene.name("ci")
    token = make_token(hub, name, post=("lobby",), read=("lobby",))
    assert token.ask(hub, "POST", f"/lobby?name={name.upper()}", "x").status == 201
    token.ask(hub, "POST", "/lobby?name=bob", "x").refuses(400, "name_invalid")
    token.ask(hub, "GET", "/lobby?name=bob").refuses(400, "name_invalid")


def test_a_page_from_elsewhere_may_not_even_read_with_one(scene: Scene) -> None:
    """docs/http.md, "Pages from elsewhere"."""
    token = make_token(scene.hub, scene.name("ci"), post=("all",), read=("all",))
    evil = {"Origin": "http://evil.example"}
    for method, target in (("POST", "/lobby"), ("GET", "/lobby?limit=1")):
        body = "x" if method == "POST" else None
        refused = token.ask(scene.hub, method, target, body, evil)
        refused.refuses(403, "origin_refused")


@pytest.mark.parametrize("flag", ["--members-only", "--password-file"])
def test_where_nobody_else_comes_in_by_http(
    launch: Launch, flag: str, tmp_path: Any
) -> None:
    """A token is enough there; without one nothing is said or heard."""
    secret = tmp_path / "secret"
    secret.write_text("correct horse\n")
    flags = (flag,) if flag == "--members-only" else (flag, str(secret))
    hub = launch(*flags)
    token = make_token(hub, "ci", post=("lobby",), read=("lobby",))
    ask(hub, "POST", "/lobby", "x").refuses(403, "not_allowed")
    ask(hub, "GET", "/lobby?limit=1").refuses(403, "not_allowed")
    assert token.ask(hub, "POST", "/lobby", "x").status == 201
    assert token.ask(hub, "GET", "/lobby?limit=1").body.endswith(b"ci >> x\n")
    wire = follow(hub, "/lobby", **token.header)
    token.ask(hub, "POST", "/lobby", "y")
    assert (wire.receive_line() or b"").endswith(b"ci >> y")


def test_a_token_is_not_taken_where_others_listen(launch: Launch) -> None:
    """As a password: from elsewhere over TLS alone."""
    hub = launch("--proxy", "127.0.0.1")
    token = make_token(hub, "ci", post=("lobby",))
    wire = hub.connect()
    head = (
        f"POST /lobby HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token.secret}\r\n"
    )
    wire.send(proxied("198.51.100.7", 4321) + head.encode())
    wire.send(b"Content-Length: 1\r\nConnection: close\r\n\r\nx")
    answer = wire.receive_all()
    assert b" 403 " in answer.partition(b"\r\n")[0]
    assert b"not_secure" in answer


# --- following ----------------------------------------------------------------------


def follows(hub: HubProcess, token: Token, target: str, **headers: str) -> Wire:
    return follow(hub, target, **token.header, **headers)


@pytest.mark.parametrize("room", ["group", "person"])
def test_events_go_on_where_they_ended(scene: Scene, room: str) -> None:
    """Last-Event-ID in a group and in a conversation: no gap, own words among it."""
    alice, hub, name = scene.json("alice"), scene.hub, scene.name("ci")
    group = scene.group_of(alice)
    token = make_token(hub, name, post=("all",), read=("all",))
    token.ask(hub, "POST", f"/groups/{group}", "before")
    where = f"/groups/{group}" if room == "group" else f"/users/{alice.name}"
    to = f"#{group}" if room == "group" else f"@{name}"
    wire = follows(hub, token, where, Accept=SSE)
    alice.say("one", to)
    token.ask(hub, "POST", where, "two")
    assert event_of(wire)[1]["text"] == "one"
    ident, frame = event_of(wire)
    assert (frame["from"], frame["text"]) == (name, "two")
    wire.close()
    while alice.hear() != Left(name, "lost"):
        pass
    alice.say("three", to)
    alice.say("not there")
    token.ask(hub, "POST", where, "four")
    again = follows(hub, token, where, Accept=SSE, Last_Event_ID=ident)
    assert [event_of(again)[1]["text"] for _ in range(2)] == ["three", "four"]
    alice.say("five", to)
    assert event_of(again)[1]["text"] == "five"


def test_a_stream_ends_with_its_token_and_says_why(scene: Scene) -> None:
    """docs/http.md, "Following": in each form."""
    alice, hub, name = scene.json("alice"), scene.hub, scene.name("ci")
    group = scene.group_of(alice)
    token = make_token(hub, name, post=("all",), read=("all",))
    text = follows(hub, token, f"/groups/{group}")
    lines = follows(hub, token, "/lobby", Accept="application/json")
    events = follows(hub, token, f"/users/{alice.name}", Accept=SSE)
    revoke(hub, token)
    assert text.receive_all().endswith(b"your token was revoked; make another\n")
    assert frame_of(lines, "bye")["code"] == "token_revoked"
    assert event_of(events)[1]["code"] == "token_revoked"
    assert lines.receive_line() is None


@pytest.mark.parametrize("how", ["stop", "kill"])
def test_a_token_outlives_the_hub(launch: Launch, how: str) -> None:
    """Its hash is in the journal; one that was revoked stays revoked."""
    hub = launch()
    token = make_token(hub, "ci", post=("lobby",), read=("lobby",))
    gone = make_token(hub, "ci", post=("lobby",))
    revoke(hub, gone)
    token.ask(hub, "POST", "/lobby", "before")
    hub.stop() if how == "stop" else hub.kill()
    again = launch()
    assert token.ask(again, "POST", "/lobby", "after").status == 201
    page = token.ask(again, "GET", "/lobby?since=0", None, JSON)
    assert [frame["text"] for frame in frames_of(page.body)] == ["before", "after"]
    gone.ask(again, "POST", "/lobby", "x").refuses(401, "token_invalid")


def test_who_is_banned_is_so_by_token_too(launch: Launch) -> None:
    """And what they follow ends; closing the account ends the token for good."""
    hub = launch()
    token = make_token(hub, "ci", post=("lobby",), read=("lobby",))
    wire = follows(hub, token, "/lobby", Accept="application/json")
    order(hub, type="admin", action="ban", name="ci")
    assert frame_of(wire, "bye")["code"] == "banned"
    token.ask(hub, "POST", "/lobby", "x").refuses(403, "banned")
    ann = enter(hub, "ann")
    send(ann, type="account", action="register", password="correct horse")
    frame_of(ann, "done")
    send(ann, type="token", action="create", post=["lobby"])
    own = Token(frame_of(ann, "token")["token"], 0, "ann")
    assert own.ask(hub, "POST", "/lobby", "x").status == 201
    send(ann, type="account", action="unregister", password="correct horse")
    frame_of(ann, "done")
    own.ask(hub, "POST", "/lobby", "x").refuses(401, "token_invalid")
    assert settled(ann) == []
