"""Names that are somebody's own, and what each role may do, in every dialect."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from tests.conformance.hub_process import ROOT, HubProcess
from tests.conformance.scene import Scene, each_kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conformance.conftest import Launch
    from tests.conformance.speakers.speaker import Speaker

PASSWORD = "correct-horse"
OTHER = "battery-staple"


@pytest.fixture(scope="module")
def hub(engine: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[HubProcess]:
    """Give a hub with a console on a pipe, to make owners with."""
    data = tmp_path_factory.mktemp("accounts")
    with HubProcess(engine, data, console=True) as process:
        yield process


def give_role(scene: Scene, person: Speaker, role: str, *others: Speaker) -> None:
    """Make somebody what the case wants."""
    if role == "guest":
        return
    person.register(PASSWORD)
    if role != "member":
        scene.hub.type(f":role {person.name} {role}")
        for one in (person, *others):
            one.await_role(person.name, role)


@each_kind
def test_nobody_is_kicked_from_below(scene: Scene) -> None:
    """docs/protocol.md, "Roles": down the ranks only."""
    moderator, owner = scene.people("moderator", "owner")
    give_role(scene, moderator, "moderator", owner)
    give_role(scene, owner, "owner", moderator)
    moderator.administer("kick", owner.name)
    moderator.await_refusal("not_allowed")
    owner.administer("kick", moderator.name, "enough")
    owner.await_kicked(moderator.name, "enough")
    moderator.await_kicked(moderator.name, "enough")


def test_a_name_that_is_somebodys_own(scene: Scene) -> None:
    """docs/protocol.md, "Accounts": it needs the password, away or not."""
    alice, bob = scene.people("alice", "bob")
    alice.register(PASSWORD)
    alice.quit()
    bob.await_left(alice.name)
    eve = scene.speaker()
    eve.claim_name(alice.name, "not the password")
    eve.await_refusal("password_wrong")
    eve.sign_in(alice.name, PASSWORD)
    bob.await_joined(alice.name)
    scene.expect_nothing_more()


def test_several_devices(scene: Scene) -> None:
    """docs/protocol.md, "Accounts": each sees everything, own messages as well."""
    alice, bob = scene.people("alice", "bob")
    alice.register(PASSWORD)
    phone = scene.speaker()
    phone.sign_in(alice.name, PASSWORD)
    bob.say("hello both")
    for device in (alice, phone):
        device.await_message(bob.name, "lobby", "hello both")
    alice.say("from the desk")
    for other in (phone, bob):
        other.await_message(alice.name, "lobby", "from the desk")
    phone.say("psst", f"@{bob.name}")
    bob.await_message(alice.name, f"@{bob.name}", "psst")
    alice.await_message(alice.name, f"@{bob.name}", "psst")
    alice.change_account("passwd", PASSWORD, OTHER)
    alice.await_done("passwd")
    phone.await_farewell("logged_out")
    phone.await_end()
    scene.expect_nothing_more()


def test_messages_wait(scene: Scene) -> None:
    """docs/protocol.md, "Accounts": what was said in private while one was away."""
    alice, bob = scene.people("alice", "bob")
    alice.register(PASSWORD)
    alice.quit()
    bob.await_left(alice.name)
    bob.say("are you there?", f"@{alice.name}")
    bob.say("hello all")
    again = scene.speaker()
    again.sign_in(alice.name, PASSWORD)
    bob.await_joined(alice.name)
    (said,) = again.await_waiting()
    assert (said.who, said.text) == (bob.name, "are you there?")
    scene.expect_nothing_more()


@each_kind
def test_all_of_it_is_there_after_a_restart(
    launch: Launch, kinds: tuple[str, ...]
) -> None:
    """docs/protocol.md, "Accounts": name, role, groups and private history."""
    hub = launch(console=True)
    scene = Scene(hub, kinds)
    alice = scene.person("alice")
    give_role(scene, alice, "owner")
    tea = scene.group_of(alice)
    name = alice.name
    hub.kill()
    scene = Scene(launch(), kinds)
    scene.know(name)
    again = scene.speaker()
    again.sign_in(name, PASSWORD, "owner")
    assert again.members(tea) == [name]
    assert again.connections() == {name: "owner"}


@each_kind
def test_wrong_passwords_have_to_wait(launch: Launch, kinds: tuple[str, ...]) -> None:
    """docs/protocol.md, "Accounts": after some, for a while."""
    scene = Scene(launch("--memory"), kinds)
    name = scene.know("nobody-has-this-name")
    alice = scene.person("alice")
    alice.register(PASSWORD)
    eve = scene.speaker()
    for _ in range(5):
        eve.claim_name(alice.name, "guess-guess")
        eve.await_refusal("password_wrong")
    eve.claim_name(alice.name, PASSWORD)
    eve.await_refusal("too_many_tries")
    eve.join(name)


@each_kind
def test_no_trace_and_no_log_has_a_password(
    launch: Launch, kinds: tuple[str, ...]
) -> None:
    """docs/protocol.md, "Accounts": not even with `--trace`."""
    hub = launch("--trace")
    scene = Scene(hub, kinds)
    alice = scene.person("alice")
    alice.register(PASSWORD)
    eve = scene.speaker()
    eve.claim_name(alice.name, "a-wrong-password")
    eve.await_refusal("password_wrong")
    alice.change_account("passwd", PASSWORD, OTHER)
    alice.await_done("passwd")
    hub.stop()
    for secret in (PASSWORD, OTHER, "a-wrong-password"):
        assert secret not in hub.output
    for path in hub.data.iterdir():
        assert path.stat().st_mode & 0o077 == 0, path
        content = path.read_bytes()
        assert PASSWORD.encode() not in content
        assert OTHER.encode() not in content


@each_kind
def test_an_owner_is_made_while_the_hub_is_running(
    launch: Launch, kinds: tuple[str, ...]
) -> None:
    """README.md, "Who is who": `hubbub admin create`."""
    hub = launch("--members-only")
    command = [sys.executable, "-m", "hubbub.app", "admin", "create"]
    done = subprocess.run(
        [*command, "alice", "--data", str(hub.data)],
        cwd=ROOT,
        env={**os.environ, "HUBBUB_PASSWORD": PASSWORD},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "alice is an owner now\n"
    scene = Scene(hub, kinds)
    scene.know("alice")
    eve = scene.speaker()
    eve.claim_name("eve", PASSWORD)
    eve.await_refusal("password_wrong")
    alice = scene.speaker()
    alice.sign_in("alice", PASSWORD, "owner")
    assert alice.connections() == {"alice": "owner"}
