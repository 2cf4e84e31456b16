"""The client on a terminal, in this process: typed keys in, a screen out."""

from __future__ import annotations

import re
import signal
import socket
import threading
import time
from functools import partial
from typing import TYPE_CHECKING, Any

import pyte
import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.data_structures import Size
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output.vt100 import Vt100_Output
from tests.unit.client.fake_hub import FakeHub
from tests.unit.client.loopback import LIMIT, LoopbackHub

from hubbub.dialects.json_lines import frames
from hubbub.fronts.line import LineOptions
from hubbub.fronts.line.conversation import Conversation
from hubbub.fronts.line.entry import local_now
from hubbub.fronts.line.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

COLUMNS, ROWS = 80, 40


class Screen:
    """What a terminal shows of what is written to it."""

    encoding = "utf-8"

    def __init__(self) -> None:
        self._screen = pyte.HistoryScreen(COLUMNS, ROWS, history=1000)
        self._stream = pyte.Stream(self._screen)
        self._news = threading.Condition()
        self.raw = ""

    def write(self, data: str) -> int:
        with self._news:
            self.raw += data
            # pyte has no bracketed paste, which is no output anyway.
            self._stream.feed(data.replace("\n", "\r\n"))
            self._news.notify_all()
        return len(data)

    def flush(self) -> None: ...

    def isatty(self) -> bool:
        return True

    def fileno(self) -> int:
        raise OSError

    @property
    def lines(self) -> list[str]:
        """The rows without times and trailing spaces, empty ones left out."""
        rows = [
            re.sub(r"^\[[\d :-]+\] ", "", row).rstrip() for row in self._screen.display
        ]
        return [row for row in rows if row]

    def wait_for(self, pattern: str) -> None:
        """Wait until a row matches."""
        self._wait(lambda: any(re.search(pattern, row) for row in self.lines), pattern)

    def ends_with(self, *patterns: str) -> bool:
        """Tell whether the last rows match, one after another."""
        rows = self.lines[-len(patterns) :]
        return len(rows) == len(patterns) and all(map(re.search, patterns, rows))

    def wait_for_end(self, *patterns: str) -> None:
        """Wait until the last rows match."""
        self._wait(lambda: self.ends_with(*patterns), " ".join(patterns))

    def _wait(self, shown: Callable[[], bool], wanted: str) -> None:
        with self._news:
            found = self._news.wait_for(shown, LIMIT)
        assert found, f"no {wanted!r} in:\n" + "\n".join(self.lines)


class AtTerminal:
    """Runs the front with a script that types and looks."""

    def __init__(self, hub: LoopbackHub) -> None:
        self.hub = hub
        self.screen = Screen()
        self.keys: Any = None

    def types(self, text: str) -> None:
        self.keys.send_text(text)

    def waits_for(self, pattern: str) -> None:
        self.screen.wait_for(pattern)

    def types_until(self, key: str, pattern: str) -> None:
        """Press a key until the last row matches."""
        ends = time.monotonic() + LIMIT
        while not self.screen.ends_with(pattern):
            assert time.monotonic() < ends, self.screen.lines
            self.types(key)

    def run(self, script: Callable[[], None], **options: Any) -> int:
        """Run the client, and beside it the script; give the exit code."""
        settings: dict[str, Any] = {"reconnect_every": 0.02, "reconnect_for": LIMIT}
        settings |= {"host": self.hub.host, "port": self.hub.port, "name": "alice"}
        settings |= options
        failures: list[BaseException] = []

        def scripted() -> None:
            try:
                script()
            except BaseException as error:
                failures.append(error)
                # The end of input ends the client too.
                self.keys.close()

        output = Vt100_Output(
            self.screen,  # type: ignore[arg-type]
            lambda: Size(ROWS, COLUMNS),
            enable_cpr=False,
        )
        with create_pipe_input() as self.keys, create_app_session(self.keys, output):
            beside = threading.Thread(target=scripted)
            beside.start()
            front = Terminal(LineOptions(**settings), now=local_now, color=False)
            code = front.run()
            beside.join(LIMIT)
        if failures:
            raise failures[0]
        return code


@pytest.fixture
def hub() -> Iterator[LoopbackHub]:
    with LoopbackHub() as server:
        yield server


@pytest.fixture
def at(hub: LoopbackHub, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> AtTerminal:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    return AtTerminal(hub)


def test_coming_in_talking_and_leaving(at: AtTerminal, hub: LoopbackHub) -> None:
    hub.do(partial(FakeHub.say, name="bob", text="before you came"))

    def script() -> None:
        at.waits_for("^NAME :")
        at.types("\r")
        at.types("alice\r")
        at.waits_for("^YOU >>")
        at.types("half a ")
        at.waits_for("YOU >> half a")
        hub.do(partial(FakeHub.say, name="bob", text="I interrupt"))
        at.waits_for("bob >> I interrupt")
        at.types("line\r")
        at.waits_for("YOU >> half a line")
        at.types(":quit\r")

    assert at.run(script, name=None) == 0
    assert hub.hub.said == ["before you came", "I interrupt", "half a line"]
    assert hub.hub.users == []
    host = f"Connecting to 127.0.0.1:{hub.port}..."
    lines = at.screen.lines
    assert lines[lines.index("NAME : alice") :] == [
        "NAME : alice",
        host,
        "bob >> before you came",
        "1 online: alice",
        "bob >> I interrupt",
        "YOU >> half a line",
        "YOU >> :quit",
        "Goodbye",
    ]


def test_every_command(at: AtTerminal, hub: LoopbackHub) -> None:
    def script() -> None:
        at.waits_for("^YOU >>")
        at.types(":group create tea\r")
        at.waits_for("You created #tea")
        at.types(":talk #tea\r")
        at.waits_for("YOU → #tea >>")
        at.types("hot\r:pm alice psst\r:users\r")
        at.waits_for("^1 online: alice")
        at.types(":group members tea\r")
        at.waits_for("#tea has 1 member: alice")
        at.types(":history 5\r")
        at.waits_for("#tea alice >> hot")
        at.types(":usres\r")
        at.waits_for("did you mean :users")
        at.types(":pm\r")
        at.waits_for("write it as :pm <user> <message>")
        at.types(":help\r")
        at.waits_for("choose where plain lines go")
        at.types(":)\r   \r" + "x" * 5000 + "\r")
        at.waits_for("error: the message has 5000 bytes")
        at.types("\x04")

    assert at.run(script) == 0
    assert hub.hub.said == ["hot", "psst", ":)"]


def test_several_lines_with_alt_enter(at: AtTerminal, hub: LoopbackHub) -> None:
    def script() -> None:
        at.waits_for("^YOU >>")
        at.types("one\x1b\rtwo\r")
        at.waits_for("^ +two")
        at.types("\x03")

    assert at.run(script) == 0
    assert hub.hub.said == ["one\ntwo"]


def test_tab_completes(at: AtTerminal, hub: LoopbackHub) -> None:
    def script() -> None:
        at.waits_for("^YOU >>")
        at.types(":us")
        at.waits_for("list who is here")
        at.types("\t")
        at.waits_for("YOU >> :users")
        at.types("\r")
        at.waits_for("1 online")
        at.types("hello al\t")
        at.waits_for("YOU >> hello alice")
        at.types("\r\x03")

    assert at.run(script) == 0
    assert hub.hub.said == ["hello alice"]


def test_typed_lines_are_remembered_and_names_are_not(
    at: AtTerminal, tmp_path: Path
) -> None:
    def script() -> None:
        at.waits_for("^NAME :")
        at.types("alice\r")
        at.waits_for("^YOU >>")
        at.types("hello\r")
        at.screen.wait_for_end("^YOU >> hello$", "^YOU >>$")
        at.types_until("\x1b[A", "^YOU >> hello$")
        at.types("\r\x03")

    assert at.run(script, name=None) == 0
    assert at.hub.hub.said == ["hello", "hello"]
    (file,) = tmp_path.rglob("typed_lines")
    assert "+hello" in file.read_text()
    assert "alice" not in file.read_text()


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


def test_nobody_there(at: AtTerminal) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

    def script() -> None:
        at.waits_for("Can't connect: Connection refused")
        at.waits_for("Not connected: trying")
        at.types("into the void\r")
        at.waits_for(r"\(waiting\) into the void")
        at.waits_for(r"\(not sent\) into the void")

    assert at.run(script, port=port, reconnect_for=1.0) == 1
    assert any("tried for 1 s" in line for line in at.screen.lines)


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


def test_being_kicked(at: AtTerminal, hub: LoopbackHub) -> None:
    def script() -> None:
        at.waits_for("^YOU >>")
        at.types("I was about to s")
        at.waits_for("about to s")
        with hub.lock:
            hub.write(b'{"type":"bye","code":"kicked","reason":"you were kicked"}\n')

    assert at.run(script) == 1
    assert at.screen.lines[-1] == "Disconnected: you were kicked"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_ends_it_well(
    at: AtTerminal, hub: LoopbackHub, number: signal.Signals
) -> None:
    def script() -> None:
        at.waits_for("^YOU >>")
        signal.raise_signal(number)

    assert at.run(script) == 0
    assert hub.hub.users == []


def test_ones_name_rings_the_bell(at: AtTerminal, hub: LoopbackHub) -> None:
    def script() -> None:
        at.waits_for("^YOU >>")
        assert "\a" not in at.screen.raw
        hub.do(partial(FakeHub.say, name="bob", text="Alice?"))
        at.waits_for("bob >> Alice")
        assert at.screen.raw.count("\a") == 1
        at.types(":quit\r")

    assert at.run(script) == 0


def test_wide_characters_do_not_tear_the_prompt(
    at: AtTerminal, hub: LoopbackHub
) -> None:
    def script() -> None:
        at.waits_for("^YOU >>")
        at.types("漢字 e\u0301 ")
        at.waits_for("漢")
        hub.do(partial(FakeHub.say, name="bob", text="漢" * 60))
        at.waits_for("^YOU >> 漢")
        at.types("end\r")
        at.waits_for("end")
        at.types(":quit\r")

    assert at.run(script) == 0
    assert hub.hub.said[-1] == "漢字 e\u0301 end"


def test_a_flood_is_shown_whole_and_in_order(at: AtTerminal, hub: LoopbackHub) -> None:
    texts = [f"message {number} of many" for number in range(2000)]

    def script() -> None:
        at.waits_for("^YOU >>")
        for text in texts:
            hub.do(partial(FakeHub.say, name="bob", text=text))
        at.waits_for("message 1999 of many")
        at.types(":quit\r")

    assert at.run(script) == 0
    assert re.findall(r"message \d+ of many", at.screen.raw) == texts


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


def test_a_full_backlog_is_a_sentence(
    at: AtTerminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hubbub.client.protocol.BACKLOG", 0)

    def script() -> None:
        # Not even for the first page of history, which then is left out.
        at.waits_for("1 online: alice")
        at.waits_for("^YOU >>")
        at.types("hello\r:users\r")
        at.waits_for("error: 0 requests wait")
        at.types(":quit\r")

    assert at.run(script) == 0
    assert sum("error: 0 requests" in line for line in at.screen.lines) == 2
