"""What happens to access tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hubbub.hub.order import in_force
from hubbub.hub.state import State
from hubbub.hub.tokens import AccessToken
from hubbub.model.access import TokenCreated, TokenRevoked

if TYPE_CHECKING:
    from collections.abc import Callable


def _created(state: State, event: TokenCreated) -> None:
    # Those whose time is over go with the next that is made, so there is a bound.
    _keep(state, lambda one: in_force(one.until, event.time))
    if event.token_hash:
        # Else it comes from an export without secrets, and nobody can show it.
        state.access[event.token_hash] = AccessToken(
            event.seq,
            event.user,
            event.scope,
            event.last,
            event.by,
            event.time,
            event.until,
        )


def _revoked(state: State, event: TokenRevoked) -> None:
    _keep(state, lambda one: one.id != event.token)


def forget_tokens(state: State, user: int) -> None:
    """Let all tokens of an account be good no more."""
    _keep(state, lambda one: one.user != user)


def _keep(state: State, stays: Callable[[AccessToken], bool]) -> None:
    state.access = {code: one for code, one in state.access.items() if stays(one)}


ACCESS: dict[type, Callable[[State, Any], None]] = {
    TokenCreated: _created,
    TokenRevoked: _revoked,
}
