"""The table of rights: which role may give which command, and ask what."""

from __future__ import annotations

from hubbub.hub.state import LOBBY_ID, Group, State, User
from hubbub.model import access, commands, invites, moderation, public
from hubbub.model.events import SERVER_ID, SERVER_NAME
from hubbub.model.refusals import Code, Refusal
from hubbub.model.roles import ACCOUNTS, Role, outranks

_SERVER = frozenset({Role.SERVER})
_OWNERS = _SERVER | {Role.OWNER}
_STAFF = _OWNERS | {Role.MODERATOR}
_GUESTS = frozenset({Role.GUEST})
_SEATED = ACCOUNTS | _GUESTS
_HERE = _SEATED | _SERVER
_ACCOUNTS_HERE = ACCOUNTS | _SERVER
_GONE = _SEATED | {Role.NOBODY}
_ANYBODY = _HERE | {Role.NOBODY}

RIGHTS: dict[type, frozenset[Role]] = {
    # Talk
    commands.Post: _HERE,
    commands.PostOnce: _SERVER,
    commands.CreateGroup: _SEATED,
    commands.JoinGroup: _SEATED,
    commands.LeaveGroup: _SEATED,
    # Keeping order
    moderation.Kick: _STAFF,
    moderation.Rename: _STAFF,
    moderation.SetRole: _OWNERS,
    moderation.Ban: _STAFF,
    moderation.Unban: _STAFF,
    moderation.Mute: _STAFF,
    moderation.Unmute: _STAFF,
    moderation.Announce: _STAFF,
    # In the lobby only those above; in a group, see `keeps_order_in`.
    moderation.Slow: _HERE,
    moderation.Freeze: _HERE,
    moderation.Unfreeze: _HERE,
    moderation.DeleteMessage: _HERE,
    moderation.Report: _SEATED,
    # Groups: see `group_rank`.
    moderation.GroupInvite: _SEATED,
    moderation.GroupKick: _SEATED,
    moderation.GroupBan: _SEATED,
    moderation.GroupUnban: _SEATED,
    moderation.GroupMod: _SEATED,
    moderation.GroupUnmod: _SEATED,
    moderation.GroupTopic: _SEATED,
    moderation.SetPrivacy: _SEATED,
    moderation.GroupRename: _SEATED,
    moderation.GroupDelete: _SEATED,
    # Accounts
    commands.OpenAccount: _GUESTS,
    commands.SetPassword: ACCOUNTS,
    commands.CloseAccount: ACCOUNTS,
    commands.LogOutOthers: ACCOUNTS,
    commands.CreateAccount: _SERVER,
    # Access tokens: for oneself; the rest says `hub/rules/access.py`.
    access.CreateToken: _ACCOUNTS_HERE,
    access.RevokeToken: _ACCOUNTS_HERE,
    access.ListTokens: _ACCOUNTS_HERE,
    access.UnderToken: ACCOUNTS,
    # Invitations
    invites.CreateInvite: _STAFF,
    invites.RevokeInvite: _STAFF,
    invites.ListInvites: _STAFF,
    # Coming and going
    commands.Join: _SERVER,
    invites.JoinInvited: _SERVER,
    commands.Resume: _SEATED,
    commands.SignIn: ACCOUNTS,
    commands.Disconnect: _GONE,
    commands.EndSeat: _GONE,
    commands.Shutdown: _SERVER,
    # Questions
    commands.ListUsers: _HERE,
    commands.ListGroups: _HERE,
    commands.ListMembers: _HERE,
    commands.ListSessions: _STAFF,
    moderation.ListBans: _STAFF,
    moderation.ReadReports: _STAFF,
    moderation.ReadAudit: _OWNERS,
    commands.ReadHistory: _HERE,
    public.ReadLobby: _ANYBODY,
    public.Observe: _ANYBODY,
    public.WhoIsHere: _ANYBODY,
    public.CheckHealth: _ANYBODY,
    public.ReadMetrics: _ANYBODY,
    commands.Help: _ANYBODY,
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


def may_act_on(state: State, actor: int, user: User, *, down: bool = False) -> bool:
    """Tell whether one may act on a user: only down the ranks, or on oneself.

    With `down` not on oneself either.
    """
    if actor == user.id:
        return not down
    return outranks(role_of(state, actor), user.role)


def answers_for_hub(state: State, actor: int) -> bool:
    """Tell whether somebody sees, and revokes, everybody's access tokens."""
    return role_of(state, actor) in _OWNERS


def keeps_order_in(state: State, actor: int, room: int) -> bool:
    """Tell whether one keeps order in a room: a group by its id, or `LOBBY_ID`."""
    if room == LOBBY_ID:
        return actor in state.staff
    group = state.groups.get(room)
    return group is not None and group_rank(state, actor, group) >= GROUP_MOD


GROUP_STAFF, GROUP_OWNER, GROUP_MOD, GROUP_MEMBER, GROUP_STRANGER = 3, 2, 1, 0, -1


def group_rank(state: State, actor: int, group: Group) -> int:
    """Tell what somebody is in a group.

    Whoever keeps order in the hub stands above all in a public group, and is nobody in
    a private one: nobody looks into that from outside.
    """
    if actor in state.staff and not group.private:
        return GROUP_STAFF
    if actor not in group.members:
        return GROUP_STRANGER
    if actor == group.owner:
        return GROUP_OWNER
    return GROUP_MOD if actor in group.mods else GROUP_MEMBER


def no_right_in(group: str) -> Refusal:
    """Refuse what takes a right to it in a group, by its name, or in the lobby, ""."""
    who = f"the owner and the mods of #{group}" if group else "moderators and owners"
    return Refusal(Code.NOT_ALLOWED, f"only {who} may do that")


def name_of(state: State, actor: int) -> str:
    """Give the name under which an act is done."""
    return SERVER_NAME if actor == SERVER_ID else state.users[actor].name


def stands_above(user: User) -> Refusal:
    """Refuse an act upon somebody of one's own rank, or above."""
    return Refusal(
        Code.NOT_ALLOWED, f"{user.name} is {user.role}, and you do not stand above that"
    )
