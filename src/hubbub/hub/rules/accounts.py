"""Names that are somebody's own: opening, changing and closing an account.

Passwords come here as hashes only, made and checked outside: both take long, and the
making has chance in it.
"""

from __future__ import annotations

from hubbub.hub.decision import Decision
from hubbub.hub.find import find_user
from hubbub.hub.rules.names import check_name
from hubbub.hub.state import State
from hubbub.model.commands import (
    CloseAccount,
    CreateAccount,
    LogOutOthers,
    OpenAccount,
    SetPassword,
)
from hubbub.model.events import (
    SERVER_NAME,
    AccountClosed,
    AccountCreated,
    AccountOpened,
    Event,
    OthersLoggedOut,
    PasswordChanged,
    RoleChanged,
)
from hubbub.model.limits import Limits
from hubbub.model.refusals import Code, Refusal
from hubbub.model.roles import ACCOUNTS


def open_account(
    state: State, actor: int, command: OpenAccount, time: int, limits: Limits
) -> Decision:
    """Make a guest's name their own."""
    full = no_room_for_account(state, limits)
    if full is not None:
        return full
    name = state.users[actor].name
    seq = state.seq + 1
    return (AccountOpened(seq, time, actor, name, command.password_hash),)


def no_room_for_account(state: State, limits: Limits) -> Refusal | None:
    """Say why there can't be another account; None: there can."""
    if state.accounts < limits.accounts:
        return None
    return Refusal(
        Code.TOO_MANY_ACCOUNTS,
        f"there are {limits.accounts} accounts, which is the most; ask an owner",
    )


def set_password(
    state: State, actor: int, command: SetPassword, time: int, _limits: Limits
) -> Decision:
    """Change the password: whoever knew the old one is out everywhere else."""
    name = state.users[actor].name
    seq = state.seq
    return (
        PasswordChanged(seq + 1, time, actor, name, command.password_hash),
        OthersLoggedOut(seq + 2, time, actor, name, command.device),
    )


def close_account(
    state: State, actor: int, command: CloseAccount, time: int, _limits: Limits
) -> Decision:
    """Be a guest again, on this connection alone."""
    name = state.users[actor].name
    seq = state.seq
    return (
        OthersLoggedOut(seq + 1, time, actor, name, command.device),
        AccountClosed(seq + 2, time, actor, name, state.users[actor].role),
    )


def log_out_others(
    state: State, actor: int, command: LogOutOthers, time: int, _limits: Limits
) -> Decision:
    """Forget all devices but the one that asks."""
    name = state.users[actor].name
    return (OthersLoggedOut(state.seq + 1, time, actor, name, command.device),)


def create_account(
    state: State, _actor: int, command: CreateAccount, time: int, limits: Limits
) -> Decision:
    """Make an account under a free name, or set role and password of one there is."""
    if command.role not in ACCOUNTS:
        return Refusal(Code.USAGE, "an account is an owner's, moderator's or member's")
    seq = state.seq
    user = find_user(state, command.name)
    if user is None:
        name = check_name(command.name, state.name_keys, state.name_looks, None)
        if isinstance(name, Refusal):
            return name
        full = no_room_for_account(state, limits)
        if full is not None:
            return full
        return (
            AccountCreated(
                seq + 1, time, name.shown, command.role, command.password_hash
            ),
        )
    if not user.is_account:
        return Refusal(
            Code.NAME_TAKEN,
            f"{user.name} is here as a guest; have them :register, or choose another",
        )
    events: list[Event] = []
    if command.password_hash:
        events += (
            PasswordChanged(seq + 1, time, user.id, user.name, command.password_hash),
            OthersLoggedOut(seq + 2, time, user.id, user.name),
        )
    if user.role is not command.role:
        events.append(
            RoleChanged(
                seq + len(events) + 1,
                time,
                user.id,
                user.name,
                command.role,
                SERVER_NAME,
                user.role,
            )
        )
    return tuple(events)
