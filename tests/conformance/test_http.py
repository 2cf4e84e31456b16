"""HTTP on the chat's port: docs/http.md, and the RFCs it stands on."""

from __future__ import annotations

import gzip
import http.client
import json
from typing import TYPE_CHECKING

import pytest
from tests.conformance.http_client import ask, follow

if TYPE_CHECKING:
    from tests.conformance.hub_process import HubProcess
    from tests.conformance.scene import Scene


@pytest.fixture
def kinds() -> tuple[str, ...]:
    return ("json",)


# --- the page and its files ---------------------------------------------------------


def test_the_page_and_what_it_may_do(hub: HubProcess) -> None:
    """docs/http.md, "What every response says"."""
    page = ask(hub, "GET", "/")
    assert page.status == 200
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_what_has_not_changed_is_not_sent_again(hub: HubProcess) -> None:
    """RFC 9110, section 13.1.2."""
    page = ask(hub, "GET", "/")
    tag = page.headers["ETag"]
    again = ask(hub, "GET", "/", headers={"If-None-Match": f'"x", W/{tag}'})
    assert (again.status, again.body) == (304, b"")
    assert again.headers["ETag"] == tag


def test_files_with_a_hash_are_kept_for_ever(hub: HubProcess) -> None:
    """docs/http.md, "The page": the page names its files by their content."""
    page = ask(hub, "GET", "/").body.decode()
    name = page.partition("/assets/")[2].partition('"')[0]
    kept = ask(hub, "GET", f"/assets/{name}")
    assert kept.status == 200
    assert "immutable" in kept.headers["Cache-Control"]
    plain = ask(hub, "GET", f"/assets/{name.partition('/')[2]}")
    assert plain.body == kept.body
    assert plain.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("target", ["/openapi.json", "/"])
def test_head_is_get_without_the_body(hub: HubProcess, target: str) -> None:
    """RFC 9110, section 9.3.2."""
    whole, head = ask(hub, "GET", target), ask(hub, "HEAD", target)
    assert head.status == 200
    assert head.body == b""
    assert head.headers["Content-Length"] == whole.headers["Content-Length"]


def test_who_can_gunzip_gets_less(hub: HubProcess) -> None:
    """RFC 9110, section 12.5.3. Only what is large enough for it is compressed."""
    page = ask(hub, "GET", "/")
    packed = ask(hub, "GET", "/", headers={"Accept-Encoding": "gzip, br"})
    if packed.headers["Content-Encoding"] is None:
        assert packed.body == page.body
        return
    assert gzip.decompress(packed.body) == page.body
    refused = ask(hub, "GET", "/", headers={"Accept-Encoding": "gzip;q=0"})
    assert refused.body == page.body


@pytest.mark.parametrize(
    "target", ["/nothing", "/assets/../lobby", "/%2e%2e/etc/passwd", "//", "/groups/"]
)
def test_there_is_nothing_elsewhere(hub: HubProcess, target: str) -> None:
    """docs/http.md, "Errors"."""
    ask(hub, "GET", target).refuses(404, "not_found")


# --- posting ------------------------------------------------------------------------


def test_a_post_is_said_and_on_disk(scene: Scene) -> None:
    """docs/http.md, "Saying something": 201 and the message; no coming or going."""
    alice = scene.json("alice")
    name = scene.name("ci")
    said = ask(scene.hub, "POST", f"/lobby?name={name}", "deploy done")
    assert said.status == 201
    frame = said.json()
    assert (frame["from"], frame["to"], frame["text"]) == (name, "lobby", "deploy done")
    alice.await_message(name, "lobby", "deploy done")
    assert alice.frame["seq"] == frame["seq"]
    alice.expect_nothing()


@pytest.mark.parametrize(
    ("kind", "body", "text"),
    [
        ("application/x-www-form-urlencoded", "a=1&b=%41+c", "a=1&b=%41+c"),
        ("text/plain; charset=utf-8", "grüß dich", "grüß dich"),
        ("application/json", '{"text": "one\\ntwo", "more": 1}', "one\ntwo"),
        ("", "no type", "no type"),
    ],
)
def test_the_text_is_the_body(scene: Scene, kind: str, body: str, text: str) -> None:
    """docs/http.md: what `curl -d` sends is the text, as it stands."""
    said = ask(scene.hub, "POST", "/lobby", body, {"Content-Type": kind})
    assert said.json()["text"] == text
    assert said.json()["from"] == "anonymous"


def test_a_name_may_come_in_a_header(scene: Scene) -> None:
    """docs/http.md: `Hubbub-Name`, in UTF-8 as curl sends it; the query goes first."""
    name = scene.name("grüß")
    headers = {"Hubbub-Name": name.encode().decode("latin-1")}
    assert ask(scene.hub, "POST", "/lobby", "x", headers).json()["from"] == name
    other = ask(scene.hub, "POST", "/lobby?name=other", "x", headers)
    assert other.json()["from"] == "other"


def test_an_idempotency_key_is_one_message(scene: Scene) -> None:
    """docs/http.md: tried again it is answered alike, and shown to nobody twice."""
    alice = scene.json("alice")
    target, headers = f"/lobby?name={scene.name('ci')}", {"Idempotency-Key": '"k1"'}
    first = ask(scene.hub, "POST", target, "once", headers)
    again = ask(scene.hub, "POST", target, "once", headers)
    assert (first.status, first.body) == (again.status, again.body)
    alice.await_message(first.json()["from"], "lobby", "once")
    alice.expect_nothing()


def test_a_person_can_be_told(scene: Scene) -> None:
    """docs/http.md: `/users/NAME`, percent-encoded."""
    alice = scene.json("zoë")
    name = http.client.quote(alice.name) if hasattr(http.client, "quote") else ""
    name = name or "".join(f"%{byte:02x}" for byte in alice.name.encode())
    said = ask(scene.hub, "POST", f"/users/{name}?name=ci", "psst")
    assert said.json()["to"] == f"@{alice.name}"
    alice.await_message("ci", f"@{alice.name}", "psst")


def test_who_posts_has_no_seat(scene: Scene) -> None:
    """docs/http.md, "Errors": names that are held, groups, and nobody."""
    alice = scene.json("alice")
    group = scene.group_of(alice)
    hub = scene.hub
    taken = ask(hub, "POST", f"/lobby?name={alice.name.upper()}", "x")
    taken.refuses(409, "name_taken")
    ask(hub, "POST", "/lobby?name=a%20b", "x").refuses(400, "name_invalid")
    ask(hub, "POST", f"/groups/{group}", "x").refuses(403, "not_a_member")
    ask(hub, "POST", "/groups/nothing-there", "x").refuses(404, "group_unknown")
    ask(hub, "POST", "/users/nobody-there", "x").refuses(404, "user_unknown")
    alice.expect_nothing()


@pytest.mark.parametrize(
    ("body", "kind", "status", "code"),
    [
        (b"", "", 400, "text_empty"),
        (b"\xff", "", 400, "not_utf8"),
        (b"x" * 5000, "", 413, "text_too_long"),
        (b"x" * 70_000, "", 413, "body_too_large"),
        (b"x", "multipart/form-data; boundary=x", 415, "type_unsupported"),
        (b"{", "application/json", 400, "bad_frame"),
        (b'{"text": 1}', "application/json", 400, "bad_frame"),
        (b"[" * 60_000, "application/json", 400, "bad_frame"),
        (b'{"text": "\xff"}', "application/json", 400, "not_utf8"),
    ],
)
def test_bodies_that_are_none(
    hub: HubProcess, body: bytes, kind: str, status: int, code: str
) -> None:
    """docs/http.md, "Errors"."""
    ask(hub, "POST", "/lobby", body, {"Content-Type": kind}).refuses(status, code)


# --- following and reading ----------------------------------------------------------


def test_the_lobby_is_followed_as_text(scene: Scene) -> None:
    """docs/http.md, "Following": the lines of the plain dialect, without a name."""
    wire = follow(scene.hub, "/lobby")
    alice = scene.json("alice")
    alice.say("one\ntwo")
    lines = [wire.receive_line() or b"" for _ in range(3)]
    assert lines[0].endswith(f"CONNECTED Name: {alice.name}".encode())
    assert lines[1].endswith(f"{alice.name} >> one".encode())
    assert lines[2].endswith(f"{alice.name} >> two".encode())
    assert alice.name in alice.users()
    wire.close()


def test_the_lobby_is_followed_as_json_lines(scene: Scene) -> None:
    """docs/http.md: `Accept: application/json`; one frame a line."""
    alice = scene.json("alice")
    wire = follow(scene.hub, "/lobby", Accept="application/json")
    alice.say("hi")
    frame = json.loads(wire.receive_line() or b"")
    assert (frame["type"], frame["from"], frame["text"]) == (
        "message",
        alice.name,
        "hi",
    )
    assert "nonce" not in frame
    wire.close()


def test_server_sent_events_go_on_where_they_ended(scene: Scene) -> None:
    """HTML Living Standard, section 9.2: the id comes back as Last-Event-ID."""
    alice = scene.json("alice")
    wire = follow(scene.hub, "/lobby", Accept="text/event-stream")
    alice.say("one")
    ident = (wire.receive_line() or b"").decode().removeprefix("id: ")
    data = (wire.receive_line() or b"").removeprefix(b"data: ")
    assert json.loads(data)["text"] == "one"
    assert wire.receive_line() == b""
    wire.close()
    alice.say("two")
    again = follow(scene.hub, "/lobby", Accept="text/event-stream", Last_Event_ID=ident)
    alice.say("three")
    texts: list[str] = []
    while len(texts) < 2:
        line = again.receive_line() or b""
        frame = json.loads(line[6:]) if line.startswith(b"data: ") else {}
        if frame.get("from") == alice.name:
            texts.append(frame["text"])
    assert texts == ["two", "three"]
    again.close()


def test_a_group_is_followed_by_a_member(scene: Scene) -> None:
    """docs/http.md: a joined session for as long as it follows, and only its room."""
    alice = scene.json("alice")
    group, name = scene.group_of(alice), scene.name("bot")
    wire = follow(scene.hub, f"/groups/{group}?name={name}")
    alice.await_joined(name)
    alice.await_group("joined", group, name)
    alice.say("not this")
    alice.say("tea is ready", f"#{group}")
    assert (wire.receive_line() or b"").endswith(
        f"#{group} {alice.name} >> tea is ready".encode()
    )
    wire.close()
    alice.await_group("left", group, name)
    alice.await_left(name, "lost")


def test_private_messages_are_followed_by_name(scene: Scene) -> None:
    """docs/http.md: `/users/NAME` shows what NAME and the one who follows say."""
    alice, carol = scene.json("alice"), scene.json("carol")
    name = scene.name("bot")
    wire = follow(scene.hub, f"/users/{alice.name}?name={name}", Accept="a/json")
    carol.await_joined(name)
    alice.await_joined(name)
    carol.say("from carol", f"@{name}")
    alice.say("from alice", f"@{name}")
    assert json.loads(wire.receive_line() or b"")["text"] == "from alice"
    wire.close()


def test_who_may_not_follow_is_told_so(scene: Scene) -> None:
    """docs/http.md, "Errors": before the response has begun, with a status."""
    alice = scene.json("alice")
    group = scene.group_of(alice)
    ask(scene.hub, "GET", f"/groups/{group}").refuses(403, "not_joined")
    name = scene.name("bot")
    missing = ask(scene.hub, "GET", f"/groups/nothing-there?name={name}")
    missing.refuses(404, "group_unknown")
    taken = ask(scene.hub, "GET", f"/groups/{group}?name={alice.name}")
    taken.refuses(409, "name_taken")


def test_history_is_read_a_page_at_a_time(scene: Scene) -> None:
    """docs/http.md, "Reading": since, limit, and where the rest is."""
    alice = scene.json("alice")
    seqs: list[int] = []
    for text in ("one", "two", "three"):
        alice.say(text)
        seqs.append(alice.last_seq)
    accept = {"Accept": "application/json"}
    page = ask(scene.hub, "GET", f"/lobby?since={seqs[0] - 1}&limit=2", headers=accept)
    frames = [json.loads(line) for line in page.body.splitlines()]
    assert [frame["text"] for frame in frames] == ["one", "two"]
    target = page.headers["Link"].partition("<")[2].partition(">")[0]
    rest = ask(scene.hub, "GET", target, headers=accept)
    assert json.loads(rest.body)["text"] == "three"
    assert "Link" not in rest.headers
    newest = ask(scene.hub, "GET", "/lobby?limit=1").body.decode()
    assert newest.endswith(f"{alice.name} >> three\n")


@pytest.mark.parametrize(
    "query", ["since=x", "limit=0", "since=-1", "limit=", "since="]
)
def test_numbers_that_are_none(hub: HubProcess, query: str) -> None:
    """docs/http.md, "Errors"."""
    ask(hub, "GET", f"/lobby?{query}").refuses(400, "bad_request")


def test_about_counts_who_only_listens(scene: Scene) -> None:
    """docs/http.md: observers are counted and not listed."""
    alice = scene.json("alice")
    before = ask(scene.hub, "GET", "/about.json").json()["observers"]
    wire = follow(scene.hub, "/lobby")
    about = ask(scene.hub, "GET", "/about.json").json()
    assert about["observers"] == before + 1
    assert alice.name in about["users"]
    assert about["urls"] == [f"http://{scene.hub.host}:{scene.hub.port}/"]
    wire.close()
