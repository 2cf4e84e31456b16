"""The client when standard input or output is not a terminal.

What is read is said, what is heard is written, and the two ends decide when it ends:

=========== =========== ===========================================================
input       output      what happens
=========== =========== ===========================================================
pipe, file  any         Each line is said, or done if it is a command. At the end of
                        input it waits until everything is acknowledged, and leaves.
                        What is heard meanwhile is written.
none        any         It listens until a signal ends it. "None" is ``/dev/null`` or
                        a closed input, as services have it.
terminal    pipe, file  As with a pipe, so that Ctrl-D ends it; but in the background
                        of a shell the terminal is not for reading, and it listens.
terminal    terminal    Not here, but in `terminal`.
=========== =========== ===========================================================

Output is one plain line for each event, flushed, without colours unless they are asked
for; one's own lines are not repeated. What concerns the connection, and every line
that was refused, goes to standard error.

The exit code is 0 if everything said was acknowledged and the end was asked for (end
of input, ``:quit``, SIGINT, SIGTERM, or a reader of the output that went away), else 1.
"""

from __future__ import annotations

import contextlib
import io
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import NoReturn, assert_never

from hubbub.client import (
    Chat,
    ChatError,
    Connected,
    Disconnected,
    Encryption,
    Ended,
    Event,
    Message,
    Reconnected,
    Refused,
    Retrying,
    SocketStep,
    Unconfirmed,
    connect,
)
from hubbub.dialects.json_lines.frames import Send
from hubbub.fronts.line.commands import (
    Ask,
    AskSecrets,
    Help,
    Numbers,
    Quit,
    Say,
    Talk,
    Wrong,
    read_line,
)
from hubbub.fronts.line.feed import (
    MAX_LINE,
    InputError,
    NotForReadingError,
    input_fd,
    leave_terminal_alone,
    read_lines,
)
from hubbub.fronts.line.lines import Wording, one_line
from hubbub.fronts.line.options import LineOptions
from hubbub.fronts.line.paint import Line, paint
from hubbub.fronts.line.standing import standing_lines
from hubbub.model.refusals import Code

# Lines said and not acknowledged before no more are read: the rest waits in the pipe.
_AHEAD = 256

TOO_LONG = Wrong(f"a line of more than {MAX_LINE} bytes was left out")


class Pipe:
    """One run of the client between pipes."""

    def __init__(
        self, options: LineOptions, *, now: Callable[[], datetime], color: bool
    ) -> None:
        """Prepare.

        Args:
            options: How to join.
            now: The clock, with the zone to show times in.
            color: Whether to write colours to standard output.
        """
        self._options = options
        self._color = color
        self._words = Wording(now)
        self._failed = False
        self._connected = False
        self._stopping = False

    def run(self) -> int:
        """Join, and stay until the end; give the exit code."""
        options = self._options
        if options.name is None and options.token is None:
            self._complain("a name is needed: give one with --name")
            return 1
        if isinstance(sys.stdout, io.TextIOWrapper):
            # Whatever the locale can't write must not end a log.
            sys.stdout.reconfigure(errors="replace")
        with _signals_interrupt(), contextlib.suppress(KeyboardInterrupt):
            chat = connect(
                options.host,
                options.port,
                name=options.name or "",
                password=options.password,
                invite=options.invite,
                token=options.token,
                reconnect_for=options.reconnect_for,
                reconnect_every=options.reconnect_every,
                trace=self._trace if options.trace else None,
                tls=options.tls,
                fingerprint=options.fingerprint,
            )
            with contextlib.suppress(KeyboardInterrupt):
                self._talk(chat)
            self._leave(chat)
        return 1 if self._failed else 0

    # --- listening -----------------------------------------------------------------

    def _talk(self, chat: Chat) -> None:
        fd = input_fd()
        if fd is not None:
            leave_terminal_alone()
            feeder = threading.Thread(target=self._feed, args=(chat, fd), daemon=True)
            feeder.start()
        try:
            for event in chat:
                self._hear(event)
        except BrokenPipeError:
            # Nobody reads any more. What was said already is still seen through.
            self._stopping = True
            _discard_output()
            with contextlib.suppress(ChatError):
                chat.flush()

    def _leave(self, chat: Chat) -> None:
        chat.close()
        with contextlib.suppress(BrokenPipeError):
            for event in chat:
                self._hear(event)
        lost = [one for one in chat.pending if isinstance(one.request, Send)]
        if lost:
            lines = "1 line was" if len(lost) == 1 else f"{len(lost)} lines were"
            self._complain(f"{lines} not acknowledged")

    def _hear(self, event: Event) -> None:  # noqa: C901 - one flat table
        match event:
            case Connected(role=role, rooms=rooms):
                self._connected = True
                self._write(standing_lines(self._words, role, rooms))
            case Message(nonce=str()):
                pass
            case Encryption():
                for line in self._words.encryption(event):
                    self._tell(line)
            case Disconnected(reason=reason):
                self._status(f"Disconnected from server: {one_line(reason)}")
            case Reconnected():
                self._status("Reconnected successfully!")
            case Retrying(attempt=1, reason=reason) if not self._connected:
                left = f"trying for {event.left_seconds:g} s"
                self._status(f"Can't connect: {one_line(reason)}; {left}")
            case Refused(text=text):
                self._complain(text)
            case Unconfirmed(text=text):
                self._complain(f"nobody can tell whether this arrived: {text}")
            case Ended(code="quit"):
                pass
            case Ended(
                code=Code.PASSWORD_NEEDED | Code.NEW_PASSWORD_NEEDED, reason=reason
            ):
                where = "name a file with --password-file, or set HUBBUB_PASSWORD"
                self._complain(f"{reason}; {where}")
            case Ended(reason=reason):
                self._complain(reason)
            case _:
                self._write(self._words.event(event))

    def _write(self, lines: list[Line]) -> None:
        if sys.stdout is not None and lines and not self._stopping:
            text = "".join(paint(line, color=self._color) for line in lines)
            sys.stdout.write(text)
            sys.stdout.flush()

    def _status(self, text: str) -> None:
        self._tell(self._words.note(text))

    def _tell(self, line: Line) -> None:
        if sys.stderr is not None:
            with contextlib.suppress(OSError):
                sys.stderr.write(line.text + "\n")

    def _trace(self, step: SocketStep) -> None:
        self._status(str(step))

    def _complain(self, text: str) -> None:
        """Say on standard error what was not done; the exit code will say so too."""
        self._failed = True
        if sys.stderr is not None:
            with contextlib.suppress(OSError):
                sys.stderr.write(f"hubbub: {one_line(text)}\n")

    # --- saying --------------------------------------------------------------------

    def _feed(self, chat: Chat, fd: int) -> None:
        """Say what is read, in a thread of its own; at the end, leave."""
        # When the chat ends first, the thread that listens tells why; and a reader
        # that went away is found by it as well.
        with contextlib.suppress(ChatError, NotForReadingError, BrokenPipeError):
            try:
                self._say_all(chat, fd)
            except InputError as error:
                self._complain(str(error))
            chat.flush()
            chat.close()

    def _say_all(self, chat: Chat, fd: int) -> None:
        talk = "lobby"
        for line in read_lines(fd):
            action = TOO_LONG if line is None else read_line(line, talk)
            if self._stopping or isinstance(action, Quit):
                break
            if isinstance(action, Talk):
                talk = action.to
            elif action is not None:
                self._do(chat, action)
            chat.flush(below=_AHEAD)

    def _do(
        self, chat: Chat, action: Say | Ask | AskSecrets | Numbers | Help | Wrong
    ) -> None:
        match action:
            case Say(to, text):
                try:
                    chat.send(text, to)
                except ValueError as error:
                    self._complain(str(error))
            case Ask(request):
                chat.ask(request)
            case Help(about):
                self._write(self._words.help(about))
            case Numbers():
                self._write(self._words.toggle_numbers())
            case AskSecrets(about):
                self._complain(f"there is nobody to ask: write :{about} with passwords")
            case Wrong(text):
                self._complain(text)
            case _:
                assert_never(action)


@contextlib.contextmanager
def _signals_interrupt() -> Iterator[None]:
    """Have every request to end raise KeyboardInterrupt, and the second one kill."""
    wanted = ("SIGINT", "SIGTERM", "SIGHUP")
    there = [getattr(signal, name) for name in wanted if hasattr(signal, name)]
    before = {one: signal.getsignal(one) for one in there}
    # What `nohup` or a background shell has shut off stays off.
    ours = [one for one in there if before[one] is not signal.SIG_IGN]

    def interrupt(_number: int, _frame: object) -> NoReturn:
        for one in ours:
            signal.signal(one, signal.SIG_DFL)
        raise KeyboardInterrupt

    for one in ours:
        signal.signal(one, interrupt)
    try:
        yield
    finally:
        for one in ours:
            signal.signal(one, before[one])


def _discard_output() -> None:
    """Let the interpreter's last flush of standard output have somewhere to go."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
