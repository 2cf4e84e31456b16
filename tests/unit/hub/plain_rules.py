"""What should follow from keeping order in the hub, said in the plainest way."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tests.unit.hub.plain_state import PlainState
from tests.unit.hub.tables import ACCOUNTS, GROUPS, NAMES, PLACES, RANKS

from hubbub.model.address import Address, Lobby, ToGroup
from hubbub.model.events import SERVER_ID
from hubbub.model.moderation import (
    Ban,
    DeleteMessage,
    Freeze,
    Mute,
    Slow,
    Unban,
    Unfreeze,
    Unmute,
)
from hubbub.model.refusals import Code

STAFF = ("owner", "moderator", "server")


class PlainRules(PlainState):
    """The part of the model that knows who is kept out, and who is silent."""

    now: int

    def role(self, actor: int) -> str:
        """Tell what somebody is."""
        if actor in self.users:
            return self.users[actor].role
        return "server" if actor == SERVER_ID else "nobody"

    def find(self, name: str) -> int | None:
        """Find who has a name."""
        same = NAMES.get(name)
        for user, person in self.users.items():
            other = NAMES[person.name]
            if same and other and same[0] == other[0]:
                return user
        return None

    def find_group(self, name: str) -> int | None:
        """Find a group by its name."""
        same = GROUPS[name.removeprefix("#")]
        for group, (other_name, _) in self.groups.items():
            other = GROUPS[other_name]
            if same and other and same[0] == other[0]:
                return group
        return None

    def stands_above(self, actor: int, user: int) -> bool:
        """Tell whether one may act on another, or on oneself."""
        higher = RANKS[self.role(actor)] > RANKS[self.role(user)]
        return actor == user or higher

    def lasts(self, until: int | None) -> bool:
        """Tell whether something that has an end goes on."""
        return until is not None and (until == 0 or self.now < until)

    # --- who is kept out --------------------------------------------------------------

    def guest_out(self, name: str, place: str) -> Code | None:
        """Say why a guest can't come in."""
        if place and 0 <= self.now - self.held.get(place, -(10**9)) < 60_000:
            return Code.TOO_SOON
        same = NAMES[name]
        assert same is not None
        keys = [f"name {same[0]}", f"look {same[1]}", *self._places(place)]
        return self._out(keys)

    def user_out(self, user: int, place: str) -> Code | None:
        """Say why one who has a seat or an account can't connect."""
        person = self.users[user]
        keys = [f"account {user}"]
        if person.role not in STAFF:
            keys += self._places(place)
        if person.role not in ACCOUNTS:
            same = NAMES[person.name]
            assert same is not None
            keys += [f"name {same[0]}", f"look {same[1]}"]
        return self._out(keys)

    def _places(self, place: str) -> list[str]:
        wide = [f"place {wide}" for wide in PLACES.get(place, ())]
        return [f"place {place}", *wide] if place else []

    def _out(self, keys: Iterable[str]) -> Code | None:
        out = any(self.lasts(self.bans[key][1]) for key in keys if key in self.bans)
        return Code.BANNED if out else None

    def _keys(self, user: int, places: tuple[str, ...]) -> list[str]:
        if self.users[user].role in ACCOUNTS:
            return [f"account {user}"]
        same = NAMES[self.users[user].name]
        assert same is not None
        return [f"name {same[0]}", f"look {same[1]}", *(f"place {p}" for p in places)]

    def _ban(self, actor: int, command: Ban) -> Any:
        user = self.find(command.target)
        if user is not None:
            if not self.stands_above(actor, user):
                return Code.NOT_ALLOWED
            keys, put_out = self._keys(user, command.places), [user]
        elif "." not in command.target:
            return Code.USER_UNKNOWN
        elif command.target.startswith("127."):
            return Code.ADDRESS_INVALID
        else:
            keys = [f"place {command.target}"]
            put_out = [
                one
                for one in command.here
                if one in self.users and one != actor and self.stands_above(actor, one)
            ]
        if len(self.bans) + len(keys) > self.limits.bans:
            return Code.TOO_MANY_BANS
        events = ["BanSet"]
        gone: list[int] = []
        for one in put_out:
            person = self.users[one]
            if person.role not in ACCOUNTS:
                events += self.leaves_all(one, tuple(gone))
                gone.append(one)
            if person.role not in ACCOUNTS or person.connected or person.tokens:
                events.append("UserKicked")
        return events

    def leaves_all(self, user: int, gone: tuple[int, ...] = ()) -> list[str]:
        """Say what follows when somebody leaves all groups."""
        raise NotImplementedError

    def _unban(self, _actor: int, command: Unban) -> Any:
        if "." in command.target:
            keys = [f"place {command.target}"]
        else:
            same, user = NAMES[command.target], self.find(command.target)
            named = [f"name {same[0]}"] if same else []
            if user is not None and self.users[user].role in ACCOUNTS:
                named.append(f"account {user}")
            acts = {self.bans[key][0] for key in named if key in self.bans}
            keys = [key for key, ban in self.bans.items() if ban[0] in acts]
        return Code.BAN_UNKNOWN if self._out(keys) is None else ["BanLifted"]

    # --- who is silent ----------------------------------------------------------------

    def _mute(self, actor: int, command: Mute) -> Any:
        user = self.find(command.name)
        if user is None:
            return Code.USER_UNKNOWN
        return ["UserMuted"] if self.stands_above(actor, user) else Code.NOT_ALLOWED

    def _unmute(self, actor: int, command: Unmute) -> Any:
        if command.name in self.muted_places:
            return ["PlaceUnmuted"]
        user = self.find(command.name)
        if user is None:
            return Code.USER_UNKNOWN
        if not self.stands_above(actor, user):
            return Code.NOT_ALLOWED
        return ["UserUnmuted"] if user in self.mutes else Code.USAGE

    def muted(self, actor: int) -> Code | None:
        """Say whether one can't write anywhere."""
        return Code.MUTED if self.lasts(self.mutes.get(actor)) else None

    def hindered(self, actor: int, room: int) -> Code | None:
        """Say why one can't write in a room just now."""
        if actor == SERVER_ID:
            return None
        how = self.rooms.get(room)
        if self.muted(actor) or how is None or self._orders(actor, room):
            return self.muted(actor)
        if how.frozen:
            return Code.FROZEN
        person = self.users[actor]
        guest = person.role not in ACCOUNTS
        since = how.last.get(actor, person.since if guest else None)
        soon = since is not None and 0 <= self.now - since < how.slow
        return Code.TOO_SOON if soon else None

    def hindered_once(self, place: str, to: Address) -> Code | None:
        """Say why nothing can be said from a place without coming in."""
        if self.lasts(self.muted_places.get(place)):
            return Code.MUTED
        how = self.rooms.get(0)
        if how is None or not isinstance(to, Lobby):
            return None
        if how.frozen:
            return Code.FROZEN
        # All who say something so wait for each other.
        soon = how.once is not None and 0 <= self.now - how.once < how.slow
        return Code.TOO_SOON if soon else None

    def _orders(self, actor: int, room: int) -> bool:
        if room == 0:
            return self.role(actor) in STAFF
        return self._rank(actor, room) >= 1

    def _rank(self, actor: int, group: int) -> int:
        circle, members = self.circles[group], self.groups[group][1]
        if self.role(actor) in STAFF and not circle.private:
            return 3
        if actor not in members:
            return -1
        if circle.owner == actor:
            return 2
        return 1 if actor in circle.mods else 0

    def _where(self, actor: int, to: Address) -> int | Code:
        if isinstance(to, Lobby):
            room: int | None = 0
        else:
            assert isinstance(to, ToGroup)
            room = self.find_group(to.name)
        if room is None:
            return Code.GROUP_UNKNOWN
        return room if self._orders(actor, room) else Code.NOT_ALLOWED

    def _slow(self, actor: int, command: Slow) -> Any:
        room = self._where(actor, command.room)
        return room if isinstance(room, Code) else ["RoomSlowed"]

    def _freeze(self, actor: int, command: Freeze) -> Any:
        room = self._where(actor, command.room)
        if isinstance(room, Code):
            return room
        return Code.USAGE if self.room(room).frozen else ["RoomFrozen"]

    def _unfreeze(self, actor: int, command: Unfreeze) -> Any:
        room = self._where(actor, command.room)
        if isinstance(room, Code):
            return room
        return ["RoomUnfrozen"] if self.room(room).frozen else Code.USAGE

    def _deletemessage(self, actor: int, command: DeleteMessage) -> Any:
        own = actor == command.author
        if command.to_user:
            if actor not in (command.author, command.to_user):
                return Code.MESSAGE_UNKNOWN
            return ["MessageDeleted"] if own else Code.NOT_ALLOWED
        if command.group_id:
            if actor not in self.groups.get(command.group_id, ("", set()))[1]:
                return Code.MESSAGE_UNKNOWN
            may = own or self._orders(actor, command.group_id)
            return ["MessageDeleted"] if may else Code.NOT_ALLOWED
        above = command.author not in self.users or self.stands_above(
            actor, command.author
        )
        may = own or (self._orders(actor, 0) and above)
        return ["MessageDeleted"] if may else Code.NOT_ALLOWED

    def _announce(self, _actor: int, _command: Any) -> Any:
        return ["Announced"]

    def _report(self, _actor: int, _command: Any) -> Any:
        return ["Reported"]
