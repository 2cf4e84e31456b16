"""Keeping order: what moderators and owners do to others."""

from __future__ import annotations

from hubbub.hub.decision import Decision
from hubbub.hub.find import find_below, find_user, no_such_user
from hubbub.hub.rights import name_of
from hubbub.hub.rules.groups import leave_groups
from hubbub.hub.rules.names import check_name
from hubbub.hub.rules.terms import check_reason
from hubbub.hub.state import State
from hubbub.model.events import (
    RoleChanged,
    UserKicked,
    UserRenamed,
)
from hubbub.model.limits import Limits
from hubbub.model.moderation import Kick, Rename, SetRole
from hubbub.model.refusals import Code, Refusal
from hubbub.model.roles import ACCOUNTS


def kick(
    state: State, actor: int, command: Kick, time: int, limits: Limits
) -> Decision:
    """Put a user out. A guest loses the seat; an account has to sign in anew."""
    user = find_below(state, actor, command.name)
    if isinstance(user, Refusal):
        return user
    if user.is_account and not user.connected:
        return Refusal(Code.USER_AWAY, f"{user.name} is not connected")
    reason = check_reason(command.reason, limits)
    if isinstance(reason, Refusal):
        return reason
    events = [] if user.is_account else leave_groups(state, user, time)
    seq = state.seq + len(events) + 1
    by = name_of(state, actor)
    places = () if user.is_account else command.places
    return (*events, UserKicked(seq, time, user.id, user.name, by, reason, places))


def rename(
    state: State, actor: int, command: Rename, time: int, _limits: Limits
) -> Decision:
    """Give a user another name; an account keeps all else."""
    user = find_below(state, actor, command.name)
    if isinstance(user, Refusal):
        return user
    name = check_name(command.to, state.name_keys, state.name_looks, user.id)
    if isinstance(name, Refusal):
        return name
    if name.shown == user.name:
        return Refusal(Code.NAME_TAKEN, f"that is {name.shown}'s name already")
    by = name_of(state, actor)
    return (UserRenamed(state.seq + 1, time, user.id, user.name, name.shown, by),)


def set_role(
    state: State, actor: int, command: SetRole, time: int, _limits: Limits
) -> Decision:
    """Give an account's holder another role. Owners may step down, or be put down."""
    user = find_user(state, command.name)
    if user is None:
        return no_such_user(command.name)
    if command.role not in ACCOUNTS:
        return Refusal(Code.USAGE, "a role is owner, moderator or member")
    if not user.is_account:
        return Refusal(
            Code.ACCOUNT_UNKNOWN,
            f"{user.name} is a guest; a role needs a name of one's own (:register)",
        )
    if user.role is command.role:
        return Refusal(Code.USAGE, f"{user.name} is {user.role} already")
    by = name_of(state, actor)
    seq = state.seq + 1
    return (RoleChanged(seq, time, user.id, user.name, command.role, by, user.role),)
