"""One contestant under one load: the figures."""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from bench.crowd import Crowd
from bench.server import Server, TrialError

if TYPE_CHECKING:
    from collections import Counter

    from bench.contestants import Contestant
    from bench.loads import Load
    from bench.server import Cores, Memory

WARM_UP_SECONDS = 1.0


@dataclass(frozen=True)
class Setting:
    """What all trials of a run have in common.

    Attributes:
        cores: Which core is whose.
        seconds: How long to measure, after the warm-up.
        folder: Where the servers' own folders are made.
    """

    cores: Cores
    seconds: float
    folder: Path


@dataclass(frozen=True)
class Outcome:
    """What came of one trial.

    Attributes:
        figures: By name with unit; empty if there was a problem.
        problem: Why it could not be measured, in one sentence.
    """

    figures: dict[str, float] = field(default_factory=dict)
    problem: str | None = None


def attempt(contestant: Contestant, load: Load, setting: Setting) -> Outcome:
    """Start the contestant, put it under the load, measure, and end it."""
    with tempfile.TemporaryDirectory(
        prefix="bench-", dir=setting.folder, ignore_cleanup_errors=True
    ) as folder:
        try:
            with Server(contestant, Path(folder), setting.cores) as server:
                try:
                    return Outcome(_measure(contestant, load, setting, server))
                except (OSError, TrialError):
                    # If the process has ended, that says more than a broken pipe.
                    server.check()
                    raise
        except (OSError, TrialError) as error:
            return Outcome(problem=str(error) or type(error).__name__)


def _measure(
    contestant: Contestant, load: Load, setting: Setting, server: Server
) -> dict[str, float]:
    with Crowd(load, contestant, server.port) as crowd:
        # The first one in makes the server load what it loads late; the memory for
        # that is not the price of a connection.
        crowd.join(load.seats[:1])
        crowd.settle()
        before = server.memory()
        started = time.perf_counter()
        crowd.join(load.seats[1:])
        joined = time.perf_counter()
        crowd.settle()
        figures = {"join_s": joined - started}
        if load.observer_of:
            figures |= _under_load(crowd, setting, server)
        else:
            figures |= _per_connection(before, server.memory(), len(load.seats) - 1)
        return figures | {"rss_mib": server.memory().rss / 1024}


def _per_connection(before: Memory, after: Memory, joined: int) -> dict[str, float]:
    figures = {"rss_kib_per_connection": (after.rss - before.rss) / joined}
    if before.pss is not None and after.pss is not None:
        figures["pss_kib_per_connection"] = (after.pss - before.pss) / joined
    return figures


def _under_load(crowd: Crowd, setting: Setting, server: Server) -> dict[str, float]:
    crowd.begin()
    total = crowd.drive(WARM_UP_SECONDS)
    crowd.latencies()
    wall, cpu, own_cpu = time.perf_counter(), server.cpu_seconds(), time.process_time()
    delivered = crowd.drive(setting.seconds)
    wall = time.perf_counter() - wall
    cpu = server.cpu_seconds() - cpu
    own_cpu = time.process_time() - own_cpu
    latencies = crowd.latencies()
    if not delivered:
        raise TrialError(f"delivered nothing within {setting.seconds:g} s")
    total += delivered + crowd.settle()
    return {
        "deliveries_per_s": delivered / wall,
        "p50_ms": _quantile(latencies, 0.50) / 1000,
        "p99_ms": _quantile(latencies, 0.99) / 1000,
        "cpu_us_per_delivery": cpu / delivered * 1e6,
        "server_core": cpu / wall,
        "generator_core": own_cpu / wall,
        "lost": crowd.expected() - total,
    }


def _quantile(latencies: Counter[int], share: float) -> float:
    """The latency that ``share`` of the messages kept to, in us; nan if there is none."""
    rank = share * latencies.total()
    for latency, count in sorted(latencies.items()):
        rank -= count
        if rank <= 0:
            return latency
    return float("nan")
