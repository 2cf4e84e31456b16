"""Queries answered from the state and the journal, which they do not change."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from hubbub.hub import Hub
from hubbub.hub.find import no_such_group, no_such_user, not_a_member
from hubbub.hub.rights import RIGHTS, may, no_right, role_of
from hubbub.journal import Journal
from hubbub.model.address import LOBBY, Lobby, ToGroup, ToUser
from hubbub.model.answers import (
    Answer,
    Groups,
    GroupSummary,
    HelpText,
    History,
    Members,
    Sessions,
    SessionSummary,
    Users,
)
from hubbub.model.commands import (
    Help,
    ListGroups,
    ListMembers,
    ListSessions,
    ListUsers,
    Query,
    ReadHistory,
    ReadLobby,
)
from hubbub.model.events import LOBBY_ROOM, direct_room, group_room
from hubbub.model.refusals import Refusal

Reply = Answer | Refusal


def answer_query(hub: Hub, journal: Journal, actor: int, query: Query) -> Reply:
    """Answer a query.

    Args:
        hub: Read.
        journal: Read.
        actor: The id of the user who asks, `SERVER_ID` for the console or `NOBODY_ID`.
        query: What is asked.

    Raises:
        JournalError: The history could not be read.
    """
    kind = type(query)
    role = role_of(hub.state, actor)
    if not may(role, kind):
        return no_right(role, kind)
    return _ANSWERS[kind](hub, journal, actor, query)


def _sorted(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(names, key=str.casefold))


def _users(hub: Hub, _journal: Journal, _actor: int, _query: ListUsers) -> Reply:
    return Users(hub.names_present())


def _groups(hub: Hub, _journal: Journal, actor: int, _query: ListGroups) -> Reply:
    groups = sorted(hub.state.groups.values(), key=lambda group: group.name.casefold())
    return Groups(
        tuple(
            GroupSummary(group.name, len(group.members), actor in group.members)
            for group in groups
        )
    )


def _members(hub: Hub, _journal: Journal, _actor: int, query: ListMembers) -> Reply:
    group = hub.find_group(query.name)
    if group is None:
        return no_such_group(query.name)
    return Members(group.name, _sorted(hub.user(user).name for user in group.members))


def _sessions(hub: Hub, _journal: Journal, _actor: int, _query: ListSessions) -> Reply:
    # Accounts whose users are away hold no seat; there may be very many.
    here = (
        user
        for user in hub.state.users.values()
        if user.connected or not user.is_account
    )
    users = sorted(here, key=lambda user: user.name.casefold())
    return Sessions(
        tuple(
            SessionSummary(
                user.name,
                user.address if user.connected else "(away)",
                user.since,
                group_names(hub, user.id),
                user.dialect,
                user.role,
            )
            for user in users
        )
    )


def group_names(hub: Hub, user: int) -> tuple[str, ...]:
    """List the names of a user's own groups, in alphabetical order."""
    groups = hub.state.groups
    return _sorted(groups[group].name for group in hub.user(user).groups)


def _history(hub: Hub, journal: Journal, actor: int, query: ReadHistory) -> Reply:
    room = _room(hub, actor, query)
    if isinstance(room, Refusal):
        return room
    page = hub.limits.history_page
    limit = page if query.limit is None else min(query.limit, page)
    # One more than asked for tells whether there are others.
    if query.after is not None:
        messages = journal.messages_after(room, query.after, limit + 1)
        return History(query.of, tuple(messages[:limit]), len(messages) > limit, actor)
    messages = journal.messages(room, query.before, limit + 1)
    more = len(messages) > limit
    return History(query.of, tuple(messages[1:] if more else messages), more, actor)


def _lobby(hub: Hub, journal: Journal, actor: int, query: ReadLobby) -> Reply:
    of = ReadHistory(LOBBY, None, query.limit, query.after)
    return _history(hub, journal, actor, of)


def _room(hub: Hub, actor: int, query: ReadHistory) -> str | Refusal:
    match query.of:
        case Lobby():
            return LOBBY_ROOM
        case ToGroup(name):
            group = hub.find_group(name)
            if group is None:
                return no_such_group(name)
            if actor not in group.members:
                return not_a_member(group)
            return group_room(group.id)
        case ToUser(name):
            user = hub.find_user(name)
            if user is None:
                return no_such_user(name)
            return direct_room(actor, user.id)


def _help(hub: Hub, _journal: Journal, actor: int, _query: Help) -> Reply:
    role = role_of(hub.state, actor)
    return HelpText(frozenset(kind for kind in RIGHTS if may(role, kind)))


_ANSWERS: Mapping[type, Callable[[Hub, Journal, int, Any], Reply]] = {
    ListUsers: _users,
    ListGroups: _groups,
    ListMembers: _members,
    ListSessions: _sessions,
    ReadHistory: _history,
    ReadLobby: _lobby,
    Help: _help,
}
