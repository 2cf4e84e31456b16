"""What each event does to the state. No event is refused here: it has happened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hubbub.hub.state import Group, State, User
from hubbub.model.events import (
    SERVER_ID,
    DirectPosted,
    Event,
    GroupCreated,
    GroupEnded,
    GroupJoined,
    GroupLeft,
    GroupPosted,
    LobbyPosted,
    MessagePosted,
    SeatEnded,
    UserJoined,
    UserKicked,
    UserLeft,
    UserRenamed,
    UserReturned,
)

if TYPE_CHECKING:
    from collections.abc import Callable


def apply(state: State, event: Event, *, nonces: int) -> None:
    """Bring the state one event forward.

    Args:
        state: Changed in place; its `seq` becomes the event's.
        event: The event right after the last one applied.
        nonces: How many nonces of a user are remembered.
    """
    if isinstance(event, (LobbyPosted, GroupPosted, DirectPosted)):
        if event.nonce is not None:
            _remember_nonce(state, event, nonces)
    else:
        _APPLY[type(event)](state, event)
    state.seq = event.seq


def _remember_nonce(state: State, event: MessagePosted, nonces: int) -> None:
    if event.user == SERVER_ID or event.nonce is None:
        return
    user = state.users[event.user]
    if user.nonces is None:
        user.nonces = {}
    user.nonces[event.nonce] = event.seq
    if len(user.nonces) > nonces:
        del user.nonces[next(iter(user.nonces))]


def _joined(state: State, event: UserJoined) -> None:
    state.add_user(
        User(
            id=event.user,
            name=event.name,
            since=event.time,
            address=event.address,
            dialect=event.dialect,
            token_hash=event.token_hash,
        )
    )


def _returned(state: State, event: UserReturned) -> None:
    user = state.users[event.user]
    user.connected = True
    user.address = event.address
    user.dialect = event.dialect


def _left(state: State, event: UserLeft) -> None:
    user = state.users[event.user]
    if event.seat_kept:
        user.connected = False
    else:
        state.remove_user(user)


def _seat_gone(state: State, event: SeatEnded | UserKicked) -> None:
    state.remove_user(state.users[event.user])


def _renamed(state: State, event: UserRenamed) -> None:
    user = state.users[event.user]
    state.free_name(user)
    user.name = event.name
    state.hold_name(user)


def _group_created(state: State, event: GroupCreated) -> None:
    state.add_group(Group(event.group_id, event.group, frozenset((event.user,))))
    user = state.users[event.user]
    user.groups |= {event.group_id}


def _group_joined(state: State, event: GroupJoined) -> None:
    state.groups[event.group_id].members |= {event.user}
    user = state.users[event.user]
    user.groups |= {event.group_id}


def _group_left(state: State, event: GroupLeft) -> None:
    state.groups[event.group_id].members -= {event.user}
    user = state.users[event.user]
    user.groups -= {event.group_id}


def _group_ended(state: State, event: GroupEnded) -> None:
    state.remove_group(state.groups[event.group_id])


# Keyed by the exact type: the hot path of a turn goes through here.
_APPLY: dict[type, Callable[[State, Any], None]] = {
    UserJoined: _joined,
    UserReturned: _returned,
    UserLeft: _left,
    SeatEnded: _seat_gone,
    UserKicked: _seat_gone,
    UserRenamed: _renamed,
    GroupCreated: _group_created,
    GroupJoined: _group_joined,
    GroupLeft: _group_left,
    GroupEnded: _group_ended,
}
