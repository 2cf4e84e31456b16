"""Coming in through a network that loses answers and holds connections up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.conformance.speakers.words import Said

if TYPE_CHECKING:
    from tests.conformance.scene import Scene
    from tests.conformance.speakers.json_lines import Frame, JsonSpeaker


@pytest.fixture
def kinds() -> tuple[str, ...]:
    return ("json",)


def key_of(name: str) -> str:
    """Make a key for somebody; a real one can't be guessed."""
    return name.ljust(22, "*")


def hello(who: JsonSpeaker, name: str, **fields: object) -> None:
    who.write({"type": "hello", "name": name, **fields})


def seat_of(who: JsonSpeaker) -> Frame:
    return {"token": who.token, "after": who.last_seq}


@pytest.mark.parametrize("noticed", [True, False], ids=["dropped", "half open"])
def test_who_lost_the_welcome_is_let_in_again(scene: Scene, noticed: bool) -> None:
    """docs/protocol.md, "Coming in": the key finds the seat that was made."""
    bob = scene.json("bob")
    name = scene.name("alice")
    first = scene.json_speaker()
    hello(first, name, key=key_of(name))
    bob.await_joined(name)
    bob.say("before you heard anything")
    if noticed:
        first.drop()
        bob.await_left(name, "lost")
    again = scene.json_speaker()
    hello(again, name, key=key_of(name))
    again.await_welcome(name)
    assert "resumed" not in again.welcome
    again.await_message(bob.name, "lobby", "before you heard anything")
    if noticed:
        bob.await_joined(name)
    assert bob.users().count(name) == 1
    again.say("here I am")
    bob.await_message(name, "lobby", "here I am")
    again.drop()
    bob.await_left(name, "lost")
    # The token of this welcome is as good as any.
    back = scene.json_speaker()
    hello(back, name, resume=seat_of(again))
    back.await_resumed(name)
    bob.await_joined(name)
    scene.expect_nothing_more()


def test_another_key_is_another_person(scene: Scene) -> None:
    """docs/protocol.md, "Coming in": the key is the proof."""
    bob = scene.json("bob")
    name = scene.name("alice")
    alice, eve = scene.json_speaker(), scene.json_speaker()
    hello(alice, name, key=key_of(name))
    alice.await_welcome(name)
    bob.await_joined(name)
    for fields in ({"key": key_of("eve")}, {}):
        hello(eve, name, **fields)
        eve.await_refusal("name_taken")
    alice.expect_nothing()


def test_a_key_that_could_be_guessed_is_refused(scene: Scene) -> None:
    """docs/protocol.md, "From a client": 22 to 64 characters."""
    eve = scene.json_speaker()
    for key in ("short", "x" * 65):
        hello(eve, "eve", key=key)
        eve.await_refusal("bad_frame")


def test_a_lost_welcome_after_the_seat_was_given_up(scene: Scene) -> None:
    """docs/protocol.md, "Coming in": what was missed is shown from `after` on."""
    alice, bob = scene.json("alice"), scene.json("bob")
    alice.expect_nothing()
    resume = seat_of(alice)
    alice.quit()
    bob.await_left(alice.name, "quit")
    bob.say("while nobody was there")
    key = key_of(alice.name)
    lost = scene.json_speaker()
    hello(lost, alice.name, resume=resume, key=key)
    bob.await_joined(alice.name)
    again = scene.json_speaker()
    hello(again, alice.name, resume=resume, key=key)
    again.await_welcome(alice.name)
    # A new user: what was sent before may not be sent again as if it were theirs.
    assert "resumed" not in again.welcome
    told = again.settle()
    assert Said(bob.name, "lobby", "while nobody was there") in told
    bob.expect_nothing()


@pytest.mark.parametrize("way", ["token", "key"])
def test_a_connection_that_was_held_up_takes_nothing(scene: Scene, way: str) -> None:
    """docs/protocol.md, "Coming in": overtaken, it is told `replaced` and closed."""
    bob = scene.json("bob")
    name = scene.name("alice")
    proof: Frame = {"key": key_of(name)}
    alice = scene.json_speaker()
    hello(alice, name, **proof, attempt=1)
    alice.await_welcome(name)
    bob.await_joined(name)
    if way == "token":
        proof = {"resume": seat_of(alice)}
    current = scene.json_speaker()
    hello(current, name, **proof, attempt=3)
    current.await_welcome(name)
    late = scene.json_speaker()
    hello(late, name, **proof, attempt=2)
    late.post("sent long ago")
    late.await_farewell("replaced")
    late.await_end()
    current.say("still here")
    bob.await_message(name, "lobby", "still here")
    bob.expect_nothing()
    current.expect_nothing()


def test_one_that_is_not_counted_replaces_any(scene: Scene) -> None:
    """docs/protocol.md, "Coming in": without `attempt` the newest connection stays."""
    name = scene.name("alice")
    alice = scene.json_speaker()
    hello(alice, name, attempt=7)
    alice.await_welcome(name)
    again = scene.json_speaker()
    hello(again, name, resume=seat_of(alice))
    again.await_resumed(name)
    alice.await_farewell("replaced")
    again.expect_nothing()
