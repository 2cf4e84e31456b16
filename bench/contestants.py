"""Who is measured.

To add a server, write a subclass of ``Contestant`` and put it into ``CONTESTANTS``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench.ours import Ceiling, Hubbub, Naive
from bench.peers.irc import InspIrcd, NgIrcd
from bench.peers.mqtt import Mosquitto
from bench.peers.nats import JetStream, Nats
from bench.peers.redis import Redis

if TYPE_CHECKING:
    from bench.contestant import Contestant

# The first one is what the others are compared with.
CONTESTANTS: tuple[Contestant, ...] = (
    Ceiling(),
    *map(Hubbub, Hubbub.ENGINES),
    InspIrcd(),
    NgIrcd(),
    Nats(),
    JetStream(synced=True),
    JetStream(synced=False),
    Mosquitto(),
    Redis(),
    Naive(),
)
YARDSTICK = CONTESTANTS[0].key
