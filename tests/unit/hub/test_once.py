"""Saying one thing without coming in."""

from __future__ import annotations

import pytest

from hubbub.hub import EVERYONE, Hub, Repeated, replay
from hubbub.model.address import LOBBY, Address, ToGroup, ToUser
from hubbub.model.commands import CreateGroup, Join, Post, PostOnce
from hubbub.model.events import SERVER_ID, DirectPosted, LobbyPosted
from hubbub.model.limits import Limits
from hubbub.model.moderation import Slow
from hubbub.model.refusals import Code, Refusal


def hub_with_bill(**limits: int) -> Hub:
    """Make a hub with Bill (1), who has made #tea."""
    hub = Hub(Limits(**limits))
    hub.execute(SERVER_ID, Join("Bill"), 1)
    hub.execute(1, CreateGroup("tea"), 1)
    return hub


def test_nobody_comes_in_and_nobody_leaves() -> None:
    """One event, whose `seq` is its sender's id; and the name is free as before."""
    hub = hub_with_bill()
    assert hub.execute(SERVER_ID, PostOnce("ci", LOBBY, "done"), 2) == [
        (LobbyPosted(3, 2, 3, "ci", "done"), EVERYONE)
    ]
    assert list(hub.state.users) == [1]
    assert isinstance(hub.execute(SERVER_ID, Join("ci"), 3), list)


def test_a_person_is_told_alone() -> None:
    """As of any private message, but there is nobody to be told of it as well."""
    hub = hub_with_bill()
    outcome = hub.execute(SERVER_ID, PostOnce("ci", ToUser("bill"), "psst"), 2)
    assert isinstance(outcome, list)
    ((event, audience),) = outcome
    assert event == DirectPosted(3, 2, 3, "ci", 1, "Bill", "psst")
    assert 1 in audience
    assert audience is not EVERYONE


@pytest.mark.parametrize(
    ("name", "to", "text", "code"),
    [
        ("bill", LOBBY, "x", Code.NAME_TAKEN),
        ("BiIl", LOBBY, "x", Code.NAME_TAKEN),
        ("server", LOBBY, "x", Code.NAME_INVALID),
        ("two words", LOBBY, "x", Code.NAME_INVALID),
        ("ci", LOBBY, " \n", Code.TEXT_EMPTY),
        ("ci", LOBBY, "x" * 5000, Code.TEXT_TOO_LONG),
        ("ci", ToGroup("tea"), "x", Code.NOT_A_MEMBER),
        ("ci", ToGroup("milk"), "x", Code.GROUP_UNKNOWN),
        ("ci", ToUser("ann"), "x", Code.USER_UNKNOWN),
    ],
)
def test_what_is_refused(name: str, to: Address, text: str, code: Code) -> None:
    """A name somebody holds, or that looks like it, is not spoken under."""
    hub = hub_with_bill()
    before = hub.state.dump()
    outcome = hub.execute(SERVER_ID, PostOnce(name, to, text), 2)
    assert isinstance(outcome, Refusal)
    assert outcome.code is code
    assert hub.state.dump() == before


def test_a_nonce_is_one_message_for_a_name() -> None:
    """Even when somebody has come in under the name since; another name is another."""
    hub = hub_with_bill()
    hub.execute(SERVER_ID, PostOnce("ci", LOBBY, "done", "n"), 2)
    hub.execute(SERVER_ID, Join("ci"), 3)
    again = hub.execute(SERVER_ID, PostOnce("CI", LOBBY, "done", "n"), 4)
    assert again == Repeated(3)
    other = hub.execute(SERVER_ID, PostOnce("cd", LOBBY, "done", "n"), 4)
    assert isinstance(other, list)


@pytest.mark.limit("once_nonces")
def test_old_nonces_are_forgotten_and_new_ones_survive_a_restart() -> None:
    """limits.md: the oldest is forgotten. The state is what replaying gives."""
    hub = hub_with_bill(once_nonces=2)
    events = []
    for number in range(3):
        outcome = hub.execute(SERVER_ID, PostOnce("ci", LOBBY, "done", f"n{number}"), 2)
        assert isinstance(outcome, list)
        events += [event for event, _ in outcome]
    assert list(hub.state.once.values()) == [4, 5]
    snapshot = hub.state.dump()
    assert replay(snapshot, [], hub.limits) == hub.state
    start = hub_with_bill(once_nonces=2).state.dump()
    assert replay(start, events, hub.limits) == hub.state


def test_the_console_keeps_nobody_waiting_who_does_not_come_in() -> None:
    """docs/protocol.md, "Keeping order": in a slow lobby they wait for each other."""
    hub = hub_with_bill()
    hub.execute(SERVER_ID, Slow(LOBBY, 60), 1_000)
    hub.execute(SERVER_ID, Post(LOBBY, "hello all"), 2_000)
    first = hub.execute(SERVER_ID, PostOnce("ci", LOBBY, "done"), 3_000)
    assert isinstance(first, list)
    again = hub.execute(SERVER_ID, PostOnce("cd", LOBBY, "done"), 4_000)
    assert isinstance(again, Refusal)
    assert again.code is Code.TOO_SOON
