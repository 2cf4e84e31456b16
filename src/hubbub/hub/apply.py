"""What each event does to the state. No event is refused here: it has happened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hubbub.hub.apply_access import ACCESS, forget_tokens
from hubbub.hub.apply_groups import GROUPS
from hubbub.hub.apply_invites import INVITES
from hubbub.hub.apply_order import ORDER, hold
from hubbub.hub.order import Mode
from hubbub.hub.state import LOBBY_ID, State, User, once_key
from hubbub.model.events import (
    SERVER_ID,
    AccountClosed,
    AccountCreated,
    AccountOpened,
    DeviceAdded,
    DeviceRemoved,
    DirectPosted,
    Event,
    GroupPosted,
    LobbyPosted,
    MessagePosted,
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
from hubbub.model.roles import Role

if TYPE_CHECKING:
    from collections.abc import Callable


def apply(state: State, event: Event, limits: Limits) -> None:
    """Bring the state one event forward.

    Args:
        state: Changed in place; its `seq` becomes the event's.
        event: The event right after the last one applied.
        limits: How many nonces are remembered.
    """
    if isinstance(event, (LobbyPosted, GroupPosted, DirectPosted)):
        if event.nonce is not None:
            _remember_nonce(state, event, limits)
        if state.hindrances:
            _remember_when(state, event)
        if type(event) is DirectPosted:
            _let_wait(state, event)
    else:
        _APPLY[type(event)](state, event)
    state.seq = event.seq


def _remember_nonce(state: State, event: MessagePosted, limits: Limits) -> None:
    if event.user == SERVER_ID or event.nonce is None:
        return
    if event.user == event.seq:
        # Said without coming in: there is no user to remember it with.
        state.once[once_key(event.name, event.nonce)] = event.seq
        if len(state.once) > limits.once_nonces:
            del state.once[next(iter(state.once))]
        return
    user = state.users[event.user]
    if user.nonces is None:
        user.nonces = {}
    user.nonces[event.nonce] = event.seq
    if len(user.nonces) > limits.nonces:
        del user.nonces[next(iter(user.nonces))]


def _remember_when(state: State, event: MessagePosted) -> None:
    # Nothing hinders the console, and nobody waits for it.
    if isinstance(event, DirectPosted) or event.user == SERVER_ID:
        return
    room = event.group_id if isinstance(event, GroupPosted) else LOBBY_ID
    mode = state.hindrances.get(room)
    if isinstance(mode, Mode) and mode.slow:
        # Who said it without coming in has no id to go by: they wait for each other.
        who = 0 if event.user == event.seq else event.user
        mode.last[who] = event.time


def _let_wait(state: State, event: DirectPosted) -> None:
    user = state.users[event.to_user]
    if not user.connected and user.is_account:
        user.waiting += (event.seq,)


def _joined(state: State, event: UserJoined) -> None:
    state.add_user(
        User(
            id=event.user,
            name=event.name,
            since=event.time,
            address=event.address,
            dialect=event.dialect,
            tokens=(event.token_hash,) if event.token_hash else (),
        )
    )


def _returned(state: State, event: UserReturned) -> None:
    user = state.users[event.user]
    user.connected = True
    user.waiting = ()
    user.address = event.address
    user.dialect = event.dialect


def _left(state: State, event: UserLeft) -> None:
    user = state.users[event.user]
    if event.seat_kept:
        user.connected = False
    else:
        state.remove_user(user)


def _seat_ended(state: State, event: SeatEnded) -> None:
    state.remove_user(state.users[event.user])


def _kicked(state: State, event: UserKicked) -> None:
    user = state.users[event.user]
    hold(state, event.places, event.time)
    if user.is_account:
        user.connected = False
        state.set_tokens(user, ())
    else:
        state.remove_user(user)


def _account_opened(state: State, event: AccountOpened) -> None:
    user = state.users[event.user]
    state.set_role(user, event.role)
    user.password_hash = event.password_hash


def _account_created(state: State, event: AccountCreated) -> None:
    state.add_user(
        User(
            id=event.user,
            name=event.name,
            since=event.time,
            connected=False,
            role=event.role,
            password_hash=event.password_hash,
        )
    )


def _password_changed(state: State, event: PasswordChanged) -> None:
    state.users[event.user].password_hash = event.password_hash


def _account_closed(state: State, event: AccountClosed) -> None:
    user = state.users[event.user]
    state.set_role(user, Role.GUEST)
    user.password_hash = ""
    user.waiting = ()
    forget_tokens(state, user.id)


def _role_changed(state: State, event: RoleChanged) -> None:
    state.set_role(state.users[event.user], event.role)


def _device_added(state: State, event: DeviceAdded) -> None:
    user = state.users[event.user]
    user.address = event.address
    user.dialect = event.dialect
    if event.token_hash:
        state.set_tokens(user, (*user.tokens, event.token_hash))


def _device_removed(state: State, event: DeviceRemoved) -> None:
    user = state.users[event.user]
    rest = tuple(token for token in user.tokens if token != event.token_hash)
    state.set_tokens(user, rest)


def _others_logged_out(state: State, event: OthersLoggedOut) -> None:
    user = state.users[event.user]
    kept = tuple(token for token in user.tokens if token == event.kept)
    state.set_tokens(user, kept)


def _renamed(state: State, event: UserRenamed) -> None:
    user = state.users[event.user]
    state.free_name(user)
    user.name = event.name
    state.hold_name(user)


# Keyed by the exact type: the hot path of a turn goes through here.
_APPLY: dict[type, Callable[[State, Any], None]] = {
    UserJoined: _joined,
    UserReturned: _returned,
    UserLeft: _left,
    SeatEnded: _seat_ended,
    UserKicked: _kicked,
    AccountOpened: _account_opened,
    AccountCreated: _account_created,
    PasswordChanged: _password_changed,
    AccountClosed: _account_closed,
    RoleChanged: _role_changed,
    DeviceAdded: _device_added,
    DeviceRemoved: _device_removed,
    OthersLoggedOut: _others_logged_out,
    UserRenamed: _renamed,
    **GROUPS,
    **ORDER,
    **ACCESS,
    **INVITES,
}
