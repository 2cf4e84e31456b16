"""Keeping order in a group: what its owner and its mods do."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import NamedTuple, Protocol, TypeVar

from hubbub.hub.decision import Decision
from hubbub.hub.find import find_group, find_user, no_such_group, no_such_user
from hubbub.hub.order import in_force, name_ban_key
from hubbub.hub.rights import (
    GROUP_MEMBER,
    GROUP_MOD,
    GROUP_OWNER,
    GROUP_STRANGER,
    group_rank,
    name_of,
    no_right_in,
)
from hubbub.hub.rules.bans import ban_keys
from hubbub.hub.rules.groups import group_name, leave, ranks_above
from hubbub.hub.rules.talk import too_long
from hubbub.hub.rules.terms import check_reason, check_terms
from hubbub.hub.rules.writing import muted
from hubbub.hub.state import Group, State, User
from hubbub.model import moderation
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
from hubbub.model.refusals import Code, Refusal
from hubbub.model.text import one_line


class _Act(NamedTuple):
    """Somebody of the right rank does something in a group."""

    state: State
    actor: int
    group: Group
    time: int
    limits: Limits

    @property
    def by(self) -> str:
        return name_of(self.state, self.actor)

    @property
    def start(self) -> tuple[int, int, int, str]:
        """What the next event of the group begins with."""
        return self.state.seq + 1, self.time, self.group.id, self.group.name

    def find_below(self, name: str) -> User | Refusal:
        """Find whom the act is upon, who has to stand below."""
        user = find_user(self.state, name)
        if user is None:
            return no_such_user(name)
        if ranks_above(self.state, self.actor, user, self.group):
            return user
        return Refusal(
            Code.NOT_ALLOWED,
            f"you do not stand above {user.name} in #{self.group.name}",
        )

    def find_member(self, name: str) -> User | Refusal:
        """Find the member whom the act is upon, who has to stand below."""
        user = find_user(self.state, name)
        if user is not None and user.id not in self.group.members:
            return Refusal(
                Code.NOT_A_MEMBER, f"{user.name} is not in #{self.group.name}"
            )
        return self.find_below(name)


class _OfGroup(Protocol):
    @property
    def group(self) -> str: ...


_Command = TypeVar("_Command", bound=_OfGroup)
_Rank = Callable[[State, int, Group], int]


def _for(
    rank: int | _Rank, *, writes: bool = False
) -> Callable[
    [Callable[[_Act, _Command], Decision]],
    Callable[[State, int, _Command, int, Limits], Decision],
]:
    """Have a rule reached only by those who have a rank in the group, or a higher one.

    Args:
        rank: The rank, or what tells it of the state, the actor and the group.
        writes: Whether others read what was written, so that who is muted may not.
    """

    def guard(
        rule: Callable[[_Act, _Command], Decision],
    ) -> Callable[[State, int, _Command, int, Limits], Decision]:
        @wraps(rule)
        def decide(
            state: State, actor: int, command: _Command, time: int, limits: Limits
        ) -> Decision:
            group = find_group(state, command.group)
            if group is None:
                return no_such_group(command.group)
            needed = rank if isinstance(rank, int) else rank(state, actor, group)
            if group_rank(state, actor, group) < needed:
                return _no_right(group, needed)
            no = muted(state, actor, time) if writes else None
            return no or rule(_Act(state, actor, group, time, limits), command)

        return decide

    return guard


def _no_right(group: Group, rank: int) -> Refusal:
    if rank >= GROUP_OWNER:
        return Refusal(Code.NOT_ALLOWED, f"only the owner of #{group.name} may do that")
    return no_right_in(group.name)


def _inviting(_state: State, _actor: int, group: Group) -> int:
    return GROUP_MOD if group.private else GROUP_MEMBER


def _ending(state: State, actor: int, _group: Group) -> int:
    # Whoever keeps order in the hub may end a private group as well.
    return GROUP_STRANGER if actor in state.staff else GROUP_OWNER


@_for(_inviting, writes=True)
def invite(act: _Act, command: moderation.GroupInvite) -> Decision:
    """Let somebody join. Into a public group any member may invite."""
    group = act.group
    user = find_user(act.state, command.name)
    if user is None:
        return no_such_user(command.name)
    if user.id in group.members:
        return Refusal(Code.ALREADY_MEMBER, f"{user.name} is in #{group.name} already")
    most = act.limits.members
    if len(group.invited) >= most:
        return Refusal(Code.GROUP_FULL, f"{most} are invited to #{group.name} already")
    return (GroupInvited(*act.start, user.id, user.name, act.by),)


@_for(GROUP_MOD)
def kick(act: _Act, command: moderation.GroupKick) -> Decision:
    """Put a member out, who needs a new invitation to a private group."""
    user = act.find_member(command.name)
    if isinstance(user, Refusal):
        return user
    reason = check_reason(command.reason, act.limits)
    if isinstance(reason, Refusal):
        return reason
    seq, time, *_ = act.start
    return tuple(leave(act.state, seq, act.group, user, time, act.by, reason))


@_for(GROUP_MOD)
def ban(act: _Act, command: moderation.GroupBan) -> Decision:
    """Put somebody out, and keep them out."""
    group = act.group
    user = act.find_below(command.name)
    if isinstance(user, Refusal):
        return user
    terms = check_terms(command.seconds, command.reason, act.time, act.limits)
    if isinstance(terms, Refusal):
        return terms
    keys = ban_keys(user, command.places)
    most = act.limits.bans
    if len(group.bans) + len(keys) > most:
        return Refusal(Code.TOO_MANY_BANS, f"a group has {most} bans at the most")
    end, reason = terms
    events: list[Event] = [
        GroupBanSet(*act.start, user.name, act.by, keys, end, reason)
    ]
    if user.id in group.members:
        seq = act.state.seq + 2
        events += leave(act.state, seq, group, user, act.time, act.by, reason)
    return tuple(events)


@_for(GROUP_MOD)
def unban(act: _Act, command: moderation.GroupUnban) -> Decision:
    """Let somebody join again, by the name they have or had."""
    group = act.group
    user = find_user(act.state, command.name)
    wanted = {name_ban_key(command.name)}
    if user is not None:
        wanted.update(ban_keys(user, ()))
    keys = tuple(key for key in group.bans if key in wanted)
    if not any(in_force(group.bans[key], act.time) for key in keys):
        return Refusal(
            Code.BAN_UNKNOWN, f"that is nobody who is banned from #{group.name}"
        )
    return (GroupBanLifted(*act.start, one_line(command.name), act.by, keys),)


@_for(GROUP_OWNER)
def set_mod(
    act: _Act, command: moderation.GroupMod | moderation.GroupUnmod
) -> Decision:
    """Make a member a mod, or a plain member again."""
    group = act.group
    user = act.find_member(command.name)
    if isinstance(user, Refusal):
        return user
    becomes = isinstance(command, moderation.GroupMod)
    if (user.id in group.mods) is becomes:
        how = "a mod already" if becomes else "no mod"
        return Refusal(Code.USAGE, f"{user.name} is {how} of #{group.name}")
    role = "mod" if becomes else "member"
    return (GroupRoleSet(*act.start, user.id, user.name, role, act.by),)


@_for(GROUP_MOD, writes=True)
def set_topic(act: _Act, command: moderation.GroupTopic) -> Decision:
    """Say what a group is about."""
    topic = one_line(command.topic)
    if len(topic.encode()) > act.limits.text:
        return too_long("a topic", act.limits)
    return (GroupTopicSet(*act.start, act.by, topic),)


@_for(GROUP_OWNER)
def set_privacy(act: _Act, command: moderation.SetPrivacy) -> Decision:
    """Make a group private, with another password each time, or public."""
    if command.private:
        return (GroupClosed(*act.start, act.by, command.password_hash),)
    if not act.group.private:
        return Refusal(Code.USAGE, f"#{act.group.name} is public already")
    return (GroupOpened(*act.start, act.by),)


@_for(GROUP_OWNER, writes=True)
def rename(act: _Act, command: moderation.GroupRename) -> Decision:
    """Give a group another name."""
    group = act.group
    name = group_name(act.state, command.to, group.id)
    if isinstance(name, Refusal):
        return name
    if name.shown == group.name:
        return Refusal(Code.GROUP_EXISTS, f"that is the name of #{group.name} already")
    return (GroupRenamed(*act.start, name.shown, act.by, group.private),)


@_for(_ending)
def delete(act: _Act, command: moderation.GroupDelete) -> Decision:
    """End a group."""
    reason = check_reason(command.reason, act.limits)
    if isinstance(reason, Refusal):
        return reason
    first, time, group, name = act.start
    events: list[Event] = []
    for seq, member in enumerate(sorted(act.group.members), first):
        who = act.state.users[member].name
        events.append(
            GroupLeft(seq, time, group, name, member, who, act.by, reason, ends=True)
        )
    seq = first + len(events)
    ended = GroupEnded(seq, time, group, name, act.by, reason, act.group.private)
    return (*events, ended)
