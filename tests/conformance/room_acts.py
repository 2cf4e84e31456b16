"""Each act in a group, as it is asked for at a socket; see `tests.conformance.acts`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.conformance.rights_circle import Circle
    from tests.conformance.speakers.speaker import Speaker


def _nothing(_: Circle) -> None:
    """Do nothing, where there is nothing to do."""


@dataclass(frozen=True)
class RoomAct:
    """One act in a group.

    Attributes:
        command: Its name in the tables of `ROOMS` and `TALK`.
        ask: Asks for it, as somebody, in a circle.
        before: Makes it possible; so does whoever owns the group.
        after: Undoes it.
        denied: The code of the refusal to who may not.
        outside: That to who is not in the group, if it is another.
        changes: Whether it is an event.
        ends: Whether the group is no more, so that it has to be made anew.
    """

    command: str
    ask: Callable[[Speaker, Circle], None]
    before: Callable[[Circle], None] = _nothing
    after: Callable[[Circle], None] = _nothing
    denied: str = "not_allowed"
    outside: str = ""
    changes: bool = True
    ends: bool = False


def _upon(action: str) -> Callable[[Speaker, Circle], None]:
    return lambda one, circle: one.order_group(action, circle.name, user=circle.victim)


def _owner(action: str) -> Callable[[Circle], None]:
    return lambda circle: circle.order(action, user=circle.victim)


def _lobby_act(action: str, **fields: int) -> Callable[[Speaker, Circle], None]:
    return lambda one, circle: one.order(action, to=f"#{circle.name}", **fields)


def _as_owner(action: str, **fields: int) -> Callable[[Circle], None]:
    return lambda circle: circle.do(
        lambda owner: owner.order(action, to=f"#{circle.name}", **fields)
    )


ROOM_ACTS: tuple[RoomAct, ...] = (
    RoomAct("Slow", _lobby_act("slow", seconds=60), after=_as_owner("slow", seconds=0)),
    RoomAct("Freeze", _lobby_act("freeze"), after=_as_owner("unfreeze")),
    RoomAct(
        "Unfreeze",
        _lobby_act("unfreeze"),
        before=_as_owner("freeze"),
        after=_as_owner("unfreeze"),
    ),
    RoomAct(
        "DeleteMessage",
        lambda one, circle: one.order("delete", message=circle.said),
        before=lambda circle: circle.say(),
        outside="message_unknown",
    ),
    RoomAct(
        "GroupInvite",
        lambda one, circle: one.order_group(
            "invite", circle.name, user=circle.outsider
        ),
    ),
    RoomAct(
        "GroupTopic",
        lambda one, circle: one.order_group("topic", circle.name, text="green"),
    ),
    RoomAct("GroupKick", _upon("kick"), before=lambda circle: circle.let_in()),
    RoomAct(
        "GroupBan",
        _upon("ban"),
        before=lambda circle: circle.let_in(),
        after=_owner("unban"),
    ),
    RoomAct("GroupUnban", _upon("unban"), before=_owner("ban"), after=_owner("unban")),
    RoomAct(
        "GroupMod",
        _upon("mod"),
        before=lambda circle: circle.let_in(),
        after=_owner("unmod"),
    ),
    RoomAct("GroupUnmod", _upon("unmod"), before=_owner("mod"), after=_owner("unmod")),
    RoomAct(
        "SetPrivacy",
        lambda one, circle: one.order_group(circle.other_privacy, circle.name),
        after=lambda circle: circle.order(circle.privacy),
    ),
    RoomAct(
        "GroupRename",
        lambda one, circle: one.order_group("rename", circle.name, to=circle.renamed),
        after=lambda circle: circle.rename_back(),
    ),
    RoomAct(
        "Post",
        lambda one, circle: one.post("tea?", f"#{circle.name}"),
        denied="not_a_member",
    ),
    RoomAct(
        "ReadHistory",
        lambda one, circle: one.ask_history(f"#{circle.name}"),
        denied="not_a_member",
        changes=False,
    ),
    RoomAct(
        "ListMembers",
        lambda one, circle: one.change_group("members", circle.name),
        denied="not_a_member",
        changes=False,
    ),
    # The last: whoever may, ends it.
    RoomAct(
        "GroupDelete",
        lambda one, circle: one.order_group("delete", circle.name),
        ends=True,
    ),
)
"""In this order; what was done to the one who is acted upon goes on to the next."""

IN_ANOTHER_WAY = {
    "ListGroups": "no refusal: the list leaves it out",
    "JoinGroup": "changes the standing of who does it",
}
"""What `TALK` has and no row tries."""
