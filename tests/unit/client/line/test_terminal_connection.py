"""At the terminal: names, lost connections, and every way to leave."""

from __future__ import annotations

import signal
import socket
import threading
from functools import partial
from typing import TYPE_CHECKING

import pytest
from tests.unit.client.fake_hub import FakeHub
from tests.unit.client.line.at_terminal import AtTerminal
from tests.unit.client.loopback import LIMIT, LoopbackHub

from hubbub.dialects.json_lines import frames
from hubbub.fronts.line.conversation import Conversation

if TYPE_CHECKING:
    pass


def test_a_taken_name_asks_again(at: AtTerminal, hub: LoopbackHub) -> None:
    hub.hub.refuse = lambda frame: (
        frames.Error("name_taken", "the name alice is taken", "hello")
        if isinstance(frame, frames.Hello) and frame.name == "alice"
        else None
    )

    def script() -> None:
        at.waits_for("error: the name alice is taken")
        at.waits_for("^NAME :$")
        at.types("\r")
        at.types("carol\r")
        at.waits_for("1 online: carol")
        at.waits_for("^YOU >>")
        at.types(":quit\r")

    assert at.run(script) == 0


def test_a_lost_connection(at: AtTerminal, hub: LoopbackHub) -> None:
    def script() -> None:
        at.waits_for("^YOU >>")
        with hub.lock:
            hub.hub.refuse = lambda _frame: frames.Error("storage_unavailable", "later")
            hub.cut()
        at.waits_for("Disconnected from server: the connection was closed")
        at.waits_for(r"Not connected: trying (again in \d+ s|now), giving up in \d+ s")
        at.types("meanwhile\r")
        at.waits_for(r"\(waiting\) meanwhile")
        at.types(":users\r")
        at.waits_for("error: not connected; ask again later")
        with hub.lock:
            hub.hub.refuse = lambda _frame: None
        at.waits_for("Reconnected successfully!")
        at.waits_for(r"\(sent\) meanwhile")
        at.types(":quit\r")

    assert at.run(script) == 0
    assert hub.hub.said == ["meanwhile"]
    # The countdown is no part of what stays.
    assert not any("Not connected" in line for line in at.screen.lines)


def test_the_countdown_counts(at: AtTerminal, hub: LoopbackHub) -> None:
    def script() -> None:
        at.waits_for("^YOU >>")
        hub.cut()
        wait = at.waits_for(r"^Not connected: trying again in (\d+) s, giving up in \d")
        fewer = "|".join(map(str, range(int(wait[1]))))
        at.waits_for(f"^Not connected: trying again in ({fewer}) s")
        at.types("\x03")

    assert at.run(script, reconnect_every=60.0, reconnect_for=120.0) == 0


def test_what_is_being_typed_outlives_the_connection(
    at: AtTerminal, hub: LoopbackHub
) -> None:
    def script() -> None:
        at.waits_for("^YOU >>")
        at.types("half a thought")
        at.waits_for("YOU >> half a thought")
        hub.cut()
        at.waits_for("Reconnected successfully!")
        at.screen.wait_for_end("^YOU >> half a thought$")
        at.types(" is whole\r")
        at.waits_for("YOU >> half a thought is whole")
        at.types("\x03")

    assert at.run(script) == 0
    assert hub.hub.said == ["half a thought is whole"]


def test_several_lines_typed_over_many_cuts_arrive_once(
    at: AtTerminal, hub: LoopbackHub
) -> None:
    texts = [f"thought {number}" for number in range(20)]

    def script() -> None:
        at.waits_for("^YOU >>")
        for text in texts:
            hub.cut()
            at.types(f"{text}\r")
            at.waits_for(f"^YOU >> {text}$")
        with hub.lock:
            hub.lock.wait_for(lambda: len(hub.hub.said) >= len(texts), LIMIT)
        at.types(":quit\r")

    assert at.run(script) == 0
    assert hub.hub.said == texts
    assert not any("(not sent)" in line for line in at.screen.lines)


def test_nobody_there(at: AtTerminal) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

    def script() -> None:
        at.waits_for("Can't connect: no hub is at that address and port")
        at.waits_for("Not connected: trying")
        at.types("into the void\r")
        at.waits_for(r"\(waiting\) into the void")
        at.waits_for(r"\(not sent\) into the void")

    assert at.run(script, port=port, reconnect_for=1.0) == 1
    assert any("tried for 1 s" in line for line in at.screen.lines)


def test_being_kicked(at: AtTerminal, hub: LoopbackHub) -> None:
    def script() -> None:
        at.waits_for("^YOU >>")
        at.types("I was about to s")
        at.waits_for("about to s")
        with hub.lock:
            hub.write(
                b'{"type":"kicked","seq":9,"time":"2026-01-02T12:00:00.000Z",'
                b'"name":"alice","by":"SERVER","reason":"too loud"}\n'
                b'{"type":"bye","code":"kicked","reason":"you were kicked: too loud"}\n'
            )

    assert at.run(script) == 1
    # Once, last, and with no further try.
    assert at.screen.lines[-2:] == [
        "YOU >> I was about to s",
        "You were kicked: too loud",
    ]
    assert len(hub.hub.users) == 1


def test_a_terminal_that_can_not_move_its_cursor(
    at: AtTerminal, hub: LoopbackHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is said is read there too, and an end is an end."""
    monkeypatch.setenv("TERM", "dumb")

    def script() -> None:
        at.waits_for("^YOU >>")
        at.types("hello\r")
        with hub.lock:
            hub.lock.wait_for(lambda: hub.hub.said == ["hello"], LIMIT)
        hub.do(partial(FakeHub.say, name="bob", text="hello yourself"))
        at.waits_for("bob >> hello yourself")
        hub.write(b'{"type":"bye","code":"kicked","reason":"you were kicked"}\n')

    assert at.run(script) == 1
    assert "Disconnected: you were kicked" in at.screen.lines[-1]


@pytest.mark.parametrize("reason", ["the hub is full", "you are on another terminal"])
def test_a_hub_that_ends_it_says_why(
    at: AtTerminal, hub: LoopbackHub, reason: str
) -> None:
    def script() -> None:
        at.waits_for("^YOU >>")
        with hub.lock:
            hub.write(
                f'{{"type":"bye","code":"replaced","reason":"{reason}"}}\n'.encode()
            )

    assert at.run(script) == 1
    assert at.screen.lines[-1] == f"Disconnected: {reason}"


def test_a_refusal_at_the_door_ends_it(at: AtTerminal, hub: LoopbackHub) -> None:
    hub.hub.refuse = lambda _frame: frames.Error(
        "too_many_users", "it is full", "hello"
    )
    assert at.run(lambda: None) == 1
    assert at.screen.lines[-1] == "Disconnected: it is full"
    assert hub.accepted.acquire(blocking=False)
    assert not hub.accepted.acquire(blocking=False)


def test_leaving_before_anything_has_come_of_it(at: AtTerminal) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

        def script() -> None:
            at.waits_for("Connecting to")
            # The hub is silent, and there is no prompt yet.
            listener.accept()[0].close()
            at.waits_for("Not connected")
            at.types("\x03")

        assert at.run(script, port=port) == 0


def test_leaving_instead_of_giving_a_name(at: AtTerminal) -> None:
    def script() -> None:
        at.waits_for("^NAME :")
        at.types("\x04")

    assert at.run(script, name=None) == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_ends_it_well(
    at: AtTerminal, hub: LoopbackHub, number: signal.Signals
) -> None:
    def script() -> None:
        at.waits_for("^YOU >>")
        signal.raise_signal(number)

    assert at.run(script) == 0
    assert hub.hub.users == []


def test_the_steps_of_the_socket(at: AtTerminal) -> None:
    def script() -> None:
        at.waits_for("^YOU >>")
        at.types(":quit\r")

    assert at.run(script, trace=True) == 0
    for step in ("CREATE", "CONNECT", "SEND", "RECEIVE", "CLOSE"):
        assert any(line.startswith(step) for line in at.screen.lines)


def test_an_error_in_the_receiving_thread_ends_it(
    at: AtTerminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise KeyError

    monkeypatch.setattr(threading, "excepthook", lambda _args: None)

    def script() -> None:
        at.waits_for("^YOU >>")
        monkeypatch.setattr(Conversation, "receive", broken)
        at.types(":users\r")

    assert at.run(script) == 1
