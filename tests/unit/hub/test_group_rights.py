"""Each standing tries each act in a public group, a private one and the lobby."""

from __future__ import annotations

import pytest
from tests.rights_table import ROOMS, STANDINGS

from hubbub.hub import Hub
from hubbub.model.address import LOBBY, Address, ToGroup
from hubbub.model.commands import (
    CreateAccount,
    CreateGroup,
    HubCommand,
    Join,
    JoinGroup,
    Post,
    SignIn,
)
from hubbub.model.events import SERVER_ID
from hubbub.model.limits import Limits
from hubbub.model.moderation import (
    DeleteMessage,
    Freeze,
    GroupBan,
    GroupDelete,
    GroupInvite,
    GroupKick,
    GroupMod,
    GroupRename,
    GroupTopic,
    GroupUnban,
    GroupUnmod,
    SetPrivacy,
    Slow,
    Unfreeze,
)
from hubbub.model.refusals import Code, Refusal
from hubbub.model.roles import Role


def cast(place: str) -> tuple[Hub, dict[str, int], dict[str, HubCommand]]:
    """Make a hub with one person of each standing in #tea, and something to act upon.

    Args:
        place: `public`, `private` or `lobby`.
    """
    hub = Hub(Limits())
    actors: dict[str, int] = {}
    for name in ("owner", "mod", "member", "stranger", "victim", "helper", "banned"):
        hub.execute(SERVER_ID, Join(name), 1)
        actors[name] = hub.state.seq
    hub.execute(SERVER_ID, CreateAccount("staff", Role.MODERATOR), 1)
    actors["staff"] = hub.state.seq
    hub.execute(actors["staff"], SignIn(), 1)
    hub.execute(actors["owner"], CreateGroup("tea"), 1)
    group = hub.state.seq
    for name in ("mod", "member", "victim", "helper"):
        hub.execute(actors[name], JoinGroup("tea"), 1)
    for command in (
        GroupMod("tea", "mod"),
        GroupMod("tea", "helper"),
        GroupBan("tea", "banned"),
        Freeze(ToGroup("tea")),
    ):
        assert isinstance(hub.execute(actors["owner"], command, 1), list)
    hub.execute(SERVER_ID, Freeze(LOBBY), 1)
    room: Address = LOBBY if place == "lobby" else ToGroup("tea")
    outcome = hub.execute(SERVER_ID, Post(LOBBY, "said"), 1)
    assert isinstance(outcome, list)
    seq, victim = hub.state.seq, actors["victim"]
    if place == "private":
        hub.execute(actors["owner"], SetPrivacy("tea", private=True), 1)
    group = 0 if place == "lobby" else group
    commands: list[HubCommand] = [
        Slow(room, 10),
        Unfreeze(room),
        DeleteMessage(seq, "", victim, "victim", group),
        GroupInvite("tea", "banned"),
        GroupTopic("tea", "green"),
        GroupKick("tea", "victim"),
        GroupBan("tea", "victim"),
        GroupUnban("tea", "banned"),
        GroupMod("tea", "victim"),
        GroupUnmod("tea", "helper"),
        SetPrivacy("tea", private=place != "private"),
        GroupRename("tea", "coffee"),
        GroupDelete("tea"),
    ]
    return hub, actors, {type(one).__name__: one for one in commands}


@pytest.mark.parametrize("place", ["public", "private", "lobby"])
@pytest.mark.parametrize("standing", STANDINGS)
@pytest.mark.parametrize("kind", ROOMS)
def test_the_table(kind: str, standing: str, place: str) -> None:
    """Who may not is refused and nothing happens; who may is not."""
    who = getattr(ROOMS[kind], place)
    if not who:
        return
    hub, actors, commands = cast(place)
    if kind == "Freeze":
        room = LOBBY if place == "lobby" else ToGroup("tea")
        hub.execute(
            SERVER_ID if place == "lobby" else actors["owner"], Unfreeze(room), 2
        )
        commands[kind] = Freeze(room)
    before = hub.state.dump()
    outcome = hub.execute(actors[standing], commands[kind], 3)
    if standing in who.split():
        assert isinstance(outcome, list)
        return
    assert isinstance(outcome, Refusal)
    assert outcome.code in (Code.NOT_ALLOWED, Code.MESSAGE_UNKNOWN)
    assert hub.state.dump() == before
