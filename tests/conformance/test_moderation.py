"""Keeping order: docs/protocol.md, "Keeping order", in every dialect."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.conformance.hub_process import HubProcess
from tests.conformance.scene import Scene, each_kind
from tests.conformance.test_accounts import PASSWORD, give_role

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def hub(engine: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[HubProcess]:
    """Give a hub with a console on a pipe, to make moderators with."""
    data = tmp_path_factory.mktemp("moderation")
    with HubProcess(engine, data, console=True) as process:
        yield process


def test_a_mute(scene: Scene) -> None:
    """They read and can't write, not in private either, but they can report."""
    mod, bob = scene.people("mod", "bob")
    give_role(scene, mod, "moderator", bob)
    mod.order("mute", name=bob.name, seconds=600, reason="too loud")
    for one in (mod, bob):
        one.await_act("muted", bob.name)
    mod.await_done("mute")
    for to in ("lobby", f"@{mod.name}"):
        bob.post("hello", to)
        bob.await_refusal("muted")
    mod.say("quiet please")
    bob.await_message(mod.name, "lobby", "quiet please")
    bob.order("report", text="this is not fair")
    mod.await_act("reported")
    bob.await_done("report")
    mod.order("unmute", name=bob.name)
    for one in (mod, bob):
        one.await_act("unmuted", bob.name)
    mod.await_done("unmute")
    bob.say("thanks")
    mod.await_message(bob.name, "lobby", "thanks")
    scene.expect_nothing_more()


def test_a_frozen_lobby(scene: Scene) -> None:
    """Only those write who keep order; and the console is told."""
    mod, bob = scene.people("mod", "bob")
    give_role(scene, mod, "moderator", bob)
    mod.order("freeze")
    for one in (mod, bob):
        one.await_act("frozen", room="lobby")
    mod.await_done("freeze")
    bob.post("hello")
    bob.await_refusal("frozen")
    mod.say("wait")
    bob.await_message(mod.name, "lobby", "wait")
    mod.order("unfreeze")
    for one in (mod, bob):
        one.await_act("unfrozen", room="lobby")
    mod.await_done("unfreeze")
    scene.expect_nothing_more()


def test_a_ban(scene: Scene) -> None:
    """The name is kept out with what looks like it, until the ban is lifted."""
    mod, bob = scene.people("mod", "bob")
    give_role(scene, mod, "moderator", bob)
    mod.order("ban", name=bob.name, reason="spam")
    mod.await_act("banned", bob.name)
    for one in (mod, bob):
        one.await_kicked(bob.name, "spam")
    mod.await_done("ban")
    again = scene.speaker()
    again.give_name(bob.name)
    again.await_refusal("banned")
    mod.order("unban", name=bob.name)
    mod.await_act("unbanned", bob.name)
    mod.await_done("unban")
    again.join(bob.name)
    mod.await_joined(bob.name)
    mod.expect_nothing()


def test_a_private_group(scene: Scene) -> None:
    """Not listed, joined by invitation; what was said before is not for the new one."""
    alice, bob, carol = scene.people("alice", "bob", "carol")
    tea = scene.name("tea")
    alice.order_group("create", tea, private=True)
    alice.await_own_group("created", tea)
    alice.say("before", f"#{tea}")
    assert tea not in bob.groups()
    bob.change_group("join", tea)
    bob.await_refusal("not_invited")
    alice.order_group("invite", tea, user=bob.name)
    for one in (alice, bob):
        one.await_act("invited", bob.name, f"#{tea}")
    alice.await_done("invite")
    bob.join_group(tea)
    bob.await_room(f"#{tea}")
    alice.await_group("joined", tea, bob.name)
    assert bob.history(f"#{tea}") == []
    alice.say("after", f"#{tea}")
    bob.await_message(alice.name, f"#{tea}", "after")
    carol.ask_history(f"#{tea}")
    carol.await_refusal("not_a_member")
    bob.order_group("topic", tea, text="mine")
    bob.await_refusal("not_allowed")
    scene.expect_nothing_more()


def test_a_group_with_a_topic(scene: Scene) -> None:
    """docs/protocol.md, "How rooms stand": who joins is told, if there is anything."""
    ann, bob, carol = scene.people("ann", "bob", "carol")
    tea = scene.group_of(ann, bob)
    bob.expect_nothing()
    ann.order_group("topic", tea, text="Assam")
    ann.await_act("topic", room=f"#{tea}")
    ann.await_done("topic")
    bob.await_act("topic", room=f"#{tea}")
    carol.join_group(tea)
    carol.await_room(f"#{tea}")
    for one in (ann, bob):
        one.await_group("joined", tea, carol.name)
    scene.expect_nothing_more()


@each_kind
@pytest.mark.parametrize("role", ["member", "moderator", "owner"])
def test_the_role_of_an_account(scene: Scene, role: str) -> None:
    """docs/protocol.md, "How rooms stand": who keeps order is told so at the door."""
    ann = scene.person("ann")
    give_role(scene, ann, role)
    phone = scene.speaker()
    phone.sign_in(ann.name, PASSWORD, role if role != "member" else "")
    phone.expect_nothing()


@each_kind
def test_the_trail(scene: Scene) -> None:
    """Every act is in it, for owners."""
    owner = scene.person("owner")
    give_role(scene, owner, "owner")
    owner.order("announce", text="tea is ready")
    owner.await_act("announced")
    owner.await_done("announce")
    assert owner.audit()[-2:] == ["role", "announced"]
