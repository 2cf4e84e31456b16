"""What the acts of keeping order in the hub do to the state."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from hubbub.hub.order import KICK_HOLD_MS, Ban, Mute, in_force, wait_left
from hubbub.hub.state import State
from hubbub.model.acts import (
    Announced,
    BanLifted,
    BanSet,
    MessageDeleted,
    PlaceUnmuted,
    Reported,
    RoomFrozen,
    RoomSlowed,
    RoomUnfrozen,
    UserMuted,
    UserUnmuted,
)


def hold(state: State, places: Iterable[str], time: int) -> None:
    """Let no guest in from some places for a while, and forget where that is over."""
    for place in places:
        state.held[place] = time
    over = [
        place
        for place, since in state.held.items()
        if not wait_left(since, KICK_HOLD_MS, time)
    ]
    for place in over:
        del state.held[place]


def _ban_set(state: State, event: BanSet) -> None:
    over = [
        key for key, ban in state.bans.items() if not in_force(ban.until, event.time)
    ]
    for key in over:
        del state.bans[key]
    ban = Ban(event.seq, event.name, event.by, event.time, event.until, event.reason)
    state.bans.update(dict.fromkeys(event.keys, ban))


def _ban_lifted(state: State, event: BanLifted) -> None:
    for key in event.keys:
        state.bans.pop(key, None)


def _muted(state: State, event: UserMuted) -> None:
    mute = Mute(event.by, event.until, event.reason)
    state.hindrances[event.user] = mute
    over = [
        place
        for place, one in state.muted_places.items()
        if not in_force(one.until, event.time)
    ]
    for place in over:
        del state.muted_places[place]
    state.muted_places.update(dict.fromkeys(event.places, mute))
    if event.places:
        state.users[event.user].muted_at = event.places


def _unmuted(state: State, event: UserUnmuted) -> None:
    state.hindrances.pop(event.user, None)
    user = state.users[event.user]
    for place in user.muted_at:
        state.muted_places.pop(place, None)
    user.muted_at = ()


def _place_unmuted(state: State, event: PlaceUnmuted) -> None:
    state.muted_places.pop(event.name, None)


def _slowed(state: State, event: RoomSlowed) -> None:
    mode = state.mode(event.group_id)
    mode.slow = event.seconds * 1000
    mode.last.clear()
    state.tidy(event.group_id)


def _frozen(state: State, event: RoomFrozen) -> None:
    state.mode(event.group_id).frozen = True


def _unfrozen(state: State, event: RoomUnfrozen) -> None:
    state.mode(event.group_id).frozen = False
    state.tidy(event.group_id)


def _nothing(_state: State, _event: Announced | Reported | MessageDeleted) -> None:
    """These are for people: nothing follows from them for what may happen."""


ORDER: dict[type, Callable[[State, Any], None]] = {
    BanSet: _ban_set,
    BanLifted: _ban_lifted,
    UserMuted: _muted,
    UserUnmuted: _unmuted,
    PlaceUnmuted: _place_unmuted,
    RoomSlowed: _slowed,
    RoomFrozen: _frozen,
    RoomUnfrozen: _unfrozen,
    Announced: _nothing,
    Reported: _nothing,
    MessageDeleted: _nothing,
}
