"""The frames of keeping order; `frames` names them with all others."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from hubbub.dialects.json_lines.fields import Frame, Seq, Time

Seconds = Annotated[int, Meta(ge=0, description="A length of time.")]

AdminAction = Literal[
    "list",
    "kick",
    "rename",
    "role",
    "create",
    "ban",
    "unban",
    "bans",
    "mute",
    "unmute",
    "slow",
    "freeze",
    "unfreeze",
    "delete",
    "announce",
    "report",
    "reports",
    "audit",
    "invite",
    "invites",
    "invite-revoke",
]

GroupAction = Literal[
    "create",
    "join",
    "leave",
    "members",
    "list",
    "invite",
    "topic",
    "kick",
    "ban",
    "unban",
    "mod",
    "unmod",
    "private",
    "public",
    "rename",
    "delete",
]


class AdminRequest(Frame, frozen=True, gc=False, tag="admin"):
    """Do what keeps order; the answer is `done`, or a list to those that ask for one.

    `name` is whom it is done to, an address with `ban` and `unban`. `to` is the new
    name with `rename`, and the room (the lobby without it) with `slow`, `freeze` and
    `unfreeze`. `message` is the `seq` of one. `create` is for the operator's own
    socket: it makes an account, or gives one that is there a `role` and a password, of
    which it has the Argon2id `hash`. `invite` makes a code that one person registers
    with, or with `seconds` any number of people for so long; `invites` lists those that
    are good, and `invite-revoke` ends the one with this `id`.
    """

    action: AdminAction
    name: str | None = None
    to: str | None = None
    role: Literal["owner", "moderator", "member"] | None = None
    reason: str | None = None
    seconds: Seconds | None = None
    message: Seq | None = None
    text: str | None = None
    limit: Annotated[int, Meta(ge=1)] | None = None
    before: Seq | None = None
    hash: str | None = None
    id: Seq | None = None


class GroupRequest(Frame, frozen=True, gc=False, tag="group"):
    """Do something with a group. Only `list` goes without a name.

    `user` is whom it is done to. `to` is the new name with `rename`, `text` the topic.
    `private` makes a group that is private from the start.
    """

    action: GroupAction
    name: str | None = None
    user: str | None = None
    to: str | None = None
    text: str | None = None
    password: str | None = None
    reason: str | None = None
    seconds: Seconds | None = None
    private: bool = False


class Act(Frame, frozen=True, gc=False, tag="act"):
    """Somebody kept order; `you` says that it was done to you.

    `action` is one of `banned`, `unbanned`, `muted`, `unmuted`, `slowed`, `frozen`,
    `unfrozen`, `deleted`, `announced`, `reported`, `invited`, `group_banned`,
    `group_unbanned`, `group_role`, `topic`, `private`, `public` and `group_renamed`;
    in an `audit` also `kicked`, `renamed`, `role`, `group_kicked`, `group_deleted`,
    `account`, `token_created` and `token_revoked`, and `invite_made`, `invite_used` and
    `invite_revoked`, whose `text` is the id of the invitation.
    """

    seq: Seq
    time: Time
    action: str
    by: str
    name: str | None = None
    room: str | None = None
    until: Time | None = None
    seconds: Seconds | None = None
    message: Seq | None = None
    text: str | None = None
    reason: str | None = None
    you: bool = False


class AuditPage(Frame, frozen=True, gc=False, tag="audit"):
    """Answer to `admin` with `audit` or `reports`, oldest first."""

    acts: tuple[Act, ...]
    more: bool
    reports: bool = False


class BanInfo(Frame, frozen=True, gc=False):
    """One ban in force."""

    name: str
    by: str
    since: Time
    until: Time | None = None
    reason: str | None = None
    addresses: tuple[str, ...] = ()


class BanList(Frame, frozen=True, gc=False, tag="bans"):
    """Answer to `admin` with `bans`, oldest first."""

    bans: tuple[BanInfo, ...]


class Invite(Frame, frozen=True, gc=False, tag="invite"):
    """Answer to `admin` with `invite`: the code, which is told this once.

    `id` is what it is revoked by. With `until` it is good for any number of people up
    to then, else for one. `link` is the page's address with it, `command` comes in with
    it from a terminal; both are left out where the hub does not know how it is reached.
    """

    id: Seq
    invite: str
    until: Time | None = None
    link: str | None = None
    command: str | None = None


class InviteInfo(Frame, frozen=True, gc=False):
    """One code that is good; without `until` it is until somebody has used it."""

    id: Seq
    by: str
    since: Time
    until: Time | None = None


class InviteList(Frame, frozen=True, gc=False, tag="invites"):
    """Answer to `admin` with `invites`, oldest first."""

    invites: tuple[InviteInfo, ...]
