"""A link: an accepted socket and the session it carries."""

from __future__ import annotations

import socket
import sys
import threading
from collections.abc import Iterable

from hubbub.engines.steps import Steps, show_address
from hubbub.model.time import Now
from hubbub.node import Node, Session
from hubbub.node.session import Phase
from hubbub.wire.opening import Wire, WireError


class Link:
    """What an engine keeps for a connection.

    Attributes:
        socket: The connection.
        session: Its session; set right after the node has made it.
        closed: Whether the node has been told that it is over.
        reading: Whether somebody reads from the socket: in the loop, the loop; else
            the connection's thread, which may be waiting at the gate.
        wire: What lies between the socket and the session; None when nothing does.
        gate: For the threads engine: locked while the connection's thread has to wait.
    """

    __slots__ = ("closed", "gate", "reading", "session", "socket", "wire", "writing")

    session: Session

    def __init__(self, connection: socket.socket, wire: Wire | None = None) -> None:
        """Begin, with nobody reading and nothing waiting to be written."""
        self.socket = connection
        self.wire = wire
        self.closed = False
        self.reading = False
        self.writing = False
        self.gate: threading.Lock | None = None


def take_in(node: Node, steps: Steps, link: Link, data: bytes, now: Now) -> bool:
    """Hand what came over to the node, by way of the wire.

    Args:
        node: Gets it.
        steps: Are told of.
        link: Whose it is.
        data: What came; empty when no more will.
        now: When.

    Returns:
        False when the connection is to be closed: what came can't be understood.
    """
    wire = link.wire
    if wire is not None and data:
        try:
            data = _unwrap(node, steps, link, wire, data, now)
        except WireError as error:
            if steps.is_traced:
                steps.tell(f"BROKEN   fd={link.socket.fileno()} {error}")
            steps.send(link.socket, wire.unsent)
            return False
        if data:
            node.receive(link.session, data, now)
        if wire.ended:
            node.end_of_input(link.session)
    elif data:
        node.receive(link.session, data, now)
    else:
        node.end_of_input(link.session)
    return True


def _unwrap(
    node: Node, steps: Steps, link: Link, wire: Wire, data: bytes, now: Now
) -> bytes:
    was_secure = wire.secure
    text = wire.receive(data)
    if wire.source is not None:
        source, wire.source = wire.source, None
        node.move(link.session, *source, now)
        if wire.told_secure:
            node.secured(link.session)
        if steps.is_traced:
            steps.tell(f"PROXY    fd={link.socket.fileno()} for {show_address(source)}")
    if wire.secure and not was_secure:
        node.secured(link.session)
        if steps.is_traced:
            steps.tell(f"TLS      fd={link.socket.fileno()} {wire.summary}")
    if wire.clear:
        link.wire = None
    return text


def flush(steps: Steps, link: Link, flags: int = 0) -> bool | None:
    """Send what a session has to say, as far as the kernel takes it.

    One write in the common case: an outbox is one piece by now.

    Returns:
        True when nothing is left; False when the rest has to wait until the socket is
        writable; None when the connection is to be closed: it is broken, or all has
        been said on both sides.
    """
    session = link.session
    wire = link.wire
    if wire is None:
        done = _flush_clear(steps, link, flags)
    else:
        done = _flush_wire(steps, link, wire, flags)
    if not done:
        return done
    if session.phase is Phase.ENDING and not session.outbox.size:
        if session.ended_input:
            return None
        if not session.half_closed:
            session.half_closed = True
            if wire is not None:
                wire.close()
                _flush_wire(steps, link, wire, flags)
            steps.end_sending(link.socket)
    return True


def _flush_clear(steps: Steps, link: Link, flags: int) -> bool | None:
    outbox = link.session.outbox
    while outbox.size:
        data = outbox.peek()
        sent = steps.send(link.socket, data, flags)
        if sent is None:
            return None
        outbox.consume(sent)
        if sent < len(data):
            return False
    return True


def _flush_wire(steps: Steps, link: Link, wire: Wire, flags: int) -> bool | None:
    outbox = link.session.outbox
    while True:
        while wire.unsent:
            sent = steps.send(link.socket, wire.unsent, flags)
            if sent is None:
                return None
            wire.unsent = wire.unsent[sent:]
            if not sent:
                return False
        if not outbox.size:
            return True
        try:
            taken = wire.send(outbox.peek())
        except WireError:
            return None
        if not taken:
            # It can be said once the handshake is done; nobody waits for that to say
            # goodbye, or one who stalls in it would stay for twice as long.
            return None if link.session.phase is Phase.ENDING else True
        outbox.consume(taken)


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
    total = 0
    for session in sessions:
        link: Link = session.link
        outbox = session.outbox
        size = outbox.size
        if (
            link.writing
            or link.closed
            or link.wire is not None
            or session.phase is Phase.ENDING
        ):
            rest.append(link)
        elif size:
            try:
                sent = link.socket.send(outbox.peek(), flags)
            except OSError:  # it takes none now, or is broken
                rest.append(link)
                continue
            outbox.consume(sent)
            total += sent
            if sent < size:
                rest.append(link)
    steps.sent += total
    return rest


def report(defects: Iterable[Exception]) -> None:
    """Show whoever runs the hub what nobody foresaw."""
    for defect in defects:
        sys.excepthook(type(defect), defect, defect.__traceback__)
