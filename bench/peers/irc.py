"""IRC servers: InspIRCd and ngIRCd.

A client registers, joins one channel, and writes ``PRIVMSG`` (RFC 2812, 3.1, 3.2.1 and
3.3.1). Neither server sends a message back to who wrote it, nor confirms one.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from bench.contestant import BACKLOG, HOST, MOST_CONNECTIONS, Installed, Step

if TYPE_CHECKING:
    from pathlib import Path

    from bench.contestant import Seat

CHANNEL = b"#room"
NAME_LENGTH = 32


class Irc(Installed):
    """What both have in common: the protocol."""

    def introduce(self, seat: Seat) -> tuple[Step, ...]:
        """Register; once welcome (001), join and wait for the end of names (366)."""
        name = seat.name.encode()
        return (
            Step(b"NICK %b\r\nUSER u 0 * :u\r\n" % name, b" 001 "),
            Step(b"JOIN %b\r\n" % CHANNEL, b" 366 "),
        )

    def post(self, seat: Seat, text: bytes) -> bytes:
        """``PRIVMSG`` to the channel."""
        del seat
        return b"PRIVMSG %b :%b\r\n" % (CHANNEL, text)

    def direct(self, seat: Seat, text: bytes) -> bytes:
        """``PRIVMSG`` to a name."""
        return b"PRIVMSG %b :%b\r\n" % (str(seat.partner).encode(), text)


# https://docs.inspircd.org/3/configuration/. A class of connections without penalties:
# a "threshold" that no flood reaches, and queues that no load fills.
INSPIRCD_CONFIG = """\
<server name="bench.localhost" network="bench" description="bench">
<admin name="bench" nick="bench" email="bench@localhost">
<bind address="{host}" port="{port}" type="clients">
<connect name="bench" allow="*" resolvehostnames="no" useident="no" modes=""
  timeout="120" pingfreq="3600" localmax="{most}" globalmax="{most}" maxchans="20"
  maxconnwarn="no" limit="{most}" fakelag="no" threshold="1000000"
  commandrate="1000000000" recvq="1048576" softsendq="67108864" hardsendq="134217728">
<cidr ipv4clone="32" ipv6clone="128">
<options defaultmodes="n" allowzerolimit="yes">
<performance softlimit="{most}" somaxconn="{backlog}" netbuffersize="65534"
  clonesonconnect="no" timeskipwarn="0">
<limits maxnick="{name_length}">
<log method="file" type="* -USERINPUT -USEROUTPUT" level="default"
  target="{folder}/inspircd.log">
<path configdir="{folder}" datadir="{folder}" logdir="{folder}" runtimedir="{folder}">
<pid file="{folder}/inspircd.pid">
"""


class InspIrcd(Irc):
    """InspIRCd 3, with its core modules alone."""

    key = "inspircd"
    title = "InspIRCd"
    program = "inspircd"
    debian = "inspircd"

    def command(self, port: int, folder: Path) -> list[str]:
        """Run it in the foreground with a configuration of its own."""
        config = folder / "inspircd.conf"
        config.write_text(
            INSPIRCD_CONFIG.format(
                host=HOST,
                port=port,
                folder=folder,
                most=MOST_CONNECTIONS,
                backlog=BACKLOG,
                name_length=NAME_LENGTH,
            ),
            encoding="utf-8",
        )
        # It does not run as root unless told that this is meant.
        as_root = ["--runasroot"] if os.geteuid() == 0 else []
        return [
            str(self.found()),
            *("--nofork", "--nolog", *as_root, "--config", str(config)),
        ]


# ngircd.conf(5). A penalty is a pause in reading from one who sends a lot.
NGIRCD_CONFIG = """\
[Global]
Name = bench.localhost
Info = bench
Listen = {host}
Ports = {port}
ServerUID = {uid}
ServerGID = {gid}
MotdPhrase = bench
[Limits]
MaxConnections = 0
MaxConnectionsIP = 0
MaxNickLength = {name_length}
MaxPenaltyTime = 0
PingTimeout = 3600
PongTimeout = 3600
[Options]
DNS = no
Ident = no
PAM = no
"""
# The listening queue of ngIRCd is fixed.
NGIRCD_BACKLOG = 10


class NgIrcd(Irc):
    """ngIRCd."""

    key = "ngircd"
    title = "ngIRCd"
    program = "ngircd"
    debian = "ngircd"
    arriving = NGIRCD_BACKLOG

    def command(self, port: int, folder: Path) -> list[str]:
        """Run it in the foreground with a configuration of its own."""
        config = folder / "ngircd.conf"
        config.write_text(
            NGIRCD_CONFIG.format(
                host=HOST,
                port=port,
                uid=os.geteuid(),
                gid=os.getegid(),
                name_length=NAME_LENGTH,
            ),
            encoding="utf-8",
        )
        return [str(self.found()), "--nodaemon", "--config", str(config)]
