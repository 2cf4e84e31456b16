"""How rooms stand, and oneself in them, as lines and as words beside the prompt."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from hubbub.client import RoomInfo
from hubbub.fronts.line.paint import Line
from hubbub.model.answers import Room
from hubbub.model.roles import STAFF
from hubbub.model.text import one_line
from hubbub.model.wording import word_room

if TYPE_CHECKING:
    from hubbub.fronts.line.lines import Wording

BLUE, CYAN = "34", "36"


def standing_lines(words: Wording, role: str, rooms: Iterable[RoomInfo]) -> list[Line]:
    """Word what somebody who has come in should know; nothing where all is usual.

    Args:
        words: Words times.
        role: The person's role in the hub.
        rooms: How the lobby and the person's groups stand.
    """
    lines = [words.note(f"You are {role} here", CYAN)] if role in STAFF else []
    return [*lines, *(line for room in rooms for line in room_lines(words, room))]


def room_lines(words: Wording, room: RoomInfo) -> list[Line]:
    """Word how a room stands; nothing where there is nothing to say."""
    facts = (room.private, room.frozen, room.slow, room.topic or "", room.rank or "")
    said = word_room(Room(room.room, *facts))
    return [words.note(one_line(said), BLUE)] if said else []


def standing_in(room: RoomInfo, role: str) -> str:
    """Say in a few words how a room stands, and oneself in it; "" where all is usual.

    Args:
        room: Where plain lines go.
        role: The person's role in the hub.
    """
    facts = [room.rank or (role if role in STAFF else "")]
    if room.frozen:
        facts.append("frozen")
    if room.slow:
        facts.append(f"slow {room.slow} s")
    return ", ".join(filter(None, facts))
