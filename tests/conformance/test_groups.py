"""Groups: who makes one is in it, and only those who are in it send and see."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.conformance.scene import Scene, each_kind
from tests.conformance.speakers.words import GroupChanged

if TYPE_CHECKING:
    from tests.conformance.conftest import Launch
    from tests.conformance.speakers.speaker import Speaker


def end_group(scene: Scene, group: str, last: Speaker, *others: Speaker) -> None:
    """Let the last member leave. Whether it hears of the end too is left open."""
    last.leave_group(group)
    assert set(last.settle()) <= {GroupChanged("ended", group)}
    for other in others:
        other.await_group("ended", group)
    scene.expect_nothing_more()


def test_who_creates_a_group_is_a_member(scene: Scene) -> None:
    """docs/protocol.md, "Commands": `:group create`."""
    alice, bob = scene.people("alice", "bob")
    tea = scene.name("tea")
    alice.create_group(tea)
    bob.await_group("created", tea, alice.name)
    assert alice.members(tea) == [alice.name]
    scene.expect_nothing_more()


def test_members_see_who_joins_and_leaves(scene: Scene) -> None:
    """docs/protocol.md, "What is written": seen by the other members alone."""
    alice, bob, carol = scene.people("alice", "bob", "carol")
    tea = scene.group_of(alice, bob)
    carol.expect_nothing()
    bob.leave_group(tea)
    alice.await_group("left", tea, bob.name)
    assert alice.members(tea) == [alice.name]
    scene.expect_nothing_more()


def test_a_group_message_reaches_the_other_members_alone(scene: Scene) -> None:
    """docs/protocol.md, "What is written": a group message."""
    alice, bob, carol, dora = scene.people("alice", "bob", "carol", "dora")
    tea = scene.group_of(alice, bob, carol)
    bob.say("hi", f"#{tea}")
    for member in (alice, carol):
        member.await_message(bob.name, f"#{tea}", "hi")
    dora.expect_nothing()
    scene.expect_nothing_more()


def test_who_has_left_a_group_neither_sees_nor_sends(scene: Scene) -> None:
    """docs/protocol.md, "Refusals": `not_a_member`."""
    alice, bob = scene.people("alice", "bob")
    tea = scene.group_of(alice, bob)
    bob.leave_group(tea)
    alice.await_group("left", tea, bob.name)
    alice.say("alone?", f"#{tea}")
    bob.expect_nothing()
    bob.post("let me in", f"#{tea}")
    bob.await_refusal("not_a_member")
    scene.expect_nothing_more()


def test_what_a_stranger_to_a_group_may_not_do(scene: Scene) -> None:
    """docs/protocol.md, "Refusals": saying to, reading or leaving a group."""
    alice, bob = scene.people("alice", "bob")
    tea = scene.group_of(alice)
    bob.post("hi", f"#{tea}")
    bob.await_refusal("not_a_member")
    bob.change_group("leave", tea)
    bob.await_refusal("not_a_member")
    bob.ask_history(f"#{tea}")
    bob.await_refusal("not_a_member")
    scene.expect_nothing_more()


@each_kind
def test_a_group_that_does_not_exist(scene: Scene) -> None:
    """docs/protocol.md, "Refusals": `group_unknown`."""
    alice = scene.person("alice")
    tea = scene.name("tea")
    for action in ("join", "leave", "members"):
        alice.change_group(action, tea)
        alice.await_refusal("group_unknown")
    alice.post("hi", f"#{tea}")
    alice.await_refusal("group_unknown")
    alice.ask_history(f"#{tea}")
    alice.await_refusal("group_unknown")
    alice.expect_nothing()


def test_a_group_exists_once(scene: Scene) -> None:
    """docs/protocol.md, "Names": groups follow the same rules."""
    alice, bob = scene.people("alice", "bob")
    tea = scene.group_of(alice)
    for name in (tea, tea.upper()):
        bob.change_group("create", name)
        bob.await_refusal("group_exists")
    bob.change_group("create", tea.replace("a", "\N{CYRILLIC SMALL LETTER A}", 1))
    bob.await_refusal("name_taken")
    scene.expect_nothing_more()


@each_kind
@pytest.mark.parametrize("name", ["x" * 33, "@tea", "te\x07a", "Lobby"])
def test_a_bad_group_name_is_refused(scene: Scene, name: str) -> None:
    """docs/protocol.md, "Names": groups follow the same rules."""
    alice = scene.person("alice")
    alice.change_group("create", name)
    alice.await_refusal("name_invalid")
    alice.expect_nothing()


@each_kind
def test_a_person_and_a_group_may_share_a_name(scene: Scene) -> None:
    """docs/protocol.md, "Addresses": `@name` and `#name` are two things."""
    alice, bob = scene.people("alice", "bob")
    alice.create_group(bob.name)
    bob.await_group("created", bob.name, alice.name)
    alice.say("to you", f"@{bob.name}")
    alice.say("to myself", f"#{bob.name}")
    bob.await_message(alice.name, f"@{bob.name}", "to you")
    scene.expect_nothing_more()


def test_joining_twice_is_refused(scene: Scene) -> None:
    """docs/protocol.md, "Refusals": `already_member`."""
    alice, bob = scene.people("alice", "bob")
    tea = scene.group_of(alice, bob)
    for member in (alice, bob):
        member.change_group("join", tea)
        member.await_refusal("already_member")
    scene.expect_nothing_more()


def test_a_group_is_found_in_any_case(scene: Scene) -> None:
    """docs/protocol.md, "Names": the same when they differ only in case."""
    alice, bob = scene.people("alice", "bob")
    tea = scene.group_of(alice)
    bob.change_group("join", tea.upper())
    bob.await_own_group("joined", tea)
    alice.await_group("joined", tea, bob.name)
    bob.post("hi", f"#{tea.upper()}")
    alice.await_message(bob.name, f"#{tea}", "hi")


def test_an_empty_group_goes_away(scene: Scene) -> None:
    """An empty group goes away. Everyone else is told."""
    alice, bob, carol = scene.people("alice", "bob", "carol")
    tea = scene.group_of(alice, bob)
    alice.leave_group(tea)
    bob.await_group("left", tea, alice.name)
    bob.await_act("group_role", bob.name, f"#{tea}")
    assert tea in carol.groups()
    end_group(scene, tea, bob, alice, carol)
    assert tea not in carol.groups()
    carol.change_group("join", tea)
    carol.await_refusal("group_unknown")


def test_a_group_ends_when_its_last_member_quits(scene: Scene) -> None:
    """docs/protocol.md, "What is written", as in the example under "Commands"."""
    alice, bob, carol = scene.people("alice", "bob", "carol")
    tea = scene.group_of(alice, bob)
    alice.quit()
    bob.await_group("left", tea, alice.name)
    bob.await_act("group_role", bob.name, f"#{tea}")
    bob.await_left(alice.name)
    carol.await_left(alice.name)
    bob.quit()
    carol.await_group("ended", tea)
    carol.await_left(bob.name)
    carol.expect_nothing()


def test_a_new_group_does_not_show_what_was_said_in_the_old_one(scene: Scene) -> None:
    """design.md, "The words": a group is its id, not its name."""
    alice, bob = scene.people("alice", "bob")
    tea = scene.group_of(alice)
    alice.say("a secret", f"#{tea}")
    end_group(scene, tea, alice, bob)
    bob.create_group(tea)
    alice.await_group("created", tea, bob.name)
    assert bob.history(f"#{tea}") == []
    alice.join_group(tea)
    bob.await_group("joined", tea, alice.name)
    assert alice.history(f"#{tea}") == []


def test_the_list_of_groups_counts_their_members(scene: Scene) -> None:
    """docs/protocol.md, "Commands": `:group list`; the frame `groups`."""
    alice, bob, carol = scene.people("alice", "bob", "carol")
    tea, coffee = scene.group_of(alice, bob), scene.group_of(bob)
    for person in (alice, bob, carol):
        groups = person.groups()
        assert (groups[tea], groups[coffee]) == (2, 1)


@each_kind
def test_the_list_of_groups_may_be_empty(
    launch: Launch, kinds: tuple[str, ...]
) -> None:
    """docs/protocol.md, "Commands": `There are no groups; …`."""
    alice = Scene(launch("--memory"), kinds).person("alice")
    assert alice.groups() == {}


def test_the_members_of_a_group_are_listed_in_alphabetical_order(scene: Scene) -> None:
    """docs/protocol.md, "Commands": `:group members`; the frame `members`."""
    carol, alice, bob = scene.people("carol", "alice", "Bob")
    tea = scene.group_of(carol, alice, bob)
    assert alice.members(tea) == [alice.name, bob.name, carol.name]


def test_a_lost_connection_leaves_its_groups_unless_it_keeps_its_seat(
    scene: Scene,
) -> None:
    """docs/protocol.md, "Seats": name and groups are kept for a JSON client."""
    alice, bob = scene.people("alice", "bob")
    tea = scene.group_of(alice, bob)
    bob.drop()
    if not bob.keeps_seat:
        alice.await_group("left", tea, bob.name)
    alice.await_left(bob.name, "lost")
    assert (bob.name in alice.members(tea)) == bob.keeps_seat


def test_the_limits_of_groups(launch: Launch, kinds: tuple[str, ...]) -> None:
    """docs/protocol.md, "Refusals": `too_many_groups` and `group_full`."""
    limits = {"groups": 3, "groups_per_user": 2, "members": 2}
    scene = Scene(launch("--memory", limits=limits), kinds)
    alice, bob, carol = scene.people("alice", "bob", "carol")
    scene.group_of(alice)
    tea = scene.group_of(alice, bob)
    alice.change_group("create", scene.name("one-too-many-for-me"))
    alice.await_refusal("too_many_groups")
    carol.change_group("join", tea)
    carol.await_refusal("group_full")
    scene.group_of(carol)
    carol.change_group("create", scene.name("one-too-many"))
    carol.await_refusal("too_many_groups")
    scene.expect_nothing_more()
