"""Tries at passwords: how many, and how fast, so that guessing leads nowhere.

Two counts, both of failures:

- of one *address*, for one name and for all: over it, its tries are refused for a while
  that doubles. Nobody else is touched, so nobody can lock a person out from elsewhere.
- of one *name*, from everywhere: over it, each try is answered later. It is never
  refused, and tries do not wait for each other: who knows the password gets in.

A name that nobody has counts like all others, so that the counts tell nothing.
"""

from __future__ import annotations

from collections import OrderedDict

from hubbub.model.network import network_of

# Failures of one address that are free: for one name, and for all names together. A
# school behind one address has many who mistype.
_FREE_OF_NAME = 5
_FREE_OF_ADDRESS = 40

# The wait after the first failure over that, in seconds, and the longest one.
_FIRST_WAIT = 1.0
_LONGEST_WAIT = 300.0

# Failures for one name after which answers come later, and the latest they come.
_FREE_FROM_ALL = 20
_LATEST_ANSWER = 2.0

# After so long without another failure it is forgotten.
_FORGET_SECONDS = 900.0

# Counts kept at the same time; over that, the one not touched for longest is dropped.
_KEPT = 20_000


class _Count:
    __slots__ = ("failures", "last")

    def __init__(self, last: float) -> None:
        self.failures = 0
        self.last = last


class Tries:
    """Counts failures, on the clock that never jumps."""

    def __init__(self) -> None:
        """Begin with none."""
        self._counts: OrderedDict[tuple[str, str], _Count] = OrderedDict()

    def wait(self, host: str, name: str, now: float) -> float:
        """Give the seconds until an address may try a name again; 0 for at once."""
        network = network_of(host)
        return max(
            self._wait((network, name), _FREE_OF_NAME, now),
            self._wait((network, ""), _FREE_OF_ADDRESS, now),
        )

    def delay(self, name: str, now: float) -> float:
        """Give the seconds after which a try at a name is to be answered."""
        over = self._failures(("", name), now) - _FREE_FROM_ALL
        return 0.0 if over < 0 else min(_LATEST_ANSWER, 0.25 * 2 ** min(over // 20, 8))

    def begin(self, host: str, name: str, now: float, *, alone: bool = False) -> None:
        """Count a try as failed from the start: many at once are many.

        With `alone` it counts for this name from this address and for nothing else:
        where nobody could guess, a program with what is no longer good should not keep
        the people waiting who share its address.
        """
        keys = self._keys(host, name)
        for key in keys[:1] if alone else keys:
            count = self._counts.setdefault(key, _Count(now))
            if now - count.last > _FORGET_SECONDS:
                count.failures = 0
            count.failures += 1
            count.last = now
            self._counts.move_to_end(key)
        while len(self._counts) > _KEPT:
            self._counts.popitem(last=False)

    def succeed(self, host: str, name: str) -> None:
        """Take a try back that was none; an address that knows one name is no guesser.

        What others have failed at for this name goes on counting.
        """
        own, address, everybody = self._keys(host, name)
        self._counts.pop(own, None)
        for key in (address, everybody):
            count = self._counts.get(key)
            if count is not None:
                count.failures = max(0, count.failures - 1)

    @staticmethod
    def _keys(host: str, name: str) -> tuple[tuple[str, str], ...]:
        network = network_of(host)
        return (network, name), (network, ""), ("", name)

    def _failures(self, key: tuple[str, str], now: float) -> int:
        count = self._counts.get(key)
        if count is None or now - count.last > _FORGET_SECONDS:
            return 0
        return count.failures

    def _wait(self, key: tuple[str, str], free: int, now: float) -> float:
        over = self._failures(key, now) - free
        if over < 0:
            return 0.0
        wait = min(_LONGEST_WAIT, _FIRST_WAIT * 2.0 ** min(over, 16))
        return max(0.0, self._counts[key].last + wait - now)
