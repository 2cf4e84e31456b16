"""Queries answered from the state and the journal, which they do not change."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from hubbub.hub import Hub
from hubbub.hub.find import no_such_group, no_such_user, not_a_member
from hubbub.hub.order import Ban, Mode, in_force, place_in
from hubbub.hub.rights import RIGHTS, answers_for_hub, may, no_right, role_of
from hubbub.hub.state import LOBBY_ID, Group
from hubbub.journal import Journal
from hubbub.model.access import ListTokens, TokenList, TokenSummary
from hubbub.model.address import LOBBY, Lobby, ToGroup, ToUser
from hubbub.model.answers import (
    Answer,
    Audit,
    Banned,
    Bans,
    Groups,
    GroupSummary,
    HelpText,
    History,
    Members,
    Room,
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
)
from hubbub.model.event import LOBBY_ROOM, direct_room, group_room
from hubbub.model.events import act_of
from hubbub.model.invites import Invites, InviteSummary, ListInvites
from hubbub.model.moderation import ListBans, ReadAudit, ReadReports
from hubbub.model.public import ReadLobby
from hubbub.model.refusals import Refusal

Reply = Answer | Refusal


def answer_query(
    hub: Hub, journal: Journal, actor: int, query: Query, time: int
) -> Reply:
    """Answer a query.

    Args:
        hub: Read.
        journal: Read.
        actor: The id of the user who asks, `SERVER_ID` for the console or `NOBODY_ID`.
        query: What is asked.
        time: Unix milliseconds.

    Raises:
        JournalError: The history could not be read.
    """
    kind = type(query)
    role = role_of(hub.state, actor)
    if not may(role, kind):
        return no_right(role, kind)
    if isinstance(query, ListBans):
        return _bans(hub, time)
    if isinstance(query, ListTokens):
        return _tokens(hub, actor, time)
    if isinstance(query, ListInvites):
        return _invites(hub, time)
    return _ANSWERS[kind](hub, journal, actor, query)


def _sorted(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(names, key=str.casefold))


def _users(hub: Hub, _journal: Journal, _actor: int, _query: ListUsers) -> Reply:
    return Users(hub.names_present())


def _groups(hub: Hub, _journal: Journal, actor: int, _query: ListGroups) -> Reply:
    listed = (
        group
        for group in hub.state.groups.values()
        if not group.private or actor in group.members
    )
    return Groups(
        tuple(
            _summary(hub, group, actor)
            for group in sorted(listed, key=lambda group: group.name.casefold())
        )
    )


def _summary(hub: Hub, group: Group, actor: int) -> GroupSummary:
    room = group_as_room(hub, group, actor)
    return GroupSummary(
        group.name,
        len(group.members),
        actor in group.members,
        room.private,
        room.topic,
        room.frozen,
        room.slow,
        room.rank,
    )


def _members(hub: Hub, _journal: Journal, actor: int, query: ListMembers) -> Reply:
    group = hub.find_group(query.name)
    if group is None:
        return no_such_group(query.name)
    if group.private and actor not in group.members:
        return not_a_member(group)
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


def rooms_of(hub: Hub, user: int) -> tuple[Room, ...]:
    """Describe the lobby and a user's own groups, where there is something to say."""
    groups = hub.state.groups
    mine = [group_as_room(hub, groups[group], user) for group in hub.user(user).groups]
    mine.sort(key=lambda room: room.name.casefold())
    frozen, slow = _mode(hub, LOBBY_ID)
    rooms = (Room("lobby", frozen=frozen, slow=slow), *mine)
    return tuple(room for room in rooms if not room.is_plain)


def group_as_room(hub: Hub, group: Group, user: int) -> Room:
    """Describe a group to one of its members, or to anybody if it is public."""
    rank = "owner" if user == group.owner else "mod" if user in group.mods else ""
    frozen, slow = _mode(hub, group.id)
    return Room(f"#{group.name}", group.private, frozen, slow, group.topic, rank)


def _mode(hub: Hub, room: int) -> tuple[bool, int]:
    """Tell whether a room is frozen, and the seconds between two messages in it."""
    mode = hub.state.hindrances.get(room)
    return (mode.frozen, mode.slow // 1000) if isinstance(mode, Mode) else (False, 0)


def _history(hub: Hub, journal: Journal, actor: int, query: ReadHistory) -> Reply:
    room = _room(hub, actor, query)
    if isinstance(room, Refusal):
        return room
    page = hub.limits.history_page
    limit = page if query.limit is None else min(query.limit, page)
    first = _first_seq(hub, actor, query)
    # One more than asked for tells whether there are others.
    if query.after is not None:
        after = max(query.after, first)
        messages = journal.messages_after(room, after, limit + 1)
        page_of, more = messages[:limit], len(messages) > limit
    else:
        messages = journal.messages(room, query.before, limit + 1)
        messages = [message for message in messages if message.seq > first]
        more = len(messages) > limit
        page_of = messages[1:] if more else messages
    return History(query.of, tuple(page_of), more, actor, query.numbered)


def _first_seq(hub: Hub, actor: int, query: ReadHistory) -> int:
    """Give the `seq` after which somebody reads a room: in a private group, their own.

    What was said in it before one was let in, or between two stays, is not for one.
    """
    group = hub.find_group(query.of.name) if isinstance(query.of, ToGroup) else None
    return group.since.get(actor, 0) if group is not None and group.private else 0


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


def _bans(hub: Hub, time: int) -> Reply:
    acts: dict[int, tuple[Ban, list[str]]] = {}
    for key, ban in hub.state.bans.items():
        if in_force(ban.until, time):
            acts.setdefault(ban.seq, (ban, []))[1].append(place_in(key))
    return Bans(
        tuple(
            Banned(
                ban.name,
                ban.by,
                ban.since,
                ban.until,
                ban.reason,
                tuple(filter(None, places)),
            )
            for _, (ban, places) in sorted(acts.items())
        )
    )


def _tokens(hub: Hub, actor: int, time: int) -> Reply:
    state = hub.state
    everybody = answers_for_hub(state, actor)
    return TokenList(
        tuple(
            TokenSummary(
                one.id,
                state.users[one.user].name,
                one.last,
                one.scope,
                one.since,
                one.until,
                one.by,
            )
            for one in state.access.values()
            if in_force(one.until, time) and (everybody or one.user == actor)
        )
    )


def _invites(hub: Hub, time: int) -> Reply:
    return Invites(
        tuple(
            InviteSummary(one.id, one.by, one.since, one.until)
            for one in hub.state.invites.values()
            if in_force(one.until, time)
        )
    )


def _audit(hub: Hub, journal: Journal, _actor: int, query: ReadAudit) -> Reply:
    return _acts(hub, journal, query.limit, query.before, reports=False)


def _reports(hub: Hub, journal: Journal, _actor: int, query: ReadReports) -> Reply:
    return _acts(hub, journal, query.limit, None, reports=True)


def _acts(
    hub: Hub, journal: Journal, limit: int | None, before: int | None, *, reports: bool
) -> Reply:
    page = hub.limits.history_page
    limit = page if limit is None else min(limit, page)
    events = journal.acts(before, limit + 1, reports=reports)
    acts = tuple(act for event in events if (act := act_of(event)) is not None)
    return Audit(acts[-limit:], len(acts) > limit, reports)


def _help(hub: Hub, _journal: Journal, actor: int, query: Help) -> Reply:
    role = role_of(hub.state, actor)
    allowed = frozenset(kind for kind in RIGHTS if may(role, kind))
    return HelpText(allowed, query.about)


_ANSWERS: Mapping[type, Callable[[Hub, Journal, int, Any], Reply]] = {
    ListUsers: _users,
    ListGroups: _groups,
    ListMembers: _members,
    ListSessions: _sessions,
    ReadHistory: _history,
    ReadLobby: _lobby,
    ReadAudit: _audit,
    ReadReports: _reports,
    Help: _help,
}
