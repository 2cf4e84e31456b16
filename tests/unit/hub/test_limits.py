"""Limits that the rules keep and no dialect reaches yet: accounts and their devices."""

from __future__ import annotations

from typing import Any

import pytest

from hubbub.hub import Hub
from hubbub.model.access import CreateToken, RevokeToken
from hubbub.model.address import ToUser
from hubbub.model.commands import (
    CreateAccount,
    Disconnect,
    HubCommand,
    Join,
    OpenAccount,
    Post,
    SignIn,
)
from hubbub.model.events import SERVER_ID
from hubbub.model.limits import Limits
from hubbub.model.moderation import Ban, Unban
from hubbub.model.refusals import Code, Refusal


def happened(hub: Hub, actor: int, command: HubCommand) -> int:
    """Give a command that is not refused; give the `seq` of its first event."""
    outcome = hub.execute(actor, command, 0)
    assert isinstance(outcome, list), outcome
    return outcome[0][0].seq


def refused(hub: Hub, actor: int, command: HubCommand) -> Code:
    """Give a command that is refused; give the code."""
    outcome: Any = hub.execute(actor, command, 0)
    assert isinstance(outcome, Refusal), outcome
    return outcome.code


@pytest.mark.limit("accounts")
def test_too_many_accounts() -> None:
    """Nobody gets one more, not from an owner either; guests come as before."""
    hub = Hub(Limits(accounts=2))
    for name in ("ann", "bob"):
        user = happened(hub, SERVER_ID, Join(name))
        happened(hub, user, OpenAccount("h"))
    carl = happened(hub, SERVER_ID, Join("carl"))
    assert refused(hub, carl, OpenAccount("h")) is Code.TOO_MANY_ACCOUNTS
    role = hub.user(1).role
    command = CreateAccount("dora", role, "h")
    assert refused(hub, SERVER_ID, command) is Code.TOO_MANY_ACCOUNTS
    happened(hub, SERVER_ID, Join("eve"))


@pytest.mark.limit("tokens_per_user")
def test_too_many_tokens_of_one_account() -> None:
    """One is refused the next until one of theirs is revoked, or over."""
    hub = Hub(Limits(tokens_per_user=2))
    for number, seconds in enumerate((None, 1)):
        made = CreateToken(f"h{number}", "last", ("lobby",), (), seconds, "ci")
        first = happened(hub, SERVER_ID, made)
    more = CreateToken("h3", "last", ("lobby",), (), None, "ci")
    assert refused(hub, SERVER_ID, more) is Code.TOO_MANY_TOKENS
    happened(hub, SERVER_ID, CreateToken("h4", "last", ("lobby",), (), None, "other"))
    assert isinstance(hub.execute(SERVER_ID, more, 1_000), list)
    assert hub.find_token("h1", 0) is None, "forgotten with the next"
    happened(hub, SERVER_ID, RevokeToken(first + 2))


@pytest.mark.limit("tokens")
def test_too_many_tokens() -> None:
    """Of all accounts together; one that is revoked makes room."""
    hub = Hub(Limits(tokens=2))
    made = [CreateToken(f"h{n}", "last", ("all",), name=f"ci{n}") for n in range(3)]
    happened(hub, SERVER_ID, made[0])
    happened(hub, SERVER_ID, made[1])
    assert refused(hub, SERVER_ID, made[2]) is Code.TOO_MANY_TOKENS
    token = hub.find_token("h0", 0)
    assert token is not None
    happened(hub, SERVER_ID, RevokeToken(token.id))
    happened(hub, SERVER_ID, made[2])


@pytest.mark.limit("bans")
def test_too_many_bans() -> None:
    """No more are taken until one is lifted, or over when the next is set."""
    hub = Hub(Limits(bans=2))
    for place in ("10.0.0.1", "10.0.0.2"):
        happened(hub, SERVER_ID, Ban(place))
    assert refused(hub, SERVER_ID, Ban("10.0.0.3")) is Code.TOO_MANY_BANS
    happened(hub, SERVER_ID, Unban("10.0.0.1"))
    happened(hub, SERVER_ID, Ban("10.0.0.3"))


@pytest.mark.limit("devices")
def test_too_many_devices() -> None:
    """The one that came first is forgotten; the others may come back."""
    hub = Hub(Limits(devices=2))
    ann = happened(hub, SERVER_ID, Join("ann", "first"))
    happened(hub, ann, OpenAccount("h"))
    for token in ("second", "third"):
        happened(hub, ann, SignIn(token))
    assert [hub.holder(token) for token in ("first", "second", "third")] == [
        None,
        ann,
        ann,
    ]


@pytest.mark.limit("waiting")
def test_too_many_letters_wait() -> None:
    """Refusal `user_away`, until they come back."""
    hub = Hub(Limits(waiting=2))
    ann = happened(hub, SERVER_ID, Join("ann", "t"))
    happened(hub, ann, OpenAccount("h"))
    bob = happened(hub, SERVER_ID, Join("bob"))
    happened(hub, ann, Disconnect("lost", keep_seat=True))
    for text in ("one", "two"):
        happened(hub, bob, Post(ToUser("ann"), text))
    assert refused(hub, bob, Post(ToUser("ann"), "three")) is Code.USER_AWAY
