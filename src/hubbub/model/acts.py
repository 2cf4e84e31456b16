"""Acts: the events of keeping order, which are its audit trail at the same time.

Each says by whom (a name, as it was then), about whom or what, and why. `act_of` gives
any of them one common form, for those who list and show them.
"""

from __future__ import annotations

from typing import Any

import msgspec

from hubbub.model.event import EventBase


class BanSet(EventBase, frozen=True, gc=False, tag="ban_set"):
    """Somebody is kept out.

    Attributes:
        name: What was asked to be banned: a name, an address or a network.
        by: By whom.
        keys: What is kept out, as `State.bans` is looked up.
        until: Unix milliseconds; 0 for good.
        reason: Why.
    """

    name: str
    by: str
    keys: tuple[str, ...]
    until: int = 0
    reason: str = ""


class BanLifted(EventBase, frozen=True, gc=False, tag="ban_lifted"):
    """Somebody is kept out no more, by any of these keys."""

    name: str
    by: str
    keys: tuple[str, ...]


class UserMuted(EventBase, frozen=True, gc=False, tag="muted"):
    """A user reads but can't write.

    Attributes:
        user: The user's id.
        name: The user's name.
        by: By whom.
        until: Unix milliseconds; 0 for good.
        reason: Why.
        places: Where a guest who comes from there is muted as well.
    """

    user: int
    name: str
    by: str
    until: int = 0
    reason: str = ""
    places: tuple[str, ...] = ()


class UserUnmuted(EventBase, frozen=True, gc=False, tag="unmuted"):
    """A user may write again, and so may those who came from the same places."""

    user: int
    name: str
    by: str


class PlaceUnmuted(EventBase, frozen=True, gc=False, tag="place_unmuted"):
    """Guests who come from a place (`name`) may write again."""

    name: str
    by: str


class RoomSlowed(EventBase, frozen=True, gc=False, tag="slowed"):
    """A room lets each write once in some seconds; 0: as often as they like.

    `group_id` is 0 and `group` is "" for the lobby.
    """

    group_id: int
    group: str
    by: str
    seconds: int


class RoomFrozen(EventBase, frozen=True, gc=False, tag="frozen"):
    """Only those who keep order write in a room. As to which: see `RoomSlowed`."""

    group_id: int
    group: str
    by: str


class RoomUnfrozen(EventBase, frozen=True, gc=False, tag="unfrozen"):
    """Everybody writes in a room again. As to which: see `RoomSlowed`."""

    group_id: int
    group: str
    by: str


class MessageDeleted(EventBase, frozen=True, gc=False, tag="message_deleted"):
    """A message was taken away, and its text with it.

    Attributes:
        message: Its `seq`.
        author: Who had said it.
        name: The author's name, as it was.
        by: By whom it was taken away.
        group_id: The group it was said to, or 0.
        group: The group's name, or "".
        to_user: Whom it was said to in private, or 0.
        reason: Why.
    """

    message: int
    author: int
    name: str
    by: str
    group_id: int = 0
    group: str = ""
    to_user: int = 0
    reason: str = ""


class Announced(EventBase, frozen=True, gc=False, tag="announced"):
    """Something was said to everyone for the hub."""

    by: str
    text: str


class Reported(EventBase, frozen=True, gc=False, tag="reported"):
    """Somebody told the moderators of something.

    Attributes:
        reporter: The id of who did.
        by: Their name.
        name: Of whom, or "".
        message: Of which message, by its `seq`, or 0.
        reason: What is wrong.
    """

    reporter: int
    by: str
    reason: str
    name: str = ""
    message: int = 0


class GroupInvited(EventBase, frozen=True, gc=False, tag="group_invited"):
    """Somebody may join a private group."""

    group_id: int
    group: str
    user: int
    name: str
    by: str


class GroupBanSet(EventBase, frozen=True, gc=False, tag="group_ban_set"):
    """Somebody is kept out of a group. As to `keys` and `until`: see `BanSet`."""

    group_id: int
    group: str
    name: str
    by: str
    keys: tuple[str, ...]
    until: int = 0
    reason: str = ""


class GroupBanLifted(EventBase, frozen=True, gc=False, tag="group_ban_lifted"):
    """Somebody may join a group again."""

    group_id: int
    group: str
    name: str
    by: str
    keys: tuple[str, ...]


class GroupRoleSet(EventBase, frozen=True, gc=False, tag="group_role_set"):
    """A member has another role in a group: `owner`, `mod` or `member`."""

    group_id: int
    group: str
    user: int
    name: str
    role: str
    by: str


class GroupTopicSet(EventBase, frozen=True, gc=False, tag="group_topic_set"):
    """A group is about something else."""

    group_id: int
    group: str
    by: str
    text: str


class GroupClosed(EventBase, frozen=True, gc=False, tag="group_closed"):
    """A group is private, and what the hash is of lets people in, if there is one."""

    group_id: int
    group: str
    by: str
    password_hash: str = ""


class GroupOpened(EventBase, frozen=True, gc=False, tag="group_opened"):
    """A group is public."""

    group_id: int
    group: str
    by: str


class GroupRenamed(EventBase, frozen=True, gc=False, tag="group_renamed"):
    """A group has another name."""

    group_id: int
    old: str
    group: str
    by: str
    private: bool = False


ActEvent = (
    BanSet
    | BanLifted
    | UserMuted
    | UserUnmuted
    | PlaceUnmuted
    | RoomSlowed
    | RoomFrozen
    | RoomUnfrozen
    | MessageDeleted
    | Announced
    | Reported
    | GroupInvited
    | GroupBanSet
    | GroupBanLifted
    | GroupRoleSet
    | GroupTopicSet
    | GroupClosed
    | GroupOpened
    | GroupRenamed
)

ACTIONS: dict[type, str] = {
    BanSet: "banned",
    BanLifted: "unbanned",
    UserMuted: "muted",
    UserUnmuted: "unmuted",
    PlaceUnmuted: "unmuted",
    RoomSlowed: "slowed",
    RoomFrozen: "frozen",
    RoomUnfrozen: "unfrozen",
    MessageDeleted: "deleted",
    Announced: "announced",
    Reported: "reported",
    GroupInvited: "invited",
    GroupBanSet: "group_banned",
    GroupBanLifted: "group_unbanned",
    GroupRoleSet: "group_role",
    GroupTopicSet: "topic",
    GroupClosed: "private",
    GroupOpened: "public",
    GroupRenamed: "group_renamed",
}
"""The word of each act, as the protocol has it."""


class Act(msgspec.Struct, frozen=True, omit_defaults=True):
    """The common form of an act.

    Attributes:
        seq: Its place in the journal.
        time: Unix milliseconds.
        action: What was done, in one word.
        by: By whom.
        name: To whom: a user, or what was banned.
        room: Where: `#group`, or `lobby` for what was done to that; else "".
        until: Unix milliseconds until when; 0 for no end, or where there is none.
        seconds: The time between two messages, where a room was slowed.
        message: The `seq` of the message that it is about, or 0.
        text: What was said, a topic, or what something is from now on.
        reason: Why.
    """

    seq: int
    time: int
    action: str
    by: str
    name: str = ""
    room: str = ""
    until: int = 0
    seconds: int = 0
    message: int = 0
    text: str = ""
    reason: str = ""


_TO_A_ROOM = (RoomSlowed, RoomFrozen, RoomUnfrozen)


def common_form(event: Any, action: str) -> Act:
    """Put an event into the common form, by the names of its fields.

    Args:
        event: Of any type that has the field `by`.
        action: Its word.
    """
    group = getattr(event, "group", "")
    lobby = "lobby" if isinstance(event, _TO_A_ROOM) else ""
    return Act(
        event.seq,
        event.time,
        action,
        event.by,
        getattr(event, "old", "") or getattr(event, "name", ""),
        f"#{group}" if group else lobby,
        getattr(event, "until", 0),
        getattr(event, "seconds", 0),
        getattr(event, "message", 0),
        getattr(event, "text", "") or str(getattr(event, "role", "")),
        getattr(event, "reason", ""),
    )
