"""The table of rights: which role may give which command, and ask what."""

from __future__ import annotations

from hubbub.hub.state import State, User
from hubbub.model.commands import (
    CheckHealth,
    CloseAccount,
    CreateAccount,
    CreateGroup,
    Disconnect,
    EndSeat,
    Help,
    Join,
    JoinGroup,
    Kick,
    LeaveGroup,
    ListGroups,
    ListMembers,
    ListSessions,
    ListUsers,
    LogOutOthers,
    Observe,
    OpenAccount,
    Post,
    PostOnce,
    ReadHistory,
    ReadLobby,
    ReadMetrics,
    Rename,
    Resume,
    SetPassword,
    SetRole,
    Shutdown,
    SignIn,
    WhoIsHere,
)
from hubbub.model.events import SERVER_ID
from hubbub.model.refusals import Code, Refusal
from hubbub.model.roles import ACCOUNTS, Role, outranks

_SERVER = frozenset({Role.SERVER})
_OWNERS = _SERVER | {Role.OWNER}
_STAFF = _OWNERS | {Role.MODERATOR}
_GUESTS = frozenset({Role.GUEST})
_SEATED = ACCOUNTS | _GUESTS
_HERE = _SEATED | _SERVER
_GONE = _SEATED | {Role.NOBODY}
_ANYBODY = _HERE | {Role.NOBODY}

RIGHTS: dict[type, frozenset[Role]] = {
    # Talk
    Post: _HERE,
    PostOnce: _SERVER,
    CreateGroup: _SEATED,
    JoinGroup: _SEATED,
    LeaveGroup: _SEATED,
    # Keeping order
    Kick: _STAFF,
    Rename: _STAFF,
    SetRole: _OWNERS,
    # Accounts
    OpenAccount: _GUESTS,
    SetPassword: ACCOUNTS,
    CloseAccount: ACCOUNTS,
    LogOutOthers: ACCOUNTS,
    CreateAccount: _SERVER,
    # Coming and going
    Join: _SERVER,
    Resume: _SEATED,
    SignIn: ACCOUNTS,
    Disconnect: _GONE,
    EndSeat: _GONE,
    Shutdown: _SERVER,
    # Questions
    ListUsers: _HERE,
    ListGroups: _HERE,
    ListMembers: _HERE,
    ListSessions: _STAFF,
    ReadHistory: _HERE,
    ReadLobby: _ANYBODY,
    Observe: _ANYBODY,
    WhoIsHere: _ANYBODY,
    CheckHealth: _ANYBODY,
    ReadMetrics: _ANYBODY,
    Help: _ANYBODY,
}
"""Who may give which command. What is not in it, nobody may."""

_NOT_JOINED = Refusal(Code.NOT_JOINED, "say who you are first: give a name")

# The first of these that may is named to one who may not.
_WHO = (
    (Role.GUEST, "only a guest may do that; your name is your own already"),
    (Role.MEMBER, "only whose name is their own may do that: :register <password>"),
    (Role.MODERATOR, "only moderators and owners may do that"),
    (Role.OWNER, "only owners may do that"),
    (Role.SERVER, "only the hub's console may do that"),
)


def role_of(state: State, actor: int) -> Role:
    """Tell what somebody is to the hub."""
    user = state.users.get(actor)
    if user is not None:
        return user.role
    return Role.SERVER if actor == SERVER_ID else Role.NOBODY


def may(role: Role, kind: type) -> bool:
    """Tell whether a role has the right to a command of some type."""
    return role in RIGHTS.get(kind, frozenset())


def no_right(role: Role, kind: type) -> Refusal:
    """Say who would have the right."""
    if role is Role.NOBODY:
        return _NOT_JOINED
    allowed = RIGHTS.get(kind, frozenset())
    text = next((text for one, text in _WHO if one in allowed), "nobody may do that")
    return Refusal(Code.NOT_ALLOWED, text)


def may_act_on(state: State, actor: int, user: User) -> bool:
    """Tell whether one may act on a user: only down the ranks, or on oneself."""
    return actor == user.id or outranks(role_of(state, actor), user.role)


def stands_above(user: User) -> Refusal:
    """Refuse an act upon somebody of one's own rank, or above."""
    return Refusal(
        Code.NOT_ALLOWED, f"{user.name} is {user.role}, and you do not stand above that"
    )
