"""The JSON dialect: what its frames carry beyond the words of all dialects."""

from __future__ import annotations

import datetime
import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conformance.scene import Scene


@pytest.fixture
def kinds() -> tuple[str, ...]:
    return ("json",)


def test_the_welcome_tells_what_a_client_has_to_know(scene: Scene) -> None:
    """docs/protocol.md, the frame `welcome`."""
    alice, bob = scene.json("alice"), scene.json("bob")
    welcome = bob.welcome
    assert {alice.name, bob.name} <= set(welcome["users"])
    assert welcome["groups"] == []
    assert welcome["server"]["name"] == "hubbub"
    assert welcome["server"]["protocol"] == 1
    assert welcome["limits"] == {
        "text": 4096,
        "line": 65536,
        "nonces": 128,
        "history": 100,
    }
    assert welcome["user"] != alice.welcome["user"]
    assert bob.token != alice.token
    assert len(bob.token) >= 22, "a token can be guessed that has less than 128 bits"
    assert "resumed" not in welcome


def test_an_event_has_one_seq_for_everybody(scene: Scene) -> None:
    """docs/protocol.md, "Events": one `seq` is one event."""
    alice, bob, carol = scene.json("alice"), scene.json("bob"), scene.json("carol")
    for person in (alice, bob, carol):
        person.expect_nothing()
    alice.say("hello")
    for other in (bob, carol):
        other.await_message(alice.name, "lobby", "hello")
        assert other.last_seq == alice.last_seq


def test_times_are_utc_and_now(scene: Scene) -> None:
    """docs/protocol.md and design.md: RFC 3339, UTC, with milliseconds."""
    alice, bob = scene.json("alice"), scene.json("bob")
    before = datetime.datetime.now(datetime.UTC)  # noqa: TID251
    alice.say("what time is it?")
    after = datetime.datetime.now(datetime.UTC)  # noqa: TID251
    bob.await_message(alice.name, "lobby", "what time is it?")
    time = datetime.datetime.fromisoformat(bob.frame["time"])
    grain = datetime.timedelta(milliseconds=1)
    assert before - grain <= time <= after + grain


def test_a_message_without_a_nonce_comes_back_too(scene: Scene) -> None:
    """docs/protocol.md, "From the hub": your message comes back."""
    alice = scene.json("alice")
    alice.write({"type": "send", "to": "lobby", "text": "hello"})
    frame = alice.read()
    assert (frame["type"], frame["from"], frame["text"]) == (
        "message",
        alice.name,
        "hello",
    )
    assert "nonce" not in frame


def test_the_nonce_comes_back_to_its_sender_alone(scene: Scene) -> None:
    """docs/protocol.md, the example: bob's `message` has no nonce."""
    alice, bob = scene.json("alice"), scene.json("bob")
    alice.settle()
    alice.write({"type": "send", "to": f"@{bob.name}", "text": "hi", "nonce": "abc"})
    assert alice.read()["nonce"] == "abc"
    assert "nonce" not in bob.read()


def test_a_refusal_names_what_it_answers(scene: Scene) -> None:
    """docs/protocol.md: `re` is the nonce of a refused `send`, or else the `type`."""
    alice = scene.json("alice")
    for frame, code, re in (
        (
            {"type": "send", "to": "@nobody-at-all", "text": "x", "nonce": "n7"},
            "user_unknown",
            "n7",
        ),
        ({"type": "send", "to": "@nobody-at-all", "text": "x"}, "user_unknown", "send"),
        (
            {"type": "send", "to": "attic", "text": "x", "nonce": "n8"},
            "address_invalid",
            "n8",
        ),
        (
            {"type": "send", "to": "lobby", "text": "", "nonce": "n9"},
            "text_empty",
            "n9",
        ),
        (
            {"type": "group", "action": "join", "name": "none-such"},
            "group_unknown",
            "group",
        ),
        ({"type": "history", "of": "attic"}, "address_invalid", "history"),
        ({"type": "hello", "name": "again"}, "already_joined", "hello"),
    ):
        alice.write(frame)
        answer = alice.read()
        assert (answer["type"], answer["code"], answer.get("re")) == ("error", code, re)
        assert answer["text"]


def test_nothing_goes_before_a_name_but_hello(scene: Scene) -> None:
    """docs/protocol.md, "Refusals": `not_joined`."""
    alice = scene.json_speaker()
    for frame in (
        {"type": "send", "to": "lobby", "text": "x"},
        {"type": "group", "action": "list"},
        {"type": "users"},
        {"type": "history", "of": "lobby"},
    ):
        alice.write(frame)
        alice.await_refusal("not_joined")
    alice.join(scene.name("alice"))


def test_leaving_before_a_name_is_no_event(scene: Scene) -> None:
    """docs/protocol.md, the frame `bye`."""
    alice = scene.json("alice")
    eve = scene.json_speaker()
    eve.write({"type": "bye"})
    eve.await_farewell("quit")
    eve.await_end()
    alice.expect_nothing()


@pytest.mark.parametrize("frame_id", ["", "1", "日本", "x" * 64, None])
def test_a_ping_is_answered_with_its_id(scene: Scene, frame_id: str | None) -> None:
    """docs/protocol.md, the frames `ping` and `pong`."""
    alice = scene.json("alice")
    alice.write({"type": "ping"} | ({} if frame_id is None else {"id": frame_id}))
    frame = alice.read()
    assert (frame["type"], frame.get("id")) == ("pong", frame_id)


def test_unknown_fields_are_ignored(scene: Scene) -> None:
    """docs/protocol.md, "The JSON dialect"."""
    alice = scene.json_speaker()
    name = scene.name("alice")
    alice.write({"type": "hello", "name": name, "client": "test/1", "mood": [1, {}]})
    alice.await_welcome(name)
    alice.write({"users": 1, "type": "users", "x": None})
    assert alice.read()["type"] == "users"


def test_group_requests_are_acknowledged_by_events(scene: Scene) -> None:
    """docs/protocol.md: your own come back with `"you":true`; others' without."""
    alice, bob = scene.json("alice"), scene.json("bob")
    tea = scene.group_of(alice, bob)
    alice.say("x", f"#{tea}")
    bob.await_message(alice.name, f"#{tea}", "x")
    bob.change_group("leave", tea)
    assert bob.read()["you"] is True
    frame = alice.read()
    assert "you" not in frame
    assert frame["name"] == bob.name


def test_the_list_of_groups_says_which_are_mine(scene: Scene) -> None:
    """docs/protocol.md, the frame `groups`."""
    alice, bob = scene.json("alice"), scene.json("bob")
    tea, coffee = scene.group_of(alice, bob), scene.group_of(alice)
    bob.ask_groups()
    groups = {group["name"]: group for group in bob.read()["groups"]}
    assert groups[tea] == {"name": tea, "members": 2, "joined": True}
    assert groups[coffee] == {"name": coffee, "members": 1}


def test_history_comes_in_pages(scene: Scene) -> None:
    """docs/protocol.md, the frame `history`: `before`, `limit` and `more`."""
    alice, bob = scene.json("alice"), scene.json("bob")
    for number in range(5):
        alice.say(str(number), f"@{bob.name}")
    request = {"type": "history", "of": f"@{bob.name}", "limit": 2}
    alice.settle()
    texts: list[list[str]] = []
    before: dict[str, int] = {}
    while True:
        alice.write(request | before)
        page = alice.read()
        texts.append([message["text"] for message in page["messages"]])
        seqs = [message["seq"] for message in page["messages"]]
        assert seqs == sorted(seqs)
        if not page["more"]:
            break
        before = {"before": seqs[0]}
    assert texts == [["3", "4"], ["1", "2"], ["0"]]


def test_answers_stand_after_the_events_before_them(scene: Scene) -> None:
    """docs/protocol.md: answers stand after the events of their turn."""
    alice = scene.json("alice")
    frames = [
        {"type": "send", "to": "lobby", "text": "one"},
        {"type": "ping", "id": "p"},
        {"type": "send", "to": "lobby", "text": "two", "nonce": "n"},
        {"type": "send", "to": "lobby", "text": "", "nonce": "refused"},
        {"type": "history", "of": "lobby", "limit": 2},
    ]
    alice.wire.send("".join(json.dumps(frame) + "\n" for frame in frames).encode())
    told = [alice.read() for _ in frames]
    messages = [frame for frame in told if frame["type"] == "message"]
    assert [frame["text"] for frame in messages] == ["one", "two"]
    assert told.index(messages[0]) < [frame["type"] for frame in told].index("pong")
    (error,) = (frame for frame in told if frame["type"] == "error")
    assert error["re"] == "refused"
    assert told.index(messages[1]) < told.index(error)
    (page,) = (frame for frame in told if frame["type"] == "history")
    assert told[-1] is page
    assert [m["text"] for m in page["messages"]] == ["one", "two"]


@pytest.mark.parametrize("size", [1, 2, 3, 10, 1000])
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_any_split_of_the_bytes_is_the_same(scene: Scene, size: int, end: str) -> None:
    """docs/protocol.md, "The JSON dialect": one object a line."""
    bob, alice = scene.json("bob"), scene.json_speaker()
    name = scene.name("alice")
    frames = [
        {"type": "hello", "name": name},
        {"type": "send", "to": "lobby", "text": "日本語 \U0001f469"},
        {"type": "ping"},
    ]
    lines = [json.dumps(frame, ensure_ascii=False) + end for frame in frames]
    alice.wire.send_in_pieces("".join(lines).encode(), size)
    alice.await_welcome(name)
    alice.await_message(name, "lobby", "日本語 \U0001f469")
    assert alice.read() == {"type": "pong"}
    bob.await_joined(name)
    bob.await_message(name, "lobby", "日本語 \U0001f469")
    scene.expect_nothing_more()


def test_a_visit_in_one_segment(scene: Scene) -> None:
    """docs/protocol.md, "From a client": come in, say something, leave."""
    alice, bot = scene.json("alice"), scene.json_speaker()
    name = scene.name("bot")
    frames = [
        {"type": "hello", "name": name},
        {"type": "send", "to": "lobby", "text": "build done", "nonce": "n"},
        {"type": "bye"},
    ]
    bot.wire.send("".join(json.dumps(frame) + "\n" for frame in frames).encode())
    bot.await_welcome(name)
    bot.await_message(name, "lobby", "build done")
    assert bot.frame["nonce"] == "n"
    bot.await_farewell("quit")
    bot.await_end()
    alice.await_joined(name)
    alice.await_message(name, "lobby", "build done")
    alice.await_left(name, "quit")
    alice.expect_nothing()


def test_a_last_word_is_acknowledged_before_the_goodbye(scene: Scene) -> None:
    """docs/protocol.md, "From the hub": your message comes back, then `bye`."""
    alice, bob = scene.json("alice"), scene.json("bob")
    bob.settle()
    frames = [{"type": "send", "to": "lobby", "text": "bye all"}, {"type": "bye"}]
    bob.wire.send("".join(json.dumps(frame) + "\n" for frame in frames).encode())
    bob.await_message(bob.name, "lobby", "bye all")
    bob.await_farewell("quit")
    bob.await_end()
    alice.await_message(bob.name, "lobby", "bye all")
    alice.await_left(bob.name, "quit")


def test_what_is_sent_before_the_end_of_input_is_acknowledged(scene: Scene) -> None:
    """design.md, "One idea": who has ended sending may still read."""
    alice, bob = scene.json("alice"), scene.json("bob")
    for number in range(20):
        bob.post(str(number))
    bob.wire.end_sending()
    for number in range(20):
        bob.await_message(bob.name, "lobby", str(number))
        alice.await_message(bob.name, "lobby", str(number))
    bob.await_end()
    alice.await_left(bob.name, "lost")


def test_who_resumed_nothing_is_told_so_by_silence(scene: Scene) -> None:
    """docs/protocol.md, "The JSON dialect": defaults are left out."""
    alice, bob = scene.json("alice"), scene.json("bob")
    joined = alice.frame
    assert joined["type"] == "joined"
    assert "returned" not in joined
    bob.quit()
    alice.await_left(bob.name, "quit")
