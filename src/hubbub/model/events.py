"""Events: what happened, in the past tense, as the journal keeps it.

Every event has a sequence number and a time. `seq` counts from 1 without a gap over
the whole journal; `time` is milliseconds since the Unix epoch, UTC, and may jump.
Users and groups are named twice: by id, which never changes and is never given out
again (it is the `seq` of the event that made them), and by the name of that moment,
so that old events read as people saw them.
"""

from __future__ import annotations

import msgspec

from hubbub.model.roles import Role

SERVER_ID = 0
NOBODY_ID = -1  # who has no name; ids of users are over 0
SERVER_NAME = "SERVER"

LOBBY_ROOM = "lobby"


def group_room(group: int) -> str:
    """Give the room key of a group."""
    return f"#{group}"


def direct_room(one: int, other: int) -> str:
    """Give the room key of two users' private conversation, the same either way."""
    return f"@{one}:{other}" if one < other else f"@{other}:{one}"


class _Event(msgspec.Struct, frozen=True, gc=False, tag_field="kind"):
    seq: int
    time: int

    @property
    def room(self) -> str:
        """The room in whose stream the event stands."""
        return LOBBY_ROOM


class UserJoined(_Event, frozen=True, gc=False, tag="joined"):
    """A new user came in. The user's id is this event's `seq`."""

    name: str
    address: str = ""
    dialect: str = ""
    token_hash: str = ""

    @property
    def user(self) -> int:
        """The new user's id."""
        return self.seq


class UserReturned(_Event, frozen=True, gc=False, tag="returned"):
    """A user took their kept seat back."""

    user: int
    name: str
    address: str = ""
    dialect: str = ""


class UserLeft(_Event, frozen=True, gc=False, tag="left"):
    """A user's last connection is gone. An account's seat is always kept."""

    user: int
    name: str
    reason: str
    seat_kept: bool = False


class SeatEnded(_Event, frozen=True, gc=False, tag="seat_ended"):
    """A kept seat is given up: the name is free. Shown to nobody."""

    user: int
    name: str


class AccountOpened(_Event, frozen=True, gc=False, tag="account_opened"):
    """A user's name became their own. Shown to nobody."""

    user: int
    name: str
    password_hash: str
    role: Role = Role.MEMBER


class AccountCreated(_Event, frozen=True, gc=False, tag="account_created"):
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


class PasswordChanged(_Event, frozen=True, gc=False, tag="password_changed"):
    """An account has another password. Shown to nobody."""

    user: int
    name: str
    password_hash: str


class AccountClosed(_Event, frozen=True, gc=False, tag="account_closed"):
    """An account was given up; its user is a guest. Shown to nobody."""

    user: int
    name: str


class RoleChanged(_Event, frozen=True, gc=False, tag="role_changed"):
    """An account's holder has another role."""

    user: int
    name: str
    role: Role
    by: str


class DeviceAdded(_Event, frozen=True, gc=False, tag="device_added"):
    """An account's user connected from one more place. Shown to nobody."""

    user: int
    name: str
    token_hash: str = ""
    address: str = ""
    dialect: str = ""


class DeviceRemoved(_Event, frozen=True, gc=False, tag="device_removed"):
    """A device's token is not to be used again. Shown to nobody."""

    user: int
    name: str
    token_hash: str


class OthersLoggedOut(_Event, frozen=True, gc=False, tag="others_logged_out"):
    """All tokens of a user but one are not to be used again. Shown to nobody.

    `kept` is the hash of the one, or "".
    """

    user: int
    name: str
    kept: str = ""


class UserRenamed(_Event, frozen=True, gc=False, tag="renamed"):
    """A user has another name."""

    user: int
    old: str
    name: str


class UserKicked(_Event, frozen=True, gc=False, tag="kicked"):
    """A user was put out: a guest's seat is gone, an account stays."""

    user: int
    name: str
    by: str
    reason: str = ""


class GroupCreated(_Event, frozen=True, gc=False, tag="group_created"):
    """A group was made. Its id is this event's `seq`; its maker is a member."""

    group: str
    user: int
    name: str

    @property
    def group_id(self) -> int:
        """The new group's id."""
        return self.seq


class GroupJoined(_Event, frozen=True, gc=False, tag="group_joined"):
    """A user became a member of a group."""

    group_id: int
    group: str
    user: int
    name: str

    @property
    def room(self) -> str:
        """The room in whose stream the event stands."""
        return group_room(self.group_id)


class GroupLeft(_Event, frozen=True, gc=False, tag="group_left"):
    """A user is no longer a member of a group."""

    group_id: int
    group: str
    user: int
    name: str

    @property
    def room(self) -> str:
        """The room in whose stream the event stands."""
        return group_room(self.group_id)


class GroupEnded(_Event, frozen=True, gc=False, tag="group_ended"):
    """The last member left, and the group is gone."""

    group_id: int
    group: str


class LobbyPosted(_Event, frozen=True, gc=False, tag="lobby_message"):
    """Somebody said something to everyone.

    Who said it without coming in is a user for this one event: `user` is its `seq`. So
    it is in a `DirectPosted`.
    """

    user: int
    name: str
    text: str
    nonce: str | None = None


class GroupPosted(_Event, frozen=True, gc=False, tag="group_message"):
    """A member said something to a group."""

    user: int
    name: str
    group_id: int
    group: str
    text: str
    nonce: str | None = None

    @property
    def room(self) -> str:
        """The room in whose stream the event stands."""
        return group_room(self.group_id)


class DirectPosted(_Event, frozen=True, gc=False, tag="direct_message"):
    """One user said something to another."""

    user: int
    name: str
    to_user: int
    to_name: str
    text: str
    nonce: str | None = None

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
    | UserRenamed
    | UserKicked
    | GroupCreated
    | GroupJoined
    | GroupLeft
    | GroupEnded
    | LobbyPosted
    | GroupPosted
    | DirectPosted
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
)
"""What is in the journal for the hub alone, and shown to nobody."""

MESSAGES = (LobbyPosted, GroupPosted, DirectPosted)
