"""What anybody may ask, without a name."""

from __future__ import annotations

import msgspec


class ReadLobby(msgspec.Struct, frozen=True, gc=False):
    """What was said in the lobby? Anybody may ask, without a name.

    Attributes:
        after: Only messages with a greater `seq`, the oldest first; None means the
            newest.
        limit: How many at most; None means the page limit.
    """

    after: int | None = None
    limit: int | None = None


class Observe(msgspec.Struct, frozen=True, gc=False):
    """Let me hear what everyone hears, without a name.

    Attributes:
        after: The last `seq` heard before; None means from now on.
    """

    after: int | None = None


class WhoIsHere(msgspec.Struct, frozen=True, gc=False):
    """Who has come in, and how many listen? Anybody may ask, without a name."""


class CheckHealth(msgspec.Struct, frozen=True, gc=False):
    """Can the hub write to its disk? Anybody may ask, without a name."""


class ReadMetrics(msgspec.Struct, frozen=True, gc=False):
    """What has been counted? Anybody may ask, without a name."""


PublicQuery = ReadLobby | Observe | WhoIsHere | CheckHealth | ReadMetrics
