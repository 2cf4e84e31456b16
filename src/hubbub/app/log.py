"""The log as JSON lines: events as JSON frames, and the hub's own words.

A log is collected, kept and read where the chat is not. So what people say is left out
of it, unless the operator asks for it.
"""

from __future__ import annotations

import msgspec

from hubbub.dialects.json_lines.writer import JsonWriter
from hubbub.dialects.plain.console import ConsoleWriter
from hubbub.model.access import TokenMade
from hubbub.model.answers import Answer
from hubbub.model.commands import Command, HubCommand
from hubbub.model.events import MESSAGES, Event
from hubbub.model.invites import InviteMade
from hubbub.model.refusals import Refusal
from hubbub.model.secret import Secret

# Whoever collects the log could use what is in it.
_NOT_LOGGED = Secret("(not logged: make one with `hubbub token create`)")
_NO_CODE = Secret("(not logged: make one in a client, as a moderator)")


def console_line(text: str) -> bytes:
    """Wrap words for the administrator into one line."""
    return msgspec.json.encode({"type": "console", "text": text}) + b"\n"


class JsonLogWriter:
    """Writes for a console whose output is read by a program."""

    def __init__(
        self, events: JsonWriter, words: ConsoleWriter, *, with_text: bool
    ) -> None:
        """Take events from one writer and words from the other.

        Args:
            events: Writes events.
            words: Writes all else.
            with_text: Whether messages are logged with what they say.
        """
        self._events = events
        self._words = words
        self._with_text = with_text

    def event(self, event: Event, *, own: bool) -> bytes:
        """Write an event as its frame; the log shows the console's own doing too."""
        line = self._events.event(event, own=False)
        if self._with_text or not isinstance(event, MESSAGES):
            return line
        frame = msgspec.json.decode(line)
        del frame["text"]
        return msgspec.json.encode(frame) + b"\n"

    def answer(self, answer: Answer, time: int) -> bytes:
        """Write an answer as the text a person would read; a secret is not logged."""
        if isinstance(answer, TokenMade):
            answer = msgspec.structs.replace(answer, token=_NOT_LOGGED)
        if isinstance(answer, InviteMade):
            answer = InviteMade(answer.id, _NO_CODE, answer.until)
        text = self._words.answer(answer, time).decode()
        return console_line(text.rstrip("\n")) if text else b""

    def refusal(
        self, refusal: Refusal, command: Command | HubCommand | None, time: int
    ) -> bytes:
        """Write a refusal as the text a person would read."""
        text = self._words.refusal(refusal, command, time).decode()
        return console_line(text.rstrip("\n"))
