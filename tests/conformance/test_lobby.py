"""Saying something to everyone, and to one person."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from tests.conformance.speakers.words import Said

if TYPE_CHECKING:
    from tests.conformance.scene import Scene
    from tests.conformance.speakers.speaker import Speaker


def test_a_message_reaches_everyone_but_its_sender(scene: Scene) -> None:
    """docs/protocol.md, "The plain dialect"; JSON senders get the acknowledgement."""
    alice, bob, carol = scene.people("alice", "bob", "carol")
    alice.say("hello")
    for other in (bob, carol):
        other.await_message(alice.name, "lobby", "hello")
    bob.say("hello yourself")
    for other in (alice, carol):
        other.await_message(bob.name, "lobby", "hello yourself")
    scene.expect_nothing_more()


def test_messages_arrive_in_the_order_they_were_sent(scene: Scene) -> None:
    """design.md, "One idea": one journal, one order."""
    alice, bob = scene.people("alice", "bob")
    for number in range(50):
        alice.post(f"message {number}")
    for number in range(50):
        bob.await_message(alice.name, "lobby", f"message {number}")
    bob.expect_nothing()


def test_everyone_sees_one_order_whoever_speaks(scene: Scene) -> None:
    """design.md, "One idea": the same sequence for every reader."""
    readers = scene.people("reader", "reader", "reader", "reader")
    talkers = scene.people("talker", "talker", "talker", "talker")
    for reader in readers:
        reader.settle()

    def talk(talker: Speaker) -> None:
        for number in range(30):
            talker.post(f"{number}")

    with ThreadPoolExecutor(len(talkers)) as pool:
        list(pool.map(talk, talkers))
    seen = [[reader.hear() for _ in range(120)] for reader in readers]
    assert all(each == seen[0] for each in seen)
    for talker in talkers:
        spoken = [said for said in seen[0] if said.who == talker.name]  # type: ignore[union-attr]
        assert spoken == [Said(talker.name, "lobby", str(n)) for n in range(30)]
    for reader in readers:
        reader.expect_nothing()


def test_a_private_message_reaches_one_person(scene: Scene) -> None:
    """docs/protocol.md, "What is written": the one it is for, and who sent it."""
    alice, bob, carol = scene.people("alice", "bob", "carol")
    alice.say("psst", f"@{bob.name}")
    bob.await_message(alice.name, f"@{bob.name}", "psst")
    bob.say("what?", f"@{alice.name}")
    alice.await_message(bob.name, f"@{alice.name}", "what?")
    carol.expect_nothing()
    scene.expect_nothing_more()


def test_a_private_message_finds_a_name_in_any_case(scene: Scene) -> None:
    """docs/protocol.md, "Names": the same when they differ only in case."""
    alice, bob = scene.people("alice", "bob")
    alice.post("psst", f"@{bob.name.upper()}")
    bob.await_message(alice.name, f"@{bob.name}", "psst")
    alice.await_message(alice.name, f"@{bob.name}", "psst")


def test_a_private_message_to_nobody_is_refused(scene: Scene) -> None:
    """docs/protocol.md, "Refusals": `user_unknown`."""
    alice, bob = scene.people("alice", "bob")
    alice.post("psst", f"@{scene.name('nobody')}")
    alice.await_refusal("user_unknown")
    bob.quit()
    alice.await_left(bob.name)
    alice.post("psst", f"@{bob.name}")
    alice.await_refusal("user_unknown")
    alice.expect_nothing()


def test_those_who_have_left_are_told_nothing_more(scene: Scene) -> None:
    """design.md, "The path of a message": a goodbye is the last thing told."""
    alice, bob = scene.people("alice", "bob")
    bob.say_goodbye()
    bob.await_farewell("quit")
    bob.await_end()
    alice.await_left(bob.name)
    alice.say("gone?")
    scene.expect_nothing_more()


def test_the_list_of_users_has_everyone_in_alphabetical_order(scene: Scene) -> None:
    """docs/protocol.md, "Commands": `:users`; the frame `users`."""
    carol, alice, bob = scene.people("carol", "alice", "Bob")
    ours = {alice.name, bob.name, carol.name}
    for person in (alice, bob, carol):
        shown = [name for name in person.users() if name in ours]
        assert shown == [alice.name, bob.name, carol.name]
    bob.quit()
    for person in (alice, carol):
        person.await_left(bob.name)
        assert bob.name not in person.users()
