"""What the model remembers, and what each event does to it."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.unit.hub.plain_order import ACT_OF_MEMBERS, Circle, PlainOrder
from tests.unit.hub.tables import ACCOUNTS, NAMES

from hubbub.model.acts import (
    BanLifted,
    BanSet,
    GroupInvited,
    GroupRenamed,
    MessageDeleted,
    PlaceUnmuted,
    Reported,
    RoomFrozen,
    RoomSlowed,
    RoomUnfrozen,
    UserMuted,
    UserUnmuted,
)
from hubbub.model.address import Address, Lobby, ToGroup
from hubbub.model.events import (
    HIDDEN,
    MESSAGES,
    SERVER_ID,
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
from hubbub.model.refusals import Code


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
    since: int = 0


@dataclass
class PlainState(PlainOrder):
    """Who is there, with what, and which groups with whom."""

    limits: Limits = field(default_factory=Limits)
    users: dict[int, Person] = field(default_factory=dict)
    groups: dict[int, tuple[str, set[int]]] = field(default_factory=dict)
    once: dict[tuple[str, str | None], int] = field(default_factory=dict)
    time: int = 0

    def happened(self, event: Event) -> None:  # noqa: C901 - a table
        """Do to the model what an event says."""
        self.time = event.time
        if self.happened_to_order(event):
            if isinstance(event, GroupRenamed):
                members = self.groups[event.group_id][1]
                self.groups[event.group_id] = (event.group, members)
            return
        match event:
            case UserJoined():
                tokens = [event.token_hash] if event.token_hash else []
                self.users[event.seq] = Person(_table(event.name), tokens)
                self.users[event.seq].since = event.time
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
                self.mutes.pop(event.user, None)
                if isinstance(event, UserKicked):
                    self.held |= dict.fromkeys(event.places, event.time)
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
                since = {event.user: event.seq}
                self.circles[event.seq] = Circle(event.user, event.private, since)
            case GroupJoined():
                self.groups[event.group_id][1].add(event.user)
                self.circles[event.group_id].since[event.user] = event.seq
                self.circles[event.group_id].invited.discard(event.user)
            case GroupLeft():
                self.groups[event.group_id][1].remove(event.user)
                circle = self.circles[event.group_id]
                circle.mods.discard(event.user)
                circle.owner = 0 if circle.owner == event.user else circle.owner
            case GroupEnded():
                del self.groups[event.group_id]
                del self.circles[event.group_id]
                self.rooms.pop(event.group_id, None)

    def _happened_to_account(self, event: Event) -> None:
        if isinstance(event, AccountCreated):
            self.users[event.seq] = Person(
                _table(event.name), [], False, event.role, event.password_hash
            )
            # It can become a guest, of whom a slow room asks when they came.
            self.users[event.seq].since = event.time
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
        came_in = event.user != event.seq
        if not isinstance(event, DirectPosted):
            room = event.group_id if isinstance(event, GroupPosted) else 0
            if room in self.rooms and self.rooms[room].slow and came_in:
                self.rooms[room].last[event.user] = event.time
            elif room in self.rooms and self.rooms[room].slow:
                self.rooms[room].once = event.time
        if not came_in and event.nonce is not None:
            same = NAMES[_table(event.name)]
            assert same is not None
            self.once[same[0], event.nonce] = event.seq
            if len(self.once) > self.limits.once_nonces:
                del self.once[next(iter(self.once))]
        person = self.users.get(event.user)
        if person and event.nonce is not None:
            person.nonces[event.nonce] = event.seq
            if len(person.nonces) > self.limits.nonces:
                del person.nonces[next(iter(person.nonces))]

    def may_see(  # noqa: C901 - a table
        self, event: Event
    ) -> frozenset[int] | None:
        """Give who may see an event that has just happened; None means everybody."""
        staff = {
            user
            for user, person in self.users.items()
            if person.role in ("owner", "moderator")
        } | {SERVER_ID}
        match event:
            case BanSet() | BanLifted() | Reported() | PlaceUnmuted():
                return frozenset(staff)
            case UserMuted() | UserUnmuted():
                return frozenset({*staff, event.user})
            case RoomSlowed() | RoomFrozen() | RoomUnfrozen():
                return self._room_sees(event.group_id)
            case MessageDeleted() if event.to_user:
                return frozenset({event.author, event.to_user})
            case MessageDeleted():
                return self._room_sees(event.group_id)
            case GroupCreated(private=True):
                return frozenset({event.user})
            case GroupEnded(private=True):
                return frozenset()
            case GroupRenamed(private=True):
                return self._room_sees(event.group_id)
            case GroupLeft(ends=True):
                return frozenset({event.user})
            case GroupInvited():
                return frozenset({*self.groups[event.group_id][1], event.user})
            case _ if isinstance(event, ACT_OF_MEMBERS):
                return self._room_sees(event.group_id)
            case GroupPosted() | GroupJoined():
                return frozenset(self.groups[event.group_id][1])
            case GroupLeft():
                return frozenset({*self.groups[event.group_id][1], event.user})
            case DirectPosted():
                return frozenset({event.user, event.to_user})
            case _:
                return frozenset() if isinstance(event, HIDDEN) else None

    def may_read(
        self, actor: int, of: Address, events: list[Event]
    ) -> Code | list[tuple[int, str]]:
        """Give the numbers and texts of a conversation that one may read back."""
        deleted = {one.message for one in events if isinstance(one, MessageDeleted)}
        said: list[LobbyPosted | GroupPosted | DirectPosted] = []
        if self.role(actor) == "nobody":
            return Code.NOT_JOINED
        if isinstance(of, Lobby):
            said += [one for one in events if isinstance(one, LobbyPosted)]
        elif isinstance(of, ToGroup):
            group = self.find_group(of.name)
            if group is None:
                return Code.GROUP_UNKNOWN
            if actor not in self.groups[group][1]:
                return Code.NOT_A_MEMBER
            circle = self.circles[group]
            since = circle.since[actor] if circle.private else 0
            said += [
                one
                for one in events
                if isinstance(one, GroupPosted)
                and (one.group_id, one.seq > since) == (group, True)
            ]
        else:
            other = self.find(of.name)
            if other is None:
                return Code.USER_UNKNOWN
            said += [
                one
                for one in events
                if isinstance(one, DirectPosted)
                and {one.user, one.to_user} == {actor, other}
            ]
        return [(one.seq, "" if one.seq in deleted else one.text) for one in said]

    def role(self, actor: int) -> str:
        """Tell what somebody is."""
        raise NotImplementedError

    def find(self, name: str) -> int | None:
        """Find who has a name."""
        raise NotImplementedError

    def find_group(self, name: str) -> int | None:
        """Find a group by its name."""
        raise NotImplementedError

    def _room_sees(self, room: int) -> frozenset[int] | None:
        return frozenset(self.groups[room][1]) if room else None


def _table(shown: str) -> str:
    return "\uff21\uff2e\uff2e" if shown == "ANN" else shown
