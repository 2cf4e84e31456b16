"""The frames of keeping order to commands."""

from __future__ import annotations

from collections.abc import Callable

from hubbub.dialects.json_lines.order_frames import AdminRequest, GroupRequest
from hubbub.model.address import LOBBY, Address, parse_address
from hubbub.model.commands import (
    Command,
    CreateAccount,
    CreateGroup,
    JoinGroup,
    LeaveGroup,
    ListGroups,
    ListMembers,
    ListSessions,
)
from hubbub.model.invites import ListInvites, NewInvite, RevokeInvite
from hubbub.model.moderation import (
    Announce,
    Ban,
    ClosePrivate,
    Delete,
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
    Kick,
    ListBans,
    Mute,
    ReadAudit,
    ReadReports,
    Rename,
    Report,
    SetPrivacy,
    SetRole,
    Slow,
    Unban,
    Unfreeze,
    Unmute,
)
from hubbub.model.refusals import Code, Refusal
from hubbub.model.roles import Role
from hubbub.model.secret import Secret


def read_group(frame: GroupRequest) -> Command | Refusal:
    """Read what is to be done with a group."""
    if frame.action == "list":
        return ListGroups()
    command = None if frame.name is None else _GROUP[frame.action](frame, frame.name)
    if command is None:
        return _lacks("group", frame.action)
    return command


def read_admin(frame: AdminRequest) -> Command | Refusal:
    """Read what is to be done to keep order."""
    command = _ADMIN[frame.action](frame)
    return _lacks("admin", frame.action) if command is None else command


def _lacks(kind: str, action: str) -> Refusal:
    return Refusal(
        Code.BAD_FRAME, f"{kind} {action} lacks a field; see the schema", kind
    )


def _reason(frame: AdminRequest | GroupRequest) -> str:
    return frame.reason or ""


def _with_user(
    make: Callable[[str, str], Command],
) -> Callable[[GroupRequest, str], Command | None]:
    return lambda frame, name: None if frame.user is None else make(name, frame.user)


def _join(frame: GroupRequest, name: str) -> Command:
    password = None if frame.password is None else Secret(frame.password)
    return JoinGroup(name, password)


def _private(frame: GroupRequest, name: str) -> Command:
    password = None if frame.password is None else Secret(frame.password)
    return ClosePrivate(name, password)


_GROUP: dict[str, Callable[[GroupRequest, str], Command | None]] = {
    "create": lambda frame, name: CreateGroup(name, frame.private),
    "join": _join,
    "leave": lambda _frame, name: LeaveGroup(name),
    "members": lambda _frame, name: ListMembers(name),
    "invite": _with_user(GroupInvite),
    "topic": lambda frame, name: GroupTopic(name, frame.text or ""),
    "kick": lambda frame, name: (
        None if frame.user is None else GroupKick(name, frame.user, _reason(frame))
    ),
    "ban": lambda frame, name: (
        None
        if frame.user is None
        else GroupBan(name, frame.user, frame.seconds, _reason(frame))
    ),
    "unban": _with_user(GroupUnban),
    "mod": _with_user(GroupMod),
    "unmod": _with_user(GroupUnmod),
    "private": _private,
    "public": lambda _frame, name: SetPrivacy(name, private=False),
    "rename": lambda frame, name: (
        None if frame.to is None else GroupRename(name, frame.to)
    ),
    "delete": lambda frame, name: GroupDelete(name, _reason(frame)),
}


def _with_name(
    make: Callable[[str], Command],
) -> Callable[[AdminRequest], Command | None]:
    return lambda frame: None if frame.name is None else make(frame.name)


def _freeze(
    make: Callable[[Address], Command],
) -> Callable[[AdminRequest], Command | None]:
    def read(frame: AdminRequest) -> Command | None:
        room = LOBBY if frame.to is None else parse_address(frame.to)
        return None if room is None else make(room)

    return read


def _slow(frame: AdminRequest) -> Command | None:
    room = LOBBY if frame.to is None else parse_address(frame.to)
    if room is None or frame.seconds is None:
        return None
    return Slow(room, frame.seconds)


def _rename(frame: AdminRequest) -> Command | None:
    if frame.name is None or frame.to is None:
        return None
    return Rename(frame.name, frame.to)


def _role(frame: AdminRequest) -> Command | None:
    if frame.name is None or frame.role is None:
        return None
    return SetRole(frame.name, Role(frame.role))


def _create(frame: AdminRequest) -> Command | None:
    if frame.name is None or frame.role is None:
        return None
    return CreateAccount(frame.name, Role(frame.role), frame.hash or "")


def _report(frame: AdminRequest) -> Command | None:
    why = frame.text or frame.reason
    if not why:
        return None
    return Report(why, frame.name or "", frame.message or 0)


_ADMIN: dict[str, Callable[[AdminRequest], Command | None]] = {
    "list": lambda _frame: ListSessions(),
    "kick": lambda frame: (
        None if frame.name is None else Kick(frame.name, _reason(frame))
    ),
    "rename": _rename,
    "role": _role,
    "create": _create,
    "ban": lambda frame: (
        None if frame.name is None else Ban(frame.name, frame.seconds, _reason(frame))
    ),
    "unban": _with_name(Unban),
    "bans": lambda _frame: ListBans(),
    "mute": lambda frame: (
        None if frame.name is None else Mute(frame.name, frame.seconds, _reason(frame))
    ),
    "unmute": _with_name(Unmute),
    "slow": _slow,
    "freeze": _freeze(Freeze),
    "unfreeze": _freeze(Unfreeze),
    "delete": lambda frame: (
        None if frame.message is None else Delete(frame.message, _reason(frame))
    ),
    "announce": lambda frame: None if frame.text is None else Announce(frame.text),
    "report": _report,
    "reports": lambda frame: ReadReports(frame.limit),
    "audit": lambda frame: ReadAudit(frame.limit, frame.before),
    "invite": lambda frame: NewInvite(frame.seconds),
    "invites": lambda _frame: ListInvites(),
    "invite-revoke": lambda frame: None if frame.id is None else RevokeInvite(frame.id),
}
