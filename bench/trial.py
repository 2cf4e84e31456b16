"""One contestant under one load: the figures."""

from __future__ import annotations

import tempfile
import time
from dataclasses import astuple, dataclass, field
from operator import sub
from pathlib import Path
from typing import TYPE_CHECKING, Self

from bench.contestant import TrialError
from bench.crowd import Crowd
from bench.server import Server, busy_seconds

if TYPE_CHECKING:
    from collections import Counter

    from bench.contestant import Contestant
    from bench.loads import Load
    from bench.server import Cores, Memory


@dataclass(frozen=True)
class Setting:
    """What all trials of a run have in common.

    Attributes:
        cores: Which core is whose.
        seconds: How long to measure, after the warm-up.
        folder: Where the servers' own folders are made.
        warm_up: How many seconds of load pass before that.
        quiet: For how many seconds nothing may come until a crowd counts as joined.
    """

    cores: Cores
    seconds: float
    folder: Path
    warm_up: float = 1.0
    quiet: float = 0.5


@dataclass(frozen=True)
class Outcome:
    """What came of one trial.

    Attributes:
        figures: By name with unit; empty if there was a problem.
        problem: Why it could not be measured, in one sentence.
        left_out: Why it was not meant to be measured, in one sentence.
    """

    figures: dict[str, float] = field(default_factory=dict)
    problem: str | None = None
    left_out: str | None = None


@dataclass(frozen=True)
class Clocks:
    """What the clocks show at one moment, or between two of them, in seconds.

    Attributes:
        wall: The time of day.
        server: CPU time of the contestant.
        generator: CPU time of this process.
        server_core: Busy time of the contestant's core, whoever used it.
        generator_core: Busy time of this process's core.
    """

    wall: float
    server: float
    generator: float
    server_core: float
    generator_core: float

    @classmethod
    def read(cls, setting: Setting, server: Server) -> Self:
        """Read all clocks now."""
        return cls(
            time.perf_counter(),
            server.cpu_seconds(),
            time.process_time(),
            busy_seconds(setting.cores.server),
            busy_seconds(setting.cores.generator),
        )

    def __sub__(self, earlier: Self) -> Clocks:
        return Clocks(*map(sub, astuple(self), astuple(earlier)))


def attempt(contestant: Contestant, load: Load, setting: Setting) -> Outcome:
    """Start the contestant, put it under the load, measure, and end it."""
    if len(load.seats) > contestant.most:
        return Outcome(left_out=f"left out: made for {contestant.most:,} connections")
    with tempfile.TemporaryDirectory(
        prefix="bench-", dir=setting.folder, ignore_cleanup_errors=True
    ) as folder:
        try:
            with Server(contestant, Path(folder), setting.cores) as server:
                try:
                    contestant.prepare(server.port)
                    return Outcome(_measure(contestant, load, setting, server))
                except (OSError, TrialError):
                    # If the process has ended, that says more than a broken pipe.
                    server.check(within=1.0)
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
        crowd.settle(setting.quiet)
        before = server.memory()
        started = Clocks.read(setting, server)
        crowd.join(load.seats[1:])
        joined = Clocks.read(setting, server) - started
        crowd.settle(setting.quiet)
        figures = {"join_s": joined.wall, "join_cpu_s": joined.server}
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
    total = crowd.drive(setting.warm_up)
    crowd.latencies()
    before = Clocks.read(setting, server)
    delivered = crowd.drive(setting.seconds)
    spent = Clocks.read(setting, server) - before
    latencies = crowd.latencies()
    lost = crowd.finish(total + delivered)
    if not delivered:
        raise TrialError(
            f"delivered nothing within {setting.seconds:g} s; {lost:,} never came"
        )
    return {
        "deliveries_per_s": delivered / spent.wall,
        **_quantiles(latencies),
        "cpu_us_per_delivery": spent.server / delivered * 1e6,
        "server_core": spent.server / spent.wall,
        "generator_core": spent.generator / spent.wall,
        "others_on_server_core": (spent.server_core - spent.server) / spent.wall,
        "others_on_generator_core": (spent.generator_core - spent.generator)
        / spent.wall,
        "lost": lost,
    }


def _quantiles(latencies: Counter[int]) -> dict[str, float]:
    """The median and the 99th percentile in ms; neither without any latency."""
    if not latencies:
        return {}
    return {
        "p50_ms": quantile(latencies, 0.50) / 1000,
        "p99_ms": quantile(latencies, 0.99) / 1000,
    }


def quantile(latencies: Counter[int], share: float) -> int:
    """The latency that ``share`` of the messages kept to; there has to be one."""
    rank = share * latencies.total()
    for latency, count in sorted(latencies.items()):
        rank -= count
        if rank <= 0:
            return latency
    return max(latencies)
