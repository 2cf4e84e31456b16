"""Who may write where: mutes, slow rooms and frozen ones."""

from __future__ import annotations

from hubbub.hub.order import Mode, Mute, how_long, in_force, wait_left
from hubbub.hub.rights import keeps_order_in
from hubbub.hub.state import LOBBY_ID, State, User
from hubbub.model.address import Address, Lobby
from hubbub.model.events import SERVER_ID
from hubbub.model.refusals import Code, Refusal


def muted(state: State, actor: int, time: int) -> Refusal | None:
    """Say why a user can't write anywhere; None: they are not muted."""
    mute = state.hindrances.get(actor)
    if not isinstance(mute, Mute) or not in_force(mute.until, time):
        return None
    return is_muted(mute, time)


def is_muted(mute: Mute, time: int) -> Refusal:
    """Refuse somebody who is muted."""
    wait = f" for {how_long(mute.until - time)} more" if mute.until else ""
    reason = f": {mute.reason}" if mute.reason else ""
    return Refusal(Code.MUTED, f"you are muted{wait}{reason}")


def hindered(state: State, actor: int, room: int, time: int) -> Refusal | None:
    """Say why a user can't write in a room just now; None: they can.

    Called where there is any hindrance at all.

    Args:
        state: Read.
        actor: The user's id, or `SERVER_ID`, whom nothing hinders.
        room: A group's id, or `LOBBY_ID`.
        time: Unix milliseconds.
    """
    if actor == SERVER_ID:
        return None
    no = muted(state, actor, time)
    mode = state.hindrances.get(room)
    if no is not None or not isinstance(mode, Mode):
        return no
    if keeps_order_in(state, actor, room):
        return None
    return _mode_says_no(state, mode, state.users[actor], room, time)


def _mode_says_no(
    state: State, mode: Mode, user: User, room: int, time: int
) -> Refusal | None:
    if mode.frozen:
        return frozen(state, room)
    since = mode.last.get(user.id)
    if since is None and not user.is_account:
        # Else a guest would come in anew for each message.
        since = user.since
    left = 0 if since is None else wait_left(since, mode.slow, time)
    return _slow(state, mode, room, left) if left else None


def hindered_once(state: State, place: str, to: Address, time: int) -> Refusal | None:
    """Say why nothing can be said without coming in; None: it can.

    In a slow lobby all who do that wait for each other: nothing else tells them apart
    that they could not make up.
    """
    mute = state.muted_places.get(place)
    if mute is not None and in_force(mute.until, time):
        return is_muted(mute, time)
    mode = state.hindrances.get(LOBBY_ID)
    if not (isinstance(to, Lobby) and isinstance(mode, Mode)):
        return None
    if mode.frozen:
        return frozen(state, LOBBY_ID)
    left = wait_left(mode.last.get(0, time - mode.slow), mode.slow, time)
    return _slow(state, mode, LOBBY_ID, left) if left else None


def frozen(state: State, room: int) -> Refusal:
    """Refuse to write in a frozen room."""
    where = _name(state, room)
    return Refusal(Code.FROZEN, f"{where} is frozen: moderators write, everybody reads")


def _slow(state: State, mode: Mode, room: int, left: int) -> Refusal:
    return Refusal(
        Code.TOO_SOON,
        f"{_name(state, room)} takes a message of yours every {how_long(mode.slow)}; "
        f"wait {how_long(left)}",
        seconds=-(-left // 1000),
    )


def _name(state: State, room: int) -> str:
    return "the lobby" if room == LOBBY_ID else f"#{state.groups[room].name}"
