"""Frames of the JSON dialect to commands."""

from __future__ import annotations

from collections import deque
from typing import Any, assert_never

import msgspec

from hubbub.dialects.contract import LineSplitter
from hubbub.dialects.json_lines import frames, order_frames
from hubbub.dialects.json_lines.access_codec import read_token
from hubbub.dialects.json_lines.access_frames import TokenRequest
from hubbub.dialects.json_lines.order_codec import read_admin, read_group
from hubbub.dialects.json_lines.writer import JsonWriter
from hubbub.model.address import parse_address
from hubbub.model.answers import Answer
from hubbub.model.commands import (
    ChangePassword,
    Command,
    Hello,
    HubCommand,
    ListUsers,
    LogOutOthers,
    Ping,
    Pong,
    Post,
    Quit,
    ReadHistory,
    Register,
    Unregister,
)
from hubbub.model.refusals import Code, Refusal
from hubbub.model.secret import Secret
from hubbub.model.text import echo


class _Outline(msgspec.Struct, gc=False):
    """The fields that name a frame, of one in which others are wrong."""

    type: Any = None
    nonce: Any = None


_decode = msgspec.json.Decoder(frames.ClientFrame).decode
_decode_outline = msgspec.json.Decoder(_Outline).decode

# What is longer names nothing that anyone waits for, and is not sent back.
_LONGEST_RE = 64

_TOO_LONG = Refusal(
    Code.LINE_TOO_LONG, "that frame is too long and was skipped; send less at a time"
)
_NOT_UTF8 = Refusal(Code.NOT_UTF8, "that frame is not UTF-8")


def parse_frame(line: bytes) -> Command | Refusal:
    """Read one frame.

    Returns:
        What it asks for, or why it can't be understood.
    """
    try:
        frame = _decode(line)
    except UnicodeDecodeError:
        return _NOT_UTF8
    except msgspec.ValidationError as error:
        if str(error).startswith("Invalid value") and str(error).endswith("`$.type`"):
            return Refusal(
                Code.TYPE_UNKNOWN, f"no such frame: {_why(error)}", _re(line)
            )
        return Refusal(Code.BAD_FRAME, f"a field is wrong: {_why(error)}", _re(line))
    except (msgspec.DecodeError, RecursionError) as error:
        sentence = f"that is no JSON object on one line: {_why(error)}"
        return Refusal(Code.BAD_FRAME, sentence)
    return _command(frame)


def _re(line: bytes) -> str | None:
    """Name a frame in which a field is wrong, as far as it can be read.

    Source: docs/protocol.md, "From the hub": "an `error` whose `re` is the nonce of the
    refused `send`, or the `type` of any other refused frame".
    """
    try:
        outline = _decode_outline(line)
    except (ValueError, RecursionError):
        # ValueError covers msgspec's own errors and those of UTF-8.
        return None
    kind, nonce = outline.type, outline.nonce
    names = (nonce, kind) if kind == frames.Send.__struct_config__.tag else (kind,)
    return next((one for one in names if _can_name(one)), None)


def _can_name(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= _LONGEST_RE


def _why(error: Exception) -> str:
    """Say what the decoder says, which may repeat what was sent."""
    return echo(str(error))


def _command(frame: frames.ClientFrame) -> Command | Refusal:  # noqa: C901
    match frame:
        case frames.Send():
            to = parse_address(frame.to)
            if to is None:
                return _no_address(frame.nonce or "send")
            return Post(to, frame.text, frame.nonce)
        case frames.Hello():
            return _hello(frame)
        case order_frames.GroupRequest():
            return read_group(frame)
        case frames.HistoryRequest():
            of = parse_address(frame.of)
            if of is None:
                return _no_address("history")
            return ReadHistory(of, frame.before, frame.limit)
        case frames.UsersRequest():
            return ListUsers()
        case order_frames.AdminRequest():
            return read_admin(frame)
        case frames.AccountRequest():
            return _account(frame)
        case TokenRequest():
            return read_token(frame)
        case frames.Ping():
            return Ping(frame.id)
        case frames.Pong():
            return Pong()
        case frames.ByeRequest():
            return Quit()
        case _:
            assert_never(frame)


def _hello(frame: frames.Hello) -> Command:
    password = None if frame.password is None else Secret(frame.password)
    token, after = None, 0
    if frame.resume is not None:
        token, after = frame.resume.token, frame.resume.after
    access = None if frame.token is None else Secret(frame.token)
    invite = None if frame.invite is None else Secret(frame.invite)
    resume = (token, after, frame.key, frame.attempt)
    return Hello(frame.name, *resume, password, access, invite)


def _account(frame: frames.AccountRequest) -> Command | Refusal:
    password = None if frame.password is None else Secret(frame.password)
    match frame.action:
        case "logout-others":
            return LogOutOthers()
        case "register" if password is not None:
            return Register(password)
        case "unregister" if password is not None:
            return Unregister(password)
        case "passwd" if password is not None and frame.new is not None:
            return ChangePassword(password, Secret(frame.new))
        case action:
            return Refusal(
                Code.BAD_FRAME, f"account {action} lacks a password", "account"
            )


def _no_address(re: str) -> Refusal:
    return Refusal(Code.ADDRESS_INVALID, "an address is lobby, #group or @user", re)


class JsonDialect:
    """One connection of the JSON dialect."""

    __slots__ = ("_lines", "_splitter", "writer")

    name = "json"
    keeps_seat = True
    waits = False

    def __init__(self, writer: JsonWriter, line_limit: int) -> None:
        """Begin before `hello`.

        Args:
            writer: Shared by all JSON connections.
            line_limit: Bytes of an unfinished frame.
        """
        self.writer = writer
        self._splitter = LineSplitter(line_limit)
        self._lines: deque[bytes | None] = deque()

    def receive(self, data: bytes) -> JsonDialect:
        """Take bytes in."""
        self._lines.extend(self._splitter.split(data))
        return self

    def quiet(self) -> JsonDialect:
        """Drop an unfinished frame: half an object means nothing."""
        self._splitter.finish()
        return self

    def next(self) -> Command | Refusal | None:
        """Give the next frame's meaning; empty lines have none."""
        while self._lines:
            line = self._lines.popleft()
            if line is None:
                return _TOO_LONG
            if line and not line.isspace():
                return parse_frame(line)
        return None

    def joined(self) -> None:
        """Nothing to remember: a frame says what it is."""

    def unjoined(self) -> None:
        """Nothing to remember."""

    def answer(self, answer: Answer, time: int) -> bytes:
        """Write an answer as a frame."""
        return self.writer.answer(answer, time)

    def refusal(
        self, refusal: Refusal, command: Command | HubCommand | None, time: int
    ) -> bytes:
        """Write a refusal."""
        return self.writer.refusal(refusal, command, time)
