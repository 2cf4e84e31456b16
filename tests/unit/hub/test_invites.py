"""Codes that let people in, by the rules alone."""

from __future__ import annotations

import msgspec
import pytest

from hubbub.app.history import without_secrets
from hubbub.hub import Hub, replay
from hubbub.model.commands import Join
from hubbub.model.events import SERVER_ID, Event
from hubbub.model.invites import CreateInvite, JoinInvited, RevokeInvite
from hubbub.model.limits import Limits
from hubbub.model.refusals import Code, Refusal
from hubbub.model.roles import Role

LIMITS = Limits(invites=2)


class Told(Hub):
    """A hub whose events are kept, to replay them."""

    def __init__(self, limits: Limits = LIMITS) -> None:
        super().__init__(limits)
        self.events: list[Event] = []

    def give(
        self, command: CreateInvite | RevokeInvite | JoinInvited, time: int
    ) -> Code | None:
        """Execute a command; give the code of the refusal."""
        outcome = self.execute(SERVER_ID, command, time)
        if isinstance(outcome, Refusal):
            return outcome.code
        assert isinstance(outcome, list)
        for event, audience in outcome:
            self.events.append(event)
            assert event.seq < 0 or audience is not None
        assert replay(None, self.events, LIMITS) == self.state
        assert replay(self.state.dump(), (), LIMITS) == self.state
        return None


def test_one_use_is_one() -> None:
    """The second of two who show a code is refused, and has no name."""
    hub = Told()
    hub.give(CreateInvite("code"), 1)
    assert hub.give(JoinInvited("ann", "code", "hash"), 2) is None
    ann = hub.find_user("ann")
    assert ann is not None
    assert (ann.role, ann.password_hash, ann.connected) == (Role.MEMBER, "hash", True)
    assert hub.give(JoinInvited("bob", "code", "hash"), 2) is Code.INVITE_INVALID
    assert hub.find_user("bob") is None


def test_until_a_date() -> None:
    """Many come in before its time is over, and nobody from then on."""
    hub = Told()
    hub.give(CreateInvite("code", until=10), 1)
    assert hub.give(JoinInvited("ann", "code", "hash"), 8) is None
    assert hub.give(JoinInvited("bob", "code", "hash"), 9) is None
    assert hub.give(JoinInvited("eve", "code", "hash"), 10) is Code.INVITE_INVALID


def test_a_taken_name_uses_nothing_up() -> None:
    """Who is refused for the name may try another with the same code."""
    hub = Told()
    hub.give(CreateInvite("code"), 1)
    assert hub.give(JoinInvited("two words", "code", "hash"), 2) is Code.NAME_INVALID
    assert hub.give(JoinInvited("ann", "code", "hash"), 2) is None


@pytest.mark.limit("invites")
def test_revoked_and_bounded() -> None:
    """A revoked code lets nobody in; those that are over make room."""
    hub = Told()
    hub.give(CreateInvite("one"), 1)
    hub.give(CreateInvite("two", until=5), 1)
    assert hub.give(CreateInvite("three"), 2) is Code.TOO_MANY_INVITES
    assert hub.give(CreateInvite("three"), 5) is None
    there = {one.code_hash: one.id for one in hub.state.invites.values()}
    assert list(there) == ["one", "three"]
    assert hub.give(RevokeInvite(there["one"]), 6) is None
    assert hub.give(RevokeInvite(99), 6) is Code.INVITE_INVALID
    assert hub.give(JoinInvited("ann", "one", "hash"), 7) is Code.INVITE_INVALID


@pytest.mark.parametrize(
    "command", [CreateInvite("code"), RevokeInvite(1), JoinInvited("eve", "code", "h")]
)
def test_guests_may_not(command: CreateInvite | RevokeInvite | JoinInvited) -> None:
    """Codes are the business of those who keep order."""
    hub = Told()
    hub.execute(SERVER_ID, Join("guest"), 1)
    outcome = hub.execute(hub.state.seq, command, 2)
    assert isinstance(outcome, Refusal)
    assert outcome.code is Code.NOT_ALLOWED


def test_an_export_without_secrets_leads_to_the_same_state_without_them() -> None:
    """The codes are in the list all the same; none of them lets anybody in."""
    hub = Told()
    hub.give(CreateInvite("one"), 1)
    hub.give(CreateInvite("two", until=50), 1)
    assert hub.give(JoinInvited("ann", "one", "hash"), 2) is None
    hub.give(CreateInvite("three"), 3)
    bare = [without_secrets(event) for event in hub.events]
    written = msgspec.json.encode(bare).decode()
    assert not [code for code in ("one", "two", "three") if f'"{code}"' in written]
    imported = Hub(LIMITS, replay(None, bare, LIMITS))
    hub.state.forget_secrets()
    assert imported.state == hub.state
    assert replay(hub.state.dump(), (), LIMITS) == hub.state
    outcome = imported.execute(SERVER_ID, JoinInvited("eve", "", "hash"), 4)
    assert isinstance(outcome, Refusal)
    assert len(imported.state.invites) == 2


def test_a_hub_full_of_accounts_uses_nothing_up() -> None:
    """Refusal `too_many_accounts`; when there is room the code is still good."""
    hub = Told(Limits(accounts=1))
    hub.give(CreateInvite("code", until=50), 1)
    assert hub.give(JoinInvited("ann", "code", "hash"), 2) is None
    full = hub.give(JoinInvited("bob", "code", "hash"), 2)
    assert full is Code.TOO_MANY_ACCOUNTS
    assert hub.find_user("bob") is None
    assert len(hub.state.invites) == 1
