"""A session: one connection, and how far its user has been shown the journal."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Any

from hubbub.model.events import SERVER_ID
from hubbub.model.limits import Limits
from hubbub.model.network import is_loopback
from hubbub.node.outbox import Outbox
from hubbub.node.places import Bucket, Place

if TYPE_CHECKING:
    from hubbub.dialects.contract import Dialect, Writer
    from hubbub.hub import View
    from hubbub.node.scoped import ScopedWriter


# Of the refusals that may come at once, one of a connection is forgotten in a second.
_FORGIVEN_A_SECOND = 1.0


class Phase(IntEnum):
    """Where a session stands.

    A session is `NEW` until it has a name. Then it is `LIVE`, and each turn's events
    are pushed to it; or `BEHIND`, and it reads them from the journal until it has
    caught up. `ENDING` has been told goodbye and waits for its outbox to drain.
    """

    NEW = 0
    LIVE = 1
    BEHIND = 2
    ENDING = 3
    GONE = 4


class Session:
    """One connection.

    Attributes:
        dialect: Reads and writes for it; replaced once the first bytes are known.
        outbox: Bytes on their way out; the engine consumes them.
        host: The network address of the other side, without the port.
        address: `IP:PORT` to show to others, or "" when the address is public.
        phase: See `Phase`.
        user: The user's id once joined, else None.
        device: The hash of its resume token once joined, or "".
        access: The hash of the access token that it came in with, or "".
        scoped: Then, what writes for it, within the token's scope.
        is_present: Whether its user is here because of it. Somebody is not, whose
            program reads along.
        cursor: While `BEHIND`, the `seq` of the last event gone past.
        view: While `BEHIND`, what the user may see at the cursor; None until needed.
        ended_input: Whether no more bytes will come.
        since: Monotonic seconds of the beginning of its phase, where that matters:
            of the connection, or of the last request it was answered in full, while
            `NEW`; of the goodbye while `ENDING`.
        heard: Monotonic seconds of the last sign of life.
        asked: Whether it was asked if it lives, and has not answered.
        told: Monotonic seconds of the last look that found that something had gone out.
        stuck_since: Monotonic seconds since when its outbox has not drained, or None.
        place: What is known of its network address.
        bucket: The commands it may give; once it has a user, all that user's sessions
            share one.
        refused: How often it may yet be refused something until it is closed.
        attempt: Which of its client's connections this is; 0 when they aren't counted.
        encrypted: Whether what it says is.
        busy: Whether something it asked for is being worked on; until that is done it
            asks for nothing else.
        hides: Whether what it says next is a secret, and not for a trace.
        paused: Whether the engine is to read no more from it for now.
        half_closed: For the engine: whether its sending side is shut.
        proxied: Whether a trusted proxy opened it, which may tell for whom.
        peer: Its own `host`, `address` and `encrypted`, whomever a proxy asks for.
        link: For the engine: whatever it keeps for this connection.
    """

    __slots__ = (
        "access",
        "address",
        "asked",
        "attempt",
        "bucket",
        "busy",
        "cursor",
        "device",
        "dialect",
        "encrypted",
        "ended_input",
        "half_closed",
        "heard",
        "hides",
        "host",
        "is_present",
        "link",
        "outbox",
        "paused",
        "peer",
        "phase",
        "place",
        "proxied",
        "refused",
        "scoped",
        "since",
        "stuck_since",
        "told",
        "user",
        "view",
    )

    def __init__(
        self,
        dialect: Dialect,
        link: Any,
        place: Place,
        limits: Limits,
        *,
        host: str = "",
        address: str = "",
        now: float = 0.0,
    ) -> None:
        """Begin without a name."""
        self.dialect = dialect
        self.link = link
        self.host = host
        self.address = address
        self.outbox = Outbox()
        self.phase = Phase.NEW
        self.user: int | None = None
        self.device = ""
        self.access = ""
        self.scoped: ScopedWriter | None = None
        self.is_present = True
        self.cursor = 0
        self.view: View | None = None
        self.ended_input = False
        self.since = now
        self.heard = now
        self.asked = False
        self.told = now
        self.stuck_since: float | None = None
        self.place = place
        self.begin_counting(limits, now)
        self.attempt = 0
        self.encrypted = False
        self.busy = False
        self.hides = False
        self.paused = False
        self.half_closed = False
        self.proxied = False
        self.peer = (host, address, False)

    def begin_counting(self, limits: Limits, now: float) -> None:
        """Allow all that somebody new is allowed; the console is allowed anything."""
        some = 1.0 if self.host else 0.0
        self.bucket = Bucket(limits.rate * some, limits.burst, now)
        self.refused = Bucket(_FORGIVEN_A_SECOND * some, limits.refusals, now)

    @property
    def writer(self) -> Writer:
        """What writes events for it, and for others that hear the same."""
        return self.dialect.writer if self.scoped is None else self.scoped

    @property
    def is_console(self) -> bool:
        """Whether this is the administrator's console."""
        return self.user == SERVER_ID

    @property
    def is_secure(self) -> bool:
        """Whether nobody else can listen to what it says."""
        return self.encrypted or self.is_console or is_loopback(self.host)

    @property
    def is_open(self) -> bool:
        """Whether it may still ask for things."""
        return self.phase < Phase.ENDING
