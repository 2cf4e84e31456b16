"""Redis publish/subscribe.

In RESP2 a connection that is subscribed cannot publish; in RESP3 it can, so one
connection is one client here as everywhere
(https://redis.io/docs/latest/develop/pubsub/). ``CLIENT REPLY OFF`` leaves out the
reply to each ``PUBLISH``, and not the messages. Redis has no way to keep a talker from
hearing itself, so that is counted as a delivery.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench.contestant import BACKLOG, HOST, MOST_CONNECTIONS, Installed, Step

if TYPE_CHECKING:
    from pathlib import Path

    from bench.contestant import Seat

ROOM = b"room"


def request(*words: bytes) -> bytes:
    """A command as RESP writes it: an array of bulk strings."""
    return b"*%d\r\n" % len(words) + b"".join(
        b"$%d\r\n%b\r\n" % (len(word), word) for word in words
    )


class Redis(Installed):
    """Redis, without persistence."""

    key = "redis"
    title = "Redis pub/sub"
    program = "redis-server"
    debian = "redis-server"
    echoes = True

    def command(self, port: int, folder: Path) -> list[str]:
        """Run it in the foreground; subscribers' output is not limited."""
        return [
            *(str(self.found()), "--bind", HOST, "--port", str(port)),
            *("--save", "", "--appendonly", "no", "--dir", str(folder)),
            *("--maxclients", str(MOST_CONNECTIONS), "--tcp-backlog", str(BACKLOG)),
            *("--client-output-buffer-limit", "pubsub 0 0 0"),
        ]

    def introduce(self, seat: Seat) -> tuple[Step, ...]:
        """Switch to RESP3, and subscribe to the room and the own name."""
        own = b"to:" + seat.name.encode()
        say = request(b"HELLO", b"3") + request(b"SUBSCRIBE", ROOM, own)
        # The push that confirms the second subscription.
        until = b"$9\r\nsubscribe\r\n$%d\r\n%b\r\n:2\r\n" % (len(own), own)
        return (Step(say + request(b"CLIENT", b"REPLY", b"OFF"), until),)

    def post(self, seat: Seat, text: bytes) -> bytes:
        """``PUBLISH`` on the room's channel."""
        del seat
        return request(b"PUBLISH", ROOM, text)

    def direct(self, seat: Seat, text: bytes) -> bytes:
        """``PUBLISH`` on the partner's channel."""
        return request(b"PUBLISH", b"to:" + str(seat.partner).encode(), text)
