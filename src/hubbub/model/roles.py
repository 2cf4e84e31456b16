"""Roles: what somebody is to the hub. What each may do says `hub/rights.py`."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """Every role, from the most powerful down."""

    SERVER = "server"  # the console of the hub, and the hub itself
    OWNER = "owner"  # an account that may do all that can be done from afar
    MODERATOR = "moderator"  # an account that keeps order
    MEMBER = "member"  # an account: a name that is somebody's own
    GUEST = "guest"  # who holds a seat, for as long as they hold it
    NOBODY = "nobody"  # who has no seat, or not any more


ACCOUNTS = frozenset({Role.OWNER, Role.MODERATOR, Role.MEMBER})
"""The roles of those whose name is their own."""

STAFF = frozenset({Role.OWNER, Role.MODERATOR})
"""The roles of those who keep order in chat."""

_RANKS = {role: rank for rank, role in enumerate(reversed(Role))}


def outranks(role: Role, other: Role) -> bool:
    """Tell whether one role stands above another."""
    return _RANKS[role] > _RANKS[other]
