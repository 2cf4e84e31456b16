"""Bytes from the hub to frames. Whatever the bytes are, nothing is raised."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

import msgspec

from hubbub.dialects.json_lines.frames import ServerFrame
from hubbub.model.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterator

# A welcome with the names of a hub that is full (20,000 users, names of 32 letters of
# four bytes) is below 3 MiB, a page of history far less.
MAX_LINE = 4 * 1024 * 1024

# Bytes of a line that is no frame worth a person's attention: a long sentence.
_SHOWN = 200


class Unreadable(msgspec.Struct, frozen=True):
    """A line that is no frame.

    Attributes:
        reason: Why.
        line: Its beginning, fit to be shown to a person.
    """

    reason: str
    line: str = ""


class _AnyFrame(msgspec.Struct):
    type: str


_decode = msgspec.json.Decoder(ServerFrame).decode
_decode_type = msgspec.json.Decoder(_AnyFrame).decode
_KNOWN_TYPES = frozenset(one.__struct_config__.tag for one in get_args(ServerFrame))


def parse_frame(line: bytes) -> ServerFrame | Unreadable | None:
    """Read one line.

    Returns:
        The frame, or None for a type that this version does not know.
    """
    try:
        frame: ServerFrame = _decode(line)
    except (ValueError, RecursionError) as error:
        # ValueError covers msgspec's own errors and those of UTF-8.
        if _is_unknown_type(line):
            return None
        return Unreadable(str(error), _beginning(line))
    return frame


def _beginning(line: bytes) -> str:
    return clean(line[:_SHOWN].decode(errors="replace")).replace("\n", " ").strip()


def _is_unknown_type(line: bytes) -> bool:
    try:
        return _decode_type(line).type not in _KNOWN_TYPES
    except (ValueError, RecursionError):
        return False


class FrameReader:
    """Puts the frames of one connection together from any split of its bytes.

    A line over the limit is skipped to its end, so the memory held is bounded by the
    limit and by what one call hands in.
    """

    def __init__(self, max_line: int = MAX_LINE) -> None:
        """Begin at the start of a line.

        Args:
            max_line: Bytes of one line, its end not counted.
        """
        self._max_line = max_line
        self._unfinished = bytearray()
        self._skipping = False

    def feed(self, data: bytes) -> Iterator[ServerFrame | Unreadable]:
        """Take bytes in and give the frames that they finish.

        The bytes are taken in as the iterator is exhausted; what is left of them when
        it is dropped earlier is lost, as befits a connection that is over.
        """
        start = 0
        while (end := data.find(b"\n", start)) >= 0:
            part = data[start:end]
            start = end + 1
            if self._skipping:
                self._skipping = False
                continue
            line = bytes(self._unfinished) + part if self._unfinished else part
            self._unfinished.clear()
            if len(line) > self._max_line:
                yield self._too_long()
            elif line and not line.isspace():
                frame = parse_frame(line)
                if frame is not None:
                    yield frame
        if self._skipping:
            return
        self._unfinished += data[start:]
        if len(self._unfinished) > self._max_line:
            self._unfinished.clear()
            self._skipping = True
            yield self._too_long()

    def _too_long(self) -> Unreadable:
        return Unreadable(f"a line of more than {self._max_line} bytes")
