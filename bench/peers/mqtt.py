"""mosquitto, with MQTT 5 and QoS 0.

QoS 0, "at most once", is the fastest that MQTT has, and what it delivers with is TCP,
as everybody here: nothing is confirmed, nothing is stored. MQTT 5 is taken for its
option "No Local", which keeps a talker from hearing itself. The sections named below
are those of the OASIS standard "MQTT Version 5.0".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench.contestant import HOST, MOST_CONNECTIONS, Installed, Step

if TYPE_CHECKING:
    from pathlib import Path

    from bench.contestant import Seat

# mosquitto.conf(5): 0 stands for "no limit".
CONFIG = """\
listener {port} {host}
allow_anonymous true
persistence false
log_type none
max_connections {most}
max_queued_messages 0
max_queued_bytes 0
max_inflight_messages 0
set_tcp_nodelay true
"""
ROOM = b"room"
# 3.8.3.1: QoS 0, and "No Local".
OPTIONS = b"\x04"
NO_PROPERTIES = b"\x00"
KEEP_ALIVE_NEVER = b"\x00\x00"
# 3.1.2: the protocol's name and version, and to start clean.
MQTT_5_CLEAN = b"\x00\x04MQTT\x05\x02"


def _text(data: bytes) -> bytes:
    """A UTF-8 string as MQTT writes it (1.5.4)."""
    return len(data).to_bytes(2, "big") + data


def packet(kind: int, body: bytes) -> bytes:
    """A control packet (2.1): its first byte, the length of the rest, and the rest."""
    length = bytearray()
    rest = len(body)
    while rest > 127:
        length.append(rest & 127 | 128)
        rest >>= 7
    length.append(rest)
    return bytes([kind]) + bytes(length) + body


class Mosquitto(Installed):
    """Eclipse Mosquitto."""

    key = "mosquitto"
    title = "mosquitto"
    program = "mosquitto"
    # It tells its version with its help.
    tells_version = "-h"
    debian = "mosquitto"
    # Its listening queue is fixed.
    arriving = 100

    def command(self, port: int, folder: Path) -> list[str]:
        """Run it in the foreground with a configuration of its own."""
        config = folder / "mosquitto.conf"
        config.write_text(
            CONFIG.format(host=HOST, port=port, most=MOST_CONNECTIONS), encoding="utf-8"
        )
        return [str(self.found()), "-c", str(config)]

    def introduce(self, seat: Seat) -> tuple[Step, ...]:
        """CONNECT (3.1), then SUBSCRIBE (3.8) to the room and the own name."""
        name = seat.name.encode()
        connect = MQTT_5_CLEAN + KEEP_ALIVE_NEVER + NO_PROPERTIES + _text(name)
        subscribe = b"\x00\x01" + NO_PROPERTIES
        for topic in (ROOM, b"to/" + name):
            subscribe += _text(topic) + OPTIONS
        # SUBACK (3.9): both granted with QoS 0.
        granted = packet(0x90, b"\x00\x01" + NO_PROPERTIES + b"\x00\x00")
        return (Step(packet(0x10, connect) + packet(0x82, subscribe), granted),)

    def post(self, seat: Seat, text: bytes) -> bytes:
        """PUBLISH (3.3) on the room's topic."""
        del seat
        return packet(0x30, _text(ROOM) + NO_PROPERTIES + text)

    def direct(self, seat: Seat, text: bytes) -> bytes:
        """PUBLISH (3.3) on the partner's topic."""
        topic = _text(b"to/" + str(seat.partner).encode())
        return packet(0x30, topic + NO_PROPERTIES + text)
