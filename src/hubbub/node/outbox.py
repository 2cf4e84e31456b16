"""The outbox: bytes on their way to one connection."""

from __future__ import annotations

from collections.abc import Container, Iterable
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from hubbub.node.session import Session

    S = TypeVar("S", bound=Session)


class Outbox:
    """A queue of byte strings, read and consumed from the front.

    The strings are shared between all who get the same bytes, so that a message to a
    thousand people is in memory once.

    Attributes:
        size: Bytes waiting.
        drained: Whether it has been empty since somebody last set this to False.
    """

    __slots__ = ("_head", "_more", "drained", "size")

    def __init__(self) -> None:
        # Mostly one string waits and no more, so that one has a place of its own.
        self._head: bytes | memoryview = b""
        self._more: list[bytes] | None = None
        self.size = 0
        self.drained = False

    def push(self, data: bytes) -> None:
        """Put bytes at the end. The outbox keeps no limit; its owner does."""
        if not data:
            return
        if not self.size:
            self._head = data
        elif self._more is None:
            self._more = [data]
        else:
            self._more.append(data)
        self.size += len(data)

    def peek(self) -> bytes | memoryview:
        """Give all that waits, as one piece, for one write; empty when none does."""
        if self._more is not None:
            self._head = b"".join((self._head, *self._more))
            self._more = None
        return self._head

    def consume(self, count: int) -> None:
        """Drop `count` bytes from the front, of what `peek` gave last."""
        if not count:
            return
        self.size -= count
        if count < len(self._head):
            self._head = memoryview(self._head)[count:]
        elif self._more is None:
            self._head = b""
            self.drained = True
        else:
            self._head = b"".join(self._more)
            self._more = None

    def clear(self) -> None:
        """Drop everything."""
        self._head = b""
        self._more = None
        self.size = 0


def push_to_all(
    sessions: Iterable[S], data: bytes, limit: int, but: Container[S]
) -> list[S]:
    """Put the same bytes at the end of many outboxes.

    Written out, because it is done once for each receiver of each turn: there, a call
    costs as much as what it does.

    Args:
        sessions: Whose outboxes.
        data: What all of them get; not empty.
        limit: The size over which an outbox that is not empty takes nothing more.
        but: Sessions that are passed over.

    Returns:
        The sessions whose outboxes were too full.
    """
    full: list[S] = []
    size = len(data)
    for session in sessions:
        if session in but:
            continue
        outbox = session.outbox
        if not outbox.size:
            outbox._head = data  # noqa: SLF001 - see above
            outbox.size = size
        elif outbox.size + size > limit:
            full.append(session)
        else:
            outbox.push(data)
    return full
