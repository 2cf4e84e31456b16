"""The state: who holds which name and seat, and which groups there are.

It is what `apply` makes of the journal's events, and nothing else; a snapshot of it is
a shortcut for replaying them.
"""

from __future__ import annotations

import msgspec

from hubbub.hub.invites import Invite
from hubbub.hub.order import Ban, Mode, Mute
from hubbub.hub.tokens import AccessToken
from hubbub.model.events import SERVER_ID
from hubbub.model.names import name_key, stored_name
from hubbub.model.roles import ACCOUNTS, STAFF, Role

NO_GROUPS: frozenset[int] = frozenset()

LOBBY_ID = 0
"""Stands for the lobby where groups go by their ids. No user's and no group's."""

_SNAPSHOT_VERSION = 2


class User(msgspec.Struct, gc=False):
    """A person who holds a seat, or whose name is their own.

    Attributes:
        id: Never changes, never given out again.
        name: As shown.
        since: Unix milliseconds of the join.
        connected: False while the seat is kept for a reconnect, and while an account's
            user is away.
        address: `IP:PORT` of the newest connection, or "" when it is not to be shown.
        dialect: The dialect spoken there, for the moderators' list.
        tokens: SHA-256 (hex) of each resume token, the oldest first: one at most for
            a guest, one for each device of an account.
        role: What the user is to the hub.
        password_hash: Of an account; "" when no password opens it.
        muted_at: Where guests are muted because this one is.
        waiting: The `seq` of each private message since an account's user is away.
        groups: Ids of the groups this user is a member of.
        nonces: The last nonces used and the `seq` of their messages, oldest first;
            None until the first.
    """

    id: int
    name: str
    since: int
    connected: bool = True
    address: str = ""
    dialect: str = ""
    tokens: tuple[str, ...] = ()
    role: Role = Role.GUEST
    password_hash: str = ""
    muted_at: tuple[str, ...] = ()
    waiting: tuple[int, ...] = ()
    groups: frozenset[int] = NO_GROUPS
    nonces: dict[str, int] | None = None

    @property
    def is_account(self) -> bool:
        """Whether the name is the user's own, and stays when they go."""
        return self.role in ACCOUNTS


class Group(msgspec.Struct, gc=False):
    """A group, with its members' ids.

    `members` is replaced and never changed in place: one object is the audience of
    every message between two changes of membership.

    Attributes:
        id: Never changes, never given out again.
        name: As shown.
        members: Their ids.
        owner: Which of them it belongs to; 0 for none.
        mods: Which of them keep order beside the owner.
        private: Whether it is joined by invitation or password, and listed to members
            alone.
        password_hash: Of the password that lets people in, or "".
        topic: What it is about, or "".
        invited: Ids of users who may join though it is private.
        bans: Who can't join, by the keys of `hub/order.py`, and until when.
        since: The `seq` after which each member reads in it while it is private.
    """

    id: int
    name: str
    members: frozenset[int]
    owner: int = 0
    mods: frozenset[int] = frozenset()
    private: bool = False
    password_hash: str = ""
    topic: str = ""
    invited: frozenset[int] = frozenset()
    bans: dict[str, int] = msgspec.field(default_factory=dict)
    since: dict[int, int] = msgspec.field(default_factory=dict)


class _Snapshot(msgspec.Struct):
    version: int
    seq: int
    users: list[User]
    groups: list[Group]
    once: dict[str, int] = msgspec.field(default_factory=dict)
    bans: dict[str, Ban] = msgspec.field(default_factory=dict)
    held: dict[str, int] = msgspec.field(default_factory=dict)
    mutes: dict[int, Mute] = msgspec.field(default_factory=dict)
    muted_places: dict[str, Mute] = msgspec.field(default_factory=dict)
    modes: dict[int, Mode] = msgspec.field(default_factory=dict)
    access: dict[str, AccessToken] = msgspec.field(default_factory=dict)
    invites: dict[int, Invite] = msgspec.field(default_factory=dict)


def once_key(name: str, nonce: str) -> str:
    """Give the key of a message that was said without coming in."""
    return f"{name_key(name) or name}\n{nonce}"


class _Version(msgspec.Struct):
    version: int


class _UserOfVersion1(msgspec.Struct):
    id: int
    name: str
    since: int
    connected: bool = True
    address: str = ""
    dialect: str = ""
    token_hash: str = ""
    groups: frozenset[int] = NO_GROUPS
    nonces: dict[str, int] | None = None


class _SnapshotOfVersion1(msgspec.Struct):
    version: int
    seq: int
    users: list[_UserOfVersion1]
    groups: list[Group]


def _from_version_1(old: _SnapshotOfVersion1) -> _Snapshot:
    """Bring a snapshot up to date: all were guests, with one token at the most."""
    users = [
        User(
            id=user.id,
            name=user.name,
            since=user.since,
            connected=user.connected,
            address=user.address,
            dialect=user.dialect,
            tokens=(user.token_hash,) if user.token_hash else (),
            groups=user.groups,
            nonces=user.nonces,
        )
        for user in old.users
    ]
    return _Snapshot(_SNAPSHOT_VERSION, old.seq, users, old.groups)


class State:
    """All that the rules look at.

    Attributes:
        seq: That of the last event applied.
        accounts: How many of the users have an account.
        once: The `seq` of each of the last messages said with a nonce and without
            coming in, by `once_key`, oldest first.
        staff: Ids of those who are told what moderators are, the console among them.
        bans: Who is kept out, by the keys of `hub/order.py`.
        held: Where guests were kicked, and when the last was.
        hindrances: What keeps whom from writing as they like: a `Mute` by user id, a
            `Mode` by group id, and by `LOBBY_ID` that of the lobby. One look for all.
        muted_places: Where guests are muted from the start.
        access: The access tokens there are, by their hash, oldest first.
        invites: The codes that let people in, by their ids, oldest first.
    """

    __slots__ = (
        "access",
        "accounts",
        "bans",
        "group_keys",
        "group_looks",
        "groups",
        "held",
        "hindrances",
        "invites",
        "muted_places",
        "name_keys",
        "name_looks",
        "once",
        "seq",
        "staff",
        "tokens",
        "users",
    )

    def __init__(self) -> None:
        self.seq = 0
        self.accounts = 0
        self.users: dict[int, User] = {}
        self.groups: dict[int, Group] = {}
        self.name_keys: dict[str, int] = {}
        self.name_looks: dict[str, int] = {}
        self.group_keys: dict[str, int] = {}
        self.group_looks: dict[str, int] = {}
        self.tokens: dict[str, int] = {}
        self.once: dict[str, int] = {}
        self.staff: frozenset[int] = frozenset((SERVER_ID,))
        self.bans: dict[str, Ban] = {}
        self.held: dict[str, int] = {}
        self.hindrances: dict[int, Mute | Mode] = {}
        self.muted_places: dict[str, Mute] = {}
        self.access: dict[str, AccessToken] = {}
        self.invites: dict[int, Invite] = {}

    def add_user(self, user: User) -> None:
        """Seat a user under a name that is free."""
        self.users[user.id] = user
        self.hold_name(user)
        self.accounts += user.is_account
        self._count_staff(user)
        for token in user.tokens:
            self.tokens[token] = user.id

    def remove_user(self, user: User) -> None:
        """Give a seat up, and with it the name and the token."""
        del self.users[user.id]
        self.free_name(user)
        self.accounts -= user.is_account
        self.staff -= {user.id}
        for token in user.tokens:
            del self.tokens[token]
        if self.hindrances:
            self.hindrances.pop(user.id, None)
            for hindrance in self.hindrances.values():
                if isinstance(hindrance, Mode):
                    hindrance.last.pop(user.id, None)

    def set_role(self, user: User, role: Role) -> None:
        """Give a user another role."""
        self.accounts += (role in ACCOUNTS) - user.is_account
        user.role = role
        self._count_staff(user)

    def _count_staff(self, user: User) -> None:
        is_staff = user.role in STAFF
        if is_staff is not (user.id in self.staff):
            self.staff ^= {user.id}

    def mode(self, room: int) -> Mode:
        """Give how one writes in a room, to be changed; `tidy` comes after that."""
        mode = self.hindrances.get(room)
        if not isinstance(mode, Mode):
            mode = self.hindrances[room] = Mode()
        return mode

    def tidy(self, room: int) -> None:
        """Forget how one writes in a room where one writes as one likes."""
        mode = self.hindrances.get(room)
        if isinstance(mode, Mode) and not (mode.frozen or mode.slow):
            del self.hindrances[room]

    def set_tokens(self, user: User, tokens: tuple[str, ...]) -> None:
        """Say which tokens a user may come back with."""
        for token in user.tokens:
            del self.tokens[token]
        user.tokens = tokens
        for token in tokens:
            self.tokens[token] = user.id

    def hold_name(self, user: User) -> None:
        """Enter a user's name into the indexes."""
        name = stored_name(user.name)
        self.name_keys[name.key] = user.id
        self.name_looks[name.look] = user.id

    def free_name(self, user: User) -> None:
        """Take a user's name out of the indexes."""
        name = stored_name(user.name)
        del self.name_keys[name.key]
        self.name_looks.pop(name.look, None)

    def add_group(self, group: Group) -> None:
        """Enter a group under a name that is free."""
        self.groups[group.id] = group
        self.hold_group_name(group)

    def hold_group_name(self, group: Group) -> None:
        """Enter a group's name into the indexes."""
        name = stored_name(group.name)
        self.group_keys[name.key] = group.id
        self.group_looks[name.look] = group.id

    def remove_group(self, group: Group) -> None:
        """Take a group away."""
        del self.groups[group.id]
        self.hindrances.pop(group.id, None)
        self.free_group_name(group)

    def free_group_name(self, group: Group) -> None:
        """Take a group's name out of the indexes."""
        name = stored_name(group.name)
        del self.group_keys[name.key]
        self.group_looks.pop(name.look, None)

    def forget_secrets(self) -> None:
        """Leave out what proves who somebody is, so that nobody can come back."""
        self.tokens.clear()
        self.access.clear()
        for user in self.users.values():
            user.tokens = ()
            user.password_hash = ""
        for group in self.groups.values():
            group.password_hash = ""
        for invite in self.invites.values():
            bare = msgspec.structs.replace(invite, code_hash="")
            self.invites[invite.id] = bare

    def dump(self) -> bytes:
        """Write a snapshot."""
        return msgspec.json.encode(
            _Snapshot(
                _SNAPSHOT_VERSION,
                self.seq,
                list(self.users.values()),
                list(self.groups.values()),
                self.once,
                self.bans,
                self.held,
                {
                    key: one
                    for key, one in self.hindrances.items()
                    if isinstance(one, Mute)
                },
                self.muted_places,
                {
                    key: one
                    for key, one in self.hindrances.items()
                    if isinstance(one, Mode)
                },
                self.access,
                self.invites,
            )
        )

    @classmethod
    def load(cls, data: bytes) -> State:
        """Read a snapshot.

        Raises:
            ValueError: It is of a form this version does not know.
        """
        version = msgspec.json.decode(data, type=_Version).version
        match version:
            case 1:
                old = msgspec.json.decode(data, type=_SnapshotOfVersion1)
                snapshot = _from_version_1(old)
            case 2:
                snapshot = msgspec.json.decode(data, type=_Snapshot)
            case _:
                raise ValueError(f"unknown version of a snapshot: {version}")
        state = cls()
        state.seq = snapshot.seq
        for user in snapshot.users:
            state.add_user(user)
        for group in snapshot.groups:
            state.add_group(group)
        state.once = snapshot.once
        state.bans = snapshot.bans
        state.held = snapshot.held
        state.muted_places = snapshot.muted_places
        state.access = snapshot.access
        state.invites = snapshot.invites
        state.hindrances = {**snapshot.mutes, **snapshot.modes}
        return state

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, State):
            return NotImplemented
        return all(
            getattr(self, field) == getattr(other, field) for field in self.__slots__
        )

    __hash__ = None  # type: ignore[assignment]
