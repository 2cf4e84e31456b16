"""Making, joining and leaving groups."""

from __future__ import annotations

from hubbub.hub.decision import Decision
from hubbub.hub.find import find_group, no_such_group
from hubbub.hub.rules.names import check_name
from hubbub.hub.state import Group, State, User
from hubbub.model.commands import CreateGroup, JoinGroup, LeaveGroup
from hubbub.model.events import (
    Event,
    GroupCreated,
    GroupEnded,
    GroupJoined,
    GroupLeft,
)
from hubbub.model.limits import Limits
from hubbub.model.refusals import Code, Refusal


def create_group(
    state: State, actor: int, command: CreateGroup, time: int, limits: Limits
) -> Decision:
    """Make a group."""
    text = command.name.removeprefix("#")
    stands = find_group(state, text)
    if stands is not None:
        return Refusal(
            Code.GROUP_EXISTS,
            f"#{stands.name} exists; join it with :group join {stands.name}",
        )
    name = check_name(text, state.group_keys, state.group_looks, None)
    if isinstance(name, Refusal):
        return name
    user = state.users[actor]
    if len(state.groups) >= limits.groups:
        return Refusal(
            Code.TOO_MANY_GROUPS, f"there are {limits.groups} groups, which is the most"
        )
    full = _has_all_groups(user, limits)
    if full is not None:
        return full
    return (GroupCreated(state.seq + 1, time, name.shown, actor, user.name),)


def _has_all_groups(user: User, limits: Limits) -> Refusal | None:
    if len(user.groups) < limits.groups_per_user:
        return None
    return Refusal(
        Code.TOO_MANY_GROUPS,
        f"you are in {limits.groups_per_user} groups, which is the most; leave one",
    )


def join_group(
    state: State, actor: int, command: JoinGroup, time: int, limits: Limits
) -> Decision:
    """Become a member of a group."""
    group = find_group(state, command.name)
    if group is None:
        return no_such_group(command.name)
    if actor in group.members:
        return Refusal(Code.ALREADY_MEMBER, f"you are in #{group.name} already")
    user = state.users[actor]
    full = _has_all_groups(user, limits)
    if full is not None:
        return full
    if len(group.members) >= limits.members:
        return Refusal(
            Code.GROUP_FULL, f"#{group.name} is full ({limits.members} members)"
        )
    return (GroupJoined(state.seq + 1, time, group.id, group.name, actor, user.name),)


def leave_group(
    state: State, actor: int, command: LeaveGroup, time: int, _limits: Limits
) -> Decision:
    """Stop being a member of a group."""
    group = find_group(state, command.name)
    if group is None:
        return no_such_group(command.name)
    if actor not in group.members:
        return Refusal(Code.NOT_A_MEMBER, f"you are not in #{group.name}")
    return tuple(leave(state.seq + 1, group, state.users[actor], time))


def leave_groups(state: State, user: User, time: int) -> list[Event]:
    """Leave all groups, each with what follows."""
    events: list[Event] = []
    for group_id in sorted(user.groups):
        group = state.groups[group_id]
        events.extend(leave(state.seq + len(events) + 1, group, user, time))
    return events


def leave(seq: int, group: Group, user: User, time: int) -> list[Event]:
    """Leave one group; the last one out ends it. The events count from `seq`."""
    events: list[Event] = [
        GroupLeft(seq, time, group.id, group.name, user.id, user.name)
    ]
    if len(group.members) == 1:
        events.append(GroupEnded(seq + 1, time, group.id, group.name))
    return events
