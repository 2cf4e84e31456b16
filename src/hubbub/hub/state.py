"""The state: who holds which name and seat, and which groups there are.

It is what `apply` makes of the journal's events, and nothing else; a snapshot of it is
a shortcut for replaying them.
"""

from __future__ import annotations

import msgspec

from hubbub.model.names import parse_name

NO_GROUPS: frozenset[int] = frozenset()

_SNAPSHOT_VERSION = 1


class User(msgspec.Struct, gc=False):
    """A person who holds a seat.

    Attributes:
        id: Never changes, never given out again.
        name: As shown.
        since: Unix milliseconds of the join.
        connected: False while the seat is kept for a reconnect.
        address: `IP:PORT`, or "" when it is not to be shown.
        dialect: The dialect spoken, for the administrator's list.
        token_hash: SHA-256 (hex) of the resume token, or "".
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
    token_hash: str = ""
    groups: frozenset[int] = NO_GROUPS
    nonces: dict[str, int] | None = None


class Group(msgspec.Struct, gc=False):
    """A group, with its members' ids.

    `members` is replaced and never changed in place: one object is the audience of
    every message between two changes of membership.
    """

    id: int
    name: str
    members: frozenset[int]


class _Snapshot(msgspec.Struct):
    version: int
    seq: int
    users: list[User]
    groups: list[Group]


class State:
    """All that the rules look at. `seq` is that of the last event applied."""

    __slots__ = (
        "group_keys",
        "group_looks",
        "groups",
        "name_keys",
        "name_looks",
        "seq",
        "tokens",
        "users",
    )

    def __init__(self) -> None:
        self.seq = 0
        self.users: dict[int, User] = {}
        self.groups: dict[int, Group] = {}
        self.name_keys: dict[str, int] = {}
        self.name_looks: dict[str, int] = {}
        self.group_keys: dict[str, int] = {}
        self.group_looks: dict[str, int] = {}
        self.tokens: dict[str, int] = {}

    def add_user(self, user: User) -> None:
        """Seat a user under a name that is free."""
        self.users[user.id] = user
        self.hold_name(user)
        if user.token_hash:
            self.tokens[user.token_hash] = user.id

    def remove_user(self, user: User) -> None:
        """Give a seat up, and with it the name and the token."""
        del self.users[user.id]
        self.free_name(user)
        if user.token_hash:
            del self.tokens[user.token_hash]

    def hold_name(self, user: User) -> None:
        """Enter a user's name into the indexes."""
        name = parse_name(user.name)
        self.name_keys[name.key] = user.id
        self.name_looks[name.look] = user.id

    def free_name(self, user: User) -> None:
        """Take a user's name out of the indexes."""
        name = parse_name(user.name)
        del self.name_keys[name.key]
        del self.name_looks[name.look]

    def add_group(self, group: Group) -> None:
        """Enter a group under a name that is free."""
        self.groups[group.id] = group
        name = parse_name(group.name)
        self.group_keys[name.key] = group.id
        self.group_looks[name.look] = group.id

    def remove_group(self, group: Group) -> None:
        """Take a group away."""
        del self.groups[group.id]
        name = parse_name(group.name)
        del self.group_keys[name.key]
        del self.group_looks[name.look]

    def dump(self) -> bytes:
        """Write a snapshot."""
        return msgspec.json.encode(
            _Snapshot(
                _SNAPSHOT_VERSION,
                self.seq,
                list(self.users.values()),
                list(self.groups.values()),
            )
        )

    @classmethod
    def load(cls, data: bytes) -> State:
        """Read a snapshot.

        Raises:
            ValueError: It is of a form this version does not know.
        """
        snapshot = msgspec.json.decode(data, type=_Snapshot)
        if snapshot.version != _SNAPSHOT_VERSION:
            raise ValueError(f"unknown version of a snapshot: {snapshot.version}")
        state = cls()
        state.seq = snapshot.seq
        for user in snapshot.users:
            state.add_user(user)
        for group in snapshot.groups:
            state.add_group(group)
        return state

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, State):
            return NotImplemented
        return all(
            getattr(self, field) == getattr(other, field) for field in self.__slots__
        )

    __hash__ = None  # type: ignore[assignment]
