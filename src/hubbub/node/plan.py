"""What a turn asks of its engine."""

from __future__ import annotations

from dataclasses import dataclass, field

from hubbub.node.session import Session


@dataclass(slots=True)
class Plan:
    """The sockets to touch after a turn.

    Attributes:
        flush: Sessions with bytes to send, or with nothing left to say and to be shut.
        pause: Sessions to read nothing from, so that TCP slows the other side down.
        resume: Sessions to read from again.
        close: Sessions whose socket is to be closed at once.
        stop: Whether the hub is to end after this turn's bytes are out.
    """

    flush: list[Session] = field(default_factory=list)
    pause: list[Session] = field(default_factory=list)
    resume: list[Session] = field(default_factory=list)
    close: list[Session] = field(default_factory=list)
    stop: bool = False
