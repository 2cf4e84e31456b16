"""Who is kept out: looked at by each rule that lets somebody in."""

from __future__ import annotations

from collections.abc import Iterable

from hubbub.hub.order import (
    KICK_HOLD_MS,
    Ban,
    account_key,
    how_long,
    in_force,
    name_keys,
    place_in,
    place_key,
    wait_left,
)
from hubbub.hub.state import State, User
from hubbub.model.places import covers, is_network
from hubbub.model.refusals import Code, Refusal
from hubbub.model.roles import STAFF


def keeps_guest_out(state: State, name: str, place: str, time: int) -> Refusal | None:
    """Say why a guest can't come in, or say something, from a place; None: they can.

    Args:
        state: Read.
        name: A name that may be held.
        place: Where they come from, or "".
        time: Unix milliseconds.
    """
    if state.held and place:
        left = wait_left(state.held.get(place, time - KICK_HOLD_MS), KICK_HOLD_MS, time)
        if left:
            return Refusal(
                Code.TOO_SOON,
                "somebody was kicked from your address just now; wait "
                + how_long(left),
                seconds=-(-left // 1000),
            )
    if not state.bans:
        return None
    keys = (*name_keys(name), *_place_keys(state, place))
    return _why(state, keys, time)


def keeps_user_out(state: State, user: User, place: str, time: int) -> Refusal | None:
    """Say why a user can't connect from a place; None: they can.

    Those who keep order can be banned by their account, but no ban of an address holds
    for them: it could be their own.
    """
    if not state.bans:
        return None
    keys: list[str] = [account_key(user.id)]
    if user.role not in STAFF:
        keys += _place_keys(state, place)
    if not user.is_account:
        keys += name_keys(user.name)
    return _why(state, keys, time)


def keeps_place_out(state: State, place: str, time: int) -> Refusal | None:
    """Say why nobody hears the lobby from a place without coming in; None: they do."""
    return _why(state, _place_keys(state, place), time) if state.bans else None


def ban_keys(user: User, places: Iterable[str]) -> tuple[str, ...]:
    """Say what a user is banned by, from the hub or from a group.

    An account by itself, wherever it connects from. A guest is nothing but a name and
    the places they are at, so it is by both.
    """
    if user.is_account:
        return (account_key(user.id),)
    return (*name_keys(user.name), *map(place_key, places))


def _place_keys(state: State, place: str) -> list[str]:
    if not place:
        return []
    networks = (key for key in state.bans if is_network(place_in(key)))
    return [
        place_key(place),
        *(key for key in networks if covers(place_in(key), place)),
    ]


def _why(state: State, keys: Iterable[str], time: int) -> Refusal | None:
    for key in keys:
        ban = state.bans.get(key)
        if ban is not None and in_force(ban.until, time):
            return banned(ban, time)
    return None


def banned(ban: Ban, time: int) -> Refusal:
    """Refuse somebody who is banned."""
    wait = f"for {how_long(ban.until - time)} more" if ban.until else "here"
    reason = f": {ban.reason}" if ban.reason else ""
    return Refusal(Code.BANNED, f"you are banned {wait}{reason}")
