"""`kill -9` under load: what was acknowledged, or shown to anyone, stays.

The hub is killed over and over on one data folder. The senders come back each time,
take their seats again, and send again what they know nothing of. At the end there is
one journal, and everything that anybody ever saw is held against it.
"""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from tests.conformance.hub_process import HubProcess
from tests.conformance.scene import SPEAKERS
from tests.conformance.speakers.wire import LIMIT

from chaos.cast import LastWords, Reader, Sender, history

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

SENDERS = 8
READERS = 2
"""Of each dialect, anew in each round."""

LIMITS = {"rate": 0}


@dataclass
class Verdict:
    """What came of all rounds.

    Attributes:
        rounds: How often the hub was killed.
        acknowledged: Messages that senders were told to be on disk.
        shown: Messages that were shown to somebody, as often as they were.
        stored: Messages in the journal at the end.
        missing: Acknowledged or shown, and not in the journal.
        repeated: In the journal, or shown to one person, twice.
        moved: Acknowledged or shown with another `seq` than the journal's.
        disordered: Readers who saw something else than a piece of the journal, whole
            and in its order.
        faults: What else should not have been.
    """

    rounds: int = 0
    acknowledged: int = 0
    shown: int = 0
    stored: int = 0
    missing: int = 0
    repeated: int = 0
    moved: int = 0
    disordered: int = 0
    faults: list[str] = field(default_factory=list)

    @property
    def good(self) -> bool:
        """Whether the promise was kept."""
        broken = self.missing + self.repeated + self.moved + self.disordered
        return not broken and not self.faults


class Progress:
    """Counts acknowledgements, for whoever waits for a number of them."""

    def __init__(self) -> None:
        self._count = 0
        self._news = threading.Condition()

    def step(self) -> None:
        """Count one."""
        with self._news:
            self._count += 1
            self._news.notify_all()

    def wait_for(self, more: int) -> None:
        """Wait until there are so many more than now."""
        with self._news:
            goal = self._count + more
            assert self._news.wait_for(lambda: self._count >= goal, LIMIT), (
                f"no {more} acknowledgements within {LIMIT:.0f} s"
            )


def after_seconds(seconds: float) -> Callable[[Progress], None]:
    """Make a moment to kill the hub: so long after it began to listen."""
    return lambda _: time.sleep(seconds)


def after_acknowledgements(count: int) -> Callable[[Progress], None]:
    """Make a moment to kill the hub: when so many have come in this round."""
    return lambda progress: progress.wait_for(count)


def kill_again_and_again(
    engine: str,
    folder: Path,
    moments: Sequence[Callable[[Progress], None]],
    senders: int = SENDERS,
    note: Callable[[int], None] = lambda _: None,
) -> Verdict:
    """Start a hub and kill it, once for each moment; then see what is left.

    Args:
        engine: `loop` or `threads`.
        folder: A new folder for the journal.
        moments: Each waits for the time to kill.
        senders: How many send at once.
        note: Called with the number of each round that begins.
    """
    progress = Progress()
    people = [Sender(f"sender{number}", progress.step) for number in range(senders)]
    with HubProcess(engine, folder, limits=LIMITS) as hub:
        for person in people:
            person.enter(hub)
    readers: list[Reader] = []
    for number, moment in enumerate(moments, 1):
        note(number)
        hub = HubProcess(engine, folder, limits=LIMITS)
        readers += _one_life(hub, people, partial(moment, progress))
    with HubProcess(engine, folder, limits=LIMITS) as hub:
        # What is still open is sent again, and now the hub lives.
        for person in people:
            person.stop()
        # Who is through first has not seen what the others had open: so twice.
        for _ in range(2):
            with ThreadPoolExecutor(len(people)) as pool:
                wires = [LastWords(hub.host, hub.port) for _ in people]
                list(pool.map(Sender.live, people, wires))
                for wire in wires:
                    wire.close()
        return judge(history(hub), people, readers, len(moments))


def _one_life(
    hub: HubProcess, people: Sequence[Sender], moment: Callable[[], None]
) -> list[Reader]:
    """Have everybody talk and read until the hub is killed; give the readers."""
    kinds = [kind for kind in SPEAKERS for _ in range(READERS)]
    wires = [LastWords(hub.host, hub.port) for _ in (*people, *kinds)]
    readers = [
        Reader(kind, f"reader{number}-{next(hub.tags)}", wire)
        for number, (kind, wire) in enumerate(zip(kinds, wires, strict=False))
    ]
    with ThreadPoolExecutor(len(wires)) as pool:
        lives = [pool.submit(reader.live) for reader in readers]
        for person, wire in zip(people, wires[len(readers) :], strict=True):
            lives.append(pool.submit(person.live, wire))
        try:
            moment()
        finally:
            hub.cut_off()
        for life in lives:
            life.result()
    for wire in wires:
        wire.close()
    hub.kill()
    hub.check()
    return readers


def judge(
    stored: Sequence[tuple[str, int]],
    people: Sequence[Sender],
    readers: Sequence[Reader],
    rounds: int,
) -> Verdict:
    """Hold what everybody saw against the journal.

    Args:
        stored: The journal's messages, in its order, each text said once at most.
        people: Who were there from before the first message to after the last.
        readers: Who were there for a while.
        rounds: How often the hub was killed.
    """
    verdict = Verdict(rounds, stored=len(stored))
    seqs = dict(stored)
    verdict.repeated = len(stored) - len(seqs)
    place = {text: number for number, (text, _) in enumerate(stored)}
    for person in people:
        verdict.acknowledged += len(person.acknowledged)
        verdict.shown += len(person.seen)
        verdict.faults += person.faults
        told = [*person.acknowledged.items(), *person.seen]
        verdict.missing += sum(text not in seqs for text, _ in told)
        verdict.moved += sum(seqs.get(text, seq) != seq for text, seq in told)
        verdict.repeated += len(person.seen) - len({text for text, _ in person.seen})
        verdict.disordered += person.seen != list(stored)
    for reader in readers:
        texts = reader.texts
        verdict.shown += len(texts)
        verdict.missing += sum(text not in seqs for text in texts)
        verdict.repeated += len(texts) - len(set(texts))
        if texts:
            start = place.get(texts[0], 0)
            piece = [text for text, _ in stored[start : start + len(texts)]]
            verdict.disordered += piece != texts
    return verdict
