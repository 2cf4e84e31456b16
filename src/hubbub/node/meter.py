"""Counts of what the node does: by the turn, never by the receiver."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable

from hubbub.hub import EVERYONE
from hubbub.model.answers import Family, Metrics, Sample
from hubbub.model.events import MESSAGES
from hubbub.model.refusals import Code
from hubbub.node.delivery import Batch
from hubbub.node.session import Session

# From a turn over one message in memory to a disk that has fallen asleep.
_SECONDS = (0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 2.5)

_BYTES = (0, 1024, 16_384, 65_536, 262_144, 1_048_576)


class Histogram:
    """Counts values by the bound that they do not exceed."""

    def __init__(self, bounds: tuple[float, ...]) -> None:
        """Begin with nothing counted; `bounds` ascend."""
        self._bounds = bounds
        self._counts = [0] * (len(bounds) + 1)
        self._sum = 0.0

    def observe(self, value: float) -> None:
        """Count one value."""
        self._counts[bisect_left(self._bounds, value)] += 1
        self._sum += value

    def family(self, name: str, text: str) -> Family:
        """Give it as it is read: each bound with all that is under it."""
        samples: list[Sample] = []
        total = 0
        for bound, count in zip((*self._bounds, "+Inf"), self._counts, strict=True):
            total += count
            samples.append(Sample("_bucket", (("le", str(bound)),), total))
        samples += (Sample("_sum", (), self._sum), Sample("_count", (), total))
        return Family(name, text, "histogram", tuple(samples))


class Meter:
    """Keeps the counts.

    Attributes:
        received: Bytes that came in.
        sent: Bytes that went out; the engine says.
        refusals: How often each reason for a no was given.
        commits: How long each commit took, in seconds.
    """

    def __init__(self, engine: str = "") -> None:
        """Count from now on, for a hub that is served by this engine."""
        self._engine = engine
        self.received = 0
        self.sent = 0
        self.refusals: Counter[Code] = Counter()
        self.commits = Histogram(_SECONDS)
        self._turns = Histogram(_SECONDS)
        self._events = 0
        self._messages = 0
        self._deliveries = 0

    def took(self, seconds: float, sent: int) -> None:
        """Learn how long a turn took, and how much has been sent since the start."""
        self._turns.observe(seconds)
        self.sent = sent

    def count(self, batch: Batch, live: int) -> None:
        """Count what a turn has stored; `live` sessions hear what everyone hears."""
        self._events += len(batch.events)
        for event, audience in zip(batch.events, batch.audiences, strict=True):
            if isinstance(event, MESSAGES):
                self._messages += 1
                self._deliveries += live if audience is EVERYONE else len(audience)

    def read(self, sessions: Iterable[Session], bars: int = 0) -> Metrics:
        """Give all counts, and how things stand with the connections now.

        Args:
            sessions: Those that stand.
            bars: How often an address was kept out.
        """
        dialects: Counter[str] = Counter()
        outboxes = Histogram(_BYTES)
        for session in sessions:
            dialects[session.dialect.name] += 1
            outboxes.observe(session.outbox.size)
        return Metrics(
            (
                Family(
                    "hubbub_connections",
                    "Open connections.",
                    "gauge",
                    tuple(
                        Sample("", (("dialect", name), ("engine", self._engine)), count)
                        for name, count in sorted(dialects.items())
                    ),
                ),
                _counter("hubbub_events", "Events stored.", self._events),
                _counter("hubbub_messages", "Messages stored.", self._messages),
                _counter(
                    "hubbub_deliveries",
                    "Messages times those who were to be told at once.",
                    self._deliveries,
                ),
                _counter("hubbub_received_bytes", "Bytes taken in.", self.received),
                _counter("hubbub_sent_bytes", "Bytes sent.", self.sent),
                Family(
                    "hubbub_refusals_total",
                    "Refusals, by reason.",
                    "counter",
                    tuple(
                        Sample("", (("code", code.value),), count)
                        for code, count in sorted(self.refusals.items())
                    ),
                ),
                _counter(
                    "hubbub_addresses_kept_out", "Addresses kept out for a while.", bars
                ),
                self._turns.family("hubbub_turn_seconds", "How long turns took."),
                self.commits.family("hubbub_commit_seconds", "How long commits took."),
                outboxes.family("hubbub_outbox_bytes", "Bytes waiting to be sent now."),
            )
        )


def _counter(name: str, text: str, count: int) -> Family:
    return Family(f"{name}_total", text, "counter", (Sample("", (), count),))
