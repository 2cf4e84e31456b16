"""When to come back and when not to: rules as tables, and the count of attempts."""

from __future__ import annotations

import msgspec

from hubbub.model.refusals import Code

# "After `bye` with `idle`, `slow` or `shutdown` a client may come back; after
# `kicked`, `replaced` or `refused` it should not." After `quit` and `handshake` there
# is nothing to come back for. A reason that is not known is taken as an accident.
FINAL_BYES = frozenset(
    {
        "quit",
        "kicked",
        "banned",
        "replaced",
        "logged_out",
        "refused",
        "handshake",
        "token_expired",
        "token_revoked",
    }
)

# Refusals at the door end the chat, but for the one that says "try again".
PASSING_REFUSALS = frozenset({Code.STORAGE_UNAVAILABLE})


class ReconnectPolicy(msgspec.Struct, frozen=True, kw_only=True):
    """How stubborn a client is.

    Attributes:
        every: Seconds from one attempt to the next.
        window: Seconds from the failure or loss on in which attempts begin; 0 for
            none at all.
    """

    every: float = 5.0
    window: float = 120.0

    def __post_init__(self) -> None:
        if not self.every > 0:
            raise ValueError(f"the time between attempts must be over 0: {self.every}")
        if not self.window >= 0:
            raise ValueError(f"the time for attempts can't be negative: {self.window}")


class Attempts:
    """The attempts since a failure or loss.

    Attributes:
        count: The number of the attempt that is next, or under way; 0 before any
            failure.
    """

    def __init__(self, policy: ReconnectPolicy) -> None:
        """Begin with nothing failed."""
        self._policy = policy
        self._since: float | None = None
        self._begun = 0.0
        self.count = 0

    def succeeded(self) -> None:
        """Learn that the hub has let the client in; the next loss counts anew."""
        self._since = None
        self.count = 0

    def begun(self, now: float) -> None:
        """Learn that an attempt begins."""
        self._begun = now

    def failed(self, now: float) -> float | None:
        """Learn that an attempt failed, or that the connection was lost.

        Args:
            now: Seconds on a clock that never jumps.

        Returns:
            When the next attempt is, or None when they are over.
        """
        if self._since is None:
            self._since = now
            at = now + self._policy.every
        else:
            # An attempt that took long has used up its wait.
            at = max(now, self._begun + self._policy.every)
        self.count += 1
        return at if at <= self.end else None

    @property
    def end(self) -> float:
        """When attempts are over. Only after a failure."""
        return (self._since or 0.0) + self._policy.window
