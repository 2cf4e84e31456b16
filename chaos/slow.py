"""A reader that stops reading: it harms nobody, costs no memory, and loses nothing.

Messages go through the room at a steady pace, twice: once while everybody reads, and
once while somebody is there who does not. What the others wait, and what the hub's
memory grows by, is compared. Then the slow one reads again, and has to get every
message once and in order, most of them from the journal. One more never reads again,
and is closed.
"""

from __future__ import annotations

import math
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.conformance.hub_process import HubProcess
from tests.conformance.scene import SPEAKERS
from tests.conformance.speakers.wire import Wire
from tests.conformance.speakers.words import Farewell, Left, Said

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conformance.speakers.speaker import Speaker

MEGABYTE = 1_000_000
TEXT_BYTES = 4000
OUTBOX = 1 << 20
"""The default of the limit `outbox`."""

# The kernel's buffers of the slow one's connection are kept small, so that what it does
# not read is the hub's affair.
_RECEIVE_BUFFER = 16_384
_LISTENERS = 3


@dataclass
class Verdict:
    """What came of it, for one engine and one dialect of the slow one.

    Attributes:
        passed: Bytes of messages that went by while the slow one did not read.
        p99_before: Milliseconds within which 99 of 100 messages reached a listener
            before the slow one came.
        p99_during: The same while the slow one did not read.
        memory_before: The hub's largest resident memory before the slow one came.
        memory_during: The same while it did not read, and after it was caught up.
        wrong: Messages that the slow one got twice, out of order, or in the place of
            one that it did not get.
        end: With which word the others were told of the one who never read again.
    """

    passed: int = 0
    p99_before: float = math.nan
    p99_during: float = math.nan
    memory_before: int = 0
    memory_during: int = 0
    wrong: int = 0
    end: str | None = None

    @property
    def grown(self) -> int:
        """Bytes that the memory grew by because of the slow one."""
        return max(0, self.memory_during - self.memory_before)

    @property
    def complete(self) -> bool:
        """Whether nothing was lost, repeated or disordered, and the end was told."""
        return not self.wrong and self.end == "slow"


class _Listener:
    """Somebody who reads all the while, and notes how long each message took.

    It takes the lines apart itself, for a speaker of the conformance suite looks at
    every letter, and would be what the messages wait for.
    """

    def __init__(self, hub: HubProcess, name: str) -> None:
        self.waits: list[float] = []
        self._wire = Wire(hub.host, hub.port)
        self._wire.send(f"{name}\n".encode())
        self._wire.receive_line()

    def listen(self, messages: int) -> None:
        """Hear so many messages."""
        while len(self.waits) < messages:
            line = self._wire.receive_line()
            assert line is not None, "the hub closed a connection that reads"
            words = line.split(b" ", 5)
            if words[1:3] == [b"talker", b">>"]:
                self.waits.append(time.monotonic() - float(words[4]))

    def close(self) -> None:
        self._wire.close()

    def p99(self) -> float:
        """Give the wait, in milliseconds, that 99 of 100 messages did not exceed."""
        waits, self.waits = sorted(self.waits), []
        return waits[max(0, math.ceil(len(waits) * 0.99) - 1)] * 1000


def hold_a_reader(
    engine: str, kind: str, folder: Path, size: int, rate: int
) -> Verdict:
    """Run the experiment.

    Args:
        engine: `loop` or `threads`.
        kind: The slow one's dialect, of `tests.conformance.scene.SPEAKERS`.
        folder: A new folder for the journal.
        size: Bytes of messages that pass before the slow one comes, and as many while
            it does not read.
        rate: Messages a second.
    """
    verdict = Verdict()
    messages = -(-size // TEXT_BYTES)
    # The slow one may take longer than the usual minute to see all of it go by.
    limits = {"rate": 0, "drain_seconds": 60 + 2 * messages / rate}
    with HubProcess(engine, folder, limits=limits) as hub:
        talker = _speaker(hub, "plain", "talker")
        listeners = [
            _Listener(hub, f"fast-{next(hub.tags)}") for _ in range(_LISTENERS)
        ]

        def pass_by(messages: int) -> tuple[float, int]:
            memory = 0
            with ThreadPoolExecutor(len(listeners)) as pool:
                hearing = [pool.submit(one.listen, messages) for one in listeners]
                begin = time.monotonic()
                for number in range(messages):
                    time.sleep(max(0.0, begin + number / rate - time.monotonic()))
                    talker.post(_text(number))
                    if not number % 100:
                        memory = max(memory, hub.memory)
                for one in hearing:
                    one.result()
            return max(one.p99() for one in listeners), memory

        # Caches fill that are no matter of the slow one.
        pass_by(messages // 10)
        verdict.p99_before, verdict.memory_before = pass_by(messages)
        slow = _speaker(hub, kind, "slow", receive_buffer=_RECEIVE_BUFFER)
        verdict.p99_during, verdict.memory_during = pass_by(messages)
        verdict.passed = messages * TEXT_BYTES
        for number in range(messages):
            while not isinstance(told := slow.hear(), Said):
                pass
            verdict.wrong += int(told.text.split()[0]) != number
        verdict.memory_during = max(verdict.memory_during, hub.memory)
        slow.wire.close()
        talker.wire.close()
        for listener in listeners:
            listener.close()
    return verdict


def never_read_again(engine: str, kind: str, folder: Path) -> str | None:
    """Have somebody never read again; give the reason that the others are told.

    Returns:
        `slow`, or None when the connection did not end with that.
    """
    limits = {"rate": 0, "outbox": 65_536, "drain_seconds": 1}
    with HubProcess(engine, folder, limits=limits) as hub:
        slow = _speaker(hub, kind, "slow", receive_buffer=_RECEIVE_BUFFER)
        other = _speaker(hub, "json", "other")
        talker = _speaker(hub, "plain", "talker")
        for number in range(1500):
            talker.post(_text(number))
        while not isinstance(told := other.hear(), Left | Farewell):
            pass
        slow.wire.close()
        return told.reason if isinstance(told, Left) else None


def _text(number: int) -> str:
    return f"{number} {time.monotonic():.6f} ".ljust(TEXT_BYTES, "x")


def _speaker(
    hub: HubProcess, kind: str, name: str, *, receive_buffer: int | None = None
) -> Speaker:
    wire = Wire(hub.host, hub.port, receive_buffer=receive_buffer)
    known = {"slow", "other", "talker"}
    speaker = SPEAKERS[kind](wire, lambda one: one not in known)
    speaker.join(name)
    return speaker
