"""Where a message goes: the lobby, a group or one user.

The text forms are fixed by the protocol: ``lobby``, ``#group`` and ``@user``.
"""

from __future__ import annotations

import msgspec


class Lobby(msgspec.Struct, frozen=True, gc=False):
    """The room that everyone is in."""

    def __str__(self) -> str:
        return "lobby"


class ToGroup(msgspec.Struct, frozen=True, gc=False):
    """A group, by the name somebody gave."""

    name: str

    def __str__(self) -> str:
        return f"#{self.name}"


class ToUser(msgspec.Struct, frozen=True, gc=False):
    """One person, by the name somebody gave."""

    name: str

    def __str__(self) -> str:
        return f"@{self.name}"


Address = Lobby | ToGroup | ToUser

LOBBY = Lobby()


def parse_address(text: str) -> Address | None:
    """Read the text form of an address.

    Args:
        text: ``lobby``, ``#group`` or ``@user``.

    Returns:
        The address, or None when the text has none of the three forms. Whether the
        group or the user exists is for the hub to say.
    """
    if text == "lobby":
        return LOBBY
    if len(text) > 1:
        if text[0] == "#":
            return ToGroup(text[1:])
        if text[0] == "@":
            return ToUser(text[1:])
    return None
