"""Who may see an event. The one place that says so, in two equal forms.

`audience` answers for everybody at the moment of the event, which is what live
delivery needs; `View` answers for one user who reads the journal later.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from hubbub.hub.state import State
from hubbub.model.events import (
    HIDDEN,
    DirectPosted,
    Event,
    GroupCreated,
    GroupJoined,
    GroupLeft,
    GroupPosted,
    LobbyPosted,
)

Audience = frozenset[int]

EVERYONE: Audience = frozenset({-1})
"""Stands for all users there are. Compared by identity."""


def audience(state: State, event: Event) -> Audience:
    """Name the users who may see an event.

    Args:
        state: The state right after the event was applied.
        event: The event.

    Returns:
        Their ids, or `EVERYONE`.
    """
    who = _AUDIENCES.get(type(event))
    return EVERYONE if who is None else who(state, event)


def _members(state: State, event: GroupPosted | GroupJoined) -> Audience:
    return state.groups[event.group_id].members


def _members_and_who_left(state: State, event: GroupLeft) -> Audience:
    return state.groups[event.group_id].members | {event.user}


def _both(_state: State, event: DirectPosted) -> Audience:
    return frozenset((event.user, event.to_user))


def _nobody(_state: State, _event: Event) -> Audience:
    return frozenset()


# What is not here is for everyone.
_AUDIENCES: dict[type, Callable[[State, Any], Audience]] = {
    GroupPosted: _members,
    GroupJoined: _members,
    GroupLeft: _members_and_who_left,
    DirectPosted: _both,
    **dict.fromkeys(HIDDEN, _nobody),
}


class View:
    """What one user may see while reading the journal forward from some point.

    Attributes:
        user: The user's id.
        groups: Ids of the groups the user is in at the point reached.
    """

    __slots__ = ("groups", "user")

    def __init__(self, user: int, groups: Iterable[int]) -> None:
        self.user = user
        self.groups = set(groups)

    @classmethod
    def at(cls, user: int, groups: Iterable[int], later: Iterable[Event]) -> View:
        """Rebuild the view of a past moment from that of now.

        Args:
            user: The user's id.
            groups: The groups the user is in now.
            later: The user's own membership events since that moment, in order.
        """
        view = cls(user, groups)
        for event in reversed(list(later)):
            match event:
                case GroupCreated() | GroupJoined():
                    view.groups.discard(event.group_id)
                case GroupLeft():
                    view.groups.add(event.group_id)
                case _:
                    pass
        return view

    def sees(self, event: Event) -> bool:
        """Tell whether the user may see the next event, and move past it."""
        match event:
            case LobbyPosted():
                return True
            case GroupPosted():
                return event.group_id in self.groups
            case DirectPosted():
                return self.user in (event.user, event.to_user)
            case GroupCreated():
                if event.user == self.user:
                    self.groups.add(event.group_id)
                return True
            case GroupJoined():
                if event.user == self.user:
                    self.groups.add(event.group_id)
                return event.group_id in self.groups
            case GroupLeft():
                seen = event.group_id in self.groups
                if event.user == self.user:
                    self.groups.discard(event.group_id)
                    return True
                return seen
            case _:
                return not isinstance(event, HIDDEN)
