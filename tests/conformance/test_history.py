"""Reading back: what was said here, and nobody else's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.conformance.scene import Scene, each_kind
from tests.conformance.speakers.words import Said

if TYPE_CHECKING:
    from tests.conformance.conftest import Launch


def test_the_lobby_is_read_back_in_order(scene: Scene) -> None:
    """docs/protocol.md, "Commands": `:history`; the frame `history`, oldest first."""
    alice, bob = scene.people("alice", "bob")
    for number in range(3):
        alice.say(f"from alice {number}")
        bob.say(f"from bob {number}")
    for person in (alice, bob):
        person.settle()
    carol = scene.speaker()
    carol.join(scene.name("carol"))
    carol.create_group(scene.name("tea"))
    said = [
        Said(who.name, "lobby", f"from {base} {number}")
        for number in range(3)
        for who, base in ((alice, "alice"), (bob, "bob"))
    ]
    assert carol.history("lobby", 6) == said
    assert carol.history("lobby", 2) == said[-2:]
    carol.expect_nothing()


@pytest.mark.limit("history_page")
@each_kind
def test_a_page_has_a_limit(launch: Launch, kinds: tuple[str, ...]) -> None:
    """src/hubbub/model/limits.py: `history_page` messages in one answer."""
    scene = Scene(launch("--memory", limits={"history_page": 4}), kinds)
    alice = scene.person("alice")
    for number in range(6):
        alice.say(str(number))
    newest = [Said(alice.name, "lobby", str(number)) for number in (2, 3, 4, 5)]
    assert alice.history("lobby") == newest
    assert alice.history("lobby", 1000) == newest


@each_kind
def test_a_history_may_be_empty(launch: Launch, kinds: tuple[str, ...]) -> None:
    """docs/protocol.md, "Commands": `No messages yet in lobby`."""
    scene = Scene(launch("--memory"), kinds)
    alice, bob = scene.people("alice", "bob")
    tea = scene.group_of(alice)
    assert alice.history("lobby") == []
    assert alice.history(f"#{tea}") == []
    assert alice.history(f"@{bob.name}") == []


def test_a_group_is_read_back_by_its_members(scene: Scene) -> None:
    """docs/protocol.md, "Commands": `:history #group`."""
    alice, bob, carol = scene.people("alice", "bob", "carol")
    tea = scene.group_of(alice, bob)
    alice.say("one", f"#{tea}")
    bob.await_message(alice.name, f"#{tea}", "one")
    bob.say("two", f"#{tea}")
    alice.await_message(bob.name, f"#{tea}", "two")
    said = [Said(alice.name, f"#{tea}", "one"), Said(bob.name, f"#{tea}", "two")]
    assert alice.history(f"#{tea}") == said
    assert bob.history(f"#{tea}") == said
    assert not [each for each in carol.history("lobby") if each in said]


def test_a_private_conversation_is_read_back_by_its_two(scene: Scene) -> None:
    """docs/protocol.md, "Commands": `:history @user`; nobody else may see it."""
    alice, bob, carol = scene.people("alice", "bob", "carol")
    alice.say("one", f"@{bob.name}")
    bob.await_message(alice.name, f"@{bob.name}", "one")
    bob.say("two", f"@{alice.name}")
    alice.await_message(bob.name, f"@{alice.name}", "two")
    said = [
        Said(alice.name, f"@{bob.name}", "one"),
        Said(bob.name, f"@{alice.name}", "two"),
    ]
    assert alice.history(f"@{bob.name}") == said
    assert bob.history(f"@{alice.name}") == said
    for other in (alice, bob):
        assert carol.history(f"@{other.name}") == []
    assert not [each for each in carol.history("lobby") if each in said]


def test_who_takes_a_name_over_does_not_read_its_letters(scene: Scene) -> None:
    """design.md, "The words": a user is an id, which a name is not."""
    alice, bob = scene.people("alice", "bob")
    alice.say("for the first bob", f"@{bob.name}")
    bob.await_message(alice.name, f"@{bob.name}", "for the first bob")
    bob.quit()
    alice.await_left(bob.name)
    eve = scene.speaker()
    eve.join(bob.name)
    alice.await_joined(bob.name)
    assert eve.history(f"@{alice.name}") == []


@each_kind
def test_a_conversation_with_nobody(scene: Scene) -> None:
    """docs/protocol.md, "Refusals": `user_unknown`."""
    alice = scene.person("alice")
    alice.ask_history(f"@{scene.name('nobody')}")
    alice.await_refusal("user_unknown")
    alice.expect_nothing()


@each_kind
@pytest.mark.parametrize("of", ["attic", "#", "@", "alice"])
def test_a_conversation_that_is_no_address(scene: Scene, of: str) -> None:
    """docs/protocol.md, "Refusals": `address_invalid`; plain may show the form."""
    alice = scene.person("alice")
    alice.ask_history(of)
    alice.await_refusal("address_invalid")
    alice.expect_nothing()


@each_kind
def test_history_is_asked_and_never_pushed(scene: Scene) -> None:
    """design.md, "The plain dialect": no history is pushed unasked."""
    alice = scene.person("alice")
    alice.say("earlier")
    bob = scene.speaker()
    bob.join(scene.name("bob"))
    bob.expect_nothing()
