"""What happens to the codes that let people in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hubbub.hub.invites import Invite
from hubbub.hub.order import in_force
from hubbub.hub.state import State
from hubbub.model.invites import InviteCreated, InviteRevoked, InviteUsed

if TYPE_CHECKING:
    from collections.abc import Callable


def _created(state: State, event: InviteCreated) -> None:
    # Those whose time is over go with the next that is made, so there is a bound.
    for one in list(state.invites.values()):
        if not in_force(one.until, event.time):
            del state.invites[one.id]
    state.invites[event.invite] = Invite(
        event.invite, event.code_hash, event.by, event.time, event.until
    )


def _used(state: State, event: InviteUsed) -> None:
    if not state.invites[event.invite].until:
        del state.invites[event.invite]


def _revoked(state: State, event: InviteRevoked) -> None:
    del state.invites[event.invite]


INVITES: dict[type, Callable[[State, Any], None]] = {
    InviteCreated: _created,
    InviteUsed: _used,
    InviteRevoked: _revoked,
}
