"""The outbox: bytes on their way to one connection."""

from __future__ import annotations


class Outbox:
    """A queue of byte strings, read and consumed from the front.

    The strings are shared between all who get the same bytes, so that a message to a
    thousand people is in memory once.

    Attributes:
        size: Bytes waiting.
        drained: Whether it has been empty since somebody last set this to False.
    """

    __slots__ = ("_chunks", "drained", "size")

    def __init__(self) -> None:
        self._chunks: list[bytes | memoryview] = []
        self.size = 0
        self.drained = False

    def push(self, data: bytes) -> None:
        """Put bytes at the end. The outbox keeps no limit; its owner does."""
        if data:
            self._chunks.append(data)
            self.size += len(data)

    def peek(self) -> bytes | memoryview:
        """Give all that waits, as one piece, for one write; empty when none does."""
        chunks = self._chunks
        if len(chunks) > 1:
            chunks[:] = [b"".join(chunks)]
        return chunks[0] if chunks else b""

    def consume(self, count: int) -> None:
        """Drop `count` bytes from the front, of what `peek` gave last."""
        if not count:
            return
        head = self._chunks[0]
        self.size -= count
        self.drained = self.drained or not self.size
        if count == len(head):
            del self._chunks[0]
        else:
            self._chunks[0] = memoryview(head)[count:]

    def clear(self) -> None:
        """Drop everything."""
        self._chunks.clear()
        self.size = 0
