"""Codes that let people in: making, revoking and using them.

A code is good until a date by the wall clock of the hub's machine, or once. That it is
used once only follows from deciding one command after the other.
"""

from __future__ import annotations

from hubbub.hub.decision import Decision
from hubbub.hub.find import find_invite
from hubbub.hub.order import in_force
from hubbub.hub.rights import name_of
from hubbub.hub.rules.accounts import no_room_for_account
from hubbub.hub.rules.seats import join
from hubbub.hub.state import State
from hubbub.model.commands import Join
from hubbub.model.events import AccountOpened, UserJoined
from hubbub.model.invites import (
    CreateInvite,
    InviteCreated,
    InviteRevoked,
    InviteUsed,
    JoinInvited,
    RevokeInvite,
)
from hubbub.model.limits import Limits
from hubbub.model.refusals import NO_INVITE, Code, Refusal


def create_invite(
    state: State, actor: int, command: CreateInvite, time: int, limits: Limits
) -> Decision:
    """Make a code."""
    good = sum(in_force(one.until, time) for one in state.invites.values())
    if good >= limits.invites:
        return Refusal(
            Code.TOO_MANY_INVITES,
            f"there are {limits.invites} invitations, which is the most; revoke one "
            "with :invite revoke <id>",
        )
    by = name_of(state, actor)
    return (InviteCreated(state.seq + 1, time, by, command.code_hash, command.until),)


def revoke_invite(
    state: State, actor: int, command: RevokeInvite, time: int, _limits: Limits
) -> Decision:
    """Let a code be good no more."""
    invite = state.invites.get(command.id)
    if invite is None or not in_force(invite.until, time):
        return Refusal(
            Code.INVITE_INVALID,
            f"there is no invitation {command.id}; :invites lists them",
        )
    by = name_of(state, actor)
    return (InviteRevoked(state.seq + 1, time, command.id, by),)


def join_invited(
    state: State, actor: int, command: JoinInvited, time: int, limits: Limits
) -> Decision:
    """Come in as a guest, and make the name one's own in the same breath.

    All of it is one decision: whoever is refused, for the name or for anything else,
    has used nothing up.
    """
    invite = find_invite(state, command.code_hash, time)
    if invite is None:
        return NO_INVITE
    no = no_room_for_account(state, limits)
    if no is not None:
        return no
    plain = Join(
        command.name,
        command.token_hash,
        command.address,
        command.dialect,
        command.place,
    )
    joined = join(state, actor, plain, time, limits)
    if not isinstance(joined, tuple):
        return joined
    first = joined[0]
    assert isinstance(first, UserJoined), "one comes in by that first"
    user, name = first.user, first.name
    seq = state.seq + len(joined)
    return (
        *joined,
        AccountOpened(seq + 1, time, user, name, command.password_hash),
        InviteUsed(seq + 2, time, invite.id, user, name),
    )
