"""The administrator's console: the hub's terminal, at the other end of a socket pair.

To the hub it is one more connection, with a dialect of its own; so it has an outbox and
limits like all others, and a terminal that is held (Ctrl-S) holds up nobody.
"""

from __future__ import annotations

import socket
import sys
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from prompt_toolkit import PromptSession

_PROMPT = "INPUT >> "
_CHUNK = 1 << 16
_LAST_WORDS_SECONDS = 1.0


class Console:
    """Copies lines between the hub and the terminal, in threads of its own."""

    def __init__(
        self,
        end: socket.socket,
        *,
        takes_input: bool,
        names: Callable[[], Iterable[str]],
        commands: Iterable[str],
    ) -> None:
        """Know the parts.

        Args:
            end: This end of the socket pair.
            takes_input: Whether the administrator may type.
            names: Gives the names to complete.
            commands: The commands to complete, without the colon.
        """
        self._end = end
        self._takes_input = takes_input
        self._names = names
        self._commands = tuple(commands)
        self._printer = threading.Thread(target=self._print_all, name="console-print")
        self._reader: threading.Thread | None = None
        self._prompt: PromptSession[str] | None = None

    def start(self) -> None:
        """Begin to print, and to read if there is somebody to type."""
        if self._takes_input:
            interactive = sys.stdin.isatty() and sys.stdout.isatty()
            target = self._prompt_all if interactive else self._read_all
            if interactive:
                self._prompt = self._make_prompt()
            self._reader = threading.Thread(target=target, name="console", daemon=True)
            self._reader.start()
        self._printer.start()

    def stop(self) -> None:
        """Print what the hub said last, and leave the terminal as it was."""
        if self._printer.ident is not None:
            self._printer.join(_LAST_WORDS_SECONDS)
        if self._prompt is not None and self._reader is not None:
            app = self._prompt.app
            if app.loop is not None and app.is_running:
                with suppress(Exception):
                    app.loop.call_soon_threadsafe(lambda: app.exit(exception=EOFError))
            self._reader.join(_LAST_WORDS_SECONDS)
        self._end.close()

    # --- from the hub ----------------------------------------------------------------

    def _print_all(self) -> None:
        rest = b""
        while True:
            try:
                data = self._end.recv(_CHUNK)
            except OSError:
                data = b""
            if not data:
                break
            *lines, rest = (rest + data).split(b"\n")
            if lines:
                print_line("\n".join(line.decode(errors="replace") for line in lines))

    # --- from the administrator ------------------------------------------------------

    def _send(self, line: str) -> bool:
        try:
            self._end.sendall(line.encode(errors="replace") + b"\n")
        except OSError:
            return False
        return True

    def _read_all(self) -> None:
        # The end of input ends the reading and nothing else: the hub runs on.
        with suppress(OSError, ValueError):
            for line in _lines(sys.stdin):
                if not self._send(line):
                    break

    def _make_prompt(self) -> PromptSession[str]:
        from prompt_toolkit import PromptSession
        from prompt_toolkit.completion import WordCompleter
        from prompt_toolkit.patch_stdout import StdoutProxy

        # Printing goes above the line that is being typed, from now on until the end.
        sys.stdout = StdoutProxy(raw=True)
        words = WordCompleter(
            lambda: [*(f":{word}" for word in self._commands), *self._names()],
            WORD=True,
        )
        return PromptSession(completer=words, complete_while_typing=False)

    def _prompt_all(self) -> None:
        prompt = self._prompt
        if prompt is None:
            return
        while True:
            try:
                line = prompt.prompt(_PROMPT)
            except KeyboardInterrupt:
                self._send(":shutdown")
                return
            except EOFError:
                if not self._printer.is_alive():
                    return
                print_line("To stop the hub, type :shutdown")
                continue
            if line and not self._send(line):
                return


def _lines(stream: IO[str]) -> Iterable[str]:
    for line in stream:
        yield line.rstrip("\r\n")


def print_line(text: str) -> None:
    """Print; a terminal or a pipe that is gone is no reason to stop the hub."""
    with suppress(OSError, ValueError):
        sys.stdout.write(text + "\n")
        sys.stdout.flush()
