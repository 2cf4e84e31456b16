"""Finding what people mean by what they write, and saying so when there is none."""

from __future__ import annotations

from hubbub.hub.invites import Invite
from hubbub.hub.order import in_force
from hubbub.hub.rights import may_act_on, stands_above
from hubbub.hub.state import Group, State, User
from hubbub.model.events import NOBODY_ID
from hubbub.model.names import name_key
from hubbub.model.refusals import Code, Refusal
from hubbub.model.text import echo


def find_user(state: State, name: str) -> User | None:
    """Find the user who holds a name, in any case and width."""
    # Most people write a name the way its key is.
    user = state.name_keys.get(name)
    if user is None:
        user = state.name_keys.get(name_key(name) or "")
    return None if user is None else state.users[user]


def find_account(state: State, name: str) -> User | None:
    """Find the user whose own name it is, in any case and width.

    It takes as long for a name that nobody has: where only members come in, nobody is
    told which names there are.
    """
    user = state.users.get(state.name_keys.get(name_key(name) or "", NOBODY_ID))
    return user if user is not None and user.is_account else None


def find_below(state: State, actor: int, name: str) -> User | Refusal:
    """Find whom an act is upon: oneself, or somebody of a lower role."""
    user = find_user(state, name)
    if user is None:
        return no_such_user(name)
    return user if may_act_on(state, actor, user) else stands_above(user)


def find_group(state: State, name: str) -> Group | None:
    """Find a group by its name, in any case and width, with or without the `#`."""
    key = name_key(name.removeprefix("#"))
    if key is None:
        return None
    group = state.group_keys.get(key)
    return None if group is None else state.groups[group]


def find_invite(state: State, code_hash: str, time: int) -> Invite | None:
    """Find a code that is good at a time, by its hash; one without a hash never is."""
    return next(
        (
            one
            for one in state.invites.values()
            if one.code_hash == code_hash != "" and in_force(one.until, time)
        ),
        None,
    )


def no_such_user(name: str) -> Refusal:
    """Refuse a name that nobody holds."""
    return Refusal(
        Code.USER_UNKNOWN,
        f"there is no {echo(name)!r} here; :users lists who is",
    )


def no_such_group(name: str) -> Refusal:
    """Refuse a group name that does not exist."""
    shown = echo(name.removeprefix("#"))
    return Refusal(
        Code.GROUP_UNKNOWN, f"there is no group #{shown}; :group list shows them"
    )


def not_a_member(group: Group) -> Refusal:
    """Refuse what only members may do."""
    return Refusal(
        Code.NOT_A_MEMBER,
        f"you are not in #{group.name}; join it with :group join {group.name}",
    )
