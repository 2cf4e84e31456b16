"""Places: what is remembered of each network address, also between its connections.

A limit on one connection alone is dodged by opening another. So what comes from one
address is counted together: the connections that stand, how many come anew, how many
come in, what they ask for, and how much of that had to be refused. Of IPv6 the network
of a customer (/64) is one address.

Two are never slowed and never kept out, for behind them are others: the machine that
the hub runs on, and a proxy that was named, until it tells for whom it asks.
"""

from __future__ import annotations

from collections import OrderedDict

from hubbub.model.limits import Limits
from hubbub.model.network import is_loopback, network_of

# Of the refusals that may come at once, one from an address is forgotten in this time.
_FORGIVEN_A_SECOND = 10.0

# Addresses without a connection that are remembered; over that, the one that has been
# without one for longest is forgotten.
_KEPT = 20_000

# How many of those are looked at in one round for what can be forgotten.
_SWEPT = 1_024

# Of the addresses that were kept out since somebody last asked, how many are named.
_NAMED = 3


class Bars:
    """What was kept out since somebody last asked, and how often that was in all.

    Attributes:
        networks: The first few.
        count: How many there are.
        total: How many there have been since the start.
    """

    __slots__ = ("count", "networks", "total")

    def __init__(self) -> None:
        """Begin with none."""
        self.networks: list[str] = []
        self.count = self.total = 0

    def add(self, network: str) -> None:
        """Note one."""
        self.count += 1
        self.total += 1
        if len(self.networks) < _NAMED:
            self.networks.append(network)

    def take(self) -> tuple[tuple[str, ...], int]:
        """Give the first few and their number, and begin anew."""
        taken = tuple(self.networks), self.count
        self.networks.clear()
        self.count = 0
        return taken


class Bucket:
    """A token bucket, on the clock that never jumps.

    Attributes:
        rate: Tokens that it gains in a second; 0 for one that is never empty.
        burst: Tokens that it holds.
        tokens: Those it held when it was last looked at; below 0 after an advance.
    """

    __slots__ = ("_looked", "burst", "rate", "tokens")

    def __init__(self, rate: float, burst: float, now: float) -> None:
        """Begin full."""
        self.rate = rate
        self.burst = self.tokens = burst if rate else float("inf")
        self._looked = now

    def level(self, now: float) -> float:
        """Give the tokens that there are now."""
        # Called for each request: `min` would cost more than the sum.
        tokens = self.tokens + (now - self._looked) * self.rate
        self._looked = now
        if tokens > self.burst:
            tokens = self.burst
        self.tokens = tokens
        return tokens

    def take(self, now: float) -> bool:
        """Take one, if there is one; tell whether there was."""
        if self.level(now) < 1:
            return False
        self.tokens -= 1
        return True

    def is_full(self, now: float) -> bool:
        """Tell whether it is as good as new."""
        return self.level(now) >= self.burst


class Place:
    """One network address.

    Attributes:
        network: See `network_of`.
        limited: Whether it may be slowed and kept out.
        standing: Connections that are open.
        requests: Of all its connections together.
        connects: Connections that may come.
        joins: Names that may be taken by guests.
        refused: Refusals until it is kept out.
        barred_until: Monotonic seconds until when it is kept out.
    """

    __slots__ = (
        "_bars",
        "barred_until",
        "connects",
        "joins",
        "limited",
        "network",
        "refused",
        "requests",
        "standing",
    )

    def __init__(
        self, network: str, limits: Limits, now: float, bars: Bars, *, limited: bool
    ) -> None:
        """Begin with all that is allowed; in `bars` it notes when it is kept out."""
        self._bars = bars
        self.network = network
        self.limited = limited
        self.standing = 0
        some = 1.0 if limited else 0.0
        # As many as may stand may come at once: all of a school, after a restart.
        crowd = limits.connections_per_address
        self.requests = Bucket(limits.address_rate * some, limits.address_burst, now)
        self.connects = Bucket(limits.connect_rate * some, crowd, now)
        self.joins = Bucket(limits.join_rate * some, crowd, now)
        forgiven = _FORGIVEN_A_SECOND * some
        self.refused = Bucket(forgiven, limits.address_refusals, now)
        self.barred_until = 0.0

    def count_refusal(self, now: float, bar_seconds: float) -> bool:
        """Count a refusal; tell whether it was one too many, and keep the place out."""
        if self.refused.take(now):
            return False
        self.barred_until = now + bar_seconds
        self._bars.add(self.network)
        self.refused = Bucket(self.refused.rate, self.refused.burst, now)
        return True

    def is_as_new(self, now: float) -> bool:
        """Tell whether there is nothing to remember."""
        buckets = (self.requests, self.connects, self.joins, self.refused)
        return now >= self.barred_until and all(one.is_full(now) for one in buckets)


class Places:
    """The places that have connections, and those that have had some.

    Attributes:
        bars: Those that were kept out.
    """

    def __init__(self, limits: Limits) -> None:
        """Begin with none."""
        self.bars = Bars()
        self._limits = limits
        self._standing: dict[str, Place] = {}
        self._resting: OrderedDict[str, Place] = OrderedDict()

    def __len__(self) -> int:
        return len(self._standing) + len(self._resting)

    def enter(self, host: str, now: float) -> Place:
        """Count a connection, and give its place."""
        network = network_of(host)
        place = self._standing.get(network)
        if place is None:
            place = self._resting.pop(network, None) or Place(
                network, self._limits, now, self.bars, limited=not is_loopback(host)
            )
            self._standing[network] = place
        place.standing += 1
        return place

    def nowhere(self, now: float) -> Place:
        """Give a place of its own to what is from nowhere, or not known from where."""
        return Place("", self._limits, now, self.bars, limited=False)

    def leave(self, place: Place) -> None:
        """Count a connection no more."""
        place.standing -= 1
        if self._standing.get(place.network) is place and not place.standing:
            self._resting[place.network] = self._standing.pop(place.network)
            if len(self._resting) > _KEPT:
                self._resting.popitem(last=False)

    def forget(self, now: float) -> None:
        """Forget some of those of which there is nothing to remember."""
        for _ in range(min(_SWEPT, len(self._resting))):
            network, place = self._resting.popitem(last=False)
            if not place.is_as_new(now):
                self._resting[network] = place
