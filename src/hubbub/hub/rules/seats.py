"""Coming, going and coming back."""

from __future__ import annotations

from hubbub.hub.decision import Decision
from hubbub.hub.order import in_force
from hubbub.hub.rules.bans import keeps_guest_out, keeps_user_out
from hubbub.hub.rules.groups import leave_groups
from hubbub.hub.rules.names import check_name
from hubbub.hub.state import State
from hubbub.model.acts import UserMuted
from hubbub.model.commands import Disconnect, EndSeat, Join, Resume, SignIn
from hubbub.model.events import (
    DeviceAdded,
    DeviceRemoved,
    Event,
    SeatEnded,
    UserJoined,
    UserLeft,
    UserReturned,
)
from hubbub.model.limits import Limits
from hubbub.model.refusals import Code, Refusal


def join(
    state: State, _actor: int, command: Join, time: int, limits: Limits
) -> Decision:
    """Take a name that is free, as a guest."""
    name = check_name(command.name, state.name_keys, state.name_looks, None)
    if isinstance(name, Refusal):
        return name
    if len(state.users) - state.accounts >= limits.users:
        return Refusal(
            Code.TOO_MANY_USERS,
            f"the hub is full ({limits.users} users); try again later",
        )
    no = keeps_guest_out(state, name.shown, command.place, time)
    if no is not None:
        return no
    seq = state.seq + 1
    joined = UserJoined(
        seq, time, name.shown, command.address, command.dialect, command.token_hash
    )
    mute = state.muted_places.get(command.place)
    if mute is None or not in_force(mute.until, time):
        return (joined,)
    # Whoever was muted there is not rid of it by coming in under another name.
    same = (mute.by, mute.until, mute.reason, (command.place,))
    return (joined, UserMuted(seq + 1, time, seq, name.shown, *same))


def resume(
    state: State, actor: int, command: Resume, time: int, _limits: Limits
) -> Decision:
    """Take a kept seat back."""
    user = state.users[actor]
    no = keeps_user_out(state, user, command.place, time)
    if no is not None:
        return no
    if user.connected:
        return ()
    return (
        UserReturned(
            state.seq + 1, time, actor, user.name, command.address, command.dialect
        ),
    )


def sign_in(
    state: State, actor: int, command: SignIn, time: int, limits: Limits
) -> Decision:
    """Connect to an account; over the limit, the oldest device is forgotten."""
    user = state.users[actor]
    no = keeps_user_out(state, user, command.place, time)
    if no is not None:
        return no
    events: list[Event] = []
    if command.token_hash and len(user.tokens) >= limits.devices:
        events.append(
            DeviceRemoved(state.seq + 1, time, actor, user.name, user.tokens[0])
        )
    events.append(
        DeviceAdded(
            state.seq + len(events) + 1,
            time,
            actor,
            user.name,
            command.token_hash,
            command.address,
            command.dialect,
        )
    )
    if not user.connected:
        events.append(
            UserReturned(
                state.seq + len(events) + 1,
                time,
                actor,
                user.name,
                command.address,
                command.dialect,
            )
        )
    return tuple(events)


def disconnect(
    state: State, actor: int, command: Disconnect, time: int, _limits: Limits
) -> Decision:
    """Lose a connection: a guest may keep a seat, an account stays."""
    user = state.users.get(actor)
    if user is None:
        return ()
    events: list[Event] = []
    if user.is_account:
        if command.device in user.tokens:
            events.append(
                DeviceRemoved(state.seq + 1, time, actor, user.name, command.device)
            )
        keep = True
    else:
        keep = command.keep_seat and bool(user.tokens)
    if command.last and user.connected:
        if not keep:
            events.extend(leave_groups(state, user, time))
        seq = state.seq + len(events) + 1
        events.append(UserLeft(seq, time, actor, user.name, command.reason, keep))
    return tuple(events)


def end_seat(
    state: State, actor: int, _command: EndSeat, time: int, _limits: Limits
) -> Decision:
    """Give a guest's kept seat up; an account needs no seat to be kept."""
    user = state.users.get(actor)
    if user is None or user.connected or user.is_account:
        return ()
    events = leave_groups(state, user, time)
    return (*events, SeatEnded(state.seq + len(events) + 1, time, actor, user.name))
