"""Access tokens at a node, whose disk, clock and users change."""

from __future__ import annotations

from typing import Any

import pytest
from tests.unit.node.harness import Client, World, codes, kinds, texts

from hubbub.hub import Repeated
from hubbub.journal import JournalError
from hubbub.model.access import CreateToken
from hubbub.model.events import SERVER_ID
from hubbub.node.tokens import hash_token

TOKEN = "hub_" + "0" * 30


def give(
    world: World,
    *,
    name: str = "ci",
    post: tuple[str, ...] = ("all",),
    read: tuple[str, ...] = ("all",),
    seconds: int | None = None,
) -> None:
    """Have a token in the state and in the journal, as one that was made before."""
    made = CreateToken(hash_token(TOKEN), TOKEN[-4:], post, read, seconds, name)
    outcome: Any = world.hub.execute(SERVER_ID, made, world.now.wall)
    assert not isinstance(outcome, Repeated)
    world.journal.append([event for event, _ in outcome])


def hello(world: World, host: str = "127.0.0.1", **fields: Any) -> Client:
    """Say hello with the token; what came is still to be taken."""
    client = world.connect(host)
    client.put("hello", token=TOKEN, **fields)
    world.run()
    return client


def post(world: World, text: str, key: str = "", host: str = "127.0.0.1") -> str:
    """Post to the lobby over HTTP; give the whole answer."""
    client = world.connect(host)
    head = f"Idempotency-Key: {key}\r\n" if key else ""
    request = (
        f"POST /lobby HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}\r\n"
        f"{head}Content-Length: {len(text)}\r\n\r\n{text}"
    )
    world.node.receive(client.session, request.encode(), world.now)
    world.run()
    return client.text()


def get(world: World, target: str) -> Client:
    """Ask for something over HTTP by the right of the token."""
    client = world.connect()
    request = (
        f"GET {target} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}\r\n"
        "Accept: application/json\r\n\r\n"
    )
    world.node.receive(client.session, request.encode(), world.now)
    return client


def test_who_can_not_be_stored_is_not_in() -> None:
    """The same connection comes in when the disk is mended, and hears its scope."""
    world = World()
    give(world, read=("lobby",))
    world.journal.writes = False
    bot = world.connect()
    assert codes(bot.send("hello", token=TOKEN)) == [("storage_unavailable", "hello")]
    assert bot.session.user is None
    assert codes(bot.send("users")) == [("not_joined", "users")]
    world.journal.writes = True
    world.wait(1)
    assert kinds(bot.send("hello", token=TOKEN)) == ["welcome"]


def test_a_post_that_can_not_be_stored_is_not_said() -> None:
    """503; with the same key it is one message afterwards."""
    world = World()
    give(world)
    world.journal.writes = False
    assert " 503 " in post(world, "hi", "k1")
    world.journal.writes = True
    world.wait(1)
    assert " 201 " in post(world, "hi", "k1")
    assert " 201 " in post(world, "hi", "k1")
    ann = world.json("ann")
    page = ann.send("history", of="lobby")[0]["messages"]
    assert [one["text"] for one in page] == ["hi"]


def test_a_message_that_is_not_kept_is_acknowledged_all_the_same() -> None:
    """By who posts over HTTP, and by who comes in and can't read where they say it."""
    world = World(keep_seconds=10.0, snapshot_every=1)
    give(world, post=("lobby",), read=())
    first = post(world, "hi", "k1")
    bot = hello(world)
    bot.take()
    (said,) = bot.send("send", to="lobby", text="ho", nonce="n1")
    world.wait(60)
    for _ in range(3):
        world.json(f"guest{world.now.wall}")
        world.wait(20)
    bot.take()
    assert world.journal.find(said["seq"]) is None
    again = post(world, "hi", "k1")
    assert first.partition('"seq":')[2][:2] == again.partition('"seq":')[2][:2]
    (repeated,) = bot.send("send", to="lobby", text="ho", nonce="n1")
    assert (repeated["seq"], repeated["nonce"]) == (said["seq"], "n1")


def test_what_can_not_be_looked_up_again_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = World()
    give(world, read=())
    post(world, "hi", "k1")

    def find(_seq: int) -> None:
        raise JournalError("the disk is gone")

    monkeypatch.setattr(world.journal, "find", find)
    assert " 503 " in post(world, "hi", "k1")


def test_a_token_ends_by_the_wall_clock() -> None:
    """Two seconds late at the most; a clock that jumps ahead ends it as well."""
    world = World()
    give(world, seconds=100)
    bot = hello(world)
    world.wait(95)
    assert bot.session.is_open
    bot.take()
    world.wait(7)
    (bye,) = (one for one in bot.take() if one["type"] == "bye")
    assert bye["code"] == "token_expired"
    world = World()
    give(world, seconds=3600)
    bot = hello(world)
    world.wait(3, wall=3_600_000)
    assert bot.take()[-1]["code"] == "token_expired"


def test_a_question_of_a_token_that_has_just_ended() -> None:
    """Asked and revoked in the same turn: it is answered by what is so then."""
    world = World()
    give(world)
    ann = world.json("ann")
    page = get(world, "/lobby?limit=1")
    console = world.console()
    console.type(f":token revoke {world.hub.state.access[hash_token(TOKEN)].id}")
    world.run()
    assert " 401 " in page.text()
    assert not texts(ann.take())


def test_a_stream_is_caught_up_as_its_user_was() -> None:
    """From Last-Event-ID on: nothing of a group from before it joined, or of others."""
    world = World()
    give(world)
    ann = world.json("ann")
    ann.send("group", action="create", name="tea")
    ann.send("send", to="#tea", text="before")
    assert '"text":"before"' in get_all(world, "/groups/tea?since=0")
    ann.send("send", to="#tea", text="after")
    client = world.connect()
    request = (
        f"GET /groups/tea HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}\r\n"
        "Accept: text/event-stream\r\nLast-Event-ID: j.1\r\n\r\n"
    )
    world.node.receive(client.session, request.encode(), world.now)
    world.run()
    told = client.text()
    assert '"text":"after"' in told
    assert '"text":"before"' not in told


def get_all(world: World, target: str) -> str:
    """Give the whole answer to a request."""
    client = get(world, target)
    world.run()
    return client.text()


def test_a_password_that_is_changed_logs_no_program_out() -> None:
    """A token is revoked by itself; devices of the account are another thing."""
    world = World()
    ann = world.json("ann")
    ann.send("account", action="register", password="correct horse")
    give(world, name="ann")
    bot = hello(world)
    ann.send("account", action="logout-others")
    assert bot.session.is_open
    ann.send("account", action="unregister", password="correct horse")
    assert bot.take()[-1]["code"] == "token_revoked"


def test_secrets_are_neither_taken_nor_told_where_others_listen() -> None:
    world = World()
    give(world)
    bot = hello(world, host="192.0.2.1")
    assert codes(bot.take()) == [("not_secure", "hello")]
    assert " 403 " in post(world, "hi", host="192.0.2.1")
    ann = world.connect("192.0.2.1")
    ann.send("hello", name="ann")
    got = ann.send("token", action="create", post=["lobby"])
    assert codes(got) == [("not_secure", "token")]


def test_requests_of_a_program_are_counted_together() -> None:
    """docs/limits.md, `rate`: of one account, also on a new connection for each."""
    # A whole request over HTTP is two: asked, and answered in full.
    world = World(rate=1, burst=6)
    give(world)
    answers = [post(world, f"{number}") for number in range(5)]
    assert [" 201 " in one for one in answers] == [True] * 3 + [False] * 2
    late = world.clients[-2:]
    world.wait(1)
    assert [" 201 " in one.text() for one in late] == [True, False]
    late[1].drop()
    world.wait(5)
    assert world.hub.state.seq == len(["account", "token", 0, 1, 2, 3])


def test_what_is_asked_under_a_token_and_refused() -> None:
    """By status, and nobody is told anything; wrong ones are counted."""
    world = World()
    give(world, read=("#tea", "@bob"))
    ann = world.json("ann")
    for target, code in (
        ("/lobby?limit=1", "token_scope"),
        ("/groups/tea?limit=1", "group_unknown"),
        ("/users/bob", "user_unknown"),
        ("/lobby?limit=1&name=bob", "name_invalid"),
    ):
        assert f'"code":"{code}"' in get_all(world, target)
    ann.send("group", action="create", name="tea", private=True)
    assert '"code":"not_invited"' in get_all(world, "/groups/tea")
    assert '"code":"not_invited"' in get_all(world, "/groups/tea?limit=1")
    console = world.console()
    console.type(":ban ci")
    world.run()
    assert '"code":"banned"' in get_all(world, "/groups/tea")
    tried = [codes(hello_wrong(world).take())[0][0] for _ in range(6)]
    assert tried == ["token_invalid"] * 5 + ["too_many_tries"]


def hello_wrong(world: World) -> Client:
    """Say hello with what is no token."""
    client = world.connect()
    client.put("hello", token="hub_none")
    world.run()
    return client


def test_what_follows_ends_with_a_ban_and_with_the_token() -> None:
    """A room, by its last line; the writer is one for all that follow it."""
    world = World()
    give(world)
    one, other = get(world, "/lobby"), get(world, "/lobby")
    world.run()
    assert one.session.writer is other.session.writer
    ann = world.json("ann")
    ann.send("send", to="@ci", text="hi")
    ann.send("send", to="lobby", text="all")
    assert '"text":"all"' in one.text()
    console = world.console()
    console.type(":ban ci")
    world.run()
    assert '"code":"banned"' in one.text()
    assert not one.session.is_open


def test_in_lines_and_at_the_console() -> None:
    """The token is told once, and to nobody else."""
    world = World()
    ann = world.plain("ann")
    console = world.console()
    console.type(":token new ci post lobby read #tea for 1h", ":tokens")
    world.run()
    made, token, over_http, count, listed = console.lines()[:5]
    assert made.startswith("Token 3 of ci to post lobby read #tea, until ")
    assert not token
    assert over_http.startswith("Over HTTP: Authorization: Bearer hub_")
    assert count == "1 token"
    assert not listed
    console.type(":token revoke 3", ":tokens")
    world.run()
    assert console.lines() == [
        "The token is good no more",
        "No tokens; make one with :token new",
    ]
    assert ann.lines() == []
