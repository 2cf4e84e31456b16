"""What is written for who came in with an access token: nothing beyond its scope.

It stands between the node and a dialect's writer, so live events and those read from
the journal pass through the same gate.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec

from hubbub.model.access import Scope
from hubbub.model.acts import (
    Announced,
    GroupInvited,
    GroupRenamed,
    MessageDeleted,
    RoomFrozen,
    RoomSlowed,
    RoomUnfrozen,
    UserMuted,
    UserUnmuted,
)
from hubbub.model.address import LOBBY, ToGroup, ToUser, parse_address
from hubbub.model.answers import Answer, Welcome
from hubbub.model.commands import Command, HubCommand
from hubbub.model.events import (
    DirectPosted,
    Event,
    GroupCreated,
    GroupEnded,
    LobbyPosted,
    RoleChanged,
    UserJoined,
    UserKicked,
    UserLeft,
    UserRenamed,
    UserReturned,
)
from hubbub.model.refusals import Refusal

if TYPE_CHECKING:
    from hubbub.dialects.contract import Writer

_OF_LOBBY = (
    LobbyPosted,
    Announced,
    UserJoined,
    UserReturned,
    UserLeft,
    UserRenamed,
    UserKicked,
    RoleChanged,
)

_OF_ANY_ROOM = (RoomSlowed, RoomFrozen, RoomUnfrozen)

_OF_ONESELF = (UserRenamed, UserKicked, UserMuted, UserUnmuted, GroupInvited)


class ScopedWriter:
    """Writes as another writer does, but only what a token's scope lets be read.

    Attributes:
        scope: The token's.
    """

    def __init__(
        self,
        writer: Writer,
        scope: Scope,
        user: int,
        name_of: Callable[[int], str],
    ) -> None:
        """Stand before a writer.

        Args:
            writer: The dialect's.
            scope: What may be read.
            user: The id of the token's user.
            name_of: Gives a user's name by the id, "" for who is gone.
        """
        self.scope = scope
        self._writer = writer
        self._user = user
        self._name_of = name_of

    def event(self, event: Event, *, own: bool) -> bytes:
        """Write an event, or nothing."""
        shows = self.shows(event, own=own)
        return self._writer.event(event, own=own) if shows else b""

    def welcome(self, welcome: Welcome) -> Welcome:
        """Leave out of a welcome what may not be read."""
        groups = (name for name in welcome.groups if self._knows(ToGroup(name)))
        users = welcome.users if self.scope.may_read(LOBBY) else ()
        rooms = tuple(room for room in welcome.rooms if self._covers(room.name))
        return msgspec.structs.replace(
            welcome, groups=tuple(groups), users=users, rooms=rooms
        )

    def _covers(self, room: str) -> bool:
        address = parse_address(room)
        return address is not None and self.scope.may_read(address)

    def _knows(self, group: ToGroup) -> bool:
        return self.scope.may_read(group) or self.scope.may_post(group)

    def shows(self, event: Event, *, own: bool) -> bool:
        """Tell whether an event may be read; `own` as for a dialect's writer."""
        read = self.scope.may_read
        if own and isinstance(event, _OF_ONESELF):
            return True
        match event:
            case DirectPosted():
                other = event.to_name if event.user == self._user else event.name
                return read(ToUser(other))
            case MessageDeleted() if event.to_user:
                mine = event.author == self._user
                other = self._name_of(event.to_user) if mine else event.name
                return read(ToUser(other))
            case MessageDeleted() if not event.group_id:
                return read(LOBBY)
            case GroupCreated() | GroupEnded():
                return read(ToGroup(event.group)) or read(LOBBY)
            case GroupRenamed():
                names = (event.old, event.group)
                return any(read(ToGroup(name)) for name in names) or read(LOBBY)
            case _:
                return self._shows_by_type(event)

    def _shows_by_type(self, event: Event) -> bool:
        read = self.scope.may_read
        if isinstance(event, _OF_LOBBY):
            return read(LOBBY)
        if isinstance(event, _OF_ANY_ROOM) and not event.group_id:
            return read(LOBBY)
        group = getattr(event, "group", "")
        return bool(group) and read(ToGroup(group))

    def answer(self, answer: Answer, time: int) -> bytes:
        """Write an answer; what may be asked has been looked at before."""
        return self._writer.answer(answer, time)

    def refusal(
        self, refusal: Refusal, command: Command | HubCommand | None, time: int
    ) -> bytes:
        """Write a refusal."""
        return self._writer.refusal(refusal, command, time)
