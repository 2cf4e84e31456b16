"""Access tokens: making and revoking them, and writing where their account is not yet.

A token is good until a moment of the wall clock of the hub's machine, or for as long as
nobody revokes it.
"""

from __future__ import annotations

from hubbub.hub.decision import Decision
from hubbub.hub.find import find_group, find_user
from hubbub.hub.order import in_force
from hubbub.hub.rights import answers_for_hub, name_of
from hubbub.hub.rules import accounts, talk
from hubbub.hub.rules.groups import join_group
from hubbub.hub.rules.terms import until
from hubbub.hub.rules.writing import hindered
from hubbub.hub.state import State
from hubbub.model.access import (
    MOST_PLACES,
    CreateToken,
    RevokeToken,
    TokenCreated,
    TokenRevoked,
    parse_places,
)
from hubbub.model.address import ToGroup
from hubbub.model.commands import CreateAccount, JoinGroup, Post
from hubbub.model.events import SERVER_ID, AccountCreated, Event, GroupPosted
from hubbub.model.limits import Limits
from hubbub.model.refusals import Code, Refusal
from hubbub.model.roles import Role

_PLACES = Refusal(
    Code.ADDRESS_INVALID,
    "say where the token is for: lobby, #group, @user or all, at most "
    f"{MOST_PLACES} to write to and {MOST_PLACES} to read",
)


def create_token(
    state: State, actor: int, command: CreateToken, time: int, limits: Limits
) -> Decision:
    """Make a token for oneself; the console makes one for any account, or a new one."""
    post, read = parse_places(command.post), parse_places(command.read)
    if post is None or read is None or not (post or read):
        return _PLACES
    end = until(command.seconds, time)
    if isinstance(end, Refusal):
        return end
    owner = _owner(state, actor, command.name, time, limits)
    if isinstance(owner, Refusal):
        return owner
    user, name, events = owner
    good = [one.user for one in state.access.values() if in_force(one.until, time)]
    if len(good) >= limits.tokens:
        return Refusal(
            Code.TOO_MANY_TOKENS,
            f"there are {limits.tokens} tokens, which is the most; ask an owner",
        )
    if good.count(user) >= limits.tokens_per_user:
        return Refusal(
            Code.TOO_MANY_TOKENS,
            f"{name} has {limits.tokens_per_user} tokens, which is the most; revoke "
            "one",
        )
    made = TokenCreated(
        state.seq + 1 + len(events),
        time,
        user,
        name,
        name_of(state, actor),
        command.token_hash,
        command.last,
        post,
        read,
        end,
    )
    return (*events, made)


def _owner(
    state: State, actor: int, name: str, time: int, limits: Limits
) -> tuple[int, str, tuple[Event, ...]] | Refusal:
    """Find whose a token is to be: the id, the name, and what makes the account."""
    if not name and actor != SERVER_ID:
        return actor, name_of(state, actor), ()
    user = find_user(state, name)
    if user is not None and user.id == actor:
        return actor, user.name, ()
    if actor != SERVER_ID:
        return Refusal(
            Code.NOT_ALLOWED, "only the hub's console makes tokens for somebody else"
        )
    if user is not None and user.is_account:
        return user.id, user.name, ()
    # Nobody has the name, or a guest has, whom this refuses.
    account = CreateAccount(name, Role.MEMBER)
    decision = accounts.create_account(state, actor, account, time, limits)
    if isinstance(decision, Refusal):
        return decision
    assert isinstance(decision, tuple), "an account is no message"
    (created,) = decision
    assert isinstance(created, AccountCreated), "the name was free"
    return created.user, created.name, decision


def revoke_token(
    state: State, actor: int, command: RevokeToken, time: int, _limits: Limits
) -> Decision:
    """Let a token be good no more: one's own, or anybody's for who may list them."""
    token = next((one for one in state.access.values() if one.id == command.id), None)
    if token is None or not (token.user == actor or answers_for_hub(state, actor)):
        return Refusal(
            Code.TOKEN_UNKNOWN, f"there is no token {command.id}; :tokens lists them"
        )
    by, name = name_of(state, actor), state.users[token.user].name
    return (TokenRevoked(state.seq + 1, time, token.id, token.user, name, by),)


def post(
    state: State, actor: int, command: Post, time: int, limits: Limits
) -> Decision:
    """Say something under a token: a group that lets its account in is joined first.

    A program that posts has nobody beside it who could join.
    """
    to = command.to
    group = find_group(state, to.name) if isinstance(to, ToGroup) else None
    if (
        group is None
        or actor in group.members
        or talk.said_before(state.users[actor], command.nonce) is not None
    ):
        return talk.post(state, actor, command, time, limits)
    joined = join_group(state, actor, JoinGroup(group.name), time, limits)
    if not isinstance(joined, tuple):
        return joined
    text = talk.check_text(command.text, limits)
    if isinstance(text, Refusal):
        return text
    no = hindered(state, actor, group.id, time) if state.hindrances else None
    if no is not None:
        return no
    said = GroupPosted(
        state.seq + 1 + len(joined),
        time,
        actor,
        name_of(state, actor),
        group.id,
        group.name,
        text,
        command.nonce,
    )
    return (*joined, said)
