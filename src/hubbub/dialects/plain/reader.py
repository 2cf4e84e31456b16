"""Bytes of the plain dialect to commands, for framed and unframed clients alike."""

from __future__ import annotations

import re
from collections import deque

from hubbub.dialects.contract import LineSplitter, Writer
from hubbub.dialects.plain.commands import (
    COMMANDS,
    CONSOLE_COMMANDS,
    is_command,
    parse_command,
)
from hubbub.dialects.plain.help import slashed_command
from hubbub.dialects.plain.writer import PlainWriter
from hubbub.model.address import LOBBY
from hubbub.model.answers import Answer, PasswordWanted, Welcome
from hubbub.model.commands import Command, Hello, HubCommand, Post
from hubbub.model.invites import ShowInvite, parse_code
from hubbub.model.refusals import Code, Refusal
from hubbub.model.secret import Secret

# RFC 854: IAC, then a negotiation of two more bytes, a subnegotiation up to IAC SE, or
# one command byte. Telnet clients send them; the rest of the line is still text.
_TELNET = re.compile(rb"\xff(?:[\xfb-\xfe].|\xfa.*?\xff\xf0|[\xf0-\xf9])", re.DOTALL)

_TOO_LONG = Refusal(
    Code.LINE_TOO_LONG, "that line is too long and was skipped; send it in parts"
)
_NOT_UTF8 = Refusal(
    Code.NOT_UTF8, "that line is not UTF-8 text; set your terminal to UTF-8"
)


_NO_CODE = Refusal(Code.USAGE, "write it as :invite <code>, and then your name")


class PlainDialect:
    """One connection of the plain dialect.

    It begins undecided. A newline makes it framed for good; a name that is followed by
    quiet instead makes it unframed: then quiet ends a message as a newline does.
    """

    __slots__ = (
        "_claimed",
        "_framed",
        "_invite",
        "_joined",
        "_lines",
        "_splitter",
        "_unframed",
        "writer",
    )

    name = "plain"
    keeps_seat = False

    def __init__(self, writer: PlainWriter, line_limit: int) -> None:
        """Begin before the name.

        Args:
            writer: Shared by all plain connections.
            line_limit: Bytes of an unfinished line.
        """
        self.writer = writer
        self._splitter = LineSplitter(line_limit)
        self._lines: deque[bytes | None] = deque()
        self._joined = False
        # The name whose password is the next line, or "".
        self._claimed = ""
        self._invite: Secret | None = None
        self._framed = False
        self._unframed = False

    @property
    def waits(self) -> bool:
        """Whether quiet would end a message: never once the connection is framed."""
        return not self._framed and self._splitter.unfinished

    def receive(self, data: bytes) -> PlainDialect:
        """Take bytes in."""
        self._lines.extend(self._splitter.split(data))
        if not self._framed and not self._unframed and b"\n" in data:
            self._framed = True
        return self

    def quiet(self) -> PlainDialect:
        """End what stands there without a newline.

        On a framed connection this comes only with the end of input: then the last
        line counts too, as it does for most tools that read lines.
        """
        line = self._splitter.finish()
        if line and self._framed:
            self._lines.append(line)
        elif line:
            self._unframed = True
            # A terminal in raw mode sends a carriage return for Enter, and no more.
            self._lines.extend(line.split(b"\r"))
        return self

    def next(self) -> Command | Refusal | None:
        """Give the next line that means something."""
        while self._lines:
            line = self._lines.popleft()
            if line is None:
                return _TOO_LONG
            request = self._read(line)
            if request is not None:
                return request
        return None

    def _read(self, line: bytes) -> Command | Refusal | None:
        if b"\xff" in line:
            line = _TELNET.sub(b"", line)
        try:
            text = line.decode()
        except UnicodeDecodeError:
            return _NOT_UTF8
        if self._joined:
            return self._request(text)
        if self._claimed:
            return self._password(text)
        # Programs of Windows begin a text with a byte order mark.
        text = text.removeprefix("\ufeff").strip()
        if not text:
            return None
        command = _command(text)
        word, _, code = text.partition(" ")
        if word.lower() == ":invite" and isinstance(command, Refusal):
            return self._show_invite(code.strip())
        return command or Hello(text, invite=self._invite)

    def _password(self, text: str) -> Command | Refusal | None:
        """Read the password of the name that was claimed.

        Nothing of it is stripped, and nothing in it is a command, but for one who finds
        only here that a code is what they should have begun with.
        """
        name, self._claimed = self._claimed, ""
        if not text:
            return None
        word, _, code = text.partition(" ")
        if word == ":invite" and parse_code(code) is not None:
            return self._show_invite(code)
        return Hello(name, password=Secret(text), invite=self._invite)

    def _show_invite(self, code: str) -> Command | Refusal:
        """Read the code that a name is to be made one's own with."""
        if not code:
            return _NO_CODE
        self._invite = Secret(code)
        return ShowInvite(self._invite)

    def _request(self, text: str) -> Command | Refusal | None:
        if not text or text.isspace():
            return None
        return (text[0] in ":/" and _command(text)) or Post(LOBBY, text)

    def joined(self) -> None:
        """Take the next lines as messages and commands."""
        self._joined = True

    def unjoined(self) -> None:
        """Take the next line as a name."""
        self._joined = False

    def answer(self, answer: Answer, time: int) -> bytes:
        """Write an answer; an unframed client is not welcomed, it would be confused."""
        if isinstance(answer, PasswordWanted):
            self._claimed = answer.name
        if self._unframed and isinstance(answer, Welcome):
            return b""
        return self.writer.answer(answer, time)

    def refusal(
        self, refusal: Refusal, command: Command | HubCommand | None, time: int
    ) -> bytes:
        """Write a refusal; a code that lets nobody in is not shown again."""
        if refusal.code is Code.INVITE_INVALID:
            self._invite = None
        if refusal.code is Code.PASSWORD_INVALID and isinstance(command, Hello):
            # The next line is another password, and not a name for all to see.
            self._claimed = command.name
        return self.writer.refusal(refusal, command, time)


def _command(text: str) -> Command | Refusal | None:
    """Read a command; refuse one that is written as in other chats."""
    if is_command(text):
        return parse_command(text[1:], COMMANDS)
    slashed = slashed_command(text, COMMANDS)
    return None if slashed is None else Refusal(Code.COMMAND_UNKNOWN, slashed)


class ConsoleDialect:
    """The administrator's console: lines of text, with commands of its own."""

    __slots__ = ("_lines", "_splitter", "writer")

    name = "console"
    keeps_seat = False
    waits = False

    def __init__(self, writer: Writer, line_limit: int) -> None:
        """Begin; the console needs no name."""
        self.writer = writer
        self._splitter = LineSplitter(line_limit)
        self._lines: deque[bytes | None] = deque()

    def receive(self, data: bytes) -> ConsoleDialect:
        """Take bytes in."""
        self._lines.extend(self._splitter.split(data))
        return self

    def quiet(self) -> ConsoleDialect:
        """End a last line that has no newline."""
        line = self._splitter.finish()
        if line:
            self._lines.append(line)
        return self

    def next(self) -> Command | Refusal | None:
        """Give the next line that means something."""
        while self._lines:
            line = self._lines.popleft()
            if line is None:
                return _TOO_LONG
            text = line.decode(errors="replace")
            if is_command(text):
                return parse_command(text[1:], CONSOLE_COMMANDS)
            if text and not text.isspace():
                return Post(LOBBY, text)
        return None

    def joined(self) -> None:
        """Never called: the console has no name to take."""

    def unjoined(self) -> None:
        """Never called."""

    def answer(self, answer: Answer, time: int) -> bytes:
        """Write an answer."""
        return self.writer.answer(answer, time)

    def refusal(
        self, refusal: Refusal, command: Command | HubCommand | None, time: int
    ) -> bytes:
        """Write a refusal."""
        return self.writer.refusal(refusal, command, time)
