"""Codes with which people register: docs/protocol.md, "Invitations"."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

import pytest
from tests.conformance.hub_process import HubProcess
from tests.conformance.rights_stage import DoorWire
from tests.conformance.scene import Scene, each_kind
from tests.conformance.speakers.json_lines import JsonSpeaker
from tests.conformance.speakers.words import PasswordAsked
from tests.conformance.test_accounts import PASSWORD, give_role
from tests.conformance.test_clocks import HOUR, Clockwork

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.conformance.conftest import Launch
    from tests.conformance.speakers.speaker import Speaker

CHOSEN = "chosen-by-me"
WRONG = "00000-00000-00000-00000-00000"


@pytest.fixture(scope="module")
def hub(engine: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[HubProcess]:
    """Give a hub that lets in members only."""
    data = tmp_path_factory.mktemp("invites")
    with HubProcess(engine, data, "--members-only", console=True) as process:
        yield process


@contextmanager
def door(hub: HubProcess) -> Iterator[JsonSpeaker]:
    """Open the operator's door; who comes and goes is no news there."""
    with DoorWire(hub.data / "hub.sock") as wire:
        operator = JsonSpeaker(wire, lambda _: True)
        operator.name = "SERVER"
        yield operator


@pytest.fixture
def operator(hub: HubProcess) -> Iterator[JsonSpeaker]:
    """Give the operator of the hub that the cases share."""
    with door(hub) as speaker:
        yield speaker


def invited(scene: Scene, base: str) -> Speaker:
    """Bring in somebody who has a code of their own."""
    with door(scene.hub) as operator:
        code = operator.make_invite().code
    somebody = scene.speaker()
    somebody.register_invited(code, scene.name(base), CHOSEN)
    return somebody


def test_a_moderator_makes_a_code_that_is_used_once(scene: Scene) -> None:
    """Whoever has it registers and is in; the second who shows it is refused."""
    mod = invited(scene, "mod")
    scene.hub.type(f":role {mod.name} moderator")
    mod.await_role(mod.name, "moderator")
    made = mod.make_invite()
    assert made.link.endswith(f":{scene.hub.port}/#invite={made.code}")
    assert made.command.endswith(f" {scene.hub.port} --invite {made.code}")
    assert made.id in mod.invites()
    ann = scene.speaker()
    ann.register_invited(made.code, scene.name("ann"), CHOSEN)
    mod.await_joined(ann.name)
    assert mod.connections()[ann.name] == "member"
    ann.say("here I am")
    mod.await_message(ann.name, "lobby", "here I am")
    late = scene.speaker()
    late.show_code(made.code, scene.name("late"))
    late.await_refusal("invite_invalid")
    assert made.id not in mod.invites()
    # The name is ann's own from now on.
    again = scene.speaker()
    again.sign_in(ann.name, CHOSEN)
    scene.expect_nothing_more()


@each_kind
def test_what_is_refused_uses_nothing_up(scene: Scene, operator: JsonSpeaker) -> None:
    """A taken name, a bad one and a password that is too short; then it is used."""
    taken = invited(scene, "taken")
    made = operator.make_invite()
    code = made.code
    ann = scene.speaker()
    ann.show_code(code, taken.name)
    ann.await_refusal("name_taken")
    ann.show_code(code, "two words")
    ann.await_refusal("name_invalid")
    name = scene.name("ann")
    ann.show_code(code, name)
    assert ann.hear() == PasswordAsked()
    ann.choose_password(code, name, "short")
    ann.await_refusal("password_invalid")
    # No dialect takes what comes next for a name: it is another password.
    ann.choose_password(code, name, CHOSEN)
    ann.await_welcome(name)
    taken.await_joined(name)
    assert made.id not in operator.invites()
    scene.expect_nothing_more()


@each_kind
def test_a_revoked_code(scene: Scene, operator: JsonSpeaker) -> None:
    """It is in the list no more, and lets nobody in; the trail has all of it."""
    made = operator.make_invite(3600)
    kept = operator.make_invite(3600)
    operator.order("invite-revoke", id=made.id)
    operator.await_done("invite-revoke")
    assert kept.id in operator.invites()
    assert made.id not in operator.invites()
    ann = scene.speaker()
    ann.show_code(made.code, scene.name("ann"))
    ann.await_refusal("invite_invalid")
    for name in (scene.name("ann"), scene.name("bob")):
        scene.speaker().register_invited(kept.code, name, CHOSEN)
    operator.settle()
    operator.order("invite-revoke", id=kept.id)
    operator.await_done("invite-revoke")
    operator.order("invite-revoke", id=kept.id)
    operator.await_refusal("invite_invalid")
    trail = operator.audit()
    assert trail[-6:] == [
        *("invite_made", "invite_made", "invite_revoked"),
        *("invite_used", "invite_used", "invite_revoked"),
    ]
    assert kept.code not in str(operator.received[-1])


@each_kind
def test_a_code_is_read_as_people_write_it(scene: Scene, operator: JsonSpeaker) -> None:
    """In capitals, without hyphens, and with letters that look like digits."""
    code = operator.make_invite().code
    written = code.upper().replace("-", "").replace("0", "O").replace("1", "l")
    scene.speaker().register_invited(written, scene.name("ann"), CHOSEN)


@each_kind
def test_guests_and_members_make_none(scene: Scene) -> None:
    """docs/protocol.md, "Roles"."""
    ann = invited(scene, "ann")
    for action, fields in (
        ("invite", {}),
        ("invites", {}),
        ("invite-revoke", {"id": 1}),
    ):
        ann.order(action, **fields)
        ann.await_refusal("not_allowed")


@each_kind
def test_wrong_codes_have_to_wait(launch: Launch, kinds: tuple[str, ...]) -> None:
    """docs/limits.md, `node/tries.py`: as with passwords; nobody else is kept."""
    hub = launch()
    scene = Scene(hub, kinds)
    eve = scene.speaker()
    for _ in range(5):
        eve.show_code(WRONG, "eve")
        eve.await_refusal("invite_invalid")
    eve.show_code(WRONG, "eve")
    eve.await_refusal("too_many_tries")
    invited(scene, "ann")


@each_kind
def test_on_an_open_hub_and_after_kill_9(
    launch: Launch, kinds: tuple[str, ...]
) -> None:
    """A code that was told is on disk; it works where guests come in, too."""
    hub = launch()
    with door(hub) as operator:
        made, over = operator.make_invite(), operator.make_invite(3600)
    hub.kill()
    hub = launch()
    scene = Scene(hub, kinds)
    with door(hub) as operator:
        assert operator.invites() == [made.id, over.id]
    guest = scene.person("guest")
    ann = scene.speaker()
    ann.register_invited(made.code, scene.name("ann"), CHOSEN)
    guest.await_joined(ann.name)
    hub.kill()
    scene = Scene(launch(), kinds)
    scene.know(ann.name)
    scene.speaker().sign_in(ann.name, CHOSEN)
    late = scene.speaker()
    late.show_code(made.code, "late")
    late.await_refusal("invite_invalid")


@each_kind
def test_the_password_of_the_hub_is_not_asked(
    launch: Launch, kinds: tuple[str, ...], tmp_path: Path
) -> None:
    """docs/protocol.md, "Invitations": who brings a good code needs no other."""
    secret = tmp_path / "password"
    secret.write_text(PASSWORD)
    secret.chmod(0o600)
    invited(Scene(launch("--password-file", str(secret)), kinds), "ann")


@each_kind
def test_no_trace_has_a_code(launch: Launch, kinds: tuple[str, ...]) -> None:
    """docs/security.md: nor has a file of the hub's."""
    hub = launch("--trace", console=True)
    scene = Scene(hub, kinds)
    mod = scene.person("mod")
    give_role(scene, mod, "moderator")
    code = mod.make_invite().code
    ann = scene.speaker()
    ann.register_invited(code, scene.name("ann"), CHOSEN)
    mod.await_joined(ann.name)
    hub.stop()
    for secret in (code, code[6:], CHOSEN):
        assert secret not in hub.output
        for path in hub.data.iterdir():
            assert secret.encode() not in path.read_bytes()


@pytest.fixture
def clock(engine: str, tmp_path: Path) -> Iterator[Clockwork]:
    """Give a clock, and a hub that goes by it."""
    with ExitStack() as running:
        yield Clockwork(engine, tmp_path, running)


@each_kind
def test_a_code_whose_time_is_over(clock: Clockwork, kinds: tuple[str, ...]) -> None:
    """By the wall clock: for anybody until then, and for nobody from then on."""
    hub = clock.start()
    scene = Scene(hub, kinds)
    with door(hub) as operator:
        made, once = operator.make_invite(1800), operator.make_invite()
    for base in ("ann", "bob"):
        scene.speaker().register_invited(made.code, scene.name(base), CHOSEN)
    clock.shift(HOUR)
    late = scene.speaker()
    late.show_code(made.code, scene.name("late"))
    late.await_refusal("invite_invalid")
    with door(hub) as operator:
        assert operator.invites() == [once.id]
    scene.speaker().register_invited(once.code, scene.name("carl"), CHOSEN)


@pytest.mark.parametrize("kinds", [("json",)], ids=["json"])
def test_a_lost_welcome_is_no_lost_invitation(
    scene: Scene, operator: JsonSpeaker
) -> None:
    """docs/protocol.md, "Coming in": the same hello, by its key, finds the seat."""
    hello = {
        "type": "hello",
        "name": scene.name("ann"),
        "invite": operator.make_invite().code,
        "password": CHOSEN,
        "key": "k" * 22,
    }
    first, again = scene.json_speaker(), scene.json_speaker()
    first.write(hello)
    first.await_welcome(str(hello["name"]))
    first.drop()
    again.write(hello)
    again.await_welcome(str(hello["name"]))
