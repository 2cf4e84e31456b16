"""What every event has, and the keys of the rooms in whose stream events stand."""

from __future__ import annotations

import msgspec

LOBBY_ROOM = "lobby"


def group_room(group: int) -> str:
    """Give the room key of a group."""
    return f"#{group}"


def direct_room(one: int, other: int) -> str:
    """Give the room key of two users' private conversation, the same either way."""
    return f"@{one}:{other}" if one < other else f"@{other}:{one}"


class EventBase(msgspec.Struct, frozen=True, gc=False, tag_field="kind"):
    """A sequence number and a time, as `hubbub.model.events` explains them."""

    seq: int
    time: int

    @property
    def room(self) -> str:
        """The room in whose stream the event stands."""
        return LOBBY_ROOM
