"""The client between pipes, in this process, with a hub on the loopback."""

from __future__ import annotations

import io
import os
import re
import signal
import socket
import sys
import threading
from functools import partial
from typing import TYPE_CHECKING, Any, Self

import pytest
from tests.unit.client.fake_hub import FakeHub
from tests.unit.client.loopback import LIMIT, LoopbackHub

from hubbub.dialects.json_lines import frames
from hubbub.fronts.line import LineOptions, main

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


class Piped:
    """Runs the front with pipes for standard input, output and error."""

    def __init__(self, hub: LoopbackHub, monkeypatch: pytest.MonkeyPatch) -> None:
        self.hub = hub
        self.patch = monkeypatch
        self.errors = io.StringIO()
        self.heard = ""
        self._news = threading.Condition()
        self._read_in, self.write_in = os.pipe()
        self._read_out, self._write_out = os.pipe()
        self._reader: threading.Thread | None = None

    def __enter__(self) -> Self:
        self.stdin: Any = os.fdopen(self._read_in)
        self.stdout = io.TextIOWrapper(os.fdopen(self._write_out, "wb"), "utf-8")
        self._reader = threading.Thread(target=self._listen, daemon=True)
        self._reader.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end_output()
        self.stdin.close()

    def _end_output(self) -> None:
        self.stdout.close()
        if self._reader is not None:
            self._reader.join(LIMIT)

    def _listen(self) -> None:
        with os.fdopen(self._read_out, encoding="utf-8") as out:
            for line in out:
                with self._news:
                    self.heard += line
                    self._news.notify_all()

    def types(self, text: str, *, end: bool = True) -> None:
        """Write to the client's input."""
        os.write(self.write_in, text.encode())
        if end:
            os.close(self.write_in)

    def wait_for(self, text: str) -> None:
        """Wait for something in the client's output."""
        with self._news:
            assert self._news.wait_for(lambda: text in self.heard, LIMIT), self.heard

    def run(self, script: Callable[[], None] | None = None, **options: Any) -> int:
        """Run the client, and beside it a script; give the exit code."""
        settings: dict[str, Any] = {
            "name": "ci",
            "reconnect_every": 0.02,
            "reconnect_for": LIMIT,
        }
        settings |= {"host": self.hub.host, "port": self.hub.port}
        settings |= options
        beside = threading.Thread(target=script) if script is not None else None
        if beside is not None:
            beside.start()
        # Only now: between fixtures and tests, pytest puts streams of its own there.
        with self.patch.context() as patch:
            patch.setattr(sys, "stdin", self.stdin)
            patch.setattr(sys, "stdout", self.stdout)
            patch.setattr(sys, "stderr", self.errors)
            code = main(LineOptions(**settings))
        if beside is not None:
            beside.join(LIMIT)
        # From here on `heard` is all that was written.
        self._end_output()
        return code

    @property
    def lines(self) -> list[str]:
        """The output without times."""
        return [re.sub(r"^\[.{8,19}\] ", "", line) for line in self.heard.splitlines()]

    @property
    def complaints(self) -> list[str]:
        """What standard error has of lines not said."""
        lines = self.errors.getvalue().splitlines()
        return [line for line in lines if line.startswith("hubbub: ")]


@pytest.fixture
def piped(hub: LoopbackHub, monkeypatch: pytest.MonkeyPatch) -> Iterator[Piped]:
    with Piped(hub, monkeypatch) as one:
        yield one


def test_every_line_is_said_and_acknowledged(piped: Piped) -> None:
    piped.types("build done\n\nall green")
    assert piped.run() == 0
    assert piped.hub.hub.said == ["build done", "all green"]
    assert piped.hub.hub.users == []
    assert piped.errors.getvalue() == ""


def test_many_lines(piped: Piped) -> None:
    texts = [str(number) for number in range(1000)]
    piped.types("\n".join(texts))
    assert piped.run() == 0
    assert piped.hub.hub.said == texts


def test_no_line_is_lost_or_said_twice_when_the_connection_drops(
    piped: Piped, hub: LoopbackHub
) -> None:
    def script() -> None:
        piped.types(":users\n", end=False)
        piped.wait_for("online")
        for number in range(20):
            piped.types(f"{number}\n", end=False)
            if number % 4 == 0:
                hub.accepted.acquire(timeout=LIMIT)
                hub.cut()
        os.close(piped.write_in)

    assert piped.run(script) == 0
    assert hub.hub.said == [str(number) for number in range(20)]
    assert "Disconnected from server" in piped.errors.getvalue()
    assert "Reconnected successfully!" in piped.errors.getvalue()


def test_commands_work_as_at_the_prompt(piped: Piped) -> None:
    piped.types(":group create tea\n:talk #tea\nhot\n:pm ci psst\n", end=False)
    piped.types(":users\n:help\n:quit\nnot said")
    assert piped.run() == 0
    assert piped.hub.hub.said == ["hot", "psst"]
    assert "You created #tea" in piped.lines
    assert "1 online: ci" in piped.lines
    assert any(":talk" in line for line in piped.lines)


def test_a_refused_line_is_a_sentence_and_a_failure(piped: Piped) -> None:
    piped.types(":group send tea hot\n:usres\n:pm\nfine\n")
    assert piped.run() == 1
    assert piped.hub.hub.said == ["fine"]
    assert sorted(piped.complaints) == [
        "hubbub: there is no command :usres; did you mean :users? :help lists them",
        "hubbub: write it as :pm <user> <message>",
        "hubbub: you are not in #tea",
    ]


def test_lines_that_are_too_long(piped: Piped, hub: LoopbackHub) -> None:
    def script() -> None:
        piped.types("x" * 5000 + "\n", end=False)
        piped.types("one\n", end=False)
        hub.accepted.acquire(timeout=LIMIT)
        piped.types("y" * 5000 + "\n" + "z" * (1 << 20) + "zz\nlast")

    assert piped.run(script) == 1
    assert piped.hub.hub.said == ["one", "last"]
    assert len(piped.complaints) == 3


def test_what_is_heard_is_written_as_plain_lines(
    piped: Piped, hub: LoopbackHub
) -> None:
    def script() -> None:
        hub.accepted.acquire(timeout=LIMIT)
        piped.types(":users\n", end=False)
        piped.wait_for("online")
        hub.do(partial(FakeHub.say, name="bob", text="\x1b[31mred\nand more"))
        piped.wait_for("more")
        os.close(piped.write_in)

    assert piped.run(script) == 0
    assert piped.lines == ["1 online: ci", "bob >> red", "bob >> and more"]


def test_colours_when_asked_for(piped: Piped, hub: LoopbackHub) -> None:
    def script() -> None:
        piped.types(":group create tea\n", end=False)
        piped.wait_for("tea")
        os.close(piped.write_in)

    assert piped.run(script, color="always") == 0
    assert "\x1b[34mYou created #tea\x1b[0m" in piped.heard


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_well(piped: Piped, hub: LoopbackHub, number: int) -> None:
    before = signal.getsignal(number)

    def script() -> None:
        piped.types("hello\n:users\n", end=False)
        piped.wait_for("online")
        os.kill(os.getpid(), number)

    assert piped.run(script) == 0
    assert hub.hub.said == ["hello"]
    assert hub.hub.users == []
    assert signal.getsignal(number) == before
    os.close(piped.write_in)


def test_a_signal_with_lines_not_said_is_a_failure(
    piped: Piped, hub: LoopbackHub
) -> None:
    def script() -> None:
        hub.accepted.acquire(timeout=LIMIT)
        with hub.lock:
            hub.hub.refuse = lambda frame: (
                frames.Error("storage_unavailable", "later", "hello")
                if isinstance(frame, frames.Hello)
                else None
            )
            hub.cut()
        hub.accepted.acquire(timeout=LIMIT)
        piped.types("one\ntwo\n", end=False)
        # A pipe that has been emptied takes all that fits into one.
        hub.accepted.acquire(timeout=LIMIT)
        hub.accepted.acquire(timeout=LIMIT)
        os.kill(os.getpid(), signal.SIGTERM)

    assert piped.run(script) == 1
    assert piped.complaints == ["hubbub: 2 lines were not acknowledged"]
    os.close(piped.write_in)


def test_a_password_is_asked_of_no_program(piped: Piped, hub: LoopbackHub) -> None:
    with hub.lock:
        hub.hub.refuse = lambda _frame: frames.Error(
            "password_needed", "alice needs a password", "hello"
        )
    piped.types("hello\n")
    assert piped.run() == 1
    assert piped.complaints[0] == (
        "hubbub: alice needs a password; name a file with --password-file, or set "
        "HUBBUB_PASSWORD"
    )


def test_the_end_by_the_hub_is_a_failure(piped: Piped, hub: LoopbackHub) -> None:
    def script() -> None:
        piped.types(":users\n", end=False)
        piped.wait_for("online")
        with hub.lock:
            hub.write(b'{"type":"bye","code":"kicked","reason":"you were kicked"}\n')

    assert piped.run(script) == 1
    assert piped.complaints == ["hubbub: you were kicked"]
    os.close(piped.write_in)


def test_nobody_there(piped: Piped) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    piped.types("hello\n")
    assert piped.run(port=port, reconnect_for=0.1) == 1
    told = piped.errors.getvalue()
    assert "Can't connect: no hub is at that address and port" in told
    assert "; trying for 0.1 s" in told
    assert piped.complaints[-1] == "hubbub: 1 line was not acknowledged"


def test_a_lost_seat_is_a_failure(piped: Piped, hub: LoopbackHub) -> None:
    def script() -> None:
        hub.accepted.acquire(timeout=LIMIT)
        piped.types(":users\n", end=False)
        piped.wait_for("online")
        with hub.lock:
            hub.mute = True
            piped.types("may stand or not\n", end=False)
        with hub.lock:
            hub.lock.wait_for(lambda: hub.unserved > 0, LIMIT)
            hub.cut()
            hub.hub.users.clear()
            hub.mute = False
        os.close(piped.write_in)

    assert piped.run(script) == 1
    assert piped.complaints == [
        "hubbub: nobody can tell whether this arrived: may stand or not"
    ]


def test_a_reader_that_goes_away_ends_it_quietly(
    hub: LoopbackHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    piped = Piped(hub, monkeypatch)
    monkeypatch.setattr(piped, "_listen", lambda: os.close(piped._read_out))
    with piped:

        def script() -> None:
            piped.types("hello\n:users\n", end=False)

        assert piped.run(script) == 0
        assert hub.hub.said == ["hello"]
        assert piped.errors.getvalue() == ""
    os.close(piped.write_in)


def test_without_any_streams_it_still_listens(
    hub: LoopbackHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a service that was started with everything closed."""
    for name in ("stdin", "stdout", "stderr"):
        monkeypatch.setattr(sys, name, None)

    def script() -> None:
        hub.accepted.acquire(timeout=LIMIT)
        hub.do(partial(FakeHub.say, name="bob", text="is anybody there?"))
        os.kill(os.getpid(), signal.SIGTERM)

    beside = threading.Thread(target=script)
    beside.start()
    options = LineOptions(hub.host, hub.port, "log")
    assert main(options) == 0
    beside.join(LIMIT)
    assert main(LineOptions(hub.host, hub.port)) == 1


def test_a_name_is_needed(piped: Piped) -> None:
    assert piped.run(name=None) == 1
    assert piped.complaints == ["hubbub: a name is needed: give one with --name"]


def test_the_steps_of_the_socket(piped: Piped) -> None:
    piped.types("hello\n")
    assert piped.run(trace=True) == 0
    for step in ("CREATE", "CONNECT", "SEND", "RECEIVE", "CLOSE"):
        assert f"] {step}" in piped.errors.getvalue()


def test_an_input_that_is_none(piped: Piped, tmp_path: Path) -> None:
    class Folder(io.StringIO):
        def fileno(self) -> int:
            return fd

    fd = os.open(tmp_path, os.O_RDONLY)
    piped.stdin.close()
    piped.stdin = Folder()
    assert piped.run() == 1
    assert piped.complaints == ["hubbub: the input can't be read: Is a directory"]
    os.close(fd)
