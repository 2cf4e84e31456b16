"""What a turn asks of its engine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from hubbub.node.session import Session


@dataclass(slots=True, frozen=True, eq=False)
class Work:
    """Something that takes too long for a turn.

    Attributes:
        run: Gives a result, in any thread. It touches nothing of the node and the hub.
        then: Takes the result in a later turn; None when there is none.
    """

    run: Callable[[], object]
    then: Callable[[Any], None]


@dataclass(slots=True)
class Plan:
    """The sockets to touch after a turn.

    Attributes:
        flush: Sessions with bytes to send, or with nothing left to say and to be shut.
        pause: Sessions to read nothing from, so that TCP slows the other side down.
        resume: Sessions to read from again.
        close: Sessions whose socket is to be closed at once.
        offload: Works to be run beside the turn, whose results are brought to `done`.
        defects: Errors that nobody foresaw. Each has cost one connection, and whoever
            runs the hub is to be shown it.
        stop: Whether the hub is to end after this turn's bytes are out.
    """

    flush: list[Session] = field(default_factory=list)
    pause: list[Session] = field(default_factory=list)
    resume: list[Session] = field(default_factory=list)
    close: list[Session] = field(default_factory=list)
    offload: list[Work] = field(default_factory=list)
    defects: list[Exception] = field(default_factory=list)
    stop: bool = False
