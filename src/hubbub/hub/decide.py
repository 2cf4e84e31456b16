"""What follows from a command: events, a refusal, or the answer given before.

Each rule is a function of the state, the user who asks, the command, the time and the
limits, and of nothing else. Rules change nothing; `apply` does.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

import msgspec

from hubbub.hub.find import (
    find_group,
    find_user,
    no_such_group,
    no_such_user,
    not_a_member,
)
from hubbub.hub.state import Group, State, User
from hubbub.model.address import Lobby, ToUser
from hubbub.model.commands import (
    CreateGroup,
    Disconnect,
    EndSeat,
    HubCommand,
    Join,
    JoinGroup,
    Kick,
    LeaveGroup,
    Post,
    Rename,
    Resume,
)
from hubbub.model.events import (
    SERVER_ID,
    SERVER_NAME,
    DirectPosted,
    Event,
    GroupCreated,
    GroupEnded,
    GroupJoined,
    GroupLeft,
    GroupPosted,
    LobbyPosted,
    SeatEnded,
    UserJoined,
    UserKicked,
    UserLeft,
    UserRenamed,
    UserReturned,
)
from hubbub.model.limits import Limits
from hubbub.model.names import BadNameError, Name, parse_name
from hubbub.model.refusals import Code, Refusal
from hubbub.model.text import clean, is_empty

if TYPE_CHECKING:
    from collections.abc import Callable


class Repeated(msgspec.Struct, frozen=True, gc=False):
    """The message stands already; acknowledge it again with this `seq`."""

    seq: int


Decision = tuple[Event, ...] | Repeated | Refusal


class Role(StrEnum):
    """What somebody is to the hub, for the table of rights."""

    SERVER = "server"  # the administrator's console, and the hub itself
    USER = "user"  # who holds a seat
    NOBODY = "nobody"  # who does not, or not any more


_SERVER = frozenset({Role.SERVER})
_USER = frozenset({Role.USER})
_GONE = frozenset({Role.USER, Role.NOBODY})

RIGHTS: dict[type, frozenset[Role]] = {
    Post: _SERVER | _USER,
    CreateGroup: _USER,
    JoinGroup: _USER,
    LeaveGroup: _USER,
    Kick: _SERVER,
    Rename: _SERVER,
    Join: _SERVER,
    Resume: _USER,
    Disconnect: _GONE,
    EndSeat: _GONE,
}
"""Who may give which command."""


def decide(
    state: State, actor: int, command: HubCommand, time: int, limits: Limits
) -> Decision:
    """Decide a command.

    Args:
        state: Read, never changed.
        actor: The id of the user who asks; `SERVER_ID` for the administrator, and for
            a `Join`, which nobody asks yet.
        command: What is asked.
        time: Unix milliseconds, for the events.
        limits: The hub's limits.

    Returns:
        The events that follow, in order, numbered on from `state.seq`; or why not.
    """
    kind = type(command)
    role = role_of(state, actor)
    if role not in RIGHTS[kind]:
        if role is Role.NOBODY:
            return Refusal(Code.NOT_JOINED, "say who you are first: give a name")
        return Refusal(Code.NOT_ALLOWED, "you have no right to do that")
    return _RULES[kind](state, actor, command, time, limits)


def role_of(state: State, actor: int) -> Role:
    """Tell what somebody is to the hub."""
    if actor in state.users:
        return Role.USER
    return Role.SERVER if actor == SERVER_ID else Role.NOBODY


def _check_text(text: str, limits: Limits) -> str | Refusal:
    text = clean(text)
    if is_empty(text):
        return Refusal(Code.TEXT_EMPTY, "there is no text in that message")
    # Four bytes a character at most: most messages need no encoding to be sure.
    if len(text) * 4 > limits.text and len(text.encode()) > limits.text:
        return Refusal(
            Code.TEXT_TOO_LONG,
            f"a message has at most {limits.text} bytes; send it in parts",
        )
    return text


def _post(
    state: State, actor: int, command: Post, time: int, limits: Limits
) -> Decision:
    user = state.users.get(actor)
    nonce = command.nonce
    if nonce is not None and user is not None and user.nonces is not None:
        stands = user.nonces.get(nonce)
        if stands is not None:
            return Repeated(stands)
    text = _check_text(command.text, limits)
    if isinstance(text, Refusal):
        return text
    name = SERVER_NAME if user is None else user.name
    seq = state.seq + 1
    to = command.to
    if isinstance(to, Lobby):
        return (LobbyPosted(seq, time, actor, name, text, nonce),)
    if isinstance(to, ToUser):
        other = find_user(state, to.name)
        if other is None:
            return no_such_user(to.name)
        return (
            DirectPosted(seq, time, actor, name, other.id, other.name, text, nonce),
        )
    group = find_group(state, to.name)
    if group is None:
        return no_such_group(to.name)
    if actor not in group.members:
        return not_a_member(group)
    return (GroupPosted(seq, time, actor, name, group.id, group.name, text, nonce),)


def _check_name(
    text: str, keys: dict[str, int], looks: dict[str, int], holder: int | None
) -> Name | Refusal:
    """Check that a user may hold a name; `holder` may hold it already."""
    try:
        name = parse_name(text)
    except BadNameError as error:
        return Refusal(Code.NAME_INVALID, str(error))
    if keys.get(name.key, holder) != holder:
        return Refusal(
            Code.NAME_TAKEN, f"the name {name.shown} is taken; choose another"
        )
    if looks.get(name.look, holder) != holder:
        return Refusal(
            Code.NAME_TAKEN,
            f"the name {name.shown} looks like one that is taken; choose another",
        )
    return name


def _join(
    state: State, _actor: int, command: Join, time: int, limits: Limits
) -> Decision:
    name = _check_name(command.name, state.name_keys, state.name_looks, None)
    if isinstance(name, Refusal):
        return name
    if len(state.users) >= limits.users:
        return Refusal(
            Code.TOO_MANY_USERS,
            f"the hub is full ({limits.users} users); try again later",
        )
    return (
        UserJoined(
            state.seq + 1,
            time,
            name.shown,
            command.address,
            command.dialect,
            command.token_hash,
        ),
    )


def _resume(
    state: State, actor: int, command: Resume, time: int, _limits: Limits
) -> Decision:
    user = state.users[actor]
    if user.connected:
        return ()
    return (
        UserReturned(
            state.seq + 1, time, actor, user.name, command.address, command.dialect
        ),
    )


def _leave_groups(state: State, user: User, time: int) -> list[Event]:
    events: list[Event] = []
    for group_id in sorted(user.groups):
        group = state.groups[group_id]
        events.extend(_leave(state.seq + len(events) + 1, group, user, time))
    return events


def _leave(seq: int, group: Group, user: User, time: int) -> list[Event]:
    events: list[Event] = [
        GroupLeft(seq, time, group.id, group.name, user.id, user.name)
    ]
    if len(group.members) == 1:
        events.append(GroupEnded(seq + 1, time, group.id, group.name))
    return events


def _disconnect(
    state: State, actor: int, command: Disconnect, time: int, _limits: Limits
) -> Decision:
    user = state.users.get(actor)
    if user is None or not user.connected:
        return ()
    keep = command.keep_seat and bool(user.token_hash)
    events = [] if keep else _leave_groups(state, user, time)
    seq = state.seq + len(events) + 1
    return (*events, UserLeft(seq, time, actor, user.name, command.reason, keep))


def _end_seat(
    state: State, actor: int, _command: EndSeat, time: int, _limits: Limits
) -> Decision:
    user = state.users.get(actor)
    if user is None or user.connected:
        return ()
    events = _leave_groups(state, user, time)
    return (*events, SeatEnded(state.seq + len(events) + 1, time, actor, user.name))


def _kick(
    state: State, _actor: int, command: Kick, time: int, _limits: Limits
) -> Decision:
    user = find_user(state, command.name)
    if user is None:
        return no_such_user(command.name)
    reason = clean(command.reason).replace("\n", " ")
    events = _leave_groups(state, user, time)
    seq = state.seq + len(events) + 1
    return (*events, UserKicked(seq, time, user.id, user.name, SERVER_NAME, reason))


def _rename(
    state: State, _actor: int, command: Rename, time: int, _limits: Limits
) -> Decision:
    user = find_user(state, command.name)
    if user is None:
        return no_such_user(command.name)
    name = _check_name(command.to, state.name_keys, state.name_looks, user.id)
    if isinstance(name, Refusal):
        return name
    if name.shown == user.name:
        return Refusal(Code.NAME_TAKEN, f"that is {name.shown}'s name already")
    return (UserRenamed(state.seq + 1, time, user.id, user.name, name.shown),)


def _create_group(
    state: State, actor: int, command: CreateGroup, time: int, limits: Limits
) -> Decision:
    text = command.name.removeprefix("#")
    if find_group(state, text) is not None:
        return Refusal(
            Code.GROUP_EXISTS, f"#{text} exists; join it with :group join {text}"
        )
    name = _check_name(text, state.group_keys, state.group_looks, None)
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


def _join_group(
    state: State, actor: int, command: JoinGroup, time: int, limits: Limits
) -> Decision:
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


def _leave_group(
    state: State, actor: int, command: LeaveGroup, time: int, _limits: Limits
) -> Decision:
    group = find_group(state, command.name)
    if group is None:
        return no_such_group(command.name)
    if actor not in group.members:
        return Refusal(Code.NOT_A_MEMBER, f"you are not in #{group.name}")
    return tuple(_leave(state.seq + 1, group, state.users[actor], time))


_RULES: dict[type, Callable[[State, int, Any, int, Limits], Decision]] = {
    Post: _post,
    Join: _join,
    Resume: _resume,
    Disconnect: _disconnect,
    EndSeat: _end_seat,
    Kick: _kick,
    Rename: _rename,
    CreateGroup: _create_group,
    JoinGroup: _join_group,
    LeaveGroup: _leave_group,
}
