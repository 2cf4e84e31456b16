"""What single connections of the crowd do: write messages, and make sense of them.

All listeners take what arrived from one shared buffer and say how many deliveries it
held. They differ in how closely they look.
"""

from __future__ import annotations

import re
import time
from collections import Counter
from typing import TYPE_CHECKING, Protocol

from bench.contestant import MARK, TrialError

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Sequence

    from bench.contestant import Seat, Step

# A message's text: the mark, the talker's number, when it was written (nanoseconds of
# the monotonic clock), and words to the length of a usual line of chat.
TALKER = MARK + b"%05d:"
STAMP = b"%018d"
WORDS = b" lorem ipsum dolor sit"
MESSAGE = re.compile(re.escape(MARK) + rb"\d{5}:\d{18}")
TALKER_BYTES = len(TALKER % 0)
STAMP_BYTES = len(STAMP % 0)


class Talker:
    """A connection that writes messages, as many at once as it may.

    Attributes:
        mark: How its messages begin.
        credit: How many messages it may write now.
        written: How many it has written.
    """

    def __init__(
        self,
        number: int,
        connection: socket.socket,
        write: Callable[[Seat, bytes], bytes],
        seat: Seat,
    ) -> None:
        """Prepare the message, of which only the stamp will change.

        Args:
            number: Tells this talker from others; at most five digits.
            connection: Where to write, non-blocking.
            write: Makes what is written of a seat and a text.
            seat: Who writes.
        """
        self.mark = TALKER % number
        self.credit = 0
        self.written = 0
        self._send = connection.send
        # Written out as it will be, since some protocols say how long a text is.
        blank = self.mark + STAMP % 0
        before, self._tail = write(seat, blank + WORDS).split(blank)
        self._head = before + self.mark

    def talk(self, written_at: int) -> None:
        """Use up the credit in one send.

        Args:
            written_at: When, in nanoseconds of the monotonic clock.

        Raises:
            TrialError: The server has stopped reading: a window always fits into the
                buffers of a connection.
            OSError: The connection broke.
        """
        data = (self._head + STAMP % written_at + self._tail) * self.credit
        self.written += self.credit
        self.credit = 0
        if self._send(data) < len(data):
            raise TrialError("stopped reading from a talker")


class Arrival:
    """A connection that is on its way in, step after step.

    Attributes:
        connection: Non-blocking.
    """

    def __init__(self, connection: socket.socket, steps: Sequence[Step]) -> None:
        """Write the first step.

        Args:
            connection: Where; non-blocking and new, so that it takes a step at once.
            steps: At least one.

        Raises:
            OSError: The connection broke.
        """
        self.connection = connection
        self._steps = iter(steps)
        self._heard = b""
        self._until = b""
        self._go_on()

    def _go_on(self) -> bool:
        """Write the next step; True if there is none."""
        step = next(self._steps, None)
        if step is None:
            return True
        self._until = step.until
        self.connection.sendall(step.say)
        return False

    def hear(self, buffer: bytearray, size: int) -> bool:
        """Take in what arrived, and write the next step if this one is done.

        Args:
            buffer: Holds it, from its begin; cut anywhere.
            size: How many bytes of the buffer count.

        Returns:
            Whether the client is in.
        """
        heard = self._heard + buffer[:size]
        if self._until in heard:
            self._heard = b""
            return self._go_on()
        # All names may come before the end of a step: what is looked at stays small.
        self._heard = heard[-len(self._until) :]
        return False


class Listener(Protocol):
    """A connection on which more is done than to count."""

    def hear(self, buffer: bytearray, size: int, due: list[Talker]) -> int:
        """Take in what arrived.

        Args:
            buffer: Holds it, from its begin; cut anywhere.
            size: How many bytes of the buffer count.
            due: Gets the talkers that have credit now and had none before.

        Returns:
            How many deliveries it held.
        """
        ...


class Deaf:
    """What arrives does not count."""

    def hear(self, buffer: bytearray, size: int, due: list[Talker]) -> int:
        """Nothing."""
        del buffer, size, due
        return 0


class Observer:
    """All that arrives is one talker's, and done with its arrival."""

    def __init__(self, talker: Talker) -> None:
        """Take the talker."""
        self._talker = talker

    def hear(self, buffer: bytearray, size: int, due: list[Talker]) -> int:
        """Count, and give credit for as many."""
        count = buffer.count(MARK, 0, size)
        talker = self._talker
        if count and not talker.credit:
            due.append(talker)
        talker.credit += count
        return count


class Ear:
    """A sampled connection: every message on it is looked at.

    Attributes:
        latencies: How many messages took how long, by microseconds.
    """

    def __init__(self, talkers: Sequence[Talker]) -> None:
        """Take the talkers whose messages are done when they arrive here."""
        self.latencies: Counter[int] = Counter()
        self._talkers = {talker.mark: talker for talker in talkers}
        self._rest = b""

    def hear(self, buffer: bytearray, size: int, due: list[Talker]) -> int:
        """Note the latency of each message; give credit for those done here."""
        now = time.perf_counter_ns()
        data = self._rest + buffer[:size]
        begin = data.rfind(MARK)
        whole = begin < 0 or len(data) - begin >= TALKER_BYTES + STAMP_BYTES
        self._rest = b"" if whole else data[begin:]
        delivered = 0
        # What a talker writes in one send has one stamp, so few are distinct.
        for message, count in Counter(MESSAGE.findall(data)).items():
            delivered += count
            written_at = int(message[TALKER_BYTES:])
            self.latencies[(now - written_at) // 1000] += count
            talker = self._talkers.get(message[:TALKER_BYTES])
            if talker is not None:
                if not talker.credit:
                    due.append(talker)
                talker.credit += count
        return delivered
