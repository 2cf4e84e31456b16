"""The client on a terminal of this process: typed keys in, a screen out."""

from __future__ import annotations

import re
import threading
import time
from typing import TYPE_CHECKING, Any, TypeVar

import pyte
from prompt_toolkit.application import create_app_session
from prompt_toolkit.data_structures import Size
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output.vt100 import Vt100_Output
from tests.unit.client.loopback import LIMIT, LoopbackHub

from hubbub.fronts.line import LineOptions
from hubbub.fronts.line.entry import local_now
from hubbub.fronts.line.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Callable


COLUMNS, ROWS = 80, 40

T = TypeVar("T")


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

    def wait_for(self, pattern: str) -> re.Match[str]:
        """Wait until a row matches, and give the match."""

        def found() -> re.Match[str] | None:
            matches = (re.search(pattern, row) for row in self.lines)
            return next((one for one in matches if one), None)

        match = self._wait(found, pattern)
        assert match
        return match

    def ends_with(self, *patterns: str) -> bool:
        """Tell whether the last rows match, one after another."""
        rows = self.lines[-len(patterns) :]
        return len(rows) == len(patterns) and all(map(re.search, patterns, rows))

    def comes_to_end_with(self, *patterns: str) -> bool:
        """Tell whether the last rows match, or do so within the time of a key press."""
        with self._news:
            return self._news.wait_for(lambda: self.ends_with(*patterns), 0.3)

    def wait_for_end(self, *patterns: str) -> None:
        """Wait until the last rows match."""
        self._wait(lambda: self.ends_with(*patterns), " ".join(patterns))

    def _wait(self, shown: Callable[[], T], wanted: str) -> T:
        with self._news:
            found = self._news.wait_for(shown, LIMIT)
        assert found, f"no {wanted!r} in:\n" + "\n".join(self.lines)
        return found


class AtTerminal:
    """Runs the front with a script that types and looks."""

    def __init__(self, hub: LoopbackHub) -> None:
        self.hub = hub
        self.screen = Screen()
        self.keys: Any = None

    def types(self, text: str) -> None:
        self.keys.send_text(text)

    def pastes(self, text: str) -> None:
        """Paste as terminals do that tell what is pasted from what is typed."""
        self.types(f"\x1b[200~{text}\x1b[201~")

    def waits_for(self, pattern: str) -> re.Match[str]:
        return self.screen.wait_for(pattern)

    def types_until(self, key: str, pattern: str) -> None:
        """Press a key until the last row matches, as slowly as a person would."""
        ends = time.monotonic() + LIMIT
        while not self.screen.comes_to_end_with(pattern):
            assert time.monotonic() < ends, self.screen.lines
            self.types(key)

    def run(
        self, script: Callable[[], None], *, color: bool = False, **options: Any
    ) -> int:
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
            front = Terminal(LineOptions(**settings), now=local_now, color=color)
            code = front.run()
            beside.join(LIMIT)
        if failures:
            raise failures[0]
        return code
