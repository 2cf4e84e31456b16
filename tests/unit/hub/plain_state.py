"""What the model remembers, and what each event does to it."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.unit.hub.tables import ACCOUNTS

from hubbub.model.events import (
    HIDDEN,
    MESSAGES,
    AccountClosed,
    AccountCreated,
    AccountOpened,
    DeviceAdded,
    DeviceRemoved,
    DirectPosted,
    Event,
    GroupCreated,
    GroupEnded,
    GroupJoined,
    GroupLeft,
    GroupPosted,
    LobbyPosted,
    OthersLoggedOut,
    PasswordChanged,
    RoleChanged,
    SeatEnded,
    UserJoined,
    UserKicked,
    UserLeft,
    UserRenamed,
    UserReturned,
)
from hubbub.model.limits import Limits


@dataclass
class Person:
    """One user of the model."""

    name: str
    tokens: list[str]
    connected: bool = True
    role: str = "guest"
    password: str = ""
    waiting: list[int] = field(default_factory=list)
    nonces: dict[str, int] = field(default_factory=dict)


@dataclass
class PlainState:
    """Who is there, with what, and which groups with whom."""

    limits: Limits
    users: dict[int, Person] = field(default_factory=dict)
    groups: dict[int, tuple[str, set[int]]] = field(default_factory=dict)

    def happened(self, event: Event) -> None:
        """Do to the model what an event says."""
        match event:
            case UserJoined():
                tokens = [event.token_hash] if event.token_hash else []
                self.users[event.seq] = Person(_table(event.name), tokens)
            case UserReturned():
                self.users[event.user].connected = True
                self.users[event.user].waiting.clear()
            case UserLeft(seat_kept=True):
                self.users[event.user].connected = False
            case UserKicked() if self.users[event.user].role in ACCOUNTS:
                self.users[event.user].connected = False
                self.users[event.user].tokens.clear()
            case UserLeft() | SeatEnded() | UserKicked():
                del self.users[event.user]
            case UserRenamed():
                self.users[event.user].name = _table(event.name)
            case GroupCreated() | GroupJoined() | GroupLeft() | GroupEnded():
                self._happened_to_group(event)
            case LobbyPosted() | GroupPosted() | DirectPosted():
                self._remember(event)
            case _:
                self._happened_to_account(event)

    def _happened_to_group(
        self, event: GroupCreated | GroupJoined | GroupLeft | GroupEnded
    ) -> None:
        match event:
            case GroupCreated():
                self.groups[event.seq] = (event.group, {event.user})
            case GroupJoined():
                self.groups[event.group_id][1].add(event.user)
            case GroupLeft():
                self.groups[event.group_id][1].remove(event.user)
            case GroupEnded():
                del self.groups[event.group_id]

    def _happened_to_account(self, event: Event) -> None:
        if isinstance(event, AccountCreated):
            self.users[event.seq] = Person(
                _table(event.name), [], False, event.role, event.password_hash
            )
            return
        user = getattr(event, "user", None)
        assert user is not None
        person = self.users[user]
        match event:
            case AccountOpened():
                person.role, person.password = "member", event.password_hash
            case PasswordChanged():
                person.password = event.password_hash
            case AccountClosed():
                person.role, person.password = "guest", ""
                person.waiting.clear()
            case RoleChanged():
                person.role = event.role
            case DeviceAdded():
                person.tokens += [event.token_hash] if event.token_hash else []
            case DeviceRemoved():
                person.tokens.remove(event.token_hash)
            case OthersLoggedOut():
                person.tokens = [one for one in person.tokens if one == event.kept]
            case _:
                raise AssertionError(event)

    def _remember(self, event: Event) -> None:
        assert isinstance(event, MESSAGES)
        if isinstance(event, DirectPosted):
            to = self.users[event.to_user]
            if not to.connected and to.role in ACCOUNTS:
                to.waiting.append(event.seq)
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
            case _:
                return frozenset() if isinstance(event, HIDDEN) else None


def _table(shown: str) -> str:
    return "\uff21\uff2e\uff2e" if shown == "ANN" else shown
