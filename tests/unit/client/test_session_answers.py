"""What a chat's program waits for, and what it leaves lying."""

from __future__ import annotations

import pytest
from tests.unit.client.shell import Shell, bye

from hubbub.client import EndedError, Refused, RefusedError, UnconfirmedError
from hubbub.client.steps import Exchange
from hubbub.dialects.json_lines.frames import UsersRequest

# --- an inbox that nobody empties ----------------------------------------------------


def flood(shell: Shell) -> None:
    while not shell.session.inbox.full:
        shell.hub.say("bob", "x")
        if len(shell.hub.events) % 500 == 0:
            shell.exchange()


def test_a_full_inbox_stops_the_reading_and_the_clock() -> None:
    shell = Shell().connect()
    flood(shell)
    assert shell.step() == Exchange(160.0, reading=False)
    # Nothing is heard because nothing is read; nobody has gone silent.
    assert shell.step(1000.0) == Exchange(1160.0, reading=False)
    shell.events()
    assert shell.step() == Exchange(1160.0, reading=True)


def test_whoever_waits_for_an_answer_gets_it() -> None:
    shell = Shell().connect()
    flood(shell)
    session = shell.session
    re = session.protocol.ask(UsersRequest())
    session.claim(re)
    assert session.wants_read
    shell.exchange()
    assert session.answer(re) is not None
    assert not session.wants_read
    session.flushing(+1)
    assert session.wants_read
    session.flushing(-1)
    session.close(shell.now)
    assert session.wants_read


# --- answers -------------------------------------------------------------------------


def test_a_claimed_answer_is_kept_for_its_claimant() -> None:
    shell = Shell().connect()
    shell.events()
    session = shell.session
    session.claim(re := session.protocol.users())
    assert session.answer(re) is None
    shell.exchange()
    answer = session.answer(re)
    assert answer is not None
    assert answer.re == re
    session.disclaim(re)
    session.disclaim(re)
    assert shell.events() == []


def test_a_claimed_change_of_groups_is_news_as_well() -> None:
    shell = Shell().connect()
    shell.events()
    session = shell.session
    session.claim(re := session.protocol.group("create", "tea"))
    shell.exchange()
    assert [session.answer(re)] == shell.events()


def test_a_claimed_refusal_raises() -> None:
    shell = Shell().connect()
    session = shell.session
    session.claim(re := session.protocol.group("join", "nope"))
    shell.exchange()
    with pytest.raises(RefusedError, match="no such group") as raised:
        session.answer(re)
    assert raised.value.code == "group_unknown"


def test_a_claimed_loss_raises() -> None:
    shell = Shell().connect()
    session = shell.session
    session.claim(re := session.protocol.group("join", "tea"))
    session.outgoing()
    session.lost("cut", shell.now)
    with pytest.raises(UnconfirmedError):
        session.answer(re)


def test_the_end_raises_for_all_who_wait() -> None:
    shell = Shell().connect()
    session = shell.session
    session.claim(re := session.protocol.users())
    session.received(bye("kicked"), shell.now)
    with pytest.raises(EndedError, match="because") as raised:
        session.answer(re)
    assert raised.value.code == "kicked"


def test_what_nobody_claimed_is_an_event() -> None:
    shell = Shell().connect()
    shell.events()
    shell.session.protocol.send("hi", "#nope")
    shell.exchange()
    assert [type(event) for event in shell.events()] == [Refused]
