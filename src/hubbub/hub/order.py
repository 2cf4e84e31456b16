"""What keeps somebody out or silent: kept in the state, and looked up by key.

Times are Unix milliseconds. An end that lies hours or days ahead is a moment of the
wall clock, for that is what "until tomorrow" means and what outlives a restart; a clock
that is set wrong ends it early or late by as much. A wait of seconds is a difference,
and one that a jump has made negative is over: it is never longer than was said.
"""

from __future__ import annotations

import msgspec

from hubbub.model.names import name_key, stored_name

KICK_HOLD_MS = 60_000
"""How long nobody comes in as a guest from where one was kicked."""


class Ban(msgspec.Struct, gc=False, frozen=True):
    """Why a key is kept out. One act may have several keys, all with its `seq`."""

    seq: int
    name: str
    by: str
    since: int
    until: int
    reason: str


class Mute(msgspec.Struct, gc=False, frozen=True):
    """Why somebody can't write."""

    by: str
    until: int
    reason: str


class Mode(msgspec.Struct, gc=False):
    """How one writes in a room where not everybody may write as they like.

    Attributes:
        frozen: Whether only those who keep order write.
        slow: Milliseconds between two messages of one user; 0 for none.
        last: When each last wrote, by user id, since it has been slow; by 0 for all
            who write without coming in.
    """

    frozen: bool = False
    slow: int = 0
    last: dict[int, int] = msgspec.field(default_factory=dict)


def in_force(until: int, time: int) -> bool:
    """Tell whether something that ends at a moment, or never (0), goes on."""
    return until == 0 or time < until


def wait_left(since: int, wait: int, time: int) -> int:
    """Give the milliseconds left of a short wait; 0 if it is over."""
    passed = time - since
    return wait - passed if 0 <= passed < wait else 0


def account_key(user: int) -> str:
    """Give the key by which an account is banned, whatever its name is by then."""
    return f"account {user}"


def name_keys(name: str) -> tuple[str, str]:
    """Give the keys by which a name is banned, with all that looks like it."""
    stored = stored_name(name)
    return f"name {stored.key}", f"look {stored.look}"


def name_ban_key(name: str) -> str:
    """Give the key of a name as somebody writes it, which may be none."""
    return f"name {name_key(name) or ''}"


def place_key(place: str) -> str:
    """Give the key by which an address or a network is banned."""
    return f"place {place}"


def place_in(key: str) -> str:
    """Give the place that a key is of, or ""."""
    kind, _, place = key.partition(" ")
    return place if kind == "place" else ""


def how_long(milliseconds: int) -> str:
    """Word a length of time, in the largest units that fit, rounded up."""
    seconds = -(-milliseconds // 1000)
    for size, unit in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= 2 * size or seconds == size:
            number = -(-seconds // size)
            return f"{number} {unit}" + ("s" if number > 1 else "")
    return f"{seconds} second" + ("s" if seconds != 1 else "")
