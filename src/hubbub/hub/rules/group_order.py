"""Keeping order in a group: what its owner and its mods do."""

from __future__ import annotations

from hubbub.hub.decision import Decision
from hubbub.hub.find import find_group, find_user, no_such_group, no_such_user
from hubbub.hub.order import in_force, name_ban_key
from hubbub.hub.rights import (
    GROUP_MEMBER,
    GROUP_MOD,
    GROUP_OWNER,
    group_rank,
    name_of,
    no_right_in,
)
from hubbub.hub.rules.groups import group_keys, group_name, leave, ranks_above
from hubbub.hub.rules.order import until, why
from hubbub.hub.rules.talk import too_long
from hubbub.hub.rules.writing import muted
from hubbub.hub.state import Group, State, User
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
from hubbub.model.events import Event, GroupEnded, GroupLeft
from hubbub.model.limits import Limits
from hubbub.model.moderation import (
    GroupBan,
    GroupDelete,
    GroupInvite,
    GroupKick,
    GroupMod,
    GroupRename,
    GroupTopic,
    GroupUnban,
    GroupUnmod,
    SetPrivacy,
)
from hubbub.model.refusals import Code, Refusal
from hubbub.model.text import one_line


def _group(state: State, actor: int, name: str, rank: int) -> Group | Refusal:
    """Find a group in which somebody is at least of some rank."""
    group = find_group(state, name)
    if group is None:
        return no_such_group(name)
    if group_rank(state, actor, group) >= rank:
        return group
    if rank >= GROUP_OWNER:
        return Refusal(Code.NOT_ALLOWED, f"only the owner of #{group.name} may do that")
    return no_right_in(group.name)


def _target(
    state: State, actor: int, group: Group, name: str, *, member: bool
) -> User | Refusal:
    """Find whom an act is upon, who has to stand below."""
    user = find_user(state, name)
    if user is None:
        return no_such_user(name)
    if member and user.id not in group.members:
        return Refusal(Code.NOT_A_MEMBER, f"{user.name} is not in #{group.name}")
    if not ranks_above(state, actor, user, group):
        return Refusal(
            Code.NOT_ALLOWED, f"you do not stand above {user.name} in #{group.name}"
        )
    return user


def invite(
    state: State, actor: int, command: GroupInvite, time: int, limits: Limits
) -> Decision:
    """Let somebody join. Into a public group any member may invite."""
    found = find_group(state, command.group)
    rank = GROUP_MOD if found is not None and found.private else GROUP_MEMBER
    group = _group(state, actor, command.group, rank)
    if isinstance(group, Refusal):
        return group
    no = muted(state, actor, time)
    if no is not None:
        return no
    user = find_user(state, command.name)
    if user is None:
        return no_such_user(command.name)
    if user.id in group.members:
        return Refusal(Code.ALREADY_MEMBER, f"{user.name} is in #{group.name} already")
    if len(group.invited) >= limits.members:
        return Refusal(
            Code.GROUP_FULL, f"{limits.members} are invited to #{group.name} already"
        )
    by = name_of(state, actor)
    seq = state.seq + 1
    return (GroupInvited(seq, time, group.id, group.name, user.id, user.name, by),)


def kick(
    state: State, actor: int, command: GroupKick, time: int, limits: Limits
) -> Decision:
    """Put a member out, who needs a new invitation to a private group."""
    group = _group(state, actor, command.group, GROUP_MOD)
    if isinstance(group, Refusal):
        return group
    user = _target(state, actor, group, command.name, member=True)
    if isinstance(user, Refusal):
        return user
    reason = why(command.reason, limits)
    if isinstance(reason, Refusal):
        return reason
    by = name_of(state, actor)
    return tuple(leave(state, state.seq + 1, group, user, time, by, reason))


def ban(
    state: State, actor: int, command: GroupBan, time: int, limits: Limits
) -> Decision:
    """Put somebody out, and keep them out."""
    group = _group(state, actor, command.group, GROUP_MOD)
    if isinstance(group, Refusal):
        return group
    user = _target(state, actor, group, command.name, member=False)
    if isinstance(user, Refusal):
        return user
    end = until(command.seconds, time)
    reason = why(command.reason, limits)
    if isinstance(end, Refusal):
        return end
    if isinstance(reason, Refusal):
        return reason
    keys = group_keys(user, command.places)
    if len(group.bans) + len(keys) > limits.bans:
        return Refusal(
            Code.TOO_MANY_BANS, f"a group has {limits.bans} bans at the most"
        )
    by = name_of(state, actor)
    seq = state.seq + 1
    events: list[Event] = [
        GroupBanSet(seq, time, group.id, group.name, user.name, by, keys, end, reason)
    ]
    if user.id in group.members:
        events += leave(state, seq + 1, group, user, time, by, reason)
    return tuple(events)


def unban(
    state: State, actor: int, command: GroupUnban, time: int, _limits: Limits
) -> Decision:
    """Let somebody join again, by the name they have or had."""
    group = _group(state, actor, command.group, GROUP_MOD)
    if isinstance(group, Refusal):
        return group
    user = find_user(state, command.name)
    wanted = {name_ban_key(command.name)}
    if user is not None:
        wanted.update(group_keys(user, ()))
    named = [key for key in group.bans if key in wanted]
    if not any(in_force(group.bans[key], time) for key in named):
        return Refusal(
            Code.BAN_UNKNOWN, f"that is nobody who is banned from #{group.name}"
        )
    by = name_of(state, actor)
    name = one_line(command.name)
    return (
        GroupBanLifted(
            state.seq + 1, time, group.id, group.name, name, by, tuple(named)
        ),
    )


def set_mod(
    state: State, actor: int, command: GroupMod | GroupUnmod, time: int, _limits: Limits
) -> Decision:
    """Make a member a mod, or a plain member again."""
    group = _group(state, actor, command.group, GROUP_OWNER)
    if isinstance(group, Refusal):
        return group
    user = _target(state, actor, group, command.name, member=True)
    if isinstance(user, Refusal):
        return user
    becomes = isinstance(command, GroupMod)
    if (user.id in group.mods) is becomes:
        how = "a mod already" if becomes else "no mod"
        return Refusal(Code.USAGE, f"{user.name} is {how} of #{group.name}")
    role = "mod" if becomes else "member"
    by = name_of(state, actor)
    seq = state.seq + 1
    where = (group.id, group.name)
    return (GroupRoleSet(seq, time, *where, user.id, user.name, role, by),)


def set_topic(
    state: State, actor: int, command: GroupTopic, time: int, limits: Limits
) -> Decision:
    """Say what a group is about."""
    group = _group(state, actor, command.group, GROUP_MOD)
    if isinstance(group, Refusal):
        return group
    no = muted(state, actor, time)
    if no is not None:
        return no
    topic = one_line(command.topic)
    if len(topic.encode()) > limits.text:
        return too_long("a topic", limits)
    by = name_of(state, actor)
    return (GroupTopicSet(state.seq + 1, time, group.id, group.name, by, topic),)


def set_privacy(
    state: State, actor: int, command: SetPrivacy, time: int, _limits: Limits
) -> Decision:
    """Make a group private, with another password each time, or public."""
    group = _group(state, actor, command.group, GROUP_OWNER)
    if isinstance(group, Refusal):
        return group
    by = name_of(state, actor)
    seq = state.seq + 1
    if command.private:
        hashed = command.password_hash
        return (GroupClosed(seq, time, group.id, group.name, by, hashed),)
    if not group.private:
        return Refusal(Code.USAGE, f"#{group.name} is public already")
    return (GroupOpened(seq, time, group.id, group.name, by),)


def rename(
    state: State, actor: int, command: GroupRename, time: int, _limits: Limits
) -> Decision:
    """Give a group another name."""
    group = _group(state, actor, command.group, GROUP_OWNER)
    if isinstance(group, Refusal):
        return group
    no = muted(state, actor, time)
    if no is not None:
        return no
    name = group_name(state, command.to, group.id)
    if isinstance(name, Refusal):
        return name
    if name.shown == group.name:
        return Refusal(Code.GROUP_EXISTS, f"that is the name of #{group.name} already")
    by = name_of(state, actor)
    old, new = group.name, name.shown
    return (GroupRenamed(state.seq + 1, time, group.id, old, new, by, group.private),)


def delete(
    state: State, actor: int, command: GroupDelete, time: int, limits: Limits
) -> Decision:
    """End a group. Whoever keeps order in the hub may end a private one as well."""
    rank = -1 if actor in state.staff else GROUP_OWNER
    group = _group(state, actor, command.group, rank)
    if isinstance(group, Refusal):
        return group
    reason = why(command.reason, limits)
    if isinstance(reason, Refusal):
        return reason
    by = name_of(state, actor)
    events: list[Event] = []
    for seq, member in enumerate(sorted(group.members), state.seq + 1):
        name = state.users[member].name
        events.append(
            GroupLeft(
                seq, time, group.id, group.name, member, name, by, reason, ends=True
            )
        )
    seq = state.seq + len(events) + 1
    ended = GroupEnded(seq, time, group.id, group.name, by, reason, group.private)
    return (*events, ended)
