"""What each event of a group does to the state."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hubbub.hub.state import Group, State
from hubbub.model.acts import (
    GroupBanLifted,
    GroupBanSet,
    GroupClosed,
    GroupInvited,
    GroupOpened,
    GroupRenamed,
    GroupRoleSet,
    GroupTopicSet,
)
from hubbub.model.events import GroupCreated, GroupEnded, GroupJoined, GroupLeft


def _created(state: State, event: GroupCreated) -> None:
    group = Group(event.group_id, event.group, frozenset((event.user,)), event.user)
    group.private = event.private
    group.since = {event.user: event.seq}
    state.add_group(group)
    state.users[event.user].groups |= {event.group_id}


def _joined(state: State, event: GroupJoined) -> None:
    group = state.groups[event.group_id]
    group.members |= {event.user}
    group.since[event.user] = event.seq
    group.invited -= {event.user}
    state.users[event.user].groups |= {event.group_id}


def _left(state: State, event: GroupLeft) -> None:
    group = state.groups[event.group_id]
    group.members -= {event.user}
    group.since.pop(event.user, None)
    group.mods -= {event.user}
    if group.owner == event.user:
        group.owner = 0
    state.users[event.user].groups -= {event.group_id}


def _ended(state: State, event: GroupEnded) -> None:
    state.remove_group(state.groups[event.group_id])


def _invited(state: State, event: GroupInvited) -> None:
    state.groups[event.group_id].invited |= {event.user}


def _ban_set(state: State, event: GroupBanSet) -> None:
    group = state.groups[event.group_id]
    group.bans.update(dict.fromkeys(event.keys, event.until))


def _ban_lifted(state: State, event: GroupBanLifted) -> None:
    for key in event.keys:
        state.groups[event.group_id].bans.pop(key, None)


def _role_set(state: State, event: GroupRoleSet) -> None:
    group = state.groups[event.group_id]
    match event.role:
        case "owner":
            group.owner = event.user
            group.mods -= {event.user}
        case "mod":
            group.mods |= {event.user}
        case _:
            group.mods -= {event.user}


def _topic_set(state: State, event: GroupTopicSet) -> None:
    state.groups[event.group_id].topic = event.text


def _closed(state: State, event: GroupClosed) -> None:
    group = state.groups[event.group_id]
    group.private = True
    group.password_hash = event.password_hash


def _opened(state: State, event: GroupOpened) -> None:
    group = state.groups[event.group_id]
    group.private = False
    group.password_hash = ""
    group.invited = frozenset()


def _renamed(state: State, event: GroupRenamed) -> None:
    group = state.groups[event.group_id]
    state.free_group_name(group)
    group.name = event.group
    state.hold_group_name(group)


GROUPS: dict[type, Callable[[State, Any], None]] = {
    GroupCreated: _created,
    GroupJoined: _joined,
    GroupLeft: _left,
    GroupEnded: _ended,
    GroupInvited: _invited,
    GroupBanSet: _ban_set,
    GroupBanLifted: _ban_lifted,
    GroupRoleSet: _role_set,
    GroupTopicSet: _topic_set,
    GroupClosed: _closed,
    GroupOpened: _opened,
    GroupRenamed: _renamed,
}
