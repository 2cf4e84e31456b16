"""The client on a terminal: a prompt, and the conversation above it.

The main thread types: it runs the prompt and sends what is entered. A second thread
receives: it takes the events of the chat and hands them to the main thread to print,
waiting until they are printed. So nothing is ever printed while a line is half drawn,
and a terminal that is slow makes the hub wait instead of filling memory.
"""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import signal
import threading
from collections.abc import Callable, Coroutine, Iterable
from concurrent.futures import CancelledError, Future
from datetime import datetime
from time import monotonic
from typing import Any, assert_never

from prompt_toolkit import PromptSession
from prompt_toolkit.application import in_terminal
from prompt_toolkit.filters import Condition
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.output import ColorDepth

from hubbub.client import (
    BacklogFullError,
    Chat,
    ChatError,
    Connected,
    EndedError,
    Event,
    SocketStep,
    connect,
)
from hubbub.dialects.json_lines.frames import HistoryRequest
from hubbub.fronts.line.commands import (
    Action,
    Ask,
    AskSecrets,
    Help,
    Numbers,
    Quit,
    Say,
    Talk,
    Wrong,
    read_line,
    read_name,
)
from hubbub.fronts.line.complete import ChatCompleter
from hubbub.fronts.line.conversation import Conversation
from hubbub.fronts.line.input_history import open_history
from hubbub.fronts.line.invitations import picture
from hubbub.fronts.line.keys import KEYS, bindings, running_prompt
from hubbub.fronts.line.lines import DIM, Wording
from hubbub.fronts.line.naming import take_name
from hubbub.fronts.line.options import LineOptions
from hubbub.fronts.line.paint import Line, Span, paint
from hubbub.fronts.line.secret_lines import SecretLines, has_secret
from hubbub.fronts.line.standing import standing_in
from hubbub.model.roles import STAFF

# Messages of the lobby that a newcomer reads first.
_FIRST_PAGE = 20

# Events printed at once: the prompt is drawn anew for each batch.
_BATCH = 500

_TICK_SECONDS = 0.25


class Terminal:
    """One run of the client on a terminal."""

    def __init__(
        self, options: LineOptions, *, now: Callable[[], datetime], color: bool
    ) -> None:
        """Prepare.

        Args:
            options: How to join.
            now: The clock, with the zone to show times in.
            color: Whether to write colours.
        """
        self._options = options
        self._color = color
        self._words = Wording(now)
        self._talk = Conversation(self._words)
        self._talk.standing = self._standing
        self._chat: Chat | None = None
        self._news = asyncio.Event()
        self._printing = asyncio.Lock()
        self._ticking: asyncio.Task[None] | None = None
        self._session: PromptSession[str] = PromptSession(
            self._message,
            prompt_continuation=lambda width, _line, _wrap: " " * width,
            history=open_history(self._is_kept),
            is_password=Condition(lambda: self._talk.is_secret),
            completer=ChatCompleter(self._people, self._groups),
            complete_while_typing=Condition(self._typing_command),
            key_bindings=bindings(),
            color_depth=None if color else ColorDepth.DEPTH_1_BIT,
            enable_suspend=True,
        )

    def run(self) -> int:
        """Join, and stay until the end; give the exit code."""
        try:
            asyncio.run(self._run())
        except KeyboardInterrupt:
            return 0
        return self._talk.exit_code or 0

    # --- the main thread -----------------------------------------------------------

    async def _run(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._context = contextvars.copy_context()
        self._listen_to_signals()
        name: str | None = self._options.name
        while not (name or self._options.token):
            line = await self._next_line()
            if line is None:
                return
            match read_name(line):
                case Quit():
                    return
                case Wrong(text):
                    await self._print([self._words.error(text)])
                case str(name):
                    pass
        await self._join(name or "")

    async def _join(self, name: str) -> None:
        options = self._options
        host = f"[{options.host}]" if ":" in options.host else options.host
        await self._print([self._words.note(f"Connecting to {host}:{options.port}...")])
        self._talk.named(name)
        chat = self._chat = connect(
            options.host,
            options.port,
            name=name,
            password=options.password,
            invite=options.invite,
            token=options.token,
            reconnect_for=options.reconnect_for,
            reconnect_every=options.reconnect_every,
            ask_name=options.token is None,
            trace=self._trace if options.trace else None,
            tls=options.tls,
            fingerprint=options.fingerprint,
        )
        receiver = threading.Thread(
            target=self._receive, args=(chat,), name="receive", daemon=True
        )
        receiver.start()
        try:
            while (line := await self._next_line()) is not None:
                await self._enter(chat, line)
        finally:
            self._talk.leave()
            await asyncio.to_thread(chat.close)
            # Until it is done, what was said last may still be acknowledged.
            await asyncio.to_thread(receiver.join, 5.0)
            await self._print(self._talk.unsent())

    async def _next_line(self) -> str | None:
        """Wait for a typed line; None when it is time to go."""
        while not self._talk.ready and not self._over:
            self._news.clear()
            await self._news.wait()
        if self._over:
            return None
        try:
            return await self._session.prompt_async()
        except (KeyboardInterrupt, EOFError):
            return None

    @property
    def _over(self) -> bool:
        return self._talk.exit_code is not None

    async def _enter(self, chat: Chat, line: str) -> None:
        if self._talk.naming:
            await self._print(take_name(self._talk, self._words, chat, line))
            return
        asking, self._talk.asking = self._talk.asking, None
        if asking is None:
            action = read_line(line, self._talk.talk)
        else:
            action = asking.answer(line)
            if action is None:
                self._talk.asking = asking
        if action is not None:
            try:
                lines = self._do(chat, action)
            except EndedError:
                # The receiving thread is about to say why.
                return
            except (ValueError, BacklogFullError) as error:
                lines = [self._words.error(str(error))]
            await self._print(lines)

    def _is_kept(self, line: str) -> bool:
        talk = self._talk
        return not (talk.naming or talk.is_secret or has_secret(line))

    def _do(self, chat: Chat, action: Action) -> list[Line]:
        match action:
            case Say(to, text):
                return self._talk.said(chat.send(text, to), to, text)
            case Ask(request):
                if not self._talk.connected:
                    return [self._words.error("not connected; ask again later")]
                chat.ask(request)
                return []
            case AskSecrets(about):
                self._talk.asking = SecretLines(about)
                return []
            case Talk(to):
                self._talk.talk = to
                return []
            case Help(about):
                return self._words.help(about, KEYS, staff=self._keeps_order)
            case Numbers():
                return self._words.toggle_numbers()
            case Quit():
                self._talk.leave()
                return []
            case Wrong(text):
                return [self._words.error(text)]
            case _:
                assert_never(action)

    # --- the receiving thread ------------------------------------------------------

    def _receive(self, chat: Chat) -> None:
        # The main thread may be gone, and its loop closed.
        with contextlib.suppress(RuntimeError, CancelledError):
            try:
                while True:
                    events = _take(chat)
                    self._submit(self._show(chat, events)).result()
            except EndedError:
                pass
            finally:
                # Without anyone to receive there is nothing to stay for.
                self._submit(self._go(1))

    async def _show(self, chat: Chat, events: list[Event]) -> None:
        now = monotonic()
        lines: list[Line] = []
        for event in events:
            lines += self._talk.receive(event, now)
            if self._color:
                lines += picture(event, self._columns)
            if isinstance(event, Connected):
                request = HistoryRequest("lobby", limit=_FIRST_PAGE)
                try:
                    self._talk.history_asked(chat.ask(request))
                except ChatError:
                    lines += self._talk.without_history(now)
        if self._over:
            # The prompt goes first, so that the reason is the last to be read.
            self._refresh()
        await self._print(lines)
        self._news.set()
        if self._talk.counting and self._ticking is None:
            self._ticking = asyncio.create_task(self._tick())
        self._refresh()

    def _submit(self, work: Coroutine[Any, Any, None]) -> Future[None]:
        """Have the main thread do something, as if it had been begun there.

        prompt_toolkit finds the prompt that runs by the context it was begun in.
        """
        context = self._context.copy()
        try:
            return context.run(asyncio.run_coroutine_threadsafe, work, self._loop)
        except RuntimeError:
            # The loop is closed; what will never be begun must not be left about.
            work.close()
            raise

    async def _go(self, exit_code: int = 0) -> None:
        self._talk.leave(exit_code)
        self._news.set()
        self._refresh()

    async def _tick(self) -> None:
        while self._talk.counting:
            self._session.app.invalidate()
            await asyncio.sleep(_TICK_SECONDS)
        self._ticking = None

    def _refresh(self) -> None:
        """Draw the prompt anew, or end it when the chat is over."""
        app = running_prompt()
        if app is not None and not app.is_done:
            if self._over:
                app.exit(exception=EOFError)
            else:
                app.invalidate()

    # --- the terminal --------------------------------------------------------------

    async def _print(self, lines: Iterable[Line]) -> None:
        """Print above the prompt, or where the cursor is when there is none."""
        output, width = self._session.app.output, self._columns
        text = "".join(paint(one, color=self._color, width=width) for one in lines)
        if not text:
            return
        async with self._printing:
            # A prompt that has just been answered is drawn for the last time.
            # It tells nobody when that is over, which takes a turn or two of the loop.
            while (app := running_prompt()) is not None and app.is_done:  # noqa: ASYNC110
                await asyncio.sleep(0)
            async with in_terminal():
                output.write_raw(text)
                output.flush()

    @property
    def _columns(self) -> int:
        return max(20, self._session.app.output.get_size().columns)

    def _message(self) -> StyleAndTextTuples:
        fragments: StyleAndTextTuples = []
        if not self._session.app.is_done:
            countdown = self._talk.countdown(monotonic())
            if countdown:
                fragments.append(("ansiyellow", f"{countdown}\n"))
        fragments.append(("bold", self._talk.prompt))
        return fragments

    @property
    def _keeps_order(self) -> bool:
        return self._chat is not None and self._chat.role in STAFF

    def _standing(self, to: str) -> str:
        chat = self._chat
        room = None if chat is None else chat.room(to)
        return standing_in(room, chat.role) if chat and room else ""

    def _people(self) -> Iterable[str]:
        """Give whom one may want to address: not oneself."""
        chat = self._chat
        return () if chat is None else [one for one in chat.people if one != chat.name]

    def _groups(self) -> Iterable[str]:
        mine = self._chat.joined_groups if self._chat is not None else ()
        return {*mine, *self._talk.groups}

    def _typing_command(self) -> bool:
        return self._session.default_buffer.text.startswith(":")

    def _trace(self, step: SocketStep) -> None:
        # The last steps may come when there is no loop any more.
        with contextlib.suppress(RuntimeError):
            self._submit(self._print([Line((Span(str(step), DIM),))]))

    def _listen_to_signals(self) -> None:
        for name in ("SIGTERM", "SIGHUP"):
            # Windows has no such signals, or no way to listen to them here.
            with contextlib.suppress(AttributeError, NotImplementedError):
                number = getattr(signal, name)
                self._loop.add_signal_handler(number, lambda: self._submit(self._go()))


def _take(chat: Chat) -> list[Event]:
    """Wait for an event, and take what has come with it."""
    events = [chat.receive()]
    with contextlib.suppress(TimeoutError, EndedError):
        while len(events) < _BATCH:
            events.append(chat.receive(timeout=0))
    return events
