"""What the hub should do, said once more in the plainest way, for comparison."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hubbub.model.address import Lobby, ToGroup
from hubbub.model.commands import (
    CreateGroup,
    Disconnect,
    EndSeat,
    HubCommand,
    Join,
    JoinGroup,
    Kick,
    LeaveGroup,
    Post,
    Rename,
    Resume,
)
from hubbub.model.events import (
    MESSAGES,
    SERVER_ID,
    DirectPosted,
    Event,
    GroupCreated,
    GroupEnded,
    GroupJoined,
    GroupLeft,
    GroupPosted,
    SeatEnded,
    UserJoined,
    UserKicked,
    UserLeft,
    UserRenamed,
    UserReturned,
)
from hubbub.model.limits import Limits
from hubbub.model.refusals import Code

# Each name with what it is the same as by case and width, and by look; None: not
# allowed. Written down by hand, so that it does not come from the code under test.
NAMES: dict[str, tuple[str, str] | None] = {
    "ann": ("ann", "ann"),
    "Ann": ("ann", "ann"),
    "\uff21\uff2e\uff2e": ("ann", "ann"),
    "\u0430nn": ("cyrillic-ann", "ann"),
    "Bill": ("bill", "bill"),
    "BiIl": ("biil", "bill"),
    "zoë": ("zoë", "zoë"),
    "ZOË": ("zoë", "zoë"),
    "carl": ("carl", "carl"),
    "dora": ("dora", "dora"),
    "emil": ("emil", "emil"),
    "two words": None,
    "Server": None,
    ":x": None,
    "": None,
}
GROUPS: dict[str, tuple[str, str] | None] = {
    "tea": ("tea", "tea"),
    "TEA": ("tea", "tea"),
    "l\u0435mon": ("cyrillic-lemon", "lemon"),
    "lemon": ("lemon", "lemon"),
    "corn": ("corn", "corn"),
    "com": ("com", "corn"),
    "four": ("four", "four"),
    ":no": None,
}
# The texts of the machine that have nothing to show, and those over 12 bytes.
EMPTY = {"\x1b[31m", "  "}
LONG = {"é" * 7}


@dataclass
class Person:
    """One user of the model."""

    name: str
    token: bool
    connected: bool = True
    nonces: dict[str, int] = field(default_factory=dict)


@dataclass
class PlainHub:
    """The model: who is there, and which groups with whom."""

    limits: Limits
    users: dict[int, Person] = field(default_factory=dict)
    groups: dict[int, tuple[str, set[int]]] = field(default_factory=dict)

    # --- what should follow ----------------------------------------------------------

    def expect(self, actor: int, command: HubCommand) -> Any:
        """Give the names of the events, the code of the refusal, or the first seq."""
        here = actor in self.users
        match command:
            case Join() | Kick() | Rename():
                wanted = actor == SERVER_ID
            case Disconnect() | EndSeat():
                wanted = actor != SERVER_ID
            case Post():
                wanted = here or actor == SERVER_ID
            case _:
                wanted = here
        if not wanted:
            known = here or actor == SERVER_ID
            return Code.NOT_ALLOWED if known else Code.NOT_JOINED
        expect = getattr(self, f"_{type(command).__name__.lower()}")
        return expect(actor, command)

    def _find(self, name: str) -> int | None:
        same = NAMES[name]
        for user, person in self.users.items():
            other = NAMES[person.name]
            if same and other and same[0] == other[0]:
                return user
        return None

    def _find_group(self, name: str) -> int | None:
        same = GROUPS[name.removeprefix("#")]
        for group, (other_name, _) in self.groups.items():
            other = GROUPS[other_name]
            if same and other and same[0] == other[0]:
                return group
        return None

    def _bad_name(self, name: str, holder: int | None) -> Code | None:
        same = NAMES[name]
        if same is None:
            return Code.NAME_INVALID
        for user, person in self.users.items():
            other = NAMES[person.name]
            if (
                user != holder
                and other
                and set(zip(same, other, strict=True))
                & {
                    (same[0], same[0]),
                    (same[1], same[1]),
                }
            ):
                return Code.NAME_TAKEN
        return None

    def _join(self, _actor: int, command: Join) -> Any:
        bad = self._bad_name(command.name, None)
        if bad:
            return bad
        if len(self.users) >= self.limits.users:
            return Code.TOO_MANY_USERS
        return ["UserJoined"]

    def _post(self, actor: int, command: Post) -> Any:
        person = self.users.get(actor)
        if person and command.nonce in person.nonces:
            return person.nonces[command.nonce]
        if command.text in EMPTY:
            return Code.TEXT_EMPTY
        if command.text in LONG:
            return Code.TEXT_TOO_LONG
        if isinstance(command.to, Lobby):
            return ["LobbyPosted"]
        if isinstance(command.to, ToGroup):
            group = self._find_group(command.to.name)
            if group is None:
                return Code.GROUP_UNKNOWN
            member = actor in self.groups[group][1]
            return ["GroupPosted"] if member else Code.NOT_A_MEMBER
        found = self._find(command.to.name) is not None
        return ["DirectPosted"] if found else Code.USER_UNKNOWN

    def _has_all(self, actor: int) -> bool:
        count = sum(actor in members for _, members in self.groups.values())
        return count >= self.limits.groups_per_user

    def _creategroup(self, actor: int, command: CreateGroup) -> Any:
        same = GROUPS[command.name]
        if same is None:
            return Code.NAME_INVALID
        if self._find_group(command.name) is not None:
            return Code.GROUP_EXISTS
        if any(same[1] == (GROUPS[n] or "  ")[1] for n, _ in self.groups.values()):
            return Code.NAME_TAKEN
        if len(self.groups) >= self.limits.groups or self._has_all(actor):
            return Code.TOO_MANY_GROUPS
        return ["GroupCreated"]

    def _joingroup(self, actor: int, command: JoinGroup) -> Any:
        group = self._find_group(command.name)
        if group is None:
            return Code.GROUP_UNKNOWN
        if actor in self.groups[group][1]:
            return Code.ALREADY_MEMBER
        if self._has_all(actor):
            return Code.TOO_MANY_GROUPS
        if len(self.groups[group][1]) >= self.limits.members:
            return Code.GROUP_FULL
        return ["GroupJoined"]

    def _leavegroup(self, actor: int, command: LeaveGroup) -> Any:
        group = self._find_group(command.name)
        if group is None:
            return Code.GROUP_UNKNOWN
        if actor not in self.groups[group][1]:
            return Code.NOT_A_MEMBER
        return self._leaves(group)

    def _leaves(self, group: int) -> list[str]:
        ended = len(self.groups[group][1]) == 1
        return ["GroupLeft", "GroupEnded"] if ended else ["GroupLeft"]

    def _leaves_all(self, user: int) -> list[str]:
        events: list[str] = []
        for group, (_, members) in sorted(self.groups.items()):
            if user in members:
                events += self._leaves(group)
        return events

    def _kick(self, _actor: int, command: Kick) -> Any:
        user = self._find(command.name)
        if user is None:
            return Code.USER_UNKNOWN
        return [*self._leaves_all(user), "UserKicked"]

    def _rename(self, _actor: int, command: Rename) -> Any:
        user = self._find(command.name)
        if user is None:
            return Code.USER_UNKNOWN
        bad = self._bad_name(command.to, user)
        if bad:
            return bad
        # Full width is mapped to the plain letters when a name is shown.
        shown = {"\uff21\uff2e\uff2e": "ANN"}
        old, new = self.users[user].name, command.to
        same = shown.get(old, old) == shown.get(new, new)
        return Code.NAME_TAKEN if same else ["UserRenamed"]

    def _disconnect(self, actor: int, command: Disconnect) -> Any:
        person = self.users.get(actor)
        if person is None or not person.connected:
            return []
        if command.keep_seat and person.token:
            return ["UserLeft"]
        return [*self._leaves_all(actor), "UserLeft"]

    def _resume(self, actor: int, _command: Resume) -> Any:
        return [] if self.users[actor].connected else ["UserReturned"]

    def _endseat(self, actor: int, _command: EndSeat) -> Any:
        person = self.users.get(actor)
        if person is None or person.connected:
            return []
        return [*self._leaves_all(actor), "SeatEnded"]

    # --- what did follow -------------------------------------------------------------

    def happened(self, event: Event) -> None:
        """Do to the model what an event says."""
        match event:
            case UserJoined():
                self.users[event.seq] = Person(
                    _table(event.name), bool(event.token_hash)
                )
            case UserReturned():
                self.users[event.user].connected = True
            case UserLeft(seat_kept=True):
                self.users[event.user].connected = False
            case UserLeft() | SeatEnded() | UserKicked():
                del self.users[event.user]
            case UserRenamed():
                self.users[event.user].name = _table(event.name)
            case GroupCreated():
                self.groups[event.seq] = (event.group, {event.user})
            case GroupJoined():
                self.groups[event.group_id][1].add(event.user)
            case GroupLeft():
                self.groups[event.group_id][1].remove(event.user)
            case GroupEnded():
                del self.groups[event.group_id]
            case _:
                self._remember(event)

    def _remember(self, event: Event) -> None:
        assert isinstance(event, MESSAGES)
        person = self.users.get(event.user)
        if person and event.nonce is not None:
            person.nonces[event.nonce] = event.seq
            if len(person.nonces) > self.limits.nonces:
                del person.nonces[next(iter(person.nonces))]

    def may_see(self, event: Event) -> frozenset[int] | None:
        """Give who may see an event that has just happened; None means everybody."""
        match event:
            case GroupPosted() | GroupJoined():
                return frozenset(self.groups[event.group_id][1])
            case GroupLeft():
                return frozenset({*self.groups[event.group_id][1], event.user})
            case DirectPosted():
                return frozenset({event.user, event.to_user})
            case SeatEnded():
                return frozenset()
            case _:
                return None


def _table(shown: str) -> str:
    return "\uff21\uff2e\uff2e" if shown == "ANN" else shown
