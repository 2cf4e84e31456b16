"""What an access token is good for: the table of its rights, and the looks into it.

Beside the rights of its account, never beyond them: what is asked under a token has to
pass here first, and then whatever rule it meets without one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from hubbub.hub.order import in_force
from hubbub.hub.rules.bans import keeps_user_out
from hubbub.hub.state import State
from hubbub.hub.tokens import AccessToken
from hubbub.model.access import Scope, UnderToken
from hubbub.model.address import LOBBY, ToGroup
from hubbub.model.commands import (
    JoinGroup,
    LeaveGroup,
    ListGroups,
    ListMembers,
    ListUsers,
    Post,
    ReadHistory,
)
from hubbub.model.refusals import Code, Refusal
from hubbub.model.text import echo

INVALID = Refusal(
    Code.TOKEN_INVALID, "that token is unknown here, revoked or over; make another"
)


def _group(scope: Scope, name: str) -> bool:
    to = ToGroup(name.removeprefix("#"))
    return scope.may_post(to) or scope.may_read(to)


def _lobby(scope: Scope, _command: ListUsers | ListGroups) -> bool:
    return scope.may_read(LOBBY)


UNDER_TOKEN: Mapping[type, Callable[[Scope, Any], bool]] = {
    Post: lambda scope, command: scope.may_post(command.to),
    ReadHistory: lambda scope, command: scope.may_read(command.of),
    JoinGroup: lambda scope, command: _group(scope, command.name),
    LeaveGroup: lambda scope, command: _group(scope, command.name),
    ListMembers: lambda scope, command: scope.may_read(
        ToGroup(command.name.removeprefix("#"))
    ),
    # Who is here, and which groups there are, is what the lobby tells.
    ListUsers: _lobby,
    ListGroups: _lobby,
}
"""What can be asked under a token at all, and whether a scope covers it."""


def find_token(state: State, token_hash: str, time: int) -> AccessToken | None:
    """Find a token that is good now, by its hash."""
    token = state.access.get(token_hash)
    return token if token is not None and in_force(token.until, time) else None


def covers(scope: Scope, command: msgspec.Struct) -> Refusal | None:
    """Say why something can't be asked under a token of some scope; None: it can."""
    kind = type(command)
    may = UNDER_TOKEN.get(kind)
    if may is not None and may(scope, command):
        return None
    what = "not for that" if may is None else f"not for {_what(command)}"
    return Refusal(
        Code.TOKEN_SCOPE, f"this token is {what}; it is to {scope}; make another"
    )


def _what(command: Any) -> str:
    match command:
        case Post(to):
            return f"writing to {echo(str(to))}"
        case ReadHistory(of):
            return f"reading {echo(str(of))}"
        case JoinGroup(name) | LeaveGroup(name) | ListMembers(name):
            return f"#{echo(name.removeprefix('#'))}"
        case _:
            return "what the lobby tells"


def keeps_from(
    state: State, actor: int, command: UnderToken, time: int
) -> Refusal | None:
    """Say why somebody can't ask for something under a token; None: they can.

    Whether its account may is another question, which is asked next.
    """
    token = find_token(state, command.token, time)
    if token is None or token.user != actor:
        return INVALID
    no = keeps_user_out(state, state.users[actor], command.place, time)
    return no or covers(token.scope, command.command)
