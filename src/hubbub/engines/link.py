"""A link: an accepted socket and the session it carries."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterable

from hubbub.engines.steps import Steps
from hubbub.node import Session
from hubbub.node.session import Phase


class Link:
    """What an engine keeps for a connection.

    Attributes:
        socket: The connection.
        session: Its session; set right after the node has made it.
        closed: Whether the node has been told that it is over.
        reading: Whether somebody reads from the socket: in the loop, the loop; else
            the connection's thread, which may be waiting at the gate.
        gate: For the threads engine: locked while the connection's thread has to wait.
    """

    __slots__ = ("closed", "gate", "reading", "session", "socket", "writing")

    session: Session

    def __init__(self, connection: socket.socket) -> None:
        """Begin, with nobody reading and nothing waiting to be written."""
        self.socket = connection
        self.closed = False
        self.reading = False
        self.writing = False
        self.gate: threading.Lock | None = None


def flush(steps: Steps, link: Link, flags: int = 0) -> bool | None:
    """Send what a session has to say, as far as the kernel takes it.

    One write in the common case: an outbox is one piece by now.

    Returns:
        True when nothing is left; False when the rest has to wait until the socket is
        writable; None when the connection is to be closed: it is broken, or all has
        been said on both sides.
    """
    session = link.session
    outbox = session.outbox
    while outbox.size:
        data = outbox.peek()
        sent = steps.send(link.socket, data, flags)
        if sent is None:
            return None
        outbox.consume(sent)
        if sent < len(data):
            return False
    if session.phase is Phase.ENDING:
        if session.ended_input:
            return None
        if not session.half_closed:
            session.half_closed = True
            steps.end_sending(link.socket)
    return True


def flush_all(steps: Steps, sessions: Iterable[Session], flags: int = 0) -> list[Link]:
    """Send what each session has to say, one write each.

    SEND as it mostly goes, written out: it is done once for each receiver of each turn.
    What `--trace` is to tell of goes the long way.

    Returns:
        The links of those for which that was not all: they are for `flush`.
    """
    if steps.is_traced:
        return [session.link for session in sessions]
    rest: list[Link] = []
    for session in sessions:
        link: Link = session.link
        outbox = session.outbox
        size = outbox.size
        if link.writing or link.closed or session.phase is Phase.ENDING:
            rest.append(link)
        elif size:
            try:
                sent = link.socket.send(outbox.peek(), flags)
            except OSError:  # it takes none now, or is broken
                rest.append(link)
                continue
            outbox.consume(sent)
            if sent < size:
                rest.append(link)
    return rest
