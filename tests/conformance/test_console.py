"""The administrator at the console, as everyone else sees it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from tests.conformance.hub_process import HubProcess
from tests.conformance.scene import Scene

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conformance.conftest import Launch


@pytest.fixture(scope="module")
def hub(engine: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[HubProcess]:
    """Give a hub with a console on a pipe."""
    data = tmp_path_factory.mktemp("console")
    with HubProcess(engine, data, "--memory", console=True) as process:
        yield process


def test_the_console_speaks_to_everyone(scene: Scene) -> None:
    """docs/protocol.md: what the console says comes from `SERVER`."""
    people = scene.people("alice", "bob")
    scene.hub.type("dinner is ready")
    for person in people:
        person.await_message("SERVER", "lobby", "dinner is ready")
    assert people[0].history("lobby", 1)[0].who == "SERVER"
    scene.expect_nothing_more()


@pytest.mark.parametrize("reason", ["", "be nice"])
def test_a_kick(scene: Scene, reason: str) -> None:
    """docs/protocol.md, "What is written" and the frame `kicked`."""
    alice, bob, carol = scene.people("alice", "bob", "carol")
    tea = scene.group_of(alice, bob)
    scene.hub.type(f":kick {bob.name} {reason}".strip())
    alice.await_group("left", tea, bob.name)
    for other in (alice, carol):
        other.await_kicked(bob.name, reason)
    # Out of the group first, and then out.
    bob.await_own_group("left", tea)
    bob.await_kicked(bob.name, reason)
    if bob.hears_itself:
        bob.await_farewell("kicked")
    bob.await_end()
    scene.expect_nothing_more()


def test_a_kick_gives_the_seat_up(scene: Scene) -> None:
    """docs/protocol.md, "What is written": the one kicked is out."""
    alice, bob = scene.people("alice", "bob")
    scene.hub.type(f":kick {bob.name}")
    alice.await_kicked(bob.name)
    again = scene.speaker()
    again.join(bob.name)
    alice.await_joined(bob.name)


def test_a_rename(scene: Scene) -> None:
    """docs/protocol.md, "What is written" and the frame `renamed`."""
    alice, bob = scene.people("alice", "bob")
    tea = scene.group_of(alice, bob)
    old, robert = bob.name, scene.name("robert")
    scene.hub.type(f":rename {old} {robert}")
    for person in (alice, bob):
        person.await_renamed(old, robert)
    bob.say("call me so", f"#{tea}")
    alice.await_message(robert, f"#{tea}", "call me so")
    alice.say("so", f"@{robert}")
    bob.await_message(alice.name, f"@{robert}", "so")
    alice.post("or so", f"@{old}")
    alice.await_refusal("user_unknown")
    scene.expect_nothing_more()


def test_the_shutdown(launch: Launch, kinds: tuple[str, ...]) -> None:
    """`:shutdown`: everyone is told, exit 0."""
    hub = launch("--memory", console=True)
    people = Scene(hub, kinds).people("alice", "bob")
    hub.type(":shutdown")
    for person in people:
        person.await_farewell("shutdown")
        person.await_end()
    hub.await_exit()


@pytest.mark.parametrize("kinds", [("plain",)], ids="".join)
def test_the_console_alone_ends_the_hub(scene: Scene) -> None:
    """docs/protocol.md, "Refusals": what is typed at the console is none of a user."""
    alice = scene.plain("alice")
    alice.write(":shutdown")
    alice.await_refusal("command_unknown")
    alice.expect_nothing()


@pytest.mark.parametrize("kinds", [("plain",), ("json",)], ids="".join)
def test_a_role_needs_an_account(scene: Scene) -> None:
    """docs/protocol.md, "Roles": a guest is a guest."""
    alice = scene.person("alice")
    scene.hub.type(f":role {alice.name} owner")
    scene.hub.await_output(re.compile(f"{alice.name} is a guest"))
    alice.expect_nothing()


@pytest.mark.parametrize("kinds", [("plain", "json")], ids="+".join)
def test_a_rename_of_one_who_is_away(scene: Scene) -> None:
    """docs/protocol.md, "Coming back": the seat has the name that it has now."""
    alice, bob = scene.plain("alice"), scene.json("bob")
    bob.drop()
    alice.await_left(bob.name)
    robert = scene.name("robert")
    scene.hub.type(f":rename {bob.name} {robert}")
    alice.await_renamed(bob.name, robert)
    again = scene.json_speaker()
    again.resume(bob.name, bob.token, bob.last_seq)
    again.await_resumed(robert)
    alice.await_joined(robert)
    again.say("who am I?")
    alice.await_message(robert, "lobby", "who am I?")


@pytest.mark.parametrize("kinds", [("plain", "json")], ids="+".join)
def test_a_kick_of_one_who_is_away(scene: Scene) -> None:
    """docs/protocol.md, "From the hub": after `kicked` there is nothing to resume."""
    alice, bob = scene.plain("alice"), scene.json("bob")
    bob.drop()
    alice.await_left(bob.name)
    scene.hub.type(f":kick {bob.name}")
    alice.await_kicked(bob.name)
    again = scene.json_speaker()
    again.resume(bob.name, bob.token, bob.last_seq)
    again.await_welcome(bob.name)
    assert "resumed" not in again.welcome
    assert again.welcome["user"] != bob.welcome["user"]
