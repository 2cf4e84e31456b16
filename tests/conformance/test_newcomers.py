"""What a newcomer is told: docs/protocol.md, "How rooms stand", in every dialect."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.conformance.hub_process import HubProcess
from tests.conformance.scene import Scene, each_kind
from tests.conformance.test_accounts import PASSWORD, give_role

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def hub(engine: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[HubProcess]:
    """Give a hub with a console: a frozen lobby is no place for other cases."""
    data = tmp_path_factory.mktemp("newcomers")
    with HubProcess(engine, data, console=True) as process:
        yield process


@each_kind
def test_a_frozen_and_slow_lobby(scene: Scene) -> None:
    """It is said on entry, and what changes later is told as it happens."""
    ann = scene.person("ann")
    scene.hub.type(":freeze")
    ann.await_act("frozen", room="lobby")
    bob = scene.person("bob")
    bob.await_room("lobby")
    scene.hub.type(":slow 10s")
    scene.hub.type(":unfreeze")
    for one in (ann, bob):
        one.await_act("slowed", room="lobby")
        one.await_act("unfrozen", room="lobby")
    carol = scene.person("carol")
    carol.await_room("lobby")
    scene.hub.type(":slow off")
    for one in (ann, bob):
        one.await_act("slowed", room="lobby")
    carol.await_act("slowed", room="lobby")
    dora = scene.person("dora")
    dora.expect_nothing()


LOBBY = {"room": "lobby", "frozen": True, "slow": 10}


@pytest.mark.parametrize("kinds", [("json",)], ids="".join)
class TestFrames:
    """What only frames tell: each field, when it is there and when it is left out."""

    def test_a_guest_at_a_plain_hub(self, scene: Scene) -> None:
        """Nothing to say is left out."""
        ann = scene.json("ann")
        assert "role" not in ann.welcome
        assert "rooms" not in ann.welcome

    def test_everything_at_once(self, scene: Scene) -> None:
        """`role`, and in `rooms` the lobby and one's own groups, in order."""
        ann, bob = scene.json("ann"), scene.json("bob")
        give_role(scene, ann, "owner", bob)
        tea, rum = scene.name("tea"), scene.name("rum")
        ann.order_group("create", tea, private=True)
        ann.await_own_group("created", tea)
        ann.create_group(rum)
        ann.order_group("topic", tea, text="Assam")
        ann.order("slow", to="lobby", seconds=10)
        ann.order("freeze", to="lobby")
        ann.order("freeze", to=f"#{tea}")
        ann.settle()
        phone = scene.json_speaker()
        phone.claim_name(ann.name, PASSWORD)
        welcome = phone.read()
        assert welcome["role"] == "owner"
        assert welcome["rooms"] == [
            LOBBY,
            {"room": f"#{rum}", "rank": "owner"},
            {
                "room": f"#{tea}",
                "private": True,
                "frozen": True,
                "topic": "Assam",
                "rank": "owner",
            },
        ]
        phone.ask_groups()
        listed = {one["name"]: one for one in phone.read()["groups"]}
        assert listed[tea] == {
            "name": tea,
            "members": 1,
            "joined": True,
            "private": True,
            "topic": "Assam",
            "frozen": True,
            "rank": "owner",
        }
        assert listed[rum] == {
            "name": rum,
            "members": 1,
            "joined": True,
            "rank": "owner",
        }

    def test_coming_back(self, scene: Scene) -> None:
        """`resume` has it too, as of now; what led there follows once more."""
        ann, bob = scene.json("ann"), scene.json("bob")
        tea = scene.group_of(ann, bob)
        token, seen = bob.token, bob.last_seq
        bob.drop()
        ann.await_left(bob.name)
        ann.order_group("mod", tea, user=bob.name)
        ann.await_act("group_role", bob.name, f"#{tea}")
        scene.hub.type(":freeze")
        ann.await_done("mod")
        ann.await_act("frozen", room="lobby")
        again = scene.json_speaker()
        again.resume(bob.name, token, seen)
        again.await_resumed(bob.name)
        assert again.welcome["rooms"] == [
            {"room": "lobby", "frozen": True},
            {"room": f"#{tea}", "rank": "mod"},
        ]
        again.await_room("lobby")
        again.await_act("group_role", bob.name, f"#{tea}")
        again.await_act("frozen", room="lobby")

    def test_another_device(self, scene: Scene) -> None:
        """Every device of a user who joins a group is told how it stands."""
        ann, bob = scene.json("ann"), scene.json("bob")
        tea = scene.group_of(bob)
        bob.order_group("topic", tea, text="Assam")
        bob.await_act("topic", room=f"#{tea}")
        bob.await_done("topic")
        ann.register(PASSWORD)
        phone = scene.json_speaker()
        phone.sign_in(ann.name, PASSWORD)
        ann.join_group(tea)
        for device in (ann, phone):
            if device is phone:
                device.await_own_group("joined", tea)
            device.await_room(f"#{tea}")
            assert device.frame == {
                "type": "room",
                "room": f"#{tea}",
                "topic": "Assam",
            }
