"""Who may see an event. The one place that says so, in two equal forms.

`audience` answers for everybody at the moment of the event, which is what live
delivery needs; `View` answers for one user who reads the journal later.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from hubbub.hub.state import LOBBY_ID, State
from hubbub.model.acts import (
    BanLifted,
    BanSet,
    GroupBanLifted,
    GroupBanSet,
    GroupClosed,
    GroupInvited,
    GroupOpened,
    GroupRenamed,
    GroupRoleSet,
    GroupTopicSet,
    MessageDeleted,
    PlaceUnmuted,
    Reported,
    RoomFrozen,
    RoomSlowed,
    RoomUnfrozen,
    UserMuted,
    UserUnmuted,
)
from hubbub.model.events import (
    HIDDEN,
    AccountClosed,
    AccountCreated,
    DirectPosted,
    Event,
    GroupCreated,
    GroupEnded,
    GroupJoined,
    GroupLeft,
    GroupPosted,
    LobbyPosted,
    RoleChanged,
)
from hubbub.model.roles import STAFF, Role

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


RoomEvent = RoomSlowed | RoomFrozen | RoomUnfrozen

_OfMembers = (
    GroupPosted
    | GroupJoined
    | GroupTopicSet
    | GroupRoleSet
    | GroupBanSet
    | GroupBanLifted
    | GroupClosed
    | GroupOpened
)


def _members(state: State, event: _OfMembers) -> Audience:
    return state.groups[event.group_id].members


def _members_and_who_left(state: State, event: GroupLeft) -> Audience:
    if event.ends:
        return frozenset((event.user,))
    return state.groups[event.group_id].members | {event.user}


def _members_and_who_is_meant(state: State, event: GroupInvited) -> Audience:
    return state.groups[event.group_id].members | {event.user}


def _maker_or_everyone(_state: State, event: GroupCreated) -> Audience:
    return frozenset((event.user,)) if event.private else EVERYONE


def _nobody_or_everyone(_state: State, event: GroupEnded) -> Audience:
    return frozenset() if event.private else EVERYONE


def _members_or_everyone(state: State, event: GroupRenamed) -> Audience:
    return state.groups[event.group_id].members if event.private else EVERYONE


def _room(state: State, event: RoomEvent) -> Audience:
    if event.group_id == LOBBY_ID:
        return EVERYONE
    return state.groups[event.group_id].members


def _who_saw_it(state: State, event: MessageDeleted) -> Audience:
    if event.to_user:
        return frozenset((event.author, event.to_user))
    if event.group_id:
        return state.groups[event.group_id].members
    return EVERYONE


def _staff(
    state: State, _event: BanSet | BanLifted | PlaceUnmuted | Reported
) -> Audience:
    return state.staff


def _staff_and_who_is_meant(state: State, event: UserMuted | UserUnmuted) -> Audience:
    return state.staff | {event.user}


def _both(_state: State, event: DirectPosted) -> Audience:
    return frozenset((event.user, event.to_user))


def _nobody(_state: State, _event: Event) -> Audience:
    return frozenset()


# What is not here is for everyone.
_AUDIENCES: dict[type, Callable[[State, Any], Audience]] = {
    **dict.fromkeys(_OfMembers.__args__, _members),
    GroupLeft: _members_and_who_left,
    DirectPosted: _both,
    GroupInvited: _members_and_who_is_meant,
    GroupCreated: _maker_or_everyone,
    GroupEnded: _nobody_or_everyone,
    GroupRenamed: _members_or_everyone,
    **dict.fromkeys(RoomEvent.__args__, _room),
    MessageDeleted: _who_saw_it,
    **dict.fromkeys((BanSet, BanLifted, PlaceUnmuted, Reported), _staff),
    **dict.fromkeys((UserMuted, UserUnmuted), _staff_and_who_is_meant),
    **dict.fromkeys(HIDDEN, _nobody),
}


class View:
    """What one user may see while reading the journal forward from some point.

    Attributes:
        user: The user's id.
        groups: Ids of the groups the user is in at the point reached.
        staff: Whether the user is told what moderators are at the point reached.
    """

    __slots__ = ("groups", "staff", "user")

    def __init__(self, user: int, groups: Iterable[int], *, staff: bool) -> None:
        self.user = user
        self.groups = set(groups)
        self.staff = staff

    @classmethod
    def at(
        cls, user: int, groups: Iterable[int], later: Iterable[Event], *, staff: bool
    ) -> View:
        """Rebuild the view of a past moment from that of now.

        Args:
            user: The user's id.
            groups: The groups the user is in now.
            later: The user's own changes of standing since that moment, in order.
            staff: Whether the user is told what moderators are now.
        """
        view = cls(user, groups, staff=staff)
        for event in reversed(list(later)):
            match event:
                case GroupCreated() | GroupJoined():
                    view.groups.discard(event.group_id)
                case GroupLeft():
                    view.groups.add(event.group_id)
                case RoleChanged() | AccountClosed():
                    view.staff = event.was in STAFF
                case AccountCreated():
                    view.staff = False
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
            case GroupCreated() | GroupJoined() | GroupLeft():
                return self._sees_membership(event)
            case RoleChanged() | AccountClosed() | AccountCreated():
                if event.user == self.user:
                    role = (
                        Role.GUEST if isinstance(event, AccountClosed) else event.role
                    )
                    self.staff = role in STAFF
                return isinstance(event, RoleChanged)
            case _:
                sees = _SEES.get(type(event))
                return sees is None or sees(self, event)

    def _sees_membership(self, event: GroupCreated | GroupJoined | GroupLeft) -> bool:
        own = event.user == self.user
        match event:
            case GroupCreated():
                if own:
                    self.groups.add(event.group_id)
                return own or not event.private
            case GroupJoined():
                if own:
                    self.groups.add(event.group_id)
                return event.group_id in self.groups
            case GroupLeft():
                seen = event.group_id in self.groups
                if own:
                    self.groups.discard(event.group_id)
                return own or (seen and not event.ends)


def _is_in_group(view: View, event: Any) -> bool:
    return event.group_id in view.groups


def _in_group_or_meant(view: View, event: GroupInvited) -> bool:
    return event.group_id in view.groups or event.user == view.user


def _in_group_or_public(view: View, event: GroupRenamed) -> bool:
    return event.group_id in view.groups or not event.private


def _is_in_room(view: View, event: RoomEvent) -> bool:
    return event.group_id == LOBBY_ID or event.group_id in view.groups


def _saw_it(view: View, event: MessageDeleted) -> bool:
    if event.to_user:
        return view.user in (event.author, event.to_user)
    return not event.group_id or event.group_id in view.groups


def _keeps_order(view: View, _event: Event) -> bool:
    return view.staff


def _keeps_order_or_meant(view: View, event: UserMuted | UserUnmuted) -> bool:
    return view.staff or event.user == view.user


# The same as `_AUDIENCES`, for one user. What is in neither is for everyone.
_SEES: dict[type, Callable[[View, Any], bool]] = {
    **dict.fromkeys(_OfMembers.__args__, _is_in_group),
    GroupInvited: _in_group_or_meant,
    GroupEnded: lambda _view, event: not event.private,
    GroupRenamed: _in_group_or_public,
    **dict.fromkeys(RoomEvent.__args__, _is_in_room),
    MessageDeleted: _saw_it,
    **dict.fromkeys((BanSet, BanLifted, PlaceUnmuted, Reported), _keeps_order),
    **dict.fromkeys((UserMuted, UserUnmuted), _keeps_order_or_meant),
    **dict.fromkeys(HIDDEN, lambda _view, _event: False),
}
