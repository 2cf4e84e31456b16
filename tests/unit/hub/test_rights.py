"""Each role tries each command; what the table denies changes nothing."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from tests.conformance.acts import ACTS, NOT_ASKED, REQUESTS
from tests.conformance.room_acts import IN_ANOTHER_WAY, ROOM_ACTS
from tests.rights_table import HUB, ROLES, ROOMS, TALK
from tests.unit.hub.tables import may as may_by_hand

from hubbub.hub import Hub, State
from hubbub.hub.rights import RIGHTS, may, no_right
from hubbub.model.access import CreateToken, RevokeToken, UnderToken
from hubbub.model.address import LOBBY
from hubbub.model.commands import (
    AskedCommand,
    CloseAccount,
    Command,
    CreateAccount,
    CreateGroup,
    Disconnect,
    EndSeat,
    HubCommand,
    Join,
    JoinGroup,
    LeaveGroup,
    LogOutOthers,
    OpenAccount,
    Post,
    PostOnce,
    Query,
    Resume,
    SetPassword,
    Shutdown,
    SignIn,
)
from hubbub.model.events import SERVER_ID
from hubbub.model.invites import CreateInvite, JoinInvited, RevokeInvite
from hubbub.model.limits import Limits
from hubbub.model.moderation import (
    Announce,
    Ban,
    Kick,
    Mute,
    Rename,
    Report,
    SetRole,
    Unban,
    Unmute,
)
from hubbub.model.refusals import Code, Refusal
from hubbub.model.roles import Role

COMMANDS: list[HubCommand] = [
    Post(LOBBY, "hi"),
    PostOnce("ci", LOBBY, "done"),
    CreateGroup("new"),
    JoinGroup("tea"),
    LeaveGroup("tea"),
    Kick("victim"),
    Rename("victim", "prey"),
    SetRole("pal", Role.MODERATOR),
    Ban("victim"),
    Ban("10.0.0.1"),
    Unban("10.0.0.9"),
    Mute("victim"),
    Unmute("10.0.0.8"),
    Announce("tea is ready"),
    Report("it is loud"),
    OpenAccount("hash"),
    SetPassword("hash"),
    CloseAccount(),
    LogOutOthers(),
    CreateAccount("new", Role.OWNER, "hash"),
    CreateToken("h", "last", ("lobby",)),
    RevokeToken(99),
    UnderToken("nobody's", Post(LOBBY, "hi")),
    CreateInvite("another code"),
    RevokeInvite(1),
    JoinInvited("new", "code", "hash"),
    Join("new"),
    Resume(),
    SignIn(),
    Disconnect("lost"),
    EndSeat(),
]


OTHERWISE_NO = {
    Code.NOT_A_MEMBER,  # of a group that one leaves
    Code.NAME_INVALID,  # whose token the console does not say
    Code.TOKEN_UNKNOWN,
    Code.TOKEN_INVALID,
}


def cast() -> tuple[Hub, dict[Role, int]]:
    """Make a hub with one person of each role, a guest to be kicked, and a pal."""
    hub = Hub(Limits())
    hub.execute(SERVER_ID, CreateInvite("code"), 1)
    actors = {Role.SERVER: SERVER_ID, Role.NOBODY: 10_000}
    for role in (Role.OWNER, Role.MODERATOR, Role.MEMBER):
        hub.execute(SERVER_ID, CreateAccount(role, role, "hash"), 1)
        actors[role] = hub.state.seq
        hub.execute(actors[role], SignIn(), 1)
    hub.execute(SERVER_ID, CreateAccount("pal", Role.MEMBER, "hash"), 1)
    for name in ("victim", "guest"):
        hub.execute(SERVER_ID, Join(name), 1)
    actors[Role.GUEST] = hub.state.seq
    hub.execute(actors[Role.GUEST] - 1, CreateGroup("tea"), 1)
    hub.execute(SERVER_ID, Ban("10.0.0.9"), 1)
    hub.execute(SERVER_ID, Join("silent"), 1)
    hub.execute(SERVER_ID, Mute("silent", places=("10.0.0.8",)), 1)
    return hub, actors


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("command", COMMANDS, ids=lambda one: type(one).__name__)
def test_the_table(role: Role, command: HubCommand) -> None:
    """Who has no right is refused, by code and sentence, and nothing happens."""
    hub, actors = cast()
    before = hub.state.dump()
    outcome = hub.execute(actors[role], command, 2)
    if may_by_hand(role, type(command)):
        # Other rules may say no, as to leaving a group that one is not in.
        assert not isinstance(outcome, Refusal) or outcome.code in OTHERWISE_NO
        return
    assert isinstance(outcome, Refusal)
    nobody = role is Role.NOBODY
    assert outcome.code == (Code.NOT_JOINED if nobody else Code.NOT_ALLOWED)
    assert hub.state.dump() == before


def test_the_table_is_the_one_written_by_hand() -> None:
    """Command by command, and role by role; neither has one more."""
    roles = {"console" if role is Role.SERVER else role.value: role for role in Role}
    assert set(roles) == set(ROLES)
    by_hand = {
        command: {roles[word] for word in who.split()} for command, who in HUB.items()
    }
    assert by_hand == {kind.__name__: set(who) for kind, who in RIGHTS.items()}


def test_every_command_is_tried_at_a_socket() -> None:
    """Or the reason is written down why it can't be asked for."""
    asked = {act.command for act in ACTS} | {one.command for one in REQUESTS}
    assert asked | set(NOT_ASKED) == set(HUB)
    assert not {act.command for act in ACTS} & set(NOT_ASKED)
    in_rooms = {act.command for act in ROOM_ACTS}
    assert in_rooms | set(IN_ANOTHER_WAY) == set(ROOMS) | set(TALK)


def test_the_table_has_every_command() -> None:
    """A command that is not in the table is nobody's; none may be forgotten."""

    def parts(union: Any) -> set[type]:
        return set(union.__args__)

    connection = parts(Command) - parts(Query) - parts(HubCommand) - {Shutdown}
    assert parts(AskedCommand) <= connection
    assert set(RIGHTS) == (parts(Command) | parts(HubCommand)) - connection
    tried = {type(command).__name__ for command in COMMANDS} | set(ROOMS)
    assert tried == {kind.__name__ for kind in parts(HubCommand)}
    assert not may(Role.OWNER, msgspec.Struct)
    assert no_right(Role.OWNER, msgspec.Struct).text == "nobody may do that"


@pytest.mark.parametrize("actor", Role)
@pytest.mark.parametrize("target", [Role.OWNER, Role.MODERATOR, Role.MEMBER])
def test_ranks(actor: Role, target: Role) -> None:
    """Whoever may kick kicks down the ranks, or themselves; nobody up or across."""
    hub, actors = cast()
    outcome = hub.execute(actors[actor], Kick(target), 2)
    order = [Role.GUEST, Role.MEMBER, Role.MODERATOR, Role.OWNER, Role.SERVER]
    allowed = may_by_hand(actor, Kick) and (
        actor is target or order.index(actor) > order.index(target)
    )
    assert isinstance(outcome, Refusal) is not allowed


def test_a_kicked_account_stays() -> None:
    """Name, role and groups stay; the devices have to sign in again."""
    hub, actors = cast()
    member = actors[Role.MEMBER]
    hub.execute(member, SignIn("hash of a token"), 1)
    hub.execute(member, JoinGroup("tea"), 1)
    hub.execute(SERVER_ID, Kick("member"), 2)
    user = hub.user(member)
    assert (user.connected, user.tokens, user.role) == (False, (), Role.MEMBER)
    assert hub.holder("hash of a token") is None
    assert user.groups
    assert isinstance(hub.execute(SERVER_ID, Kick("member"), 3), Refusal)


def test_a_snapshot_of_version_1() -> None:
    """What an earlier version wrote is read: all were guests."""
    old = {
        "version": 1,
        "seq": 7,
        "users": [
            {"id": 1, "name": "ann", "since": 5, "token_hash": "t", "groups": [3]},
            {"id": 2, "name": "bob", "since": 6, "connected": False},
        ],
        "groups": [{"id": 3, "name": "tea", "members": [1]}],
    }
    state = State.load(msgspec.json.encode(old))
    assert (state.seq, state.accounts, state.tokens) == (7, 0, {"t": 1})
    assert state.users[1].role is Role.GUEST
    assert state.users[2].tokens == ()
    assert State.load(state.dump()) == state
    with pytest.raises(ValueError, match="unknown version"):
        State.load(b'{"version": 99}')
