"""Events: what happened, in the past tense, as the journal keeps it.

Every event has a sequence number and a time. `seq` counts from 1 without a gap over
the whole journal; `time` is milliseconds since the Unix epoch, UTC, and may jump.
Users and groups are named twice: by id, which never changes and is never given out
again (it is the `seq` of the event that made them), and by the name of that moment,
so that old events read as people saw them.
"""

from __future__ import annotations

import msgspec

from hubbub.model.access import TokenCreated, TokenRevoked
from hubbub.model.acts import ACTIONS as ACTS
from hubbub.model.acts import Act, ActEvent, GroupRenamed, common_form
from hubbub.model.event import EventBase, direct_room, group_room
from hubbub.model.invites import (
    InviteCreated,
    InviteEvent,
    InviteRevoked,
    InviteUsed,
)
from hubbub.model.roles import Role

SERVER_ID = 0
NOBODY_ID = -1  # who has no name; ids of users are over 0
SERVER_NAME = "SERVER"


class UserJoined(EventBase, frozen=True, gc=False, tag="joined"):
    """A new user came in. The user's id is this event's `seq`."""

    name: str
    address: str = ""
    dialect: str = ""
    token_hash: str = ""

    @property
    def user(self) -> int:
        """The new user's id."""
        return self.seq


class UserReturned(EventBase, frozen=True, gc=False, tag="returned"):
    """A user took their kept seat back."""

    user: int
    name: str
    address: str = ""
    dialect: str = ""


class UserLeft(EventBase, frozen=True, gc=False, tag="left"):
    """A user's last connection is gone. An account's seat is always kept."""

    user: int
    name: str
    reason: str
    seat_kept: bool = False


class SeatEnded(EventBase, frozen=True, gc=False, tag="seat_ended"):
    """A kept seat is given up: the name is free. Shown to nobody."""

    user: int
    name: str


class AccountOpened(EventBase, frozen=True, gc=False, tag="account_opened"):
    """A user's name became their own. Shown to nobody."""

    user: int
    name: str
    password_hash: str
    role: Role = Role.MEMBER


class AccountCreated(EventBase, frozen=True, gc=False, tag="account_created"):
    """The operator made an account. Its user's id is this event's `seq`.

    Shown to nobody: its user has not come yet.
    """

    name: str
    role: Role
    password_hash: str

    @property
    def user(self) -> int:
        """The new user's id."""
        return self.seq


class PasswordChanged(EventBase, frozen=True, gc=False, tag="password_changed"):
    """An account has another password. Shown to nobody."""

    user: int
    name: str
    password_hash: str


class AccountClosed(EventBase, frozen=True, gc=False, tag="account_closed"):
    """An account was given up; its user is a guest. Shown to nobody."""

    user: int
    name: str
    was: Role = Role.MEMBER


class RoleChanged(EventBase, frozen=True, gc=False, tag="role_changed"):
    """An account's holder has another role."""

    user: int
    name: str
    role: Role
    by: str
    was: Role = Role.MEMBER


class DeviceAdded(EventBase, frozen=True, gc=False, tag="device_added"):
    """An account's user connected from one more place. Shown to nobody."""

    user: int
    name: str
    token_hash: str = ""
    address: str = ""
    dialect: str = ""


class DeviceRemoved(EventBase, frozen=True, gc=False, tag="device_removed"):
    """A device's token is not to be used again. Shown to nobody."""

    user: int
    name: str
    token_hash: str


class OthersLoggedOut(EventBase, frozen=True, gc=False, tag="others_logged_out"):
    """All tokens of a user but one are not to be used again. Shown to nobody.

    `kept` is the hash of the one, or "".
    """

    user: int
    name: str
    kept: str = ""


class UserRenamed(EventBase, frozen=True, gc=False, tag="renamed"):
    """A user has another name."""

    user: int
    old: str
    name: str
    by: str = ""


class UserKicked(EventBase, frozen=True, gc=False, tag="kicked"):
    """A user was put out: a guest's seat is gone, an account stays.

    `places` is where a guest can't come in from for a while. `banned` says that this is
    for longer: a `BanSet` tells for how long.
    """

    user: int
    name: str
    by: str
    reason: str = ""
    places: tuple[str, ...] = ()
    banned: bool = False


class GroupCreated(EventBase, frozen=True, gc=False, tag="group_created"):
    """A group was made. Its id is this event's `seq`; its maker is its owner."""

    group: str
    user: int
    name: str
    private: bool = False

    @property
    def group_id(self) -> int:
        """The new group's id."""
        return self.seq


class GroupJoined(EventBase, frozen=True, gc=False, tag="group_joined"):
    """A user became a member of a group."""

    group_id: int
    group: str
    user: int
    name: str

    @property
    def room(self) -> str:
        """The room in whose stream the event stands."""
        return group_room(self.group_id)


class GroupLeft(EventBase, frozen=True, gc=False, tag="group_left"):
    """A user is no longer a member of a group.

    Attributes:
        group_id: Which.
        group: Its name.
        user: Who.
        name: Their name.
        by: Who put them out; "" when they left by themselves.
        reason: Why they were put out.
        ends: Whether the group ends for everybody, each of whom sees only this.
    """

    group_id: int
    group: str
    user: int
    name: str
    by: str = ""
    reason: str = ""
    ends: bool = False

    @property
    def room(self) -> str:
        """The room in whose stream the event stands."""
        return group_room(self.group_id)


class GroupEnded(EventBase, frozen=True, gc=False, tag="group_ended"):
    """A group is gone: its last member left, or it was ended by somebody."""

    group_id: int
    group: str
    by: str = ""
    reason: str = ""
    private: bool = False


class LobbyPosted(EventBase, frozen=True, gc=False, tag="lobby_message"):
    """Somebody said something to everyone.

    Who said it without coming in is a user for this one event: `user` is its `seq`. So
    it is in a `DirectPosted`. `deleted` names who has taken the text away, if it is
    gone; that is so in all that was said.
    """

    user: int
    name: str
    text: str
    nonce: str | None = None
    deleted: str = ""


class GroupPosted(EventBase, frozen=True, gc=False, tag="group_message"):
    """A member said something to a group."""

    user: int
    name: str
    group_id: int
    group: str
    text: str
    nonce: str | None = None
    deleted: str = ""

    @property
    def room(self) -> str:
        """The room in whose stream the event stands."""
        return group_room(self.group_id)


class DirectPosted(EventBase, frozen=True, gc=False, tag="direct_message"):
    """One user said something to another."""

    user: int
    name: str
    to_user: int
    to_name: str
    text: str
    nonce: str | None = None
    deleted: str = ""

    @property
    def room(self) -> str:
        """The room in whose stream the event stands."""
        return direct_room(self.user, self.to_user)


MessagePosted = LobbyPosted | GroupPosted | DirectPosted

Event = (
    UserJoined
    | UserReturned
    | UserLeft
    | SeatEnded
    | AccountOpened
    | AccountCreated
    | PasswordChanged
    | AccountClosed
    | RoleChanged
    | DeviceAdded
    | DeviceRemoved
    | OthersLoggedOut
    | TokenCreated
    | TokenRevoked
    | InviteEvent
    | UserRenamed
    | UserKicked
    | GroupCreated
    | GroupJoined
    | GroupLeft
    | GroupEnded
    | LobbyPosted
    | GroupPosted
    | DirectPosted
    | ActEvent
)

HIDDEN = (
    SeatEnded,
    AccountOpened,
    AccountCreated,
    PasswordChanged,
    AccountClosed,
    DeviceAdded,
    DeviceRemoved,
    OthersLoggedOut,
    TokenCreated,
    TokenRevoked,
    InviteCreated,
    InviteUsed,
    InviteRevoked,
)
"""What is in the journal for the hub alone, and shown to nobody."""

MESSAGES = (LobbyPosted, GroupPosted, DirectPosted)


ACTIONS: dict[type, str] = {
    **ACTS,
    InviteCreated: "invite_made",
    InviteUsed: "invite_used",
    InviteRevoked: "invite_revoked",
    TokenRevoked: "token_revoked",
}
"""The word of each act, with those that are for the trail alone."""


def act_of(event: Event) -> Act | None:
    """Give the common form of an administrative act; None for what is none."""
    match event:
        case UserKicked():
            return common_form(event, "kicked")
        case UserRenamed() if event.by:
            act = common_form(event, "renamed")
            return msgspec.structs.replace(act, text=event.name)
        case GroupRenamed(old=old, group=group):
            act = common_form(event, "group_renamed")
            return msgspec.structs.replace(act, name="", room=f"#{old}", text=group)
        case RoleChanged():
            return common_form(event, "role")
        case GroupLeft() if event.by and not event.ends:
            return common_form(event, "group_kicked")
        case GroupEnded() if event.by:
            return common_form(event, "group_deleted")
        case AccountCreated():
            role = str(event.role)
            made = Act(event.seq, event.time, "account", SERVER_NAME, event.name)
            return msgspec.structs.replace(made, text=role)
        case TokenCreated():
            act = common_form(event, "token_created")
            return msgspec.structs.replace(act, text=str(event.scope))
        case InviteCreated() | InviteUsed() | InviteRevoked():
            act = common_form(event, ACTIONS[type(event)])
            return msgspec.structs.replace(act, text=str(event.invite))
        case _:
            action = ACTIONS.get(type(event))
            return None if action is None else common_form(event, action)
