"""What the command line has to say."""

from __future__ import annotations

from typing import Literal

import msgspec


class LineOptions(msgspec.Struct, frozen=True):
    """How to join.

    Attributes:
        host: A name or address of the hub.
        port: Its port.
        name: The name to ask for; None to ask the person.
        password: Of the name, if it is somebody's own, or of the hub; None to ask the
            person when one is needed.
        invite: The code of an invitation, to make the name one's own.
        token: An access token, with which no name is asked for.
        reconnect_for: Seconds in which a failed or lost connection is tried again.
        reconnect_every: Seconds from one try to the next.
        color: Whether to use colours; `auto` does on a terminal, unless `NO_COLOR` is
            set.
        trace: Whether to show every step of the socket.
        tls: See `hubbub.client.connect`.
        fingerprint: See `hubbub.client.connect`.
    """

    host: str
    port: int
    name: str | None = None
    password: str | None = None
    invite: str | None = None
    token: str | None = None
    reconnect_for: float = 120.0
    reconnect_every: float = 5.0
    color: Literal["auto", "always", "never"] = "auto"
    trace: bool = False
    tls: Literal["auto", "always", "never"] = "auto"
    fingerprint: str | None = None
