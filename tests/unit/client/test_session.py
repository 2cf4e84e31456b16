"""The course of a chat: coming in, being lost, coming back and leaving."""

from __future__ import annotations

import math

import pytest
from tests.unit.client.shell import Shell, bye

from hubbub.client import (
    Acknowledged,
    Connected,
    Disconnected,
    Ended,
    Message,
    NameRefused,
    Reconnected,
    Retrying,
)
from hubbub.client.steps import Exchange, Finished, Open, Pause
from hubbub.dialects.json_lines import frames

# --- coming in -----------------------------------------------------------------------


def test_the_first_step_opens_a_connection() -> None:
    shell = Shell()
    assert shell.step() == Open(110.0)
    shell.connect()
    assert shell.step() == Exchange(160.0, reading=True)
    assert [type(event) for event in shell.events()] == [Connected]


def test_a_first_connection_that_fails_is_tried_again() -> None:
    shell = Shell()
    shell.session.open_failed("Connection refused", shell.now)
    assert shell.events() == [Retrying(1, 5.0, 120.0, "Connection refused")]
    assert shell.step() == Pause(105.0)
    assert shell.step(5.0) == Open(115.0)
    shell.session.open_failed("Connection refused", shell.now)
    assert shell.events() == [Retrying(2, 5.0, 115.0, "Connection refused")]
    shell.step(5.0)
    shell.connect()
    assert [type(event) for event in shell.events()] == [Connected]


def test_in_the_end_it_gives_up() -> None:
    shell = Shell(every=5.0, window=10.0)
    for _ in range(3):
        shell.session.open_failed("Connection refused", shell.now)
        shell.step(5.0)
    assert shell.events()[-1] == Ended(
        "unreachable", "Connection refused (tried for 10 s)"
    )
    assert shell.step() == Finished()


def test_without_a_window_it_gives_up_at_once() -> None:
    shell = Shell(window=0.0)
    shell.session.open_failed("Connection refused", shell.now)
    assert shell.events() == [Ended("unreachable", "Connection refused")]


def test_a_hub_that_does_not_greet_is_given_up() -> None:
    shell = Shell()
    shell.session.opened(shell.now)
    assert shell.step() == Exchange(130.0, reading=True)
    assert isinstance(shell.step(30.0), Pause)
    assert shell.events() == [Retrying(1, 5.0, 120.0, "the hub did not answer")]


@pytest.mark.parametrize("code", ["name_taken", "name_invalid", "too_many_users"])
def test_a_refusal_at_the_door_ends_it(code: str) -> None:
    shell = Shell()
    shell.hub.refuse = lambda _frame: frames.Error(code, "no", "hello")
    shell.connect()
    assert shell.events() == [Ended(code, "no")]
    assert shell.step() == Finished()


def test_a_full_disk_at_the_door_does_not() -> None:
    shell = Shell()
    shell.hub.refuse = lambda _frame: frames.Error("storage_unavailable", "later")
    shell.connect()
    assert shell.events() == [Retrying(1, 5.0, 120.0, "later")]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"SSH-2.0-x\r\n", "; it says: SSH-2.0-x"),
        (b"HTTP/1.1 400 Bad Request\r\n", "; it says: HTTP/1.1 400 Bad Request"),
        # As a hub refuses a connection too many, whose dialect it can't know yet.
        (
            b"\x1b[31m[12:00:00] error: there are too many\x1b[0m\n",
            "; it says: [12:00:00] error: there are too many",
        ),
        (b"x" * 300 + b"\n", "; it says: " + "x" * 200),
        (b"\x16\x03\x01\x00\n", ""),
    ],
)
def test_what_is_no_hub_ends_it(data: bytes, says: str) -> None:
    shell = Shell()
    shell.session.opened(shell.now)
    shell.session.received(data, shell.now)
    assert shell.events() == [Ended("not_a_hub", f"no hub lets you in there{says}")]


# --- names ---------------------------------------------------------------------------


def taken(shell: Shell) -> None:
    shell.hub.refuse = lambda frame: (
        frames.Error("name_taken", "taken", "hello")
        if isinstance(frame, frames.Hello) and frame.name == "alice"
        else None
    )


def test_a_chosen_name_goes_out_on_the_same_connection() -> None:
    shell = Shell(ask_name=True)
    taken(shell)
    shell.connect()
    assert shell.events() == [NameRefused("alice", "name_taken", "taken")]
    shell.step(20.0)
    shell.session.choose_name("carol", shell.now)
    # The time for a welcome counts from the new name on.
    assert shell.step() == Exchange(150.0, reading=True)
    shell.exchange()
    assert [type(event) for event in shell.events()] == [Connected]


@pytest.mark.parametrize("end", [b"", bye("handshake")])
def test_thinking_about_a_name_may_take_longer_than_the_hub_waits(end: bytes) -> None:
    shell = Shell(ask_name=True)
    taken(shell)
    shell.connect()
    shell.session.received(end, shell.now)
    assert shell.step(1000.0) == Pause(math.inf)
    assert shell.events() == [NameRefused("alice", "name_taken", "taken")]
    shell.session.choose_name("carol", shell.now)
    shell.connect()
    assert [type(event) for event in shell.events()] == [Connected]


def test_a_name_nobody_asked_for_changes_nothing() -> None:
    shell = Shell().connect()
    shell.session.choose_name("carol", shell.now)
    assert shell.session.outgoing() == b""


# --- losing and coming back ----------------------------------------------------------


def test_a_lost_connection_comes_back() -> None:
    shell = Shell().connect()
    shell.events()
    assert shell.link is not None
    shell.link.lose()
    shell.session.received(b"", shell.now)
    shell.session.protocol.send("meanwhile")
    reason = "the connection was closed by the other side"
    assert shell.events() == [
        Disconnected(reason, will_retry=True),
        Retrying(1, 5.0, 120.0, reason),
    ]
    shell.hub.say("bob", "you missed this")
    shell.step(5.0)
    shell.connect()
    events = [type(event) for event in shell.events()]
    assert events[0] is Reconnected
    assert Acknowledged in events
    assert shell.hub.said == ["you missed this", "meanwhile"]


def test_attempts_count_anew_after_a_welcome() -> None:
    shell = Shell().connect()
    for _ in range(3):
        shell.session.received(b"", shell.now)
        assert shell.events()[-1] == Retrying(
            1, 5.0, 120.0, "the connection was closed by the other side"
        )
        assert shell.link is not None
        shell.link.lose()
        shell.step(5.0)
        shell.connect()


@pytest.mark.parametrize("code", ["kicked", "replaced", "refused", "quit", "handshake"])
def test_a_final_goodbye_ends_it(code: str) -> None:
    shell = Shell().connect()
    shell.session.received(bye(code), shell.now)
    assert shell.events()[-1] == Ended(code, "because")
    assert shell.step() == Finished()


@pytest.mark.parametrize("code", ["shutdown", "idle", "slow", "something_new"])
def test_another_goodbye_does_not(code: str) -> None:
    shell = Shell().connect()
    shell.session.received(bye(code), shell.now)
    assert shell.events()[1:] == [
        Disconnected("because", will_retry=True),
        Retrying(1, 5.0, 120.0, "because"),
    ]


def test_silence_is_asked_about_and_then_it_is_lost() -> None:
    shell = Shell().connect()
    assert shell.step(59.0) == Exchange(160.0, reading=True)
    assert shell.session.outgoing() == b""
    assert shell.step(1.0) == Exchange(190.0, reading=True)
    assert shell.session.outgoing() == b'{"type":"ping"}\n'
    assert isinstance(shell.step(30.0), Pause)
    assert Disconnected("the hub has gone silent", will_retry=True) in shell.events()


def test_any_byte_breaks_the_silence() -> None:
    shell = Shell().connect()
    shell.step(60.0)
    shell.session.received(b"\n", shell.now)
    assert shell.step(29.0) == Exchange(220.0, reading=True)


# --- leaving -------------------------------------------------------------------------


def test_closing_says_goodbye_after_what_was_sent() -> None:
    shell = Shell().connect()
    shell.session.protocol.send("last words")
    shell.session.close(shell.now)
    shell.exchange()
    assert shell.hub.said == ["last words"]
    assert [type(event) for event in shell.events()] == [
        Connected,
        Message,
        Acknowledged,
        Ended,
    ]
    assert shell.session.ended == Ended("quit", "goodbye")


def test_closing_does_not_wait_for_ever() -> None:
    shell = Shell().connect()
    shell.session.close(shell.now)
    assert shell.step() == Exchange(103.0, reading=True)
    assert shell.step(3.0) == Finished()
    assert shell.session.ended == Ended("quit", "goodbye")


def test_closing_twice_does_not_wait_at_all() -> None:
    shell = Shell().connect()
    shell.session.close(shell.now)
    shell.session.outgoing()
    shell.session.close(shell.now)
    assert shell.step() == Finished()


@pytest.mark.parametrize("opened", [True, False])
def test_closing_without_a_hub_is_immediate(opened: bool) -> None:
    shell = Shell()
    if opened:
        shell.session.opened(shell.now)
    shell.session.close(shell.now)
    assert shell.step() == Finished()
    assert shell.events() == [Ended("quit", "goodbye")]
    # What the shell was about to tell comes too late.
    shell.session.opened(shell.now)
    shell.session.open_failed("no", shell.now)
    shell.session.received(b"x", shell.now)
    shell.session.lost("no", shell.now)
    shell.session.close(shell.now)
    shell.session.choose_name("x", shell.now)
    shell.session.fail("no")
    assert shell.session.outgoing() == b""
    assert shell.events() == []


def test_an_error_of_the_shell_ends_it() -> None:
    shell = Shell().connect()
    shell.session.fail("broken")
    assert shell.events()[-1] == Ended("failed", "broken")
