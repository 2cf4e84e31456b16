"""The frames of keeping order to commands and back, as tables.

A row says of one act what the frame calls it, which command it is, and in which fields
of the frame the command's own fields stand, in their order.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from hubbub.dialects.json_lines.order_frames import AdminRequest, GroupRequest
from hubbub.model import commands, invites, moderation
from hubbub.model.address import LOBBY, parse_address
from hubbub.model.commands import Command
from hubbub.model.refusals import Code, Refusal
from hubbub.model.roles import Role
from hubbub.model.secret import Secret


def _same(value: Any) -> Any:
    return value


class _Field(NamedTuple):
    """Where a field of a command stands in a frame.

    Attributes:
        name: The field of the frame; None where the frame says it by its action.
        needed: Whether the act is none without it.
        read: Makes the command's value; what is needed and None then is lacking.
        write: Makes the frame's value; None leaves it out.
    """

    name: str | None
    needed: bool = False
    read: Callable[[Any], Any] = _same
    write: Callable[[Any], Any] = _same

    def of(self, frame: AdminRequest | GroupRequest) -> Any:
        return self.read(None if self.name is None else getattr(frame, self.name))


class _Form(NamedTuple):
    """How one act is asked for."""

    action: str
    kind: type
    fields: tuple[_Field, ...] = ()


def _needed(name: str) -> _Field:
    return _Field(name, needed=True)


def _text(name: str) -> _Field:
    return _Field(name, read=lambda text: text or "", write=lambda text: text or None)


def _read_room(to: str | None) -> Any:
    return LOBBY if to is None else parse_address(to)


def _read_secret(text: str | None) -> Secret | None:
    return None if text is None else Secret(text)


def _write_secret(secret: Secret | None) -> str | None:
    return None if secret is None else secret.value


_NAME, _TO, _USER = _needed("name"), _needed("to"), _needed("user")
_REASON, _SECONDS = _text("reason"), _Field("seconds")
_MESSAGE = _needed("message")
_ROLE = _Field(
    "role",
    needed=True,
    read=lambda role: None if role is None else Role(role),
    write=lambda role: role.value,
)
_ROOM = _Field("to", needed=True, read=_read_room, write=str)
_WHY = _Field("text", needed=True, read=lambda text: text or None)
_OF_MESSAGE = _Field(
    "message", read=lambda seq: seq or 0, write=lambda seq: seq or None
)
_PASSWORD = _Field("password", read=_read_secret, write=_write_secret)
_GROUP = _Field("name", needed=True, write=lambda name: name.removeprefix("#"))
_PUBLIC = _Field(None, read=lambda _nothing: False)

_ADMIN = (
    _Form("list", commands.ListSessions),
    _Form("kick", moderation.Kick, (_NAME, _REASON)),
    _Form("rename", moderation.Rename, (_NAME, _TO)),
    _Form("role", moderation.SetRole, (_NAME, _ROLE)),
    _Form("create", commands.CreateAccount, (_NAME, _ROLE, _text("hash"))),
    _Form("ban", moderation.Ban, (_NAME, _SECONDS, _REASON)),
    _Form("unban", moderation.Unban, (_NAME,)),
    _Form("bans", moderation.ListBans),
    _Form("mute", moderation.Mute, (_NAME, _SECONDS, _REASON)),
    _Form("unmute", moderation.Unmute, (_NAME,)),
    _Form("slow", moderation.Slow, (_ROOM, _needed("seconds"))),
    _Form("freeze", moderation.Freeze, (_ROOM,)),
    _Form("unfreeze", moderation.Unfreeze, (_ROOM,)),
    _Form("delete", moderation.Delete, (_MESSAGE, _REASON)),
    _Form("announce", moderation.Announce, (_needed("text"),)),
    _Form("report", moderation.Report, (_WHY, _text("name"), _OF_MESSAGE)),
    _Form("reports", moderation.ReadReports, (_Field("limit"),)),
    _Form("audit", moderation.ReadAudit, (_Field("limit"), _Field("before"))),
    _Form("invite", invites.NewInvite, (_SECONDS,)),
    _Form("invites", invites.ListInvites),
    _Form("invite-revoke", invites.RevokeInvite, (_needed("id"),)),
)

_OF_GROUP = (
    _Form("create", commands.CreateGroup, (_GROUP, _Field("private"))),
    _Form("join", commands.JoinGroup, (_GROUP, _PASSWORD)),
    _Form("leave", commands.LeaveGroup, (_GROUP,)),
    _Form("members", commands.ListMembers, (_GROUP,)),
    _Form("list", commands.ListGroups),
    _Form("invite", moderation.GroupInvite, (_GROUP, _USER)),
    _Form("topic", moderation.GroupTopic, (_GROUP, _text("text"))),
    _Form("kick", moderation.GroupKick, (_GROUP, _USER, _REASON)),
    _Form("ban", moderation.GroupBan, (_GROUP, _USER, _SECONDS, _REASON)),
    _Form("unban", moderation.GroupUnban, (_GROUP, _USER)),
    _Form("mod", moderation.GroupMod, (_GROUP, _USER)),
    _Form("unmod", moderation.GroupUnmod, (_GROUP, _USER)),
    _Form("private", moderation.ClosePrivate, (_GROUP, _PASSWORD)),
    _Form("public", moderation.SetPrivacy, (_GROUP, _PUBLIC)),
    _Form("rename", moderation.GroupRename, (_GROUP, _TO)),
    _Form("delete", moderation.GroupDelete, (_GROUP, _REASON)),
)

ADMIN_ACTIONS: dict[type, str] = {
    **{form.kind: form.action for form in _ADMIN},
    # What the node makes of those that it has to complete.
    moderation.DeleteMessage: "delete",
    invites.CreateInvite: "invite",
}
"""What `admin` asks for with each."""

GROUP_ACTIONS: dict[type, str] = {form.kind: form.action for form in _OF_GROUP}
"""What `group` asks for with each."""

_READ_ADMIN = {form.action: form for form in _ADMIN}
_READ_GROUP = {form.action: form for form in _OF_GROUP}
_WRITE: dict[type, tuple[type, _Form]] = {
    **{form.kind: (AdminRequest, form) for form in _ADMIN},
    **{form.kind: (GroupRequest, form) for form in _OF_GROUP},
}


def read_group(frame: GroupRequest) -> Command | Refusal:
    """Read what is to be done with a group."""
    return _read(frame, "group", _READ_GROUP[frame.action])


def read_admin(frame: AdminRequest) -> Command | Refusal:
    """Read what is to be done to keep order."""
    return _read(frame, "admin", _READ_ADMIN[frame.action])


def _read(
    frame: AdminRequest | GroupRequest, kind: str, form: _Form
) -> Command | Refusal:
    values = [field.of(frame) for field in form.fields]
    if any(
        field.needed and value is None
        for field, value in zip(form.fields, values, strict=True)
    ):
        text = f"{kind} {form.action} lacks a field; see the schema"
        return Refusal(Code.BAD_FRAME, text, kind)
    command: Command = form.kind(*values)
    return command


def order_request(command: Command) -> AdminRequest | GroupRequest | None:
    """Write a command as the frame that asks for it; None for what has no such frame.

    It is the inverse of `read_admin` and `read_group`.
    """
    found = _WRITE.get(type(command))
    if found is None:
        return None
    frame, form = found
    # The first of a command's fields; the others are for the node to fill in.
    names = command.__struct_fields__[: len(form.fields)]
    values = {
        field.name: field.write(getattr(command, name))
        for field, name in zip(form.fields, names, strict=True)
        if field.name is not None
    }
    request: AdminRequest | GroupRequest = frame(form.action, **values)
    return request
