"""Saying something."""

from __future__ import annotations

from hubbub.hub.decision import Decision, Repeated
from hubbub.hub.find import (
    find_group,
    find_user,
    no_such_group,
    not_a_member,
)
from hubbub.hub.rules.bans import keeps_guest_out
from hubbub.hub.rules.names import check_name
from hubbub.hub.rules.writing import hindered, hindered_once, muted
from hubbub.hub.state import LOBBY_ID, Group, State, User, once_key
from hubbub.model.address import Lobby, ToUser
from hubbub.model.commands import Post, PostOnce
from hubbub.model.events import SERVER_NAME, DirectPosted, GroupPosted, LobbyPosted
from hubbub.model.limits import Limits
from hubbub.model.names import Name
from hubbub.model.refusals import Code, Refusal
from hubbub.model.text import clean, echo, is_empty


def check_text(text: str, limits: Limits) -> str | Refusal:
    """Clean what somebody says, and insist that it is something."""
    text = clean(text)
    if is_empty(text):
        return Refusal(Code.TEXT_EMPTY, "there is no text in that message")
    # Four bytes a character at most: most messages need no encoding to be sure.
    if len(text) * 4 > limits.text and len(text.encode()) > limits.text:
        return too_long("a message", limits)
    return text


def too_long(what: str, limits: Limits) -> Refusal:
    """Refuse more than `limits.text` bytes of something people write."""
    sentence = f"{what} has at most {limits.text} bytes; send it in parts"
    return Refusal(Code.TEXT_TOO_LONG, sentence)


def post(
    state: State, actor: int, command: Post, time: int, limits: Limits
) -> Decision:
    """Say something to the lobby, a group or a user."""
    user = state.users.get(actor)
    nonce = command.nonce
    if nonce is not None:
        stands = said_before(user, nonce)
        if stands is not None:
            return Repeated(stands)
    text = check_text(command.text, limits)
    if isinstance(text, Refusal):
        return text
    name = SERVER_NAME if user is None else user.name
    seq = state.seq + 1
    to = command.to
    # What hinders is looked at only where there is anything that does.
    no: Refusal | None = None
    if isinstance(to, Lobby):
        if state.hindrances:
            no = hindered(state, actor, LOBBY_ID, time)
        return no or (LobbyPosted(seq, time, actor, name, text, nonce),)
    if isinstance(to, ToUser):
        if state.hindrances:
            no = muted(state, actor, time)
        other = no or _reachable(state, to.name, limits)
        if isinstance(other, Refusal):
            return other
        return (
            DirectPosted(seq, time, actor, name, other.id, other.name, text, nonce),
        )
    group = _own_group(state, actor, to.name, time)
    if isinstance(group, Refusal):
        return group
    return (GroupPosted(seq, time, actor, name, group.id, group.name, text, nonce),)


def said_before(user: User | None, nonce: str | None) -> int | None:
    """Give the `seq` of what a user has said under a nonce; None: nothing."""
    if nonce is None or user is None or user.nonces is None:
        return None
    return user.nonces.get(nonce)


def _own_group(state: State, actor: int, name: str, time: int) -> Group | Refusal:
    """Find a group in which somebody may write just now."""
    group = find_group(state, name)
    if group is None:
        return no_such_group(name)
    if actor not in group.members:
        return not_a_member(group)
    no = hindered(state, actor, group.id, time) if state.hindrances else None
    return no or group


def post_once(
    state: State, _actor: int, command: PostOnce, time: int, limits: Limits
) -> Decision:
    """Say something under a name that nobody else has just now.

    Who says it is a user for this one event, and the event's `seq` is the id: nobody
    comes in and nobody leaves, and no one else can ever be meant by it.
    """
    if command.nonce is not None:
        # First of all: a repeat is acknowledged though the name is taken by now.
        stands = state.once.get(once_key(command.name, command.nonce))
        if stands is not None:
            return Repeated(stands)
    name = _free_name(state, command, time)
    if isinstance(name, Refusal):
        return name
    text = check_text(command.text, limits)
    if isinstance(text, Refusal):
        return text
    who, to, nonce = state.seq + 1, command.to, command.nonce
    if isinstance(to, Lobby):
        return (LobbyPosted(who, time, who, name.shown, text, nonce),)
    if isinstance(to, ToUser):
        other = _reachable(state, to.name, limits)
        if isinstance(other, Refusal):
            return other
        return (
            DirectPosted(who, time, who, name.shown, other.id, other.name, text, nonce),
        )
    group = find_group(state, to.name)
    if group is None:
        return no_such_group(to.name)
    return Refusal(
        Code.NOT_A_MEMBER,
        f"only members say something in #{group.name}, and one who does not stay is "
        "none; post to the lobby or to a person",
    )


def _free_name(state: State, command: PostOnce, time: int) -> Name | Refusal:
    """Check that something may be said under a name, from where it comes."""
    name = check_name(command.name, state.name_keys, state.name_looks, None)
    if isinstance(name, Refusal):
        return name
    no = keeps_guest_out(state, name.shown, command.place, time)
    return no or hindered_once(state, command.place, command.to, time) or name


def _reachable(state: State, name: str, limits: Limits) -> User | Refusal:
    """Find one whom a private message reaches: now, or when they are back.

    A guest is waited for as long as the seat is kept; then nobody has the name.
    """
    user = find_user(state, name)
    if user is None:
        return Refusal(
            Code.USER_UNKNOWN,
            f"there is no {echo(name)!r} here, and messages wait only for those "
            "whose name is their own",
        )
    if not user.connected and len(user.waiting) >= limits.waiting:
        return Refusal(
            Code.USER_AWAY,
            f"{user.name} is away and has {limits.waiting} messages to read already",
        )
    return user
