"""Making, joining and leaving groups."""

from __future__ import annotations

from hubbub.hub.decision import Decision
from hubbub.hub.find import find_group, no_such_group
from hubbub.hub.order import in_force
from hubbub.hub.rights import group_rank
from hubbub.hub.rules.bans import ban_keys
from hubbub.hub.rules.names import check_name
from hubbub.hub.rules.writing import muted
from hubbub.hub.state import Group, State, User
from hubbub.model.acts import GroupRoleSet
from hubbub.model.commands import CreateGroup, JoinGroup, LeaveGroup
from hubbub.model.events import (
    SERVER_NAME,
    Event,
    GroupCreated,
    GroupEnded,
    GroupJoined,
    GroupLeft,
)
from hubbub.model.limits import Limits
from hubbub.model.names import Name
from hubbub.model.refusals import Code, Refusal


def create_group(
    state: State, actor: int, command: CreateGroup, time: int, limits: Limits
) -> Decision:
    """Make a group, and own it."""
    no = muted(state, actor, time)
    if no is not None:
        return no
    name = group_name(state, command.name, None)
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
    seq = state.seq + 1
    return (GroupCreated(seq, time, name.shown, actor, user.name, command.private),)


def group_name(state: State, text: str, holder: int | None) -> Name | Refusal:
    """Check that a group may have a name; `holder` may have it already."""
    text = text.removeprefix("#")
    stands = find_group(state, text)
    if stands is not None and stands.id != holder:
        return Refusal(
            Code.GROUP_EXISTS,
            f"#{stands.name} exists; join it with :group join {stands.name}",
        )
    return check_name(text, state.group_keys, state.group_looks, holder)


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
    """Become a member of a group that lets one in."""
    group = find_group(state, command.name)
    if group is None:
        return no_such_group(command.name)
    if actor in group.members:
        return Refusal(Code.ALREADY_MEMBER, f"you are in #{group.name} already")
    user = state.users[actor]
    no = _keeps_out(group, user, command, time)
    if no is not None:
        return no
    full = _has_all_groups(user, limits)
    if full is not None:
        return full
    if len(group.members) >= limits.members:
        return Refusal(
            Code.GROUP_FULL, f"#{group.name} is full ({limits.members} members)"
        )
    return (GroupJoined(state.seq + 1, time, group.id, group.name, actor, user.name),)


def _keeps_out(
    group: Group, user: User, command: JoinGroup, time: int
) -> Refusal | None:
    if group.bans:
        keys = ban_keys(user, (command.place,) if command.place else ())
        if any(key in group.bans and in_force(group.bans[key], time) for key in keys):
            return Refusal(Code.BANNED, f"you are banned from #{group.name}")
    if not group.private or user.id in group.invited:
        return None
    if group.password_hash and command.proof == group.password_hash:
        return None
    return Refusal(
        Code.NOT_INVITED,
        f"#{group.name} is private: a member has to invite you, or you join it with "
        f"its password, :group join {group.name} <password>",
    )


def leave_group(
    state: State, actor: int, command: LeaveGroup, time: int, _limits: Limits
) -> Decision:
    """Stop being a member of a group."""
    group = find_group(state, command.name)
    if group is None:
        return no_such_group(command.name)
    if actor not in group.members:
        return Refusal(Code.NOT_A_MEMBER, f"you are not in #{group.name}")
    return tuple(leave(state, state.seq + 1, group, state.users[actor], time))


def leave_groups(
    state: State, user: User, time: int, seq: int | None = None
) -> list[Event]:
    """Leave all groups, each with what follows; the events come after `seq`."""
    first = (state.seq if seq is None else seq) + 1
    events: list[Event] = []
    for group_id in sorted(user.groups):
        group = state.groups[group_id]
        events.extend(leave(state, first + len(events), group, user, time))
    return events


def leave(
    state: State,
    seq: int,
    group: Group,
    user: User,
    time: int,
    by: str = "",
    reason: str = "",
) -> list[Event]:
    """Leave one group, or be put out of it. The events count from `seq`.

    The last one out ends it. What an owner leaves goes to the mod, else the member, who
    has been in for longest.
    """
    events: list[Event] = [
        GroupLeft(seq, time, group.id, group.name, user.id, user.name, by, reason)
    ]
    if len(group.members) == 1:
        ended = GroupEnded(seq + 1, time, group.id, group.name, private=group.private)
        events.append(ended)
    elif user.id == group.owner:
        rest = (group.mods or group.members) - {user.id}
        heir = min(rest, key=lambda one: (group.since.get(one, 0), one))
        name = state.users[heir].name
        events.append(
            GroupRoleSet(
                seq + 1, time, group.id, group.name, heir, name, "owner", SERVER_NAME
            )
        )
    return events


def ranks_above(state: State, actor: int, user: User, group: Group) -> bool:
    """Tell whether one may act on somebody within a group."""
    return group_rank(state, actor, group) > group_rank(state, user.id, group)
