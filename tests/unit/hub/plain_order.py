"""What the model knows of keeping order: who is kept out, silent, or above whom."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hubbub.model.acts import (
    Announced,
    BanLifted,
    BanSet,
    GroupBanLifted,
    GroupBanSet,
    GroupClosed,
    GroupInvited,
    GroupOpened,
    GroupRenamed,
    GroupRoleSet,
    GroupTopicSet,
    MessageDeleted,
    PlaceUnmuted,
    Reported,
    RoomFrozen,
    RoomSlowed,
    RoomUnfrozen,
    UserMuted,
    UserUnmuted,
)

ACT_OF_MEMBERS = (
    GroupTopicSet,
    GroupRoleSet,
    GroupBanSet,
    GroupBanLifted,
    GroupClosed,
    GroupOpened,
)


@dataclass
class Circle:
    """What a group of the model is beside its members."""

    owner: int
    private: bool
    since: dict[int, int]
    mods: set[int] = field(default_factory=set)
    invited: set[int] = field(default_factory=set)
    bans: dict[str, int] = field(default_factory=dict)
    password: str = ""


@dataclass
class Room:
    """A room in which not everybody may write as they like."""

    frozen: bool = False
    slow: int = 0
    last: dict[int, int] = field(default_factory=dict)
    once: int | None = None


@dataclass
class PlainOrder:
    """Bans, mutes, rooms and groups' own order."""

    circles: dict[int, Circle] = field(default_factory=dict)
    bans: dict[str, tuple[int, int]] = field(default_factory=dict)
    held: dict[str, int] = field(default_factory=dict)
    mutes: dict[int, int] = field(default_factory=dict)
    muted_places: dict[str, int] = field(default_factory=dict)
    muted_at: dict[int, tuple[str, ...]] = field(default_factory=dict)
    rooms: dict[int, Room] = field(default_factory=dict)

    def room(self, room: int) -> Room:
        """Give a room's order, without remembering it."""
        return self.rooms.setdefault(room, Room())

    def happened_to_order(self, event: Any) -> bool:  # noqa: C901 - a table
        """Do what an act says; tell whether the event was one."""
        match event:
            case BanSet():
                self.bans = {
                    key: ban
                    for key, ban in self.bans.items()
                    if ban[1] == 0 or ban[1] > event.time
                }
                self.bans |= dict.fromkeys(event.keys, (event.seq, event.until))
            case BanLifted():
                for key in event.keys:
                    del self.bans[key]
            case UserMuted():
                self.mutes[event.user] = event.until
                self.muted_places |= dict.fromkeys(event.places, event.until)
                if event.places:
                    self.muted_at[event.user] = event.places
            case UserUnmuted():
                del self.mutes[event.user]
                for place in self.muted_at.pop(event.user, ()):
                    self.muted_places.pop(place, None)
            case PlaceUnmuted():
                del self.muted_places[event.name]
            case RoomSlowed():
                self.room(event.group_id).slow = event.seconds * 1000
                self.room(event.group_id).last.clear()
                self.room(event.group_id).once = None
            case RoomFrozen():
                self.room(event.group_id).frozen = True
            case RoomUnfrozen():
                self.room(event.group_id).frozen = False
            case MessageDeleted() | Reported() | Announced():
                pass
            case _:
                return self._happened_in_circle(event)
        return True

    def _happened_in_circle(self, event: Any) -> bool:  # noqa: C901 - a table
        circle = self.circles.get(getattr(event, "group_id", 0))
        match event:
            case GroupInvited() if circle:
                circle.invited.add(event.user)
            case GroupBanSet() if circle:
                circle.bans |= dict.fromkeys(event.keys, event.until)
            case GroupBanLifted() if circle:
                for key in event.keys:
                    del circle.bans[key]
            case GroupRoleSet(role="owner") if circle:
                circle.owner = event.user
                circle.mods.discard(event.user)
            case GroupRoleSet(role="mod") if circle:
                circle.mods.add(event.user)
            case GroupRoleSet() if circle:
                circle.mods.discard(event.user)
            case GroupClosed() if circle:
                circle.private, circle.password = True, event.password_hash
            case GroupOpened() if circle:
                circle.private, circle.password = False, ""
                circle.invited.clear()
            case GroupTopicSet() | GroupRenamed():
                pass
            case _:
                return False
        return True
