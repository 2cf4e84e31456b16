"""Commands of keeping order to frames: what a client sends for them."""

from __future__ import annotations

import msgspec

from hubbub.dialects.json_lines.order_frames import AdminRequest, GroupRequest
from hubbub.model.commands import Command, CreateGroup, JoinGroup
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


def order_request(command: Command) -> AdminRequest | GroupRequest | None:  # noqa: C901 - one case for each frame
    """Write a command as the frame that asks for it; None for what has no such frame.

    It is the inverse of `order_reader`.
    """
    match command:
        case Kick(name, reason):
            return AdminRequest("kick", name, reason=reason or None)
        case Rename(name, to):
            return AdminRequest("rename", name, to)
        case SetRole(name, role):
            fields = {"action": "role", "name": name, "role": role.value}
            return msgspec.convert(fields, AdminRequest)
        case Ban(target, seconds, reason):
            return AdminRequest("ban", target, reason=reason or None, seconds=seconds)
        case Unban(target):
            return AdminRequest("unban", target)
        case Mute(name, seconds, reason):
            return AdminRequest("mute", name, reason=reason or None, seconds=seconds)
        case Unmute(name):
            return AdminRequest("unmute", name)
        case Slow(room, seconds):
            return AdminRequest("slow", to=str(room), seconds=seconds)
        case Freeze(room):
            return AdminRequest("freeze", to=str(room))
        case Unfreeze(room):
            return AdminRequest("unfreeze", to=str(room))
        case Delete(message, reason):
            return AdminRequest("delete", message=message, reason=reason or None)
        case Announce(text):
            return AdminRequest("announce", text=text)
        case Report(why, name, message):
            return AdminRequest(
                "report", name or None, text=why, message=message or None
            )
        case ListBans():
            return AdminRequest("bans")
        case NewInvite(seconds):
            return AdminRequest("invite", seconds=seconds)
        case RevokeInvite(id):
            return AdminRequest("invite-revoke", id=id)
        case ListInvites():
            return AdminRequest("invites")
        case ReadReports(limit):
            return AdminRequest("reports", limit=limit)
        case ReadAudit(limit, before):
            return AdminRequest("audit", limit=limit, before=before)
        case _:
            request = _group_request(command)
            if request is None or request.name is None:
                return request
            name = request.name.removeprefix("#")
            return msgspec.structs.replace(request, name=name)


def _group_request(command: Command) -> GroupRequest | None:  # noqa: C901 - as above
    match command:
        case CreateGroup(name, private):
            return GroupRequest("create", name, private=private)
        case JoinGroup(name, password):
            secret = None if password is None else password.value
            return GroupRequest("join", name, password=secret)
        case GroupInvite(group, name):
            return GroupRequest("invite", group, name)
        case GroupTopic(group, topic):
            return GroupRequest("topic", group, text=topic)
        case GroupKick(group, name, reason):
            return GroupRequest("kick", group, name, reason=reason or None)
        case GroupBan(group, name, seconds, reason):
            return GroupRequest(
                "ban", group, name, reason=reason or None, seconds=seconds
            )
        case GroupUnban(group, name):
            return GroupRequest("unban", group, name)
        case GroupMod(group, name):
            return GroupRequest("mod", group, name)
        case GroupUnmod(group, name):
            return GroupRequest("unmod", group, name)
        case ClosePrivate(group, password):
            secret = None if password is None else password.value
            return GroupRequest("private", group, password=secret)
        case SetPrivacy(group, private=False):
            return GroupRequest("public", group)
        case GroupRename(group, to):
            return GroupRequest("rename", group, to=to)
        case GroupDelete(group, reason):
            return GroupRequest("delete", group, reason=reason or None)
        case _:
            return None
