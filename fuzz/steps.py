"""Bytes as a script: a small language in which every string of bytes is a program.

A fuzzer changes single bytes, so a change of one byte should change one step.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


class Script:
    """Reads steps from bytes, and never runs out before they do."""

    def __init__(self, data: bytes) -> None:
        """Begin at the first byte."""
        self._data = data
        self._at = 0

    def __bool__(self) -> bool:
        return self._at < len(self._data)

    def number(self) -> int:
        """Take one byte; 0 at the end."""
        if not self:
            return 0
        self._at += 1
        return self._data[self._at - 1]

    def chunk(self) -> bytes:
        """Take the bytes up to the next one that is 0x1E, the record separator."""
        end = self._data.find(b"\x1e", self._at)
        if end < 0:
            end = len(self._data)
        chunk = self._data[self._at : end]
        self._at = end + 1
        return chunk


def pieces(data: bytes, cuts: int) -> Iterator[bytes]:
    """Cut bytes into pieces; `cuts` says how: the lengths repeat its digits."""
    sizes = [1 + ((cuts >> shift) & 7) for shift in (0, 3, 6)]
    at = step = 0
    while at < len(data):
        size = sizes[step % len(sizes)]
        yield data[at : at + size]
        at += size
        step += 1
