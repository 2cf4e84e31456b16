"""How the lobby and one's own groups stand, as far as the hub has told."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from hubbub.dialects.json_lines import frames, order_frames
from hubbub.model.names import MAX_LENGTH

# Whatever the hub tells, the memory for it is bounded: a hub lets nobody into so many
# groups, and no topic that a person reads is as long.
_MOST = 1_000
_LONGEST_TOPIC = 4_096

LOBBY = "lobby"


def info_of(room: frames.RoomInfo) -> frames.RoomInfo:
    """Give what a frame says of a room, with a topic that is not without end."""
    topic = room.topic and room.topic[:_LONGEST_TOPIC]
    return frames.RoomInfo(
        room.room, room.private, room.frozen, room.slow, topic, room.rank
    )


class Rooms:
    """A copy of how rooms stand: that of the lobby, and of each group one is in."""

    def __init__(self) -> None:
        """Begin in the lobby alone, of which nothing is known."""
        self._rooms: dict[str, frames.RoomInfo] = {LOBBY: frames.RoomInfo(LOBBY)}

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups one is in, in alphabetical order, without `#`."""
        names = (room[1:] for room in self._rooms if room != LOBBY)
        return tuple(sorted(names, key=str.casefold))

    @property
    def special(self) -> tuple[frames.RoomInfo, ...]:
        """Those of which there is more to say than the name, the lobby first."""
        mine = (self._rooms[f"#{group}"] for group in self.groups)
        rooms = (self._rooms[LOBBY], *mine)
        return tuple(room for room in rooms if room != frames.RoomInfo(room.room))

    def find(self, address: str) -> frames.RoomInfo | None:
        """Give how a room stands, by `lobby` or `#group`; None: one is not in it."""
        return self._rooms.get(address)

    def begin(self, groups: Iterable[str], rooms: Iterable[frames.RoomInfo]) -> None:
        """Begin anew from a welcome."""
        self._rooms = {LOBBY: frames.RoomInfo(LOBBY)}
        for group in groups:
            self._enter(group)
        for room in rooms:
            self.describe(room)

    def describe(self, room: frames.RoomInfo) -> None:
        """Learn how a room stands that one is in; of others nothing is kept."""
        if room.room in self._rooms:
            self._rooms[room.room] = info_of(room)

    def list_groups(self, groups: Iterable[frames.GroupInfo]) -> None:
        """Learn which groups there are, one's own among them."""
        lobby = self._rooms[LOBBY]
        mine = [group for group in groups if group.joined]
        rooms = (
            frames.RoomInfo(
                f"#{one.name}", one.private, one.frozen, one.slow, one.topic, one.rank
            )
            for one in mine
        )
        self.begin((one.name for one in mine), rooms)
        self._rooms[LOBBY] = lobby

    def change(self, frame: frames.Group, *, own: bool) -> None:
        """Learn that something happened to a group; `own`: by one's own doing."""
        match frame.action:
            case "created" | "joined":
                if own:
                    self._enter(frame.group)
                if own and frame.action == "created":
                    rank, private = "owner", frame.private
                    self._set(f"#{frame.group}", rank=rank, private=private)
            case "left":
                if own:
                    self._rooms.pop(f"#{frame.group}", None)
            case "ended":
                self._rooms.pop(f"#{frame.group}", None)

    def act(self, act: order_frames.Act, *, own: bool) -> None:
        """Learn that somebody kept order; `own`: it was done to this client."""
        room = act.room or ""
        match act.action:
            case "frozen" | "unfrozen":
                self._set(room, frozen=act.action == "frozen")
            case "slowed":
                self._set(room, slow=act.seconds or 0)
            case "topic":
                self._set(room, topic=(act.text or "")[:_LONGEST_TOPIC] or None)
            case "private" | "public":
                self._set(room, private=act.action == "private")
            case "group_role" if own:
                rank = act.text if act.text in {"owner", "mod"} else None
                self._set(room, rank=rank)
            case "group_renamed":
                self._rename(room, f"#{act.text or ''}")
            case _:
                pass

    def _enter(self, group: str) -> None:
        if len(self._rooms) <= _MOST and 0 < len(group) <= MAX_LENGTH:
            self._rooms[f"#{group}"] = frames.RoomInfo(f"#{group}")

    def _set(self, room: str, **changes: object) -> None:
        known = self._rooms.get(room)
        if known is not None:
            self._rooms[room] = msgspec.structs.replace(known, **changes)

    def _rename(self, old: str, new: str) -> None:
        if old == LOBBY or not 1 < len(new) <= 1 + MAX_LENGTH:
            return
        known = self._rooms.pop(old, None)
        if known is not None:
            self._rooms[new] = msgspec.structs.replace(known, room=new)
